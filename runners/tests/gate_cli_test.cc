// The gate as a job of continuous integration uses it: a change that lies, an entry for it, a person's review, its end;
// shards; formats; two targets compared. The mirror stands for the system, so that no kernel is needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "reports/format.h"
#include "reports/record.h"
#include "runners/gate/profile.h"
#include "runners/tests/campaign_fakes.h"
#include "runners/tests/tool.h"

namespace crosstalk {
namespace {

using fakes::Directory;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const std::string samples = CROSSTALK_SOURCE_DIR "/reports/web/tests/samples/";
constexpr const char* honest = "--target=mirror --seed 1 --cases 300 --jobs 1 --corpus none ";
constexpr const char* lying = "--target=mirror:late-effect --seed 1 --cases 300 --jobs 1 --corpus none ";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t at; (at = text.find(what)) != std::string::npos;) text.replace(at, what.size(), with);
    return text;
}

TEST(GateCommand, ALieFailsIsWrittenDownReviewedAndExpires) {
    const Directory out;
    const std::string file = out / "my.toml", results = (out / "results.jsonl");
    std::ofstream(file) << "# mine, and it stays\n[[expect]]\nclause = \"PIPE-CAP-3\"\noutcome = \"deviates\"\n"
                           "reason = \"x\"\nevidence = 1000000000\n";
    const std::string before = *text_of_file(file);
    const Said red = crosstalk("gate " + std::string(lying) + "--expect " + file + " --out " + out.path());
    EXPECT_EQ(red.status, 1) << red.text;
    EXPECT_THAT(red.text, HasSubstr("\ngate: FAILED "));

    const std::string again = "gate " + results + " --expect " + file + " ";
    const Said updated = crosstalk(again + "--update");
    EXPECT_EQ(updated.status, 1) << "nobody has said why";
    EXPECT_THAT(updated.text, AllOf(HasSubstr("entries added from line 7 on"), HasSubstr("unreviewed"),
                                    HasSubstr("    at: " + file + ":9\n"), Not(HasSubstr(" regression"))));
    EXPECT_THAT(*text_of_file(file), testing::StartsWith(before)) << "what was there stays as it was";

    const std::string reviewed = replaced(*text_of_file(file), std::string(unreviewed), "this mirror lies");
    std::ofstream(file) << reviewed;
    const Said known = crosstalk(again);
    EXPECT_EQ(known.status, 0) << known.text;
    EXPECT_THAT(crosstalk(again + "--update").text, HasSubstr("nothing to add"));
    const Said expired = crosstalk(again + "--today 2100-01-01");
    EXPECT_EQ(expired.status, 1);
    EXPECT_THAT(expired.text, AllOf(HasSubstr("✗ expired"), HasSubstr("ask nobody yet and set a new `expires`")));

    const Said green = crosstalk("gate " + std::string(honest) + "--expect " + file + " --out " + out.path());
    EXPECT_EQ(green.status, 0) << green.text;
}

TEST(GateCommand, RunAndGateAgreeAndAReportOfFinishedResultsIsTheSameBytes) {
    const Directory out;
    const Said run = crosstalk("run " + std::string(lying) + "--out " + out.path() + " --ktap " + (out / "one.ktap"));
    const Said gate = crosstalk("gate " + (out / "results.jsonl") + " --ktap " + (out / "two.ktap"));
    EXPECT_EQ(run.status, gate.status);
    EXPECT_EQ(run.text.substr(run.text.rfind("\ngate: ")), gate.text.substr(gate.text.rfind("\ngate: ")));
    EXPECT_EQ(*text_of_file(out / "one.ktap"), *text_of_file(out / "two.ktap"));
}

TEST(GateCommand, ShardsJoinedByCatAreJudgedAsTheWhole) {
    const Directory out;
    for (const char* shard : {"1/3", "2/3", "3/3"})
        crosstalk("run " + std::string(honest) + "--shard " + shard + " --out " + (out / replaced(shard, "/", "of")));
    said_by("cat " + out.path() + "/?of3/results.jsonl > " + (out / "joined.jsonl"));
    const Said joined = crosstalk("gate " + (out / "joined.jsonl") + " --junit " + (out / "joined.xml"));
    EXPECT_EQ(joined.status, 0) << joined.text;
    std::size_t cells = 0;
    const std::string xml = *text_of_file(out / "joined.xml");
    for (std::size_t at = 0; (at = xml.find("<testcase ", at)) != std::string::npos; ++at) ++cells;
    EXPECT_EQ(cells, all_cells().size()) << "each cell is in one shard";
    said_by("cat " + out.path() + "/[12]of3/results.jsonl > " + (out / "joined.jsonl"));
    const Said missing = crosstalk("gate " + (out / "joined.jsonl"));
    EXPECT_EQ(missing.status, 1);
    EXPECT_THAT(missing.text, HasSubstr("1 shards are missing"));
}

