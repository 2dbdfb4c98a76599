// The tool's entry: one subcommand a file. Usage errors exit with 2, as the contract says.
#include <cstdio>
#include <cstdlib>

#include "runners/cli/command.h"
#include "runners/cli/facts.h"

#ifndef CROSSTALK_VERSION
#define CROSSTALK_VERSION "unversioned"
#endif

int main(int argc, char** argv) {
    using namespace crosstalk;
    CLI::App app(
        "test inter-process communication\n\n"
        "Crosstalk plays random programs against a target, makes things go wrong on purpose, and judges what happened "
        "by what POSIX and the man pages promise.\n\n"
        "Begin with:\n"
        "  crosstalk run --budget 20s            test this machine's kernel; writes out/report.html\n"
        "  crosstalk run mechanism:pipe          only pipes\n"
        "  crosstalk list clauses                what is promised, and by whom\n"
        "  crosstalk replay out/cases/ID.json    play a finding's case again",
        "crosstalk");
    app.footer(
        "`crosstalk COMMAND --help` tells each command's options. Exit status: 0 passed, 1 the target failed, 2 bad "
        "usage or input, 3 the harness broke or the target did not start, 4 nothing was selected or could run.");
    help_by_facts(app);
    app.set_help_flag("-h,--help", "print this and stop");
    app.set_version_flag("--version", std::string("crosstalk ") + CROSSTALK_VERSION, "print the version and stop");
    app.require_subcommand(1);
    const Command commands[] = {add_run(app),  add_gate(app),    add_replay(app), add_judge(app),
                                add_list(app), add_explain(app), add_probe(app),  add_report(app),
                                add_diff(app), add_prove(app),   add_manual(app), add_completion(app)};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stop) {
        return app.exit(stop) == 0 ? exit_passed : exit_usage;
    }
    try {
        for (const Command& command : commands)
            if (command.app->parsed()) return command.carry_out();
    } catch (const std::exception& wrong) {
        return complain(exit_harness, std::string("internal error: ") + wrong.what());
    }
    return exit_usage;
}
