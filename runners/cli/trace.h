// A history as lines for people: one event a line. Two histories of a case with equal traces went equally.
#pragma once

#include <string>

#include "mechanisms/history.h"

namespace crosstalk {

// Without times: they differ between equal runs.
std::string trace_of(const History& history);

}  // namespace crosstalk
