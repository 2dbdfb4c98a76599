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
      reach_(mechanisms().size() * clauses().size()),
      armed_(faults().size()),
      fired_(faults().size()),
      alive_(*clause_named("TARGET-ALIVE-1")) {}

void Tally::weigh(MechanismId mechanism, ClauseId clause, FaultId fault, std::uint32_t times) {
    const std::size_t index = (mechanism * clauses().size() + clause) * faults().size() + fault;
    if (clause >= clauses().size() || fault >= faults().size() || index >= weights_.size() || times == 0) return;
    if (weights_[index] == 0) touched_.push_back(static_cast<std::uint32_t>(index));
    weights_[index] += times;
}

void Tally::measure(const Case& value, const History& history) {
    ++rest_.actors[std::min(value.program.actors.size(), actor_classes - 1)];
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (sheet_of(step.verb).moves_bytes())
                ++rest_.sizes[static_cast<std::size_t>(std::bit_width(step.buffer.bytes))];
    for (const Injection& injection : value.plan)
        if (injection.fault < armed_.size()) ++armed_[injection.fault];
    for (const Event& event : history.events)
        if (event.kind == EventKind::fault && event.result == 1 && event.fault < fired_.size()) ++fired_[event.fault];
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
    measure(drawn.value, history);
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
    for (const std::uint32_t index : touched_) {
        const std::size_t fault = index % fault_count, clause = index / fault_count % clause_count;
        const std::size_t mechanism = index / fault_count / clause_count;
        out.counts[{std::string(mechanisms()[mechanism]->name), std::string(clauses()[clause].id),
                    std::string(faults()[fault]->name)}] += weights_[index];
        weights_[index] = 0;
        if (Reach& where = reach_[index / fault_count]; where != Reach{})
            out.reach[{std::string(mechanisms()[mechanism]->name), std::string(clauses()[clause].id)}] =
                std::exchange(where, Reach{});
    }
    touched_.clear();
    for (std::size_t i = 0; i < drawn_.size(); ++i)
        if (drawn_[i] > 0) out.drawn[name_of(drawn_for_[i])] += std::exchange(drawn_[i], 0);
    for (std::size_t i = 0; i < fault_count; ++i) {
        if (armed_[i] > 0) out.armed[std::string(faults()[i]->name)] += std::exchange(armed_[i], 0);
        if (fired_[i] > 0) out.fired[std::string(faults()[i]->name)] += std::exchange(fired_[i], 0);
    }
    return out;
}

}  // namespace crosstalk
