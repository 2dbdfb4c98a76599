// What each fault may bring about: the clauses that speak of it, as its cause or its effect. Where one has fired, every
// other clause must hold as ever; these are the ones for whose sake it is provoked. How it is provoked is in faults/.
#pragma once

#include <span>

#include "mechanisms/history.h"
#include "properties/clause.h"

namespace crosstalk {

// Empty for none.
std::span<const ClauseId> consequences_of(FaultId fault);

}  // namespace crosstalk
