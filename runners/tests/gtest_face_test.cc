// crosstalk_gtest run as others run GoogleTest programs: listed, filtered, in shards, to XML, under ctest -j.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fstream>
#include <set>
#include <sstream>

#include "reports/record.h"
#include "runners/tests/campaign_fakes.h"
#include "runners/tests/tool.h"

namespace crosstalk {
namespace {

using testing::HasSubstr;

constexpr const char* face = CROSSTALK_BINARY_DIR "/crosstalk_gtest";
constexpr const char* some = " --target=mirror --cases=60 '--gtest_filter=pipe.order/*'";

std::vector<std::string> listed(const std::string& arguments) {
    std::istringstream lines(said_by(face + arguments + " --gtest_list_tests").text);
    std::vector<std::string> out;
    std::string suite;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("  "))
            out.push_back(suite + line.substr(2));
        else
            suite = line;
    }
    return out;
}

std::set<std::string> ran(const std::string& text) {
    std::set<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("[ RUN      ] ")) continue;
        EXPECT_TRUE(out.insert(line.substr(13)).second) << line;
    }
    return out;
}

TEST(GtestFace, ListsEachCellOnceWithoutAHyphen) {
    const std::vector<std::string> tests = listed("");
    EXPECT_EQ(tests.size(), all_cells().size());
    EXPECT_EQ(std::set<std::string>(tests.begin(), tests.end()).size(), tests.size());
    EXPECT_THAT(tests, testing::Contains("pipe.end_of_file/killed_peer"));
    for (const std::string& test : tests) EXPECT_EQ(test.find('-'), std::string::npos) << test;
}

TEST(GtestFace, ShardsByEnvironmentPlayEachTestOnce) {
    std::set<std::string> all;
    for (const char* shard : {"0", "1", "2"}) {
        const Said said = said_by("GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=" + std::string(shard) + " " + face + some);
        EXPECT_EQ(said.status, 0) << said.text;
        for (const std::string& test : ran(said.text)) EXPECT_TRUE(all.insert(test).second) << test;
    }
    const std::vector<std::string> whole = listed(some);
    EXPECT_GT(whole.size(), 3u);
    EXPECT_EQ(all, std::set<std::string>(whole.begin(), whole.end()));
}

TEST(GtestFace, ALieFailsItsTestWithTheStoryAndTheCase) {
    const fakes::Directory out;
    const Said said = said_by(std::string(face) +
                              " --target=mirror:late-effect --gtest_filter=pipe.order/none:pipe.transfer/none "
                              "--gtest_output=xml:" +
                              (out / "result.xml") + " --out=" + out.path());
    EXPECT_EQ(said.status, 1) << said.text;
    EXPECT_THAT(said.text, testing::AllOf(HasSubstr("promised: "), HasSubstr("case: {\"version\":1")));
    EXPECT_THAT(*text_of_file(out / "result.xml"),
                testing::AllOf(HasSubstr("<failure"), HasSubstr("name=\"outcome\"")));
    EXPECT_TRUE(std::filesystem::exists(out / "pipe.order/none/results.jsonl"));
}

TEST(GtestFace, AFaultThatTheTargetLacksIsSkippedAndABadTargetIsBadUsage) {
    EXPECT_EQ(said_by(std::string(face) + " --target=moon").status, 2);
    EXPECT_NE(said_by(std::string(face) + " --cases=0").status, 0);
    const Said few = said_by(std::string(face) + " --target=mirror --cases=1 --gtest_filter=pipe.order/none");
    EXPECT_EQ(few.status, 0) << few.text;
    EXPECT_THAT(few.text, testing::AnyOf(HasSubstr("[  SKIPPED ]"), HasSubstr("[  PASSED  ] 1 test")));
}

TEST(GtestFace, RunsUnderCtestInParallel) {
    const fakes::Directory directory;
    std::ofstream file(directory / "CTestTestfile.cmake");
    const std::vector<std::string> tests = listed(some);
    for (const std::string& test : tests)
        file << "add_test([=[" << test << "]=] " << face << " --target=local --cases=40 --gtest_filter=" << test
             << ")\n";
    file.close();
    const Said said = said_by("cd " + directory.path() + " && ctest -j4 --output-on-failure");
    EXPECT_EQ(said.status, 0) << said.text;
    EXPECT_THAT(said.text, HasSubstr("0 tests failed out of " + std::to_string(tests.size())));
}

}  // namespace
}  // namespace crosstalk
