// Reading target files: a table of keys, then what only the whole file can tell. Nothing is looked up on this machine.
#include "runners/targets/target_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "reports/record.h"
#include "runners/targets/abilities.h"
#include "runners/targets/words.h"

namespace crosstalk {
namespace {

constexpr std::size_t most_words = 1000;  // of a list: far above any command line, and a bound on what a file may cost
constexpr std::size_t most_text_bytes = 4096;

std::string at(const std::string& path, const toml::node& node) {
    return path + ":" + std::to_string(node.source().begin.line);
}

// Each of these takes one value, or says what it must be.
using Wrong = std::string;

Wrong take(const toml::node& node, std::string& out) {
    const auto text = node.value_exact<std::string>();
    if (!text || text->empty()) return "must be a text in quotes, and not empty";
    if (text->size() > most_text_bytes) return "is longer than 4096 bytes";
    if (text->find('\0') != std::string::npos) return "must not hold a zero byte";
    out = *text;
    return "";
}

Wrong take(const toml::node& node, std::vector<std::string>& out) {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > most_words) return "must be a list of texts: [\"...\", \"...\"]";
    for (const toml::node& each : *list)
        if (Wrong wrong = take(each, out.emplace_back()); !wrong.empty()) return "holds a value that " + wrong;
    return "";
}

Wrong take(const toml::node& node, std::vector<std::vector<std::string>>& out) {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > most_words) return "must be a list of command lines: [[\"...\", \"...\"]]";
    for (const toml::node& each : *list)
        if (Wrong wrong = take(each, out.emplace_back()); !wrong.empty() || out.back().empty())
            return "holds a command line that " + (wrong.empty() ? "is empty" : wrong);
    return "";
}

Wrong take(const toml::node& node, std::chrono::milliseconds& out) {
    std::string text;
    if (Wrong wrong = take(node, text); !wrong.empty()) return wrong;
    const auto time = time_from(text);
    if (!time || time->count() == 0) return "must be a time above zero: 500ms, 20s, 10m or 2h";
    out = *time;
    return "";
}

template <class Number>
Wrong take_number(const toml::node& node, Number& out, std::int64_t most) {
    const auto number = node.value_exact<std::int64_t>();
    if (!number || *number < 1 || *number > most) return "must be a number from 1 to " + std::to_string(most);
    out = static_cast<Number>(*number);
    return "";
}

Wrong one_of(const toml::node& node, std::string& out, std::initializer_list<std::string_view> words) {
    Wrong wrong = take(node, out);
    if (!wrong.empty() || std::ranges::find(words, out) != words.end()) return wrong;
    for (const std::string_view word : words) wrong.append(wrong.empty() ? "must be one of: " : " ").append(word);
    return wrong;
}

// Names become file names and first words of lines.
Wrong take_name(const toml::node& node, std::string& out) {
    Wrong wrong = take(node, out);
    const bool plain = out.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos;
    if (wrong.empty() && (!plain || out.front() == '.' || out.size() > 64))
        wrong = "must be of at most 64 characters a-z, 0-9, '-' and '.'";
    return wrong;
}

Wrong take_needs(const toml::node& node, TargetFile& out) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return "must be a table: { programs = [...], files = [...], remedy = \"...\" }";
    for (const auto& [key, value] : *table) {
        const std::string name(key.str());
        Wrong wrong = name == "programs" ? take(value, out.programs)
                      : name == "files"  ? take(value, out.files)
                      : name == "remedy" ? take(value, out.remedy)
                                         : "is not known; keys are programs files remedy";
        if (!wrong.empty()) return "." + name + " " + wrong;
    }
    return out.remedy.empty() ? "lacks a remedy: say what would help, for example \"apt-get install ...\"" : "";
}

Wrong take_variants(const toml::node& node, TargetFile& out) {
    const toml::array* list = node.as_array();
    const bool tables = list != nullptr && std::ranges::all_of(*list, [](const toml::node& n) { return n.is_table(); });
    if (!tables || list->empty() || list->size() > most_words)
        return "must be a list of tables: [ { accel = \"kvm\" } ]";
    for (const toml::node& each : *list) {
        Variant variant;
        for (const auto& [key, value] : *each.as_table()) {
            const std::string name(key.str());
            Wrong wrong = name == "ready" ? take(value, variant.ready) : take(value, variant.words[name]);
            if (placeholders_in("{" + name + "}").empty()) wrong = "is no word: use a-z, 0-9 and _";
            if (!wrong.empty()) return "." + name + " " + wrong;
        }
        if (out.variants.size() > 0 &&
            !std::ranges::equal(
                out.variants[0].words, variant.words, {}, [](auto& word) { return word.first; },
                [](auto& word) { return word.first; }))
            return "must all have the same words";
        out.variants.push_back(std::move(variant));
    }
    return "";
}

