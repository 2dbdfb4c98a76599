// Lies about what messages of SCTP say of themselves, and about what trials of associations show: one sight of each is
// not so. They can be told only where there is SCTP: crosstalk prove mechanism:sctp* --target=debian-kernel.
#include <cerrno>

#include "faults/lies/mutators.h"
#include "faults/lies/tables.h"
#include "mechanisms/trial.h"

namespace crosstalk::lies {
namespace {

using enum Verb;

// In this trial the sight of this number is not so.
constexpr Row hides(std::string_view id, std::string_view clause, std::string_view about, Trial showing, int sight,
                    std::string_view mechanism) {
    return {id,
            clause,
            "",
            about,
            verbs(trial),
            flips_value,
            {std::int64_t{1} << sight},
            {{{On::value_is, static_cast<std::int64_t>(showing)}}},
            mechanism};
}

constexpr std::string_view one4 = "sctp4-stream", one6 = "sctp6-stream", many4 = "sctp4-seqpacket",
                           many6 = "sctp6-seqpacket";
constexpr std::int64_t told_stream = 1 << 16, told_payload = std::int64_t{1} << 32;

constexpr Row rows[] = {
    {"sctp-other-stream",
     "SCTP-STR-1",
     "",
     "a receiver is told a neighbour of the stream that the sender gave",
     verbs(recv),
     flips_value,
     {told_stream},
     {{{On::flags_asked, flag_control}, {On::flags_not_asked, flag_nonblock}}},
     one4},
    {"sctp-payload-id-changed",
     "SCTP-STR-1",
     "",
     "one receiver of four is told another payload id",
     verbs(recv),
     flips_value,
     {told_payload},
     {{{On::flags_asked, flag_control}, {On::one_in, 4}}},
     one6},
    {"sctp-unordered-in-silence",
     "SCTP-STR-1",
     "",
     "nobody is told that a message was sent unordered",
     verbs(recv),
     tells_instead,
     {message_unordered, 0},
     {},
     one4},
    {"sctp-stream-beyond-taken",
     "SCTP-STR-2",
     "",
     "what is sent on a stream that there is not goes out on stream 0",
     verbs(send),
     changes_value,
     {0},
     {{{On::value_is, value_of({streams_of_pairs, 0})}}},
     one4},

    hides("sctp-streams-as-wished", "SCTP-STR-3",
          "one side has as many streams as it wished, whatever the other wished", Trial::streams, 0, one4),
    hides("sctp-stream-holds-others", "SCTP-ORD-2", "a lost message holds back those of all streams",
          Trial::blocked_stream, 0, one6),
    hides("sctp-unordered-waits", "SCTP-ORD-3", "an unordered message waits for those before it", Trial::unordered, 0,
          one4),
    hides("sctp-unordered-frees-all", "SCTP-ORD-3", "behind an unordered message the others lose their order",
          Trial::unordered, 3, one4),
    hides("sctp-parts-mixed", "SCTP-MSG-3", "a short message comes between the parts of a long one", Trial::parts, 0,
          one4),
    hides("sctp-cut-all-the-same", "SCTP-MSG-6", "SCTP_DISABLE_FRAGMENTS is taken and forgotten", Trial::uncut, 0,
          one6),
    hides("sctp-told-within-a-message", "SCTP-EV-1", "a notification comes between the parts of a message",
          Trial::events, 2, one4),
    hides("sctp-told-unasked", "SCTP-EV-1", "notifications come to who did not ask for any", Trial::events, 4, one6),
    hides("sctp-up-after-data", "SCTP-EV-2", "data comes before SCTP_COMM_UP", Trial::first_and_last, 0, one4),
    hides("sctp-loss-untold", "SCTP-EV-2", "nobody is told that an association was aborted", Trial::first_and_last, 5,
          one6),
    hides("sctp-failed-without-message", "SCTP-EV-3", "a failed send is told of, and its message is not brought back",
          Trial::failed_send, 1, one4),
    hides("sctp-failed-without-context", "SCTP-EV-3", "a failed send is told of without its context",
          Trial::failed_send, 2, one6),
    hides("sctp-given-up-blocks", "SCTP-PR-1", "nothing comes behind a message that was given up", Trial::given_up, 0,
          one4),
    hides("sctp-one-path-only", "SCTP-MH-1", "a second address is never used", Trial::lost_path, 1, one4),
    hides("sctp-foreign-address-added", "SCTP-MH-2", "sctp_bindx takes an address that is none of the host's",
          Trial::addresses, 0, one4),
    hides("sctp-last-address-removed", "SCTP-MH-2", "sctp_bindx removes the last address", Trial::addresses, 4, one6),

    hides("sctp-hub-needs-connect", "SCTP-O2M-1", "a message to a new address needs a connect before it",
          Trial::implicit, 0, many4),
    hides("sctp-hub-accepts", "SCTP-O2M-2", "accept on a one-to-many socket gives another error", Trial::accepted, 0,
          many4),
    hides("sctp-hub-listens-on", "SCTP-O2M-2", "after listen(0) associations are set up as before", Trial::listened, 1,
          many6),
    hides("sctp-hub-mixes-up", "SCTP-O2M-3", "a message tells the id of another association", Trial::many, 0, many4),
    hides("sctp-hub-answers-another", "SCTP-O2M-3", "an answer goes to another association", Trial::many, 2, many6),
    hides("sctp-end-overtakes", "SCTP-O2M-4", "SCTP_EOF ends an association before what is pending", Trial::ended, 0,
          many4),
    hides("sctp-abort-without-reason", "SCTP-O2M-4", "an abort does not give its reason", Trial::aborted_association, 1,
          many6),
    hides("sctp-peeled-off-empty", "SCTP-O2M-5", "what is queued stays behind when an association is peeled off",
          Trial::peeled_off, 0, many4),
    hides("sctp-hub-leaves-in-silence", "SCTP-O2M-6", "close of a one-to-many socket tells one peer nothing",
          Trial::closed, 3, many4),
    hides("sctp-autoclose-early", "SCTP-O2M-7", "SCTP_AUTOCLOSE ends what was idle for half the time", Trial::idle, 0,
          many4),
    hides("sctp-hub-has-a-peer", "SCTP-O2M-8", "getpeername names the only association's peer", Trial::peer_names, 1,
          many4),
};

}  // namespace

std::span<const Row> sctp_trial_lies() { return rows; }

}  // namespace crosstalk::lies
