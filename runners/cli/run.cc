// crosstalk run: drive a target with drawn cases and give a verdict.
#include "runners/cli/running.h"

namespace crosstalk {

Command add_run(CLI::App& root) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* app = root.add_subcommand("run", "drive a target with drawn cases and give a verdict");
    app->add_option("FILTER", options->filter,
                    "words that all must match: key:glob with keys mechanism property fault clause; ! negates; a bare "
                    "word is a glob on the cell id mechanism/property/fault");
    options->add_to(*app);
    return {app, [options] {
                const auto results = carry_out_run(*options);
                return results ? tell(*results, options->formats, options->out) : results.error();
            }};
}

}  // namespace crosstalk
