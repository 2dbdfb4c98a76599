// Parsing and matching FILTER words.
#include "reports/filter.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "reports/expectation.h"

namespace crosstalk {
namespace {

constexpr std::array<std::string_view, 6> keys{"mechanism", "property", "fault", "clause", "finding", "outcome"};

bool glob_in(const std::string& glob, const std::string& text) { return !text.empty() && glob_matches(glob, text); }
bool glob_in(const std::string& glob, const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& text) { return glob_matches(glob, text); });
}

}  // namespace

Expected<Filter> Filter::parse(std::span<const std::string> words) {
    Filter filter;
    for (const std::string& given : words) {
        std::istringstream pieces(given);
        for (std::string piece; pieces >> piece;) {
            Word word;
            word.negated = piece.front() == '!';
            const std::string rest = piece.substr(word.negated ? 1 : 0);
            const std::size_t colon = rest.find(':');
            if (colon != std::string::npos) word.key = rest.substr(0, colon);
            word.glob = colon == std::string::npos ? rest : rest.substr(colon + 1);
            if (colon != std::string::npos && std::find(keys.begin(), keys.end(), word.key) == keys.end())
                return tl::unexpected("filter word '" + piece + "': unknown key '" + word.key +
                                      "'; keys are mechanism property fault clause finding outcome");
            if (word.glob.empty())
                return tl::unexpected("filter word '" + piece +
                                      "' has no glob; write for example mechanism:pipe or '*/order/*'");
            filter.words_.push_back(std::move(word));
        }
    }
    return filter;
}

bool Filter::matches(const Word& word, const Filterable& thing) {
    if (word.key.empty()) return glob_in(word.glob, thing.cell);
    if (word.key == "mechanism") return glob_in(word.glob, thing.mechanism);
    if (word.key == "property") return glob_in(word.glob, thing.property);
    if (word.key == "fault") return glob_in(word.glob, thing.fault);
    if (word.key == "clause") return glob_in(word.glob, thing.clauses);
    if (word.key == "finding") return glob_in(word.glob, thing.findings);
    return glob_in(word.glob, thing.outcome);
}

bool Filter::matches(const Filterable& thing) const {
    return std::all_of(words_.begin(), words_.end(),
                       [&](const Word& word) { return matches(word, thing) != word.negated; });
}

bool Filter::uses(std::string_view key) const {
    return std::any_of(words_.begin(), words_.end(), [&](const Word& word) { return word.key == key; });
}

std::string Filter::text() const {
    std::string out;
    for (const Word& word : words_)
        out += (out.empty() ? "" : " ") + std::string(word.negated ? "!" : "") +
               (word.key.empty() ? "" : word.key + ":") + word.glob;
    return out;
}

}  // namespace crosstalk
