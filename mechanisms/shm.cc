// Shared memory: POSIX objects (shm_overview(7)), mapped files and anonymous mappings (mmap(2)). Facts and verbs only;
// their clauses are in properties/clauses/shm.h and map.h, their calls in system/memory.cc.
#include "mechanisms/catalog.h"
#include "mechanisms/system/descriptors.h"
#include "mechanisms/system/memory.h"

namespace crosstalk {
namespace {

constexpr Verb object_verbs[] = {
    Verb::create, Verb::open,     Verb::unlink,  Verb::close,     Verb::get_flags, Verb::truncate,
    Verb::pread,  Verb::pwrite,   Verb::stat,    Verb::attach,    Verb::detach,    Verb::load,
    Verb::store,  Verb::start,    Verb::protect, Verb::sync_view, Verb::advise,    Verb::punch,
    Verb::lend,   Verb::new_mode, Verb::lock,    Verb::unlock,    Verb::trial,     Verb::nothing,
};
constexpr Verb anonymous_verbs[] = {
    Verb::attach, Verb::detach, Verb::load, Verb::store,  Verb::start, Verb::protect, Verb::sync_view,
    Verb::advise, Verb::lend,   Verb::lock, Verb::unlock, Verb::trial, Verb::nothing,
};

constexpr Mechanism posix_sheet{
    .name = "shm-posix",
    .about = "POSIX shared memory: an object that any process may open by its name and map",
    .semantics = Semantics::shared_bytes,
    .facts = {.naming = Naming::posix, .ends = 1},
    .verbs = object_verbs,
    .doors = {.make = make_memory_object, .open = open_memory_object, .remove = remove_memory_object},
};
static_assert(is_sound(posix_sheet));

constexpr Mechanism file_sheet{
    .name = "shm-file",
    .about = "a file that processes map into their memory",
    .semantics = Semantics::shared_bytes,
    .facts = {.naming = Naming::path, .ends = 1},
    .verbs = object_verbs,
    .doors = {.make = make_memory_file, .open = open_memory_file, .remove = remove_path},
};
static_assert(is_sound(file_sheet));

// Nothing is there before the first step: a mapping without an object is seen by those whom its process forks.
constexpr Mechanism anonymous_sheet{
    .name = "shm-anonymous",
    .about = "anonymous shared mapping: memory that a process shares with those it forks",
    .semantics = Semantics::shared_bytes,
    .facts = {.ends = 0},
    .verbs = anonymous_verbs,
};
static_assert(is_sound(anonymous_sheet));

}  // namespace

constinit const Mechanism shm_posix_mechanism = posix_sheet;
constinit const Mechanism shm_file_mechanism = file_sheet;
constinit const Mechanism shm_anonymous_mechanism = anonymous_sheet;

}  // namespace crosstalk
