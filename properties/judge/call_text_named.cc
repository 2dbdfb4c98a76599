// Calls on semaphores and on sockets with addresses as text: objects are called by their numbers, as names in a program
// would be. It says nothing of what came back.
#include <fmt/format.h>

#include "faults/delivery.h"
#include "mechanisms/catalog.h"
#include "mechanisms/trial.h"
#include "properties/judge/call_text_parts.h"
#include "properties/judge/trial_calls.h"
#include "properties/judge/trial_facts.h"

namespace crosstalk::judging {

std::string fd(Slot slot) {
    if (slot == no_slot) return "fd -1";
    if (slot >= first_mailbox) return fmt::format("mailbox of actor {}", slot - first_mailbox);
    return fmt::format("fd {}", slot);
}

std::string deadline_text(const Operation& step) {
    const bool now = step.timeout_ns != 0 || (step.flags & flag_now) != 0;
    std::string text = !now ? "the past" : step.timeout_ns > 0 ? fmt::format("now + {} ns", step.timeout_ns) : "now";
    if (step.flags & flag_first_ns) text += ", tv_nsec 0";
    if (step.flags & flag_last_ns) text += ", tv_nsec 999999999";
    if (step.flags & flag_unknown) text += step.timeout_ns == 0 ? ", tv_nsec -1" : ", tv_nsec 1000000000";
    return text;
}

std::string address_call(const Program& program, const Operation& step) {
    const Mechanism& mechanism = mechanism_of(program.objects[step.object].mechanism);
    const bool is_abstract = program.objects[step.object].asked.value == 1;
    const bool is_path = mechanism.facts.naming == Naming::path;
    const std::string address = is_path ? fmt::format("\"{}name {}\"", is_abstract ? "\\0" : "", step.object)
                                        : fmt::format("address {}", step.object);
    const std::string nonblock = step.flags & flag_nonblock ? "|SOCK_NONBLOCK" : "",
                      cloexec = step.flags & flag_cloexec ? "|SOCK_CLOEXEC" : "";
    switch (step.verb) {
        case Verb::socket: return fmt::format("socket({}{}{})", mechanism.name, nonblock, cloexec);
        case Verb::listen: return fmt::format("listen({}, {})", fd(step.uses[0]), step.value);
        case Verb::accept: return fmt::format("accept4({}, 0{}{})", fd(step.uses[0]), nonblock, cloexec);
        case Verb::unlink: return fmt::format("unlink({})", address);
        default: break;
    }
    constexpr std::string_view forms[] = {"", "a path in no directory", "a path below a file", "109 bytes of a name",
                                          "nothing but AF_UNIX"};
    const bool own = step.verb == Verb::connect || step.value <= 0 || step.value >= std::ssize(forms);
    return fmt::format("{}({}, {})", sheet_of(step.verb).name, fd(step.uses[0]),
                       own        ? address
                       : !is_path ? std::string("port 0")
                                  : std::string(forms[static_cast<std::size_t>(step.value)]));
}

std::string trial_text(const Program& program, const Operation& step) {
    const std::string_view mechanism = mechanism_of(program.objects[step.object].mechanism).name;
    const auto trial = static_cast<Trial>(step.value);
    if (form_of(trial) == TrialForm::calls) return fmt::format("{}: {}", mechanism, sheet_of(trial).asks);
    if (form_of(trial) == TrialForm::facts) return fmt::format("{}: {}", mechanism, about(trial));
    return fmt::format("{}: trial {}", mechanism, name_of(trial));
}

// Objects are called by their numbers, as names in a program would be.
std::string semaphore_call(const Program& program, const Operation& step) {
    const std::string name = fmt::format("\"/name {}\"", step.object), slot = fmt::format("sem {}", step.uses[0]);
    const bool nonblock = step.flags & flag_nonblock, bad = step.flags & flag_unknown;
    const std::int64_t first = step.object < program.objects.size() ? program.objects[step.object].asked.value : 0;
    if (!program.objects.empty() && mechanism_of(program.objects[0].mechanism).facts.held == Held::descriptor)
        return fmt::format("{}(fd {}{})",
                           step.verb == Verb::sem_post ? "write"
                           : nonblock                  ? "preadv2"
                                                       : "read",
                           step.uses[0],
                           step.verb == Verb::sem_post ? ", 1"
                           : nonblock                  ? ", RWF_NOWAIT"
                                                       : "");
    switch (step.verb) {
        case Verb::create: return fmt::format("sem_init(sem {}, 1, {})", step.makes[0], first);
        case Verb::open: {
            const std::string asked = bad ? "\"/\"" : name;
            if (!(step.flags & flag_create)) return fmt::format("sem_open({}, 0)", asked);
            return fmt::format("sem_open({}, O_CREAT{}, 0600, {})", asked, step.flags & flag_exclusive ? "|O_EXCL" : "",
                               first + step.value);
        }
        case Verb::unlink: return fmt::format("sem_unlink({})", name);
        case Verb::close: return fmt::format("sem_close({})", slot);
        case Verb::sem_post: return fmt::format("sem_post({})", slot);
        case Verb::sem_value: return fmt::format("sem_getvalue({})", slot);
        default: break;
    }
    if (nonblock || step.timeout_ns == forever)
        return fmt::format("{}({})", nonblock ? "sem_trywait" : "sem_wait", slot);
    return fmt::format("sem_timedwait({}, {})", slot, deadline_text(step));
}

bool is_of_semaphores(const Program& program, const Operation& step) {
    const auto counts = [&](ObjectId object) {
        return object < program.objects.size() &&
               mechanism_of(program.objects[object].mechanism).semantics == Semantics::counter;
    };
    switch (step.verb) {
        case Verb::sem_wait:
        case Verb::sem_post:
        case Verb::sem_value: return true;
        case Verb::create:
        case Verb::open:
        case Verb::unlink: return counts(step.object);
        case Verb::close: return counts(0);
        default: return false;
    }
}

std::string delivery_text(const Event& event) {
    if (fate_of(event) == Fate::quiet)
        return fmt::format("the link has nothing left for end {} of pair {}", end_of(event), event.object);
    const std::string_view deed = fate_of(event) == Fate::lost      ? "lost"
                                  : fate_of(event) == Fate::refused ? "delivered, where nobody has the port,"
                                  : fate_of(event) == Fate::no_room ? "delivered, where there was no room,"
                                                                    : "delivered";
    return fmt::format("the link {} {} bytes to end {} of pair {}{}", deed, event.result, end_of(event), event.object,
                       again_of(event) ? " once more" : "");
}

}  // namespace crosstalk::judging
