// The agent and what goes wrong: signals, kills, limits, buffers that fault. What a fault may cause is clauses
// elsewhere; here it must strike where the plan says, and leave the next case alone.
#include "runners/tests/agent_session.h"

namespace crosstalk::agent_test {
namespace {

TEST(Agent, EndsACallByASignalWhileItSleeps) {
    Agent agent;
    Case value = case_of({{step(Verb::read, 0, 10)}, {step(Verb::nothing)}}, {0, 1});
    value.plan = {strike(interruption_fault, 0, 0, When::asleep)};
    const History history = agent.play(value);
    EXPECT_EQ(history.ending, Ending::complete);
    EXPECT_EQ(call_of(history, 0, 0).error, Errno::EINTR_);
    const Event* const signal = first_of(history, EventKind::signal);
    ASSERT_NE(signal, nullptr);
    EXPECT_EQ(signal->signal, Signal::SIGUSR1_);
    EXPECT_GT(signal->began, call_of(history, 0, 0).began);
    EXPECT_LT(signal->began, call_of(history, 0, 0).ended);
    const Event* const fired = first_of(history, EventKind::fault);
    ASSERT_NE(fired, nullptr);
    EXPECT_EQ(fired->result, 1);
}

TEST(Agent, LetsARestartingHandlerSleepOn) {
    Agent agent;
    Case value = case_of({{step(Verb::read, 0, 10)}, {step(Verb::write, 1, 10)}}, {0, 1});
    value.plan = {strike(interruption_fault, 0, 0, When::asleep)};
    value.plan[0].restart = true;
    value.plan[0].argument = 3;
    const History history = agent.play(value);
    EXPECT_EQ(call_of(history, 0, 0).result, 10);
    const auto signals = std::count_if(history.events.begin(), history.events.end(),
                                       [](const Event& event) { return event.kind == EventKind::signal; });
    EXPECT_EQ(signals, 3);
}

TEST(Agent, SaysThatAnInjectionDidNotFire) {
    Agent agent;
    Case value = case_of({{step(Verb::write, 1, 10)}});
    value.plan = {strike(interruption_fault, 0, 0, When::asleep)};
    const History history = agent.play(value);
    const Event* const fault = first_of(history, EventKind::fault);
    ASSERT_NE(fault, nullptr);
    EXPECT_EQ(fault->result, 0);
}

TEST(Agent, KeepsTheOpenCallOfAnActorKilledAsleep) {
    for (const Mode mode : {Mode::turns, Mode::free}) {
        Agent agent;
        Case value =
            case_of({{step(Verb::close, 1), step(Verb::read, 0, 10)}, {step(Verb::close, 0), step(Verb::close, 1)}});
        value.program.actors[1].steps.clear();
        value.schedule.mode = mode;
        value.plan = {strike(killed_peer_fault, 0, 1, When::asleep)};
        for (int i = 0; i < 5; ++i) {
            const History history = agent.play(value);
            EXPECT_EQ(history.ending, Ending::complete);
            EXPECT_EQ(call_of(history, 0, 1).ended, 0u);
            const Event* const death = first_of(history, EventKind::death);
            ASSERT_NE(death, nullptr);
            EXPECT_EQ(death->actor, 0);
            EXPECT_EQ(death->signal, Signal::SIGKILL_);
            EXPECT_LT(death->began, death->ended);
        }
    }
}

TEST(Agent, KillsBeforeAndAfterACall) {
    Agent agent;
    Case value = case_of({{step(Verb::write, 1, 10), step(Verb::nothing)}, {step(Verb::nothing)}});
    value.plan = {strike(killed_peer_fault, 0, 0, When::after)};
    History history = agent.play(value);
    EXPECT_EQ(call_of(history, 0, 0).result, 10);
    EXPECT_NE(first_of(history, EventKind::death), nullptr);
    value.plan[0].when = When::before;
    history = agent.play(value);
    for (const Event& event : history.events) EXPECT_FALSE(event.kind == EventKind::call && event.actor == 0);
    EXPECT_NE(first_of(history, EventKind::death), nullptr);
    EXPECT_EQ(history.ending, Ending::complete);
}

TEST(Agent, SeesTheEndOfFileThatADeathCauses) {
    Agent agent;
    Case value = case_of({{step(Verb::close, 1), step(Verb::read, 0, 10)}, {step(Verb::nothing), step(Verb::nothing)}},
                         {0, 0, 1, 1});
    value.plan = {strike(killed_peer_fault, 1, 1, When::before)};
    for (int i = 0; i < 20; ++i) {
        const History history = agent.play(value);
        EXPECT_EQ(history.ending, Ending::complete);
        EXPECT_EQ(call_of(history, 0, 1).result, 0);
        EXPECT_NE(call_of(history, 0, 1).ended, 0u);
    }
}

TEST(Agent, RaisesSigpipeInTheWriter) {
    Agent agent;
    Case value = case_of({{step(Verb::close, 0), step(Verb::write, 1, 10)}});
    const History history = agent.play(value);
    EXPECT_EQ(call_of(history, 0, 1).error, Errno::EPIPE_);
    const Event* const signal = first_of(history, EventKind::signal);
    ASSERT_NE(signal, nullptr);
    EXPECT_EQ(signal->signal, Signal::SIGPIPE_);
    EXPECT_EQ(signal->step, 1);
}

TEST(Agent, FaultsAtTheEndOfWhatIsMapped) {
    Agent agent;
    Operation write = step(Verb::write, 1, 100);
    write.buffer.mapped = 0;
    Operation part = step(Verb::read, 0, 8192);
    part.buffer.mapped = 0;
    Operation huge = step(Verb::write, 1, 1ull << 63);
    const History history =
        agent.play(case_of({{write, step(Verb::write, 1, 50), part, huge, step(Verb::read, 0, 100)}}));
    EXPECT_EQ(call_of(history, 0, 0).error, Errno::EFAULT_);
    EXPECT_EQ(call_of(history, 0, 2).error, Errno::EFAULT_);
    EXPECT_EQ(call_of(history, 0, 3).result, -1);
    EXPECT_EQ(call_of(history, 0, 4).result, 50) << "nothing was lost";
}

TEST(Agent, LimitsDescriptorsExactly) {
    Agent agent;
    Operation limit = step(Verb::limit);
    limit.value = 1;
    for (int i = 0; i < 2; ++i) {  // the second shows that the limit is undone
        const History history = agent.play(case_of({{limit, duplicate(0, 4), duplicate(0, 5)}}));
        EXPECT_EQ(call_of(history, 0, 0).result, 0);
        EXPECT_GE(call_of(history, 0, 1).result, 0);
        EXPECT_EQ(call_of(history, 0, 2).error, Errno::EMFILE_);
    }
}

TEST(Agent, RestoresDispositionsBetweenCases) {
    Agent agent;
    Operation standard = step(Verb::signal);
    standard.value = static_cast<std::int64_t>(Signal::SIGPIPE_);
    standard.flags = flag_standard;
    const History dead = agent.play(case_of({{standard, step(Verb::close, 0), step(Verb::write, 1, 1)}}));
    const Event* const death = first_of(dead, EventKind::death);
    ASSERT_NE(death, nullptr);
    EXPECT_EQ(death->signal, Signal::SIGPIPE_);
    standard.flags = flag_ignore;
    EXPECT_EQ(
        first_of(agent.play(case_of({{standard, step(Verb::close, 0), step(Verb::write, 1, 1)}})), EventKind::signal),
        nullptr);
    EXPECT_NE(first_of(agent.play(case_of({{step(Verb::close, 0), step(Verb::write, 1, 1)}})), EventKind::signal),
              nullptr);
}

// A write to a full pipe whose own process gets SIGIO for it: on Linux each try to sleep sends the signal that restarts
// the call, for ever. Whoever plays it must not be taken along.
TEST(Agent, OutlivesACallThatKeepsSignallingItself) {
    Agent agent;
    Operation watch = step(Verb::set_flags, 0);
    watch.flags = flag_async;
    Case value = case_of({{step(Verb::write, 1, 4096), watch, step(Verb::write, 1, 1), step(Verb::nothing)}}, {});
    value.program.objects[0].asked.capacity_bytes = 4096;
    value.program.actors[0].holds = {0, 1};
    for (const Mode mode : {Mode::turns, Mode::free}) {
        value.schedule.mode = mode;
        const History history = agent.play(value);
        EXPECT_EQ(history.ending, Ending::calm);
        EXPECT_NE(first_of(history, EventKind::signal), nullptr);
    }
    EXPECT_EQ(agent.play(case_of({{step(Verb::write, 1, 10)}}, {})).ending, Ending::complete);
}

}  // namespace
}  // namespace crosstalk::agent_test
