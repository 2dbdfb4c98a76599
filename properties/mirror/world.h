// What there is while a case is played: descriptions, processes, messages on their way, and the life of each actor.
// Values only.
#pragma once

#include <array>
#include <bitset>
#include <deque>
#include <optional>
#include <vector>

#include "faults/fault.h"
#include "properties/models/page_slots.h"

namespace crosstalk::mirror {

inline constexpr std::int16_t unbound = -1;
inline constexpr std::uint8_t no_process = 0xff;
inline constexpr int no_limit = 1 << 20;
inline constexpr std::size_t most_numbers = 256;  // descriptor numbers of one process
inline constexpr int first_number = 10;           // those below belong to the harness
inline constexpr std::size_t signal_count = static_cast<std::size_t>(Signal::other) + 1;

constexpr std::uint32_t bit_of(Signal signal) { return 1u << static_cast<unsigned>(signal); }

// An object and its bytes.
struct Tube {
    byte_stream::Pipe pipe;
    ObjectId object = 0;
    std::uint32_t arrivals = 0;  // writes, so far
    bool by_leader = false;
    bool named = false;                 // a FIFO: what is in it goes with the last reference
    std::uint32_t waiting[2] = {0, 0};  // opens of each end that nobody has let in yet
};

// A semaphore: its tokens, and how many posts have counted beside it.
struct Semaphore {
    ObjectId object = 0;
    std::int64_t tokens = 0, counted = 0;
};

// Memory that processes share, or a file that they map. Behind the end of `bytes` all are zero.
struct Memory {
    ObjectId object = 0;
    std::uint64_t length = 0;
    std::int64_t number = 0;  // tells it from others of its name (Verb::open); 0: nobody has opened it by name
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> before;  // a broken promise: what there was before the last store
};

// A mapping of one process.
struct View {
    std::uint16_t memory = 0;
    std::uint64_t offset = 0, bytes = 0;
    bool is_private = false, writable = false;
    bool may_become_writable = false;            // by mprotect
    std::vector<std::vector<std::uint8_t>> own;  // of a private view, page by page; empty: as the object has it
};

// A robust lock at some place of memory; in a private view it is that view's alone.
struct Lock {
    std::uint16_t memory = 0;
    std::int16_t view = unbound;
    std::uint64_t at = 0;
    std::uint8_t owner = no_process;
    bool died = false;     // its last owner, and nobody has been told
    bool unsound = false;  // who has it was told, and has not made it consistent
    bool lost = false;
};

// A load, store, pread or pwrite that goes on: page by page, the pieces of one page in any order.
struct Copying {
    bool goes_on = false, lost = false, half = false;
    std::uint64_t done = 0;           // bytes of whole pages
    std::uint64_t piece = 0;          // bytes
    std::vector<std::uint64_t> left;  // pieces of the page, by where in it they begin
    std::vector<std::uint8_t> bytes;  // loaded, or to be stored
    std::vector<std::uint8_t> page;   // a broken promise: what was in the first page
};

// Something that was sent to an end of a pair and is unread there: a record, or bytes of a stream. What it carries
// comes with its first byte.
struct Parcel {
    byte_stream::Piece piece;
    std::uint8_t process = no_process;  // who sent it
    bool vouched = false;               // the receiver had asked for credentials by then (SO_PASSCRED)
    std::vector<std::int16_t> cargo{};  // descriptions
    bool mark = false, taken = false;   // the urgent byte; it was received as such
};

// One end of a pair of sockets: what it receives next, and what was asked of it.
struct Side {
    std::deque<Parcel> unread;
    std::uint32_t references = 0;
    bool dead = false;  // closed
    bool sends_shut = false, receives_shut = false;
    bool reset = false;         // ECONNRESET is yet to be told
    bool disconnected = false;  // of datagrams: a send found the peer gone
    bool credentials = false;   // SO_PASSCRED
    bool urgent_inline = false;
    std::int64_t send_buffer = 0, low_water = 1, peek_offset = -1;
    std::int64_t send_limit_ns = 0, receive_limit_ns = 0;  // 0: none
    std::uint64_t bytes() const {
        std::uint64_t sum = 0;
        for (const Parcel& parcel : unread) sum += parcel.piece.length;
        return sum;
    }
    bool at_mark() const { return !unread.empty() && unread.front().mark; }
    // Without the urgent byte where that comes next.
    std::uint64_t readable() const { return bytes() - (at_mark() && !urgent_inline ? 1 : 0); }
};

// A pair of connected sockets.
struct Channel {
    ObjectId object = 0;
    bool records = false, connected = true;  // connected: who closes tells the peer
    std::uint8_t maker = no_process;
    std::array<Side, 2> sides;
};

// A socket as it was made: where it listens, and which channels wait there.
struct Plug {
    ObjectId address = 0;
    bool bound = false, listens = false;
    std::int64_t backlog = 0;
    std::vector<std::uint16_t> waiting{};
};
inline constexpr std::int16_t nobody = -2;         // what a path leads to when its socket is closed
inline constexpr std::int64_t of_our_user = 256;   // beside a process that is told (SocketOption::peer)
inline constexpr std::uint16_t no_thing = 0xffff;  // of a socket that is not connected

// A message of a queue: bytes of a step's stream, from `offset` on.
struct Letter {
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t offset = 0, length = 0, priority = 0;
};

// A message queue, whether a name leads to it or not: its messages, the next one first, and who is to be told of one.
struct Queue {
    ObjectId object = 0;
    bool by_leader = false;
    std::vector<Letter> letters{};
    std::uint8_t registered = no_process;
    Signal signal = Signal::none;          // none: is told in silence
    std::int16_t registered_by = unbound;  // the description, and
    Slot slot = no_slot;                   // the slot that held it
};

// What a description is of. Pipes are found by `tube`, all else by `thing`.
enum class Kind : std::uint8_t { tube, queue, socket, file };

// An open file description.
struct Description {
    Kind kind = Kind::tube;
    std::uint16_t tube = 0, thing = 0;
    Access access = Access::both;
    std::uint8_t end = 0;
    std::uint16_t flags = 0;
    bool ended = false;       // a read has found the end of file
    std::uint32_t heard = 0;  // opened for reading while nobody wrote: 1 + how many had by then
    std::uint32_t references = 0;
    std::uint8_t owner = no_process;  // F_SETOWN
    std::int16_t plug = unbound;      // of a socket that no pair was made with
    std::int16_t watches = unbound;   // of an epoll instance: what it waits for, how, and what it has told
    std::uint32_t told_arrivals = 0;
    bool told = false;
};

struct Disposition {
    bool ignored = false, standard = true, restarts = false;
};

// How far a process is on its way out.
enum class Stage : std::uint8_t { lives, dying, closing, gone };

struct Process {
    ActorId leader = 0;
    std::array<std::int16_t, first_mailbox> description{}, number{};
    std::bitset<first_mailbox> close_on_exec;
    std::array<std::int16_t, first_mailbox> semaphore{};  // of a slot that holds one
    std::bitset<first_mailbox> opened;                    // those that sem_open gave
    std::array<std::int16_t, first_mailbox> view{};       // of a slot that holds one
    std::bitset<most_numbers> used;
    int limit = no_limit;  // RLIMIT_NOFILE
    std::array<Disposition, signal_count> dispositions{};
    std::uint32_t pending = 0;   // signals to the process, one bit each
    std::uint32_t of_queue = 0;  // of them, those that a message brought
    bool threads = false;
    bool stopped = false;            // by SIGSTOP: none of its threads moves
    bool is_due = false;             // the turns that it was to wait for are over
    std::int64_t turns_to_wait = 0;  // until it is continued; 0: when nobody else can move
    Stage stage = Stage::lives;
    Stamp dying_since = 0;
    Signal killer = Signal::none;
    std::int64_t status = 0;
    Process() { description.fill(unbound), number.fill(unbound), semaphore.fill(unbound), view.fill(unbound); }
};

// Descriptors on their way.
struct Message {
    ActorId from = 0;
    StepId step = 0;
    std::array<std::int16_t, 3> descriptions{unbound, unbound, unbound};
};

enum class Phase : std::uint8_t { unborn, ready, called, asleep, done, leaving, ended, dead };

// An actor, and the call that it is in.
struct Life {
    Phase phase = Phase::unborn;
    std::uint8_t process = no_process;
    StepId step = 0;
    std::uint32_t blocked = 0, pending = 0;  // signals, one bit each
    bool doomed = false;                     // it never returns from its call
    bool still = false;                      // ... nor does anything more in it
    bool forgotten = false;                  // a broken promise: nothing wakes it
    Event event;
    std::uint32_t calls = 0;             // of the step, that have ended
    std::uint64_t moved = 0, total = 0;  // bytes of this call; of the step
    bool slept = false;
    bool counted = false;                                // a post, beside its semaphore; a first half is done
    bool barred = false;                                 // a receive: what carries something ends it
    std::uint8_t writer = no_process;                    // ... whose bytes it has
    std::int64_t told = 0;                               // ... what it tells beside them
    std::int16_t opening = unbound;                      // of an open that waits: the description to be
    bool met = false;                                    // ... and somebody has opened the other end since
    std::optional<Letter> handed;                        // asleep at a queue: what another has done for it
    std::array<std::int16_t, 2> held{unbound, unbound};  // descriptions that its call holds
    std::int16_t from = unbound, to = unbound;           // tubes of a transfer going on
    std::uint8_t looked_at = 0;                          // poll: descriptors so far
    std::int64_t seen = 0, ready = 0;                    // poll: bits, descriptors with bits
    std::vector<byte_stream::Piece> data;                // received
    Copying copying;
    std::vector<std::uint8_t> bytes;  // loaded or read, as they are
    std::uint32_t runs_used = 0, raw_used = 0, notes = 0;
    Returned returned;          // what its last call answered, for faults that ask
    int former_limit = 0;       // of RLIMIT_NOFILE, while it is lowered for its call; 0: it is not
    std::size_t last_note = 0;  // in the history; all of the actor's log, which is bounded
};

// Received: a part of a piece, which may go on where the last one ended.
inline void add_piece(std::vector<byte_stream::Piece>& data, const byte_stream::Piece& piece) {
    if (piece.length == 0) return;
    if (!data.empty()) {
        byte_stream::Piece& last = data.back();
        if (last.actor == piece.actor && last.step == piece.step && last.offset + last.length == piece.offset) {
            last.length += piece.length;
            return;
        }
    }
    data.push_back(piece);
}

// What one call answers now.
struct Effect {
    std::int64_t result = 0;
    Errno error = Errno::none;
    std::int64_t value = 0;
    bool sleeps = false;
    bool pauses = false;        // it goes on, but others may move first
    std::int64_t left_out = 0;  // receive: descriptors that found no number
};
constexpr Effect fails(Errno error) { return {.result = -1, .error = error}; }
inline constexpr Effect falls_asleep{.sleeps = true};

// How many messages of how many bytes a queue holds.
struct QueueSizes {
    std::uint32_t messages = 10, bytes = 8192;
};

// A broken promise: bytes that arrive after their write returned.
struct Late {
    std::uint16_t tube;
    byte_stream::Source source;
    std::uint64_t offset;
    byte_stream::Placement placement;
    bool packet;
};

// All of it.
struct World {
    std::vector<Life> lives_;
    std::vector<Process> processes_;
    std::vector<Tube> tubes_;
    std::vector<Description> descriptions_;
    std::vector<Semaphore> semaphores_;
    std::vector<Memory> memories_;
    std::vector<View> views_;
    std::vector<Lock> locks_;
    std::vector<std::int64_t> numbers_;  // of each object, how many memories of its name were opened
    std::vector<std::int16_t> names_;    // of each object, what of its family its name leads to
    std::vector<Channel> channels_;
    std::vector<Plug> plugs_;
    std::vector<std::pair<std::uint16_t, std::uint8_t>> hanging_;  // sides that are closed, and their peers not told
    bool lingers_ = false;                                         // they may be told later
    std::vector<Queue> queues_;
    std::array<std::deque<Message>, max_actors> mailboxes_;
    std::vector<std::uint8_t> used_choices_;
    std::size_t first_unused_ = 0;
    std::vector<std::uint32_t> struck_;  // of each injection
    std::vector<std::uint32_t> first_step_;
    std::vector<std::uint64_t> lengths_;
    std::vector<std::uint8_t> tags_;
    ActorId last_ = 0;
    std::vector<Late> late_;
};

}  // namespace crosstalk::mirror
