// Trials: facts that no drawn program can show, tried out within one step (Verb::trial) on what is made for it and is
// gone when the step ends. This names them, and says in which of their forms answers travel. How each is held:
// mechanisms/system/trials.h and the files that it names; what must be seen: properties/judge/trials.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "mechanisms/names.h"

namespace crosstalk {

enum class Trial : std::int64_t {
    // Of messages between sockets: their answers are told one by one (answer_at).
    no_destination,        // sends to nobody; to a broadcast address without, then with SO_BROADCAST
    unconnected_shutdown,  // shutdown of a socket that is not connected, each way
    third_sender,          // somebody sends to a socket that is connected to another: its answer, what came of each
    closed_port,           // two sends to a port that is closed, and between them SO_ERROR and a receive
    changed_peer,          // connect to another, then to nobody; a send then; what each of the two received
    full_queue,            // sends to one who does not receive: the error, how many went, the limit; of mutual peers
    automatic_name,        // how long is the name of who connects with SO_PASSCRED, without, who sends with it
    several_messages,      // sendmmsg and recvmmsg: three, of which sizes, one before one that is too long, that one
    several_ids,      // sends the real, effective and saved user, a strange one, the effective group, a strange one
    many_in_flight,   // descriptors in flight beyond RLIMIT_NOFILE: the error, how many messages went before
    lost_cycle,       // a socket in flight through itself, and the end of file of a pipe that went along
    kept_cycle,       // the same of one that somebody still has: the pipe before, what was received, the pipe after
    limited_restart,  // a receive and a send with a time limit under SA_RESTART, and a receive without one
    peek_behind,      // of a record with SO_PEEK_OFF: a part, the rest, all of it, and the next from its beginning
    // Of associations (system/associations.h): Event::value has a bit for each thing that was so. Those from `implicit`
    // on are of the one-to-many style.
    streams,
    blocked_stream,
    unordered,
    parts,
    uncut,
    events,
    first_and_last,
    failed_send,
    given_up,
    lost_path,
    addresses,
    implicit,
    accepted,
    listened,
    many,
    ended,
    aborted_association,
    peeled_off,
    closed,
    idle,
    peer_names,
    // Of sockets with addresses (system/trials_of_addresses.h): the answer of one call, and what Event::value says yes
    // to.
    unknown_domain,
    unknown_type,
    unknown_protocol,
    pair_elsewhere,
    cut_name,
    bad_length,
    backlogs,
    low_water,
    any_port,
    foreign_address,
    taken_port,
    low_port,
    reused_address,
    shared_port,
    both_families,
    one_family,
    mapped_address,
    lingering_port,
    after_refusal,
    told_once,
    met_halfway,
    met_itself,
    interrupted,
    reset_unaccepted,
    aborted,
    delivered,
    file_of_name,
    longest_name,
    no_name,
    abstract_names,
    forbidden_name,
    moved_name,
    closed_unaccepted,
    // By processes of the step's own (system/trials_of_processes.h): bits of result say which facts were found as they
    // must
    // be, the same bits of Event::value which could be looked for.
    seals,
    exec_memory,
    exec_queue,
    exec_semaphore,
    queue_line,
    times,
    handler_posts,
    posts_together,
    post_and_destroy,
    waits_and_sleeps,
    full_file_system,
    queue_limit,
    queue_count,
    namespaces,
    privileged_queue,
    thread_notified,
    library_locks,
    library_robust,
    stepwise_death,
    queue_priorities,
    semaphore_priorities,
    supervised,
    grown_buffer,
    least_buffers,
    small_receiver,
    bad_checksum,
    unacknowledged,
    unanswered,
    full_tables,  // these two only on a machine of the agent's own (system/machine.h)
    set_clock,
};
inline constexpr std::string_view trial_names[] = {
    "no-destination",
    "unconnected-shutdown",
    "third-sender",
    "closed-port",
    "changed-peer",
    "full-queue",
    "automatic-name",
    "several-messages",
    "several-ids",
    "many-in-flight",
    "lost-cycle",
    "kept-cycle",
    "limited-restart",
    "peek-behind",
    "streams",
    "blocked-stream",
    "unordered",
    "parts",
    "uncut",
    "events",
    "first-and-last",
    "failed-send",
    "given-up",
    "lost-path",
    "addresses",
    "implicit",
    "accepted",
    "listened",
    "many",
    "ended",
    "aborted-association",
    "peeled-off",
    "closed",
    "idle",
    "peer-names",
    "unknown-domain",
    "unknown-type",
    "unknown-protocol",
    "pair-elsewhere",
    "cut-name",
    "bad-length",
    "backlogs",
    "low-water",
    "any-port",
    "foreign-address",
    "taken-port",
    "low-port",
    "reused-address",
    "shared-port",
    "both-families",
    "one-family",
    "mapped-address",
    "lingering-port",
    "after-refusal",
    "told-once",
    "met-halfway",
    "met-itself",
    "interrupted",
    "reset-unaccepted",
    "aborted",
    "delivered",
    "file-of-name",
    "longest-name",
    "no-name",
    "abstract-names",
    "forbidden-name",
    "moved-name",
    "closed-unaccepted",
    "seals",
    "exec-memory",
    "exec-queue",
    "exec-semaphore",
    "queue-line",
    "times",
    "handler-posts",
    "posts-together",
    "post-and-destroy",
    "waits-and-sleeps",
    "full-file-system",
    "queue-limit",
    "queue-count",
    "namespaces",
    "privileged-queue",
    "thread-notified",
    "library-locks",
    "library-robust",
    "stepwise-death",
    "queue-priorities",
    "semaphore-priorities",
    "supervised",
    "grown-buffer",
    "least-buffers",
    "small-receiver",
    "bad-checksum",
    "unacknowledged",
    "unanswered",
    "full-tables",
    "set-clock",
};
inline constexpr Trial last_trial = Trial::set_clock;
// Tried out by what the whole system has but one of: never but where nobody else is.
constexpr bool takes_machine(Trial trial) { return trial == Trial::full_tables || trial == Trial::set_clock; }
static_assert(sizeof trial_names / sizeof trial_names[0] == static_cast<std::size_t>(last_trial) + 1);

// By their forms, in the order of Trial.
enum class TrialForm : std::uint8_t { answers, sights, calls, facts };
constexpr TrialForm form_of(Trial trial) {
    if (trial < Trial::streams) return TrialForm::answers;
    if (trial < Trial::unknown_domain) return TrialForm::sights;
    return trial < Trial::seals ? TrialForm::calls : TrialForm::facts;
}
// How long clocks make it last, beside its calls.
constexpr std::uint32_t waits_ms(Trial trial) {
    switch (trial) {
        case Trial::idle: return 1500;
        case Trial::unacknowledged: return 600;
        case Trial::unanswered: return 2500;
        case Trial::set_clock: return 600;
        default: return 0;
    }
}
constexpr std::string_view name_of(Trial trial) { return trial_names[static_cast<std::size_t>(trial)]; }

// An answer has 8 bits: the Errno of a call that failed, else what it returned, or what was seen, above `succeeded`.
inline constexpr int most_answers = 6;
inline constexpr std::int64_t succeeded = 128, most_seen = 127;
constexpr std::int64_t answer_at(std::int64_t answers, int which) { return answers >> (8 * which) & 0xff; }
constexpr std::int64_t failed_with(Errno error) { return static_cast<std::int64_t>(error); }
constexpr std::int64_t saw(std::int64_t what) { return succeeded + (what > most_seen ? most_seen : what); }

}  // namespace crosstalk
