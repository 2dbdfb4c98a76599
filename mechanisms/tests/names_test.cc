// Names, sheets and splits: small tables on which everything else relies.
#include "mechanisms/names.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <numeric>

#include "mechanisms/catalog.h"
#include "mechanisms/history.h"

namespace crosstalk {
namespace {

TEST(Names, OfErrorsGoBothWays) {
    EXPECT_EQ(errno_from(EAGAIN), Errno::EAGAIN_);
    EXPECT_EQ(errno_from(EWOULDBLOCK), Errno::EAGAIN_);
    EXPECT_EQ(errno_from(0), Errno::none);
    EXPECT_EQ(errno_from(99999), Errno::other);
    EXPECT_EQ(errno_from(-1), Errno::other);
    EXPECT_EQ(name_of(Errno::none), "");
    EXPECT_EQ(name_of(Errno::EPIPE_), "EPIPE");
    for (int i = 1; i <= static_cast<int>(Errno::other); ++i)
        EXPECT_EQ(errno_named(name_of(static_cast<Errno>(i))), static_cast<Errno>(i));
    EXPECT_FALSE(errno_named("EBOGUS").has_value());
    EXPECT_FALSE(errno_named("").has_value());
}

TEST(Names, OfSignalsGoBothWays) {
    for (int i = 1; i < static_cast<int>(Signal::other); ++i) {
        const auto signal = static_cast<Signal>(i);
        EXPECT_EQ(signal_named(name_of(signal)), signal);
        EXPECT_EQ(signal_from(number_of(signal)), signal);
    }
    EXPECT_EQ(number_of(Signal::SIGPIPE_), SIGPIPE);
    EXPECT_EQ(number_of(Signal::none), 0);
    EXPECT_EQ(number_of(Signal::other), 0);
    EXPECT_EQ(signal_from(9999), Signal::other);
}

TEST(Names, OfVerbsKindsAndEndingsGoBothWays) {
    for (const VerbSheet& sheet : verb_sheets()) {
        EXPECT_EQ(verb_named(sheet.name), sheet.verb);
        EXPECT_EQ(&sheet_of(sheet.verb), &sheet);
    }
    for (std::size_t i = 0; i < event_kind_count; ++i)
        EXPECT_EQ(event_kind_named(name_of(static_cast<EventKind>(i))), static_cast<EventKind>(i));
    for (std::size_t i = 0; i < ending_count; ++i)
        EXPECT_EQ(ending_named(name_of(static_cast<Ending>(i))), static_cast<Ending>(i));
    EXPECT_FALSE(verb_named("wriet").has_value());
}

TEST(Catalog, FindsEachMechanismByItsOwnName) {
    for (std::size_t i = 0; i < mechanisms().size(); ++i) {
        const auto id = static_cast<MechanismId>(i);
        EXPECT_EQ(mechanism_named(mechanism_of(id).name), id) << "two mechanisms of one name";
    }
    EXPECT_FALSE(mechanism_named("pipes").has_value());
}

TEST(Environment, ANumberIsAWholeDecimalOrTheOtherwise) {
    Environment environment;
    environment.said = {{"pipe_buf", "4096"},
                        {"below", "-3"},
                        {"words", "4096 bytes"},
                        {"empty", ""},
                        {"huge", "99999999999999999999"}};
    EXPECT_EQ(environment.number("pipe_buf", 1), 4096);
    EXPECT_EQ(environment.number("below", 1), -3);
    for (const char* key : {"words", "empty", "huge", "absent"}) EXPECT_EQ(environment.number(key, 1), 1) << key;
}

TEST(Split, GivesEveryByteToOneSegment) {
    for (const std::uint64_t bytes : {0ull, 1ull, 2ull, 7ull, 4096ull, 65537ull, ~0ull})
        for (const auto segments : std::to_array<std::uint16_t>({1, 2, 3, 8, 1024}))
            for (const Split split : {Split::even, Split::tiny_first, Split::tiny_last, Split::with_empty}) {
                std::vector<std::uint64_t> sizes(segments);
                ASSERT_EQ(split_into({.bytes = bytes, .segments = segments, .split = split}, sizes), segments);
                EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}), bytes);
            }
}

TEST(Split, HasTheShapeThatItIsNamedAfter) {
    const auto sizes = [](Split split) {
        std::vector<std::uint64_t> out(4);
        split_into({.bytes = 10, .segments = 4, .split = split}, out);
        return out;
    };
    EXPECT_EQ(sizes(Split::even), (std::vector<std::uint64_t>{3, 3, 2, 2}));
    EXPECT_EQ(sizes(Split::tiny_first), (std::vector<std::uint64_t>{1, 3, 3, 3}));
    EXPECT_EQ(sizes(Split::tiny_last), (std::vector<std::uint64_t>{3, 3, 3, 1}));
    EXPECT_EQ(sizes(Split::with_empty), (std::vector<std::uint64_t>{5, 0, 5, 0}));
}

TEST(Split, NeverWritesMoreThanThereIsRoomFor) {
    std::vector<std::uint64_t> sizes(3, 77);
    EXPECT_EQ(split_into({.bytes = 100, .segments = 5}, std::span(sizes).first(2)), 2u);
    EXPECT_EQ(sizes[2], 77u);
    EXPECT_EQ(split_into({.bytes = 100, .segments = 0}, sizes), 0u);
}

}  // namespace
}  // namespace crosstalk
