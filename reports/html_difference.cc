// The page about two runs: a record of what they have apart, then the records of each run under a line that says which.
#include <nlohmann/json.hpp>

#include "reports/html.h"

namespace crosstalk {
namespace {

using Json = nlohmann::ordered_json;

Json changes(const std::vector<Change>& list) {
    Json out = Json::array();
    for (const Change& change : list)
        out.push_back({{"what", change.what},
                       {"before", change.before},
                       {"after", change.after},
                       {"why", change.why},
                       {"worse", change.worse}});
    return out;
}

std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

std::string side(const char* which) { return line({{"type", "side"}, {"side", which}}); }

std::string escaped(std::string text) {  // for an element that holds text only
    for (std::size_t at = 0; (at = text.find_first_of("&<", at)) != text.npos; ++at)
        text.replace(at, 1, text[at] == '&' ? "&amp;" : "&lt;");
    return text;
}

}  // namespace

std::string html_difference(const Results& before, const Results& after, const Difference& difference) {
    const std::string record = line({{"type", "difference"},
                                     {"verdict", verdict_of(difference)},
                                     {"worse", difference.worse()},
                                     {"cautions", cautions_of(before, after)},
                                     {"method", method_of(difference)},
                                     {"cells", changes(difference.cells)},
                                     {"clauses", changes(difference.clauses)},
                                     {"findings", changes(difference.findings)},
                                     {"only_before", difference.only_before},
                                     {"only_after", difference.only_after}});
    return html_page(record + side("after") + html_records(after) + side("before") + html_records(before),
                     "<pre>" + escaped(console_difference(before, after, difference)) + "</pre>\n");
}

}  // namespace crosstalk
