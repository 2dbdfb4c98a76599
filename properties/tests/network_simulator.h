// A connected pair across a network that keeps every promise, played by hand: what is sent lies on the way for a time,
// and is delivered at a moment of its own between the calls. Plain on purpose: it shares nothing with the models that
// it tests.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <string_view>

#include "properties/tests/channel_simulator.h"

namespace crosstalk::simulation {

// Which promise the network breaks; nothing: it keeps all.
enum class NetworkDefect : std::uint8_t {
    nothing,
    lost,
    doubled,
    reordered,
    changed,
    count,
    early_end,
    no_end,
    peek,
    error
};
inline constexpr int broken_kinds = 10;

class NetworkSimulator {
  public:
    NetworkSimulator(std::string_view mechanism, std::uint64_t seed, NetworkDefect broken = NetworkDefect::nothing)
        : random_(seed), broken_(broken), records_(mechanism.starts_with("udp")) {
        draw(*mechanism_named(mechanism));
    }

    PlayedPair play() {
        for (Stamp now = 2;; ++now) {
            if (below(3) == 0 && deliver(below(2))) continue;
            if (move(now) || deliver(0) || deliver(1)) continue;
            return finish(now);
        }
    }

  private:
    struct Piece {
        ActorId actor;
        StepId step;
        std::uint32_t offset, length;
    };
    enum class Kind : std::uint8_t { bytes, end, reset };
    struct Item {
        Kind kind;
        Piece piece{};
    };
    struct Side {
        std::deque<Item> coming;
        std::deque<Piece> unread;
        int holders = 0;
        bool closed = false, ended = false, told_end = false;  // closed here; nothing more comes; which was told
        bool shut_reading = false, shut_writing = false;
        bool gone = false;  // reset
        Errno error = Errno::none;
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
        const std::uint64_t kind = below(13);
        step.verb = kind < 5    ? Verb::send
                    : kind < 9  ? Verb::recv
                    : kind < 10 ? Verb::available
                    : kind < 11 ? Verb::get_option
                    : kind < 12 ? Verb::shutdown
                                : Verb::close;
        if (step.verb == Verb::send) step.buffer.bytes = below(8) == 0 ? 0 : 20 + below(3), step.flags = flag_no_signal;
        if (step.verb == Verb::recv) step.buffer.bytes = 1 + below(50), step.flags = below(4) == 0 ? flag_peek : 0;
        if ((step.verb == Verb::send || step.verb == Verb::recv) && below(2) == 0) step.flags |= flag_nonblock;
        if (step.verb == Verb::shutdown) step.value = static_cast<std::int64_t>(below(3));
        if (step.verb == Verb::get_option) step.value = static_cast<std::int64_t>(SocketOption::error);
        return step;
    }

    // One thing that is on its way to this side arrives; false: nothing is.
    bool deliver(std::uint64_t to) {
        Side &mine = sides_[to], &other = sides_[1 - to];
        if (mine.coming.empty()) return false;
        const std::size_t which = records_ ? below(mine.coming.size()) : 0;
        const Item item = mine.coming[which];
        const bool again = records_ && !mine.closed && below(6) == 0;
        if (!again) mine.coming.erase(mine.coming.begin() + static_cast<std::ptrdiff_t>(which));
        if (records_) {
            if (below(6) == 0) return true;  // it is lost
            if (!mine.closed)
                mine.unread.push_back(item.piece);
            else
                other.error = Errno::ECONNREFUSED_;
            return true;
        }
        if (mine.gone) return true;
        if (item.kind == Kind::end) mine.ended = true;
        if (item.kind == Kind::reset) reset(mine);
        if (item.kind != Kind::bytes) return true;
        const bool torn = mine.shut_reading && mine.shut_writing;
        if (mine.closed || torn) other.coming.push_back({Kind::reset});
        if (torn && !mine.closed) reset(mine);
        if (mine.closed || torn) return true;
        if (broken_ == NetworkDefect::lost && below(3) == 0) return true;
        if (broken_ == NetworkDefect::reordered && !mine.unread.empty())
            mine.unread.push_front(item.piece);
        else
            mine.unread.push_back(item.piece);
        if (broken_ == NetworkDefect::doubled && below(3) == 0) mine.unread.push_back(item.piece);
        return true;
    }

