// Calls as text: one row a verb. See call_text.h.
#include "properties/judge/call_text.h"

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/judge/call_text_parts.h"

namespace crosstalk::judging {
namespace {

struct Bit {
    std::uint16_t bit;
    std::string_view name;
};
constexpr Bit status_bits[] = {{flag_nonblock, "O_NONBLOCK"}, {flag_direct, "O_DIRECT"}, {flag_async, "O_ASYNC"},
                               {flag_cloexec, "O_CLOEXEC"},   {flag_unknown, "O_TRUNC"}, {flag_writable, "O_WRONLY"}};
constexpr Bit poll_names[] = {{poll_in, "POLLIN"},      {poll_out, "POLLOUT"},   {poll_err, "POLLERR"},
                              {poll_hup, "POLLHUP"},    {poll_nval, "POLLNVAL"}, {poll_pri, "POLLPRI"},
                              {poll_rdhup, "POLLRDHUP"}};

template <std::size_t n>
std::string joined(const Bit (&names)[n], std::uint16_t bits) {
    std::string text;
    for (const Bit& each : names)
        if (bits & each.bit) text += (text.empty() ? "" : "|") + std::string(each.name);
    return text.empty() ? "0" : text;
}

// Slots of a list: "fd 0, fd 3".
std::string fds(std::span<const Slot> slots) {
    std::string text;
    for (const Slot slot : slots)
        if (slot != no_slot) text += (text.empty() ? "" : ", ") + fd(slot);
    return text;
}

std::string bytes(const Operation& step) {
    std::string text = fmt::format("{} byte{}", step.buffer.bytes, step.buffer.bytes == 1 ? "" : "s");
    if (step.buffer.mapped != ~0u) text += fmt::format(" of which {} are mapped", step.buffer.mapped);
    const bool message = step.verb == Verb::send || step.verb == Verb::recv;
    if (step.verb == Verb::writev || step.verb == Verb::readv || (message && step.buffer.segments != 1))
        text += fmt::format(" in {} parts", step.buffer.segments);
    return text;
}

std::string poll_call(const Operation& step) {
    std::string text;
    for (std::size_t i = 0; i < step.uses.size() && step.uses[i] != no_slot; ++i)
        text += fmt::format("{}{} {}", i ? ", " : "", fd(step.uses[i]),
                            poll_text(static_cast<std::uint16_t>(static_cast<std::uint64_t>(step.value) >> (16 * i))));
    const std::string_view call = step.flags & flag_epoll ? "epoll_wait" : step.flags & flag_select ? "select" : "poll";
    return fmt::format("{}({}; {})", call, text,
                       step.timeout_ns < 0 ? "no timeout" : fmt::format("{} ns", step.timeout_ns));
}

std::string dup_call(const Operation& step) {
    switch (static_cast<Duplicate>(step.value)) {
        case Duplicate::dup: return fmt::format("dup({})", fd(step.uses[0]));
        case Duplicate::dup2: return fmt::format("dup2({}, {})", fd(step.uses[0]), fd(step.makes[0]));
        case Duplicate::dup3_cloexec:
            return fmt::format("dup3({}, {}, O_CLOEXEC)", fd(step.uses[0]), fd(step.makes[0]));
        case Duplicate::fcntl: return fmt::format("fcntl({}, F_DUPFD, 0)", fd(step.uses[0]));
        case Duplicate::fcntl_cloexec: return fmt::format("fcntl({}, F_DUPFD_CLOEXEC, 0)", fd(step.uses[0]));
    }
    return "dup";
}

std::string queue_transfer(const Operation& step) {
    std::string text = fmt::format("{}({}, {}", sheet_of(step.verb).name, fd(step.uses[0]), bytes(step));
    if (step.verb == Verb::mq_send) text += fmt::format(", priority {}", step.value);
    if (step.flags & flag_unknown || step.timeout_ns >= 0) text += ", until " + deadline_text(step);
    return text + (step.times > 1 ? fmt::format(") x {}", step.times) : ")");
}

std::string notified_by(const Operation& step) {
    if (step.value == 0) return "null";
    if (step.flags & flag_unknown) return "signal 4096";
    return step.flags & flag_ignore ? "SIGEV_NONE" : std::string(name_of(static_cast<Signal>(step.value)));
}

std::string signal_call(const Operation& step) {
    const std::string name(name_of(static_cast<Signal>(step.value)));
    if (step.flags & flag_block) return fmt::format("sigprocmask(SIG_BLOCK, {})", name);
    return fmt::format("sigaction({}, {})", name,
                       step.flags & flag_ignore     ? "SIG_IGN"
                       : step.flags & flag_standard ? "SIG_DFL"
                       : step.flags & flag_restart  ? "handler, SA_RESTART"
                                                    : "handler");
}

std::string start_call(const Program& program, const Operation& step) {
    const auto child = static_cast<std::size_t>(step.value);
    const bool thread = child < program.actors.size() && program.actors[child].kind == ActorKind::thread;
    return fmt::format("{}() of actor {}", thread ? "pthread_create" : "fork", child);
}

constexpr Bit sending_flags[] = {{flag_nonblock, "MSG_DONTWAIT"},
                                 {flag_no_signal, "MSG_NOSIGNAL"},
                                 {flag_more, "MSG_MORE"},
                                 {flag_urgent, "MSG_OOB"},
                                 {flag_ends, "MSG_EOR"}};
constexpr Bit receiving_flags[] = {{flag_nonblock, "MSG_DONTWAIT"}, {flag_peek, "MSG_PEEK"},
                                   {flag_wait_all, "MSG_WAITALL"},  {flag_real_length, "MSG_TRUNC"},
                                   {flag_urgent, "MSG_OOB"},        {flag_cloexec, "MSG_CMSG_CLOEXEC"}};

std::string label_text(std::int64_t value, bool unordered) {
    const Label label = label_of(value);
    return fmt::format("stream {}, payload id {}{}", label.stream, label.payload, unordered ? ", unordered" : "");
}

std::string message_call(const Operation& step) {
    const bool sends = step.verb == Verb::send;
    std::string text = fmt::format("{}({}, {}", sends ? "sendmsg" : "recvmsg", fd(step.uses[0]), bytes(step));
    if (sends && step.uses[1] != no_slot) text += ", SCM_RIGHTS " + fds(std::span(step.uses).subspan(1));
    if (sends && step.value % 256 == empty_rights)
        text += ", SCM_RIGHTS of none";
    else if (sends && step.value % 256 != 0)
        text += fmt::format(" x {}", step.value % 256);
    if (sends && has_label(step.value)) text += ", " + label_text(step.value, step.flags & flag_unordered);
    if (!sends && step.makes[0] != no_slot) text += ", room for " + fds(step.makes);
    if (step.timeout_ns != forever) text += fmt::format(", {} ns", step.timeout_ns);
    text += ", " + (sends ? joined(sending_flags, step.flags) : joined(receiving_flags, step.flags)) + ")";
    return text + (step.times > 1 ? fmt::format(" x {}", step.times) : "");
}

std::string socket_call(const Operation& step) {
    constexpr std::string_view ways[] = {"SHUT_RD", "SHUT_WR", "SHUT_RDWR", "3"};
    constexpr std::string_view options[] = {"SO_SNDBUF",    "SO_RCVBUF",  "SO_ERROR",     "SO_TYPE",     "SO_LINGER",
                                            "TCP_NODELAY",  "TCP_CORK",   "TCP_QUICKACK", "SO_RCVTIMEO", "SO_SNDTIMEO",
                                            "SO_OOBINLINE", "SIOCATMARK", "SO_RCVLOWAT",  "SO_PEEK_OFF", "SO_RXQ_OVFL",
                                            "SO_PASSCRED",  "SO_PEERCRED"};
    const auto which = static_cast<std::size_t>(step.value & 0xff) % std::size(options);
    if (step.verb == Verb::shutdown)
        return fmt::format("shutdown({}, {})", fd(step.uses[0]), ways[static_cast<std::size_t>(step.value) % 4]);
    if (step.verb == Verb::get_option) return fmt::format("getsockopt({}, {})", fd(step.uses[0]), options[which]);
    return fmt::format("setsockopt({}, {}, {})", fd(step.uses[0]), options[which], step.value >> 8);
}

bool is_of_memory(const Program& program, const Operation& step) {
    const bool names_object = step.verb == Verb::create || step.verb == Verb::open || step.verb == Verb::unlink;
    return names_object && step.object < program.objects.size() &&
           mechanism_of(program.objects[step.object].mechanism).semantics == Semantics::shared_bytes;
}

std::string create_call(const Program& program, const Operation& step) {
    const Mechanism& mechanism = mechanism_of(program.objects[step.object].mechanism);
    if (mechanism.doors.make == nullptr || mechanism.facts.naming == Naming::posix)
        return fmt::format("create(object {})", step.object);
    return fmt::format("{}({}{})", binds::sockets(mechanism) ? "socketpair" : "pipe2",
                       step.flags & flag_bad_pointer ? "bad pointer, " : "",
                       flags_text(static_cast<std::uint16_t>(step.flags & ~flag_bad_pointer)));
}

// Objects are called by their numbers, as names in a program would be.
std::string memory_object_call(const Program& program, const Operation& step) {
    const bool posix = mechanism_of(program.objects[step.object].mechanism).facts.naming == Naming::posix;
    const std::string name =
        step.flags & flag_unknown ? "\"/\"" : fmt::format("\"{}name {}\"", posix ? "/" : "", step.object);
    if (step.verb == Verb::unlink) return fmt::format("{}({})", posix ? "shm_unlink" : "unlink", name);
    const auto access = static_cast<Access>(step.value);
    std::string flags = access == Access::read ? "O_RDONLY" : access == Access::write ? "O_WRONLY" : "O_RDWR";
    const bool makes = step.verb == Verb::create;
    if (makes) flags = "O_RDWR";
    if (makes || step.flags & flag_create) flags += "|O_CREAT";
    if (makes || step.flags & flag_exclusive) flags += "|O_EXCL";
    if (!makes && step.flags & flag_truncate) flags += "|O_TRUNC";
    std::string text = fmt::format("{}({}, {})", posix ? "shm_open" : "open", name, flags);
    if (makes) text += fmt::format(" and ftruncate to {}", program.objects[step.object].asked.capacity_bytes);
    return text;
}

std::string attach_call(const Operation& step) {
    std::string flags = step.flags & flag_private ? "MAP_PRIVATE" : "MAP_SHARED";
    if (step.uses[0] == no_slot) flags += "|MAP_ANONYMOUS";
    if (step.flags & flag_fixed) flags += "|MAP_FIXED";
    if (step.flags & flag_no_replace) flags += "|MAP_FIXED_NOREPLACE";
    return fmt::format("mmap({} bytes, PROT_READ{}, {}, {}, {}) as view {}", step.buffer.bytes,
                       step.flags & flag_writable ? "|PROT_WRITE" : "", flags,
                       step.uses[0] == no_slot ? "-1" : fd(step.uses[0]), step.value, step.makes[0]);
}

// What is done to views; "" if it is something else.
std::string view_call(const Operation& step) {
    constexpr std::string_view arguments[] = {"MS_SYNC",
                                              "MS_ASYNC",
                                              "MS_SYNC|MS_ASYNC",
                                              "MS_SYNC and an unknown flag",
                                              "MS_SYNC, one byte further on",
                                              "MS_SYNC, across a hole",
                                              "MS_SYNC|MS_INVALIDATE, locked"};
    constexpr std::string_view ranges[] = {"", ", length 0", ", one byte further on", ", where nothing is mapped"};
    constexpr std::string_view advice[] = {"madvise(view {}, MADV_DONTNEED)", "madvise(view {}, MADV_WILLNEED)",
                                           "mremap(view {}, elsewhere and back)"};
    const unsigned view = step.uses[0];
    const auto which = static_cast<std::size_t>(step.value);
    switch (step.verb) {
        case Verb::attach: return attach_call(step);
        case Verb::detach: return fmt::format("munmap(view {}{})", view, ranges[which % std::size(ranges)]);
        case Verb::load:
        case Verb::store:
            return fmt::format("{}(view {}, {} bytes at {}{})", sheet_of(step.verb).name, view, step.buffer.bytes,
                               step.value,
                               !(step.flags & flag_ordered) ? ""
                               : step.verb == Verb::load    ? ", the last word first and with acquire"
                                                            : ", the last word last and with release");
        case Verb::protect:
            return fmt::format("mprotect(view {}, PROT_READ{})", view, step.flags & flag_writable ? "|PROT_WRITE" : "");
        case Verb::sync_view: return fmt::format("msync(view {}, {})", view, arguments[which % std::size(arguments)]);
        case Verb::advise: return fmt::format(fmt::runtime(advice[which % std::size(advice)]), view);
        case Verb::lend:
            return fmt::format("write(a pipe, view {}, {} bytes at {})", view, step.buffer.bytes, step.value);
        default: return "";
    }
}

// An object that lives for one step.
std::string step_object_call(const Program& program, const Operation& step) {
    constexpr std::string_view names[] = {"the longest name",         "a name that is one too long",
                                          "a name without a slash",   "a name with two slashes",
                                          "a slash alone for a name", "a name in a folder that is not there",
                                          "a name below a file",      "a name of one character",
                                          "a name one shorter",       "a name one longer"};
    const Mechanism& mechanism = mechanism_of(program.objects[step.object].mechanism);
    if (step.verb == Verb::misname)
        return fmt::format("{} made by {}", mechanism.name,
                           names[static_cast<std::size_t>(step.value) % std::size(names)]);
    return fmt::format("{} made with mode 0666 under umask {:#o}", mechanism.name, step.value);
}

bool returns_flags(Verb verb) { return verb == Verb::get_flags; }

std::string made(const Operation& step, const Event& event) {
    if (event.error != Errno::none || sheet_of(step.verb).makes == 0 || step.makes[0] == no_slot) return "";
    return ": " + fds(step.makes);
}

std::string answer(const Operation& step, const Event& event) {
    const bool moves = sheet_of(step.verb).moves_bytes();
    std::string text;
    if (event.error == Errno::none)
        text = returns_flags(step.verb) ? flags_text(static_cast<std::uint16_t>(event.result))
                                        : fmt::format("{}", event.result);
    else if (step.times > 1 && moves && event.result >= 0)
        text = fmt::format("{} in {} calls, then {}", event.result, event.times, name_of(event.error));
    else
        text = std::string(name_of(event.error));
    if (event.error == Errno::none && step.times > 1 && moves) text += fmt::format(" in {} whole calls", event.times);
    if (step.verb == Verb::recv && event.error == Errno::none) {
        if (event.value & message_cut) text += ", MSG_TRUNC";
        if (event.value & message_control_cut) text += ", MSG_CTRUNC";
        if (event.value & message_control && has_label(event.value))
            text += ", " + label_text(event.value, event.value & message_unordered);
        return text + (event.value >> 8 & 0xff ? made(step, event) : "");
    }
    if (step.verb == Verb::mq_receive && event.error == Errno::none)
        text += fmt::format(" with priority {}", event.value);
    if (step.verb != Verb::poll || event.result <= 0) return text + made(step, event);
    text += ":";
    for (std::size_t i = 0; i < step.uses.size() && step.uses[i] != no_slot; ++i)
        if (const auto bits = static_cast<std::uint16_t>(static_cast<std::uint64_t>(event.value) >> (16 * i)))
            text += fmt::format(" {} {}", fd(step.uses[i]), poll_text(bits));
    return text;
}

}  // namespace

std::string flags_text(std::uint16_t flags) { return joined(status_bits, flags); }
std::string poll_text(std::uint16_t bits) { return joined(poll_names, bits); }

std::string asked_text(const Program& program, const Operation& step) {
    const std::string name(sheet_of(step.verb).name), first = fd(step.uses[0]), second = fd(step.uses[1]);
    const auto plain = [&](std::string_view call) { return fmt::format("{}({})", call, first); };
    const std::string nowait = step.flags & flag_nonblock ? ", SPLICE_F_NONBLOCK" : "";
    if (is_of_semaphores(program, step)) return semaphore_call(program, step);
    if (is_of_memory(program, step)) return memory_object_call(program, step);
    switch (step.verb) {
        case Verb::socket:
        case Verb::bind:
        case Verb::listen:
        case Verb::connect:
        case Verb::accept: return address_call(program, step);
        case Verb::create: return create_call(program, step);
        case Verb::write:
        case Verb::writev:
        case Verb::read:
        case Verb::readv:
        case Verb::pread:
        case Verb::pwrite:
            return fmt::format("{}({}, {}){}", name, first, bytes(step),
                               step.times > 1 ? fmt::format(" x {}", step.times) : "");
        case Verb::vmsplice: return fmt::format("vmsplice({}, {}{})", first, bytes(step), nowait);
        case Verb::splice:
        case Verb::tee: return fmt::format("{}({}, {}, {} bytes{})", name, first, second, step.buffer.bytes, nowait);
        case Verb::dup: return dup_call(step);
        case Verb::set_flags: return fmt::format("fcntl({}, F_SETFL, {})", first, flags_text(step.flags));
        case Verb::get_flags: return fmt::format("fcntl({}, F_GETFL and F_GETFD)", first);
        case Verb::set_cloexec: return fmt::format("fcntl({}, F_SETFD, {})", first, step.value ? "FD_CLOEXEC" : "0");
        case Verb::get_capacity: return fmt::format("fcntl({}, F_GETPIPE_SZ)", first);
        case Verb::set_capacity: return fmt::format("fcntl({}, F_SETPIPE_SZ, {})", first, step.value);
        case Verb::available: return fmt::format("ioctl({}, FIONREAD)", first);
        case Verb::poll: return poll_call(step);
        case Verb::stat: return plain("fstat");
        case Verb::seek: return fmt::format("lseek({}, 0, SEEK_CUR)", first);
        case Verb::sync: return plain("fsync");
        case Verb::truncate: return fmt::format("ftruncate({}, {})", first, step.value);
        case Verb::map: return plain("mmap");
        case Verb::path_limit: return fmt::format("fpathconf({}, _PC_PIPE_BUF)", first);
        case Verb::limit: return fmt::format("setrlimit(RLIMIT_NOFILE, room for {} more)", step.value);
        case Verb::signal: return signal_call(step);
        case Verb::start: return start_call(program, step);
        case Verb::exec: return "execve(itself)";
        case Verb::exit: return fmt::format("exit({})", step.value);
        case Verb::pass: return fmt::format("sendmsg({}, SCM_RIGHTS {})", first, fds(std::span(step.uses).subspan(1)));
        case Verb::send:
        case Verb::recv: return message_call(step);
        case Verb::shutdown:
        case Verb::get_option:
        case Verb::set_option: return socket_call(step);
        case Verb::receive: return fmt::format("recvmsg({})", first);
        case Verb::close: return plain("close");
        case Verb::attach:
        case Verb::detach:
        case Verb::load:
        case Verb::store:
        case Verb::protect:
        case Verb::sync_view:
        case Verb::advise:
        case Verb::lend: return view_call(step);
        case Verb::punch:
            return fmt::format("fallocate({}, FALLOC_FL_PUNCH_HOLE, {}, {})", first, step.value, step.buffer.bytes);
        case Verb::misname:
        case Verb::new_mode: return step_object_call(program, step);
        case Verb::lock:
            return fmt::format("{}(lock at byte {} of view {}){}", step.flags & flag_nonblock ? "trylock" : "lock",
                               step.value, first, step.flags & flag_mend ? ", made consistent if need be" : "");
        case Verb::unlock: return fmt::format("unlock(lock at byte {} of view {})", step.value, first);
        case Verb::trial: return trial_text(program, step);
        case Verb::watch:
            return fmt::format("epoll_ctl(EPOLL_CTL_ADD, {}, EPOLLIN{}{}) of {}", first,
                               step.flags & flag_edge ? "|EPOLLET" : "", step.flags & flag_once ? "|EPOLLONESHOT" : "",
                               fd(step.makes[0]));
        case Verb::wait: return fmt::format("epoll_wait({}, 0)", first);
        case Verb::nothing: return "nothing";
        case Verb::mq_send:
        case Verb::mq_receive: return queue_transfer(step);
        case Verb::mq_set_flags: return fmt::format("mq_setattr({}, {})", first, flags_text(step.flags));
        case Verb::mq_attributes: return plain("mq_getattr");
        case Verb::mq_notify: return fmt::format("mq_notify({}, {})", first, notified_by(step));
        default: return step.uses[0] == no_slot ? fmt::format("{}(object {})", name, step.object) : plain(name);
    }
}

std::string call_text(const Program& program, const Event& event, bool asleep) {
    const Operation& step = program.actors[event.actor].steps[event.step];
    const std::string asked = asked_text(program, step);
    if (event.ended == 0) return asked + (asleep ? " still asleep" : " never returned");
    return fmt::format("{} = {}", asked, answer(step, event));
}

}  // namespace crosstalk::judging
