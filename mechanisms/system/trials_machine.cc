// Trials that take what the whole system has but one of: its table of open files, its limits on pipes (pipe(2),
// pipe(7), proc(5)), its clock of real time (sem_timedwait(3), clock_settime(2)). They look for nothing but where the
// agent has a machine of its own.
#include <fcntl.h>
#include <time.h>

#include <cerrno>

#include "mechanisms/system/capabilities.h"
#include "mechanisms/system/machine.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {
namespace {

long make_and_close_pipe() {
    int ends[2] = {-1, -1};
    const long made = kernel::call(SYS_pipe2, ends, O_CLOEXEC);
    for (const int end : ends)
        if (end >= 0) kernel::close(end);
    return made;
}

constexpr std::int64_t second_ns = 1'000'000'000, hour_ns = 3600 * second_ns;

std::int64_t real_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return std::int64_t{now.tv_sec} * second_ns + now.tv_nsec;
}

struct Timed {
    volatile bool timed_out, early, over;
};

int waiter_until(sem_t* semaphore, std::int64_t deadline_ns, Timed& timed) {
    const int child = fork_child();
    if (child != 0) return child;
    const timespec deadline{.tv_sec = deadline_ns / second_ns, .tv_nsec = deadline_ns % second_ns};
    const bool timed_out = ::sem_timedwait(semaphore, &deadline) < 0 && errno == ETIMEDOUT;
    timed.early = real_ns() < deadline_ns;
    timed.timed_out = timed_out;
    timed.over = true;
    kernel::exit_process(0);
}

}  // namespace

// The rights that would lift the limits are not in force.
void full_tables(const Call&, Findings& findings) {
    if (hold_only(0) < 0 || make_and_close_pipe() < 0) return;
    for (const MachineChange limit : {MachineChange::open_files, MachineChange::pages_of_pipes}) {
        const MachineKeeper keeper;
        if (!keeper.changes(limit)) return;
        findings.fact(limit == MachineChange::open_files ? 0 : 1, make_and_close_pipe() == -ENFILE);
    }
}

void set_clock(const Call& call, Findings& findings) {
    constexpr std::int64_t soon_ns = second_ns / 4;
    const MachineKeeper keeper;
    const auto set = [&](std::int64_t ns) { return keeper.changes(MachineChange::clock, ns); };
    if (!set(real_ns())) return;
    sem_t* const semaphore = semaphore_for(call);
    auto* const timed = static_cast<Timed*>(shared_page());
    if (semaphore == nullptr || timed == nullptr) return;
    int status = 0;
    std::int64_t deadline = real_ns() + hour_ns;
    int child = waiter_until(semaphore, deadline, timed[0]);
    if (child < 0 || !sleeps_in(child, SYS_futex) || !set(deadline + 1)) return;
    findings.fact(0, becomes_so([&] { return timed[0].over; }) && timed[0].timed_out);
    if (!ends_soon(child, status)) return;
    deadline = real_ns() + soon_ns;
    const std::int64_t due = now_ns() + soon_ns;
    child = waiter_until(semaphore, deadline, timed[1]);
    if (child < 0 || !sleeps_in(child, SYS_futex) || !set(deadline - hour_ns)) return;
    if (now_ns() >= due) return;  // it may have ended before
    while (now_ns() < due + soon_ns) pause_briefly();
    if (!set(deadline + 1)) return;
    if (ends_soon(child, status)) findings.fact(1, timed[1].timed_out && !timed[1].early);
}

}  // namespace crosstalk::trials
