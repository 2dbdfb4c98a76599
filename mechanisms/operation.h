// What one step of an actor asks for: a verb, the slots it uses and makes, and its arguments.
// An Operation is a flat value of fixed layout, so that the agent reads the very bytes that travelled.
// It says nothing of what the call may answer (properties/) nor of how it is carried out (mechanisms/system).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace crosstalk {

using ActorId = std::uint8_t;
using ObjectId = std::uint8_t;
using StepId = std::uint16_t;
using Slot = std::uint8_t;  // an actor's variable for a descriptor, a semaphore or a view of memory

inline constexpr std::size_t max_actors = 64;   // "one large" of the boundary table; a lane keeps as many mailboxes
inline constexpr std::size_t max_objects = 16;  // initial slots 0..31 name their ends
inline constexpr std::size_t max_steps = 256;   // of one actor: fits the 8 bits that a payload word has for it
inline constexpr std::size_t max_slots = 128;   // of one process, reserved mailboxes included
inline constexpr Slot no_slot = 255;
inline constexpr Slot first_mailbox = 64;  // slot first_mailbox + a is the mailbox of actor a, held by everybody

// Slots of object o before any step: end 0 (read) and end 1 (write).
constexpr Slot initial_slot(ObjectId object, int end) { return static_cast<Slot>(object * 2 + end); }
constexpr Slot mailbox_of(ActorId actor) { return static_cast<Slot>(first_mailbox + actor); }

