// The pages for users, held to their word: each shell block and each step of each CI file is carried out, with the real
// tool behind a door that shortens runs; and options named anywhere in the tree's pages exist.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "reports/record.h"
#include "runners/tests/campaign_fakes.h"
#include "runners/tests/tool.h"

namespace crosstalk {
namespace {

namespace fs = std::filesystem;
using fakes::Directory;
using testing::HasSubstr;
using testing::IsEmpty;

std::string page(const std::string& path) {
    return text_of_file(std::string(CROSSTALK_SOURCE_DIR "/") + path).value_or("");
}

// The blocks between ```LANGUAGE and ```.
std::vector<std::string> blocks(const std::string& text, const std::string& language) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line == "```" + language)
            out.emplace_back(), inside = true;
        else if (line == "```")
            inside = false;
        else if (inside)
            out.back() += line + '\n';
    }
    return out;
}

// What the jobs of a CI file do, in order, as PyYAML reads it: "run" of GitHub's steps, GitLab's scripts.
constexpr const char* steps_of = R"py(
import sys, yaml
file = yaml.safe_load(sys.stdin)
for job in file.get('jobs', file).values():
    if isinstance(job, dict):
        steps = [step['run'] for step in job.get('steps', []) if 'run' in step]
        print('\n'.join(steps + job.get('before_script', []) + job.get('script', [])))
)py";

// A place where the steps run: the tool shortened, and what fetches and installs does nothing. A target that fails is
// no fault of the page; bad usage is.
class Place {
  public:
    Place() {
        door("crosstalk",
             "case \"$1 $*\" in *.jsonl*) ;; run*|gate*) case \"$*\" in *--cases*) ;; *) set -- \"$@\" --cases=60 ;; "
             "esac ;; esac\n" +
                 run("crosstalk") + "[ $status -le 1 ]\n");
        door("crosstalk_gtest", run("crosstalk_gtest") + "[ $status -le 1 ]\n");
        for (const char* other : {"apt-get", "curl"}) door(other, "true\n");
        fs::create_directory_symlink(CROSSTALK_SOURCE_DIR "/runners", directory_ / "runners");
        std::ofstream(directory_ / "steps.py") << steps_of;
    }
    Said carry_out(const std::string& script) const {
        std::ofstream(directory_ / "script") << script;
        return said_by("cd " + directory_.path() + " && PATH=" + directory_.path() +
                       "/bin:$PATH GITHUB_STEP_SUMMARY=summary CROSSTALK_DEB=- CI_NODE_INDEX=1 CI_NODE_TOTAL=2 "
                       "bash -euo pipefail script");
    }
    Said steps(const std::string& yaml) const {
        std::ofstream(directory_ / "ci.yml") << yaml;
        return said_by("/usr/bin/python3 " + (directory_ / "steps.py") + " < " + (directory_ / "ci.yml"));
    }

  private:
    static std::string run(const std::string& program) {
        return "status=0\n" CROSSTALK_BINARY_DIR "/" + program + " \"$@\" || status=$?\n";
    }
    void door(const std::string& name, const std::string& script) const {
        fs::create_directory(directory_ / "bin");
        std::ofstream(directory_ / ("bin/" + name)) << "#!/bin/sh\n" << script;
        fs::permissions(directory_ / ("bin/" + name), fs::perms::owner_all);
    }
    Directory directory_;
};

class Guides : public testing::TestWithParam<const char*> {};

TEST_P(Guides, WhatAPageTellsToDoWorks) {
    const std::string text = page(GetParam());
    const std::vector<std::string> files = blocks(text, "yaml"), shell = blocks(text, "sh");
    EXPECT_FALSE(shell.empty());
    ASSERT_EQ(files.size(), 2u);
    EXPECT_THAT(files[0], HasSubstr("\njobs:\n")) << "GitHub's first";
    EXPECT_THAT(files[1], HasSubstr("  script:\n"));
    for (const std::string& file : files) {
        const Place place;
        const Said steps = place.steps(file);
        ASSERT_EQ(steps.status, 0) << steps.text;
        EXPECT_THAT(steps.text, HasSubstr("crosstalk "));
        const Said said = place.carry_out(steps.text);
        EXPECT_EQ(said.status, 0) << steps.text << said.text;
    }
    const Place place;
    for (const std::string& block : shell) {
        const Said said = place.carry_out(block);
        EXPECT_EQ(said.status, 0) << block << said.text;
    }
}
INSTANTIATE_TEST_SUITE_P(Pages, Guides,
                         testing::Values("runners/guides/systems.md", "runners/guides/upgrades.md",
                                         "runners/guides/programs.md"),
                         [](const auto& page) { return fs::path(page.param).stem().string(); });

TEST(GuideSteps, AWrongOptionOrAMissingFileIsNoticed) {
    const Place place;
    EXPECT_NE(place.carry_out("crosstalk gate --profil=pr\n").status, 0);
    EXPECT_NE(place.carry_out("crosstalk diff before.jsonl after.jsonl | cat\n").status, 0);
    EXPECT_EQ(
        place.steps("jobs:\n  a:\n    steps:\n      - uses: x\n      - run: |\n          one\n          two\n").text,
        "one\ntwo\n\n");
    EXPECT_EQ(place.steps("stages: [a]\nb:\n  before_script: [zero]\n  script:\n    - one\n").text, "zero\none\n");
}

// Options behind `crosstalk COMMAND` that its --help does not know.
std::vector<std::string> unknown_options(const std::string& text) {
    static const std::regex command(R"((?:^|[\s`/])crosstalk ([a-z]+)([^`\n|;]*))"), option(R"(--[a-z][a-z-]*)");
    std::vector<std::string> out;
    for (std::sregex_iterator it(text.begin(), text.end(), command), end; it != end; ++it) {
        const std::string rest = (*it)[2];
        std::sregex_iterator named(rest.begin(), rest.end(), option);
        if (named == end) continue;
        const Said help = crosstalk((*it)[1].str() + " --help");
        for (; named != end; ++named)
            if (help.status != 0 || !std::regex_search(help.text, std::regex(named->str() + "\\b(?!-)")))
                out.push_back((*it)[0]);
    }
    return out;
}

TEST(GuideSteps, EachOptionThatAPageNamesExists) {
    for (const char* path : {"README.md", "reports/README.md", "runners/README.md", "properties/README.md",
                             "faults/README.md", "mechanisms/README.md", "runners/guides/systems.md",
                             "runners/guides/upgrades.md", "runners/guides/programs.md"})
        EXPECT_THAT(unknown_options(page(path)), IsEmpty()) << path;
    EXPECT_THAT(unknown_options("    crosstalk run --case 3\n"), testing::SizeIs(1));
    EXPECT_THAT(unknown_options("`crosstalk dance --now`"), testing::SizeIs(1));
    EXPECT_THAT(unknown_options("`crosstalk run --cases 3 --out=out`"), IsEmpty());
}

}  // namespace
}  // namespace crosstalk
