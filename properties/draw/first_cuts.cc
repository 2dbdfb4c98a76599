// The first cuts of a failure: what came after it goes, and what came before it goes as it went. They read a history,
// as nothing else here does, because that alone tells which step stood where.
#include <algorithm>

#include "properties/draw.h"
#include "properties/draw/cuts.h"

namespace crosstalk {
namespace {

// The calls that began before this event was over, in order of time.
std::vector<const Event*> calls_up_to(const History& history, const Event& last) {
    const bool sleeps = last.kind != EventKind::call || last.ended == 0;
    std::vector<const Event*> calls;
    for (const Event& each : history.events)
        if (each.kind == EventKind::call && (sleeps || each.began <= last.ended)) calls.push_back(&each);
    return calls;
}

Case with_only(const Case& value, const std::vector<const Event*>& calls) {
    draw::Keep keep = draw::keep_all(value);
    for (auto& steps : keep.steps) steps.reset();
    for (const Event* call : calls) keep.steps[call->actor].set(call->step);
    Case before = draw::cut(value, std::move(keep));
    for (std::size_t a = before.program.actors.size(); a-- > 0;) {  // who did nothing need not be there
        if (!before.program.actors[a].steps.empty() || before.program.actors.size() == 1) continue;
        draw::Keep rest = draw::keep_all(before);
        rest.actors &= ~(std::uint64_t{1} << a);
        before = draw::cut(before, std::move(rest));
    }
    return before;
}

Case in_turns(const Case& value, const std::vector<const Event*>& calls) {
    Case ordered = value;
    ordered.schedule.mode = Mode::turns;
    ordered.schedule.spread = false;
    ordered.schedule.delays.clear();
    ordered.schedule.choices.clear();
    for (const Event* call : calls) ordered.schedule.choices.push_back(call->actor);
    return ordered;
}

constexpr std::uint64_t everybody = ~std::uint64_t{0};
constexpr std::uint64_t bit(ActorId actor) { return std::uint64_t{1} << actor; }

// Whoever began one of these is one of them.
std::uint64_t with_parents(const Program& program, std::uint64_t actors) {
    for (std::size_t a = program.actors.size(); a-- > 0;)
        for (std::size_t child = a; (actors >> a & 1) != 0 && program.actors[child].kind != ActorKind::pooled;) {
            child = program.actors[child].parent;
            actors |= bit(static_cast<ActorId>(child));
        }
    return actors;
}

// Who most likely matters: the actor of the event, and those whose bytes it received.
std::uint64_t named_by(const History& history, const Event& event) {
    std::uint64_t actors = bit(event.actor);
    for (const Run& run : history.runs_of(event))
        if (run.kind == RunKind::origin) actors |= bit(run.actor);
    return actors;
}

// And those who were in a call at the same time.
std::uint64_t beside(const History& history, const Event& event) {
    std::uint64_t actors = named_by(history, event);
    for (const Event& other : history.events)
        if (other.kind == EventKind::call && (event.ended == 0 || other.began < event.ended) &&
            (other.ended == 0 || other.ended > event.began))
            actors |= bit(other.actor);
    return actors;
}

std::vector<const Event*> calls_of(const std::vector<const Event*>& calls, std::uint64_t actors) {
    std::vector<const Event*> some;
    for (const Event* call : calls)
        if ((actors >> call->actor & 1) != 0) some.push_back(call);
    return some;
}

}  // namespace

std::vector<Case> first_cuts(const Case& value, const History& history, std::size_t event) {
    std::vector<Case> cuts;
    if (event >= history.events.size() || !why_not(value, history).empty()) return cuts;
    const Event& last = history.events[event];
    std::vector<const Event*> calls = calls_up_to(history, last);
    const bool races = value.schedule.mode == Mode::free;
    const auto offer = [&](const Case& ordered, const std::vector<const Event*>& kept) {
        Case cut = with_only(ordered, kept);
        const bool news = !(cut == value) && std::ranges::find(cuts, cut) == cuts.end();
        if (news && why_not(cut).empty()) cuts.push_back(std::move(cut));
    };
    const auto end = [](const Event* call) { return call->ended == 0 ? ~Stamp{0} : call->ended; };
    for (const std::uint64_t actors : {named_by(history, last), beside(history, last), everybody}) {
        std::vector<const Event*> kept = calls_of(calls, with_parents(value.program, actors));
        offer(in_turns(value, kept), kept);  // as they were called
        std::ranges::stable_sort(kept, {}, end);
        offer(in_turns(value, kept),
              kept);  // as they returned: fewer sleep; each actor's in its own order all the same
        if (races) offer(value, kept);
    }
    return cuts;
}

}  // namespace crosstalk
