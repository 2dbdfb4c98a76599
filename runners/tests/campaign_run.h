// A campaign that a test expects to begin.
#pragma once

#include <gtest/gtest.h>

#include "runners/campaign/campaign.h"

namespace crosstalk::fakes {

inline Results run(const CampaignOptions& options) {
    auto results = run_campaign(options);
    EXPECT_TRUE(results) << results.error();
    return results ? *results : Results{};
}

}  // namespace crosstalk::fakes
