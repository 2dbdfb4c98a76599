// Writing records. Field names are a contract: schema.json.
#include "reports/record.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace crosstalk {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) +
           '\n';  // names from hostile targets stay harmless
}

Json named(const std::vector<Named>& list) {
    Json out = Json::array();
    for (const Named& entry : list) {
        out.push_back({{"name", entry.name}, {"about", entry.about}});
        if (!entry.verbs.empty()) out.back()["verbs"] = entry.verbs;
    }
    return out;
}

Json claims(const std::vector<ClaimFact>& list) {
    Json out = Json::array();
    for (const ClaimFact& claim : list)
        out.push_back({{"about", claim.about},
                       {"says", claim.says},
                       {"documents", claim.documents},
                       {"told", claim.told},
                       {"mechanisms", claim.mechanisms},
                       {"clauses", claim.clauses}});
    return out;
}

Json catalogue(const Catalogue& value) {
    Json list = Json::array();
    for (const ClauseFact& clause : value.clauses) {
        Json entry{{"id", clause.id},
                   {"says", clause.says},
                   {"source", clause.source},
                   {"strength", clause.strength},
                   {"property", clause.property},
                   {"standing", clause.standing},
                   {"mechanisms", clause.mechanisms}};
        if (!clause.because.empty()) entry["because"] = clause.because;
        list.push_back(std::move(entry));
    }
    return {{"mechanisms", named(value.mechanisms)},
            {"properties", named(value.properties)},
            {"faults", named(value.faults)},
            {"clauses", std::move(list)},
            {"claims", claims(value.claims)}};
}

Json expectations(const std::vector<Expectation>& list) {
    Json out = Json::array();
    for (const Expectation& entry : list) {
        Json json{{"cell", entry.cell}, {"clause", entry.clause}, {"outcome", entry.outcome}, {"reason", entry.reason}};
        if (!entry.source.empty()) json["source"] = entry.source;
        if (entry.max_rate < 1.0) json["max_rate"] = entry.max_rate;
        if (!entry.where.empty()) json["where"] = entry.where;
        if (entry.kernel != "*") json["when"]["kernel"] = entry.kernel;
        if (entry.libc != "*") json["when"]["libc"] = entry.libc;
        if (!entry.owner.empty()) json["owner"] = entry.owner;
        if (!entry.link.empty()) json["link"] = entry.link;
        if (!entry.expires.empty()) json["expires"] = entry.expires;
        if (entry.evidence != Expectation{}.evidence) json["evidence"] = entry.evidence;
        out.push_back(std::move(json));
    }
    return out;
}

// Histograms lose their empty tail: [0,3,9].
template <std::size_t n>
Json histogram(const std::array<std::uint64_t, n>& counts) {
    std::size_t used = n;
    while (used > 0 && counts[used - 1] == 0) --used;
    return Json(std::vector<std::uint64_t>(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(used)));
}

Json rows(const std::map<EvidenceKey, TwoCounts>& counts) {
    Json out = Json::array();
    for (const auto& [key, times] : counts)
        out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), times[0], times[1]});
    return out;
}

Json rows(const std::map<std::pair<std::string, std::string>, Interleaving>& list) {
    Json out = Json::array();
    for (const auto& [key, how] : list) {
        const auto hashes = how.orders.hashes();
        out.push_back({key.first, key.second, histogram(how.at_once), histogram(how.switches),
                       std::vector<std::uint32_t>(hashes.begin(), hashes.end())});
    }
    return out;
}

// Text of ours that is already JSON goes in as it is; text that is not, as a string, so that nothing is lost.
Json embedded(const std::string& text) {
    if (text.empty()) return nullptr;
    Json parsed = Json::parse(text, nullptr, false);
    return parsed.is_discarded() ? Json(text) : parsed;
}

}  // namespace

std::string line_of(const RunFacts& facts) {
    Json target{{"name", facts.target.name},           {"kernel", facts.target.kernel},
                {"libc", facts.target.libc},           {"arch", facts.target.arch},
                {"abilities", facts.target.abilities}, {"environment", facts.target.environment}};
    if (!facts.target.absent.empty()) target["absent"] = facts.target.absent;
    return line(
        {{"type", "run"},
         {"version", facts.version},
         {"seed", facts.seed},
         {"profile", facts.profile},
         {"book", facts.book},
         {"started", facts.started},
         {"selection", facts.selection},
         {"shard", facts.shard},
         {"terms",
          {{"strict", facts.terms.strict}, {"min_evidence", facts.terms.min_evidence}, {"today", facts.terms.today}}},
         {"target", std::move(target)},
         {"faults", facts.faults},
         {"mechanisms", facts.mechanisms},
         {"cells", facts.cells},
         {"expectation_file", facts.expectation_file},
         {"expectations", expectations(facts.expectations)},
         {"catalogue", catalogue(facts.catalogue)}});
}

