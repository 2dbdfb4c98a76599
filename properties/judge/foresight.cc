// Builds, for each pipe, the string of bytes that was taken out of it, as far as readers that came one after the other
// tell; and compares what stands in a pipe with it. What overlapped, was cut short or came in packets says nothing.
#include "properties/judge/foresight.h"

#include <algorithm>

namespace crosstalk::judging {
namespace {

bool takes_bytes(const Act& act) { return act.kind == ActKind::read || act.kind == ActKind::splice; }

// Bytes that are surely gone from the pipe when it returns.
std::uint64_t bytes_taken(const Act& act) { return act.full_calls * act.asked + (act.has_tail ? act.tail : 0); }

// Packets are cut, and what their readers left is gone with no word of how much it was.
bool has_packets(const Component& component) {
    return std::ranges::any_of(component.flags, [](std::uint16_t flags) { return (flags & flag_direct) != 0; }) ||
           std::ranges::any_of(component.acts, [](const Act& act) {
               return act.kind == ActKind::set_flags && (act.value & flag_direct) != 0;
           });
}

}  // namespace

Foresight::Foresight(const Subject& subject, const Component& component)
    : subject_(subject), stretches_(component.objects.size()) {
    if (has_packets(component)) return;
    // Bytes that go with the last reference to a FIFO are taken by nobody.
    for (const Act& act : component.acts)
        if (act.verb == Verb::open) return;
    for (std::size_t pipe = 0; pipe < stretches_.size(); ++pipe) {
        std::vector<const Act*> takers;
        Stamp open_from = never;  // from here on somebody may have taken bytes along
        for (const Act& act : component.acts) {
            if (act.object != pipe || !takes_bytes(act)) continue;
            if (act.open || act.mapped < act.asked)
                open_from = std::min(open_from, act.began);
            else if (bytes_taken(act) != 0)
                takers.push_back(&act);
        }
        std::ranges::sort(takers, {}, &Act::began);
        std::uint64_t at = 0;
        for (std::size_t i = 0; i < takers.size();) {
            Stamp ended = takers[i]->ended;
            std::size_t last = i + 1;  // one past those that overlap one another
            for (; last < takers.size() && takers[last]->began < ended; ++last)
                ended = std::max(ended, takers[last]->ended);
            if (ended > open_from) break;
            const Act& alone = *takers[i];
            const bool told =
                last == i + 1 && alone.kind == ActKind::read && !subject.history->events[alone.event].truncated;
            std::uint64_t taken = 0;
            for (; i < last; ++i) taken += bytes_taken(*takers[i]);
            const std::uint64_t end = at + taken;
            for (std::uint32_t r = 0; told && r < alone.run_count && at < end; ++r) {
                const Run& run = subject.history->runs[alone.first_run + r];
                stretches_[pipe].push_back({at, std::min<std::uint64_t>(run.length, end - at), &run});
                at += run.length;
            }
            if (at < end) stretches_[pipe].push_back({at, end - at, nullptr});
            at = end;
        }
    }
}

bool Foresight::fits(const byte_stream::State& state) const {
    for (std::size_t p = 0; p < stretches_.size(); ++p) {
        if (stretches_[p].empty()) continue;
        const byte_stream::Pipe& pipe = state.pipes[p];
        std::uint64_t at = pipe.taken;
        for (std::size_t i = 0; i < pipe.pieces.size(); ++i) {
            if (!fits(stretches_[p], at, pipe.pieces[i])) return false;
            at += pipe.pieces[i].length;
        }
    }
    return true;
}

bool Foresight::fits(const std::vector<Stretch>& stretches, std::uint64_t at, const byte_stream::Piece& piece) const {
    auto stretch = std::ranges::upper_bound(stretches, at, {}, &Stretch::from);
    if (stretch == stretches.begin()) return true;
    --stretch;
    for (std::uint64_t done = 0; done < piece.length && stretch != stretches.end(); ++stretch) {
        const std::uint64_t used = at + done - stretch->from;
        if (used >= stretch->length) return true;  // behind all that was taken out
        const std::uint64_t part = std::min(stretch->length - used, piece.length - done);
        if (stretch->run != nullptr &&
            !subject_.may_be(*stretch->run, used, piece.actor, piece.step, piece.offset + done, part))
            return false;
        done += part;
    }
    return true;
}

}  // namespace crosstalk::judging
