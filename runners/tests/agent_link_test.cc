// The agent and the link between its two hosts: what the plan says happens to the packets that it names and to no
// others, the log tells it, and nothing outlives the agent. What sockets make of it is clauses elsewhere.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults/delivery.h"
#include "mechanisms/catalog.h"
#include "mechanisms/system/fd.h"
#include "runners/tests/agent_session.h"

namespace crosstalk::agent_test {
namespace {

using testing::Test;

// "0 lost, 1 delivered": what became of the datagrams to end 1, by the step that sent them.
std::string log_of(const History& history) {
    constexpr std::string_view fates[] = {"delivered", "lost", "refused", "no room"};
    std::string text;
    for (const Event& event : history.events) {
        if (event.kind != EventKind::delivery || fate_of(event) == Fate::quiet || end_of(event) != 1) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(event.step) + " ";
        text += fates[static_cast<std::size_t>(fate_of(event))];
        if (again_of(event)) text += " again";
    }
    return text;
}

std::int64_t times_fired(const History& history) {
    const Event* const fault = first_of(history, EventKind::fault);
    return fault == nullptr ? -1 : fault->result;
}

class Link : public Test {
  protected:
    void SetUp() override {
        if (agent_.environment().text("abilities").find("two_hosts") == std::string_view::npos)
            GTEST_SKIP() << "two network namespaces cannot be made here";
    }
    // Three datagrams of 40, 50 and 60 bytes from end 0, and three receives at end 1 that do not sleep.
    Case three(std::string_view mechanism, std::int64_t argument, StepId struck = 0) {
        std::vector<Operation> sends{step(Verb::send, 0, 40), step(Verb::send, 0, 50), step(Verb::send, 0, 60)};
        std::vector<Operation> receives(3, step(Verb::recv, 1, 100));
        for (Operation& each : receives) each.flags = flag_nonblock;
        Case value = case_of({sends, receives}, {0, 0, 0, 1, 1, 1});
        value.program.objects[0] = {*mechanism_named(mechanism), {}};
        value.program.links = {{0, 1}};
        value.plan = {strike(lossy_link_fault, 0, struck, When::after)};
        value.plan[0].argument = argument;
        return value;
    }
    Agent agent_;
};

TEST_F(Link, DoesWithADatagramWhatThePlanSays) {
    for (const std::string_view mechanism : {"udp4", "udp6"}) {
        const auto after = [&](std::int64_t argument) { return log_of(agent_.play(three(mechanism, argument))); };
        EXPECT_EQ(after(0), "0 lost, 1 delivered, 2 delivered") << mechanism;
        EXPECT_EQ(after(1), "0 delivered, 0 delivered again, 1 delivered, 2 delivered") << mechanism;
        EXPECT_EQ(after(2), "1 delivered, 0 delivered, 2 delivered") << mechanism;
        EXPECT_EQ(after(3), "1 delivered, 2 delivered, 0 delivered") << mechanism;
        EXPECT_EQ(after(-2), "0 lost, 1 lost, 2 delivered") << mechanism;
        EXPECT_EQ(after(-64), "0 lost, 1 lost, 2 lost") << mechanism;
    }
}

TEST_F(Link, HoldsADatagramUntilNobodyElseCanMove) {
    Case value = three("udp4", 63);
    value.program.actors[1].steps[2].flags = 0;  // sleeps
    const History history = agent_.play(value);
    EXPECT_EQ(log_of(history), "1 delivered, 2 delivered, 0 delivered");
    EXPECT_EQ(call_of(history, 1, 0).result, 50);
    EXPECT_EQ(call_of(history, 1, 2).result, 40);
    EXPECT_EQ(history.ending, Ending::complete);
}

TEST_F(Link, SaysThatItHasStruckOnlyIfItHas) {
    EXPECT_EQ(times_fired(agent_.play(three("udp4", 0, 2))), 1);
    Case unsent = three("udp4", 0, 2);
    unsent.program.actors[0].steps.insert(unsent.program.actors[0].steps.begin(), step(Verb::close, 0));
    unsent.plan[0].step = 3;
    EXPECT_EQ(times_fired(agent_.play(unsent)), 0);
    Case on_one_host = three("udp4", 0);
    on_one_host.program.links.clear();
    const History history = agent_.play(on_one_host);
    EXPECT_EQ(times_fired(history), 0);
    EXPECT_EQ(log_of(history), "");
}

TEST_F(Link, TellsWhatAHostRefused) {
    Case value = three("udp4", 1);
    value.program.actors[0].holds = {0};
    value.program.actors[1].holds = {1};
    value.program.actors[1].steps = {step(Verb::close, 1)};
    value.schedule.choices = {1, 0, 0, 0};
    const History history = agent_.play(value);
    EXPECT_EQ(log_of(history), "0 refused, 0 refused again, 2 refused");
    EXPECT_EQ(call_of(history, 0, 1).error, Errno::ECONNREFUSED_);
}

TEST_F(Link, HidesNoLossFromAStreamForGood) {
    for (const std::string_view mechanism : {"tcp4", "tcp6"})
        for (const std::int64_t argument : {0, 1, 2, 3, 63, -2}) {
            Case value = three(mechanism, argument, 1);
            value.program.actors[0].steps[1].buffer.bytes = 2000;
            value.program.actors[1].steps = {step(Verb::recv, 1, 2100)};
            value.program.actors[1].steps[0].flags = flag_wait_all;
            const History history = agent_.play(value);
            EXPECT_EQ(call_of(history, 1, 0).result, 2100) << mechanism << " " << argument;
            EXPECT_EQ(times_fired(history), 1) << mechanism << " " << argument;
        }
}

TEST_F(Link, GoesWithAnAgentThatIsKilled) {
    agent_.play(three("tcp4", 0));
    const std::vector<int> pids = children_of(agent_.pid());
    ASSERT_GE(pids.size(), 3u);  // who keeps the hosts, who forks workers, and these
    std::vector<Fd> ends;
    for (const int pid : pids) ends.emplace_back(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    agent_.kill();
    for (const Fd& end : ends) {  // pidfd_open(2): readable when the process has ended
        pollfd told{end.number(), POLLIN, 0};
        EXPECT_EQ(::poll(&told, 1, 5000), 1);
    }
}

}  // namespace
}  // namespace crosstalk::agent_test
