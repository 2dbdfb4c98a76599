// The list of faults, checked at compile time. Adding one: its file, its line here and in fault.cc's list.
#pragma once

#include "faults/fault.h"
#include "mechanisms/mechanism.h"

namespace crosstalk {

inline constexpr FaultId interruption_fault = 1;
inline constexpr FaultId killed_peer_fault = 2;
inline constexpr FaultId short_transfer_fault = 3;
inline constexpr FaultId full_buffer_fault = 4;
inline constexpr FaultId stopped_peer_fault = 5;
inline constexpr FaultId descriptor_limit_fault = 6;
inline constexpr FaultId delay_fault = 7;
inline constexpr FaultId lossy_link_fault = 8;

extern const Fault interruption;        // interruption.cc
extern const Fault killed_peer;         // killed_peer.cc
extern const Fault short_transfer;      // short_transfer.cc
extern const Fault full_buffer;         // full_buffer.cc
extern const Fault stopped_peer;        // stopped_peer.cc
extern const Fault descriptor_limited;  // descriptor_limit.cc
extern const Fault delayed;             // delay.cc
extern const Fault lossy_link;          // lossy_link.cc

// Is this mechanism one that the fault can strike? Of most, the verbs say all; but a link strikes only what crosses it,
// and a buffer is full only for who is told so.
bool may_strike(FaultId fault, const Mechanism& mechanism);

}  // namespace crosstalk
