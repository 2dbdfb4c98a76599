// Draft: appending steps, and choosing slots that mean something.
#include "properties/draw/draft.h"

#include <algorithm>
#include <bit>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw/provocations.h"

namespace crosstalk::draw {
namespace {

// Swarm testing: a case with few kinds of steps reaches states that a mix of all kinds never does. Writing and
// reading stay, since without them nothing is seen.
void switch_off(Dice& dice, VerbWeights& weights) {
    const unsigned kept_percent = dice.one_of<unsigned>({15, 30, 50, 100});
    for (std::size_t v = 0; v < weights.size(); ++v) {
        const auto verb = static_cast<Verb>(v);
        if (weights[v] == 0 || verb == Verb::write || verb == Verb::read) continue;
        if (!dice.chance(kept_percent))
            weights[v] = 0;
        else
            weights[v] = static_cast<std::uint8_t>(std::min<std::uint64_t>(255, weights[v] * dice.between(1, 4)));
    }
}

// What the mechanism does not have; and passing, unless much wanted, where volume counts: it always asks the leader.
void leave_out(VerbWeights& weights, const Mechanism& mechanism, bool volume_counts) {
    constexpr std::uint8_t much_wanted = 8;
    for (std::size_t v = 0; v < weights.size(); ++v) {
        const auto verb = static_cast<Verb>(v);
        const bool slow = (verb == Verb::pass || verb == Verb::receive) && weights[v] < much_wanted;
        if ((volume_counts && slow) || std::ranges::find(mechanism.verbs, verb) == mechanism.verbs.end())
            weights[v] = 0;
    }
}

}  // namespace

Draft::Draft(Dice& entropy, const Commission& wanted, const Taste& likes)
    : dice(entropy), commission(wanted), ground(wanted.ground), taste(likes) {
    turns = ground.only_mode ? *ground.only_mode == Mode::turns : dice.chance(67);
    if (wanted.fault == delay_fault && !ground.only_mode) turns = false;
    incline(wanted, taste);
    sleepless = !dice.chance(taste.sleepy);
    leave_out(taste.weights, mechanism_of(wanted.mechanism), sleepless && turns);
    if (taste.swarm) switch_off(dice, taste.weights);
    constexpr std::uint64_t kib = 1024;  // per case; most are cheap, since each byte is written, moved, read, decoded
    constexpr std::array<std::uint64_t, 4> budgets{24 * kib, 100 * kib, 300 * kib, 2048 * kib};
    bytes_left = budgets[dice.weighted({55, 30, 13, 2})];
    order.reserve(96);
}

bool Draft::can_move(ActorId who) const {
    return world->may_move(who) && (done >> who & 1) == 0 && actor(who).steps.size() < most_steps_of_an_actor;
}

bool Draft::add(ActorId who, const Operation& operation) {
    if (!can_move(who) || crowds(who, operation)) return false;
    std::vector<Operation>& steps = value.program.actors[who].steps;
    if (steps.empty()) steps.reserve(16);
    steps.push_back(operation);
    order.push_back(who);
    note_slots(who, operation);
    const bool reads = operation.verb == Verb::read || operation.verb == Verb::readv;  // moves only what was written
    if (sheet_of(operation.verb).moves_bytes() && !reads)
        bytes_left -= std::min(
            bytes_left, std::min<std::uint64_t>(operation.buffer.bytes, operation.buffer.mapped) * operation.times);
    if (sheet_of(operation.verb).may_sleep && may_sleep(operation, sleepless))
        for (const Slot slot : operation.uses) {
            const Description description = world->at(who, slot);
            if (description == no_description) continue;
            sleepers_on[description] |= std::uint64_t{1} << who;
            if (operation.verb == Verb::poll) pollers_on[description] |= std::uint64_t{1} << who;
        }
    if (!world->move(who, operation)) slept.emplace_back(who, static_cast<StepId>(steps.size() - 1));
    return true;
}

std::uint64_t Draft::usable(ActorId who, int end) const {
    const ProcessBelief& process = world->process_of(who);
    const std::uint64_t bound = end < 0 ? process.bound : end == 0 ? process.readable : process.writable;
    return bound & (mine[who] | pinned[world->actor(who).process]);
}

Slot Draft::pick(ActorId who, int end) {
    const std::uint64_t right = usable(who, end);
    if (!dice.chance(taste.misuse)) return right != 0 ? static_cast<Slot>(dice.bit_of(right)) : no_slot;
    const std::uint64_t wrong = end < 0 ? 0 : usable(who, 1 - end);
    if (wrong != 0 && dice.chance(60)) return static_cast<Slot>(dice.bit_of(wrong));
    return fresh(who);  // not bound: EBADF
}

Slot Draft::fresh(ActorId who, std::uint64_t beside) const {
    constexpr std::uint64_t beyond_initial = ~std::uint64_t{0} << (2 * max_objects);
    const std::uint64_t free = ~taken[world->actor(who).process] & mine[who] & beyond_initial & ~beside;
    return free != 0 ? static_cast<Slot>(std::countr_zero(free)) : no_slot;
}

// A slot counts as taken from the step that makes it to a close, whether or not the making worked.
void Draft::note_slots(ActorId who, const Operation& operation) {
    std::uint64_t& process = taken[world->actor(who).process];
    if (operation.verb == Verb::close && operation.uses[0] < plain_slots)
        process &= ~(std::uint64_t{1} << operation.uses[0]);
    for (const Slot slot : operation.makes)
        if (slot < plain_slots) process |= std::uint64_t{1} << slot;
    if (operation.verb == Verb::start && world->actor(static_cast<ActorId>(operation.value)).process == operation.value)
        taken[static_cast<std::size_t>(operation.value)] = process;
}

bool Draft::may_be_drawn(ActorId who, const Operation& operation) {
    if (!world->would_sleep(who, operation)) return true;
    if (sleepless || !dice.chance(taste.sleep)) return false;
    for (const Slot slot : operation.uses) {
        const Description description = world->at(who, slot);
        if (description == no_description) continue;
        const ObjectId object = object_of(description);
        bool rescued = false;
        for (std::uint64_t mask = end_of(description) == 0 ? writers[object] : readers[object]; mask != 0;
             mask &= mask - 1) {
            const auto other = static_cast<ActorId>(std::countr_zero(mask));
            rescued = rescued || (other != who && can_move(other));
        }
        if (!rescued) return false;
    }
    return true;
}

bool Draft::crowds(ActorId who, const Operation& operation) const {
    if (sleepless || !turns || ground.fifo_scheduling || !may_sleep(operation, false)) return false;
    const std::uint64_t others = ~(std::uint64_t{1} << who);
    for (const Slot slot : operation.uses) {
        const Description description = world->at(who, slot);
        if (description == no_description) continue;
        const auto& there = operation.verb == Verb::poll ? sleepers_on : pollers_on;
        if ((there[description] & others) != 0) return true;
    }
    return false;
}

std::uint64_t Draft::afford(std::uint64_t bytes) {
    return bytes <= bytes_left ? bytes : std::min<std::uint64_t>(bytes_left, dice.between(1, 16));
}

}  // namespace crosstalk::draw
