// --help: the facts of a command, set for a terminal.
#include <algorithm>
#include <sstream>

#include "runners/cli/facts.h"

namespace crosstalk {
namespace {

constexpr std::size_t columns = 80, left = 26;

// The text in lines that end before `columns`, each but the first after `indent` blanks. A line that begins with a
// blank is an example, and stays.
std::string set(const std::string& text, std::size_t indent) {
    const std::string margin(indent, ' ');
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!out.empty()) out += '\n' + margin;
        if (line.starts_with(' ')) {
            out += line;
            continue;
        }
        std::size_t at = indent;
        std::istringstream words(line);
        for (std::string word; words >> word; at += word.size() + 1) {
            if (at > indent && at + word.size() > columns) {
                out += '\n' + margin;
                at = indent;
            } else if (at > indent) {
                out += ' ';
            }
            out += word;
        }
    }
    return out;
}

std::string row(const std::string& head, const std::string& about) {
    std::string out = "  " + head;
    out += out.size() + 2 > left ? '\n' + std::string(left, ' ') : std::string(left - out.size(), ' ');
    return out + set(about, left) + '\n';
}

std::string rows(const char* title, const std::vector<OptionFacts>& options) {
    std::string out = options.empty() ? "" : std::string("\n") + title + ":\n";
    for (const OptionFacts& option : options) out += row(heading(option) + (option.many ? "..." : ""), option.about);
    return out;
}

class Help : public CLI::Formatter {
  public:
    std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
        return help_text(facts_of(*app));
    }
};

}  // namespace

std::string help_text(const CommandFacts& facts) {
    std::string out = "Usage: " + synopsis(facts) + "\n\n" + set(facts.about, 0) + '\n';
    out += rows("Arguments", facts.arguments) + rows("Options", facts.options);
    if (!facts.commands.empty()) out += "\nCommands:\n";
    for (const CommandFacts& command : facts.commands) out += row(command.name, command.about);
    if (!facts.notes.empty()) out += '\n' + set(facts.notes, 0) + '\n';
    return out + '\n' + set("Exit status: " + facts.exit_status, 0) + '\n';
}

void help_by_facts(CLI::App& root) { root.formatter(std::make_shared<Help>()); }

}  // namespace crosstalk
