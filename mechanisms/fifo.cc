// The FIFO, or named pipe: fifo(7), mkfifo(3), XSH mkfifo, open. Facts and verbs only; what pipe(7) says of pipes holds
// for it too, its own clauses are in properties/clauses/fifo.h.
#include "mechanisms/catalog.h"
#include "mechanisms/system/descriptors.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::create,       Verb::open,         Verb::unlink,     Verb::write,     Verb::writev,    Verb::read,
    Verb::readv,        Verb::close,        Verb::dup,        Verb::set_flags, Verb::get_flags, Verb::set_cloexec,
    Verb::get_capacity, Verb::set_capacity, Verb::available,  Verb::poll,      Verb::splice,    Verb::tee,
    Verb::vmsplice,     Verb::stat,         Verb::seek,       Verb::pread,     Verb::pwrite,    Verb::sync,
    Verb::truncate,     Verb::map,          Verb::path_limit, Verb::limit,     Verb::signal,    Verb::start,
    Verb::exec,         Verb::exit,         Verb::pass,       Verb::receive,   Verb::watch,     Verb::wait,
    Verb::misname,      Verb::new_mode,     Verb::nothing,
};

constexpr Mechanism sheet{
    .name = "fifo",
    .about = "FIFO, or named pipe: a one-way byte stream between any processes that may open its name",
    .semantics = Semantics::byte_stream,
    .facts = {.may_be_short = true,
              .has_atomic_limit = true,
              .one_way = true,
              .naming = Naming::path,
              .delivery = Delivery::at_once,
              .capacity = CapacityRule::bytes_settable,
              .dead_peer = DeadPeer::end_of_file_and_epipe},
    .verbs = verbs,
    .doors = {.name = make_fifo, .make = make_fifo_of, .open = open_path, .remove = remove_path},
};
static_assert(is_sound(sheet));

}  // namespace

constinit const Mechanism fifo_mechanism = sheet;

}  // namespace crosstalk
