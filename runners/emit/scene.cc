// Objects as C, by what they are made of. Their names are the running program's own. See scene.h.
#include "runners/emit/scene.h"

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

bool is_created(const Program& program, std::size_t object) {
    for (const Actor& actor : program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::create && step.object == object) return true;
    return false;
}

std::string made_pipe(const Object& object, std::size_t first) {
    std::string out =
        fmt::format("    if (pipe2(fd + {0}, {2}) != 0) give_up(\"pipe2\"); /* reads, writes: fd[{0}], fd[{1}] */\n",
                    first, first + 1, status_flags(object.asked.flags & (flag_nonblock | flag_direct)));
    if (object.asked.capacity_bytes != 0)
        out += fmt::format("    if (fcntl(fd[{}], F_SETPIPE_SZ, {}) < 0) give_up(\"F_SETPIPE_SZ\");\n", first + 1,
                           object.asked.capacity_bytes);
    return out;
}

// Opened without waiting for each other, the reader first (fifo(7)).
std::string made_fifo(const Object& object, std::size_t first, std::size_t index) {
    std::string out = fmt::format(
        "    if (mkfifo(board->names[{2}], 0600) != 0) give_up(\"mkfifo\");\n"
        "    fd[{0}] = open(board->names[{2}], O_RDONLY | O_NONBLOCK);\n"
        "    fd[{1}] = open(board->names[{2}], O_WRONLY | O_NONBLOCK);\n"
        "    if (fd[{0}] < 0 || fd[{1}] < 0) give_up(\"open\");\n"
        "    fcntl(fd[{0}], F_SETFL, {3}), fcntl(fd[{1}], F_SETFL, {4});\n",
        first, first + 1, index, status_flags(object.asked.flags & flag_nonblock),
        status_flags(object.asked.flags & (flag_nonblock | flag_direct)));
    if (object.asked.capacity_bytes != 0)
        out += fmt::format("    if (fcntl(fd[{}], F_SETPIPE_SZ, {}) < 0) give_up(\"F_SETPIPE_SZ\");\n", first + 1,
                           object.asked.capacity_bytes);
    return out;
}

std::string made_pair(const Object& object, std::size_t first) {
    std::string out =
        is_of_network(object)
            ? fmt::format("    if (network_pair({}, {}{}{}, fd + {}) != 0) give_up(\"a pair over loopback\");\n",
                          std::string_view(mechanism_of(object.mechanism).name).ends_with('6') ? "AF_INET6" : "AF_INET",
                          pair_type(object), is_sctp(object) ? ", IPPROTO_SCTP" : ", 0",
                          object.asked.flags & flag_nonblock ? ", 1" : ", 0", first)
            : fmt::format("    if (socketpair(AF_UNIX, {}{}, 0, fd + {}) != 0) give_up(\"socketpair\");\n",
                          pair_type(object), object.asked.flags & flag_nonblock ? " | SOCK_NONBLOCK" : "", first);
    for (std::size_t end = first; end < first + 2 && object.asked.capacity_bytes != 0; ++end)
        out += fmt::format("    setsockopt(fd[{}], SOL_SOCKET, SO_SNDBUF, (int[]){{{}}}, sizeof(int));\n", end,
                           object.asked.capacity_bytes);
    return out;
}

std::string made_queue(const Object& object, std::size_t first, std::size_t index) {
    const Asked& asked = object.asked;
    const std::string attributes =
        asked.records == 0 && asked.record_bytes == 0
            ? "NULL"
            : fmt::format("&(struct mq_attr){{.mq_maxmsg = {}, .mq_msgsize = {}}}", asked.records, asked.record_bytes);
    return fmt::format(
        "    fd[{0}] = mq_open(board->names[{1}], O_CREAT | O_EXCL | O_RDWR{2}, 0600, {3});\n"
        "    if (fd[{0}] < 0) give_up(\"mq_open\");\n",
        first, index, asked.flags & flag_nonblock ? " | O_NONBLOCK" : "", attributes);
}

std::string made_memory(const Object& object, std::size_t first, std::size_t index) {
    return fmt::format(
        "    fd[{0}] = {2}(board->names[{1}], O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);\n"
        "    if (fd[{0}] < 0 || ftruncate(fd[{0}], {3}) != 0) give_up(\"{2}\");\n",
        first, index, kind_of(object) == Kind::file ? "open" : "shm_open", object.asked.capacity_bytes);
}

std::string made(const Object& object, std::size_t index) {
    const std::size_t first = 2 * index;
    switch (kind_of(object)) {
        case Kind::pipe: return made_pipe(object, first);
        case Kind::fifo: return made_fifo(object, first, index);
        case Kind::pair: return made_pair(object, first);
        case Kind::queue: return made_queue(object, first, index);
        case Kind::memory_object:
        case Kind::file: return made_memory(object, first, index);
        case Kind::counter:
            return fmt::format(
                "    fd[{0}] = eventfd({1}, EFD_SEMAPHORE);\n"
                "    if (fd[{0}] < 0) give_up(\"eventfd\");\n",
                first, object.asked.value);
        case Kind::semaphore:
            return fmt::format(
                "    if (sem_init(&board->semaphores[{0}], 1, {2}) != 0) give_up(\"sem_init\");\n"
                "    place[{1}] = &board->semaphores[{0}];\n",
                index, first, object.asked.value);
        default: return "";
    }
}

std::string name_of_object(const Object& object, std::size_t index) {
    const Naming naming = mechanism_of(object.mechanism).facts.naming;
    if (naming == Naming::none) return "";
    return fmt::format(
        "    snprintf(board->names[{0}], sizeof board->names[{0}], \"{1}/show-%d-{0}\", (int)board->parent);\n", index,
        naming != Naming::path                                     ? ""
        : kind_of(object) == Kind::pair && object.asked.value == 1 ? "@/tmp"
                                                                   : "/tmp");
}

std::string removed(const Object& object, std::size_t index) {
    switch (kind_of(object)) {
        case Kind::fifo:
        case Kind::file: return fmt::format("    unlink(board->names[{}]);\n", index);
        case Kind::queue: return fmt::format("    mq_unlink(board->names[{}]);\n", index);
        case Kind::memory_object: return fmt::format("    shm_unlink(board->names[{}]);\n", index);
        case Kind::named_semaphore: return fmt::format("    sem_unlink(board->names[{}]);\n", index);
        default: return "";
    }
}

}  // namespace

std::string scene_of(const Program& program, bool passes) {
    std::string set = "static void set_the_scene(void)\n{\n", clear = "static void clear_the_scene(void)\n{\n";
    for (std::size_t i = 0; i < program.objects.size(); ++i) {
        const bool address = is_address(program, static_cast<ObjectId>(i));
        if (address || kind_of(program.objects[i]) != Kind::pair) set += name_of_object(program.objects[i], i);
        if (!address && !is_created(program, i)) set += made(program.objects[i], i);
        clear += address ? fmt::format("    unlink(board->names[{}]);\n", i) : removed(program.objects[i], i);
    }
    if (passes) {
        set +=
            "    for (int i = 0; i < ACTORS; ++i)\n"
            "        if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, mailboxes[i]) != 0) give_up(\"socketpair\");\n";
        clear += "    for (int i = 0; i < ACTORS; ++i) close(mailboxes[i][0]), close(mailboxes[i][1]);\n";
    }
    return set + "}\n" + clear + "}\n\n";
}

}  // namespace crosstalk::emit
