// Target files: what they say, and what is said when they are wrong.
#include "runners/targets/target_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "runners/targets/catalog.h"
#include "runners/targets/words.h"

namespace crosstalk {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string least = "name = \"a\"\nabout = \"b\"\nclass = \"kernel\"\nstart = [\"{agent}\"]\n";

std::string error_of(const std::string& text) {
    const auto read = target_file_from(text, "my.toml");
    return read ? "" : read.error();
}

TEST(TargetFile, TheLeastFileHasDefaults) {
    const auto read = target_file_from(least, "my.toml");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->kind, "kernel");
    EXPECT_EQ(read->agent, "static");
    EXPECT_EQ(read->ready, std::chrono::seconds(10));
    EXPECT_EQ(read->lanes, 0u);
    EXPECT_EQ(read->in_flight_bytes, 65536u);
    EXPECT_THAT(read->variants, ElementsAre(Variant{}));
}

TEST(TargetFile, EachKeyIsRead) {
    const auto read = target_file_from(
        "name = \"k-6.1\"\nabout = \"b\"\nclass = \"emulator\"\nagent = \"musl\"\nready = \"60s\"\nlanes = 2\n"
        "in_flight_bytes = 3072\nstart = [\"q\", \"-accel\", \"{accel}\"]\nconsole = \"{work}/c\"\n"
        "needs = { programs = [\"q\"], files = [\"{cache}/k\"], remedy = \"get q\" }\n"
        "variants = [ { accel = \"kvm\", ready = \"500ms\" }, { accel = \"tcg\" } ]\n"
        "setup = [[\"{tools}/m\", \"{work}/i\"]]\nabsent = [\"seccomp\"]\n",
        "my.toml");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->name, "k-6.1");
    EXPECT_EQ(read->agent, "musl");
    EXPECT_EQ(read->ready, std::chrono::minutes(1));
    EXPECT_EQ(read->lanes, 2u);
    EXPECT_EQ(read->in_flight_bytes, 3072u);
    EXPECT_EQ(read->console, "{work}/c");
    EXPECT_THAT(read->programs, ElementsAre("q"));
    EXPECT_THAT(read->files, ElementsAre("{cache}/k"));
    EXPECT_EQ(read->remedy, "get q");
    EXPECT_THAT(read->variants, ElementsAre(Variant{{{"accel", "kvm"}}, std::chrono::milliseconds(500)},
                                            Variant{{{"accel", "tcg"}}, std::chrono::milliseconds(0)}));
    EXPECT_THAT(read->setup, ElementsAre(ElementsAre("{tools}/m", "{work}/i")));
    EXPECT_THAT(read->absent, ElementsAre("seccomp"));
}

TEST(TargetFile, ErrorsNameTheLineAndSayWhatToDo) {
    EXPECT_THAT(error_of("\n\nname = \n"), AllOf(HasSubstr("my.toml:3"), HasSubstr("not TOML")));
    EXPECT_THAT(error_of("name = \"a\"\n"), HasSubstr("needs name, about, class and start"));
    EXPECT_THAT(error_of(least + "colour = 1\n"), AllOf(HasSubstr("my.toml:5"), HasSubstr("keys are name about")));
    EXPECT_THAT(error_of(least + "ready = \"soon\"\n"), AllOf(HasSubstr("my.toml:5: ready"), HasSubstr("500ms, 20s")));
    EXPECT_THAT(error_of(least + "ready = \"0s\"\n"), HasSubstr("above zero"));
    EXPECT_THAT(error_of(least + "lanes = 0\n"), HasSubstr("a number from 1"));
    EXPECT_THAT(error_of(least + "agent = \"sparc\"\n"), HasSubstr("one of: static musl"));
    EXPECT_THAT(error_of(least + "setup = [[\"a\"], []]\n"), HasSubstr("a command line that is empty"));
    EXPECT_THAT(error_of(least + "setup = [\"a\"]\n"), HasSubstr("must be a list of texts"));
    EXPECT_THAT(error_of(least + "needs = { programs = [\"q\"] }\n"), HasSubstr("lacks a remedy"));
    EXPECT_THAT(error_of(least + "needs = { program = \"q\" }\n"), HasSubstr("needs.program is not known"));
    EXPECT_THAT(error_of(least + "absent = [\"sleep\"]\n"), HasSubstr("there are: user_namespace"));
    EXPECT_THAT(error_of(least + "console = \"a\\u0000b\"\n"), HasSubstr("zero byte"));
    EXPECT_THAT(error_of("about = \"b\"\nname = \"../etc\"\n"), AllOf(HasSubstr("my.toml:2"), HasSubstr("a-z, 0-9")));
}

TEST(TargetFile, VariantsHaveTheSameWordsAndNoneThatIsTaken) {
    EXPECT_THAT(error_of(least + "variants = [ { a = \"1\" }, { b = \"1\" } ]\n"), HasSubstr("the same words"));
    EXPECT_THAT(error_of(least + "variants = [ { work = \"1\" } ]\n"), HasSubstr("may not be called 'work'"));
    EXPECT_THAT(error_of(least + "variants = [ { \"a b\" = \"1\" } ]\n"), HasSubstr("use a-z"));
    EXPECT_THAT(error_of(least + "variants = []\n"), HasSubstr("list of tables"));
}

TEST(TargetFile, APlaceholderThatNothingFillsIsAnErrorAtItsLine) {
    EXPECT_THAT(error_of(least + "setup = [\n  [\"a\"],\n  [\"b\", \"{wrok}\"],\n]\n"),
                AllOf(HasSubstr("my.toml:7"), HasSubstr("{wrok}"), HasSubstr("{work}")));
    EXPECT_THAT(error_of(least + "setup = [[\"{accel}\"]]\nvariants = [ { accel = \"kvm\" } ]\n"),
                AllOf(HasSubstr("my.toml:5"), HasSubstr("{accel}")));
}

TEST(TargetFile, TheShippedOnesReadAndAreCalledAsTheirFiles) {
    std::size_t seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(data_directory("targets"))) {
        if (entry.path().extension() != ".toml") continue;
        const auto read = target_file_at(entry.path().string());
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(read->name, entry.path().stem().string());
        EXPECT_TRUE(target_named(read->name));
        ++seen;
    }
    EXPECT_GE(seen, 2u);
}

TEST(TargetFile, AFileThatIsNotThereIsAnError) {
    EXPECT_THAT(target_named("/no/such.toml").error(), HasSubstr("/no/such.toml"));
}

TEST(Words, PlaceholdersAreFilledOnceAndOtherBracesStay) {
    EXPECT_EQ(filled("-{a}{a}-{b}-{ a}-{}-{A}-{", {{"a", "{b}"}, {"b", "2"}}), "-{b}{b}-2-{ a}-{}-{A}-{");
    EXPECT_THAT(placeholders_in("{a}{{b_1}} {c"), ElementsAre("a", "b_1"));
}

}  // namespace
}  // namespace crosstalk
