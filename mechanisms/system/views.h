// What is done to views of memory, and to the memory below them, beside loading and storing (memory.h). The calls are
// the C library's and set errno, so that they are for programs without threads.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

Answer protect_call(const Call& call);
Answer sync_view_call(const Call& call);
Answer advise_call(const Call& call);  // Advice::move: elsewhere and back, so that the view stays where it is
Answer punch_call(const Call& call);
Answer lend_call(const Call& call);  // -ERANGE: no such bytes in the view, nobody is asked

}  // namespace crosstalk
