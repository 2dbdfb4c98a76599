// Expectation files in TOML. Each error names its line and what to do about it.
#include "runners/gate/expectations.h"

#include <toml++/toml.h>
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "properties/clause.h"
#include "reports/record.h"
#include "runners/targets/catalog.h"

namespace crosstalk {
namespace {

std::string at(const std::string& name, const toml::source_region& where) {
    return name + ":" + std::to_string(where.begin.line);
}

constexpr std::string_view keys = "cell clause outcome reason source when owner link expires max_rate evidence";

// "" or what is wrong with one value. Texts are the rule; the others have kinds of their own.
std::string read_value(const std::string& name, const toml::node& node, Expectation& entry) {
    if (name == "max_rate") {
        if (!node.is_number()) return "max_rate must be a number between 0 and 1";
        entry.max_rate = *node.value<double>();
        return "";
    }
    if (name == "evidence") {
        const auto number = node.value_exact<std::int64_t>();
        if (!number || *number < 1) return "evidence must be a whole number, at least 1";
        entry.evidence = static_cast<std::uint64_t>(*number);
        return "";
    }
    if (name == "expires") {
        const auto day = node.value<toml::date>();
        if (!day) return "expires must be a day without quotes, for example expires = 2027-03-01";
        char text[16];
        std::snprintf(text, sizeof text, "%04u-%02u-%02u", day->year % 10000u, day->month % 100u, day->day % 100u);
        entry.expires = text;
        return "";
    }
    if (name == "when") {
        const toml::table* table = node.as_table();
        if (table == nullptr || table->empty()) return "when must be a table: when = { kernel = \"Linux 6.*\" }";
        for (const auto& [key, value] : *table) {
            const auto glob = value.value<std::string>();
            if (!glob || (key.str() != "kernel" && key.str() != "libc"))
                return "when knows kernel and libc, each a glob in quotes, not '" + std::string(key.str()) + "'";
            (key.str() == "kernel" ? entry.kernel : entry.libc) = *glob;
        }
        return "";
    }
    for (const auto& [key, into] : {std::pair<std::string_view, std::string*>{"cell", &entry.cell},
                                    {"clause", &entry.clause},
                                    {"outcome", &entry.outcome},
                                    {"reason", &entry.reason},
                                    {"source", &entry.source},
                                    {"owner", &entry.owner},
                                    {"link", &entry.link}}) {
        if (key != name) continue;
        const auto text = node.value<std::string>();
        if (!text) return name + " must be a text in quotes";
        *into = *text;
        return "";
    }
    return "unknown key '" + name + "'; keys are " + std::string(keys);
}

// A deviation of a document stays until the system or the document changes; a defect is somebody's, and has an end.
std::string why_not_whole(const toml::table& table, const Expectation& entry) {
    const bool deviates = entry.outcome == "deviates", flaky = entry.outcome == "flaky";
    if (entry.clause.empty()) return "an entry needs a clause, for example clause = \"PIPE-CAP-3\"";
    if (!clause_named(entry.clause)) return "no clause '" + entry.clause + "'; see crosstalk list clauses";
    if (!deviates && entry.outcome != "violated" && !flaky)
        return "outcome must be \"deviates\", \"violated\" or \"flaky\", not \"" + entry.outcome + "\"";
    if (entry.reason.empty()) return "an entry needs a reason: say why this is accepted";
    if (flaky && (!table.contains("max_rate") || entry.max_rate <= 0 || entry.max_rate > 1))
        return "a flaky entry needs max_rate, the share of replays that may fail: above 0, at most 1";
    if (!flaky && table.contains("max_rate")) return "max_rate belongs to outcome = \"flaky\" only";
    if (flaky && table.contains("evidence")) return "evidence does not belong to outcome = \"flaky\": it may be unseen";
    if (deviates && !entry.expires.empty())
        return "a deviation of a document does not expire; a defect that shall be fixed is \"violated\"";
    if (!deviates && entry.expires.empty())
        return "a known defect needs a last day: expires = 2027-03-01; without one this file would only grow";
    if (!deviates && entry.owner.empty() && entry.link.empty())
        return "a known defect needs an owner or a link: who looks after it, or where it is reported";
    return "";
}

// "" or what is wrong with one entry.
std::string read_entry(const toml::table& table, Expectation& entry) {
    for (const auto& [key, node] : table)
        if (std::string wrong = read_value(std::string(key.str()), node, entry); !wrong.empty()) return wrong;
    return why_not_whole(table, entry);
}

using Entries = Expected<std::vector<Expectation>>;

Entries read_text(std::string_view text, const std::string& name, bool includes);

// The entries of a file beside this one. That one includes no other, so that nothing goes round.
Entries included(const toml::node& node, const std::string& name, bool includes) {
    const auto wrong = [&](const std::string& what) { return tl::unexpected(at(name, node.source()) + ": " + what); };
    const auto file = node.value<std::string>();
    if (!includes) return wrong("a file that is included includes no other");
    if (!file || file->empty() || file->find('/') != std::string::npos)
        return wrong("include must be the name of a file beside this one, for example include = \"linux.toml\"");
    const std::string path = (std::filesystem::path(name).parent_path() / *file).string();
    const Expected<std::string> text = text_of_file(path);
    if (!text) return wrong(text.error());
    return read_text(*text, path, false);
}

Entries read_text(std::string_view text, const std::string& name, bool includes) {
    toml::table file;
    try {
        file = toml::parse(text, name);
    } catch (const toml::parse_error& wrong) {
        return tl::unexpected(at(name, wrong.source()) + ": not TOML: " + std::string(wrong.description()));
    }
    std::vector<Expectation> out;
    for (const auto& [key, node] : file) {
        if (key.str() == "include") {
            Entries others = included(node, name, includes);
            if (!others) return others;
            out = std::move(*others);
        } else if (key.str() != "expect" || !node.is_array_of_tables()) {
            return tl::unexpected(at(name, node.source()) + ": '" + std::string(key.str()) +
                                  "' does not belong here; write entries as [[expect]] tables");
        }
    }
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

}  // namespace

Expected<std::vector<Expectation>> expectations_from(std::string_view text, const std::string& name) {
    return read_text(text, name, true);
}

Expected<std::vector<Expectation>> expectations_of_file(const std::string& path) {
    const Expected<std::string> text = text_of_file(path);
    if (!text) return tl::unexpected(text.error());
    return expectations_from(*text, path);
}

std::string why_no_day(const std::string& text) {
    unsigned month = 0, day = 0;
    int year = 0;
    char rest = 0;
    const bool shaped =
        text.size() == 10 && std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) == 3;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    return shaped && date.ok() ? "" : "'" + text + "' is no day; write for example 2026-11-28";
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
