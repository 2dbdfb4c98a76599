// The checksum of frames: CRC-32 as in ISO 3309 (reflected, polynomial 0x04c11db7), sixteen bytes a round through
// tables, as Kounavis and Berry describe in "A systematic approach to building high performance, software-based, CRC
// generators", 2005. It finds accidents; it is no defence against an agent that lies on purpose.
#include <array>
#include <bit>
#include <cstring>

#include "faults/frame.h"

namespace crosstalk {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t slices = 16;
using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

consteval Tables make_tables() {
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
        tables[0][byte] = crc;
    }
    for (std::size_t slice = 1; slice < slices; ++slice)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[slice - 1][byte];
            tables[slice][byte] = (before >> 8) ^ tables[0][before & 255];
        }
    return tables;
}

constexpr Tables tables = make_tables();

// The four bytes of one word, `first` being the slice of its lowest byte.
std::uint32_t four(std::uint32_t word, std::size_t first) {
    return tables[first][word & 255] ^ tables[first - 1][(word >> 8) & 255] ^ tables[first - 2][(word >> 16) & 255] ^
           tables[first - 3][word >> 24];
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t seed) {
    std::uint32_t crc = ~seed;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= slices; left -= slices, at += slices) {
        std::array<std::uint32_t, 4> words;
        std::memcpy(words.data(), at, slices);
        crc = four(words[0] ^ crc, 15) ^ four(words[1], 11) ^ four(words[2], 7) ^ four(words[3], 3);
    }
    for (; left > 0; --left) crc = (crc >> 8) ^ tables[0][(crc ^ *at++) & 255];
    return ~crc;
}

}  // namespace crosstalk
