// One step: slots, buffers, injections, the stamped call, the record, the turn.
#include "runners/agent/player.h"

#include <fcntl.h>
#include <sched.h>
#include <time.h>

#include "mechanisms/payload.h"
#include "runners/agent/buffers.h"
#include "runners/agent/places.h"
#include "runners/agent/plain_step.h"
#include "runners/agent/signals.h"
#include "runners/agent/step.h"
#include "runners/agent/stops.h"
#include "runners/agent/strikes.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {
namespace {

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

// A mailbox is a pair: its actor receives from one end, everybody (itself included) passes into the other.
int descriptor_in(ActorId actor, Slot slot, Verb verb) {
    if (slot == no_slot) return -1;
    if (slot < first_mailbox) return slots_of(actor).numbers[slot];
    const auto whose = static_cast<ActorId>(slot - first_mailbox);
    if (whose >= max_actors) return -1;
    return whose == actor && verb != Verb::pass ? mailbox_in(whose) : mailbox_out(whose);
}

// Finding a free number and dup2 onto it are two moments. Threads of one process look in places of their own, above
// where the kernel gives the lowest, else one would silently replace what another was given in between.
int least_free(ActorId actor) {
    constexpr int first = 128, places = 8, numbers = (case_numbers - first) / places;
    const ActorId process = board->seats[actor].process;
    for (std::uint32_t other = 0; other < board->actor_count; ++other)
        if (board->seats[other].kind == ActorKind::thread && board->seats[other].process == process)
            return first + actor % places * numbers;
    return 0;
}

Call resolved(ActorId actor, StepId step, const Operation& operation, const VerbSheet& sheet) {
    Call call;
    call.operation = &operation;
    for (std::size_t i = 0; i < sheet.uses; ++i) {
        call.fds[i] = descriptor_in(actor, operation.uses[i], operation.verb);
        if (call.fds[i] >= first_place) {
            call.places[i] = place_of(call.fds[i]);
            call.place_bytes[i] = bytes_of_place(call.fds[i]);
            call.fds[i] = -1;
        }
    }
    for (std::size_t i = 0; i < sheet.makes; ++i)
        if (operation.makes[i] < first_mailbox) call.replaced[i] = slots_of(actor).numbers[operation.makes[i]];
    if (names_object(operation.verb) && operation.object < max_objects) {
        call.mechanism = &mechanism_of(board->mechanisms[operation.object]);
        call.asked = &board->asked[operation.object];
        call.name = board->names[operation.object].data();
        call.object_place = board->places[operation.object].bytes.data();
    }
    if (operation.verb == Verb::dup) call.least_free = least_free(actor);
    call.actor = actor;
    call.step = step;
    call.is_over = [] { return board->over(); };
    return call;
}

// An open that gave a place which this process has already: 1 + the slot that has it, else 0.
std::int64_t twin_of(ActorId actor, const void* place) {
    const auto& numbers = slots_of(actor).numbers;
    for (std::size_t slot = 0; slot < numbers.size(); ++slot)
        if (numbers[slot] >= first_place && place_of(numbers[slot]) == place)
            return static_cast<std::int64_t>(slot) + 1;
    return 0;
}

// Which of the objects that the name has led to it is: 1 + its place in the list; 0: there is no room for another.
std::int64_t incarnation_of(ObjectId object, int fd) {
    const std::uint64_t inode = inode_of(fd);
    auto& met = board->incarnations[object % max_objects];
    for (std::size_t i = 0; i < met.size() && inode != 0; ++i) {
        std::uint64_t there = 0;
        if (met[i].compare_exchange_strong(there, inode) || there == inode) return static_cast<std::int64_t>(i) + 1;
    }
    return 0;
}

bool is_memory(ObjectId object) {
    return object < max_objects && mechanism_of(board->mechanisms[object]).semantics == Semantics::shared_bytes;
}

// Slots follow what the call made or gave up.
void rebind(ActorId actor, const Call& call, const Answer& answer, const VerbSheet& sheet) {
    const Operation& operation = *call.operation;
    const bool gives_up =
        operation.verb == Verb::close ||
        (operation.verb == Verb::detach && operation.value == static_cast<std::int64_t>(Detaching::view));
    if (sheet.makes == 0 && !gives_up) return;
    ProcessSlots& slots = slots_of(actor);
    if (gives_up && operation.uses[0] < first_mailbox && answer.result != -EBADF) {
        if (slots.numbers[operation.uses[0]] >= first_place) forget_place(slots.numbers[operation.uses[0]]);
        slots.numbers[operation.uses[0]] = -1;
    }
    if (gives_up) slots.said_flags[operation.uses[0] % first_mailbox] = 0;
    if (answer.place != nullptr && operation.makes[0] < first_mailbox)
        slots.numbers[operation.makes[0]] = number_of_place(answer.place, answer.place_bytes, operation.object);
    if (operation.verb == Verb::create && answer.made[0] >= 0 && operation.object < max_objects)
        board->object_inodes[operation.object].store(inode_of(answer.made[0]));
    for (std::size_t i = 0; i < sheet.makes; ++i) {
        if (answer.made[i] < 0) continue;
        if (operation.makes[i] >= first_mailbox) {
            ++slots.orphans;
            continue;
        }
        std::int16_t& number = slots.numbers[operation.makes[i]];
        if (number >= 0 && number != answer.made[i]) ++slots.orphans;
        number = static_cast<std::int16_t>(answer.made[i]);
        slots.said_flags[operation.makes[i]] = 0;
    }
}

// Where a pass came from: one run whose length counts the descriptors.
void record_pass(Event& record, ActorId actor, const Answer& answer) {
    Log& log = board->journal.logs[actor];
    if (log.runs_used >= max_log_runs) {
        record.truncated = 1;
        return;
    }
    record.first_run = log.runs_used;
    record.run_count = 1;
    log.runs[log.runs_used++] = {RunKind::origin, answer.from_actor, answer.from_step, 0,
                                 static_cast<std::uint32_t>(answer.value)};
}

// The calls of a step, up to the first that fails, is short or moves nothing.
class Course {
  public:
    Course(ActorId actor, StepId step, const Operation& operation, const VerbSheet& sheet, Event& record)
        : call_(resolved(actor, step, operation, sheet)), sheet_(sheet), record_(record) {}

