// A step from its call to its return: the calls of it, one after the other, up to the first that fails or is short.
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

void Play::begin_step(ActorId actor) {
    Life& life = lives_[actor];
    const Operation& operation = operation_of(life, actor);
    life.event = Event{};
    life.event.actor = actor, life.event.step = life.step, life.event.verb = operation.verb;
    life.event.object = operation.object, life.event.times = 0;
    life.calls = 0, life.moved = life.total = 0, life.slept = life.counted = false;
    life.barred = false, life.writer = no_process, life.told = 0;
    life.handed.reset();
    give_up_open(life);
    life.from = life.to = unbound;
    life.former_limit = 0;
    life.looked_at = 0, life.seen = life.ready = 0;
    life.data.clear(), life.bytes.clear();
    life.copying = {};
    bool died = false;
    strike(actor, When::before, &died);
    if (died) return;
    life.phase = Phase::called;
    if (!stopped(life)) life.event.began = stamp();
}

Effect Play::act(ActorId actor) {
    Life& life = lives_[actor];
    const Operation& operation = operation_of(life, actor);
    if (!life.slept && sheet_of(operation.verb).moves_bytes())
        for (const std::size_t i : {0, 1}) life.held[i] = description_in(actor, operation.uses[i]);
    if (exhausted_ && dice_.one_in(4)) {
        if (operation.verb == Verb::attach) return fails(Errno::ENOMEM_);
        if (operation.verb == Verb::create) return fails(Errno::ENFILE_);
        if (operation.verb == Verb::start) return fails(dice_.one_of({Errno::ENOMEM_, Errno::EAGAIN_}));
        if (operation.verb == Verb::pass) return fails(dice_.one_of({Errno::ENOBUFS_, Errno::ETOOMANYREFS_}));
    }
    if (is_of_memory(actor, operation)) return view(actor, operation);
    if (is_of_channels(actor, operation)) return channel(actor, operation);
    if (is_of_semaphores(actor, operation)) return count(actor, operation);
    if (is_of_queues(actor, operation)) return queue(actor, operation);
    if (is_of_fifos(operation)) return fifo(actor, operation);
    switch (operation.verb) {
        case Verb::create: return create(actor, operation);
        case Verb::write:
        case Verb::writev: return write(actor, operation);
        case Verb::read:
        case Verb::readv: return read(actor, operation);
        case Verb::vmsplice: return vmsplice(actor, operation);
        case Verb::splice:
        case Verb::tee: return splice(actor, operation);
        case Verb::close: return close(actor, operation);
        case Verb::dup: return duplicate(actor, operation);
        case Verb::set_flags:
        case Verb::get_flags:
        case Verb::set_cloexec: return flags(actor, operation);
        case Verb::set_capacity: return set_capacity(actor, operation);
        case Verb::get_capacity:
        case Verb::available: return look(actor, operation);
        case Verb::poll: return poll(actor, operation);
        case Verb::stat:
        case Verb::seek:
        case Verb::pread:
        case Verb::pwrite:
        case Verb::sync:
        case Verb::truncate:
        case Verb::map:
        case Verb::path_limit: return misuse(actor, operation);
        case Verb::limit: return limit(actor, operation);
        case Verb::signal: return dispose(actor, operation);
        case Verb::start: return start(actor, operation);
        case Verb::exec: return exec(actor);
        case Verb::exit: return exit(actor, operation);
        case Verb::pass: return pass(actor, operation);
        case Verb::receive: return receive(actor, operation);
        case Verb::watch: return watch(actor, operation);
        case Verb::wait: return wait(actor, operation);
        case Verb::nothing: return {};
        case Verb::shutdown:
        case Verb::get_option:
        case Verb::set_option:
            return fails(description_in(actor, operation.uses[0]) == unbound ? Errno::EBADF_ : Errno::ENOTSOCK_);
        default: return fails(Errno::ENOSYS_);  // trials whose processes it does not play
    }
}

// Enters one call's answer into the record; true if the next may follow.
bool Play::took(Life& life, const Effect& effect) {
    Event& event = life.event;
    if (effect.error != Errno::none) {
        event.error = effect.error;
        if (event.times == 0 && life.total == 0) event.result = -1;
        return false;
    }
    event.value = effect.value;
    const Operation& operation = operation_of(life, event.actor);
    if (!sheet_of(operation.verb).moves_bytes()) {
        event.result = effect.result;
        ++event.times;
        return true;
    }
    life.total += static_cast<std::uint64_t>(effect.result);
    event.result = static_cast<std::int64_t>(life.total);
    const bool full = static_cast<std::uint64_t>(effect.result) == operation.buffer.bytes;
    event.times += full;
    return full;
}

void Play::go_on(ActorId actor) {
    Life& life = lives_[actor];
    std::uint64_t burst = turns_ ? ~0ull : dice_.below(64);
    for (;;) {
        const bool was_asleep = life.phase == Phase::asleep;
        const Effect effect = act(actor);
        if (life.still) return;
        if (effect.pauses) return;
        if (effect.sleeps) {
            life.phase = Phase::asleep;
            if (was_asleep && deliverable(life) != 0 && !life.doomed) return interrupted(actor, deliver(actor));
            life.slept = true;
            return;
        }
        if (life.doomed) {  // killed while it was asleep: what it did stays, but it never says so
            life.still = true;
            return;
        }
        if (!answer(actor, effect) || !next_call(actor) || burst-- == 0) return;
    }
}

// One call is over. False if no other of its step follows, or if its actor did not live on.
bool Play::answer(ActorId actor, const Effect& effect) {
    Life& life = lives_[actor];
    const bool full = took(life, effect);
    life.returned = {effect.result, effect.error, effect.left_out};
    bool died = false;
    strike(actor, When::after, &died);
    if (died) return false;
    ++life.calls;
    const bool last = !full || life.calls == operation_of(life, actor).times;
    if (last) life.phase = Phase::done;
    return !last;
}

// Between two calls of one step. False: it did not live on, or was stopped.
bool Play::next_call(ActorId actor) {
    Life& life = lives_[actor];
    life.moved = 0, life.slept = false;
    life.barred = false, life.told = 0;
    life.phase = Phase::called;
    bool died = false;
    strike(actor, When::before, &died);
    if (died) return false;
    if (stopped(life)) return false;
    if (deliverable(life) != 0) deliver(actor);
    return !life.still;
}

void Play::return_from(ActorId actor) {
    Life& life = lives_[actor];
    if (deliverable(life) != 0) {
        deliver(actor);
        if (life.still) return;
    }
    life.event.ended = stamp();
    record(actor);
    ++life.step;
    life.phase = Phase::ready;
    if (life.step == value_.program.actors[actor].steps.size()) end_of_steps(actor);
}

void Play::end_of_steps(ActorId actor) {
    Life& life = lives_[actor];
    life.phase = value_.program.actors[actor].kind == ActorKind::forked ? Phase::leaving : Phase::ended;
}

}  // namespace crosstalk::mirror
