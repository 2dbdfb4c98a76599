// Portable names for what kernels number differently: errors, signals, poll events, status flags.
// Values in cases and histories use these; the agent translates at the system call (mechanisms/system).
// It does not hold the documents' lists of which error a call may give: those are clauses in properties/.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace crosstalk {

// XBD <errno.h>. `other` stands for a number this list lacks; the number then travels in Event::value.
#define CROSSTALK_ERRNOS(X)                                                                                           \
    X(EPERM)                                                                                                          \
    X(ENOENT)                                                                                                         \
    X(ESRCH)                                                                                                          \
    X(EINTR)                                                                                                          \
    X(EIO) X(ENXIO) X(E2BIG) X(ENOEXEC) X(EBADF) X(ECHILD) X(EAGAIN) X(ENOMEM) X(EACCES) X(EFAULT) X(EBUSY) X(EEXIST) \
        X(EXDEV) X(ENODEV) X(ENOTDIR) X(EISDIR) X(EINVAL) X(ENFILE) X(EMFILE) X(ENOTTY) X(ETXTBSY) X(EFBIG) X(ENOSPC) \
            X(ESPIPE) X(EROFS) X(EMLINK) X(EPIPE) X(EDOM) X(ERANGE) X(EDEADLK) X(ENAMETOOLONG) X(ENOSYS) X(ELOOP)     \
                X(EOVERFLOW) X(ENOTSOCK) X(EDESTADDRREQ) X(EMSGSIZE) X(EPROTOTYPE) X(ENOPROTOOPT) X(EPROTONOSUPPORT)  \
                    X(ESOCKTNOSUPPORT) X(EOPNOTSUPP) X(EAFNOSUPPORT) X(EADDRINUSE) X(EADDRNOTAVAIL) X(ENETUNREACH)    \
                        X(ECONNABORTED) X(ECONNRESET) X(ENOBUFS) X(EISCONN) X(ENOTCONN) X(ETOOMANYREFS) X(ETIMEDOUT)  \
                            X(ECONNREFUSED) X(EHOSTUNREACH) X(EALREADY) X(EINPROGRESS) X(EOWNERDEAD)                  \
                                X(ENOTRECOVERABLE)

enum class Errno : std::uint8_t {
    none,
#define X(name) name##_,
    CROSSTALK_ERRNOS(X)
#undef X
        other
};

// The name as in <errno.h>, "" for none, "other" for other. Static storage.
std::string_view name_of(Errno error);
std::optional<Errno> errno_named(std::string_view name);
// Between this system's numbers and ours. Total: unknown numbers become Errno::other.
Errno errno_from(int number);

// XBD <signal.h>; only those that cases send, handle or observe.
#define CROSSTALK_SIGNALS(X)                                                                                  \
    X(SIGHUP)                                                                                                 \
    X(SIGINT)                                                                                                 \
    X(SIGKILL)                                                                                                \
    X(SIGPIPE)                                                                                                \
    X(SIGALRM) X(SIGTERM) X(SIGUSR1) X(SIGUSR2) X(SIGCHLD) X(SIGCONT) X(SIGSTOP) X(SIGIO) X(SIGURG) X(SIGBUS) \
        X(SIGSEGV) X(SIGXFSZ) X(SIGSYS) X(SIGABRT) X(SIGXCPU)

enum class Signal : std::uint8_t {
    none,
#define X(name) name##_,
    CROSSTALK_SIGNALS(X)
#undef X
        other
};

std::string_view name_of(Signal signal);
std::optional<Signal> signal_named(std::string_view name);
Signal signal_from(int number);
// This system's number, 0 for none and other.
int number_of(Signal signal);

// poll(2) events, one bit each: four slots of 16 bits in one value (Operation::value asks, Event::value answers).
enum PollBit : std::uint16_t {
    poll_in = 1,
    poll_out = 2,
    poll_err = 4,
    poll_hup = 8,
    poll_nval = 16,
    poll_pri = 32,
    poll_rdhup = 64
};
// What select(2) tells of a descriptor of which poll would tell this: an end shows as input, an error as both (NOTES).
constexpr std::int64_t as_select(std::int64_t asked, std::int64_t polled) {
    const bool in = (polled & (poll_in | poll_hup | poll_err)) != 0, out = (polled & (poll_out | poll_err)) != 0;
    return asked & ((in ? poll_in : 0) | (out ? poll_out : 0));
}

}  // namespace crosstalk
