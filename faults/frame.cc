// Frames in a stream of bytes: put together, and cut out again. What payloads mean is in the other frame_*.cc files.
#include "faults/frame.h"

#include <algorithm>
#include <cstring>

#include "faults/wire.h"

namespace crosstalk {
namespace {

constexpr std::array<std::uint8_t, 4> magic{'X', 'T', 'K', '1'};

struct Header {
    std::array<std::uint8_t, 4> magic;
    FrameKind kind;
    std::array<std::uint8_t, 3> spare;
    std::uint32_t length;
    std::uint32_t serial_low, serial_high;  // halves, so that nothing is padded
    std::uint32_t crc;
};
static_assert(sizeof(Header) == frame_header_bytes);

constexpr std::size_t covered_from = 4, covered_bytes = 16;  // kind..serial

std::uint32_t checksum(const std::uint8_t* frame, std::span<const std::uint8_t> payload) {
    return crc32(payload, crc32({frame + covered_from, covered_bytes}));
}

const char* wrong_with(const Header& header) {
    if (header.magic != magic) return "no frame where one must begin";
    if (header.kind > FrameKind::quit) return "a frame of unknown kind";
    if (header.spare != std::array<std::uint8_t, 3>{}) return "a frame whose spare bytes are not 0";
    if (header.length > max_frame_bytes) return "a frame longer than 16 MiB";
    return nullptr;
}

}  // namespace

void append_frame(std::vector<std::uint8_t>& out, FrameKind kind, std::uint64_t serial,
                  std::span<const std::uint8_t> payload) {
    Header header{magic,
                  kind,
                  {},
                  static_cast<std::uint32_t>(payload.size()),
                  static_cast<std::uint32_t>(serial),
                  static_cast<std::uint32_t>(serial >> 32),
                  0};
    header.crc = checksum(reinterpret_cast<const std::uint8_t*>(&header), payload);
    out.reserve(out.size() + sizeof header + payload.size());
    wire::append(out, header);
    out.insert(out.end(), payload.begin(), payload.end());
}

void FrameReader::add(std::span<const std::uint8_t> bytes) {
    if (used_ > 0 && used_ >= bytes_.size() / 2) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
        used_ = 0;
    }
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

Expected<std::optional<Frame>> FrameReader::take() {
    while (true) {
        if (!met_) {  // noise, up to what may be the beginning of a frame
            const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(used_);
            auto found = std::search(from, bytes_.end(), magic.begin(), magic.end());
            if (found == bytes_.end())
                found = std::max(from, bytes_.end() - std::min<std::ptrdiff_t>(3, bytes_.end() - from));
            used_ = static_cast<std::size_t>(found - bytes_.begin());
        }
        if (waiting() < frame_header_bytes) return std::optional<Frame>();
        const std::uint8_t* const start = bytes_.data() + used_;
        Header header;
        std::memcpy(&header, start, sizeof header);
        const char* wrong = wrong_with(header);
        if (wrong == nullptr) {
            if (waiting() - frame_header_bytes < header.length) return std::optional<Frame>();
            const std::span payload(start + frame_header_bytes, header.length);
            if (checksum(start, payload) == header.crc) {
                met_ = true;
                used_ += frame_header_bytes + header.length;
                return Frame{header.kind,
                             std::uint64_t{header.serial_high} << 32 | header.serial_low,
                             {payload.begin(), payload.end()}};
            }
            wrong = "a frame whose checksum does not fit";
        }
        if (met_) return tl::unexpected<Error>(std::string("stream: ") + wrong);
        ++used_;  // noise that looked like a frame
    }
}

}  // namespace crosstalk
