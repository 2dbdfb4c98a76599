// Calls that move bytes between a buffer and a pipe. The order of checks is that of the documents; where they leave it
// open, the dice decide.
#include "properties/mirror/play.h"

#include <algorithm>
#include <limits>

namespace crosstalk::mirror {
namespace {

using byte_stream::Placement;

constexpr std::uint64_t most_of_one_call = 0x7ffff000;  // read(2), write(2), NOTES
constexpr std::uint64_t ssize_max = std::numeric_limits<std::int64_t>::max();

std::uint64_t asked_of(const Operation& operation) { return std::min(operation.buffer.bytes, most_of_one_call); }
std::uint64_t mapped_of(const Operation& operation) {
    return operation.buffer.mapped == ~0u ? ~0ull : operation.buffer.mapped;
}
Effect moved_bytes(std::uint64_t bytes) { return {.result = static_cast<std::int64_t>(bytes)}; }

}  // namespace

std::uint64_t Play::free_in(const Pipe& pipe) const {
    const std::uint64_t capacity = capacity_of(pipe);
    return pipe.bytes < capacity ? capacity - pipe.bytes : 0;
}

bool Play::full(const Pipe& pipe) const { return room_ == Room::bytes ? free_in(pipe) == 0 : pipe.full(); }

bool Play::waits(const Life& life, const Operation& operation, const Description& description) const {
    if (operation.verb == Verb::vmsplice) return (operation.flags & flag_nonblock) == 0;  // vmsplice(2)
    return (life.slept && !rereads_flags_) || (description.flags & flag_nonblock) == 0;
}

// What a descriptor or a count alone decides. nullopt: the call may go on.
// A call holds what its descriptor named, whatever becomes of that.
std::optional<Effect> Play::refused(ActorId actor, const Operation& operation, bool reads) {
    const bool vector = operation.verb != Verb::read && operation.verb != Verb::write;
    if (lives_[actor].slept) return std::nullopt;
    const std::int16_t found = lives_[actor].held[0];
    const Buffer& buffer = operation.buffer;
    const bool too_many = vector && buffer.segments > iov_max_;
    const bool wrong_end = found != unbound && descriptions_[static_cast<std::size_t>(found)].end == (reads ? 1 : 0);
    if (found == unbound || wrong_end) return fails(too_many && dice_.one_in(2) ? Errno::EINVAL_ : Errno::EBADF_);
    if (too_many) return fails(Errno::EINVAL_);
    if (vector && buffer.segments == 0) return dice_.one_in(2) ? fails(Errno::EINVAL_) : Effect{};
    if (buffer.bytes > ssize_max && (vector || dice_.one_in(2)))
        return fails(dice_.one_in(2) ? Errno::EINVAL_ : Errno::EFAULT_);
    return std::nullopt;
}

// EPIPE tells the thread, and is told by SIGPIPE as well.
Effect Play::no_reader(ActorId actor) {
    if (!lies(Lie::no_sigpipe)) post(lives_[actor], Signal::SIGPIPE_);
    return fails(Errno::EPIPE_);
}

// SIGIO to those who asked for it at this end: of new input it is promised (pipe(7)), of all else it may come.
void Play::tell(std::uint16_t tube, std::uint8_t end) {
    if (lies(Lie::no_sigio)) return;
    for (const Description& each : descriptions_)
        if (each.tube == tube && each.kind == Kind::tube && each.end != 1 - end && (each.flags & flag_async) &&
            each.references != 0 && each.owner != no_process && processes_[each.owner].stage == Stage::lives)
            processes_[each.owner].pending |= bit_of(Signal::SIGIO_);
}

void Play::put(ActorId actor, std::uint16_t tube, std::uint64_t offset, const Placement& placement, bool packet) {
    if (placement.total() == 0) return;
    const byte_stream::Source source{actor, lives_[actor].step};
    if (lies(Lie::late_effect, 3)) {
        late_.push_back({tube, source, offset, placement, packet});
        return;
    }
    Pipe& pipe = tubes_[tube].pipe;
    byte_stream::place(pipe, source, offset, placement, packet, page_);
    ++tubes_[tube].arrivals;
    if (lies(Lie::swaps_writes, 4) && pipe.pieces.size() > 1 && !packet)
        std::swap(pipe.pieces.back(), const_cast<byte_stream::Piece&>(pipe.pieces[pipe.pieces.size() - 2]));
    tell(tube, 0);
}

// How much of a write goes in now.
Placement Play::placement_of(const Life& life, const Operation& operation, const Pipe& pipe, bool packet, bool waits) {
    const std::uint64_t asked = asked_of(operation), left = asked - life.moved;
    const std::uint64_t all_mapped = mapped_of(operation);
    const std::uint64_t mapped = all_mapped > life.moved ? all_mapped - life.moved : 0;
    const bool small =
        asked <= pipe_buf_ && !lies(Lie::pipe_buf_ignored) && !(lies(Lie::pipe_buf_excluded) && asked == pipe_buf_);
    const std::uint64_t free = free_in(pipe);
    if (mapped < left) {  // a buffer with a gap: a count up to it, or none
        const Placement plan = byte_stream::plan_write(pipe, left, mapped, !life.slept && !packet, page_);
        const bool nothing = plan.total() == 0 && !plan.faulted && free >= (small ? left : 1);
        if (room_ == Room::page_slots && !picks_counts(life) && !nothing) return plan;
        const Placement some{.in_slots = small ? 0 : dice_.below(std::min(mapped, free) + 1), .faulted = true};
        return plan.total() == some.total() ? Placement{plan.merged, plan.in_slots, true} : some;
    }
    Placement plan = byte_stream::plan_write(pipe, left, mapped, !life.slept && !packet, page_);
    if (room_ == Room::bytes) {
        plan = {.in_slots = std::min(left, free)};
        if (small && plan.in_slots < left) plan.in_slots = 0;
    }
    if (lies(Lie::small_write_torn) && small && waits && left > 1 && life.moved == 0 && plan.total() == left)
        return {.in_slots = left / 2};
    if (plan.total() == left || life.moved != 0) return plan;
    if (small && free >= left) return {.in_slots = left};  // pipe(7): there is room for it
    if (lies(Lie::small_write_short) && small && !waits && free > 0) return {.in_slots = std::min(left - 1, free)};
    if (waits || small || free == 0) return plan;
    if (plan.total() != 0 && (strict_room_ || dice_.one_in(2))) return plan;
    // XSH write: one byte at least, PIPE_BUF bytes into an empty pipe.
    const std::uint64_t least = pipe.bytes == 0 ? std::min(pipe_buf_, free) : 1;
    const std::uint64_t count = dice_.between(least, std::min(free, left));
    return count == plan.total() ? plan : Placement{.in_slots = count};
}

Effect Play::write(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (const auto no = refused(actor, operation, false)) return *no;
    Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    Pipe& pipe = pipe_of(description);
    const std::uint64_t asked = asked_of(operation);
    life.from = static_cast<std::int16_t>(description.tube);
    const bool packet = description.flags & flag_direct;
    if (asked == 0) {
        if (lies(Lie::empty_packet) && packet) pipe.slots.push({0, 0, false, true});
        return {};
    }
    if (pipe.readers == 0 && !lies(Lie::no_epipe)) {
        if (life.moved == 0) return no_reader(actor);
        if (dice_.one_in(2)) post(life, Signal::SIGPIPE_);  // may come with a short count
        return moved_bytes(life.moved);
    }
    if (lies(Lie::epipe_with_reader, 8) && pipe.bytes > 0) return no_reader(actor);
    const bool may_wait = waits(life, operation, description);
    const Placement plan = placement_of(life, operation, pipe, packet, may_wait);
    Placement stored = plan;
    if (lies(Lie::write_loses_byte, 4) && plan.in_slots > 1) --stored.in_slots;
    put(actor, description.tube, life.total + life.moved, stored, packet && !lies(Lie::packets_join));
    life.moved += plan.total();
    if (life.moved == asked || plan.faulted) return life.moved == 0 ? fails(Errno::EFAULT_) : moved_bytes(life.moved);
    if (may_wait) return falls_asleep;
    return life.moved == 0 ? fails(Errno::EAGAIN_) : moved_bytes(life.moved);
}

bool Play::write_would_go_on(const Life& life, const Operation& operation, const Pipe& pipe) const {
    if (pipe.readers == 0) return !lies(Lie::closed_reader_wakes_none);
    if (lies(Lie::read_wakes_no_writer)) return false;
    const std::uint64_t asked = asked_of(operation), free = free_in(pipe);
    if (asked <= pipe_buf_ && life.moved == 0 && free >= asked) return true;
    if (room_ == Room::bytes) return asked > pipe_buf_ ? free > 0 : false;
    return !pipe.full();
}

void Play::receive_front(Life& life, const Pipe& pipe, std::uint64_t bytes) {
    for (std::size_t i = 0; bytes > 0; ++i) {
        byte_stream::Piece piece = pipe.pieces[i];
        piece.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.length, bytes));
        bytes -= piece.length;
        add_piece(life.data, piece);
    }
}

