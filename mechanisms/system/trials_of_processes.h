// Trials: facts that need processes, limits, namespaces or handlers of their own (Verb::trial). A trial runs in a child
// of the step's process, which has all signals at their defaults and dies with its parent; whatever it makes, limits or
// mounts goes with it. It says which facts it could look for, and which it found as they must be; what they are called
// and who promises them is the judge's to know. Adding one: a row in trials.cc, its function in a file beside.
#pragma once

#include <semaphore.h>

#include "mechanisms/system/trials.h"

namespace crosstalk {

// The new image of a trial's process: what it finds of the old one's. The arguments behind "--look".
int look_in_new_image(int count, char** arguments);

namespace trials {

// In memory that the step's process shares with its child.
struct Findings {
    std::int64_t found = 0, looked = 0;
    void fact(unsigned number, bool holds) {
        looked |= std::int64_t{1} << number;
        if (holds) found |= std::int64_t{1} << number;
    }
};
using Try = void (*)(const Call& call, Findings& findings);

// What functions of several files need.
long pause_briefly();                  // the shortest sleep, for who looks again and again
bool ends_soon(int pid, int& status);  // reaps it; false: it has had its time, and was killed
long own_namespaces(int flags);        // of this process, with a user namespace where that is needed
int fork_child();                      // dies with its parent
int fork_by_library();                 // the same, with a thread record of its own
void* shared_page();                   // zeroed; null: no memory
void on_signal(int number, void (*handler)(int), bool restarts);
void tick(long microseconds, bool again);  // SIGALRM
std::int64_t now_ns();
char state_of(int pid);                // as proc(5) has it; 0: that cannot be told
bool sleeps_in(int pid, long number);  // it sleeps in that system call; false: it could not be seen to
bool comes_soon(int fd);               // something to read
// Does it become so? Looked for long and often: where the machine stands still a long time proves nothing.
template <class Seen>
bool becomes_so(Seen seen) {
    constexpr std::int64_t limit_ns = 2'000'000'000;
    constexpr int least_looks = 1000;
    const std::int64_t until = now_ns() + limit_ns;
    for (int look = 0; look < least_looks || now_ns() < until; ++look) {
        if (seen()) return true;
        pause_briefly();
    }
    return false;
}
long new_queue(const char* name, long messages, long bytes);  // trials_queues.cc; a negated error number
sem_t* semaphore_for(const Call& call);  // trials_waits.cc: of the mechanism's kind, which only this trial has; or null

// trials_memory.cc
void seals(const Call& call, Findings& findings);
void times(const Call& call, Findings& findings);
void full_file_system(const Call& call, Findings& findings);
// trials_exec.cc
void exec_memory(const Call& call, Findings& findings);
void exec_queue(const Call& call, Findings& findings);
void exec_semaphore(const Call& call, Findings& findings);
// trials_queues.cc
void queue_line(const Call& call, Findings& findings);
void queue_limit(const Call& call, Findings& findings);
void queue_count(const Call& call, Findings& findings);
void namespaces(const Call& call, Findings& findings);
void privileged_queue(const Call& call, Findings& findings);
void thread_notified(const Call& call, Findings& findings);
// trials_waits.cc
void handler_posts(const Call& call, Findings& findings);
void posts_together(const Call& call, Findings& findings);
void post_and_destroy(const Call& call, Findings& findings);
void waits_and_sleeps(const Call& call, Findings& findings);
// trials_locks.cc
void library_locks(const Call& call, Findings& findings);
void library_robust(const Call& call, Findings& findings);
void stepwise_death(const Call& call, Findings& findings);
// trials_priorities.cc
void queue_priorities(const Call& call, Findings& findings);
void semaphore_priorities(const Call& call, Findings& findings);
// trials_supervised.cc
void supervised(const Call& call, Findings& findings);
// trials_buffers.cc
void grown_buffer(const Call& call, Findings& findings);
void least_buffers(const Call& call, Findings& findings);
void small_receiver(const Call& call, Findings& findings);
// trials_silence.cc
void bad_checksum(const Call& call, Findings& findings);
void unacknowledged(const Call& call, Findings& findings);
void unanswered(const Call& call, Findings& findings);
// trials_machine.cc
void full_tables(const Call& call, Findings& findings);
void set_clock(const Call& call, Findings& findings);

}  // namespace trials
}  // namespace crosstalk
