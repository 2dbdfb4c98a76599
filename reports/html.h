// The HTML report: one file that opens from file:// and asks for nothing. A pure function of results.
// The page itself is web/dist/shell.html; here it gets its records, and a table for readers without scripts.
#pragma once

#include <string>
#include <string_view>

#include "reports/difference.h"
#include "reports/result.h"

namespace crosstalk {

std::string html_report(const Results& results);

// The same page about two runs: what they have apart comes first, and each run's own pages behind it.
std::string html_difference(const Results& before, const Results& after, const Difference& difference);

// The shell completed with the text of a results.jsonl, as it is but for "<", and with `summary`, which is HTML.
std::string html_page(std::string_view records, std::string_view summary);

// What a browser without scripts shows: facts, findings, and the cells that did not pass.
std::string html_summary(const Results& results);

// The records of a page: those of the run, evidence summed up, and what is judged over all shards.
std::string html_records(const Results& results);

}  // namespace crosstalk
