// What SCTP has beside other sockets: labels of messages; scenes, of which those are drawn that a mechanism can play;
// and cases of nothing but scenes, for the one-to-many style.
#include "mechanisms/catalog.h"
#include "mechanisms/showings.h"
#include "properties/draw/channels.h"
#include "properties/draw/recipes.h"
#include "properties/showings.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t wait_ns = 1'500'000'000;  // for what comes in some milliseconds; cases end after two seconds

// One that the mechanism can play: of the property if it has one, but for one draw in four.
Operation scene(Dice& dice, const Mechanism& mechanism, PropertyId property) {
    std::vector<Showing> all, wanted;
    for (const ShowingRule& rule : showing_rules) {
        const Clause& clause = clause_of(rule.clause);
        if (!clause.binds(mechanism)) continue;
        all.push_back(rule.showing);
        if (clause.property == property && rule.showing != Showing::idle) wanted.push_back(rule.showing);
    }
    Operation step;
    step.verb = Verb::associate;
    step.timeout_ns = wait_ns;
    const std::vector<Showing>& from = wanted.empty() || dice.one_in(4) ? all : wanted;
    step.buffer.bytes = dice.below(1u << 16);
    step.value = static_cast<std::int64_t>(from[dice.below(from.size())]);
    return step;
}

}  // namespace

// Streams 0 to 2 and the last one often; seldom one that there is not.
void label(Mix& r, Operation& step) {
    if (!r.is_sctp() || r.dice.one_in(2)) return;
    if (step.verb == Verb::recv) step.flags |= flag_control, step.value = 1;
    if (step.verb != Verb::send) return;
    constexpr std::uint16_t last = streams_of_pairs - 1;
    const std::uint16_t stream = r.dice.one_in(16)
                                     ? r.dice.one_of<std::uint16_t>({streams_of_pairs, streams_of_pairs, most_stream})
                                     : r.dice.one_of<std::uint16_t>({0, 1, 1, 2, last});
    step.value = value_of({stream, r.dice.one_in(2) ? 0 : static_cast<std::uint32_t>(r.dice.below(1u << 30))});
    if (r.dice.one_in(5)) step.flags |= flag_unordered;
}

void show(Mix& r, ActorId who) { r.plain.add(who, scene(r.dice, r.mechanism, r.property)); }

Case draw_associations(Dice& dice, const Commission& commission) {
    Plain plain(dice, commission);
    plain.object({});
    const std::size_t actors = dice.between(1, 2);
    for (std::size_t a = 0; a < actors; ++a) plain.actor();
    plain.body();
    for (std::uint64_t steps = dice.between(1, 4); steps > 0; --steps)
        plain.add(static_cast<ActorId>(dice.below(actors)),
                  scene(dice, mechanism_of(commission.mechanism), commission.property));
    return plain.finish();
}

}  // namespace crosstalk::draw
