// The journal survives its writers, bounds what they write, and gathers it in the order of stamps.
#include "mechanisms/journal.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <new>

#include "mechanisms/system/child.h"
#include "mechanisms/system/mapping.h"

namespace crosstalk {
namespace {

struct Shared {
    Mapping mapping = Mapping::anonymous(sizeof(Journal), true);
    Journal& journal = *new (mapping.start()) Journal;
};

TEST(Journal, CountsStampsFromOneWithoutGaps) {
    const auto journal = std::make_unique<Journal>();
    for (Stamp expected = 1; expected <= 100; ++expected) EXPECT_EQ(journal->stamp(), expected);
}

TEST(Journal, KeepsTheOpenCallOfAKilledWriter) {
    Shared shared;
    Journal& journal = shared.journal;
    journal.clear(3, 2);
    const int pid = fork_raw(false);
    if (pid == 0) {
        Event& record = journal.logs[3].calls[0];
        record.actor = 3;
        journal.begin(record);
        kernel::kill(kernel::pid(), SIGKILL);
        kernel::exit_process(1);
    }
    ASSERT_GT(pid, 0);
    int status = 0;
    ASSERT_EQ(kernel::call(SYS_wait4, pid, &status, 0, nullptr), pid);
    ASSERT_TRUE(WIFSIGNALED(status));
    const std::array<std::size_t, 4> steps{0, 0, 0, 2};
    const History history = gather(journal, steps, {});
    ASSERT_EQ(history.events.size(), 1u);
    EXPECT_EQ(history.events[0].actor, 3);
    EXPECT_EQ(history.events[0].began, 1u);
    EXPECT_EQ(history.events[0].ended, 0u);
}

TEST(Journal, LeavesOutWhatHasNotBegun) {
    const auto journal = std::make_unique<Journal>();
    journal->clear(0, 3);
    journal->logs[0].calls[1].verb = Verb::write;
    const std::array<std::size_t, 1> steps{3};
    EXPECT_TRUE(gather(*journal, steps, {}).events.empty());
}

TEST(Journal, GathersInTheOrderOfStampsAndMovesRunsAlong) {
    const auto journal = std::make_unique<Journal>();
    for (const ActorId actor : {ActorId{1}, ActorId{0}}) {
        journal->clear(actor, 1);
        Log& log = journal->logs[actor];
        Event& record = log.calls[0];
        record.actor = actor;
        journal->begin(record);
        log.raw[0] = static_cast<std::uint8_t>(10 + actor);
        log.runs[0] = {RunKind::raw, 0, 0, 0, 1};
        record.run_count = 1;
        journal->end(record, journal->stamp());
    }
    const std::array<std::size_t, 2> steps{1, 1};
    const History history = gather(*journal, steps, {});
    ASSERT_EQ(history.events.size(), 2u);
    EXPECT_EQ(history.events[0].actor, 1);
    EXPECT_EQ(history.events[1].actor, 0);
    for (const Event& event : history.events) {
        ASSERT_EQ(event.run_count, 1u);
        EXPECT_EQ(history.raw[history.runs_of(event)[0].offset], 10 + event.actor);
    }
}

TEST(Journal, BoundsNotesAndCountsWhatIsLost) {
    const auto journal = std::make_unique<Journal>();
    journal->clear(0, 0);
    Event note{};
    note.kind = EventKind::signal;
    for (std::size_t i = 0; i < max_log_notes + 5; ++i) journal->note(0, note);
    EXPECT_EQ(journal->logs[0].notes_lost.load(), 5u);
    const std::array<std::size_t, 1> steps{0};
    EXPECT_EQ(gather(*journal, steps, {}).events.size(), max_log_notes);
    journal->clear(0, 0);
    EXPECT_TRUE(gather(*journal, steps, {}).events.empty());
}

}  // namespace
}  // namespace crosstalk
