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

}  // namespace

std::vector<Case> first_cuts(const Case& value, const History& history, std::size_t event) {
    std::vector<Case> cuts;
    if (event >= history.events.size() || !why_not(value, history).empty()) return cuts;
    std::vector<const Event*> calls = calls_up_to(history, history.events[event]);
    const auto offer = [&](const Case& ordered) {
        Case cut = with_only(ordered, calls);
        const bool news = !(cut == value) && (value.schedule.mode == Mode::free || cuts.empty() || !(cut == cuts[0]));
        if (news && why_not(cut).empty()) cuts.push_back(std::move(cut));
    };
    offer(in_turns(value, calls));  // as they were called
    const auto end = [](const Event* call) { return call->ended == 0 ? ~Stamp{0} : call->ended; };
    std::ranges::stable_sort(calls, {}, end);
    offer(in_turns(value, calls));  // as they returned: fewer sleep; each actor's in its own order all the same
    if (value.schedule.mode == Mode::free) offer(value);
    return cuts;
}

}  // namespace crosstalk
