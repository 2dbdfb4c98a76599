// A queue of suspects and as many threads as jobs; each drives one suspect's session at a time.
#include "runners/campaign/prove.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>

#include "faults/lies/catalog.h"
#include "mechanisms/catalog.h"
#include "reports/cells.h"
#include "runners/campaign/campaign.h"
#include "runners/targets/catalog.h"

namespace crosstalk {
namespace {

using Clock = std::chrono::steady_clock;

// After the first violation a suspect is looked at for a while, so that the matrix shows where else it is noticed.
constexpr std::uint64_t further_cases = 200, further_until_named = 3000;

class Hearing {
  public:
    Hearing(const Suspect& suspect, const ProveOptions& options, Core& core)
        : options_(options),
          player_(suspect.target, {.withhold = options.withhold}, nullptr, &core),
          proof_(suspect.about),
          limit_(options.cases) {}

    // nullopt if it was interrupted.
    std::optional<ProofFacts> run() {
        const Clock::time_point began = Clock::now();
        proof_.trouble = player_.ready();
        if (proof_.trouble.empty()) {
            environment_ = player_.session().environment();
            std::vector<Cell> cells = options_.cells;
            std::erase_if(cells,
                          [&](const Cell& cell) { return mechanism_of(cell.mechanism).name != proof_.mechanism; });
            source_ = random_source(cells, options_.seed, options_.drawing(cells, ground_of(environment_)));
            until_ = options_.sample.count() == 0 ? Clock::time_point::max() : began + options_.sample;
            while (proof_.trouble.empty() && one_more()) {
            }
        }
        proof_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
        if (interrupted()) return std::nullopt;
        return proof_;
    }

  private:
    bool interrupted() const { return options_.interrupted != nullptr && options_.interrupted->load(); }

    // Takes one reply; false when there is none to come.
    bool one_more() {
        const bool goes_on = !interrupted() && Clock::now() < until_;
        while (goes_on && in_flight_.size() < cases_ahead && next_ < limit_) {
            std::optional<Drawn> drawn = source_->at(next_);
            if (!drawn) break;
            player_.session().send(++next_, drawn->value);
            in_flight_.push_back(std::move(*drawn));
        }
        if (in_flight_.empty()) return false;
        const Reply reply = player_.receive();
        const Drawn drawn = std::move(in_flight_.front());
        in_flight_.pop_front();
        ++proof_.cases;
        if (reply.kind == Reply::Kind::died) {  // those behind it were never played: they are drawn again
            next_ = drawn.number + 1;
            in_flight_.clear();
            if (!reply.gave_up)
                noticed(drawn.number + 1, "TARGET-ALIVE-1", "crashed");
            else if (++broken_ >= broken_to_give_up)
                proof_.trouble = "the agent cannot go on: " + reply.why;
            if (proof_.trouble.empty()) proof_.trouble = player_.ready();
        } else if (reply.kind == Reply::Kind::played && reply.history.ending != Ending::broken) {
            judged(drawn, reply);
        } else if (++broken_ >= broken_to_give_up && broken_ * 2 > proof_.cases) {
            proof_.trouble = "no case can be played: " + (reply.why.empty() ? reply.history.why : reply.why);
        }
        return true;
    }

    void judged(const Drawn& drawn, const Reply& reply) {
        JudgeOptions how;
        how.explanations = how.evidence = false;
        how.case_number = static_cast<std::uint16_t>(drawn.number + 1);
        const Verdict verdict = options_.judge(drawn.value, reply.history, environment_, how);
        for (const Goal& goal : goals_of(drawn.value, reply, verdict))
            if (!goal.deviates && !excused(goal)) noticed(drawn.number + 1, goal.clause_name(), goal.reason_text());
    }

    bool excused(const Goal& goal) const {
        if (proof_.host != "agent") return false;  // no kernel's habits are expected of the mirror
        FindingFacts facts;
        facts.clause = goal.clause_name();
        if (goal.clause != no_clause)
            facts.cell = name_of(Cell{goal.mechanism, clause_of(goal.clause).property, no_fault});
        return expectation_for(options_.run, facts) != nullptr;
    }

