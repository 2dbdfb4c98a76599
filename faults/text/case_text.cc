// Writes the text form of a case; case_reading.cc reads it.
#include "faults/text/case_text.h"

#include <algorithm>

#include "faults/text/json_writing.h"
#include "faults/text/words.h"
#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

using json::JsonObject;

std::span<const Slot> taken(const std::array<Slot, 4>& slots) {
    return std::span(slots).first(static_cast<std::size_t>(std::ranges::find(slots, no_slot) - slots.begin()));
}

// Verbs whose value says something even if it is 0.
bool shows_value(Verb verb) {
    return verb == Verb::set_cloexec || verb == Verb::set_capacity || verb == Verb::limit || verb == Verb::start ||
           verb == Verb::exit;
}

std::string text_of(const Operation& step) {
    JsonObject object;
    object.word("verb", sheet_of(step.verb).name);
    if (names_object(step.verb) || step.object != 0) object.number("object", step.object);
    if (!taken(step.uses).empty()) object.put("uses", words::slots(taken(step.uses)));
    if (!taken(step.makes).empty()) object.put("makes", words::slots(taken(step.makes)));
    if (step.flags != 0) object.put("flags", words::flags(step.flags, step.verb));
    if (step.buffer.bytes != 0 || sheet_of(step.verb).moves_bytes()) object.number("bytes", step.buffer.bytes);
    object.sparse("mapped", step.buffer.mapped, Buffer{}.mapped);
    object.sparse("segments", step.buffer.segments, Buffer{}.segments);
    if (step.buffer.split != Split::even) object.word("split", words::name_of(step.buffer.split));
    object.sparse("times", step.times, 1);
    if (step.value != 0 || shows_value(step.verb))
        object.put("value", words::value(step.verb, step.value, static_cast<int>(taken(step.uses).size())));
    object.sparse("timeout_ns", step.timeout_ns, forever);
    return object.text();
}

std::string text_of(const Object& object) {
    JsonObject asked;
    asked.sparse("capacity_bytes", object.asked.capacity_bytes);
    asked.sparse("value", object.asked.value);
    asked.sparse("records", object.asked.records);
    asked.sparse("record_bytes", object.asked.record_bytes);
    if (object.asked.flags != 0) asked.put("flags", words::flags(object.asked.flags));
    JsonObject out;
    out.word("mechanism", mechanism_of(object.mechanism).name);
    if (object.asked != Asked{}) out.put("asked", asked.text());
    return out.text();
}

std::string text_of(const Program& program, ActorId id) {
    const Actor& actor = program.actors[id];
    JsonObject out;
    out.word("kind", words::name_of(actor.kind));
    if (actor.kind != ActorKind::pooled || actor.parent != 0) out.number("parent", actor.parent);
    out.sparse("host", actor.host);
    const bool obvious =
        actor.kind == ActorKind::pooled ? actor.holds == slots_needed(program, id) : actor.holds.empty();
    if (!obvious) out.put("holds", json::numbers(std::span<const Slot>(actor.holds)));
    std::vector<std::string> steps;
    for (const Operation& step : actor.steps) steps.push_back(text_of(step));
    return out.put("steps", json::lines(steps, 3)).text();
}

std::string text_of(const Schedule& schedule) {
    JsonObject out;
    out.word("mode", name_of(schedule.mode));
    if (!schedule.choices.empty()) out.put("choices", json::numbers(std::span<const ActorId>(schedule.choices)));
    std::vector<std::string> delays;
    for (const Delay& delay : schedule.delays)
        delays.push_back(JsonObject()
                             .number("actor", delay.actor)
                             .number("step", delay.step)
                             .number("spin_ns", delay.spin_ns)
                             .text());
    if (!delays.empty()) out.put("delays", json::list(delays));
    out.sparse("spread", schedule.spread, false);
    return out.text();
}

std::string text_of(const Injection& injection) {
    JsonObject out;
    out.word("fault", fault_of(injection.fault).name).number("actor", injection.actor).number("step", injection.step);
    out.sparse("occurrence", injection.occurrence);
    out.word("when", name_of(injection.when));
    if (injection.restart || injection.fault == fault_named("interruption")) out.number("restart", injection.restart);
    out.sparse("argument", injection.argument);
    return out.text();
}

template <class T>
std::vector<std::string> texts_of(const std::vector<T>& values) {
    std::vector<std::string> texts;
    for (const T& value : values) texts.push_back(text_of(value));
    return texts;
}

}  // namespace

std::string to_text(const Case& value) {
    JsonObject out;
    out.number("version", 1);
    if (!value.drawn_for.empty()) out.put("drawn_for", json::quoted(value.drawn_for), "\n ");
    out.put("objects", json::lines(texts_of(value.program.objects), 2), "\n ");
    std::vector<std::string> links, actors;
    for (const Link& link : value.program.links)
        links.push_back(JsonObject().number("from", link.from).number("to", link.to).text());
    if (!links.empty()) out.put("links", json::lines(links, 2), "\n ");
    for (std::size_t a = 0; a < value.program.actors.size(); ++a)
        actors.push_back(text_of(value.program, static_cast<ActorId>(a)));
    out.put("actors", json::lines(actors, 2), "\n ");
    out.put("schedule", text_of(value.schedule), "\n ");
    out.put("plan", json::lines(texts_of(value.plan), 2), "\n ");
    return out.text();
}

std::string to_line(const Case& value) { return json::on_one_line(to_text(value)); }

}  // namespace crosstalk
