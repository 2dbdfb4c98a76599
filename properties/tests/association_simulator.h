// A one-to-one SCTP association that keeps every promise, played by hand: what is sent lies on the way for a time, and
// is delivered at a moment of its own between the calls, in order within its stream only. Who polls asks by poll, epoll
// or select. Plain on purpose: it shares nothing with the model that it tests.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <random>
#include <string_view>

#include "mechanisms/names.h"
#include "mechanisms/trial.h"
#include "properties/tests/channel_simulator.h"

namespace crosstalk::simulation {

// Which promise the association breaks; nothing: it keeps all.
enum class AssociationDefect : std::uint8_t {
    nothing,
    lost,
    doubled,
    reordered,
    merged,
    rest_lost,
    end_unmarked,
    empty_sent,
    sent_after_shutdown,
    early_end,
    peek,
    error,
    linger,
    stream_told_wrongly,
    unordered_untold,
    stream_beyond,
    poll_is_blind,
    poll_sleeps
};
inline constexpr int association_defects = 18;

class AssociationSimulator {
  public:
    AssociationSimulator(std::uint64_t seed, AssociationDefect broken = AssociationDefect::nothing)
        : random_(seed), broken_(broken) {
        draw();
    }

    PlayedPair play() {
        for (Stamp now = 2;; ++now) {
            if (below(3) == 0 && deliver(below(2))) continue;
            if (move(now) || deliver(0) || deliver(1)) continue;
            seats_.end(played_.history, now);
            return std::move(played_);
        }
    }

  private:
    using Defect = AssociationDefect;
    struct Message {
        ActorId actor;
        StepId step;
        std::uint32_t offset, length;
        Label label;
        bool unordered;
    };
    enum class Kind : std::uint8_t { message, shutdown, complete, abort };
    struct Item {
        Kind kind;
        Message message{};
    };
    struct Side {
        std::deque<Item> coming;
        std::deque<Message> unread;
        int holders = 0;
        bool closed = false, ended = false, over = false;  // closed here; told that nothing more comes; no association
        bool shut_reading = false, shut_writing = false, lingers = false, error = false;
    };
    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    void draw() {
        Program& program = played_.value.program;
        program.objects.emplace_back().mechanism = *mechanism_named("sctp4-stream");
        const std::uint64_t count = 2 + below(2);
        for (std::uint64_t a = 0; a < count; ++a) {
            Actor actor;
            const auto slot = static_cast<Slot>(a % 2);
            actor.holds = {slot};
            ++sides_[slot].holders;
            for (std::uint64_t s = 0, steps = 1 + below(5); s < steps; ++s) actor.steps.push_back(drawn(slot));
            const auto close = std::ranges::find(actor.steps, Verb::close, &Operation::verb);
            if (close != actor.steps.end() && below(4) != 0) actor.steps.erase(close + 1, actor.steps.end());
            program.actors.push_back(actor);
        }
        seats_.take(program, played_.history);
    }

    Operation drawn(Slot slot) {
        constexpr Verb kinds[] = {Verb::send,  Verb::send,       Verb::send, Verb::send,     Verb::recv,
                                  Verb::recv,  Verb::recv,       Verb::recv, Verb::shutdown, Verb::get_option,
                                  Verb::close, Verb::set_option, Verb::poll, Verb::poll};
        Operation step;
        step.uses[0] = slot;
        step.verb = kinds[below(std::size(kinds))];
        const bool moves = step.verb == Verb::send || step.verb == Verb::recv;
        if (step.verb == Verb::send) step.buffer.bytes = below(8) == 0 ? 0 : 20 + below(3), step.flags = flag_no_signal;
        if (step.verb == Verb::recv) step.buffer.bytes = 10 + below(50), step.flags = below(4) == 0 ? flag_peek : 0;
        if (moves && below(2) == 0) step.flags |= flag_nonblock;
        if (step.verb == Verb::send && below(2) == 0) {
            step.value = value_of({static_cast<std::uint16_t>(below(12) == 0 ? streams_of_pairs : below(3)),
                                   static_cast<std::uint32_t>(below(9))});
            if (below(3) == 0) step.flags |= flag_unordered;
        }
        if (step.verb == Verb::recv && below(2) == 0) step.flags |= flag_control, step.value = 1;
        if (step.verb == Verb::poll) {
            constexpr std::int64_t asked[] = {poll_in, poll_out, poll_in | poll_out, 0};
            constexpr std::uint16_t ways[] = {0, flag_epoll, flag_select};
            step.value = asked[below(std::size(asked))], step.flags = ways[below(std::size(ways))];
            step.timeout_ns = below(2) == 0 ? 0 : forever;
        }
        if (step.verb == Verb::shutdown) step.value = static_cast<std::int64_t>(below(3));
        if (step.verb == Verb::get_option) step.value = static_cast<std::int64_t>(SocketOption::error);
        if (step.verb == Verb::set_option) step.value = static_cast<std::int64_t>(SocketOption::linger);
        return step;
    }