TEST(GateCommand, EachFormatIsListedAndWritten) {
    const Directory out;
    const std::string list = crosstalk("list formats").text;
    for (const Format* format : formats()) {
        const std::string name(format->name), file = out / name;
        EXPECT_THAT(list, HasSubstr("\n" + name + " "));
        EXPECT_EQ(crosstalk("report " + samples + "findings.jsonl --" + name + " " + file).text, "") << name;
        EXPECT_EQ(crosstalk("report " + samples + "findings.jsonl --" + name + " -").text, *text_of_file(file)) << name;
        EXPECT_EQ(crosstalk("report " + samples + "findings.jsonl --" + name + " /no/such/place").status, 2) << name;
    }
}

TEST(GateCommand, WrongUseSaysWhatIsMeant) {
    const std::string findings = samples + "findings.jsonl";
    EXPECT_THAT(crosstalk("gate " + findings + " mechanism:pipe").text, HasSubstr("either RESULTS or FILTER"));
    EXPECT_THAT(crosstalk("gate " + findings + " --target=mirror").text, HasSubstr("--target belongs to a run"));
    EXPECT_EQ(crosstalk("gate /no/such.jsonl").status, 2);
    EXPECT_THAT(crosstalk("gate " + findings + " --today yesterday").text, HasSubstr("2026-11-28"));
    EXPECT_EQ(crosstalk("gate " + findings + " --today yesterday").status, 2);
    EXPECT_EQ(crosstalk("gate " + findings).status, 1);
    EXPECT_EQ(crosstalk("gate " + samples + "pass.jsonl").status, 0);
}

TEST(GateCommand, AKnownDefectThatIsFixedFailsOnlyWhenStrict) {
    const Directory out;
    std::ofstream(out / "my.toml") << "[[expect]]\nclause = \"PIPE-STREAM-1\"\noutcome = \"violated\"\nreason = \"x\"\n"
                                      "owner = \"o\"\nexpires = 2100-01-01\n";
    const std::string gate = "gate " + samples + "pass.jsonl --expect " + (out / "my.toml");
    const Said fixed = crosstalk(gate + " --strict");
    EXPECT_EQ(fixed.status, 1) << fixed.text;
    EXPECT_THAT(fixed.text, AllOf(HasSubstr("expected to fail and did not"), HasSubstr("do: remove the entry")));
    EXPECT_THAT(crosstalk(gate).text, HasSubstr(" fixed"));
}

TEST(DiffCommand, AnOldTargetIsTheExpectationOfANewOne) {
    const Directory out;
    const std::string rest = " --seed 1 --cases 300 --jobs 1 --corpus none --min-evidence 0 --out " + out.path();
    const Said worse = crosstalk("gate --against mirror --target mirror:no-sigpipe" + rest);
    EXPECT_EQ(worse.status, 1) << worse.text;
    EXPECT_THAT(worse.text, AllOf(HasSubstr("before: mirror  "), HasSubstr("\ndiff: WORSE in ")));
    const std::string before = out / "before/results.jsonl", after = out / "after/results.jsonl";
    const Said again = crosstalk("diff " + before + " " + after + " --repeat 10");
    EXPECT_EQ(again.status, 1) << again.text;
    EXPECT_THAT(again.text, HasSubstr("fails 0 of 10 → fails 10 of 10"));
    EXPECT_EQ(crosstalk("diff " + after + " " + before).status, 0) << "better is not worse";
    const Said same = crosstalk("diff " + before + " " + before);
    EXPECT_EQ(same.status, 0);
    EXPECT_THAT(same.text, EndsWith("diff: SAME\n"));
    EXPECT_EQ(crosstalk("diff " + before).status, 2);
}

TEST(Profiles, ANightlySeedIsItsDaysAndOthersAreFixed) {
    EXPECT_EQ(seed_of_day("2026-11-28"), seed_of_day("2026-11-28"));
    EXPECT_NE(seed_of_day("2026-11-28"), seed_of_day("2026-11-29"));
    const Directory out;
    const std::string rest = " --target=mirror --cases 1 --corpus none pipe/order/none --out " + out.path();
    EXPECT_THAT(crosstalk("gate --profile nightly --today 2026-11-28" + rest).text,
                HasSubstr("seed " + std::to_string(seed_of_day("2026-11-28")) + " "));
    EXPECT_THAT(crosstalk("run --profile pr" + rest).text, HasSubstr("seed 1 "));
    EXPECT_EQ(crosstalk("run --profile pr" + rest).status, 1) << "one case is too little evidence for a change";
    EXPECT_EQ(crosstalk("run --profile smoke" + rest).status, 0);
    EXPECT_EQ(crosstalk("run --profile lunch" + rest).status, 2);
}

}  // namespace
}  // namespace crosstalk
