// The unnamed pipe: pipe(2), pipe(7), XSH pipe. Facts and verbs only; its clauses are in properties/clauses/pipe.h.
#include "mechanisms/catalog.h"
#include "mechanisms/system/descriptors.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::create,     Verb::write,     Verb::writev,    Verb::read,        Verb::readv,        Verb::close,
    Verb::dup,        Verb::set_flags, Verb::get_flags, Verb::set_cloexec, Verb::get_capacity, Verb::set_capacity,
    Verb::available,  Verb::poll,      Verb::splice,    Verb::tee,         Verb::vmsplice,     Verb::stat,
    Verb::seek,       Verb::pread,     Verb::pwrite,    Verb::sync,        Verb::truncate,     Verb::map,
    Verb::path_limit, Verb::limit,     Verb::signal,    Verb::start,       Verb::exec,         Verb::exit,
    Verb::pass,       Verb::receive,   Verb::watch,     Verb::wait,        Verb::trial,        Verb::nothing,
};

constexpr Mechanism sheet{
    .name = "pipe",
    .about = "unnamed pipe: a one-way byte stream between related processes",
    .semantics = Semantics::byte_stream,
    .facts = {.may_be_short = true,
              .has_atomic_limit = true,
              .one_way = true,
              .delivery = Delivery::at_once,
              .capacity = CapacityRule::bytes_settable,
              .dead_peer = DeadPeer::end_of_file_and_epipe},
    .verbs = verbs,
    .doors = {.make = make_pipe_of},
};
static_assert(is_sound(sheet));

}  // namespace

constinit const Mechanism pipe_mechanism = sheet;

}  // namespace crosstalk
