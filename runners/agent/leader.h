// The leader of a lane: puts a case on the board, sees it through, gathers its history. It makes no call of the case
// itself except the objects that are there at the start.
#pragma once

#include <string>
#include <vector>

#include "runners/agent/lane.h"
#include "runners/agent/link.h"
#include "runners/agent/patience.h"
#include "runners/agent/watch.h"

namespace crosstalk::agent {

class Leader {
  public:
    Leader(Lane& lane, std::uint32_t case_time_limit_ms)
        : lane_(lane),
          watch_(lane.abilities()),
          patience_(lane.fifo()),
          slow_(lane.slow_factor()),
          usual_limit_ms_(case_time_limit_ms * slow_) {}

    // The history, or why the case cannot be played here. The case makes sense: decode_case has refused what does not.
    Expected<History> play(const Case& value, std::uint16_t case_number);

    bool fit() const { return fit_; }  // false: the lane is lost, nothing can be played any more

  private:
    // staging.cc: the case on the board.
    std::string refusal(const Case& value);
    std::string stage(const Case& value, std::uint16_t case_number);
    void stage_seats(const Case& value);
    std::string call_workers(const Case& value);
    std::string make_objects(const Case& value);
    long make_object(const Case& value, ObjectId object, int* ends);
    std::string hand_out(const Case& value, const std::vector<int>& ends);

    // turns_leader.cc, free_leader.cc: its course. They return when nobody moves any more, or at a bound.
    void lead_turns(const Case& value);
    void lead_free(const Case& value);
    bool decide();
    bool strike_sleepers();
    bool anybody(Phase phase) const;
    bool all_asleep();
    bool is_calm();
    bool holder_sleeps();
    bool calm_at_this_look();
    bool strike_free_sleepers();

    // calm.cc: how it ends.
    void record_calm();
    void record_spinning();
    void note_spinning(ActorId actor);
    void note_unfired();
    void probe_objects(Stamp now);
    std::int64_t transit_ns() const;
    bool transit_is_over();
    bool is_repaired();

    // closing.cc: deaths, and the end of a case.
    void reap();
    void buried(int pid, int status);
    void close_down();
    void empty_mailboxes();
    void wait_for_bell(std::uint32_t seen, std::int64_t limit_ns);
    void add(const Event& event) { seen_.push_back(event); }

    Lane& lane_;
    Watch watch_;
    Link link_;
    Patience patience_;
    std::uint32_t slow_, usual_limit_ms_;  // all limits are as many times the usual as this place is slow
    std::uint32_t limit_ms_ = 0;           // of this case
    bool fit_ = true, plain_ = false;
    bool has_distant_ends_ = false;  // this case has an object whose delivery takes time and loses nothing
    std::uint32_t settled_ = 0;      // lead_turns: clean looks in a row
    Stamp settled_at_ = 0, holder_at_ = 0;
    std::uint32_t holder_looks_ = 0;  // lead_turns: looks in a row at a sleeper that has the turn
    Ending ending_ = Ending::complete;
    std::string why_;
    std::vector<Event> seen_;
};

// Installs the handler by which deaths ring the bell.
void watch_children();
// True once after children may have changed.
bool children_changed();

}  // namespace crosstalk::agent
