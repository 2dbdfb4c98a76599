// Faults and clauses in step: whatever can be provoked is spoken of, and whatever is spoken of can be provoked.
#include <gtest/gtest.h>

#include <algorithm>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/consequences.h"

namespace crosstalk {
namespace {

// Could the fault be offered at any call of this verb? `operation` as plain as a case may have it.
bool may_strike(const Fault& fault, Verb verb) {
    Operation operation;
    operation.verb = verb;
    operation.buffer.bytes = 64;
    operation.makes[0] = 40;
    return std::ranges::any_of(std::array{When::before, When::asleep, When::between, When::after},
                               [&](When when) { return fault.may_strike(operation, when); });
}

TEST(Consequences, EveryFaultIsSpokenOfByAClause) {
    EXPECT_TRUE(consequences_of(no_fault).empty());
    for (FaultId fault = 1; fault < faults().size(); ++fault)
        EXPECT_FALSE(consequences_of(fault).empty()) << fault_of(fault).name;
}

TEST(Consequences, EachIsJudgedAndBindsAMechanismThatTheFaultCanStrike) {
    for (FaultId fault = 1; fault < faults().size(); ++fault)
        for (const ClauseId id : consequences_of(fault)) {
            const Clause& clause = clause_of(id);
            EXPECT_EQ(clause.standing, Standing::judged) << clause.id;
            const bool can = std::ranges::any_of(mechanisms(), [&](const Mechanism* mechanism) {
                return clause.binds(*mechanism) && std::ranges::any_of(mechanism->verbs, [&](Verb verb) {
                           return may_strike(fault_of(fault), verb);
                       });
            });
            EXPECT_TRUE(can) << fault_of(fault).name << " and " << clause.id;
        }
}

TEST(Consequences, NoClauseWaitsForAFaultThatIsThere) {
    for (const Clause& clause : clauses()) {
        if (clause.standing == Standing::judged) continue;
        for (FaultId fault = 1; fault < faults().size(); ++fault)
            EXPECT_EQ(clause.because.find(fault_of(fault).name), std::string_view::npos) << clause.id;
    }
}

}  // namespace
}  // namespace crosstalk
