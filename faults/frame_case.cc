// A case on the wire: a head with all counts, then each list as its flat values, in the order of the head.
#include "faults/wire.h"

namespace crosstalk {
namespace {

using wire::wrong;

constexpr std::uint16_t case_version = 2;

struct CaseHead {
    std::uint16_t version, drawn_for_bytes;
    std::uint8_t objects, actors, mode, spread;
    std::uint16_t links, choices, delays, injections;
};
struct FlatObject {
    std::uint64_t capacity_bytes;
    std::int64_t value;
    std::uint32_t records, record_bytes;
    std::uint16_t flags;
    MechanismId mechanism;
    std::array<std::uint8_t, 5> spare;
};
struct FlatActor {
    ActorKind kind;
    ActorId parent;
    HostId host;
    std::uint8_t holds;
    std::uint16_t steps;
};
struct FlatDelay {
    std::uint32_t spin_ns;
    StepId step;
    ActorId actor;
    std::uint8_t spare;
};
struct FlatInjection {
    std::int64_t argument;
    std::uint32_t occurrence;
    StepId step;
    FaultId fault;
    ActorId actor;
    When when;
    std::uint8_t restart;
    std::array<std::uint8_t, 6> spare;
};

void append(std::vector<std::uint8_t>& out, const Program& program) {
    for (const Object& o : program.objects)
        wire::append(out, FlatObject{o.asked.capacity_bytes,
                                     o.asked.value,
                                     o.asked.records,
                                     o.asked.record_bytes,
                                     o.asked.flags,
                                     o.mechanism,
                                     {}});
    wire::append(out, std::span<const Link>(program.links));
    for (const Actor& a : program.actors)
        wire::append(out, FlatActor{a.kind, a.parent, a.host, static_cast<std::uint8_t>(a.holds.size()),
                                    static_cast<std::uint16_t>(a.steps.size())});
    for (const Actor& a : program.actors) {
        wire::append(out, std::span<const Slot>(a.holds));
        wire::append(out, std::span<const Operation>(a.steps));
    }
}

const char* read_actors(wire::Reader& reader, const CaseHead& head, Program& program) {
    std::vector<FlatActor> flat;
    reader.many(flat, head.actors);
    program.actors.reserve(flat.size());
    for (const FlatActor& a : flat) {
        if (a.kind > ActorKind::thread) return "an actor of no such kind";
        program.actors.push_back({a.kind, a.parent, a.host, {}, {}});
        reader.many(program.actors.back().holds, a.holds);
        reader.many(program.actors.back().steps, a.steps);
    }
    return nullptr;
}

const char* read_program(wire::Reader& reader, const CaseHead& head, Program& program) {
    program.objects.reserve(head.objects);
    for (std::size_t i = 0; i < head.objects && !reader.short_of_bytes(); ++i) {
        const auto o = reader.one<FlatObject>();
        program.objects.push_back({o.mechanism, {o.capacity_bytes, o.flags, o.value, o.records, o.record_bytes}});
    }
    reader.many(program.links, head.links);
    return read_actors(reader, head, program);
}

const char* read_rest(wire::Reader& reader, const CaseHead& head, Case& value) {
    if (head.mode > static_cast<std::uint8_t>(Mode::free) || head.spread > 1) return "no such schedule";
    value.schedule.mode = static_cast<Mode>(head.mode);
    value.schedule.spread = head.spread == 1;
    reader.many(value.schedule.choices, head.choices);
    for (std::size_t i = 0; i < head.delays && !reader.short_of_bytes(); ++i) {
        const auto d = reader.one<FlatDelay>();
        value.schedule.delays.push_back({d.actor, d.step, d.spin_ns});
    }
    for (std::size_t i = 0; i < head.injections && !reader.short_of_bytes(); ++i) {
        const auto f = reader.one<FlatInjection>();
        if (f.when > When::after || f.restart > 1) return "an injection that is none";
        value.plan.push_back({f.fault, f.actor, f.step, f.occurrence, f.when, f.restart == 1, f.argument});
    }
    return nullptr;
}

}  // namespace

std::vector<std::uint8_t> encode(const Case& value) {
    const auto narrow = [](std::size_t count) { return static_cast<std::uint16_t>(count); };
    std::vector<std::uint8_t> out;
    std::size_t steps = 0;
    for (const Actor& a : value.program.actors) steps += a.steps.size();
    out.reserve(256 + steps * sizeof(Operation) + value.schedule.choices.size());
    wire::append(
        out,
        CaseHead{case_version, narrow(value.drawn_for.size()), static_cast<std::uint8_t>(value.program.objects.size()),
                 static_cast<std::uint8_t>(value.program.actors.size()), static_cast<std::uint8_t>(value.schedule.mode),
                 value.schedule.spread, narrow(value.program.links.size()), narrow(value.schedule.choices.size()),
                 narrow(value.schedule.delays.size()), narrow(value.plan.size())});
    wire::append(out, std::string_view(value.drawn_for));
    append(out, value.program);
    wire::append(out, std::span<const ActorId>(value.schedule.choices));
    for (const Delay& d : value.schedule.delays) wire::append(out, FlatDelay{d.spin_ns, d.step, d.actor, 0});
    for (const Injection& f : value.plan)
        wire::append(out, FlatInjection{f.argument, f.occurrence, f.step, f.fault, f.actor, f.when, f.restart, {}});
    return out;
}

Expected<Case> decode_case(std::span<const std::uint8_t> payload) {
    wire::Reader reader(payload);
    const auto head = reader.one<CaseHead>();
    if (reader.short_of_bytes()) return wrong("case", "cut short");
    if (head.version != case_version)
        return wrong("case", "of version " + std::to_string(head.version) + ", not " + std::to_string(case_version));
    Case value;
    value.drawn_for = reader.text(head.drawn_for_bytes);
    if (const char* bad = read_program(reader, head, value.program)) return wrong("case", bad);
    if (const char* bad = read_rest(reader, head, value)) return wrong("case", bad);
    if (reader.short_of_bytes()) return wrong("case", "cut short");
    if (!reader.at_end()) return wrong("case", "bytes after its end");
    if (std::string bad = why_not(value); !bad.empty()) return wrong("case", bad);
    return value;
}

}  // namespace crosstalk
