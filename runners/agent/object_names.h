// What the objects of a case are called, where their mechanism has names: "crosstalk-PID-SERIAL-OBJECT", PID that of
// the leader, or an address that is kept from others. Unlike any other name on the system, so that lanes need no
// namespaces; and a later agent can tell what an agent that was killed has left behind.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

// Enters an object's name for the present case on the board; "" if its mechanism has none. A negated error number if
// the system has no address to give.
long name_object(ObjectId object);
// Removes what is left of the case's names (unlink(2), mq_unlink(3), sem_unlink(3), shm_unlink(3)), and what its dead
// left half made.
void remove_names();
// Removes the names that agents which are gone have left, and what their dead left half made. `directory`: where paths
// are made.
void sweep_names(const char* directory);

}  // namespace crosstalk::agent
