// One case being played. Time is a sequence of moves: a call begins, takes effect, falls asleep, goes on, returns; a
// process dies piece by piece. Whoever can move may be next. In several small files: play.cc (who moves), course.cc
// (a step from call to return), transfers.cc, splices.cc, looks.cc, descriptors.cc and processes.cc (what calls do),
// counters.cc (semaphores), queues.cc and queue_names.cc, fifos.cc, memories.cc, views.cc, copies.cc and robust.cc
// (memory and its locks), channels.cc and its neighbours (UNIX sockets), signals.cc, strikes.cc and provocations.cc
// (faults of the plan), deaths.cc, recording.cc (what is written down).
#pragma once

#include "mechanisms/payload.h"
#include "mechanisms/trap.h"
#include "properties/draw/dice.h"
#include "properties/mirror/freedoms.h"
#include "properties/mirror/mirror.h"
#include "properties/mirror/mutations.h"
#include "properties/mirror/world.h"

namespace crosstalk::mirror {

// Does it know all that such a program does to memory?
bool offers_memory(const Program& program);

class Play : Freedoms, World {
  public:
    Play(const Case& value, const Environment& environment, std::uint64_t seed, const Options& options);
    History run();

  private:
    using Pipe = byte_stream::Pipe;

    // play.cc
    void begin_objects();
    bool is_counter(std::size_t object) const;
    bool can_move(const Life& life) const;
    bool stopped(const Life& life) const;
    bool decide();
    int choose_next();
    void move(ActorId actor);
    void come_late();

    // course.cc
    void begin_step(ActorId actor);
    void go_on(ActorId actor);
    bool took(Life& life, const Effect& effect);
    bool answer(ActorId actor, const Effect& effect);
    bool next_call(ActorId actor);
    void return_from(ActorId actor);
    void end_of_steps(ActorId actor);
    Effect act(ActorId actor);

    // transfers.cc
    Effect write(ActorId actor, const Operation& operation);
    Effect read(ActorId actor, const Operation& operation);
    Effect vmsplice(ActorId actor, const Operation& operation);
    std::optional<Effect> refused(ActorId actor, const Operation& operation, bool reads);
    byte_stream::Placement placement_of(const Life& life, const Operation& operation, const Pipe& pipe, bool packet,
                                        bool waits);
    void put(ActorId actor, std::uint16_t tube, std::uint64_t offset, const byte_stream::Placement& placement,
             bool packet);
    void receive_front(Life& life, const Pipe& pipe, std::uint64_t bytes);
    void tell(std::uint16_t tube, std::uint8_t end);
    Effect no_reader(ActorId actor);
    // May the call move another count than page slots give? One that is killed never says which, so nobody could tell.
    bool picks_counts(const Life& life) const { return !strict_room_ && !life.doomed; }
    std::uint64_t capacity_of(const Pipe& pipe) const { return pipe.max_slots * page_; }
    std::uint64_t free_in(const Pipe& pipe) const;
    bool full(const Pipe& pipe) const;
    bool waits(const Life& life, const Operation& operation, const Description& description) const;
    bool would_go_on(const Life& life) const;
    bool write_would_go_on(const Life& life, const Operation& operation, const Pipe& pipe) const;

    // splices.cc
    Effect splice(ActorId actor, const Operation& operation);
    Effect move_bytes(const Life& life, const Operation& operation, std::uint16_t source, std::uint16_t target);
    bool splice_would_go_on(const Life& life, const Operation& operation) const;

    // looks.cc
    Effect poll(ActorId actor, const Operation& operation);
    std::int64_t poll_bits(ActorId actor, Slot slot, std::int64_t asked);
    Effect watch(ActorId actor, const Operation& operation);
    Effect wait(ActorId actor, const Operation& operation);
    std::int64_t bits_of(const Description& description, std::int64_t asked) const;
    bool poll_would_go_on(const Life& life, const Operation& operation) const;
    bool transfers_beside(ActorId actor, std::uint16_t tube) const;
    Effect set_capacity(ActorId actor, const Operation& operation);
    Effect look(ActorId actor, const Operation& operation);
    Effect misuse(ActorId actor, const Operation& operation);
    std::uint32_t slots_for(std::uint64_t bytes) const;

    // descriptors.cc
    Effect create(ActorId actor, const Operation& operation);
    Effect close(ActorId actor, const Operation& operation);
    Effect duplicate(ActorId actor, const Operation& operation);
    Effect flags(ActorId actor, const Operation& operation);
    Effect limit(ActorId actor, const Operation& operation);
    Effect pass(ActorId actor, const Operation& operation);
    Effect receive(ActorId actor, const Operation& operation);
    std::int16_t description_in(ActorId actor, Slot slot) const;
    std::uint16_t new_tube(ObjectId object, std::uint32_t slots);
    std::int16_t new_description(std::uint16_t tube, std::uint8_t end, std::uint16_t flags);
    void refer(std::int16_t description);
    void release(std::int16_t description);
    void bind(Process& process, Slot slot, std::int16_t description, int number, bool close_on_exec);
    void unbind(Process& process, Slot slot);
    static int limit_leaving(const Process& process, std::int64_t left);
    static int lowest_free(const Process& process, int least = first_number);
    bool room_in_mailbox(ActorId whose) const { return mailboxes_[whose].size() < mailbox_room_; }

