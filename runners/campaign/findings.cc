// Claiming, writing and telling findings.
#include "runners/campaign/findings.h"

#include <algorithm>

#include "faults/fault.h"
#include "faults/text/case_text.h"
#include "faults/text/history_text.h"
#include "mechanisms/catalog.h"
#include "reports/cells.h"
#include "runners/campaign/tally.h"

namespace crosstalk {
namespace {

constexpr std::size_t most_kept_broken = 8;

// What its goal and its history say; without rates and cases.
FindingFacts facts_of_failure(const Drawn& drawn, const Failure& failure) {
    const Goal& goal = failure.goal;
    FindingFacts out;
    out.finding = Findings::id_of(goal);
    out.mechanism = mechanism_of(goal.mechanism).name;
    out.clause = goal.clause_name();
    out.reason = goal.reason_text();
    out.detail = goal.detail;
    out.strength = goal.clause == no_clause ? "must" : std::string(name_of(clause_of(goal.clause).strength));
    out.deviates = goal.deviates;
    Cell cell{goal.mechanism, property("survival"), no_fault};
    if (goal.clause != no_clause) cell.property = clause_of(goal.clause).property;
    const FaultId preferred = drawn.cell ? drawn.cell->fault : no_fault;
    cell.fault = goal.reason == Reason::crashed && !failure.value.plan.empty() ? failure.value.plan.front().fault
                                                                               : fired_in(failure.history, preferred);
    out.cell = name_of(cell);
    return out;
}

FindingFacts facts_of_finding(const Drawn& drawn, const Investigated& investigated) {
    const Failure& failure = investigated.smallest;
    FindingFacts out = facts_of_failure(drawn, failure);
    if (!investigated.first.goal.same_as(failure.goal)) {
        const FindingFacts met = facts_of_failure(drawn, investigated.first);
        out.seen_as.push_back({met.finding, met.clause, met.reason, met.strength, met.cell});
    }
    out.failed = investigated.failed;
    out.tried = investigated.tried;
    out.actors = failure.value.program.actors.size();
    for (const Actor& actor : failure.value.program.actors) out.steps += actor.steps.size();
    out.event = failure.goal.event;
    out.explanation = failure.verdict.explanation;
    if (!failure.why.empty()) out.explanation.push_back("the target died: " + failure.why);
    return out;
}

}  // namespace

std::string Findings::id_of(const Goal& goal) {
    // A deviation that is known must not be taken for a violation of the same clause that looks like it.
    const std::string reason = (goal.deviates ? "deviates:" : "") + goal.reason_text();
    return finding_id(mechanism_of(goal.mechanism).name, goal.clause_name(), reason);
}

bool Findings::claim(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return names_.try_emplace(id).second;
}

bool Findings::may_become(const Drawn& drawn, const Failure& met, const Failure& smaller) const {
    if (met.goal.deviates || smaller.goal.deviates || met.goal.mechanism != smaller.goal.mechanism) return false;
    return outcome_of(run_, facts_of_failure(drawn, met)) == "regression" &&
           outcome_of(run_, facts_of_failure(drawn, smaller)) == "regression";
}

std::map<std::string, std::uint64_t> Findings::named(const std::map<std::string, std::uint64_t>& again,
                                                     bool last_time) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, times] : again) unnamed_[id] += times;
    std::map<std::string, std::uint64_t> out;
    for (const auto& [id, times] : std::exchange(unnamed_, {})) {
        const auto found = names_.find(id);
        const std::string name = found == names_.end() ? id : found->second;
        if (name.empty() && !last_time)
            unnamed_[id] = times;
        else
            out[name.empty() ? id : name] += times;
    }
    return out;
}

std::string Findings::record(const Drawn& drawn, const Investigated& investigated, const Environment& environment,
                             std::uint64_t found_after_cases) {
    FindingFacts facts = facts_of_finding(drawn, investigated);
    const Failure& failure = investigated.smallest;
    facts.found_after_cases = found_after_cases;
    const Recording recording{environment, failure.history, failure.value, static_cast<std::uint16_t>(failure.serial)};
    facts.case_json = to_line(failure.value);
    facts.history_json = to_line(recording);
    const std::lock_guard lock(mutex_);
    names_[facts.finding] = facts.finding;
    if (std::string& name = names_[id_of(investigated.first.goal)]; name.empty()) name = facts.finding;
    const auto known =
        std::ranges::find_if(all_, [&](const FindingFacts& each) { return each.finding == facts.finding; });
    std::string wrong;
    if (!directory_.empty() && known == all_.end()) {
        wrong = replace_file(directory_ + "/cases/" + facts.finding + ".json", to_text(failure.value) + "\n");
        if (wrong.empty())
            wrong = replace_file(directory_ + "/histories/" + facts.finding + ".json", to_text(recording) + "\n");
    }
    if (records_ != nullptr && !records_->append(line_of(facts)) && wrong.empty())
        wrong = directory_ + "/results.jsonl cannot be appended to";
    if (known != all_.end())
        known->add(facts), ++unnamed_[facts.finding];
    else
        all_.push_back(std::move(facts));
    return wrong;
}

std::string Findings::keep_broken(const Recording& recording, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (directory_.empty() || kept_broken_ == most_kept_broken) return "";
    ++kept_broken_;
    const std::string path = directory_ + "/histories/broken-" + std::to_string(number) + ".json";
    return replace_file(path, to_text(recording) + "\n");
}

std::vector<FindingFacts> Findings::all() const {
    const std::lock_guard lock(mutex_);
    return all_;
}

std::vector<FindingFacts> Findings::take_news() {
    const std::lock_guard lock(mutex_);
    std::vector<FindingFacts> out(all_.begin() + static_cast<std::ptrdiff_t>(told_), all_.end());
    told_ = all_.size();
    return out;
}

std::size_t Findings::serious() const {
    const std::lock_guard lock(mutex_);
    std::size_t out = 0;
    for (const FindingFacts& finding : all_) {
        const std::string outcome = outcome_of(run_, finding);
        if (outcome == "regression" || outcome == "crashed") ++out;
    }
    return out;
}

}  // namespace crosstalk
