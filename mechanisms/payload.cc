// The words of the payload: how coordinates become bytes, and bytes runs.
// Runs in actors between two stamps, so it is quick; and in any process, so it touches nothing but its arguments.
#include "mechanisms/payload.h"

#include <algorithm>
#include <cstring>

#include "mechanisms/payload_word.h"

namespace crosstalk {
namespace {

using namespace payload_word;

void fill_small(const StreamId& stream, std::uint64_t offset, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(stream.tag + offset + i);
}

}  // namespace

void fill(const StreamId& stream, std::uint64_t offset, std::span<std::uint8_t> out) {
    if (stream.stream_bytes < small_stream_bytes) return fill_small(stream, offset, out);
    const std::uint64_t base = plain_base(stream.case_number, stream.actor, stream.step);
    std::uint64_t index = offset / word_bytes;
    std::uint8_t* to = out.data();
    std::size_t left = out.size();
    if (const std::uint64_t inside = offset % word_bytes; inside != 0) {
        const std::uint64_t word = word_at(base, index++);
        const std::size_t count = std::min<std::size_t>(left, word_bytes - inside);
        for (std::size_t i = 0; i < count; ++i) *to++ = static_cast<std::uint8_t>(word >> (8 * (inside + i)));
        left -= count;
    }
    for (; left >= word_bytes; left -= word_bytes, to += word_bytes) store(to, word_at(base, index++));
    if (left != 0) {
        const std::uint64_t word = word_at(base, index);
        std::memcpy(to, &word, left);
    }
}

std::uint8_t byte_at(const StreamId& stream, std::uint64_t offset) {
    std::uint8_t byte = 0;
    fill(stream, offset, {&byte, 1});
    return byte;
}

std::uint64_t stream_bytes(const Operation& operation) {
    if (sheet_of(operation.verb).flow != Flow::out) return 0;
    std::uint64_t product = 0;
    return __builtin_mul_overflow(operation.buffer.bytes, std::uint64_t{operation.times}, &product) ? ~0ull : product;
}

StreamLengths lay_out(std::span<const std::span<const Operation>> steps_by_actor, std::span<std::uint32_t> first_step,
                      std::span<std::uint64_t> lengths, std::span<std::uint8_t> tags) {
    std::uint64_t small_bytes = 0;
    std::uint32_t at = 0;
    for (std::size_t actor = 0; actor < steps_by_actor.size(); ++actor) {
        first_step[actor] = at;
        for (const Operation& operation : steps_by_actor[actor]) {
            lengths[at] = stream_bytes(operation);
            tags[at] = static_cast<std::uint8_t>(small_bytes);
            if (lengths[at] < small_stream_bytes) small_bytes += lengths[at];
            ++at;
        }
    }
    first_step[steps_by_actor.size()] = at;
    return {first_step.first(steps_by_actor.size() + 1), lengths.first(at)};
}

std::uint8_t small_tag(std::span<const std::span<const Operation>> steps_by_actor, ActorId actor, StepId step) {
    std::uint64_t small_bytes = 0;
    for (std::size_t a = 0; a <= actor && a < steps_by_actor.size(); ++a) {
        const auto steps = a == actor ? steps_by_actor[a].first(std::min<std::size_t>(step, steps_by_actor[a].size()))
                                      : steps_by_actor[a];
        for (const Operation& operation : steps) {
            const std::uint64_t length = stream_bytes(operation);
            if (length < small_stream_bytes) small_bytes += length;
        }
    }
    return static_cast<std::uint8_t>(small_bytes);
}

std::uint64_t StreamLengths::of(ActorId actor, StepId step) const {
    if (std::size_t{actor} + 1 >= first_step.size()) return 0;
    const std::size_t at = std::size_t{first_step[actor]} + step;
    return at < first_step[actor + 1u] && at < lengths.size() ? lengths[at] : 0;
}

}  // namespace crosstalk
