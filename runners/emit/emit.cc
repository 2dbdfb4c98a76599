// From recording and verdict to C: what is in question, the order of moves, the actors' lines, the tables.
#include "runners/emit/emit.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "faults/catalog.h"
#include "properties/clause.h"
#include "properties/judge/call_text.h"
#include "runners/emit/runtime.h"
#include "runners/emit/verbs.h"

namespace crosstalk::emit {
namespace {

// What is to be shown: a call and what it came to.
struct Question {
    ClauseId clause = no_clause;
    Reason reason = Reason::none;
    std::size_t event = 0;
    bool accepted = false;  // a deviation: the calls after it belong to it
};

std::string c_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string wrapped(const std::string& text) {
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (line.size() + end - at > 110) out += " * " + line + "\n", line.clear();
        line += (line.empty() ? "" : " ") + text.substr(at, end - at);
        at = end + 1;
    }
    return out + " * " + line + "\n";
}

Expected<Question> question_of(const Recording& recorded, const Verdict& verdict) {
    Question q;
    if (verdict.answer == Answer::violated) {
        q = {verdict.clause, verdict.reason, verdict.event};
    } else if (!verdict.deviations.empty()) {
        const Deviation& first = verdict.deviations.front();
        q = {first.clause, first.reason, first.event, true};
    } else {
        return tl::unexpected(std::string("nothing in it is violated or deviates, so there is nothing to show"));
    }
    const History& history = recorded.history;
    if (q.reason == Reason::leaked || q.reason == Reason::spinning || q.reason == Reason::crashed)
        return tl::unexpected(fmt::format("'{}' cannot be shown by a C program that is emitted", name_of(q.reason)));
    if (q.event >= history.events.size()) return tl::unexpected(std::string("its verdict names no event"));
    if (q.accepted && q.reason == Reason::merged)  // the write joined a page; the read shows it
        for (std::size_t i = q.event + 1; i < history.events.size(); ++i)
            if (history.events[i].run_count > 0) {
                q.event = i;
                break;
            }
    const Event& event = history.events[q.event];
    if (event.kind != EventKind::call)
        return tl::unexpected(fmt::format("what is in question is a {}, not a call", name_of(event.kind)));
    if (event.ended == 0 && q.reason != Reason::asleep)
        return tl::unexpected(std::string("the call in question never returned, and not because it slept"));
    if (q.reason == Reason::wrong_value && !is_comparable(event.verb))
        return tl::unexpected(fmt::format("what {} gave are numbers of its own process", sheet_of(event.verb).name));
    return q;
}

class Writer {
  public:
    Writer(const Recording& recorded, const Verdict& verdict, const Question& question)
        : recorded_(recorded), value_(*recorded.played), verdict_(verdict), q_(question) {}

    Expected<std::string> program() {
        std::string wrong = choose();
        for (std::size_t a = 0; a < value_.program.actors.size() && wrong.empty(); ++a)
            wrong = write_actor(static_cast<ActorId>(a));
        if (!wrong.empty()) return tl::unexpected(wrong);
        std::string out = opening() + includes() + constants() + std::string(runtime_section("core"));
        for (const std::string& section : sections_) out += std::string(runtime_section(section)) + "\n";
        out += "/* ---- the finding ---- */\n\n";
        return out + scene() + actors_ + tables() + std::string(runtime_section("main"));
    }

  private:
    const Event& rejected() const { return recorded_.history.events[q_.event]; }
    const Operation& operation(const Event& event) const {
        return value_.program.actors[event.actor].steps[event.step];
    }

    // The moves, in the order in which they went, and with them the steps that are written: until everything returned
    // that had been called when the call in question returned, since all of that belongs to what was seen.
    std::string choose() {
        if (value_.schedule.mode == Mode::free)
            return "a race: it shows only where calls happen to overlap; crosstalk replay --times counts how often";
        const Event& last = rejected();
        until_ = q_.accepted || last.ended == 0 ? ~Stamp{0} : last.ended;
        for (const Event& event : recorded_.history.events)
            if (event.kind == EventKind::call && event.began < last.ended) until_ = std::max(until_, event.ended);
        taken_.resize(value_.program.actors.size());
        for (const Event& event : recorded_.history.events) {
            if (event.began > until_) break;
            if (event.kind == EventKind::call) {
                order_ += fmt::format("    {{MOVE, {}}}, /* {} */\n", event.actor,
                                      judging::asked_text(value_.program, operation(event)));
                taken_[event.actor] = std::max<std::size_t>(taken_[event.actor], event.step + 1u);
            }
            if (std::string wrong = strike(event); !wrong.empty()) return wrong;
        }
        for (const Actor& actor : value_.program.actors)
            for (const Operation& step : actor.steps) passes_ = passes_ || step.verb == Verb::pass;
        return "";
    }

