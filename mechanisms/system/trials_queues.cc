// Trials of message queues (mq_overview(7)): the line that a descriptor reads as, limits that nobody else shares since
// they are those of a user and IPC namespace of the trial's own, what namespaces hide, what privilege allows.
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {
namespace {

// It, and nothing of it stays.
long make_and_remove(const char* name, long messages, long bytes) {
    const long made = new_queue(name, messages, bytes);
    if (made < 0) return made;
    ::mq_close(static_cast<mqd_t>(made));
    ::mq_unlink(name);
    return 0;
}

bool limit_bytes(rlim_t bytes) {
    const rlimit limit{bytes, bytes};
    return ::setrlimit(RLIMIT_MSGQUEUE, &limit) == 0;
}

// The line, in numbers.
struct Line {
    unsigned long bytes = 0;
    int notify = -1, signal = -1, pid = -1;
};
bool read_line(long queue, Line& line) {
    char text[160] = "";
    const long got = kernel::call(SYS_pread64, queue, text, sizeof text - 1, 0, 0, 0);
    return got > 0 && std::sscanf(text, "QSIZE:%lu NOTIFY:%d SIGNO:%d NOTIFY_PID:%d", &line.bytes, &line.notify,
                                  &line.signal, &line.pid) == 4;
}

long number_in(const char* file) {
    char text[24] = "";
    const Fd fd(static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0)));
    long number = -1;
    if (fd.number() >= 0 && kernel::call(SYS_read, fd.number(), text, sizeof text - 1) > 0)
        std::sscanf(text, "%ld", &number);
    return number;
}

template <class Address>
long bind_to(int socket, const Address& address, socklen_t length) {
    return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), length) < 0 ? -errno : 0;
}

}  // namespace

long new_queue(const char* name, long messages, long bytes) {
    mq_attr wanted{};
    wanted.mq_maxmsg = messages, wanted.mq_msgsize = bytes;
    const mqd_t made = ::mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &wanted);
    return made < 0 ? -errno : static_cast<long>(made);
}

void queue_line(const Call& call, Findings& findings) {
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    const Fd queue(static_cast<int>(new_queue(name, 4, 16)));
    if (queue.number() < 0) return;
    ::mq_unlink(name);
    Line line;
    findings.fact(0, read_line(queue.number(), line) && line.bytes == 0 && line.pid == 0);
    if (::mq_send(queue.number(), "12345", 5, 0) < 0 || ::mq_send(queue.number(), "1234567", 7, 1) < 0) return;
    findings.fact(1, read_line(queue.number(), line) && line.bytes == 12);
    sigevent wanted{};
    wanted.sigev_notify = SIGEV_SIGNAL, wanted.sigev_signo = SIGUSR2;
    if (::mq_notify(queue.number(), &wanted) < 0) return;
    findings.fact(
        2, read_line(queue.number(), line) && line.notify == 0 && line.signal == SIGUSR2 && line.pid == kernel::pid());
    if (::mq_notify(queue.number(), nullptr) < 0) return;
    findings.fact(3, read_line(queue.number(), line) && line.pid == 0);
}

// Room for one queue of ten thousand bytes and what it costs beside that (getrlimit(2)), not for two.
void queue_limit(const Call&, Findings& findings) {
    constexpr long messages = 10, bytes = 1000, rounds = 3;
    constexpr rlim_t room = 15'000;
    // A user namespace's own limit is that of who made it (user_namespaces(7)), so that it comes first.
    if (own_namespaces(CLONE_NEWIPC) < 0 || !limit_bytes(room)) return;
    long made = new_queue("/one", messages, bytes);
    if (made < 0) return;  // what the user's other queues leave is too little
    bool returns = true;
    for (long round = 0; round < rounds; ++round) {
        findings.fact(0, make_and_remove("/two", messages, bytes) == -EMFILE);
        ::mq_close(static_cast<mqd_t>(made));
        ::mq_unlink("/one");
        made = new_queue("/one", messages, bytes);
        returns = returns && made >= 0;
        findings.fact(1, returns);
        if (!returns) return;
    }
}

void queue_count(const Call&, Findings& findings) {
    constexpr long most_tried = 1024;
    if (own_namespaces(CLONE_NEWIPC) < 0) return;
    const long most = number_in("/proc/sys/fs/mqueue/queues_max");
    if (most <= 0 || most > most_tried) return;
    char name[24];
    for (long made = 0; made <= most; ++made) {
        std::snprintf(name, sizeof name, "/%ld", made);
        const long queue = new_queue(name, 1, 1);
        if (queue == -EMFILE || queue == -ENOMEM) return;  // another limit comes first
        if (made == most) return findings.fact(1, queue == -ENOSPC);
        findings.fact(0, queue >= 0);
        if (queue < 0) return;
        ::mq_close(static_cast<mqd_t>(queue));
    }
}

