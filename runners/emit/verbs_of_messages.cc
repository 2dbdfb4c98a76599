// The verbs of sockets, message queues, semaphores and memory as C.
#include <fmt/format.h>

#include "mechanisms/names.h"
#include "runners/emit/verbs.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

std::string message_flags(const Operation& step) {
    if (step.verb == Verb::send)
        return flags_of(step.flags, {{flag_nonblock, "MSG_DONTWAIT"},
                                     {flag_no_signal, "MSG_NOSIGNAL"},
                                     {flag_more, "MSG_MORE"},
                                     {flag_urgent, "MSG_OOB"},
                                     {flag_ends, "MSG_EOR"}});
    return flags_of(step.flags, {{flag_nonblock, "MSG_DONTWAIT"},
                                 {flag_peek, "MSG_PEEK"},
                                 {flag_wait_all, "MSG_WAITALL"},
                                 {flag_urgent, "MSG_OOB"},
                                 {flag_cloexec, "MSG_CMSG_CLOEXEC"}});
}

// A message of several parts, with descriptors or with a time limit. Nothing for what is not emitted: MSG_TRUNC, which
// tells more than it gives, and credentials.
Lines rich_message(const Operation& step) {
    const bool sends = step.verb == Verb::send;
    const auto& slots = sends ? step.uses : step.makes;
    if (sends ? step.value >= 256 : (step.flags & (flag_real_length | flag_control)) != 0) return {};
    std::string list;
    std::int64_t count = 0;
    for (std::size_t i = sends ? 1 : 0; i < 4 && slots[i] != no_slot; ++i, ++count)
        list += (count ? ", " : "") + (sends ? fd(slots[i]) : std::to_string(slots[i]));
    if (count == 0) list = "0";
    if (sends && step.value != 0) count = -step.value;
    return {fmt::format("{}({}, {}, {}, (int[]){{{}}}, {}, {})", sends ? "send_rich" : "recv_rich", fd(step.uses[0]),
                        vector(step), message_flags(step), list, count, step.timeout_ns),
            {"parts", "rich_messages"},
            !sends};
}

bool is_rich(const Operation& step) {
    const bool carries =
        step.verb == Verb::send ? step.uses[1] != no_slot || step.value != 0 : step.makes[0] != no_slot;
    return carries || step.buffer.segments != 1 || step.timeout_ns != forever ||
           (step.verb == Verb::recv && step.flags & (flag_real_length | flag_control));
}

std::string way(const Operation& step) {
    const auto access = static_cast<Access>(step.value);
    return access == Access::read    ? "SHUT_RD"
           : access == Access::write ? "SHUT_WR"
           : access == Access::both  ? "SHUT_RDWR"
                                     : "3";
}

std::string option(const Operation& step) {
    switch (static_cast<SocketOption>(step.value & 0xff)) {
        case SocketOption::send_buffer: return "SOL_SOCKET, SO_SNDBUF";
        case SocketOption::receive_buffer: return "SOL_SOCKET, SO_RCVBUF";
        case SocketOption::error: return "SOL_SOCKET, SO_ERROR";
        case SocketOption::type: return "SOL_SOCKET, SO_TYPE";
        case SocketOption::linger: return "SOL_SOCKET, SO_LINGER";
        case SocketOption::no_delay: return "IPPROTO_TCP, TCP_NODELAY";
        case SocketOption::cork: return "IPPROTO_TCP, TCP_CORK";
        case SocketOption::quick_ack: return "IPPROTO_TCP, TCP_QUICKACK";
        case SocketOption::receive_limit: return "SOL_SOCKET, SO_RCVTIMEO";
        case SocketOption::send_limit: return "SOL_SOCKET, SO_SNDTIMEO";
        case SocketOption::urgent_inline: return "SOL_SOCKET, SO_OOBINLINE";
        case SocketOption::low_water: return "SOL_SOCKET, SO_RCVLOWAT";
        case SocketOption::peek_offset: return "SOL_SOCKET, SO_PEEK_OFF";
        case SocketOption::overflow: return "SOL_SOCKET, SO_RXQ_OVFL";
        case SocketOption::credentials: return "SOL_SOCKET, SO_PASSCRED";
        default: break;
    }
    return "SOL_SOCKET, -1";
}

// A pointer to the moment when the call gives up, or NULL.
std::string until(const Operation& step) {
    const bool bad = step.flags & flag_unknown;
    if (step.timeout_ns < 0 && !bad) return "NULL";
    const std::string how = flags_of(step.flags, {{flag_unknown, "A_BAD_NS"},
                                                  {flag_now, "NOW"},
                                                  {flag_first_ns, "THE_FIRST_NS"},
                                                  {flag_last_ns, "THE_LAST_NS"}});
    return fmt::format("(struct timespec[]){{deadline({}, {})}}", step.timeout_ns, how);
}

