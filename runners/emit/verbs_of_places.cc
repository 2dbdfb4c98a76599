// Objects that live for one step, views beside loading and storing, and watches. Before the other verbs: of a load, a
// store, an attach or a detach only what is special is said here.
#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "runners/emit/verbs.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

const char* kind_word(const Object& object) {
    switch (kind_of(object)) {
        case Kind::fifo: return "A_FIFO";
        case Kind::file: return "A_FILE";
        case Kind::memory_object: return "A_MEMORY";
        case Kind::queue: return "A_QUEUE";
        default: return "A_SEMAPHORE";
    }
}

std::string step_object(const Program& program, const Operation& step) {
    return fmt::format("{}({}, board->names[{}], {})", step.verb == Verb::misname ? "misname" : "new_mode",
                       kind_word(program.objects[step.object]), step.object, step.value);
}

Lines mapped_over(const Operation& step) {
    const bool anonymous = step.uses[0] == no_slot;
    std::string kind = step.flags & flag_private ? "MAP_PRIVATE" : "MAP_SHARED";
    if (anonymous) kind += " | MAP_ANONYMOUS";
    kind += step.flags & flag_fixed ? " | MAP_FIXED" : " | MAP_FIXED_NOREPLACE";
    return {fmt::format("map_over({}, {}, {}, PROT_READ{}, {}, {})", step.makes[0], anonymous ? "-1" : fd(step.uses[0]),
                        step.buffer.bytes, step.flags & flag_writable ? " | PROT_WRITE" : "", kind, step.value),
            {"views", "tending"}};
}

}  // namespace

Lines lines_of_place(const Program& program, const Operation& step) {
    constexpr std::uint64_t page_bytes = 4096;  // as the emitted program counts
    const unsigned slot = step.uses[0];
    const auto tended = [](std::string call) { return Lines{std::move(call), {"views", "tending"}}; };
    const bool counter = !program.objects.empty() && kind_of(program.objects[0]) == Kind::counter;
    switch (step.verb) {
        case Verb::sem_wait:
            if (!counter) return {};
            return {fmt::format("take_token({}, {})", fd(step.uses[0]), step.flags & flag_nonblock ? 1 : 0),
                    {"counters"}};
        case Verb::sem_post:
            if (!counter) return {};
            return {fmt::format("give_token({})", fd(step.uses[0])), {"counters"}};
        case Verb::misname:
        case Verb::new_mode: return {step_object(program, step), {"step_objects"}};
        case Verb::watch: {
            const std::string how = flags_of(step.flags, {{flag_edge, "EPOLLET"}, {flag_once, "EPOLLONESHOT"}});
            return {fmt::format("watch_it({}, {}, {})", step.makes[0], fd(step.uses[0]), how), {"watch"}};
        }
        case Verb::wait: return {fmt::format("wait_for({})", fd(step.uses[0])), {"watch"}};
        case Verb::attach: return step.flags & (flag_fixed | flag_no_replace) ? mapped_over(step) : Lines{};
        case Verb::detach:
            return step.value == 0 ? Lines{} : tended(fmt::format("unmap_oddly({}, {})", slot, step.value));
        case Verb::load:
        case Verb::store: {
            if (!moves_word_apart(step, page_bytes)) return {};
            const bool loads = step.verb == Verb::load;
            Lines lines = tended(fmt::format("transfer_apart({}, {}, {}, {}, {})", slot, buffer(step),
                                             step.buffer.bytes, step.value, loads ? 1 : 0));
            lines.receives = loads;
            return lines;
        }
        case Verb::protect:
            return tended(
                fmt::format("protect_view({}, PROT_READ{})", slot, step.flags & flag_writable ? " | PROT_WRITE" : ""));
        case Verb::sync_view: return tended(fmt::format("sync_view({}, {})", slot, step.value));
        case Verb::advise: return tended(fmt::format("advise_view({}, {})", slot, step.value));
        case Verb::lend: return tended(fmt::format("lend_view({}, {}, {})", slot, step.buffer.bytes, step.value));
        case Verb::punch:
            return {fmt::format("calls.fallocate({}, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, {}, {})",
                                fd(step.uses[0]), step.value, step.buffer.bytes),
                    {}};
        default: return {};
    }
}

}  // namespace crosstalk::emit
