// Steps, moves and strikes as C. See play.h.
#include "runners/emit/play.h"

#include <algorithm>

#include <fmt/format.h>

#include "faults/catalog.h"
#include "properties/judge/call_text.h"
#include "runners/emit/verbs.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

class Writer {
  public:
    Writer(const Recording& recorded, const Question& question)
        : history_(recorded.history),
          value_(*recorded.played),
          q_(question),
          race_(value_.schedule.mode == Mode::free) {}

    Expected<Play> play() {
        if (!value_.program.links.empty())
            return tl::unexpected<std::string>("a link between two hosts is no part of a C program");
        play_.taken.resize(value_.program.actors.size());
        for (const Event& event : history_.events)
            if (event.began <= q_.until) move(event);
        for (const Injection& each : value_.plan) strike_in_race(each);
        for (const Actor& actor : value_.program.actors)
            for (const Operation& step : actor.steps) play_.passes = play_.passes || step.verb == Verb::pass;
        if (play_.passes) play_.sections.insert("pass");
        if (std::ranges::any_of(value_.program.objects, is_of_network)) play_.sections.insert("network");
        for (std::size_t a = 0; a < value_.program.actors.size(); ++a)
            if (std::string wrong = write_actor(static_cast<ActorId>(a)); !wrong.empty()) return tl::unexpected(wrong);
        return std::move(play_);
    }

  private:
    const Operation& operation(ActorId actor, StepId step) const { return value_.program.actors[actor].steps[step]; }

    void order(std::string_view what, ActorId actor, std::int64_t turns, const std::string& text = "") {
        play_.order += fmt::format("    {{{}, {}, {}}},{}\n", what, actor, turns, text);
    }

    // A move, or a strike at a sleeper where its effect stands in the history; all other strikes are the actor's own.
    void move(const Event& event) {
        if (event.kind == EventKind::call) {
            order("MOVE", event.actor, 0,
                  fmt::format(" /* {} */", judging::asked_text(value_.program, operation(event.actor, event.step))));
            play_.taken[event.actor] = std::max<std::size_t>(play_.taken[event.actor], event.step + 1u);
        }
        for (const Injection& each : value_.plan) {
            die_before_a_call(each, event);
            const bool dies = event.kind == EventKind::death && process_of(each.actor) == event.actor;
            if ((each.actor != event.actor && !dies) || each.when != When::asleep) continue;
            const bool fired = event.kind == EventKind::fault && event.result == 1 && event.fault == each.fault &&
                               event.step == each.step;
            if (each.fault == killed_peer_fault && dies && event.signal == Signal::SIGKILL_)
                order("KILL", event.actor, 0);
            if (each.fault == stopped_peer_fault && fired) order("STOP", event.actor, argument(each));
            if (each.fault != interruption_fault || each.step != event.step) continue;
            const bool came = event.kind == EventKind::signal && event.signal == Signal::SIGUSR1_;
            if (came || (fired && !heard(event.actor, event.step))) order("INTERRUPT", event.actor, 0);
        }
    }
    // Who dies before its call has no call on record.
    void die_before_a_call(const Injection& each, const Event& event) {
        if (each.fault != killed_peer_fault || each.when != When::before || event.kind != EventKind::death) return;
        if (event.signal != Signal::SIGKILL_ || process_of(each.actor) != event.actor) return;
        if (play_.taken[each.actor] > each.step) return;
        order("MOVE", each.actor, 0, " /* and it is killed */");
        play_.taken[each.actor] = each.step + 1u;
    }
    ActorId process_of(ActorId actor) const {
        while (value_.program.actors[actor].kind == ActorKind::thread) actor = value_.program.actors[actor].parent;
        return actor;
    }
    bool heard(ActorId actor, StepId step) const {
        return std::ranges::any_of(history_.events, [&](const Event& event) {
            return event.kind == EventKind::signal && event.signal == Signal::SIGUSR1_ && event.actor == actor &&
                   event.step == step;
        });
    }

    static std::int64_t argument(const Injection& each) { return argument_of(fault_of(each.fault), each.argument); }

    void strike_in_race(const Injection& each) {
        if (!race_ || each.when != When::asleep) return;
        const std::string_view what = each.fault == interruption_fault   ? "INTERRUPT"
                                      : each.fault == killed_peer_fault  ? "KILL"
                                      : each.fault == stopped_peer_fault ? "STOP"
                                                                         : "";
        if (what.empty()) return;
        const bool stops = each.fault == stopped_peer_fault;
        const std::int64_t times = each.fault == interruption_fault ? std::max<std::int64_t>(1, argument(each)) : 1;
        constexpr std::size_t most_strikes = 31;  // the bits of an int, by which the program knows those that are done
        for (std::int64_t i = 0; i < times && play_.strike_count < most_strikes; ++i, ++play_.strike_count)
            play_.strikes += fmt::format("    {{{}, {}, {}, {}, {}}},\n", what, each.actor, each.step, each.occurrence,
                                         stops ? argument(each) : 0);
    }

