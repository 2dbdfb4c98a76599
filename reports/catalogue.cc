// Names of what the lower folders hold, and the grid that follows from them.
#include "reports/catalogue.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/claims.h"
#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {
namespace {

std::string_view name_of_standing(Standing standing) {
    switch (standing) {
        case Standing::judged: return "judged";
        case Standing::needs: return "needs";
        case Standing::not_testable: return "not-testable";
    }
    return "";
}

bool is_bound_by(const Clause& clause, const Mechanism& mechanism) {
    return clause.binds != nullptr && clause.binds(mechanism);
}

std::vector<std::string> words_of(std::string_view text) {
    std::istringstream in{std::string(text)};
    return {std::istream_iterator<std::string>(in), {}};
}

// A small plain operation of the verb, once with and once without the flag that forbids sleeping: enough for a fault
// to say whether it may ever be offered there.
bool may_strike(const Fault& fault, Verb verb) {
    if (fault.may_strike == nullptr || verb == Verb::nothing) return false;
    for (const std::uint16_t flags : {std::uint16_t{0}, std::uint16_t{flag_nonblock}})
        for (const When when : {When::before, When::asleep, When::between, When::after}) {
            Operation operation;
            operation.verb = verb;
            operation.flags = flags;
            operation.times = when == When::between ? 2 : 1;
            operation.buffer.bytes = 64;
            if (verb == Verb::trial) operation.timeout_ns = 1;  // each has a limit
            if (fault.may_strike(operation, when)) return true;
        }
    return false;
}

// What signals do to calls shows only where signals come: from the fault, or from the mechanism's own calls.
bool may_show(PropertyId property, const Mechanism& mechanism, FaultId fault) {
    return property != crosstalk::property("interruption") || binds::signalling(mechanism) ||
           fault == interruption_fault || fault == stopped_peer_fault;
}

Named named(const Mechanism& mechanism) {
    Named out{std::string(mechanism.name), std::string(mechanism.about), {}};
    for (const Verb verb : mechanism.verbs)
        if (verb != Verb::nothing) out.verbs.emplace_back(sheet_of(verb).name);
    return out;
}

Named named(const Fault& fault) {
    Named out{std::string(fault.name), std::string(fault.about), {}};
    for (const VerbSheet& sheet : verb_sheets())
        if (may_strike(fault, sheet.verb)) out.verbs.emplace_back(sheet.name);
    return out;
}

}  // namespace

Catalogue catalogue() {
    Catalogue out;
    for (const Mechanism* mechanism : mechanisms()) out.mechanisms.push_back(named(*mechanism));
    for (const PropertyName& property : property_names)
        out.properties.push_back({std::string(property.name), std::string(property.about)});
    for (const Fault* fault : faults()) out.faults.push_back(named(*fault));
    for (const Clause& clause : clauses()) {
        ClauseFact fact{std::string(clause.id),
                        std::string(clause.says),
                        std::string(clause.source),
                        std::string(name_of(clause.strength)),
                        std::string(property_names[clause.property].name),
                        std::string(name_of_standing(clause.standing)),
                        std::string(clause.because),
                        {}};
        for (const Mechanism* mechanism : mechanisms())
            if (is_bound_by(clause, *mechanism)) fact.mechanisms.emplace_back(mechanism->name);
        out.clauses.push_back(std::move(fact));
    }
    for (const Claim& claim : claims())
        out.claims.push_back({std::string(claim.about), std::string(claim.says), std::string(claim.documents),
                              std::string(name_of(claim.told)), words_of(claim.mechanisms), words_of(claim.clauses)});
    return out;
}

std::string name_of(const Cell& cell) {
    std::string out(mechanism_of(cell.mechanism).name);
    out.append("/").append(property_names[cell.property].name);
    return out.append("/").append(fault_of(cell.fault).name);
}

std::vector<Cell> all_cells() {
    std::vector<Cell> out;
    for (std::size_t m = 0; m < mechanisms().size(); ++m) {
        const Mechanism& mechanism = *mechanisms()[m];
        std::array<bool, property_names.size()> bound{};
        for (const Clause& clause : clauses())
            if (clause.standing == Standing::judged && is_bound_by(clause, mechanism)) bound[clause.property] = true;
        std::vector<FaultId> striking{no_fault};
        for (std::size_t f = 1; f < faults().size(); ++f)
            if (crosstalk::may_strike(static_cast<FaultId>(f), mechanism) &&
                std::ranges::any_of(mechanism.verbs, [&](Verb verb) { return may_strike(*faults()[f], verb); }))
                striking.push_back(static_cast<FaultId>(f));
        for (std::size_t p = 0; p < bound.size(); ++p)
            for (const FaultId fault : striking)
                if (bound[p] && may_show(static_cast<PropertyId>(p), mechanism, fault))
                    out.push_back({static_cast<MechanismId>(m), static_cast<PropertyId>(p), fault});
    }
    return out;
}

}  // namespace crosstalk
