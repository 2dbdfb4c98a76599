// Programs on message queues. One actor looks: it never sleeps, and at the end counts and takes what is left. The
// others send, receive, open, remove, register and wait, weighed by the property. Boundary values are drawn on purpose.
#include "properties/draw/queues.h"

#include <algorithm>

#include "properties/draw/crowd.h"
#include "properties/draw/plain.h"
#include "properties/draw/queue_mix.h"

namespace crosstalk::draw {
namespace {

struct Open {
    Slot slot = no_slot;
    ObjectId object = 0;
    Access access = Access::both;
    bool nonblock = false;
};

class Scene {
  public:
    Scene(Dice& entropy, const Commission& commission)
        : dice(entropy), plain(entropy, commission), mix(mix_of(commission.property)) {}

    Case draw() {
        crowd_ = draw_crowd(dice, plain.ground);
        objects();
        crowd_ ? gather() : actors();
        plain.body();
        const std::uint64_t steps = dice.between(4, 26);
        for (std::uint64_t i = 0; i < steps && !crowd_; ++i) deed(static_cast<ActorId>(dice.below(plain.actors())));
        const std::size_t parts = crowd_.all() * dice.between(1, 2);
        for (std::size_t i = 0; i < parts; ++i) play_part(i % crowd_.all());
        plain.end();
        look_at_the_end();
        return plain.finish();
    }

  private:
    std::uint32_t messages_of(ObjectId object) const {
        const std::uint32_t asked = asked_[object].records;
        return asked == 0 ? plain.ground.queue_messages_default : asked;
    }
    std::uint32_t bytes_of(ObjectId object) const {
        const std::uint32_t asked = asked_[object].record_bytes;
        return asked == 0 ? plain.ground.queue_bytes_default : asked;
    }

    // RLIMIT_MSGQUEUE counts the room for all messages (getrlimit(2)): few large ones.
    Asked sizes(bool by_step) {
        const std::uint32_t most = plain.ground.queue_messages_max, most_bytes = plain.ground.queue_bytes_max;
        Asked asked;
        if (dice.one_in(12)) return asked;
        asked.records = dice.one_of({1u, 1u, 2u, 2u, 3u, 4u, 5u, most});
        asked.record_bytes = dice.one_of({1u, 8u, 15u, 16u, 17u, 32u, 64u, 100u, 300u, most_bytes});
        if (!by_step || !dice.one_in(3)) return asked;
        switch (dice.below(4)) {
            case 0: asked.records = 0; break;
            case 1: asked.record_bytes = 0; break;
            case 2: asked.records = most + 1; break;
            default: asked.record_bytes = most_bytes + 1; break;
        }
        return asked;
    }

    void objects() {
        const std::uint64_t count = !crowd_ && dice.one_in(5) ? 2 : 1;
        for (std::uint64_t i = 0; i < count; ++i) {
            unmade_.push_back(!crowd_ && dice.chance(mix.made_late));
            asked_.push_back(sizes(unmade_.back()));
            if (!unmade_.back() && dice.chance(100 - mix.sleepy)) asked_.back().flags = flag_nonblock;
            plain.object(asked_.back());
        }
    }

    // Who takes comes first, so that the looker does.
    void gather() {
        for (std::size_t i = 0; i < crowd_.all(); ++i) {
            const ActorId who = plain.actor();
            open_.emplace_back();
            threaded_.push_back(false);
            if (who == 0)
                open(who, 0, 0);
            else
                open_[who].push_back({initial_slot(0, 0), 0, Access::both, asked_[0].flags != 0});
        }
    }
    void play_part(std::size_t who) {
        who < crowd_.takers ? receive(static_cast<ActorId>(who)) : send(static_cast<ActorId>(who), false);
    }

    void actors() {
        const std::uint64_t count = dice.one_of({1u, 2u, 2u, 3u, 3u, 4u, 5u, 6u});
        for (std::uint64_t i = 0; i < count; ++i) {
            const bool related = i > 0 && dice.chance(mix.family);
            if (!related) {
                const ActorId who = plain.actor();
                open_.emplace_back();
                threaded_.push_back(false);
                settle(who);
                continue;
            }
            const auto parent = static_cast<ActorId>(dice.below(i));
            const bool thread = threaded_[parent] || (mix.threads && dice.one_in(2));
            const std::size_t before = plain.actors();
            if (steps_of(parent) + 1 >= most_steps_of_an_actor) continue;
            plain.actor(thread ? ActorKind::thread : ActorKind::forked, parent);
            if (plain.actors() == before) continue;
            open_.push_back(open_[parent]);
            threaded_.push_back(thread);
            threaded_[parent] = threaded_[parent] || thread;
        }
    }
    std::size_t steps_of(ActorId who) const { return plain.program().actors[who].steps.size(); }

