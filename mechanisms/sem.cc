// POSIX semaphores, unnamed and named: sem_overview(7), XSH sem_init, sem_open, sem_wait, sem_post. Facts and verbs
// only; their clauses are in properties/clauses/sem.h, their calls in system/semaphores.cc.
#include "mechanisms/catalog.h"
#include "mechanisms/system/semaphores.h"

namespace crosstalk {
namespace {

constexpr Verb unnamed_verbs[] = {
    Verb::create, Verb::sem_wait, Verb::sem_post, Verb::sem_value, Verb::signal,
    Verb::start,  Verb::exec,     Verb::exit,     Verb::trial,     Verb::nothing,
};
constexpr Verb named_verbs[] = {
    Verb::open,  Verb::close, Verb::unlink, Verb::sem_wait, Verb::sem_post, Verb::sem_value, Verb::signal,
    Verb::start, Verb::exec,  Verb::exit,   Verb::misname,  Verb::new_mode, Verb::trial,     Verb::nothing,
};

constexpr Mechanism unnamed_sheet{
    .name = "sem-unnamed",
    .about = "unnamed semaphore: a counter in memory that processes share",
    .semantics = Semantics::counter,
    .facts = {.held = Held::place, .ends = 1},
    .verbs = unnamed_verbs,
    .doors = {.make_at = make_semaphore},
};
static_assert(is_sound(unnamed_sheet));

// Nobody makes one before the first step: a name leads nowhere until a step opens it with `create`.
constexpr Mechanism named_sheet{
    .name = "sem-named",
    .about = "named semaphore: a counter that any process may open by its name",
    .semantics = Semantics::counter,
    .facts = {.naming = Naming::posix, .held = Held::place, .ends = 0},
    .verbs = named_verbs,
    .doors = {.open = open_semaphore, .remove = remove_semaphore},
};
static_assert(is_sound(named_sheet));

}  // namespace

constinit const Mechanism sem_unnamed_mechanism = unnamed_sheet;
constinit const Mechanism sem_named_mechanism = named_sheet;

}  // namespace crosstalk