// Verbs, in the documents' words. Comment: fields that count beside uses/makes, then what Event::result and value hold.
// Unless said otherwise result is the call's own return value, -1 with Event::error set on failure.
enum class Verb : std::uint8_t {
    create,        // object; flags nonblock|cloexec|direct|unknown_flag|bad_pointer. makes[0],[1] = both ends, of what
                   // has two (pipe2, socketpair); else makes[0], or nothing but the name (mkfifo). Event::value =
                   // numbers: got 0, got 1, lowest free 0, lowest free 1, 16 bits each from the low end
    write,         // uses[0]; buffer; times. result = bytes moved over all calls; see Event::times
    writev,        // the same with buffer.segments iovecs
    read,          // uses[0]; buffer; times. Event data = where the bytes came from
    readv,         //
    close,         // uses[0]
    dup,           // uses[0] makes[0]; value: Duplicate. dup2/dup3 replace what makes[0] held, if it held something
    set_flags,     // uses[0]; flags nonblock|direct|async: F_SETFL to exactly these (async: F_SETOWN self before)
    get_flags,     // uses[0]. result = Flag bits nonblock|direct|async|cloexec|writable
    set_cloexec,   // uses[0]; value 0 or 1
    get_capacity,  // uses[0]. result = bytes
    set_capacity,  // uses[0]; value = bytes asked for. result = bytes given
    available,     // uses[0]. FIONREAD: result = unread bytes
    poll,          // uses[0..3]; value = PollBits asked, 16 bits a slot; timeout_ns; flag epoll: by an epoll instance
                   // made for it, level-triggered; select: by select, which knows in and out only and counts each
                   // that it tells. Event::value = PollBits answered
    splice,        // uses[0] -> uses[1]; buffer.bytes; flag nonblock = SPLICE_F_NONBLOCK. result = bytes
    tee,           // the same, without consuming
    vmsplice,      // uses[0] = write end; buffer; flag nonblock = SPLICE_F_NONBLOCK. Its pages stay untouched
    stat,          // uses[0]. result = 1 if a FIFO, else 0
    seek,          // uses[0]. lseek(fd, 0, SEEK_CUR)
    pread,         // uses[0]; buffer
    pwrite,        // uses[0]; buffer
    sync,          // uses[0]. fsync
    truncate,      // uses[0]; value = length in bytes. ftruncate
    map,           // uses[0]. mmap one page, shared, readable
    path_limit,    // uses[0]. fpathconf(_PC_PIPE_BUF); value = the limit of the headers (PIPE_BUF)
    limit,         // RLIMIT_NOFILE so that exactly `value` more descriptors can be made; undone after the case
    signal,        // `value` = Signal; flags restart|ignore|block|standard: disposition. None of them: a plain handler
    start,         // value = actor that begins here: forked (inherits the process's slots) or thread (shares them)
    exec,          // re-enters the agent; close-on-exec descriptors go. result 0 when the new image runs
    exit,          // value = status. Ends the process with all its threads; never returns
    pass,          // uses[0] = mailbox, uses[1..3] = descriptors, at least one. SCM_RIGHTS
    receive,       // uses[0] = own mailbox; makes[0..2]; flags nonblock|cloexec. Event data[0] = the pass it came from;
                   // value = descriptors received, at most as many as `makes` has slots: the rest is closed (unix(7))
    // By name: the object's own, made up by the agent, unlike any other on the system.
    open,    // object; flags create|exclusive|nonblock|cloexec|truncate|linked (by a second name, which goes at once);
             // value: Access. makes[0]. Of memory Event::value tells which object it led to: 1 + how many other ones
             // were met under this name before; 0: that cannot be told
    unlink,  // object
    // Sockets. An object of theirs is an address, or a pair that `create` makes.
    socket,    // object: of its mechanism; flags nonblock|cloexec. makes[0]
    bind,      // uses[0]; object: to its address; value: NameForm
    listen,    // uses[0]; value = backlog
    connect,   // uses[0]; object: to its address
    accept,    // uses[0]; flags nonblock|cloexec. makes[0]
    send,      // uses[0]; buffer; times; flags nonblock|no_signal|more|urgent|ends. sendmsg, of buffer.segments iovecs.
               // uses[1..3] go along (SCM_RIGHTS), or value % 256 copies of uses[1], or none (empty_rights);
               // value / 256 % 256: Credentials.
               // Of SCTP: value / 65536: a label (label_of); flag unordered.
               // timeout_ns: forever, or what SO_SNDTIMEO is made first, in whole microseconds; it stays so
    recv,      // uses[0]; buffer; times; flags nonblock|peek|wait_all|truncate|urgent|control|cloexec. recvmsg, of
               // buffer.segments iovecs; makes[0..2] = room for descriptors; timeout_ns likewise, of SO_RCVTIMEO.
               // Event::value = MessageBits + 256 * descriptors that came + 65536 * what control told (value 1: label)
    shutdown,  // uses[0]; value: Access, or 3: none of them
    get_option,  // uses[0]; value: SocketOption. result = its value
    set_option,  // uses[0]; value: SocketOption + 256 * what it becomes
    // Message queues. timeout_ns runs from the call on, since a case knows no clock; 0 lies in the past. Flag unknown:
    // a bad tv_nsec, which is -1 with a timeout of 0, else a thousand million. Further flags: now, first_ns, last_ns.
    mq_send,        // uses[0]; buffer; times; value = priority; timeout_ns. result = bytes
    mq_receive,     // uses[0]; buffer; timeout_ns. Event::value = priority
    mq_attributes,  // uses[0]. result = messages now; Event::value = flags nonblock + 256 * (maxmsg + 2^24 * msgsize)
    mq_set_flags,   // uses[0]; flags nonblock|unknown. mq_setattr
    mq_notify,      // uses[0]; value = Signal asked for, 0: ask no longer; flags ignore: SIGEV_NONE, unknown: a bad one
    // Semaphores; time limits as of queues; what flags and value ask beside this: system/semaphores.h. sem_value:
    // Event::value too.
    sem_wait,   // uses[0]; flag nonblock: sem_trywait; timeout_ns other than forever: sem_timedwait
    sem_post,   // uses[0]
    sem_value,  // uses[0]. result = the value
    // Memory.
    attach,  // uses[0], none: anonymous; buffer.bytes; value = offset; flags writable|private. makes[0] = a view
             // Flags fixed|no_replace: at an address where there is memory already, of the agent's own
    detach,  // uses[0] = a view; value: Detaching. munmap
    load,  // uses[0] = a view; buffer; value = offset; times. Event data = where the bytes came from. Flag ordered: the
           // last 8 bytes, an aligned word, are loaded first and with acquire
    store,      // uses[0] = a view; buffer; value = offset; times. Flag ordered: they are stored last and with release
    protect,    // uses[0] = a view; flag writable: it may be stored to from now on, else no longer. mprotect
    sync_view,  // uses[0] = a view; value: Syncing. msync
    advise,     // uses[0] = a view; value: Advice. madvise, mremap
    punch,      // uses[0]; buffer.bytes; value = offset. fallocate: a hole, the length stays
    lend,       // uses[0] = a view; buffer.bytes; value = offset. write of them to a pipe made for it. result = bytes
    // Readiness that lasts.
    watch,  // uses[0]; makes[0] = an epoll instance that waits for its input; flags edge|once (EPOLLET, EPOLLONESHOT)
    wait,   // uses[0] = a watch; flags as the watch has; timeout_ns 0. epoll_wait: Event::value = PollBits answered
    // Robust locks in memory that processes share: system/locks.h. result as of the functions of pthreads.
    lock,    // uses[0] = a view; value = offset. Flags nonblock: tries; mend: what a dead owner left is made consistent
    unlock,  // uses[0] = a view; value = offset
    // An object beside the program's, of the same mechanism, which is gone when the step ends.
    misname,   // object; value: Misname. It is made by such a name
    new_mode,  // object; value = umask. It is made under it. result = its mode, Event::value: FreshBits
    trial,  // object; value: Trial (trial.h); buffer.bytes: a seed; timeout_ns above 0: it takes about so long at most.
            // What result and Event::value tell has the form of the trial
    nothing,  // a turn without a call: only useful to a schedule
};
inline constexpr std::size_t verb_count = static_cast<std::size_t>(Verb::nothing) + 1;

