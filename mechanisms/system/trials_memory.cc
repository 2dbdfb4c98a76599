// Trials of memory objects: seals (fcntl(2)), times (mmap(2)), a file system without room (a tmpfs of a mount namespace
// of the trial's own).
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/trials_of_processes.h"

// fcntl(2), memfd_create(2); not in every C library's headers.
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_SEAL_SEAL 1
#define F_SEAL_SHRINK 2
#define F_SEAL_GROW 4
#define F_SEAL_WRITE 8
#endif

namespace crosstalk::trials {
namespace {

constexpr unsigned allow_sealing = 2, close_on_exec = 1;  // memfd_create(2)

long sealable(unsigned flags) { return kernel::call(SYS_memfd_create, "crosstalk", flags | close_on_exec); }

bool is_refused(long result, int error) { return result == -error; }
long seal(int fd, int seals) { return kernel::fcntl(fd, F_ADD_SEALS, seals); }
long resize(int fd, std::size_t bytes) { return ::ftruncate(fd, static_cast<off_t>(bytes)) < 0 ? -errno : 0; }
long put_at(int fd, std::size_t offset) { return ::pwrite(fd, "x", 1, static_cast<off_t>(offset)) < 0 ? -errno : 1; }

// 0 and unmapped again, or an error number.
long maps(int fd, int protection, int kind) {
    void* const view = ::mmap(nullptr, page_bytes(), protection, kind, fd, 0);
    if (view == MAP_FAILED) return -errno;
    ::munmap(view, page_bytes());
    return 0;
}

}  // namespace

void seals(const Call&, Findings& findings) {
    const std::size_t page = page_bytes();
    const Fd open(static_cast<int>(sealable(allow_sealing))), never(static_cast<int>(sealable(0)));
    const int fd = open.number();
    if (fd < 0 || resize(fd, 2 * page) < 0) return;
    findings.fact(0, is_refused(seal(never.number(), F_SEAL_GROW), EPERM));
    if (seal(fd, F_SEAL_SHRINK | F_SEAL_GROW) < 0) return;
    findings.fact(1, is_refused(resize(fd, page), EPERM));
    findings.fact(2, is_refused(resize(fd, 3 * page), EPERM) && is_refused(put_at(fd, 2 * page), EPERM));
    void* const view = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    findings.fact(3, is_refused(seal(fd, F_SEAL_WRITE), EBUSY));
    ::munmap(view, page);
    if (seal(fd, F_SEAL_WRITE) < 0) return;
    findings.fact(4, is_refused(put_at(fd, 0), EPERM));
    findings.fact(5, is_refused(maps(fd, PROT_READ | PROT_WRITE, MAP_SHARED), EPERM));
    findings.fact(6, maps(fd, PROT_READ, MAP_SHARED) == 0 && maps(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE) == 0);
    if (seal(fd, F_SEAL_SEAL) < 0) return;
    findings.fact(7, is_refused(seal(fd, F_SEAL_GROW), EPERM));
}

// A file that was last changed long ago; what is stored to it through a shared view is told at the latest by msync.
// Times of access depend on how the file system is mounted (mount(8), noatime), and are not looked at.
void times(const Call& call, Findings& findings) {
    constexpr time_t long_ago = 1'000'000'000;
    const std::size_t page = page_bytes();
    const Asked asked{.capacity_bytes = page};
    Making making{asked};
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    making.name = name;
    int ends[2] = {-1, -1};
    if (call.mechanism->doors.make(making, ends) < 0) return;
    call.mechanism->doors.remove(name);
    const Fd fd(ends[0]);
    const timespec old[2] = {{long_ago, 0}, {long_ago, 0}};
    struct stat about {};
    auto* const alone = static_cast<char*>(::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd.number(), 0));
    auto* const view = static_cast<char*>(::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd.number(), 0));
    if (alone == MAP_FAILED || view == MAP_FAILED || ::futimens(fd.number(), old) < 0) return;
    alone[0] = 'x';
    ::msync(alone, page, MS_SYNC);
    if (::fstat(fd.number(), &about) == 0) findings.fact(0, about.st_mtim.tv_sec == long_ago);
    view[0] = 'x';
    if (::msync(view, page, MS_SYNC) == 0 && ::fstat(fd.number(), &about) == 0)
        findings.fact(1, about.st_mtim.tv_sec != long_ago);
}

// shm_open uses /dev/shm (shm_overview(7)): there a small tmpfs is mounted, where nobody else sees it.
void full_file_system(const Call& call, Findings& findings) {
    constexpr std::size_t room = 64u << 10, wanted = 1u << 20;
    if (own_namespaces(CLONE_NEWNS) < 0) return;
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0) return;
    if (::mount("crosstalk", "/dev/shm", "tmpfs", 0, "size=64k") < 0) return;
    const Asked asked{.capacity_bytes = wanted};
    Making making{asked};
    making.name = call.name;  // of this file system
    int ends[2] = {-1, -1};
    if (call.mechanism->doors.make(making, ends) < 0) return;
    const Fd fd(ends[0]);
    const int allocated = ::posix_fallocate(fd.number(), 0, wanted);
    if (allocated != EOPNOTSUPP) findings.fact(0, allocated == ENOSPC);
    if (resize(fd.number(), 0) < 0 || resize(fd.number(), wanted) < 0) return;
    static char bytes[room];
    long put = 0;
    std::size_t done = 0;
    while (done < wanted && (put = kernel::call(SYS_pwrite64, fd.number(), bytes, room, done, 0, 0)) > 0)
        done += static_cast<std::size_t>(put);
    findings.fact(1, put == -ENOSPC && done <= room);
    if (resize(fd.number(), 0) < 0 || resize(fd.number(), wanted) < 0) return;
    auto* const view =
        static_cast<volatile char*>(::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_SHARED, fd.number(), 0));
    if (view == MAP_FAILED) return;
    const int child = fork_child();
    if (child == 0) {
        for (std::size_t at = 0; at < wanted; at += page_bytes()) view[at] = 'x';
        kernel::exit_process(0);
    }
    int status = 0;
    if (child > 0 && ends_soon(child, status)) findings.fact(2, WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

}  // namespace crosstalk::trials
