// clone(2) for forked actors and threads, execveat(2) of the agent's own binary, exit_group(2).
#include "runners/agent/births.h"

#include <fcntl.h>
#include <sched.h>

#include <array>
#include <cstdio>

#include "faults/lies/tables.h"
#include "mechanisms/system/child.h"
#include "mechanisms/system/sockets.h"
#include "runners/agent/board.h"
#include "runners/agent/player.h"
#include "runners/agent/signals.h"
#include "runners/agent/step.h"
#include "runners/agent/turns.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

namespace crosstalk::agent {
namespace {

// A new actor's first moments: in turns it waits until it is given one.
void live(ActorId actor) {
    Seat& seat = board->seats[actor];
    if (board->mode == Mode::turns) wait_at_gate(board->gate_of(actor));
    if (board->over()) return;
    if (seat.steps == 0) {
        end_of_steps(actor, true);
    } else {
        play_steps(actor, 0, true);
    }
}

// Not instrumented: the sanitizer's check before a call that never returns knows only stacks that the C library made.
[[gnu::no_sanitize_address]] int thread_main(void* place) {
    live(static_cast<ActorId>(reinterpret_cast<std::uintptr_t>(place)));
    kernel::exit_thread();
}

long start_thread(ActorId actor, ActorId parent) {
    Seat& seat = board->seats[actor];
    seat.process = board->seats[parent].process;
    seat.pid.store(board->seats[parent].pid.load());
    Scratch* const scratch = scratch_with_stack(actor);
    if (scratch == nullptr) return -ENOMEM;
    // The thread shares even the C library's thread record: it may call nothing that needs errno or locks.
    constexpr int shared = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                           CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    auto* const tid = reinterpret_cast<int*>(&seat.tid);
    void* const place = reinterpret_cast<void*>(std::uintptr_t{actor});
    const int made = ::clone(thread_main, scratch->stack + thread_stack_bytes, shared, place, tid, nullptr, tid);
    return made < 0 ? -errno : 0;
}

long start_process(ActorId actor, ActorId parent) {
    Board& b = *board;
    Seat& seat = b.seats[actor];
    seat.process = actor;
    b.slots[actor] = b.slots[b.seats[parent].process];
    if (!b.clone_parent && !b.adopts_orphans) return -ENOSYS;  // nobody could tell that it ended
    const int pid = b.clone_parent ? fork_raw(true, &seat.pid) : fork_orphan(&seat.pid);
    if (pid == 0) {
        forget_scratches();
        seat.tid.store(kernel::pid());
        if (die_with_parent(b.leader_pid)) live(actor);
        kernel::exit_process(0);
    }
    if (pid < 0) return pid;
    seat.tid.store(pid);
    return 0;
}

Answer start_call(const Call& call) {
    Board& b = *board;
    const auto actor = static_cast<ActorId>(call.operation->value);
    if (actor >= b.actor_count) return {.result = -EINVAL};
    Seat& seat = b.seats[actor];
    const bool turns = b.mode == Mode::turns;
    seat.phase.store(turns ? Phase::ready : Phase::moving);
    if (!turns) b.live.fetch_add(1);
    const long result =
        seat.kind == ActorKind::thread ? start_thread(actor, call.actor) : start_process(actor, call.actor);
    if (result < 0) {
        seat.phase.store(Phase::unborn);
        if (!turns) b.live.fetch_sub(1);
    }
    return {.result = result};
}

// Decimal digits of a small number, for an argument of the new image.
void write_number(std::array<char, 12>& text, int number) { std::snprintf(text.data(), text.size(), "%d", number); }

Answer exec_call(const Call& call) {
    Board& b = *board;
    if (b.board_fd < 0 || b.binary_fd < 0) return {.result = -ENOSYS};
    if (b.seats[call.actor].kind == ActorKind::thread) return {.result = -ENOSYS};
    std::array<char, 12> seat_text, fd_text;
    write_number(seat_text, call.actor);
    write_number(fd_text, b.board_fd);
    char name[] = "crosstalk-agent", word[] = "--seat";
    char* const arguments[] = {name, word, seat_text.data(), fd_text.data(), nullptr};
    char* const environment[] = {nullptr};
    ProcessSlots& slots = slots_of(call.actor);
    slots.left_image = 1;
    long result = kernel::call(SYS_execveat, b.binary_fd, "", arguments, environment, AT_EMPTY_PATH);
    if (result == -ENOSYS || result == -EPERM || result == -EINVAL)
        result = kernel::call(SYS_execve, b.binary_path.data(), arguments, environment);
    slots.left_image = 0;
    return {.result = result};
}

Answer exit_call(const Call& call) {
    Board& b = *board;
    Seat& process = b.seats[b.seats[call.actor].process];
    process.dying.store(b.journal.stamp());
    b.seats[call.actor].phase.store(Phase::exiting);
    if (b.mode == Mode::turns) b.token.store(token_leader);
    b.ring();
    kernel::exit_process(static_cast<int>(call.operation->value));
}

Answer signal_call(const Call& call) {
    slots_of(call.actor).dirty_signals = 1;
    return {.result = dispose(static_cast<Signal>(call.operation->value), call.operation->flags)};
}

Answer limit_and_remember(const Call& call) {
    slots_of(call.actor).dirty_limit = 1;
    return kernel_operations[static_cast<std::size_t>(Verb::limit)](call);
}

// A process of the case, by its number: 1 + the actor that it is.
std::uint32_t actor_with(int pid) {
    for (std::uint32_t actor = 0; board != nullptr && actor < board->actor_count; ++actor)
        if (board->seats[actor].pid.load() == pid && board->seats[actor].process == actor) return actor + 1;
    return 0;
}

OperationTable completed() {
    OperationTable table = kernel_operations;
    find_actor_of_process = actor_with;
    const auto put = [&table](Verb verb, Perform perform) { table[static_cast<std::size_t>(verb)] = perform; };
    put(Verb::start, start_call);
    put(Verb::exec, exec_call);
    put(Verb::exit, exit_call);
    put(Verb::signal, signal_call);
    put(Verb::limit, limit_and_remember);
    return table;
}

}  // namespace

const OperationTable lane_operations = completed();
const OperationTable* operations = &lane_operations;

void tell_lie_of_board() {
    static OperationTable lying;
    if (board->lie < 0) return;
    lying = lies::lied(lies::row_at(static_cast<std::size_t>(board->lie)), lane_operations, board->stage);
    operations = &lying;
}

void complete_exec(ActorId actor) {
    Board& b = *board;
    ProcessSlots& slots = slots_of(actor);
    for (std::int16_t& number : slots.numbers) {
        if (number < 0 || (number >= first_place && number < first_own_place)) continue;  // the board is mapped anew
        if (number >= first_own_place || kernel::fcntl(number, F_GETFD, 0) < 0) number = -1;
    }
    // Other threads of the process are gone without a word of their own.
    for (std::uint32_t other = 0; other < b.actor_count; ++other) {
        Seat& seat = b.seats[other];
        if (other == actor || seat.kind != ActorKind::thread || seat.process != actor) continue;
        const Phase was = seat.phase.exchange(Phase::dead);
        if (was == Phase::in_call) b.in_call.fetch_sub(1);
        const bool lived = was != Phase::dead && was != Phase::ended && was != Phase::unborn;
        if (lived && b.mode == Mode::free) b.live.fetch_sub(1);
        seat.tid.store(0);
    }
    Event& record = b.journal.logs[actor].calls[b.seats[actor].step.load()];
    record.result = 0;
    record.times = 1;
    b.journal.end(record, b.journal.stamp());
}

}  // namespace crosstalk::agent
