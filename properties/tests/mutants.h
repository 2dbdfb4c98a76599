// Mutants of histories: twenty-three ways to change one thing in what was observed. They try to make a history that no
// pipe could show; whether one is, the plain fold says.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "properties/tests/mutants_of_answers.h"

namespace crosstalk::mutants {

// False: this history has no place for it, and is as it was.
struct Mutator {
    std::string_view name;
    bool (*apply)(const Case&, History&, Random&);
};

inline constexpr std::array all{
    Mutator{"loses-bytes", loses_bytes},
    Mutator{"doubles-bytes", doubles_bytes},
    Mutator{"swaps-runs", swaps_runs},
    Mutator{"shifts-run", shifts_run},
    Mutator{"names-another-step", names_another_step},
    Mutator{"tears", tears},
    Mutator{"merges-reads", merges_reads},
    Mutator{"counts-one-more", counts_by<1>},
    Mutator{"counts-one-less", counts_by<-1>},
    Mutator{"changes-errno", changes_errno},
    Mutator{"says-again", says_again},
    Mutator{"denies-again", denies_again},
    Mutator{"denies-broken-pipe", denies_broken_pipe},
    Mutator{"ends-early", ends_early},
    Mutator{"ends-late", ends_late},
    Mutator{"finds-other-bytes", finds_other_bytes},
    Mutator{"never-returns", never_returns},
    Mutator{"orders-falsely", orders_falsely},
    Mutator{"misstates-capacity", misstates_capacity},
    Mutator{"misstates-unread", misstates_unread},
    Mutator{"flips-poll-bit", flips_poll_bit},
    Mutator{"flips-flag", flips_flag},
    Mutator{"removes-signal", removes_signal},
};

// A mutant of this kind; nothing if the history has no place for it, or no agent could have said so.
inline std::optional<History> mutant_of(const Case& value, const History& history, const Mutator& mutator,
                                        Random& random) {
    History mutant = history;
    if (!mutator.apply(value, mutant, random)) return std::nullopt;
    for (const Run& run : mutant.runs)  // what no reader of histories lets through
        if (run.kind == RunKind::raw && run.offset + std::uint64_t{run.length} > mutant.raw.size()) return std::nullopt;
    if (mutant == history || !why_not(value, mutant).empty()) return std::nullopt;
    return mutant;
}

}  // namespace crosstalk::mutants
