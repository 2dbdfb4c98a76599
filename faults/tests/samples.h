// Cases and histories that use each field at least once, for tests of their forms.
#pragma once

#include "faults/case.h"

namespace crosstalk::samples {

// The example of the contract: an interrupted write of PIPE_BUF + 1 bytes, and a reader.
inline Case small_case() {
    Case value;
    value.drawn_for = "pipe/atomicity/interruption";
    value.program.objects = {{0, {.capacity_bytes = 4096}}};
    value.program.actors.resize(2);
    Actor& writer = value.program.actors[0];
    writer.steps = {{.verb = Verb::write, .buffer = {.bytes = 4097}, .uses = {1, no_slot, no_slot, no_slot}},
                    {.verb = Verb::close, .uses = {1, no_slot, no_slot, no_slot}}};
    writer.holds = {1};
    Actor& reader = value.program.actors[1];
    reader.steps = {
        {.verb = Verb::read, .times = 3, .buffer = {.bytes = 65536}, .uses = {0, no_slot, no_slot, no_slot}}};
    reader.holds = {0};
    value.schedule.choices = {0, 1, 0, 1};
    value.plan = {{.fault = *fault_named("interruption"), .actor = 0, .step = 0, .when = When::asleep}};
    return value;
}

inline Case busy_case() {
    constexpr Slot no = no_slot;
    Case value;
    value.drawn_for = "pipe/descriptors/none";
    Program& p = value.program;
    p.objects = {{0, {.capacity_bytes = 8192, .flags = flag_nonblock | flag_direct}}, {0, {}}, {0, {}}};
    p.links = {{0, 1}};
    p.actors.resize(4);
    p.actors[0].holds = {0, 1, 3};
    p.actors[0].steps = {
        {.verb = Verb::create, .object = 2, .flags = flag_cloexec, .makes = {4, 5, no, no}},
        {.verb = Verb::writev, .times = 3, .buffer = {100, 64, 7, Split::with_empty, 0}, .uses = {1, no, no, no}},
        {.verb = Verb::dup,
         .value = static_cast<std::int64_t>(Duplicate::dup3_cloexec),
         .uses = {1, no, no, no},
         .makes = {9, no, no, no}},
        {.verb = Verb::poll,
         .value = poll_in | (std::int64_t{poll_out | poll_hup} << 16),
         .timeout_ns = 1000000,
         .uses = {0, 9, no, no}},
        {.verb = Verb::signal, .flags = flag_restart, .value = static_cast<std::int64_t>(Signal::SIGUSR1_)},
        {.verb = Verb::start, .value = 1},
        {.verb = Verb::start, .value = 2},
        {.verb = Verb::pass, .uses = {mailbox_of(3), 9, 5, no}},
        {.verb = Verb::limit, .value = 1},
        {.verb = Verb::set_flags, .flags = flag_nonblock | flag_async, .uses = {0, no, no, no}},
        {.verb = Verb::exit, .value = 7},
    };
    p.actors[1] = {ActorKind::forked,
                   0,
                   0,
                   {},
                   {{.verb = Verb::write, .buffer = {.bytes = ~0ull}, .uses = {3, no, no, no}}, {.verb = Verb::exec}}};
    p.actors[2] = {ActorKind::thread,
                   0,
                   0,
                   {},
                   {{.verb = Verb::read, .buffer = {.bytes = 5}, .uses = {0, no, no, no}},
                    {.verb = Verb::splice, .flags = flag_nonblock, .buffer = {.bytes = 17}, .uses = {0, 3, no, no}}}};
    p.actors[3].holds = {2};
    p.actors[3].steps = {
        {.verb = Verb::receive, .flags = flag_cloexec, .uses = {mailbox_of(3), no, no, no}, .makes = {7, 8, no, no}},
        {.verb = Verb::set_cloexec, .value = 1, .uses = {7, no, no, no}},
        {.verb = Verb::nothing}};
    value.schedule = {Mode::free, {0, 3, 3, 0, 1}, {{0, 1, 250}, {3, 2, 1}}, true};
    value.plan = {{*fault_named("interruption"), 0, 1, 2, When::before, true, -5},
                  {*fault_named("killed-peer"), 2, 0, 0, When::asleep, false, 0}};
    return value;
}

inline History busy_history() {
    History h;
    h.runs = {{RunKind::origin, 0, 1, 64, 200}, {RunKind::raw, 0, 0, 2, 3}, {RunKind::foreign, 9, 8, 7, 16}};
    h.raw = {1, 2, 3, 4, 255};
    h.events = {
        {.kind = EventKind::probe, .object = 1, .began = 1, .ended = 1, .result = 0, .value = 65536},
        {.kind = EventKind::call,
         .actor = 0,
         .step = 1,
         .verb = Verb::writev,
         .error = Errno::EAGAIN_,
         .fault = 1,
         .times = 2,
         .began = 2,
         .ended = 5,
         .result = 200},
        {.kind = EventKind::call,
         .actor = 2,
         .step = 0,
         .verb = Verb::read,
         .first_run = 0,
         .run_count = 3,
         .truncated = 1,
         .began = 3,
         .ended = 9,
         .result = 219,
         .took_ns = 1234},
        {.kind = EventKind::signal,
         .actor = 0,
         .step = 1,
         .signal = Signal::SIGUSR1_,
         .began = 4,
         .ended = 4,
         .value = -6},
        {.kind = EventKind::fault, .actor = 0, .step = 1, .fault = 1, .began = 5, .ended = 5, .result = 1},
        {.kind = EventKind::call,
         .actor = 0,
         .step = 3,
         .verb = Verb::poll,
         .began = 6,
         .ended = 7,
         .result = 1,
         .value = poll_in | (std::int64_t{poll_out | poll_err} << 16)},
        {.kind = EventKind::call,
         .actor = 0,
         .step = 9,
         .verb = Verb::set_flags,
         .error = Errno::EBADF_,
         .times = 0,
         .began = 8,
         .ended = 9,
         .result = -1},
        {.kind = EventKind::call, .actor = 3, .step = 0, .verb = Verb::receive, .times = 0, .began = 10},
        {.kind = EventKind::death, .actor = 2, .step = 1, .signal = Signal::SIGKILL_, .began = 11, .ended = 12},
        {.kind = EventKind::asleep, .actor = 3, .step = 0, .verb = Verb::receive, .began = 13, .ended = 13},
        {.kind = EventKind::spinning, .actor = 1, .step = 1, .began = ~0ull, .ended = ~0ull},
    };
    h.ending = Ending::calm;
    h.why = "actor 3 slept for good";
    return h;
}

}  // namespace crosstalk::samples
