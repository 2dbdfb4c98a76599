// The grid follows from clauses and faults: a cell stands exactly where a judged clause of the property binds the
// mechanism and the fault can strike one of its verbs.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/clause.h"
#include "reports/catalogue.h"
#include "reports/cells.h"

namespace crosstalk {
namespace {

// Every shape of operation that decides where a fault may be offered, for one verb.
bool strikes(const Fault& fault, Verb verb) {
    for (const std::uint64_t bytes : {0ull, 1ull, 64ull})
        for (const std::int64_t value : {0, 1, 2, 3, 4})
            for (const Slot makes : {no_slot, Slot{40}})
                for (const When when : {When::before, When::asleep, When::between, When::after}) {
                    Operation operation;
                    operation.verb = verb;
                    operation.buffer.bytes = bytes;
                    operation.value = value;
                    operation.makes[0] = makes;
                    if (fault.may_strike(operation, when)) return true;
                }
    return false;
}

TEST(Cells, StandExactlyWhereAClauseBindsAndTheFaultStrikes) {
    std::set<std::string> wanted, found;
    for (MechanismId m = 0; m < mechanisms().size(); ++m)
        for (PropertyId p = 0; p < property_names.size(); ++p)
            for (FaultId f = 0; f < faults().size(); ++f) {
                const Mechanism& mechanism = mechanism_of(m);
                const bool bound = std::ranges::any_of(clauses(), [&](const Clause& clause) {
                    return clause.property == p && clause.standing == Standing::judged && clause.binds(mechanism);
                });
                const bool strikes_some =
                    std::ranges::any_of(mechanism.verbs, [&](Verb verb) { return strikes(fault_of(f), verb); });
                const bool crosses = mechanism.name.starts_with("udp") || mechanism.name.starts_with("tcp") ||
                                     (mechanism.name.starts_with("sctp") && mechanism.name.ends_with("stream"));
                const bool never = (f == lossy_link_fault && !crosses) ||
                                   (f == full_buffer_fault && mechanism.name.starts_with("udp")) ||
                                   (f == short_transfer_fault && mechanism.name == "shm-anonymous") ||
                                   (f == stopped_peer_fault && mechanism.name.ends_with("seqpacket") &&
                                    mechanism.name.starts_with("sctp"));  // trials, whose time is limited
                const bool struck = f == no_fault || (strikes_some && !never);
                const bool signals = p != property("interruption") || f == interruption_fault ||
                                     f == stopped_peer_fault || mechanism.semantics == Semantics::byte_stream ||
                                     mechanism.semantics == Semantics::priority_queue;  // their own calls bring some
                if (bound && struck && signals) wanted.insert(name_of(Cell{m, p, f}));
            }
    for (const Cell& cell : all_cells()) EXPECT_TRUE(found.insert(name_of(cell)).second) << name_of(cell);
    EXPECT_EQ(found, wanted);
    EXPECT_TRUE(found.contains("pipe/interruption/stopped-peer"));
    EXPECT_TRUE(found.contains("sem-named/interruption/stopped-peer"));
    EXPECT_FALSE(found.contains("sem-named/interruption/none"));
}

TEST(Cells, CountWhatNeedsSomethingWhereTheTargetGaveIt) {
    Results results;
    RunFacts run;
    run.catalogue.clauses = {{"PIPE-A-1", "", "", "must", "creation", "judged", "", {"pipe"}},
                             {"PIPE-A-2", "", "", "must", "creation", "needs", "luck", {"pipe"}}};
    run.cells = {"pipe/creation/none"};
    results.runs = {run};
    results.evidence.counts[{"pipe", "PIPE-A-1", "none"}] = 1000;
    EXPECT_EQ(outcomes_of(results).at(0).clauses.size(), 1u);
    results.evidence.counts[{"pipe", "PIPE-A-2", "none"}] = 1;
    const CellOutcome cell = outcomes_of(results).at(0);
    ASSERT_EQ(cell.clauses.size(), 2u);
    EXPECT_EQ(cell.clauses[1].clause, "PIPE-A-2");
    EXPECT_EQ(cell.clauses[1].outcome, "pass");
}

}  // namespace
}  // namespace crosstalk