    // counters.cc
    bool is_of_semaphores(ActorId actor, const Operation& operation) const;
    void begin_semaphore(ObjectId object, std::vector<std::int16_t>& first);
    std::int16_t new_semaphore(ObjectId object, std::int64_t tokens);
    Effect count(ActorId actor, const Operation& operation);
    Effect take(ActorId actor, const Operation& operation, Semaphore& semaphore);
    Effect give(ActorId actor, const Operation& operation, Semaphore& semaphore);
    Effect tell_value(const Operation& operation, const Semaphore& semaphore);
    Effect open_semaphore(ActorId actor, const Operation& operation);
    Effect unlink_semaphore(const Operation& operation);
    Effect misname(const Operation& operation);
    bool wait_would_go_on(const Life& life, const Operation& operation) const;
    static void drop_semaphores(Process& process);
    void give_back(ActorId actor);

    // memories.cc
    bool is_memory(std::size_t object) const;
    bool is_of_memory(ActorId actor, const Operation& operation) const;
    std::int16_t new_memory(ObjectId object, std::uint64_t length);
    std::int16_t new_file(std::int16_t memory, Access access);
    void begin_memory(ObjectId object, std::vector<std::int16_t>& first);
    Effect view(ActorId actor, const Operation& operation);
    Effect create_memory(ActorId actor, const Operation& operation);
    Effect open_memory(ActorId actor, const Operation& operation);
    Effect find_memory(const Operation& operation, std::int16_t& found);
    Effect unlink_memory(const Operation& operation);
    Effect try_out_mode(const Operation& operation);
    Effect try_out(ActorId actor);
    Effect of_file(ActorId actor, const Operation& operation);
    Effect truncate(const Operation& operation, const Description& description);
    Effect punch(const Operation& operation, const Description& description);
    void set_length(Memory& memory, std::uint64_t length);
    void zero(Memory& memory, std::uint64_t from, std::uint64_t to);
    void have(Memory& memory, std::uint64_t bytes) const;
    bool has_somebody(std::int16_t memory) const;
    Memory& memory_of(const View& view) { return memories_[view.memory]; }
    std::uint64_t end_of_page(std::uint64_t at) const { return (at + page_ - 1) / page_ * page_; }

    // views.cc
    View* view_in(ActorId actor, Slot slot);
    Effect attach(ActorId actor, const Operation& operation);
    Effect detach(ActorId actor, const Operation& operation);
    Effect protect(const Operation& operation, View& view);
    Effect sync_view(const Operation& operation, const View& view);
    Effect advise(const Operation& operation, View& view);
    Effect lend(const Operation& operation, const View& view);
    void fork_views(Process& child);
    bool there(const View& view, std::uint64_t at) const;
    std::vector<std::uint8_t>& own_page(View& view, std::uint64_t page);

    // copies.cc
    Effect copy_view(ActorId actor, const Operation& operation, View& view);
    Effect copy_file(ActorId actor, const Operation& operation, const Description& description);
    void begin_copy(ActorId actor, const Operation& operation);
    Effect end_copy(ActorId actor, const Operation& operation, std::uint64_t done, Trap trap);
    void lay_out_pieces(Copying& copying, std::uint64_t bytes);
    void touch(View& view, std::uint64_t at, std::span<std::uint8_t> bytes, bool loads);
    bool put_word(Copying& copying, View& view, std::uint64_t at);

    // robust.cc
    Effect lock(ActorId actor, const Operation& operation);
    Lock* lock_at(ActorId actor, const Operation& operation);
    bool lock_would_go_on(const Life& life) const;
    void let_go(Lock& lock);
    void scramble(const Lock& lock);
    // channels.cc
    bool is_of_channels(ActorId actor, const Operation& operation) const;
    bool is_channel(std::size_t object) const;
    std::int16_t begin_channel(ObjectId object);
    void close_unheld();
    std::uint16_t new_channel(ObjectId object, std::uint8_t maker);
    std::int16_t new_socket(std::uint16_t channel, std::uint8_t end, std::uint16_t flags);
    Side& mine_of(const Description& description) { return channels_[description.thing].sides[description.end]; }
    const Side& mine_of(const Description& description) const {
        return channels_[description.thing].sides[description.end];
    }
    Side& peer_of(const Description& description) { return channels_[description.thing].sides[1 - description.end]; }
    const Side& peer_of(const Description& description) const {
        return channels_[description.thing].sides[1 - description.end];
    }
    Effect channel(ActorId actor, const Operation& operation);
    Effect shut(ActorId actor, const Operation& operation, const Description& description);
    void let_go(const Description& description);
    void hang_up_all();
    void drop_unread(Side& side);

