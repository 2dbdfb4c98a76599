// A target: a place where cases can be played. A session is one agent there, reached by two streams of bytes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "faults/frame.h"

namespace crosstalk {

// The answer to one case.
struct Reply {
    enum class Kind : std::uint8_t { played, refused, died } kind = Kind::died;
    std::uint64_t serial = 0;
    History history;       // played
    std::string why;       // refused: why; died: what is known (exit status, console tail)
    bool gave_up = false;  // died: the agent itself ended, over trouble of its own: no fault of the target's
};

class Session {
  public:
    virtual ~Session() = default;
    virtual const Environment& environment() const = 0;
    // Bytes that may be sent ahead of replies.
    virtual std::size_t in_flight_bytes() const = 0;
    // Sends a case; several may be in flight. False if the agent is gone (receive() then tells).
    virtual bool send(std::uint64_t serial, const Case& value) = 0;
    // The next reply in order of sending; nullopt when the time is up. After `died` the session is spent.
    virtual std::optional<Reply> receive(std::chrono::milliseconds time_limit) = 0;
};

struct SessionOptions {
    int core = -1;
    std::uint32_t withhold = 0;  // abilities not to use
    std::string lie{};           // that the agent is to tell (faults/lies); "": none
    std::chrono::milliseconds case_time_limit{2000};
};

struct Target {
    std::string name, about;
    // Starts an agent and shakes hands; an error says why it cannot and what would help.
    std::function<Expected<std::unique_ptr<Session>>(const SessionOptions&)> start;
    unsigned lanes = 0;          // sessions side by side at most; 0: as many as asked for
    bool may_be_absent = false;  // a first start that fails says that it is not here, not that something broke
};

}  // namespace crosstalk
