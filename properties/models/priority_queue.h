// The priority queue: POSIX message queues as mq_overview(7) and the pages that it names describe them. One model is
// about one name: the queues that it stood for one after another, what they hold in the order in which it will be
// received, who is registered with them, and which of them each description has open.
//
// A call that sleeps is one that does not step: nothing of it can be seen before its effect. A message that is handed
// to a sleeper directly is one that is queued and taken at once, but for who is registered (see Variant in step_send).
#pragma once

#include <array>
#include <vector>

#include "properties/models/model.h"

namespace crosstalk::priority_queue {

using judging::Act;
using judging::ActKind;
using judging::Component;
using judging::Subject;
using models::Flight;
using models::Latitude;
using models::Step;
using models::strict;
using models::Variant;

// How an act took effect: bits for evidence and explanations.
enum How : std::uint32_t {
    how_nothing = 0,
    how_again = 1u << 0,
    how_timed_out = 1u << 1,
    how_interrupted = 1u << 2,
    how_from_full = 1u << 3,     // a receive: the queue was full
    how_into_empty = 1u << 4,    // a send: the queue was empty
    how_filled = 1u << 5,        // a send: the queue is now full
    how_passed_lower = 1u << 6,  // a receive left messages of lower priority behind
    how_passed_equal = 1u << 7,  // ... of equal priority
    how_told = 1u << 8,          // a send: somebody was registered, and was told
    how_silent = 1u << 9,        // ... and was not to be told (SIGEV_NONE)
    how_not_told = 1u << 10,     // a send to a queue with messages, or to a waiting receiver: nobody was told
    how_handed = 1u << 11,       // ... to a waiting receiver
    how_made = 1u << 12,         // an open: the queue is new
    how_made_again = 1u << 13,   // ... and not the first of its name
    how_refused = 1u << 14,      // an open, unlink or notify that failed as it should
    how_registered = 1u << 15,
    how_freed = 1u << 16,           // a registration is gone: by a null request, a close or a death
    how_unlinked = 1u << 17,        // a transfer of a queue that has lost its name
    how_found_messages = 1u << 18,  // an open of a queue that holds some
    how_nonblocking = 1u << 19,
    how_deviates_time = 1u << 24,   // MQ-TIME-4
    how_deviates_close = 1u << 25,  // MQ-NOTIFY-6
};
inline constexpr std::uint32_t how_deviates = how_deviates_time | how_deviates_close;

struct Message {
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t offset = 0, length = 0;  // in the stream of the step
    std::uint32_t priority = 0;
};

inline constexpr std::uint8_t nobody = 0xff;
struct Registration {
    std::uint8_t process = nobody;
    std::uint8_t signal = 0;  // 0: SIGEV_NONE
    Slot slot = no_slot;
    std::uint16_t description = 0;
};

struct Queue {
    std::vector<Message> messages;  // the next one first
    Registration registered;
    bool had_registration = false;
};

inline constexpr std::int8_t no_queue = -1;
struct State {
    std::vector<Queue> queues;
    std::int8_t named = no_queue;      // which of them the name stands for
    std::vector<std::int8_t> opened;   // of each description: its queue
    std::vector<std::uint16_t> flags;  // of each description
    std::vector<std::uint32_t> told;   // of each process: signals that are pending, by bit
    std::vector<Flight> flights;
};

class Model {
  public:
    using State = priority_queue::State;
    static constexpr std::uint32_t how_deviates = priority_queue::how_deviates;

    Model(const Subject& subject, const Component& component);

    State initial() const;
    bool may_step(const State& state, const Flight& flight, Latitude latitude) const;
    bool has_second(const State& state, const Flight& flight, Latitude latitude) const;
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    bool only_looks(const Act& act) const;
    std::uint32_t rank(const State& state, const Flight& flight) const;
    bool moves_bytes(const Flight& flight) const;
    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const;
    std::uint64_t fingerprint(const State& state) const;
    judging::Breach refusal(const State& state, const Flight& flight) const;
    std::vector<std::string> describe(const State& state, const models::NameBytes& name) const;
    std::vector<std::string> alternatives(const State& state, const Flight& flight) const;
    Due due(const State& state, const Flight& flight) const;
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;
    void weigh_waits(const std::vector<std::uint32_t>& how, judging::Weights& weights) const;
    std::string undecided() const { return ""; }

    const Subject& subject() const { return subject_; }
    const Component& component() const { return component_; }

  private:
    enum class Sizes : std::uint8_t { right, wrong, unknown };
    Sizes asked_sizes() const;
    const Operation& operation(const Act& act) const { return subject_.operation(act); }
    bool nonblocking(const State& state, const Act& act) const;
    bool always_nonblocking(const State& state, const Act& act) const;
    bool full(const Queue& queue) const { return queue.messages.size() >= sizes_.messages; }
    bool may_end(const Flight& flight, const Act& act, Errno error) const;
    Step end_call(Flight& flight, const Act& act, std::uint32_t how) const;
    Step wait(const State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_send(State& state, Flight& flight, const Act& act, Latitude latitude, Variant variant) const;
    Step step_receive(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_open(State& state, Flight& flight, const Act& act) const;
    Step step_unlink(State& state, Flight& flight, const Act& act) const;
    Step step_notify(State& state, Flight& flight, const Act& act) const;
    Step step_release(State& state, Flight& flight, const Act& act, Latitude latitude, Variant variant) const;
    Step step_look(const State& state, Flight& flight, const Act& act) const;
    bool is_message(const Act& act, const Message& message) const;
    bool somebody_may_wait(const State& state, const Act& send) const;
    std::int64_t poll_bits(const State& state, const Act& act) const;
    std::int64_t open_bits(const Act& act) const;
    struct Obstacle {
        ClauseId clause = no_clause;
        Errno error = Errno::none;
    };
    Obstacle obstacle_of(const Act& act) const;
    const Queue* queue_of(const State& state, const Act& act) const;
    Queue* queue_of(State& state, const Act& act) const;
    bool unnamed(const State& state, const Act& act) const;
    bool killed_before(const Act& act) const;
    bool sent_before(const Message& message, const Act& receive) const;
    judging::Breach wrong_message(const Queue& queue, const Act& act, judging::Breach breach) const;
    judging::Breach not_told(const Act& act, judging::Breach breach) const;
    judging::Breach refused_registration(const Queue& queue, const Act& act, judging::Breach breach) const;

    const Subject& subject_;
    const Component& component_;
    bool made_first_ = true;  // the leader made it, before the first step
    std::uint8_t processes_ = 0;
    judging::QueueSizes sizes_;
    std::vector<bool> by_step_;  // of each description: some step opened it
    std::vector<Access> access_;
};

}  // namespace crosstalk::priority_queue
