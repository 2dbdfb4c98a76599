// A connected pair of sockets that keeps every promise, played by hand: actors whose calls overlap, each of which takes
// effect at one moment between its two stamps. Plain on purpose: it shares nothing with the model that it tests.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <string_view>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"
#include "properties/tests/seats.h"

namespace crosstalk::simulation {

struct PlayedPair {
    Case value;
    History history;
};

// Which promise the pair breaks; nothing: it keeps all.
enum class Amiss : std::uint8_t { nothing, lost, doubled, reordered, boundary, count, early_end, no_end, peek, deaf };
inline constexpr int amiss_kinds = 10;

class PairSimulator {
  public:
    PairSimulator(std::string_view mechanism, std::uint64_t seed, Amiss amiss = Amiss::nothing)
        : random_(seed), amiss_(amiss), records_(mechanism != "unix-stream"), connected_(mechanism != "unix-dgram") {
        draw(*mechanism_named(mechanism));
    }

    PlayedPair play() {
        for (Stamp now = 2;; ++now)
            if (!move(now)) return finish(now);
    }

  private:
    struct Piece {
        ActorId actor;
        StepId step;
        std::uint32_t offset, length;
    };
    struct Side {
        std::deque<Piece> unread;
        int holders = 0;
        bool dead = false, no_more = false, refuses = false;  // nothing more comes; nothing more may be sent
        bool reset = false, forgotten = false;
    };
    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    void draw(MechanismId mechanism) {
        Program& program = played_.value.program;
        Object object;
        object.mechanism = mechanism;
        program.objects.push_back(object);
        const std::uint64_t count = 2 + below(2);
        for (std::uint64_t a = 0; a < count; ++a) {
            Actor actor;
            const auto slot = static_cast<Slot>(a % 2);
            actor.holds = {slot};
            ++sides_[slot].holders;
            for (std::uint64_t s = 0, steps = 1 + below(5); s < steps; ++s) actor.steps.push_back(drawn(slot));
            program.actors.push_back(actor);
        }
        seats_.take(program, played_.history);
    }

    Operation drawn(Slot slot) {
        Operation step;
        step.uses[0] = slot;
        const std::uint64_t kind = below(12);
        step.verb = kind < 5    ? Verb::send
                    : kind < 9  ? Verb::recv
                    : kind < 10 ? Verb::available
                    : kind < 11 ? Verb::shutdown
                                : Verb::close;
        if (step.verb == Verb::send) step.buffer.bytes = below(8) == 0 ? 0 : 20 + below(3), step.flags = flag_no_signal;
        if (step.verb == Verb::recv) step.buffer.bytes = 1 + below(50), step.flags = below(5) == 0 ? flag_peek : 0;
        if ((step.verb == Verb::send || step.verb == Verb::recv) && below(2) == 0) step.flags |= flag_nonblock;
        if (step.verb == Verb::shutdown) step.value = static_cast<std::int64_t>(below(3));
        return step;
    }

    // One actor begins, takes effect or returns; false: nobody can.
    bool move(Stamp now) {
        return seats_.move(
            played_.value.program, played_.history, now, below(seats_.size()),
            [&](Seat& seat, const Operation& step, Event& event) { return takes_effect(seat, step, event); });
    }

    bool takes_effect(Seat& seat, const Operation& step, Event& event) {
        Side &mine = sides_[step.uses[0]], &peer = sides_[1 - step.uses[0]];
        if (seat.closed) return fails(event, Errno::EBADF_);
        switch (step.verb) {
            case Verb::send: return sends(step, event, mine, peer);
            case Verb::recv: return receives(step, event, mine);
            case Verb::shutdown: return shuts(step, event, mine, peer);
            case Verb::close:
                seat.closed = true;
                if (--mine.holders == 0) closes(mine, peer);
                return true;
            default: {
                std::uint64_t bytes = records_ && !mine.unread.empty() ? mine.unread[0].length : 0;
                for (const Piece& piece : mine.unread) bytes += records_ ? 0 : piece.length;
                event.result = static_cast<std::int64_t>(bytes) + (amiss_ == Amiss::count && bytes != 0);
                return true;
            }
        }
    }