Effect Play::read(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (const auto no = refused(actor, operation, true)) return *no;
    Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    Pipe& pipe = pipe_of(description);
    life.from = static_cast<std::int16_t>(description.tube);
    const std::uint64_t asked = asked_of(operation), mapped = mapped_of(operation);
    if (asked == 0 || (description.ended && lies(Lie::ends_for_good))) return {};
    if (!pipe.slots.empty() && pipe.slots.front().length == 0) {  // a broken promise: a packet of no bytes
        pipe.slots.pop();
        return {};
    }
    const bool may_wait = waits(life, operation, description) && !lies(Lie::read_never_waits);
    if (pipe.bytes == 0 || (lies(Lie::end_before_data) && pipe.writers == 0)) {
        const bool ended = pipe.writers == 0 || (lies(Lie::end_too_early) && pipe.writers == 1);
        if (ended && !(lies(Lie::end_never) && !may_wait)) {
            description.ended = true;
            return {};
        }
        if (may_wait) return falls_asleep;
        return lies(Lie::zero_for_again) ? Effect{} : fails(Errno::EAGAIN_);
    }
    byte_stream::Taking taking = byte_stream::plan_read(pipe, asked, mapped);
    // read(2) does not say how much of a buffer with a gap is filled; it may also be refused as a whole.
    if (taking.faulted && picks_counts(life)) taking.bytes = dice_.below(std::min(mapped, pipe.bytes - 1) + 1);
    if (mapped < asked && picks_counts(life) && dice_.one_in(4)) taking = {.faulted = true};
    if (taking.faulted && taking.bytes == 0) return fails(Errno::EFAULT_);
    if (lies(Lie::read_short, 4) && taking.bytes > 1 && !taking.packet) --taking.bytes;
    receive_front(life, pipe, taking.bytes);
    if (lies(Lie::read_twice, 6)) return moved_bytes(taking.bytes);
    if (lies(Lie::packet_rest_stays) && taking.packet_cut) {
        Pipe rest = pipe;
        const std::uint32_t left = rest.slots.front().length - static_cast<std::uint32_t>(taking.bytes);
        const std::uint16_t end = rest.slots.front().page_end;
        pipe.slots.clear();
        pipe.slots.push({static_cast<std::uint32_t>(taking.bytes), end, false, false});
        pipe.slots.push({left, end, false, true});
        for (std::size_t i = 1; i < rest.slots.size(); ++i) pipe.slots.push(rest.slots[i]);
    }
    byte_stream::drop(pipe, taking.bytes);
    if (tells_all_) tell(description.tube, 1);
    return moved_bytes(taking.bytes);
}

