// The table of claims as data: what decides a claim is there, as far as its family is.
#include "properties/claims.h"

#include <fnmatch.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "mechanisms/catalog.h"
#include "properties/clause.h"

namespace crosstalk {
namespace {

using testing::IsEmpty;
using testing::Not;

std::vector<std::string> words_of(std::string_view text) {
    std::istringstream in{std::string(text)};
    return {std::istream_iterator<std::string>(in), {}};
}

bool matches(const std::string& glob, std::string_view text) {
    return ::fnmatch(glob.c_str(), std::string(text).c_str(), 0) == 0;
}

// Globs on ids that match nothing, though their family has a table; or that match only what is judged at other
// mechanisms than the claim's: no run could ever answer it.
std::vector<std::string> misses(const Claim& claim) {
    std::vector<const Mechanism*> of;
    for (const Mechanism* each : mechanisms())
        for (const std::string& glob : words_of(claim.mechanisms))
            if (matches(glob, each->name)) of.push_back(each);
    const auto may_answer = [&](const Clause& clause) {
        return of.empty() || clause.standing != Standing::judged ||
               std::ranges::any_of(of, [&](const Mechanism* each) { return clause.binds(*each); });
    };
    std::vector<std::string> out;
    for (const std::string& glob : words_of(claim.clauses)) {
        const std::string family = glob.substr(0, glob.find('-') + 1);
        bool known = false, met = false;
        for (const Clause& clause : clauses()) {
            known = known || clause.id.starts_with(family);
            met = met || (matches(glob, clause.id) && may_answer(clause));
        }
        if (known && !met) out.push_back(glob);
    }
    return out;
}

TEST(Claims, WhatDecidesAClaimIsInTheTablesOfItsFamilyAndBindsItsMechanism) {
    for (const Claim& claim : claims()) EXPECT_THAT(misses(claim), IsEmpty()) << claim.about << ": " << claim.says;
    Claim wrong{"pipe", "says", "documents", Told::holds, "pipe", "PIPE-CREATE-2 PIPE-CREATE-99 PIPE-NONE-* NEW-1"};
    EXPECT_THAT(misses(wrong), testing::ElementsAre("PIPE-CREATE-99", "PIPE-NONE-*"));
    wrong.clauses = "MQ-ORDER-1";
    EXPECT_THAT(misses(wrong), testing::ElementsAre("MQ-ORDER-1"));
}

TEST(Claims, EachRowIsWholeAndNoneStandsTwice) {
    for (const Claim& claim : claims()) {
        for (const std::string_view field : {claim.about, claim.says, claim.documents, claim.mechanisms, claim.clauses})
            EXPECT_THAT(field, Not(IsEmpty())) << claim.says;
        EXPECT_EQ(
            std::ranges::count_if(
                claims(), [&](const Claim& other) { return other.about == claim.about && other.says == claim.says; }),
            1)
            << claim.says;
    }
}

}  // namespace
}  // namespace crosstalk
