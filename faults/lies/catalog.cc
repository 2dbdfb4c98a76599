// The joined tables, and what no row can break.
#include "faults/lies/catalog.h"

#include "faults/lies/tables.h"

namespace crosstalk {
namespace {

// Each by a hand-made history that violates it: properties/examples/<CLAUSE>.
constexpr Unlied unlied[] = {
    {"PIPE-CAP-3", "the honest kernel refuses such writes itself, which is a known deviation of it"},
    {"SEM-INIT-2", "an operation table cannot tell whose token was last there"},
    {"SEM-INIT-3", "an operation table of a new image does not know that it is one"},
    {"SEM-LIFE-1", "an operation table is not told when the last process has gone"},
    {"SEM-LIFE-3", "an operation table does not know which semaphore a name led to before"},
    {"SEM-LIFE-6", "a forked child holds the very memory of its parent, which no operation stands before"},
    {"SEM-NAME-9", "a semaphore is made whole by one link(2), which has no half to show"},
    {"SEM-TIME-4", "the honest C library checks the deadline itself, which is a known deviation of it"},
    {"SEM-VALUE-1", "a negative count of waiters is allowed, and any other count is a wrong value as such"},
    {"MQ-NOTIFY-2", "the kernel sends the signal, and one that the table sends has another si_code"},
    {"MQ-NOTIFY-3", "whether somebody waits is for the kernel to know"},
    {"MQ-NOTIFY-6", "Linux takes the registration away with any descriptor that is closed"},
    {"MQ-NOTIFY-7", "the end of a process runs nothing, so the table is not told of it"},
    {"MQ-NOTIFY-8", "the kernel sends the signal"},
    {"MQ-NOTIFY-10", "the kernel keeps the registration"},
    {"MQ-NOTIFY-12", "the kernel keeps the registration"},
    {"MQ-LIFE-3", "a queue without a name cannot be opened anew"},
    {"MQ-LIFE-6", "a sleeping call runs nothing, so the table is not told of what others remove"},
    {"MQ-LIFE-7", "the end of a process runs nothing, so the table is not told of it"},
    {"UNIX-CRED-3", "the user of a lane has one id, real, effective and saved: only without such users are there more"},
    {"UNIX-CRED-5", "an operation table is not told which process has sent the bytes that come next"},
    {"TCP-OOB-2", "an operation table does not know where the mark is"},
    {"SIG-STOP-1", "a stopped process runs nothing, so the table is not told of the stop"},
    {"SIG-STOP-2", "a stopped process runs nothing, so the table is not told of the stop"},
    {"SIG-OPEN-1", "a call that the kernel begins anew does not come back to the table"},
    {"MQ-OPEN-6", "without CAP_SYS_RESOURCE nobody may ask for such queues, so that no answer could be false"},
    {"FIFO-LIFE-2", "what a new name leads to is for the kernel alone to say"},
    {"SHM-LIFE-6", "an operation table does not know which object a name leads to for others at that moment"},
    {"FIFO-CREATE-4", "what a new name leads to is for the kernel alone to say"},
    {"FIFO-OPEN-7", "who else is let in is for the kernel alone to say"},
    {"FIFO-OPEN-8", "whether an opener that has gone is remembered is for the kernel alone to say"},
    {"FIFO-DATA-1", "no mutator gives two openers of one name different pipes"},
    {"FIFO-DATA-3", "no mutator discards what a writer leaves behind"},
    {"FIFO-DATA-4", "no mutator keeps bytes that nobody holds any more"},
    {"FIFO-DATA-5", "no mutator lets an end of file last"},
    {"FIFO-POLL-1", "no mutator knows whether a reader ever had a writer"},
};

std::array<std::span<const lies::Row>, 24> tables() {
    return {lies::transfer_lies(),      lies::move_lies(),       lies::wait_lies(),     lies::object_lies(),
            lies::descriptor_lies(),    lies::signal_lies(),     lies::name_lies(),     lies::semaphore_lies(),
            lies::queue_lies(),         lies::shm_lies(),        lies::map_lies(),      lies::unix_lies(),
            lies::unix_end_lies(),      lies::inet_lies(),       lies::listener_lies(), lies::message_lies(),
            lies::sctp_lies(),          lies::sctp_trial_lies(), lies::place_lies(),    lies::view_lies(),
            lies::message_trial_lies(), lies::link_lies(),       lies::port_lies(),     lies::process_trial_lies()};
}

}  // namespace

const lies::Row& lies::row_at(std::size_t index) {
    for (const auto& table : tables()) {
        if (index < table.size()) return table[index];
        index -= table.size();
    }
    return lies::transfer_lies()[0];
}

std::size_t lie_count() {
    std::size_t count = 0;
    for (const auto& table : tables()) count += table.size();
    return count;
}

Lie lie_at(std::size_t index) {
    const lies::Row& row = lies::row_at(index);
    return {row.id, row.clause, row.bug, row.about, row.mechanism};
}

std::optional<std::size_t> lie_named(std::string_view id) {
    for (std::size_t i = 0; i < lie_count(); ++i)
        if (lies::row_at(i).id == id) return i;
    return std::nullopt;
}

std::span<const Unlied> unlied_clauses() { return unlied; }

}  // namespace crosstalk
