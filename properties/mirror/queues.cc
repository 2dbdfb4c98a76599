// Message queues: what is sent, in which order it is received, and who waits (mq_send(3), mq_receive(3)). A message
// that comes while somebody sleeps for one goes to a sleeper at once; which one, and whether a message taken from a
// full queue lets a sleeping sender in or only wakes it, is the dice's. Names and registrations: queue_names.cc.
#include <algorithm>
#include <utility>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t priorities = 32768;  // mq_overview(7): sysconf(_SC_MQ_PRIO_MAX)

Effect whole(const Letter& letter, bool tells_priority) {
    return {.result = letter.length, .value = tells_priority ? letter.priority : 0};
}

}  // namespace

bool Play::is_queue(std::size_t object) const {
    return mechanism_of(value_.program.objects[object].mechanism).semantics == Semantics::priority_queue;
}

bool Play::is_of_queues(ActorId, const Operation& operation) const {
    switch (operation.verb) {
        case Verb::mq_send:
        case Verb::mq_receive:
        case Verb::mq_attributes:
        case Verb::mq_set_flags:
        case Verb::mq_notify: return true;
        case Verb::create:
        case Verb::open:
        case Verb::unlink:
        case Verb::misname:
        case Verb::new_mode: return is_queue(operation.object);
        case Verb::shutdown:
        case Verb::get_option:
        case Verb::set_option: return is_queue(0);
        default: return false;
    }
}

Effect Play::queue(ActorId actor, const Operation& operation) {
    switch (operation.verb) {
        case Verb::mq_send: return send_letter(actor, operation);
        case Verb::mq_receive: return take_letter(actor, operation);
        case Verb::mq_attributes:
        case Verb::mq_set_flags: return attributes(actor, operation);
        case Verb::mq_notify: return register_at(actor, operation);
        case Verb::unlink: return unlink_queue(operation);
        case Verb::misname: return misname_queue(operation);
        case Verb::new_mode: return new_mode(operation);
        case Verb::shutdown:
        case Verb::get_option:
        case Verb::set_option:
            return fails(description_in(actor, operation.uses[0]) == unbound ? Errno::EBADF_ : Errno::ENOTSOCK_);
        default: return open_queue(actor, operation);
    }
}

QueueSizes Play::sizes_of(ObjectId object) const {
    const Asked& asked = value_.program.objects[object].asked;
    if (asked.records != 0 || asked.record_bytes != 0) return {asked.records, asked.record_bytes};
    return {std::min(queue_default_.messages, queue_most_.messages), std::min(queue_default_.bytes, queue_most_.bytes)};
}

bool Play::full(const Queue& queue) const {
    const std::size_t most = sizes_of(queue.object).messages;
    return queue.letters.size() >= most - (lies(Lie::queue_holds_less) && most > 1) + lies(Lie::queue_holds_more);
}

// What the arguments alone decide. Of several errors any one may be told (XSH 2.3), also of those that come of waiting.
std::optional<Effect> Play::letter_refused(ActorId actor, const Operation& operation) {
    const bool sends = operation.verb == Verb::mq_send;
    const std::int16_t found = lives_[actor].held[0];
    std::vector<Errno> errors;
    if (sends && (operation.value < 0 || operation.value >= priorities) && !lies(Lie::any_priority))
        errors.push_back(Errno::EINVAL_);
    if (found == unbound) {
        errors.push_back(Errno::EBADF_);
    } else {
        const Description& description = descriptions_[static_cast<std::size_t>(found)];
        const bool closed_for_it = description.access == (sends ? Access::read : Access::write);
        if (closed_for_it && !lies(Lie::access_ignored)) errors.push_back(Errno::EBADF_);
        Queue& queue = queue_of(description);
        const std::uint64_t bytes = operation.buffer.bytes, most = sizes_of(queue.object).bytes;
        if (sends ? bytes > most && !lies(Lie::long_message_taken) : bytes < most && !lies(Lie::short_buffer_taken))
            errors.push_back(Errno::EMSGSIZE_);
        if (sends && bytes == 0 && lies(Lie::empty_message_refused)) errors.push_back(Errno::EMSGSIZE_);
        const bool would_wait = sends ? full(queue) : queue.letters.empty();
        if (!errors.empty() && would_wait && (description.flags & flag_nonblock) != 0)
            errors.push_back(Errno::EAGAIN_);
        else if (!errors.empty() && would_wait && operation.timeout_ns == 0 && (operation.flags & flag_unknown) == 0)
            errors.push_back(Errno::ETIMEDOUT_);
    }
    if (errors.empty()) return std::nullopt;
    if ((operation.flags & flag_unknown) != 0) errors.push_back(Errno::EINVAL_);
    return fails(errors[dice_.below(errors.size())]);
}

