// Cases under lossy-link: each has a link, whatever a link can do to a packet is drawn, and nothing that cannot be
// judged.
#include <gtest/gtest.h>

#include <set>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw.h"

namespace crosstalk {
namespace {

// What the injections of many cases ask for.
std::set<std::int64_t> arguments_drawn(std::string_view mechanism) {
    std::set<std::int64_t> seen;
    const rc::Gen<Case> cases = cases_of(property("order"), *mechanism_named(mechanism), lossy_link_fault, Ground{});
    std::size_t struck = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const Case value = cases(rc::Random(seed), 0).value();
        EXPECT_EQ(why_not(value), "") << mechanism << " " << seed;
        EXPECT_EQ(value.program.links, (std::vector<Link>{{0, 1}})) << mechanism << " " << seed;
        struck += value.plan.empty() ? 0 : 1;
        for (const Injection& injection : value.plan) {
            EXPECT_EQ(injection.fault, lossy_link_fault);
            seen.insert(injection.argument);
        }
    }
    EXPECT_GT(struck, 900u) << mechanism;
    return seen;
}

TEST(DrawnLinks, DoEverythingToDatagrams) {
    EXPECT_EQ(arguments_drawn("udp4"), (std::set<std::int64_t>{-64, -3, -2, 0, 1, 2, 3, 5, 63}));
}

TEST(DrawnLinks, NeverGoDownUnderAStream) {
    EXPECT_EQ(arguments_drawn("tcp6"), (std::set<std::int64_t>{-3, -2, 0, 1, 2, 3, 5, 63}));
}

TEST(DrawnLinks, AreOnlyWhereSomethingCrossesHosts) {
    EXPECT_TRUE(may_strike(lossy_link_fault, *mechanisms()[*mechanism_named("udp6")]));
    EXPECT_TRUE(may_strike(lossy_link_fault, *mechanisms()[*mechanism_named("tcp4")]));
    EXPECT_FALSE(may_strike(lossy_link_fault, *mechanisms()[*mechanism_named("pipe")]));
    EXPECT_TRUE(may_strike(lossy_link_fault, *mechanisms()[*mechanism_named("sctp4-stream")]));
    EXPECT_FALSE(may_strike(lossy_link_fault, *mechanisms()[*mechanism_named("sctp4-seqpacket")]));
}

}  // namespace
}  // namespace crosstalk
