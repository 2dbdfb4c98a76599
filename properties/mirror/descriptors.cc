// Calls that make, copy, hand over, configure and close descriptors.
#include <algorithm>
#include <utility>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t message_bytes = 4;  // that travel beside descriptors

std::int64_t packed(int a, int b, int c, int d) {
    const auto part = [](int number, int at) { return std::uint64_t{static_cast<std::uint16_t>(number)} << (16 * at); };
    return static_cast<std::int64_t>(part(a, 0) | part(b, 1) | part(c, 2) | part(d, 3));
}

}  // namespace

std::int16_t Play::description_in(ActorId actor, Slot slot) const {
    return slot >= first_mailbox ? unbound : process_of(actor).description[slot];
}

std::uint16_t Play::new_tube(ObjectId object, std::uint32_t slots) {
    Tube& tube = tubes_.emplace_back();
    tube.object = object, tube.pipe.max_slots = slots;
    return static_cast<std::uint16_t>(tubes_.size() - 1);
}

std::int16_t Play::new_description(std::uint16_t tube, std::uint8_t end, std::uint16_t flags) {
    descriptions_.push_back({.tube = tube, .end = end, .flags = flags});
    return static_cast<std::int16_t>(descriptions_.size() - 1);
}

void Play::refer(std::int16_t index) {
    Description& description = descriptions_[static_cast<std::size_t>(index)];
    ++description.references;
    if (description.watches != unbound) return;
    if (description.kind == Kind::socket && description.thing != no_thing) ++mine_of(description).references;
    if (description.kind != Kind::tube) return;
    if (description.end != 1) ++pipe_of(description).readers;
    if (description.end != 0) ++pipe_of(description).writers;
}

void Play::release(std::int16_t index) {
    Description& description = descriptions_[static_cast<std::size_t>(index)];
    --description.references;
    if (description.watches != unbound) return;
    if (description.kind == Kind::socket) {
        if (description.plug != unbound && description.references == 0) unplug(index);
        if (description.thing != no_thing) let_go(description);
    }
    if (description.kind != Kind::tube) return;
    if (description.end != 1) --pipe_of(description).readers;
    if (description.end != 0) --pipe_of(description).writers;
    last_reference(tubes_[description.tube]);
    if (!tells_all_) return;
    if (description.end != 0) tell(description.tube, 0);
    if (description.end != 1) tell(description.tube, 1);
}

void Play::bind(Process& process, Slot slot, std::int16_t description, int number, bool close_on_exec) {
    process.description[slot] = description;
    process.number[slot] = static_cast<std::int16_t>(number);
    process.close_on_exec[slot] = close_on_exec;
    process.used.set(static_cast<std::size_t>(number));
}

void Play::unbind(Process& process, Slot slot) {
    leave_queue(process, slot);
    release(process.description[slot]);
    process.used.reset(static_cast<std::size_t>(process.number[slot]));
    process.description[slot] = process.number[slot] = unbound;
}

int Play::lowest_free(const Process& process, int least) {
    while (process.used.test(static_cast<std::size_t>(least))) ++least;
    return least;
}

