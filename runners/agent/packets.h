// What the link reads of a packet: IPv4 or IPv6, UDP, TCP or SCTP, ports and payload. Datagrams that IPv6 sends in
// fragments are put together for the log, and carried as the fragments that they were. Other headers it does not know.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace crosstalk::agent {

enum class Carries : std::uint8_t { noise, datagram, segment, refusal };  // UDP, TCP or SCTP, ICMP of an error

struct Packet {
    Carries carries = Carries::noise;
    std::uint8_t version = 0;                       // 4 or 6
    std::size_t from = 0;                           // host
    std::uint16_t source = 0, destination = 0;      // ports
    // Of a segment: the number behind its last byte, or chunk; up to which number its sender has received.
    std::uint32_t behind = 0;
    std::optional<std::uint32_t> acknowledged;
    bool resets = false;                            // RST, ABORT
    std::vector<std::vector<std::uint8_t>> frames;  // from the IP header on; more than one: fragments
    std::vector<std::uint8_t> data;                 // payload; of SCTP that of all chunks
};

class Reader {
  public:
    // One frame as a device gave it. True: `packet` is whole; else more of it is to come.
    bool read(std::size_t from, std::span<const std::uint8_t> frame, Packet& packet);
    void forget() { parts_.clear(); }

  private:
    bool join(std::span<const std::uint8_t> frame, Packet& packet);
    struct Part {
        std::uint32_t id;
        std::size_t from, offset;
        bool last;
        std::vector<std::uint8_t> frame;
    };
    std::vector<Part> parts_;  // fragments of datagrams that are not whole yet
};

}  // namespace crosstalk::agent
