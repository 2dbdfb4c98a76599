// Does this history belong to that case? Only what makes the one safe to read beside the other is asked: what the
// history *says* may be as wrong as it likes, that is for the judge.
#include <algorithm>

#include "faults/case.h"
#include "mechanisms/payload.h"

namespace crosstalk {
namespace {

bool has_step(const Program& program, ActorId actor, StepId step) {
    return actor < program.actors.size() && step < program.actors[actor].steps.size();
}

const char* wrong_with(const Program& program, const Event& event) {
    if (event.actor >= program.actors.size()) return "names an actor that the case lacks";
    const std::vector<Operation>& steps = program.actors[event.actor].steps;
    switch (event.kind) {
        case EventKind::call:
        case EventKind::asleep:
        case EventKind::spinning:
        case EventKind::fault:
            if (event.step >= steps.size()) return "names a step that the case lacks";
            if (event.kind == EventKind::call && event.verb != steps[event.step].verb)
                return "has the verb of another step";
            if (event.times > steps[event.step].times) return "made more calls than the step asks for";
            return nullptr;
        case EventKind::probe:
            if (event.object == leaked_descriptors) return nullptr;
            return event.object >= program.objects.size() ? "names an object that the case lacks" : nullptr;
        case EventKind::signal:  // before the first, in or after the last step
        case EventKind::death:
        case EventKind::delivery: return event.step > steps.size() ? "names a step that the case lacks" : nullptr;
    }
    return "no such kind";
}

// An origin lies within the stream of a writing step; of a `receive` it is the `pass` that the descriptors came from.
const char* wrong_with(const Program& program, const Event& event, const Run& run) {
    if (run.kind != RunKind::origin) return nullptr;
    if (!has_step(program, run.actor, run.step)) return "comes from a step that the case lacks";
    const Operation& step = program.actors[run.actor].steps[run.step];
    if (event.verb == Verb::receive) return step.verb == Verb::pass ? nullptr : "comes from a step that passes nothing";
    const std::uint64_t length = std::min(stream_bytes(step), max_stream_bytes);
    return std::uint64_t{run.offset} + run.length > length ? "lies beyond the stream of its step" : nullptr;
}

}  // namespace

std::string why_not(const Case& value, const History& history) {
    for (std::size_t i = 0; i < history.events.size(); ++i) {
        const Event& event = history.events[i];
        if (const char* wrong = wrong_with(value.program, event)) return "event " + std::to_string(i) + ": " + wrong;
        for (const Run& run : history.runs_of(event))
            if (const char* wrong = wrong_with(value.program, event, run))
                return "event " + std::to_string(i) + ": a run of its data " + wrong;
    }
    return "";
}

}  // namespace crosstalk
