// The judge, top to bottom: resolve the history into acts, apply what never gives up (rules, bounds), then search each
// component for an explanation, narrowest latitude first. Rejected by anything: violated. Search spent: inconclusive.
#include "properties/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"

#include "properties/clauses/all.h"
#include "properties/judge/blame.h"
#include "properties/judge/foresight.h"
#include "properties/judge/pure.h"
#include "properties/judge/resolve.h"
#include "properties/judge/rules.h"
#include "properties/judge/search.h"
#include "properties/judge/story.h"
#include "properties/judge/with_model.h"

namespace crosstalk {
namespace {

using namespace judging;
using models::Latitude;
using models::strict;

bool is_memory(const Component& component) {
    return mechanism_of(component.mechanism).semantics == Semantics::shared_bytes && !component.lock && !component.name;
}

template <models::Model M>
std::uint64_t budget_of(const M& model, const JudgeOptions& options) {
    // A step of thousands of small calls is thousands of changes: they are work without being a hard case.
    constexpr std::uint64_t work_of_a_call = 32;
    std::uint64_t calls = 0;
    for (const Act& act : model.component().acts) calls += act.full_calls;
    return options.expansions + work_of_a_call * calls;
}

// Most histories are easy; only for the hard ones does it pay to look ahead.
std::uint64_t easy(std::uint64_t budget) { return budget / 32; }

template <models::Model M>
Outcome<typename M::State> explain(const M& model, Latitude latitude, const JudgeOptions& options) {
    using Result = Outcome<typename M::State>;
    if (options.plain_fold) return fold(model, latitude, 4096);
    const std::uint64_t budget = budget_of(model, options);
    // What fails may leave an empty page, so no call only looks.
    const Reductions reductions = options.reductions && !latitude.leaves_empty ? Reductions::all : Reductions::none;
    if constexpr (!std::is_same_v<M, byte_stream::Model>) {
        return Search(model, latitude, budget, reductions).run();
    } else {
        const std::uint64_t first = options.look_ahead ? 0 : reductions == Reductions::none ? budget : easy(budget);
        Result outcome = Search(model, latitude, first, reductions).run();
        if (outcome.kind != Result::Kind::spent || reductions == Reductions::none) return outcome;
        const Foresight foresight(model.subject(), model.component());
        Result ahead = Search<M, Foresight>(model, latitude, budget, reductions, &foresight).run();
        ahead.work += outcome.work;
        return ahead;
    }
}

// The furthest state that it reaches when it looks at nothing that came later: that is what people are told.
template <models::Model M>
Outcome<typename M::State> reached(const M& model, Latitude latitude, const JudgeOptions& options) {
    return Search(model, latitude, easy(budget_of(model, options)), Reductions::looks).run();
}

template <models::Model M>
bool deviates(const Outcome<typename M::State>& outcome) {
    return std::any_of(outcome.how.begin(), outcome.how.end(),
                       [](std::uint32_t how) { return (how & M::how_deviates) != 0; });
}

// Some act of it deviates in every order.
template <models::Model M>
bool surely_deviates(const M& model, const Outcome<typename M::State>& outcome) {
    if constexpr (std::is_same_v<M, byte_stream::Model>)
        for (std::size_t i = 0; i < outcome.how.size(); ++i)
            if ((outcome.how[i] & M::how_deviates) != 0 &&
                surely_deviates(model.subject(), model.component(), model.component().acts[i], outcome.how[i]))
                return true;
    return false;
}

template <models::Model M>
bool writes_may_fault(const M& model) {
    return std::is_same_v<M, byte_stream::Model> && std::ranges::any_of(model.component().acts, [](const Act& act) {
               return act.kind == ActKind::write && act.mapped < act.asked;
           });
}

// The narrowest latitude that explains the component, without deviations if there is such a one. Without overlap there
// is one path, so the first explanation is already the one with the fewest deviations, and strict need not be first.
template <models::Model M>
Outcome<typename M::State> explain(const M& model, const JudgeOptions& options) {
    using Result = Outcome<typename M::State>;
    std::uint64_t work = 0;
    const auto under = [&](Latitude latitude) {
        Result outcome = explain(model, latitude, options);
        work += outcome.work;
        return outcome;
    };
    Result best = under({.deviates = true});
    for (const bool by_bytes : {false, true}) {
        if (best.kind == Result::Kind::accepted) break;
        Result wide = under({.deviates = true, .differs = true, .by_bytes = by_bytes});
        // What one search rejects another may explain; only if none gives up is it beyond explanation.
        if (wide.kind != Result::Kind::rejected) best = std::move(wide);
    }
    // A system leaves empty pages behind or does not, so that is asked of the whole history, and last.
    for (const bool differs : {false, true}) {
        if (best.kind != Result::Kind::rejected || !writes_may_fault(model)) break;
        Result leaves = under({.deviates = true, .differs = differs, .leaves_empty = true});
        if (leaves.kind != Result::Kind::rejected) best = std::move(leaves);
    }
    if (best.kind == Result::Kind::accepted && deviates<M>(best) && !(options.bounds && surely_deviates(model, best)))
        for (const Latitude latitude :
             {strict, Latitude{.differs = true}, Latitude{.differs = true, .by_bytes = true}}) {
            Result pure = under(latitude);
            if (pure.kind == Result::Kind::accepted) {
                best = std::move(pure);
                break;
            }
            // A deviation is told only of what nothing else explains.
            if (pure.kind == Result::Kind::spent) best.kind = Result::Kind::spent;
        }
    if (best.kind == Result::Kind::rejected && options.reductions && !options.plain_fold) {
        best = reached(model, {.deviates = true}, options);
        // Nobody is accused whom a search without the strongest reduction acquits.
        if (best.kind != Result::Kind::accepted) best.kind = Result::Kind::rejected;
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

// What the models call deviations, for people.
struct DeviationText {
    ClauseId clause;
    std::string_view says;
};
constexpr DeviationText deviation_texts[] = {
    {clause("PIPE-PKT-1"), "its bytes joined those of a page that was begun before, and are no packet of their own"},
    {clause("PIPE-TEE-2"), "it says end of file although somebody has it open for writing"},
    {clause("PIPE-FAULT-1"), "it failed and left an empty page behind, which takes room and shows as readable"},
    {clause("SIG-STOP-2"), "it ended with the part that it had moved, though no handler ran"},
    {clause("SOCK-EPIPE-1"), "it failed with EPIPE, and no SIGPIPE came"},
    {clause("SOCK-PEEK-1"), "it sleeps although a record is there: who was woken by it only looked"},
    {clause("UNIX-PEEKOFF-1"), "it sleeps beside new bytes: what it looked behind was received before they came"},
    {clause("SCTP-ORD-4"), "it sleeps beside the rest of a message: another was woken, and took a part"},
    {clause("UNIX-STREAM-2"), "descriptors came whose message it has not reached"},
    {clause("SCTP-O2O-2"), "it failed otherwise than with EPIPE, after the end of the association"},
    {clause("SCTP-DIE-1"), "it failed with an error that no document names, as the association ended"},
    {clause("SIG-SEM-1"), "it failed with EINTR although the handler was to let it go on"},
    {clause("SEM-TIME-4"), "it refused its deadline, which it did not need"},
    {clause("MQ-TIME-4"), "it refused its deadline, which it did not need"},
    {clause("MQ-NOTIFY-6"), "the registration went with another descriptor's close"},
};

std::string what_deviates(const Deviation& deviation) {
    for (const DeviationText& text : deviation_texts)
        if (text.clause == deviation.clause) return std::string(text.says);
    return deviation.reason == Reason::asleep
               ? "it sleeps although so many bytes of the capacity are free"
               : "so many bytes of the capacity are free; this system counts whole pages";
}

// Tells a breach with the state before it, if a search reached one.
template <models::Model M>
void tell(Verdict& verdict, const Resolved& resolved, const Breach& breach, const M& model,
          const Outcome<typename M::State>& outcome) {
    Telling telling{resolved.subject, resolved.components, breach, verdict.answer == Answer::holds, {}, {}, {}};
    if (breach.reason != Reason::merged) {
        telling.before = [&](const models::NameBytes& name) { return model.describe(outcome.state, name); };
        const models::Flight& flight = outcome.state.flights[outcome.flight];
        if (model.component().acts[flight.act].event == breach.event) {  // not so where a probe showed a sleeper's lack
            telling.alternatives = model.alternatives(outcome.state, flight);
            verdict.due = telling.due = model.due(outcome.state, flight);
        }
    }
    for (std::string& line : story(telling)) verdict.explanation.push_back(std::move(line));
}

// Where a rule spoke that knows no state, or a deviation was excused, the search is asked again for the state before:
// how far it comes when it excuses nothing.
void tell(Verdict& verdict, const Resolved& resolved, const Breach& breach, const JudgeOptions& options) {
    bool told = false;
    for (const Component& each : resolved.components) {
        if (told || is_memory(each) ||
            std::ranges::none_of(each.acts, [&](const Act& act) { return act.event == breach.event; }))
            continue;
        with_model(resolved.subject, each, [&](const auto& model) {
            auto again = reached(model, strict, options);
            using Kind = typename decltype(again)::Kind;
            if (again.kind == Kind::accepted || again.state.flights.empty()) return;
            if (each.acts[again.state.flights[again.flight].act].event != breach.event) return;
            tell(verdict, resolved, breach, model, again);
            told = true;
        });
    }
    if (told) return;
    const Telling telling{resolved.subject, resolved.components, breach, verdict.answer == Answer::holds, {}, {}, {}};
    for (std::string& line : story(telling)) verdict.explanation.push_back(std::move(line));
}

// Which fault the history shows as fired; the evidence counts for it. Several kinds in one case: the first.
FaultId fired(const History& history) {
    for (const Event& event : history.events)
        if (event.kind == EventKind::fault && event.result == 1) return event.fault;
    return no_fault;
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

void leave_open(Verdict& verdict, const Case& value, std::string why) {
    verdict.answer = Answer::inconclusive;
    verdict.why = std::move(why);
    verdict.bucket = bucket(value);
}

// One component: true if it holds, and its evidence is in; else the verdict says what is wrong.
template <models::Model M>
bool judge_component(Verdict& verdict, Resolved& resolved, const M& model, const JudgeOptions& options) {
    using Result = Outcome<typename M::State>;
    const Result outcome = explain(model, options);
    verdict.work += outcome.work;
    if (outcome.kind == Result::Kind::spent) {
        leave_open(verdict, *resolved.subject.value, fmt::format("the search gave up after {} steps", outcome.work));
        return false;
    }
    if (outcome.kind == Result::Kind::rejected) {
        verdict.mechanism = model.component().mechanism;
        if (std::string why = model.undecided(); !why.empty()) {
            leave_open(verdict, *resolved.subject.value, std::move(why));
        } else if (outcome.state.flights.empty()) {  // the plain fold keeps no state
            verdict.answer = Answer::violated;
        } else {
            Breach breach = model.refusal(outcome.state, outcome.state.flights[outcome.flight]);
            blame(resolved.subject, resolved.components, breach);
            reject(verdict, breach);
            if (options.explanations) tell(verdict, resolved, breach, model, outcome);
        }
        return false;
    }
    if (options.plain_fold) return true;
    model.weigh(outcome.how, resolved.weights, verdict.deviations);
    if (options.evidence) model.weigh_waits(outcome.how, resolved.weights);
    return true;
}

// Under one hypothesis about what the history leaves open.
Verdict judge_under(Hypothesis& hypothesis, const Case& value, const History& history, const Environment& environment,
                    const JudgeOptions& options) {
    Verdict verdict;
    if (!value.program.objects.empty()) verdict.mechanism = value.program.objects[0].mechanism;
    Resolved resolved = resolve(value, history, environment, options.case_number, hypothesis);
    if (!resolved.unjudged.empty()) {
        leave_open(verdict, value, resolved.unjudged);
        if (resolved.broken) verdict.answer = Answer::broken;
        return verdict;
    }
    check_signals(resolved.subject, resolved.components, resolved.weights, resolved.breaches);
    std::vector<Breach>& breaches = resolved.breaches;
    check_spinning(resolved.subject, breaches);
    for (const Component& component : resolved.components)
        if (is_memory(component)) check_memory(resolved.subject, component, resolved.weights, breaches);
    if (options.bounds)
        for (const Component& component : resolved.components)
            if (is_pipe(mechanism_of(component.mechanism)))
                check_bounds(resolved.subject, component, resolved.weights, breaches);
    const auto rejects = [&] {
        if (breaches.empty()) return false;
        Breach first = *std::ranges::min_element(breaches, {}, &Breach::event);
        blame(resolved.subject, resolved.components, first);
        reject(verdict, first);
        if (options.explanations) tell(verdict, resolved, first, options);
        return true;
    };
    if (rejects()) return verdict;
    for (const Component& component : resolved.components) {
        if (is_memory(component)) continue;  // its rules have said all
        bool holds = false;
        with_model(resolved.subject, component,
                   [&](const auto& model) { holds = judge_component(verdict, resolved, model, options); });
        if (!holds) return verdict;
    }
    check_leaks(resolved.subject, resolved.weights, breaches);
    if (rejects()) return verdict;
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