    // Whatever is no message stays where it is; so does what follows another of its stream, unless it is unordered.
    static bool may_overtake(const std::deque<Item>& coming, std::size_t which) {
        const Item& item = coming[which];
        for (std::size_t before = 0; before < which; ++before) {
            const Item& other = coming[before];
            if (item.kind != Kind::message || other.kind != Kind::message) return false;
            if (!item.message.unordered && !other.message.unordered &&
                item.message.label.stream == other.message.label.stream)
                return false;
        }
        return true;
    }

    // One thing that is on its way to this side arrives; false: nothing is.
    bool deliver(std::uint64_t to) {
        Side &mine = sides_[to], &other = sides_[1 - to];
        if (mine.coming.empty()) return false;
        std::size_t which = below(mine.coming.size());
        while (!may_overtake(mine.coming, which)) --which;
        const Item item = mine.coming[which];
        mine.coming.erase(mine.coming.begin() + static_cast<std::ptrdiff_t>(which));
        if (mine.over) return true;
        switch (item.kind) {
            case Kind::shutdown:
                mine.ended = true;
                other.coming.push_back({Kind::complete});  // behind what it had sent itself
                return true;
            case Kind::complete: mine.over = true; return true;
            case Kind::abort:
                mine.over = mine.error = true;
                if (below(2) == 0) mine.unread.clear();
                return true;
            case Kind::message: break;
        }
        if (mine.closed || mine.shut_reading || (broken_ == Defect::lost && below(3) == 0)) return true;
        if (broken_ == Defect::reordered)
            mine.unread.push_front(item.message);
        else
            mine.unread.push_back(item.message);
        if (broken_ == Defect::doubled && below(3) == 0) mine.unread.push_back(item.message);
        return true;
    }

    bool move(Stamp now) {
        return seats_.move(
            played_.value.program, played_.history, now, below(seats_.size()),
            [&](Seat& seat, const Operation& step, Event& event) { return takes_effect(seat, step, event); });
    }

    bool takes_effect(Seat& seat, const Operation& step, Event& event) {
        Side &mine = sides_[step.uses[0]], &peer = sides_[1 - step.uses[0]];
        if (seat.closed && step.verb == Verb::poll) return event.value = 0, step.timeout_ns == 0;
        if (seat.closed) return fails(event, Errno::EBADF_);
        switch (step.verb) {
            case Verb::poll: return polls(step, event, mine, peer);
            case Verb::send: return sends(step, event, mine, peer);
            case Verb::recv: return receives(step, event, mine);
            case Verb::shutdown:
                if (mine.over && below(2) == 0) return fails(event, Errno::ENOTCONN_);
                if (step.value != 1) mine.shut_reading = true;
                if (step.value == 0 || broken_ == Defect::sent_after_shutdown) return true;
                if (!mine.shut_writing) peer.coming.push_back({Kind::shutdown});
                mine.shut_writing = true;
                return true;
            case Verb::get_option: event.result = static_cast<std::int64_t>(told(mine)); return true;
            case Verb::set_option: mine.lingers = broken_ != Defect::linger; return true;
            default:
                seat.closed = true;
                if (--mine.holders == 0) closes(mine, peer);
                return true;
        }
    }

    Errno told(Side& side) const {
        const bool error = side.error || broken_ == Defect::error;
        side.error = false;
        return error ? Errno::ECONNRESET_ : Errno::none;
    }

    void closes(Side& mine, Side& peer) {
        const bool aborts = mine.lingers || (!mine.unread.empty() && below(2) == 0);
        mine.closed = true;
        mine.unread.clear();
        if (!mine.over && (aborts || !mine.shut_writing))
            peer.coming.push_back({aborts ? Kind::abort : Kind::shutdown});
    }

