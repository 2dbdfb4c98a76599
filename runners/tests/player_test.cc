// How long a player waits for a reply: as much longer as the place has told that it is slow.
#include "runners/campaign/player.h"

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

}  // namespace
}  // namespace crosstalk
