// Payload is coordinates: every byte that a step writes says which case, actor, step and offset it belongs to, so
// that a receiver can journal where bytes came from, and loss, doubling, tearing and reordering are facts.
//
// A step writes a stream of times x bytes bytes. Its aligned 8-byte words encode (case 16 bits, actor 6, step 8, word
// index 18, check 16), scrambled by a bijection, so any window of 15 bytes at any alignment holds a whole word, and
// two streams agree on a byte by chance only 1 in 256. A stream shorter than 16 bytes holds no safe word: its bytes
// are tag + offset, with the tag given by the program (small_tag), distinct as far as 256 values reach.
#pragma once

#include <cstdint>
#include <span>

#include "mechanisms/history.h"

namespace crosstalk {

inline constexpr std::uint64_t small_stream_bytes = 16;      // shorter streams carry no words
inline constexpr std::uint64_t max_stream_bytes = 1u << 21;  // 18 bits of words: the lap of a longer stream

// A stream longer than max_stream_bytes repeats its bytes after each lap of max_stream_bytes, so an origin run says the
// offset within *a* lap: offset + length <= min(stream_bytes, max_stream_bytes), a run never crosses the end of a lap,
// and which lap it was is not known. Such a step shows tearing and mixing, but not the loss or doubling of whole laps.

struct StreamId {
    std::uint16_t case_number = 0;
    ActorId actor = 0;
    StepId step = 0;
    std::uint64_t stream_bytes = 0;  // times x bytes
    std::uint8_t tag = 0;            // of a small stream
};

// The bytes [offset, offset + out.size()) of a stream. Allocates nothing, async-signal-safe.
void fill(const StreamId& stream, std::uint64_t offset, std::span<std::uint8_t> out);
// One byte of it.
std::uint8_t byte_at(const StreamId& stream, std::uint64_t offset);

// Bytes of the stream that a step writes: times x bytes, held at 2^64-1; 0 for a verb that writes no payload.
std::uint64_t stream_bytes(const Operation& operation);

// The tag of a small stream: how many bytes the small streams before it hold (actor by actor, step by step), modulo
// 256. So the bytes of a case's small streams are distinct until 256 of them are used up. Linear in the program:
// who needs all of them uses lay_out().
std::uint8_t small_tag(std::span<const std::span<const Operation>> steps_by_actor, ActorId actor, StepId step);

struct StreamLengths {                          // dense table, actor-major: lengths[first_step[actor] + step]
    std::span<const std::uint32_t> first_step;  // per actor, plus one past the end
    std::span<const std::uint64_t> lengths;
    std::uint64_t of(ActorId actor, StepId step) const;  // 0: no such step, or it writes nothing
};

// Fills such a table, and the tags of the small streams, for a whole program: first_step has one entry more than there
// are actors, lengths and tags one a step. Allocates nothing.
StreamLengths lay_out(std::span<const std::span<const Operation>> steps_by_actor, std::span<std::uint32_t> first_step,
                      std::span<std::uint64_t> lengths, std::span<std::uint8_t> tags);

// Splits received bytes into runs, in order, covering all of them: `origin` where a whole word of this case proves
// it (extended both ways as far as bytes agree), `foreign` where a whole word of another case stands, `raw` else.
// Writes at most out.size() runs; returns how many; *covered = bytes they cover. Raw bytes are appended to raw_out at
// *raw_used (a run is cut where raw_out ends). Run boundaries may be off by the few bytes on which neighbours agree by
// chance: compare bytes, never boundaries. A length of 0 in the table makes a word of that step `foreign`. Garbage
// passes for a word of this case once in 2^32 positions; a foreign word must have four more bytes beside it that fit,
// since a false `foreign` would blame the harness (once in 2^48). Allocates nothing, async-signal-safe.
std::size_t decode(std::uint16_t case_number, const StreamLengths& lengths, std::span<const std::uint8_t> bytes,
                   std::span<Run> out, std::span<std::uint8_t> raw_out, std::uint32_t* raw_used,
                   std::uint64_t* covered);

}  // namespace crosstalk
