// Making, opening and removing objects: what is the same for all mechanisms. What differs stands behind the doors of
// each sheet (mechanism.h).
#include "mechanisms/system/objects.h"

#include <fcntl.h>

#include <cerrno>

#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

std::int64_t packed(int a, int b, int c, int d) {
    const auto part = [](int number, int at) { return std::uint64_t{static_cast<std::uint16_t>(number)} << (16 * at); };
    return static_cast<std::int64_t>(part(a, 0) | part(b, 1) | part(c, 2) | part(d, 3));
}

Making making_of(const Call& call) {
    Making making{*call.asked};
    making.flags = call.operation->flags;
    making.name = call.name;
    making.bad_pointer = (call.operation->flags & flag_bad_pointer) != 0 ? call.bad_pointer : nullptr;
    return making;
}

Answer create_at_place(const Call& call) {
    Answer answer{.result = call.mechanism->doors.make_at(making_of(call), call.object_place)};
    if (answer.result >= 0) answer.place = call.object_place;
    return answer;
}

}  // namespace

Answer create_call(const Call& call) {
    if (call.mechanism->doors.name != nullptr) return {.result = call.mechanism->doors.name(making_of(call))};
    if (call.mechanism->doors.make_at != nullptr) return create_at_place(call);
    if (call.mechanism->doors.make == nullptr) return {.result = -ENOSYS};
    const int free_first = lowest_free(0);
    const int free_second = lowest_free(free_first + 1);
    int ends[2] = {-1, -1};
    const long made = call.mechanism->doors.make(making_of(call), ends);
    if (made < 0) return {.result = made, .value = packed(-1, -1, free_first, free_second)};
    return {
        .result = made, .value = packed(ends[0], ends[1], free_first, free_second), .made = {ends[0], ends[1], -1, -1}};
}

Answer open_call(const Call& call) {
    if (call.mechanism->doors.open == nullptr) return {.result = -ENOSYS};
    Answer answer;
    answer.result =
        call.mechanism->doors.open(making_of(call), static_cast<Access>(call.operation->value), &answer.place);
    if (answer.result >= 0 && answer.place == nullptr) answer.made[0] = static_cast<int>(answer.result);
    return answer;
}

Answer unlink_call(const Call& call) {
    return {.result = call.mechanism->doors.remove == nullptr ? -ENOSYS : call.mechanism->doors.remove(call.name)};
}

}  // namespace crosstalk
