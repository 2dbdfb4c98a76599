// Constants and tables as C. See tables.h.
#include "runners/emit/tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "mechanisms/payload.h"
#include "properties/judge/call_text.h"
#include "runners/emit/verbs.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

std::string c_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string error_of(Errno error) {
    return error == Errno::none || error == Errno::other ? "0" : std::string(name_of(error));
}

class Tables {
  public:
    Tables(const Recording& recorded, const Verdict& verdict, const Question& question, const Play& play)
        : recorded_(recorded),
          history_(recorded.history),
          value_(*recorded.played),
          verdict_(verdict),
          q_(question),
          play_(play) {
        for (const Event& event : history_.events) add_row(event);
        if (due().known && !due().bytes.empty()) add_pieces(due().bytes, due_first_, due_pieces_);
        add_small_streams();
    }

    std::string constants() const;
    std::string tables() const;

  private:
    bool is_race() const { return value_.schedule.mode == Mode::free; }
    const Event& event() const { return history_.events[q_.event]; }
    Due due() const {
        const bool of_another = q_.accepted && q_.reason == Reason::merged;  // the write's, not the read's
        return q_.kind != Question::Kind::call || of_another ? Due{} : verdict_.due;
    }

    void add_pieces(std::span<const Run> runs, int& first, int& count) {
        first = piece_count_, count = 0;
        for (const Run& run : runs) {
            if (run.kind == RunKind::raw) {
                pieces_ += fmt::format("    {{LITERAL, 0, {}, {}}},\n", literal_count_, run.length);
                for (const std::uint8_t byte : history_.raw_of(run)) literal_ += fmt::format("{:#x}, ", byte);
                literal_count_ += run.length;
            } else {
                pieces_ += fmt::format("    {{{}, {}, {}, {}}},\n", run.actor, run.step, run.offset, run.length);
            }
            ++count, ++piece_count_;
        }
    }

    // Receiving into memory that is not all there leaves unknown what came.
    bool is_told(const Event& event, const Operation& step) const {
        const auto runs = history_.runs_of(event);
        return sheet_of(step.verb).flow == Flow::in && !is_partly_mapped(step) && !event.truncated &&
               std::ranges::none_of(runs, [](const Run& run) { return run.kind == RunKind::foreign; });
    }

    void add_row(const Event& event) {
        if (event.began > q_.until) return;
        if (event.kind == EventKind::death && is_race()) {
            rows_ += fmt::format("    {{{}, -1, \"dies\", 1, 0, 0, 0, 0, {}, {}, UNKNOWN, 0}},\n", event.actor,
                                 event.began, event.ended);
            ++row_count_;
        }
        if (event.kind != EventKind::call) return;
        const Operation& step = value_.program.actors[event.actor].steps[event.step];
        const bool in_question = q_.kind == Question::Kind::call && &event == &this->event();
        if (in_question) row_ = row_count_;
        const bool wholly = is_race() || q_.kind == Question::Kind::nothing;
        const bool compared = wholly || (event.ended != 0 && event.ended <= q_.until && !in_question);
        int first = -1, count = 0;
        if (is_told(event, step)) add_pieces(history_.runs_of(event), first, count);
        const bool heard = std::ranges::any_of(history_.events, [&](const Event& other) {
            return other.kind == EventKind::signal && other.actor == event.actor && other.step == event.step;
        });
        rows_ += fmt::format("    {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}},\n", event.actor, event.step,
                             c_text(judging::asked_text(value_.program, step)), compared ? 1 : 0, heard ? 1 : 0,
                             error_of(event.error), expected_result(step, event),
                             expected_value(value_.program, step, event), event.began, event.ended,
                             first < 0 ? "UNKNOWN" : std::to_string(first), count);
        ++row_count_;
    }

    void add_small_streams() {
        std::vector<std::span<const Operation>> steps;
        for (const Actor& actor : value_.program.actors) steps.emplace_back(actor.steps);
        for (std::size_t a = 0; a < steps.size(); ++a)
            for (std::size_t s = 0; s < steps[a].size(); ++s) {
                const std::uint64_t bytes = stream_bytes(steps[a][s]);
                if (bytes == 0 || bytes >= small_stream_bytes) continue;
                small_ += fmt::format("    {{{}, {}, {}}},\n", a, s,
                                      small_tag(steps, static_cast<ActorId>(a), static_cast<StepId>(s)));
                ++small_count_;
            }
    }

