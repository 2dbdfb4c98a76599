// Which programs make sense: the bounds of program.h and operation.h, each step against the sheet of its verb, and
// who starts whom. What happens to slots along the way is slot_check.cc. Nothing here allocates until it has found
// something wrong, since the agent asks before each case.
#include <algorithm>
#include <limits>

#include "mechanisms/catalog.h"
#include "mechanisms/names.h"
#include "mechanisms/program.h"
#include "mechanisms/slot_check.h"
#include "mechanisms/trial.h"

namespace crosstalk {
namespace {

// A step moves at most this much memory, beyond it the bytes must be unmapped or the count above SSIZE_MAX: 16 times
// the largest pipe that an ordinary user may ask for (pipe(7), pipe-max-size).
constexpr std::uint64_t max_buffer_bytes = 16u << 20;
// More equal calls than bytes in the largest pipe say nothing new.
constexpr std::uint32_t max_times = 2u << 20;
// poll(2) takes milliseconds in an int.
constexpr std::int64_t max_timeout_ns = far_future_ns;
constexpr std::int64_t max_descriptors_left = 1024;
constexpr std::size_t max_links = max_objects * max_objects;
constexpr std::uint64_t all_poll_bits = 127;
constexpr std::uint64_t selectable_bits = poll_in | poll_out;
constexpr std::int64_t most_umask = 0777;

struct Least {
    std::uint8_t uses, makes;
};

// How many slots a verb needs at least.
Least least_of(const VerbSheet& sheet) {
    switch (sheet.verb) {
        case Verb::create:  // as many as its mechanism has ends: wrong_with_value
        case Verb::attach: return {0, 0};
        case Verb::splice:
        case Verb::tee:
        case Verb::pass: return {2, 0};
        case Verb::receive: return {1, 1};
        case Verb::recv: return {1, 0};
        case Verb::poll: return {0, 0};
        default: return {std::min<std::uint8_t>(sheet.uses, 1), sheet.makes};
    }
}

// Slots fill their array from the front. -1 if there is a gap.
int count_of(const std::array<Slot, 4>& slots) {
    int count = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (slots[i] == no_slot) continue;
        if (static_cast<int>(i) != count) return -1;
        ++count;
    }
    return count;
}

const char* wrong_with_slots(const Program& program, ActorId actor, const Operation& step) {
    const VerbSheet& sheet = sheet_of(step.verb);
    const Least least = least_of(sheet);
    const int uses = count_of(step.uses), makes = count_of(step.makes);
    if (uses < 0 || makes < 0) return "leaves a gap in its slots";
    if (uses < least.uses || uses > sheet.uses) return "uses too few or too many slots";
    if (makes < least.makes || makes > sheet.makes) return "makes too few or too many slots";
    for (int i = 0; i < makes; ++i)
        if (step.makes[i] >= first_mailbox) return "makes a slot out of range";
    const bool has_mailbox = step.verb == Verb::pass || step.verb == Verb::receive;
    for (int i = has_mailbox ? 1 : 0; i < uses; ++i)
        if (step.uses[i] >= first_mailbox) return "uses a slot out of range, or a mailbox where none belongs";
    if (step.verb == Verb::pass &&
        (step.uses[0] < first_mailbox || std::size_t{step.uses[0]} - first_mailbox >= program.actors.size()))
        return "must name the mailbox of an actor first";
    if (step.verb == Verb::receive && step.uses[0] != mailbox_of(actor)) return "must use the actor's own mailbox";
    return nullptr;
}

const char* wrong_with_poll(const Program& program, ActorId actor, const Operation& step) {
    const int slots = count_of(step.uses);
    const auto asked = static_cast<std::uint64_t>(step.value);
    for (int i = 0; i < 4; ++i)
        if (((asked >> (16 * i)) & 0xffff) & ~(i < slots ? all_poll_bits : 0))
            return "asks for poll events that are none";
    for (int i = 0; i < slots && (step.flags & flag_select) != 0; ++i)
        if (((asked >> (16 * i)) & 0xffff) & ~selectable_bits) return "asks select for what it does not know";
    if ((step.flags & (flag_epoll | flag_select)) != 0 && !may_ask_by_epoll(program, actor, step))
        return "asks by epoll or select with threads in its process, under a limit, or for one slot twice";
    return nullptr;
}

const char* wrong_with_step_object(const Program& program, ActorId actor, const Operation& step) {
    if (step.object >= program.objects.size()) return "names an object that is not there";
    return is_left_alone(program, actor) ? nullptr : "makes an object of its own beside threads, or under a limit";
}

// A moment that is moved within its second may come sooner or later than was asked for.
bool moves_what_may_come(const Operation& step) {
    const bool past = step.timeout_ns == 0 && (step.flags & flag_now) == 0;
    return (step.flags & (flag_first_ns | flag_last_ns)) != 0 && !past && step.timeout_ns != far_future_ns;
}

const char* wrong_with_value(const Program& program, ActorId actor, const Operation& step) {
    const std::int64_t value = step.value;
    switch (step.verb) {
        case Verb::dup:
            return value < 0 || value > static_cast<std::int64_t>(Duplicate::fcntl_cloexec)
                       ? "has no such way to duplicate"
                       : nullptr;
        case Verb::set_cloexec: return value != 0 && value != 1 ? "needs value 0 or 1" : nullptr;
        case Verb::poll: return wrong_with_poll(program, actor, step);
        case Verb::limit:
            return value < 0 || value > max_descriptors_left ? "leaves a number of descriptors outside 0 to 1024"
                                                             : nullptr;
        case Verb::signal:
            return value <= 0 || value >= static_cast<std::int64_t>(Signal::other) ? "names no signal" : nullptr;
        case Verb::exit: return value < 0 || value > 255 ? "has an exit status outside 0 to 255" : nullptr;
        case Verb::create:
            if (step.object >= program.objects.size()) return "names an object that is not there";
            return count_of(step.makes) == ends_made(mechanism_of(program.objects[step.object].mechanism))
                       ? nullptr
                       : "makes too few or too many slots";
        case Verb::open:
        case Verb::unlink: return step.object >= program.objects.size() ? "names an object that is not there" : nullptr;
        case Verb::socket:
        case Verb::bind:
        case Verb::connect:
            if (step.verb == Verb::bind && (value < 0 || value > static_cast<std::int64_t>(NameForm::automatic)))
                return "has no such form of a name";
            if (step.object >= program.objects.size()) return "names an object that is not there";
            if (step.verb == Verb::bind && value != 0 && value != static_cast<std::int64_t>(NameForm::automatic) &&
                mechanism_of(program.objects[step.object].mechanism).facts.naming != Naming::path)
                return "has a form of a path where names are none";
            return mechanism_of(program.objects[step.object].mechanism).doors.socket == nullptr
                       ? "names an object that can be no address"
                       : nullptr;
        case Verb::listen:
            return value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()
                       ? "has a backlog that is no int"
                       : nullptr;
        case Verb::shutdown:
            return value < 0 || value > static_cast<std::int64_t>(Access::both) + 1 ? "shuts down no direction"
                                                                                    : nullptr;
        case Verb::send:
            if (value < 0 || value / 256 % 256 > static_cast<std::int64_t>(Credentials::no_process))
                return "has no such credentials";
            return value >= 65536 && value != value_of(label_of(value)) ? "has a label, and something beside it"
                                                                        : nullptr;
        case Verb::detach:
            return value < 0 || value > static_cast<std::int64_t>(Detaching::nothing) ? "detaches in no such way"
                                                                                      : nullptr;
        case Verb::sync_view:
            return value < 0 || value > static_cast<std::int64_t>(Syncing::locked) ? "syncs in no such way" : nullptr;
        case Verb::advise:
            return value < 0 || value > static_cast<std::int64_t>(Advice::move) ? "gives no such advice" : nullptr;
        case Verb::mq_send:
        case Verb::mq_receive:
        case Verb::sem_wait: return moves_what_may_come(step) ? "moves a time limit that may come" : nullptr;
        case Verb::wait: return step.timeout_ns != 0 ? "waits, but a wait returns at once" : nullptr;
        case Verb::misname:
            if (value < 0 || value > static_cast<std::int64_t>(Misname::disputed)) return "writes no name so";
            return wrong_with_step_object(program, actor, step);
        case Verb::new_mode:
            if (value < 0 || value > most_umask) return "has a umask outside 0 to 0777";
            return wrong_with_step_object(program, actor, step);
        case Verb::lock:
        case Verb::unlock:
            if (value < 0 || value % static_cast<std::int64_t>(lock_bytes) != 0) return "names no place of a lock";
            return is_left_alone(program, actor) ? nullptr : "uses a lock beside threads";
        case Verb::trial:
            if (value < 0 || value > static_cast<std::int64_t>(last_trial)) return "is no trial";
            if (step.timeout_ns <= 0) return "is a trial that takes no time";
            if (wrong_with_step_object(program, actor, step) == nullptr &&
                !offers(mechanism_of(program.objects[step.object].mechanism), Verb::trial))
                return "tries what its mechanism does not offer";
            return wrong_with_step_object(program, actor, step);
        case Verb::start:
            if (value < 0 || value >= static_cast<std::int64_t>(program.actors.size())) return "starts no actor";
            if (program.actors[static_cast<std::size_t>(value)].kind == ActorKind::pooled)
                return "starts a pooled actor";
            if (program.actors[static_cast<std::size_t>(value)].parent != actor) return "starts the child of another";
            return nullptr;
        default: return nullptr;
    }
}

const char* wrong_with_buffer(const Operation& step) {
    const Buffer& buffer = step.buffer;
    if (buffer.split > Split::with_empty) return "has no such split";
    if (buffer.spare != 0) return "has a spare byte that is not 0";
    const bool beyond_memory = buffer.bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (std::min<std::uint64_t>(buffer.bytes, buffer.mapped) > max_buffer_bytes && !beyond_memory)
        return "wants more than 16 MiB of memory: map less of it";
    return nullptr;
}

const char* wrong_with(const Program& program, ActorId actor, const Operation& step) {
    if (static_cast<std::size_t>(step.verb) >= verb_count) return "has no such verb";
    if (step.times == 0 || step.times > max_times) return "must happen 1 to 2097152 times";
    if (step.times > 1 && !sheet_of(step.verb).moves_bytes())
        return "can happen only once: times is for calls that move bytes";
    if (step.timeout_ns < forever || step.timeout_ns > max_timeout_ns) return "has a timeout out of range";
    if (const char* wrong = wrong_with_buffer(step)) return wrong;
    if (const char* wrong = wrong_with_slots(program, actor, step)) return wrong;
    return wrong_with_value(program, actor, step);
}

std::string at(std::size_t actor) { return "actor " + std::to_string(actor) + ": "; }

// Every forked actor and thread is begun once, by its parent, and descends from a pooled one.
std::string wrong_with_starts(const Program& program) {
    std::array<std::uint8_t, max_actors> begun{};
    for (const Actor& actor : program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::start && begun[static_cast<std::size_t>(step.value)] < 2)
                ++begun[static_cast<std::size_t>(step.value)];
    for (std::size_t a = 0; a < program.actors.size(); ++a) {
        const Actor& actor = program.actors[a];
        if (actor.kind == ActorKind::pooled) continue;
        if (begun[a] != 1) return at(a) + "must be started exactly once, by its parent";
        if (!actor.holds.empty()) return at(a) + "gets its slots from its parent, so it cannot hold any";
        std::size_t ancestor = a, generations = 0;
        while (program.actors[ancestor].kind != ActorKind::pooled && generations++ < max_actors)
            ancestor = program.actors[ancestor].parent;
        if (program.actors[ancestor].kind != ActorKind::pooled) return at(a) + "descends from no pooled actor";
    }
    return "";
}

std::string wrong_with_bounds(const Program& program) {
    if (program.objects.size() > max_objects) return "more than 16 objects";
    if (program.links.size() > max_links) return "more than 256 links";
    if (program.actors.empty()) return "no actors";
    if (program.actors.size() > max_actors) return "more than 64 actors";
    for (std::size_t o = 0; o < program.objects.size(); ++o) {
        if (program.objects[o].mechanism >= mechanisms().size())
            return "object " + std::to_string(o) + ": no such mechanism";
    }
    for (std::size_t a = 0; a < program.actors.size(); ++a) {
        const Actor& actor = program.actors[a];
        if (actor.kind > ActorKind::thread) return at(a) + "no such kind";
        if (actor.steps.size() > max_steps) return at(a) + "more than 256 steps";
        if (actor.parent >= program.actors.size()) return at(a) + "no such parent";
        for (std::size_t i = 0; i < actor.holds.size(); ++i) {
            if (actor.holds[i] >= 2 * program.objects.size()) return at(a) + "holds an end of no object";
            if (i > 0 && actor.holds[i] <= actor.holds[i - 1]) return at(a) + "must hold its slots in ascending order";
        }
    }
    return "";
}

// An object has one maker: one `create` step, or the leader before the first step. Names alone are made by several.
std::string wrong_with_objects(const Program& program) {
    std::uint32_t created = 0;
    for (std::size_t a = 0; a < program.actors.size(); ++a)
        for (const Operation& step : program.actors[a].steps) {
            if (step.verb != Verb::create) continue;
            const std::uint32_t bit = 1u << step.object;
            const bool is_name = mechanism_of(program.objects[step.object].mechanism).doors.name != nullptr;
            if ((created & bit) != 0 && !is_name)
                return at(a) + "creates object " + std::to_string(step.object) + " once more";
            if (is_address(program, step.object))
                return at(a) + "creates object " + std::to_string(step.object) + ", which is an address";
            created |= bit;
        }
    for (std::size_t o = 0; o < program.objects.size(); ++o)
        if (is_address(program, static_cast<ObjectId>(o))) created |= 1u << o;
    for (std::size_t a = 0; a < program.actors.size(); ++a)
        for (const Slot slot : program.actors[a].holds)
            if ((created >> (slot / 2) & 1) != 0)
                return at(a) + "holds slot " + std::to_string(slot) +
                       " of an object that a step creates, or of an address";
    return "";
}

}  // namespace

std::string why_not(const Program& program) {
    if (std::string wrong = wrong_with_bounds(program); !wrong.empty()) return wrong;
    for (std::size_t a = 0; a < program.actors.size(); ++a)
        for (std::size_t s = 0; s < program.actors[a].steps.size(); ++s)
            if (const char* wrong = wrong_with(program, static_cast<ActorId>(a), program.actors[a].steps[s]))
                return describe_step(program, static_cast<ActorId>(a), s) + wrong;
    if (std::string wrong = wrong_with_objects(program); !wrong.empty()) return wrong;
    if (std::string wrong = wrong_with_starts(program); !wrong.empty()) return wrong;
    return wrong_with_slot_lives(program);
}

}  // namespace crosstalk