    // What an actor has open when it begins: what it is handed, what it opens itself. The looker opens all for itself.
    void settle(ActorId who) {
        for (std::size_t o = 0; o < asked_.size(); ++o) {
            const auto object = static_cast<ObjectId>(o);
            if (unmade_[o] && who == 0 && dice.chance(50)) create(who, object);
            if (unmade_[o]) continue;
            if (who != 0 && dice.chance(55))
                open_[who].push_back({initial_slot(object, 0), object, Access::both, asked_[o].flags != 0});
            if (who == 0 || dice.chance(60)) open(who, object, 0);
        }
    }

    void create(ActorId who, ObjectId object) {
        const Slot slot = plain.fresh(who);
        if (slot == no_slot) return;
        Operation step;
        step.verb = Verb::create, step.object = object, step.makes[0] = slot;
        const bool nonblock = who == 0 || dice.chance(100 - mix.sleepy);
        step.flags = nonblock ? flag_nonblock : 0;
        if (!plain.add(who, step)) return;
        open_[who].push_back({slot, object, Access::both, nonblock});
        unmade_[object] = false;
    }

    void open(ActorId who, ObjectId object, std::uint16_t flags) {
        const Slot slot = plain.fresh(who);
        if (slot == no_slot) return;
        Operation step;
        step.verb = Verb::open, step.object = object, step.makes[0] = slot;
        const bool looks = who == 0 && open_[who].empty();
        const Access access = looks || dice.chance(70) ? Access::both : dice.one_of({Access::read, Access::write});
        const bool nonblock = who == 0 || dice.chance(100 - mix.sleepy);
        step.flags = static_cast<std::uint16_t>(flags | (nonblock ? flag_nonblock : 0));
        step.value = static_cast<std::int64_t>(access);
        if (plain.add(who, step)) open_[who].push_back({slot, object, access, nonblock});
    }

    // One of the actor's descriptors, rarely none.
    Open some(ActorId who) {
        const bool misuse = dice.chance(mix.misuse);
        if (open_[who].empty() || (misuse && dice.one_in(3))) {
            const Slot slot = plain.fresh(who);  // nothing stands there
            return {slot == no_slot ? Slot{63} : slot, static_cast<ObjectId>(dice.below(asked_.size())), Access::both,
                    true};
        }
        return open_[who][dice.below(open_[who].size())];
    }
    Open some_for(ActorId who, Access access) {
        Open found = some(who);
        for (int tries = 0; tries < 3 && found.access != Access::both && found.access != access; ++tries)
            if (!dice.chance(mix.misuse + 5)) found = some(who);
        return found;
    }

    std::int64_t priority() {
        if (dice.chance(mix.edges)) return dice.one_of<std::int64_t>({0, 31, 32767, 32767, 32768});
        return static_cast<std::int64_t>(dice.below(4));
    }

    void send(ActorId who, bool fills) {
        const Open to = some_for(who, Access::write);
        Operation step;
        step.verb = Verb::mq_send, step.uses[0] = to.slot, step.value = priority();
        const std::uint64_t most = std::max(1u, bytes_of(to.object));
        step.buffer.bytes = dice.chance(mix.edges + 20) ? dice.one_of<std::uint64_t>({0, 1, most - 1, most, most})
                                                        : dice.between(0, std::min<std::uint64_t>(most, 64));
        if (dice.chance(mix.edges / 3)) step.buffer.bytes = most + 1;
        if (fills) step.times = static_cast<std::uint32_t>(dice.between(1, messages_of(to.object) + 1u));
        if (!fills && dice.chance(mix.timed)) limit_time(dice, step, who == 0);
        plain.add(who, step);
    }