Effect Play::vmsplice(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (const auto no = refused(actor, operation, false)) return *no;
    Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    Pipe& pipe = pipe_of(description);
    life.from = static_cast<std::int16_t>(description.tube);
    const std::uint64_t asked = asked_of(operation);
    if (asked == 0) return {};
    if (pipe.readers == 0) return no_reader(actor);
    if (full(pipe)) return waits(life, operation, description) ? falls_asleep : fails(Errno::EAGAIN_);
    const std::uint64_t mapped = mapped_of(operation), most = std::min({asked, mapped, free_in(pipe)});
    byte_stream::Gift gift = room_ == Room::bytes
                                 ? byte_stream::gift_of(most, page_)
                                 : byte_stream::plan_gift(pipe, operation.buffer, asked, mapped, page_);
    if (picks_counts(life) && gift.bytes > 1 && dice_.one_in(4))
        gift = byte_stream::gift_of(dice_.between(1, gift.bytes - 1), page_);
    if (gift.bytes == 0) return fails(Errno::EFAULT_);
    byte_stream::place(pipe, {actor, life.step}, life.total + lies(Lie::vmsplice_shifts), gift);
    tell(description.tube, 0);
    return moved_bytes(gift.bytes);
}

// Would somebody who sleeps find that they need not?
bool Play::would_go_on(const Life& life) const {
    if (life.forgotten) return false;
    const ActorId actor = id_of(life);
    const Operation& operation = operation_of(life, actor);
    if (operation.verb == Verb::sem_wait) return wait_would_go_on(life, operation);
    if (operation.verb == Verb::lock) return lock_would_go_on(life);
    if (operation.verb == Verb::open) return open_would_go_on(life);
    if (operation.verb == Verb::mq_send || operation.verb == Verb::mq_receive)
        return queue_would_go_on(life, operation);
    if (operation.verb == Verb::poll) return poll_would_go_on(life, operation);
    if (operation.verb == Verb::splice || operation.verb == Verb::tee) return splice_would_go_on(life, operation);
    if (operation.verb == Verb::pass) return room_in_mailbox(static_cast<ActorId>(operation.uses[0] - first_mailbox));
    if (operation.verb == Verb::receive) return !mailboxes_[actor].empty();
    if (operation.verb == Verb::connect || operation.verb == Verb::accept)
        return connection_would_go_on(life, operation);
    if (is_of_channels(actor, operation))
        return sheet_of(operation.verb).flow == Flow::out ? send_would_go_on(life, operation)
                                                          : receive_would_go_on(life, operation);
    const Pipe& pipe = tubes_[static_cast<std::size_t>(life.from)].pipe;
    switch (operation.verb) {
        case Verb::write:
        case Verb::writev: return write_would_go_on(life, operation, pipe);
        case Verb::read:
        case Verb::readv:
            if (pipe.bytes > 0) return !lies(Lie::write_wakes_no_reader);
            return pipe.writers == 0 && !lies(Lie::closed_writer_wakes_none);
        case Verb::vmsplice: return pipe.readers == 0 || !full(pipe);
        default: return true;
    }
}

}  // namespace crosstalk::mirror
