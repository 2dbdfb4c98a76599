// The table of mutations.
#include "properties/mirror/mutations.h"

#include "properties/clauses/all.h"

namespace crosstalk::mirror {
namespace {

template <class... Ids>
constexpr std::array<ClauseId, 4> breaks(Ids... ids) {
    static_assert(sizeof...(ids) <= 4);
    std::array<ClauseId, 4> clauses{no_clause, no_clause, no_clause, no_clause};
    std::size_t at = 0;
    ((clauses[at++] = ids), ...);
    return clauses;
}

// clause() is for the compiler; here, a shorter name.
consteval ClauseId c(std::string_view id) { return clause(id); }

constexpr Mutation table[] = {
    {Lie::write_loses_byte, "write-loses-byte", "one write in four loses its last byte and says that it wrote it",
     breaks(c("PIPE-STREAM-1"), c("PIPE-READ-1"), c("PIPE-STREAM-2"), c("PIPE-CAP-11"))},
    {Lie::late_effect, "late-effect", "one write in three returns before its bytes are there",
     breaks(c("PIPE-READ-1"), c("PIPE-READ-3"), c("PIPE-STREAM-1"), c("PIPE-CAP-11"))},
    {Lie::swaps_writes, "swaps-writes", "one write in four goes before the last one that is there",
     breaks(c("PIPE-STREAM-1"), c("PIPE-ATOMIC-3"), c("PIPE-STREAM-2"))},
    {Lie::read_twice, "read-twice", "one read in six leaves what it gave",
     breaks(c("PIPE-STREAM-3"), c("PIPE-STREAM-1"), c("PIPE-READ-4"), c("PIPE-CAP-11"))},
    {Lie::read_short, "read-short", "one read in four gives a byte less than there is",
     breaks(c("PIPE-READ-1"), c("PIPE-STREAM-2"), c("PIPE-ATOMIC-9"))},
    {Lie::small_write_torn, "small-write-torn", "a blocking write of at most PIPE_BUF bytes goes in by halves",
     breaks(c("PIPE-ATOMIC-1"), c("PIPE-ATOMIC-6"), c("PIPE-ATOMIC-7"), c("PIPE-WRITE-6"))},
    {Lie::small_write_short, "small-write-short", "a non-blocking write of at most PIPE_BUF bytes takes what fits",
     breaks(c("PIPE-ATOMIC-2"), c("PIPE-ATOMIC-6"))},
    {Lie::pipe_buf_ignored, "pipe-buf-ignored", "small writes are treated as large ones",
     breaks(c("PIPE-ATOMIC-2"), c("PIPE-ATOMIC-1"), c("PIPE-ATOMIC-6"))},
    {Lie::pipe_buf_excluded, "pipe-buf-excluded", "a write of exactly PIPE_BUF bytes is treated as a large one",
     breaks(c("PIPE-ATOMIC-6"), c("PIPE-ATOMIC-2"), c("PIPE-ATOMIC-1"))},
    {Lie::end_too_early, "end-too-early", "a reader sees the end while one writer is left",
     breaks(c("PIPE-READ-4"), c("PIPE-DUP-1"), c("PROC-DUP-1"), c("PROC-PASS-1"))},
    {Lie::end_before_data, "end-before-data", "a reader sees the end before what was written",
     breaks(c("PIPE-READ-5"), c("PIPE-READ-4"), c("PIPE-CAP-8"), c("PIPE-READ-1"))},
    {Lie::end_never, "end-never", "a non-blocking reader is told EAGAIN when nobody can write any more",
     breaks(c("PIPE-READ-4"), c("PROC-EXIT-1"), c("PIPE-DUP-2"), c("PROC-EXEC-1"))},
    {Lie::zero_for_again, "zero-for-again", "a non-blocking read of an empty pipe returns 0",
     breaks(c("PIPE-READ-3"), c("PIPE-READ-4"), c("PIPE-DUP-1"), c("PROC-DUP-1"))},
    {Lie::read_never_waits, "read-never-waits", "a blocking read of an empty pipe fails with EAGAIN",
     breaks(c("PIPE-READ-2"))},
    {Lie::no_sigpipe, "no-sigpipe", "EPIPE comes without SIGPIPE", breaks(c("PIPE-WRITE-2"), c("SIG-PIPE-2"))},
    {Lie::epipe_with_reader, "epipe-with-reader", "one write in eight to a pipe with readers and bytes says EPIPE",
     breaks(c("PIPE-WRITE-2"))},
    {Lie::no_epipe, "no-epipe", "a write without a reader succeeds",
     breaks(c("PIPE-WRITE-2"), c("PIPE-WRITE-3"), c("PIPE-WRITE-4"))},
    {Lie::capacity_smaller, "capacity-smaller", "a pipe holds a page less than it says",
     breaks(c("PIPE-CAP-1"), c("PIPE-CAP-3"), c("PIPE-CAP-2"), c("PIPE-ATOMIC-2"))},
    {Lie::capacity_larger, "capacity-larger", "a pipe holds a page more than it says",
     breaks(c("PIPE-CAP-12"), c("PIPE-CAP-1"), c("PIPE-CAP-2"), c("RDY-2"))},
    {Lie::capacity_not_rounded, "capacity-not-rounded", "a new capacity is said to be what was asked for",
     breaks(c("PIPE-CAP-5"))},
    {Lie::capacity_unlimited, "capacity-unlimited", "pipe-max-size binds nobody", breaks(c("PIPE-CAP-7"))},
    {Lie::shrinks_below_content, "shrinks-below-content", "a pipe shrinks below what it holds",
     breaks(c("PIPE-CAP-6"), c("PIPE-CAP-5"))},
    {Lie::resizing_loses, "resizing-loses", "a change of capacity loses the first byte",
     breaks(c("PIPE-CAP-8"), c("PIPE-STREAM-1"), c("PIPE-READ-1"), c("PIPE-CAP-11"))},
    {Lie::unread_first_page_only, "unread-first-page-only", "FIONREAD counts the first page only",
     breaks(c("PIPE-CAP-11"))},
    {Lie::write_wakes_no_reader, "write-wakes-no-reader", "a reader sleeps on when bytes come",
     breaks(c("PIPE-READ-2"), c("PROC-KILL-1"))},
    {Lie::read_wakes_no_writer, "read-wakes-no-writer", "a writer sleeps on when bytes go",
     breaks(c("PIPE-WRITE-6"), c("PIPE-CAP-9"), c("PIPE-CAP-3"), c("PROC-KILL-1"))},
    {Lie::closed_writer_wakes_none, "closed-writer-wakes-none", "readers sleep on when the last writer closes",
     breaks(c("PIPE-READ-6"), c("PROC-KILL-1"))},
    {Lie::closed_reader_wakes_none, "closed-reader-wakes-none", "writers sleep on when the last reader closes",
     breaks(c("PIPE-WRITE-3"), c("PROC-KILL-1"))},
    {Lie::end_wakes_one, "end-wakes-one", "of several readers only one wakes up when the last writer closes",
     breaks(c("PIPE-READ-6"))},
    {Lie::growth_wakes_none, "growth-wakes-none", "writers sleep on when the pipe grows",
     breaks(c("PIPE-CAP-9"), c("PIPE-WRITE-6"), c("PIPE-READ-2"), c("PIPE-READ-6"))},
    {Lie::splice_never_wakes, "splice-never-wakes", "a splice or tee that sleeps sleeps for ever",
     breaks(c("PIPE-SPLICE-6"))},
    {Lie::splice_keeps, "splice-keeps", "one splice in two leaves its bytes in the source as well",
     breaks(c("PIPE-SPLICE-1"), c("PIPE-STREAM-3"), c("PIPE-STREAM-1"), c("PIPE-CAP-11"))},
    {Lie::tee_takes, "tee-takes", "tee takes the bytes out of its source",
     breaks(c("PIPE-TEE-1"), c("PIPE-READ-3"), c("PIPE-STREAM-1"), c("PIPE-CAP-11"))},
    {Lie::vmsplice_shifts, "vmsplice-shifts", "vmsplice gives the bytes behind those that were asked for",
     breaks(c("PIPE-VMSPLICE-1"), c("PIPE-STREAM-1"))},
    {Lie::packets_join, "packets-join", "packets have no boundaries",
     breaks(c("PIPE-PKT-1"), c("PIPE-PKT-2"), c("PIPE-PKT-3"), c("PIPE-FLAGS-3"))},
    {Lie::packet_rest_stays, "packet-rest-stays", "what a read leaves of a packet is read next",
     breaks(c("PIPE-PKT-2"), c("PIPE-CAP-11"), c("PIPE-PKT-3"), c("PIPE-PKT-1"))},
    {Lie::empty_packet, "empty-packet", "a packet of no bytes is read as an end of file",
     breaks(c("PIPE-PKT-4"), c("PIPE-READ-4"), c("PIPE-READ-5"))},
    {Lie::interrupted_after_bytes, "interrupted-after-bytes", "EINTR comes although bytes have moved",
     breaks(c("SIG-RW-2"), c("SIG-RW-3"), c("SIG-RW-1"), c("SIG-LOSS-1"))},
    {Lie::never_restarts, "never-restarts", "SA_RESTART restarts nothing", breaks(c("SIG-RW-3"), c("SIG-SPLICE-1"))},
    {Lie::interruption_is_again, "interruption-is-again", "an interrupted call says EAGAIN",
     breaks(c("SIG-RW-1"), c("PIPE-WRITE-1"), c("PIPE-READ-2"), c("RDY-12"))},
    {Lie::interruption_untold, "interruption-untold", "EINTR comes, but the handler never runs",
     breaks(c("SIG-IGN-1"), c("SIG-RW-1"), c("SIG-POLL-1"), c("SIG-SPLICE-1"))},
    {Lie::ignored_interrupts, "ignored-interrupts", "the handler of an ignored signal runs",
     breaks(c("SIG-IGN-1"), c("SIG-MASK-1"))},
    {Lie::blocked_interrupts, "blocked-interrupts", "the handler of a blocked signal runs",
     breaks(c("SIG-MASK-1"), c("SIG-IGN-1"))},
    {Lie::continued_is_interrupted, "continued-is-interrupted", "a call that sleeps says EINTR when it is continued",
     breaks(c("SIG-STOP-1"))},
    {Lie::no_sigio, "no-sigio", "O_ASYNC sends nothing", breaks(c("PIPE-ASYNC-1"))},
    {Lie::poll_in_of_nothing, "poll-in-of-nothing", "poll says POLLIN of an empty pipe", breaks(c("RDY-1"))},
    {Lie::poll_out_when_full, "poll-out-when-full", "poll says POLLOUT of a full pipe", breaks(c("RDY-2"))},
    {Lie::poll_without_hup, "poll-without-hup", "poll never says POLLHUP", breaks(c("RDY-4"), c("RDY-6"))},
    {Lie::poll_only_what_was_asked, "poll-error-only-if-asked", "poll says POLLERR only if asked for it",
     breaks(c("RDY-6"), c("RDY-4"))},
    {Lie::poll_never_wakes, "poll-never-wakes", "a poll that sleeps sleeps for ever", breaks(c("RDY-7"))},
    {Lie::poll_cut_says_0, "poll-cut-says-0", "an interrupted poll returns 0", breaks(c("SIG-POLL-1"), c("RDY-13"))},
    {Lie::poll_times_out_early, "poll-times-out-early", "a timed poll gives up at half its time", breaks(c("RDY-13"))},
    {Lie::flags_only_added, "flags-only-added", "F_SETFL sets flags and clears none",
     breaks(c("PIPE-FLAGS-2"), c("PIPE-FLAGS-1"), c("PIPE-FLAGS-3"), c("PROC-FORK-1"))},
    {Lie::fork_copies_descriptions, "fork-copies-descriptions", "a forked child's descriptors have flags of their own",
     breaks(c("PROC-FORK-1"), c("PIPE-FLAGS-1"))},
    {Lie::created_close_on_exec, "created-close-on-exec", "new pipes have close-on-exec set",
     breaks(c("PIPE-CREATE-3"), c("PROC-EXEC-1"), c("PIPE-CLOSE-1"))},
    {Lie::duplicate_close_on_exec, "duplicate-close-on-exec", "duplicates have the opposite close-on-exec flag",
     breaks(c("PIPE-DUP-3"), c("PROC-EXEC-1"))},
    {Lie::received_close_on_exec, "received-close-on-exec", "received descriptors have the opposite close-on-exec flag",
     breaks(c("PROC-PASS-2"), c("PROC-EXEC-1"))},
    {Lie::exec_closes_nothing, "close-on-exec-ignored", "close-on-exec is ignored",
     breaks(c("PROC-EXEC-1"), c("PIPE-CLOSE-1"), c("PIPE-READ-4"), c("RDY-12"))},
    {Lie::replaced_stays_open, "replaced-stays-open", "dup2 does not close what it replaces",
     breaks(c("PIPE-DUP-2"), c("PIPE-READ-4"), c("PIPE-READ-6"))},
    {Lie::closes_the_closed, "closes-the-closed", "close of what is not open succeeds", breaks(c("PIPE-CLOSE-1"))},
    {Lie::passing_counts_nothing, "passing-counts-nothing", "a descriptor on its way is no reference",
     breaks(c("PROC-PASS-1"), c("PIPE-WRITE-2"), c("PIPE-READ-4"), c("RDY-4"))},
    {Lie::death_closes_nothing, "death-closes-nothing", "a process that ends keeps its descriptors open",
     breaks(c("PROC-EXIT-1"), c("PIPE-READ-6"), c("PIPE-WRITE-3"), c("PIPE-WRITE-2"))},
    {Lie::higher_numbers, "higher-numbers", "a new pipe's numbers are not the lowest", breaks(c("PIPE-CREATE-1"))},
    {Lie::half_made_pipe, "half-made-pipe", "a pipe that fails with EMFILE uses up a descriptor",
     breaks(c("PROC-LIM-1"), c("PIPE-CREATE-6"), c("PROC-DUP-1"))},
    {Lie::limit_not_kept, "limit-not-kept", "dup makes descriptors beyond RLIMIT_NOFILE", breaks(c("PROC-LIM-1"))},
    {Lie::unknown_flag_passes, "unknown-flag-passes", "pipe2 takes any flag", breaks(c("PIPE-CREATE-4"))},
    {Lie::seeks, "seeks", "lseek on a pipe succeeds", breaks(c("PIPE-CREATE-8"))},
    {Lie::no_fifo, "no-fifo", "fstat does not say that a pipe is a FIFO", breaks(c("PIPE-CREATE-8"))},
    {Lie::path_limit_differs, "path-limit-differs", "fpathconf says twice PIPE_BUF", breaks(c("PIPE-ATOMIC-8"))},
};

consteval bool in_order() {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (static_cast<std::size_t>(table[i].lie) != i || table[i].clauses[0] == no_clause) return false;
    return static_cast<std::size_t>(Lie::path_limit_differs) + 1 == std::size(table);
}
static_assert(in_order(), "one row a lie, in the order of Lie, each with a clause that it breaks");

}  // namespace

std::span<const Mutation> mutations() { return table; }

}  // namespace crosstalk::mirror
