// Expectation files: what they say, and what is said when they are wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/record.h"
#include "runners/gate/expectations.h"
#include "runners/tests/campaign_fakes.h"

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
    EXPECT_THAT(error_of("[[expect]]\nclause = \"PIPE-CAP-3\"\ncolour = \"red\"\n"), HasSubstr("unknown key 'colour'"));
    EXPECT_THAT(error_of("[[expect]]\nclause = \"PIPE-CAP-3\"\noutcome = \"flaky\"\nreason = \"r\"\n"),
                HasSubstr("max_rate"));
    EXPECT_THAT(error_of("[expect]\nclause = 1\n"), HasSubstr("[[expect]]"));
    EXPECT_THAT(error_of("[[expect]]\nclause = 3\n"), HasSubstr("quotes"));
}

TEST(Expectations, ADefectIsSomebodysAndHasALastDay) {
    const std::string head = "[[expect]]\nclause = \"PIPE-CAP-3\"\nreason = \"r\"\n";
    const std::string violated = head + "outcome = \"violated\"\n", deviates = head + "outcome = \"deviates\"\n";
    EXPECT_THAT(error_of(violated + "owner = \"Anna\"\n"), HasSubstr("needs a last day"));
    EXPECT_THAT(error_of(violated + "expires = 2027-03-01\n"), HasSubstr("an owner or a link"));
    EXPECT_THAT(error_of(violated + "owner = \"Anna\"\nexpires = \"2027-03-01\"\n"), HasSubstr("without quotes"));
    EXPECT_THAT(error_of(deviates + "expires = 2027-03-01\n"), HasSubstr("does not expire"));
    EXPECT_THAT(error_of(deviates + "evidence = 0\n"), HasSubstr("at least 1"));
    EXPECT_THAT(error_of(deviates + "when = \"Linux\"\n"), HasSubstr("when = {"));
    EXPECT_THAT(error_of(deviates + "when = { colour = \"red\" }\n"), HasSubstr("kernel and libc"));
    const auto read = expectations_from(violated + "link = \"https://x\"\nexpires = 2027-03-01\nevidence = 7\n" +
                                            "when = { kernel = \"Linux 6.*\", libc = \"glibc*\" }\n",
                                        "my.toml");
    ASSERT_TRUE(read) << read.error();
    const Expectation& entry = (*read)[0];
    EXPECT_EQ(entry.expires + entry.link + entry.kernel + entry.libc, "2027-03-01https://xLinux 6.*glibc*");
    EXPECT_EQ(entry.evidence, 7u);
}

TEST(Expectations, ADayIsADayOfTheCalendar) {
    EXPECT_EQ(why_no_day("2028-02-29"), "");
    for (const char* wrong : {"2027-02-29", "2027-2-9", "tomorrow", "2027-13-01", "2027-01-01x", ""})
        EXPECT_NE(why_no_day(wrong), "") << wrong;
}

TEST(Expectations, TheFileOfLinuxReadsAndIsFoundByTheKernelsName) {
    const auto path = expectation_file_for("local", "Linux 6.18.5 #1 SMP");
    ASSERT_TRUE(path);
    const auto read = expectations_of_file(*path);
    ASSERT_TRUE(read) << read.error();
    EXPECT_FALSE(read->empty());
    EXPECT_FALSE(expectation_file_for("local", "Plan9 4"));
}

TEST(Expectations, AFileMayIncludeAnotherBesideIt) {
    const fakes::Directory directory;
    const std::string entry = "[[expect]]\ncell = \"*\"\noutcome = \"deviates\"\nreason = \"so\"\nclause = ";
    ASSERT_EQ(replace_file(directory / "all.toml", entry + "\"PIPE-CAP-3\"\n"), "");
    ASSERT_EQ(replace_file(directory / "mine.toml", "include = \"all.toml\"\n" + entry + "\"PIPE-PKT-1\"\n"), "");
    const auto read = expectations_of_file(directory / "mine.toml");
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->size(), 2u);
    EXPECT_EQ((*read)[0].clause, "PIPE-CAP-3");
    EXPECT_EQ((*read)[0].where, "all.toml:1");
    EXPECT_EQ((*read)[1].clause, "PIPE-PKT-1");
}

TEST(Expectations, WhatCannotBeIncludedIsSaidWithItsLine) {
    const fakes::Directory directory;
    const auto error_of = [&](const std::string& text) {
        EXPECT_EQ(replace_file(directory / "mine.toml", text), "");
        const auto read = expectations_of_file(directory / "mine.toml");
        return read ? "" : read.error();
    };
    EXPECT_THAT(error_of("include = \"none.toml\"\n"), HasSubstr("mine.toml:1: "));
    EXPECT_THAT(error_of("include = \"../mine.toml\"\n"), HasSubstr("name of a file beside this one"));
    EXPECT_THAT(error_of("include = 3\n"), HasSubstr("name of a file beside this one"));
    EXPECT_THAT(error_of("include = \"mine.toml\"\n"), HasSubstr("includes no other"));
}

TEST(Expectations, AFileThatIsNotThereIsAnError) {
    EXPECT_THAT(expectations_of_file("/no/such.toml").error(), HasSubstr("/no/such.toml"));
}

}  // namespace
}  // namespace crosstalk
