// crosstalk list: what there is, one a line.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "reports/catalogue.h"
#include "reports/cells.h"
#include "reports/filter.h"
#include "reports/format.h"
#include "runners/campaign/prove.h"
#include "runners/cli/command.h"

namespace crosstalk {
namespace {

using Json = nlohmann::ordered_json;

struct ListOptions {
    std::vector<std::string> words;
    bool json = false;
};

struct Line {
    Filterable thing;
    Json json;         // all that is known
    std::string text;  // the line for people
};

std::vector<Line> cell_lines(const Catalogue& known) {
    std::vector<Line> out;
    for (const Cell& cell : all_cells()) {
        const std::string id = name_of(cell);
        const CellId parts = cell_from(id);
        Filterable thing{id, parts.mechanism, parts.property, parts.fault, {}, {}, ""};
        for (const ClauseFact& clause : known.clauses)
            if (clause.property == parts.property &&
                std::count(clause.mechanisms.begin(), clause.mechanisms.end(), parts.mechanism) > 0)
                thing.clauses.push_back(clause.id);
        out.push_back({thing, {{"cell", id}, {"clauses", thing.clauses}}, id});
    }
    return out;
}

std::vector<Line> clause_lines(const Catalogue& known) {
    std::vector<Line> out;
    for (const ClauseFact& clause : known.clauses) {
        Filterable thing{"", "", clause.property, "", {clause.id}, {}, ""};
        if (!clause.mechanisms.empty()) thing.mechanism = clause.mechanisms.front();
        out.push_back(
            {thing,
             {{"id", clause.id},
              {"says", clause.says},
              {"source", clause.source},
              {"strength", clause.strength},
              {"property", clause.property},
              {"standing", clause.standing},
              {"because", clause.because},
              {"mechanisms", clause.mechanisms}},
             fmt::format("{:<18} {:<8} {:<12} {:<13} {}{}", clause.id, clause.strength, clause.standing,
                         clause.property, clause.says, clause.because.empty() ? "" : "  (" + clause.because + ")")});
    }
    return out;
}

std::vector<Line> named_lines(const std::vector<Named>& list, std::string Filterable::*key) {
    std::vector<Line> out;
    for (const Named& entry : list) {
        Filterable thing;
        thing.*key = entry.name;
        out.push_back(
            {thing, {{"name", entry.name}, {"about", entry.about}}, fmt::format("{:<16} {}", entry.name, entry.about)});
    }
    return out;
}

std::vector<Line> lie_lines() {
    std::vector<Line> out;
    for (const Suspect& suspect : all_suspects()) {
        const ProofFacts& lie = suspect.about;
        Filterable thing;
        thing.mechanism = lie.mechanism;
        thing.clauses = {lie.clause};
        out.push_back({thing,
                       {{"id", lie.lie},
                        {"host", lie.host},
                        {"mechanism", lie.mechanism},
                        {"clause", lie.clause},
                        {"bug", lie.bug},
                        {"about", lie.about}},
                       fmt::format("{:<34} {:<16} {:<7} {}", lie.lie, lie.clause, lie.bug, lie.about)});
    }
    return out;
}

std::vector<Line> lines_of(const std::string& kind) {
    const Catalogue known = catalogue();
    if (kind == "cells") return cell_lines(known);
    if (kind == "clauses") return clause_lines(known);
    if (kind == "mechanisms") return named_lines(known.mechanisms, &Filterable::mechanism);
    if (kind == "properties") return named_lines(known.properties, &Filterable::property);
    if (kind == "faults") return named_lines(known.faults, &Filterable::fault);
    if (kind == "lies") return lie_lines();
    std::vector<Named> all;
    if (kind == "formats") {
        all.push_back({"jsonl", "results.jsonl: one record a line, as reports/schema.json says"});
        for (const Format* format : formats()) all.push_back({std::string(format->name), std::string(format->about)});
        return named_lines(all, &Filterable::cell);
    }
    for (const Target& target : targets()) all.push_back({target.name, target.about});
    return named_lines(all, &Filterable::cell);
}

std::string counts_of_standing() {
    const Catalogue known = catalogue();
    std::map<std::string, unsigned> counts;
    for (const ClauseFact& clause : known.clauses) ++counts[clause.standing];
    std::string out;
    for (const auto& [standing, times] : counts)
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", times, standing);
    return fmt::format("{} clauses: {}\n", known.clauses.size(), out);
}

int carry_out(ListOptions options) {
    static const std::vector<std::string> kinds{"cells",  "mechanisms", "properties", "clauses",
                                                "faults", "lies",       "targets",    "formats"};
    std::string kind = "cells";
    if (!options.words.empty() && std::count(kinds.begin(), kinds.end(), options.words.front()) > 0) {
        kind = options.words.front();
        options.words.erase(options.words.begin());
    }
    // Things other than cells have no cell id: a bare word is a glob on their own name.
    const auto filter = Filter::parse(options.words);
    if (!filter) return complain(exit_usage, filter.error());
    Json json = Json::array();
    std::size_t shown = 0;
    for (Line& line : lines_of(kind)) {
        if (line.thing.cell.empty()) line.thing.cell = line.json.contains("id") ? line.json["id"] : line.json["name"];
        if (!filter->matches(line.thing)) continue;
        ++shown;
        if (options.json)
            json.push_back(std::move(line.json));
        else
            std::printf("%s\n", line.text.c_str());
    }
    if (options.json)
        std::printf("%s\n", json.dump(2).c_str());
    else if (kind == "clauses" && options.words.empty())
        std::fputs(counts_of_standing().c_str(), stdout);
    if (shown == 0) return complain(exit_nothing, "nothing in " + kind + " matches '" + filter->text() + "'");
    return exit_passed;
}

}  // namespace

Command add_list(CLI::App& root) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* app = root.add_subcommand(
        "list", "what there is: cells, mechanisms, properties, clauses, faults, lies, targets, formats");
    app->add_option(
           "WHAT", options->words,
           "one of cells mechanisms properties clauses faults lies targets formats (default cells), then FILTER words: "
           "mechanism:pipe, clause:'PIPE-CAP-*', !fault:none; a bare word is a glob on the id")
        ->type_name("{cells,mechanisms,properties,clauses,faults,lies,targets,formats}");
    app->add_flag("--json", options->json, "as JSON, with all that is known");
    return {app, [options] { return carry_out(*options); }};
}

}  // namespace crosstalk
