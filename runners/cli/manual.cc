// Manual pages: the facts of a command in the macros of man(7), and the command that prints or writes them.
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "reports/record.h"
#include "runners/cli/command.h"
#include "runners/cli/facts.h"

#ifndef CROSSTALK_VERSION
#define CROSSTALK_VERSION "unversioned"
#endif

namespace crosstalk {
namespace {

// Text in which nothing is markup; a hyphen is the ASCII one, so that options can be searched for and copied.
std::string plain(const std::string& text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '\\': out += "\\e"; break;
            case '-': out += "\\-"; break;
            case '\'': out += "\\(aq"; break;
            case '`': out += "\\(ga"; break;
            default: out += c;
        }
    return out.starts_with('.') ? "\\&" + out : out;
}

// Lines stay lines; those that begin with a blank are examples, set as they are.
std::string paragraphs(const std::string& text) {
    std::string out;
    bool example = false, first = true;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) continue;
        if (line.starts_with(' ') != example)
            out += example ? ".fi\n" : ".nf\n";
        else if (!first && !example)
            out += ".br\n";
        example = line.starts_with(' ');
        out += plain(line) + '\n';
        first = false;
    }
    return out + (example ? ".fi\n" : "");
}

std::string section(const char* title, const std::string& body) {
    return body.empty() ? "" : std::string(".SH ") + title + '\n' + body;
}

std::string entries(const std::vector<OptionFacts>& options) {
    std::string out;
    for (const OptionFacts& option : options) {
        std::string head;
        for (const std::string& name : option.names) head += (head.empty() ? "\\fB" : ", \\fB") + plain(name) + "\\fR";
        if (option.many) head += "...";
        if (!option.value.empty())
            head += (option.value_optional ? " [\\fI" : " \\fI") + plain(option.value) + "\\fR" +
                    (option.value_optional ? "]" : "");
        out += ".TP\n" + head + '\n' + paragraphs(option.about);
    }
    return out;
}

std::string page_name(const CommandFacts& facts) { return "crosstalk" + (facts.name.empty() ? "" : "-" + facts.name); }

std::string references(const CommandFacts& facts) {
    if (facts.commands.empty()) return ".BR crosstalk (1)\n";
    std::string out;
    for (const CommandFacts& command : facts.commands)
        out += ".TP\n.BR " + plain(page_name(command)) + " (1)\n" + paragraphs(command.about);
    return out;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

struct ManualOptions {
    std::string command, directory;
};

int carry_out(const ManualOptions& options, const CLI::App& root) {
    const CommandFacts tool = facts_of(root);
    std::vector<CommandFacts> pages = tool.commands;
    pages.push_back(tool);
    bool met = false;
    for (const CommandFacts& facts : pages) {
        if (options.directory.empty() && facts.name != options.command) continue;
        met = true;
        const std::string page = manual_page(facts, CROSSTALK_VERSION);
        if (options.directory.empty())
            std::fputs(page.c_str(), stdout);
        else if (std::string wrong = replace_file(options.directory + "/" + page_name(facts) + ".1", page);
                 !wrong.empty())
            return complain(exit_usage, wrong);
    }
    return met ? exit_passed : complain(exit_usage, "no command '" + options.command + "'; see crosstalk --help");
}

}  // namespace

std::string manual_page(const CommandFacts& facts, const std::string& version) {
    std::string out = ".TH " + plain(page_name(facts)) + " 1 \"\" \"Crosstalk " + version + "\" \"Crosstalk\"\n";
    // The first line is enough for a list of pages; sentences that follow describe.
    const std::string brief = first_line(facts.about);
    out += section("NAME", plain(page_name(facts)) + " \\- " + plain(brief) + '\n');
    out += section("SYNOPSIS", ".B " + plain(synopsis(facts)) + '\n');
    if (brief != facts.about) out += section("DESCRIPTION", paragraphs(facts.about));
    out += section("ARGUMENTS", entries(facts.arguments)) + section("OPTIONS", entries(facts.options));
    out += section("NOTES", paragraphs(facts.notes)) + section("EXIT STATUS", paragraphs(facts.exit_status));
    return out + section(facts.commands.empty() ? "SEE ALSO" : "COMMANDS", references(facts));
}

Command add_manual(CLI::App& root) {
    auto options = std::make_shared<ManualOptions>();
    CLI::App* app = root.add_subcommand("manual", "print a manual page, for man -l -");
    app->add_option("COMMAND", options->command, "which command's page; none: the tool's own");
    app->add_option("--all", options->directory, "write the pages of all commands into this directory")
        ->type_name("DIR")
        ->check(CLI::ExistingDirectory);
    return {app, [options, &root] { return carry_out(*options, root); }};
}

}  // namespace crosstalk
