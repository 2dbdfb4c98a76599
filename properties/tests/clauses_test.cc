// The clause tables as data: what the compiler has not checked already, and that its checks can fail.
#include "properties/clauses/all.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

using testing::Eq;
using testing::Ne;
using testing::Optional;
using testing::StartsWith;

constexpr Clause sound{"A-1", "It holds.", "x(2)", Strength::must, property("order"), binds::pipes};

constexpr std::string_view complaint(Clause first, Clause second) {
    const Clause table[] = {first, second};
    return clause_table::why_not(table);
}
constexpr Clause numbered(std::string_view id) {
    Clause clause = sound;
    clause.id = id;
    return clause;
}

TEST(Clauses, ATableWithARowOutOfShapeIsRefused) {
    EXPECT_THAT(complaint(numbered("A-1"), numbered("A-2")), Eq(""));
    EXPECT_THAT(complaint(numbered("A-1"), numbered("A-1")), Ne(""));
    EXPECT_THAT(complaint(numbered("A-1"), numbered("A-3")), Ne(""));
    EXPECT_THAT(complaint(numbered("A-1"), numbered("B-2")), Ne(""));
    Clause row = numbered("A-2");
    row.says = "";
    EXPECT_THAT(complaint(sound, row), Ne(""));
    row = numbered("A-2");
    row.source = "";
    EXPECT_THAT(complaint(sound, row), Ne(""));
    row = numbered("A-2");
    row.standing = Standing::needs;
    EXPECT_THAT(complaint(sound, row), Ne(""));
    row = numbered("A-2");
    row.property = property_names.size();
    EXPECT_THAT(complaint(sound, row), Ne(""));
}

TEST(Clauses, AnIdLeadsToItsRowAndBack) {
    for (ClauseId id = 0; id < clauses().size(); ++id) EXPECT_THAT(clause_named(clause_of(id).id), Optional(id));
    EXPECT_THAT(clause_of(clause("PIPE-ATOMIC-2")).id, Eq("PIPE-ATOMIC-2"));
    EXPECT_THAT(clause_named("PIPE-ATOMIC"), Eq(std::nullopt));
    EXPECT_THAT(clause_named(""), Eq(std::nullopt));
}

TEST(Clauses, EachClauseOfTheResearchedFamiliesIsThere) {
    std::size_t pipe = 0, sig = 0, rdy = 0, proc = 0;
    for (const Clause& each : clauses()) {
        pipe += each.id.starts_with("PIPE-");
        sig += each.id.starts_with("SIG-");
        rdy += each.id.starts_with("RDY-");
        proc += each.id.starts_with("PROC-");
    }
    EXPECT_GE(pipe, 52u);
    EXPECT_GE(sig, 17u);
    EXPECT_GE(rdy, 13u);
    EXPECT_GE(proc, 12u);
}

TEST(Clauses, AJudgedClauseBindsSomeMechanism) {
    for (const Clause& each : clauses()) {
        ASSERT_NE(each.binds, nullptr) << each.id;
        bool bound = false;
        for (const Mechanism* mechanism : mechanisms()) bound = bound || each.binds(*mechanism);
        EXPECT_TRUE(bound || each.standing != Standing::judged) << each.id;
    }
}

// What everybody must keep stands in POSIX, or in an RFC. What Linux keeps stands in its pages, or an RFC recommends
// it.
TEST(Clauses, APromiseOfAllCitesAStandardAndALinuxOneAManPage) {
    for (const Clause& each : clauses()) {
        const bool standard = std::ranges::any_of(std::array{"XSH", "XBD", "RFC"}, [&](std::string_view name) {
            return each.source.find(name) != each.source.npos;
        });
        const bool page = each.source.find("(2)") != each.source.npos || each.source.find("(3)") != each.source.npos ||
                          each.source.find("(7)") != each.source.npos;
        EXPECT_TRUE(each.strength != Strength::must || standard || each.id == "TARGET-ALIVE-1") << each.id;
        const bool recommended = each.source.find("SHOULD") != each.source.npos;
        EXPECT_TRUE(each.strength != Strength::linux_ || page || recommended) << each.id;
        // Standards are cited from knowledge; the row says so.
        EXPECT_TRUE(!standard || each.source.find("not re-read") != each.source.npos) << each.id;
    }
}

TEST(Clauses, EachPropertyHasAClause) {
    std::set<PropertyId> named;
    for (const Clause& each : clauses()) named.insert(each.property);
    for (PropertyId id = 0; id < property_names.size(); ++id)
        EXPECT_TRUE(named.contains(id)) << property_names[id].name;
    for (const PropertyName& each : property_names)
        EXPECT_THAT(property_named(each.name), Ne(std::nullopt)) << each.name;
    EXPECT_THAT(property_named("swiftness"), Eq(std::nullopt));
}

}  // namespace
}  // namespace crosstalk
