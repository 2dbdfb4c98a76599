// The fingerprints that a search has met: a set that only grows, in one block of memory. Fingerprints are hashes
// already, so their low bits say where they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace crosstalk::judging {

class Seen {
  public:
    // True if it was not there before.
    bool insert(std::uint64_t fingerprint) {
        if (fingerprint == nobody) fingerprint = 1;
        if (2 * (count_ + 1) > slots_.size()) grow();
        std::uint64_t& slot = slot_of(fingerprint);
        if (slot == fingerprint) return false;
        slot = fingerprint;
        ++count_;
        return true;
    }

  private:
    static constexpr std::uint64_t nobody = 0;

    std::uint64_t& slot_of(std::uint64_t fingerprint) {
        std::size_t at = fingerprint & (slots_.size() - 1);
        while (slots_[at] != nobody && slots_[at] != fingerprint) at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }
    void grow() {
        std::vector<std::uint64_t> old(slots_.empty() ? 64 : 2 * slots_.size(), nobody);
        old.swap(slots_);
        for (const std::uint64_t fingerprint : old)
            if (fingerprint != nobody) slot_of(fingerprint) = fingerprint;
    }

    std::vector<std::uint64_t> slots_;  // a power of two, at most half full
    std::size_t count_ = 0;
};

}  // namespace crosstalk::judging
