// Verbs as C: a row each. Those of objects, and of messages, stand beside. See verbs.h.
#include "runners/emit/verbs.h"

#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "runners/emit/poll_names.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

std::string_view asker(const Operation& step) {
    return step.flags & flag_epoll ? "epoll" : step.flags & flag_select ? "select" : "poll";
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
    const std::string_view way = asker(step);
    return fmt::format("{}_them((struct pollfd[]){{{}}}, {}, {})", way, list, count, step.timeout_ns);
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

// Verbs that look at or change a descriptor, or ask something of the process. An empty call: none of these.
Lines lines_of_descriptor(const Program& program, const Operation& step, std::size_t execs) {
    const std::string first = fd(step.uses[0]);
    switch (step.verb) {
        case Verb::dup: return {dup_call(step), {"dup"}};
        case Verb::set_flags: return {fmt::format("set_flags({}, {})", first, status_flags(step.flags)), {"flags"}};
        case Verb::get_flags: return {fmt::format("get_flags({})", first), {"flags"}};
        case Verb::set_cloexec:
            return {fmt::format("calls.fcntl({}, F_SETFD, {})", first, step.value ? "FD_CLOEXEC" : "0"), {}};
        case Verb::get_capacity: return {fmt::format("calls.fcntl({}, F_GETPIPE_SZ)", first), {}};
        case Verb::set_capacity:
            return {fmt::format("calls.fcntl({}, F_SETPIPE_SZ, {})", first, static_cast<int>(step.value)), {}};
        case Verb::available: return {fmt::format("available({})", first), {"available"}};
        case Verb::poll: return {poll_call(step), {asker(step)}};
        case Verb::stat: return {fmt::format("is_fifo({})", first), {"stat"}};
        case Verb::seek: return {fmt::format("calls.lseek({}, 0, SEEK_CUR)", first), {}};
        case Verb::sync: return {fmt::format("calls.fsync({})", first), {}};
        case Verb::truncate: return {fmt::format("calls.ftruncate({}, {})", first, step.value), {}};
        case Verb::map: return {fmt::format("map_page({})", first), {"map"}};
        case Verb::path_limit: return {fmt::format("fpathconf({}, _PC_PIPE_BUF)", first), {}};
        case Verb::limit: return {fmt::format("limit_descriptors({})", step.value), {"limit"}};
        case Verb::signal: return {signal_call(step), {}};
        case Verb::start: {
            const bool thread = program.actors[static_cast<std::size_t>(step.value)].kind == ActorKind::thread;
            return {fmt::format("{}({})", thread ? "start_thread" : "start_process", step.value),
                    {thread ? "threads" : "forks"}};
        }
        case Verb::exec: return {fmt::format("exec_again({})", execs), {"exec"}};
        case Verb::exit: return {fmt::format("leave({})", step.value), {}, false, false};
        case Verb::pass: return {passed(step), {"pass"}};
        case Verb::receive: return {receive_call(step), {"pass"}};
        case Verb::nothing: return {"0", {}};
        default: return {};
    }
}

// Verbs that move bytes by read(2) and its like.
Lines lines_of_transfer(const Operation& step) {
    const std::string first = fd(step.uses[0]), bytes = constant(step.buffer.bytes), nowait = move_flags(step);
    const auto plain = [&](std::string_view call) {
        return fmt::format("calls.{}({}, {}, {})", call, first, buffer(step), bytes);
    };
    switch (step.verb) {
        case Verb::write: return {plain("write"), {}};
        case Verb::read: return {plain("read"), {}, true};
        case Verb::writev: return {fmt::format("calls.writev({}, {})", first, vector(step)), {"parts"}};
        case Verb::readv: return {fmt::format("calls.readv({}, {})", first, vector(step)), {"parts"}, true};
        case Verb::vmsplice: return {fmt::format("calls.vmsplice({}, {}, {})", first, vector(step), nowait), {"parts"}};
        case Verb::pread: return {fmt::format("calls.pread({}, {}, {}, 0)", first, buffer(step), bytes), {}, true};
        case Verb::pwrite: return {fmt::format("calls.pwrite({}, {}, {}, 0)", first, buffer(step), bytes), {}};
        case Verb::splice:
            return {fmt::format("calls.splice({}, NULL, {}, NULL, {}, {})", first, fd(step.uses[1]), bytes, nowait),
                    {}};
        case Verb::tee: return {fmt::format("calls.tee({}, {}, {}, {})", first, fd(step.uses[1]), bytes, nowait), {}};
        default: return {};
    }
}

}  // namespace

Expected<Lines> lines_of(const Program& program, ActorId actor, StepId number, std::size_t execs) {
    const Operation& step = program.actors[actor].steps[number];
    const auto refuse = [&](std::string_view what) {
        return tl::unexpected(fmt::format("actor {} step {}: {} cannot be emitted as C", actor, number, what));
    };
    for (Lines lines : {lines_of_transfer(step), lines_of_descriptor(program, step, execs),
                        lines_of_place(program, step), lines_of_object(program, step), lines_of_message(step)}) {
        if (lines.call.empty()) continue;
        if (is_partly_mapped(step)) lines.sections.push_back("fault");
        return lines;
    }
    return refuse(sheet_of(step.verb).name);
}

}  // namespace crosstalk::emit
