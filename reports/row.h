// Results as rows of one verdict each: what JUnit calls a test case and KTAP a test result. Every format that knows
// only "passed, failed, skipped" is written from these, so that all of them are red exactly when the gate is.
#pragma once

#include <string>
#include <vector>

#include "reports/gate.h"
#include "reports/result.h"

namespace crosstalk {

struct Row {
    // expected: it fails as the expectation file says it would; flaky: it fails at times, within what is allowed.
    enum class Says { passed, failed, broken, skipped, expected, flaky };
    std::string suite;    // the mechanism; "lies" and "gate" for what belongs to none
    std::string name;     // "order/none"
    std::string outcome;  // the contract's word, or the complaint's kind
    Says says = Says::passed;
    std::string why;    // one line; may be empty if it passed
    std::string story;  // for people, several lines; "" if there is none
};

// Rows of one suite stand together. A row failed or broke exactly if the gate does not pass.
std::vector<Row> rows_of(const Results& results);

// What every reader of text takes: bytes that are no UTF-8, and control characters other than tab and line end, become
// question marks (XML 1.0, 2.2, allows these in no form; a terminal would obey them).
std::string readable(std::string_view text);
// The same on one line.
std::string on_one_line(std::string_view text);

}  // namespace crosstalk
