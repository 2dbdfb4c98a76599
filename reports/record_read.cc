// Reading records back. Files come from other machines and killed runs: every field is checked for its kind, unknown
// fields and record types are skipped (a newer build wrote them), and cut lines are left out and counted.
#include <nlohmann/json.hpp>

#include "reports/cells.h"
#include "reports/record.h"
#include "reports/record_evidence.h"

namespace crosstalk {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
void take(const Json& json, const char* key, T& into) {
    if (const auto found = json.find(key); found != json.end()) found->get_to(into);
}

std::vector<Named> named(const Json& list) {
    std::vector<Named> out;
    for (const Json& entry : list) {
        Named value;
        take(entry, "name", value.name);
        take(entry, "about", value.about);
        take(entry, "verbs", value.verbs);
        out.push_back(std::move(value));
    }
    return out;
}

std::vector<ClaimFact> claims(const Json& json) {
    std::vector<ClaimFact> out;
    for (const Json& entry : json) {
        ClaimFact claim;
        take(entry, "about", claim.about);
        take(entry, "says", claim.says);
        take(entry, "documents", claim.documents);
        take(entry, "told", claim.told);
        take(entry, "mechanisms", claim.mechanisms);
        take(entry, "clauses", claim.clauses);
        out.push_back(std::move(claim));
    }
    return out;
}

Catalogue catalogue(const Json& json) {
    Catalogue out;
    if (json.contains("mechanisms")) out.mechanisms = named(json["mechanisms"]);
    if (json.contains("properties")) out.properties = named(json["properties"]);
    if (json.contains("faults")) out.faults = named(json["faults"]);
    if (json.contains("claims")) out.claims = claims(json["claims"]);
    if (!json.contains("clauses")) return out;
    for (const Json& entry : json["clauses"]) {
        ClauseFact clause;
        take(entry, "id", clause.id);
        take(entry, "says", clause.says);
        take(entry, "source", clause.source);
        take(entry, "strength", clause.strength);
        take(entry, "property", clause.property);
        take(entry, "standing", clause.standing);
        take(entry, "because", clause.because);
        take(entry, "mechanisms", clause.mechanisms);
        out.clauses.push_back(std::move(clause));
    }
    return out;
}

RunFacts run_from(const Json& json) {
    RunFacts run;
    take(json, "version", run.version);
    take(json, "seed", run.seed);
    take(json, "profile", run.profile);
    take(json, "book", run.book);
    take(json, "started", run.started);
    take(json, "selection", run.selection);
    take(json, "shard", run.shard);
    if (json.contains("terms")) {
        take(json["terms"], "strict", run.terms.strict);
        take(json["terms"], "min_evidence", run.terms.min_evidence);
        take(json["terms"], "today", run.terms.today);
    }
    if (json.contains("target")) {
        const Json& target = json["target"];
        take(target, "name", run.target.name);
        take(target, "kernel", run.target.kernel);
        take(target, "libc", run.target.libc);
        take(target, "arch", run.target.arch);
        take(target, "abilities", run.target.abilities);
        take(target, "environment", run.target.environment);
        take(target, "absent", run.target.absent);
    }
    take(json, "faults", run.faults);
    take(json, "mechanisms", run.mechanisms);
    take(json, "cells", run.cells);
    take(json, "expectation_file", run.expectation_file);
    for (const Json& entry : json.value("expectations", Json::array())) {
        Expectation value;
        take(entry, "cell", value.cell);
        take(entry, "clause", value.clause);
        take(entry, "outcome", value.outcome);
        take(entry, "reason", value.reason);
        take(entry, "source", value.source);
        take(entry, "max_rate", value.max_rate);
        take(entry, "where", value.where);
        if (entry.contains("when")) {
            take(entry["when"], "kernel", value.kernel);
            take(entry["when"], "libc", value.libc);
        }
        take(entry, "owner", value.owner);
        take(entry, "link", value.link);
        take(entry, "expires", value.expires);
        take(entry, "evidence", value.evidence);
        run.expectations.push_back(std::move(value));
    }
    if (json.contains("catalogue")) run.catalogue = catalogue(json["catalogue"]);
    return run;
}

// JSON readers make a count of -1 and of 1.5 too.
std::uint64_t count_of(const Json& json) {
    if (!json.is_number_unsigned()) throw std::runtime_error("a count is " + json.dump() + "; it must be 0, 1, 2 ...");
    return json.get<std::uint64_t>();
}

std::vector<std::uint64_t> counts_of(const Json& list) {
    std::vector<std::uint64_t> out;
    for (const Json& count : list.get_ref<const Json::array_t&>()) out.push_back(count_of(count));
    return out;
}

template <std::size_t n>
void fill(const std::vector<std::uint64_t>& counts, const char* key, std::array<std::uint64_t, n>& into) {
    if (counts.size() > n) throw std::runtime_error(std::string("\"") + key + "\" has more classes than there are");
    std::copy(counts.begin(), counts.end(), into.begin());
}

template <std::size_t n>
void take_histogram(const Json& json, const char* key, std::array<std::uint64_t, n>& into) {
    if (const auto found = json.find(key); found != json.end()) fill(counts_of(*found), key, into);
}

void take_rows(const Json& json, const char* key, std::map<EvidenceKey, TwoCounts>& into) {
    for (const Json& entry : json.value(key, Json::array())) {
        TwoCounts& sum =
            into[{entry.at(0).get<std::string>(), entry.at(1).get<std::string>(), entry.at(2).get<std::string>()}];
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += count_of(entry.at(3 + i));
    }
}

Interleaving interleaving_from(const Json& row) {
    Interleaving out;
    fill(counts_of(row.at(2)), "interleavings", out.at_once);
    fill(counts_of(row.at(3)), "interleavings", out.switches);
    const auto hashes = counts_of(row.at(4));
    if (hashes.size() > Distinct::kept) throw std::runtime_error("\"interleavings\" has more hashes than are kept");
    for (const std::uint64_t hash : hashes) {
        if (hash > UINT32_MAX) throw std::runtime_error("\"interleavings\" has a hash of more than 32 bits");
        out.orders.add(static_cast<std::uint32_t>(hash));
    }
    return out;
}

EvidenceFacts evidence_from(const Json& json) {
    EvidenceFacts out;
    take(json, "cases", out.cases);
    take(json, "events", out.events);
    take(json, "inconclusive", out.inconclusive);
    take(json, "broken", out.broken);
    take(json, "not_applicable", out.not_applicable);
    for (const Json& entry : json.value("counts", Json::array()))
        out.counts[{entry.at(0).get<std::string>(), entry.at(1).get<std::string>(), entry.at(2).get<std::string>()}] +=
            count_of(entry.at(3));
    for (const Json& entry : json.value("reach", Json::array())) {
        Reach where;
        fill(counts_of(entry.at(2)), "reach", where.sizes);
        fill(counts_of(entry.at(3)), "reach", where.actors);
        out.reach[{entry.at(0).get<std::string>(), entry.at(1).get<std::string>()}].add(where);
    }
    take_histogram(json, "sizes", out.sizes);
    take_histogram(json, "actors", out.actors);
    take(json, "armed", out.armed);
    take(json, "fired", out.fired);
    take_rows(json, "struck", out.struck);
    take_rows(json, "overlaps", out.overlaps);
    for (const Json& entry : json.value("interleavings", Json::array()))
        out.interleavings[{entry.at(0).get<std::string>(), entry.at(1).get<std::string>()}].add(
            interleaving_from(entry));
    take(json, "drawn", out.drawn);
    take(json, "again", out.again);
    return out;
}

FindingFacts finding_from(const Json& json) {
    FindingFacts out;
    take(json, "finding", out.finding);
    take(json, "mechanism", out.mechanism);
    take(json, "clause", out.clause);
    take(json, "reason", out.reason);
    take(json, "detail", out.detail);
    take(json, "strength", out.strength);
    take(json, "deviates", out.deviates);
    take(json, "cell", out.cell);
    if (json.contains("rate")) {
        out.failed = json["rate"].at(0).get<std::uint64_t>();
        out.tried = json["rate"].at(1).get<std::uint64_t>();
    }
    for (const Json& entry : json.value("seen_as", Json::array())) {
        SeenAs seen;
        take(entry, "finding", seen.finding);
        take(entry, "clause", seen.clause);
        take(entry, "reason", seen.reason);
        take(entry, "strength", seen.strength);
        take(entry, "cell", seen.cell);
        out.seen_as.push_back(std::move(seen));
    }
    take(json, "actors", out.actors);
    take(json, "steps", out.steps);
    take(json, "event", out.event);
    take(json, "explanation", out.explanation);
    take(json, "found_after_cases", out.found_after_cases);
    const auto text = [&](const char* key) {
        return json.contains(key) && !json[key].is_null() ? json[key].dump() : std::string();
    };
    out.case_json = text("case");
    out.history_json = text("history");
    return out;
}

ProofFacts proof_from(const Json& json) {
    ProofFacts out;
    take(json, "lie", out.lie);
    take(json, "host", out.host);
    take(json, "mechanism", out.mechanism);
    take(json, "clause", out.clause);
    take(json, "because", out.because);
    take(json, "bug", out.bug);
    take(json, "about", out.about);
    take(json, "cases", out.cases);
    take(json, "found_after", out.found_after);
    take(json, "named_after", out.named_after);
    take(json, "first", out.first);
    take(json, "clauses", out.clauses);
    take(json, "seconds", out.seconds);
    take(json, "trouble", out.trouble);
    return out;
}

EndFacts end_from(const Json& json) {
    EndFacts out;
    take(json, "exit", out.exit);
    if (json.contains("totals")) {
        take(json["totals"], "cases", out.cases);
        take(json["totals"], "events", out.events);
        take(json["totals"], "seconds", out.seconds);
    }
    take(json, "stopped_because", out.stopped_because);
    for (const Json& entry : json.value("cells", Json::array())) {
        CellOutcome cell;
        take(entry, "cell", cell.cell);
        take(entry, "mechanism", cell.mechanism);
        take(entry, "property", cell.property);
        take(entry, "fault", cell.fault);
        take(entry, "outcome", cell.outcome);
        take(entry, "why", cell.why);
        take(entry, "evidence", cell.evidence);
        out.cells.push_back(std::move(cell));
    }
    return out;
}

void add_finding(Results& results, FindingFacts facts) {
    for (FindingFacts& known : results.findings)
        if (known.finding == facts.finding) {  // another shard met it too, or it was seen as something else
            known.add(facts);
            return;
        }
    results.findings.push_back(std::move(facts));
}

void add_record(Results& results, const Json& json) {
    const std::string type = json.value("type", "");
    if (type == "run")
        results.runs.push_back(run_from(json));
    else if (type == "evidence")
        results.evidence.add(evidence_from(json));
    else if (type == "finding")
        add_finding(results, finding_from(json));
    else if (type == "proof")
        results.proofs.push_back(proof_from(json));
    else if (type == "end")
        results.ends.push_back(end_from(json));
}

// "" or what is wrong with one line. A line that does not parse is torn: only a kill leaves such, at the end of what
// one run wrote, so it must be the last line or be followed by another run's first.
std::string read_line(Results& results, std::string_view line, std::string_view next) {
    if (EvidenceFacts increment; read_evidence(line, increment)) {
        results.evidence.add(increment);
        return "";
    }
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object()) {
        const bool at_an_end = next.empty() || next.find("\"type\":\"run\"") != std::string_view::npos;
        // Joined by cat, the cut line and the next run's first are one line: what follows the cut is still whole.
        const std::size_t joined = line.find("{\"type\":\"run\"", 1);
        if (joined != std::string_view::npos) {
            ++results.torn_lines;
            return read_line(results, line.substr(joined), next);
        }
        if (!at_an_end) return "is not a JSON object";
        ++results.torn_lines;
        return "";
    }
    try {
        add_record(results, json);
    } catch (const std::exception& wrong) {
        return wrong.what();
    }
    return "";
}

}  // namespace

Expected<Results> results_from(std::span<const NamedText> files) {
    Results results;
    for (const NamedText& file : files) {
        const std::string_view text = file.text;
        std::size_t number = 0, begin = 0;
        while (begin < text.size()) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            const std::size_t next_begin = std::min(end + 1, text.size());
            const std::string_view line = text.substr(begin, end - begin);
            const std::string_view next = text.substr(next_begin, 64);
            ++number;
            begin = next_begin;
            if (line.empty()) continue;
            if (const std::string wrong = read_line(results, line, next); !wrong.empty())
                return tl::unexpected(file.name + ":" + std::to_string(number) + ": " + wrong +
                                      "; expected the lines of a results.jsonl as `crosstalk run` writes them");
        }
    }
    if (results.runs.empty())
        return tl::unexpected(std::string(files.empty() ? "no file" : files.front().name) +
                              ": holds no record of type \"run\"; give the results.jsonl of a run");
    results.cells = outcomes_of(results);
    return results;
}

}  // namespace crosstalk
