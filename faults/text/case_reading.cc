// Reads the text form of a case; case_text.cc writes it.
#include "faults/text/case_reading.h"

#include "faults/text/case_text.h"
#include "faults/text/words.h"
#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

using json::Fields;
using json::Json;

void read_step(Fields fields, Operation& step) {
    fields.need("verb");
    fields.word<Verb>("verb", step.verb, verb_named, "the name of a verb, as write or set_capacity");
    fields.number("object", step.object);
    words::read_slots(fields, "uses", step.uses);
    words::read_slots(fields, "makes", step.makes);
    words::read_flags(fields, "flags", step.flags);
    fields.number("bytes", step.buffer.bytes);
    fields.number("mapped", step.buffer.mapped);
    fields.number("segments", step.buffer.segments);
    fields.word<Split>("split", step.buffer.split, words::split_named, "even, tiny-first, tiny-last or with-empty");
    fields.number("times", step.times);
    words::read_value(fields, "value", step.verb, step.value);
    fields.number("timeout_ns", step.timeout_ns);
    fields.done();
}

void read_object(Fields fields, Object& object) {
    fields.need("mechanism");
    fields.word<MechanismId>("mechanism", object.mechanism, mechanism_named, "the name of a mechanism, as pipe");
    if (const Json* value = fields.find("asked")) {
        Fields asked(*value, fields.at("asked"), fields.mistake(), fields.unknown());
        asked.number("capacity_bytes", object.asked.capacity_bytes);
        asked.number("value", object.asked.value);
        asked.number("records", object.asked.records);
        asked.number("record_bytes", object.asked.record_bytes);
        words::read_flags(asked, "flags", object.asked.flags);
        asked.done();
    }
    fields.done();
}

// Whether the file says what the actor holds.
bool read_actor(Fields fields, Actor& actor) {
    fields.word<ActorKind>("kind", actor.kind, words::actor_kind_named, "pooled, forked or thread");
    fields.number("parent", actor.parent);
    fields.number("host", actor.host);
    const bool says_holds = fields.find("holds") != nullptr;
    fields.numbers("holds", 2 * max_objects, actor.holds);
    fields.items("steps", max_steps, [&](const Json& item, const std::string& where) {
        read_step(Fields(item, where, fields.mistake(), fields.unknown()), actor.steps.emplace_back());
    });
    fields.done();
    return says_holds;
}

void read_schedule(Fields fields, Schedule& schedule) {
    fields.word<Mode>("mode", schedule.mode, mode_named, "turns or free");
    fields.numbers("choices", max_choices, schedule.choices);
    fields.items("delays", max_delays, [&](const Json& item, const std::string& where) {
        Fields delay(item, where, fields.mistake(), fields.unknown());
        Delay& out = schedule.delays.emplace_back();
        delay.number("actor", out.actor);
        delay.number("step", out.step);
        delay.number("spin_ns", out.spin_ns);
        delay.done();
    });
    fields.flag("spread", schedule.spread);
    fields.done();
}

void read_injection(Fields fields, Injection& injection) {
    fields.need("fault");
    fields.word<FaultId>("fault", injection.fault, fault_named, "the name of a fault, as interruption");
    fields.number("actor", injection.actor);
    fields.number("step", injection.step);
    fields.number("occurrence", injection.occurrence);
    fields.word<When>("when", injection.when, when_named, "before, asleep, between or after");
    fields.flag("restart", injection.restart);
    fields.number("argument", injection.argument);
    fields.done();
}

void read_program(Fields& fields, Program& program) {
    const auto within = [&](const Json& item, const std::string& where) {
        return Fields(item, where, fields.mistake(), fields.unknown());
    };
    fields.items("objects", max_objects, [&](const Json& item, const std::string& where) {
        read_object(within(item, where), program.objects.emplace_back());
    });
    fields.items("links", max_objects * max_objects, [&](const Json& item, const std::string& where) {
        Fields link = within(item, where);
        link.number("from", program.links.emplace_back().from);
        link.number("to", program.links.back().to);
        link.done();
    });
    std::vector<bool> says_holds;
    fields.items("actors", max_actors, [&](const Json& item, const std::string& where) {
        says_holds.push_back(read_actor(within(item, where), program.actors.emplace_back()));
    });
    for (std::size_t a = 0; a < says_holds.size(); ++a)
        if (!says_holds[a] && program.actors[a].kind == ActorKind::pooled)
            program.actors[a].holds = slots_needed(program, static_cast<ActorId>(a));
}

}  // namespace

namespace json {

void read_version(Fields& fields) {
    int version = 0;
    fields.need("version");
    fields.number("version", version);
    if (version != 1) fields.wrong("version", "must be 1; a larger one needs a newer crosstalk");
}

Case read_case(const Json& value, const std::string& where, Mistake& mistake) {
    Fields fields(value, where, mistake, Unknown::refuse);
    Case out;
    read_version(fields);
    fields.text("drawn_for", out.drawn_for);
    read_program(fields, out.program);
    if (const Json* schedule = fields.find("schedule"))
        read_schedule(Fields(*schedule, fields.at("schedule"), mistake, Unknown::refuse), out.schedule);
    fields.items("plan", max_injections, [&](const Json& item, const std::string& at) {
        read_injection(Fields(item, at, mistake, Unknown::refuse), out.plan.emplace_back());
    });
    fields.done();
    if (mistake.made()) return out;
    if (const std::string wrong = why_not(out); !wrong.empty()) mistake.say(where, wrong);
    return out;
}

}  // namespace json

Expected<Case> case_from_text(std::string_view text) {
    const Expected<Json> parsed = json::parse(text);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    json::Mistake mistake;
    Case value = json::read_case(*parsed, "", mistake);
    if (mistake.made()) return tl::unexpected<Error>(mistake.text());
    return value;
}

}  // namespace crosstalk