Wrong take_absent(const toml::node& node, TargetFile& out) {
    Wrong wrong = take(node, out.absent);
    for (const std::string& name : out.absent) {
        if (!wrong.empty() || std::ranges::find(ability_names, name) != ability_names.end()) continue;
        wrong = "names no ability '" + name + "'; there are:";
        for (const std::string_view ability : ability_names) wrong.append(" ").append(ability);
    }
    return wrong;
}

struct Key {
    std::string_view name;
    Wrong (*take)(const toml::node&, TargetFile&);
};
constexpr std::int64_t most_lanes = 1024, most_in_flight_bytes = 16 << 20;
constexpr Key keys[] = {
    {"name", [](const toml::node& n, TargetFile& f) { return take_name(n, f.name); }},
    {"about", [](const toml::node& n, TargetFile& f) { return take(n, f.about); }},
    {"class",
     [](const toml::node& n, TargetFile& f) {
         return one_of(n, f.kind, {"kernel", "sandbox", "policy", "emulator", "libc", "liar"});
     }},
    {"agent",
     [](const toml::node& n, TargetFile& f) {
         return one_of(n, f.agent, {"static", "musl", "aarch64", "armhf", "i386"});
     }},
    {"start", [](const toml::node& n, TargetFile& f) { return take(n, f.start); }},
    {"ready", [](const toml::node& n, TargetFile& f) { return take(n, f.ready); }},
    {"lanes", [](const toml::node& n, TargetFile& f) { return take_number(n, f.lanes, most_lanes); }},
    {"in_flight_bytes",
     [](const toml::node& n, TargetFile& f) { return take_number(n, f.in_flight_bytes, most_in_flight_bytes); }},
    {"console", [](const toml::node& n, TargetFile& f) { return take(n, f.console); }},
    {"needs", take_needs},
    {"variants", take_variants},
    {"setup", [](const toml::node& n, TargetFile& f) { return take(n, f.setup); }},
    {"absent", take_absent},
};

// The first placeholder under this node that is not known; "" or what is wrong, with its line.
Wrong unknown_placeholder(const toml::node& node, const std::set<std::string>& known, const std::string& path) {
    if (const auto text = node.value_exact<std::string>())
        for (const std::string& name : placeholders_in(*text))
            if (!known.contains(name)) {
                Wrong wrong = at(path, node) + ": no placeholder {" + name + "} here; there are:";
                for (const std::string& each : known) wrong += " {" + each + "}";
                return wrong;
            }
    Wrong wrong;
    const auto look = [&](const toml::node& below) {
        if (wrong.empty()) wrong = unknown_placeholder(below, known, path);
    };
    if (const toml::array* list = node.as_array())
        for (const toml::node& below : *list) look(below);
    if (const toml::table* table = node.as_table())
        for (const auto& [key, below] : *table) look(below);
    return wrong;
}

Wrong check_placeholders(const toml::table& table, const TargetFile& file, const std::string& path) {
    std::set<std::string> known{"agent", "cache", "tools", "work", "lie"};
    for (const char* key : {"setup", "needs"})
        if (const toml::node* node = table.get(key))
            if (Wrong wrong = unknown_placeholder(*node, known, path); !wrong.empty()) return wrong;
    for (const auto& [word, value] : file.variants.front().words)
        if (!known.insert(word).second)
            return at(path, *table.get("variants")) + ": a variant's word may not be called '" + word + "'";
    for (const char* key : {"start", "console"})
        if (const toml::node* node = table.get(key))
            if (Wrong wrong = unknown_placeholder(*node, known, path); !wrong.empty()) return wrong;
    return "";
}

}  // namespace

Expected<TargetFile> target_file_from(std::string_view text, const std::string& path) {
    toml::table table;
    try {
        table = toml::parse(text, path);
    } catch (const toml::parse_error& wrong) {
        return tl::unexpected(path + ":" + std::to_string(wrong.source().begin.line) +
                              ": not TOML: " + std::string(wrong.description()));
    }
    TargetFile out;
    for (const auto& [name, node] : table) {
        const auto key = std::ranges::find(keys, name.str(), &Key::name);
        if (key == std::end(keys)) {
            std::string names;
            for (const Key& each : keys) names.append(" ").append(each.name);
            return tl::unexpected(at(path, node) + ": unknown key '" + std::string(name.str()) + "'; keys are" + names);
        }
        if (Wrong wrong = key->take(node, out); !wrong.empty())
            return tl::unexpected(at(path, node) + ": " + std::string(name.str()) +
                                  (wrong.starts_with('.') ? "" : " ") + wrong);
    }
    if (out.name.empty() || out.about.empty() || out.kind.empty() || out.start.empty())
        return tl::unexpected(path + ":1: a target needs name, about, class and start");
    if (out.variants.empty()) out.variants.emplace_back();
    if (Wrong wrong = check_placeholders(table, out, path); !wrong.empty()) return tl::unexpected(wrong);
    return out;
}

Expected<TargetFile> target_file_at(const std::string& path) {
    const Expected<std::string> text = text_of_file(path);
    if (!text) return tl::unexpected(text.error());
    return target_file_from(*text, path);
}

}  // namespace crosstalk
