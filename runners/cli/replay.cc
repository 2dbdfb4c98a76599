// crosstalk replay: play one stored case again, and say whether it goes as before.
#include <cstdio>

#include "mechanisms/catalog.h"
#include "reports/record.h"
#include "runners/campaign/campaign.h"
#include "runners/campaign/investigate.h"
#include "runners/campaign/stored.h"
#include "runners/cli/command.h"
#include "runners/cli/story.h"
#include "runners/cli/trace.h"
#include "runners/emit/emit.h"

namespace crosstalk {
namespace {

struct ReplayOptions {
    std::string file;
    TargetChoice target;
    unsigned times = 1;
    bool trace = false;
    std::string emit_c;
};

struct Tally {
    std::optional<Recording> shown;  // the first that is violated or deviates
    Verdict verdict;                 // of it
    unsigned holds = 0, violated = 0, inconclusive = 0, not_applicable = 0, broken = 0, died = 0, deviating = 0;
    std::vector<std::string> traces;  // distinct, first seen first
    std::vector<unsigned> trace_times;
    bool told = false;

    void count_trace(const std::string& trace) {
        for (std::size_t i = 0; i < traces.size(); ++i)
            if (traces[i] == trace) {
                ++trace_times[i];
                return;
            }
        if (traces.size() < 16) {
            traces.push_back(trace);
            trace_times.push_back(1);
        }
    }
};

// The verdict of one reply; the first story of each kind is printed.
void account(Tally& tally, const Case& value, const Reply& reply, const Environment& environment, bool trace) {
    if (reply.kind != Reply::Kind::played) {
        if (!std::exchange(tally.told, true))
            std::printf("%s: %s\n", reply.kind == Reply::Kind::died ? "the target died" : "refused", reply.why.c_str());
        ++(reply.kind == Reply::Kind::died ? tally.died : tally.broken);
        return;
    }
    const std::string text = trace_of(reply.history);
    const bool first = tally.traces.empty();
    tally.count_trace(text);
    if (trace && (first || tally.trace_times.back() == 1)) std::fputs(text.c_str(), stdout);
    JudgeOptions options;
    options.case_number = 1;
    const Verdict verdict = judge(value, reply.history, environment, options);
    if (!verdict.deviations.empty()) ++tally.deviating;
    if (!tally.shown && (verdict.answer == Answer::violated || !verdict.deviations.empty()))
        tally.shown = Recording{environment, reply.history, value, 1}, tally.verdict = verdict;
    switch (verdict.answer) {
        case Answer::holds: ++tally.holds; break;
        case Answer::violated: ++tally.violated; break;
        case Answer::inconclusive: ++tally.inconclusive; break;
        case Answer::not_applicable: ++tally.not_applicable; break;
        case Answer::broken: ++tally.broken; break;
    }
    const bool news = verdict.answer != Answer::holds || !verdict.deviations.empty() || first;
    if (news && !std::exchange(tally.told, verdict.answer != Answer::holds || !verdict.deviations.empty()))
        std::fputs(story_of(verdict).c_str(), stdout);
}

// Why this target cannot play the case; "": it can.
std::string what_lacks(const Case& value, const Environment& environment) {
    const auto offered = mechanisms_on(environment);
    for (const Object& object : value.program.objects)
        if (const std::string& has = offered.at(std::string(mechanism_of(object.mechanism).name)); has != "yes")
            return has;
    return "";
}

int verdict_of(const Tally& tally) {
    if (tally.violated + tally.died > 0) return exit_failed;
    if (tally.holds > 0) return exit_passed;
    return tally.broken > 0 ? exit_harness : exit_nothing;
}

// Writes the C program; the exit status that it leads to is the caller's.
std::string emit_to(const std::string& file, const Recording& recorded, const Verdict& verdict) {
    const Expected<std::string> program = emit::c_program(recorded, verdict);
    if (!program) return program.error();
    if (std::string wrong = replace_file(file, *program); !wrong.empty()) return wrong;
    std::printf("wrote %s: cc -std=c11 -o show %s && ./show\n", file.c_str(), file.c_str());
    return "";
}

// Of a stored history nothing is played.
std::optional<int> emit_stored(const ReplayOptions& options, const std::string& text) {
    const Expected<Recording> stored = recording_from(text);
    if (!stored) return std::nullopt;
    JudgeOptions how;
    how.case_number = stored->case_number;
    const Verdict verdict = judge(*stored->played, stored->history, stored->environment, how);
    std::fputs(story_of(verdict).c_str(), stdout);
    if (std::string wrong = emit_to(options.emit_c, *stored, verdict); !wrong.empty())
        return complain(exit_nothing, options.file + ": " + wrong);
    return exit_passed;
}

int carry_out(const ReplayOptions& options) {
    const Expected<std::string> text = text_of_file(options.file);
    if (!text) return complain(exit_usage, text.error());
    if (!options.emit_c.empty())
        if (const std::optional<int> done = emit_stored(options, *text)) return *done;
    const Expected<Case> value = stored_case_from(*text);
    if (!value) return complain(exit_usage, options.file + ": " + value.error());
    const auto target = options.target.target();
    const auto withheld = options.target.withheld();
    if (!target) return complain(exit_usage, target.error());
    if (!withheld) return complain(exit_usage, withheld.error());
    SessionOptions session;
    session.core = 0;
    session.withhold = *withheld;
    Player player(*target, session);
    Tally tally;
    for (unsigned i = 0; i < options.times; ++i) {
        if (std::string wrong = player.ready(); !wrong.empty())
            return complain(options.target.when_not_started(*target), wrong);
        const Environment environment = player.session().environment();
        if (const std::string lacks = what_lacks(*value, environment); !lacks.empty()) {
            if (tally.not_applicable++ == 0) std::printf("not applicable: %s\n", lacks.c_str());
            continue;
        }
        account(tally, *value, player.play(*value, 1), environment, options.trace);  // equal number: equal payload
    }
    std::printf(
        "%u replays: %u hold (%u with a deviation), %u violated, %u inconclusive, %u not applicable, %u broken, %u "
        "died\n",
        options.times, tally.holds, tally.deviating, tally.violated, tally.inconclusive, tally.not_applicable,
        tally.broken, tally.died);
    if (options.times > 1 && !tally.traces.empty())
        std::printf("traces: %s", tally.traces.size() == 1 ? "all equal\n" : "");
    if (options.times > 1 && tally.traces.size() > 1) {
        std::printf("%zu%s different:", tally.traces.size(), tally.traces.size() == 16 ? " or more" : "");
        for (const unsigned times : tally.trace_times) std::printf(" %u", times);
        std::printf(" times\n");
    }
    if (options.emit_c.empty()) return verdict_of(tally);
    if (!tally.shown)
        return complain(exit_nothing, options.file + ": nothing was violated or deviated, so there is nothing to show");
    if (std::string wrong = emit_to(options.emit_c, *tally.shown, tally.verdict); !wrong.empty())
        return complain(exit_nothing, options.file + ": " + wrong);
    return exit_passed;
}

}  // namespace

Command add_replay(CLI::App& root) {
    auto options = std::make_shared<ReplayOptions>();
    CLI::App* app = root.add_subcommand("replay", "play a stored case again and judge it");
    app->add_option("CASE", options->file, "a case file (out/cases/ID.json), or a stored history, which holds its case")
        ->required();
    options->target.add_to(*app);
    app->add_option("--times", options->times, "how often")
        ->type_name("N")
        ->check(CLI::Range(1u, 10'000'000u))
        ->capture_default_str();
    app->add_flag("--trace", options->trace, "print the events, one a line: when, who, what");
    app->add_option(
           "--emit-c", options->emit_c,
           "write a C program that shows the finding by itself; from a stored history, or after playing a case")
        ->type_name("FILE");
    app->footer(
        "Exit status: 0 it holds, 1 it is violated or the target died, 3 it could not be played, 4 nothing was "
        "judged.");
    return {app, [options] { return carry_out(*options); }};
}

}  // namespace crosstalk
