// The counter: what to say when nothing explains an observation. It names the clause that speaks about what was seen,
// so that one defect is blamed on one clause whatever the case that showed it.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/models/counter.h"

namespace crosstalk::counter {

using judging::Breach;
using judging::never;

namespace {

std::string allowed(Errno got, std::string_view wanted) {
    return fmt::format("{}/{}", got == Errno::none ? "none" : name_of(got), wanted);
}

Breach breach_of(const Act& act, ClauseId clause, Reason reason, std::string detail, std::string line) {
    return {clause, reason, std::move(detail), act.event, {std::move(line)}};
}

// An answer that is not the one due; `wanted` is an error's name, or "none".
Breach wrong_answer(const Act& act, ClauseId clause, std::string_view wanted, std::string line) {
    return breach_of(act, clause, Reason::wrong_errno, allowed(act.error, wanted), std::move(line));
}

std::string tokens(std::uint32_t value) {
    return value == 0 ? "it had no token" : fmt::format("it had {} token{}", value, value == 1 ? "" : "s");
}

bool succeeded(const Act& act, Verb verb) { return act.verb == verb && !act.open && act.error == Errno::none; }

}  // namespace

const Act* Model::opening_of(const Act& act) const {
    for (const Act& each : component_.acts)
        if (succeeded(each, Verb::open) && each.description == act.description) return &each;
    return nullptr;
}

bool Model::is_inherited(const Act& act) const {
    const auto& steps = subject_.value->program.actors[act.actor].steps;
    if (subject_.value->program.actors[act.actor].kind != ActorKind::forked) return false;
    return std::none_of(steps.begin(), steps.begin() + act.step,
                        [&](const Operation& step) { return step.makes[0] == asked(act).uses[0]; });
}

bool Model::has_before(const Act& act, Verb verb) const {
    const auto& steps = subject_.value->program.actors[act.actor].steps;
    return std::any_of(steps.begin(), steps.begin() + act.step,
                       [&](const Operation& step) { return step.verb == verb; });
}

bool Model::used_by_others(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& each) {
        return (succeeded(each, Verb::sem_post) || succeeded(each, Verb::sem_wait)) && each.process != act.process &&
               each.ended < act.began;
    });
}

bool Model::somebody_waits(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& each) {
        return each.verb == Verb::sem_wait && each.began < act.began && each.ended > act.ended;
    });
}

// A value that is not what it must be: what has happened to the semaphore that should not have changed it?
ClauseId Model::who_spoiled(const State& state, const Act& act) const {
    const auto& acts = component_.acts;
    const auto before = [&](auto holds) {
        return std::ranges::any_of(acts, [&](const Act& each) { return each.ended < act.began && holds(each); });
    };
    const std::uint32_t value = value_of(state, act);
    const bool looks = act.verb == Verb::sem_value;
    if (looks && act.result < 0) return clause("SEM-VALUE-1");
    if (before([](const Act& each) { return each.verb == Verb::sem_wait && each.open && each.ended != never; }))
        return clause("SEM-CONS-3");
    if (placed_ && has_before(act, Verb::exec)) return named_ ? clause("SEM-LIFE-5") : clause("SEM-INIT-3");
    if (const Act* const open = opening_of(act); named_ && open != nullptr) {
        const bool creates = (asked(*open).flags & flag_create) != 0;
        const bool another = std::ranges::any_of(acts, [&](const Act& each) {
            return succeeded(each, Verb::open) && &each != open && (asked(each).flags & flag_create) != 0 &&
                   each.began < open->ended;
        });
        if (looks && creates && another && act.result == first_value(subject_, *open)) return clause("SEM-NAME-6");
        if (state.handles[act.description] != state.bound) return clause("SEM-LIFE-2");
        if (state.values.size() > 1) return clause("SEM-LIFE-3");
        if (std::ranges::any_of(acts, [&](const Act& each) {
                return succeeded(each, Verb::open) && &each != open && each.began < open->ended &&
                       open->began < each.ended;
            }))
            return clause("SEM-NAME-9");
        std::int64_t opened = 0, left = 0;
        for (const Act& each : acts) {
            opened += succeeded(each, Verb::open) && each.ended < open->began;
            if (each.kind == ActKind::release && each.ended < open->began) left += each.count;
        }
        if (opened > 0 && left >= opened) return clause("SEM-LIFE-1");
        if (before([](const Act& each) { return each.kind == ActKind::release; })) return clause("SEM-LIFE-5");
    }
    if (placed_ && is_inherited(act)) return named_ ? clause("SEM-LIFE-6") : clause("SEM-INIT-4");
    if (looks && before([](const Act& each) { return each.verb == Verb::sem_wait && each.error == Errno::EINTR_; }))
        return clause("SIG-LOSS-1");
    // As many tokens too many or too few as waits have failed.
    const std::int64_t off = act.result - static_cast<std::int64_t>(value),
                       failures = std::ranges::count_if(acts, [&](const Act&each) {
                           return each.verb == Verb::sem_wait && each.error != Errno::none && each.ended < act.began;
                       });
    if (looks && failures != 0 && (off == failures || off == -failures)) return clause("SEM-WAIT-4");
    std::int64_t own = static_cast<std::int64_t>(initial().values.empty() ? 0 : initial().values[0]);
    for (const Act& each : acts)
        if (each.process == act.process && each.ended < act.began)
            own += succeeded(each, Verb::sem_post) - succeeded(each, Verb::sem_wait);
    const bool alone = looks ? act.result == own : own <= 0;
    if (placed_ && !named_ && alone && used_by_others(act)) return clause("SEM-INIT-2");
    return clause("SEM-CONS-1");
}

