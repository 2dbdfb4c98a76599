// Figures: short sequences of steps that show one promise on purpose, drawn into the body of a program where they fit.
// Each returns false if the actor cannot draw it now (it may then have drawn a part, which does no harm).
#pragma once

#include "properties/draw/draft.h"

namespace crosstalk::draw {

bool fill_then_write(Draft& draft, ActorId who);     // a level of the boundary table, then a size of it
bool write_across_limit(Draft& draft, ActorId who);  // PIPE_BUF - 1, PIPE_BUF, PIPE_BUF + 1 where little room is left
bool free_one_page(Draft& draft, ActorId who);       // full, one page read, PIPE_BUF written
bool resize_around_content(Draft& draft, ActorId who);   // below, at and above what is buffered
bool poll_around_change(Draft& draft, ActorId who);      // poll, a change, poll
bool watch_arrivals(Draft& draft, ActorId who);          // a watch; bytes come, are told of, and are read or not
bool hear_of_arrivals(Draft& draft, ActorId who);        // O_ASYNC; bytes come; it goes on
bool read_packets(Draft& draft, ActorId who);            // packets, and reads shorter and longer than they are
bool run_out_of_descriptors(Draft& draft, ActorId who);  // a limit, then something that makes descriptors
bool break_pipe(Draft& draft, ActorId who);              // a disposition of SIGPIPE, the read ends closed, a write
bool renew_process(Draft& draft, ActorId who);           // close-on-exec here and there, then exec

}  // namespace crosstalk::draw
