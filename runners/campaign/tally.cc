// Counting in flat arrays.
#include "runners/campaign/tally.h"

#include <algorithm>
#include <bit>
#include <bitset>

#include "faults/fault.h"
#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

constexpr std::size_t most_reasons = 64;  // distinct texts kept per map; more become "other": a hostile agent's replies
                                          // must not grow the results without bound

void count(std::map<std::string, std::uint64_t>& map, std::string_view why) {
    std::string key(why.substr(0, 200));
    if (map.size() >= most_reasons && map.find(key) == map.end()) key = "other";
    ++map[key];
}

}  // namespace

FaultId fired_in(const History& history, FaultId preferred) {
    FaultId first = no_fault;
    for (const Event& event : history.events) {
        if (event.kind != EventKind::fault || event.result != 1) continue;
        if (event.fault == preferred) return preferred;
        if (first == no_fault) first = event.fault;
    }
    return first;
}

Tally::Tally(const std::vector<Cell>& drawn_for)
    : drawn_for_(drawn_for),
      drawn_(drawn_for.size()),
      weights_(mechanisms().size() * clauses().size() * faults().size()),
      struck_(mechanisms().size() * faults().size() * verb_count * 2),
      overlaps_(mechanisms().size() * verb_count * verb_count * 2),
      reach_(mechanisms().size() * clauses().size()),
      armed_(faults().size()),
      fired_(faults().size()),
      interleavings_(mechanisms().size() * way_count),
      seen_(mechanisms().size() * way_count),
      alive_(*clause_named("TARGET-ALIVE-1")) {}

void Tally::weigh(MechanismId mechanism, ClauseId clause, FaultId fault, std::uint32_t times) {
    if (clause >= clauses().size() || fault >= faults().size()) return;
    weights_.add((mechanism * clauses().size() + clause) * faults().size() + fault, times);
}

void Tally::measure(const Case& value) {
    ++rest_.actors[std::min(value.program.actors.size(), actor_classes - 1)];
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (sheet_of(step.verb).moves_bytes())
                ++rest_.sizes[static_cast<std::size_t>(std::bit_width(step.buffer.bytes))];
}

// An injection strikes one step, so the verb that it struck is that step's, whenever it was.
void Tally::strike(const Case& value, const History& history, MechanismId mechanism) {
    if (value.plan.empty()) return;
    const auto count = [&](FaultId fault, ActorId actor, StepId step, std::size_t which) {
        if (fault >= faults().size()) return;
        ++(which == 0 ? fired_ : armed_)[fault];
        const std::vector<Actor>& actors = value.program.actors;
        if (actor >= actors.size() || step >= actors[actor].steps.size()) return;
        const auto verb = static_cast<std::size_t>(actors[actor].steps[step].verb);
        struck_.add(((mechanism * faults().size() + fault) * verb_count + verb) * 2 + which, 1);
    };
    for (const Injection& injection : value.plan) count(injection.fault, injection.actor, injection.step, 1);
    for (const Event& event : history.events)
        if (event.kind == EventKind::fault && event.result == 1) count(event.fault, event.actor, event.step, 0);
}

void Tally::interleave(const Case& value, const History& history, MechanismId mechanism) {
    const Way way = way_of(value);
    const std::size_t index = mechanism * way_count + static_cast<std::size_t>(way);
    if (index >= interleavings_.size()) return;
    const Interleaved how = reader_.read(value, history);
    Interleaving& sum = interleavings_[index];
    ++sum.at_once[std::min(how.at_once, actor_classes - 1)];
    ++sum.switches[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(how.switches)), switch_classes - 1)];
    if (seen_[index].add(how.order)) sum.orders.add(how.order);
    for (const InterleavingReader::Overlap& pair : reader_.overlaps()) {
        const std::size_t verbs =
            static_cast<std::size_t>(pair.lower) * verb_count + static_cast<std::size_t>(pair.higher);
        overlaps_.add((mechanism * verb_count * verb_count + verbs) * 2 + (way == Way::turns ? 0 : 1), 1);
    }
}

// A case counts once for a clause, however often it carried weight in it.
void Tally::reach(const Case& value, const Verdict& verdict) {
    std::bitset<size_classes> seen;
    std::array<std::uint8_t, size_classes> sizes;  // those seen
    std::size_t count = 0;
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps) {
            const auto size = static_cast<std::size_t>(std::bit_width(step.buffer.bytes));
            if (!sheet_of(step.verb).moves_bytes() || seen[size]) continue;
            seen.set(size);
            sizes[count++] = static_cast<std::uint8_t>(size);
        }
    const std::size_t actors = std::min(value.program.actors.size(), actor_classes - 1);
    for (const Weight& weight : verdict.evidence) {
        const std::size_t index = verdict.mechanism * clauses().size() + weight.clause;
        if (weight.clause >= clauses().size() || index >= reach_.size()) continue;
        ++reach_[index].actors[actors];
        for (std::size_t i = 0; i < count; ++i) ++reach_[index].sizes[sizes[i]];
    }
}