Effect Play::create(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    int first = lowest_free(process), second = lowest_free(process, first + 1);
    if (operation.flags & flag_unknown) return lies(Lie::unknown_flag_passes) ? Effect{} : fails(Errno::EINVAL_);
    const bool lacks = second >= process.limit, bad = operation.flags & flag_bad_pointer;
    if (lacks && lies(Lie::half_made_pipe) && first < process.limit) process.used.set(static_cast<std::size_t>(first));
    if (lacks && !(bad && dice_.one_in(2))) return fails(Errno::EMFILE_);
    if (bad) return fails(Errno::EFAULT_);
    const bool socket = is_channel(operation.object);
    const Asked& asked = value_.program.objects[operation.object].asked;
    std::uint32_t slots = slots_for(default_bytes_);
    if (growth_may_fail_ && dice_.one_in(4)) slots = dice_.one_in(2) ? 1 : 2;  // pipe(7), pipe-user-pages-soft
    if (asked.capacity_bytes != 0 && asked.capacity_bytes <= pipe_max_bytes_) slots = slots_for(asked.capacity_bytes);
    const std::uint16_t made_object =
        socket ? new_channel(operation.object, lives_[actor].process) : new_tube(operation.object, slots);
    const std::int64_t numbers =
        lies(Lie::higher_numbers) ? packed(first + 1, second + 1, first, second) : packed(first, second, first, second);
    const bool close_on_exec = (operation.flags & flag_cloexec) != 0 || lies(Lie::created_close_on_exec);
    const std::uint16_t status = operation.flags & flag_nonblock;
    for (const int end : {0, 1}) {
        const std::uint16_t direct = end == 1 ? operation.flags & flag_direct : 0;  // packets are the write end's
        const auto side = static_cast<std::uint8_t>(end);
        const std::int16_t made =
            socket ? new_socket(made_object, side, status) : new_description(made_object, side, status | direct);
        refer(made);
        bind(process, operation.makes[static_cast<std::size_t>(end)], made, end == 0 ? first : second, close_on_exec);
    }
    if (socket) return {.value = numbers};
    return {.result = static_cast<std::int64_t>(capacity_of(tubes_[made_object].pipe)), .value = numbers};
}

Effect Play::close(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    Life& life = lives_[actor];
    const Slot slot = operation.uses[0];
    const std::int16_t found = description_in(actor, slot);
    if (life.counted) {  // its second half
        life.counted = false;
        hang_up_all();
        return {};
    }
    if (found == unbound) return lies(Lie::closes_the_closed) ? Effect{} : fails(Errno::EBADF_);
    const Description& description = descriptions_[static_cast<std::size_t>(found)];
    if (description.kind == Kind::socket) {
        lingers_ = !turns_ && dice_.one_in(4);
        unbind(process, slot);
        lingers_ = false;
        life.counted = !hanging_.empty();
        return {.pauses = life.counted};
    }
    const bool last_writer =
        description.kind == Kind::tube && description.end == 1 && pipe_of(description).writers == 1;
    unbind(process, slot);
    if (lies(Lie::end_wakes_one) && last_writer) {  // all readers that sleep but one stay asleep
        bool one = false;
        for (Life& each : lives_)
            if (each.phase == Phase::asleep && each.from == description.tube && each.to == unbound)
                each.forgotten |= std::exchange(one, true);
    }
    return {};
}

Effect Play::duplicate(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const Slot source = operation.uses[0], target = operation.makes[0];
    const auto way = static_cast<Duplicate>(operation.value);
    const bool replaces = way == Duplicate::dup2 || way == Duplicate::dup3_cloexec;
    const std::int16_t found = description_in(actor, source);
    if (found == unbound)
        return fails(way == Duplicate::dup3_cloexec && dice_.one_in(8) ? Errno::EINVAL_ : Errno::EBADF_);
    const std::int16_t old = description_in(actor, target);
    if (replaces && target == source)
        return way == Duplicate::dup3_cloexec ? fails(Errno::EINVAL_) : Effect{.result = process.number[source]};
    const int number = replaces && old != unbound ? process.number[target] : lowest_free(process);
    if (number >= process.limit) {
        if (replaces && (old != unbound || dice_.one_in(2))) return fails(Errno::EBADF_);  // dup(2), ERRORS
        if (!lies(Lie::limit_not_kept)) return fails(Errno::EMFILE_);
    }
    if (replaces && old != unbound) {
        if (lies(Lie::replaced_stays_open))  // it closes the name, not what it named
            process.description[target] = unbound;
        else
            unbind(process, target);
    }
    refer(found);
    const bool close_on_exec = way == Duplicate::dup3_cloexec || way == Duplicate::fcntl_cloexec;
    bind(process, target, found, number, close_on_exec != lies(Lie::duplicate_close_on_exec));
    return {.result = number};
}

