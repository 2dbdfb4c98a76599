// The agent's actors as processes and threads: how they begin, what they inherit, share and pass on, how they end, and
// that nothing of them is left.
#include <sys/syscall.h>

#include <set>

#include "mechanisms/catalog.h"
#include "runners/tests/agent_session.h"

namespace crosstalk::agent_test {
namespace {

TEST(Agent, FollowsDuplicates) {
    Agent agent;
    for (const Duplicate how : {Duplicate::dup, Duplicate::dup2, Duplicate::dup3_cloexec, Duplicate::fcntl}) {
        Operation copy = duplicate(1, 5);
        copy.value = static_cast<std::int64_t>(how);
        const History history = agent.play(case_of(
            {{copy, step(Verb::close, 1), step(Verb::write, 5, 10), step(Verb::close, 5), step(Verb::write, 5, 1)},
             {step(Verb::read, 0, 10)}},
            {0, 0, 0, 0, 0, 1}));
        EXPECT_GE(call_of(history, 0, 0).result, 0);
        EXPECT_EQ(call_of(history, 0, 2).result, 10);
        EXPECT_EQ(call_of(history, 0, 4).error, Errno::EBADF_);
        EXPECT_EQ(call_of(history, 1, 0).result, 10);
    }
}

// Also where there is no CLONE_PARENT, and they are orphans that the leader adopts.
TEST(Agent, StartsProcessesThatInherit) {
    Agent agents[2] = {Agent(), Agent(ability_clone_parent)};
    Case value = case_of({{start(1), step(Verb::close, 1), step(Verb::read, 0, 10), step(Verb::read, 0, 10)},
                          {step(Verb::write, 1, 10)}},
                         {0, 0, 0, 0, 1});
    begin_by(value, 1, ActorKind::forked, 0);
    for (const auto& [agent, mode] : {std::pair{0, Mode::turns}, {0, Mode::free}, {1, Mode::turns}, {1, Mode::free}}) {
        value.schedule.mode = mode;
        const History history = agents[agent].play(value);
        EXPECT_EQ(history.ending, Ending::complete);
        EXPECT_EQ(call_of(history, 0, 2).result, 10);
        EXPECT_EQ(call_of(history, 0, 3).result, 0) << "its end closed the last write end";
        const Event* const death = first_of(history, EventKind::death);
        ASSERT_NE(death, nullptr);
        EXPECT_EQ(death->actor, 1);
        EXPECT_EQ(death->signal, Signal::none);
    }
}

// A forked actor's buffers are its own: what its parent has written and read before is neither there nor lost.
TEST(Agent, GivesAForkedActorBuffersOfItsOwn) {
    Agent agent;
    const auto both = [](std::uint64_t bytes) {
        return std::vector<Operation>{step(Verb::write, 1, bytes), step(Verb::read, 0, bytes)};
    };
    std::vector<Operation> parent = both(3000), child = both(5000);
    parent.push_back(start(1));
    parent.insert(parent.end(), {step(Verb::write, 1, 7), step(Verb::read, 0, 7)});
    Case value = case_of({parent, child}, {0, 0, 0, 1, 1, 0, 0});
    begin_by(value, 1, ActorKind::forked, 0);
    for (int i = 0; i < 3; ++i) {
        const History history = agent.play(value);
        ASSERT_EQ(history.ending, Ending::complete);
        const Event &childs = call_of(history, 1, 1), &last = call_of(history, 0, 4);
        ASSERT_EQ(childs.run_count, 1u);
        EXPECT_EQ(history.runs_of(childs)[0], (crosstalk::Run{RunKind::origin, 1, 0, 0, 5000}));
        ASSERT_EQ(last.run_count, 1u);
        EXPECT_EQ(history.runs_of(last)[0].kind, RunKind::raw);
        EXPECT_EQ(history.runs_of(last)[0].length, 7u);
    }
}

TEST(Agent, StartsThreadsThatShare) {
    Agent agent;
    Case value =
        case_of({{start(1), step(Verb::nothing), step(Verb::write, 1, 10)}, {step(Verb::close, 1)}}, {0, 0, 1, 0});
    begin_by(value, 1, ActorKind::thread, 0);
    for (int i = 0; i < 20; ++i) {
        const History history = agent.play(value);
        EXPECT_EQ(history.ending, Ending::complete);
        EXPECT_EQ(call_of(history, 0, 2).error, Errno::EBADF_) << "the thread closed it for both";
    }
}

// dup2 onto a free number is two moments, and a fellow thread may be given that number in between.
TEST(Agent, GivesFellowThreadsNumbersOfTheirOwn) {
    Agent agent;
    std::vector<std::vector<Operation>> actors{{start(1)}, {}};
    for (std::size_t a = 0; a < 2; ++a)
        for (int i = 0; i < 28; ++i) {
            Operation copy = duplicate(1, static_cast<Slot>(2 + 28 * a + static_cast<std::size_t>(i)));
            copy.value = static_cast<std::int64_t>(i % 2 == 0 ? Duplicate::dup2 : Duplicate::fcntl);
            actors[a].push_back(copy);
        }
    Case value = case_of(actors, {});
    begin_by(value, 1, ActorKind::thread, 0);
    value.schedule.mode = Mode::free;
    value.schedule.spread = true;
    for (int round = 0; round < 200; ++round) {
        const History history = agent.play(value);
        std::set<std::int64_t> numbers;
        for (const Event& event : history.events)
            if (event.kind == EventKind::call && event.verb == Verb::dup) {
                ASSERT_TRUE(numbers.insert(event.result).second) << "number " << event.result << " was given twice";
            }
        ASSERT_EQ(numbers.size(), 56u);
    }
}

TEST(Agent, EndsThreadsThatSleepForGood) {
    Agent agent;
    Case value = case_of({{start(1), step(Verb::nothing)}, {step(Verb::read, 0, 10)}}, {0, 1, 0});
    begin_by(value, 1, ActorKind::thread, 0);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(agent.play(value).ending, Ending::calm);
}

TEST(Agent, ComesInAgainAfterExec) {
    for (const std::uint32_t withhold : {0u, std::uint32_t{ability_execveat}}) {
        Agent agent(withhold);
        Operation keep_out = step(Verb::set_cloexec, 1);
        keep_out.value = 1;
        const Case value = case_of({{keep_out, step(Verb::exec), step(Verb::write, 1, 10), step(Verb::read, 0, 10)},
                                    {step(Verb::write, 1, 10)}},
                                   {0, 0, 0, 1, 0});
        for (int i = 0; i < 3; ++i) {
            const History history = agent.play(value);
            EXPECT_EQ(history.ending, Ending::complete);
            EXPECT_EQ(call_of(history, 0, 1).result, 0);
            EXPECT_NE(call_of(history, 0, 1).ended, 0u);
            EXPECT_EQ(call_of(history, 0, 2).error, Errno::EBADF_) << "close-on-exec took it";
            EXPECT_EQ(call_of(history, 0, 3).result, 10);
        }
    }
}

TEST(Agent, PassesDescriptorsOn) {
    Agent agent;
    Operation pass = step(Verb::pass, mailbox_of(1));
    pass.uses[1] = 1;
    Operation receive = step(Verb::receive, mailbox_of(1));
    receive.makes[0] = 9;
    Case value = case_of({{pass, step(Verb::close, 1), step(Verb::read, 0, 10), step(Verb::read, 0, 10)},
                          {receive, step(Verb::write, 9, 10), step(Verb::close, 9)}},
                         {1, 0, 0, 0, 1, 1, 0});
    value.program.actors[1].holds.clear();
    const History history = agent.play(value);
    EXPECT_EQ(history.ending, Ending::complete);
    EXPECT_EQ(call_of(history, 1, 0).value, 1);
    ASSERT_EQ(call_of(history, 1, 0).run_count, 1u);
    EXPECT_EQ(history.runs_of(call_of(history, 1, 0))[0], (crosstalk::Run{RunKind::origin, 0, 0, 0, 1}));
    EXPECT_EQ(call_of(history, 1, 1).result, 10);
    EXPECT_EQ(call_of(history, 0, 3).result, 0);
}

TEST(Agent, ExitsWithAStatus) {
    Agent agent;
    Operation leave = step(Verb::exit);
    leave.value = 7;
    const History history = agent.play(case_of({{leave}, {step(Verb::nothing)}}));
    EXPECT_EQ(history.ending, Ending::complete);
    const Event* const death = first_of(history, EventKind::death);
    ASSERT_NE(death, nullptr);
    EXPECT_EQ(death->value, 7);
    EXPECT_EQ(call_of(history, 0, 0).ended, 0u);
}

// No signal ends a wait for a lock, so that it is the end of the case that must: else each such case waits for a kill.
TEST(Agent, KeepsTheProcessesThatSleptForALock) {
    Agent agent;
    Operation attach = step(Verb::attach, 0, 4096);
    attach.flags = flag_writable;
    attach.makes[0] = 2;
    Case value = case_of({{attach, step(Verb::lock, 2)}, {attach, step(Verb::lock, 2)}}, {0, 0, 1, 1});
    value.program.objects[0] = {*mechanism_named("shm-posix"), {.capacity_bytes = 4096}};
    for (Actor& actor : value.program.actors) actor.holds = {0};
    const Case quiet = case_of({{step(Verb::nothing)}, {step(Verb::nothing)}});
    agent.play(quiet);
    const std::vector<int> before = children_of(agent.pid());
    EXPECT_EQ(agent.play(value).ending, Ending::calm);
    agent.play(quiet);
    EXPECT_EQ(children_of(agent.pid()), before);
}

TEST(Agent, LeavesNothingBehindWhenKilled) {
    Agent agent;
    Case value = case_of({{step(Verb::read, 0, 10)}, {step(Verb::read, 0, 10)}});
    agent.play(value);
    value.schedule.mode = Mode::free;
    agent.play(value);
    const std::vector<int> children = children_of(agent.pid());
    EXPECT_GE(children.size(), 3u) << "a zygote and two workers";
    std::vector<pollfd> ends;  // readable once the process has ended, reaped or not: pidfd_open(2)
    for (const int child : children) ends.push_back({static_cast<int>(::syscall(SYS_pidfd_open, child, 0)), POLLIN, 0});
    agent.send(FrameKind::play, 9, encode(value));
    agent.kill();
    for (std::size_t i = 0; i < ends.size(); ++i) {
        EXPECT_GE(ends[i].fd, 0) << "child " << children[i] << " was gone before";
        EXPECT_EQ(::poll(&ends[i], 1, 10'000), 1) << "child " << children[i] << " lives on";
        ::close(ends[i].fd);
    }
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm", none))
        EXPECT_EQ(entry.path().filename().string().find("crosstalk"), std::string::npos);
}

}  // namespace
}  // namespace crosstalk::agent_test