    // What this injection does before or after its call, in the actor itself; "" for nothing.
    std::string struck(const Injection& each, const Operation& step, When when) {
        if (each.fault == descriptor_limit_fault && argument(each) < sheet_of(step.verb).makes &&
            when != When::asleep) {
            play_.sections.insert("limit");
            return when == When::before ? fmt::format("limit_descriptors({});", argument(each)) : "lift_limit();";
        }
        if (each.when != when) return "";
        if (each.fault == killed_peer_fault) return "die();";
        if (each.fault == stopped_peer_fault) return fmt::format("stop_here({});", argument(each));
        if (each.fault == delay_fault && race_) return fmt::format("spin({});", argument(each));
        if (each.fault != interruption_fault) return "";
        const std::int64_t times = std::max<std::int64_t>(1, argument(each));
        if (times == 1) return "raise(SIGUSR1);";
        return fmt::format("for (int i = 0; i < {}; ++i) raise(SIGUSR1);", times);
    }
    std::string strikes(ActorId actor, StepId number, When when) {
        const Operation& step = operation(actor, number);
        std::string out;
        for (const Injection& each : value_.plan) {
            if (each.actor != actor || each.step != number) continue;
            std::string does = struck(each, step, when);
            if (when == When::before && each.fault == interruption_fault)
                out += fmt::format("    handle(SIGUSR1, {});\n", each.restart ? "SA_RESTART" : "0");
            if (does.empty()) continue;
            if (step.times > 1) does = fmt::format("if (mine()->whole == {}) {{ {} }}", each.occurrence, does);
            out += "    " + does + "\n";
        }
        return out;
    }

    std::string write_call(ActorId actor, StepId number, const Lines& lines) {
        const Operation& step = operation(actor, number);
        const std::string before = strikes(actor, number, When::before);
        if (!lines.returns) return before + fmt::format("    {};\n", lines.call);
        const bool timed = step.timeout_ns > 0;
        std::string call =
            timed ? fmt::format("    {{ long long began = from_now(); answer(in_time(began, {})); }}\n", lines.call)
                  : fmt::format("    answer({});\n", lines.call);
        if (lines.receives && !is_partly_mapped(step)) call += "    received();\n";
        call = before + call + strikes(actor, number, When::after);
        if (step.times <= 1) return call;
        const std::string asked =
            sheet_of(step.verb).moves_bytes() ? fmt::format("(long){}u", step.buffer.bytes) : "-1";
        return fmt::format("    while (again({}, {})) {{\n{}    }}\n", step.times, asked, call);
    }

    std::string write_actor(ActorId actor) {
        std::string name = fmt::format("actor_{}", actor);
        std::string text;
        const auto finish = [&] { play_.actors += fmt::format("static void {}(void)\n{{\n{}}}\n\n", name, text); };
        for (StepId number = 0; number < play_.taken[actor]; ++number) {
            const Operation& step = operation(actor, number);
            const Expected<Lines> lines = lines_of(value_.program, actor, number, play_.parts.size());
            if (!lines) return lines.error();
            for (const std::string_view section : lines->sections) play_.sections.insert(std::string(section));
            for (const Delay& delay : value_.schedule.delays)
                if (race_ && delay.actor == actor && delay.step == number)
                    text += fmt::format("    spin({});\n", delay.spin_ns);
            text += fmt::format("    step({}); /* {} */\n", number, judging::asked_text(value_.program, step));
            text += write_call(actor, number, *lines);
            if (step.verb != Verb::exec) continue;
            finish();
            name = fmt::format("actor_{}_after_step_{}", actor, number);
            play_.parts.push_back(name);
            play_.actors += fmt::format("static void {}(void);\n", name);
            text.clear();
        }
        if (play_.taken[actor] < value_.program.actors[actor].steps.size())
            text += "    rest(); /* what it did later does not matter */\n";
        finish();
        return "";
    }

    const History& history_;
    const Case& value_;
    const Question& q_;
    const bool race_;
    Play play_;
};

}  // namespace

Expected<Play> play_of(const Recording& recorded, const Question& question) {
    return Writer(recorded, question).play();
}

}  // namespace crosstalk::emit