Effect Play::flags(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const Slot slot = operation.uses[0];
    const std::int16_t found = description_in(actor, slot);
    if (found == unbound) return fails(Errno::EBADF_);
    if (operation.verb == Verb::set_cloexec) {
        process.close_on_exec[slot] = operation.value != 0;
        return {};
    }
    Description& description = descriptions_[static_cast<std::size_t>(found)];
    if (operation.verb == Verb::set_flags) {
        const std::uint16_t kept = lies(Lie::flags_only_added) ? description.flags : std::uint16_t{0};
        description.flags = kept | (operation.flags & (flag_nonblock | flag_direct | flag_async));
        if (operation.flags & flag_async) description.owner = lives_[actor].process;
        return {};
    }
    std::int64_t bits = description.flags & (flag_nonblock | flag_async);
    const bool is_tube = description.kind == Kind::tube;
    if (!is_tube || description.end != 0) bits |= flag_writable | (description.flags & flag_direct);
    if (is_tube && description.end == 0 && dice_.one_in(2)) bits |= flag_direct;  // said nowhere
    if (process.close_on_exec[slot]) bits |= flag_cloexec;
    return {.result = bits};
}

// Under which so many descriptors more can be made.
int Play::limit_leaving(const Process& process, std::int64_t left) {
    if (left > static_cast<std::int64_t>(most_numbers / 2)) return no_limit;
    int number = first_number;
    while (process.used.test(static_cast<std::size_t>(number)) || left-- != 0) ++number;
    return number;
}

Effect Play::limit(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    process.limit = limit_leaving(process, operation.value);
    return {};
}

Effect Play::pass(ActorId actor, const Operation& operation) {
    Message message{actor, lives_[actor].step, {unbound, unbound, unbound}};
    std::int64_t count = 0;
    for (std::size_t i = 1; i < 4; ++i) {
        if (operation.uses[i] == no_slot) continue;
        message.descriptions[i - 1] = description_in(actor, operation.uses[i]);
        if (message.descriptions[i - 1] == unbound) return fails(Errno::EBADF_);
        ++count;
    }
    const auto whose = static_cast<ActorId>(operation.uses[0] - first_mailbox);
    if (!room_in_mailbox(whose)) return operation.flags & flag_nonblock ? fails(Errno::EAGAIN_) : falls_asleep;
    for (const std::int16_t description : message.descriptions)
        if (description != unbound && !lies(Lie::passing_counts_nothing)) refer(description);
    mailboxes_[whose].push_back(message);
    return {.result = message_bytes, .value = count};
}

Effect Play::receive(ActorId actor, const Operation& operation) {
    if (mailboxes_[actor].empty()) return operation.flags & flag_nonblock ? fails(Errno::EAGAIN_) : falls_asleep;
    const Message message = mailboxes_[actor].front();
    mailboxes_[actor].pop_front();
    Process& process = process_of(actor);
    std::size_t made = 0;
    std::uint32_t received = 0;
    std::int64_t sent = 0;
    bool fits = true;
    for (const std::int16_t description : message.descriptions) {
        if (description == unbound) continue;
        ++sent;
        if (lies(Lie::passing_counts_nothing)) refer(description);
        const int number = lowest_free(process);
        fits = fits && made < operation.makes.size() && operation.makes[made] != no_slot && number < process.limit;
        if (!fits) {  // unix(7): what does not fit is closed
            release(description);
            continue;
        }
        const bool close_on_exec = (operation.flags & flag_cloexec) != 0;
        bind(process, operation.makes[made++], description, number, close_on_exec != lies(Lie::received_close_on_exec));
        ++received;
    }
    lives_[actor].data = {{message.from, message.step, 0, received}};
    const std::int64_t room = std::ranges::count_if(operation.makes, [](Slot slot) { return slot != no_slot; });
    return {.result = message_bytes, .value = received, .left_out = std::min(sent, room) - received};
}

}  // namespace crosstalk::mirror
