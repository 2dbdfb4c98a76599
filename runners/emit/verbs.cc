// Verbs as C. See verbs.h.
#include "runners/emit/verbs.h"

#include <poll.h>

#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"

namespace crosstalk::emit {
namespace {

constexpr std::uint64_t most_bytes = 1u << 24;  // BYTES_MAX of the runtime

// A count as a C constant: beyond LONG_MAX it says that it is unsigned.
std::string constant(std::uint64_t count) { return std::to_string(count) + (count >> 63 ? "u" : ""); }

std::string fd(Slot slot) { return slot == no_slot ? "-1" : fmt::format("fd[{}]", slot); }

struct CFlag {
    std::uint16_t bit;
    const char* name;
};
std::string flags(std::uint16_t bits) {
    std::string text;
    for (const CFlag& each :
         {CFlag{flag_nonblock, "O_NONBLOCK"}, CFlag{flag_direct, "O_DIRECT"}, CFlag{flag_async, "O_ASYNC"},
          CFlag{flag_cloexec, "O_CLOEXEC"}, CFlag{flag_unknown, "O_TRUNC"}})
        if (bits & each.bit) text += (text.empty() ? "" : " | ") + std::string(each.name);
    return text.empty() ? "0" : text;
}

struct PollName {
    PollBit ours;
    short number;
    const char* name;
};
constexpr PollName poll_names[] = {{poll_in, POLLIN, "POLLIN"},       {poll_out, POLLOUT, "POLLOUT"},
                                   {poll_err, POLLERR, "POLLERR"},    {poll_hup, POLLHUP, "POLLHUP"},
                                   {poll_nval, POLLNVAL, "POLLNVAL"}, {poll_pri, POLLPRI, "POLLPRI"},
                                   {poll_rdhup, 0x2000, "POLLRDHUP"}};

std::uint16_t poll_bits(std::int64_t value, std::size_t slot) {
    return static_cast<std::uint16_t>(static_cast<std::uint64_t>(value) >> (16 * slot));
}

// The buffer of a transfer, as an expression.
std::string buffer(const Operation& step, bool reads) {
    if (step.buffer.mapped < step.buffer.bytes)
        return fmt::format("partly_mapped({}, {})", step.buffer.mapped, reads ? 0 : 1);
    return reads ? "room()" : fmt::format("bytes({})", step.buffer.bytes > most_bytes ? 1 : step.buffer.bytes);
}

std::string vector(const Operation& step, bool reads) {
    return fmt::format("parts({}, {}, {}, {}), {}", buffer(step, reads), constant(step.buffer.bytes),
                       step.buffer.segments, static_cast<int>(step.buffer.split), step.buffer.segments);
}

std::string poll_call(const Operation& step) {
    std::string list;
    std::size_t count = 0;
    for (; count < step.uses.size() && step.uses[count] != no_slot; ++count) {
        std::string events;
        for (const PollName& each : poll_names)
            if (poll_bits(step.value, count) & each.ours)
                events += (events.empty() ? "" : " | ") + std::string(each.name);
        list += fmt::format("{}{{{}, {}, 0}}", count ? ", " : "", fd(step.uses[count]), events.empty() ? "0" : events);
    }
    return fmt::format("poll_them((struct pollfd[]){{{}}}, {}, {})", list, count, step.timeout_ns);
}

std::string dup_call(const Operation& step) {
    const std::string from = fd(step.uses[0]);
    const unsigned to = step.makes[0];
    switch (static_cast<Duplicate>(step.value)) {
        case Duplicate::dup: return fmt::format("bound({}, calls.dup({}))", to, from);
        case Duplicate::dup2: return fmt::format("bound({0}, calls.dup2({1}, target({0})))", to, from);
        case Duplicate::dup3_cloexec:
            return fmt::format("bound({0}, calls.dup3({1}, target({0}), O_CLOEXEC))", to, from);
        case Duplicate::fcntl: return fmt::format("bound({}, calls.fcntl({}, F_DUPFD, 0))", to, from);
        case Duplicate::fcntl_cloexec: return fmt::format("bound({}, calls.fcntl({}, F_DUPFD_CLOEXEC, 0))", to, from);
    }
    return "0";
}

std::string signal_call(const Operation& step) {
    const std::string name(name_of(static_cast<Signal>(step.value)));
    if (step.flags & flag_block)
        return fmt::format("(sigprocmask(SIG_BLOCK, &(sigset_t){{{{1ul << ({} - 1)}}}}, NULL))", name);
    if (step.flags & (flag_ignore | flag_standard))
        return fmt::format("(signal({}, {}) == SIG_ERR ? -1 : 0)", name,
                           step.flags & flag_ignore ? "SIG_IGN" : "SIG_DFL");
    return fmt::format("(handle({}, {}), 0)", name, step.flags & flag_restart ? "SA_RESTART" : "0");
}

std::string passed(const Operation& step) {
    std::string list;
    int count = 0;
    for (std::size_t i = 1; i < step.uses.size(); ++i)
        if (step.uses[i] != no_slot) list += (count++ ? ", " : "") + fd(step.uses[i]);
    return fmt::format("pass({}, {}, (int[]){{{}}}, {})", step.uses[0] - first_mailbox, count, list,
                       step.flags & flag_nonblock ? "MSG_DONTWAIT" : "0");
}

std::string receive_call(const Operation& step) {
    std::string list;
    int count = 0;
    for (std::size_t i = 0; i < 3 && step.makes[i] != no_slot; ++i)
        list += fmt::format("{}{}", count++ ? ", " : "", step.makes[i]);
    return fmt::format("receive({}, (int[]){{{}}}, {})", count, list,
                       step.flags & flag_nonblock  ? "MSG_DONTWAIT"
                       : step.flags & flag_cloexec ? "MSG_CMSG_CLOEXEC"
                                                   : "0");
}

std::string move_flags(const Operation& step) { return step.flags & flag_nonblock ? "SPLICE_F_NONBLOCK" : "0"; }

}  // namespace

Expected<Lines> lines_of(const Program& program, ActorId actor, StepId number) {
    const Operation& step = program.actors[actor].steps[number];
    const std::string first = fd(step.uses[0]);
    const std::uint64_t asked = step.buffer.bytes;
    const std::string bytes = constant(asked);
    const auto refuse = [&](std::string_view what) {
        return tl::unexpected(fmt::format("actor {} step {}: {} cannot be emitted as C", actor, number, what));
    };
    const auto plain = [](std::string call, std::vector<std::string_view> sections = {}) {
        return Lines{std::move(call), std::move(sections)};
    };
    const bool reads = step.verb == Verb::read || step.verb == Verb::readv || step.verb == Verb::pread;
    const bool absurd = asked > std::uint64_t{1} << 62;  // above SSIZE_MAX: refused before a byte is looked at
    if (sheet_of(step.verb).moves_bytes() && asked > most_bytes && !reads && !absurd)
        return refuse("a write of more than 16 MiB");
    if (step.times > 1 && !sheet_of(step.verb).moves_bytes())
        return refuse("a step of several calls that move no bytes");
    std::vector<std::string_view> sections;
    if (step.buffer.mapped < asked) sections.push_back("fault");
    if (step.verb == Verb::writev || step.verb == Verb::readv || step.verb == Verb::vmsplice)
        sections.push_back("parts");
    switch (step.verb) {
        case Verb::write:
            return Lines{fmt::format("calls.write({}, {}, {})", first, buffer(step, false), bytes), sections};
        case Verb::writev: return Lines{fmt::format("calls.writev({}, {})", first, vector(step, false)), sections};
        case Verb::read:
            return Lines{fmt::format("calls.read({}, {}, {})", first, buffer(step, true), bytes), sections, true};
        case Verb::readv: return Lines{fmt::format("calls.readv({}, {})", first, vector(step, true)), sections, true};
        case Verb::pread: return plain(fmt::format("calls.pread({}, room(), {}, 0)", first, bytes));
        case Verb::pwrite: return plain(fmt::format("calls.pwrite({}, bytes({}), {}, 0)", first, bytes, bytes));
        case Verb::vmsplice:
            return Lines{fmt::format("calls.vmsplice({}, {}, {})", first, vector(step, false), move_flags(step)),
                         sections};
        case Verb::splice:
            return plain(fmt::format("calls.splice({}, NULL, {}, NULL, {}, {})", first, fd(step.uses[1]), bytes,
                                     move_flags(step)));
        case Verb::tee:
            return plain(fmt::format("calls.tee({}, {}, {}, {})", first, fd(step.uses[1]), bytes, move_flags(step)));
        case Verb::create:
            if (!is_pipe(mechanism_of(program.objects[step.object].mechanism))) return refuse(sheet_of(step.verb).name);
            if (step.flags & flag_bad_pointer)
                return plain("calls.pipe2((int *)(void *)partly_mapped(0, 0), 0)", {"fault"});
            return plain(fmt::format("create({}, {}, {}, {})", step.makes[0], step.makes[1], flags(step.flags),
                                     program.objects[step.object].asked.capacity_bytes),
                         {"create"});
        case Verb::close: return plain(fmt::format("close_it({})", step.uses[0]), {"close"});
        case Verb::dup: return plain(dup_call(step), {"dup"});
        case Verb::set_flags: return plain(fmt::format("set_flags({}, {})", first, flags(step.flags)), {"flags"});
        case Verb::get_flags: return plain(fmt::format("get_flags({})", first), {"flags"});
        case Verb::set_cloexec:
            return plain(fmt::format("calls.fcntl({}, F_SETFD, {})", first, step.value ? "FD_CLOEXEC" : "0"));
        case Verb::get_capacity: return plain(fmt::format("calls.fcntl({}, F_GETPIPE_SZ)", first));
        case Verb::set_capacity:
            return plain(fmt::format("calls.fcntl({}, F_SETPIPE_SZ, {})", first, static_cast<int>(step.value)));
        case Verb::available: return plain(fmt::format("available({})", first), {"available"});
        case Verb::poll: return plain(poll_call(step), {"poll"});
        case Verb::stat: return plain(fmt::format("is_fifo({})", first), {"stat"});
        case Verb::seek: return plain(fmt::format("calls.lseek({}, 0, SEEK_CUR)", first));
        case Verb::sync: return plain(fmt::format("calls.fsync({})", first));
        case Verb::truncate: return plain(fmt::format("calls.ftruncate({}, {})", first, step.value));
        case Verb::map: return plain(fmt::format("map_page({})", first), {"map"});
        case Verb::path_limit: return plain(fmt::format("fpathconf({}, _PC_PIPE_BUF)", first));
        case Verb::limit: return plain(fmt::format("limit_descriptors({})", step.value), {"limit"});
        case Verb::signal: return plain(signal_call(step));
        case Verb::start: {
            const bool thread = program.actors[static_cast<std::size_t>(step.value)].kind == ActorKind::thread;
            return plain(fmt::format("{}({})", thread ? "start_thread" : "start_process", step.value),
                         {thread ? "threads" : "forks"});
        }
        case Verb::exit: return Lines{fmt::format("leave({})", step.value), {}, false, false};
        case Verb::pass: return plain(passed(step), {"pass"});
        case Verb::receive: return plain(receive_call(step), {"pass"});
        case Verb::nothing: return plain("0");
        default: break;
    }
    return refuse(sheet_of(step.verb).name);
}

long expected_result(const Operation& step, const Event& event) {
    if (event.result < 0) return -1;
    switch (step.verb) {
        case Verb::create:
        case Verb::dup:
        case Verb::pass:
        case Verb::receive: return 0;
        case Verb::poll: break;
        default: return static_cast<long>(event.result);
    }
    long answered = 0;
    for (std::size_t i = 0; i < step.uses.size() && step.uses[i] != no_slot; ++i) {
        short bits = 0;
        for (const PollName& each : poll_names)
            if (poll_bits(event.value, i) & each.ours) bits = static_cast<short>(bits | each.number);
        answered = answered * 4096 + bits;
    }
    return answered;
}

bool is_comparable(Verb verb) { return verb != Verb::create && verb != Verb::dup; }

}  // namespace crosstalk::emit
