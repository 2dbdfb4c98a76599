// Mutators of semaphores: tokens that are made or change hands unasked, names and addresses that lead astray.
#include <semaphore.h>
#include <sys/mman.h>

#include <cerrno>

#include "faults/lies/mutators.h"

namespace crosstalk::lies {
namespace {

sem_t* semaphore_of(const Call& call) { return static_cast<sem_t*>(call.places[0]); }

}  // namespace

Answer repeats(const Row& lie, const Call& call) {
    for (std::int64_t i = 0; i < lie.arguments[0]; ++i) honestly(call);
    return honestly(call);
}

Answer gives_token(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.result == lie.arguments[0] && semaphore_of(call) != nullptr) ::sem_post(semaphore_of(call));
    return answer;
}

Answer waits_with_deadline(const Row&, const Call& call) {
    Operation timed = *call.operation;
    constexpr std::int64_t hour_ns = 3'600'000'000'000;
    timed.timeout_ns = hour_ns;
    Call changed = call;
    changed.operation = &timed;
    return honestly(changed);
}

Answer starts_anew(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.place != nullptr)
        ::sem_init(static_cast<sem_t*>(answer.place), 1,
                   static_cast<unsigned>(call.asked->value + call.operation->value));
    return answer;
}

Answer opens_elsewhere(const Row&, const Call& call) {
    Answer answer = honestly(call);
    if (answer.place == nullptr) return answer;
    void* const again = ::mremap(answer.place, 0, sizeof(sem_t), MREMAP_MAYMOVE);  // of shared memory: a second view
    if (again != MAP_FAILED) answer.place = again;
    return answer;
}

Answer empties(const Row&, const Call& call) {
    if (semaphore_of(call) != nullptr) ::sem_init(semaphore_of(call), 1, 0);
    return honestly(call);
}

}  // namespace crosstalk::lies
