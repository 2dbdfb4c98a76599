// Any bytes as a target file: refused with a reason that names the file, or a target that could be started.
#include <cstdlib>

#include "runners/targets/target_file.h"
#include "runners/targets/words.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace crosstalk;
    const auto file = target_file_from({reinterpret_cast<const char*>(data), size}, "fuzzed.toml");
    if (!file) {
        if (!file.error().starts_with("fuzzed.toml:")) std::abort();
        return 0;
    }
    if (file->name.empty() || file->start.empty() || file->variants.empty() || file->ready.count() <= 0) std::abort();
    for (const Variant& variant : file->variants) {
        std::map<std::string, std::string> words = variant.words;
        for (const char* name : {"agent", "cache", "tools", "work"}) words[name] = "here";
        for (const std::string& word : file->start)
            for (const std::string& name : placeholders_in(word))
                if (!words.contains(name)) std::abort();
    }
    return 0;
}
