// The kernel's door: system calls without errno, so that threads that share everything may use them.
// Results are the kernel's own: -4095..-1 is a negated error number. Nothing here retries, checks or logs.
// Inline assembly for x86-64, AArch64, ARM and i386; elsewhere syscall(2), whose errno is read at once.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace crosstalk::kernel {

inline bool failed(long answer) { return answer < 0 && answer >= -4095; }

#if defined(__x86_64__) && !defined(__ILP32__)
inline long raw(long number, long a, long b, long c, long d, long e, long f) {
    long answer = number;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "+a"(answer)
                     : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return answer;
}
#elif defined(__aarch64__)
inline long raw(long number, long a, long b, long c, long d, long e, long f) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
    return x0;
}
#elif defined(__arm__)
inline long raw(long number, long a, long b, long c, long d, long e, long f) {
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register long r3 __asm__("r3") = d;
    register long r4 __asm__("r4") = e;
    register long r5 __asm__("r5") = f;
    long saved;  // r7 is the frame pointer of Thumb code, so it may not be named as an operand
    __asm__ volatile("mov %[saved], r7\n\tmov r7, %[number]\n\tsvc 0\n\tmov r7, %[saved]"
                     : "+r"(r0), [saved] "=&r"(saved)
                     : [number] "r"(number), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
                     : "memory");
    return r0;
}
#elif defined(__i386__)
inline long raw(long number, long a, long b, long c, long d, long e, long f) {
    long answer = number;  // the sixth argument travels in ebp, which may be the frame pointer
    __asm__ volatile("pushl %6\n\tpushl %%ebp\n\tmovl 4(%%esp), %%ebp\n\tint $0x80\n\tpopl %%ebp\n\taddl $4, %%esp"
                     : "+a"(answer)
                     : "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), "m"(f)
                     : "memory", "cc");
    return answer;
}
#else
inline long raw(long number, long a, long b, long c, long d, long e, long f) {
    const long answer = ::syscall(number, a, b, c, d, e, f);
    return answer == -1 ? -static_cast<long>(errno) : answer;
}
#endif

template <class T>
long word(T value) {
    if constexpr (std::is_pointer_v<T>) {
        return reinterpret_cast<long>(value);
    } else {
        return static_cast<long>(value);
    }
}
inline long word(std::nullptr_t) { return 0; }

template <class... Arguments>
long call(long number, Arguments... arguments) {
    static_assert(sizeof...(Arguments) <= 6);
    const long words[6] = {word(arguments)...};
    return raw(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

// The kernel's timespec of the calls that we use by their old numbers: two longs on every architecture.
struct Timespec {
    long seconds = 0, nanoseconds = 0;
};

inline int close(int fd) { return static_cast<int>(call(SYS_close, fd)); }
inline int fcntl(int fd, int command, long argument) {
#ifdef SYS_fcntl64
    return static_cast<int>(call(SYS_fcntl64, fd, command, argument));
#else
    return static_cast<int>(call(SYS_fcntl, fd, command, argument));
#endif
}
inline int pid() { return static_cast<int>(call(SYS_getpid)); }
inline int tid() { return static_cast<int>(call(SYS_gettid)); }
inline int kill(int pid, int signal) { return static_cast<int>(call(SYS_kill, pid, signal)); }
inline int tgkill(int pid, int tid, int signal) { return static_cast<int>(call(SYS_tgkill, pid, tid, signal)); }
[[noreturn]] inline void exit_process(int status) {
    for (;;) call(SYS_exit_group, status);
}
[[noreturn]] inline void exit_thread() {
    for (;;) call(SYS_exit, 0);
}

}  // namespace crosstalk::kernel
