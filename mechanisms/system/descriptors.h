// The operations that make descriptors, give them up or hand them on, for the table in operations.cc.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

Answer close_call(const Call& call);
Answer dup_call(const Call& call);
Answer limit_call(const Call& call);
Answer pass_call(const Call& call);
Answer receive_call(const Call& call);

// pipe2(2) with Flag bits; read end first. 0 or a negated error number. Older kernels without pipe2 are not served.
long make_pipe(std::uint16_t flags, int* ends);
// The same as a door: with the capacity that is asked for, as far as it is given. The answer is that capacity in bytes.
long make_pipe_of(const Making& making, int* ends);
// mkfifo(3) under the name that is asked for; and with both ends opened, as make_pipe_of() gives them.
long make_fifo(const Making& making);
long make_fifo_of(const Making& making, int* ends);
// open(2) of a name that is there.
long open_path(const Making& making, Access access, void** place);
// unlink(2).
long remove_path(const char* name);

}  // namespace crosstalk
