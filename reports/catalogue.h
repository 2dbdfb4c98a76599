// What this build knows, as names: for `run` records, `list` and `explain`.
#pragma once

#include <string>
#include <vector>

#include "faults/fault.h"
#include "mechanisms/mechanism.h"
#include "mechanisms/program.h"
#include "properties/property.h"
#include "reports/result.h"

namespace crosstalk {

Catalogue catalogue();

struct Cell {
    MechanismId mechanism = 0;
    PropertyId property = 0;
    FaultId fault = no_fault;
    bool operator==(const Cell&) const = default;
};
std::string name_of(const Cell& cell);

// All cells that exist, in the order of mechanisms, properties, faults: a judged clause of the property binds the
// mechanism, and the fault may strike one of its verbs (no_fault always).
std::vector<Cell> all_cells();

}  // namespace crosstalk