Breach Model::refuse_wait(const State& state, const Act& act) const {
    const Operation& operation = asked(act);
    const std::uint32_t value = value_of(state, act);
    const bool tries = (operation.flags & flag_nonblock) != 0, timed = !tries && operation.timeout_ns != forever;
    if (act.error == Errno::none) {
        const bool returned = std::ranges::any_of(component_.acts, [&](const Act& each) {
            return each.death && each.ended < act.ended && each.process != act.process;
        });
        return breach_of(act, returned ? clause("SEM-CONS-3") : clause("SEM-CONS-2"), Reason::doubled, "",
                         "it took a token, and there was none");
    }
    if (act.error == Errno::EINTR_ && act.restarted && !act.interrupted && !tries)
        return wrong_answer(act, clause("SIG-SEM-1"), "none", "its handler had SA_RESTART: it waits on");
    if (value > 0) {
        ClauseId which = timed ? clause("SEM-TIME-3") : who_spoiled(state, act);
        if (timed && is_bad_deadline(operation)) which = clause("SEM-TIME-4");
        if (which == clause("SEM-CONS-1")) which = clause("SEM-WAIT-1");
        return wrong_answer(act, which, "none", tokens(value) + ": the wait takes one");
    }
    if (act.interrupted && !tries)
        return wrong_answer(act, clause("SEM-WAIT-5"), "EINTR", "a handler without SA_RESTART ran inside it: EINTR");
    if (tries) return wrong_answer(act, clause("SEM-WAIT-3"), "EAGAIN", "it had no token: EAGAIN");
    if (is_bad_deadline(operation))
        return wrong_answer(act, clause("SEM-TIME-5"), "EINVAL", "it had no token, and this is no deadline: EINVAL");
    if (timed) return wrong_answer(act, clause("SEM-TIME-2"), "ETIMEDOUT", "it had no token: ETIMEDOUT");
    return wrong_answer(act, clause("SEM-WAIT-2"), "none", "it had no token: the wait blocks");
}

Breach Model::refuse_value(const State& state, const Act& act) const {
    const std::uint32_t value = value_of(state, act);
    if (act.error != Errno::none)
        return wrong_answer(act, clause("SEM-CONS-1"), "none", "a look at a semaphore succeeds");
    return breach_of(act, who_spoiled(state, act), Reason::wrong_value, "",
                     fmt::format("{}, {} are told", tokens(value), act.result));
}

