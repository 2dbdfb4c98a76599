// crosstalk judge: judge histories that lie in files, with no target at all.
#include <cstdio>

#include "properties/judge.h"
#include "reports/record.h"
#include "runners/campaign/stored.h"
#include "runners/cli/command.h"
#include "runners/cli/story.h"
#include "runners/cli/trace.h"

namespace crosstalk {
namespace {

struct JudgeChoice {
    std::vector<std::string> files;
    bool trace = false, fold = false;
};

int carry_out(const JudgeChoice& choice) {
    int status = exit_passed;
    for (const std::string& file : choice.files) {
        const Expected<std::string> text = text_of_file(file);
        if (!text) return complain(exit_usage, text.error());
        const Expected<Recording> stored = recording_from(*text);
        if (!stored) return complain(exit_usage, file + ": " + stored.error());
        JudgeOptions options;
        options.case_number = stored->case_number;
        options.plain_fold = choice.fold;
        const Verdict verdict = judge(*stored->played, stored->history, stored->environment, options);
        if (choice.trace) std::fputs(trace_of(stored->history).c_str(), stdout);
        std::printf("%s: %s", file.c_str(), story_of(verdict).c_str());
        if (verdict.answer == Answer::violated)
            status = exit_failed;
        else if (verdict.answer == Answer::broken && status != exit_failed)
            status = exit_harness;
        else if (verdict.answer != Answer::holds && status == exit_passed)
            status = exit_nothing;
    }
    return status;
}

}  // namespace

Command add_judge(CLI::App& root) {
    auto choice = std::make_shared<JudgeChoice>();
    CLI::App* app = root.add_subcommand("judge", "judge stored histories again, without any target");
    app->add_option("HISTORY", choice->files,
                    "files of out/histories: a history with its case in \"case\"; or {\"case\":..., \"history\":...}")
        ->required();
    app->add_flag("--trace", choice->trace, "print the events too");
    app->add_flag("--fold", choice->fold, "by the plain fold, the slow reference, instead of the search");
    app->footer(
        "Exit status: 0 all hold, 1 one is violated, 2 a file does not read, 3 the judge broke, 4 not all could be "
        "judged.");
    return {app, [choice] { return carry_out(*choice); }};
}

}  // namespace crosstalk
