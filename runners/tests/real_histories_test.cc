// The judge on what this kernel did: drawn cases are played by the agent, and each history is changed in each way that
// the mutants know. Whatever the plain fold says of a history or of its mutant, the judge must say; and models that are
// wrong, but look right, must accuse the kernel of what it did.
#include <gtest/gtest.h>

#include <iostream>

#include "properties/tests/agreement.h"
#include "properties/tests/cells.h"
#include "properties/tests/mutants.h"
#include "properties/tests/nightly.h"
#include "properties/tests/wrong_models.h"
#include "runners/campaign/player.h"
#include "runners/targets/catalog.h"

namespace crosstalk {
namespace {

// What the kernel did with so many cases, spread over all cells: in order, one after the other.
class Kernel {
  public:
    Kernel() : target_(target_named("local").value()), player_(target_, {.core = 0}) {}
    std::string ready() {
        if (std::string wrong = player_.ready(); !wrong.empty()) return wrong;
        cells_.emplace(environment());
        return "";
    }
    const Environment& environment() { return player_.session().environment(); }
    // The n-th case, with its number as serial.
    Recording play(std::uint64_t n) {
        Recording recording;
        recording.environment = environment();
        recording.case_number = static_cast<std::uint16_t>(n);
        recording.played = cells_->at(n);
        Reply reply = player_.play(*recording.played, n);
        EXPECT_EQ(reply.kind, Reply::Kind::played) << reply.why;
        recording.history = std::move(reply.history);
        return recording;
    }

  private:
    Target target_;
    Player player_;
    std::optional<Cells> cells_;
};

TEST(RealHistories, AreJudgedAsThePlainFoldJudgesThemAndSoAreTheirMutants) {
    const std::uint64_t wanted = nightly_or(1'000, 5), most_histories = nightly_or(100'000, 4'000);
    Kernel kernel;
    ASSERT_EQ(kernel.ready(), "");
    Compared real;
    std::array<Compared, mutants::all.size()> tallies;
    const auto done = [&](const Compared& tally) { return tally.decided() >= wanted; };
    for (std::uint64_t n = 1; n < most_histories && !std::ranges::all_of(tallies, done); ++n) {
        const Recording made = kernel.play(n);
        ASSERT_EQ(disagreement(*made.played, made.history, made.environment, made.case_number, real), "") << n;
        for (std::size_t i = 0; i < mutants::all.size(); ++i) {
            mutants::Random random(n);
            if (done(tallies[i])) continue;
            const auto mutant = mutants::mutant_of(*made.played, made.history, mutants::all[i], random);
            if (!mutant) continue;
            ASSERT_EQ(disagreement(*made.played, *mutant, made.environment, made.case_number, tallies[i]), "")
                << mutants::all[i].name << " of " << n;
        }
    }
    if (nightly()) std::cout << line_of("as they were", real);
    std::uint64_t rejected = 0;
    for (std::size_t i = 0; i < mutants::all.size(); ++i) {
        rejected += tallies[i].rejected;
        EXPECT_GE(tallies[i].decided(), wanted) << mutants::all[i].name;
        if (nightly()) std::cout << line_of(mutants::all[i].name, tallies[i]);
    }
    EXPECT_GT(rejected, wanted * mutants::all.size() / 3) << "mutants that nobody rejects test nothing";
}

TEST(RealHistories, FindOutWrongModels) {
    Kernel kernel;
    ASSERT_EQ(kernel.ready(), "");
    wrong::Counts counts;
    for (std::uint64_t n = 1; n < nightly_or(20'000, 500); ++n) {
        const Recording made = kernel.play(n);
        mutants::Random random(n);
        const mutants::Mutator& mutator = mutants::all[n % mutants::all.size()];
        wrong::count(*made.played, made.history, made.environment, made.case_number, false, counts);
        if (const auto mutant = mutants::mutant_of(*made.played, made.history, mutator, random))
            wrong::count(*made.played, *mutant, made.environment, made.case_number, true, counts);
    }
    std::size_t found_out = 0;
    for (std::size_t i = 0; i < wrong::models.size(); ++i) {
        found_out += counts[i].wrong != 0;
        if (nightly())
            std::cout << wrong::models[i].says << ": " << (wrong::models[i].lax ? "misses " : "accuses ")
                      << counts[i].wrong << " of " << counts[i].histories << " real ones\n";
    }
    EXPECT_GE(found_out, nightly_or(wrong::models.size(), wrong::models.size() / 2)) << "some show once in thousands";
}

}  // namespace
}  // namespace crosstalk