    // Strikes at sleepers are the parent's moves, where their effect stands in the history; all others the actor's own.
    std::string strike(const Event& event) {
        if (event.kind == EventKind::fault && event.result == 1 && event.fault != interruption_fault &&
            event.fault != killed_peer_fault)
            return fmt::format("the fault {} cannot be emitted as C", fault_of(event.fault).name);
        for (const Injection& each : value_.plan) {
            if (each.actor != event.actor || each.when != When::asleep) continue;
            if (each.fault == killed_peer_fault && event.kind == EventKind::death && event.signal == Signal::SIGKILL_)
                order_ += fmt::format("    {{KILL, {}}},\n", event.actor);
            if (each.fault == interruption_fault && each.step == event.step && event.kind == EventKind::signal &&
                event.signal == Signal::SIGUSR1_)
                order_ += fmt::format("    {{INTERRUPT, {}}},\n", event.actor);
            const bool unheard = each.fault == interruption_fault && event.kind == EventKind::fault &&
                                 event.result == 1 && each.step == event.step && !heard(event.actor, event.step);
            if (unheard) order_ += fmt::format("    {{INTERRUPT, {}}},\n", event.actor);
        }
        return "";
    }
    bool heard(ActorId actor, StepId step) const {
        return std::ranges::any_of(recorded_.history.events, [&](const Event& event) {
            return event.kind == EventKind::signal && event.signal == Signal::SIGUSR1_ && event.actor == actor &&
                   event.step == step;
        });
    }

    // What the plan does to this step from within, before or after its call.
    std::string struck(ActorId actor, StepId step, When when) const {
        std::string out;
        for (const Injection& each : value_.plan) {
            if (each.actor != actor || each.step != step) continue;
            if (each.fault == interruption_fault && when == When::before) {
                out += fmt::format("    handle(SIGUSR1, {});\n", each.restart ? "SA_RESTART" : "0");
                for (std::int64_t i = 0;
                     each.when == When::before && i < std::clamp<std::int64_t>(each.argument, 1, 1000); ++i)
                    out += "    raise(SIGUSR1);\n";
            }
            if (each.fault == killed_peer_fault && each.when == when) out += "    raise(SIGKILL);\n";
        }
        return out;
    }

    std::string write_actor(ActorId actor) {
        actors_ += fmt::format("static void actor_{}(void)\n{{\n", actor);
        for (StepId step = 0; step < taken_[actor]; ++step) {
            const Expected<Lines> lines = lines_of(value_.program, actor, step);
            if (!lines) return lines.error();
            for (const std::string_view section : lines->sections) sections_.insert(std::string(section));
            const Operation& asked = value_.program.actors[actor].steps[step];
            actors_ += fmt::format("    step({}); /* {} */\n", step, judging::asked_text(value_.program, asked));
            actors_ += struck(actor, step, When::before);
            if (!lines->returns) {
                actors_ += fmt::format("    {};\n", lines->call);
                continue;
            }
            std::string call = fmt::format("answer({});", lines->call);
            if (lines->receives && asked.buffer.mapped >= asked.buffer.bytes) call += " received();";
            if (asked.times > 1)
                call = fmt::format("while (again({}, {})) {{ {} }}", asked.times, asked.buffer.bytes, call);
            actors_ += "    " + call + "\n" + struck(actor, step, When::after);
        }
        if (taken_[actor] < value_.program.actors[actor].steps.size())
            actors_ += "    rest(); /* what it did later does not matter */\n";
        actors_ += "}\n\n";
        return "";
    }

