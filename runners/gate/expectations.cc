// Expectation files in TOML. Each error names its line and what to do about it.
#include "runners/gate/expectations.h"

#include <toml++/toml.h>
#include <algorithm>
#include <cctype>
#include <filesystem>

#include "properties/clause.h"
#include "reports/record.h"
#include "runners/targets/catalog.h"

namespace crosstalk {
namespace {

std::string at(const std::string& name, const toml::source_region& where) {
    return name + ":" + std::to_string(where.begin.line);
}

// "" or what is wrong with one entry.
std::string read_entry(const toml::table& table, Expectation& entry) {
    for (const auto& [key, node] : table) {
        const std::string_view name = key.str();
        const auto text = node.value<std::string>();
        if (name == "max_rate") {
            if (!node.is_number()) return "max_rate must be a number between 0 and 1";
            entry.max_rate = *node.value<double>();
            continue;
        }
        if (!text) return std::string(name) + " must be a text in quotes";
        if (name == "cell")
            entry.cell = *text;
        else if (name == "clause")
            entry.clause = *text;
        else if (name == "outcome")
            entry.outcome = *text;
        else if (name == "reason")
            entry.reason = *text;
        else if (name == "source")
            entry.source = *text;
        else
            return "unknown key '" + std::string(name) + "'; keys are cell clause outcome reason source max_rate";
    }
    if (entry.clause.empty()) return "an entry needs a clause, for example clause = \"PIPE-CAP-3\"";
    if (!clause_named(entry.clause)) return "no clause '" + entry.clause + "'; see crosstalk list clauses";
    if (entry.outcome != "deviates" && entry.outcome != "violated" && entry.outcome != "flaky")
        return "outcome must be \"deviates\", \"violated\" or \"flaky\", not \"" + entry.outcome + "\"";
    if (entry.reason.empty()) return "an entry needs a reason: say why this is accepted";
    if (entry.outcome == "flaky" && (!table.contains("max_rate") || entry.max_rate <= 0 || entry.max_rate > 1))
        return "a flaky entry needs max_rate, the share of replays that may fail: above 0, at most 1";
    if (entry.outcome != "flaky" && table.contains("max_rate")) return "max_rate belongs to outcome = \"flaky\" only";
    return "";
}

}  // namespace

Expected<std::vector<Expectation>> expectations_from(std::string_view text, const std::string& name) {
    toml::table file;
    try {
        file = toml::parse(text, name);
    } catch (const toml::parse_error& wrong) {
        return tl::unexpected(at(name, wrong.source()) + ": not TOML: " + std::string(wrong.description()));
    }
    for (const auto& [key, node] : file)
        if (key.str() != "expect" || !node.is_array_of_tables())
            return tl::unexpected(at(name, node.source()) + ": '" + std::string(key.str()) +
                                  "' does not belong here; write entries as [[expect]] tables");
    std::vector<Expectation> out;
    const toml::array* entries = file["expect"].as_array();
    if (entries == nullptr) return out;
    for (const toml::node& node : *entries) {
        Expectation entry;
        entry.where = at(std::filesystem::path(name).filename().string(), node.source());
        if (std::string wrong = read_entry(*node.as_table(), entry); !wrong.empty())
            return tl::unexpected(at(name, node.source()) + ": " + wrong);
        out.push_back(std::move(entry));
    }
    return out;
}

Expected<std::vector<Expectation>> expectations_of_file(const std::string& path) {
    const Expected<std::string> text = text_of_file(path);
    if (!text) return tl::unexpected(text.error());
    return expectations_from(*text, path);
}

// A target's own file comes first, then that of its kernel's name: a sandbox that answers as Linux is held to Linux.
std::optional<std::string> expectation_file_for(std::string_view target_name, std::string_view kernel) {
    const std::string directory = data_directory("expectations");
    if (directory.empty()) return std::nullopt;
    std::string system(kernel.substr(0, kernel.find_first_of(" -/")));
    std::transform(system.begin(), system.end(), system.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    for (const std::string& name : {std::string(target_name), system}) {
        const std::string path = directory + "/" + name + ".toml";
        std::error_code error;
        if (!name.empty() && std::filesystem::is_regular_file(path, error)) return path;
    }
    return std::nullopt;
}

}  // namespace crosstalk
