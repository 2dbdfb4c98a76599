// What the link reads of a packet: IPv4 or IPv6, UDP or TCP, ports and payload. Datagrams that IPv6 sends in fragments
// are put together for the log, and carried as the fragments that they were. Headers other than these it does not know.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace crosstalk::agent {

enum class Carries : std::uint8_t { noise, datagram, segment, refusal };  // UDP, TCP, ICMP of an error

struct Packet {
    Carries carries = Carries::noise;
    std::uint8_t version = 0;                       // 4 or 6
    std::size_t from = 0;                           // host
    std::uint16_t source = 0, destination = 0;      // ports
    std::uint32_t sequence = 0, acknowledged = 0;   // of a segment: its first byte; what its sender has received
    bool resets = false;                            // RST
    std::vector<std::vector<std::uint8_t>> frames;  // from the IP header on; more than one: fragments
    std::vector<std::uint8_t> data;                 // payload of UDP or TCP
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
