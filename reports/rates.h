// Is it a change, or noise? Exact tests on counts of failures, for the gate (is a flaky failure rarer than allowed?)
// and for the comparison of two runs. Whoever uses one says which, and at what level of error.
#pragma once

#include <cstdint>

namespace crosstalk {

struct Rate {
    std::uint64_t failed = 0, tried = 0;  // failed <= tried
};

// The probability that at least so many fail, if each does with probability `rate`, in [0, 1], by itself: binomial.
double at_least_so_many(Rate seen, double rate);

// The highest true rate that what was seen does not contradict: one-sided Clopper-Pearson bound at this error level.
// Between 0 and 1; 1 if nothing was tried.
double highest_rate(Rate seen, double error_level);

// Fisher's exact test, two-sided: the probability, if both have one true rate, of counts no more likely than these,
// given the sums. 1 if either was never tried. Time: the number of failures of both.
double fisher_exact(Rate a, Rate b);

}  // namespace crosstalk
