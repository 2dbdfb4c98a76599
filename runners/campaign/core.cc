// Which cores there are, and how many lanes they bear.
#include "runners/campaign/core.h"

#include <sched.h>

namespace crosstalk {

std::vector<int> core_numbers() {
    cpu_set_t set;
    std::vector<int> out;
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        for (int core = 0; core < CPU_SETSIZE; ++core)
            if (CPU_ISSET(core, &set)) out.push_back(core);
    if (out.empty()) out.push_back(-1);
    return out;
}

Jobs usual_jobs() {
    constexpr unsigned lanes = 12, at_once = 4;
    return {lanes * static_cast<unsigned>(core_numbers().size()), at_once};
}

std::deque<Core> cores_for(const Jobs& jobs) {
    std::deque<Core> out;
    for (const int number : core_numbers()) out.emplace_back(number, jobs.at_once);
    return out;
}

}  // namespace crosstalk
