// Probabilities are summed from logarithms of factorials, so that counts of millions neither overflow nor vanish.
#include "reports/rates.h"

#include <algorithm>
#include <cmath>

namespace crosstalk {
namespace {

double log_factorial(std::uint64_t n) {
    int sign = 0;  // lgamma() would write a global one
    return ::lgamma_r(static_cast<double>(n) + 1.0, &sign);
}
double log_choices(std::uint64_t n, std::uint64_t k) {
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

}  // namespace

double at_least_so_many(Rate seen, double rate) {
    if (seen.failed == 0 || rate >= 1.0) return 1.0;
    if (rate <= 0.0) return 0.0;
    double sum = 0.0;
    for (std::uint64_t k = seen.failed; k <= seen.tried; ++k)
        sum += std::exp(log_choices(seen.tried, k) + static_cast<double>(k) * std::log(rate) +
                        static_cast<double>(seen.tried - k) * std::log1p(-rate));
    return std::min(sum, 1.0);
}

// P(at most so many) falls as the rate rises; halving the interval finds where it meets the level.
double highest_rate(Rate seen, double error_level) {
    if (seen.failed >= seen.tried) return 1.0;
    double low = static_cast<double>(seen.failed) / static_cast<double>(seen.tried), high = 1.0;
    for (int i = 0; i < 50; ++i) {
        const double middle = (low + high) / 2;
        const double at_most = 1.0 - at_least_so_many({seen.failed + 1, seen.tried}, middle);
        (at_most > error_level ? low : high) = middle;
    }
    return high;
}

double fisher_exact(Rate a, Rate b) {
    if (a.tried == 0 || b.tried == 0) return 1.0;
    const std::uint64_t failed = a.failed + b.failed, tried = a.tried + b.tried;
    const double all = log_choices(tried, failed);
    const auto likelihood = [&](std::uint64_t of_a) {
        return std::exp(log_choices(a.tried, of_a) + log_choices(b.tried, failed - of_a) - all);
    };
    const double seen = likelihood(a.failed) * (1.0 + 1e-7);  // equal ones count, whatever rounding did
    double sum = 0.0;
    for (std::uint64_t of_a = failed > b.tried ? failed - b.tried : 0; of_a <= std::min(failed, a.tried); ++of_a)
        if (const double one = likelihood(of_a); one <= seen) sum += one;
    return std::min(sum, 1.0);
}

}  // namespace crosstalk
