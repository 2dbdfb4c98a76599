// Where cases come from: random draws over selected cells, a corpus of stored cases, one after the other. The campaign
// does not know which it drives. The n-th case of a source is a pure function of the source and n, whoever asks and
// in whatever order: so the same seed gives the same cases with any number of jobs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "faults/case.h"
#include "properties/draw.h"
#include "reports/catalogue.h"
#include "reports/filter.h"

namespace crosstalk {

struct Drawn {
    std::uint64_t number = 0;  // in the run
    std::optional<Cell> cell;  // that it was drawn for; a stored case may say none
    std::string name;          // of a stored case; else ""
    Case value;
};

class CaseSource {
  public:
    virtual ~CaseSource() = default;
    // Called by several threads at once. nullopt: there is no n-th case.
    virtual std::optional<Drawn> at(std::uint64_t n) const = 0;
};

// For each cell, cases from its generator; the n-th case is of cell n modulo their number, so that every block of n
// cases spreads evenly, with a seed of its own mixed from the run's seed and n.
using DrawCell = std::function<Case(std::size_t cell_index, std::uint64_t case_seed)>;
std::unique_ptr<CaseSource> random_source(std::vector<Cell> cells, std::uint64_t seed, DrawCell draw);
// The generators of properties/draw.h.
DrawCell drawing_from_generators(const std::vector<Cell>& cells, const Ground& ground);

struct StoredCase {
    std::string name;  // file name, for messages
    Case value;
};
std::unique_ptr<CaseSource> corpus_source(std::vector<StoredCase> cases);
// The first `count` of one, then the other.
std::unique_ptr<CaseSource> one_after_the_other(std::unique_ptr<CaseSource> first, std::uint64_t count,
                                                std::unique_ptr<CaseSource> then);

// Does a cell of this name belong to shard `shard` (from 1) of `shards`?
bool in_shard(std::string_view cell, std::uint64_t shard, std::uint64_t shards);

// The cells that these words select, of shard `shard` (from 1) of `shards`: by a hash of the cell's name, so that a new
// cell moves only itself.
std::vector<Cell> cells_selected_by(const Filter& filter, std::uint64_t shard = 1, std::uint64_t shards = 1);

std::uint64_t mixed(std::uint64_t seed, std::uint64_t n);

}  // namespace crosstalk
