// World: bytes and sleep. The descriptors of the same simulation are in world_descriptors.cc.
#include "properties/draw/world.h"

#include <algorithm>
#include <bit>

#include "mechanisms/names.h"

namespace crosstalk::draw {

World::World(const Program& program, const Ground& ground, std::uint64_t created)
    : ground_(ground),
      actor_count_(program.actors.size()),
      object_count_(program.objects.size()),
      processes_(program.actors.size()),
      actors_(program.actors.size()) {
    for (std::size_t o = 0; o < object_count_; ++o) {
        const Asked& asked = program.objects[o].asked;
        objects_[o].capacity_bytes = ground.default_capacity_bytes;
        if ((created >> o & 1) != 0) continue;
        objects_[o].made = true;
        if (asked.capacity_bytes != 0) resize(objects_[o], static_cast<std::int64_t>(asked.capacity_bytes));
        objects_[o].nonblock.fill((asked.flags & flag_nonblock) != 0);
        objects_[o].direct = (asked.flags & flag_direct) != 0;
    }
    for (std::size_t a = 0; a < actor_count_; ++a) {
        const Actor& actor = program.actors[a];
        const bool thread = actor.kind == ActorKind::thread && actor.parent < a;
        actors_[a].process = thread ? actors_[actor.parent].process : static_cast<ActorId>(a);
        actors_[a].started = actor.kind == ActorKind::pooled;
        if (actor.kind == ActorKind::forked) forked_ |= std::uint64_t{1} << a;
        for (const Slot slot : actor.holds)
            if (slot < 2 * object_count_) bind(processes_[a], slot, slot, false);
    }
}

bool World::move(ActorId actor, const Operation& operation) {
    const bool done = attempt(actor, operation, false);
    if (!done) {
        actors_[actor].asleep = true;
        actors_[actor].pending = operation;
        sleepers_ |= std::uint64_t{1} << actor;
    }
    if (sleepers_ != 0) wake();
    return done;
}

// Retries everybody asleep until nobody moves; the lowest first, which is as good as any.
void World::wake() {
    for (bool moved = true; moved;) {
        moved = false;
        for (std::uint64_t mask = sleepers_; mask != 0; mask &= mask - 1) {
            const auto sleeper = static_cast<ActorId>(std::countr_zero(mask));
            ActorBelief& who = actors_[sleeper];
            if (!who.asleep || who.ended || !attempt(sleeper, who.pending, true)) continue;
            who.asleep = false;
            sleepers_ &= ~(std::uint64_t{1} << sleeper);
            moved = true;
        }
    }
}

std::uint64_t World::room(ObjectId id) const {
    const ObjectBelief& object = objects_[id];
    const std::uint64_t pages = object.capacity_bytes / ground_.page_bytes;
    return pages > object.pages ? (pages - object.pages) * ground_.page_bytes : 0;
}

// The kernel's rule: what is left over a whole number of pages goes behind the last bytes if it fits there, all else
// into fresh pages. Returns the bytes moved by calls of call_bytes until total_bytes are moved or one is short.
std::uint64_t World::push(ObjectBelief& object, std::uint64_t call_bytes, std::uint64_t total_bytes) const {
    const std::uint64_t page = ground_.page_bytes, limit = object.capacity_bytes / page;
    std::uint64_t moved = 0;
    if (call_bytes < page && page % call_bytes == 0 && object.tail_bytes % call_bytes == 0 && !object.direct) {
        const std::uint64_t free = limit > object.pages ? (limit - object.pages) * page : 0;
        moved = std::min(total_bytes, object.tail_bytes + free) / call_bytes * call_bytes;  // many small writes at once
        const std::uint64_t fresh = moved > object.tail_bytes ? moved - object.tail_bytes : 0;
        object.pages += static_cast<std::uint32_t>((fresh + page - 1) / page);
        object.tail_bytes =
            static_cast<std::uint32_t>(fresh == 0 ? object.tail_bytes - moved : (page - fresh % page) % page);
        object.level_bytes += moved;
        return moved;
    }
    while (moved < total_bytes) {
        const std::uint64_t call = std::min(call_bytes, total_bytes - moved), part = call % page;
        const std::uint64_t merged = part != 0 && object.tail_bytes >= part && !object.direct ? part : 0;
        const std::uint64_t rest = call - merged, want = (rest + page - 1) / page;
        const std::uint64_t free = limit > object.pages ? limit - object.pages : 0;
        if (call_bytes <= ground_.pipe_buf && want > free) break;
        const std::uint64_t pages = std::min(want, free), fresh = pages == want ? rest : pages * page;
        if (merged != 0) object.tail_bytes -= static_cast<std::uint32_t>(merged);
        if (pages != 0) object.tail_bytes = static_cast<std::uint32_t>((page - fresh % page) % page);
        object.pages += static_cast<std::uint32_t>(pages);
        object.level_bytes += merged + fresh;
        moved += merged + fresh;
        if (merged + fresh < call) break;
    }
    return moved;
}

void World::take(ObjectBelief& object, std::uint64_t bytes) {
    if (bytes >= object.level_bytes) {
        object.level_bytes = object.pages = object.tail_bytes = 0;
        return;
    }
    const std::uint64_t freed = object.pages * bytes / object.level_bytes;  // as if all pages were filled alike
    object.level_bytes -= bytes;
    object.pages = std::max<std::uint32_t>(1, object.pages - static_cast<std::uint32_t>(freed));
}

bool World::attempt_write(ActorId actor, const Operation& operation, bool again) {
    const Description description = at(actor, operation.uses[0]);
    if (description == no_description || end_of(description) != 1) return true;
    ObjectBelief& object = objects_[object_of(description)];
    if (object.holders[0] == 0) {
        if (process_of(actor).dies_of_sigpipe && operation.buffer.bytes != 0) end_process(actors_[actor].process);
        return true;
    }
    const std::uint64_t call = std::min<std::uint64_t>(operation.buffer.bytes, operation.buffer.mapped);
    if (call == 0 || (operation.verb == Verb::writev && operation.buffer.segments > ground_.iov_max)) return true;
    const std::uint64_t total = again ? actors_[actor].left_bytes : call * operation.times;
    const std::uint64_t moved = push(object, call, total);
    if (moved == total || !may_sleep(operation, object.nonblock[1])) return true;
    actors_[actor].left_bytes = total - moved;
    return false;
}

bool World::attempt_read(ActorId actor, const Operation& operation) {
    const Description description = at(actor, operation.uses[0]);
    if (description == no_description || end_of(description) != 0 || operation.buffer.bytes == 0) return true;
    ObjectBelief& object = objects_[object_of(description)];
    if (object.level_bytes == 0) return object.holders[1] == 0 || !may_sleep(operation, object.nonblock[0]);
    take(object, std::min<std::uint64_t>(operation.buffer.bytes, operation.buffer.mapped) * operation.times);
    return true;
}

bool World::attempt_move(ActorId actor, const Operation& operation) {
    const Description from = at(actor, operation.uses[0]), to = at(actor, operation.uses[1]);
    if (from == no_description || to == no_description || end_of(from) != 0 || end_of(to) != 1) return true;
    if (object_of(from) == object_of(to) || operation.buffer.bytes == 0) return true;
    ObjectBelief& source = objects_[object_of(from)];
    ObjectBelief& target = objects_[object_of(to)];
    const bool sleeps = may_sleep(operation, source.nonblock[0] || target.nonblock[1]);
    if (source.level_bytes == 0) return source.holders[1] == 0 || !sleeps;
    if (target.holders[0] == 0) return true;
    if (room(object_of(to)) == 0) return !sleeps;
    const std::uint64_t bytes = std::min({operation.buffer.bytes, source.level_bytes, room(object_of(to))});
    target.tail_bytes = 0;  // borrowed pages are not written behind
    push(target, bytes, bytes);
    target.tail_bytes = 0;
    if (operation.verb == Verb::splice) take(source, bytes);
    return true;
}

bool World::ready(ActorId actor, const Operation& operation) const {
    for (std::size_t i = 0; i < operation.uses.size(); ++i) {
        if (operation.uses[i] == no_slot) continue;
        const Description description = at(actor, operation.uses[i]);
        if (description == no_description) return true;  // POLLNVAL
        const ObjectBelief& object = objects_[object_of(description)];
        const auto asked = static_cast<std::uint16_t>(static_cast<std::uint64_t>(operation.value) >> (16 * i));
        if (object.holders[1 - end_of(description)] == 0) return true;  // POLLHUP, POLLERR: asked for or not
        if (end_of(description) == 0 && (asked & poll_in) != 0 && object.level_bytes != 0) return true;
        if (end_of(description) == 1 && (asked & poll_out) != 0 && room(object_of(description)) != 0) return true;
    }
    return operation.timeout_ns >= 0;
}

bool World::attempt(ActorId actor, const Operation& operation, bool again) {
    switch (operation.verb) {
        case Verb::write:
        case Verb::writev:
        case Verb::vmsplice: return attempt_write(actor, operation, again);
        case Verb::read:
        case Verb::readv: return attempt_read(actor, operation);
        case Verb::splice:
        case Verb::tee: return attempt_move(actor, operation);
        case Verb::poll: return ready(actor, operation);
        case Verb::receive: return attempt_receive(actor, operation);
        case Verb::start:
        case Verb::exec:
        case Verb::exit:
        case Verb::limit:
        case Verb::signal:
        case Verb::pass: apply_process(actor, operation); return true;
        default: apply_descriptor(actor, operation); return true;
    }
}

bool World::would_sleep(ActorId actor, const Operation& operation) const {
    const Description description = at(actor, operation.uses[0]);
    if (operation.verb == Verb::receive) return actors_[actor].mail_count == 0 && may_sleep(operation, false);
    if (operation.verb == Verb::poll) return !ready(actor, operation);
    if (description == no_description || operation.buffer.bytes == 0) return false;
    const ObjectBelief& object = objects_[object_of(description)];
    if (!may_sleep(operation, object.nonblock[end_of(description)])) return false;
    switch (operation.verb) {
        case Verb::write:
        case Verb::writev:
        case Verb::vmsplice: {
            if (end_of(description) != 1 || object.holders[0] == 0) return false;
            ObjectBelief trial = object;
            const std::uint64_t total = operation.buffer.bytes * operation.times;
            return push(trial, operation.buffer.bytes, total) != total;
        }
        case Verb::read:
        case Verb::readv: return end_of(description) == 0 && object.level_bytes == 0 && object.holders[1] != 0;
        case Verb::splice:
        case Verb::tee: {
            const Description to = at(actor, operation.uses[1]);
            if (to == no_description || end_of(description) != 0 || end_of(to) != 1) return false;
            const bool starved = object.level_bytes == 0 && object.holders[1] != 0;
            return starved ||
                   (object.level_bytes != 0 && room(object_of(to)) == 0 && objects_[object_of(to)].holders[0] != 0);
        }
        default: return false;
    }
}

}  // namespace crosstalk::draw
