// Where cases come from: determined by seed and number alone, spread evenly, sharded without gaps.
#include <gtest/gtest.h>

#include <set>

#include "runners/tests/campaign_fakes.h"

namespace crosstalk {
namespace {

TEST(Source, TheNthCaseDependsOnSeedAndNumberOnly) {
    const auto cells = all_cells();
    const auto draw = [](std::size_t cell, std::uint64_t seed) {
        Case out = fakes::case_of(fakes::holds);
        out.drawn_for = std::to_string(cell) + " " + std::to_string(seed);
        return out;
    };
    const auto a = random_source(cells, 7, draw), b = random_source(cells, 7, draw), c = random_source(cells, 8, draw);
    for (const std::uint64_t n : {99u, 0u, 5u, 99u}) {
        EXPECT_EQ(a->at(n)->value.drawn_for, b->at(n)->value.drawn_for);
        EXPECT_NE(a->at(n)->value.drawn_for, c->at(n)->value.drawn_for);
    }
}

TEST(Source, EveryBlockOfCasesCoversEveryCell) {
    const auto cells = all_cells();
    const auto source =
        random_source(cells, 1, [](std::size_t, std::uint64_t) { return fakes::case_of(fakes::holds); });
    std::set<std::string> seen;
    for (std::size_t n = 0; n < cells.size(); ++n) seen.insert(name_of(*source->at(n)->cell));
    EXPECT_EQ(seen.size(), cells.size());
}

TEST(Source, ShardsCoverTheCellsOnceEach) {
    const Filter all;
    std::multiset<std::string> seen;
    for (std::uint64_t k = 1; k <= 3; ++k)
        for (const Cell& cell : cells_selected_by(all, k, 3)) seen.insert(name_of(cell));
    EXPECT_EQ(seen.size(), all_cells().size());
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
}

TEST(Source, AClauseSelectsTheCellsOfItsProperty) {
    const std::vector<std::string> words{"mechanism:pipe", "clause:PIPE-CAP-3", "fault:none"};
    const auto cells = cells_selected_by(*Filter::parse(words));
    ASSERT_EQ(cells.size(), 1u);
    EXPECT_EQ(name_of(cells[0]), "pipe/capacity/none");
}

TEST(Source, CellsExistForEveryMechanismWithoutAFault) {
    std::set<std::string> seen;
    for (const Cell& cell : all_cells()) seen.insert(name_of(cell));
    EXPECT_TRUE(seen.contains("pipe/order/none"));
    EXPECT_TRUE(seen.contains("pipe/interruption/interruption"));
}

TEST(Source, DrawnCasesAreEqualForEqualSeeds) {
    const auto cells = all_cells();
    const auto draw = drawing_from_generators(cells, Ground{});
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Case a = draw(i, mixed(3, i)), b = draw(i, mixed(3, i));
        EXPECT_EQ(a, b);
        EXPECT_EQ(why_not(a), "");
    }
}

}  // namespace
}  // namespace crosstalk
