// Making and taking apart payload in tests: pieces of streams, a table of their lengths, and what decode() says.
#pragma once

#include <vector>

#include "mechanisms/payload.h"

namespace crosstalk::payload_pieces {

inline constexpr std::uint16_t our_case = 4711;

// A program of `actors` actors with `steps` writing steps each, all of one length.
struct Table {
    std::vector<std::uint32_t> first_step;
    std::vector<std::uint64_t> lengths;
    Table(std::size_t actors, std::size_t steps, std::uint64_t stream_bytes) : lengths(actors * steps, stream_bytes) {
        for (std::size_t a = 0; a <= actors; ++a) first_step.push_back(static_cast<std::uint32_t>(a * steps));
    }
    StreamLengths view() const { return {first_step, lengths}; }
};

inline std::vector<std::uint8_t> piece(ActorId actor, StepId step, std::uint64_t offset, std::size_t length,
                                       std::uint64_t stream_bytes = 4096, std::uint16_t case_number = our_case) {
    std::vector<std::uint8_t> bytes(length);
    fill({case_number, actor, step, stream_bytes, 0}, offset, bytes);
    return bytes;
}

struct Decoded {
    std::vector<Run> runs;
    std::vector<std::uint8_t> raw;
    std::uint64_t covered = 0;
};

inline Decoded decoded(const Table& table, std::span<const std::uint8_t> bytes, std::size_t most_runs = 4096) {
    Decoded d{std::vector<Run>(most_runs), std::vector<std::uint8_t>(bytes.size() + 1), 0};
    std::uint32_t raw_used = 0;
    d.runs.resize(decode(our_case, table.view(), bytes, d.runs, d.raw, &raw_used, &d.covered));
    d.raw.resize(raw_used);
    return d;
}

// The bytes that the runs claim, which must be the bytes received.
inline std::vector<std::uint8_t> rebuilt(const Decoded& d, std::uint64_t stream_bytes = 4096) {
    std::vector<std::uint8_t> bytes;
    for (const Run& run : d.runs) {
        const auto part = run.kind == RunKind::raw
                              ? std::vector(d.raw.begin() + run.offset, d.raw.begin() + run.offset + run.length)
                              : piece(run.actor, run.step, run.offset, run.length, stream_bytes);
        bytes.insert(bytes.end(), part.begin(), part.end());
    }
    return bytes;
}

// Test bodies see testing::Test::Run before ours.
inline crosstalk::Run origin(ActorId actor, StepId step, std::uint64_t offset, std::uint32_t length) {
    return {RunKind::origin, actor, step, static_cast<std::uint32_t>(offset), length};
}

inline void append(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace crosstalk::payload_pieces