    bool sends(const Operation& step, Event& event, Side& mine, Side& peer) {
        if (step.buffer.bytes == 0 && broken_ != Defect::empty_sent) return fails(event, Errno::EINVAL_);
        if (mine.error) return fails(event, told(mine));
        if (mine.shut_writing || mine.over || mine.ended) return fails(event, Errno::EPIPE_);
        if (label_of(step.value).stream >= streams_of_pairs && broken_ != Defect::stream_beyond)
            return fails(event, Errno::EINVAL_);
        if (!has_room(peer)) {
            if (!(step.flags & flag_nonblock)) return false;
            if (below(2) == 0) return fails(event, Errno::EAGAIN_);
        }
        const auto length = static_cast<std::uint32_t>(step.buffer.bytes);
        event.result = length;
        Label label = label_of(step.value);
        if (label.stream >= streams_of_pairs) label.stream = 0;
        const Message message{event.actor, event.step, 0, length, label, (step.flags & flag_unordered) != 0};
        if (length != 0) peer.coming.push_back({Kind::message, message});
        return true;
    }

    bool polls(const Operation& step, Event& event, const Side& mine, const Side& peer) {
        const bool no_more = mine.ended || mine.shut_reading || mine.over;
        std::int64_t shown = 0;
        if (!mine.unread.empty() || no_more) shown |= poll_in;
        if (has_room(peer) || no_more) shown |= poll_out;
        shown &= step.value;
        if (no_more && mine.shut_writing) shown |= poll_hup;
        if (mine.error) shown |= poll_err;
        const bool selects = step.flags & flag_select;
        if (broken_ == Defect::poll_is_blind) shown &= ~poll_in;
        if (selects) shown = as_select(step.value, shown);
        if (broken_ == Defect::poll_sleeps && step.timeout_ns != 0) return false;
        event.value = shown;
        event.result = selects ? std::popcount(static_cast<std::uint64_t>(shown)) : shown != 0;
        return shown != 0 || step.timeout_ns == 0;
    }

    static bool has_room(const Side& peer) { return peer.coming.size() + peer.unread.size() <= 2; }

    bool receives(const Operation& step, Event& event, Side& mine) {
        event.result = 0, event.times = 0;
        if (!mine.unread.empty()) return take(step, event, mine), true;
        if (mine.error) return fails(event, told(mine));
        if (mine.ended || mine.shut_reading || broken_ == Defect::early_end) return true;
        if (step.flags & flag_nonblock) return fails(event, Errno::EAGAIN_);
        return mine.over ? fails(event, Errno::ENOTCONN_) : false;
    }

    std::int64_t told_label(const Message& message) const {
        Label label = message.label;
        if (broken_ == Defect::stream_told_wrongly) ++label.stream;
        const bool unordered = message.unordered && broken_ != Defect::unordered_untold;
        return value_of(label) | message_control | (unordered ? message_unordered : 0);
    }

    void take(const Operation& step, Event& event, Side& mine) {
        std::deque<Message> left = mine.unread;
        auto room = static_cast<std::uint32_t>(step.buffer.bytes);
        event.first_run = static_cast<std::uint32_t>(played_.history.runs.size());
        do {
            Message& message = left.front();
            const std::uint32_t part = std::min(message.length, room);
            played_.history.runs.push_back({RunKind::origin, message.actor, message.step, message.offset, part});
            ++event.run_count;
            event.result += part, room -= part;
            message.offset += part, message.length -= part;
            event.value = message.length == 0 && broken_ != Defect::end_unmarked ? message_ends : 0;
            if (step.flags & flag_control) event.value |= told_label(message);
            if (message.length == 0 || broken_ == Defect::rest_lost) left.pop_front();
        } while (broken_ == Defect::merged && room != 0 && !left.empty());
        event.times = event.result == static_cast<std::int64_t>(step.buffer.bytes) ? 1 : 0;
        if (!(step.flags & flag_peek) || broken_ == Defect::peek) mine.unread = left;
    }

    std::mt19937_64 random_;
    const AssociationDefect broken_;
    PlayedPair played_;
    Seats seats_;
    std::array<Side, 2> sides_;
};

}  // namespace crosstalk::simulation