std::string notified(const Operation& step) {
    const std::string number = step.value == 0             ? "0"
                               : step.flags & flag_unknown ? "4096"
                                                           : std::string(name_of(static_cast<Signal>(step.value)));
    return fmt::format("notify({}, {}, {})", fd(step.uses[0]), step.flags & flag_ignore ? "SIGEV_NONE" : "SIGEV_SIGNAL",
                       number);
}

Lines waited_plainly(const Operation& step) {
    const unsigned slot = step.uses[0];
    const auto call = [&](std::string text) { return fmt::format("OF({}, {})", slot, text); };
    if (step.flags & flag_nonblock) return {call(fmt::format("calls.sem_trywait(place[{}])", slot)), {"semaphores"}};
    if (step.timeout_ns == forever) return {call(fmt::format("calls.sem_wait(place[{}])", slot)), {"semaphores"}};
    return {call(fmt::format("calls.sem_timedwait(place[{}], {})", slot, until(step))), {"deadline", "semaphores"}};
}

Lines waited(const Operation& step) {
    Lines lines = waited_plainly(step);
    if ((step.flags & flag_ordered) == 0) return lines;
    lines.call = fmt::format("counted({}, {})", step.uses[0], lines.call);
    lines.sections.push_back("counted");
    return lines;
}

Lines mapped(const Operation& step) {
    const bool anonymous = step.uses[0] == no_slot;
    return {
        fmt::format("map_view({}, {}, {}, PROT_READ{}, {}{}, {})", step.makes[0], anonymous ? "-1" : fd(step.uses[0]),
                    step.buffer.bytes, step.flags & flag_writable ? " | PROT_WRITE" : "",
                    step.flags & flag_private ? "MAP_PRIVATE" : "MAP_SHARED", anonymous ? " | MAP_ANONYMOUS" : "",
                    step.value),
        {"views"}};
}

}  // namespace

Lines lines_of_message(const Operation& step) {
    const std::string first = fd(step.uses[0]);
    const std::string transfer = fmt::format("({}, {}, {}", first, buffer(step), constant(step.buffer.bytes));
    if ((step.verb == Verb::send || step.verb == Verb::recv) && is_rich(step)) return rich_message(step);
    switch (step.verb) {
        case Verb::send: return {"send_it" + transfer + ", " + message_flags(step) + ")", {"messages"}};
        case Verb::recv: return {"recv_it" + transfer + ", " + message_flags(step) + ")", {"messages"}, true};
        case Verb::shutdown: return {fmt::format("calls.shutdown({}, {})", first, way(step)), {}};
        case Verb::get_option:
            if (step.value == static_cast<std::int64_t>(SocketOption::at_mark))
                return {fmt::format("at_mark({})", first), {"options"}};
            return {fmt::format("get_option({}, {})", first, option(step)), {"options"}};
        case Verb::set_option:
            return {fmt::format("set_option({}, {}, {})", first, option(step), step.value >> 8), {"options"}};
        case Verb::mq_send:
            return {
                fmt::format("queue_send{}, {}u, {})", transfer, static_cast<std::uint32_t>(step.value), until(step)),
                {"deadline", "messages_of_queues"}};
        case Verb::mq_receive:
            return {"queue_receive" + transfer + ", " + until(step) + ")", {"deadline", "messages_of_queues"}, true};
        case Verb::mq_attributes: return {fmt::format("queue_attributes({})", first), {"attributes"}};
        case Verb::mq_set_flags:
            return {fmt::format("queue_flags({}, {})", first,
                                flags_of(step.flags, {{flag_nonblock, "O_NONBLOCK"}, {flag_unknown, "O_APPEND"}})),
                    {"attributes"}};
        case Verb::mq_notify: return {notified(step), {"notify"}};
        case Verb::sem_wait: return waited(step);
        case Verb::sem_post:
            if (step.flags & flag_ordered)
                return {fmt::format("post_counted({})", step.uses[0]), {"semaphores", "counted"}};
            return {fmt::format("OF({0}, calls.sem_post(place[{0}]))", step.uses[0]), {"semaphores"}};
        case Verb::sem_value: return {fmt::format("value_of({})", step.uses[0]), {"semaphores"}};
        case Verb::attach: return mapped(step);
        case Verb::detach: return {fmt::format("unmap_view({})", step.uses[0]), {"views"}};
        case Verb::load:
        case Verb::store: {
            const bool loads = step.verb == Verb::load;
            return {fmt::format("transfer({}, {}, {}, {}, {})", step.uses[0], buffer(step), step.buffer.bytes,
                                constant(static_cast<std::uint64_t>(step.value)), loads ? 1 : 0),
                    {"views"},
                    loads};
        }
        default: return {};
    }
}

}  // namespace crosstalk::emit
