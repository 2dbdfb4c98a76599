// splice and tee. Where several answers are true at once (the source is at its end and the target is full), the
// documents do not say which comes first, so any may.
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {

Effect Play::splice(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    const bool in_bound = life.held[0] != unbound, out_bound = life.held[1] != unbound;
    if (operation.buffer.bytes == 0 && dice_.one_in(2)) return {};
    if (!in_bound || !out_bound) return fails(dice_.one_in(8) ? Errno::EINVAL_ : Errno::EBADF_);
    Description& source = descriptions_[static_cast<std::size_t>(life.held[0])];
    Description& target = descriptions_[static_cast<std::size_t>(life.held[1])];
    const bool same = source.tube == target.tube;
    if (source.end == 1 || target.end == 0) return fails(same && dice_.one_in(2) ? Errno::EINVAL_ : Errno::EBADF_);
    if (same) return fails(Errno::EINVAL_);
    if (operation.buffer.bytes == 0) return {};
    life.from = static_cast<std::int16_t>(source.tube), life.to = static_cast<std::int16_t>(target.tube);
    Pipe &in = tubes_[source.tube].pipe, &out = tubes_[target.tube].pipe;

    const bool nothing = in.bytes == 0, ended = nothing && in.writers == 0;
    const bool moves = !nothing && !full(out) && out.readers != 0;
    if (moves) return move_bytes(life, operation, source.tube, target.tube);
    const bool broken = out.readers == 0;
    // Linux: bytes first, then readers, then room. Others look in another order.
    if (broken && !(nothing && !ended && strict_room_) && !(ended && !strict_room_ && dice_.one_in(2)))
        return no_reader(actor);
    if (ended && !(strict_room_ && !broken && full(out))) return {};
    if (ended && !broken && dice_.one_in(2)) return {};
    const bool may_wait =
        (operation.flags & flag_nonblock) == 0 && waits(life, operation, source) && waits(life, operation, target);
    return may_wait ? falls_asleep : fails(Errno::EAGAIN_);
}

Effect Play::move_bytes(const Life& life, const Operation& operation, std::uint16_t source, std::uint16_t target) {
    constexpr std::uint64_t most_of_one_call = 0x7ffff000;
    Pipe &in = tubes_[source].pipe, &out = tubes_[target].pipe;
    const std::uint64_t asked = std::min(operation.buffer.bytes, most_of_one_call);
    std::uint64_t bytes = byte_stream::movable(in, out, asked);
    if (room_ == Room::bytes) bytes = std::min({asked, in.bytes, free_in(out)});
    if (picks_counts(life) && bytes > 1 && dice_.one_in(3)) bytes = dice_.between(1, bytes);  // "up to" (splice(2))
    const bool copies = operation.verb == Verb::tee;
    byte_stream::move_front(in, out, bytes, copies ? !lies(Lie::tee_takes) : lies(Lie::splice_keeps, 2), bytes);
    tell(target, 0);
    if (tells_all_) tell(source, 1);
    return {.result = static_cast<std::int64_t>(bytes)};
}

bool Play::splice_would_go_on(const Life& life, const Operation&) const {
    const Pipe &in = tubes_[static_cast<std::size_t>(life.from)].pipe,
               &out = tubes_[static_cast<std::size_t>(life.to)].pipe;
    if (lies(Lie::splice_never_wakes)) return false;
    if (in.bytes == 0 && in.writers != 0) return out.readers == 0 && !strict_room_;
    return out.readers == 0 || !full(out) || (in.bytes == 0 && in.writers == 0);
}

}  // namespace crosstalk::mirror
