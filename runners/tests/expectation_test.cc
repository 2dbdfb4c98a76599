// Expectation files: what they say, and what is said when they are wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/gate/expectations.h"

namespace crosstalk {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(const std::string& text) {
    const auto read = expectations_from(text, "my.toml");
    return read ? "" : read.error();
}

TEST(Expectations, AnEntryReadsWithWhereItStands) {
    const auto read = expectations_from(
        "# why\n[[expect]]\ncell = \"pipe/*\"\nclause = \"PIPE-CAP-3\"\noutcome = \"deviates\"\nreason = \"slots\"\n",
        "a/my.toml");
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->size(), 1u);
    EXPECT_EQ((*read)[0].clause, "PIPE-CAP-3");
    EXPECT_EQ((*read)[0].cell, "pipe/*");
    EXPECT_EQ((*read)[0].where, "my.toml:2");
}

TEST(Expectations, ErrorsNameTheLineAndSayWhatToDo) {
    EXPECT_THAT(error_of("\n\n[[expect]\n"), AllOf(HasSubstr("my.toml:3"), HasSubstr("not TOML")));
    EXPECT_THAT(error_of("[[expect]]\nclause = \"PIPE-CAP-3\"\noutcome = \"deviates\"\n"),
                AllOf(HasSubstr("my.toml:1"), HasSubstr("needs a reason")));
    EXPECT_THAT(error_of("[[expect]]\nclause = \"NO-SUCH-1\"\noutcome = \"deviates\"\nreason = \"r\"\n"),
                HasSubstr("crosstalk list clauses"));
    EXPECT_THAT(error_of("[[expect]]\nclause = \"PIPE-CAP-3\"\noutcome = \"fine\"\nreason = \"r\"\n"),
                HasSubstr("\"flaky\""));
    EXPECT_THAT(error_of("[[expect]]\nclause = \"PIPE-CAP-3\"\nowner = \"me\"\n"), HasSubstr("unknown key 'owner'"));
    EXPECT_THAT(error_of("[[expect]]\nclause = \"PIPE-CAP-3\"\noutcome = \"flaky\"\nreason = \"r\"\n"),
                HasSubstr("max_rate"));
    EXPECT_THAT(error_of("[expect]\nclause = 1\n"), HasSubstr("[[expect]]"));
    EXPECT_THAT(error_of("[[expect]]\nclause = 3\n"), HasSubstr("quotes"));
}

TEST(Expectations, TheFileOfLinuxReadsAndIsFoundByTheKernelsName) {
    const auto path = expectation_file_for("local", "Linux 6.18.5 #1 SMP");
    ASSERT_TRUE(path);
    const auto read = expectations_of_file(*path);
    ASSERT_TRUE(read) << read.error();
    EXPECT_FALSE(read->empty());
    EXPECT_FALSE(expectation_file_for("local", "Plan9 4"));
}

TEST(Expectations, AFileThatIsNotThereIsAnError) {
    EXPECT_THAT(expectations_of_file("/no/such.toml").error(), HasSubstr("/no/such.toml"));
}

}  // namespace
}  // namespace crosstalk
