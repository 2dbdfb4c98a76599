// Any bytes as a history file: refused with a reason, or a recording that comes back equal in both forms. Texts within
// it are compared only by size where they are not ASCII, since the written form is.
#include <algorithm>
#include <cstdlib>

#include "faults/text/history_text.h"

namespace {

bool is_ascii(const crosstalk::Recording& recording) {
    const auto plain = [](const std::string& text) {
        return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c <= '~'; });
    };
    for (const auto& [key, value] : recording.environment.said)
        if (!plain(key) || !plain(value)) return false;
    return plain(recording.history.why);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace crosstalk;
    const auto recording = history_from_text({reinterpret_cast<const char*>(data), size});
    if (!recording) {
        if (recording.error().empty()) std::abort();
        return 0;
    }
    for (const std::string& text : {to_text(*recording), to_line(*recording)}) {
        const auto back = history_from_text(text);
        if (!back) std::abort();
        if (back->played != recording->played || back->history.events.size() != recording->history.events.size())
            std::abort();
        if (!is_ascii(*recording)) continue;
        if (!(back->history == recording->history) || back->environment.said != recording->environment.said)
            std::abort();
    }
    return 0;
}
