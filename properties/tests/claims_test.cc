// The table of claims as data: what decides a claim is there, as far as its family is.
#include "properties/claims.h"

#include <fnmatch.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "properties/clause.h"

namespace crosstalk {
namespace {

using testing::IsEmpty;
using testing::Not;

std::vector<std::string> words_of(std::string_view text) {
    std::istringstream in{std::string(text)};
    return {std::istream_iterator<std::string>(in), {}};
}

// Globs on ids that match nothing, though their family has a table.
std::vector<std::string> misses(std::string_view globs) {
    std::vector<std::string> out;
    for (const std::string& glob : words_of(globs)) {
        const std::string family = glob.substr(0, glob.find('-') + 1);
        bool known = false, met = false;
        for (const Clause& clause : clauses()) {
            known = known || clause.id.starts_with(family);
            met = met || ::fnmatch(glob.c_str(), std::string(clause.id).c_str(), 0) == 0;
        }
        if (known && !met) out.push_back(glob);
    }
    return out;
}

TEST(Claims, WhatDecidesAClaimIsInTheTablesOfItsFamily) {
    for (const Claim& claim : claims()) EXPECT_THAT(misses(claim.clauses), IsEmpty()) << claim.about;
    EXPECT_THAT(misses("PIPE-CREATE-2 PIPE-CREATE-99 PIPE-NONE-*"),
                testing::ElementsAre("PIPE-CREATE-99", "PIPE-NONE-*"));
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
