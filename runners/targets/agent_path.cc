// Where the agent and the tool's own data are, relative to the running program.
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "runners/targets/catalog.h"

#ifndef CROSSTALK_DATA_DIR
#define CROSSTALK_DATA_DIR ""
#endif

namespace crosstalk {

std::string program_directory() {
    std::array<char, 4096> path;
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
    if (length <= 0) return ".";
    const std::string whole(path.data(), static_cast<std::size_t>(length));
    return whole.substr(0, whole.rfind('/'));
}

Expected<std::string> agent_path() {
    if (const char* given = std::getenv("CROSSTALK_AGENT"); given != nullptr && *given != '\0') {
        if (::access(given, X_OK) == 0) return std::string(given);
        return tl::unexpected("CROSSTALK_AGENT=" + std::string(given) + " is not an executable file");
    }
    const std::string here = program_directory();
    for (const char* place :
         {"/crosstalk-agent", "/../libexec/crosstalk/crosstalk-agent", "/../libexec/crosstalk-agent"})
        if (::access((here + place).c_str(), X_OK) == 0) return here + place;
    return tl::unexpected("no crosstalk-agent beside this program in " + here + " nor in " + here +
                          "/../libexec/crosstalk; build it (ninja crosstalk-agent) or set CROSSTALK_AGENT to its path");
}

std::string data_directory(const std::string& name) {
    std::error_code error;
    for (const std::string& place : {program_directory() + "/../share/crosstalk/" + name,
                                     CROSSTALK_DATA_DIR[0] != '\0' ? std::string(CROSSTALK_DATA_DIR) + "/" + name : ""})
        if (!place.empty() && std::filesystem::is_directory(place, error)) return place;
    return "";
}

}  // namespace crosstalk
