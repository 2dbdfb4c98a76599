// The working parts of the rules of memory: what gives bytes their values and an object its length, and the checks of
// one object. What they mean stands in memory_rules.cc; what a load may see in memory_sights.cc; which clause speaks of
// it in memory_blame.cc.
#pragma once

#include "properties/judge/rules.h"

namespace crosstalk::judging {

inline constexpr std::uint64_t endless = ~std::uint64_t{0};
inline constexpr std::uint16_t everybody = none16;

// Something that gives bytes their values.
struct Store {
    Stamp began = 0, ended = 0;
    std::uint64_t from = 0, to = endless;  // in the object
    bool sure = true;                      // it happened, and what it put there stays until something replaces it
    bool zero = true;                      // else the bytes of a step's stream, which begin at position `first`
    const Act* act = nullptr;              // null: the making
    std::uint64_t first = 0;
    std::uint16_t view = everybody;  // a private view that alone sees it
};

// Something that gives the object its length.
struct Length {
    Stamp began = 0, ended = 0;
    std::uint64_t bytes = 0;
    bool sure = true, only_grows = false;
    bool makes_longer_than(std::uint64_t at) const { return bytes > at; }
};

// The rules, for one object.
class Memory {
  public:
    Memory(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches);

    void check();

  private:
    std::uint64_t page_of(std::uint64_t at) const;

    void gather_lengths();

    // Could the object have been longer than `at` bytes at some moment between, or (not `longer`) not longer?
    bool may_be(bool longer, std::uint64_t at, Stamp began, Stamp ended) const;

    void gather_stores(const Act& act);

    ClauseId fault_clause(bool beyond) const;

    // Pages that begin before the end are there; those that begin at it or after are not.
    void check_fault(const Act& act);

    void check_length(const Act& act);

    // Something was stored behind the end before, or the object was opened with O_TRUNC.
    ClauseId clause_of_length(const Act& look) const;
    bool was_opened_away(const Act& look) const;

    // A call takes of its buffer what is there, at least nothing (EFAULT), and all if all is there.
    void check_loan(const Act& act);

    std::vector<std::uint8_t> bytes_of(const Act& act) const;

    std::uint8_t value_of(const Store& store, std::uint64_t at) const;
    std::vector<std::uint8_t> values_of(const Store& store, std::uint64_t from, std::uint64_t to) const;

    // The private views that a view descends from, with the moment at which each was copied; itself first.
    struct Ancestor {
        std::uint16_t view;
        Stamp before;
    };
    std::vector<Ancestor> ancestors_of(const Act& load) const;
    Stamp attached_at(std::uint16_t view) const;

    void check_bytes(const Act& load);

    bool is_of_lock(std::uint64_t at) const;  // its words are for who takes it and for the kernel
    bool freed_a_lock(const Act& act) const { return act.verb == Verb::lock && act.death; }

    // A word that was stored whole is loaded whole, and who has seen it sees what was stored before it in its step.
    void check_word(const Act& load);
    bool is_apart(const Act& act) const;

    // Behind the end, in the page that has it, and nobody has stored there.
    bool is_untouched_tail(const Act& load, std::uint64_t at, const Store& latest) const;

    // What it has put there is there for all until something replaces it: of one that may never have ended, if that is
    // not behind the end.
    bool stays(const Store& store, std::uint64_t at) const;

    // At some moment of the load this byte was what the store had put there: as if it had been stored then.
    static void sight(std::vector<Store>& sights, const Store& store, std::uint64_t at, const Act& load);

    bool is_replaced(const Store& store, std::uint64_t from, std::uint64_t to, const std::vector<const Store*>& near,
                     Stamp seen_from, const Act& load) const;

    // It is dead; or others stored beside it, in one page, at the same time.
    ClauseId clause_of_writer(const Act& load, const Store& store) const;

    // Between a store and what is seen of it: was the object left by everybody, moved, or pierced?
    bool has_between(const Act& load, const Store& store, auto test) const;

    ClauseId clause_of_sight(const Act& load, const Store& store) const;

    void tell(const Act& load, const Store* latest, std::uint64_t at, std::uint8_t seen);

    void breach(ClauseId clause, Reason reason, const Act& act, std::string line);

    const Subject& subject_;
    const Component& component_;
    Weights& weights_;
    std::vector<Breach>& breaches_;
    bool anonymous_ = false, posix_ = false;
    std::vector<Length> lengths_;
    std::vector<Store> stores_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> locks_;  // where one may lie: from, to
};

}  // namespace crosstalk::judging