    // The signal that did not come: by the error, or by what was asked for.
    std::string missing() const {
        if (q_.reason != Reason::no_signal) return "0";
        if (event().error == Errno::EPIPE_) return "SIGPIPE";
        for (const Actor& actor : value_.program.actors)
            for (const Operation& step : actor.steps)
                if (step.verb == Verb::mq_notify && step.value != 0)
                    return std::string(name_of(static_cast<Signal>(step.value)));
        return "SIGIO";
    }
    std::size_t signals_before(std::string_view name, int actor) const {
        return static_cast<std::size_t>(std::ranges::count_if(history_.events, [&](const Event& each) {
            return each.kind == EventKind::signal && name_of(each.signal) == name && each.began <= q_.until &&
                   (actor < 0 || each.actor == actor);
        }));
    }
    std::string unwanted() const {
        if (q_.kind == Question::Kind::signal) return std::string(name_of(event().signal));
        const bool ran = q_.kind == Question::Kind::call && q_.reason == Reason::wrong_value &&
                         event().error == Errno::EPIPE_;  // the handler of an ignored or blocked signal ran
        return ran ? "SIGPIPE" : "0";
    }
    // The last that this actor heard before what is in question: it may have said the wrong thing.
    const Event* last_signal() const {
        const Event* last = nullptr;
        for (const Event& each : history_.events)
            if (each.kind == EventKind::signal && each.actor == event().actor && each.began < event().began)
                last = &each;
        return last;
    }
    std::string seen() const {
        const Event& seen = event();
        if (q_.kind == Question::Kind::signal) return fmt::format("handler of {} ran", name_of(seen.signal));
        if (q_.kind != Question::Kind::call) return "descriptors that no slot names";
        const std::string asked =
            judging::asked_text(value_.program, value_.program.actors[seen.actor].steps[seen.step]);
        const std::string text = judging::call_text(value_.program, seen, seen.ended == 0);
        return text.substr(std::min(text.size(), asked.size() + (seen.ended ? 3 : 1)));
    }
    std::string question() const;

    const Recording& recorded_;
    const History& history_;
    const Case& value_;
    const Verdict& verdict_;
    const Question& q_;
    const Play& play_;
    std::string pieces_, literal_, rows_, small_;
    int piece_count_ = 0, due_first_ = 0, due_pieces_ = 0;
    std::size_t literal_count_ = 0, row_count_ = 0, small_count_ = 0, row_ = 0;
};

std::string set(std::string_view name, const std::string& to) { return fmt::format("#define {} {}\n", name, to); }
std::string set(std::string_view name, std::int64_t to) { return set(name, std::to_string(to)); }

// Of what is in question, where nothing is.
constexpr std::string_view nothing =
    "#define PROMISE \"\"\n#define SOURCE \"\"\n#define SEEN \"\"\n#define WHOSE 0\n#define TIMES 0\n#define DUE \"\"\n"
    "#define DUE_KNOWN 0\n#define DUE_SLEEPS 0\n#define DUE_RESULT 0\n#define DUE_ERROR 0\n#define DUE_FIRST 0\n"
    "#define DUE_PIECES 0\n#define MISSING 0\n#define MISSING_AFTER 0\n#define UNWANTED 0\n#define NO_HANDLER 0\n"
    "#define LEAST_NS 0\n#define CODED 0\n#define CODE 0\n";

std::string Tables::question() const {
    const Due was_due = due();
    std::string due_text;
    if (was_due.known)
        due_text = was_due.sleeps                 ? "that it sleeps on"
                   : was_due.error != Errno::none ? std::string(name_of(was_due.error))
                                                  : std::to_string(was_due.result);
    if (was_due.known && !was_due.bytes.empty()) due_text += ", with the bytes written first";
    const bool call = q_.kind == Question::Kind::call;
    const Operation* const step = call ? &value_.program.actors[event().actor].steps[event().step] : nullptr;
    const bool unheard = call && q_.reason == Reason::wrong_errno && event().error == Errno::EINTR_;
    const bool too_early = call && q_.reason == Reason::early && step->timeout_ns > 0 && event().took_ns > 0;
    std::string out = "/* What is in question, what came back then, and what was due. */\n";
    if (q_.kind == Question::Kind::nothing) return set("CLAUSE", "\"\"") + std::string(nothing);
    const Clause& clause = clause_of(q_.clause);
    out += set("CLAUSE", c_text(clause.id)) + set("PROMISE", c_text(clause.says));
    out += set("SOURCE", c_text("[" + std::string(clause.source) + "]")) + set("SEEN", c_text(seen()));
    out += set("WHOSE", event().actor);
    out += set("TIMES", q_.kind == Question::Kind::leak
                            ? std::int64_t{1}
                            : static_cast<std::int64_t>(signals_before(unwanted(), event().actor)));
    out += set("DUE", c_text(due_text)) + set("DUE_KNOWN", was_due.known) +
           set("DUE_SLEEPS", was_due.known && was_due.sleeps);
    out += set("DUE_RESULT", was_due.result) + set("DUE_ERROR", error_of(was_due.error));
    out += set("DUE_FIRST", due_first_) + set("DUE_PIECES", due_pieces_);
    out += set("MISSING", missing()) + set("MISSING_AFTER", static_cast<std::int64_t>(signals_before(missing(), -1)));
    out += set("UNWANTED", unwanted()) + set("NO_HANDLER", unheard);
    const Event* const signal = q_.reason == Reason::wrong_value && unwanted() == "0" ? last_signal() : nullptr;
    out += set("CODED", signal != nullptr ? std::string(name_of(signal->signal)) : "0");
    out += set("CODE", signal != nullptr ? signal->value : 0);
    return out + set("LEAST_NS", too_early ? step->timeout_ns : 0);
}

