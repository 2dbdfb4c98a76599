// How the bytes of one step lie in its actor's scratch, call by call: filled with payload before a write, decoded into
// the journal after a read.
#pragma once

#include "mechanisms/system/operations.h"
#include "runners/agent/board.h"
#include "runners/agent/scratch.h"

namespace crosstalk::agent {

// Writes down where received bytes came from; afterwards they are zero.
void received(Log& log, Event& record, std::span<std::uint8_t> bytes);

class Buffers {
  public:
    // Lays the step out; false if there is no memory for it.
    bool prepare(ActorId actor, StepId step, const Operation& operation);
    // Puts the buffer of call `index` of the step into the call.
    void place(Call& call, std::uint32_t index);
    // After a call that received `bytes`: keeps them, or writes down where they came from if there is no room to wait.
    void received(Event& record, std::uint64_t bytes);
    // After the last call: writes down what is left.
    void finish(Event& record);

    bool writes() const { return writes_; }
    bool reads() const { return reads_; }

  private:
    void fill_call(std::uint32_t index);
    void decode_kept(Event& record);

    const Operation* operation_ = nullptr;
    Scratch* scratch_ = nullptr;
    ActorId actor_ = 0;
    StepId step_ = 0;
    bool writes_ = false, reads_ = false, vector_ = false;
    bool together_ = false;            // all calls' buffers lie one behind the other
    std::uint64_t visible_bytes_ = 0;  // of one call's buffer that can be touched
    std::uint8_t* start_ = nullptr;
    std::uint64_t kept_bytes_ = 0;  // received and not yet decoded, from start_ on
};

}  // namespace crosstalk::agent
