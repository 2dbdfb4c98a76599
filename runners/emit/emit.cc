// From recording and verdict to C: what is told first, and the order of the parts.
#include "runners/emit/emit.h"

#include <algorithm>

#include <fmt/format.h>

#include "runners/emit/runtime.h"
#include "runners/emit/scene.h"
#include "runners/emit/tables.h"

namespace crosstalk::emit {
namespace {

std::string wrapped(const std::string& text) {
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (line.size() + end - at > 110) out += " * " + line + "\n", line.clear();
        line += (line.empty() ? "" : " ") + text.substr(at, end - at);
        at = end + 1;
    }
    return out + " * " + line + "\n";
}

// What the exit status says.
std::string_view statuses(const Question& question, Mode mode) {
    if (question.kind == Question::Kind::nothing)
        return "Nothing in it is in question. Exit status 0: all goes as it went. 2: it goes otherwise.";
    if (mode == Mode::free)
        return "It is a race, and is run again and again, by moments that differ: -DROUNDS=100000 -DSECONDS=30 bound "
               "that. Exit status 0: what was seen did not come. 1: it came, after so many rounds. 2: it could not be "
               "brought there.";
    return "Exit status 0: the system behaves as documented. 1: it does what was seen. 2: it could not be brought "
           "there.";
}

std::string opening(const Recording& recorded, const Verdict& verdict, const Question& question) {
    std::string out = "/*\n";
    if (question.kind != Question::Kind::nothing) {
        const Clause& clause = clause_of(question.clause);
        out += wrapped(fmt::format("{} {}: {}", clause.id, name_of(question.reason), clause.says)) +
               wrapped(fmt::format("Source: {}", clause.source)) + " *\n";
    }
    for (const std::string& line : verdict.explanation) out += " *   " + line + "\n";
    out += " *\n" + wrapped(fmt::format("Seen on: {}", recorded.environment.text("kernel")));
    out += wrapped(fmt::format(
        "This program does the same and needs nothing but a C library: cc -std=c11 -o show THIS.c && ./show. {}",
        statuses(question, recorded.played->schedule.mode)));
    return out + " */\n";
}

std::string includes() {
    std::string out = "#define _GNU_SOURCE\n";
    for (const char* header :
         {"errno.h",     "fcntl.h",    "mqueue.h",    "netinet/in.h",   "netinet/tcp.h", "poll.h",
          "pthread.h",   "sched.h",    "semaphore.h", "setjmp.h",       "signal.h",      "stdarg.h",
          "stddef.h",    "stdio.h",    "stdlib.h",    "string.h",       "sys/epoll.h",   "sys/eventfd.h",
          "sys/ioctl.h", "sys/mman.h", "sys/prctl.h", "sys/resource.h", "sys/select.h",  "sys/socket.h",
          "sys/stat.h",  "sys/uio.h",  "sys/un.h",    "sys/wait.h",     "time.h",        "unistd.h"})
        out += fmt::format("#include <{}>\n", header);
    return out + "\n";
}

}  // namespace

Expected<std::string> c_program(const Recording& recorded, const Verdict& verdict) {
    if (!recorded.played) return tl::unexpected(std::string("it holds no case"));
    const Expected<Question> question = question_of(recorded, verdict);
    if (!question) return tl::unexpected(question.error());
    const Expected<Play> play = play_of(recorded, *question);
    if (!play) return tl::unexpected(play.error());
    std::string out = opening(recorded, verdict, *question) + includes() +
                      constants_of(recorded, verdict, *question, *play) + std::string(runtime_section("core"));
    for (const std::string_view section : runtime_sections())
        if (play->sections.contains(section)) out += std::string(runtime_section(section)) + "\n";
    out += "/* ---- the finding ---- */\n\n" + scene_of(recorded.played->program, play->passes) + play->actors +
           tables_of(recorded, verdict, *question, *play);
    return out + std::string(runtime_section("play")) + std::string(runtime_section("main"));
}

}  // namespace crosstalk::emit
