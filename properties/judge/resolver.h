// The one object that resolve works with, so that its rules can live in several small files:
// resolve.cc (processes, ends of life), subject.cc, resolve_components.cc, resolve_calls.cc (verbs that move or look at
// bytes) and resolve_descriptors.cc (verbs that make, copy and configure descriptors).
#pragma once

#include "properties/judge/hypothesis.h"
#include "properties/judge/resolve.h"
#include "properties/judge/tables.h"

namespace crosstalk::judging {

inline constexpr std::uint8_t no_process = 0xff;  // of an actor that has not been started
inline constexpr std::array<std::int16_t, 3> no_message{unbound, unbound, unbound};

Subject subject_of(const Case& value, const History& history, const Environment& environment, std::uint16_t number);

struct Registered;  // for a notification: resolve_queues.cc

class Resolver {
  public:
    Resolver(const Case& value, const History& history, const Environment& environment, std::uint16_t case_number,
             Hypothesis& hypothesis);
    Resolved run();

  private:
    // resolve.cc
    void begin_objects();
    void walk();
    void call(std::uint32_t index);
    // resolve_limits.cc
    void call_within_limits(std::uint32_t index);
    void receive_within_limits(const Event& event, std::uint32_t index, const Operation& operation);
    std::optional<std::int64_t> limit_during(const Event& event) const;
    template <class Do>
    void within_limits(const Event& event, Do act);
    void finish(Stamp before);
    void death(const Event& event, std::uint32_t index);
    void probe(const Event& event, std::uint32_t index);
    void release_all(std::uint8_t process, const Event& event, std::uint32_t index, bool only_close_on_exec);
    bool sends_sigpipe(const Act& act) const;
    void signals_inside(Act& act) const;
    void disposed_meanwhile(Act& act, const Event& signal) const;
    void rank_by_receipt();
    void build_components();

    Process& process_of(ActorId actor) { return processes_[process_[actor]]; }
    std::int16_t description_in(ActorId actor, Slot slot);
    void bind(ActorId actor, Slot slot, std::int16_t description, bool close_on_exec);  // adds a reference
    void release(std::int16_t description, const Event& event, std::uint32_t index, std::uint8_t process, bool death);
    std::uint16_t new_object(ObjectId object, std::uint32_t slots);
    std::int16_t new_description(std::uint16_t object, std::uint8_t end, std::uint16_t flags);
    Act act_of(ActKind kind, const Event& event, std::uint32_t index) const;
    void add(const Act& act) { acts_.push_back(act); }
    void weigh(ClauseId clause) { ++resolved_.weights[in_our_words(clause)]; }
    void breach(ClauseId clause, Reason reason, std::string detail, std::uint32_t index, std::string line);
    // The one error that is right here: weight if it came, a breach if not. True if the call is thereby settled.
    bool blames_buffer(const Event& event) const;
    bool must_fail(const Event& event, std::uint32_t index, ClauseId clause, Errno wanted, Errno also = Errno::none);
    void must_succeed(const Event& event, std::uint32_t index, ClauseId clause);

