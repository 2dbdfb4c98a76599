// One case from end to end.
#include "runners/agent/leader.h"

#include "mechanisms/trial.h"

namespace crosstalk::agent {
namespace {

// What its trials wait for clocks is no silence.
std::uint32_t waits_of_trials_ms(const Program& program) {
    std::uint32_t waits = 0;
    for (const Actor& actor : program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::trial) waits += waits_ms(static_cast<Trial>(step.value));
    return waits;
}

}  // namespace

Expected<History> Leader::play(const Case& value, std::uint16_t case_number) {
    if (std::string wrong = refusal(value); !wrong.empty()) return tl::unexpected(wrong);
    ending_ = Ending::complete;
    limit_ms_ = usual_limit_ms_ + slow_ * waits_of_trials_ms(value.program);
    why_.clear();
    seen_.clear();
    plain_ = value.schedule.mode == Mode::free && lane_.fifo();
    reap();
    why_ = stage(value, case_number);
    if (!why_.empty()) {
        ending_ = Ending::broken;
    } else if (value.schedule.mode == Mode::turns) {
        lead_turns(value);
    } else {
        lead_free(value);
    }
    if (ending_ == Ending::calm) record_calm();
    if (ending_ == Ending::bounded) record_spinning();
    link_.end(ending_ == Ending::complete || ending_ == Ending::calm);
    close_down();
    note_unfired();
    std::array<std::size_t, max_actors> steps{};
    for (std::size_t i = 0; i < value.program.actors.size(); ++i) steps[i] = value.program.actors[i].steps.size();
    History history = gather(board->journal, std::span(steps).first(value.program.actors.size()), seen_);
    link_.tell(history);
    history.ending = ending_;
    history.why = why_;
    return history;
}

void Leader::note_unfired() {
    for (std::uint32_t i = 0; i < board->strike_count; ++i) {
        const Strike& strike = board->strikes[i];
        if (strike.struck.load() != 0) continue;
        Event event{};
        event.kind = EventKind::fault;
        event.actor = strike.actor;
        event.step = strike.step;
        event.fault = strike.fault;
        event.times = strike.occurrence;
        event.began = event.ended = board->journal.stamp();
        add(event);
    }
}

}  // namespace crosstalk::agent
