// Any bytes as an expectation file: refused with a reason that names the file, or entries that name clauses there are.
#include <cstdlib>

#include "properties/clause.h"
#include "runners/gate/expectations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace crosstalk;
    const auto expected = expectations_from({reinterpret_cast<const char*>(data), size}, "fuzzed.toml");
    if (!expected) {
        if (!expected.error().starts_with("fuzzed.toml")) std::abort();
        return 0;
    }
    for (const Expectation& each : *expected)
        if (!clause_named(each.clause)) std::abort();
    return 0;
}
