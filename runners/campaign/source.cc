// Random and stored cases.
#include "runners/campaign/source.h"

#include <algorithm>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "properties/clause.h"

namespace crosstalk {
namespace {

class RandomSource final : public CaseSource {
  public:
    RandomSource(std::vector<Cell> cells, std::uint64_t seed, DrawCell draw)
        : cells_(std::move(cells)), seed_(seed), draw_(std::move(draw)) {}
    std::optional<Drawn> at(std::uint64_t n) const override {
        if (cells_.empty()) return std::nullopt;
        const std::size_t index = static_cast<std::size_t>(n % cells_.size());
        return Drawn{n, cells_[index], "", draw_(index, mixed(seed_, n))};
    }

  private:
    std::vector<Cell> cells_;
    std::uint64_t seed_;
    DrawCell draw_;
};

class CorpusSource final : public CaseSource {
  public:
    explicit CorpusSource(std::vector<StoredCase> cases) : cases_(std::move(cases)) {}
    std::optional<Drawn> at(std::uint64_t n) const override {
        if (n >= cases_.size()) return std::nullopt;
        const StoredCase& stored = cases_[static_cast<std::size_t>(n)];
        return Drawn{n, std::nullopt, stored.name, stored.value};
    }

  private:
    std::vector<StoredCase> cases_;
};

class Chain final : public CaseSource {
  public:
    Chain(std::unique_ptr<CaseSource> first, std::uint64_t count, std::unique_ptr<CaseSource> then)
        : first_(std::move(first)), then_(std::move(then)), count_(count) {}
    std::optional<Drawn> at(std::uint64_t n) const override {
        if (n < count_) return first_->at(n);
        std::optional<Drawn> drawn = then_->at(n - count_);
        if (drawn) drawn->number = n;
        return drawn;
    }

  private:
    std::unique_ptr<CaseSource> first_, then_;
    std::uint64_t count_;
};

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return mixed(hash, 0);
}

Filterable filterable(const Cell& cell) {
    Filterable out{name_of(cell),
                   std::string(mechanism_of(cell.mechanism).name),
                   std::string(property_names[cell.property].name),
                   std::string(fault_of(cell.fault).name),
                   {},
                   {},
                   ""};
    for (const Clause& clause : clauses())
        if (clause.property == cell.property && clause.binds != nullptr && clause.binds(mechanism_of(cell.mechanism)))
            out.clauses.emplace_back(clause.id);
    return out;
}

}  // namespace

// The finishing step of splitmix64 (public domain): neighbouring n give unrelated seeds.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t n) {
    std::uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

std::unique_ptr<CaseSource> random_source(std::vector<Cell> cells, std::uint64_t seed, DrawCell draw) {
    return std::make_unique<RandomSource>(std::move(cells), seed, std::move(draw));
}

DrawCell drawing_from_generators(const std::vector<Cell>& cells, const Ground& ground) {
    std::vector<rc::Gen<Case>> generators;
    for (const Cell& cell : cells) generators.push_back(cases_of(cell.property, cell.mechanism, cell.fault, ground));
    return [generators = std::move(generators)](std::size_t index, std::uint64_t case_seed) {
        // Sizes spread over the whole range that rapidcheck knows, as its own loop would do over a run.
        const int size = static_cast<int>(mixed(case_seed, 1) % (rc::kNominalSize + 1));
        return generators[index](rc::Random(case_seed), size).value();
    };
}

std::unique_ptr<CaseSource> corpus_source(std::vector<StoredCase> cases) {
    return std::make_unique<CorpusSource>(std::move(cases));
}

std::unique_ptr<CaseSource> one_after_the_other(std::unique_ptr<CaseSource> first, std::uint64_t count,
                                                std::unique_ptr<CaseSource> then) {
    return std::make_unique<Chain>(std::move(first), count, std::move(then));
}

bool in_shard(std::string_view cell, std::uint64_t shard, std::uint64_t shards) {
    return hash_of(cell) % shards == shard - 1;
}

std::vector<Cell> cells_selected_by(const Filter& filter, std::uint64_t shard, std::uint64_t shards) {
    std::vector<Cell> out;
    for (const Cell& cell : all_cells())
        if (filter.matches(filterable(cell)) && in_shard(name_of(cell), shard, shards)) out.push_back(cell);
    return out;
}

}  // namespace crosstalk
