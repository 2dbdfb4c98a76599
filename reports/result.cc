// Sums and ids of results.
#include "reports/result.h"

#include <algorithm>
#include <cstdio>

namespace crosstalk {
namespace {

template <class Key>
void add_all(std::map<Key, std::uint64_t>& into, const std::map<Key, std::uint64_t>& from) {
    auto at = into.begin();  // of most keys, as both are sorted and increments hold the same ones
    for (const auto& [key, times] : from) {
        at = into.try_emplace(at, key);
        at++->second += times;
    }
}

void add_all(std::map<EvidenceKey, TwoCounts>& into, const std::map<EvidenceKey, TwoCounts>& from) {
    for (const auto& [key, times] : from) {
        TwoCounts& sum = into[key];
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += times[i];
    }
}

}  // namespace

void Reach::add(const Reach& other) {
    for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] += other.sizes[i];
    for (std::size_t i = 0; i < actors.size(); ++i) actors[i] += other.actors[i];
}

void Interleaving::add(const Interleaving& other) {
    for (std::size_t i = 0; i < at_once.size(); ++i) at_once[i] += other.at_once[i];
    for (std::size_t i = 0; i < switches.size(); ++i) switches[i] += other.switches[i];
    orders.add(other.orders);
}

void EvidenceFacts::add(const EvidenceFacts& other) {
    cases += other.cases;
    events += other.events;
    add_all(inconclusive, other.inconclusive);
    add_all(broken, other.broken);
    add_all(not_applicable, other.not_applicable);
    add_all(counts, other.counts);
    for (const auto& [key, where] : other.reach) reach[key].add(where);
    add_all(armed, other.armed);
    add_all(fired, other.fired);
    add_all(struck, other.struck);
    add_all(overlaps, other.overlaps);
    for (const auto& [key, how] : other.interleavings) interleavings[key].add(how);
    add_all(drawn, other.drawn);
    add_all(again, other.again);
    for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] += other.sizes[i];
    for (std::size_t i = 0; i < actors.size(); ++i) actors[i] += other.actors[i];
}

void FindingFacts::add(const FindingFacts& other) {
    failed += other.failed;
    tried += other.tried;
    for (const SeenAs& seen : other.seen_as)
        if (std::ranges::none_of(seen_as, [&](const SeenAs& known) { return known.finding == seen.finding; }))
            seen_as.push_back(seen);
}

// FNV-1a over the three names, each closed by a newline, then a finishing mix (so that all 48 bits depend on every
// byte). Written out here because the value is a contract: std::hash may differ between libraries.
std::string finding_id(std::string_view mechanism, std::string_view clause, std::string_view reason) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    const auto eat = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3u; };
    for (const std::string_view part : {mechanism, clause, reason}) {
        for (const char c : part) eat(static_cast<unsigned char>(c));
        eat('\n');
    }
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdu;
    hash ^= hash >> 33;
    char text[17];
    std::snprintf(text, sizeof text, "%012llx", static_cast<unsigned long long>(hash >> 16));
    return text;
}

// Iterative with one way back: linear in text times pattern, no recursion for hostile patterns.
bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace crosstalk