std::string Tables::constants() const {
    std::size_t steps = 1;
    for (const std::size_t taken : play_.taken) steps = std::max(steps, taken);
    std::string out = fmt::format("enum {{ ACTORS = {}, STEPS = {}, OBJECTS = {} }};\n", value_.program.actors.size(),
                                  steps, std::max<std::size_t>(1, value_.program.objects.size()));
    out += fmt::format("enum {{ NOTHING, CALL, SIGNALS, LEAKS, SPINS, QUESTION = {} }};\n", [&] {
        switch (q_.kind) {
            case Question::Kind::call: return "CALL";
            case Question::Kind::signal: return "SIGNALS";
            case Question::Kind::leak: return "LEAKS";
            case Question::Kind::spinning: return "SPINS";
            case Question::Kind::nothing: break;
        }
        return "NOTHING";
    }());
    const bool leaks = q_.kind == Question::Kind::leak;
    out += set("RACE", is_race()) + set("EXECS", !play_.parts.empty()) + set("LEAK", leaks);
    out += set("CASE", recorded_.case_number) + set("SMALL", static_cast<std::int64_t>(small_count_)) +
           set("STRIKES", static_cast<std::int64_t>(play_.strike_count));
    out += set("ROWS", static_cast<std::int64_t>(row_count_)) +
           set("ROW", q_.kind == Question::Kind::call ? static_cast<std::int64_t>(row_) : -1);
    return out + question() + "\n";
}

std::string Tables::tables() const {
    std::string out = "static const struct line actors[ACTORS] = {\n";
    const auto& actors = value_.program.actors;
    for (std::size_t a = 0; a < actors.size(); ++a) {
        std::uint64_t holds = 0;
        for (const Slot slot : actors[a].holds) holds |= std::uint64_t{1} << slot;
        std::size_t process = a;
        while (actors[process].kind == ActorKind::thread) process = actors[process].parent;
        out += fmt::format("    {{actor_{}, {}, {}, {:#x}}},\n", a, actors[a].kind == ActorKind::pooled ? 1 : 0,
                           process, holds);
    }
    out += "};\n";
    if (!play_.parts.empty()) {
        out += "static void (*const parts[])(void) = {";
        for (const std::string& part : play_.parts) out += part + ", ";
        out += "};\n";
    }
    if (!is_race()) out += "static const struct { int what, actor, turns; } order[] = {\n" + play_.order + "};\n";
    out += "static const struct { int what, actor, step; unsigned occurrence; int turns; } strikes[STRIKES + 1] = {\n" +
           play_.strikes + "};\n";
    out += "/* The calls and what they came back with then. */\nstatic const struct row rows[ROWS + 1] = {\n" + rows_ +
           "};\n";
    out += "static const struct piece pieces[] = {\n" + pieces_ + "    {0, 0, 0, 0}};\n";
    out += "static const unsigned char literal[] = {" + literal_ + "0};\n";
    return out + "static const struct stream small[SMALL + 1] = {\n" + small_ + "};\n\n";
}

}  // namespace

std::string constants_of(const Recording& recorded, const Verdict& verdict, const Question& question,
                         const Play& play) {
    return Tables(recorded, verdict, question, play).constants();
}

std::string tables_of(const Recording& recorded, const Verdict& verdict, const Question& question, const Play& play) {
    return Tables(recorded, verdict, question, play).tables();
}

}  // namespace crosstalk::emit
