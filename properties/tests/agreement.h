// The judge beside its meaning: the plain fold over sets of states, without bounds, reductions or preferences. On every
// history that both decide they must say the same.
#pragma once

#include <string>

#include "faults/text/history_text.h"
#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/tests/told.h"

namespace crosstalk {

// How many histories of a kind were compared.
struct Compared {
    std::uint64_t compared = 0, accepted = 0, rejected = 0;
    std::uint64_t fast_undecided = 0, fold_undecided = 0;  // of them
    std::uint64_t decided() const { return accepted + rejected; }
};

// "" if they agree, else both verdicts and the whole history.
inline std::string disagreement(const Case& value, const History& history, const Environment& environment,
                                std::uint16_t number, Compared& tally) {
    ++tally.compared;
    const Verdict fast =
        judge(value, history, environment, {.evidence = false, .explanations = false, .case_number = number});
    const Verdict fold =
        judge(value, history, environment,
              {.bounds = false, .plain_fold = true, .evidence = false, .explanations = false, .case_number = number});
    tally.fast_undecided += fast.answer == Answer::inconclusive;
    tally.fold_undecided += fold.answer == Answer::inconclusive;
    if (fast.answer == Answer::inconclusive || fold.answer == Answer::inconclusive) return "";
    ++(fold.answer == Answer::violated ? tally.rejected : tally.accepted);
    if (fast.answer == fold.answer) return "";
    return "the judge: " + told(fast) + "\nthe plain fold: " + told(fold) + "\n" +
           to_text(Recording{environment, history, value, number});
}

inline std::string line_of(std::string_view name, const Compared& tally) {
    const auto number = [](std::uint64_t n) { return std::to_string(n); };
    return std::string(name) + ": " + number(tally.compared) + " compared, " + number(tally.rejected) + " rejected, " +
           number(tally.accepted) + " accepted, undecided by the judge " + number(tally.fast_undecided) +
           " and by the fold " + number(tally.fold_undecided) + "\n";
}

}  // namespace crosstalk
