// A lane: the processes and descriptors that are made once and serve case after case. Its leader is this process.
#pragma once

#include <string>

#include "faults/frame.h"
#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/mapping.h"
#include "runners/agent/abilities.h"
#include "runners/agent/board.h"
#include "runners/agent/hosts.h"

namespace crosstalk::agent {

// A lane's own user, where it may have one, is this and the leader's pid: far above any that a machine gives out, and
// two lanes of a machine have two.
inline constexpr unsigned first_lane_user = 0x60000000;

class Lane {
  public:
    Lane() = default;
    Lane(const Lane&) = delete;
    ~Lane();  // ends and reaps all its processes

    // Makes everything; "" or what failed. Where an ability is missing less is made, and `abilities` says so.
    // `lie`: that the operations tell, -1 for none.
    std::string open(const Hello& hello, std::uint32_t abilities, int lie = -1);

    // The pid of the worker for an actor, forked if it is not there; a negated error number. `plain`: without
    // real-time priority.
    int worker(ActorId actor, bool plain);
    // A worker of this pid is gone. True if there was one.
    bool lost(int pid);
    bool zygote_lost(int pid) { return pid == zygote_.pid() ? (zygote_.reaped(), true) : false; }

    Hosts& hosts() { return hosts_; }
    bool fifo() const { return fifo_; }
    bool private_accounting() const { return private_accounting_; }
    std::uint32_t abilities() const { return abilities_; }
    int core() const { return core_; }
    int cores() const { return cores_; }
    std::uint32_t slow_factor() const { return slow_factor_; }  // by which deadlines grow here

  private:
    std::string map_board();
    std::string make_mailboxes();
    void pin(int core);
    void limit_spinning();
    void take_own_user();
    int fork_worker(ActorId actor, bool plain);

    Mapping mapping_;
    Child zygote_;
    Hosts hosts_;
    std::array<std::array<std::int32_t, max_actors>, 2> workers_{};
    std::uint32_t abilities_ = 0;
    bool fifo_ = false, private_accounting_ = false;
    int core_ = -1, cores_ = 1;
    std::uint32_t slow_factor_ = 1;
    int first_number_ = first_high_number;  // lower where the descriptor limit is low
};

}  // namespace crosstalk::agent
