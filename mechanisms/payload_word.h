// A payload word: coordinates scrambled into 8 bytes and back. Shared by fill and decode, of no interest to others.
// It knows nothing of streams, cases or runs.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "mechanisms/payload.h"

namespace crosstalk::payload_word {

static_assert(std::endian::native == std::endian::little, "words are stored as they are");

inline constexpr std::uint64_t word_bytes = 8;
inline constexpr std::uint64_t lap_words = max_stream_bytes / word_bytes;
inline constexpr std::uint64_t check = 0xc7a5;  // any constant: the bijection spreads every error over all bits

// A word before scrambling, from the low end: index 18, check 16, step 8, actor 6, case 16.
inline constexpr int check_shift = 18, step_shift = 34, actor_shift = 42, case_shift = 48;

// Multiply and fold, twice: each input bit reaches each output bit. The multipliers are odd, so all of it is a
// bijection; they are those of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
inline constexpr std::uint64_t first_factor = 0xbf58476d1ce4e5b9, second_factor = 0x94d049bb133111eb;

constexpr std::uint64_t inverse_of(std::uint64_t odd) {
    std::uint64_t inverse = odd;  // Newton: each round doubles the low bits that are right, 3 at first
    for (int round = 0; round < 5; ++round) inverse *= 2 - odd * inverse;
    return inverse;
}

constexpr std::uint64_t fold(std::uint64_t x) { return x ^ (x >> 32); }
constexpr std::uint64_t scramble(std::uint64_t x) { return fold(fold(fold(x) * first_factor) * second_factor); }
constexpr std::uint64_t unscramble(std::uint64_t x) {
    return fold(fold(fold(x) * inverse_of(second_factor)) * inverse_of(first_factor));
}
static_assert(unscramble(scramble(0x0123456789abcdef)) == 0x0123456789abcdef);

constexpr std::uint64_t plain_base(std::uint64_t case_number, std::uint64_t actor, std::uint64_t step) {
    return (case_number & 0xffff) << case_shift | (actor & 63) << actor_shift | (step & 255) << step_shift |
           check << check_shift;
}
constexpr std::uint64_t word_at(std::uint64_t base, std::uint64_t index) {
    return scramble(base | (index & (lap_words - 1)));
}

inline std::uint64_t load(const std::uint8_t* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}
inline void store(std::uint8_t* bytes, std::uint64_t word) { std::memcpy(bytes, &word, sizeof word); }

}  // namespace crosstalk::payload_word
