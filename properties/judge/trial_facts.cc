// The table of what trials look at.
#include "properties/judge/trial_facts.h"

#include <algorithm>

#include "properties/clauses/all.h"

namespace crosstalk {
namespace {

using enum Trial;

constexpr TrialFact facts[] = {
    {seals, 0, clause("MAP-SEAL-1"), "an object that was made without MFD_ALLOW_SEALING took a seal"},
    {seals, 1, clause("MAP-SEAL-1"), "F_SEAL_SHRINK did not make ftruncate to a shorter length fail with EPERM"},
    {seals, 2, clause("MAP-SEAL-1"), "F_SEAL_GROW did not make ftruncate and write behind the end fail with EPERM"},
    {seals, 3, clause("MAP-SEAL-1"), "F_SEAL_WRITE was not refused with EBUSY beside a writable shared view"},
    {seals, 4, clause("MAP-SEAL-1"), "F_SEAL_WRITE did not make write fail with EPERM"},
    {seals, 5, clause("MAP-SEAL-1"), "F_SEAL_WRITE did not make a writable shared mapping fail with EPERM"},
    {seals, 6, clause("MAP-SEAL-1"), "F_SEAL_WRITE forbade a mapping that only reads, or a private one"},
    {seals, 7, clause("MAP-SEAL-1"), "F_SEAL_SEAL did not make a further seal fail with EPERM"},
    {exec_memory, 0, clause("MAP-ANON-4"), "the new image found the old one's shared mapping"},
    {exec_memory, 1, clause("MAP-ANON-4"), "the new image found the old one's private mapping"},
    {exec_queue, 0, clause("PROC-EXEC-2"), "the queue's descriptor was open in the new image"},
    {exec_semaphore, 0, clause("PROC-EXEC-2"), "the named semaphore was still mapped in the new image"},
    {queue_line, 0, clause("MQ-FS-1"), "the descriptor of an empty queue does not read QSIZE:0 and NOTIFY_PID:0"},
    {queue_line, 1, clause("MQ-FS-1"), "12 bytes are queued, and QSIZE does not say so"},
    {queue_line, 2, clause("MQ-FS-1"), "NOTIFY, SIGNO or NOTIFY_PID are not those of who is registered"},
    {queue_line, 3, clause("MQ-FS-1"), "NOTIFY_PID names somebody though nobody is registered"},
    {times, 0, clause("MAP-TIME-1"), "a store through a private mapping changed the file's st_mtime"},
    {times, 1, clause("MAP-TIME-1"), "after a store through a shared mapping and msync st_mtime is as before"},
    {handler_posts, 0, clause("SEM-POST-3"), "the wait did not get the token that its own handler had posted"},
    {handler_posts, 1, clause("SEM-POST-3"), "nor did it after a handler with SA_RESTART"},
    {posts_together, 0, clause("SEM-LIVE-2"), "four posts, two of them by a handler, did not free four waits"},
    {posts_together, 1, clause("SEM-LIVE-2"), "after as many waits as posts tokens were left"},
    {post_and_destroy, 0, clause("SEM-POST-4"), "sem_post wrote to the memory after its token had been taken"},
    {waits_and_sleeps, 0, clause("SIG-WAIT-1"), "waiting for a child did not go on after a handler with SA_RESTART"},
    {waits_and_sleeps, 1, clause("SIG-WAIT-1"), "waiting for a lock did not go on after a handler with SA_RESTART"},
    {waits_and_sleeps, 2, clause("SIG-WAIT-1"), "nanosleep went on after a handler with SA_RESTART"},
    {waits_and_sleeps, 3, clause("SIG-WAIT-1"), "an interrupted nanosleep did not tell what was left"},
    {full_file_system, 0, clause("SHM-SIZE-3"), "posix_fallocate beyond the file system's room did not say ENOSPC"},
    {full_file_system, 1, clause("SHM-SIZE-3"), "writes beyond the file system's room did not end in ENOSPC"},
    {full_file_system, 2, clause("SHM-SIZE-3"), "touching a page that there was no room for did not give SIGBUS"},
    {queue_limit, 0, clause("MQ-OPEN-8"), "a queue beyond RLIMIT_MSGQUEUE was not refused with EMFILE"},
    {queue_limit, 1, clause("PROC-LIM-2"), "with its queues gone the user could make no other"},
    {queue_count, 0, clause("MQ-OPEN-8"), "a queue was refused below queues_max"},
    {queue_count, 1, clause("MQ-OPEN-8"), "a queue beyond queues_max was not refused with ENOSPC"},
    {namespaces, 0, clause("PROC-NS-1"), "another IPC namespace's queue was found"},
    {namespaces, 1, clause("PROC-NS-1"), "another network namespace's abstract socket was found"},
    {namespaces, 2, clause("PROC-NS-1"), "another network namespace's port was in the way"},
    {privileged_queue, 0, clause("MQ-OPEN-6"), "with privilege 65,536 messages were refused"},
    {privileged_queue, 1, clause("MQ-OPEN-6"), "65,537 messages were not refused with EINVAL"},
    {privileged_queue, 2, clause("MQ-OPEN-6"), "with privilege messages of 16,777,216 bytes were refused"},
    {privileged_queue, 3, clause("MQ-OPEN-6"), "messages of 16,777,217 bytes were not refused with EINVAL"},
    {thread_notified, 0, clause("MQ-NOTIFY-9"), "the function did not run once"},
    {thread_notified, 1, clause("MQ-NOTIFY-9"), "the function was not given the value"},
    {thread_notified, 2, clause("MQ-NOTIFY-9"), "the function ran in the thread that had asked"},
    {library_locks, 0, clause("SHM-SYNC-1"), "a process-shared mutex let two in at once"},
    {library_locks, 1, clause("SHM-SYNC-1"), "a process-shared barrier let somebody pass early, or told not just one"},
    {library_locks, 2, clause("SHM-SYNC-1"), "a process-shared read-write lock let a reader in beside a writer"},
    {library_locks, 3, clause("SHM-SYNC-1"), "a process-shared condition let somebody pass early"},
    {library_robust, 0, clause("SHM-ROBUST-1"), "the C library's mutex did not tell EOWNERDEAD"},
    {library_robust, 1, clause("SHM-ROBUST-1"), "made consistent, it was not as before"},
    {library_robust, 2, clause("SHM-ROBUST-1"), "it did not tell EOWNERDEAD a second time"},
    {library_robust, 3, clause("SHM-ROBUST-1"), "left inconsistent, it did not tell ENOTRECOVERABLE"},
    {stepwise_death, 0, clause("SHM-ROBUST-2"), "its owner was killed on the way in, and the next could not have it"},
    {stepwise_death, 1, clause("SHM-ROBUST-2"), "its owner was killed on the way out, and the next could not have it"},
    {stepwise_death, 2, clause("SHM-ROBUST-2"), "its owner was killed on the way out, and a sleeper slept on"},
    {queue_priorities, 0, clause("MQ-ORDER-4"), "of those who wait for a message another went on first"},
    {queue_priorities, 1, clause("MQ-ORDER-4"), "of those who wait for room another went on first"},
    {semaphore_priorities, 0, clause("SEM-POST-5"), "a post released another of those who wait"},
    {supervised, 0, clause("SIG-NOTIF-1"), "the answer to a notification was taken after a handler had run"},
    {supervised, 1, clause("SIG-NOTIF-1"), "no other notification came after a handler with SA_RESTART"},
    {supervised, 2, clause("SIG-NOTIF-1"), "the call did not say what its second notification was answered"},
    {grown_buffer, 0, clause("SOCK-BUF-3"), "the send buffer grew, and who slept for room in it slept on"},
    {least_buffers, 0, clause("SOCK-BUF-2"), "SO_RCVBUF read back below 256"},
    {least_buffers, 1, clause("SOCK-BUF-2"), "SO_SNDBUF read back below 2,048"},
    {small_receiver, 0, clause("UNIX-MAX-2"), "with a small SO_RCVBUF another number of messages went"},
    {bad_checksum, 0, clause("RDY-3"), "a datagram with a bad checksum was received"},
    {bad_checksum, 1, clause("RDY-3"), "a datagram with a bad checksum ended a sleeping receive"},
    {unacknowledged, 0, clause("TCP-OPT-3"), "after TCP_USER_TIMEOUT without an answer no call said ETIMEDOUT"},
    {unacknowledged, 1, clause("TCP-OPT-3"), "after TCP_USER_TIMEOUT ETIMEDOUT was told more than once"},
    {unanswered, 0, clause("TCP-OPT-3"), "after an unanswered keepalive probe no call said ETIMEDOUT"},
    {unanswered, 1, clause("TCP-OPT-3"), "after an unanswered keepalive probe ETIMEDOUT was told more than once"},
    {full_tables, 0, clause("PIPE-CREATE-7"), "beside a full table of open files pipe did not say ENFILE"},
    {full_tables, 1, clause("PIPE-CREATE-7"), "beyond pipe-user-pages-hard pipe did not say ENFILE"},
    {set_clock, 0, clause("SEM-TIME-1"), "the clock was set beyond the deadline, and the wait did not end"},
    {set_clock, 1, clause("SEM-TIME-1"), "the clock was set back, and the wait ended before it told the deadline"},
};

constexpr std::string_view abouts[] = {
    "seals of a memory object",
    "what a new image finds of mappings",
    "what a new image finds of a queue's descriptor",
    "what a new image finds of a named semaphore",
    "the line that a queue's descriptor reads as",
    "times of a file that is stored to through a mapping",
    "a handler that posts to the semaphore whose wait it interrupts",
    "posts by a handler and by another process at once",
    "a semaphore that is destroyed by who takes its token",
    "waiting for a child, for a lock and for time, with a handler",
    "an object larger than its file system",
    "queues up to RLIMIT_MSGQUEUE",
    "queues up to queues_max",
    "namespaces of its own",
    "the largest queues that privilege allows",
    "notification by thread",
    "the C library's process-shared locks",
    "the C library's robust mutex",
    "robust mutexes whose owner is killed after each instruction",
    "who of several that wait at priorities of real time goes on",
    "which of several that wait at priorities of real time a post releases",
    "a call under a seccomp user notification, with a handler",
    "a send buffer that grows while somebody sleeps for room in it",
    "the least SO_RCVBUF and SO_SNDBUF",
    "how many messages go to a small SO_RCVBUF",
    "a datagram with a bad checksum",
    "a peer that does not answer, with TCP_USER_TIMEOUT",
    "a peer that does not answer, with SO_KEEPALIVE",
    "pipes beside full tables",
    "a wait with a deadline, and the clock set",
};
static_assert(std::size(abouts) == static_cast<std::size_t>(last_trial) - static_cast<std::size_t>(Trial::seals) + 1);

}  // namespace

std::span<const TrialFact> trial_facts() { return facts; }

std::string_view about(Trial trial) {
    return abouts[static_cast<std::size_t>(trial) - static_cast<std::size_t>(Trial::seals)];
}

bool is_tried(const Mechanism& mechanism, Trial trial) {
    return offers(mechanism, Verb::trial) && std::ranges::any_of(facts, [&](const TrialFact& each) {
               return each.trial == trial && clause_of(each.clause).binds(mechanism);
           });
}

}  // namespace crosstalk
