// Any well-formed case and any history come back equal from the wire and from their text: drawn at random, without
// regard to what would be interesting to play.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "faults/text/case_text.h"
#include "faults/text/history_text.h"

namespace crosstalk {
namespace {

template <class T>
T below(std::uint64_t end) {
    return static_cast<T>(*rc::gen::resize(1000, rc::gen::inRange<std::uint64_t>(0, end)));
}

std::array<Slot, 4> some_slots(std::size_t count) {
    std::array<Slot, 4> slots{no_slot, no_slot, no_slot, no_slot};
    for (std::size_t i = 0; i < count; ++i) slots[i] = below<Slot>(first_mailbox);
    return slots;
}

// A step that stands anywhere: it makes slots only by dup2, and starts nobody.
Operation some_step(std::size_t actors) {
    const Verb verb = *rc::gen::element(Verb::write, Verb::writev, Verb::read, Verb::close, Verb::dup, Verb::set_flags,
                                        Verb::set_cloexec, Verb::set_capacity, Verb::poll, Verb::splice, Verb::vmsplice,
                                        Verb::limit, Verb::signal, Verb::exit, Verb::pass, Verb::nothing);
    const VerbSheet& sheet = sheet_of(verb);
    Operation step{.verb = verb, .flags = below<std::uint16_t>(2048), .uses = some_slots(sheet.uses)};
    if (verb == Verb::poll) step.flags &= ~(flag_epoll | flag_select);  // not every program may ask so
    if (sheet.moves_bytes()) {
        step.times = 1 + below<std::uint32_t>(5);
        step.buffer = {*rc::gen::element<std::uint64_t>(0, 1, 4096, 65537, ~0ull, 1ull << 63),
                       *rc::gen::element(0u, 4095u, ~0u), below<std::uint16_t>(1030), below<Split>(4), 0};
        if (step.buffer.mapped != ~0u) step.buffer.bytes /= 2;
    }
    switch (verb) {
        case Verb::dup: step.value = 1, step.makes = some_slots(1); break;
        case Verb::set_cloexec: step.value = below<std::int64_t>(2); break;
        case Verb::set_capacity: step.value = *rc::gen::arbitrary<std::int64_t>(); break;
        case Verb::poll:
            for (int slot = 0; slot < 4; ++slot) step.value |= below<std::int64_t>(128) << (16 * slot);
            step.timeout_ns = *rc::gen::element<std::int64_t>(std::int64_t{forever}, 0, 1, 1'000'000);
            break;
        case Verb::limit: step.value = below<std::int64_t>(1025); break;
        case Verb::signal: step.value = 1 + below<std::int64_t>(static_cast<std::uint64_t>(Signal::other) - 1); break;
        case Verb::exit: step.value = below<std::int64_t>(256); break;
        case Verb::pass: step.uses[0] = mailbox_of(below<ActorId>(actors)); break;
        default: break;
    }
    return step;
}

Case some_case() {
    Case value;
    value.drawn_for = *rc::gen::element<std::string>("", "pipe/order/none", "a \"quoted\" \\ text");
    value.program.objects.resize(below<std::size_t>(4));
    for (Object& object : value.program.objects)
        object.asked = {*rc::gen::arbitrary<std::uint64_t>(), below<std::uint16_t>(2048)};
    value.program.actors.resize(1 + below<std::size_t>(5));
    for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
        Actor& actor = value.program.actors[a];
        for (Slot slot = 0; slot < 2 * value.program.objects.size(); ++slot)
            if (*rc::gen::arbitrary<bool>()) actor.holds.push_back(slot);
        actor.steps.resize(below<std::size_t>(8));
        for (Operation& step : actor.steps) step = some_step(value.program.actors.size());
        value.schedule.choices.insert(value.schedule.choices.end(), actor.steps.size(), static_cast<ActorId>(a));
        for (StepId s = 0; s < actor.steps.size(); ++s) {
            const Injection strike{below<FaultId>(faults().size()),
                                   static_cast<ActorId>(a),
                                   s,
                                   0,
                                   below<When>(4),
                                   *rc::gen::arbitrary<bool>(),
                                   *rc::gen::element<std::int64_t>(0, 1, -1)};
            if (fault_of(strike.fault).may_strike(actor.steps[s], strike.when)) value.plan.push_back(strike);
            if (*rc::gen::arbitrary<bool>())
                value.schedule.delays.push_back({strike.actor, s, below<std::uint32_t>(1000)});
        }
    }
    value.schedule.mode = below<Mode>(2);
    value.schedule.spread = *rc::gen::arbitrary<bool>();
    return value;
}

crosstalk::Run some_run(History& history) {
    crosstalk::Run run{below<RunKind>(3), below<ActorId>(max_actors), below<StepId>(max_steps),
                       below<std::uint32_t>(1 << 21), 1 + below<std::uint32_t>(20)};
    if (run.kind != RunKind::raw) return run;
    run = {RunKind::raw, 0, 0, static_cast<std::uint32_t>(history.raw.size()), run.length};
    for (std::uint32_t i = 0; i < run.length; ++i) history.raw.push_back(below<std::uint8_t>(256));
    return run;
}

History some_history() {
    History history;
    Stamp stamp = 0;
    for (std::size_t i = 0, count = below<std::size_t>(20); i < count; ++i) {
        Event e{below<EventKind>(event_kind_count),
                below<ActorId>(max_actors),
                below<StepId>(max_steps),
                below<Verb>(verb_count),
                below<Errno>(static_cast<std::uint64_t>(Errno::other) + 1),
                below<Signal>(static_cast<std::uint64_t>(Signal::other) + 1),
                below<FaultId>(faults().size()),
                below<std::uint32_t>(4)};
        e.first_run = static_cast<std::uint32_t>(history.runs.size());
        e.run_count = below<std::uint32_t>(3);
        for (std::uint32_t r = 0; r < e.run_count; ++r) history.runs.push_back(some_run(history));
        e.object = below<ObjectId>(max_objects);
        e.truncated = below<std::uint8_t>(2);
        e.began = stamp += below<Stamp>(5);
        if (*rc::gen::arbitrary<bool>()) e.ended = e.began + below<Stamp>(9);
        e.result = *rc::gen::arbitrary<std::int64_t>();
        e.value = *rc::gen::arbitrary<std::int64_t>();
        e.took_ns = *rc::gen::arbitrary<std::int64_t>();
        history.events.push_back(e);
    }
    history.ending = below<Ending>(ending_count);
    history.why = *rc::gen::element<std::string>("", "because \"so\"");
    return history;
}

RC_GTEST_PROP(RoundTrip, OfACaseIsExact, ()) {
    const Case value = some_case();
    RC_TAG(value.program.actors.size());
    RC_ASSERT(why_not(value) == "");
    const auto travelled = decode_case(encode(value));
    RC_ASSERT(travelled.has_value());
    RC_ASSERT(*travelled == value);
    for (const std::string& text : {to_text(value), to_line(value)}) {
        const auto read = case_from_text(text);
        if (!read) RC_FAIL(read.error());
        RC_ASSERT(*read == value);
    }
}

RC_GTEST_PROP(RoundTrip, OfAHistoryIsExact, ()) {
    const History value = some_history();
    const auto travelled = decode_history(encode(value));
    RC_ASSERT(travelled.has_value());
    RC_ASSERT(*travelled == value);
    const Recording recording{{}, value, {}, below<std::uint16_t>(65536)};
    for (const std::string& text : {to_text(recording), to_line(recording)}) {
        const auto read = history_from_text(text);
        if (!read) RC_FAIL(read.error());
        RC_ASSERT(read->history == value);
        RC_ASSERT(read->case_number == recording.case_number);
    }
}

}  // namespace
}  // namespace crosstalk
