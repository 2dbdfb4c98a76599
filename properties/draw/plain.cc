// Plain cases.
#include "properties/draw/plain.h"

#include <algorithm>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw/strategies.h"
#include "properties/draw/strikes.h"

namespace crosstalk::draw {

std::int64_t umask(Dice& dice) { return dice.one_of<std::int64_t>({0, 022, 027, 077, 0200, 0400, 0600, 0777}); }

void limit_time(Dice& dice, Operation& step, bool never_sleeps) {
    step.timeout_ns = dice.one_of<std::int64_t>({0, 0, 0, 1, 1'000, 100'000, 1'000'000});
    if (never_sleeps && dice.one_in(3)) step.timeout_ns = far_future_ns;
    const bool past = step.timeout_ns == 0 && !dice.one_in(3);
    if (step.timeout_ns == 0 && !past) step.flags |= flag_now;
    if (dice.one_in(4)) {
        step.flags |= flag_unknown;
    } else if ((past || step.timeout_ns == far_future_ns) && dice.one_in(3)) {
        step.flags |= dice.one_in(2) ? flag_first_ns : flag_last_ns;
    }
}

Plain::Plain(Dice& entropy, const Commission& commission)
    : dice(entropy), ground(commission.ground), commission_(commission) {
    value_.drawn_for = std::string(mechanism_of(commission.mechanism).name) + "/" +
                       std::string(property_names[commission.property].name) + "/" +
                       std::string(fault_of(commission.fault).name);
}

ObjectId Plain::object(const Asked& asked) {
    value_.program.objects.push_back({commission_.mechanism, asked});
    return static_cast<ObjectId>(value_.program.objects.size() - 1);
}

ActorId Plain::actor(ActorKind kind, ActorId parent) {
    const auto id = static_cast<ActorId>(value_.program.actors.size());
    Actor actor;
    actor.kind = kind;
    if (kind != ActorKind::pooled) actor.parent = parent;
    value_.program.actors.push_back(actor);
    if (kind == ActorKind::pooled) return id;
    used_[id] = kind == ActorKind::forked ? used_[parent] : ~std::uint64_t{0};  // threads make no slots of their own
    Operation start;
    start.verb = Verb::start;
    start.value = id;
    add(parent, start);
    return id;
}

bool Plain::goes_on(ActorId who) const {
    if (who >= value_.program.actors.size()) return false;  // nobody
    const std::vector<Operation>& steps = value_.program.actors[who].steps;
    return steps.size() < most_steps_of_an_actor && (steps.empty() || steps.back().verb != Verb::exit);
}

bool Plain::add(ActorId who, const Operation& operation) {
    if (!goes_on(who)) return false;
    value_.program.actors[who].steps.push_back(operation);
    order_.push_back(who);
    for (const Slot slot : operation.makes)
        if (slot < plain_slots) used_[who] |= std::uint64_t{1} << slot;
    return true;
}

Slot Plain::fresh(ActorId who, std::size_t behind) {
    const std::uint64_t initial = (std::uint64_t{1} << (2 * value_.program.objects.size())) - 1;
    std::uint64_t free = ~(used_[who] | initial);
    for (; behind > 0 && free != 0; --behind) free &= free - 1;
    return free == 0 ? no_slot : static_cast<Slot>(std::countr_zero(free));
}

Case Plain::finish(bool no_free) {
    std::vector<Actor>& actors = value_.program.actors;
    for (std::size_t a = 0; a < actors.size(); ++a)
        if (actors[a].kind == ActorKind::pooled)
            actors[a].holds = slots_needed(value_.program, static_cast<ActorId>(a));
    const std::optional<Mode> only = ground.only_mode;
    if (commission_.fault == lossy_link_fault) value_.program.links = {{0, 1}};
    const bool likes_free = commission_.fault == delay_fault || dice.one_in(4);  // in turns nobody spins
    const bool free = !no_free && (only ? *only == Mode::free : actors.size() > 1 && likes_free);
    if (free) {
        value_.schedule.mode = Mode::free;
        value_.schedule.spread = dice.one_in(2);
        if (!dice.one_in(3)) value_.schedule.delays = sweep(dice, value_.program);
    } else {
        draw_order();
    }
    draw_plan();
    return std::move(value_);
}

void Plain::draw_order() {
    body_ends_ = std::min(body_ends_, order_.size());
    value_.schedule.choices = order_;
    const std::size_t kind =
        dice.weighted(commission_.fault != no_fault ? std::initializer_list<std::uint32_t>{60, 20, 20}
                                                    : std::initializer_list<std::uint32_t>{25, 45, 30});
    if (kind == 0 || body_begins_ >= body_ends_) return;
    std::array<std::uint16_t, max_actors> lengths{};
    for (std::size_t i = body_begins_; i < body_ends_; ++i) ++lengths[order_[i]];
    const Strategy strategy = kind == 1 ? uniform : pct;
    const std::vector<ActorId> body = strategy(dice, std::span(lengths.data(), value_.program.actors.size()));
    std::copy(body.begin(), body.end(), value_.schedule.choices.begin() + static_cast<std::ptrdiff_t>(body_begins_));
}

// Nothing but sends gives a link something to carry.
void Plain::draw_losses() {
    const Fault& fault = fault_of(commission_.fault);
    std::vector<Injection> all;
    for (std::size_t a = 0; a < value_.program.actors.size(); ++a)
        for (std::size_t s = 0; s < value_.program.actors[a].steps.size(); ++s) {
            const Operation& step = value_.program.actors[a].steps[s];
            if (!fault.may_strike(step, When::after)) continue;
            Injection injection;
            injection.fault = commission_.fault;
            injection.actor = static_cast<ActorId>(a), injection.step = static_cast<StepId>(s);
            injection.occurrence = static_cast<std::uint32_t>(dice.below(step.times));
            injection.when = When::after;
            all.push_back(injection);
        }
    for (std::uint64_t wanted = dice.between(1, 4); wanted > 0 && !all.empty(); --wanted) {
        const std::size_t chosen = dice.below(all.size());
        draw_argument(dice, all[chosen]);
        // Of a stream whose link is down no document says when it ends.
        if (!mechanism_of(commission_.mechanism).facts.may_lose && all[chosen].argument == fault.least)
            all[chosen].argument = 0;
        value_.plan.push_back(all[chosen]);
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
}

void Plain::draw_plan() {
    if (commission_.fault == no_fault) return;
    if (commission_.fault == lossy_link_fault) return draw_losses();
    const Fault& fault = fault_of(commission_.fault);
    const std::uint64_t wanted = fault.only_marks ? dice.between(4, 8) : dice.between(1, 2);
    for (int tries = 24; tries > 0 && value_.plan.size() < wanted; --tries) {
        Injection injection;
        injection.fault = commission_.fault;
        injection.actor = static_cast<ActorId>(dice.below(value_.program.actors.size()));
        const std::vector<Operation>& steps = value_.program.actors[injection.actor].steps;
        if (steps.empty()) continue;
        injection.step = static_cast<StepId>(dice.below(steps.size()));
        const Operation& step = steps[injection.step];
        injection.when =
            may_sleep(step, false) && dice.chance(60) ? When::asleep : dice.one_of({When::before, When::after});
        if (!fault.may_strike(step, injection.when)) continue;
        if (std::ranges::any_of(value_.plan, [&](const Injection& other) {
                return other.actor == injection.actor && other.step == injection.step;
            }))
            continue;
        injection.occurrence = static_cast<std::uint32_t>(dice.below(step.times));
        draw_argument(dice, injection);
        value_.plan.push_back(injection);
    }
}

}  // namespace crosstalk::draw
