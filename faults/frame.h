// What travels between the tool and an agent: bounded, checksummed frames over any transport of bytes.
// Frames from an agent in a hostile place are untrusted: every length, index and enumerator is checked here, and a
// frame that fails any check is an error value, never a crash. Little-endian, fixed layout (static_assert-ed PODs).
//
//   "XTK1"  kind u8  spare u8[3]  length u32  serial u64  crc32 u32 (of kind..serial and payload)  payload[length]
//
// Noise before the first frame (a kernel's boot messages) is skipped by searching for the magic.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "faults/case.h"
#include "mechanisms/history.h"

namespace crosstalk {

enum class FrameKind : std::uint8_t {
    hello,        // to the agent: Hello (core to pin to, what to withhold)
    environment,  // from it: "key=value\n" lines
    play,         // to it: a case; serial's low 16 bits are the payload's case number
    history,      // from it, same serial
    refused,      // from it: a line that says why the case could not be played
    quit,         // to it
};

inline constexpr std::size_t frame_header_bytes = 24;
inline constexpr std::size_t max_frame_bytes = 16u << 20;  // a history of 64 actors x 256 steps with full runs fits

struct Frame {
    FrameKind kind = FrameKind::quit;
    std::uint64_t serial = 0;
    std::vector<std::uint8_t> payload;
};

using Error = std::string;  // one line that says what is wrong and where
template <class T> using Expected = tl::expected<T, Error>;

void append_frame(std::vector<std::uint8_t>& out, FrameKind kind, std::uint64_t serial,
                  std::span<const std::uint8_t> payload);

// Cuts frames out of a stream of bytes that arrives in pieces.
class FrameReader {
  public:
    // Adds received bytes. Then take() until it gives nothing.
    void add(std::span<const std::uint8_t> bytes);
    // The next whole frame; nullopt if more bytes are needed; an error if the stream is corrupt (the reader is then
    // spent). Before the first frame, bytes that are no frame are skipped as noise.
    Expected<std::optional<Frame>> take();
    std::size_t waiting() const { return bytes_.size() - used_; }

  private:
    std::vector<std::uint8_t> bytes_;
    std::size_t used_ = 0;
    bool met_ = false;
};

std::vector<std::uint8_t> encode(const Case& value);
Expected<Case> decode_case(std::span<const std::uint8_t> payload);   // also why_not()-checked
std::vector<std::uint8_t> encode(const History& history);
Expected<History> decode_history(std::span<const std::uint8_t> payload);
// Values are made printable ASCII; keys must be [a-z0-9_]+.
std::vector<std::uint8_t> encode(const Environment& environment);
Expected<Environment> decode_environment(std::span<const std::uint8_t> payload);

inline constexpr int agent_trouble = 3;  // exit status of an agent that cannot go on, and may have said why

struct Hello {
    std::uint32_t version = 1;
    std::int32_t core = -1;            // to pin the lane to; -1: any one
    std::uint32_t withhold = 0;        // Ability bits not to use, for tests of the lower tiers
    std::uint32_t case_time_limit_ms = 2000;
};
std::vector<std::uint8_t> encode(const Hello& hello);
Expected<Hello> decode_hello(std::span<const std::uint8_t> payload);

// What an agent can do beyond plain POSIX; probed at start, printed, and withheld on demand.
enum Ability : std::uint32_t {
    ability_user_namespace = 1, ability_fifo_scheduling = 2, ability_idle_scheduling = 4, ability_proc = 8,
    ability_pidfd_getfd = 16, ability_memfd = 32, ability_execveat = 64, ability_seccomp = 128, ability_lane_user = 256,
    ability_two_hosts = 512, ability_own_machine = 1024, ability_clone_parent = 2048,
};

std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t seed = 0);

}  // namespace crosstalk
