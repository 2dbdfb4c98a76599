// Targets that are files, started for real: shell scripts that start the agent, print noise first, die, or are not
// there.
#include "runners/targets/file_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runners/targets/abilities.h"
#include "runners/tests/campaign_fakes.h"

namespace crosstalk {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

class FileTargets : public ::testing::Test {
  protected:
    FileTargets() {
        ::setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1);
        ::setenv("CROSSTALK_AGENT", CROSSTALK_BINARY_DIR "/crosstalk-agent", 1);
    }
    ~FileTargets() override {
        ::unsetenv("XDG_CACHE_HOME");
        ::unsetenv("CROSSTALK_AGENT");
    }
    Target target(const std::string& script, const std::string& more = "") {
        const auto file = target_file_from(
            "name = \"fake\"\nabout = \"a script\"\nclass = \"sandbox\"\n"
            "start = [\"sh\", \"-c\", '''" +
                script + "''']\n" + more,
            "fake.toml");
        EXPECT_TRUE(file) << file.error();
        return target_of(*file);
    }
    Expected<std::unique_ptr<Session>> start(const std::string& script, const std::string& more = "") {
        return target(script, more).start({});
    }
    std::vector<std::string> under(const std::string& place) const {
        std::vector<std::string> out;
        for (const auto& entry : fs::directory_iterator(cache_.path() + "/crosstalk/" + place))
            out.push_back(entry.path().filename().string());
        return out;
    }
    std::string content(const std::string& name) const {
        std::ifstream in(cache_.path() + "/crosstalk/" + name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    const fakes::Directory cache_;
};

Case empty_case() {
    Case out;
    out.program.objects.resize(1);
    out.program.actors.resize(2);
    return out;
}

TEST_F(FileTargets, AScriptThatStartsTheAgentPlaysCasesWhateverItPrintsFirst) {
    const auto session = start("echo booting; echo XTK1 is no frame yet; exec {agent}");
    ASSERT_TRUE(session) << session.error();
    EXPECT_THAT(std::string((*session)->environment().text("kernel")), HasSubstr("Linux"));
    EXPECT_GE((*session)->environment().number("slow_factor", 0), 1);
    (*session)->send(1, empty_case());
    const auto reply = (*session)->receive(std::chrono::seconds(60));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Reply::Kind::played) << reply->why;
}

TEST_F(FileTargets, TheFirstVariantThatAnswersWinsIsToldAndIsTakenFromThenOn) {
    const Target twice = target("echo {way} >>{cache}/tries; test {way} = good || exit 7; exec {agent}",
                                "variants = [ { way = \"bad\" }, { way = \"good\" }, { way = \"never\" } ]\n");
    for (int i = 0; i < 2; ++i) {
        const auto session = twice.start({});
        ASSERT_TRUE(session) << session.error();
        EXPECT_EQ((*session)->environment().text("variant"), "way=good");
    }
    EXPECT_EQ(content("tries"), "bad\ngood\ngood\n");
}

TEST_F(FileTargets, WhenNoVariantAnswersEachSaysWhy) {
    const auto session = start("echo no {way} here >&2; exit 7", "variants = [ { way = \"a\" }, { way = \"b\" } ]\n");
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error(), AllOf(HasSubstr("with way=a:"), HasSubstr("no a here"), HasSubstr("with way=b:"),
                                       HasSubstr("no b here"), HasSubstr("status 7")));
}

TEST_F(FileTargets, AVariantHasItsOwnTimeToAnswer) {
    const auto session = start("test {way} = quick || exec sleep 60; exec {agent}",
                               "ready = \"60s\"\n"
                               "variants = [ { way = \"slow\", ready = \"50ms\" }, { way = \"quick\" } ]\n");
    ASSERT_TRUE(session) << session.error();
    EXPECT_EQ((*session)->environment().text("variant"), "way=quick");
}

TEST_F(FileTargets, WhatItNeedsAndIsNotThereIsToldWithTheRemedyBeforeAnythingIsDone) {
    const std::string setup = "setup = [[\"touch\", \"{cache}/began\"]]\n";
    const auto program =
        start("exec {agent}", setup + "needs = { programs = [\"no-such-program\"], remedy = \"buy one\" }\n");
    ASSERT_FALSE(program);
    EXPECT_THAT(program.error(), AllOf(HasSubstr("no program no-such-program"), HasSubstr("buy one")));
    const auto file = start("exec {agent}", setup + "needs = { files = [\"{cache}/no\"], remedy = \"make it\" }\n");
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error(), AllOf(HasSubstr("crosstalk/no; make it")));
    EXPECT_FALSE(fs::exists(cache_.path() + "/crosstalk/began"));
    EXPECT_TRUE(start("exec {agent}", "needs = { programs = [\"sh\"], remedy = \"\\\"\" }\n"));
    EXPECT_THAT(start("exec {agent}", "agent = \"armhf\"\n").error(), HasSubstr("no agent of the build armhf"));
}

