// The counter that has a descriptor: eventfd(2), with EFD_SEMAPHORE, so that each read takes one. Facts and verbs only;
// its promises are those of semaphores (properties/clauses/sem.h) that speak of tokens.
#include <sys/eventfd.h>

#include "mechanisms/catalog.h"
#include "mechanisms/system/kernel.h"
#include "mechanisms/system/semaphores.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::sem_wait, Verb::sem_post, Verb::signal, Verb::start, Verb::exec, Verb::exit, Verb::nothing,
};

long make_eventfd(const Making& making, int* ends) {
    const long made = kernel::call(SYS_eventfd2, static_cast<long>(making.asked.value), EFD_SEMAPHORE);
    if (made < 0) return made;
    ends[0] = static_cast<int>(made);
    return 0;
}

// A wait that must not sleep is preadv2(2), which qemu's user emulation lacks.
long use_eventfd(int end) {
    const std::int64_t given = give_token(end).result;
    return given < 0 ? given : take_token(end, true).result;
}

constexpr Mechanism sheet{
    .name = "eventfd",
    .about = "eventfd, as a semaphore: a counter that processes share by a descriptor",
    .semantics = Semantics::counter,
    .facts = {.ends = 1},
    .verbs = verbs,
    .doors = {.make = make_eventfd, .use = use_eventfd},
};
static_assert(is_sound(sheet));

}  // namespace

constinit const Mechanism eventfd_mechanism = sheet;

}  // namespace crosstalk