void namespaces(const Call& call, Findings& findings) {
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    const Fd queue(static_cast<int>(new_queue(name, 1, 1)));
    if (queue.number() < 0) return;
    sockaddr_un abstract{};
    abstract.sun_family = AF_UNIX;
    const std::size_t name_bytes = std::min(std::strlen(name), sizeof abstract.sun_path - 1);
    std::memcpy(abstract.sun_path + 1, name, name_bytes);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_bytes);
    sockaddr_in port{};
    port.sin_family = AF_INET;
    socklen_t port_bytes = sizeof port;
    const Fd local(::socket(AF_UNIX, SOCK_STREAM, 0)), near(::socket(AF_INET, SOCK_STREAM, 0)),
        twin(::socket(AF_INET, SOCK_STREAM, 0));
    const bool has_local = bind_to(local.number(), abstract, length) == 0 && ::listen(local.number(), 1) == 0;
    const bool has_port = bind_to(near.number(), port, sizeof port) == 0 && ::listen(near.number(), 1) == 0 &&
                          ::getsockname(near.number(), reinterpret_cast<sockaddr*>(&port), &port_bytes) == 0 &&
                          bind_to(twin.number(), port, sizeof port) == -EADDRINUSE;
    const bool there = ::mq_open(name, O_RDWR) >= 0;
    const int parent_user = own_namespaces(CLONE_NEWIPC | CLONE_NEWNET) < 0;
    if (parent_user == 0 && there) findings.fact(0, ::mq_open(name, O_RDWR) < 0 && errno == ENOENT);
    const Fd caller(::socket(AF_UNIX, SOCK_STREAM, 0)), other(::socket(AF_INET, SOCK_STREAM, 0));
    if (parent_user == 0 && has_local)
        findings.fact(
            1, ::connect(caller.number(), reinterpret_cast<sockaddr*>(&abstract), length) < 0 && errno == ECONNREFUSED);
    if (parent_user == 0 && has_port) findings.fact(2, bind_to(other.number(), port, sizeof port) == 0);
}

// HARD_MSGMAX and HARD_MSGSIZEMAX. Nothing is sent: such queues cost little.
void privileged_queue(const Call& call, Findings& findings) {
    constexpr long most_messages = 65'536, most_bytes = 16'777'216;
    if (!limit_bytes(RLIM_INFINITY)) return;
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    const auto tried = [&](unsigned fact, long messages, long bytes, long answer) {
        const long made = make_and_remove(name, messages, bytes);
        if (made != -ENOMEM && made != -ENOSPC) findings.fact(fact, made == answer);
    };
    tried(0, most_messages, 1, 0);
    tried(1, most_messages + 1, 1, -EINVAL);
    tried(2, 1, most_bytes, 0);
    tried(3, 1, most_bytes + 1, -EINVAL);
}

namespace {

volatile int told_value = 0, told_times = 0, told_later = 0;
volatile int told_in = 0;
void be_told(sigval value) {
    told_value = value.sival_int;
    told_in = kernel::tid();
    told_times = told_times + 1;
}
void be_told_later(sigval) { told_later = 1; }

// Asks to be told of the next message, which finds the queue empty, sends it and waits for that.
void notify_of(mqd_t queue, const sigevent& wanted, const char* message, const volatile int& told) {
    constexpr std::int64_t limit_ns = 2'000'000'000;
    if (::mq_notify(queue, &wanted) < 0) kernel::exit_process(0);
    ::mq_send(queue, message, 1, 0);
    for (const std::int64_t until = now_ns() + limit_ns; told == 0 && now_ns() < until;) pause_briefly();
}

}  // namespace

// In a process that the C library has made, since its threads are the C library's.
void thread_notified(const Call& call, Findings& findings) {
    constexpr int value = 4711;
    const int child = fork_by_library();
    if (child != 0) {
        int status = 0;
        if (child > 0) ends_soon(child, status);
        return;
    }
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    const auto queue = static_cast<mqd_t>(new_queue(name, 4, 16));
    if (queue < 0) kernel::exit_process(0);
    ::mq_unlink(name);
    sigevent wanted{};
    wanted.sigev_notify = SIGEV_THREAD, wanted.sigev_notify_function = be_told, wanted.sigev_value.sival_int = value;
    notify_of(queue, wanted, "1", told_times);
    ::mq_send(queue, "2", 1, 0);
    // The library's helper takes notifications in order: what "2" gave, had it given one, comes before that of "3".
    char message[16];
    for (int i = 0; i < 2; ++i) ::mq_receive(queue, message, sizeof message, nullptr);
    wanted.sigev_notify_function = be_told_later;
    notify_of(queue, wanted, "3", told_later);
    findings.fact(0, told_times == 1);
    if (told_times > 0) findings.fact(1, told_value == value);
    if (told_times > 0) findings.fact(2, told_in != kernel::tid());
    kernel::exit_process(0);
}

}  // namespace crosstalk::trials
