// See names.h. What stands behind a sheet's doors is used as it is, but for mq_open: the kernel's own call takes a name
// without its slash, so that only the C library's looks at it (mq_open(3), C library/kernel differences).
#include "mechanisms/system/names.h"

#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "mechanisms/system/semaphores.h"
#include "mechanisms/system/trials_of_addresses.h"

namespace crosstalk {
namespace {

constexpr mode_t open_to_all = 0666;
// sem_overview(7): NAME_MAX-4 with the slash. Whether the slash counts systems see differently, so that one character
// is left out of the question.
constexpr std::size_t shorter_of_semaphores = 5, disputed_of_semaphores = 1;
// No character of a text, so that nobody else's name is one alone.
constexpr int first_single = 0x80;

struct Name {
    char text[longest_path] = "";
};

// One of a hundred names beside an object's own.
Name numbered(const char* own, char mark, std::uint32_t number) {
    const char more[] = {mark, static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10), 0};
    Name name;
    append_to(name.text, own, more);
    return name;
}

// Of this actor's steps alone: no other runs at the same time in it.
Name name_beside(const char* own, std::uint32_t actor) { return numbered(own, '+', actor); }
// Of a hard link; as many are there at once as actors open by one.
Name link_beside(const char* own, std::uint32_t number) { return numbered(own, '=', number); }

bool is_path(const Mechanism& mechanism) { return mechanism.facts.naming == Naming::path; }

// Fills the last component up to `bytes`.
void lengthen(Name& name, std::size_t bytes) {
    char* const slash = std::strrchr(name.text, '/');
    char* const first = slash == nullptr ? name.text : slash + 1;
    std::size_t length = std::strlen(first);
    const std::size_t room = static_cast<std::size_t>(name.text + longest_path - 1 - first);
    while (length < bytes && length < room) first[length++] = 'x';
    first[length] = 0;
}

Name misnamed(const Mechanism& mechanism, const char* own, std::uint32_t actor, Misname how) {
    const bool semaphore = mechanism.facts.held == Held::place;
    const std::size_t most = NAME_MAX - (semaphore ? shorter_of_semaphores : 0);
    Name name = name_beside(own, actor);
    switch (how) {
        case Misname::longest: lengthen(name, most); break;
        case Misname::shorter: lengthen(name, most - 1); break;
        case Misname::disputed: lengthen(name, most + 1); break;
        case Misname::too_long: lengthen(name, most + 1 + (semaphore ? disputed_of_semaphores : 0)); break;
        case Misname::single:
            name.text[0] = '/', name.text[1] = static_cast<char>(first_single + actor % max_actors), name.text[2] = 0;
            break;
        case Misname::no_slash: std::memmove(name.text, name.text + 1, std::strlen(name.text)); break;
        case Misname::two_slashes: std::memcpy(name.text + std::strlen(name.text), "/x", 3); break;
        case Misname::only_slash: return {"/"};
        case Misname::no_folder: std::memcpy(name.text + std::strlen(name.text), "/x", 3); break;
        case Misname::below_file: return {"/dev/null/x"};
    }
    return name;
}

// A queue by the C library.
long make_by_library(const char* name, mode_t mode) {
    mq_attr wanted{};
    wanted.mq_maxmsg = wanted.mq_msgsize = 1;
    const mqd_t made = ::mq_open(name, O_CREAT | O_EXCL | O_RDWR, mode, &wanted);
    return made < 0 ? -errno : static_cast<long>(made);
}

void let_go(long fd, void* place) {
    if (place != nullptr) close_semaphore(place);
    if (fd >= 0 && place == nullptr) kernel::close(static_cast<int>(fd));
}

// Permissions and owner, of what is open or at a path; false where neither tells.
bool look_at(const Mechanism& mechanism, const char* name, long fd, struct stat& about) {
    if (is_path(mechanism)) return ::stat(name, &about) == 0;
    return mechanism.facts.held == Held::descriptor && ::fstat(static_cast<int>(fd), &about) == 0;
}

// Makes it; a descriptor, 0 for a name or a place alone, or a negated error number.
long make(const Mechanism& mechanism, const Making& making, void** place) {
    if (mechanism.doors.name != nullptr) return mechanism.doors.name(making);
    if (mechanism.semantics == Semantics::priority_queue) return make_by_library(making.name, making.mode);
    Making anew = making;
    anew.flags |= flag_create | flag_exclusive;
    return mechanism.doors.open(anew, Access::both, place);
}

// Can its maker open it so? Other errors than that of the permissions are answered.
long opens(const Mechanism& mechanism, const Making& making, Access access) {
    void* place = nullptr;
    const long fd = mechanism.doors.open(making, access, &place);
    if (fd == -EACCES) return 0;
    if (fd < 0) return fd;
    let_go(fd, place);
    return 1;
}

// The mode after an open that would create, with another mode.
bool keeps_mode(const Mechanism& mechanism, Making making, mode_t mode) {
    making.flags |= flag_create;
    making.mode = 0;
    void* place = nullptr;
    const long fd = mechanism.doors.open(making, Access::read, &place);
    struct stat about {};
    const bool kept = fd < 0 || !look_at(mechanism, making.name, fd, about) || (about.st_mode & ALLPERMS) == mode;
    let_go(fd, place);
    return kept;
}

}  // namespace