    // Linux keeps what has arrived, and the end of file; RFC 9293 (3.10.7.4) gives both up for the error.
    void reset(Side& side) {
        side.gone = true;
        if (below(2) == 0) side.unread.clear(), side.ended = false;
        side.error = side.ended ? Errno::EPIPE_ : Errno::ECONNRESET_;
    }

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
            case Verb::shutdown: {
                if (!records_ && (mine.gone || (mine.ended && mine.shut_writing)))
                    return fails(event, Errno::ENOTCONN_);
                if (step.value != 1) mine.shut_reading = true;
                if (step.value != 0 && !mine.shut_writing && !records_) peer.coming.push_back({Kind::end});
                if (step.value != 0) mine.shut_writing = true;
                return true;
            }
            case Verb::get_option: event.result = static_cast<std::int64_t>(told(mine)); return true;
            case Verb::close:
                seat.closed = true;
                if (--mine.holders == 0) closes(mine, peer);
                return true;
            default: {
                std::uint64_t bytes = records_ && !mine.unread.empty() ? mine.unread[0].length : 0;
                for (const Piece& piece : mine.unread) bytes += records_ ? 0 : piece.length;
                event.result = static_cast<std::int64_t>(bytes) + (broken_ == NetworkDefect::count ? 1000 : 0);
                return true;
            }
        }
    }

    Errno told(Side& side) const {
        const Errno error = side.error;
        side.error = Errno::none;
        return error == Errno::none && broken_ == NetworkDefect::error
                   ? (records_ ? Errno::ECONNREFUSED_ : Errno::ECONNRESET_)
                   : error;
    }

    void closes(Side& mine, Side& peer) const {
        mine.closed = true;
        if (records_ || mine.gone) return;
        peer.coming.push_back({mine.unread.empty() ? Kind::end : Kind::reset});
        mine.unread.clear();
    }

    bool sends(const Operation& step, Event& event, Side& mine, Side& peer) {
        if (mine.error != Errno::none) return fails(event, told(mine));
        if (mine.shut_writing || mine.gone) return fails(event, Errno::EPIPE_);
        auto length = static_cast<std::uint32_t>(step.buffer.bytes);
        if (!records_ && length != 0 && peer.coming.size() + peer.unread.size() > 2) {  // full, as it likes
            if (!(step.flags & flag_nonblock)) return false;
            if (below(2) == 0) return fails(event, Errno::EAGAIN_);
            length = static_cast<std::uint32_t>(1 + below(length));
        }
        event.result = length;
        event.times = length == step.buffer.bytes ? 1 : 0;
        if (records_ || length != 0) peer.coming.push_back({Kind::bytes, {event.actor, event.step, 0, length}});
        return true;
    }

    bool receives(const Operation& step, Event& event, Side& mine) {
        event.result = 0, event.times = 0;
        if (!mine.unread.empty()) return take(step, event, mine), true;
        if (mine.ended && !(broken_ == NetworkDefect::no_end && mine.told_end)) return mine.told_end = true;
        if (mine.error != Errno::none && mine.error != Errno::EPIPE_) return fails(event, told(mine));
        const bool over = mine.gone || (mine.shut_reading && (!records_ || !(step.flags & flag_nonblock)));
        if (over || broken_ == NetworkDefect::early_end) return true;
        return step.flags & flag_nonblock ? fails(event, Errno::EAGAIN_) : false;
    }

    void take(const Operation& step, Event& event, Side& mine) {
        std::deque<Piece> left = mine.unread;
        auto room = static_cast<std::uint32_t>(step.buffer.bytes);
        event.first_run = static_cast<std::uint32_t>(played_.history.runs.size());
        do {
            Piece& piece = left.front();
            const std::uint32_t part = std::min(piece.length, room);
            const std::uint32_t shift = broken_ == NetworkDefect::changed && piece.length > part ? 1 : 0;
            if (part != 0) {
                played_.history.runs.push_back({RunKind::origin, piece.actor, piece.step, piece.offset + shift, part});
                ++event.run_count;
            }
            event.result += part, room -= part;
            if (records_ && part < piece.length) event.value = message_cut;
            piece.offset += part, piece.length -= part;
            if (records_ || piece.length == 0) left.pop_front();
        } while (!records_ && room != 0 && !left.empty());
        event.times = event.result == static_cast<std::int64_t>(step.buffer.bytes) ? 1 : 0;
        if (!(step.flags & flag_peek) || broken_ == NetworkDefect::peek) mine.unread = left;
    }

    PlayedPair finish(Stamp now) {
        seats_.end(played_.history, now);
        return std::move(played_);
    }

    std::mt19937_64 random_;
    const NetworkDefect broken_;
    const bool records_;
    PlayedPair played_;
    Seats seats_;
    std::array<Side, 2> sides_;
};

}  // namespace crosstalk::simulation
