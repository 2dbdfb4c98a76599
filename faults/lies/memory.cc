// Mutators of memory: what views show and what they hide, how long objects are, and which accesses fault. Memory is
// touched by the honest loads and stores alone, which survive a fault.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/trap.h"

namespace crosstalk::lies {
namespace {

constexpr std::uint8_t soil = 0xa5;

// The honest call with another operation, and another buffer if `bytes` is given.
Answer asked_instead(const Call& call, const Operation& operation, std::uint8_t* bytes = nullptr) {
    Call changed = call;
    changed.operation = &operation;
    changed.count = operation.buffer.bytes;
    if (bytes != nullptr) changed.bytes = bytes;
    return honestly(changed);
}

Operation part_of_view(const Call& call, Verb verb, std::uint64_t at, std::uint64_t bytes) {
    Operation operation = *call.operation;
    operation.verb = verb, operation.value = static_cast<std::int64_t>(at), operation.buffer.bytes = bytes;
    return operation;
}

std::int64_t length_of(int fd) {
    struct stat about {};
    return ::fstat(fd, &about) < 0 ? -1 : static_cast<std::int64_t>(about.st_size);
}

}  // namespace

Answer drops_tail(const Row& lie, const Call& call) {
    const auto lost = static_cast<std::uint64_t>(lie.arguments[0]);
    Operation fewer = *call.operation;
    if (call.count != fewer.buffer.bytes || call.count <= lost) return honestly(call);
    fewer.buffer.bytes -= lost;
    Answer answer = asked_instead(call, fewer);
    if (answer.result == static_cast<std::int64_t>(fewer.buffer.bytes)) answer.result += lie.arguments[0];
    return answer;
}

Answer shifts(const Row& lie, const Call& call) {
    Operation other = *call.operation;
    other.value += lie.arguments[0];
    const Answer answer = other.value < lie.arguments[0] ? honestly(call) : asked_instead(call, other);
    return answer.result == -ERANGE ? honestly(call) : answer;
}

Answer shows_zeros(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.result > 0) std::memset(call.bytes, 0, static_cast<std::size_t>(answer.result));
    return answer;
}

Answer survives_fault(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    const auto trap = static_cast<std::int64_t>(lie.arguments[0] == ENXIO ? Trap::bus : Trap::protection);
    if (answer.value != trap) return answer;
    const auto done = static_cast<std::uint64_t>(std::max<std::int64_t>(answer.result, 0));
    if (call.operation->verb == Verb::load)
        std::memset(call.bytes + done, 0, static_cast<std::size_t>(call.count - done));
    return {.result = static_cast<std::int64_t>(call.count)};
}

Answer soils_growth(const Row&, const Call& call) {
    const bool makes = call.operation->verb == Verb::create;
    const std::int64_t before = makes ? 0 : length_of(call.fds[0]);
    const Answer answer = honestly(call);
    const int fd = makes ? answer.made[0] : call.fds[0];
    const std::int64_t after = length_of(fd);
    if (answer.result >= 0 && before >= 0 && after > before) kernel::call(SYS_pwrite64, fd, &soil, 1, after - 1);
    return answer;
}

Answer soils_view(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.place == nullptr || (call.operation->flags & flag_writable) == 0) return answer;
    Call view = call;
    view.places[0] = answer.place, view.place_bytes[0] = answer.place_bytes;
    std::uint8_t byte = soil;
    asked_instead(view, part_of_view(call, Verb::store, static_cast<std::uint64_t>(lie.arguments[0]), 1), &byte);
    return answer;
}

Answer forgets_contents(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    const std::int64_t length = answer.made[0] < 0 ? 0 : length_of(answer.made[0]);
    if (length <= 0 || kernel::call(SYS_ftruncate, answer.made[0], 0) < 0) return answer;
    kernel::call(SYS_ftruncate, answer.made[0], length);
    return answer;
}

// What is cut off is kept by the actor that cut it, and the mark of the object tells who that was, and where it stood.
Answer keeps_tail(const Row&, const Call& call) {
    const std::int64_t before = length_of(call.fds[0]), wanted = call.operation->value;
    Mark* const mark = telling.stage->mark_of(inode_of(call.fds[0]));
    if (mark == nullptr || before < 0 || wanted < 0) return honestly(call);
    Part& part = part_of(call);
    if (wanted < before && mark->value.load() == 0) {
        const long kept = kernel::call(SYS_pread64, call.fds[0], part.kept.data(), most_kept_bytes, wanted);
        part.kept_count = static_cast<std::uint8_t>(std::max(kept, 0l));
        mark->value.store(wanted * static_cast<std::int64_t>(max_actors) + call.actor + 1);
    }
    const Answer answer = honestly(call);
    if (answer.result < 0 || wanted <= before || mark->value.load() == 0) return answer;
    const std::int64_t who = (mark->value.load() - 1) % static_cast<std::int64_t>(max_actors),
                       cut = (mark->value.load() - 1) / static_cast<std::int64_t>(max_actors);
    const Part& keeper = telling.stage->parts[static_cast<std::size_t>(who)];
    const std::int64_t room = std::min<std::int64_t>(keeper.kept_count, wanted - cut);
    if (room > 0) kernel::call(SYS_pwrite64, call.fds[0], keeper.kept.data(), room, cut);
    return answer;
}

// As a store of whole words does that reads them first: what others stored meanwhile beside it is lost.
Answer restores_neighbours(const Row&, const Call& call) {
    std::uint8_t beside[64];
    const std::uint64_t end = static_cast<std::uint64_t>(call.operation->value) + call.count;
    if (end >= call.place_bytes[0]) return honestly(call);
    const std::uint64_t bytes = std::min<std::uint64_t>(sizeof beside, call.place_bytes[0] - end);
    const Answer before = asked_instead(call, part_of_view(call, Verb::load, end, bytes), beside);
    let_others_run();
    const Answer answer = honestly(call);
    if (before.result == static_cast<std::int64_t>(bytes))
        asked_instead(call, part_of_view(call, Verb::store, end, bytes), beside);
    return answer;
}

}  // namespace crosstalk::lies
