// What associations of SCTP are made to show, from one process and beside the program's objects: each step makes the
// sockets of one Trial, plays its small trial over loopback, and closes all. The trials say what was seen, never
// what ought to be: Event::value has one bit for each thing that was so, in the order of the trial's own comment;
// result is 0, or the first error where the trial cannot do without a success. For processes without threads.
#pragma once

#include "mechanisms/system/trials.h"

namespace crosstalk {

// As a door: can one-to-many sockets be made here? It keeps none.
long try_sctp4_seqpacket(const Making& making, int* ends);
long try_sctp6_seqpacket(const Making& making, int* ends);

}  // namespace crosstalk
