// Decoding what was torn, mixed, shifted, spoilt, or not ours: no origin is invented and no byte goes missing.
#include <gtest/gtest.h>

#include <random>

#include "mechanisms/payload.h"
#include "mechanisms/tests/payload_pieces.h"

namespace crosstalk {
namespace {

using namespace payload_pieces;

TEST(Decode, KeepsWhatIsTooShortAsRawBytes) {
    const Table table(2, 2, 4096);
    const auto bytes = piece(1, 1, 3, 7);
    const Decoded d = decoded(table, bytes);
    ASSERT_EQ(d.runs.size(), 1u);
    EXPECT_EQ(d.runs[0].kind, RunKind::raw);
    EXPECT_EQ(d.raw, bytes);
}

// The byte behind a stream that ends within a word may be as that word would go on.
TEST(Decode, TakesNoWordForForeignThatEndsBehindItsStream) {
    const Table table(2, 2, 103);
    const auto bytes = piece(1, 1, 89, 15);
    const Decoded d = decoded(table, bytes);
    ASSERT_EQ(rebuilt(d), bytes);
    for (const crosstalk::Run& run : d.runs) EXPECT_NE(run.kind, RunKind::foreign);
}

TEST(Decode, SeesEachPieceOfTornAndMixedWritesAtAnyAlignment) {
    const Table table(8, 16, 4096);
    std::mt19937 random(7);
    for (int round = 0; round < 5000; ++round) {
        std::vector<std::uint8_t> bytes;
        std::vector<crosstalk::Run> sent;
        for (std::size_t i = 0, pieces = 1 + random() % 6; i < pieces; ++i) {
            const crosstalk::Run run{RunKind::origin, static_cast<ActorId>(random() % 8),
                                     static_cast<StepId>(random() % 16), static_cast<std::uint32_t>(random() % 3000),
                                     15 + static_cast<std::uint32_t>(random() % 500)};
            append(bytes, piece(run.actor, run.step, run.offset, run.length));
            sent.push_back(run);
        }
        const Decoded d = decoded(table, bytes);
        ASSERT_EQ(d.covered, bytes.size());
        ASSERT_EQ(rebuilt(d), bytes) << "runs must never claim bytes that were not received";
        ASSERT_EQ(d.runs.size(), sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i) {
            EXPECT_EQ(d.runs[i].kind, RunKind::origin);
            EXPECT_EQ(d.runs[i].actor, sent[i].actor);
            EXPECT_EQ(d.runs[i].step, sent[i].step);
            // Boundaries move by the bytes on which neighbours agree by chance, and never far.
            EXPECT_NEAR(d.runs[i].offset, sent[i].offset, 8);
            EXPECT_NEAR(d.runs[i].length, sent[i].length, 16);
        }
    }
}

TEST(Decode, ChanceEqualBytesMoveABoundaryButNoByte) {
    // Looks for two streams that agree on the byte at the cut: the first run then takes one byte too many.
    const Table table(2, 200, 4096);
    for (StepId step = 0; step < 200; ++step) {
        const auto first = piece(0, step, 0, 101), second = piece(1, step, 40, 60);
        if (first[100] != second[0]) continue;
        std::vector<std::uint8_t> bytes(first.begin(), first.begin() + 100);
        append(bytes, second);
        const Decoded d = decoded(table, bytes);
        ASSERT_EQ(d.runs.size(), 2u);
        EXPECT_GE(d.runs[0].length, 101u);
        EXPECT_EQ(d.runs[1].offset, 40 + d.runs[0].length - 100);
        EXPECT_EQ(rebuilt(d), bytes);
        return;
    }
    FAIL() << "no two streams agreed on a byte: the test looks at nothing";
}

TEST(Decode, ShiftedDataIsFoundWhereItIsAndGarbageIsKept) {
    const Table table(2, 2, 4096);
    for (std::size_t shift = 0; shift < 64; ++shift) {
        std::vector<std::uint8_t> bytes(shift, 0xee);
        append(bytes, piece(1, 0, 8, 300));
        append(bytes, std::vector<std::uint8_t>(shift, 0x11));
        const Decoded d = decoded(table, bytes);
        ASSERT_EQ(rebuilt(d), bytes);
        const auto proven =
            std::find_if(d.runs.begin(), d.runs.end(), [](auto& r) { return r.kind == RunKind::origin; });
        ASSERT_NE(proven, d.runs.end());
        EXPECT_NEAR(proven->length, 300, 2);
    }
}

TEST(Decode, OneFlippedByteBreaksOneRunInTwoAndIsKeptRaw) {
    const Table table(2, 2, 4096);
    const auto good = piece(1, 1, 0, 256);
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bytes = good;
        bytes[at] ^= 0x20;
        const Decoded d = decoded(table, bytes);
        ASSERT_EQ(d.covered, bytes.size());
        ASSERT_EQ(rebuilt(d), bytes);
        ASSERT_LE(d.runs.size(), 3u);
        ASSERT_TRUE(std::any_of(d.runs.begin(), d.runs.end(), [](auto& r) { return r.kind == RunKind::raw; }));
    }
}

TEST(Decode, AnotherCasesBytesAreForeign) {
    const Table table(2, 2, 4096);
    std::vector<std::uint8_t> bytes = piece(0, 0, 0, 64);
    append(bytes, piece(1, 1, 100, 64, 4096, our_case + 1));
    const Decoded d = decoded(table, bytes);
    ASSERT_EQ(d.runs.size(), 2u);
    EXPECT_EQ(d.runs[1].kind, RunKind::foreign);
    EXPECT_EQ(d.runs[1].offset, 100u);
}

TEST(Decode, AStepThatWritesNothingMakesItsWordsForeign) {
    const Table table(1, 1, 4096);
    const Decoded d = decoded(table, piece(1, 0, 0, 64));
    ASSERT_EQ(d.runs.size(), 1u);
    EXPECT_EQ(d.runs[0].kind, RunKind::foreign);
}

TEST(Decode, ALoneForeignWordProvesNothing) {
    const Table table(1, 1, 4096);
    const Decoded d = decoded(table, piece(0, 0, 8, 8, 4096, our_case + 1));
    ASSERT_EQ(d.runs.size(), 1u);
    EXPECT_EQ(d.runs[0].kind, RunKind::raw);
}

TEST(Decode, GarbageIsNeverTakenForAnOrigin) {
    const Table table(8, 40, 4096);
    std::mt19937_64 random(1);
    std::vector<std::uint8_t> bytes(1 << 20);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    const Decoded d = decoded(table, bytes);
    EXPECT_EQ(d.covered, bytes.size());
    EXPECT_EQ(d.runs.size(), 1u);
    EXPECT_EQ(d.raw, bytes);
}

TEST(Decode, WithoutRoomForRunsItSaysHowFarItGot) {
    const Table table(8, 8, 4096);
    std::vector<std::uint8_t> bytes;
    for (ActorId a = 0; a < 8; ++a) append(bytes, piece(a, 0, 0, 100));
    const Decoded d = decoded(table, bytes, 3);
    EXPECT_EQ(d.runs.size(), 3u);
    EXPECT_NEAR(static_cast<double>(d.covered), 300, 8);
    EXPECT_EQ(decoded(table, bytes, 0).covered, 0u);
}

TEST(Decode, WithoutRoomForRawBytesTheRawRunIsCut) {
    const Table table(1, 1, 4096);
    const std::vector<std::uint8_t> bytes(50, 0x42);
    std::array<crosstalk::Run, 4> runs;
    std::array<std::uint8_t, 20> raw;
    std::uint32_t raw_used = 8;
    std::uint64_t covered = 0;
    ASSERT_EQ(decode(our_case, table.view(), bytes, runs, raw, &raw_used, &covered), 1u);
    EXPECT_EQ(runs[0], (crosstalk::Run{RunKind::raw, 0, 0, 8, 12}));
    EXPECT_EQ(covered, 12u);
    EXPECT_EQ(raw_used, 20u);
}

}  // namespace
}  // namespace crosstalk