    void receive(ActorId who) {
        const Open from = some_for(who, Access::read);
        Operation step;
        step.verb = Verb::mq_receive, step.uses[0] = from.slot;
        const std::uint64_t least = std::max(1u, bytes_of(from.object));
        step.buffer.bytes = least + (dice.one_in(6) ? dice.below(20) : 0);
        if (dice.chance(mix.edges / 3)) step.buffer.bytes = dice.one_of<std::uint64_t>({0, least - 1});
        if (dice.chance(mix.timed)) limit_time(dice, step, who == 0);
        plain.add(who, step);
    }

    void deed(ActorId who) {
        const auto which = static_cast<QueueDeed>(dice.weighted(mix.weights));
        Operation step;
        const auto on = [&](Verb verb, Slot slot) { step.verb = verb, step.uses[0] = slot; };
        switch (which) {
            case QueueDeed::send: return send(who, false);
            case QueueDeed::fill: return send(who, true);
            case QueueDeed::receive: return receive(who);
            case QueueDeed::look:
                on(dice.one_in(16) ? dice.one_of({Verb::shutdown, Verb::get_option, Verb::set_option})
                                   : Verb::mq_attributes,
                   some(who).slot);
                break;  // what is for sockets is for sockets alone
            case QueueDeed::set_flags:
                if (who == 0) return;  // the looker never sleeps
                on(Verb::mq_set_flags, some(who).slot);
                step.flags = dice.one_in(8) ? flag_unknown : dice.one_in(2) ? flag_nonblock : 0;
                for (const Open& each : open_[0])
                    if (each.slot == step.uses[0] && who_shares(who)) return;
                break;
            case QueueDeed::poll: return poll(who);
            case QueueDeed::open: {
                const auto object = static_cast<ObjectId>(dice.below(asked_.size()));
                if (dice.one_in(6) && is_left_alone(plain.program(), who)) return make_another(who, object);
                if (unmade_[object] && dice.one_in(3)) return create(who, object);
                return open(who, object, dice.one_of<std::uint16_t>({0, flag_create, flag_create | flag_exclusive}));
            }
            case QueueDeed::unlink:
                step.verb = Verb::unlink, step.object = static_cast<ObjectId>(dice.below(asked_.size()));
                break;
            case QueueDeed::close: return close(who);
            case QueueDeed::dup: return duplicate(who);
            case QueueDeed::notify: return notify(who);
            case QueueDeed::pass: return pass(who);
            case QueueDeed::exec:
                if (who == 0 || threaded_[who]) return;
                step.verb = Verb::exec;
                break;
            case QueueDeed::exit:
                if (who == 0 || plain.program().actors[who].kind == ActorKind::thread) return;
                step.verb = Verb::exit;
                break;
            case QueueDeed::limit:
                if (who == 0 || threaded_[who] || another_) return;
                step.verb = Verb::limit, step.value = static_cast<std::int64_t>(dice.below(3));
                break;
            case QueueDeed::signal:
                step.verb = Verb::signal, step.value = static_cast<std::int64_t>(Signal::SIGUSR1_);
                step.flags = dice.one_of<std::uint16_t>({0, flag_restart, flag_restart, flag_ignore, flag_block});
                break;
        }
        plain.add(who, step);
    }
    // Does it share the looker's descriptions?
    bool who_shares(ActorId who) const {
        for (ActorId at = who; plain.program().actors[at].kind != ActorKind::pooled;)
            if ((at = plain.program().actors[at].parent) == 0) return true;
        return false;
    }

    // A queue beside this one, under a bad name or with a mode of its own.
    void make_another(ActorId who, ObjectId object) {
        another_ = true;
        Operation step;
        step.object = object;
        step.verb = dice.one_in(3) ? Verb::new_mode : Verb::misname;
        step.value = step.verb == Verb::new_mode
                         ? umask(dice)
                         : static_cast<std::int64_t>(dice.one_of(
                               {Misname::longest, Misname::too_long, Misname::no_slash, Misname::two_slashes,
                                Misname::only_slash, Misname::single, Misname::shorter}));
        plain.add(who, step);
    }

    // Who is woken first of several pollers is for the scheduler to say: in turns only one of a case may sleep.
    void poll(ActorId who) {
        Operation step;
        step.verb = Verb::poll;
        const std::size_t count = dice.one_in(4) ? 2 : 1;
        std::uint64_t asked = 0;
        for (std::size_t i = 0; i < count; ++i) {
            step.uses[i] = some(who).slot;
            asked |= std::uint64_t{dice.one_of<std::uint16_t>({poll_in, poll_out, poll_in | poll_out})} << (16 * i);
        }
        step.value = static_cast<std::int64_t>(asked);
        const bool sleeps = who != 0 && !poller_ && dice.chance(mix.sleepy);
        poller_ = poller_ || sleeps;
        step.timeout_ns = sleeps ? forever : 0;
        plain.add(who, step);
    }