    // resolve_calls.cc
    void transfer(const Event& event, std::uint32_t index, const Operation& operation);
    void move_between(const Event& event, std::uint32_t index, const Operation& operation);
    void poll(const Event& event, std::uint32_t index, const Operation& operation);
    void misuse(const Event& event, std::uint32_t index, const Operation& operation);
    // resolve_watches.cc
    bool is_on_watch(const Event& event, const Operation& operation);
    void watch(const Event& event, std::uint32_t index, const Operation& operation);
    void wait(const Event& event, std::uint32_t index, const Operation& operation);
    bool is_due(std::int16_t watch, const Event& wait) const;
    void edges();
    // resolve_sockets.cc
    bool plays_sockets() const;
    ClauseId in_our_words(ClauseId clause) const;
    void exchange(const Event& event, std::uint32_t index, const Operation& operation);
    void leave_limit(Act act, const Operation& operation);
    void delivery(const Event& event, std::uint32_t index);  // resolve_deliveries.cc
    void socket_control(const Event& event, std::uint32_t index, const Operation& operation);
    // resolve_addresses.cc
    bool is_of_addresses(const Event& event, const Operation& operation);
    void on_address(const Event& event, std::uint32_t index, const Operation& operation);
    void make_socket(const Event& event, std::uint32_t index, const Operation& operation);
    void connect(const Event& event, std::uint32_t index, const Operation& operation, Act act);
    void accept(const Event& event, std::uint32_t index, const Operation& operation, Act act);
    std::uint16_t address_of(ObjectId object);
    void becomes(std::int16_t before, std::int16_t after);
    void join_connections();
    // resolve_attempts.cc
    struct Attempt {  // of a connect that went on when its call was over
        std::int16_t description;
        std::uint32_t act;  // of acts_
        bool told = false, failed = false, confirmed = false, given_up = false;
    };
    void attempt(const Operation& operation, std::int16_t description, Act act);
    void attempt_again(const Operation& operation, const Description& description, Act act);
    bool tells(const Event& event, const Operation& operation);
    void attempt_told(Attempt& attempt, const Event& event, Errno error);
    Attempt* attempt_of(std::int16_t description);
    // resolve_rights.cc
    struct Sent {  // descriptors in a message of a socket under test
        std::uint32_t event;
        std::uint16_t object;
        std::uint8_t end;  // where they are received
        std::vector<std::int16_t> descriptions;
        bool taken = false;
        Stamp until = 0;  // before which it was taken
    };
    bool sends(const Event& event, std::uint32_t index, const Operation& operation, Act& act);
    bool may_carry(const Act& carrier, std::int16_t description);
    void carry(const Act& carrier, std::vector<std::int16_t> descriptions);
    std::vector<Sent*> first_sent(const Act& receive, Stamp before);
    Sent* sent_with(const Event& receive, const std::vector<Sent*>& candidates);
    void take_rights(const Event& event, std::uint32_t index, const Operation& operation);
    bool is_right_count(const Event& event, std::uint32_t index, const Operation& operation, const Sent& sent);
    void weigh_rights(const Event& event, const Operation& operation, const Sent& sent);
    void rights_cut_by_death(const Event& death, std::uint32_t index);
    void drop_rights(const Act& act, const Event& event, std::uint32_t index);
    void close_what_is_in_flight();
    bool held_elsewhere(std::int16_t description) const;
    // resolve_credentials.cc
    std::uint8_t process_told(std::int64_t told) const;
    void name_told_processes();
    bool forges(const Event& event, std::uint32_t index, const Operation& operation);
    void peer_told(const Event& event, std::uint32_t index, const Description& description);
    Act* read_of(std::uint32_t event);
    // resolve_semaphores.cc
    bool is_of_semaphores(const Event& event, const Operation& operation);
    void on_semaphore(const Event& event, std::uint32_t index, const Operation& operation);
    void synchronised(const Event& event, std::uint32_t index, std::int16_t found);
    void create_semaphore(const Event& event, std::uint32_t index, const Operation& operation);
    void open_semaphore(const Event& event, std::uint32_t index, const Operation& operation);
    std::uint16_t object_named(ObjectId object) const;
    // resolve_queues.cc
    bool of_a_queue(const Event& event, const Operation& operation);
    bool queue_call(const Event& event, std::uint32_t index, const Operation& operation);
    void open_queue(const Event& event, std::uint32_t index, const Operation& operation);
    void unlink_queue(const Event& event, std::uint32_t index, const Operation& operation);
    void queue_transfer(const Event& event, std::uint32_t index, const Operation& operation);
    void queue_attributes(const Event& event, std::uint32_t index, const Operation& operation);
    void queue_notify(const Event& event, std::uint32_t index, const Operation& operation);
    void queue_probe(const Event& event, std::uint16_t object);
    void notifications();
    void notifications_of(const Registered& who);
    // resolve_memory.cc
    bool is_of_memory(const Event& event, const Operation& operation);
    void on_memory(const Event& event, std::uint32_t index, const Operation& operation);
    void create_memory(const Event& event, std::uint32_t index, const Operation& operation);
    void open_memory(const Event& event, std::uint32_t index, const Operation& operation);
    void unlink_memory(const Event& event, std::uint32_t index, const Operation& operation);
    void attach(const Event& event, std::uint32_t index, const Operation& operation);
    // resolve_views.cc
    void detach(const Event& event, std::uint32_t index, const Operation& operation);
    void protect(const Event& event, std::uint32_t index, const Operation& operation, const View& view);
    void sync_view(const Event& event, std::uint32_t index, const Operation& operation);
    void advise(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found);
    void punch(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found);
    void lend(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found);
    void copy_memory(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found);
    void truncate_memory(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found);
    void fork_views(const Event& event, std::uint32_t index, Process& child);
    std::int16_t& name_of_memory(const Event& event, ObjectId object);
    bool naming_beside(const Event& event, ObjectId object, bool only_makers) const;
    void win_name(const Event& event, std::uint32_t index, const Operation& operation);
    bool looks_beside_maker(const Event& event, ObjectId object) const;
    bool has_somebody(std::uint16_t object) const;
    // resolve_incarnations.cc
    bool is_contested(ObjectId object) const;
    void contest(const Event& event, std::uint32_t index, const Operation& operation);
    std::uint16_t contested_name(ObjectId object);
    std::uint16_t incarnation(ObjectId object, std::int64_t number);
    // resolve_locks.cc
    void on_lock(const Event& event, std::uint32_t index, const Operation& operation);
    std::uint16_t lock_at(std::uint16_t memory, std::uint64_t at);
    void let_go_of_locks(const Event& death, std::uint32_t index);
    // resolve_births.cc
    void start(const Event& event, std::uint32_t index, const Operation& operation);
    void changed(const Event& event, Slot slot, std::int16_t before);
    void hold(Process& process, Slot slot, std::int16_t description, const Event& change);
    bool forked_during(const Event& call) const;
    bool has_lived(ActorId actor, Stamp before) const;
    // resolve_names.cc
    void name(const Event& event, std::uint32_t index, const Operation& operation);
    void open(const Event& event, std::uint32_t index, const Operation& operation);
    void unlink(const Event& event, std::uint32_t index, const Operation& operation);
    std::uint16_t named_object(ObjectId object);
    // resolve_names_anew.cc
    bool is_made_anew(ObjectId object) const;
    bool name_anew(const Event& event, std::uint32_t index, const Operation& operation);
    // resolve_step_objects.cc
    void misname(const Event& event, std::uint32_t index, const Operation& operation);
    void new_mode(const Event& event, std::uint32_t index, const Operation& operation);
    void opens_cut_by_death(const Event& death, std::uint32_t index);
    // resolve_trials.cc, and of each form
    void trial(const Event& event, std::uint32_t index, const Operation& operation);
    void answers(const Event& event, std::uint32_t index, const Operation& operation);
    void sights(const Event& event, std::uint32_t index, const Operation& operation);
    void tried_call(const Event& event, std::uint32_t index, const Operation& operation);
    void found_facts(const Event& event, std::uint32_t index, const Operation& operation);
    // resolve_urgent.cc
    void urgent_bytes();
    // resolve_descriptors.cc
    void create(const Event& event, std::uint32_t index, const Operation& operation);
    void close(const Event& event, std::uint32_t index, const Operation& operation);
    void duplicate(const Event& event, std::uint32_t index, const Operation& operation);
    void flags(const Event& event, std::uint32_t index, const Operation& operation);
    void capacity(const Event& event, std::uint32_t index, const Operation& operation);
    bool killed_after(const Event& event) const;
    bool of_a_fellow_beside(const Event& other, const Event& call) const;
    bool set_cloexec_beside(const Event& call, Slot slot) const;
    std::array<std::int16_t, 3>& message_of(const Event& pass) {
        return passed_[resolved_.subject.first_step[pass.actor] + pass.step];
    }
    void pass(const Event& event, std::uint32_t index, const Operation& operation);
    void receive(const Event& event, std::uint32_t index, const Operation& operation);
    void receive_cut_by_death(ActorId actor, const Event& death, std::uint32_t index);
    void limit(const Event& event, const Operation& operation);
    void signal(const Event& event, const Operation& operation);

