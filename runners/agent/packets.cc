// RFC 791, 8200 (4.5 fragments), 768, 9293, 792 and 4443 (3: destination unreachable, 1 over IPv6).
#include "runners/agent/packets.h"

#include <netinet/in.h>

#include <algorithm>

namespace crosstalk::agent {
namespace {

constexpr std::size_t header6_bytes = 40, fragment_bytes = 8, udp_bytes = 8, least_header_bytes = 20;
constexpr std::uint8_t reset_bit = 4;

std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

// What stands behind the IP header.
void look_inside(std::uint8_t protocol, std::span<const std::uint8_t> inside, Packet& packet) {
    const std::uint8_t unreachable = packet.version == 4 ? 3 : 1;
    const int errors = packet.version == 4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
    if (protocol == errors && !inside.empty() && inside[0] == unreachable) packet.carries = Carries::refusal;
    if (protocol != IPPROTO_UDP && protocol != IPPROTO_TCP) return;
    const bool udp = protocol == IPPROTO_UDP;
    if (inside.size() < (udp ? udp_bytes : least_header_bytes)) return;
    const std::size_t header_bytes = udp ? udp_bytes : (inside[12] >> 4) * std::size_t{4};
    if (header_bytes > inside.size()) return;
    packet.carries = udp ? Carries::datagram : Carries::segment;
    packet.source = word_at(inside, 0), packet.destination = word_at(inside, 2);
    if (!udp) {
        const auto long_at = [&](std::size_t at) {
            return std::uint32_t{word_at(inside, at)} << 16 | word_at(inside, at + 2);
        };
        packet.sequence = long_at(4), packet.acknowledged = long_at(8);
        packet.resets = (inside[13] & reset_bit) != 0;
    }
    packet.data.assign(inside.begin() + static_cast<std::ptrdiff_t>(header_bytes), inside.end());
}

}  // namespace

bool Reader::read(std::size_t from, std::span<const std::uint8_t> frame, Packet& packet) {
    packet = Packet();
    packet.from = from;
    if (frame.size() < least_header_bytes) return true;
    packet.version = frame[0] >> 4;
    const auto whole = [&] { packet.frames.emplace_back(frame.begin(), frame.end()); };
    if (packet.version == 4) {
        const std::size_t header_bytes = (frame[0] & 15) * std::size_t{4};
        const std::size_t bytes = std::min<std::size_t>(word_at(frame, 2), frame.size());
        whole();
        if (bytes >= header_bytes) look_inside(frame[9], frame.first(bytes).subspan(header_bytes), packet);
        return true;
    }
    if (packet.version != 6 || frame.size() < header6_bytes) return true;
    if (frame[6] == IPPROTO_FRAGMENT && frame.size() >= header6_bytes + fragment_bytes) return join(frame, packet);
    whole();
    look_inside(frame[6], frame.subspan(header6_bytes), packet);
    return true;
}

bool Reader::join(std::span<const std::uint8_t> frame, Packet& packet) {
    const std::uint16_t where = word_at(frame, header6_bytes + 2);
    const std::uint32_t id = std::uint32_t{word_at(frame, header6_bytes + 4)} << 16 | word_at(frame, header6_bytes + 6);
    parts_.push_back(
        {id, packet.from, std::size_t{where} & ~std::size_t{7}, (where & 1) == 0, {frame.begin(), frame.end()}});
    std::vector<std::uint8_t> inside;
    for (bool more = true; more;) {
        const auto next = std::ranges::find_if(parts_, [&](const Part& part) {
            return part.id == id && part.from == packet.from && part.offset == inside.size();
        });
        if (next == parts_.end()) return false;
        more = !next->last;
        inside.insert(inside.end(), next->frame.begin() + header6_bytes + fragment_bytes, next->frame.end());
        packet.frames.push_back(next->frame);
    }
    std::erase_if(parts_, [&](const Part& part) { return part.id == id && part.from == packet.from; });
    look_inside(frame[header6_bytes], inside, packet);
    return true;
}

}  // namespace crosstalk::agent
