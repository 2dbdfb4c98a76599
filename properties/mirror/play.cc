// Who moves next: anybody who can, by the dice; in turns the rule of choice of faults/case.h, where a turn is given
// only when nobody moves.
#include "properties/mirror/play.h"

#include <algorithm>
#include <utility>

#include "mechanisms/catalog.h"

namespace crosstalk::mirror {
namespace {

constexpr std::uint64_t most_moves = 1u << 24;  // beyond any legal case: ends what a broken promise keeps going

std::uint64_t limit_of(const Environment& environment, std::string_view key, std::int64_t otherwise) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(1, environment.number(key, otherwise)));
}

// Those of which pairs can be made: of a network there are none.
bool is_local_socket(const Mechanism& mechanism) {
    return crosstalk::offers(mechanism, Verb::send) && crosstalk::offers(mechanism, Verb::create);
}

}  // namespace

Play::Play(const Case& value, const Environment& environment, std::uint64_t seed, const Options& options)
    : value_(value),
      options_(options),
      dice_(seed),
      turns_(value.schedule.mode == Mode::turns),
      page_(limit_of(environment, "page_bytes", 4096)),
      pipe_buf_(limit_of(environment, "pipe_buf", 4096)),
      pipe_max_bytes_(limit_of(environment, "pipe_max_bytes", 1 << 20)),
      default_bytes_(limit_of(environment, "pipe_default_bytes", 65536)),
      iov_max_(static_cast<std::uint32_t>(limit_of(environment, "iov_max", 1024))),
      most_tokens_(static_cast<std::int64_t>(limit_of(environment, "sem_value_max", 0x7fffffff))) {
    const auto queue_limit = [&](std::string_view key, std::uint32_t& limit) {
        limit = static_cast<std::uint32_t>(limit_of(environment, key, limit));
    };
    queue_limit("mq_msg_max", queue_most_.messages), queue_limit("mq_msgsize_max", queue_most_.bytes);
    queue_limit("mq_msg_default", queue_default_.messages), queue_limit("mq_msgsize_default", queue_default_.bytes);
    // pipe(7), pipe-user-pages-soft: of a user whose other pipes nobody knows.
    growth_may_fail_ =
        environment.number("pipe_user_pages_soft", 0) != 0 && environment.number("pipe_accounting_private", 0) == 0;
    overlap_ = static_cast<unsigned>(dice_.one_of({5, 30, 60, 95}));
    room_ = dice_.chance(40) ? Room::bytes : Room::page_slots;
    exhausted_ = dice_.one_in(500);
    strict_room_ = dice_.chance(60);
    rereads_flags_ = dice_.one_in(2);
    tells_all_ = dice_.one_in(2);
    tells_waiters_ = dice_.one_in(2);
    if (dice_.one_in(16)) mailbox_room_ = dice_.between(1, 3);
    socket_room_ = dice_.one_of<std::uint64_t>({64, 1000, 2304, 9000, 60'000, 212'992});
    most_records_ = dice_.one_of<std::uint64_t>({1, 2, 3, 11, 300});
    least_buffer_ = dice_.one_of<std::int64_t>({2048, 2304, 4608});
    largest_buffer_ = dice_.one_of<std::int64_t>({425'984, 1 << 20, 8 << 20});
    counts_all_records_ = dice_.one_in(2);
    one_more_waits_ = dice_.one_in(2);
    holds_input_back_ = dice_.one_in(2);
    shows_room_ = dice_.one_in(2);
    tells_ends_ = static_cast<unsigned>(dice_.below(3));
    if (!is_memory(0)) return;
    punches_ = !dice_.one_in(8);
    copies_early_ = dice_.one_in(3);
    piece_doubled_ = dice_.one_of({2u, 8u, 64u});
    if (!value.program.objects.empty() && is_fifo(0)) waits_open_ = dice_.one_in(2);
    if (!value.program.objects.empty() && is_queue(0)) {
        lets_in_ = dice_.one_in(2);
        polls_access_ = dice_.one_in(2);
        null_needs_registration_ = dice_.one_in(2);
    }
}

bool Play::is_counter(std::size_t object) const {
    return mechanism_of(value_.program.objects[object].mechanism).semantics == Semantics::counter;
}

void Play::begin_objects() {
    const Program& program = value_.program;
    std::vector<bool> by_step(program.objects.size(), false);
    std::vector<std::span<const Operation>> lines;
    std::size_t steps = 0;
    for (const Actor& actor : program.actors) {
        lines.emplace_back(actor.steps);
        steps += actor.steps.size();
        for (const Operation& each : actor.steps)
            if (each.verb == Verb::create || names_address(each.verb)) by_step[each.object] = true;
    }
    first_step_.resize(lines.size() + 1), lengths_.resize(steps), tags_.resize(steps);
    lay_out(lines, first_step_, lengths_, tags_);
    struck_.assign(value_.plan.size(), 0);
    used_choices_.assign(value_.schedule.choices.size(), 0);
    std::vector<std::int16_t> first(program.objects.size(), unbound);
    names_.assign(program.objects.size(), unbound);
    numbers_.assign(program.objects.size(), 0);
    for (std::size_t o = 0; o < program.objects.size(); ++o) {
        if (by_step[o]) continue;
        if (is_counter(o)) {
            begin_semaphore(static_cast<ObjectId>(o), first);
            continue;
        }
        if (is_memory(o)) {
            begin_memory(static_cast<ObjectId>(o), first);
            continue;
        }
        if (is_channel(o)) {
            first[o] = begin_channel(static_cast<ObjectId>(o));
            continue;
        }
        if (is_queue(o)) {
            begin_queue(static_cast<ObjectId>(o), first);
            continue;
        }
        const Asked& asked = program.objects[o].asked;
        std::uint32_t slots = slots_for(default_bytes_);
        if (asked.capacity_bytes != 0 && asked.capacity_bytes <= pipe_max_bytes_)
            slots = slots_for(asked.capacity_bytes);
        const std::uint16_t tube = new_tube(static_cast<ObjectId>(o), slots);
        tubes_[tube].by_leader = true, tubes_[tube].named = is_fifo(o);
        if (is_fifo(o)) names_[o] = static_cast<std::int16_t>(tube);
        first[o] = new_description(tube, 0, asked.flags & flag_nonblock);
        new_description(tube, 1, asked.flags & (flag_nonblock | flag_direct));
        Event probe;
        probe.kind = EventKind::probe, probe.object = static_cast<ObjectId>(o);
        probe.value = static_cast<std::int64_t>(capacity_of(tubes_[tube].pipe));
        if (lies(Lie::capacity_smaller)) tubes_[tube].pipe.max_slots -= tubes_[tube].pipe.max_slots > 1;
        if (lies(Lie::capacity_larger)) ++tubes_[tube].pipe.max_slots;
        probe.began = probe.ended = stamp();
        history_.events.push_back(probe);
    }
    lives_.resize(program.actors.size());
    processes_.reserve(program.actors.size());
    for (std::size_t a = 0; a < program.actors.size(); ++a) {
        const Actor& actor = program.actors[a];
        if (actor.kind != ActorKind::pooled) continue;
        lives_[a].process = static_cast<std::uint8_t>(processes_.size());
        lives_[a].phase = actor.steps.empty() ? Phase::ended : Phase::ready;
        Process& process = processes_.emplace_back();
        process.leader = static_cast<ActorId>(a);
        standard_dispositions(process);
        for (const Slot slot : actor.holds)
            if (is_counter(slot / 2u)) {
                process.semaphore[slot] = first[slot / 2u];
            } else if (first[slot / 2u] != unbound &&
                       slot % 2u < mechanism_of(program.objects[slot / 2u].mechanism).facts.ends) {
                const auto description = static_cast<std::int16_t>(first[slot / 2u] + slot % 2);
                refer(description);
                bind(process, slot, description, lowest_free(process), false);
            }
    }
    close_unheld();
    for (Tube& tube : tubes_) last_reference(tube);  // the leader's own are closed
}

bool Play::stopped(const Life& life) const {
    return life.process != no_process && processes_[life.process].stopped &&
           processes_[life.process].stage == Stage::lives;
}

bool Play::can_move(const Life& life) const {
    if (life.still || stopped(life)) return false;
    if (life.process != no_process && processes_[life.process].stage != Stage::lives &&
        (life.pending & ~life.blocked) != 0)
        return false;  // the signal that kills comes first
    switch (life.phase) {
        case Phase::ready: return !turns_ || deliverable(life) != 0;
        case Phase::called: return true;
        case Phase::done: return !life.doomed;
        case Phase::leaving: return !turns_;
        case Phase::asleep:
            if (!life.doomed && deliverable(life) != 0) return true;
            if (!turns_ && !life.doomed && awaits_strike(life, id_of(life))) return true;
            return would_go_on(life);
        case Phase::ended:
            return deliverable(life) != 0 && value_.program.actors[id_of(life)].kind == ActorKind::pooled;
        case Phase::unborn:
        case Phase::dead: return false;
    }
    return false;
}

void Play::move(ActorId actor) {
    Life& life = lives_[actor];
    switch (life.phase) {
        case Phase::ready:
            if (deliverable(life) != 0) deliver(actor);
            if (!turns_ && life.phase == Phase::ready && !life.still) begin_step(actor);
            return;
        case Phase::ended: deliver(actor); return;
        case Phase::called:
            if (life.event.began == 0) life.event.began = stamp();  // it was stopped before
            // A handler that runs between the stamp and the call proper interrupts nothing.
            if (deliverable(life) != 0 && dice_.one_in(2)) {
                deliver(actor);
                return;
            }
            return go_on(actor);
        case Phase::asleep:
            if (!turns_ && !life.doomed && awaits_strike(life, actor) && dice_.one_in(2)) {
                strike_sleeper(actor);
                return;
            }
            return go_on(actor);
        case Phase::done: return return_from(actor);
        case Phase::leaving: {
            life.still = true;
            return kill(life.process, Signal::none, 0, stamp());
        }
        default: return;
    }
}

int Play::choose_next() {
    const auto& choices = value_.schedule.choices;
    while (first_unused_ < choices.size() && used_choices_[first_unused_]) ++first_unused_;
    for (std::size_t i = first_unused_; i < choices.size(); ++i) {
        if (used_choices_[i] || lives_[choices[i]].phase != Phase::ready || stopped(lives_[choices[i]])) continue;
        used_choices_[i] = 1;
        return choices[i];
    }
    for (std::size_t a = 0; a < lives_.size(); ++a)
        if (lives_[a].phase == Phase::ready && !stopped(lives_[a])) return static_cast<int>(a);
    return -1;
}

// Nobody moves. False: nor will anybody.
bool Play::decide() {
    if (!turns_) return continue_one();
    for (std::size_t a = 0; a < lives_.size(); ++a)
        if (lives_[a].phase == Phase::leaving && !lives_[a].still && !stopped(lives_[a])) {
            lives_[a].still = true;
            kill(lives_[a].process, Signal::none, 0, stamp());
            return true;
        }
    for (std::size_t a = 0; a < lives_.size(); ++a)
        if (lives_[a].phase == Phase::asleep && !stopped(lives_[a]) && strike_sleeper(static_cast<ActorId>(a)))
            return true;
    if (continue_due()) return true;
    const int next = choose_next();
    if (next < 0) return continue_one();
    count_turn();
    begin_step(static_cast<ActorId>(next));
    return true;
}

void Play::come_late() {
    for (const Late& late : late_) {
        byte_stream::Pipe& pipe = tubes_[late.tube].pipe;
        byte_stream::Placement placement = late.placement;
        if (pipe.slots.empty())  // what it was to join has been read meanwhile
            placement.in_slots += std::exchange(placement.merged, 0);
        byte_stream::place(pipe, late.source, late.offset, placement, late.packet, page_);
    }
    late_.clear();
}

History Play::run() {
    begin_objects();
    std::array<std::uint8_t, 2 * max_actors> movers;
    for (std::uint64_t moves = 0; moves < most_moves; ++moves) {
        if (!late_.empty() && dice_.one_in(12)) come_late();
        if (last_ < lives_.size() && can_move(lives_[last_]) && !dice_.chance(overlap_)) {
            move(last_);
            continue;
        }
        std::size_t count = 0;
        for (std::size_t a = 0; a < lives_.size(); ++a)
            if (can_move(lives_[a])) movers[count++] = static_cast<std::uint8_t>(a);
        for (std::size_t p = 0; p < processes_.size(); ++p)
            if (processes_[p].stage == Stage::dying || processes_[p].stage == Stage::closing ||
                (processes_[p].stage == Stage::lives && processes_[p].stopped && processes_[p].turns_to_wait > 0 &&
                 !turns_))
                movers[count++] = static_cast<std::uint8_t>(max_actors + p);
        if (count == 0) {
            if (decide()) continue;
            if (late_.empty()) break;
            come_late();
            continue;
        }
        const std::uint8_t mover = movers[dice_.below(count)];
        if (mover < max_actors) {
            last_ = mover;
            move(mover);
        } else if (Process& process = processes_[mover - max_actors]; process.stage == Stage::lives) {
            continue_process(process);
        } else {
            die_on(static_cast<std::uint8_t>(mover - max_actors));
        }
    }
    record_calm();
    note_unfired();
    std::stable_sort(history_.events.begin(), history_.events.end(),
                     [](const Event& a, const Event& b) { return a.began < b.began; });
    return std::move(history_);
}

History play(const Case& value, const Environment& environment, std::uint64_t seed, const Options& options) {
    return Play(value, environment, seed, options).run();
}

bool offers(const Program& program) {
    if (offers_memory(program)) return true;
    return std::ranges::all_of(program.objects, [](const Object& object) {
        const Mechanism& mechanism = mechanism_of(object.mechanism);
        return is_pipe(mechanism) || mechanism.semantics == Semantics::counter ||
               mechanism.semantics == Semantics::priority_queue || is_local_socket(mechanism);
    });
}

Environment environment() {
    Environment said;
    said.said = {{"kernel", "mirror"},
                 {"machine", "none"},
                 {"libc", "none"},
                 {"page_bytes", "4096"},
                 {"pipe_buf", "4096"},
                 {"pipe_max_bytes", "1048576"},
                 {"pipe_default_bytes", "65536"},
                 {"pipe_user_pages_soft", "0"},
                 {"pipe_user_pages_hard", "0"},
                 {"pipe_accounting_private", "1"},
                 {"iov_max", "1024"},
                 {"uid", "1000"},
                 {"capabilities", "0"},
                 {"ladder", "fifo"},
                 {"sem_value_max", "2147483647"},
                 {"mq_msg_max", "10"},
                 {"mq_msg_default", "10"},
                 {"mq_msgsize_max", "8192"},
                 {"mq_msgsize_default", "8192"},
                 {"mechanisms",
                  "pipe,fifo,mq,sem-unnamed,sem-named,shm-posix,shm-file,shm-anonymous,unix-stream,unix-seqpacket,"
                  "unix-dgram,eventfd"},
                 {"abilities", "execveat,fifo_scheduling,idle_scheduling,memfd,pidfd_getfd,proc,user_namespace"}};
    return said;
}

}  // namespace crosstalk::mirror
