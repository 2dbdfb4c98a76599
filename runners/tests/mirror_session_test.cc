// The mirror as a target: a session like any other, whose replies depend on the case and its serial only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "properties/draw.h"
#include "runners/targets/catalog.h"
#include "runners/targets/mirror_session.h"

namespace crosstalk {
namespace {

Case drawn(std::uint64_t seed) {
    const MirrorSession session;
    const Ground ground = ground_of(session.environment());
    return cases_of(property("order"), 0, no_fault, ground)(rc::Random(seed), 50).value();
}

Reply play(Session& session, std::uint64_t serial, const Case& value) {
    session.send(serial, value);
    return session.receive(std::chrono::seconds(1)).value();
}

TEST(MirrorSession, IsATargetByItsName) {
    const Expected<Target> target = target_named("mirror");
    ASSERT_TRUE(target) << target.error();
    const auto session = target->start({});
    ASSERT_TRUE(session) << session.error();
    EXPECT_EQ((*session)->environment().text("kernel"), "mirror");
    EXPECT_EQ((*session)->environment().number("pipe_buf", 0), 4096);
}

TEST(MirrorSession, RepliesInTheOrderOfSendingAndFitsTheCases) {
    MirrorSession session;
    for (std::uint64_t serial = 1; serial <= 20; ++serial) session.send(serial, drawn(serial));
    for (std::uint64_t serial = 1; serial <= 20; ++serial) {
        const auto reply = session.receive(std::chrono::seconds(1));
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->serial, serial);
        ASSERT_EQ(reply->kind, Reply::Kind::played);
        EXPECT_EQ(why_not(drawn(serial), reply->history), "");
    }
    EXPECT_FALSE(session.receive(std::chrono::seconds(1))) << "there is nothing left to answer";
}

TEST(MirrorSession, AnswersACaseOfEqualSerialAlike) {
    MirrorSession one, other;
    int differ = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const Case value = drawn(seed);
        const History first = play(one, 7, value).history;
        EXPECT_EQ(first, play(other, 7, value).history);
        differ += !(first == play(one, 8, value).history);
    }
    EXPECT_GT(differ, 25) << "another serial is another choice of what is allowed";
}

TEST(MirrorSession, RefusesWhatAnAgentRefuses) {
    MirrorSession session;
    Case value = drawn(1);
    value.program.actors[0].steps.at(0).times = 0;
    const Reply reply = play(session, 1, value);
    EXPECT_EQ(reply.kind, Reply::Kind::refused);
    EXPECT_EQ(reply.why, why_not(value));
}

}  // namespace
}  // namespace crosstalk
