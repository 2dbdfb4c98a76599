// Real histories that a former judge called broken promises, each for a mistake of its own. None may ever be accused
// again.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "faults/text/history_text.h"
#include "properties/judge.h"
#include "properties/tests/pipe_simulator.h"

namespace crosstalk {
namespace {

std::vector<std::filesystem::path> histories() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(CROSSTALK_SOURCE_DIR "/properties/tests/histories"))
        files.push_back(entry.path());
    return files;
}

Recording recording_in(const std::filesystem::path& file) {
    std::ifstream in(file);
    return history_from_text(std::string(std::istreambuf_iterator<char>(in), {})).value();
}

Verdict verdict_on(const Recording& recording) {
    JudgeOptions options;
    options.case_number = recording.case_number;
    return judge(*recording.played, recording.history, recording.environment, options);
}

TEST(Judge, NeverAgainAccusesWhatItOnceAccusedWrongly) {
    EXPECT_GE(histories().size(), 7u);
    for (const auto& file : histories()) {
        const Verdict verdict = verdict_on(recording_in(file));
        EXPECT_TRUE(verdict.answer == Answer::holds || verdict.answer == Answer::inconclusive)
            << file << ": " << clause_of(verdict.clause).id;
    }
}

bool deviates(const Verdict& verdict, std::string_view clause, Reason reason) {
    return verdict.answer == Answer::holds && std::ranges::any_of(verdict.deviations, [&](const Deviation& deviation) {
               return clause_of(deviation.clause).id == clause && deviation.reason == reason;
           });
}

// What Linux 6.1 shows after a write that faulted: told as a deviation of that write, whatever is seen of it later.
// (Who sleeps for want of a page finds room by the byte: that is PIPE-CAP-3, beside it.)
TEST(Judge, TellsThePageThatAFaultingWriteLeavesAsItsDeviation) {
    int seen = 0;
    for (const auto& file : histories()) {
        if (!file.filename().string().starts_with("an-empty-page-")) continue;
        ++seen;
        EXPECT_TRUE(deviates(verdict_on(recording_in(file)), "PIPE-FAULT-1", Reason::leaked)) << file;
    }
    EXPECT_EQ(seen, 6);
}

// Excused, but not silently.
TEST(Judge, TellsASleeperWhoseWakeUpWasLostAsADeviation) {
    const auto in = [](const char* name) {
        return verdict_on(
            recording_in(std::filesystem::path(CROSSTALK_SOURCE_DIR "/properties/tests/histories") / name));
    };
    EXPECT_TRUE(deviates(in("a-part-of-a-message-takes-the-wake-up-along.json"), "SCTP-ORD-4", Reason::asleep));
    EXPECT_TRUE(deviates(in("a-look-behind-all-sleeps-on-beside-new-bytes.json"), "UNIX-PEEKOFF-1", Reason::asleep));
}

// The same open as in that history, had it made a descriptor beyond the limit.
TEST(Judge, AccusesAnOpenThatNeededNoFreeNumber) {
    Recording recording =
        recording_in(CROSSTALK_SOURCE_DIR "/properties/tests/histories/an-object-is-opened-without-a-free-number.json");
    Event& open = recording.history.events.back();
    ASSERT_EQ(open.error, Errno::EMFILE_);
    open.error = Errno::none, open.result = 0;
    const Verdict verdict = verdict_on(recording);
    ASSERT_EQ(verdict.answer, Answer::violated);
    EXPECT_EQ(clause_of(verdict.clause).id, "PROC-LIM-1");
}

// One byte less, and the write would have joined the page that is there: it took none that it could leave.
TEST(Judge, ExcusesNoPageThatTheFaultingWriteDidNotTake) {
    Recording recording = recording_in(CROSSTALK_SOURCE_DIR "/properties/tests/histories/an-empty-page-is-in-use.json");
    --recording.played->program.actors[0].steps[1].buffer.bytes;
    EXPECT_EQ(verdict_on(recording).answer, Answer::violated);
}

TEST(Judge, RejectsAProbeThatFoundWhatCannotBeThere) {
    Recording recording = recording_in(
        CROSSTALK_SOURCE_DIR "/properties/tests/histories/a-receive-that-failed-before-death-took-nothing.json");
    for (Event& event : recording.history.events)
        if (event.kind == EventKind::probe && event.began > 2) event.result = 7;
    EXPECT_EQ(verdict_on(recording).answer, Answer::violated);
}

// A record that no agent makes: its calls ended in full, and yet moved more.
TEST(Judge, RejectsACountBeyondWhatItsCallsAskedFor) {
    simulation::Played played = simulation::Simulator(1, {.actors = 2, .steps = 1}).play();
    for (Event& event : played.history.events)
        if (event.kind == EventKind::call && event.verb == Verb::write && event.result > 0) {
            event.times = 1,
            event.result =
                1 + static_cast<std::int64_t>(played.value.program.actors[event.actor].steps[event.step].buffer.bytes);
            EXPECT_EQ(judge(played.value, played.history, Environment{}).answer, Answer::violated);
            return;
        }
    FAIL() << "nothing was written";
}

TEST(Judge, CallsAnEventOfAnActorThatNobodyStartedBroken) {
    Recording recording = recording_in(histories().front());
    for (Actor& actor : recording.played->program.actors) actor.kind = ActorKind::forked;
    EXPECT_EQ(verdict_on(recording).answer, Answer::broken);
}

}  // namespace
}  // namespace crosstalk