TEST_F(FileTargets, ASetupIsCarriedOutOnceForItsStepsAndInputs) {
    const std::string input = cache_ / "input";
    const std::string steps =
        "setup = [[\"sh\", \"-c\", \"echo made >>{cache}/steps; cat $0 >{work}/image\", \"" + input + "\"]]\n";
    const auto image = [&](const std::string& more) {
        const auto session = start("cat {work}/image; exec {agent}", more);
        EXPECT_TRUE(session) << session.error();
    };
    std::ofstream(input) << "one";
    image(steps);
    image(steps);
    EXPECT_EQ(content("steps"), "made\n");
    std::ofstream(input) << "two";
    image(steps);
    EXPECT_EQ(content("steps"), "made\nmade\n");
    image("setup = [[\"sh\", \"-c\", \"echo other >>{cache}/steps; touch {work}/image\"]]\n");
    EXPECT_EQ(content("steps"), "made\nmade\nother\n");
}

TEST_F(FileTargets, ASetupThatFailsIsToldAndTriedAgain) {
    const std::string step = "setup = [[\"sh\", \"-c\", \"echo no space >&2; echo x >>{cache}/tries; exit 5\"]]\n";
    for (const std::string tries : {"x\n", "x\nx\n"}) {
        const auto session = start("exec {agent}", step);
        ASSERT_FALSE(session);
        EXPECT_THAT(session.error(), AllOf(HasSubstr("setup: sh ended with status 5"), HasSubstr("no space")));
        EXPECT_EQ(content("tries"), tries);
    }
}

TEST_F(FileTargets, TheConsolesEndIsToldWhenTheTargetDies) {
    const auto before = start("echo panic: early >{work}/log; exit 1", "console = \"{work}/log\"\n");
    ASSERT_FALSE(before);
    EXPECT_THAT(before.error(), HasSubstr("its console: panic: early"));
    const auto session =
        start("exec 3<&0; {agent} <&3 & read -r line <{cache}/end; echo panic: late >{work}/log; kill -9 $!",
              "console = \"{work}/log\"\nsetup = [[\"mkfifo\", \"{cache}/end\"]]\n");
    ASSERT_TRUE(session) << session.error();
    std::ofstream(cache_.path() + "/crosstalk/end") << "now\n";
    const auto reply = (*session)->receive(std::chrono::seconds(60));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Reply::Kind::died);
    EXPECT_THAT(reply->why, HasSubstr("its console: panic: late"));
}

TEST_F(FileTargets, ASessionsDirectoryGoesWithItAndThoseOfKilledToolsWithTheNext) {
    fs::create_directories(cache_.path() + "/crosstalk/work/fake.killed");
    const Target fake = target("touch {work}/trace; exec {agent}");
    {
        const auto one = fake.start({});
        const auto other = fake.start({});
        ASSERT_TRUE(one && other);
        EXPECT_EQ(under("work").size(), 2u);
        EXPECT_THAT(under("work"), Not(testing::Contains("fake.killed")));
    }
    EXPECT_THAT(under("work"), IsEmpty());
}

TEST_F(FileTargets, AnAbilityThatTheFileDoesNotExpectOrMissesIsNews) {
    const auto plain = start("exec {agent}");
    ASSERT_TRUE(plain) << plain.error();
    std::string missing;
    const std::string has = "," + std::string((*plain)->environment().text("abilities")) + ",";
    for (const std::string_view name : ability_names)
        if (has.find("," + std::string(name) + ",") == std::string::npos)
            missing.append(missing.empty() ? "" : ", ").append("\"").append(name).append("\"");
    const auto as_told = start("exec {agent}", "absent = [" + missing + "]\n");
    ASSERT_TRUE(as_told) << as_told.error();
    EXPECT_EQ((*as_told)->environment().text("unlike_its_file"), "");
    const auto unlike = start("exec {agent}", "absent = [" + missing + (missing.empty() ? "" : ", ") + "\"proc\"]\n");
    ASSERT_TRUE(unlike) << unlike.error();
    EXPECT_EQ((*unlike)->environment().text("unlike_its_file"), "has proc");
}

}  // namespace
}  // namespace crosstalk
