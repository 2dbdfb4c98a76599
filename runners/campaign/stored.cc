// Stored cases and histories.
#include "runners/campaign/stored.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "faults/text/case_text.h"
#include "reports/record.h"

namespace crosstalk {
namespace {

using Json = nlohmann::ordered_json;

Expected<Json> object_from(std::string_view text) {
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return tl::unexpected(std::string("is not JSON"));
    if (!json.is_object()) return tl::unexpected(std::string("is JSON, but no object"));
    return json;
}

}  // namespace

Expected<Recording> recording_from(std::string_view text) {
    Expected<Json> json = object_from(text);
    if (!json) return tl::unexpected(json.error());
    if (const auto inner = json->find("history"); inner != json->end() && inner->is_object()) {
        Json history = *inner;
        for (const char* key : {"case", "case_number"})
            if (!history.contains(key) && json->contains(key)) history[key] = (*json)[key];
        json = std::move(history);
    }
    if (!json->contains("events"))
        return tl::unexpected(std::string("holds no \"events\"; if it is a case, crosstalk replay takes it"));
    Expected<Recording> recording = history_from_text(json->dump());
    if (recording && !recording->played)
        return tl::unexpected(
            std::string("holds no \"case\": a history is judged with the case that was played; give a file of "
                        "out/histories, or {\"case\":..., \"history\":...}"));
    return recording;
}

// A case file as it is, so that errors tell its own lines.
Expected<Case> stored_case_from(std::string_view text) {
    const Expected<Json> json = object_from(text);
    if (!json) return tl::unexpected(json.error());
    if (json->contains("case")) return case_from_text((*json)["case"].dump());
    return case_from_text(text);
}

Expected<std::vector<StoredCase>> corpus_of(const std::string& directory) {
    std::vector<std::string> paths;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error))
        if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    std::vector<StoredCase> out;
    for (const std::string& path : paths) {
        const Expected<std::string> text = text_of_file(path);
        if (!text) return tl::unexpected(text.error());
        Expected<Case> value = stored_case_from(*text);
        if (!value) return tl::unexpected(path + ": " + value.error());
        out.push_back({std::filesystem::path(path).filename().string(), std::move(*value)});
    }
    return out;
}

}  // namespace crosstalk
