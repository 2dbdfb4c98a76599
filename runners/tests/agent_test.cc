// The agent over its pipes, as any target would run it: what it plays, in which order, and what it writes down.
// The judge is not asked here; these are facts about the agent on any kernel that has pipes.
#include "runners/tests/agent_session.h"

namespace crosstalk::agent_test {
namespace {

TEST(Agent, SaysWhatItsPlaceIsLike) {
    Agent agent;
    for (const char* key : {"kernel", "machine", "libc", "page_bytes", "pipe_buf", "pipe_default_bytes", "iov_max",
                            "open_files_limit", "uid", "cores", "abilities", "ladder", "pipe_accounting_private"})
        EXPECT_NE(agent.environment().text(key), "") << key;
    EXPECT_EQ(agent.end(), 0);
}

TEST(Agent, RecordsAWriteAndTheReadThatGetsItsBytes) {
    Agent agent;
    const History history = agent.play(case_of({{step(Verb::write, 1, 100)}, {step(Verb::read, 0, 4096)}}, {0, 1}));
    EXPECT_EQ(history.ending, Ending::complete);
    const Event &write = call_of(history, 0, 0), &read = call_of(history, 1, 0);
    EXPECT_EQ(write.result, 100);
    EXPECT_EQ(write.times, 1u);
    EXPECT_EQ(read.result, 100);
    EXPECT_EQ(read.times, 0u) << "a short call is not counted";
    EXPECT_LT(write.ended, read.began);
    ASSERT_EQ(read.run_count, 1u);
    EXPECT_EQ(history.runs_of(read)[0], (crosstalk::Run{RunKind::origin, 0, 0, 0, 100}));
    ASSERT_FALSE(history.events.empty());
    EXPECT_EQ(history.events[0].kind, EventKind::probe);
    EXPECT_EQ(history.events[0].value, agent.environment().number("pipe_default_bytes", 0));
}

TEST(Agent, RemovesTheHalfMadeSemaphoreOfALaneThatIsGoneAndNobodyElses) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root may give a file to another user";
    constexpr unsigned first_lane_user = 0x60000000;
    const pid_t gone = ::fork();
    if (gone == 0) ::_exit(0);
    ::waitpid(gone, nullptr, 0);
    const std::string theirs = "/dev/shm/sem.xtlane", ours = "/dev/shm/sem.xtself";
    for (const std::string& path : {theirs, ours}) std::ofstream(path) << "";
    ASSERT_EQ(::chown(theirs.c_str(), first_lane_user + static_cast<unsigned>(gone), 0), 0);
    Agent agent;
    EXPECT_NE(agent.environment().text("mechanisms"), "");
    EXPECT_FALSE(std::filesystem::exists(theirs));
    EXPECT_TRUE(std::filesystem::remove(ours));
    EXPECT_EQ(agent.end(), 0);
}

TEST(Agent, TakesTurnsInTheOrderOfTheChoices) {
    Agent agent;
    const std::vector<ActorId> choices{2, 0, 1, 1, 2, 0, 0, 2, 1};
    const std::vector<Operation> three(3, step(Verb::nothing));
    const History history = agent.play(case_of({three, three, three}, choices));
    std::vector<ActorId> order;
    for (const Event& event : history.events)
        if (event.kind == EventKind::call) order.push_back(event.actor);
    EXPECT_EQ(order, choices);
}

TEST(Agent, PlaysFreeCasesToTheirEnd) {
    Agent agent;
    for (const bool spread : {false, true}) {
        Case value = case_of({std::vector<Operation>(20, step(Verb::write, 1, 10)),
                              std::vector<Operation>(20, step(Verb::read, 0, 10))});
        value.schedule.mode = Mode::free;
        value.schedule.spread = spread;
        value.schedule.delays = {{0, 3, 5000}, {1, 0, 2000}};
        for (int i = 0; i < 50; ++i) {
            const History history = agent.play(value);
            EXPECT_EQ(history.ending, Ending::complete);
            std::int64_t bytes = 0;
            for (const Event& event : history.events)
                if (event.kind == EventKind::call && event.actor == 1) bytes += event.result;
            EXPECT_EQ(bytes, 200);
        }
    }
}

TEST(Agent, GivesTheSameTraceAThousandTimes) {
    Agent agent;
    const Case value = sleepy_case();
    const std::string first = trace_of(agent.play(value));
    for (int i = 1; i < 1000; ++i) ASSERT_EQ(trace_of(agent.play(value)), first) << "replay " << i;
}

TEST(Agent, GivesTheSameTraceOnEveryRungThatPromisesIt) {
    const Case value = sleepy_case();
    const std::string first = trace_of(Agent().play(value));
    for (const std::uint32_t withhold :
         {std::uint32_t{ability_fifo_scheduling}, std::uint32_t{ability_memfd}, std::uint32_t{ability_lane_user},
          std::uint32_t{ability_clone_parent},
          std::uint32_t{ability_fifo_scheduling | ability_lane_user | ability_pidfd_getfd | ability_execveat}}) {
        Agent agent(withhold);
        for (int i = 0; i < 20; ++i) EXPECT_EQ(trace_of(agent.play(value)), first) << "withheld " << withhold;
    }
}

TEST(Agent, PlaysTheSameCasesWithoutProcAndPriority) {
    Agent agent(ability_fifo_scheduling | ability_proc);
    EXPECT_EQ(agent.environment().text("ladder"), "time");
    const History history = agent.play(case_of({{step(Verb::read, 0, 10)}, {step(Verb::write, 1, 10)}}, {0, 1}));
    EXPECT_EQ(history.ending, Ending::complete);
    EXPECT_EQ(call_of(history, 0, 0).result, 10);
}

// The first read cannot sleep, the second can, since another has taken O_NONBLOCK from the description meanwhile. Were
// that not noticed, the turn would stay with the sleeper, and the write never come.
TEST(Agent, NoticesThatAnotherHasChangedTheFlags) {
    Agent agent;
    Case value = case_of({{step(Verb::read, 0, 10), step(Verb::read, 0, 10), step(Verb::read, 0, 10)},
                          {step(Verb::set_flags, 0), step(Verb::write, 1, 10)}},
                         {0, 0, 1, 0, 1});
    value.program.objects[0].asked.flags = flag_nonblock;
    const History history = agent.play(value);
    EXPECT_EQ(history.ending, Ending::complete);
    EXPECT_EQ(call_of(history, 0, 1).error, Errno::EAGAIN_);
    EXPECT_EQ(call_of(history, 0, 2).result, 10);
    EXPECT_LT(call_of(history, 0, 2).began, call_of(history, 1, 1).began);
    EXPECT_LT(call_of(history, 1, 1).began, call_of(history, 0, 2).ended);
}

// A closed slot that is made again is another description, though the number is the same.
TEST(Agent, NoticesThatASlotIsAnotherDescription) {
    Agent agent;
    Case value = case_of({{step(Verb::read, 0, 10), step(Verb::close, 0), duplicate(2, 0), step(Verb::read, 0, 10)},
                          {step(Verb::nothing), step(Verb::write, 3, 10)}},
                         {0, 0, 0, 0, 1, 1});
    value.program.objects.resize(2);
    value.program.objects[0].asked.flags = flag_nonblock;
    for (Actor& actor : value.program.actors) actor.holds = {0, 1, 2, 3};
    const History history = agent.play(value);
    EXPECT_EQ(history.ending, Ending::complete);
    EXPECT_EQ(call_of(history, 0, 0).error, Errno::EAGAIN_);
    EXPECT_EQ(call_of(history, 0, 3).result, 10);
    EXPECT_LT(call_of(history, 1, 1).began, call_of(history, 0, 3).ended);
}

TEST(Agent, RecordsTheCalmPoint) {
    Agent agent;
    for (const Mode mode : {Mode::turns, Mode::free, Mode::turns}) {
        Case value = case_of({{step(Verb::write, 1, 10), step(Verb::nothing)},
                              {step(Verb::read, 0, 10), step(Verb::read, 0, 1), step(Verb::nothing)}},
                             {0, 0, 1, 1, 1});
        value.schedule.mode = mode;
        const History history = agent.play(value);
        EXPECT_EQ(history.ending, Ending::calm);
        const Event* const asleep = first_of(history, EventKind::asleep);
        ASSERT_NE(asleep, nullptr);
        EXPECT_EQ(call_of(history, asleep->actor, asleep->step).ended, 0u);
        const Event* const probe = first_of(history, EventKind::probe);
        if (agent.environment().text("abilities").find("pidfd_getfd") == std::string_view::npos) continue;
        ASSERT_NE(probe, nullptr);
        EXPECT_GE(probe->result, 0);
    }
}

// A receive buffer that shrinks below what is under way: it is dropped, and sent again after ever longer times.
TEST(Agent, EndsThoughAReceiverHasNoRoomForWhatIsSentAgain) {
    Agent agent;
    Operation first = step(Verb::send, 0, 40'000), shrink = step(Verb::set_option, 1);
    first.flags = flag_nonblock;
    shrink.value = static_cast<std::int64_t>(SocketOption::receive_buffer) | 1 << 8;
    const Operation more = step(Verb::send, 0, 40'000);
    Case value = case_of({{first, more, more}, {shrink, step(Verb::recv, 1, 20'000)}}, {0, 1, 1, 0, 0});
    value.program.objects[0] = {*mechanism_named("tcp4"), {.capacity_bytes = 8192}};
    const History history = agent.play(value);
    EXPECT_EQ(history.ending, Ending::calm);
    EXPECT_NE(first_of(history, EventKind::asleep), nullptr);
}

// listen(2): who finds no room is ignored, and tries again after ever longer times.
TEST(Agent, EndsThoughAFullBacklogAnswersNobody) {
    Agent agent;
    const auto named = [](Verb verb, Slot slot) {
        Operation operation = step(verb);
        (verb == Verb::socket ? operation.makes : operation.uses)[0] = slot;
        return operation;
    };
    std::vector<Operation> connects;
    for (Slot slot = 33; slot < 37; ++slot)
        for (const Verb verb : {Verb::socket, Verb::connect}) connects.push_back(named(verb, slot));
    Case value = case_of({{named(Verb::socket, 32), named(Verb::bind, 32), named(Verb::listen, 32)}, connects},
                         {0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1});
    value.program.objects[0] = {*mechanism_named("tcp4"), {}};
    for (Actor& actor : value.program.actors) actor.holds.clear();
    const History history = agent.play(value);
    EXPECT_EQ(history.ending, Ending::calm);
    const Event* const asleep = first_of(history, EventKind::asleep);
    ASSERT_NE(asleep, nullptr);
    EXPECT_EQ(asleep->verb, Verb::connect);
}

TEST(Agent, WaitsForAPollWithATimeLimit) {
    Agent agent;
    Operation poll = step(Verb::poll, 0);
    poll.value = poll_in;
    poll.timeout_ns = 20000000;
    const History history = agent.play(case_of({{poll}, {step(Verb::write, 1, 1)}}, {0, 1}));
    EXPECT_EQ(call_of(history, 0, 0).result, 0);
    EXPECT_GE(call_of(history, 0, 0).took_ns, 20000000);
    EXPECT_GT(call_of(history, 1, 0).began, call_of(history, 0, 0).ended);
}

TEST(Agent, PlaysRepeatedCallsUnderOneRecord) {
    Agent agent;
    Case value =
        case_of({{step(Verb::write, 1, 1, 70000)}, {step(Verb::nothing), step(Verb::read, 0, 1, 65536)}}, {0, 1, 1});
    value.program.objects[0].asked.flags = flag_nonblock;
    const History history = agent.play(value);
    EXPECT_EQ(call_of(history, 0, 0).result, 65536);
    EXPECT_EQ(call_of(history, 0, 0).times, 65536u);
    EXPECT_EQ(call_of(history, 0, 0).error, Errno::EAGAIN_);
    EXPECT_EQ(call_of(history, 1, 1).result, 65536);
    std::uint64_t bytes = 0;
    for (const crosstalk::Run& run : history.runs_of(call_of(history, 1, 1))) bytes += run.length;
    EXPECT_EQ(bytes, 65536u);
}

TEST(Agent, AnswersInOrderHoweverManyAreInFlight) {
    Agent agent;
    const Case value = case_of({{step(Verb::write, 1, 10)}, {step(Verb::read, 0, 10)}});
    for (std::uint64_t serial = 1; serial <= 100; ++serial) agent.send(FrameKind::play, serial, encode(value));
    for (std::uint64_t serial = 1; serial <= 100; ++serial) {
        const std::optional<Frame> frame = agent.receive();
        ASSERT_TRUE(frame.has_value());
        EXPECT_EQ(frame->serial, serial);
    }
}

}  // namespace
}  // namespace crosstalk::agent_test
