// Making a lane: core, priority, user, board, mailboxes, zygote, in an order in which each still has its rights.
#include "runners/agent/lane.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "mechanisms/system/operations.h"
#include "runners/agent/births.h"
#include "runners/agent/calibration.h"
#include "runners/agent/object_names.h"
#include "runners/agent/worker.h"
#include "runners/agent/zygote.h"

namespace crosstalk::agent {

Board* board = nullptr;

namespace {

// The lowest real-time priority but one: above everything ordinary, below everything that matters to the machine.
constexpr int worker_priority = 2;
constexpr rlim_t usual_spinning_limit_us = 500000;

std::string because(const char* what, long error) {
    return std::string(what) + ": " + std::string(name_of(errno_from(static_cast<int>(-error))));
}

Fd shared_memory(std::uint32_t abilities, std::size_t bytes) {
    Fd fd;
    if ((abilities & ability_memfd) != 0) fd = Fd(static_cast<int>(kernel::call(SYS_memfd_create, "crosstalk", 0)));
    if (!fd) {
        char name[] = "/tmp/crosstalk-XXXXXX";
        fd = Fd(::mkstemp(name));
        if (fd) ::unlink(name);
    }
    if (fd && kernel::call(SYS_ftruncate, fd.number(), bytes) < 0) fd.reset();
    return fd;
}

// In a child: nothing of the agent's below the lane's own descriptors, and nothing of its signals.
void forget_agent(int first_number) {
    ::signal(SIGCHLD, SIG_DFL);
    for (int number = 0; number < 2; ++number) kernel::call(SYS_dup3, board->mailbox_first, number, 0);
    if (kernel::fcntl(2, F_GETFD, 0) < 0) kernel::call(SYS_dup3, board->mailbox_first, 2, 0);
    for (int number = 3; number < first_number; ++number) kernel::close(number);
}

}  // namespace

Lane::~Lane() {
    hosts_.close();
    zygote_.end();
    for (const auto& pool : workers_)
        for (const std::int32_t pid : pool) Child(pid).end();
}

std::string Lane::map_board() {
    Fd fd = moved_up(shared_memory(abilities_, sizeof(Board)), first_number_ + 2 * int{max_actors});
    if (fd) mapping_ = Mapping::of(fd.number(), sizeof(Board));
    if (!mapping_) {  // without a descriptor a new image cannot find it: no exec
        fd.reset();
        mapping_ = Mapping::anonymous(sizeof(Board), true);
    }
    if (!mapping_) return "no memory for the board";
    board = new (mapping_.start()) Board;
    board->board_fd = fd.release();
    return "";
}

std::string Lane::make_mailboxes() {
    const int first = first_number_;
    board->mailbox_first = first;
    for (int actor = 0; actor < int{max_actors}; ++actor) {
        int ends[2];
        const long made = kernel::call(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, ends);
        if (made < 0) return because("socketpair", made);
        for (int end = 0; end < 2; ++end) {
            const Fd low(ends[end]);
            const long moved = kernel::call(SYS_dup3, ends[end], first + 2 * actor + end, 0);
            if (moved < 0) return because("a mailbox's number", moved);
        }
    }
    return "";
}

void Lane::pin(int core) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    cores_ = CPU_COUNT(&allowed);
    for (int i = 0; i < 64; ++i)
        if (CPU_ISSET(i, &allowed)) board->lane_cores |= std::uint64_t{1} << i;
    if (core < 0 || core >= CPU_SETSIZE || !CPU_ISSET(core, &allowed)) core = -1;  // not ours: a smaller machine
    if (core < 0)  // any one: by pid, so that several lanes fall on several
        for (int i = 0, skip = kernel::pid() % std::max(cores_, 1); i < CPU_SETSIZE && core < 0; ++i)
            if (CPU_ISSET(i, &allowed) && skip-- == 0) core = i;
    if (core < 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    if (::sched_setaffinity(0, sizeof one, &one) == 0) core_ = board->lane_core = core;
}

// Whoever computes for so long with real-time priority and never sleeps is ended by the kernel (setrlimit(2)): it
// would keep the core from everybody else, the leader included. The leader itself, an ordinary process, is not bound.
void Lane::limit_spinning() {
    const rlim_t spinning_limit_us = usual_spinning_limit_us * slow_factor_;
    rlimit spinning{};
    if (::getrlimit(RLIMIT_RTTIME, &spinning) != 0) return;
    // First SIGXCPU, which nothing else here sends, so that such a death is no riddle; then SIGKILL.
    spinning.rlim_max = std::min(spinning.rlim_max, 2 * spinning_limit_us);
    spinning.rlim_cur = std::min(spinning.rlim_max, spinning_limit_us);
    ::setrlimit(RLIMIT_RTTIME, &spinning);
    const rlimit no_core{};
    ::setrlimit(RLIMIT_CORE, &no_core);
}

// The kernel counts pipe pages by user (pipe(7)); a user that nobody else is keeps what others do out of the cases.
void Lane::take_own_user() {
    const unsigned user = first_lane_user + static_cast<unsigned>(kernel::pid());
    if (::setgroups(0, nullptr) != 0 || ::setresgid(user, user, user) != 0) return;
    if (::setresuid(user, user, user) != 0) return;
    private_accounting_ = true;
    ::prctl(PR_SET_DUMPABLE, 1);  // a changed user hides /proc and descriptors from ourselves
}

std::string Lane::open(const Hello& hello, std::uint32_t abilities, int lie) {
    abilities_ = abilities;
    slow_factor_ = agent::slow_factor();
    const std::uint64_t limit = descriptor_limit();
    first_number_ = limit >= 1024 ? first_high_number : std::max<int>(64, static_cast<int>(limit) - 160);
    if (std::string wrong = map_board(); !wrong.empty()) return wrong;
    board->lie = lie;
    tell_lie_of_board();
    board->leader_pid = kernel::pid();
    board->descriptor_limit = limit;
    if (std::string wrong = make_mailboxes(); !wrong.empty()) return wrong;
    sweep_names(board->directory.data());
    const char* const path = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
    if (path != nullptr) {
        std::strncpy(board->binary_path.data(), path, board->binary_path.size() - 1);
        board->binary_fd = moved_up(Fd(::open(path, O_RDONLY)), first_number_).release();
    }
    pin(hello.core);
    limit_spinning();
    if ((abilities & ability_two_hosts) != 0) hosts_.open(first_number_);
    const sched_param high{worker_priority};
    board->clone_parent = (abilities & ability_clone_parent) != 0;
    fifo_ = (abilities & ability_fifo_scheduling) != 0 && board->clone_parent && core_ >= 0 &&
            ::sched_setscheduler(0, SCHED_FIFO, &high) == 0;
    if ((abilities & ability_lane_user) != 0) take_own_user();
    if (!board->clone_parent) {
        board->adopts_orphans = ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
        return "";
    }
    const int pid = fork_raw(false);
    if (pid == 0) {
        forget_agent(first_number_);
        serve_as_zygote();
    }
    const sched_param plain{};
    if (fifo_) ::sched_setscheduler(0, SCHED_OTHER, &plain);
    if (pid < 0) return because("fork", pid);
    zygote_ = Child(pid);
    return "";
}

int Lane::worker(ActorId actor, bool plain) {
    std::int32_t& pid = workers_[plain ? 1 : 0][actor];
    if (pid > 0) return pid;
    if (!board->clone_parent) return pid = fork_worker(actor, plain);
    board->forked_worker.store(0);
    board->wanted_worker.store(actor + 1u + (plain ? zygote_plain : 0));
    futex_wake(board->wanted_worker);
    constexpr std::int64_t limit_ns = 5000000000;
    while (board->forked_worker.load() == 0)
        if (futex_wait_for(board->forked_worker, 0, limit_ns) == -ETIMEDOUT) return -ETIMEDOUT;
    const auto answer = static_cast<std::int32_t>(board->forked_worker.load());
    if (answer > 0) pid = answer;
    return answer;
}

// A zygote's children would be no children of ours.
int Lane::fork_worker(ActorId actor, bool plain) {
    const int pid = fork_raw(false);
    if (pid == 0) {
        forget_agent(first_number_);
        work(actor, plain);
    }
    return pid;
}

bool Lane::lost(int pid) {
    for (auto& pool : workers_)
        for (std::int32_t& one : pool)
            if (one == pid) {
                one = 0;
                return true;
            }
    return false;
}

}  // namespace crosstalk::agent
