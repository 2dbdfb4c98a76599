// Labels of messages of SCTP (mechanisms/operation.h): streams, payload ids and order, at their boundaries. What else
// SCTP has beside other sockets is shown by trials (draw/trials.cc).
#include "properties/draw/channels.h"

namespace crosstalk::draw {

// RFC 9260, 6.9: what a path carries less the headers of IP, of SCTP and of a DATA chunk, in words of four bytes.
std::uint64_t fragmentation_point(const Mechanism& mechanism, const Ground& ground) {
    constexpr std::uint64_t of_sctp = 12, of_chunk = 16, word = 4;
    const std::uint64_t of_ip = mechanism.name.starts_with("sctp6") ? 40 : 20;
    return (ground.loopback_mtu - of_ip - of_sctp - of_chunk) / word * word;
}

// Streams 0 to 2 and the last one often; seldom one that there is not.
void label(Mix& r, Operation& step) {
    if (!r.is_sctp() || r.dice.one_in(2)) return;
    if (step.verb == Verb::recv) step.flags |= flag_control, step.value = 1;
    if (step.verb != Verb::send) return;
    constexpr std::uint16_t last = streams_of_pairs - 1;
    const std::uint16_t stream = r.dice.one_in(16)
                                     ? r.dice.one_of<std::uint16_t>({streams_of_pairs, streams_of_pairs, most_stream})
                                     : r.dice.one_of<std::uint16_t>({0, 1, 1, 2, last});
    step.value = value_of({stream, r.dice.one_in(2) ? 0 : static_cast<std::uint32_t>(r.dice.below(1u << 30))});
    if (r.dice.one_in(5)) step.flags |= flag_unordered;
}

}  // namespace crosstalk::draw
