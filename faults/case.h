// A case: program + schedule + plan. The value that is drawn, stored, mailed, replayed and shrunk.
#pragma once

#include <string>
#include <vector>

#include "faults/fault.h"
#include "mechanisms/program.h"

namespace crosstalk {

// turns: one actor moves at a time, in the order of `choices`: whenever nobody is moving, the *earliest unused choice
// whose actor can move* is taken and used up; with no such choice left, the lowest actor that can move.
// So a permutation of the steps is a uniform interleaving, a list sorted by priority is PCT, and a recorded list is
// a replay: the agent knows no strategy.
// free: all move at once. `delays` make an actor spin before a step; `spread` lets actors use every core, else they
// stay on the lane's one.
enum class Mode : std::uint8_t { turns, free };

struct Delay {
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t spin_ns = 0;
    bool operator==(const Delay&) const = default;
};

struct Schedule {
    Mode mode = Mode::turns;
    std::vector<ActorId> choices;
    std::vector<Delay> delays;
    bool spread = false;
    bool operator==(const Schedule&) const = default;
};

struct Injection {
    FaultId fault = no_fault;
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t occurrence = 0;  // which of the step's `times` calls
    When when = When::before;
    bool restart = false;          // interruption: the handler has SA_RESTART
    std::int64_t argument = 0;     // meaning belongs to the fault
    bool operator==(const Injection&) const = default;
};

struct Case {
    std::string drawn_for;         // "pipe/atomicity/none", a hint for people; never judged by
    Program program;
    Schedule schedule;
    std::vector<Injection> plan;
};
bool operator==(const Case&, const Case&);

// "" if the case is well-formed, else what is wrong, in one line. Includes why_not(program).
std::string why_not(const Case& value);

// "" if this history can be one of that case: its actors, steps, verbs, objects and origins are those of the program.
// decode_history() cannot know; who has both asks here before anybody indexes by what an agent sent.
std::string why_not(const Case& value, const History& history);

inline constexpr std::size_t max_choices = max_actors * max_steps;
inline constexpr std::size_t max_delays = 1024;
inline constexpr std::size_t max_injections = 64;

std::string_view name_of(Mode mode);
std::optional<Mode> mode_named(std::string_view name);

}  // namespace crosstalk