    void noticed(std::uint64_t after, const std::string& clause, const std::string& reason) {
        if (proof_.found_after == 0) {
            proof_.found_after = after;
            proof_.first = clause + " " + reason;
            limit_ = std::min(limit_, after + further_until_named);
        }
        if (proof_.named_after == 0 && clause == proof_.clause) proof_.named_after = after;
        if (proof_.named_after != 0) limit_ = std::min(limit_, proof_.named_after + further_cases);
        ++proof_.clauses[clause];
    }

    const ProveOptions& options_;
    Player player_;
    ProofFacts proof_;
    Environment environment_;
    std::unique_ptr<CaseSource> source_;
    std::deque<Drawn> in_flight_;
    Clock::time_point until_;
    std::uint64_t next_ = 0, limit_, broken_ = 0;
};

Filterable filterable(const ProofFacts& about) {
    Filterable out{about.lie, about.mechanism, "", "", {about.clause}, {}, ""};
    if (const auto clause = clause_named(about.clause)) out.property = property_names[clause_of(*clause).property].name;
    return out;
}

Suspect suspect_of(const Lie& lie) {
    ProofFacts about;
    about.lie = lie.id;
    about.host = "agent";
    about.mechanism = lie.mechanism;
    about.clause = lie.clause;
    about.bug = lie.bug;
    about.about = lie.about;
    return {std::move(about), target_that_tells(lie)};
}

// What a mutation breaks may show under several clauses; it is about the first.
Suspect suspect_of(const mirror::Mutation& mutation) {
    ProofFacts about;
    about.lie = mutation.id;
    about.host = "mirror";
    const Clause& clause = clause_of(mutation.clauses[0]);
    const auto bound = std::ranges::find_if(mechanisms(), [&](const Mechanism* each) { return clause.binds(*each); });
    if (bound != mechanisms().end()) about.mechanism = (*bound)->name;
    about.clause = clause.id;
    about.about = mutation.about;
    return {std::move(about), target_that_plays(mutation)};
}

}  // namespace

std::vector<ProofFacts> prove(const ProveOptions& options) {
    std::vector<std::optional<ProofFacts>> proofs(options.suspects.size());
    std::atomic<std::size_t> next{0};
    std::mutex telling;
    std::deque<Core> cores = cores_for(options.jobs);
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < std::max(1u, options.jobs.lanes); ++job)
        threads.emplace_back([&, &core = cores[job % cores.size()]] {
            const std::lock_guard place(core);
            for (std::size_t i = next.fetch_add(1); i < options.suspects.size(); i = next.fetch_add(1)) {
                if (options.interrupted != nullptr && options.interrupted->load()) return;
                proofs[i] = Hearing(options.suspects[i], options, core).run();
                const std::lock_guard lock(telling);
                if (proofs[i] && options.on_proof) options.on_proof(*proofs[i]);
            }
        });
    for (std::thread& thread : threads) thread.join();
    std::vector<ProofFacts> out;
    for (auto& proof : proofs)
        if (proof) out.push_back(std::move(*proof));
    return out;
}

std::vector<Suspect> all_suspects() {
    std::vector<Suspect> out;
    for (std::size_t i = 0; i < lie_count(); ++i) out.push_back(suspect_of(lie_at(i)));
    for (const mirror::Mutation& mutation : mirror::mutations()) out.push_back(suspect_of(mutation));
    return out;
}

Expected<std::vector<Suspect>> suspects_selected_by(const std::vector<std::string>& words) {
    const auto filter = Filter::parse(words);
    if (!filter) return tl::unexpected(filter.error());
    std::vector<Suspect> out = all_suspects();
    std::erase_if(out, [&](const Suspect& suspect) { return !filter->matches(filterable(suspect.about)); });
    return out;
}

}  // namespace crosstalk
