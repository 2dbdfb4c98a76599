// What the calling thread may do (capabilities(7)): its permitted and effective sets, by capget(2) and capset(2). The
// effective set alone changes for a while: what is permitted may be taken up again.
#pragma once

#include "mechanisms/system/kernel.h"

namespace crosstalk {

struct Capabilities {
    std::uint64_t effective = 0, permitted = 0, inheritable = 0;
};
constexpr std::uint64_t capability_bit(unsigned capability) { return std::uint64_t{1} << capability; }

namespace capability_form {
struct Header {
    std::uint32_t version = 0x20080522;  // _LINUX_CAPABILITY_VERSION_3
    int pid = 0;
};
struct Words {
    std::uint32_t effective = 0, permitted = 0, inheritable = 0;
};
}  // namespace capability_form

inline long get_capabilities(Capabilities& capabilities) {
    const capability_form::Header header;
    capability_form::Words words[2];
    const long answer = kernel::call(SYS_capget, &header, words);
    const auto joined = [](std::uint32_t low, std::uint32_t high) { return low | std::uint64_t{high} << 32; };
    capabilities = {joined(words[0].effective, words[1].effective), joined(words[0].permitted, words[1].permitted),
                    joined(words[0].inheritable, words[1].inheritable)};
    return answer;
}

inline long set_capabilities(const Capabilities& capabilities) {
    const capability_form::Header header;
    const auto part = [](std::uint64_t bits, int at) { return static_cast<std::uint32_t>(bits >> (32 * at)); };
    capability_form::Words words[2];
    for (int at = 0; at < 2; ++at)
        words[at] = {part(capabilities.effective, at), part(capabilities.permitted, at),
                     part(capabilities.inheritable, at)};
    return kernel::call(SYS_capset, &header, words);
}

// These of the permitted ones are in force, and no others. A negated error number, also if one is not permitted.
inline long hold_only(std::uint64_t effective) {
    Capabilities capabilities;
    if (const long answer = get_capabilities(capabilities); answer < 0) return answer;
    capabilities.effective = effective;
    return set_capabilities(capabilities);
}

}  // namespace crosstalk
