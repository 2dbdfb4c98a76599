// Payload: every byte says where it came from.
#include "mechanisms/payload.h"

#include <gtest/gtest.h>

#include <numeric>

#include "mechanisms/tests/payload_pieces.h"

namespace crosstalk {
namespace {

using namespace payload_pieces;

TEST(Payload, IsTheSameHoweverItIsCut) {
    const auto whole = piece(3, 7, 0, 200);
    for (std::size_t from = 0; from < whole.size(); ++from)
        for (std::size_t length = 0; from + length <= whole.size(); length += 7)
            ASSERT_EQ(piece(3, 7, from, length), std::vector(whole.begin() + from, whole.begin() + from + length));
    for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(byte_at({our_case, 3, 7, 4096, 0}, i), whole[i]);
}

TEST(Payload, NamesItsOriginInEveryWindowOfFifteenBytes) {
    const Table table(8, 16, 4096);
    for (std::uint64_t offset = 0; offset + 15 <= 4096; ++offset) {
        const Decoded d = decoded(table, piece(5, 11, offset, 15));
        ASSERT_EQ(d.runs.size(), 1u) << offset;
        ASSERT_EQ(d.runs[0], (origin(5, 11, static_cast<std::uint32_t>(offset), 15)));
        ASSERT_EQ(d.covered, 15u);
    }
}

TEST(Payload, NamesActorStepAndOffsetUpToTheirBounds) {
    const Table table(max_actors, max_steps, max_stream_bytes);
    const std::uint64_t last = max_stream_bytes - 40;
    const auto bytes = piece(max_actors - 1, max_steps - 1, last, 40, max_stream_bytes);
    const Decoded d = decoded(table, bytes);
    ASSERT_EQ(d.runs.size(), 1u);
    EXPECT_EQ(d.runs[0], (origin(max_actors - 1, max_steps - 1, static_cast<std::uint32_t>(last), 40)));
}

TEST(Payload, ARunEndsWhereItsStreamEnds) {
    // 100 bytes: the last word is not whole. The reader got the stream twice, and a tail that continues the pattern.
    const Table table(1, 1, 100);
    std::vector<std::uint8_t> bytes = piece(0, 0, 0, 100, 100);
    append(bytes, piece(0, 0, 0, 100, 100));
    append(bytes, piece(0, 0, 100, 30, 4096));
    const Decoded d = decoded(table, bytes);
    ASSERT_GE(d.runs.size(), 3u);
    EXPECT_EQ(d.runs[0], (origin(0, 0, 0, 100)));
    EXPECT_EQ(d.runs[1], (origin(0, 0, 0, 100)));
    for (std::size_t i = 2; i < d.runs.size(); ++i) EXPECT_NE(d.runs[i].kind, RunKind::origin);
}

TEST(Payload, AStreamLongerThanALapRepeatsItselfAndIsCutThere) {
    const std::uint64_t stream_bytes = 3 * max_stream_bytes + 5;
    const Table table(1, 1, stream_bytes);
    const auto bytes = piece(0, 0, max_stream_bytes - 1000, 2000, stream_bytes);
    const Decoded d = decoded(table, bytes);
    ASSERT_EQ(d.runs.size(), 2u);
    EXPECT_EQ(d.runs[0], (origin(0, 0, static_cast<std::uint32_t>(max_stream_bytes - 1000), 1000)));
    EXPECT_EQ(d.runs[1], (origin(0, 0, 0, 1000)));
    EXPECT_EQ(d.covered, 2000u);
    EXPECT_EQ(piece(0, 0, 17, 50, stream_bytes), piece(0, 0, 2 * max_stream_bytes + 17, 50, stream_bytes));
}

TEST(Payload, SmallStreamsDifferUntilTheirValuesAreUsedUp) {
    std::vector<Operation> steps;
    for (const std::uint64_t bytes : {1, 15, 16, 3, 100, 7})
        steps.push_back({.verb = Verb::write, .buffer = {.bytes = bytes}});
    steps.insert(steps.begin() + 2, Operation{.verb = Verb::read, .buffer = {.bytes = 9}});
    const std::vector<std::span<const Operation>> program{steps, steps};
    std::vector<std::uint32_t> first_step(3);
    std::vector<std::uint64_t> lengths(2 * steps.size());
    std::vector<std::uint8_t> tags(2 * steps.size());
    const StreamLengths table = lay_out(program, first_step, lengths, tags);
    std::vector<int> seen(256);
    for (ActorId a = 0; a < 2; ++a)
        for (StepId s = 0; s < steps.size(); ++s) {
            const std::size_t at = first_step[a] + s;
            ASSERT_EQ(tags[at], small_tag(program, a, s));
            ASSERT_EQ(table.of(a, s), stream_bytes(steps[s]));
            if (lengths[at] == 0 || lengths[at] >= small_stream_bytes) continue;
            std::vector<std::uint8_t> bytes(lengths[at]);
            fill({our_case, a, s, lengths[at], tags[at]}, 0, bytes);
            for (const std::uint8_t b : bytes) ++seen[b];
        }
    EXPECT_EQ(std::accumulate(seen.begin(), seen.end(), 0), 2 * (1 + 15 + 3 + 7));
    EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
    EXPECT_EQ(table.of(2, 0), 0u);
    EXPECT_EQ(table.of(0, static_cast<StepId>(steps.size())), 0u) << "the first step of the next actor";
}

TEST(Payload, AStreamIsTimesTimesBytesAndNeverOverflows) {
    EXPECT_EQ(stream_bytes({.verb = Verb::write, .times = 3, .buffer = {.bytes = 5}}), 15u);
    EXPECT_EQ(stream_bytes({.verb = Verb::write, .times = 3, .buffer = {.bytes = 1ull << 63}}), ~0ull);
    EXPECT_EQ(stream_bytes({.verb = Verb::read, .times = 3, .buffer = {.bytes = 5}}), 0u);
}

}  // namespace
}  // namespace crosstalk
