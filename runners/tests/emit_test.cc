// Findings as C programs: they compile without a warning, show what this kernel does, and are not fooled the other way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "faults/text/history_text.h"
#include "properties/judge.h"
#include "reports/record.h"
#include "runners/campaign/stored.h"
#include "runners/emit/emit.h"
#include "runners/tests/campaign_fakes.h"

namespace crosstalk {
namespace {

using fakes::Directory;
using ::testing::HasSubstr;

struct Ran {
    int status = -1;
    std::string output;
};

Ran run(const std::string& command) {
    Ran ran;
    FILE* const out = ::popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), out))
        ran.output.append(buffer.data(), got);
    const int status = ::pclose(out);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

const std::string tool = CROSSTALK_BINARY_DIR "/crosstalk";
const std::string root = CROSSTALK_SOURCE_DIR;

Ran compiled_and_run(const Directory& directory, const std::string& file, const std::string& with = "") {
    const std::string program = directory / "show";
    const Ran built = run("cc -Wall -Wextra -Werror -std=c11 " + with + " -o " + program + " " + file);
    EXPECT_EQ(built.status, 0) << built.output;
    return run("timeout 60 " + program);
}

// A hand-made history, judged and emitted.
Expected<std::string> emitted(const std::string& text) {
    const Expected<Recording> recorded = recording_from(text);
    EXPECT_TRUE(recorded) << recorded.error();
    if (!recorded) return tl::unexpected(recorded.error());
    JudgeOptions options;
    options.case_number = recorded->case_number;
    return emit::c_program(*recorded, judge(*recorded->played, recorded->history, recorded->environment, options));
}

std::string example(const std::string& clause) {
    return text_of_file(root + "/properties/examples/" + clause + "/violates.json").value_or("");
}

class DeviatingCases : public testing::TestWithParam<const char*> {};

TEST_P(DeviatingCases, AreShownByTheirProgramWhereThisKernelDeviates) {
    const Directory directory;
    const std::string file = directory / "show.c";
    const Ran replayed = run(tool + " replay " + root + "/runners/cases/" + GetParam() + ".json --emit-c " + file);
    if (replayed.status == 4) GTEST_SKIP() << "this kernel keeps to it: " << replayed.output;
    ASSERT_EQ(replayed.status, 0) << replayed.output;
    const Ran ran = compiled_and_run(directory, file);
    EXPECT_EQ(ran.status, 1) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("VIOLATED"));
}

INSTANTIATE_TEST_SUITE_P(Stored, DeviatingCases,
                         testing::Values("packets-join-bytes-written-before", "room-is-counted-in-page-slots",
                                         "tee-says-end-of-file-beside-a-writer"),
                         [](const auto& tested) {
                             std::string name = tested.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

constexpr const char* lost_byte = R"({"version":1,
 "case":{"version":1,"objects":[{"mechanism":"pipe"}],
 "actors":[{"kind":"pooled","steps":[{"verb":"write","uses":[1],"bytes":4097}]},
  {"kind":"pooled","steps":[{"verb":"read","uses":[0],"bytes":65536}]}],
 "schedule":{"mode":"turns","choices":[0,1]}},
 "environment":{"page_bytes":4096,"pipe_buf":4096,"kernel":"hand-made"},
 "events":[
  {"kind":"probe","object":0,"began":1,"ended":1,"result":0,"value":65536},
  {"kind":"call","actor":0,"step":0,"verb":"write","began":2,"ended":3,"result":4097,"error":null},
  {"kind":"call","actor":1,"step":0,"verb":"read","began":4,"ended":5,"times":0,"result":4096,"error":null,
   "data":[[0,0,0,4096]]}],
 "ended":"complete"})";

TEST(EmittedProgram, SaysSoWhereTheSystemKeepsItsPromise) {
    const Directory directory;
    const Expected<std::string> program = emitted(lost_byte);
    ASSERT_TRUE(program) << program.error();
    ASSERT_EQ(replace_file(directory / "show.c", *program), "");
    const Ran ran = compiled_and_run(directory, directory / "show.c");
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("as documented"));
}

TEST(EmittedProgram, ShowsTheViolationOnASystemThatLies) {
    const Directory directory;
    const Expected<std::string> program = emitted(lost_byte);
    ASSERT_TRUE(program) << program.error();
    ASSERT_EQ(replace_file(directory / "show.c", *program), "");
    const Ran ran =
        compiled_and_run(directory, directory / "show.c", "-DCALLS='\"" + root + "/runners/tests/liar.c\"'");
    EXPECT_EQ(ran.status, 1) << ran.output;
}

// Deaths, signals, forks, threads, passing, vectors, polls, limits: a hand-made lie of each is no lie of this kernel.
TEST(EmittedProgram, OfAHandMadeLieDoesNotAccuseThisKernel) {
    const Directory directory;
    for (const char* clause :
         {"PROC-KILL-1", "SIG-RW-1", "SIG-PIPE-1", "PIPE-DUP-1", "PROC-PASS-1", "PIPE-VEC-2", "RDY-2", "PROC-LIM-1",
          "PIPE-FAULT-1", "PIPE-STREAM-3", "PIPE-ASYNC-1", "PIPE-SPLICE-1"}) {
        const Expected<std::string> program = emitted(example(clause));
        ASSERT_TRUE(program) << clause << ": " << program.error();
        ASSERT_EQ(replace_file(directory / "show.c", *program), "");
        const Ran ran = compiled_and_run(directory, directory / "show.c");
        EXPECT_EQ(ran.status, 0) << clause << "\n" << ran.output;
    }
}

TEST(EmittedProgram, IsRefusedInOneLineWhereItCannotBeWritten) {
    EXPECT_THAT(emitted(example("PROC-EXEC-1")).error(), HasSubstr("exec cannot be emitted"));
    EXPECT_THAT(emitted(text_of_file(root + "/properties/examples/PIPE-READ-1/holds.json").value()).error(),
                HasSubstr("nothing in it is violated"));
    std::string race = lost_byte;
    race.replace(race.find(R"("mode":"turns","choices":[0,1])"), 30, R"("mode":"free")");
    EXPECT_THAT(emitted(race).error(), HasSubstr("a race"));
}

}  // namespace
}  // namespace crosstalk
