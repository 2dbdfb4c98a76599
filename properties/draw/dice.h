// Dice: where every choice of a drawing function comes from. Choices are uniform or by explicit weights; nothing here
// depends on a size parameter (rapidcheck's ranges do, and then never pick the last kinds).
// Seeded once a case from rc::Random; the numbers themselves come from a fast generator (xoshiro256**).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace crosstalk::draw {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) {
        for (std::uint64_t& word : state_) {  // splitmix64, so that neighbouring seeds give unlike streams
            seed += 0x9e3779b97f4a7c15u;
            std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
            word = mixed ^ (mixed >> 31);
        }
    }

    std::uint64_t next() {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // Uniform in [0, count); count > 0. The bias is below 2^-32 for every count used here (all below 2^32).
    std::uint64_t below(std::uint64_t count) { return ((next() >> 32) * count) >> 32; }
    // Uniform in [low, high]; low <= high, and they are less than 2^32 apart.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
    bool chance(unsigned percent) { return below(100) < percent; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }

    template <class T>
    T one_of(std::initializer_list<T> values) {
        return values.begin()[below(values.size())];
    }
    template <class T, std::size_t n>
    const T& one_of(const std::array<T, n>& values) {
        return values[below(n)];
    }

    // An index with probability weight / sum of weights; the weights must not all be 0.
    template <class Weights>
    std::size_t weighted(const Weights& weights) {
        std::uint64_t sum = 0;
        for (const auto weight : weights) sum += weight;
        std::uint64_t left = below(sum);
        std::size_t index = 0;
        for (const auto weight : weights) {
            if (left < weight) return index;
            left -= weight;
            ++index;
        }
        return index - 1;
    }
    std::size_t weighted(std::initializer_list<std::uint32_t> weights) {
        return weighted(std::span(weights.begin(), weights.size()));
    }

    // One of the set bits of a mask, as its number; the mask must not be 0.
    unsigned bit_of(std::uint64_t mask) {
        for (std::uint64_t skip = below(std::popcount(mask)); skip > 0; --skip) mask &= mask - 1;
        return static_cast<unsigned>(std::countr_zero(mask));
    }

    template <class Range>
    void shuffle(Range&& range) {
        for (std::size_t i = std::size(range); i > 1; --i) std::swap(range[i - 1], range[below(i)]);
    }

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace crosstalk::draw