    Call& call() { return call_; }

    // False if the case is over.
    bool run(Buffers& buffers, bool struck) {
        const Operation& operation = *call_.operation;
        for (std::uint32_t i = 0; i < operation.times; ++i) {
            buffers.place(call_, i);
            if (struck) {
                board->seats[call_.actor].occurrence.store(i);
                strike_before(call_.actor, call_.step, i);
                if (board->over()) return false;
            }
            end_storm(call_.actor);
            if (i == 0) board->journal.begin(record_);
            answer_ = call_by_table(call_);
            last_stamp_ = i + 1 == operation.times ? board->journal.stamp() : 0;
            end_storm(call_.actor);
            if (board->over()) return false;
            const bool full = enter(record_, answer_, sheet_.moves_bytes(), operation.buffer.bytes);
            if (last_stamp_ == 0 && !full) last_stamp_ = board->journal.stamp();
            if (struck) strike_after(call_.actor, call_.step, i, answer_);
            if (answer_.result > 0 && buffers.reads())
                buffers.received(record_, static_cast<std::uint64_t>(answer_.result));
            if (!full) break;
        }
        return true;
    }

    const Answer& answer() const { return answer_; }
    Stamp ended() const { return last_stamp_; }

  private:
    Call call_;
    const VerbSheet& sheet_;
    Event& record_;
    Answer answer_;
    Stamp last_stamp_ = 0;
};

// Lets others find the moment between two calls (Mode::free).
void spin(std::uint32_t for_ns) {
    for (const std::int64_t until = now_ns() + for_ns; now_ns() < until;) {
    }
}

// O_NONBLOCK, as the kernel says. In turns only steps change it, so it is asked again only after one that may have;
// each time where the operations lie.
bool is_nonblock(const Call& call) {
    if (call.fds[0] < 0) return false;
    const Slot slot = call.operation->uses[0];
    const std::uint32_t era = board->flag_era.load(std::memory_order_relaxed);
    std::uint32_t& said = slots_of(call.actor).said_flags[slot % first_mailbox];
    if (said / 2 == era && board->lie < 0) return said % 2 != 0;
    const int flags = kernel::fcntl(call.fds[0], F_GETFL, 0);
    if (flags < 0) return false;
    const bool nonblock = (flags & O_NONBLOCK) != 0;
    said = 2 * era + (nonblock ? 1 : 0);
    return nonblock;
}

// Plays one step of any kind; says whether the turn is still here.
bool play_step(ActorId actor, StepId step) {
    Board& b = *board;
    const std::uint32_t index = b.first_step[actor] + step;
    const Operation& operation = b.steps[index];
    const VerbSheet& sheet = sheet_of(operation.verb);
    Event& record = b.journal.logs[actor].calls[step];
    describe(record, actor, step, operation);
    b.seats[actor].step.store(step, std::memory_order_relaxed);
    Buffers buffers;
    if (!buffers.prepare(actor, step, operation)) {  // no memory: say so as the kernel would
        b.journal.begin(record);
        record.result = -1;
        record.error = Errno::ENOMEM_;
        b.journal.end(record, b.journal.stamp());
        return true;
    }
    Course course(actor, step, operation, sheet, record);
    const bool turns = b.mode == Mode::turns;
    const bool struck = (b.marks[index] & mark_struck) != 0;
    const bool timed = operation.timeout_ns > 0;
    // A call with a time limit is waited for, so that its outcome does not depend on the clock.
    const bool stops = struck && stops_before(actor, step);
    const bool announced = turns && !timed && (stops || may_sleep_now(course.call()));
    if (b.spin_ns[index] != 0 && !turns) spin(b.spin_ns[index]);
    if (operation.verb == Verb::create)
        if (const Scratch* const scratch = scratch_of(actor)) course.call().bad_pointer = scratch->guard;
    const bool sets_flags = operation.verb == Verb::set_flags || operation.verb == Verb::mq_set_flags;
    if (sets_flags) b.flag_era.fetch_add(1);  // whoever dies in the call may have set them
    if (announced) announce(actor);
    const std::int64_t from = timed ? now_ns() : 0;
    if (!course.run(buffers, struck)) return false;
    if (sets_flags) b.flag_era.fetch_add(1);  // whoever was stopped before it has set them only now
    if (timed) record.took_ns = now_ns() - from;
    const bool has_turn = !announced || retract(actor);
    if (operation.verb == Verb::open && course.answer().place != nullptr)
        record.value = twin_of(actor, course.answer().place);
    if (operation.verb == Verb::open && course.answer().made[0] >= 0 && is_memory(operation.object))
        record.value = incarnation_of(operation.object, course.answer().made[0]);
    rebind(actor, course.call(), course.answer(), sheet);
    buffers.finish(record);
    if (operation.verb == Verb::receive && course.answer().result >= 0) record_pass(record, actor, course.answer());
    b.journal.end(record, course.ended());
    return has_turn;
}

}  // namespace

