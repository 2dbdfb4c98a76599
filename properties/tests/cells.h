// Drawn cases, spread over all cells: each property under each fault, or those whose clauses a mutation breaks.
#pragma once

#include <vector>

#include "faults/catalog.h"
#include "properties/clauses/all.h"
#include "properties/draw.h"
#include "properties/mirror/mutations.h"

namespace crosstalk {

// One generator a cell.
class Cells {
  public:
    explicit Cells(const Environment& environment) {
        for (PropertyId property = 0; property < property_names.size(); ++property)
            for (FaultId fault = 0; fault < faults().size(); ++fault) add(environment, property, fault);
    }
    // Those of the properties whose clauses a mutation breaks.
    Cells(const Environment& environment, const mirror::Mutation& mutation) {
        for (PropertyId property = 0; property < property_names.size(); ++property)
            for (const ClauseId clause : mutation.clauses)
                if (clause != no_clause && clause_of(clause).property == property) {
                    for (FaultId fault = 0; fault < faults().size(); ++fault) add(environment, property, fault);
                    break;
                }
    }
    Case at(std::uint64_t n) const {
        const int size = static_cast<int>(n * 7919 % (rc::kNominalSize + 1));
        return generators_[n % generators_.size()](rc::Random(n), size).value();
    }

  private:
    void add(const Environment& environment, PropertyId property, FaultId fault) {
        generators_.push_back(cases_of(property, 0, fault, ground_of(environment)));
    }
    std::vector<rc::Gen<Case>> generators_;
};

}  // namespace crosstalk
