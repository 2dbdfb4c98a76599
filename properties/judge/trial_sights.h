// What the trials of associations (mechanisms/system/associations.h) have to show: of each the clause that it is about,
// and what each bit of Event::value says, in the trial's own order. All of them must be so.
#pragma once

#include <array>
#include <span>

#include "mechanisms/trial.h"
#include "properties/clauses/all.h"

namespace crosstalk {

inline constexpr std::size_t most_sights = 6;

struct TrialSights {
    Trial trial;
    ClauseId clause;
    std::array<std::string_view, most_sights> sights;  // what is so; "" from where there are no more
};

inline constexpr TrialSights trial_sights[] = {
    {Trial::streams,
     clause("SCTP-STR-3"),
     {"the streams out of the client are the smaller of both wishes", "so are those into the client",
      "so are those out of the server", "so are those into the server", "the last stream takes a message"}},
    {Trial::blocked_stream,
     clause("SCTP-ORD-2"),
     {"what comes behind a lost message on another stream arrives", "the lost message comes later"}},
    {Trial::unordered,
     clause("SCTP-ORD-3"),
     {"an unordered message overtakes a lost one", "the receiver is told that it was unordered",
      "the lost one comes next, and is ordered", "the ordered one behind it comes last"}},
    {Trial::parts,
     clause("SCTP-MSG-3"),
     {"nothing comes between the parts of a message", "all messages come, and whole"}},
    {Trial::uncut,
     clause("SCTP-MSG-6"),
     {"a message that is longer than the path carries is EMSGSIZE", "a short one goes",
      "with fragmentation the long one is taken"}},
    {Trial::events,
     clause("SCTP-EV-1"),
     {"a whole notification tells that all has arrived", "a whole notification tells of the shutdown",
      "no notification comes between the parts of a message", "the messages come whole",
      "who did not ask is told nothing"}},
    {Trial::first_and_last,
     clause("SCTP-EV-2"),
     {"SCTP_COMM_UP comes first", "then the data", "SCTP_SHUTDOWN_COMP comes last", "SCTP_COMM_UP comes first",
      "then the data", "SCTP_COMM_LOST comes last"}},
    {Trial::failed_send,
     clause("SCTP-EV-3"),
     {"a notification tells that a send failed", "it brings the message", "it brings the context",
      "it brings the stream and the payload id", "it says that the message was sent"}},
    {Trial::given_up,
     clause("SCTP-PR-1"),
     {"what comes behind a message that was given up arrives", "in order", "then comes the end"}},
    {Trial::lost_path,
     clause("SCTP-MH-1"),
     {"a message arrives before the loss", "a message arrives after the loss", "an answer arrives",
      "the association is established"}},
    {Trial::addresses,
     clause("SCTP-MH-2"),
     {"adding an address that is none of the host's is EADDRNOTAVAIL", "adding one with another port is EINVAL",
      "a second one is added and removed", "removing one that is not bound is EINVAL", "removing the last is EBUSY"}},
    {Trial::implicit,
     clause("SCTP-O2M-1"),
     {"a send to a new address succeeds", "its message arrives, with the id of an association",
      "a message to that id comes back", "each socket has one association"}},
    {Trial::accepted, clause("SCTP-O2M-2"), {"accept is EOPNOTSUPP", "it is so with an association, too"}},
    {Trial::listened,
     clause("SCTP-O2M-2"),
     {"after listen(0) who asks for an association is told that there is none", "and there is none",
      "an association that was there goes on"}},
    {Trial::many,
     clause("SCTP-O2M-3"),
     {"each message tells its own association", "the messages of each come in order",
      "each gets its own answer alone"}},
    {Trial::ended,
     clause("SCTP-O2M-4"),
     {"what is pending arrives first", "then SCTP_SHUTDOWN_COMP", "another association goes on"}},
    {Trial::aborted_association,
     clause("SCTP-O2M-4"),
     {"the peer is told SCTP_COMM_LOST", "and the reason", "another association goes on"}},
    {Trial::peeled_off,
     clause("SCTP-O2M-5"),
     {"what is queued comes out of the new descriptor", "the rest stays", "it sends to its peer without an address",
      "later messages come to it alone"}},
    {Trial::closed,
     clause("SCTP-O2M-6"),
     {"the first peer gets what was sent", "and SCTP_SHUTDOWN_COMP", "the second peer gets what was sent",
      "and SCTP_SHUTDOWN_COMP"}},
    {Trial::idle,
     clause("SCTP-O2M-7"),
     {"the association stands while the time is not over", "then it ends gracefully", "the time was over"}},
    {Trial::peer_names,
     clause("SCTP-O2M-8"),
     {"getpeername is ENOTCONN or EOPNOTSUPP", "it is so with an association, too", "the peer's address is listed",
      "the socket's own address is listed"}},
};

constexpr std::size_t count_of(const TrialSights& rule) {
    std::size_t count = 0;
    while (count < most_sights && !rule.sights[count].empty()) ++count;
    return count;
}
constexpr const TrialSights& sights_of(Trial trial) {
    return trial_sights[static_cast<std::size_t>(trial) - static_cast<std::size_t>(Trial::streams)];
}
consteval bool sights_in_order() {
    for (std::size_t i = 0; i < std::size(trial_sights); ++i)
        if (trial_sights[i].trial != static_cast<Trial>(static_cast<std::size_t>(Trial::streams) + i) ||
            count_of(trial_sights[i]) == 0)
            return false;
    return trial_sights[std::size(trial_sights) - 1].trial == Trial::peer_names;
}
static_assert(sights_in_order());

}  // namespace crosstalk
