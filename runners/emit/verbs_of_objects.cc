// Making, opening, removing and closing, by what the object is made of; names are made up by the program that runs.
#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "runners/emit/verbs.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

std::string name_of_object(const Operation& step) {
    return step.flags & flag_unknown ? "\"/\"" : fmt::format("board->names[{}]", step.object);
}

Lines created(const Object& object, const Operation& step) {
    const Asked& asked = object.asked;
    const unsigned first = step.makes[0] == no_slot ? 0 : step.makes[0];
    const bool bad = step.flags & flag_bad_pointer;
    switch (kind_of(object)) {
        case Kind::pipe:
            if (bad) return {"calls.pipe2((int *)(void *)partly_mapped(0, 0), 0)", {"fault"}};
            return {fmt::format("create({}, {}, {}, {})", first, step.makes[1], status_flags(step.flags),
                                asked.capacity_bytes),
                    {"lowest", "create"}};
        case Kind::pair: {
            const std::string type = flags_of(
                step.flags,
                {{flag_nonblock, "SOCK_NONBLOCK"}, {flag_cloexec, "SOCK_CLOEXEC"}, {flag_unknown, "0x40000000"}});
            const std::string all = pair_type(object) + (type == "0" ? "" : " | " + type);
            if (bad)
                return {fmt::format("calls.socketpair(AF_UNIX, {}, 0, (int *)(void *)partly_mapped(0, 0))", all),
                        {"fault"}};
            return {fmt::format("make_pair({}, {}, {}, {})", first, step.makes[1], all, asked.capacity_bytes),
                    {"lowest", "pair"}};
        }
        case Kind::fifo: return {fmt::format("calls.mkfifo(board->names[{}], 0600)", step.object), {}};
        case Kind::queue:
            return {fmt::format("make_queue({}, {}, {}, {}, {})", first, step.object,
                                status_flags(step.flags & flag_nonblock), asked.records, asked.record_bytes),
                    {"lowest", "queue"}};
        case Kind::memory_object:
        case Kind::file:
            return {fmt::format("make_memory({}, {}, {}, {})", first, step.object,
                                kind_of(object) == Kind::memory_object ? 1 : 0, asked.capacity_bytes),
                    {"lowest", "memory"}};
        case Kind::semaphore:
            return {fmt::format("make_semaphore({}, {}, {})", first, step.object, asked.value), {"semaphores"}};
        default: return {};
    }
}

Lines opened(const Object& object, const Operation& step) {
    const auto access = static_cast<Access>(step.value);
    const std::string way = access == Access::read ? "O_RDONLY" : access == Access::write ? "O_WRONLY" : "O_RDWR";
    const std::string made =
        flags_of(step.flags, {{flag_create, "O_CREAT"}, {flag_exclusive, "O_EXCL"}, {flag_truncate, "O_TRUNC"}});
    const std::string status = flags_of(step.flags, {{flag_nonblock, "O_NONBLOCK"}, {flag_cloexec, "O_CLOEXEC"}});
    const auto with = [](std::string flags, const std::string& more) {
        return more == "0" ? flags : flags + " | " + more;
    };
    const std::string name = name_of_object(step), both = with(way, made);
    const Asked& asked = object.asked;
    const auto into = [&](std::string call) {
        return Lines{fmt::format("opened({}, {})", step.makes[0], call), {"open"}};
    };
    switch (kind_of(object)) {
        case Kind::fifo: {
            const std::string flags = with(step.flags & flag_truncate ? way + " | O_TRUNC" : way, status);
            Lines lines =
                into(fmt::format("{}({}, {})", step.flags & flag_linked ? "open_linked" : "calls.open", name, flags));
            if (step.flags & flag_linked) lines.sections.push_back("linked");
            return lines;
        }
        case Kind::file: return into(fmt::format("calls.open({}, {}, 0600)", name, both));
        case Kind::memory_object: return into(fmt::format("calls.shm_open({}, {}, 0600)", name, both));
        case Kind::queue: {
            const bool by_default = asked.records == 0 && asked.record_bytes == 0;
            return into(fmt::format("calls.mq_open({}, {}, 0600, {})", name, with(both, status),
                                    by_default ? "NULL"
                                               : fmt::format("&(struct mq_attr){{.mq_maxmsg = {}, .mq_msgsize = {}}}",
                                                             asked.records, asked.record_bytes)));
        }
        case Kind::named_semaphore:
            return {fmt::format("open_semaphore({}, {}, {}, {})", step.makes[0], name, made,
                                static_cast<std::uint32_t>(asked.value + step.value)),
                    {"semaphores"}};
        default: return {};
    }
}