enum class Duplicate : std::int64_t { dup, dup2, dup3_cloexec, fcntl, fcntl_cloexec };
enum class Access : std::int64_t { read, write, both };
// What is bound to: the object's own name; a path that cannot be made; a name beyond sun_path; whatever the system
// says.
enum class NameForm : std::int64_t { own, missing_directory, below_file, too_long, automatic };
// linger: any value: closing waits for nothing and aborts (SO_LINGER, 0 seconds). Limits: SO_RCVTIMEO and SO_SNDTIMEO
// in milliseconds, -1 for a tv_usec out of range. at_mark: SIOCATMARK. peer: SO_PEERCRED, told as 1 + the actor whose
// process it names (0: none of the case) + 256 if user and group are the caller's.
enum class SocketOption : std::int64_t {
    send_buffer,
    receive_buffer,
    error,
    type,
    linger,
    no_delay,  // of TCP, with the two that follow
    cork,
    quick_ack,
    receive_limit,
    send_limit,
    urgent_inline,
    at_mark,
    low_water,
    peek_offset,
    overflow,
    credentials,  // SO_PASSCRED
    peer,
};
constexpr bool is_of_tcp(SocketOption option) {
    return option >= SocketOption::no_delay && option <= SocketOption::quick_ack;
}
// So many copies of no descriptor: a message with a control part for descriptors, and none in it.
inline constexpr std::int64_t empty_rights = 255;
// What a message says it comes from: nothing, oneself, or what is not oneself.
enum class Credentials : std::int64_t { none, own, other_process, other_user, other_group, no_process };
enum MessageBit : std::uint16_t {
    message_cut = 1,          // MSG_TRUNC
    message_ends = 2,         // MSG_EOR
    message_control_cut = 4,  // MSG_CTRUNC
    message_cloexec = 8,      // descriptors came, and all have FD_CLOEXEC
    message_urgent = 16,      // MSG_OOB
    message_control = 32,     // credentials, SO_RXQ_OVFL or a label came
    message_unordered = 64,   // SCTP_UNORDERED
};
// What a message of SCTP says of itself, in send's value and in what recv tells: its stream and its payload id, which
// is 0 where nothing is said. No label: stream 0.
struct Label {
    std::uint16_t stream = 0;
    std::uint32_t payload = 0;
    bool operator==(const Label&) const = default;
};
inline constexpr std::uint16_t most_stream = 0x7fff;
inline constexpr std::uint16_t streams_of_pairs = 10;  // each way, of the associations that a case begins with
constexpr bool has_label(std::int64_t value) { return (value >> 31 & 1) != 0; }
constexpr std::int64_t value_of(Label label) {
    return std::int64_t{label.payload} << 32 | std::int64_t{1} << 31 | std::int64_t{label.stream & most_stream} << 16;
}
constexpr Label label_of(std::int64_t value) {
    if (!has_label(value)) return {};
    return {static_cast<std::uint16_t>(value >> 16 & most_stream), static_cast<std::uint32_t>(value >> 32)};
}
enum class Detaching : std::int64_t { view, no_length, unaligned, nothing };  // nothing: where nothing is mapped
// hole: of memory of the agent's own, with one; locked: MS_INVALIDATE of memory that is locked for it.
enum class Syncing : std::int64_t { wait, later, both, unknown, unaligned, hole, locked };
enum class Advice : std::int64_t { not_needed, needed_soon, move };  // MADV_DONTNEED, MADV_WILLNEED, mremap
// How a name is written: as long as may be, one more, without its slash, with two, a slash alone; of paths: in a folder
// that is not there, below a file. single: of one character, which nobody else has; shorter: one less than may be;
// disputed: of semaphores, so long that documents and systems differ (sem_overview(7)).
enum class Misname : std::int64_t {
    longest,
    too_long,
    no_slash,
    two_slashes,
    only_slash,
    no_folder,
    below_file,
    single,
    shorter,
    disputed
};
// mine: its owner is who made it; reads, both: its maker could open it for that; kept: its mode is the same after
// an open that asked for another.
enum FreshBit : std::uint16_t { fresh_mine = 1, fresh_reads = 2, fresh_both = 4, fresh_kept = 8 };

