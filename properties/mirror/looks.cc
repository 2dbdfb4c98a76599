// Calls that look at a pipe, resize it, or ask of it what a pipe cannot do.
#include <algorithm>
#include <bit>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {

// fcntl(2): the next power of two of pages.
std::uint32_t Play::slots_for(std::uint64_t bytes) const {
    return static_cast<std::uint32_t>(std::bit_ceil(std::max<std::uint64_t>(bytes, page_)) / page_);
}

std::int64_t Play::bits_of(const Description& description, std::int64_t asked) const {
    if (description.kind == Kind::socket) return socket_bits(description, asked);
    if (description.kind == Kind::queue) return queue_bits(description, asked);
    const Pipe& pipe = tubes_[description.tube].pipe;
    std::int64_t bits = 0;
    if (description.end != 1) {
        const bool unheard = description.heard == 1 + pipe.opens[1];
        if (pipe.bytes > 0 || lies(Lie::poll_in_of_nothing)) bits |= asked & poll_in;
        if (pipe.writers == 0 && !unheard && !lies(Lie::poll_without_hup)) bits |= poll_hup;
    }
    if (description.end == 0) return bits;
    const bool room = room_ == Room::bytes ? free_in(pipe) >= pipe_buf_ : !pipe.full();
    if (room || lies(Lie::poll_out_when_full)) bits |= asked & poll_out;
    if (pipe.readers == 0) bits |= poll_err;
    if (lies(Lie::poll_only_what_was_asked)) bits &= asked;
    return bits;
}

// Does somebody move bytes of this pipe, and has not returned yet?
bool Play::transfers_beside(ActorId actor, std::uint16_t tube) const {
    return std::ranges::any_of(lives_, [&](const Life& life) {
        return id_of(life) != actor && (life.phase == Phase::called || life.phase == Phase::done) &&
               (life.from == tube || life.to == tube) && life.total + life.moved > 0;
    });
}

std::int64_t Play::poll_bits(ActorId actor, Slot slot, std::int64_t asked) {
    const std::int16_t found = description_in(actor, slot);
    if (found == unbound) return poll_nval;
    const Description& description = descriptions_[static_cast<std::size_t>(found)];
    std::int64_t bits = bits_of(description, asked);
    if (description.kind != Kind::tube) return bits;
    // Nothing holds the pipe still: what was there or free for a moment may be told (XSH poll).
    if (transfers_beside(actor, description.tube) && dice_.one_in(4))
        bits |= asked & (description.end == 0 ? poll_in : description.end == 1 ? poll_out : poll_in | poll_out);
    return bits;
}

