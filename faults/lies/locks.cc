// Mutators of robust locks: what the kernel knows of them, and what it writes for the dead.
#include <linux/futex.h>

#include <cerrno>

#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {
namespace {

// Empty, and nobody's.
robust_list_head nothing{{&nothing.list}, 0, nullptr};

constexpr std::uint8_t soil = 0xa5;

}  // namespace

Answer keeps_no_list(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    kernel::call(SYS_set_robust_list, &nothing, sizeof nothing);
    return answer;
}

Answer soils_behind_lock(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    auto* const view = static_cast<std::uint8_t*>(call.places[0]);
    const std::uint64_t behind = static_cast<std::uint64_t>(call.operation->value) + lock_bytes;
    if (answer.result == -EOWNERDEAD && behind < call.place_bytes[0]) view[behind] = soil;
    return answer;
}

}  // namespace crosstalk::lies