    bool shuts(const Operation& step, Event& event, Side& mine, Side& peer) const {
        if (mine.forgotten || (peer.dead && !connected_)) return fails(event, Errno::ENOTCONN_);
        const bool reading = step.value != 1, writing = step.value != 0;
        mine.no_more = mine.no_more || reading, mine.refuses = mine.refuses || writing;
        if (connected_) peer.no_more = peer.no_more || writing, peer.refuses = peer.refuses || reading;
        return true;
    }

    void closes(Side& mine, Side& peer) const {
        mine.dead = true;
        if (!connected_) return;
        peer.no_more = peer.refuses = true;
        peer.reset = peer.reset || (!mine.unread.empty() && mine.unread[0].length != 0 && !peer.dead);
        mine.unread.clear();
    }

    bool sends(const Operation& step, Event& event, Side& mine, Side& peer) {
        if (!connected_ && mine.forgotten) return fails(event, Errno::ENOTCONN_);
        if (!connected_ && mine.refuses) return fails(event, Errno::EPIPE_);
        if (!connected_ && peer.dead) {
            mine.forgotten = true;
            mine.unread.clear();
            return fails(event, Errno::ECONNREFUSED_);
        }
        if (amiss_ != Amiss::deaf && (mine.refuses || peer.no_more)) return fails(event, Errno::EPIPE_);
        std::uint32_t length = static_cast<std::uint32_t>(step.buffer.bytes);
        if (peer.unread.size() > 1 && (records_ || length != 0)) {  // full, as it likes
            if (!(step.flags & flag_nonblock)) return false;
            if (records_ || below(2) == 0) return fails(event, Errno::EAGAIN_);
            length = static_cast<std::uint32_t>(1 + below(length));
        }
        event.result = length;
        event.times = length == step.buffer.bytes ? 1 : 0;
        const Piece piece{event.actor, event.step, 0, length};
        if ((!records_ && length == 0) || (amiss_ == Amiss::lost && below(3) == 0)) return true;
        if (amiss_ == Amiss::reordered)
            peer.unread.push_front(piece);
        else
            peer.unread.push_back(piece);
        return true;
    }

    bool receives(const Operation& step, Event& event, Side& mine) {
        if (mine.reset && (records_ || mine.unread.empty())) {
            mine.reset = false;
            return fails(event, Errno::ECONNRESET_);
        }
        if (mine.unread.empty()) {
            const bool ends = mine.no_more && connected_ ? amiss_ != Amiss::no_end : mine.no_more;
            if (!ends && !(amiss_ == Amiss::early_end)) {
                return step.flags & flag_nonblock ? fails(event, Errno::EAGAIN_) : false;
            }
            event.result = 0, event.times = 0;
            return true;
        }
        take(step, event, mine);
        return true;
    }

    void take(const Operation& step, Event& event, Side& mine) {
        std::deque<Piece> left = mine.unread;
        std::uint32_t room = static_cast<std::uint32_t>(step.buffer.bytes);
        event.first_run = static_cast<std::uint32_t>(played_.history.runs.size());
        event.result = 0;
        do {
            Piece& piece = left.front();
            const std::uint32_t part = std::min(piece.length, room);
            if (part != 0) {
                played_.history.runs.push_back({RunKind::origin, piece.actor, piece.step, piece.offset, part});
                ++event.run_count;
            }
            event.result += part, room -= part;
            if (records_ && part < piece.length) event.value = message_cut;
            piece.offset += part, piece.length -= part;
            if (records_ || piece.length == 0) left.pop_front();
        } while (records_ == (amiss_ == Amiss::boundary) && room != 0 && !left.empty());
        event.times = event.result == static_cast<std::int64_t>(step.buffer.bytes) ? 1 : 0;
        const bool peeks = (step.flags & flag_peek) && amiss_ != Amiss::peek;
        if (!peeks && (amiss_ != Amiss::doubled || below(2) == 0)) mine.unread = left;
    }

    PlayedPair finish(Stamp now) {
        seats_.end(played_.history, now);
        return std::move(played_);
    }

    std::mt19937_64 random_;
    const Amiss amiss_;
    const bool records_, connected_;
    PlayedPair played_;
    Seats seats_;
    std::array<Side, 2> sides_;
};

}  // namespace crosstalk::simulation