    // channel_names.cc
    bool is_abstract(ObjectId object) const;
    Plug& plug_of(const Description& socket) { return plugs_[static_cast<std::size_t>(socket.plug)]; }
    const Plug& plug_of(const Description& socket) const { return plugs_[static_cast<std::size_t>(socket.plug)]; }
    Effect name_socket(ActorId actor, const Operation& operation);
    Effect make_socket(ActorId actor, const Operation& operation);
    Effect bind_name(const Operation& operation, std::int16_t found);
    Effect connect(ActorId actor, const Operation& operation, std::int16_t found);
    Effect accept(ActorId actor, const Operation& operation, const Description& socket);
    bool has_place(const Plug& plug) const;
    void unplug(std::int16_t description);
    bool connection_would_go_on(const Life& life, const Operation& operation) const;

    // trials.cc
    Effect try_out(const Operation& operation);

    // channel_options.cc
    Effect ask(const Operation& operation, const Description& description);
    Effect demand(const Operation& operation, const Description& description);
    std::int64_t buffer_for(std::int64_t asked) const;
    std::int64_t unread_in(const Description& description) const;
    std::int64_t socket_bits(const Description& description, std::int64_t asked) const;

    // channel_sends.cc
    Effect send(ActorId actor, const Operation& operation);
    std::optional<Effect> refused_message(ActorId actor, const Operation& operation);
    std::optional<Effect> refused_cargo(ActorId actor, const Operation& operation, Side& mine, bool connected);
    std::optional<Effect> unreceived(ActorId actor, const Operation& operation, const Description& description);
    Effect broken(ActorId actor, const Operation& operation, const Channel& channel);
    void dispatch(ActorId actor, const Operation& operation, Side& peer, std::uint64_t bytes);
    static void mark_last(Side& peer);
    bool takes_record(const Side& peer, std::uint64_t bytes) const;
    std::uint64_t free_in(const Side& peer) const;
    bool may_wait(const Life& life, const Operation& operation, const Description& description) const;
    bool is_limited(const Life& life, const Operation& operation) const;
    bool gives_up(Life& life, const Operation& operation, const Description& description);
    bool send_would_go_on(const Life& life, const Operation& operation) const;

    // channel_receives.cc
    Effect receive_message(ActorId actor, const Operation& operation);
    Effect receive_record(ActorId actor, const Operation& operation, const Description& description);
    Effect receive_bytes(ActorId actor, const Operation& operation, const Description& description);
    Effect receive_urgent(ActorId actor, const Operation& operation, Side& mine);
    Effect receive_nothing(Life& life, const Operation& operation, const Description& description);
    std::uint64_t take_bytes(ActorId actor, const Operation& operation, Side& mine);
    void take_along(ActorId actor, const Operation& operation, Parcel& parcel);
    void tell_sender(Life& life, const Operation& operation, const Side& mine, const Parcel& parcel);
    bool receive_would_go_on(const Life& life, const Operation& operation) const;

    // queues.cc
    bool is_queue(std::size_t object) const;
    bool is_of_queues(ActorId actor, const Operation& operation) const;
    Effect queue(ActorId actor, const Operation& operation);
    Effect send_letter(ActorId actor, const Operation& operation);
    Effect take_letter(ActorId actor, const Operation& operation);
    std::optional<Effect> letter_refused(ActorId actor, const Operation& operation);
    Effect wait_at_queue(Life& life, const Operation& operation);
    void arrive(Queue& queue, const Letter& letter);
    void sort_in(Queue& queue, const Letter& letter);
    void let_in(Queue& queue);
    Life* sleeper_at(const Queue& queue, Verb verb);
    Effect attributes(ActorId actor, const Operation& operation);
    std::int64_t queue_bits(const Description& description, std::int64_t asked) const;
    bool queue_would_go_on(const Life& life, const Operation& operation) const;
    QueueSizes sizes_of(ObjectId object) const;
    bool full(const Queue& queue) const;

    // queue_names.cc
    void begin_queue(ObjectId object, std::vector<std::int16_t>& first);
    std::int16_t new_queue(ObjectId object);
    std::int16_t open_description(std::int16_t queue, Access access, std::uint16_t flags);
    Effect open_queue(ActorId actor, const Operation& operation);
    Effect unlink_queue(const Operation& operation);
    Effect misname_queue(const Operation& operation);
    Effect register_at(ActorId actor, const Operation& operation);
    void tell_registered(Queue& queue);
    void leave_queue(const Process& process, Slot slot);
    void signal_process(std::uint8_t number, Signal signal);