enum Flag : std::uint16_t {
    flag_nonblock = 1,
    flag_cloexec = 2,
    flag_direct = 4,
    flag_async = 8,
    flag_unknown = 16,
    flag_bad_pointer = 32,
    flag_restart = 64,
    flag_ignore = 128,
    flag_block = 256,
    flag_standard = 512,
    flag_writable = 1024,
    flag_create = 2048,
    flag_exclusive = 4096,
    flag_peek = 8192,
    flag_wait_all = 16384,
    flag_no_signal = 32768,
    flag_private = flag_direct,        // attach: changes stay in this view (MAP_PRIVATE)
    flag_epoll = flag_async,           // poll: asked by epoll_wait
    flag_more = flag_direct,           // send: more will follow (MSG_MORE)
    flag_urgent = flag_async,          // send, recv: the urgent byte (MSG_OOB)
    flag_ends = flag_exclusive,        // send: a record ends (MSG_EOR)
    flag_real_length = flag_create,    // recv: the real length (MSG_TRUNC)
    flag_control = flag_direct,        // recv: with room for credentials and SO_RXQ_OVFL
    flag_select = flag_direct,         // poll: asked by select
    flag_truncate = flag_direct,       // open: O_TRUNC
    flag_linked = flag_async,          // open: by a hard link
    flag_fixed = flag_block,           // attach: MAP_FIXED
    flag_no_replace = flag_exclusive,  // attach: MAP_FIXED_NOREPLACE
    flag_ordered = flag_direct,        // load: acquire; store: release
    flag_edge = flag_direct,           // watch, wait: EPOLLET
    flag_once = flag_async,            // watch, wait: EPOLLONESHOT
    flag_unordered = flag_create,      // send: SCTP_UNORDERED
    flag_mend = flag_direct,           // lock: pthread_mutex_consistent
    flag_now = flag_exclusive,         // of time limits (limits_time): 0 is this very moment, not one that is past
    flag_first_ns = flag_create,       // ... and the moment is the first nanosecond of its second
    flag_last_ns = flag_peek,          // ... or the last
};

