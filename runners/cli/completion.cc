// Completion for bash and zsh: scripts made from the facts of all commands. What an option may be is completed by the
// kind of its value: a choice, a file, a directory, a target; a cell's id where a FILTER is due. Ids come from the
// tool.
#include <cstdio>

#include "runners/cli/command.h"
#include "runners/cli/facts.h"

namespace crosstalk {
namespace {

// What bash runs to complete a value, with the word begun in $word; "" = nothing to offer.
std::string bash_values(const OptionFacts& option) {
    if (!option.choices.empty()) return "compgen -W '" + joined(option.choices, " ") + "' -- \"$word\"";
    const std::string& kind = option.value.empty() ? option.names.front() : option.value;
    if (kind == "DIR") return "compgen -d -- \"$word\"";
    if (kind == "TARGET") return "_crosstalk_ids targets; compgen -f -- \"$word\"";
    if (kind == "FILTER") return "_crosstalk_ids cells";
    if (kind == "RESULTS|FILTER") return "compgen -f -- \"$word\"; _crosstalk_ids cells";
    for (const char* file : {"FILE", "RESULTS", "CASE", "HISTORY"})
        if (kind == file) return "compgen -f -- \"$word\"";
    return "";
}

std::string bash_case(const CommandFacts& command) {
    std::string out, names;
    for (const OptionFacts& option : command.options) {
        names += (names.empty() ? "" : " ") + joined(option.names, " ");
        if (option.value.empty()) continue;
        std::string patterns;
        for (const std::string& name : option.names)
            patterns += (patterns.empty() ? "" : "|") + ("'" + command.name + " " + name + "'");
        const std::string values = bash_values(option);
        out += "        " + patterns + ") " + (values.empty() ? ":" : values) + " ;;\n";
    }
    const std::string words = "compgen -W '" + names + "' -- \"$word\"";
    std::string rest = command.arguments.empty() ? "" : bash_values(command.arguments.front());
    if (rest.empty()) rest = ":";
    return out + "        '" + command.name + " '*) if [[ $word == -* ]]; then " + words + "; else " + rest +
           "; fi ;;\n";
}

// Inside the quotes and brackets of a word for zsh's _arguments.
std::string zsh_plain(const std::string& text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '\'': out += "'\\''"; break;
            case '[':
            case ']':
            case ':':
            case '\\': out += std::string("\\") + c; break;
            case '\n': out += ' '; break;
            default: out += c;
        }
    return out;
}

std::string zsh_values(const OptionFacts& option) {
    if (!option.choices.empty()) return "(" + joined(option.choices, " ") + ")";
    const std::string& kind = option.value.empty() ? option.names.front() : option.value;
    if (kind == "DIR") return "_files -/";
    if (kind == "TARGET") return "{_crosstalk_ids targets}";
    if (kind == "FILTER" || kind == "RESULTS|FILTER") return kind == "FILTER" ? "{_crosstalk_ids cells}" : "_files";
    for (const char* file : {"FILE", "RESULTS", "CASE", "HISTORY"})
        if (kind == file) return "_files";
    return " ";
}

std::string zsh_case(const CommandFacts& command) {
    std::string out = "        " + command.name + ") _arguments -s";
    for (const OptionFacts& option : command.options)
        for (const std::string& name : option.names) {
            const bool has_value = !option.value.empty();
            const std::string about = zsh_plain(option.about.substr(0, option.about.find('\n')));
            out += " \\\n            '" + name +
                   (!has_value               ? ""
                    : name.starts_with("--") ? "="
                                             : "+") +
                   "[" + about + "]";
            if (has_value)
                out += std::string(option.value_optional ? "::" : ":") + zsh_plain(option.value) + ":" +
                       zsh_values(option);
            out += "'";
        }
    for (const OptionFacts& argument : command.arguments)
        out += " \\\n            '" + std::string(argument.many ? "*" : "1") + ":" + zsh_plain(argument.names.front()) +
               ":" + zsh_values(argument) + "'";
    return out + " ;;\n";
}

constexpr std::string_view bash_script = R"sh(# bash completion for crosstalk; written by `crosstalk completion bash`.
_crosstalk_ids() {  # KIND: the ids that begin with $word
    compgen -W "$("${COMP_WORDS[0]}" list "$1" 2>/dev/null | sed 's/ .*//')" -- "$word"
}
_crosstalk() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= each
    if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $each in @names@) command=$each; break ;; esac
    done
    mapfile -t COMPREPLY < <(case "$command $before" in
        ' '*) compgen -W '@words@' -- "$word" ;;
@cases@    esac)
}
complete -o filenames -F _crosstalk crosstalk
)sh";

constexpr std::string_view zsh_script = R"sh(#compdef crosstalk
# zsh completion for crosstalk; written by `crosstalk completion zsh`.
_crosstalk_ids() {  # KIND
    compadd -- ${(f)"$(crosstalk list $1 2>/dev/null | sed 's/ .*//')"}
}
_crosstalk() {
    local -a commands=(
@commands@    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
@cases@    esac
}
_crosstalk "$@"
)sh";

void fill(std::string& script, std::string_view mark, const std::string& with) {
    script.replace(script.find(mark), mark.size(), with);
}

int print(const std::string& shell, const CLI::App& root) {
    const CommandFacts tool = facts_of(root);
    std::fputs((shell == "zsh" ? zsh_completion(tool) : bash_completion(tool)).c_str(), stdout);
    return exit_passed;
}

}  // namespace

std::string bash_completion(const CommandFacts& tool) {
    std::string names, cases, words;
    for (const CommandFacts& command : tool.commands) {
        names += (names.empty() ? "" : "|") + command.name;
        words += command.name + " ";
        cases += bash_case(command);
    }
    for (const OptionFacts& option : tool.options) words += joined(option.names, " ") + " ";
    std::string out(bash_script);
    fill(out, "@names@", names);
    fill(out, "@words@", words);
    fill(out, "@cases@", cases);
    return out;
}

std::string zsh_completion(const CommandFacts& tool) {
    std::string commands, cases;
    for (const CommandFacts& command : tool.commands) {
        commands += "        '" + command.name + ":" + zsh_plain(command.about) + "'\n";
        cases += zsh_case(command);
    }
    std::string out(zsh_script);
    fill(out, "@commands@", commands);
    fill(out, "@cases@", cases);
    return out;
}

Command add_completion(CLI::App& root) {
    auto shell = std::make_shared<std::string>();
    CLI::App* app = root.add_subcommand("completion", "print a script that completes command lines in a shell");
    app->add_option("SHELL", *shell, "bash or zsh; of bash: source <(crosstalk completion bash)")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
    return {app, [shell, &root] { return print(*shell, root); }};
}

}  // namespace crosstalk
