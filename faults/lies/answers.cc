// Mutators of answers: the call is made, or not at all, and something else is said.
#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/names.h"

namespace crosstalk::lies {

Answer answers_instead(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    const bool changes = lie.arguments[0] == any_success ? answer.result >= 0 : answer.result == lie.arguments[0];
    if (changes) answer.result = lie.arguments[1];
    return answer;
}

Answer refuses(const Row& lie, const Call&) { return {.result = -lie.arguments[0]}; }

Answer pretends(const Row& lie, const Call& call) {
    if (lie.arguments[0] != as_asked) return {.result = lie.arguments[0]};
    const Operation& operation = *call.operation;
    if (operation.buffer.bytes > INT64_MAX) return honestly(call);
    return {.result = sheet_of(operation.verb).moves_bytes() ? static_cast<std::int64_t>(operation.buffer.bytes)
                                                             : operation.value};
}

Answer adds(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result > lie.arguments[1]) answer.result += lie.arguments[0];
    return answer;
}

Answer flips(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.result ^= lie.arguments[0];
    return answer;
}

Answer flips_value(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.value ^= lie.arguments[0];
    return answer;
}

namespace {

// Puts a descriptor's events into poll's answer, and counts again.
void set_events(Answer& answer, std::size_t at, std::uint64_t bits) {
    auto value = static_cast<std::uint64_t>(answer.value);
    value = (value & ~(std::uint64_t{0xffff} << (16 * at))) | bits << (16 * at);
    answer.value = static_cast<std::int64_t>(value);
    answer.result = 0;
    for (std::size_t i = 0; i < 4; ++i) answer.result += (value >> (16 * i) & 0xffff) != 0;
}

std::uint64_t events_of(std::int64_t value, std::size_t at) {
    return static_cast<std::uint64_t>(value) >> (16 * at) & 0xffff;
}

}  // namespace

Answer misreports_events(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result < 0 || call.fds[0] < 0) return answer;
    const auto missing = static_cast<std::uint64_t>(lie.arguments[0]),
               added = static_cast<std::uint64_t>(lie.arguments[1]);
    const std::uint64_t asked = events_of(call.operation->value, 0);
    set_events(answer, 0, (events_of(answer.value, 0) & ~missing) | (added & (asked | ~(poll_in | poll_out))));
    return answer;
}

Answer tells_only_asked(const Row&, const Call& call) {
    Answer answer = honestly(call);
    for (std::size_t i = 0; answer.result > 0 && i < 4; ++i) {
        const std::uint64_t unasked = (poll_hup | poll_err) & ~events_of(call.operation->value, i);
        set_events(answer, i, events_of(answer.value, i) & ~unasked);
    }
    return answer;
}

Answer repeats_asked(const Row&, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.result = call.operation->value;
    return answer;
}

Answer denies_count(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result > 0 && static_cast<std::uint64_t>(answer.result) < call.operation->buffer.bytes)
        answer.result = -lie.arguments[0];
    return answer;
}

}  // namespace crosstalk::lies