// How the bytes of one call lie in memory. Split says how `bytes` fall on the segments of a vector.
enum class Split : std::uint8_t { even, tiny_first, tiny_last, with_empty };
struct Buffer {
    std::uint64_t bytes = 0;     // asked of each call; above SSIZE_MAX is allowed and means that very count
    std::uint32_t mapped = ~0u;  // only the first `mapped` bytes are mapped; the rest faults (PIPE-FAULT-1). ~0: all
    std::uint16_t segments = 1;  // of a vector; 0 and above IOV_MAX are legal to ask
    Split split = Split::even;
    std::uint8_t spare = 0;
};

inline constexpr std::int64_t forever = -1;
inline constexpr std::int64_t far_future_ns = std::int64_t{std::numeric_limits<std::int32_t>::max()} * 1'000'000;
inline constexpr std::uint64_t lock_bytes = 16;  // of memory; a lock lies at a multiple of that; all zero: free

struct Operation {
    Verb verb = Verb::nothing;
    ObjectId object = 0;
    std::uint16_t flags = 0;
    std::uint32_t times = 1;  // n equal calls, one record; the first that fails or is short ends the step
    Buffer buffer{};
    std::int64_t value = 0;
    std::int64_t timeout_ns = forever;
    std::array<Slot, 4> uses{no_slot, no_slot, no_slot, no_slot};
    std::array<Slot, 4> makes{no_slot, no_slot, no_slot, no_slot};
};
static_assert(sizeof(Operation) == 48, "travels as it is");

// Where a call's buffer stands: bytes leave it, arrive in it, or pass by between two descriptors.
enum class Flow : std::uint8_t { none, out, in, across };

// The sheet of a verb: everything that is true of it whatever the mechanism. One row a verb, in order.
struct VerbSheet {
    Verb verb;
    std::string_view name;     // as in case files
    std::uint8_t uses, makes;  // how many slots at most
    Flow flow;
    bool may_sleep;  // may sleep in the kernel unless flags or times forbid it (may_sleep() decides)
    constexpr bool moves_bytes() const { return flow != Flow::none; }  // its buffer counts
};
std::span<const VerbSheet, verb_count> verb_sheets();
const VerbSheet& sheet_of(Verb verb);
// Is Operation::object an address there?
constexpr bool names_address(Verb verb) { return verb == Verb::socket || verb == Verb::bind || verb == Verb::connect; }
// Is Operation::timeout_ns a moment of a clock there?
constexpr bool limits_time(Verb verb) {
    return verb == Verb::mq_send || verb == Verb::mq_receive || verb == Verb::sem_wait;
}
// Does Operation::object count?
constexpr bool names_object(Verb verb) {
    return verb == Verb::create || verb == Verb::open || verb == Verb::unlink || names_address(verb) ||
           verb == Verb::misname || verb == Verb::new_mode || verb == Verb::trial;
}
std::optional<Verb> verb_named(std::string_view name);
// Does this load or store move its last word apart (flag ordered)? It must be aligned, and all bytes lie in one page.
constexpr bool moves_word_apart(const Operation& operation, std::uint64_t page_bytes) {
    constexpr std::uint64_t word = 8;
    const auto at = static_cast<std::uint64_t>(operation.value);
    return (operation.flags & flag_ordered) != 0 && operation.buffer.bytes >= word &&
           (at + operation.buffer.bytes) % word == 0 && at % page_bytes + operation.buffer.bytes <= page_bytes;
}

// Sizes of the segments of a vector, `segments` many (bounded by `out`): how agent, model and emitted C agree.
// Returns how many were written: min(buffer.segments, out.size()).
std::size_t split_into(const Buffer& buffer, std::span<std::uint64_t> out);

}  // namespace crosstalk
