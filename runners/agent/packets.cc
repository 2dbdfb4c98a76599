// RFC 791, 8200 (4.5 fragments), 768, 9293, 9260 (3), 792 and 4443 (3: destination unreachable, 1 over IPv6).
#include "runners/agent/packets.h"

#include <netinet/in.h>

#include <algorithm>

namespace crosstalk::agent {
namespace {

constexpr std::size_t header6_bytes = 40, fragment_bytes = 8, udp_bytes = 8, least_header_bytes = 20,
                      sctp_bytes = 12, chunk_bytes = 4;
constexpr std::uint8_t reset_bit = 4;

std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t long_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return std::uint32_t{word_at(bytes, at)} << 16 | word_at(bytes, at + 2);
}

void append(std::vector<std::uint8_t>& data, std::span<const std::uint8_t> more) {
    data.insert(data.end(), more.begin(), more.end());
}

void look_into_datagram(std::span<const std::uint8_t> inside, Packet& packet) {
    packet.carries = Carries::datagram;
    append(packet.data, inside.subspan(udp_bytes));
}

void look_into_segment(std::span<const std::uint8_t> inside, Packet& packet) {
    const std::size_t header_bytes = (inside[12] >> 4) * std::size_t{4};
    if (header_bytes > inside.size()) return;
    packet.carries = Carries::segment;
    append(packet.data, inside.subspan(header_bytes));
    packet.behind = long_at(inside, 4) + static_cast<std::uint32_t>(packet.data.size());
    packet.acknowledged = long_at(inside, 8);
    packet.resets = (inside[13] & reset_bit) != 0;
}

// RFC 9260, 3.3: DATA (0), SACK (3), ABORT (6); each chunk begins at a multiple of four bytes.
void look_into_chunks(std::span<const std::uint8_t> inside, Packet& packet) {
    constexpr std::size_t data_header_bytes = 16, sack_bytes = 16;
    packet.carries = Carries::segment;
    for (std::span chunks = inside.subspan(sctp_bytes); chunks.size() >= chunk_bytes;) {
        const std::size_t length = std::min<std::size_t>(word_at(chunks, 2), chunks.size());
        if (length < chunk_bytes) return;
        if (chunks[0] == 0 && length > data_header_bytes) {
            packet.behind = long_at(chunks, 4) + 1;
            append(packet.data, chunks.first(length).subspan(data_header_bytes));
        } else if (chunks[0] == 3 && length >= sack_bytes) {
            packet.acknowledged = long_at(chunks, 4) + 1;
        } else if (chunks[0] == 6) {
            packet.resets = true;
        }
        chunks = chunks.subspan(std::min((length + 3) & ~std::size_t{3}, chunks.size()));
    }
}

// What stands behind the IP header.
void look_inside(std::uint8_t protocol, std::span<const std::uint8_t> inside, Packet& packet) {
    const std::uint8_t unreachable = packet.version == 4 ? 3 : 1;
    const int errors = packet.version == 4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
    if (protocol == errors && !inside.empty() && inside[0] == unreachable) packet.carries = Carries::refusal;
    if (inside.size() < udp_bytes) return;
    packet.source = word_at(inside, 0), packet.destination = word_at(inside, 2);  // in all three
    if (protocol == IPPROTO_UDP) look_into_datagram(inside, packet);
    if (protocol == IPPROTO_TCP && inside.size() >= least_header_bytes) look_into_segment(inside, packet);
    if (protocol == IPPROTO_SCTP && inside.size() >= sctp_bytes) look_into_chunks(inside, packet);
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
        if (more && next->frame.size() == header6_bytes + fragment_bytes) return false;  // it brings nothing on
        inside.insert(inside.end(), next->frame.begin() + header6_bytes + fragment_bytes, next->frame.end());
        packet.frames.push_back(next->frame);
    }
    std::erase_if(parts_, [&](const Part& part) { return part.id == id && part.from == packet.from; });
    look_inside(frame[header6_bytes], inside, packet);
    return true;
}

}  // namespace crosstalk::agent
