// Real histories that a former judge called broken promises, each for a mistake of its own. None may ever be accused
// again.
#include <gtest/gtest.h>

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
