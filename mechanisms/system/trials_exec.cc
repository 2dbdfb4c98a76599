// What a new image finds of the one before it (execve(2)): whether memory that was mapped still holds what was put
// there, whether a descriptor is still open. The new image is the agent's own program, which says so by its status.
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk {
namespace {

constexpr int found_nothing = 10, found_it = 11;  // exit status of the new image

constexpr std::uint64_t mark = 0x7a3c'91e5'd20b'46f8;

// Reads it as a system call's buffer, so that it may be gone.
bool holds_mark(std::uintptr_t address) {
    int ends[2];
    if (::pipe(ends) < 0) return false;
    std::uint64_t seen = 0;
    const bool there = kernel::call(SYS_write, ends[1], address, sizeof seen) == long{sizeof seen};
    if (there) kernel::call(SYS_read, ends[0], &seen, sizeof seen);
    return seen == mark;
}

}  // namespace

int look_in_new_image(int count, char** arguments) {
    if (count != 2) return 0;
    const auto where = static_cast<std::uintptr_t>(std::strtoull(arguments[1], nullptr, 16));
    const bool there = std::strcmp(arguments[0], "descriptor") == 0
                           ? kernel::fcntl(static_cast<int>(where), F_GETFD, 0) >= 0
                           : holds_mark(where);
    return there ? found_it : found_nothing;
}

namespace trials {
namespace {

// A child that goes on as a new image and looks there. False: it could not.
bool looks(const char* what, std::uintptr_t where, bool& found) {
    const int child = fork_child();
    if (child == 0) {
        char name[] = "crosstalk-agent", option[] = "--look", kind[16], number[24];
        std::snprintf(kind, sizeof kind, "%s", what);
        std::snprintf(number, sizeof number, "%llx", static_cast<unsigned long long>(where));
        char* const arguments[] = {name, option, kind, number, nullptr};
        char* const environment[] = {nullptr};
        kernel::call(SYS_execve, "/proc/self/exe", arguments, environment);
        kernel::exit_process(0);
    }
    int status = 0;
    if (child < 0 || !ends_soon(child, status) || !WIFEXITED(status)) return false;
    found = WEXITSTATUS(status) == found_it;
    return found || WEXITSTATUS(status) == found_nothing;
}

void look_for(Findings& findings, unsigned fact, const char* what, std::uintptr_t where) {
    bool found = false;
    if (looks(what, where, found)) findings.fact(fact, !found);
}

}  // namespace

void exec_memory(const Call&, Findings& findings) {
    const std::size_t page = page_bytes();
    unsigned fact = 0;
    for (const int kind : {MAP_SHARED, MAP_PRIVATE}) {
        void* const view = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
        if (view == MAP_FAILED) return;
        std::memcpy(view, &mark, sizeof mark);
        look_for(findings, fact++, "memory", reinterpret_cast<std::uintptr_t>(view));
    }
}

void exec_queue(const Call& call, Findings& findings) {
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    mq_attr wanted{};
    wanted.mq_maxmsg = wanted.mq_msgsize = 1;
    const mqd_t queue = ::mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &wanted);
    if (queue < 0) return;
    ::mq_unlink(name);
    look_for(findings, 0, "descriptor", static_cast<std::uintptr_t>(queue));
}

// The mark lies behind the semaphore, in the page that sem_open has mapped for it.
void exec_semaphore(const Call& call, Findings& findings) {
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    sem_t* const semaphore = ::sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    if (semaphore == SEM_FAILED) return;
    ::sem_unlink(name);
    auto* const behind = reinterpret_cast<std::uint8_t*>(semaphore) + sizeof(sem_t);
    std::memcpy(behind, &mark, sizeof mark);
    look_for(findings, 0, "memory", reinterpret_cast<std::uintptr_t>(behind));
}

}  // namespace trials
}  // namespace crosstalk
