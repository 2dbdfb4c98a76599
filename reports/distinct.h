// How many different things were seen, in bounded memory: only the smallest of their hashes are kept (a
// k-minimum-values sketch; Bar-Yossef et al., RANDOM 2002). Sketches of shards and increments join without counting
// anything twice. It does not know what was hashed, and asks for hashes that are spread evenly.
//
// Below `kept` the count is exact but for two things of one hash. From there on it is an estimate with a standard error
// of a tenth. Hashes have 32 bits, so it saturates: at 400 million it falls short by a twentieth, and none is above
// 2^32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace crosstalk {

class Distinct {
  public:
    static constexpr std::size_t kept = 128;

    // True if it is one of the kept now and was not before.
    bool add(std::uint32_t hash);
    void add(const Distinct& other);

    bool exact() const { return smallest_.size() < kept; }
    std::uint64_t count() const;
    std::span<const std::uint32_t> hashes() const { return smallest_; }  // ascending
    bool operator==(const Distinct&) const = default;

  private:
    std::vector<std::uint32_t> smallest_;
};

}  // namespace crosstalk