std::string line_of(const EvidenceFacts& increment) {
    Json counts = Json::array();
    for (const auto& [key, times] : increment.counts)
        counts.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), times});
    Json json{{"type", "evidence"},
              {"cases", increment.cases},
              {"events", increment.events},
              {"inconclusive", increment.inconclusive}};
    if (!increment.broken.empty()) json["broken"] = increment.broken;
    if (!increment.not_applicable.empty()) json["not_applicable"] = increment.not_applicable;
    json["counts"] = std::move(counts);
    Json reach = Json::array();
    for (const auto& [key, where] : increment.reach)
        reach.push_back({key.first, key.second, histogram(where.sizes), histogram(where.actors)});
    if (!reach.empty()) json["reach"] = std::move(reach);
    json["sizes"] = histogram(increment.sizes);
    json["actors"] = histogram(increment.actors);
    json["armed"] = increment.armed;
    json["fired"] = increment.fired;
    if (!increment.struck.empty()) json["struck"] = rows(increment.struck);
    if (!increment.overlaps.empty()) json["overlaps"] = rows(increment.overlaps);
    if (!increment.interleavings.empty()) json["interleavings"] = rows(increment.interleavings);
    json["drawn"] = increment.drawn;
    if (!increment.again.empty()) json["again"] = increment.again;
    return line(json);
}

std::string line_of(const FindingFacts& facts) {
    Json json{{"type", "finding"},
              {"finding", facts.finding},
              {"mechanism", facts.mechanism},
              {"clause", facts.clause},
              {"reason", facts.reason}};
    if (!facts.detail.empty()) json["detail"] = facts.detail;
    json["strength"] = facts.strength;
    json["deviates"] = facts.deviates;
    json["cell"] = facts.cell;
    for (const SeenAs& seen : facts.seen_as)
        json["seen_as"].push_back({{"finding", seen.finding},
                                   {"clause", seen.clause},
                                   {"reason", seen.reason},
                                   {"strength", seen.strength},
                                   {"cell", seen.cell}});
    json["rate"] = {facts.failed, facts.tried};
    json["actors"] = facts.actors;
    json["steps"] = facts.steps;
    json["event"] = facts.event;
    json["explanation"] = facts.explanation;
    json["found_after_cases"] = facts.found_after_cases;
    json["case"] = embedded(facts.case_json);
    json["history"] = embedded(facts.history_json);
    return line(json);
}

std::string line_of(const ProofFacts& facts) {
    Json json{{"type", "proof"}, {"lie", facts.lie}, {"mechanism", facts.mechanism}, {"clause", facts.clause}};
    if (!facts.because.empty()) json["because"] = facts.because;
    if (!facts.bug.empty()) json["bug"] = facts.bug;
    if (!facts.lie.empty()) json["host"] = facts.host;
    json["about"] = facts.about;
    json["cases"] = facts.cases;
    json["found_after"] = facts.found_after;
    json["named_after"] = facts.named_after;
    json["first"] = facts.first;
    json["clauses"] = facts.clauses;
    json["seconds"] = facts.seconds;
    if (!facts.trouble.empty()) json["trouble"] = facts.trouble;
    return line(json);
}

std::string line_of(const EndFacts& facts) {
    Json cells = Json::array();
    for (const CellOutcome& cell : facts.cells)
        cells.push_back({{"cell", cell.cell},
                         {"mechanism", cell.mechanism},
                         {"property", cell.property},
                         {"fault", cell.fault},
                         {"outcome", cell.outcome},
                         {"why", cell.why},
                         {"evidence", cell.evidence}});
    return line({{"type", "end"},
                 {"exit", facts.exit},
                 {"totals", {{"cases", facts.cases}, {"events", facts.events}, {"seconds", facts.seconds}}},
                 {"stopped_because", facts.stopped_because},
                 {"cells", std::move(cells)}});
}

RecordFile::~RecordFile() {
    if (fd_ >= 0) ::close(fd_);
}

std::string RecordFile::open(const std::string& path) {
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    return fd_ >= 0 ? "" : path + ": " + std::strerror(errno);
}

bool RecordFile::append(const std::string& text) {
    const ssize_t wrote = ::write(fd_, text.data(), text.size());
    return wrote == static_cast<ssize_t>(text.size());
}

Expected<std::string> text_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) {
        if (in && in.peek() == std::ifstream::traits_type::eof()) return std::string();
        return tl::unexpected(path + ": cannot be read: " + std::strerror(errno));
    }
    return std::move(text).str();
}

std::string replace_file(const std::string& path, std::string_view text) {
    const std::string part = path + ".part";
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        out.flush();
        if (!out) return part + ": " + std::strerror(errno);
    }
    return std::rename(part.c_str(), path.c_str()) == 0 ? "" : path + ": " + std::strerror(errno);
}

}  // namespace crosstalk