Breach Model::refuse_name(const State& state, const Act& act) const {
    const Operation& operation = asked(act);
    const bool taken = state.bound >= 0;
    if (act.verb == Verb::unlink)
        return wrong_answer(act, clause("SEM-LIFE-4"), taken ? "none" : "ENOENT",
                            taken ? "there is such a name: it goes" : "there is no such name: ENOENT");
    const bool creates = (operation.flags & flag_create) != 0, exclusive = (operation.flags & flag_exclusive) != 0;
    const bool too_large = first_value(subject_, act) > subject_.sem_value_max;
    const bool was_there = !taken && !state.values.empty();
    if (taken && creates && exclusive)
        return wrong_answer(act, clause("SEM-NAME-3"), "EEXIST", "there is such a name, and it must not be: EEXIST");
    if (taken)
        return wrong_answer(act, creates ? clause("SEM-NAME-6") : clause("SEM-LIFE-1"), "none",
                            "there is such a name: it is opened");
    if (!creates)
        return wrong_answer(act, was_there ? clause("SEM-LIFE-2") : clause("SEM-NAME-4"), "ENOENT",
                            "there is no such name: ENOENT");
    if (too_large) return wrong_answer(act, clause("SEM-NAME-5"), "EINVAL", "such a value is none: EINVAL");
    return wrong_answer(act, was_there ? clause("SEM-LIFE-2") : clause("SEM-NAME-3"), "none",
                        "there is no such name: it is made");
}

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    if (act.asleep) {
        Flight copy = flight;
        ClauseId which = must_not_sleep(state, copy, strict);
        if (which == no_clause) which = clause("SEM-LIVE-1");
        if (act.restarted) which = clause("SIG-SEM-1");
        const bool dead = std::ranges::any_of(component_.acts, [&](const Act& each) {
            return each.verb == Verb::sem_wait && each.open && !each.asleep && each.ended != never;
        });
        return breach_of(act, dead ? clause("PROC-KILL-1") : which, Reason::asleep, "",
                         "it sleeps although " + tokens(value_of(state, act)));
    }
    switch (act.verb) {
        case Verb::sem_wait: return refuse_wait(state, act);
        case Verb::sem_value: return refuse_value(state, act);
        case Verb::open:
        case Verb::unlink: return refuse_name(state, act);
        case Verb::stat:
            return breach_of(act, act.result != 0 ? clause("SEM-LIFE-3") : clause("SEM-NAME-7"), Reason::wrong_value,
                             "",
                             act.result != 0 ? "its address is that of a semaphore whose name was removed before"
                                             : "this process has the semaphore open already, at another address");
        default: break;
    }
    const bool full = value_of(state, act) >= subject_.sem_value_max;
    return wrong_answer(act, full || act.error == Errno::EOVERFLOW_ ? clause("SEM-POST-2") : clause("SEM-POST-1"),
                        full ? "EOVERFLOW" : "none", full ? "its value is SEM_VALUE_MAX" : "there is room for a token");
}

std::vector<std::string> Model::describe(const State& state, const models::NameBytes&) const {
    const ObjectId object = component_.objects[0].id;
    if (!named_) return {fmt::format("semaphore {}: {}", object, tokens(state.values[0]))};
    std::vector<std::string> lines;
    if (state.bound < 0) lines.push_back(fmt::format("name {} led nowhere", object));
    for (std::size_t s = 0; s < state.values.size(); ++s)
        lines.push_back(fmt::format("semaphore {} of name {}{}: {}", s, object,
                                    static_cast<int>(s) == state.bound ? "" : ", which had no name any more",
                                    tokens(state.values[s])));
    return lines;
}

Due Model::due(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    Due due;
    for (const Flight& other : state.flights)
        if (other.act != flight.act && !other.done) return due;
    const auto answer = [&](std::int64_t result, Errno error = Errno::none) {
        due.known = true, due.result = error == Errno::none ? result : -1, due.error = error;
        return due;
    };
    switch (act.verb) {
        case Verb::sem_value: return answer(value_of(state, act));
        case Verb::sem_post:
            return value_of(state, act) < subject_.sem_value_max ? answer(0) : answer(-1, Errno::EOVERFLOW_);
        case Verb::sem_wait:
            if (value_of(state, act) > 0) return answer(0);
            if (asked(act).flags & flag_nonblock) return answer(-1, Errno::EAGAIN_);
            return due;
        case Verb::unlink: return state.bound >= 0 ? answer(0) : answer(-1, Errno::ENOENT_);
        default: return due;
    }
}

}  // namespace crosstalk::counter
