// Sessions with real processes that are no agents: births, deaths and noise, by way of small shell scripts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "runners/targets/catalog.h"
#include "runners/targets/process_session.h"

namespace crosstalk {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string frame_as_printf(FrameKind kind, std::uint64_t serial, std::span<const std::uint8_t> payload) {
    std::vector<std::uint8_t> frame;
    append_frame(frame, kind, serial, payload);
    std::string out = "printf '";
    for (const std::uint8_t byte : frame) {
        char octal[8];
        std::snprintf(octal, sizeof octal, "\\%03o", byte);
        out += octal;
    }
    return out + "'; ";
}

std::string hello() {
    const std::string said = "kernel=Test 1\npipe_buf=4096\n";
    return frame_as_printf(FrameKind::environment, 0,
                           {reinterpret_cast<const std::uint8_t*>(said.data()), said.size()});
}
std::string history_reply(std::uint64_t serial) {
    return frame_as_printf(FrameKind::history, serial, encode(History{}));
}

Expected<std::unique_ptr<Session>> start(const std::string& script,
                                         std::chrono::milliseconds ready = std::chrono::seconds(10)) {
    return ProcessSession::start({.argv = {"/bin/sh", "-c", script}, .in_flight_bytes = 4096, .ready = ready}, {});
}

Case small_case() {
    Case out;
    out.program.objects.resize(1);
    out.program.actors.resize(2);
    out.program.actors[0].steps.resize(1);
    return out;
}

TEST(ProcessSession, ShakesHandsThroughNoise) {
    const auto session = start("echo 'booting...'; " + hello() + "cat >/dev/null");
    ASSERT_TRUE(session) << session.error();
    EXPECT_EQ((*session)->environment().text("kernel"), "Test 1");
    EXPECT_EQ((*session)->environment().number("pipe_buf", 0), 4096);
}

TEST(ProcessSession, ADeathBeforeTheHandshakeTellsStatusAndWords) {
    const auto session = start("echo 'no such device' >&2; exit 7");
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error(), AllOf(HasSubstr("status 7"), HasSubstr("no such device")));
}

TEST(ProcessSession, SilenceBeforeTheHandshakeIsBounded) {
    const auto session = start("sleep 60", std::chrono::milliseconds(50));
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error(), HasSubstr("within 50 ms"));
}

TEST(ProcessSession, ACommandThatDoesNotExistIsAnError) {
    const auto session = ProcessSession::start({.argv = {"/no/such/agent"}}, {});
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error(), AllOf(HasSubstr("/no/such/agent"), HasSubstr("No such file")));
}

TEST(ProcessSession, RepliesComeInTheOrderOfSending) {
    auto session = start(hello() + history_reply(5) + history_reply(6) + "cat >/dev/null");
    ASSERT_TRUE(session) << session.error();
    EXPECT_TRUE((*session)->send(5, small_case()));
    EXPECT_TRUE((*session)->send(6, small_case()));
    for (const std::uint64_t serial : {5u, 6u}) {
        const auto reply = (*session)->receive(std::chrono::seconds(10));
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->kind, Reply::Kind::played) << reply->why;
        EXPECT_EQ(reply->serial, serial);
    }
    EXPECT_FALSE((*session)->receive(std::chrono::milliseconds(10)));
}

TEST(ProcessSession, ADeathWithCasesInFlightTellsHow) {
    auto session = start(hello() + "head -c 1 >/dev/null; echo 'panic: oops' >&2; kill -SEGV $$");
    ASSERT_TRUE(session) << session.error();
    (*session)->send(1, small_case());
    const auto reply = (*session)->receive(std::chrono::seconds(10));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Reply::Kind::died);
    EXPECT_THAT(reply->why, AllOf(HasSubstr("SIGSEGV"), HasSubstr("panic: oops")));
    EXPECT_FALSE((*session)->send(2, small_case()));
}

TEST(ProcessSession, GarbageAfterTheHandshakeIsADeath) {
    auto session =
        start(hello() + "head -c 1 >/dev/null; echo 'this is not a frame at all, but long enough'; cat >/dev/null");
    ASSERT_TRUE(session) << session.error();
    (*session)->send(1, small_case());
    const auto reply = (*session)->receive(std::chrono::seconds(10));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Reply::Kind::died);
    EXPECT_THAT(reply->why, HasSubstr("corrupt"));
}

TEST(ProcessSession, AnAnswerToWhatWasNotAskedIsADeath) {
    auto session = start(hello() + history_reply(99) + "cat >/dev/null");
    ASSERT_TRUE(session) << session.error();
    (*session)->send(1, small_case());
    const auto reply = (*session)->receive(std::chrono::seconds(10));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Reply::Kind::died);
}

// Far more than both pipes hold, to one that reads nothing until later: send() keeps it and never blocks.
TEST(ProcessSession, SendingNeverBlocksHoweverSlowTheAgent) {
    auto session = start(hello() + "exec sleep 60");
    ASSERT_TRUE(session) << session.error();
    const auto began = std::chrono::steady_clock::now();
    for (std::uint64_t serial = 1; serial <= 2000; ++serial) (*session)->send(serial, small_case());
    EXPECT_FALSE((*session)->receive(std::chrono::milliseconds(10)));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(Targets, AnUnknownNameListsThoseThereAre) {
    const auto target = target_named("moon");
    ASSERT_FALSE(target);
    EXPECT_THAT(target.error(), HasSubstr("local"));
    EXPECT_TRUE(target_named("local"));
}

}  // namespace
}  // namespace crosstalk
