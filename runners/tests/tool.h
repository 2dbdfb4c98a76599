// Running the built programs as their users do: a command line, its exit status, and what it printed on both streams.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace crosstalk {

struct Said {
    int status = -1;
    std::string text;
};

inline Said said_by(const std::string& command) {
    Said out;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    char buffer[4096];
    for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.text.append(buffer, got);
    const int status = ::pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
}

inline Said crosstalk(const std::string& arguments, const std::string& before = "") {
    return said_by(before + " " CROSSTALK_BINARY_DIR "/crosstalk " + arguments);
}

}  // namespace crosstalk
