// What triggers and mutators ask the kernel of a descriptor, and the parts of a transfer that mutators are made of.
// System calls only, as in the honest operations.
#pragma once

#include <cstdint>

#include "mechanisms/system/operations.h"

namespace crosstalk::lies {

std::int64_t unread_bytes(int fd);    // of a queue: messages; -1 if there is no answer
std::int64_t capacity_bytes(int fd);  // -1 if there is no answer
int status_flags(int fd);             // F_GETFL; 0 if it is not open
bool is_write_end(int fd);
short ready(int fd);               // POLLIN POLLOUT POLLHUP POLLERR as they are now
int fd_read(const Call& call);     // the pipe that is read from
int fd_written(const Call& call);  // the pipe that is written to

// Another description of the same pipe, O_RDONLY or O_WRONLY, that never sleeps; -1 if it cannot be had.
int opened_anew(int fd, int access);
// Takes up to `bytes` away from the front, whichever end `fd` is. How many.
long stolen(int fd, std::uint64_t bytes);
// A duplicate that no slot names, out of the way of the lowest numbers.
int hidden_duplicate(int fd);

bool writes(Verb verb);  // from a buffer
bool reads(Verb verb);   // into one
// All of the call's buffer is there, and it is one that a call takes: parts of it may be moved one by one.
bool is_whole(const Call& call);
// The call's own transfer for a part of its buffer.
long moved(const Call& call, std::uint64_t from, std::uint64_t bytes);

long sleep_for_good();  // until a signal: -EINTR
void let_others_run();

}  // namespace crosstalk::lies
