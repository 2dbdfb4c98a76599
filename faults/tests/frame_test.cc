// Frames, cases and histories on the wire: exact round trips, and no crash and no nonsense from a hostile sender.
#include "faults/frame.h"

#include <gtest/gtest.h>

#include "faults/tests/samples.h"

namespace crosstalk {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes framed(FrameKind kind, std::uint64_t serial, const Bytes& payload) {
    Bytes out;
    append_frame(out, kind, serial, payload);
    return out;
}

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Crc32, IsTheKnownOneAndChains) {
    const Bytes nine = bytes_of("123456789");  // the check value that catalogues of CRCs give for this text
    EXPECT_EQ(crc32(nine), 0xcbf43926u);
    Bytes longer(1000);
    for (std::size_t i = 0; i < longer.size(); ++i) longer[i] = static_cast<std::uint8_t>(i * i);
    const std::span<const std::uint8_t> all(longer);
    for (std::size_t cut = 0; cut <= longer.size(); cut += 13)
        ASSERT_EQ(crc32(all.subspan(cut), crc32(all.first(cut))), crc32(all));
}

TEST(Frame, SurvivesAnyCutOfTheStream) {
    const Bytes payload = encode(samples::busy_case());
    Bytes stream = framed(FrameKind::play, 0x123456789abcdef0, payload);
    const Bytes second = framed(FrameKind::quit, 1, {});
    stream.insert(stream.end(), second.begin(), second.end());
    for (std::size_t piece = 1; piece < stream.size(); piece = piece * 2 + 1) {
        FrameReader reader;
        std::vector<Frame> frames;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.add(std::span(stream).subspan(at, std::min(piece, stream.size() - at)));
            while (true) {
                auto frame = reader.take();
                ASSERT_TRUE(frame.has_value()) << frame.error();
                if (!frame->has_value()) break;
                frames.push_back(std::move(**frame));
            }
        }
        ASSERT_EQ(frames.size(), 2u);
        EXPECT_EQ(frames[0].kind, FrameKind::play);
        EXPECT_EQ(frames[0].serial, 0x123456789abcdef0u);
        EXPECT_EQ(frames[0].payload, payload);
        EXPECT_EQ(frames[1].kind, FrameKind::quit);
        EXPECT_EQ(reader.waiting(), 0u);
    }
}

TEST(Frame, NoiseBeforeTheFirstIsSkippedAlsoIfItLooksLikeOne) {
    FrameReader reader;
    reader.add(bytes_of("[    0.0] booting XTK1 ... XTK"));
    ASSERT_FALSE(reader.take()->has_value());
    Bytes spoilt = framed(FrameKind::environment, 5, bytes_of("a=1\n"));
    spoilt[frame_header_bytes] ^= 1;
    reader.add(spoilt);
    reader.add(framed(FrameKind::environment, 6, bytes_of("a=2\n")));
    const auto frame = reader.take();
    ASSERT_TRUE(frame.has_value());
    ASSERT_TRUE(frame->has_value());
    EXPECT_EQ((*frame)->serial, 6u);
}

TEST(Frame, EveryFlippedByteAfterTheFirstFrameIsAnError) {
    const Bytes hello = framed(FrameKind::hello, 0, encode(Hello{}));
    const Bytes good = framed(FrameKind::history, 9, bytes_of("payload"));
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const auto flip : std::to_array<std::uint8_t>({0x01, 0x80, 0xff})) {
            Bytes bad = good;
            bad[at] ^= flip;
            FrameReader reader;
            reader.add(hello);
            ASSERT_TRUE(reader.take()->has_value());
            reader.add(bad);
            const auto frame = reader.take();
            // A larger length waits for bytes that never come; all else is refused at once, and stays refused.
            if (frame.has_value()) {
                ASSERT_FALSE(frame->has_value()) << "byte " << at << " is not covered";
                ASSERT_TRUE(at >= 8 && at < 12);
            } else {
                EXPECT_FALSE(reader.take().has_value());
            }
        }
}

TEST(CaseOnTheWire, ComesBackEqual) {
    for (const Case& value : {samples::small_case(), samples::busy_case()}) {
        ASSERT_EQ(why_not(value), "");
        const auto back = decode_case(encode(value));
        ASSERT_TRUE(back.has_value()) << back.error();
        EXPECT_TRUE(*back == value);
    }
}

