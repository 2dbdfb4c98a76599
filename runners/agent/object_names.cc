// Names, made up and taken away by the leader.
#include "runners/agent/object_names.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/kernel.h"
#include "mechanisms/system/names.h"
#include "runners/agent/lane.h"

namespace crosstalk::agent {
namespace {

// What keeps addresses that the system has chosen from everybody else while a case is played.
std::array<Fd, max_objects> reserved;

constexpr char prefix[] = "crosstalk-";
constexpr char shared_objects[] = "/dev/shm";

bool is_gone(int pid) { return pid > 0 && kernel::kill(pid, 0) == -ESRCH; }

// glibc's sem_open makes a semaphore as "sem." and six characters before it gives it its name (link(2)); who is killed
// in between leaves that behind. Only a user that nobody else is tells whose it is.
bool is_half_made(int directory, const char* name) {
    struct stat about {};
    if (std::strncmp(name, "sem.", 4) != 0 || std::strlen(name) != 10) return false;
    if (::fstatat(directory, name, &about, AT_SYMLINK_NOFOLLOW) != 0 || about.st_uid <= first_lane_user) return false;
    const int leader = static_cast<int>(about.st_uid - first_lane_user);
    return leader == kernel::pid() || is_gone(leader);
}

// Both file systems show their objects as files where they are mounted (mq_overview(7), shm_overview(7)); glibc puts
// "sem." before a semaphore's name (sem_overview(7)).
void sweep(const char* directory) {
    DIR* const listing = ::opendir(directory);
    if (listing == nullptr) return;
    while (const dirent* const entry = ::readdir(listing)) {
        const char* name = entry->d_name;
        if (is_half_made(::dirfd(listing), name)) ::unlinkat(::dirfd(listing), name, 0);
        if (std::strncmp(name, "sem.", 4) == 0) name += 4;
        if (std::strncmp(name, prefix, sizeof prefix - 1) != 0) continue;
        if (is_gone(std::atoi(name + sizeof prefix - 1))) ::unlinkat(::dirfd(listing), entry->d_name, 0);
    }
    ::closedir(listing);
}

}  // namespace

long name_object(ObjectId object) {
    Board& b = *board;
    std::array<char, max_name_bytes>& name = b.names[object];
    name[0] = 0;
    if (const auto reserve = mechanism_of(b.mechanisms[object]).doors.reserve; reserve != nullptr) {
        const long kept = reserve(name);
        reserved[object] = Fd(static_cast<int>(kept));
        return kept < 0 ? kept : 0;
    }
    const Naming naming = mechanism_of(b.mechanisms[object]).facts.naming;
    if (naming == Naming::none) return 0;
    const char* const before = naming == Naming::path ? b.directory.data() : "";
    const bool is_abstract = mechanism_of(b.mechanisms[object]).doors.bind != nullptr && b.asked[object].value == 1;
    std::snprintf(name.data(), name.size(), "%s%s/%s%d-%u-%u", is_abstract ? "@" : "", before, prefix, b.leader_pid,
                  b.serial, unsigned{object});
    return 0;
}

void remove_names() {
    Board& b = *board;
    bool semaphores = false, died = false;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
        died = died || b.seats[actor].phase.load() == Phase::dead;
    for (std::size_t object = 0; object < max_objects; ++object) {
        reserved[object].reset();
        if (b.names[object][0] == 0) continue;
        semaphores = semaphores || mechanism_of(b.mechanisms[object]).facts.held == Held::place;
        const Doors& doors = mechanism_of(b.mechanisms[object]).doors;
        if (doors.remove != nullptr) doors.remove(b.names[object].data());
        if (died) remove_step_names(mechanism_of(b.mechanisms[object]), b.names[object].data(), b.actor_count);
        b.names[object][0] = 0;
    }
    if (semaphores && died) sweep(shared_objects);
}

void sweep_names(const char* directory) {
    for (const char* const each : {shared_objects, "/dev/mqueue", directory}) sweep(each);
}

}  // namespace crosstalk::agent
