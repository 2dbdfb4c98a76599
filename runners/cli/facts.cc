// Reading the option table of CLI11.
#include "runners/cli/facts.h"

#include <sstream>

namespace crosstalk {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string word; std::getline(in, word, at);) out.push_back(word);
    return out;
}

// CLI11 says what a value may be as "TYPE:CHECK", a choice as "TEXT:{turns,free}".
OptionFacts option_facts(const CLI::Option& option) {
    OptionFacts out;
    out.about = option.get_description();
    out.required = option.get_required();
    out.many = option.get_expected_max() > 1;
    const std::string type = option.get_type_size() == 0 ? "" : option.get_type_name();
    if (const std::size_t open = type.find('{'); open != type.npos)
        out.choices = split(type.substr(open + 1, type.find('}') - open - 1), ',');
    if (option.get_positional()) {
        out.names = {option.get_name(true)};
        return out;
    }
    out.names = split(option.get_name(false, true), ',');
    out.value = out.choices.empty() ? type.substr(0, type.find(':')) : joined(out.choices, "|");
    out.value_optional = option.get_expected_min() == 0;
    if (!out.value.empty() && !option.get_default_str().empty())
        out.about += (out.value_optional ? " (if none is given: " : " (default: ") + option.get_default_str() + ")";
    return out;
}

}  // namespace

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
    return out;
}

CommandFacts facts_of(const CLI::App& app) {
    CommandFacts out;
    const CLI::App* parent = app.get_parent();
    if (parent != nullptr) out.name = app.get_name();
    out.about = app.get_description();
    const std::string mark = "Exit status: ";
    // A command without a footer has its parent's, as CLI11 copies it.
    const std::string own = parent != nullptr && app.get_footer() == parent->get_footer() ? "" : app.get_footer();
    const std::string& told = own.find(mark) != own.npos || parent == nullptr ? own : parent->get_footer();
    if (const std::size_t at = told.find(mark); at != told.npos) out.exit_status = told.substr(at + mark.size());
    out.notes = own.substr(0, own.find(mark));
    while (out.notes.ends_with(' ') || out.notes.ends_with('\n')) out.notes.pop_back();
    for (const CLI::Option* option : app.get_options())
        (option->get_positional() ? out.arguments : out.options).push_back(option_facts(*option));
    for (const CLI::App* command : app.get_subcommands({})) out.commands.push_back(facts_of(*command));
    return out;
}

std::string synopsis(const CommandFacts& facts) {
    std::string out = "crosstalk" + (facts.name.empty() ? "" : " " + facts.name);
    if (!facts.options.empty()) out += " [OPTION...]";
    if (!facts.commands.empty()) out += " COMMAND";
    for (const OptionFacts& argument : facts.arguments) {
        const std::string name = argument.names.front() + (argument.many ? "..." : "");
        out += argument.required ? " " + name : " [" + name + "]";
    }
    return out;
}

std::string heading(const OptionFacts& option) {
    std::string out = joined(option.names, ", ");
    if (!option.value.empty()) out += option.value_optional ? " [" + option.value + "]" : " " + option.value;
    return out;
}

}  // namespace crosstalk
