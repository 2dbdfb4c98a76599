// What the documents leave open and one history has in one way, drawn before it begins (Play's constructor). What may
// be otherwise each time is drawn where it happens.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crosstalk::mirror {

// How room is counted. Both keep what pipe(7) promises by the byte.
enum class Room : std::uint8_t { page_slots, bytes };

struct Freedoms {
    Room room_ = Room::page_slots;
    unsigned overlap_ = 0;  // percent: how often another one moves next
    bool exhausted_ = false;
    bool strict_room_ = true;                                   // counts and faults are what page slots give
    bool rereads_flags_ = true;                                 // a sleeper that wakes up looks at O_NONBLOCK anew
    bool tells_all_ = false;                                    // SIGIO also at room and at closes
    bool tells_waiters_ = false;                                // sem_getvalue at 0
    std::uint64_t socket_room_ = 212'992, most_records_ = 300;  // that a socket holds unread
    std::int64_t least_buffer_ = 2048, largest_buffer_ = 425'984, usual_buffer_ = 212'992;  // SO_SNDBUF
    bool counts_all_records_ = false;                                                       // FIONREAD of seqpackets
    bool one_more_waits_ = true;            // than listen(2) was asked for
    bool holds_input_back_ = false;         // POLLIN only from SO_RCVLOWAT bytes on
    bool shows_room_ = false;               // POLLOUT as soon as there is some
    unsigned tells_ends_ = 0;               // MSG_EOR of whole records: never, where it was asked for, always
    bool lets_in_ = true;                   // who takes a message from a full queue puts in that of a sleeping sender
    bool waits_open_ = true;                // who waits in an open of a FIFO counts as one who has it open
    bool polls_access_ = false;             // poll says nothing of what a queue's descriptor is not open for
    bool null_needs_registration_ = false;  // mq_notify(3), a null request: EINVAL to who is not registered
    std::size_t mailbox_room_ = 278;
    bool punches_ = true;         // its file system has holes
    bool copies_early_ = true;    // a private view is a copy from its beginning
    unsigned piece_doubled_ = 8;  // one in so many pieces of a copy is moved twice
};

}  // namespace crosstalk::mirror