Effect Play::poll(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    for (; life.looked_at < 4 && operation.uses[life.looked_at] != no_slot; ++life.looked_at) {
        const std::int64_t asked = operation.value >> (16 * life.looked_at) & 0xffff;
        std::int64_t bits = poll_bits(actor, operation.uses[life.looked_at], asked);
        if (operation.flags & flag_select) bits = as_select(asked, bits);
        life.seen |= bits << (16 * life.looked_at);
        life.ready += operation.flags & flag_select ? std::popcount(static_cast<std::uint64_t>(bits)) : bits != 0;
        if (!turns_ && life.phase == Phase::called && dice_.one_in(4)) {
            ++life.looked_at;
            return {.pauses = true};
        }
    }
    const Effect answer{.result = life.ready, .value = life.seen};
    life.looked_at = 0, life.seen = life.ready = 0;
    const bool timed = operation.timeout_ns > 0;
    if (timed) life.event.took_ns = static_cast<std::int64_t>(dice_.below(1000)) + 1;
    if (answer.result > 0 || operation.timeout_ns == 0) return answer;
    if (timed && life.slept) {
        life.event.took_ns = operation.timeout_ns + static_cast<std::int64_t>(dice_.below(100'000));
        if (lies(Lie::poll_times_out_early)) life.event.took_ns = operation.timeout_ns / 2;
        return answer;
    }
    return falls_asleep;
}

bool Play::poll_would_go_on(const Life& life, const Operation& operation) const {
    if (operation.timeout_ns > 0) return true;  // its time comes
    if (lies(Lie::poll_never_wakes)) return false;
    for (std::size_t i = 0; i < 4 && operation.uses[i] != no_slot; ++i) {
        const std::int16_t found = description_in(id_of(life), operation.uses[i]);
        const std::int64_t asked = operation.value >> (16 * i) & 0xffff;
        const std::int64_t bits =
            found == unbound ? std::int64_t{poll_nval} : bits_of(descriptions_[static_cast<std::size_t>(found)], asked);
        if (operation.flags & flag_select ? as_select(asked, bits) : bits) return true;
    }
    return false;
}

Effect Play::watch(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const int number = lowest_free(process);
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (number >= process.limit) return fails(Errno::EMFILE_);
    if (found == unbound) return fails(Errno::EBADF_);
    const Description watched = descriptions_[static_cast<std::size_t>(found)];
    const std::int16_t made = new_description(watched.tube, watched.end, operation.flags);
    descriptions_[static_cast<std::size_t>(made)].watches = found;
    refer(made);
    bind(process, operation.makes[0], made, number, true);
    return {};
}

// Of an edge-triggered watch an event may come again although nothing has come (epoll(7)).
Effect Play::wait(ActorId actor, const Operation& operation) {
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (found == unbound) return fails(Errno::EBADF_);
    Description& mine = descriptions_[static_cast<std::size_t>(found)];
    const Description& watched = descriptions_[static_cast<std::size_t>(mine.watches)];
    const std::uint32_t arrivals = tubes_[mine.tube].arrivals;
    if ((mine.flags & flag_once) && mine.told) return {};
    if ((mine.flags & flag_edge) && mine.told && mine.told_arrivals == arrivals && dice_.one_in(2)) return {};
    const std::int64_t bits = watched.references != 0 ? bits_of(watched, poll_in) : 0;
    if (bits == 0) return {};
    mine.told = true, mine.told_arrivals = arrivals;
    return {.result = 1, .value = bits};
}

Effect Play::set_capacity(ActorId actor, const Operation& operation) {
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (found == unbound) return fails(Errno::EBADF_);
    Pipe& pipe = pipe_of(descriptions_[static_cast<std::size_t>(found)]);
    const auto asked = static_cast<std::uint32_t>(operation.value);  // fcntl(2): an int
    if (asked > 1u << 31) return fails(Errno::EINVAL_);
    const std::uint32_t slots = slots_for(asked);
    const bool grows = slots > pipe.max_slots;
    if (grows && slots * page_ > pipe_max_bytes_ && !lies(Lie::capacity_unlimited)) return fails(Errno::EPERM_);
    if (grows && growth_may_fail_ && dice_.one_in(4)) return fails(Errno::EPERM_);
    const bool busy = room_ == Room::bytes ? slots * page_ < pipe.bytes : slots < pipe.slots.size();
    if (busy && !lies(Lie::shrinks_below_content)) return fails(Errno::EBUSY_);
    if (lies(Lie::resizing_loses) && pipe.bytes > 1) byte_stream::drop(pipe, 1);
    if (lies(Lie::growth_wakes_none) && grows)
        for (Life& life : lives_) life.forgotten |= life.phase == Phase::asleep;
    pipe.max_slots = slots;
    const std::uint64_t given = slots * page_;
    return {.result = static_cast<std::int64_t>(lies(Lie::capacity_not_rounded) ? std::max(asked, 4096u) : given)};
}

Effect Play::look(ActorId actor, const Operation& operation) {
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (found == unbound) return fails(Errno::EBADF_);
    const Pipe& pipe = pipe_of(descriptions_[static_cast<std::size_t>(found)]);
    if (operation.verb == Verb::get_capacity) return {.result = static_cast<std::int64_t>(capacity_of(pipe))};
    if (lies(Lie::unread_first_page_only)) return {.result = pipe.slots.empty() ? 0 : pipe.slots[0].length};
    return {.result = static_cast<std::int64_t>(pipe.bytes)};
}

Effect Play::misuse(ActorId actor, const Operation& operation) {
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (found == unbound)
        return fails(operation.verb == Verb::truncate && dice_.one_in(2) ? Errno::EINVAL_ : Errno::EBADF_);
    const std::uint8_t end = descriptions_[static_cast<std::size_t>(found)].end;
    const auto either = [&](Errno one, Errno other, bool may) { return fails(may && dice_.one_in(2) ? other : one); };
    switch (operation.verb) {
        case Verb::stat: return {.result = !lies(Lie::no_fifo)};
        case Verb::seek: return lies(Lie::seeks) ? Effect{} : fails(Errno::ESPIPE_);
        case Verb::pread: return either(Errno::ESPIPE_, Errno::EBADF_, end == 1);
        case Verb::pwrite: return either(Errno::ESPIPE_, Errno::EBADF_, end == 0);
        case Verb::sync: return fails(Errno::EINVAL_);
        case Verb::truncate: return either(Errno::EINVAL_, Errno::EBADF_, end == 0);
        case Verb::map: return either(Errno::ENODEV_, Errno::EACCES_, true);
        default: break;
    }
    const auto limit = static_cast<std::int64_t>(pipe_buf_);
    return {.result = lies(Lie::path_limit_differs) ? limit * 2 : limit, .value = limit};
}

}  // namespace crosstalk::mirror
