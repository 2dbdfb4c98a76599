// A session without an agent: cases are played by the mirror (properties/mirror), in this thread, as replies are asked
// for. A reply is a pure function of the case and its serial, so what a run found replays exactly. With a mutation, the
// mirror breaks one promise.
#pragma once

#include <deque>

#include "properties/mirror/mutations.h"
#include "runners/targets/target.h"

namespace crosstalk {

class MirrorSession final : public Session {
  public:
    static Expected<std::unique_ptr<Session>> start(const SessionOptions& options);
    // `mutation`: must outlive the session, as those of mirror::mutations() do; or nullptr.
    explicit MirrorSession(const mirror::Mutation* mutation = nullptr);
    const Environment& environment() const override { return environment_; }
    std::size_t in_flight_bytes() const override { return ~std::size_t{0}; }
    bool send(std::uint64_t serial, const Case& value) override;
    std::optional<Reply> receive(std::chrono::milliseconds time_limit) override;

  private:
    struct Sent {
        std::uint64_t serial;
        Case value;
    };
    const mirror::Mutation* mutation_;
    Environment environment_;
    std::deque<Sent> sent_;
};

}  // namespace crosstalk
