// The lock: states, steps, and which clauses an explanation rests on or fails by. pthread_mutex_lock(3posix) and
// pthread_mutexattr_setrobust(3) say what is answered; that a death is an unlock is the kernel's (set_robust_list(2)).
#include "properties/models/lock.h"

#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"

namespace crosstalk::lock {

using judging::Breach;
using judging::never;
using judging::Weights;

namespace {

Step done(Flight& flight, std::uint32_t how) {
    flight.how |= how;
    flight.done = true;
    return Step::done;
}

bool tries(const Operation& operation) { return (operation.flags & flag_nonblock) != 0; }
bool is_dead(const State& state, const Act& act) { return state.dead >> (act.process & 63) & 1; }
std::string name_or_none(Errno error) { return error == Errno::none ? "none" : std::string(name_of(error)); }

}  // namespace

// What a call that takes effect now answers. none of a lock that would have to wait: EAGAIN.
Errno Model::wanted(const State& state, const Act& act) const {
    const bool mine = state.owner == act.process;
    if (act.verb == Verb::unlock) return mine ? Errno::none : Errno::EPERM_;
    if (state.lost) return Errno::ENOTRECOVERABLE_;
    if (state.owner == nobody) return state.died ? Errno::EOWNERDEAD_ : Errno::none;
    if (tries(subject_.operation(act))) return Errno::EBUSY_;
    return mine ? Errno::EDEADLK_ : Errno::EAGAIN_;
}

bool Model::only_looks(const Act& act) const {
    return act.kind != ActKind::release && !act.open && act.error != Errno::none && act.error != Errno::EOWNERDEAD_;
}

bool Model::may_step(const State& state, const Flight& flight, Latitude) const {
    if (flight.done) return false;
    const Act& act = component_.acts[flight.act];
    return act.kind == ActKind::release || !(act.asleep || is_dead(state, act));
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    if (!may_step(state, flight, latitude)) return Step::no;
    if (act.kind != ActKind::release)
        return act.verb == Verb::lock ? step_lock(state, flight, act) : step_unlock(state, flight, act);
    state.dead |= std::uint64_t{1} << (act.process & 63);
    if (state.owner != act.process) return done(flight, how_nothing);
    state.owner = nobody, state.died = !state.lost, state.unsound = false;
    return done(flight, how_died);
}

Step Model::step_lock(State& state, Flight& flight, const Act& act) const {
    const Errno due = wanted(state, act);
    const bool takes = due == Errno::none || due == Errno::EOWNERDEAD_;
    if (act.open ? !takes : act.error != due) return Step::no;
    if (!takes) return done(flight, due == Errno::ENOTRECOVERABLE_ ? how_lost : how_refused);
    const std::uint32_t anew = state.last != nobody && state.last != act.process ? how_anew : how_nothing;
    state.owner = state.last = act.process;
    state.unsound = state.died && (subject_.operation(act).flags & flag_mend) == 0;
    state.died = false;
    return done(flight, how_took | anew | (due == Errno::EOWNERDEAD_ ? how_told : how_nothing));
}

Step Model::step_unlock(State& state, Flight& flight, const Act& act) const {
    const Errno due = wanted(state, act);
    if (act.open ? due != Errno::none : act.error != due) return Step::no;
    if (due != Errno::none) return done(flight, how_refused);
    state.owner = nobody;
    state.lost = state.unsound, state.unsound = false;
    return done(flight, how_gave);
}

bool Model::somebody_died_before(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& each) {
        return each.kind == ActKind::release && each.process != act.process && each.began < act.ended;
    });
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude) const {
    const Act& act = component_.acts[flight.act];
    if (act.verb != Verb::lock || wanted(state, act) == Errno::EAGAIN_) return no_clause;
    return somebody_died_before(act) ? clause("SHM-ROBUST-2") : clause("SHM-SYNC-1");
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = 0xcbf29ce484222325u;
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * 0x9fb21c651e98df25u;
        hash ^= hash >> 32;
    };
    mix(state.owner | std::uint64_t{state.last} << 8 | std::uint64_t{state.died} << 16 |
        std::uint64_t{state.unsound} << 17 | std::uint64_t{state.lost} << 18);
    mix(state.dead);
    for (const Flight& flight : state.flights) mix(std::uint64_t{flight.act} * 2 + flight.done);
    return hash;
}

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    const bool death = somebody_died_before(act);
    const ClauseId sound = death ? clause("SHM-ROBUST-2") : clause("SHM-SYNC-1");
    if (act.asleep) return {sound, Reason::asleep, "", act.event, {"it sleeps although nobody has the lock"}};
    const Errno due = wanted(state, act);
    const bool took = act.verb == Verb::lock && (act.error == Errno::none || act.error == Errno::EOWNERDEAD_);
    if (took && state.owner != nobody)
        return {sound, Reason::doubled, "", act.event, {"it took the lock, and another has it"}};
    const bool about_death = due == Errno::EOWNERDEAD_ || due == Errno::ENOTRECOVERABLE_ ||
                             act.error == Errno::EOWNERDEAD_ || act.error == Errno::ENOTRECOVERABLE_;
    return {about_death ? clause("SHM-ROBUST-1") : sound,
            Reason::wrong_errno,
            name_or_none(act.error) + "/" + name_or_none(due),
            act.event,
            {about_death ? state.died ? "its last owner has died, and nobody was told" : "no owner has died unnoticed"
                         : "that is not how the lock was"}};
}

std::vector<std::string> Model::describe(const State& state, const models::NameBytes&) const {
    std::string text = fmt::format("the lock at byte {} was ", component_.objects[0].at);
    if (state.owner != nobody)
        text += fmt::format("held by process {}", state.owner);
    else
        text += state.lost ? "lost" : "free";
    if (state.died) text += ", its last owner had died";
    if (state.unsound) text += ", and not made consistent";
    return {text};
}

Due Model::due(const State& state, const Flight& flight) const {
    Due due;
    for (const Flight& other : state.flights)
        if (other.act != flight.act && !other.done) return due;
    const Act& act = component_.acts[flight.act];
    const Errno error = wanted(state, act);
    if (act.kind == ActKind::release || error == Errno::EAGAIN_) return due;
    due.known = true, due.result = error == Errno::none ? 0 : -1, due.error = error;
    return due;
}

void Model::weigh(const std::vector<std::uint32_t>& how, Weights& weights, std::vector<Deviation>&) const {
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (act.open || act.kind == ActKind::release || act.verb != Verb::lock) continue;
        const bool death = somebody_died_before(act), took = (how[i] & how_took) != 0;
        weights[clause("SHM-ROBUST-1")] += (how[i] & (how_told | how_lost)) != 0;
        weights[clause("SHM-ROBUST-2")] += death;
        weights[clause("SHM-SYNC-1")] += !death && took && (how[i] & how_anew) != 0;
    }
}

// Who surely slept: another had the lock from before the call on until after it.
void Model::weigh_waits(const std::vector<std::uint32_t>& how, Weights& weights) const {
    for (std::size_t w = 0; w < how.size(); ++w) {
        const Act& wait = component_.acts[w];
        if (wait.verb != Verb::lock || wait.open || !(how[w] & how_took) || tries(subject_.operation(wait))) continue;
        for (std::size_t i = 0; i < how.size(); ++i) {
            const Act& end = component_.acts[i];
            if (!(how[i] & (how_gave | how_died)) || end.began < wait.began || end.ended > wait.ended) continue;
            ++weights[how[i] & how_died ? clause("SHM-ROBUST-2") : clause("SHM-SYNC-1")];
            break;
        }
    }
}

}  // namespace crosstalk::lock
