// Help, manual pages and completion: all say the same, pages are sound for the readers of others, and shells complete.
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

using fakes::Directory;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
}

std::vector<std::string> commands() {
    std::vector<std::string> out;
    bool inside = false;
    for (const std::string& line : lines_of(crosstalk("--help").text)) {
        inside = line == "Commands:" || (inside && !line.empty());
        if (inside && line.starts_with("  ") && line[2] != ' ') out.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
    return out;
}

std::vector<std::string> options_in(const std::string& help) {
    static const std::regex option(R"(^  (?:-\w, )?(--[a-z-]+))");
    std::vector<std::string> out;
    std::smatch match;
    for (const std::string& line : lines_of(help))
        if (std::regex_search(line, match, option)) out.push_back(match[1]);
    return out;
}

TEST(Help, FitsATerminalAndSaysOfEachValueWhatItIs) {
    EXPECT_THAT(commands(), AllOf(Contains("run"), Contains("gate"), Contains("completion")));
    for (const std::string& command : commands()) {
        const Said help = crosstalk(command + " --help");
        EXPECT_EQ(help.status, 0);
        EXPECT_THAT(help.text, AllOf(HasSubstr("Usage: crosstalk " + command), HasSubstr("\nExit status: ")));
        EXPECT_THAT(help.text, Not(testing::ContainsRegex("--[a-z-]+ \\[?(TEXT|UINT|INT|FLOAT)"))) << help.text;
        for (const std::string& line : lines_of(help.text))
            EXPECT_LE(line.size(), 84u) << line;  // a word that is longer than its column stays whole
    }
}

std::string troff(const std::string& page) { return said_by("groff -man -ww -Tutf8 -z " + page).text; }
std::string lint(const std::string& page) {  // a page without a date is meant to be: equal sources, equal bytes
    return said_by("mandoc -T lint -W warning " + page + " | grep -v 'missing date'").text;
}

TEST(ManualPages, TwoReadersThatOthersWroteFindNothingWrong) {
    const Directory directory;
    ASSERT_EQ(crosstalk("manual --all " + directory.path()).status, 0);
    std::size_t pages = 0;
    for (const auto& page : std::filesystem::directory_iterator(directory.path())) {
        ++pages;
        EXPECT_THAT(troff(page.path()), IsEmpty()) << page.path();
        EXPECT_THAT(lint(page.path()), IsEmpty()) << page.path();
    }
    EXPECT_EQ(pages, commands().size() + 1);
    std::ofstream(directory / "wrong.1") << ".TH wrong 1\n.SH NAME\nwrong \\- so\n.XX\n";
    EXPECT_THAT(troff(directory / "wrong.1"), HasSubstr("XX"));
    EXPECT_THAT(lint(directory / "wrong.1"), HasSubstr("XX"));
}

TEST(ManualPages, EachOptionOfHelpStandsInThePageAndReadsAsItIsTyped) {
    for (const std::string& command : commands()) {
        const std::string help = crosstalk(command + " --help").text;
        const std::string read =
            said_by(CROSSTALK_BINARY_DIR "/crosstalk manual " + command + " | groff -man -Tascii -P-cbou | cat -s")
                .text;
        EXPECT_THAT(options_in(help), Not(IsEmpty()));
        for (const std::string& option : options_in(help)) EXPECT_THAT(read, HasSubstr(option)) << command;
        EXPECT_THAT(read, AllOf(HasSubstr("EXIT STATUS"), HasSubstr("crosstalk-" + command))) << read;
    }
    EXPECT_EQ(crosstalk("manual dance").status, 2);
    EXPECT_EQ(crosstalk("manual --all /nowhere").status, 2);
}

// What bash offers for the last of these words, which it splits as Readline does: "=" is a word.
std::vector<std::string> offered(const std::string& words) {
    const Directory directory;
    std::ofstream(directory / "try")
        << "source <(" CROSSTALK_BINARY_DIR
           "/crosstalk completion bash)\n"
           "complete -p crosstalk >/dev/null || echo nothing is registered\n"
           "COMP_WORDS=(" CROSSTALK_BINARY_DIR "/crosstalk " +
               words +
               ")\n"
               "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_crosstalk\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    return lines_of(said_by("bash " + (directory / "try")).text);
}

TEST(Completion, BashOffersCommandsOptionsAndWhatTheyMayBe) {
    EXPECT_THAT(offered("ru"), ElementsAre("run"));
    EXPECT_THAT(offered("''"), AllOf(Contains("gate"), Contains("--version")));
    EXPECT_THAT(offered("run --sch"), ElementsAre("--schedule"));
    EXPECT_THAT(offered("run --schedule t"), ElementsAre("turns"));
    EXPECT_THAT(offered("run --schedule = f"), ElementsAre("free"));
    EXPECT_THAT(offered("gate --profile ="), ElementsAre("smoke", "pr", "nightly", "upgrade"));
    EXPECT_THAT(offered("run --target = loc"), ElementsAre("local"));
    EXPECT_THAT(offered("list mech"), ElementsAre("mechanisms"));
    EXPECT_THAT(offered("run pipe/order/no"), ElementsAre("pipe/order/none"));
    EXPECT_THAT(offered("report /etc/hostn"), ElementsAre("/etc/hostname"));
    EXPECT_THAT(offered("run --seed 1"), ElementsAre("")) << "a number is nobody's to guess";
}

TEST(Completion, EachOptionOfEachCommandIsOfferedInBothShells) {
    const std::string zsh = crosstalk("completion zsh").text;
    for (const std::string& command : commands()) {
        EXPECT_THAT(zsh, HasSubstr("        " + command + ") _arguments"));
        const auto bash = offered(command + " --");
        for (const std::string& option : options_in(crosstalk(command + " --help").text)) {
            EXPECT_THAT(bash, Contains(option)) << command;
            EXPECT_THAT(zsh, HasSubstr("'" + option)) << command;
        }
    }
}

// zsh itself, in a terminal of its own making (zpty): what is typed, then a tab, and what must be there by then.
bool zsh_completes(const std::string& typed, const std::string& to) {
    const Directory directory;
    std::ofstream(directory / "_crosstalk") << crosstalk("completion zsh").text;
    std::ofstream(directory / "try") << "zmodload zsh/zpty\nzpty inner zsh -f -i\nzpty -w inner 'fpath=("
                                     << directory.path() << " $fpath); path=(" CROSSTALK_BINARY_DIR
                                     << " $path); PROMPT=; autoload -Uz compinit; compinit -u -D; print rea\"\"dy'\n"
                                        "zpty -r -m inner seen '*ready*'\nzpty -w -n inner '"
                                     << typed << "'$'\\t'\nzpty -r -m inner seen '*" << to
                                     << "*' && print completed\nzpty -d inner\n";
    return said_by("timeout 10 zsh -f " + (directory / "try")).text == "completed\n";
}

TEST(Completion, ZshReadsItsScriptAndCompletes) {
    EXPECT_TRUE(zsh_completes("crosstalk expl", "crosstalk explain"));
    EXPECT_TRUE(zsh_completes("crosstalk run --sched", "--schedule"));
    EXPECT_TRUE(zsh_completes("crosstalk run --schedule t", "turns"));
    EXPECT_FALSE(zsh_completes("crosstalk expl", "crosstalk exploit"));
}

}  // namespace
}  // namespace crosstalk
