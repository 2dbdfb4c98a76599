// The agent and faults beyond signals and kills: who is stopped goes on, a limit lasts for one call, what is only
// looked for has fired only where it was seen. Each also without /proc and without real-time priorities.
#include "runners/tests/agent_session.h"

namespace crosstalk::agent_test {
namespace {

constexpr std::uint32_t ladders[] = {0, ability_fifo_scheduling, ability_fifo_scheduling | ability_proc};

// What the history says of the plan's injection: 1 fired, 0 not, -1 nothing.
std::int64_t fired(const History& history) {
    const Event* const fault = first_of(history, EventKind::fault);
    return fault == nullptr ? -1 : fault->result;
}

Operation signal_step(std::uint16_t flags) {
    Operation operation = step(Verb::signal);
    operation.value = static_cast<std::int64_t>(Signal::SIGUSR1_);
    operation.flags = flags;
    return operation;
}

TEST(Agent, LetsAStoppedSleeperGoOnAsThoughNothingHadHappened) {
    for (const std::uint32_t withheld : ladders) {
        Agent agent(withheld);
        for (const Mode mode : {Mode::turns, Mode::free})
            for (const std::int64_t turns : {0, 1}) {
                Case value =
                    case_of({{step(Verb::read, 0, 10)}, {step(Verb::nothing), step(Verb::nothing)}}, {0, 1, 1});
                value.program.actors.push_back(value.program.actors[1]);
                value.program.actors[2].steps = {step(Verb::write, 1, 10)};
                value.schedule.mode = mode;
                value.plan = {strike(stopped_peer_fault, 0, 0, When::asleep)};
                value.plan[0].argument = turns;
                for (int i = 0; i < 3; ++i) {
                    const History history = agent.play(value);
                    EXPECT_EQ(history.ending, Ending::complete);
                    EXPECT_EQ(call_of(history, 0, 0).result, 10);
                    EXPECT_TRUE(mode == Mode::free || fired(history) == 1);
                }
            }
    }
}

TEST(Agent, BeginsAStoppedCallOnlyWhenItsTurnsAreOver) {
    for (const std::uint32_t withheld : ladders) {
        Agent agent(withheld);
        std::vector<Operation> three(3, step(Verb::nothing));
        Case value = case_of({{step(Verb::nothing)}, three}, {0, 1, 1, 1});
        value.plan = {strike(stopped_peer_fault, 0, 0, When::before)};
        History history = agent.play(value);
        EXPECT_GT(call_of(history, 0, 0).began, call_of(history, 1, 2).ended) << "nobody else can move";
        value.plan[0].argument = 1;
        history = agent.play(value);
        EXPECT_GT(call_of(history, 0, 0).began, call_of(history, 1, 0).began);
        EXPECT_LT(call_of(history, 0, 0).began, call_of(history, 1, 1).began);
        EXPECT_EQ(history.ending, Ending::complete);
        EXPECT_EQ(fired(history), 1);
    }
}

TEST(Agent, ContinuesInFreeWhoeverIsStoppedWhenTheOthersOnlySleep) {
    for (const std::uint32_t withheld : ladders)
        for (const std::int64_t looks : {0, 2}) {
            Agent agent(withheld);
            Case value = case_of({{step(Verb::read, 0, 10)}, {step(Verb::write, 1, 10)}});
            value.schedule.mode = Mode::free;
            value.plan = {strike(stopped_peer_fault, 1, 0, When::before)};
            value.plan[0].argument = looks;
            const History history = agent.play(value);
            EXPECT_EQ(history.ending, Ending::complete);
            EXPECT_EQ(call_of(history, 0, 0).result, 10);
            EXPECT_EQ(fired(history), 1);
        }
}

TEST(Agent, StopsAllThreadsOfAProcessAndGivesThemNoTurn) {
    Agent agent;
    Case value = case_of({{start(1), step(Verb::nothing)}, {step(Verb::nothing)}, {step(Verb::nothing)}}, {0, 0, 1, 2});
    begin_by(value, 1, ActorKind::thread, 0);
    value.plan = {strike(stopped_peer_fault, 0, 1, When::before)};
    for (int i = 0; i < 5; ++i) {
        const History history = agent.play(value);
        EXPECT_EQ(history.ending, Ending::complete);
        EXPECT_GT(call_of(history, 0, 1).began, call_of(history, 2, 0).ended);
        EXPECT_GT(call_of(history, 1, 0).began, call_of(history, 2, 0).ended);
    }
}

TEST(Agent, LeavesNobodyStoppedWhenACaseIsCutOff) {
    Agent agent(0, 50);
    Case value = case_of({{step(Verb::nothing)}, {step(Verb::poll, 0)}}, {0, 1});
    value.program.actors[1].steps[0].timeout_ns = 5'000'000'000;
    value.plan = {strike(stopped_peer_fault, 0, 0, When::before)};
    const Case quiet = case_of({{step(Verb::nothing)}, {step(Verb::nothing)}});
    agent.play(quiet);
    const std::vector<int> workers = children_of(agent.pid());
    EXPECT_EQ(agent.play(value).ending, Ending::bounded);
    EXPECT_EQ(agent.play(quiet).ending, Ending::complete);
    EXPECT_EQ(children_of(agent.pid()), workers) << "continued, not killed and replaced";
}

TEST(Agent, LowersTheLimitForOneCall) {
    Agent agent;
    Operation create = step(Verb::create);
    create.object = 1;
    create.makes = {40, 41, no_slot, no_slot};
    Case value = case_of({{create, duplicate(0, 42)}});
    value.program.objects.resize(2);
    for (const std::int64_t left : {0, 1, 2}) {
        value.plan = {strike(descriptor_limit_fault, 0, 0, When::before)};
        value.plan[0].argument = left;
        const History history = agent.play(value);
        EXPECT_EQ(call_of(history, 0, 0).error, left < 2 ? Errno::EMFILE_ : Errno::none);
        EXPECT_EQ(fired(history), left < 2 ? 1 : 0) << "two are enough";
        EXPECT_EQ(call_of(history, 0, 1).error, Errno::none) << "the limit is what it was";
    }
}

TEST(Agent, KeepsOutReceivedDescriptorsThatHaveNoNumber) {
    Agent agent;
    Operation pass = step(Verb::pass, mailbox_of(0));
    pass.uses = {mailbox_of(0), 0, 1, no_slot};
    Operation receive = step(Verb::receive, mailbox_of(0));
    receive.makes = {40, 41, no_slot, no_slot};
    Case value = case_of({{pass, receive, duplicate(0, 42)}});
    value.plan = {strike(descriptor_limit_fault, 0, 1, When::before)};
    for (const std::int64_t left : {0, 1, 2}) {
        value.plan[0].argument = left;
        const History history = agent.play(value);
        EXPECT_EQ(call_of(history, 0, 1).value, left);
        EXPECT_EQ(fired(history), left < 2 ? 1 : 0);
        EXPECT_EQ(call_of(history, 0, 2).error, Errno::none);
    }
}

TEST(Agent, SaysThatACallMovedOnlyAPart) {
    Agent agent;
    Case value = case_of(
        {{step(Verb::write, 1, 10), step(Verb::read, 0, 20), step(Verb::write, 1, 10), step(Verb::read, 0, 10)}});
    value.plan = {strike(short_transfer_fault, 0, 1, When::after)};
    EXPECT_EQ(fired(agent.play(value)), 1);
    value.plan = {strike(short_transfer_fault, 0, 3, When::after)};
    EXPECT_EQ(fired(agent.play(value)), 0) << "all that it asked for";
}

TEST(Agent, SaysThatAWriteMetTheFullBuffer) {
    Agent agent;
    Case value =
        case_of({{step(Verb::write, 1, 4096), step(Verb::write, 1, 1)}, {step(Verb::read, 0, 5000)}}, {0, 0, 1});
    value.program.objects[0].asked.capacity_bytes = 4096;
    for (const StepId at : {StepId{0}, StepId{1}}) {
        value.plan = {strike(full_buffer_fault, 0, at, When::asleep)};
        EXPECT_EQ(fired(agent.play(value)), at) << "the second sleeps for room";
    }
    value.program.objects[0].asked.flags = flag_nonblock;
    for (const StepId at : {StepId{0}, StepId{1}}) {
        value.plan = {strike(full_buffer_fault, 0, at, When::after)};
        EXPECT_EQ(fired(agent.play(value)), at) << "the second is refused";
    }
}

TEST(Agent, SpinsWhereOthersMoveAtTheSameTime) {
    Agent agent;
    Case value = case_of({{step(Verb::write, 1, 10)}});
    value.plan = {strike(delay_fault, 0, 0, When::before)};
    value.plan[0].argument = 1000;
    EXPECT_EQ(fired(agent.play(value)), 0);
    value.schedule.mode = Mode::free;
    EXPECT_EQ(fired(agent.play(value)), 1);
}

TEST(Agent, LetsABlockedOrIgnoredSignalPassByASleeper) {
    for (const std::uint16_t flags : {flag_block, flag_ignore}) {
        Agent agent;
        Case value = case_of({{signal_step(flags), step(Verb::read, 0, 10)}, {step(Verb::write, 1, 10)}}, {0, 0, 1});
        value.plan = {strike(interruption_fault, 0, 1, When::asleep)};
        value.plan[0].argument = 3;
        const History history = agent.play(value);
        EXPECT_EQ(call_of(history, 0, 1).result, 10);
        EXPECT_EQ(first_of(history, EventKind::signal), nullptr);
        EXPECT_EQ(fired(history), 1);
        const History next = agent.play(case_of({{step(Verb::nothing)}}));
        EXPECT_EQ(first_of(next, EventKind::signal), nullptr) << "what was pending stays with its case";
    }
}

TEST(Agent, InterruptsAWriteOfWhichAPartWentIn) {
    Agent agent;
    Case value = case_of({{step(Verb::write, 1, 10000)}, {step(Verb::nothing)}}, {0, 1});
    value.program.objects[0].asked.capacity_bytes = 4096;
    value.plan = {strike(interruption_fault, 0, 0, When::asleep)};
    for (const bool restart : {false, true}) {
        value.plan[0].restart = restart;
        const History history = agent.play(value);
        EXPECT_EQ(call_of(history, 0, 0).result, 4096);
        EXPECT_EQ(call_of(history, 0, 0).error, Errno::none);
    }
}

}  // namespace
}  // namespace crosstalk::agent_test
