// A clause: one documented sentence, with its source and strength. Tables of them are properties/clauses/<family>.h.
// A clause's id is stable for ever (the contract); its number (ClauseId) is an index and may change between builds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mechanisms/mechanism.h"
#include "properties/property.h"

namespace crosstalk {

// Who promises: POSIX; a Linux man page; nobody (documents are silent, systems agree).
enum class Strength : std::uint8_t { must, linux_, observed };
std::string_view name_of(Strength strength);  // "must" "linux" "observed"

// Whether this build can judge it: everywhere; only where a target gives what it needs, if it binds a mechanism, else
// nowhere yet; never, since no answer is wrong.
enum class Standing : std::uint8_t { judged, needs, not_testable };

using ClauseId = std::uint16_t;
inline constexpr ClauseId no_clause = 0xffff;

struct Clause {
    std::string_view id;        // "PIPE-ATOMIC-2"
    std::string_view says;      // the promise, one sentence
    std::string_view source;    // "pipe(7), PIPE_BUF; XSH write"
    Strength strength = Strength::must;
    PropertyId property = 0;
    bool (*binds)(const Mechanism&) = nullptr;
    Standing standing = Standing::judged;
    std::string_view because = {};  // needs: what; not_testable: why
};

std::span<const Clause> clauses();
const Clause& clause_of(ClauseId id);
std::optional<ClauseId> clause_named(std::string_view id);

}  // namespace crosstalk
