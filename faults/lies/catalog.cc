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
    {"SIG-STOP-1", "a stopped process runs nothing, so the table is not told of the stop"},
    {"SIG-STOP-2", "a stopped process runs nothing, so the table is not told of the stop"},
};

std::array<std::span<const lies::Row>, 7> tables() {
    return {lies::transfer_lies(),   lies::move_lies(),   lies::wait_lies(),     lies::object_lies(),
            lies::descriptor_lies(), lies::signal_lies(), lies::semaphore_lies()};
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
