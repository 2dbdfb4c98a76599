// The house style as tests that read the tree: who may include whom, how long files may be, what they open with, what
// they may be called, what stands in a catalogue, and that README's commands exist. Each check is a function from text
// to complaints, and has an example beside it that must be complained of. Formatting is clang-format's matter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "properties/property.h"

namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::Not;
using Complaints = std::vector<std::string>;

struct Source {
    std::string path;  // from the root of the tree
    std::string text;
};

constexpr std::array folders{"mechanisms", "faults", "properties", "reports", "runners"};  // each sees those before it

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::vector<Source> tree(const std::set<std::string>& extensions) {
    const fs::path root = CROSSTALK_SOURCE_DIR;
    std::vector<Source> sources;
    for (const char* folder : folders) {
        for (auto it = fs::recursive_directory_iterator(root / folder); it != fs::end(it); ++it) {
            if (it->path().filename() == "node_modules") it.disable_recursion_pending();
            if (it->is_regular_file() && extensions.contains(it->path().extension().string()))
                sources.push_back({fs::relative(it->path(), root).string(), read(it->path())});
        }
    }
    return sources;
}

std::size_t rank_of(const std::string& path) {
    const std::string folder = path.substr(0, path.find('/'));
    return static_cast<std::size_t>(std::ranges::find(folders, folder) - folders.begin());
}