void Tally::judged(const Drawn& drawn, const History& history, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    rest_.events += history.events.size();
    if (drawn.cell) {
        const auto found = std::find(drawn_for_.begin(), drawn_for_.end(), *drawn.cell);
        if (found != drawn_for_.end()) ++drawn_[static_cast<std::size_t>(found - drawn_for_.begin())];
    }
    const MechanismId first =
        drawn.value.program.objects.empty() ? MechanismId{0} : drawn.value.program.objects[0].mechanism;
    weigh(first, alive_, fired_in(history, drawn.cell ? drawn.cell->fault : no_fault), 1);
    switch (verdict.answer) {
        case Answer::inconclusive:
            count(rest_.inconclusive, verdict.bucket.empty() ? verdict.why : verdict.bucket);
            return;
        case Answer::not_applicable: count(rest_.not_applicable, verdict.why); return;
        case Answer::broken:
            count(rest_.broken, verdict.why);
            broken_.fetch_add(1, std::memory_order_relaxed);
            return;
        case Answer::holds:
        case Answer::violated: break;
    }
    ++rest_.cases;
    cases_.fetch_add(1, std::memory_order_relaxed);
    measure(drawn.value);
    strike(drawn.value, history, verdict.mechanism);
    interleave(drawn.value, history, verdict.mechanism);
    reach(drawn.value, verdict);
    for (const Weight& weight : verdict.evidence) weigh(verdict.mechanism, weight.clause, weight.fault, weight.times);
}

void Tally::broke(std::string_view why) {
    const std::lock_guard lock(mutex_);
    broken_.fetch_add(1, std::memory_order_relaxed);
    count(rest_.broken, why);
}

void Tally::again(const std::string& finding) {
    const std::lock_guard lock(mutex_);
    ++rest_.again[finding];
}

EvidenceFacts Tally::take() {
    const std::lock_guard lock(mutex_);
    EvidenceFacts out;
    std::swap(out, rest_);
    const std::size_t fault_count = faults().size(), clause_count = clauses().size();
    const auto mechanism_named = [](std::size_t index) { return std::string(mechanisms()[index]->name); };
    const auto verb_named = [](std::size_t index) { return std::string(verb_sheets()[index % verb_count].name); };
    weights_.take([&](std::size_t index, std::uint32_t times) {
        const std::size_t fault = index % fault_count, clause = index / fault_count % clause_count;
        const std::string mechanism = mechanism_named(index / fault_count / clause_count);
        out.counts[{mechanism, std::string(clauses()[clause].id), std::string(faults()[fault]->name)}] += times;
        if (Reach& where = reach_[index / fault_count]; where != Reach{})
            out.reach[{mechanism, std::string(clauses()[clause].id)}] = std::exchange(where, Reach{});
    });
    struck_.take([&](std::size_t index, std::uint32_t times) {
        const std::size_t row = index / 2 / verb_count;
        out.struck[{mechanism_named(row / fault_count), std::string(faults()[row % fault_count]->name),
                    verb_named(index / 2)}][index % 2] += times;
    });
    overlaps_.take([&](std::size_t index, std::uint32_t times) {
        const std::size_t row = index / 2 / verb_count;
        out.overlaps[{mechanism_named(row / verb_count), verb_named(row), verb_named(index / 2)}][index % 2] += times;
    });
    for (std::size_t i = 0; i < interleavings_.size(); ++i)
        if (interleavings_[i] != Interleaving{})
            out.interleavings[{mechanism_named(i / way_count), std::string(name_of(Way(i % way_count)))}] =
                std::exchange(interleavings_[i], {});
    for (std::size_t i = 0; i < drawn_.size(); ++i)
        if (drawn_[i] > 0) out.drawn[name_of(drawn_for_[i])] += std::exchange(drawn_[i], 0);
    for (std::size_t i = 0; i < fault_count; ++i) {
        if (armed_[i] > 0) out.armed[std::string(faults()[i]->name)] += std::exchange(armed_[i], 0);
        if (fired_[i] > 0) out.fired[std::string(faults()[i]->name)] += std::exchange(fired_[i], 0);
    }
    return out;
}

}  // namespace crosstalk
