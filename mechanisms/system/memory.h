// The calls of shared memory, and their doors (mechanism.h): shm_open(3), mmap(2), and plain copies to and from a view.
// shm_open and mmap are the C library's and set errno, so that they are for programs without threads.
// A copy that faults is ended where it stands. A slot that holds no view, or a range outside it, is answered EBADF or
// ERANGE without an access: what lies there belongs to somebody else.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

// Asked::capacity_bytes is the length that ftruncate gives the new object. flag_unknown of `open`: the name is just a
// slash.
long make_memory_object(const Making& making, int* ends);
long open_memory_object(const Making& making, Access access, void** place);
long remove_memory_object(const char* name);
long make_memory_file(const Making& making, int* ends);
long open_memory_file(const Making& making, Access access, void** place);

Answer attach_call(const Call& call);
Answer detach_call(const Call& call);

// How it ended: Trap, in Event::value (mechanisms/trap.h).
Answer load_call(const Call& call);
Answer store_call(const Call& call);

// Could this actor store to the word just now? It is written as it is, in one access.
bool can_store(ActorId actor, std::uint32_t* word);

}  // namespace crosstalk