    std::string opening() const {
        const Clause& clause = clause_of(q_.clause);
        std::string out = "/*\n";
        out += wrapped(fmt::format("{} {}: {}", clause.id, name_of(q_.reason), clause.says)) +
               wrapped(fmt::format("Source: {}", clause.source));
        out += " *\n";
        for (const std::string& line : verdict_.explanation) out += " *   " + line + "\n";
        out += " *\n" + wrapped(fmt::format("Seen on: {}", recorded_.environment.text("kernel")));
        out += wrapped(
            "This program does the same and needs nothing but a C library: cc -std=c11 -o show THIS.c && ./show. "
            "Exit status 0: the system behaves as documented. 1: it does what was seen. 2: it could not be "
            "brought there.");
        return out + " */\n";
    }

    static std::string includes() {
        std::string out = "#define _GNU_SOURCE\n";
        for (const char* header : {"errno.h", "fcntl.h", "poll.h", "pthread.h", "semaphore.h", "signal.h", "stdio.h",
                                   "stdlib.h", "string.h", "sys/ioctl.h", "sys/mman.h", "sys/prctl.h", "sys/resource.h",
                                   "sys/socket.h", "sys/stat.h", "sys/uio.h", "sys/wait.h", "time.h", "unistd.h"})
            out += fmt::format("#include <{}>\n", header);
        return out + "\n";
    }

    std::string constants() const {
        const Event& event = rejected();
        const Due& due = verdict_.due;
        const bool of_question = !q_.accepted || q_.reason != Reason::merged;
        const bool known = due.known && of_question;
        std::size_t steps = 1;
        for (const std::size_t taken : taken_) steps = std::max(steps, taken);
        const auto set = [](std::string_view name, auto&& to) { return fmt::format("#define {} {}\n", name, to); };
        std::string due_text;
        if (known)
            due_text = due.sleeps                 ? "that it sleeps on"
                       : due.error != Errno::none ? std::string(name_of(due.error))
                                                  : std::to_string(due.result);
        if (known && !due.bytes.empty()) due_text += ", with the bytes written first";
        const std::string seen = judging::call_text(value_.program, event, event.ended == 0);
        const std::string asked = judging::asked_text(value_.program, operation(event));
        std::string out = fmt::format("enum {{ ACTORS = {}, STEPS = {}, PIPES = {} }};\n", value_.program.actors.size(),
                                      steps, value_.program.objects.size());
        out += "/* The call in question, what came back then, and what was due. */\n";
        out += set("CLAUSE", c_text(clause_of(q_.clause).id)) + set("PROMISE", c_text(clause_of(q_.clause).says));
        out += set("SOURCE", c_text("[" + std::string(clause_of(q_.clause).source) + "]"));
        out +=
            set("QUESTION_ACTOR", event.actor) + set("QUESTION_STEP", event.step) + set("QUESTION_TEXT", c_text(asked));
        out += set("SEEN", c_text(seen.substr(std::min(seen.size(), asked.size() + (event.ended ? 3 : 1)))));
        out +=
            set("SEEN_ASLEEP", event.ended == 0 ? 1 : 0) + set("SEEN_RESULT", expected_result(operation(event), event));
        out += set("SEEN_ERROR", error_of(event)) + set("SEEN_BYTES", pieces(seen_bytes()).second);
        out += set("DUE", c_text(due_text)) + set("DUE_KNOWN", known ? 1 : 0) +
               set("DUE_SLEEPS", known && due.sleeps ? 1 : 0);
        out += set("DUE_RESULT", due.result) +
               set("DUE_ERROR", due.error == Errno::none ? "0" : std::string(name_of(due.error)));
        out += set("DUE_BYTES", known ? due.bytes.size() : 0);
        const bool epipe = event.error == Errno::EPIPE_;
        const bool unwanted =
            q_.reason == Reason::wrong_value && epipe;  // the handler of an ignored or blocked signal ran
        const bool unheard = q_.reason == Reason::wrong_errno && event.error == Errno::EINTR_;  // no handler ran
        out += set("SIGNAL_MISSING", q_.reason != Reason::no_signal ? "0" : epipe ? "SIGPIPE" : "SIGIO");
        out += set("SIGNAL_UNWANTED", unwanted ? "SIGPIPE" : "0") + set("NO_HANDLER", unheard ? 1 : 0);
        return out + "\n";
    }

    static std::string error_of(const Event& event) {
        return event.error == Errno::none || event.error == Errno::other ? "0" : std::string(name_of(event.error));
    }

