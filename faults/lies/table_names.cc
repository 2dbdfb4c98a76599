// Lies about names: making, opening and removing FIFOs.
#include <cerrno>

#include "faults/lies/mutators.h"
#include "faults/lies/tables.h"

namespace crosstalk::lies {
namespace {

using enum Verb;

constexpr std::int64_t to_read = 0, to_write = 1, for_both = 2;  // Access

constexpr Row rows[] = {
    {"fifo-made-twice",
     "FIFO-CREATE-1",
     "",
     "a second mkfifo of a name says that it made it",
     verbs(create),
     answers_instead,
     {-EEXIST, 0},
     {{{On::actors_at_least, 2}}},
     "fifo"},
    {"fifo-open-waits-for-nobody",
     "FIFO-OPEN-1",
     "",
     "a blocking open for reading returns although nobody writes, once in three",
     verbs(open),
     changes_flags,
     {0, flag_nonblock},
     {{{On::flags_not_asked, flag_nonblock}, {On::value_is, to_read}, {On::one_in, 3}}},
     "fifo"},
    {"fifo-open-nonblocking-sleeps",
     "FIFO-OPEN-2",
     "",
     "an open for reading waits for a writer also with O_NONBLOCK",
     verbs(open),
     changes_flags,
     {flag_nonblock, 0},
     {{{On::flags_asked, flag_nonblock}, {On::value_is, to_read}}},
     "fifo"},
    {"fifo-open-writes-to-nobody",
     "FIFO-OPEN-3",
     "",
     "with O_NONBLOCK an open for writing says that it succeeded although nobody reads",
     verbs(open),
     answers_instead,
     {-ENXIO, 3},
     {{{On::one_in, 2}}},
     "fifo"},
    {"fifo-open-denies-readers",
     "FIFO-OPEN-4",
     "",
     "with O_NONBLOCK an open for writing fails although somebody reads, once in two",
     verbs(open),
     refuses,
     {ENXIO},
     {{{On::flags_asked, flag_nonblock}, {On::value_is, to_write}, {On::one_in, 2}}},
     "fifo"},
    {"fifo-open-both-sleeps",
     "FIFO-OPEN-5",
     "",
     "an open for reading and writing never returns, once in two",
     verbs(open),
     sleeps,
     {},
     {{{On::value_is, for_both}, {On::one_in, 2}}},
     "fifo"},
    {"fifo-open-interrupted-by-nothing",
     "FIFO-OPEN-6",
     "",
     "a blocking open says EINTR without a signal, once in four",
     verbs(open),
     refuses,
     {EINTR},
     {{{On::flags_not_asked, flag_nonblock}, {On::one_in, 4}}},
     "fifo"},
    {"fifo-name-forbidden",
     "FIFO-OPEN-10",
     "",
     "an open of a name that is not there says EACCES",
     verbs(open),
     answers_instead,
     {-ENOENT, -EACCES},
     {},
     "fifo"},
    {"fifo-unlink-does-nothing",
     "FIFO-LIFE-1",
     "",
     "unlink says that the name is gone and leaves it",
     verbs(unlink),
     pretends,
     {0},
     {},
     "fifo"},
};

}  // namespace

std::span<const Row> name_lies() { return rows; }

}  // namespace crosstalk::lies
