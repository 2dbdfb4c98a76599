// The POSIX message queue: mq_overview(7), mq_open(3) and what they name; XSH mq_open. Facts and verbs only; its
// clauses are in properties/clauses/mq.h. On Linux its descriptors are file descriptors, so they are copied, passed and
// polled.
#include "mechanisms/catalog.h"
#include "mechanisms/system/queues.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::create,   Verb::open,          Verb::unlink,       Verb::close,     Verb::dup,
    Verb::mq_send,  Verb::mq_receive,    Verb::poll,         Verb::limit,     Verb::pass,
    Verb::receive,  Verb::mq_attributes, Verb::mq_set_flags, Verb::mq_notify, Verb::signal,
    Verb::start,    Verb::exec,          Verb::exit,         Verb::misname,   Verb::new_mode,
    Verb::shutdown, Verb::get_option,    Verb::set_option,   Verb::trial,     Verb::nothing,
};

constexpr Mechanism sheet{
    .name = "mq",
    .about = "POSIX message queue: whole messages, highest priority first, kept under a name",
    .semantics = Semantics::priority_queue,
    .facts = {.keeps_boundaries = true,
              .naming = Naming::posix,
              .ends = 1,
              .delivery = Delivery::at_once,
              .capacity = CapacityRule::records},
    .verbs = verbs,
    .doors = {.make = make_queue, .open = open_queue, .remove = remove_queue, .use = use_queue},
};
static_assert(is_sound(sheet));

}  // namespace

constinit const Mechanism mq_mechanism = sheet;

}  // namespace crosstalk
