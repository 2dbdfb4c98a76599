// Scenes of associations: nothing else can see their sockets, so that all is judged at once, by what each has to show
// (showings.h).
#include <fmt/format.h>

#include "properties/judge/resolver.h"
#include "properties/showings.h"

namespace crosstalk::judging {
namespace {

// What the machine lacks: it says nothing of associations.
bool is_exhausted(Errno error) {
    return error == Errno::ENOMEM_ || error == Errno::ENOBUFS_ || error == Errno::EMFILE_ || error == Errno::ENFILE_ ||
           error == Errno::EADDRINUSE_;
}

}  // namespace

void Resolver::associate(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0 || is_exhausted(event.error)) return;
    const ShowingRule& rule = showing_rules[static_cast<std::size_t>(operation.value)];
    if (event.error != Errno::none) return must_succeed(event, index, rule.clause);
    for (std::size_t i = 0; i < sights_of(rule); ++i)
        if ((event.value >> i & 1) == 0)
            return breach(rule.clause, Reason::wrong_value, "", index,
                          fmt::format("this was not so: {}", rule.sights[i]));
    weigh(rule.clause);
}

}  // namespace crosstalk::judging
