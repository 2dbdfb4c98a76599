// The hand-made histories of properties/examples: for each clause one that keeps it and one that breaks it. They show
// that each clause can be evidenced, and that each can turn a cell red and is then the one that is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "faults/text/history_text.h"
#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

namespace fs = std::filesystem;

fs::path example(std::string_view clause, std::string_view file) {
    return fs::path(CROSSTALK_SOURCE_DIR) / "properties" / "examples" / clause / file;
}

Recording recording(const fs::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    Expected<Recording> read = history_from_text(text.str());
    EXPECT_TRUE(read.has_value()) << path << ": " << (read ? "" : read.error());
    return read ? *read : Recording{};
}

Verdict verdict_on(const fs::path& path) {
    const Recording recorded = recording(path);
    if (!recorded.played) {
        Verdict none;
        none.answer = Answer::broken;
        none.why = "has no case";
        return none;
    }
    return judge(*recorded.played, recorded.history, recorded.environment, {.case_number = recorded.case_number});
}

// What the judge itself judges, if only where a target gives what the clause needs. That a target dies is for the
// campaign to see: it has no history.
bool has_examples(const Clause& clause) {
    const bool somewhere =
        std::ranges::any_of(mechanisms(), [&](const Mechanism* each) { return clause.binds(*each); });
    const bool judged = clause.standing == Standing::judged || (clause.standing == Standing::needs && somewhere);
    return judged && clause.id != "TARGET-ALIVE-1";
}

class Examples : public testing::TestWithParam<ClauseId> {};

TEST_P(Examples, AHistoryThatKeepsTheClauseIsAcceptedAndCountsForIt) {
    const Verdict verdict = verdict_on(example(clause_of(GetParam()).id, "holds.json"));
    EXPECT_EQ(verdict.answer, Answer::holds) << told(verdict);
    EXPECT_THAT(verdict.evidence, testing::Contains(testing::Field(&Weight::clause, GetParam())));
}

TEST_P(Examples, AHistoryThatBreaksTheClauseIsBlamedOnIt) {
    const Verdict verdict = verdict_on(example(clause_of(GetParam()).id, "violates.json"));
    // Only here is the broken promise itself what Linux is known to do: then it comes as a deviation of an accepted
    // history.
    if (GetParam() == clause("PIPE-CAP-3") || GetParam() == clause("SIG-STOP-2") ||
        GetParam() == clause("SEM-TIME-4")) {
        EXPECT_THAT(verdict.deviations, testing::Contains(testing::Field(&Deviation::clause, GetParam())))
            << told(verdict);
        return;
    }
    EXPECT_EQ(verdict.answer, Answer::violated) << told(verdict);
    EXPECT_EQ(verdict.clause, GetParam()) << told(verdict);
}

std::vector<ClauseId> clauses_with_examples() {
    std::vector<ClauseId> ids;
    for (ClauseId id = 0; id < clauses().size(); ++id)
        if (has_examples(clause_of(id))) ids.push_back(id);
    return ids;
}

std::string test_name(const testing::TestParamInfo<ClauseId>& tested) {
    std::string name(clause_of(tested.param).id);
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Clauses, Examples, testing::ValuesIn(clauses_with_examples()), test_name);

TEST(ExamplesFolder, HoldsNothingButClauses) {
    for (const auto& entry : fs::directory_iterator(fs::path(CROSSTALK_SOURCE_DIR) / "properties" / "examples")) {
        const auto id = clause_named(entry.path().filename().string());
        EXPECT_TRUE(id && has_examples(clause_of(*id))) << entry.path();
    }
}

}  // namespace
}  // namespace crosstalk
