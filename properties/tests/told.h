// A verdict in words, for the message of a test that did not expect it.
#pragma once

#include <string>

#include "properties/clauses/all.h"
#include "properties/judge.h"

namespace crosstalk {

inline std::string told(const Verdict& verdict) {
    std::string text = std::string(name_of(verdict.answer)) + " " + verdict.why;
    if (verdict.clause != no_clause)
        text += " " + std::string(clause_of(verdict.clause).id) + " " + std::string(name_of(verdict.reason));
    for (const std::string& line : verdict.explanation) text += "\n" + line;
    for (const Deviation& each : verdict.deviations) text += "\ndeviates: " + std::string(clause_of(each.clause).id);
    return text;
}

}  // namespace crosstalk
