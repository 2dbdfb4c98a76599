// Comparing cases, and which of them are well-formed. It does not play them (runners/agent) nor judge them.
#include "faults/case.h"

#include <algorithm>

namespace crosstalk {
namespace {

constexpr std::string_view mode_names[] = {"turns", "free"};
constexpr std::size_t max_drawn_for_bytes = 200;  // three names; a report shows it on one line
constexpr std::uint32_t max_spin_ns = 100'000'000;

bool is_plain_text(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// "" or what is wrong with naming this step.
std::string wrong_step(const Program& program, ActorId actor, StepId step) {
    if (actor >= program.actors.size()) return "names actor " + std::to_string(actor) + ", which is not there";
    if (step >= program.actors[actor].steps.size())
        return "names step " + std::to_string(step) + " of actor " + std::to_string(actor) + ", which is not there";
    return "";
}

std::string wrong_with_schedule(const Case& value) {
    const Schedule& schedule = value.schedule;
    if (schedule.mode > Mode::free) return "schedule: no such mode";
    if (schedule.choices.size() > max_choices) return "schedule: more than 16384 choices";
    if (schedule.delays.size() > max_delays) return "schedule: more than 1024 delays";
    for (std::size_t i = 0; i < schedule.choices.size(); ++i)
        if (schedule.choices[i] >= value.program.actors.size())
            return "schedule: choice " + std::to_string(i) + " names actor " + std::to_string(schedule.choices[i]) +
                   ", which is not there";
    for (std::size_t i = 0; i < schedule.delays.size(); ++i) {
        const Delay& delay = schedule.delays[i];
        std::string wrong = wrong_step(value.program, delay.actor, delay.step);
        if (wrong.empty() && delay.spin_ns > max_spin_ns) wrong = "spins for more than 100 ms";
        if (!wrong.empty()) return "schedule: delay " + std::to_string(i) + " " + wrong;
    }
    return "";
}

std::string wrong_with(const Program& program, const Injection& injection) {
    if (injection.fault == no_fault || injection.fault >= faults().size()) return "names no fault";
    if (injection.when > When::after) return "strikes at no such time";
    if (std::string wrong = wrong_step(program, injection.actor, injection.step); !wrong.empty()) return wrong;
    const Operation& step = program.actors[injection.actor].steps[injection.step];
    if (injection.occurrence >= step.times) return "strikes a call that the step does not make";
    const Fault& fault = fault_of(injection.fault);
    if (!fault.may_strike(step, injection.when))
        return std::string(fault.name) + " cannot strike " + std::string(name_of(injection.when)) + " a " +
               std::string(sheet_of(step.verb).name);
    return "";
}

}  // namespace

bool operator==(const Case& a, const Case& b) {
    return a.drawn_for == b.drawn_for && a.program == b.program && a.schedule == b.schedule && a.plan == b.plan;
}

std::string why_not(const Case& value) {
    if (value.drawn_for.size() > max_drawn_for_bytes || !is_plain_text(value.drawn_for))
        return "drawn_for: must be at most 200 printable ASCII characters";
    if (std::string wrong = why_not(value.program); !wrong.empty()) return wrong;
    if (std::string wrong = wrong_with_schedule(value); !wrong.empty()) return wrong;
    if (value.plan.size() > max_injections) return "plan: more than 64 injections";
    for (std::size_t i = 0; i < value.plan.size(); ++i)
        if (std::string wrong = wrong_with(value.program, value.plan[i]); !wrong.empty())
            return "plan: injection " + std::to_string(i) + " " + wrong;
    return "";
}

std::string_view name_of(Mode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

std::optional<Mode> mode_named(std::string_view name) {
    for (std::size_t i = 0; i < std::size(mode_names); ++i)
        if (mode_names[i] == name) return static_cast<Mode>(i);
    return std::nullopt;
}

}  // namespace crosstalk