    void close(ActorId who) {
        if (threaded_[who] || open_[who].empty() || (who == 0 && open_[who].size() < 2)) return;
        const std::size_t index = who == 0 ? 1 + dice.below(open_[who].size() - 1) : dice.below(open_[who].size());
        Operation step;
        step.verb = Verb::close, step.uses[0] = open_[who][index].slot;
        if (!plain.add(who, step)) return;
        if (!dice.chance(mix.misuse)) open_[who].erase(open_[who].begin() + static_cast<std::ptrdiff_t>(index));
    }

    void duplicate(ActorId who) {
        const Slot slot = threaded_[who] ? no_slot : plain.fresh(who);
        if (slot == no_slot) return;
        Open from = some(who);
        Operation step;
        step.verb = Verb::dup, step.uses[0] = from.slot, step.makes[0] = slot;
        step.value =
            static_cast<std::int64_t>(dice.one_of({Duplicate::dup, Duplicate::fcntl, Duplicate::fcntl_cloexec}));
        if (!plain.add(who, step)) return;
        from.slot = slot;
        open_[who].push_back(from);
    }

    void notify(ActorId who) {
        if (threaded_[who]) return;
        Operation step;
        step.verb = Verb::mq_notify, step.uses[0] = some(who).slot;
        if (!dice.one_in(4)) step.value = static_cast<std::int64_t>(dice.one_in(3) ? Signal::SIGIO_ : Signal::SIGUSR1_);
        if (step.value != 0 && dice.one_in(6)) step.flags = dice.one_in(3) ? flag_unknown : flag_ignore;
        plain.add(who, step);
    }

    // A pass, and the receive that takes it.
    void pass(ActorId who) {
        const auto to = static_cast<ActorId>(dice.below(plain.actors()));
        if (to == who || to == 0 || open_[who].empty() || threaded_[who] || threaded_[to]) return;
        const Slot slot = plain.fresh(to);
        if (slot == no_slot) return;
        Open given = open_[who][dice.below(open_[who].size())];
        Operation sent, taken;
        sent.verb = Verb::pass, sent.uses = {mailbox_of(to), given.slot, no_slot, no_slot};
        taken.verb = Verb::receive, taken.uses[0] = mailbox_of(to), taken.makes[0] = slot;
        if (!plain.add(who, sent) || !plain.add(to, taken)) return;
        given.slot = slot;
        open_[to].push_back(given);
    }

    void look_at_the_end() {
        for (std::size_t o = 0; o < unmade_.size(); ++o)
            if (unmade_[o]) create(0, static_cast<ObjectId>(o));
        for (const Open& each : std::vector(open_[0])) {
            const bool seen = std::ranges::any_of(looked_, [&](ObjectId object) { return object == each.object; });
            if (seen || each.access == Access::write) continue;
            looked_.push_back(each.object);
            Operation look, take;
            look.verb = Verb::mq_attributes, look.uses[0] = each.slot;
            take.verb = Verb::mq_receive, take.uses[0] = each.slot;
            take.buffer.bytes = std::max(1u, bytes_of(each.object));
            plain.add(0, look);
            const std::uint32_t most = std::min(messages_of(each.object), plain.ground.queue_messages_max);
            for (std::uint32_t i = 0; i <= most; ++i) plain.add(0, take);
        }
    }

    Dice& dice;
    Plain plain;
    const QueueMix mix;
    Crowd crowd_;
    std::vector<Asked> asked_;
    std::vector<ObjectId> looked_;
    std::vector<bool> unmade_;               // objects that a step is to make, as long as none does
    std::vector<std::vector<Open>> open_;    // of each actor
    std::vector<bool> threaded_;             // it is a thread, or its process has some
    bool poller_ = false, another_ = false;  // somebody polls for good; makes a queue beside these
};

}  // namespace

Case draw_queues(Dice& dice, const Commission& commission) { return Scene(dice, commission).draw(); }

}  // namespace crosstalk::draw
