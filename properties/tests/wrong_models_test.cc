// Each wrong model that looks right is found out by the histories that the judge is tested with, simulated ones and the
// mirror's: a strict one by false alarms, a lax one by mutants that it lets pass. (runners/tests does it with real
// ones.)
#include <gtest/gtest.h>

#include <iostream>

#include "properties/mirror/mirror.h"
#include "properties/tests/cells.h"
#include "properties/tests/mutants.h"
#include "properties/tests/nightly.h"
#include "properties/tests/pipe_simulator.h"
#include "properties/tests/wrong_models.h"

namespace crosstalk {
namespace {

struct Source {
    Environment environment;
    wrong::Counts counts;
    // The history itself, and one mutant of it.
    void add(const Case& value, const History& history, std::uint64_t n) {
        const auto number = static_cast<std::uint16_t>(n);
        wrong::count(value, history, environment, number, false, counts);
        mutants::Random random(n);
        if (const auto mutant = mutants::mutant_of(value, history, mutants::all[n % mutants::all.size()], random))
            wrong::count(value, *mutant, environment, number, true, counts);
    }
};

Source simulated() {
    Source source;
    for (std::uint64_t seed = 0; seed < nightly_or(20'000, 2'000); ++seed) {
        simulation::Options options;
        options.actors = 2 + static_cast<int>(seed % 4), options.steps = 2 + static_cast<int>(seed / 4 % 6);
        options.slots = 1u << (seed / 24 % 3), options.kill = seed % 2 == 0;
        options.concurrency = 1 + static_cast<int>(seed % 5);
        const simulation::Played played = simulation::Simulator(seed, options).play();
        source.add(played.value, played.history, seed);
    }
    return source;
}

Source mirrored() {
    Source source{mirror::environment(), {}};
    const Cells cells(source.environment);
    for (std::uint64_t n = 0; n < nightly_or(50'000, 3'000); ++n) {
        const Case value = cells.at(n);
        source.add(value, mirror::play(value, source.environment, n, {.case_number = static_cast<std::uint16_t>(n)}),
                   n);
    }
    return source;
}

TEST(WrongModels, AreFoundOutBySimulatedAndMirroredHistories) {
    const Source simulation = simulated(), mirror = mirrored();
    for (std::size_t i = 0; i < wrong::models.size(); ++i) {
        const wrong::Count &here = simulation.counts[i], &there = mirror.counts[i];
        EXPECT_GT(here.wrong + there.wrong, 0u) << wrong::models[i].says;
        if (nightly())
            std::cout << wrong::models[i].says << ": " << (wrong::models[i].lax ? "misses " : "accuses ") << here.wrong
                      << " of " << here.histories << " simulated and " << there.wrong << " of " << there.histories
                      << " mirrored\n";
    }
}

}  // namespace
}  // namespace crosstalk