// It would have to wait.
Effect Play::wait_at_queue(Life& life, const Operation& operation) {
    const Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    const bool timed = operation.timeout_ns != forever, bad = (operation.flags & flag_unknown) != 0;
    if (!waits(life, operation, description) || lies(Lie::queue_never_waits)) {
        if (!timed || !lies(Lie::limit_before_nonblock)) return fails(Errno::EAGAIN_);
        life.event.took_ns = operation.timeout_ns;
        return fails(Errno::ETIMEDOUT_);
    }
    if (bad) return lies(Lie::bad_queue_limit_passes) ? falls_asleep : fails(Errno::EINVAL_);
    if (!timed || (operation.timeout_ns > 0 && !life.slept)) return falls_asleep;
    if (operation.timeout_ns > 0)
        life.event.took_ns = lies(Lie::queue_times_out_early)
                                 ? operation.timeout_ns / 2
                                 : operation.timeout_ns + static_cast<std::int64_t>(dice_.below(100'000));
    return fails(Errno::ETIMEDOUT_);
}

Effect Play::send_letter(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (operation.timeout_ns > 0) life.event.took_ns = static_cast<std::int64_t>(dice_.below(1000)) + 1;
    if (life.handed) return whole(*std::exchange(life.handed, std::nullopt), false);
    if (!life.slept)
        if (const auto no = letter_refused(actor, operation)) return *no;
    Queue& queue = queue_of(descriptions_[static_cast<std::size_t>(life.held[0])]);
    const bool past = operation.timeout_ns == 0 && lies(Lie::past_limit_fails);
    if (full(queue) || past) return wait_at_queue(life, operation);
    const Letter letter{actor, life.step, static_cast<std::uint32_t>(life.total),
                        static_cast<std::uint32_t>(operation.buffer.bytes),
                        static_cast<std::uint32_t>(operation.value)};
    if (!lies(Lie::message_lost, 4)) arrive(queue, letter);
    return whole(letter, false);
}

Effect Play::take_letter(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (operation.timeout_ns > 0) life.event.took_ns = static_cast<std::int64_t>(dice_.below(1000)) + 1;
    std::optional<Letter> letter = std::exchange(life.handed, std::nullopt);
    if (!letter && !life.slept)
        if (const auto no = letter_refused(actor, operation)) return *no;
    if (!letter) {
        Queue& queue = queue_of(descriptions_[static_cast<std::size_t>(life.held[0])]);
        const bool past = operation.timeout_ns == 0 && lies(Lie::past_limit_fails);
        if (queue.letters.empty() || past) return wait_at_queue(life, operation);
        letter = queue.letters.front();
        if (!lies(Lie::message_twice, 6)) {
            queue.letters.erase(queue.letters.begin());
            if (lets_in_) let_in(queue);
        }
    }
    if (letter->length != 0) life.data.push_back({letter->actor, letter->step, letter->offset, letter->length});
    return whole(*letter, !lies(Lie::priority_untold));
}

// Somebody who sleeps in such a call on this queue, and for whom nobody has done it yet.
Life* Play::sleeper_at(const Queue& queue, Verb verb) {
    std::vector<Life*> found;
    for (Life& life : lives_)
        if (life.phase == Phase::asleep && !life.still && !life.forgotten && life.event.verb == verb && !life.handed &&
            life.held[0] != unbound && &queue_of(descriptions_[static_cast<std::size_t>(life.held[0])]) == &queue)
            found.push_back(&life);
    return found.empty() ? nullptr : found[dice_.below(found.size())];
}

void Play::sort_in(Queue& queue, const Letter& letter) {
    const bool newest_first = lies(Lie::newest_first), by_arrival = lies(Lie::priority_ignored);
    const auto behind = std::ranges::find_if(queue.letters, [&](const Letter& other) {
        if (by_arrival) return false;
        return newest_first ? other.priority <= letter.priority : other.priority < letter.priority;
    });
    queue.letters.insert(behind, letter);
}

// mq_notify(3): who waits gets it, and nobody is told; else who is registered, if the queue was empty.
void Play::arrive(Queue& queue, const Letter& letter) {
    if (lies(Lie::queue_wakes_none))
        for (Life& life : lives_) life.forgotten |= life.phase == Phase::asleep && life.event.verb == Verb::mq_receive;
    if (queue.letters.empty())
        if (Life* const waiter = sleeper_at(queue, Verb::mq_receive)) {
            waiter->handed = letter;
            return;
        }
    const bool was_empty = queue.letters.empty();
    sort_in(queue, letter);
    if (was_empty || lies(Lie::tells_of_each)) tell_registered(queue);
}

// There is room again: a sender that sleeps need not come back for it.
void Play::let_in(Queue& queue) {
    Life* const sender = sleeper_at(queue, Verb::mq_send);
    if (sender == nullptr || lies(Lie::queue_wakes_none)) return;
    const Operation& operation = operation_of(*sender, id_of(*sender));
    const Letter letter{id_of(*sender), sender->step, static_cast<std::uint32_t>(sender->total),
                        static_cast<std::uint32_t>(operation.buffer.bytes),
                        static_cast<std::uint32_t>(operation.value)};
    sort_in(queue, letter);
    sender->handed = letter;
}

Effect Play::attributes(ActorId actor, const Operation& operation) {
    const std::int16_t found = description_in(actor, operation.uses[0]);
    const bool bad = operation.verb == Verb::mq_set_flags && (operation.flags & flag_unknown) != 0;
    if (found == unbound) return fails(bad && dice_.one_in(2) ? Errno::EINVAL_ : Errno::EBADF_);
    if (bad && !lies(Lie::queue_flags_unchecked)) return fails(Errno::EINVAL_);
    Description& description = descriptions_[static_cast<std::size_t>(found)];
    const Queue& queue = queue_of(description);
    if (operation.verb == Verb::mq_set_flags) {
        for (Description& other : descriptions_)
            if (&other == &description ||
                (lies(Lie::queue_flags_shared) && other.kind == Kind::queue && other.thing == description.thing))
                other.flags = operation.flags & flag_nonblock;
        return {};
    }
    const QueueSizes sizes = sizes_of(queue.object);
    const std::int64_t numbers = sizes.messages + (std::int64_t{sizes.bytes} << 24);
    const bool one_more = lies(Lie::count_one_more) && !queue.letters.empty();
    return {.result = static_cast<std::int64_t>(queue.letters.size()) + one_more,
            .value = (description.flags & flag_nonblock) + 256 * numbers};
}

std::int64_t Play::queue_bits(const Description& description, std::int64_t asked) const {
    const Queue& queue = queues_[description.thing];
    std::int64_t bits = 0;
    const bool may_receive = !polls_access_ || description.access != Access::write,
               may_send = !polls_access_ || description.access != Access::read;
    if (!queue.letters.empty() && may_receive) bits |= poll_in;
    if ((!full(queue) || lies(Lie::full_queue_polls_out)) && may_send) bits |= poll_out;
    return bits & asked;
}

bool Play::queue_would_go_on(const Life& life, const Operation& operation) const {
    const bool endless = (operation.flags & flag_unknown) != 0 && lies(Lie::bad_queue_limit_passes);
    if (life.handed || (operation.timeout_ns != forever && !endless)) return true;  // its time comes
    if (life.held[0] == unbound) return false;
    const Queue& queue = queues_[descriptions_[static_cast<std::size_t>(life.held[0])].thing];
    return operation.verb == Verb::mq_send ? !full(queue) : !queue.letters.empty();
}

}  // namespace crosstalk::mirror
