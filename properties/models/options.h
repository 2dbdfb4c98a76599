// What is broken where an option of a socket is refused, or does not read back as it was set: the promise about what
// the option is for, so that a place without SO_PEEK_OFF is not told that its buffers have a wrong size.
#pragma once

#include <algorithm>
#include <array>

#include "mechanisms/mechanism.h"
#include "properties/clauses/all.h"

namespace crosstalk::models {

struct OptionPromise {
    SocketOption option;
    ClauseId clause;
};
inline constexpr std::array option_promises{
    OptionPromise{SocketOption::error, clause("SOCK-ERR-1")},
    OptionPromise{SocketOption::type, clause("UNIX-PAIR-1")},
    OptionPromise{SocketOption::type, clause("SCTP-NEW-1")},
    OptionPromise{SocketOption::linger, clause("TCP-CLOSE-4")},
    OptionPromise{SocketOption::linger, clause("SCTP-O2O-3")},
    OptionPromise{SocketOption::no_delay, clause("TCP-OPT-1")},
    OptionPromise{SocketOption::cork, clause("TCP-OPT-1")},
    OptionPromise{SocketOption::quick_ack, clause("TCP-OPT-1")},
    OptionPromise{SocketOption::low_water, clause("SOCK-LOWAT-1")},
    OptionPromise{SocketOption::peek_offset, clause("UNIX-PEEKOFF-1")},
    OptionPromise{SocketOption::peek_offset, clause("UNIX-PEEKOFF-2")},
    OptionPromise{SocketOption::overflow, clause("UDP-LOSS-3")},
};

// Of the promises about an option the first that binds this mechanism.
inline ClauseId promise_about(SocketOption option, const Mechanism& mechanism) {
    const auto found = std::ranges::find_if(option_promises, [&](const OptionPromise& each) {
        return each.option == option && all_clauses[each.clause].binds(mechanism);
    });
    return found == option_promises.end() ? clause("SOCK-BUF-1") : found->clause;
}

}  // namespace crosstalk::models
