// Tokens, by the few rules that queues and semaphores share: what is refused changes nothing, and who sleeps is given
// the next.
#include "properties/draw/tokens.h"

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t priorities = 32768;  // mq_send(3)

}  // namespace

Tokens::Tokens(const Case& value, const Ground& ground)
    : program_(value.program),
      queue_(binds::queues(mechanism_of(program_.objects[0].mechanism))),
      sure_(value.schedule.mode == Mode::turns && program_.objects.size() == 1),
      actors_(program_.actors.size()) {
    const Asked& asked = program_.objects[0].asked;
    level_ = queue_ ? 0 : static_cast<std::uint64_t>(asked.value);
    most_ = !queue_              ? static_cast<std::uint64_t>(ground.sem_value_max)
            : asked.records == 0 ? ground.queue_messages_default
                                 : asked.records;
    message_bytes_ = asked.record_bytes == 0 ? ground.queue_bytes_default : asked.record_bytes;
    for (std::size_t a = 0; a < actors_.size(); ++a) {
        const auto who = static_cast<ActorId>(a);
        actors_[a].process = who;
        actors_[a].begun = program_.actors[a].kind == ActorKind::pooled;
        for (const Slot slot : program_.actors[a].holds)
            set(who, slot, {true, Access::both, asked.flags & flag_nonblock ? Nonblock::yes : Nonblock::no});
    }
    sure_ = sure_ && level_ <= most_ && (asked.records == 0) == (asked.record_bytes == 0);
    for (const Actor& actor : program_.actors)
        for (const Operation& step : actor.steps) sure_ = sure_ && (!queue_ || step.verb != Verb::create);
}

bool Tokens::asleep(ActorId actor) const {
    return std::ranges::find(takers_, actor) != takers_.end() ||
           std::ranges::find(givers_, actor, &Giver::actor) != givers_.end();
}

const Tokens::Handle* Tokens::handle(ActorId actor, Slot slot) const {
    if (slot >= first_mailbox) return nullptr;
    const Handle& found = actors_[actors_[actor].process].handles[slot];
    return found.open ? &found : nullptr;
}

void Tokens::set(ActorId actor, Slot slot, const Handle& handle) {
    if (slot < first_mailbox) actors_[actors_[actor].process].handles[slot] = handle;
}

void Tokens::begin(ActorId child, ActorId parent, ActorKind kind) {
    actors_[child].begun = true;
    if (kind == ActorKind::thread) actors_[child].process = actors_[parent].process;
    if (kind == ActorKind::forked) actors_[child].handles = actors_[actors_[parent].process].handles;
}

bool Tokens::gives(ActorId actor, const Operation& operation) const {
    const Handle* const with = handle(actor, operation.uses[0]);
    if (with == nullptr || with->access == Access::read) return false;
    if (operation.verb == Verb::sem_post) return true;
    return operation.verb == Verb::mq_send && operation.buffer.bytes <= message_bytes_ &&
           operation.value < priorities && (operation.flags & flag_unknown) == 0;
}

bool Tokens::takes(ActorId actor, const Operation& operation) const {
    const Handle* const with = handle(actor, operation.uses[0]);
    if (with == nullptr || with->access == Access::write) return false;
    if (operation.verb == Verb::sem_wait) return (operation.flags & flag_unknown) == 0;
    return operation.verb == Verb::mq_receive && operation.buffer.bytes >= message_bytes_ &&
           (operation.flags & flag_unknown) == 0;
}

bool Tokens::sleeps(ActorId actor, const Operation& operation) {
    const Handle* const with = handle(actor, operation.uses[0]);
    if (operation.timeout_ns != forever || with->nonblock == Nonblock::yes) return false;
    if (operation.verb == Verb::sem_wait && (operation.flags & flag_nonblock) != 0) return false;
    if (operation.verb == Verb::sem_post) return false;  // EOVERFLOW
    sure_ = sure_ && with->nonblock == Nonblock::no;
    return true;
}

void Tokens::put_one() {
    if (takers_.empty())
        ++level_;
    else
        takers_.erase(takers_.begin());
}

void Tokens::give(ActorId actor, const Operation& operation) {
    std::uint64_t left = operation.times;
    for (; left > 0 && level_ < most_; --left) put_one();
    if (left > 0 && sleeps(actor, operation)) givers_.push_back({actor, left});
}

void Tokens::take(ActorId actor, const Operation& operation) {
    if (level_ == 0) {
        if (sleeps(actor, operation)) takers_.push_back(actor);
        return;
    }
    --level_;
    if (givers_.empty()) return;
    put_one();
    if (--givers_[0].left == 0) givers_.erase(givers_.begin());
}

void Tokens::move(ActorId actor, const Operation& operation) {
    const auto nonblock = operation.flags & flag_nonblock ? Nonblock::yes : Nonblock::no;
    switch (operation.verb) {
        case Verb::start: {
            const auto child = static_cast<ActorId>(operation.value);
            return begin(child, actor, program_.actors[child].kind);
        }
        case Verb::create: return set(actor, operation.makes[0], {true, Access::both, nonblock});
        case Verb::open:
            if (!queue_) return set(actor, operation.makes[0], {(operation.flags & flag_unknown) == 0});
            return set(actor, operation.makes[0],
                       {(operation.flags & flag_exclusive) == 0, static_cast<Access>(operation.value), nonblock});
        case Verb::dup:
            if (const Handle* const from = handle(actor, operation.uses[0]))
                set(actor, operation.makes[0], Handle(*from));
            return;
        case Verb::receive: return set(actor, operation.makes[0], {true, Access::both, Nonblock::perhaps});
        case Verb::close: return set(actor, operation.uses[0], {});
        case Verb::exec:
            sure_ = sure_ && queue_;  // a semaphore may lie in memory that a new image has too
            for (Slot slot = 0; slot < first_mailbox; ++slot) set(actor, slot, {});
            return;
        case Verb::exit: actors_[actor].ended = true; return;
        case Verb::mq_set_flags:
            for (Belief& each : actors_)
                for (Handle& with : each.handles) with.nonblock = Nonblock::perhaps;
            return;
        case Verb::unlink:
        case Verb::limit: sure_ = false; return;
        case Verb::poll: sure_ = sure_ && operation.timeout_ns != forever; return;
        default: break;
    }
    if (gives(actor, operation)) give(actor, operation);
    if (takes(actor, operation)) take(actor, operation);
}

}  // namespace crosstalk::draw
