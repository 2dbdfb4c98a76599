// Plainer. See plainer.h.
#include "properties/draw/plainer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "mechanisms/catalog.h"
#include "properties/draw/cuts.h"

namespace crosstalk {
namespace {

// Reading all there is shows bytes, their order and the end of file; what it cannot show the others may.
enum class Look : unsigned { read_all, read, available, capacity, poll_reader, poll_writer, other, asleep };
constexpr std::array looks{Look::read_all, Look::available, Look::capacity, Look::poll_reader, Look::poll_writer};
constexpr std::uint64_t everything = 65536;

// The call to look instead of: the event itself, or the first call that never returned.
const Event* call_at(const History& history, std::size_t event) {
    if (event >= history.events.size()) return nullptr;
    if (history.events[event].kind == EventKind::call) return &history.events[event];
    const auto open = std::ranges::find_if(
        history.events, [](const Event& each) { return each.kind == EventKind::call && each.ended == 0; });
    return open == history.events.end() ? nullptr : &*open;
}

bool in_program(const Case& value, const Event& call) {
    return call.actor < value.program.actors.size() && call.step < value.program.actors[call.actor].steps.size();
}

Look look_of(const Event& call, const Operation& step) {
    if (call.ended == 0) return Look::asleep;
    switch (step.verb) {
        case Verb::read:
        case Verb::readv: return step.buffer.bytes < everything ? Look::read : Look::read_all;
        case Verb::available: return Look::available;
        case Verb::get_capacity: return Look::capacity;
        case Verb::poll: return (step.value & poll_out) != 0 ? Look::poll_writer : Look::poll_reader;
        default: return Look::other;
    }
}

// The end that is written to is the last one: a queue has one end for both.
Operation operation_of(Look look, const Program& program, ObjectId object) {
    const int ends = mechanism_of(program.objects[object].mechanism).facts.ends;
    Operation out;
    out.uses[0] = initial_slot(object, look == Look::poll_writer && ends > 1 ? 1 : 0);
    switch (look) {
        case Look::read_all: out.verb = Verb::read, out.buffer.bytes = everything; break;
        case Look::available: out.verb = Verb::available; break;
        case Look::capacity: out.verb = Verb::get_capacity; break;
        default: out.verb = Verb::poll, out.timeout_ns = 0; break;
    }
    if (look == Look::poll_reader) out.value = poll_in;
    if (look == Look::poll_writer) out.value = poll_out;
    return out;
}

void hold(Program& program, ActorId actor, Slot slot) {
    while (program.actors[actor].kind != ActorKind::pooled) actor = program.actors[actor].parent;
    std::vector<Slot>& holds = program.actors[actor].holds;
    const auto at = std::ranges::lower_bound(holds, slot);
    if (at == holds.end() || *at != slot) holds.insert(at, slot);
}

Case with_look(const Case& value, const Event& call, const Operation& look, ObjectId object, std::uint16_t flags) {
    draw::Keep keep = draw::keep_all(value);
    for (std::size_t s = call.step + 1u; s < max_steps; ++s) keep.steps[call.actor].reset(s);
    Case plain = value;
    plain.program.actors[call.actor].steps[call.step] = look;
    plain.program.objects[object].asked.flags = flags;
    std::erase_if(plain.plan, [&](const Injection& injection) {
        return injection.actor == call.actor && injection.step == call.step;
    });
    hold(plain.program, call.actor, look.uses[0]);
    return draw::cut(plain, std::move(keep));
}

// A read of all comes without packets and never sleeps, or else as things are; in some sizes that make no difference
// but to what fails now and then; and as a read of the first byte.
std::vector<Case> with_looks(const Case& value, const Event& call, Look look, ObjectId object) {
    constexpr std::uint64_t sizes = 4;
    std::vector<Case> out;
    const std::uint16_t flags = value.program.objects[object].asked.flags;
    Operation operation = operation_of(look, value.program, object);
    if (look != Look::read_all) return {with_look(value, call, operation, object, flags)};
    for (; operation.buffer.bytes < everything + sizes; ++operation.buffer.bytes)
        out.push_back(with_look(value, call, operation, object, flag_nonblock));
    operation.buffer.bytes = 1;
    out.push_back(with_look(value, call, operation, object, flag_nonblock));
    operation.buffer.bytes = everything;
    for (const std::uint16_t other : {static_cast<std::uint16_t>(flags | flag_nonblock), flags})
        if (other != flag_nonblock) out.push_back(with_look(value, call, operation, object, other));
    return out;
}

// A write that is no larger than fits, and is read back at once: it shows the bytes where a refusal shows only a count.
// By default: in an object with the room that it has if nobody asks for less, where that write is not refused.
std::optional<Case> read_back(const Case& value, const Event& call, std::uint64_t bytes, bool by_default) {
    const Operation& write = value.program.actors[call.actor].steps[call.step];
    const bool writes = write.verb == Verb::write || write.verb == Verb::writev || write.verb == Verb::vmsplice;
    if (!writes || write.uses[0] >= 2 * value.program.objects.size() || write.buffer.bytes < bytes) return std::nullopt;
    draw::Keep keep = draw::keep_all(value);
    for (std::size_t s = call.step + 1u; s < max_steps; ++s) keep.steps[call.actor].reset(s);
    Case plain = draw::cut(value, std::move(keep));
    if (call.actor >= plain.program.actors.size()) return std::nullopt;
    std::vector<Operation>& steps = plain.program.actors[call.actor].steps;
    steps.back().buffer.bytes = bytes;
    steps.back().times = 1;
    const auto object = static_cast<ObjectId>(write.uses[0] / 2);
    Asked& asked = plain.program.objects[object].asked;
    if (by_default && asked.capacity_bytes == 0) return std::nullopt;
    if (by_default) asked.capacity_bytes = 0;
    asked.flags |= flag_nonblock;
    steps.push_back(operation_of(Look::read_all, plain.program, object));
    hold(plain.program, call.actor, steps.back().uses[0]);
    return plain;
}

}  // namespace

unsigned plainness(const Case& value, const History& history, std::size_t event) {
    const Event* call = call_at(history, event);
    if (call == nullptr || !in_program(value, *call)) return 0;
    return static_cast<unsigned>(look_of(*call, value.program.actors[call->actor].steps[call->step]));
}

std::vector<Case> plainer(const Case& value, const History& history, std::size_t event) {
    std::vector<Case> out;
    const Event* at = call_at(history, event);
    if (at == nullptr || !in_program(value, *at)) return out;
    const Event& call = *at;
    const unsigned now = plainness(value, history, event);
    for (const Look look : looks)
        for (std::size_t object = 0; object < value.program.objects.size(); ++object) {
            if (static_cast<unsigned>(look) > now) continue;
            const Mechanism& mechanism = mechanism_of(value.program.objects[object].mechanism);
            const auto id = static_cast<ObjectId>(object);
            if (!offers(mechanism, operation_of(look, value.program, id).verb)) continue;
            for (Case& plain : with_looks(value, call, look, id))
                if (!(plain == value) && why_not(plain).empty()) out.push_back(std::move(plain));
        }
    if (now < static_cast<unsigned>(Look::other)) return out;
    for (const bool by_default : {false, true})
        for (const std::uint64_t bytes : {1u, 2u, 4096u, 4097u})
            if (std::optional<Case> plain = read_back(value, call, bytes, by_default); plain && why_not(*plain).empty())
                out.push_back(std::move(*plain));
    return out;
}

}  // namespace crosstalk
