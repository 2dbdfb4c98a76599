// The judge, top to bottom: resolve the history into acts, apply what never gives up (rules, bounds), then search each
// component for an explanation, narrowest latitude first. Rejected by anything: violated. Search spent: inconclusive.
#include "properties/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"

#include "properties/clauses/all.h"
#include "properties/judge/alternatives.h"
#include "properties/judge/blame.h"
#include "properties/judge/resolve.h"
#include "properties/judge/rules.h"
#include "properties/judge/search.h"
#include "properties/judge/story.h"
#include "properties/judge/waits.h"

namespace crosstalk {
namespace {

using namespace judging;
using byte_stream::Latitude;
using byte_stream::Model;
using byte_stream::strict;

Outcome explain(const Model& model, Latitude latitude, const JudgeOptions& options) {
    if (options.plain_fold) return fold(model, latitude, 4096);
    // A step of thousands of small calls is thousands of changes: they are work without being a hard case.
    constexpr std::uint64_t work_of_a_call = 32;
    std::uint64_t calls = 0;
    for (const Act& act : model.component().acts) calls += act.full_calls;
    const std::uint64_t budget = options.expansions + work_of_a_call * calls;
    // Most histories are easy; only for the hard ones does it pay to look ahead.
    const std::uint64_t easy = options.look_ahead ? 0 : options.reductions ? budget / 32 : budget;
    Outcome outcome = Search(model, latitude, easy, options.reductions).run();
    if (outcome.kind != Outcome::Kind::spent || !options.reductions) return outcome;
    const Foresight foresight(model.subject(), model.component());
    Outcome ahead = Search(model, latitude, budget, true, &foresight).run();
    ahead.work += outcome.work;
    if (ahead.kind != Outcome::Kind::rejected) return ahead;
    outcome.kind = Outcome::Kind::rejected;  // told by what was reached without looking ahead
    outcome.work = ahead.work;
    return outcome;
}

bool deviates(const Outcome& outcome) {
    return std::any_of(outcome.how.begin(), outcome.how.end(),
                       [](std::uint32_t how) { return how & byte_stream::how_deviates; });
}

// The narrowest latitude that explains the component, without deviations if there is such a one. Without overlap there
// is one path, so the first explanation is already the one with the fewest deviations, and strict need not be first.
Outcome explain(const Model& model, const JudgeOptions& options) {
    std::uint64_t work = 0;
    const auto under = [&](Latitude latitude) {
        Outcome outcome = explain(model, latitude, options);
        work += outcome.work;
        return outcome;
    };
    Outcome best = under({.deviates = true});
    for (const bool by_bytes : {false, true}) {
        if (best.kind == Outcome::Kind::accepted) break;
        Outcome wide = under({.deviates = true, .differs = true, .by_bytes = by_bytes});
        // What one search rejects another may explain; only if none gives up is it beyond explanation.
        if (wide.kind != Outcome::Kind::rejected) best = std::move(wide);
    }
    if (best.kind == Outcome::Kind::accepted && deviates(best))
        for (const Latitude latitude :
             {strict, Latitude{.differs = true}, Latitude{.differs = true, .by_bytes = true}}) {
            Outcome pure = under(latitude);
            if (pure.kind == Outcome::Kind::accepted) {
                best = std::move(pure);
                break;
            }
            // A deviation is told only of what nothing else explains.
            if (pure.kind == Outcome::Kind::spent) best.kind = Outcome::Kind::spent;
        }
    best.work = work;
    return best;
}

void reject(Verdict& verdict, const Breach& breach) {
    verdict.answer = Answer::violated;
    verdict.clause = breach.clause;
    verdict.reason = breach.reason;
    verdict.detail = breach.detail;
    verdict.event = breach.event;
}

std::string what_deviates(const Deviation& deviation) {
    switch (deviation.reason) {
        case Reason::merged:
            return "its bytes joined those of a page that was begun before, and are no packet of their own";
        case Reason::early: return "it says end of file although somebody has it open for writing";
        case Reason::asleep: return "it sleeps although so many bytes of the capacity are free";
        default: return "so many bytes of the capacity are free; this system counts whole pages";
    }
}

// Tells a breach. Where a rule spoke that knows no state, or a deviation was excused, the search is asked again for the
// state before: how far it comes when it excuses nothing.
void tell(Verdict& verdict, const Resolved& resolved, const Breach& breach, const JudgeOptions& options,
          const Component* component = nullptr, const Outcome* outcome = nullptr) {
    Outcome again;
    for (std::size_t i = 0; i < resolved.components.size() && component == nullptr; ++i) {
        const Component& each = resolved.components[i];
        if (std::ranges::none_of(each.acts, [&](const Act& act) { return act.event == breach.event; })) continue;
        again = explain(Model(resolved.subject, each), byte_stream::strict, options);
        if (again.kind != Outcome::Kind::rejected || again.state.flights.empty()) continue;
        if (each.acts[again.state.flights[again.flight].act].event != breach.event) continue;
        component = &each, outcome = &again;
    }
    Telling telling{resolved.subject, resolved.components, breach, verdict.answer == Answer::holds};
    if (outcome != nullptr && breach.reason != Reason::merged) {
        telling.component = component, telling.state = &outcome->state;
        const byte_stream::Flight& flight = outcome->state.flights[outcome->flight];
        const Act& act = component->acts[flight.act];
        if (act.event == breach.event) {  // not so where a probe showed what a sleeper had not done
            telling.flight = &flight;
            verdict.due = due_of(resolved.subject, *telling.state, flight, act);
        }
    }
    for (std::string& line : story(telling)) verdict.explanation.push_back(std::move(line));
}

// Which fault the history shows as fired; the evidence counts for it. Several kinds in one case: the first.
FaultId fired(const History& history) {
    for (const Event& event : history.events)
        if (event.kind == EventKind::fault && event.result == 1) return event.fault;
    return no_fault;
}

// F_SETFL takes no lock of the pipe: a write that it overlaps may make packets of some of its pages only.
bool packet_mode_changed_during_a_write(const Component& component) {
    const auto changes = [&](const Act& set) {
        const auto differs = [&](std::int64_t flags) { return ((flags ^ set.value) & flag_direct) != 0; };
        return set.kind == ActKind::set_flags &&
               (differs(component.flags[set.description]) || std::ranges::any_of(component.acts, [&](const Act& other) {
                    return other.kind == ActKind::set_flags && other.description == set.description &&
                           differs(other.value);
                }));
    };
    for (const Act& set : component.acts)
        if (changes(set))
            for (const Act& write : component.acts)
                if (write.kind == ActKind::write && write.description == set.description && write.began < set.ended &&
                    set.began < write.ended && write.asked > 0)
                    return true;
    return false;
}

bool is_broken(Verdict& verdict, const History& history) {
    for (const Run& run : history.runs)
        if (run.kind == RunKind::foreign) {
            verdict.answer = Answer::broken;
            verdict.why = "bytes of another case were received";
            return true;
        }
    if (history.ending != Ending::broken) return false;
    verdict.answer = Answer::broken;
    verdict.why = history.why;
    return true;
}

std::string bucket(const Case& value) {
    const std::size_t actors = value.program.actors.size();
    const MechanismId mechanism = value.program.objects.empty() ? MechanismId{0} : value.program.objects[0].mechanism;
    return fmt::format("{}/{} actors/{}", mechanism_of(mechanism).name,
                       actors <= 2   ? "1-2"
                       : actors <= 4 ? "3-4"
                       : actors <= 8 ? "5-8"
                                     : "9-64",
                       name_of(value.schedule.mode));
}

// Under one hypothesis about what the history leaves open.
Verdict judge_under(Hypothesis& hypothesis, const Case& value, const History& history, const Environment& environment,
                    const JudgeOptions& options) {
    Verdict verdict;
    if (!value.program.objects.empty()) verdict.mechanism = value.program.objects[0].mechanism;
    Resolved resolved = resolve(value, history, environment, options.case_number, hypothesis);
    if (!resolved.unjudged.empty()) {
        verdict.answer = resolved.broken ? Answer::broken : Answer::inconclusive;
        verdict.why = resolved.unjudged;
        verdict.bucket = bucket(value);
        return verdict;
    }
    check_signals(resolved.subject, resolved.components, resolved.weights, resolved.breaches);
    std::vector<Breach>& breaches = resolved.breaches;
    check_spinning(resolved.subject, breaches);
    if (options.bounds)
        for (const Component& component : resolved.components)
            check_bounds(resolved.subject, component, resolved.weights, breaches);
    if (!breaches.empty()) {
        Breach first = *std::min_element(breaches.begin(), breaches.end(),
                                         [](const Breach& a, const Breach& b) { return a.event < b.event; });
        blame(resolved.subject, resolved.components, first);
        reject(verdict, first);
        if (options.explanations) tell(verdict, resolved, first, options);
        return verdict;
    }
    for (const Component& component : resolved.components) {
        const Model model(resolved.subject, component);
        const Outcome outcome = explain(model, options);
        verdict.work += outcome.work;
        if (outcome.kind == Outcome::Kind::spent) {
            verdict.answer = Answer::inconclusive;
            verdict.why = fmt::format("the search gave up after {} steps", outcome.work);
            verdict.bucket = bucket(value);
            return verdict;
        }
        if (outcome.kind == Outcome::Kind::rejected) {
            if (packet_mode_changed_during_a_write(component)) {
                verdict.answer = Answer::inconclusive;
                verdict.why = "packet mode changed while a write went on: each of its pages may be either";
                verdict.bucket = bucket(value);
                return verdict;
            }
            if (outcome.state.flights.empty()) {  // the plain fold keeps no state
                verdict.answer = Answer::violated;
                return verdict;
            }
            Breach breach = model.refusal(outcome.state, outcome.state.flights[outcome.flight]);
            blame(resolved.subject, resolved.components, breach);
            reject(verdict, breach);
            if (options.explanations) tell(verdict, resolved, breach, options, &component, &outcome);
            return verdict;
        }
        if (options.plain_fold) continue;
        weigh_explanation(resolved.subject, component, outcome.how, resolved.weights, verdict.deviations);
        if (options.evidence) weigh_waits(resolved.subject, component, outcome.how, resolved.weights);
    }
    for (const Deviation& deviation : verdict.deviations) {
        if (!options.explanations || options.plain_fold || !verdict.explanation.empty()) break;
        tell(verdict, resolved,
             {deviation.clause, deviation.reason, deviation.detail, deviation.event, {what_deviates(deviation)}},
             options);
    }
    if (options.evidence) {
        const FaultId fault = fired(history);
        for (ClauseId clause = 0; clause < resolved.weights.size(); ++clause)
            if (resolved.weights[clause] != 0) verdict.evidence.push_back({clause, fault, resolved.weights[clause]});
    }
    return verdict;
}

// The smaller, the more it acquits: one hypothesis under which all is well is enough.
int severity(const Verdict& verdict) {
    switch (verdict.answer) {
        case Answer::holds: return verdict.deviations.empty() ? 0 : 1;
        case Answer::inconclusive: return 2;
        default: return 3;
    }
}

}  // namespace

Verdict judge(const Case& value, const History& history, const Environment& environment, const JudgeOptions& options) {
    Verdict broken;
    if (!value.program.objects.empty()) broken.mechanism = value.program.objects[0].mechanism;
    if (is_broken(broken, history)) return broken;
    constexpr unsigned most_hypotheses = 64;  // six open questions; more were never seen
    Hypothesis hypothesis;
    Verdict best = judge_under(hypothesis, value, history, environment, options);
    for (unsigned tried = 1; severity(best) > 0 && hypothesis.next(); ++tried) {
        if (tried == most_hypotheses) {
            if (severity(best) < 3) return best;
            const MechanismId mechanism = best.mechanism;
            best = Verdict();
            best.answer = Answer::inconclusive;
            best.mechanism = mechanism;
            best.why = "the history leaves too much open";
            best.bucket = bucket(value);
            return best;
        }
        Verdict other = judge_under(hypothesis, value, history, environment, options);
        if (severity(other) < severity(best)) best = std::move(other);
    }
    return best;
}

}  // namespace crosstalk