bool starts(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

Complaints complaints(const std::set<std::string>& extensions, Complaints (*check)(const Source&)) {
    Complaints all;
    for (const Source& source : tree(extensions))
        for (const std::string& one : check(source)) all.push_back(source.path + ": " + one);
    return all;
}
const std::set<std::string> code{".cc", ".h"};
const std::set<std::string> code_and_web{".cc", ".h", ".ts", ".tsx", ".css"};

// Includes go leftwards only. The agent sees neither properties nor reports nor other runners, and no JSON.
Complaints includes(const Source& source) {
    static const std::regex include(R"re(^\s*#include\s+"([^"]+)")re");
    Complaints found;
    for (const std::string& line : lines_of(source.text)) {
        std::smatch match;
        if (!std::regex_search(line, match, include)) continue;
        const std::string path = match[1];
        if (rank_of(path) == folders.size())
            found.push_back("includes by a path that starts at no folder: " + path);
        else if (rank_of(path) > rank_of(source.path))
            found.push_back("includes to its right: " + path);
        const bool seen = rank_of(path) <= 1 || starts(path, "runners/agent/");
        if (starts(source.path, "runners/agent/") && (!seen || starts(path, "faults/text/")))
            found.push_back("is of the agent and includes " + path);
    }
    return found;
}

TEST(Style, AFolderIncludesOnlyFromFoldersToItsLeft) { EXPECT_THAT(complaints(code, includes), IsEmpty()); }
TEST(Style, AnIncludeToTheRightIsNoticed) {
    EXPECT_THAT(includes({"faults/x.cc", "#include \"properties/clause.h\"\n"}), Not(IsEmpty()));
    EXPECT_THAT(includes({"faults/x.cc", "#include \"x.h\"\n"}), Not(IsEmpty()));
    EXPECT_THAT(includes({"runners/agent/x.cc", "#include \"runners/cli/x.h\"\n"}), Not(IsEmpty()));
    EXPECT_THAT(includes({"runners/agent/x.cc", "#include \"faults/text/case.h\"\n"}), Not(IsEmpty()));
    EXPECT_THAT(includes({"reports/x.cc", "#include \"faults/case.h\"\n#include <vector>\n"}), IsEmpty());
}

constexpr std::size_t wall = 400, widest = 120;

Complaints length(const Source& source) {
    if (starts(source.path, "properties/clauses/")) return {};  // tables of facts
    const std::size_t lines = lines_of(source.text).size();
    if (lines > wall) return {std::to_string(lines) + " lines"};
    return {};
}
TEST(Style, NoFileIsLongerThanTheWall) { EXPECT_THAT(complaints(code_and_web, length), IsEmpty()); }
TEST(Style, AFileBeyondTheWallIsNoticed) {
    EXPECT_THAT(length({"faults/x.cc", std::string(wall + 1, '\n')}), Not(IsEmpty()));
    EXPECT_THAT(length({"faults/x.cc", std::string(wall, '\n')}), IsEmpty());
}

Complaints opening(const Source& source) {
    return starts(source.text, "// ") ? Complaints{} : Complaints{"does not open with what it stands for"};
}
TEST(Style, EachFileOpensWithWhatItStandsFor) { EXPECT_THAT(complaints(code, opening), IsEmpty()); }
TEST(Style, AFileWithoutAnOpeningIsNoticed) {
    EXPECT_THAT(opening({"faults/x.h", "#pragma once\n// too late\n"}), Not(IsEmpty()));
}

// Words that say nothing of what a thing is. Files and types; a document's own words are not types of ours.
Complaints empty_names(const Source& source) {
    static const std::regex word("(util|common|helper|manager)", std::regex::icase);
    static const std::regex type(R"(^\s*(class|struct|namespace|enum class|concept)\s+(\w+))");
    Complaints found;
    if (std::regex_search(source.path, word)) found.push_back("is called what says nothing");
    for (const std::string& line : lines_of(source.text)) {
        std::smatch match;
        if (std::regex_search(line, match, type) && std::regex_search(match[2].str(), word))
            found.push_back("names a thing " + match[2].str());
    }
    return found;
}
TEST(Style, NoNameSaysNothing) { EXPECT_THAT(complaints(code_and_web, empty_names), IsEmpty()); }
TEST(Style, ANameThatSaysNothingIsNoticed) {
    EXPECT_THAT(empty_names({"faults/string_util.h", ""}), Not(IsEmpty()));
    EXPECT_THAT(empty_names({"faults/x.h", "class FaultManager {\n"}), Not(IsEmpty()));
}

Complaints line_shape(const Source& source) {
    static const std::regex unfinished(
        "\\b(TO"
        "DO|FIX"
        "ME|XX"
        "X)\\b");
    Complaints found;
    std::size_t number = 0;
    for (const std::string& line : lines_of(source.text)) {
        ++number;
        const auto characters = std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; });  // UTF-8
        const std::string where = "line " + std::to_string(number);
        if (static_cast<std::size_t>(characters) > widest) found.push_back(where + " is too wide");
        if (line.find('\t') != std::string::npos) found.push_back(where + " has a tab");
        if (!line.empty() && (line.back() == ' ' || line.back() == '\r'))
            found.push_back(where + " ends in white space");
        if (std::regex_search(line, unfinished)) found.push_back(where + " says that it is unfinished");
    }
    return found;
}
TEST(Style, LinesAreNarrowAndFinished) { EXPECT_THAT(complaints(code, line_shape), IsEmpty()); }
TEST(Style, AnOddLineIsNoticed) {
    EXPECT_THAT(line_shape({"faults/x.cc", std::string(widest + 1, 'x')}), Not(IsEmpty()));
    EXPECT_THAT(line_shape({"faults/x.cc", "\tint x;"}), Not(IsEmpty()));
    EXPECT_THAT(line_shape({"faults/x.cc", "int x; "}), Not(IsEmpty()));
    EXPECT_THAT(line_shape({"faults/x.cc",
                            "// TO"
                            "DO later"}),
                Not(IsEmpty()));
    EXPECT_THAT(line_shape({"faults/x.cc", "// caf\xc3\xa9" + std::string(widest - 7, 'x')}), IsEmpty());
}

// A .cc that defines a catalogue's kind of value (const Mechanism pipe_mechanism = ...) has its address taken in the
// list that another .cc of the folder holds; a static library would else drop it without a word.
Complaints outside_catalogue(const Source& source, const std::string& others) {
    static const std::regex entry(R"(^const (?:Mechanism|Fault|Format|Lie) (\w+)\s*[={])");
    Complaints found;
    for (const std::string& line : lines_of(source.text)) {
        std::smatch match;
        if (std::regex_search(line, match, entry) &&
            !std::regex_search(others, std::regex("&" + match[1].str() + "\\b")))
            found.push_back(match[1].str() + " is in no catalogue");
    }
    return found;
}
TEST(Style, EachEntryIsInItsCatalogue) {
    const std::vector<Source> sources = tree({".cc"});
    Complaints found;
    for (const Source& source : sources) {
        std::string others;
        for (const Source& other : sources)
            if (rank_of(other.path) == rank_of(source.path) && other.path != source.path) others += other.text;
        for (const std::string& one : outside_catalogue(source, others)) found.push_back(source.path + ": " + one);
    }
    for (const crosstalk::PropertyName& property : crosstalk::property_names)
        if (!fs::exists(fs::path(CROSSTALK_SOURCE_DIR) / "properties" / (std::string(property.name) + ".cc")))
            found.push_back("no file draws for the property " + std::string(property.name));
    EXPECT_THAT(found, IsEmpty());
}
TEST(Style, AnEntryOutsideItsCatalogueIsNoticed) {
    const Source fault{"faults/x.cc", "const Fault lost_fault = {};\n"};
    EXPECT_THAT(outside_catalogue(fault, "list = {&other_fault, &lost_fault_too};"), Not(IsEmpty()));
    EXPECT_THAT(outside_catalogue(fault, "list = {&lost_fault};"), IsEmpty());
}

// Commands in README: scripts exist as files, `crosstalk WORD` is a word of the command line's sources.
Complaints missing_commands(const std::string& readme, const std::string& command_line,
                            const std::set<std::string>& files) {
    static const std::regex script(R"((?:^|[\s`])((?:runners|\.ci|reports)/[\w./-]+\w))");
    static const std::regex command(R"((?:build/release/|`|^\s*)crosstalk ([a-z]+)\b)");
    Complaints found;
    for (const std::string& line : lines_of(readme)) {
        for (std::sregex_iterator it(line.begin(), line.end(), script), end; it != end; ++it)
            if (!files.contains((*it)[1])) found.push_back("README names " + (*it)[1].str());
        for (std::sregex_iterator it(line.begin(), line.end(), command), end; it != end; ++it)
            if (command_line.find('"' + (*it)[1].str() + '"') == std::string::npos)
                found.push_back("README names the command " + (*it)[1].str());
    }
    return found;
}
TEST(Style, ReadmeNamesOnlyCommandsThatExist) {
    const fs::path root = CROSSTALK_SOURCE_DIR;
    std::string command_line;
    for (const Source& source : tree({".cc"}))
        if (starts(source.path, "runners/cli/")) command_line += source.text;
    std::set<std::string> files;
    for (const char* top : {"runners", ".ci", "reports"})
        for (const auto& entry : fs::recursive_directory_iterator(root / top))
            files.insert(fs::relative(entry.path(), root).string());
    const std::string readme = read(root / "README.md");
    EXPECT_THAT(readme, testing::HasSubstr("runners/start"));
    EXPECT_THAT(missing_commands(readme, command_line, files), IsEmpty());
}
TEST(Style, ACommandThatDoesNotExistIsNoticed) {
    EXPECT_THAT(missing_commands("    runners/begin\n", "", {"runners/start"}), Not(IsEmpty()));
    EXPECT_THAT(missing_commands("    build/release/crosstalk ran\n", "\"run\"", {}), Not(IsEmpty()));
    EXPECT_THAT(missing_commands("    runners/start\n`crosstalk run`\n", "\"run\"", {"runners/start"}), IsEmpty());
}

}  // namespace