TEST(CaseOnTheWire, EveryTruncationIsAnErrorAndEveryFlippedByteIsSafe) {
    const Bytes good = encode(samples::busy_case());
    for (std::size_t length = 0; length < good.size(); ++length)
        ASSERT_FALSE(decode_case(std::span(good).first(length)).has_value()) << length;
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const auto flip : std::to_array<std::uint8_t>({0x01, 0x10, 0x80, 0xff})) {
            Bytes bad = good;
            bad[at] ^= flip;
            const auto value = decode_case(bad);
            if (value.has_value()) {
                ASSERT_EQ(why_not(*value), "");
            } else {
                ++refused;
            }
        }
    EXPECT_GT(refused, good.size()) << "the checks refuse little";
    Bytes more = good;
    more.push_back(0);
    EXPECT_FALSE(decode_case(more).has_value());
}

TEST(HistoryOnTheWire, ComesBackEqual) {
    const History value = samples::busy_history();
    const auto back = decode_history(encode(value));
    ASSERT_TRUE(back.has_value()) << back.error();
    EXPECT_TRUE(*back == value);
    History other = value;
    other.raw.back() ^= 1;
    EXPECT_FALSE(*back == other) << "equality must look at the raw bytes";
    EXPECT_EQ(why_not(samples::busy_case(), value), "");
}

TEST(HistoryOnTheWire, EveryTruncationIsAnErrorAndEveryFlippedByteIsSafe) {
    const Bytes good = encode(samples::busy_history());
    for (std::size_t length = 0; length < good.size(); ++length)
        ASSERT_FALSE(decode_history(std::span(good).first(length)).has_value()) << length;
    for (std::size_t at = 0; at < good.size(); ++at)
        for (int flip = 1; flip < 256; flip = flip * 3 + 1) {
            Bytes bad = good;
            bad[at] ^= static_cast<std::uint8_t>(flip);
            const auto value = decode_history(bad);
            if (!value.has_value()) continue;
            Stamp last = 0;
            for (const Event& e : value->events) {  // all that a reader indexes by
                ASSERT_GE(e.began, last);
                last = e.began;
                ASSERT_LT(static_cast<std::size_t>(e.kind), event_kind_count);
                ASSERT_LT(static_cast<std::size_t>(e.verb), verb_count);
                for (const auto& run : value->runs_of(e)) {
                    ASSERT_TRUE(run.kind != RunKind::raw || value->raw_of(run).size() == run.length);
                }
            }
        }
}

TEST(HistoryOnTheWire, OfAnotherCaseIsRefusedBesideThisOne) {
    const Case value = samples::busy_case();
    const auto refuses = [&](auto change) {
        History history = samples::busy_history();
        change(history);
        return !why_not(value, history).empty();
    };
    EXPECT_FALSE(refuses([](History&) {}));
    EXPECT_TRUE(refuses([](History& h) { h.events[1].actor = 63; }));
    EXPECT_TRUE(refuses([](History& h) { h.events[1].step = 255; }));
    EXPECT_TRUE(refuses([](History& h) { h.events[1].verb = Verb::seek; }));
    EXPECT_TRUE(refuses([](History& h) { h.events[1].times = 1000; }));
    EXPECT_TRUE(refuses([](History& h) { h.events[0].object = 15; }));
    EXPECT_TRUE(refuses([](History& h) { h.runs[0].step = 200; }));
    EXPECT_TRUE(refuses([](History& h) { h.runs[0].offset = 1u << 20; }));
}

TEST(Hello, ComesBackEqualAndIsChecked) {
    const Hello hello{1, 3, ability_memfd | ability_seccomp, 500};
    const auto back = decode_hello(encode(hello));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->core, 3);
    EXPECT_EQ(back->withhold, hello.withhold);
    EXPECT_EQ(back->case_time_limit_ms, 500u);
    EXPECT_FALSE(decode_hello(encode(Hello{.version = 2})).has_value());
    EXPECT_FALSE(decode_hello(Bytes(5)).has_value());
}

TEST(EnvironmentOnTheWire, IsLinesOfKeyAndValue) {
    Environment environment;
    environment.said = {{"kernel", "6.1.0-18 #1 = SMP"}, {"pipe_buf", "4096"}, {"withheld", ""}};
    const auto back = decode_environment(encode(environment));
    ASSERT_TRUE(back.has_value()) << back.error();
    EXPECT_EQ(back->said, environment.said);
    EXPECT_EQ(back->number("pipe_buf", 0), 4096);
    EXPECT_EQ(back->number("kernel", -7), -7);
    EXPECT_EQ(back->text("nothing"), "");
    for (const char* bad : {"a", "a=1", "=1\n", "A=1\n", "a=1\na=2\n", "a=\x01\n", "a=1\n\n"})
        EXPECT_FALSE(decode_environment(bytes_of(bad)).has_value()) << bad;
}

}  // namespace
}  // namespace crosstalk
