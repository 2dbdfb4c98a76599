// The tool itself, run as its users run it: exit statuses, messages, files. Needs no kernel beyond pipes and processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "reports/record.h"
#include "runners/tests/campaign_fakes.h"
#include "runners/tests/tool.h"

namespace crosstalk {
namespace {

using fakes::Directory;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(CommandLine, BadUsageExitsWithTwoAndSaysWhatIsMeant) {
    EXPECT_EQ(crosstalk("").status, 2);
    EXPECT_EQ(crosstalk("dance").status, 2);
    EXPECT_EQ(crosstalk("run --budget soon").status, 2);
    EXPECT_THAT(crosstalk("run --budget soon").text, HasSubstr("500ms, 20s, 10m or 2h"));
    EXPECT_EQ(crosstalk("run --cases -1").status, 2);
    EXPECT_EQ(crosstalk("run --book bible").status, 2);
    const Said filter = crosstalk("run colour:red");
    EXPECT_EQ(filter.status, 2);
    EXPECT_THAT(filter.text, HasSubstr("mechanism property fault"));
    EXPECT_EQ(crosstalk("run --shard 3/2").status, 2);
    EXPECT_EQ(crosstalk("run --seed x").status, 2);
    const Said target = crosstalk("run --target=moon");
    EXPECT_EQ(target.status, 2);
    EXPECT_THAT(target.text, HasSubstr("there are: local"));
    EXPECT_THAT(crosstalk("run --target=lie:white").text, HasSubstr("no lie 'white'; see crosstalk list lies"));
    EXPECT_EQ(crosstalk("prove --sample soon").status, 2);
    EXPECT_EQ(crosstalk("prove no-such-lie").status, 4);
}

TEST(CommandLine, ATargetThatIsAbsentMakesItsCellsNotApplicableUnlessItIsRequired) {
    const Directory directory;
    std::ofstream(directory / "far.toml") << "name = \"far\"\nabout = \"a\"\nclass = \"kernel\"\n"
                                             "start = [\"no-such-program\"]\n"
                                             "needs = { programs = [\"no-such-program\"], remedy = \"buy one\" }\n";
    const std::string run = "run mechanism:pipe --cases 10 --target=" + (directory / "far.toml");
    const std::string out = directory / "out", with = "XDG_CACHE_HOME=" + directory.path();
    const Said absent = crosstalk(run + " --out " + out, with);
    EXPECT_EQ(absent.status, 4);
    EXPECT_THAT(absent.text, AllOf(HasSubstr("target: absent: no program no-such-program; buy one"),
                                   HasSubstr("stopped: target absent"), HasSubstr("not-applicable")));
    const NamedText records{"results.jsonl", text_of_file(out + "/results.jsonl").value_or("")};
    const auto results = results_from({&records, 1});
    ASSERT_TRUE(results) << results.error();
    ASSERT_FALSE(results->cells.empty());
    for (const CellOutcome& cell : results->cells) {
        EXPECT_EQ(cell.outcome, "not-applicable") << cell.cell;
        EXPECT_THAT(cell.why, HasSubstr("buy one"));
    }
    EXPECT_EQ(crosstalk(run + " --require-target --out " + out, with).status, 3);
    EXPECT_EQ(crosstalk("probe --target=" + (directory / "far.toml"), with).status, 4);
    EXPECT_EQ(crosstalk("probe --require-target --target=" + (directory / "far.toml"), with).status, 3);
}

TEST(CommandLine, BadInputFilesExitWithTwoAndNameTheFile) {
    const Directory directory;
    std::ofstream(directory / "bad.json") << "{\"version\":1,";
    std::ofstream(directory / "bad.toml") << "[[expect]]\n";
    for (const char* command : {"replay ", "judge ", "report "}) {
        const Said said = crosstalk(command + (directory / "bad.json"));
        EXPECT_EQ(said.status, 2) << command;
        EXPECT_THAT(said.text, HasSubstr("bad.json")) << command;
    }
    EXPECT_EQ(crosstalk("replay /no/such/file.json").status, 2);
    EXPECT_EQ(crosstalk("run --expect " + (directory / "bad.toml")).status, 2);
}

TEST(CommandLine, NothingSelectedExitsWithFourAndSaysHowToSelect) {
    const Said said = crosstalk("run mechanism:smoke-signals");
    EXPECT_EQ(said.status, 4);
    EXPECT_THAT(said.text, HasSubstr("crosstalk list cells"));
}

TEST(CommandLine, ATargetThatDoesNotStartExitsWithThree) {
    const Directory out;
    const Said said = crosstalk("run --cases 1 --out " + out.path(), "CROSSTALK_AGENT=/bin/false");
    EXPECT_EQ(said.status, 3);
    EXPECT_THAT(said.text, AllOf(HasSubstr("/bin/false"), HasSubstr("status 1")));
    EXPECT_EQ(crosstalk("run --cases 1 --out " + out.path(), "CROSSTALK_AGENT=/no/agent").status, 3);
}

TEST(CommandLine, ListAndExplainKnowWhatTheBuildKnows) {
    const Said cells = crosstalk("list cells fault:none");
    EXPECT_EQ(cells.status, 0);
    EXPECT_THAT(cells.text, HasSubstr("pipe/order/none\n"));
    EXPECT_THAT(cells.text, ::testing::Not(HasSubstr("killed-peer")));
    for (const char* kind : {"mechanisms", "properties", "clauses", "faults", "targets", "formats"})
        EXPECT_EQ(crosstalk(std::string("list ") + kind).status, 0) << kind;
    EXPECT_THAT(crosstalk("list clauses clause:PIPE-CAP-3 --json").text, HasSubstr("\"id\": \"PIPE-CAP-3\""));
    EXPECT_EQ(crosstalk("list clauses clause:NOPE").status, 4);
    EXPECT_THAT(crosstalk("explain PIPE-CAP-3").text, HasSubstr("source"));
    EXPECT_THAT(crosstalk("explain PIPE-CAP-99").text, HasSubstr("near it: PIPE-CAP"));
    EXPECT_EQ(crosstalk("explain PIPE-CAP-99").status, 2);
}

TEST(CommandLine, HelpIsThereForEveryCommand) {
    EXPECT_EQ(crosstalk("--help").status, 0);
    EXPECT_THAT(crosstalk("--help").text, HasSubstr("crosstalk run --budget 20s"));
    for (const char* command : {"run", "gate", "replay", "judge", "list", "explain", "probe", "report", "diff"})
        EXPECT_EQ(crosstalk(std::string(command) + " --help").status, 0) << command;
    EXPECT_THAT(crosstalk("--version").text, HasSubstr("crosstalk "));
}

TEST(CommandLine, ARunSaysVersionSeedAndTargetFirstAndItsVerdictLast) {
    const Directory out;
    const Said said = crosstalk("run pipe/order/none --seed 7 --cases 50 --out " + out.path());
    EXPECT_THAT(said.text, AllOf(::testing::StartsWith("crosstalk "), HasSubstr("seed 7  target local\n")));
    const std::size_t last = said.text.rfind("\ngate: ");
    ASSERT_NE(last, std::string::npos) << said.text;
    EXPECT_EQ(said.text.find('\n', last + 1), said.text.size() - 1);
    EXPECT_TRUE(std::filesystem::exists(out / "results.jsonl"));
    EXPECT_TRUE(std::filesystem::exists(out / "report.html"));
}

TEST(CommandLine, AKillLeavesReadableResultsAndTheNextRunSweepsTheRest) {
    const Directory out;
    const pid_t tool = ::fork();
    if (tool == 0) {
        std::freopen("/dev/null", "w", stdout);
        ::execl(CROSSTALK_BINARY_DIR "/crosstalk", "crosstalk", "run", "--seed", "7", "--budget", "60s", "--out",
                out.path().c_str(), nullptr);
        ::_exit(127);
    }
    // Until the first increment is on disk; then the kill comes in mid-run.
    const auto counted = [&] {
        const auto text = text_of_file(out / "results.jsonl");
        return text && text->find("\"type\":\"evidence\"") != std::string::npos;
    };
    pollfd changes{::inotify_init1(IN_CLOEXEC), POLLIN, 0};
    ::inotify_add_watch(changes.fd, out.path().c_str(), IN_MODIFY);
    char events[4096];
    while (!counted() && ::poll(&changes, 1, 60'000) == 1 && ::read(changes.fd, events, sizeof events) > 0) {
    }
    ::close(changes.fd);
    EXPECT_TRUE(counted());
    ::kill(tool, SIGKILL);
    ::waitpid(tool, nullptr, 0);
    const Said report = crosstalk("report " + (out / "results.jsonl"));
    EXPECT_EQ(report.status, 0) << report.text;
    EXPECT_THAT(report.text, HasSubstr("stopped: killed"));
    std::ofstream(out / "cases/0123456789ab.json.part") << "half";
    crosstalk("run pipe/order/none --seed 7 --cases 1 --out " + out.path());
    EXPECT_FALSE(std::filesystem::exists(out / "cases/0123456789ab.json.part"));
}

// The mirror plays pipes alone, on whatever kernel this runs.
TEST(CommandLine, WhatATargetHasNotIsNotApplicableAndItSaysWhereToGo) {
    const Directory directory;
    const std::string advice = "this kernel has no SCTP; use --target=debian-kernel";
    EXPECT_EQ(crosstalk("run mechanism:sctp4-stream --target=mirror --cases 10 --out " + directory.path()).status, 4);
    const std::string results = *text_of_file(directory / "results.jsonl");
    EXPECT_THAT(results, HasSubstr("\"not-applicable\",\"why\":\"" + advice + "\""));
    const bool is_here = crosstalk("probe").text.find("sctp4-stream") != std::string::npos;
    const Said proved = crosstalk("prove sctp-merged --cases 10 --out " + directory.path());
    EXPECT_EQ(proved.status == 4, !is_here) << proved.text;
    EXPECT_EQ(proved.text.find(advice) != std::string::npos, !is_here) << proved.text;
}

TEST(CommandLine, ALieIsListedExplainedToldAndProved) {
    EXPECT_THAT(crosstalk("list lies clause:PIPE-VEC-1").text, HasSubstr("vector-segments-swapped"));
    EXPECT_THAT(crosstalk("explain read-stops-short").text,
                AllOf(HasSubstr("PIPE-READ-1"), HasSubstr("--target=lie:read-stops-short")));
    EXPECT_THAT(crosstalk("probe --target=lie:read-stops-short").text, HasSubstr("read-stops-short"));
    const Directory directory;
    const Said said = crosstalk("prove read-stops-short --cases 400 --seed 1 --jobs 1 --out " + directory.path());
    EXPECT_EQ(said.status, 0) << said.text;
    EXPECT_THAT(said.text, HasSubstr("prove: PASSED 1 of 1 lies found"));
    EXPECT_THAT(*text_of_file(directory / "results.jsonl"), HasSubstr("\"type\":\"proof\""));
    EXPECT_THAT(*text_of_file(directory / "report.html"), HasSubstr("read-stops-short"));
}

}  // namespace
}  // namespace crosstalk