    const Case& value_;
    const History& history_;
    Resolved resolved_;
    std::vector<std::uint8_t> process_;  // of each actor
    std::vector<Process> processes_;
    std::vector<ObjectTrace> objects_;
    std::vector<Description> descriptions_;
    std::vector<Act> acts_;
    std::vector<std::uint32_t> waiting_;               // receives and deaths, until they end
    std::vector<std::array<std::int16_t, 3>> passed_;  // per step, dense: descriptions in flight
    struct Change {                                    // of a slot, by a thread that has fellows
        const Event* event;
        std::uint8_t process;
        Slot slot;
        std::int16_t before;
    };
    struct Fork {
        const Event* event;
        std::uint8_t parent, child;
        ActorId actor;  // the child
    };
    struct Wait {
        std::int16_t watch;  // a description
        std::uint32_t event;
        bool whole;  // what it watches is still open where it was
    };
    std::vector<Wait> waits_;
    std::vector<const Event*> watched_since_;  // by description: the watch, or null
    std::vector<Change> changes_;
    std::vector<Fork> forks_;
    std::vector<std::int16_t> named_;        // by ObjectId: the object of memory that its name leads to
    std::vector<const Event*> last_naming_;  // by ObjectId: what changed that last
    struct Incarnation {
        ObjectId id;
        std::int64_t number;
        std::uint16_t object;
    };
    std::vector<Incarnation> incarnations_;  // of contested names
    std::vector<Sent> sent_;
    std::vector<Attempt> attempts_;
    bool sends_rights_ = false, dropped_rights_ = false;
    Hypothesis& hypothesis_;
    std::uint32_t default_slots_ = 16;
    Stamp calm_ = 0;
    std::vector<std::uint32_t> signals_, deaths_, stops_;  // events
    std::vector<bool> asleep_;                             // per event
};

}  // namespace crosstalk::judging
