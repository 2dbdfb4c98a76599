// Trials of priorities (sched(7), SCHED_FIFO): several wait for one semaphore or one queue at real-time priorities of
// their own, and are released one by one (XSH sem_post, mq_send, mq_receive). Each is seen asleep in its call before
// the next begins to wait, so that it is known who waits longest; each tells when it goes on.
#include <mqueue.h>
#include <sched.h>

#include <algorithm>
#include <array>

#include "mechanisms/system/names.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {
namespace {

// sched(7): who has a real-time priority may go below it without privilege; actors have 2, where they have one.
constexpr int low_priority = 1, high_priority = 2;
constexpr unsigned most_waiting = 5;

struct Queueing {
    long number;  // of the call in which they sleep
    bool (*waits)(const Queueing&);
    bool (*releases)(const Queueing&);
    sem_t* semaphore = nullptr;
    mqd_t queue = -1;
};

// The first comes low and the second high, so that neither age nor priority alone tells the order.
int priority_of(unsigned who, std::uint64_t drawn) {
    const bool high = who == 1 || (who > 1 && (drawn >> who & 1) != 0);
    return high ? high_priority : low_priority;
}

int waiter_of(const Queueing& queueing, unsigned who, int priority, int told) {
    const int child = fork_child();
    if (child != 0) return child;
    const sched_param own{priority};
    const auto number = static_cast<std::uint8_t>(who);
    if (::sched_setscheduler(0, SCHED_FIFO, &own) == 0 && queueing.waits(queueing))
        kernel::call(SYS_write, told, &number, 1);
    kernel::exit_process(0);
}

// Who says next that it goes on; most_waiting: nobody.
unsigned next_of(int told) {
    std::uint8_t number = most_waiting;
    if (comes_soon(told)) kernel::call(SYS_read, told, &number, 1);
    return number;
}

void serve(const Queueing& queueing, std::uint64_t drawn, unsigned fact, Findings& findings) {
    int told[2];
    if (::pipe(told) < 0) return;
    std::array<int, most_waiting> waiting{};  // the priority of each; 0: it has gone on
    for (unsigned who = 0; who < most_waiting; ++who) {
        waiting[who] = priority_of(who, drawn);
        const int child = waiter_of(queueing, who, waiting[who], told[1]);
        if (child < 0 || !sleeps_in(child, queueing.number)) return;
    }
    for (unsigned served = 0; served < most_waiting; ++served) {
        const auto due = std::max_element(waiting.begin(), waiting.end());  // the first of the highest
        if (!queueing.releases(queueing)) return;
        const unsigned who = next_of(told[0]);
        if (who >= most_waiting) return;  // that nobody goes on is another promise
        if (who != due - waiting.begin()) return findings.fact(fact, false);
        *due = 0;
    }
    findings.fact(fact, true);
}

bool receives(const Queueing& queueing) {
    char byte = 0;
    return ::mq_receive(queueing.queue, &byte, 1, nullptr) >= 0;
}
bool sends(const Queueing& queueing) { return ::mq_send(queueing.queue, "x", 1, 0) == 0; }
bool takes(const Queueing& queueing) { return ::sem_wait(queueing.semaphore) == 0; }
bool posts(const Queueing& queueing) { return ::sem_post(queueing.semaphore) == 0; }

}  // namespace

void queue_priorities(const Call& call, Findings& findings) {
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    const auto queue = static_cast<mqd_t>(new_queue(name, 1, 1));
    if (queue < 0) return;
    ::mq_unlink(name);
    const std::uint64_t drawn = call.operation->buffer.bytes;
    serve({.number = SYS_mq_timedreceive, .waits = receives, .releases = sends, .queue = queue}, drawn, 0, findings);
    if (::mq_send(queue, "x", 1, 0) < 0) return;  // it is full
    serve({.number = SYS_mq_timedsend, .waits = sends, .releases = receives, .queue = queue}, drawn >> most_waiting, 1,
          findings);
}

void semaphore_priorities(const Call& call, Findings& findings) {
    sem_t* const semaphore = semaphore_for(call);
    if (semaphore == nullptr) return;
    serve({.number = SYS_futex, .waits = takes, .releases = posts, .semaphore = semaphore},
          call.operation->buffer.bytes, 0, findings);
}

}  // namespace crosstalk::trials
