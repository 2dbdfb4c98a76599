// The counter: states and steps. What to say when nothing explains an observation is in counter_refusal.cc, on which
// clauses an explanation rests in counter_evidence.cc.
#include "properties/models/counter.h"

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"

namespace crosstalk::counter {
namespace {

Step done(Flight& flight, std::uint32_t how = how_nothing) {
    flight.how |= how;
    flight.done = true;
    return Step::done;
}

bool asks(const Operation& operation, Flag flag) { return (operation.flags & flag) != 0; }

}  // namespace

bool is_bad_deadline(const Operation& operation) {
    return operation.timeout_ns != forever && asks(operation, flag_unknown) && !asks(operation, flag_nonblock);
}

std::int64_t first_value(const Subject& subject, const Act& open) {
    const Operation& operation = subject.operation(open);
    return subject.value->program.objects[operation.object].asked.value + operation.value;
}

Model::Model(const Subject& subject, const Component& component)
    : subject_(subject),
      component_(component),
      named_(mechanism_of(component.mechanism).facts.naming != Naming::none),
      placed_(mechanism_of(component.mechanism).facts.held == Held::place),
      tells_waiters_(std::ranges::any_of(
          component.acts, [](const Act& act) { return act.verb == Verb::sem_value && !act.open && act.result < 0; })) {}

State Model::initial() const {
    State state;
    state.handles.assign(component_.flags.size(), named_ ? -1 : 0);
    if (!named_)
        state.values.push_back(
            static_cast<std::uint32_t>(subject_.value->program.objects[component_.objects[0].id].asked.value));
    return state;
}

std::uint32_t& Model::value_of(State& state, const Act& act) const {
    return state.values[static_cast<std::size_t>(state.handles[act.description])];
}
std::uint32_t Model::value_of(const State& state, const Act& act) const {
    return state.values[static_cast<std::size_t>(state.handles[act.description])];
}

bool Model::only_looks(const Act& act) const {
    if (act.kind == ActKind::release) return true;
    if (act.open) return false;
    if (act.verb == Verb::sem_wait && act.error != Errno::none) return !tells_waiters_;
    return act.error != Errno::none || act.verb == Verb::sem_value || act.verb == Verb::stat;
}

// Waits and posts on one semaphore that ask and answer alike: whichever takes effect first, the state is the same.
bool Model::alike(const State& state, const Act& a, const Act& b) const {
    return a.verb == b.verb && (a.verb == Verb::sem_wait || a.verb == Verb::sem_post) && a.error == b.error &&
           a.open == b.open && a.asleep == b.asleep && state.handles[a.description] == state.handles[b.description];
}

bool Model::may_step(const State& state, const Flight& flight, Latitude) const {
    if (flight.done) return false;
    const Act& act = component_.acts[flight.act];
    if (act.error != Errno::none || (act.verb != Verb::sem_wait && act.verb != Verb::sem_post)) return true;
    if (act.verb == Verb::sem_wait && (act.asleep || value_of(state, act) == 0)) return false;
    return std::ranges::none_of(state.flights, [&](const Flight& other) {
        const Act& its = component_.acts[other.act];
        return !other.done && alike(state, act, its) &&
               (its.ended < act.ended || (its.ended == act.ended && other.act < flight.act));
    });
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    if (act.kind == ActKind::release) return done(flight);
    switch (act.verb) {
        case Verb::sem_wait: return step_wait(state, flight, act, latitude);
        case Verb::sem_post: return step_post(state, flight, act);
        case Verb::sem_value: return step_value(state, flight, act, latitude);
        case Verb::open: return step_open(state, flight, act);
        case Verb::unlink: return step_unlink(state, flight, act);
        case Verb::stat: {  // are two handles one semaphore?
            const bool same = state.handles[act.description] == state.handles[act.to_description];
            if (same != (act.result != 0)) return Step::no;
            return done(flight, same ? how_same : how_nothing);
        }
        default: return done(flight);
    }
}

Step Model::step_wait(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    std::uint32_t& value = value_of(state, act);
    if (act.error != Errno::none) return step_failed_wait(value, flight, act, latitude);
    if (value == 0 || act.asleep) return Step::no;
    --value;
    return done(flight, how_took);
}

Step Model::step_failed_wait(std::uint32_t value, Flight& flight, const Act& act, Latitude latitude) const {
    const Operation& operation = asked(act);
    const bool tries = asks(operation, flag_nonblock), timed = !tries && operation.timeout_ns != forever;
    // sem_wait(3): the deadline is not checked where a token is there.
    if (act.error == Errno::EINVAL_ && is_bad_deadline(operation)) {
        if (value == 0) return done(flight, how_invalid);
        return latitude.deviates ? done(flight, how_deviates_check) : Step::no;
    }
    if (value != 0) return Step::no;
    if (act.error == Errno::EAGAIN_ && tries) return done(flight, how_empty);
    if (act.error == Errno::ETIMEDOUT_ && timed && !is_bad_deadline(operation)) return done(flight, how_late);
    if (act.error != Errno::EINTR_ || tries) return Step::no;
    if (act.interrupted) return done(flight, how_interrupted);
    // signal(7): with SA_RESTART it goes on, with a deadline as well.
    if (act.restarted && timed && latitude.deviates) return done(flight, how_deviates_restart);
    return Step::no;
}

Step Model::step_post(State& state, Flight& flight, const Act& act) const {
    std::uint32_t& value = value_of(state, act);
    const bool full = placed_ && value >= subject_.sem_value_max;
    if (act.error == Errno::EOVERFLOW_) return full ? done(flight, how_full) : Step::no;
    if (act.error != Errno::none || full) return Step::no;
    ++value;
    return done(flight, how_gave);
}

Step Model::step_value(const State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const std::uint32_t value = value_of(state, act);
    if (act.error != Errno::none) return Step::no;
    if (act.result == value) return done(flight, value == 0 ? how_zero : how_nothing);
    if (act.result >= 0 || value != 0 || !latitude.differs) return Step::no;
    const auto waiting = std::ranges::count_if(state.flights, [&](const Flight& other) {
        const Act& its = component_.acts[other.act];
        return !other.done && its.verb == Verb::sem_wait &&
               state.handles[its.description] == state.handles[act.description];
    });
    return -act.result <= waiting ? done(flight, how_counted) : Step::no;
}

Step Model::step_open(State& state, Flight& flight, const Act& act) const {
    const Operation& operation = asked(act);
    const bool creates = asks(operation, flag_create), exclusive = creates && asks(operation, flag_exclusive);
    const bool taken = state.bound >= 0, too_large = first_value(subject_, act) > subject_.sem_value_max;
    switch (act.error) {
        case Errno::ENOENT_: return !creates && !taken ? done(flight, how_refused) : Step::no;
        case Errno::EEXIST_: return exclusive && taken ? done(flight, how_refused) : Step::no;
        case Errno::EINVAL_:
            return creates && too_large && (!taken || exclusive) ? done(flight, how_refused) : Step::no;
        case Errno::none: break;
        default: return Step::no;
    }
    if (taken ? exclusive : !creates || too_large) return Step::no;
    std::uint32_t how = how_found;
    if (!taken) {
        how = how_made | (state.values.empty() ? how_nothing : how_again);
        state.bound = static_cast<std::int16_t>(state.values.size());
        state.values.push_back(static_cast<std::uint32_t>(first_value(subject_, act)));
    }
    if (act.description != judging::none16) state.handles[act.description] = state.bound;
    return done(flight, how);
}

Step Model::step_unlink(State& state, Flight& flight, const Act& act) const {
    if (act.error == Errno::ENOENT_) return state.bound < 0 ? done(flight, how_refused) : Step::no;
    if (act.error != Errno::none || state.bound < 0) return Step::no;
    state.bound = -1;
    return done(flight);
}

// Wakings that went to somebody who was killed before it could use them, or were killed with who was to send them: no
// document promises that they are sent again. Only posts that went on beside the dead matter.
std::uint32_t Model::wakings_lost(const Act& sleeper) const {
    std::uint32_t lost = 0;
    for (const Act& dead : component_.acts) {
        const bool cut = dead.open && !dead.asleep && dead.ended != judging::never;
        if (!cut || dead.began > component_.calm) continue;
        if (dead.verb == Verb::sem_post) ++lost;
        if (dead.verb != Verb::sem_wait || &dead == &sleeper) continue;
        lost += std::ranges::any_of(component_.acts, [&](const Act& post) {
            return post.verb == Verb::sem_post && post.began < dead.ended && dead.began < post.ended;
        });
    }
    return lost;
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude) const {
    const Act& act = component_.acts[flight.act];
    if (act.verb != Verb::sem_wait) return no_clause;
    if (asks(asked(act), flag_nonblock)) return clause("SEM-WAIT-3");
    if (asked(act).timeout_ns == 0) return clause("SEM-TIME-2");
    const std::uint32_t value = value_of(state, act);
    if (value <= wakings_lost(act)) return no_clause;
    const auto waits = std::ranges::count_if(
        component_.acts, [&](const Act& each) { return each.verb == Verb::sem_wait && may_sleep(asked(each), false); });
    return waits > 1 ? clause("SEM-LIVE-1") : clause("SEM-POST-1");
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = 0xcbf29ce484222325u;
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * 0x9fb21c651e98df25u;
        hash ^= hash >> 32;
    };
    for (const std::uint32_t value : state.values) mix(value + 1u);
    mix(static_cast<std::uint64_t>(state.bound + 2) << 32);
    if (named_)
        for (const std::int16_t handle : state.handles) mix(static_cast<std::uint64_t>(handle + 2));
    for (const Flight& flight : state.flights) mix(std::uint64_t{flight.act} * 2 + flight.done);
    return hash;
}

}  // namespace crosstalk::counter
