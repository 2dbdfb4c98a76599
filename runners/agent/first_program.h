// The agent as the first program of a kernel that was booted for it alone: a machine with no other user land. It makes
// of such a machine what programs expect to find; in any other place it does nothing.
#pragma once

namespace crosstalk::agent {

// As process 1 with `crosstalk_device=/dev/...` in its environment (words with "=" on a kernel's command line arrive
// there): mounts, loads /modules/NN.ko in order, opens the device as standard input and output, and returns in a child,
// which goes on as the agent; the first process reaps, and turns the machine off when the agent has ended. What goes
// wrong is said on standard error, the console. Elsewhere it returns at once. Where the kernel runs for the agent
// alone, as it does not for process 1 of a container, the machine is the agent's own (mechanisms/system/machine.h).
void become_first_program();

}  // namespace crosstalk::agent
