// A sorted list of at most `kept` hashes; nearly every new one is above its last and costs one comparison.
#include "reports/distinct.h"

#include <algorithm>

namespace crosstalk {

bool Distinct::add(std::uint32_t hash) {
    const bool full = smallest_.size() == kept;
    if (full && hash >= smallest_.back()) return false;
    const auto at = std::lower_bound(smallest_.begin(), smallest_.end(), hash);
    if (at != smallest_.end() && *at == hash) return false;
    smallest_.insert(at, hash);
    if (full) smallest_.pop_back();
    return true;
}

void Distinct::add(const Distinct& other) {
    for (const std::uint32_t hash : other.smallest_) add(hash);
}

// If the k-th smallest of evenly spread hashes stands at a part p of their range, (k - 1) / p were drawn.
std::uint64_t Distinct::count() const {
    if (exact()) return smallest_.size();
    constexpr double range = 4294967296.0;
    return static_cast<std::uint64_t>((kept - 1) * (range / (smallest_.back() + 1.0)));
}

}  // namespace crosstalk
