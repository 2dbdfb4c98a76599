// Drawn cases, spread over all cells: each property under each fault, or those whose clauses a mutation breaks.
#pragma once

#include <algorithm>
#include <vector>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/draw.h"
#include "properties/mirror/mutations.h"

namespace crosstalk {

// One generator a cell, of one mechanism.
class Cells {
  public:
    explicit Cells(const Environment& environment, MechanismId mechanism = 0) : mechanism_(mechanism) {
        for (PropertyId property = 0; property < property_names.size(); ++property)
            if (speaks_of(property))
                for (FaultId fault = 0; fault < faults().size(); ++fault) add(environment, property, fault);
    }
    // Those of the properties whose clauses a mutation breaks. What only FIFOs promise shows where names are opened.
    Cells(const Environment& environment, const mirror::Mutation& mutation, MechanismId mechanism)
        : mechanism_(mechanism) {
        for (PropertyId property = 0; property < property_names.size(); ++property)
            for (const ClauseId clause : mutation.clauses)
                if (clause != no_clause && (clause_of(clause).property == property ||
                                            (property == crosstalk::property("names") && of_names_alone(clause)))) {
                    for (FaultId fault = 0; fault < faults().size(); ++fault) add(environment, property, fault);
                    break;
                }
    }
    Case at(std::uint64_t n) const {
        const int size = static_cast<int>(n * 7919 % (rc::kNominalSize + 1));
        return generators_[n % generators_.size()](rc::Random(n), size).value();
    }

  private:
    bool of_names_alone(ClauseId clause) const {
        return is_pipe(mechanism_of(mechanism_)) && !clause_of(clause).binds(mechanism_of(0));
    }
    // Pipes are drawn for every property, whatever it is about.
    bool speaks_of(PropertyId property) const {
        return mechanism_ == 0 || std::ranges::any_of(clauses(), [&](const Clause& clause) {
                   return clause.property == property && clause.standing == Standing::judged &&
                          clause.binds(mechanism_of(mechanism_));
               });
    }
    void add(const Environment& environment, PropertyId property, FaultId fault) {
        generators_.push_back(cases_of(property, mechanism_, fault, ground_of(environment)));
    }
    MechanismId mechanism_;
    std::vector<rc::Gen<Case>> generators_;
};

}  // namespace crosstalk
