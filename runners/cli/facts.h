// What the command line is, as values: one command with its options, read from the table that the options were declared
// in. Help, manual pages and completion are functions of them, so that none can say what another does not.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace crosstalk {

struct OptionFacts {
    std::vector<std::string> names;    // "-j" "--jobs"; of an argument its one name
    std::string value;                 // what follows it: "FILE" "TIME" "turns|free"; "" = nothing
    std::vector<std::string> choices;  // all that it may be; none: anything
    std::string about;                 // a line break is one
    bool required = false, many = false, value_optional = false;
};

struct CommandFacts {
    std::string name;   // "run"; "" = the tool itself
    std::string about;  // one line; of the tool itself more
    std::string notes, exit_status;
    std::vector<OptionFacts> arguments, options;
    std::vector<CommandFacts> commands;  // of the tool itself
};

CommandFacts facts_of(const CLI::App& app);

std::string joined(const std::vector<std::string>& words, const char* between);

// For a terminal of 80 columns. Lines that begin with a blank stay as they are.
std::string help_text(const CommandFacts& facts);
// From now on, and for commands added from now on, --help is help_text.
void help_by_facts(CLI::App& root);

// "crosstalk run [OPTION...] [FILTER...]"
std::string synopsis(const CommandFacts& facts);
// "-j, --jobs N"
std::string heading(const OptionFacts& option);

// A page for man(1), in the macros of man(7).
std::string manual_page(const CommandFacts& facts, const std::string& version);

// Scripts to be read by the shell that is named.
std::string bash_completion(const CommandFacts& tool);
std::string zsh_completion(const CommandFacts& tool);

}  // namespace crosstalk