bool may_sleep_now(const Call& call) {
    const Operation& operation = *call.operation;
    const VerbSheet& sheet = sheet_of(operation.verb);
    return sheet.may_sleep && may_sleep(operation, sheet.moves_bytes() && is_nonblock(call));
}

void play_steps(ActorId actor, std::uint32_t first, bool turn_is_here) {
    Board& b = *board;
    Seat& seat = b.seats[actor];
    bool has_turn = true;
    for (std::uint32_t step = first; step < seat.steps; ++step) {
        if ((step > first || !turn_is_here) && b.mode == Mode::turns) {
            seat.phase.store(Phase::ready);
            if (!hand_over(actor, has_turn)) wait_at_gate(b.gate_of(actor));
            if (b.over()) return;
        }
        const Scratch* const scratch = b.marks[b.first_step[actor] + step] == mark_plain ? scratch_of(actor) : nullptr;
        has_turn = scratch != nullptr ? play_plain_step(actor, static_cast<StepId>(step), *scratch)
                                      : play_step(actor, static_cast<StepId>(step));
        if (b.over()) return;
    }
    end_of_steps(actor, has_turn);
}

void end_of_steps(ActorId actor, bool has_turn) {
    Board& b = *board;
    Seat& seat = b.seats[actor];
    const bool leaves = seat.kind == ActorKind::forked;
    if (b.mode == Mode::turns) {
        // The end of a process closes descriptors, so it has its place in the order like a step: the leader gives it.
        seat.phase.store(leaves ? Phase::leaving : Phase::ended);
        hand_over(actor, has_turn);
        if (leaves) wait_at_gate(b.gate_of(actor));
        if (leaves) seat.dying.store(b.journal.stamp());
    } else if (leaves) {
        seat.dying.store(b.journal.stamp());
        seat.phase.store(Phase::exiting);
    } else {
        seat.phase.store(Phase::ended);
        if (b.live.fetch_sub(1) == 1) b.ring();
    }
}

}  // namespace crosstalk::agent
