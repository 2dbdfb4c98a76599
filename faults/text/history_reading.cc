// Reads the text form of a history; history_text.cc writes it.
#include "faults/text/case_reading.h"
#include "faults/text/history_text.h"
#include "faults/text/words.h"

namespace crosstalk {
namespace {

using json::Fields;
using json::Json;

constexpr std::size_t max_events = max_actors * max_steps * 4;  // a call, a signal, a fault and a sleep for each step
constexpr std::size_t max_runs = 1u << 20;

bool read_hex(const std::string& text, std::vector<std::uint8_t>& out) {
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return true;
}

// [actor,step,offset,length]
void read_origin(const Json& value, const std::string& where, json::Mistake& mistake, Run& run) {
    if (!value.is_array() || value.size() != 4)
        return mistake.say(where, "must be [actor,step,offset,length], {\"raw\":\"hex\"} or {\"foreign\":[...]}");
    Fields::to_number<ActorId>(value[0], where + "/0", mistake, run.actor, 0, max_actors - 1);
    Fields::to_number<StepId>(value[1], where + "/1", mistake, run.step, 0, max_steps - 1);
    Fields::to_number(value[2], where + "/2", mistake, run.offset);
    Fields::to_number(value[3], where + "/3", mistake, run.length);
}

Run read_run(const Json& value, const std::string& where, json::Mistake& mistake, History& history) {
    Run run;
    if (!value.is_object()) {
        read_origin(value, where, mistake, run);
        return run;
    }
    Fields fields(value, where, mistake, json::Unknown::ignore);
    if (const Json* foreign = fields.find("foreign")) {
        run.kind = RunKind::foreign;
        read_origin(*foreign, fields.at("foreign"), mistake, run);
        return run;
    }
    std::string hex;
    fields.need("raw");
    fields.text("raw", hex);
    run.kind = RunKind::raw;
    run.offset = static_cast<std::uint32_t>(history.raw.size());
    if (!read_hex(hex, history.raw)) fields.wrong("raw", "must be pairs of the digits 0-9 and a-f");
    run.length = static_cast<std::uint32_t>(history.raw.size()) - run.offset;
    return run;
}

Event read_event(Fields fields, History& history) {
    Event event;
    fields.need("kind");
    fields.word<EventKind>("kind", event.kind, event_kind_named,
                           "call, signal, death, delivery, asleep, spinning, probe or fault");
    fields.number("actor", event.actor, 0, max_actors - 1);
    fields.number("step", event.step, 0, max_steps);
    // Of a probe the agent's own sign too: descriptors that no slot names.
    const bool probe = event.kind == EventKind::probe;
    fields.number("object", event.object, 0, probe ? leaked_descriptors : max_objects - 1);
    if (event.object >= max_objects && event.object != leaked_descriptors)
        fields.wrong("object", "must name an object, or be 255");
    fields.word<Verb>("verb", event.verb, verb_named, "the name of a verb, as write or set_capacity");
    fields.need("began");
    fields.number("began", event.began);
    fields.number("ended", event.ended);
    fields.number("times", event.times);
    fields.number("result", event.result);
    if (const Json* error = fields.find("error"); error != nullptr && !error->is_null())
        fields.word<Errno>("error", event.error, errno_named, "null or the name of an error, as EAGAIN");
    words::read_value(fields, "value", event.verb == Verb::trial ? Verb::nothing : event.verb, event.value);
    fields.word<Signal>("signal", event.signal, signal_named, "the name of a signal, as SIGPIPE");
    fields.word<FaultId>("fault", event.fault, fault_named, "the name of a fault, as interruption");
    fields.number("took_ns", event.took_ns);
    event.first_run = static_cast<std::uint32_t>(history.runs.size());
    fields.items("data", max_runs, [&](const Json& item, const std::string& where) {
        history.runs.push_back(read_run(item, where, fields.mistake(), history));
    });
    event.run_count = static_cast<std::uint32_t>(history.runs.size()) - event.first_run;
    bool truncated = false;
    fields.flag("truncated", truncated);
    event.truncated = truncated;
    if (event.ended != 0 && event.ended < event.began) fields.wrong("ended", "must not be before began");
    return event;
}

void read_environment(const Json& value, const std::string& where, json::Mistake& mistake, Environment& out) {
    if (!value.is_object()) return mistake.say(where, "must be an object {...}");
    for (const auto& [key, said] : value.items()) {
        if (said.is_string())
            out.said.emplace(key, said.get_ref<const std::string&>());
        else if (said.is_number_integer())
            out.said.emplace(key, said.dump());
        else
            mistake.say(where + "/" + key, "must be a text or a whole number");
    }
}

Recording read_recording(const Json& value, json::Mistake& mistake) {
    Fields fields(value, "", mistake, json::Unknown::ignore);
    Recording out;
    json::read_version(fields);
    fields.number("case_number", out.case_number);
    if (const Json* environment = fields.find("environment"))
        read_environment(*environment, "/environment", mistake, out.environment);
    History& history = out.history;
    fields.need("events");
    fields.items("events", max_events, [&](const Json& item, const std::string& where) {
        history.events.push_back(read_event(Fields(item, where, mistake, json::Unknown::ignore), history));
        const std::size_t count = history.events.size();
        if (count > 1 && history.events[count - 1].began < history.events[count - 2].began)
            mistake.say(where + "/began", "must not be before that of the event above");
    });
    fields.word<Ending>("ended", history.ending, ending_named, "complete, calm, bounded or broken");
    fields.text("why", history.why);
    if (const Json* played = fields.find("case")) {
        out.played = json::read_case(*played, "/case", mistake);
        if (mistake.made()) return out;
        if (const std::string wrong = why_not(*out.played, history); !wrong.empty()) mistake.say("/events", wrong);
    }
    return out;
}

}  // namespace

Expected<Recording> history_from_text(std::string_view text) {
    const Expected<Json> parsed = json::parse(text);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    json::Mistake mistake;
    Recording recording = read_recording(*parsed, mistake);
    if (mistake.made()) return tl::unexpected<Error>(mistake.text());
    return recording;
}

}  // namespace crosstalk