    // What was received, if every run of it says by whom it was written.
    std::vector<Run> seen_bytes() const {
        std::vector<Run> runs;
        for (const Run& run : recorded_.history.runs_of(rejected())) {
            if (run.kind != RunKind::origin) return {};
            runs.push_back(run);
        }
        return runs;
    }
    static std::pair<std::string, std::size_t> pieces(const std::vector<Run>& runs) {
        std::string out;
        for (const Run& run : runs)
            out += fmt::format("{{{}, {}, {}, {}}}, ", run.actor, run.step, run.offset, run.length);
        return {out.empty() ? "{0, 0, 0, 0}" : out, runs.size()};
    }

    bool is_created(std::size_t object) const {
        for (const Actor& actor : value_.program.actors)
            for (const Operation& step : actor.steps)
                if (step.verb == Verb::create && step.object == object) return true;
        return false;
    }

    std::string scene() const {
        std::string out = "static void set_the_scene(void)\n{\n";
        for (std::size_t object = 0; object < value_.program.objects.size(); ++object) {
            if (is_created(object)) continue;
            const Asked& asked = value_.program.objects[object].asked;
            std::string flags;
            if (asked.flags & flag_nonblock) flags = "O_NONBLOCK";
            if (asked.flags & flag_direct) flags += flags.empty() ? "O_DIRECT" : " | O_DIRECT";
            out += fmt::format(
                "    if (pipe2(fd + {}, {}) != 0) give_up(\"pipe2\"); /* reads, writes: fd[{}], fd[{}] */\n",
                2 * object, flags.empty() ? "0" : flags, 2 * object, 2 * object + 1);
            if (asked.capacity_bytes != 0)
                out += fmt::format("    if (fcntl(fd[{}], F_SETPIPE_SZ, {}) < 0) give_up(\"F_SETPIPE_SZ\");\n",
                                   2 * object + 1, asked.capacity_bytes);
        }
        if (passes_)
            out +=
                "    for (int i = 0; i < ACTORS; ++i)\n"
                "        if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, mailboxes[i]) != 0) give_up(\"socketpair\");\n";
        return out + "}\n\n";
    }

    std::string tables() const {
        std::string out = "static const struct line actors[ACTORS] = {\n";
        for (std::size_t a = 0; a < value_.program.actors.size(); ++a) {
            const Actor& actor = value_.program.actors[a];
            std::uint64_t holds = 0;
            for (const Slot slot : actor.holds) holds |= std::uint64_t{1} << slot;
            out += fmt::format("    {{actor_{}, {}, {:#x}}},\n", a, actor.kind == ActorKind::pooled ? 1 : 0, holds);
        }
        out += "};\nstatic const struct { int what, actor; } order[] = {\n" + order_ + "};\n";
        out +=
            "/* The calls and what they came back with then, where that can be compared. */\n"
            "static const struct { int actor, step; const char *text; int compared, error; long result; } steps[] = "
            "{\n";
        for (const Event& event : recorded_.history.events) {
            if (event.kind != EventKind::call || event.step >= taken_[event.actor]) continue;
            const bool compared =
                event.ended != 0 && event.ended <= until_ && &event != &rejected() && is_comparable(event.verb);
            out += fmt::format("    {{{}, {}, {}, {}, {}, {}}},\n", event.actor, event.step,
                               c_text(judging::asked_text(value_.program, operation(event))), compared ? 1 : 0,
                               error_of(event), expected_result(operation(event), event));
        }
        out += "};\n";
        out += fmt::format("static const struct piece due_bytes[] = {{{}}};\n", pieces(verdict_.due.bytes).first);
        out += fmt::format("static const struct piece seen_bytes[] = {{{}}};\n\n", pieces(seen_bytes()).first);
        return out;
    }

    const Recording& recorded_;
    const Case& value_;
    const Verdict& verdict_;
    const Question& q_;
    std::vector<std::size_t> taken_;  // steps of each actor that are written
    Stamp until_ = 0;
    std::string order_, actors_;
    std::set<std::string> sections_;
    bool passes_ = false;
};

}  // namespace

Expected<std::string> c_program(const Recording& recorded, const Verdict& verdict) {
    if (!recorded.played) return tl::unexpected(std::string("it holds no case"));
    const Expected<Question> question = question_of(recorded, verdict);
    if (!question) return tl::unexpected(question.error());
    return Writer(recorded, verdict, *question).program();
}

}  // namespace crosstalk::emit
