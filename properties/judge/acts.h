// What the judge's engines read: a history resolved into acts on objects. An act is one call, or one thing that has no
// call of its own (a death closes descriptors), with the interval in which its effect lies and what was observed.
// Slots, processes and passing are gone at this level: resolve.h has followed them to descriptions and objects.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "faults/case.h"
#include "mechanisms/history.h"
#include "mechanisms/payload.h"
#include "properties/verdict.h"

namespace crosstalk::judging {

enum class ActKind : std::uint8_t {
    write,  // write, writev
    read,   // read, readv
    vmsplice,
    splice,
    tee,
    release,  // `count` references to one end go (close, dup2 over it, exec, exit, death)
    set_flags,
    set_capacity,
    look_capacity,
    look_available,
    look_flags,
    look_poll,  // one descriptor of a poll
    other,      // what only its mechanism's model knows; `verb` says what
};

inline constexpr Stamp never = std::numeric_limits<Stamp>::max();
inline constexpr std::int64_t code_of_queue = -3;  // SI_MESGQ (sigaction(2)), as Linux numbers it
inline constexpr std::uint16_t none16 = 0xffff;
inline constexpr std::uint32_t unranked = 0xffffffff;  // comes after all that has a rank
inline constexpr std::uint32_t no_event = 0xffffffff;

struct Act {
    ActKind kind = ActKind::read;
    Verb verb = Verb::nothing;
    ActorId actor = 0;
    std::uint8_t process = 0;
    StepId step = 0;
    std::uint32_t event = 0;           // index into History::events
    std::uint16_t object = none16;     // index into Component::objects; of splice and tee: the source
    std::uint16_t to_object = none16;  // of splice and tee: the destination
    std::uint16_t description = none16,
                  to_description = none16;  // index into Component descriptions: whose flags count
    std::uint8_t end = 0;                   // 0 read end, 1 write end: release, poll, flags
    Stamp began = 0, ended = never;         // never: the call was still open when the history ended
    bool open = false;                      // never returned: its effect is optional, its result free
    bool asleep = false;                    // still asleep at the calm point: it must not have been able to finish
    bool interrupted = false;               // a handler without SA_RESTART ran inside it
    bool restarted = false;                 // a handler with SA_RESTART ran inside it
    bool stopped = false;                   // SIGSTOP held its process inside it, without any handler
    bool must_fail_epipe = false;           // it was killed by SIGPIPE
    bool never_sleeps = false;              // by flags of the call itself
    bool death = false;                     // release: by the end of its process
    bool carries = false;                   // a send: descriptors travel with it (unix(7), SCM_RIGHTS)
    bool handed_on = false;                 // its descriptor came with a message
    std::uint32_t rights = no_event;        // a receive: the event of the send whose descriptors came with it
    bool told_control = false;              // a receive: credentials came, of this process and the caller's user
    bool told_same_user = false;
    std::uint8_t told_process = 0xff;  // 0xff: of none of the case
    bool has_tail = false;             // a last call that was short, empty or failed followed the full ones
    Errno error = Errno::none;         // of that last call
    std::uint32_t full_calls = 1;
    std::uint32_t count = 1;       // release: references
    std::uint64_t asked = 0;       // bytes of one call
    std::uint64_t mapped = ~0ull;  // bytes of it that are mapped
    std::uint64_t tail = 0;        // bytes that the last call moved
    std::int64_t value = 0;        // capacity asked; PollBits asked; Flags set
    std::int64_t result = 0;       // capacity; available; PollBits or Flags answered
    std::uint32_t first_run = 0, run_count = 0;
    std::uint32_t rank = unranked;  // read: stands behind the last bytes that it received
};

// When bytes of a step's stream were received: `order` grows with the reads that returned them. It is a hint for the
// search, which of several acts to try first; where reads do not overlap, it says who came first in the pipe.
struct Receipt {
    std::uint32_t step = 0;  // dense
    std::uint32_t offset = 0, length = 0;
    std::uint32_t order = 0;
    Stamp began = 0, ended = 0;  // of the read
    bool surely_before(const Receipt& other) const {
        return ended < other.began || (began == other.began && order < other.order);
    }
};

struct ObjectFacts {
    ObjectId id = 0;                         // in the program
    std::uint32_t slots = 16;                // pages at the start, of a pipe
    std::uint32_t fresh_slots = 0;           // of a FIFO: pages whenever it is opened anew; 0: it has no name
    std::uint32_t readers = 0, writers = 0;  // references, counted as if all had been there from the start
    std::array<bool, 2> travels{};           // a reference to this end was ever in a message of a socket under test
    std::uint64_t at = 0;                    // of a lock: where it lies in its memory
};

// Objects that share bytes (splice, tee), or one alone, with their acts in order of `began`. Independent of all other
// components.
struct Component {
    MechanismId mechanism = 0;  // of all its objects
    std::vector<ObjectFacts> objects;
    bool address = false;              // its objects are addresses, its descriptions sockets that are not connected
    bool lock = false, name = false;   // its object is a lock in memory; what a name leads to
    std::vector<std::uint16_t> flags;  // of each description at the start: Flag bits
    std::vector<std::uint32_t> references;  // to each description, counted as if all had been there from the start
    std::vector<Act> acts;
    Stamp calm = 0;  // 0: no calm point
};

// mq_maxmsg and mq_msgsize; 0: not known.
struct QueueSizes {
    std::uint32_t messages = 0, bytes = 0;
};

// Everything the rules need beside the acts.
struct Subject {
    const Case* value = nullptr;
    const History* history = nullptr;
    std::uint64_t page_bytes = 4096, pipe_buf = 4096, pipe_max_bytes = 1u << 20;
    std::uint32_t iov_max = 1024;
    std::int64_t sem_value_max = 0x7fffffff;
    QueueSizes queue_default, queue_most;  // of new message queues: without attributes; what attributes may ask for
    bool may_exceed_limits = false;        // CAP_SYS_RESOURCE
    bool may_claim_process = false, may_claim_user = false;  // in credentials: CAP_SYS_ADMIN; CAP_SETUID or CAP_SETGID
    bool ignores_permissions = false;                        // CAP_DAC_OVERRIDE
    bool growth_may_fail = false;                            // the user may be over the soft page limit
    std::uint16_t case_number = 0;
    std::vector<std::uint32_t> first_step;    // per actor, plus one past the end
    std::vector<std::uint64_t> stream_bytes;  // per step, dense
    std::vector<std::uint8_t> tags;           // per step, dense
    StreamId stream(ActorId actor, StepId step) const {
        const std::size_t at = first_step[actor] + step;
        return {case_number, actor, step, stream_bytes[at], tags[at]};
    }
    bool knows(ActorId actor, StepId step) const {
        return actor + 1u < first_step.size() && first_step[actor] + step < first_step[actor + 1u];
    }
    std::vector<Receipt> receipts;             // by step, then offset
    std::vector<std::uint32_t> first_receipt;  // per step, dense, plus one past the end; empty: there are none
    // The receipt of the byte at `offset` of a step's stream, or of the first byte behind it that has one; or nullptr.
    const Receipt* receipt_of(ActorId actor, StepId step, std::uint64_t offset) const;
    // The order in which the byte at `offset` of a step's stream was received; `unranked`: it never was.
    std::uint32_t rank_of(ActorId actor, StepId step, std::uint64_t offset) const;
    // Can these bytes of a run, from `used` on, be those at `offset` of that step's stream? Compared by bytes, since
    // neighbours may agree on a few of them by chance.
    bool may_be(const Run& run, std::uint64_t used, ActorId actor, StepId step, std::uint64_t offset,
                std::uint64_t length) const;
    // Of a queue that is made as this object asks.
    QueueSizes queue_sizes(ObjectId object) const;
    // Nothing for a process without steps: what it held when it was started it gives back when it ends.
    const Operation& operation(const Act& act) const {
        static const Operation nothing;
        const std::vector<Operation>& steps = value->program.actors[act.actor].steps;
        return act.step < steps.size() ? steps[act.step] : nothing;
    }
    // What this look tells where poll would tell `bits`.
    std::int64_t told(const Act& look, std::int64_t bits) const {
        const Operation& asked = operation(look);
        return asked.verb == Verb::poll && asked.flags & flag_select ? as_select(look.value, bits) : bits;
    }
};

// A broken promise, before it is told.
struct Breach {
    ClauseId clause = no_clause;
    Reason reason = Reason::none;
    std::string detail;
    std::size_t event = 0;
    std::vector<std::string> lines;  // what the rule wanted, for people
};

// Clauses that carried weight, by number; dense.
using Weights = std::vector<std::uint32_t>;

}  // namespace crosstalk::judging
