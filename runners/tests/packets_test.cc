// What the link reads of packets: made by hand after the RFCs, whole, cut short at every byte, and in fragments. A
// kernel under test may send anything.
#include "runners/agent/packets.h"

#include <gtest/gtest.h>

#include <netinet/in.h>

#include <numeric>

namespace crosstalk::agent {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}
Bytes word(std::size_t value) { return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)}; }
Bytes number(std::uint32_t value) { return word(value >> 16) + word(value & 0xffff); }
Bytes zeros(std::size_t count) { return Bytes(count, 0); }
Bytes counted(std::size_t count) {
    Bytes out(count);
    std::iota(out.begin(), out.end(), std::uint8_t{1});
    return out;
}

Bytes in_ipv4(std::uint8_t protocol, const Bytes& inside) {
    return Bytes{0x45, 0} + word(20 + inside.size()) + zeros(5) + Bytes{protocol} + zeros(10) + inside;
}
Bytes in_ipv6(std::uint8_t next, const Bytes& inside) {
    return Bytes{0x60, 0, 0, 0} + word(inside.size()) + Bytes{next, 64} + zeros(32) + inside;
}
Bytes fragment(std::size_t offset, bool more, const Bytes& part) {
    return in_ipv6(IPPROTO_FRAGMENT, Bytes{IPPROTO_UDP, 0} + word(offset | (more ? 1 : 0)) + number(77) + part);
}
Bytes udp(const Bytes& data) { return word(1000) + word(2000) + word(8 + data.size()) + word(0) + data; }
Bytes tcp(std::uint8_t flags, const Bytes& data) {
    return word(1000) + word(2000) + number(500) + number(900) + Bytes{5 << 4, flags} + zeros(6) + data;
}

// RFC 9260, 3.2: each chunk is filled up to four bytes, which its length does not count.
Bytes chunk(std::uint8_t type, const Bytes& value) {
    return Bytes{type, 0} + word(4 + value.size()) + value + zeros((4 - value.size() % 4) % 4);
}
Bytes data_chunk(std::uint32_t sequence, const Bytes& data) { return chunk(0, number(sequence) + zeros(8) + data); }
Bytes sctp(const Bytes& chunks) { return word(1000) + word(2000) + zeros(8) + chunks; }

Packet read(const Bytes& frame) {
    Reader reader;
    Packet packet;
    EXPECT_TRUE(reader.read(0, frame, packet));
    return packet;
}

TEST(Packets, TellPortsAndPayloadOfADatagram) {
    for (const Bytes& frame : {in_ipv4(IPPROTO_UDP, udp(counted(9))), in_ipv6(IPPROTO_UDP, udp(counted(9)))}) {
        const Packet packet = read(frame);
        EXPECT_EQ(packet.carries, Carries::datagram);
        EXPECT_EQ(packet.source, 1000);
        EXPECT_EQ(packet.destination, 2000);
        EXPECT_EQ(packet.data, counted(9));
        EXPECT_EQ(packet.frames, std::vector<Bytes>{frame});
    }
}

TEST(Packets, TellHowFarASegmentGoesAndWhatItAcknowledges) {
    const Packet packet = read(in_ipv4(IPPROTO_TCP, tcp(0x10, counted(7))));
    EXPECT_EQ(packet.carries, Carries::segment);
    EXPECT_EQ(packet.behind, 507u);
    EXPECT_EQ(packet.acknowledged, 900u);
    EXPECT_FALSE(packet.resets);
    EXPECT_TRUE(read(in_ipv4(IPPROTO_TCP, tcp(4, {}))).resets);
}

TEST(Packets, TellTheDataOfAllChunksOfAnAssociation) {
    const Packet packet = read(in_ipv4(IPPROTO_SCTP, sctp(data_chunk(41, counted(5)) + data_chunk(42, counted(3)))));
    EXPECT_EQ(packet.carries, Carries::segment);
    EXPECT_EQ(packet.data, counted(5) + counted(3)) << "without what fills a chunk up";
    EXPECT_EQ(packet.behind, 43u);
    EXPECT_FALSE(packet.acknowledged);
}

TEST(Packets, TellWhatAnAssociationAcknowledgesAndThatItIsAborted) {
    const Bytes sack = chunk(3, number(99) + zeros(8));
    EXPECT_EQ(read(in_ipv6(IPPROTO_SCTP, sctp(sack))).acknowledged, 100u);
    const Packet both = read(in_ipv6(IPPROTO_SCTP, sctp(sack + chunk(6, {}))));
    EXPECT_EQ(both.acknowledged, 100u);
    EXPECT_TRUE(both.resets);
}

TEST(Packets, EndAtAChunkWhoseLengthIsNone) {
    const Packet packet = read(in_ipv4(IPPROTO_SCTP, sctp(Bytes{1, 0, 0, 0} + data_chunk(41, counted(5)))));
    EXPECT_TRUE(packet.data.empty());
}

TEST(Packets, TellARefusalByItsVersion) {
    EXPECT_EQ(read(in_ipv4(IPPROTO_ICMP, Bytes{3} + zeros(7))).carries, Carries::refusal);
    EXPECT_EQ(read(in_ipv4(IPPROTO_ICMP, Bytes{8} + zeros(7))).carries, Carries::noise);
    EXPECT_EQ(read(in_ipv6(IPPROTO_ICMPV6, Bytes{1} + zeros(7))).carries, Carries::refusal);
}

TEST(Packets, MayBeCutAnywhere) {
    for (const Bytes& frame : {in_ipv4(IPPROTO_UDP, udp(counted(9))), in_ipv6(IPPROTO_TCP, tcp(0x10, counted(7))),
                               in_ipv4(IPPROTO_SCTP, sctp(data_chunk(41, counted(5)) + chunk(3, zeros(12)))),
                               fragment(0, false, udp(counted(20)))})
        for (std::size_t bytes = 0; bytes < frame.size(); ++bytes) {
            Reader reader;
            Packet packet;
            reader.read(0, std::span(frame).first(bytes), packet);
            EXPECT_LE(packet.data.size(), bytes);
        }
}

TEST(Packets, ArePutTogetherOfFragmentsInAnyOrder) {
    const Bytes whole = udp(counted(24)), first(whole.begin(), whole.begin() + 16),
                rest(whole.begin() + 16, whole.end());
    for (const bool in_order : {true, false}) {
        Reader reader;
        Packet packet;
        const Bytes one = fragment(0, true, first), two = fragment(16, false, rest);
        EXPECT_FALSE(reader.read(1, in_order ? one : two, packet));
        EXPECT_TRUE(reader.read(1, in_order ? two : one, packet));
        EXPECT_EQ(packet.carries, Carries::datagram);
        EXPECT_EQ(packet.data, counted(24));
        EXPECT_EQ(packet.frames.size(), 2u);
    }
}

TEST(Packets, AreNotPutTogetherOfFragmentsOfTwoHosts) {
    Reader reader;
    Packet packet;
    EXPECT_FALSE(reader.read(0, fragment(0, true, counted(16)), packet));
    EXPECT_FALSE(reader.read(1, fragment(16, false, counted(8)), packet));
}

TEST(Packets, WaitForNoEndOfAnEmptyFragment) {
    Reader reader;
    Packet packet;
    EXPECT_FALSE(reader.read(0, fragment(0, true, {}), packet));
}

}  // namespace
}  // namespace crosstalk::agent