    // fifos.cc
    bool is_fifo(std::size_t object) const;
    bool is_of_fifos(const Operation& operation) const;
    Effect fifo(ActorId actor, const Operation& operation);
    Effect new_mode(const Operation& operation);
    Effect misname_fifo(const Operation& operation);
    std::int16_t new_fifo(ObjectId object);
    void empty(Tube& tube);
    void last_reference(Tube& tube);
    Effect open_fifo(ActorId actor, const Operation& operation);
    Effect opened(ActorId actor, const Operation& operation, std::int16_t description);
    void let_in(std::uint16_t tube, std::uint8_t end);
    void give_up_open(Life& life);
    bool open_would_go_on(const Life& life) const;

    // processes.cc
    Effect start(ActorId actor, const Operation& operation);
    Effect exec(ActorId actor);
    Effect exit(ActorId actor, const Operation& operation);

    // signals.cc
    Effect dispose(ActorId actor, const Operation& operation);
    void post(Life& life, Signal signal);
    std::uint32_t deliverable(const Life& life) const;
    struct Handled {
        bool any = false, cuts = false;  // a handler ran; one without SA_RESTART did
    };
    Handled deliver(ActorId actor);
    void interrupt_fellows(ActorId actor);
    void interrupted(ActorId actor, Handled handled);
    static void standard_dispositions(Process& process);

    // strikes.cc
    void strike(ActorId actor, When when, bool* died);
    bool strike_sleeper(ActorId actor);
    bool awaits_strike(const Life& life, ActorId actor) const;
    void note_unfired();

    // provocations.cc
    struct Blow {
        ActorId actor;
        const Injection& injection;
        std::size_t index;  // the injection's place in the plan
    };
    using Act = void (Play::*)(const Blow&);
    struct Provocation {  // what is done; `arm` before the call whenever the fault strikes, `after` unless asleep
        Act arm = nullptr, before = nullptr, asleep = nullptr, after = nullptr;
    };
    static const Provocation& provocation_of(FaultId fault);
    std::uint32_t wanted_times(const Injection& injection) const;
    const Injection* due_asleep(const Life& life, ActorId actor) const;
    void fire(const Blow& blow);
    void install_handler(const Blow& blow);
    void interrupt(const Blow& blow);
    void interrupt_sleeper(const Blow& blow);
    void kill_peer(const Blow& blow);
    void kill_peer_after(const Blow& blow);
    void look_at_answer(const Blow& blow);
    void stop_peer(const Blow& blow);
    void lower_limit(const Blow& blow);
    void restore_limit(const Blow& blow);
    void spin(const Blow& blow);
    void count_turn();
    bool continue_due();
    bool continue_one();
    void continue_process(Process& process);

    // deaths.cc
    void kill(std::uint8_t process, Signal killer, std::int64_t status, Stamp since);
    void kill_by(ActorId actor, Signal signal);
    void die_on(std::uint8_t process);
    void stop(std::uint8_t process);
    void bury(std::uint8_t process);

    // recording.cc
    Stamp stamp() { return ++stamp_; }
    void note(ActorId actor, Event event);
    void record(ActorId actor);
    void record_runs(Life& life, Event& event);
    void add_run(Life& life, Event& event, const byte_stream::Piece& piece);
    void add_bytes(Life& life, Event& event);
    void record_calm();
    bool lies(Lie lie) const { return options_.mutation != nullptr && options_.mutation->lie == lie; }
    bool lies(Lie lie, std::uint64_t one_in) { return lies(lie) && dice_.one_in(one_in); }

    const Operation& operation_of(const Life& life, ActorId actor) const {
        return value_.program.actors[actor].steps[life.step];
    }
    const Operation& operation_of(const Parcel& parcel) const {
        return value_.program.actors[parcel.piece.actor].steps[parcel.piece.step];
    }
    Process& process_of(ActorId actor) { return processes_[lives_[actor].process]; }
    const Process& process_of(ActorId actor) const { return processes_[lives_[actor].process]; }
    Pipe& pipe_of(const Description& description) { return tubes_[description.tube].pipe; }
    Queue& queue_of(const Description& description) { return queues_[description.thing]; }
    ActorId id_of(const Life& life) const { return static_cast<ActorId>(&life - lives_.data()); }

    const Case& value_;
    const Options options_;
    draw::Dice dice_;
    bool turns_;
    std::uint64_t page_, pipe_buf_, pipe_max_bytes_, default_bytes_;
    std::uint32_t iov_max_;
    std::int64_t most_tokens_;  // SEM_VALUE_MAX
    QueueSizes queue_default_, queue_most_;
    bool growth_may_fail_ = false;

    Stamp stamp_ = 0;
    History history_;
};

}  // namespace crosstalk::mirror
