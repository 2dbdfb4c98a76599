// Any bytes as a case file: refused with a reason, or a case that is well-formed and comes back equal in both forms.
#include <cstdlib>

#include "faults/text/case_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace crosstalk;
    const auto value = case_from_text({reinterpret_cast<const char*>(data), size});
    if (!value) {
        if (value.error().empty()) std::abort();
        return 0;
    }
    if (!why_not(*value).empty()) std::abort();
    for (const std::string& text : {to_text(*value), to_line(*value)}) {
        const auto back = case_from_text(text);
        if (!back || !(*back == *value)) std::abort();
    }
    const auto travelled = decode_case(encode(*value));
    if (!travelled || !(*travelled == *value)) std::abort();
    return 0;
}
