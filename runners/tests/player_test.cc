// How long a player waits for a reply: as much longer as the place has told that it is slow; and when others may work
// meanwhile.
#include "runners/campaign/player.h"

#include <deque>
#include <mutex>

#include <gtest/gtest.h>

namespace crosstalk {
namespace {

class Silent final : public Session {
  public:
    Silent(const std::string& slow_factor, std::chrono::milliseconds& waited) : waited_(waited) {
        if (!slow_factor.empty()) environment_.said["slow_factor"] = slow_factor;
    }
    const Environment& environment() const override { return environment_; }
    std::size_t in_flight_bytes() const override { return 1; }
    bool send(std::uint64_t, const Case&) override { return true; }
    std::optional<Reply> receive(std::chrono::milliseconds time_limit) override {
        waited_ = time_limit;
        return std::nullopt;
    }

  private:
    Environment environment_;
    std::chrono::milliseconds& waited_;
};

std::chrono::milliseconds wait_of(const std::string& slow_factor) {
    std::chrono::milliseconds waited{0};
    const Target target{"silent", "", [&](const SessionOptions&) -> Expected<std::unique_ptr<Session>> {
                            return std::make_unique<Silent>(slow_factor, waited);
                        }};
    SessionOptions options;
    options.case_time_limit = std::chrono::milliseconds(1000);
    Player player(target, options);
    EXPECT_EQ(player.play({}, 1).kind, Reply::Kind::died);
    return waited;
}

TEST(Player, WaitsAsMuchLongerAsThePlaceIsSlowButNotForEver) {
    EXPECT_EQ(wait_of(""), std::chrono::seconds(10));
    EXPECT_EQ(wait_of("1"), std::chrono::seconds(10));
    EXPECT_EQ(wait_of("3"), std::chrono::seconds(20));
    EXPECT_EQ(wait_of("0"), std::chrono::seconds(10));
    EXPECT_EQ(wait_of("999999999999"), std::chrono::seconds(155));
}

// Says how it was asked, and answers as the script of its waits tells: true is a reply.
class Dawdling final : public Session {
  public:
    explicit Dawdling(std::deque<bool> answers, std::function<void()> asked)
        : answers_(std::move(answers)), asked_(std::move(asked)) {}
    const Environment& environment() const override { return environment_; }
    std::size_t in_flight_bytes() const override { return 1; }
    bool send(std::uint64_t, const Case&) override { return true; }
    std::optional<Reply> receive(std::chrono::milliseconds) override {
        asked_();
        const bool answers = answers_.front();
        answers_.pop_front();
        if (!answers) return std::nullopt;
        Reply reply;
        reply.kind = Reply::Kind::played;
        return reply;
    }

  private:
    Environment environment_;
    std::deque<bool> answers_;
    std::function<void()> asked_;
};

// At each wait: could another lane have worked? Its place is the core's only one.
std::vector<bool> others_could_work(const std::deque<bool>& answers) {
    Core core(-1, 1);
    std::vector<bool> out;
    const auto look = [&] {
        out.push_back(core.try_lock());
        if (out.back()) core.unlock();
    };
    const Target target{"dawdling", "", [&](const SessionOptions&) -> Expected<std::unique_ptr<Session>> {
                            return std::make_unique<Dawdling>(answers, look);
                        }};
    const std::lock_guard place(core);
    Player player(target, {}, nullptr, &core);
    player.play({}, 1);
    look();
    return out;
}

TEST(Player, LendsItsPlaceOnlyToWaitForACaseThatSleeps) {
    EXPECT_EQ(others_could_work({true}), (std::vector<bool>{false, false}));
    EXPECT_EQ(others_could_work({false, true}), (std::vector<bool>{false, true, false}));
    EXPECT_EQ(others_could_work({false, false}), (std::vector<bool>{false, true, false})) << "a target that hangs";
}

}  // namespace
}  // namespace crosstalk
