// The link between the two hosts: takes packets from one device and gives them to the other, in the order in which they
// came, but for what the plan says (faults/lossy_link.cc), and writes the log (faults/delivery.h). It moves only when
// the leader tells it to, so that in turns what it does is part of the turn. Of what is no UDP, TCP or SCTP only ICMP
// errors cross. Segments of connections of earlier cases cross too, without being logged.
#pragma once

#include "faults/case.h"
#include "faults/delivery.h"
#include "runners/agent/board.h"
#include "runners/agent/hosts.h"
#include "runners/agent/packets.h"

namespace crosstalk::agent {

class Link {
  public:
    // For a new case: nothing is held or logged. Null: it has no link.
    void begin(const std::array<Host, 2>* hosts);
    bool is_up() const { return hosts_ != nullptr; }
    // The two sockets of an object, end 0 on the first host.
    void join(ObjectId object, const int* ends);

    // Carries what is there until nothing more comes. True if something moved.
    bool carry();
    // Is a segment of a stream still missed that the plan took or holds? Not for ever: who does not listen, or is gone,
    // misses nothing.
    bool is_missing_some();
    // Nobody can move: lets go of one packet that it holds. False: it holds none.
    bool release();
    // The case is over: nothing is held back any more. `settled`: nobody sends any more, and the log says so.
    void end(bool settled);
    // Puts the log into the history.
    void tell(History& history) const;

  private:
    struct Pair {
        ObjectId object = 0;
        bool datagrams = false;
        std::uint8_t version = 0;
        std::uint16_t ports[2] = {0, 0};       // of its ends
        std::uint32_t to_be_lost[2] = {0, 0};  // so many packets to this end
    };
    struct Held {
        Packet packet;
        std::uint32_t waits;  // packets that are still to pass
    };
    struct Counters {
        std::uint64_t refused = 0, dropped = 0;
    };

    Pair* pair_of(const Packet& packet);
    Strike* strike_of(const Packet& packet) const;
    bool is_of(const Packet& packet, const Strike& strike) const;
    void handle(Packet packet);
    bool strike(Packet& packet, Pair& pair, Strike& by);
    void pass(const Packet& packet, const Pair& pair, bool again = false);
    void acknowledge(const Packet& packet);
    void let_go_behind(const Packet& packet);
    void hand_over(const Packet& packet) const;
    Fate outcome(const Packet& packet);
    Counters counters(std::size_t host, std::uint8_t version) const;
    std::uint64_t unsent() const;
    void log(const Packet& packet, const Pair& pair, Fate fate, Stamp began, bool again);

    const std::array<Host, 2>* hosts_ = nullptr;
    Reader reader_;
    std::vector<Pair> pairs_;
    std::vector<Held> held_;
    Counters known_[2][2];      // by host, over IPv4 and IPv6
    std::uint64_t unsent_ = 0;  // packets that a device had no room for, before the case
    struct Missing {
        std::size_t from;
        std::uint16_t source, destination;
        std::uint32_t end;  // the sequence number behind it
        std::int64_t since_ns;
    };
    std::vector<Missing> missing_;
    std::vector<Event> events_;
    std::vector<Run> runs_;
    std::vector<std::uint8_t> raw_;
};

}  // namespace crosstalk::agent