std::string address_of(const Operation& step) {
    switch (step.verb == Verb::bind ? static_cast<NameForm>(step.value) : NameForm::own) {
        case NameForm::missing_directory: return "\"/no-such-directory/name\"";
        case NameForm::below_file: return "\"/dev/null/name\"";
        case NameForm::too_long: return fmt::format("\"{}\"", std::string(108, 'x'));  // and a null byte
        case NameForm::automatic: return "\"\"";
        case NameForm::own: break;
    }
    return fmt::format("board->names[{}]", step.object);
}

// A name is a path: its bind and connect stand in the runtime.
Lines addressed(const Program& program, const Operation& step) {
    const std::string flags = flags_of(step.flags, {{flag_nonblock, "SOCK_NONBLOCK"}, {flag_cloexec, "SOCK_CLOEXEC"}});
    if (names_address(step.verb) && is_of_network(program.objects[step.object])) return {};  // ports are not told in C
    switch (step.verb) {
        case Verb::socket: {
            const std::string type = pair_type(program.objects[step.object]);
            return {fmt::format("opened({}, calls.socket(AF_UNIX, {}{}, 0))", step.makes[0], type,
                                flags == "0" ? "" : " | " + flags),
                    {"open"}};
        }
        case Verb::accept:
            return {
                fmt::format("opened({}, calls.accept4({}, NULL, NULL, {}))", step.makes[0], fd(step.uses[0]), flags),
                {"open"}};
        case Verb::listen: return {fmt::format("calls.listen({}, {})", fd(step.uses[0]), step.value), {}};
        case Verb::bind:
        case Verb::connect:
            return {fmt::format("{}_it({}, {})", sheet_of(step.verb).name, step.uses[0], address_of(step)),
                    {"addresses", step.verb == Verb::bind ? "bind" : "connect"}};
        default: return {};
    }
}

Lines removed(const Object& object, const Operation& step) {
    const Kind kind = kind_of(object);
    const bool path = kind == Kind::fifo || kind == Kind::file || kind == Kind::pair;
    const char* const call = path                            ? "unlink"
                             : kind == Kind::queue           ? "mq_unlink"
                             : kind == Kind::memory_object   ? "shm_unlink"
                             : kind == Kind::named_semaphore ? "sem_unlink"
                                                             : nullptr;
    return call == nullptr ? Lines{} : Lines{fmt::format("calls.{}(board->names[{}])", call, step.object), {}};
}

}  // namespace

Lines lines_of_object(const Program& program, const Operation& step) {
    if (step.verb == Verb::close) {
        // A program has objects of one way of being held: descriptors, or places.
        const bool semaphores =
            !program.objects.empty() && mechanism_of(program.objects[0].mechanism).facts.held == Held::place;
        if (semaphores) return {fmt::format("close_semaphore({})", step.uses[0]), {"semaphores"}};
        return {fmt::format("close_it({})", step.uses[0]), {"close"}};
    }
    if (Lines lines = addressed(program, step); !lines.call.empty()) return lines;
    if (!names_object(step.verb) || step.object >= program.objects.size()) return {};
    const Object& object = program.objects[step.object];
    switch (step.verb) {
        case Verb::create: return created(object, step);
        case Verb::open: return opened(object, step);
        case Verb::unlink: return removed(object, step);
        default: return {};
    }
}

}  // namespace crosstalk::emit
