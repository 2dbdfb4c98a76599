// The mutators: ways in which a call goes wrong. `a` and `b` are the lie's arguments. Adding one: a line here, its
// function in the file of its kind, and a row that uses it (table_*.cc).
#pragma once

#include "faults/lies/row.h"

namespace crosstalk::lies {

// answers.cc: what is said.
Answer answers_instead(const Row&, const Call&);    // the answer a (-E..., or a >= 0) becomes b; a == any_success: any
Answer refuses(const Row&, const Call&);            // nothing is done, the answer is -a
Answer pretends(const Row&, const Call&);           // nothing is done, the answer is a; a == as_asked: bytes or value
Answer adds(const Row&, const Call&);               // a is added to a result above b
Answer flips(const Row&, const Call&);              // bits a of the result
Answer flips_value(const Row&, const Call&);        // bits a of the value
Answer misreports_events(const Row&, const Call&);  // poll: bits a are missing, bits b are added
Answer tells_only_asked(const Row&, const Call&);   // poll: POLLHUP and POLLERR only where they were asked for
Answer repeats_asked(const Row&, const Call&);      // the result is what was asked, not what was given
Answer denies_count(const Row&, const Call&);       // a short count above 0 becomes -a
inline constexpr std::int64_t any_success = 1'000'000'000, as_asked = -1'000'000'000;

// transfers.cc: what moves.
Answer moves_fewer(const Row&, const Call&);     // at most a bytes, or -a fewer, or half for 0; the count is right
Answer loses(const Row&, const Call&);           // a bytes, in silence
Answer doubles(const Row&, const Call&);         // the first a bytes
Answer exchanges(const Row&, const Call&);       // the halves of the buffer, or blocks of a bytes
Answer corrupts(const Row&, const Call&);        // one bit, a bytes before the end, or in the middle for 0
Answer tears(const Row&, const Call&);           // two transfers, the first of a bytes (0: half), and others in between
Answer tears_segments(const Row&, const Call&);  // a transfer each segment, and others in between
Answer invents(const Row&, const Call&);         // a write says all, though its buffer is not all there
Answer takes_several(const Row&, const Call&);   // a read goes on behind the end of a packet
Answer keeps_rest(const Row&, const Call&);      // what a read leaves of a packet is read next
Answer peeks(const Row&, const Call&);           // a read leaves the bytes in
Answer repeats_old(const Row&, const Call&);     // a read gives bytes of the last read that it lied about
Answer consumes(const Row&, const Call&);        // tee moves instead of copying
Answer in_packets(const Row&, const Call&);      // O_DIRECT is set (a = 1) or dropped (a = 0) while it writes
Answer ends_at_empty_packet(const Row&, const Call&);  // a write of 0 bytes becomes an end of file for a read
Answer loses_beside_fork(const Row&, const Call&);     // a bytes of a write during which a process was started

// sleeps.cc: who waits.
Answer sleeps(const Row&, const Call&);            // never returns
Answer spins(const Row&, const Call&);             // never returns, nor sleeps
Answer sleeps_instead(const Row&, const Call&);    // never returns where it would say a; a == any_success: any count
Answer waits_by_poll(const Row&, const Call&);     // so that SA_RESTART does nothing
Answer overlooks_growth(const Row&, const Call&);  // a full pipe that grew is full to its sleeping writer
Answer gives_up_early(const Row&, const Call&);    // poll, after half its time
Answer resumes(const Row&, const Call&);           // EINTR is swallowed: it begins anew

// descriptors.cc: what is made and kept.
Answer changes_flags(const Row&, const Call&);   // the operation's Flag bits lose a and get b
Answer sets_cloexec(const Row&, const Call&);    // FD_CLOEXEC is a on what was made (b: 0, 1, or 2 for both)
Answer swaps_ends(const Row&, const Call&);      // the write end comes first
Answer numbers_high(const Row&, const Call&);    // the a-th descriptor made has not the lowest number
Answer copies_another(const Row&, const Call&);  // the duplicate is one of another pipe
Answer keeps_open(const Row&, const Call&);      // a: 0 what is used, 1 what is replaced, 2 and 3 what is made
Answer closes_too(const Row&, const Call&);      // a as above
Answer leaves_open(const Row&, const Call&);     // one descriptor more is made than anybody is told of
Answer drops_last(const Row&, const Call&);      // receive, or recv, loses the last descriptor
Answer survives_exec(const Row&, const Call&);   // no descriptor is closed (a = 0), or all are (a = 1)
Answer outlives(const Row&, const Call&);        // the process ends, its descriptors stay open till the case is over
Answer empties_opened(const Row&, const Call&);  // what is opened loses the bytes that are in it
Answer shrinks_first(const Row&, const Call&);   // a new pipe holds a pages

// queues.cc: which message comes.
Answer sends_again(const Row&, const Call&);  // a message is queued twice, if there is room
Answer overtakes(const Row&, const Call&);    // a receive gives the second message; the first goes behind its equals
Answer forgets_priority(const Row&, const Call&);  // a receive says priority 0
Answer misreports_sizes(const Row&, const Call&);  // attributes: a is added to mq_maxmsg

// sockets.cc: what a message says of itself, and shutdowns.
Answer tells_instead(const Row&, const Call&);     // MessageBits a become b
Answer goes_on(const Row&, const Call&);           // a receive of descriptors brings what comes behind them, too
Answer gives_another(const Row&, const Call&);     // the descriptor that came is one of another pair
Answer hides_end(const Row&, const Call&);         // a receive does not say that a message has ended
Answer drops_rest(const Row&, const Call&);        // what a receive leaves of a message is gone
Answer leaves_rest(const Row&, const Call&);       // a receive that cuts a record does not take it
Answer sends_what_fits(const Row&, const Call&);   // instead of EMSGSIZE a bytes go, and all are said to
Answer asks_again(const Row&, const Call&);        // the answer a is passed over: the call is made anew
Answer changes_value(const Row&, const Call&);     // the operation's value is a
Answer answers_in_trial(const Row&, const Call&);  // answer a of the trial is b

// addresses.cc: who gets which connection, and who sees it.
Answer drops_connection(const Row&, const Call&);       // accept closes what it was to give, and gives the next
Answer drops_at_limit(const Row&, const Call&);         // ... where it says EMFILE
Answer misreports_connection(const Row&, const Call&);  // poll: no POLLIN of a listening socket

// signals.cc: who is told.
Answer muffles(const Row&, const Call&);       // no SIGPIPE
Answer tells_fellow(const Row&, const Call&);  // SIGPIPE goes to the first thread of the process
Answer raises(const Row&, const Call&);        // signal a comes with the call, blocked or not
Answer disowns(const Row&, const Call&);       // O_ASYNC without an owner
Answer kills_target(const Row&, const Call&);  // the system goes down

// semaphores.cc: tokens and names.
Answer repeats(const Row&, const Call&);              // the call is made a times more
Answer gives_token(const Row&, const Call&);          // where it says a, one is added
Answer waits_with_deadline(const Row&, const Call&);  // an hour away: Linux does not begin such a wait anew
Answer starts_anew(const Row&, const Call&);          // what was opened gets the value that was given
Answer opens_elsewhere(const Row&, const Call&);      // at an address of its own
Answer empties(const Row&, const Call&);              // the value is 0 first

// locks.cc: what is done for dead owners.
Answer keeps_no_list(const Row&, const Call&);      // the kernel forgets who has which lock
Answer soils_behind_lock(const Row&, const Call&);  // one byte, where a dead owner is told of

// memory.cc: what views show, how long objects are, which accesses fault.
Answer drops_tail(const Row&, const Call&);   // a store or write says all, but its last a bytes are lost
Answer shifts(const Row&, const Call&);       // Operation::value is a more: a position, or a length
Answer shows_zeros(const Row&, const Call&);  // instead of the bytes that were got
Answer survives_fault(const Row&,
                      const Call&);            // SIGBUS (a = ENXIO) or SEGV_ACCERR (a = EACCES): none, loads give zeros
Answer soils_growth(const Row&, const Call&);  // the last byte of a new or longer object is not zero
Answer soils_view(const Row&, const Call&);    // byte a of a new view is not zero
Answer forgets_contents(const Row&, const Call&);     // what is opened is as long as before, and zero
Answer keeps_tail(const Row&, const Call&);           // what ftruncate cuts off is there again when the object grows
Answer restores_neighbours(const Row&, const Call&);  // a store puts the bytes behind it back as they were

}  // namespace crosstalk::lies
