// Credentials of the sockets under test: which a message may claim, and what SO_PEERCRED tells; unix(7). Whose came
// with which bytes is the channel's business.
#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

// The agent tells 1 + an actor, or 0 for a process that is none of the case.
std::uint8_t Resolver::process_told(std::int64_t told) const {
    const auto actor = static_cast<std::size_t>(told & 0xff);
    return actor == 0 || actor > process_.size() ? no_process : process_[actor - 1];
}

// Known at the end: who sends may begin after who receives has called.
void Resolver::name_told_processes() {
    for (Act& act : acts_)
        if (act.told_control) act.told_process = process_told(history_.events[act.event].value >> 16);
}

// A message that claims to come from somebody else: refused without privilege. True: nothing was sent.
bool Resolver::forges(const Event& event, std::uint32_t index, const Operation& operation) {
    const auto claimed = static_cast<Credentials>(operation.value / 256 % 256);
    if (claimed <= Credentials::own || event.ended == 0) return false;
    const bool user = claimed == Credentials::other_user || claimed == Credentials::other_group;
    const bool unmapped = user && event.error == Errno::EINVAL_;  // in a user namespace without that number
    const bool absent = claimed == Credentials::no_process && event.error == Errno::ESRCH_;
    if (event.error == Errno::EPERM_ || unmapped || absent) {
        weigh(clause("UNIX-CRED-2"));
        return true;
    }
    if (event.error != Errno::none) return false;  // what else is wrong may be told first
    const Subject& subject = resolved_.subject;
    const bool allowed =
        user ? subject.may_claim_user : claimed == Credentials::other_process && subject.may_claim_process;
    if (!allowed)
        breach(clause("UNIX-CRED-2"), Reason::wrong_errno,
               claimed == Credentials::no_process ? "none/ESRCH" : "none/EPERM", index,
               "a message with the credentials of somebody else is refused");
    return !allowed;
}

void Resolver::peer_told(const Event& event, std::uint32_t index, const Description& description) {
    if (event.ended == 0) return;
    if (event.error != Errno::none) return must_succeed(event, index, clause("UNIX-CRED-4"));
    if (process_told(event.result) == objects_[description.object].maker && event.result & 256)
        weigh(clause("UNIX-CRED-4"));
    else
        breach(clause("UNIX-CRED-4"), Reason::wrong_value, "", index,
               "SO_PEERCRED does not tell who has made the pair");
}

}  // namespace crosstalk::judging
