// The list of faults, checked at compile time. Adding one: its file, its line here and in fault.cc's list.
#pragma once

#include "faults/fault.h"

namespace crosstalk {

inline constexpr FaultId interruption_fault = 1;
inline constexpr FaultId killed_peer_fault = 2;

extern const Fault interruption;  // interruption.cc
extern const Fault killed_peer;   // killed_peer.cc

}  // namespace crosstalk
