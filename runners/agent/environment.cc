// Read once, from uname(2), sysconf(3), /proc where it is there, and by trying.
#include "runners/agent/environment.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/utsname.h>
#if __has_include(<gnu/libc-version.h>)
#include <gnu/libc-version.h>
#endif

#include <cstdio>
#include <cstring>

#include "faults/lies/catalog.h"
#include "mechanisms/system/descriptors.h"
#include "runners/agent/abilities.h"

#ifndef F_GETPIPE_SZ
#define F_GETPIPE_SZ 1032
#endif

namespace crosstalk::agent {
namespace {

constexpr int agent_version = 1;

std::string first_line(const char* path) {
    const Fd file(::open(path, O_RDONLY | O_CLOEXEC));
    char text[4096];
    const long got = file ? kernel::call(SYS_read, file.number(), text, sizeof text) : 0;
    std::string line(text, got > 0 ? static_cast<std::size_t>(got) : 0);
    return line.substr(0, line.find('\n'));
}

// The effective set, as the kernel's initial user namespace sees it.
std::string capabilities() {
    const Fd file(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    char text[8192];
    const long got = file ? kernel::call(SYS_read, file.number(), text, sizeof text - 1) : 0;
    if (got <= 0) return "";
    text[got] = 0;
    const char* const at = std::strstr(text, "CapEff:\t");
    return at == nullptr ? "" : std::string(at + 8).substr(0, 16);
}

long default_pipe_bytes() {
    int ends[2];
    if (make_pipe(0, ends) < 0) return 0;
    const Fd read_end(ends[0]), write_end(ends[1]);
    return kernel::fcntl(ends[0], F_GETPIPE_SZ, 0);
}

const char* libc_name() {
#if __has_include(<gnu/libc-version.h>)
    return gnu_get_libc_version();
#else
    return "musl or other";
#endif
}

}  // namespace

std::string describe_environment(const Lane& lane, std::uint32_t withheld) {
    std::string said;
    const auto say = [&said](const char* key, const std::string& value) {
        if (!value.empty()) said += std::string(key) + "=" + value + "\n";
    };
    const auto number = [](auto value) { return std::to_string(value); };
    utsname about{};
    if (::uname(&about) == 0) {
        say("kernel", std::string(about.sysname) + " " + about.release + " " + about.version);
        say("machine", about.machine);
    }
    say("libc", libc_name());
    say("page_bytes", number(page_bytes()));
    say("pipe_buf", number(PIPE_BUF));
    say("pipe_max_bytes", first_line("/proc/sys/fs/pipe-max-size"));
    say("pipe_default_bytes", number(default_pipe_bytes()));
    say("pipe_user_pages_soft", first_line("/proc/sys/fs/pipe-user-pages-soft"));
    say("pipe_user_pages_hard", first_line("/proc/sys/fs/pipe-user-pages-hard"));
    for (const char* const limit : {"msg_max", "msg_default", "msgsize_max", "msgsize_default"})  // mq_overview(7)
        say((std::string("mq_") + limit).c_str(), first_line((std::string("/proc/sys/fs/mqueue/") + limit).c_str()));
    for (const char* const limit : {"wmem_max", "rmem_max", "somaxconn"})  // socket(7), listen(2)
        say(limit, first_line((std::string("/proc/sys/net/core/") + limit).c_str()));
    say("iov_max", number(::sysconf(_SC_IOV_MAX)));
    say("sem_value_max", number(::sysconf(_SC_SEM_VALUE_MAX)));
    say("open_files_limit", number(descriptor_limit()));
    say("uid", number(::getuid()));
    say("capabilities", capabilities());
    say("cores", number(lane.cores()));
    say("core", number(lane.core()));
    say("slow_factor", number(lane.slow_factor()));
    say("abilities", names_of_abilities(lane.abilities()));
    say("mechanisms", names_of_mechanisms());
    say("withheld", names_of_abilities(withheld));
    say("ladder", lane.fifo() ? "fifo" : (lane.abilities() & ability_proc) != 0 ? "state" : "time");
    say("pipe_accounting_private", lane.private_accounting() ? "1" : "0");
    if (board->lie >= 0) say("lie", std::string(lie_at(static_cast<std::size_t>(board->lie)).id));
    say("agent_version", number(agent_version));
    return said;
}

}  // namespace crosstalk::agent