bool append_to(char (&to)[longest_path], const char* name, const char* more) {
    const std::size_t length = std::strlen(name), rest = std::strlen(more);
    if (length + rest >= longest_path) return false;
    std::memcpy(to, name, length);
    std::memcpy(to + length, more, rest + 1);
    return true;
}

void name_for_step(const char* own, std::uint32_t actor, char (&name)[longest_path]) {
    const Name beside = name_beside(own, actor);
    std::memcpy(name, beside.text, sizeof name);
}

long make_second_name(const char* name, char (&second)[longest_path]) {
    long linked = -EEXIST;
    for (std::uint32_t number = 0; linked == -EEXIST && number < max_actors; ++number) {
        const Name wanted = link_beside(name, number);
        linked = kernel::call(SYS_linkat, AT_FDCWD, name, AT_FDCWD, wanted.text, 0);
        std::memcpy(second, wanted.text, sizeof second);
    }
    return linked;
}

Answer misname_call(const Call& call) {
    const Mechanism& mechanism = *call.mechanism;
    if (mechanism.doors.remove == nullptr) return {.result = -ENOSYS};
    const Name name = misnamed(mechanism, call.name, call.actor, static_cast<Misname>(call.operation->value));
    const Asked asked;
    Making making{asked};
    making.name = name.text;
    void* place = nullptr;
    const long made = make(mechanism, making, &place);
    if (made < 0) return {.result = made};
    if (mechanism.doors.name == nullptr) let_go(made, place);
    mechanism.doors.remove(name.text);
    return {};
}

Answer new_mode_call(const Call& call) {
    const Mechanism& mechanism = *call.mechanism;
    if (mechanism.doors.remove == nullptr) return {.result = -ENOSYS};
    const Name name = name_beside(call.name, call.actor);
    const Asked asked{.records = 1, .record_bytes = 1};
    Making making{asked};
    making.name = name.text, making.mode = open_to_all;
    making.flags = mechanism.doors.name != nullptr ? flag_nonblock : 0;  // of the opens: nobody waits
    const mode_t before = ::umask(static_cast<mode_t>(call.operation->value));
    void* place = nullptr;
    const long made = make(mechanism, making, &place);
    ::umask(before);
    if (made < 0) return {.result = made};
    struct stat about {};
    const bool told = look_at(mechanism, name.text, made, about);
    const mode_t mode = about.st_mode & ALLPERMS;
    std::int64_t bits = !told || (about.st_uid == ::geteuid() && about.st_gid == ::getegid()) ? fresh_mine : 0;
    if (mechanism.doors.name == nullptr) let_go(made, place);
    making.flags &= flag_nonblock;
    const long reads = opens(mechanism, making, Access::read), both = opens(mechanism, making, Access::both);
    if (reads > 0) bits |= fresh_reads;
    if (both > 0) bits |= fresh_both;
    if (mechanism.doors.name != nullptr || keeps_mode(mechanism, making, mode)) bits |= fresh_kept;
    mechanism.doors.remove(name.text);
    if (reads < 0 || both < 0) return {.result = reads < 0 ? reads : both};
    return {.result = static_cast<std::int64_t>(mode), .value = bits};
}

void remove_step_names(const Mechanism& mechanism, const char* name, std::uint32_t actors) {
    if (mechanism.doors.remove == nullptr || name[0] == 0) return;
    for (std::uint32_t actor = 0; actor < actors; ++actor) {
        if (mechanism.doors.bind != nullptr) {
            remove_trial_names(name, actor);
            continue;
        }
        mechanism.doors.remove(name_beside(name, actor).text);
        if (is_path(mechanism)) mechanism.doors.remove(link_beside(name, actor).text);
        for (const Misname how : {Misname::longest, Misname::shorter, Misname::disputed})
            mechanism.doors.remove(misnamed(mechanism, name, actor, how).text);
        if (mechanism.semantics == Semantics::priority_queue)
            mechanism.doors.remove(misnamed(mechanism, name, actor, Misname::single).text);
    }
}

}  // namespace crosstalk
