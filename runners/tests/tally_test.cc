// What a tally makes of played cases: which calls faults struck, and how calls fell among each other. Histories here
// are written by hand, so that each count is known.
#include "runners/campaign/tally.h"

#include <gtest/gtest.h>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

Operation step(Verb verb, Slot uses = no_slot, Slot makes = no_slot) {
    Operation out;
    out.verb = verb;
    out.uses[0] = uses;
    out.makes[0] = makes;
    return out;
}

// Two actors on pipe 0 and a second pipe; actor 1 writes through a second name of its end.
Case two_actors() {
    Case out;
    out.program.objects.resize(2);
    out.program.actors.resize(2);
    out.program.actors[0].steps = {step(Verb::read, initial_slot(0, 0)), step(Verb::close, initial_slot(1, 0))};
    out.program.actors[1].steps = {step(Verb::dup, initial_slot(0, 1), 40), step(Verb::write, 40),
                                   step(Verb::write, initial_slot(1, 1))};
    return out;
}

Event call(const Case& value, ActorId actor, StepId at, Stamp began, Stamp ended) {
    Event out;
    out.actor = actor;
    out.step = at;
    out.verb = value.program.actors[actor].steps[at].verb;
    out.began = began;
    out.ended = ended;
    return out;
}

Event fired(FaultId fault, ActorId actor, StepId at) {
    Event out;
    out.kind = EventKind::fault;
    out.actor = actor;
    out.step = at;
    out.fault = fault;
    out.result = 1;
    return out;
}

EvidenceFacts counted(const Case& value, const History& history) {
    Tally tally({});
    tally.judged({0, std::nullopt, "", value}, history, {});
    return tally.take();
}

const std::string pipe(mechanisms()[0]->name);

TEST(Tally, TellsWhichCallAFaultStruckAndWhereItWasOnlyArmed) {
    Case value = two_actors();
    value.plan = {{.fault = interruption_fault, .actor = 0, .step = 0},
                  {.fault = interruption_fault, .actor = 1, .step = 2},
                  {.fault = killed_peer_fault, .actor = 1, .step = 2}};
    History history;
    history.events = {fired(interruption_fault, 0, 0), fired(killed_peer_fault, 1, 2), fired(interruption_fault, 9, 9)};
    const EvidenceFacts facts = counted(value, history);
    const std::map<EvidenceKey, TwoCounts> wanted{{{pipe, "interruption", "read"}, {1, 1}},
                                                  {{pipe, "interruption", "write"}, {0, 1}},
                                                  {{pipe, "killed-peer", "write"}, {1, 1}}};
    EXPECT_EQ(facts.struck, wanted) << "an actor that the case lacks is no call";
    EXPECT_EQ(facts.armed.at("interruption"), 2u);
}

TEST(Tally, CountsOverlapsOnOneObjectUnderAnyOfItsNames) {
    const Case value = two_actors();
    History history;
    history.events = {call(value, 1, 0, 1, 2), call(value, 0, 0, 3, 8), call(value, 1, 1, 4, 5),
                      call(value, 1, 2, 6, 7), call(value, 0, 1, 9, 10)};
    const EvidenceFacts facts = counted(value, history);
    const std::map<EvidenceKey, TwoCounts> wanted{{{pipe, "write", "read"}, {1, 0}}};
    EXPECT_EQ(facts.overlaps, wanted) << "the write to the other pipe overlaps nothing on it";
    const Interleaving& how = facts.interleavings.at({pipe, "turns"});
    EXPECT_EQ(how.at_once[2], 1u);
    EXPECT_EQ(how.switches[2], 1u) << "dup, read, write, write, close: three switches, two bits";
    EXPECT_EQ(how.orders.count(), 1u);
}

TEST(Tally, ACallThatNeverReturnedIsInFlightUntilTheEndAndAChildHasItsParentsEnds) {
    Case value = two_actors();
    value.schedule.mode = Mode::free;
    value.schedule.spread = true;
    value.program.actors[1].steps.push_back(step(Verb::start));
    value.program.actors[1].steps.back().value = 2;
    value.program.actors.push_back(
        {.kind = ActorKind::forked, .parent = 1, .holds = {}, .steps = {step(Verb::write, 40)}});
    History history;
    history.events = {call(value, 0, 0, 1, 0), call(value, 1, 3, 2, 3), call(value, 2, 0, 4, 5)};
    const EvidenceFacts facts = counted(value, history);
    const std::map<EvidenceKey, TwoCounts> wanted{{{pipe, "write", "read"}, {0, 1}}};
    EXPECT_EQ(facts.overlaps, wanted);
    EXPECT_EQ(facts.interleavings.at({pipe, "spread"}).at_once[2], 1u);
}

TEST(Tally, OrdersDifferByWhoCallsAndReturnsFirstAndNotByStamps) {
    const Case value = two_actors();
    const auto history = [&](Stamp read_ended, Stamp write_began, Stamp write_ended) {
        History out;
        out.events = {call(value, 0, 0, 1, read_ended), call(value, 1, 1, write_began, write_ended)};
        return out;
    };
    Tally tally({});
    const auto orders = [&] { return tally.take().interleavings[{pipe, "turns"}].orders.count(); };
    const Drawn drawn{0, std::nullopt, "", value};
    tally.judged(drawn, history(2, 3, 4), {});
    tally.judged(drawn, history(20, 30, 40), {});
    EXPECT_EQ(orders(), 1u) << "one after the other";
    tally.judged(drawn, history(9, 3, 4), {});
    tally.judged(drawn, history(4, 3, 9), {});
    EXPECT_EQ(orders(), 2u) << "around it, and across it";
    tally.judged(drawn, history(2, 3, 4), {});
    EXPECT_EQ(orders(), 0u) << "an increment tells what is new";
}

TEST(Tally, SurvivesAHistoryOfAnotherCase) {
    const Case value = two_actors();
    History history;
    for (int i = 0; i < 200; ++i) {
        Event event = call(value, 0, 0, static_cast<Stamp>(i % 7), static_cast<Stamp>(i % 3));
        event.actor = static_cast<ActorId>(i);
        event.step = static_cast<StepId>(i * 300);
        history.events.push_back(event);
    }
    EXPECT_EQ(counted(value, history).cases, 1u);
}

}  // namespace
}  // namespace crosstalk
