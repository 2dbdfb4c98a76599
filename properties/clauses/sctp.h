// What the documents promise of SCTP. Drawn programs play on one-to-one associations that are set up before the case
// begins; what takes options, losses, several sockets or the one-to-many style is shown by trials
// (judge/trial_sights.h). There is no Linux man page of SCTP: the interface is RFC 6458, the protocol RFC 9260, cited
// from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause sctp_clauses[] = {
    {"SCTP-NEW-1", "A one-to-one socket is of type SOCK_STREAM, and says so.",
     "RFC 6458 4.1.1 (not re-read); socket(7), SO_TYPE", Strength::must, property("creation"), binds::sctp},

    {"SCTP-MSG-1", "One message sent is one received: never merged with another, never split but by a short buffer.",
     "RFC 6458 3.1.4, RFC 9260 6.9 (not re-read)", Strength::must, property("atomicity"), binds::sctp},
    {"SCTP-MSG-2",
     "Of a message that is longer than the buffer the rest comes with later receives; MSG_EOR marks its last part.",
     "RFC 6458 3.1.4, 8.1.20 (not re-read)", Strength::must, property("transfer"), binds::sctp},
    {"SCTP-MSG-3",
     "Parts of one message stay together: no other of its association comes between them, unless interleaving is asked "
     "for.",
     "RFC 6458 8.1.20, SCTP_FRAGMENT_INTERLEAVE 0 (not re-read)", Strength::must, property("atomicity"),
     binds::one_to_one},
    {"SCTP-MSG-4", "There are no empty messages: a send of no bytes fails with EINVAL.",
     "RFC 6458 3.1.4, RFC 9260 3.3.1 (not re-read)", Strength::must, property("transfer"), binds::sctp},
    {"SCTP-MSG-5",
     "A message that is longer than the send buffer fails with EMSGSIZE; any other goes once there is room.",
     "RFC 6458 3.1.4 (not re-read)", Strength::must, property("capacity"), binds::sctp},
    {"SCTP-MSG-6",
     "With SCTP_DISABLE_FRAGMENTS a message longer than the path allows fails with EMSGSIZE; any other goes.",
     "RFC 6458 8.1.11 (not re-read)", Strength::must, property("capacity"), binds::one_to_one},

    {"SCTP-ORD-1", "Messages of one stream arrive in the order in which they were sent.", "RFC 9260 6.6 (not re-read)",
     Strength::must, property("order"), binds::sctp},
    {"SCTP-ORD-2", "Different streams have no mutual order: what is lost on one does not hold back another.",
     "RFC 9260 6.6 (not re-read)", Strength::must, property("order"), binds::one_to_one},
    {"SCTP-ORD-3",
     "SCTP_UNORDERED takes the order away from that message alone: it may overtake, and the others may not.",
     "RFC 6458 5.3.2, 5.3.4; RFC 9260 6.6 (not re-read)", Strength::must, property("order"), binds::one_to_one},
    {"SCTP-ORD-4", "What was sent arrives in the end: no message is lost, changed or doubled.",
     "RFC 9260 1.5.2, 6 (not re-read)", Strength::must, property("progress"), binds::sctp},

    {"SCTP-STR-1",
     "The receiver is told the stream and the payload id that the sender gave, and whether the message was unordered.",
     "RFC 6458 5.3.4, 5.3.5, 8.1.29 (not re-read)", Strength::must, property("transfer"), binds::sctp},
    {"SCTP-STR-2", "A stream number that the association does not have fails with EINVAL.",
     "RFC 6458 5.3.2, 5.3.4 (not re-read)", Strength::must, property("transfer"), binds::sctp},
    {"SCTP-STR-3", "Each way there are as many streams as the smaller of the two SCTP_INITMSG wishes says.",
     "RFC 6458 8.1.3, RFC 9260 5.1.1 (not re-read)", Strength::must, property("creation"), binds::one_to_one},

    {"SCTP-O2M-1", "A message to a new address sets an association up and arrives; its id leads back.",
     "RFC 6458 3.1.1 (not re-read)", Strength::must, property("creation"), binds::one_to_many},
    {"SCTP-O2M-2",
     "accept fails with EOPNOTSUPP; listen lets new associations come, and refuses them with a backlog of 0.",
     "RFC 6458 3.1.2, 3.1.3 (not re-read)", Strength::must, property("creation"), binds::one_to_many},
    {"SCTP-O2M-3", "Of many associations on one socket each message tells its own; none gets what is another's.",
     "RFC 6458 3.1, 5.3.5 (not re-read)", Strength::must, property("order"), binds::one_to_many},
    {"SCTP-O2M-4",
     "SCTP_EOF ends one association after what is pending; SCTP_ABORT drops it and gives the reason; others go on.",
     "RFC 6458 3.1.4, 5.3.4, 6.1.1 (not re-read)", Strength::must, property("end-of-file"), binds::one_to_many},
    {"SCTP-O2M-5", "Peeling off gives a descriptor of one association alone; what is queued moves with it.",
     "RFC 6458 9.2 (not re-read)", Strength::must, property("descriptors"), binds::one_to_many},
    {"SCTP-O2M-6", "close ends all associations gracefully: what was sent arrives, then the end.",
     "RFC 6458 3.1.5 (not re-read)", Strength::must, property("end-of-file"), binds::one_to_many},
    {"SCTP-O2M-7", "SCTP_AUTOCLOSE ends idle associations gracefully, after the time that was set and not before.",
     "RFC 6458 8.1.8 (not re-read)", Strength::must, property("end-of-file"), binds::one_to_many},
    {"SCTP-O2M-8",
     "getpeername fails with ENOTCONN or EOPNOTSUPP; the SCTP functions list the addresses of both sides.",
     "RFC 6458 9.3, 9.5 (not re-read); getpeername(2)", Strength::must, property("creation"), binds::one_to_many},

    {"SCTP-O2O-1",
     "There is no half-closed state: once one end has closed or shut down, what was sent arrives, and then no call of "
     "either end waits any more.",
     "RFC 6458 4.1.7, 4.1.8; RFC 9260 9.2 (not re-read)", Strength::must, property("end-of-file"), binds::sctp},
    {"SCTP-O2O-2", "shutdown for writing is graceful: what was sent before is delivered, and sends fail with EPIPE.",
     "RFC 6458 4.1.7 (not re-read)", Strength::must, property("end-of-file"), binds::sctp},
    {"SCTP-O2O-3",
     "Closing with SO_LINGER of 0 seconds aborts: a call of the peer fails with ECONNRESET, and sees no end of file.",
     "RFC 6458 8.1.4 (not re-read); socket(7), SO_LINGER", Strength::must, property("peer-death"), binds::sctp},

    {"SCTP-EV-1",
     "Notifications that were asked for come whole and in line, marked MSG_NOTIFICATION, never within a message; no "
     "others come.",
     "RFC 6458 3.1.4, 6.1, 6.2 (not re-read)", Strength::must, property("notification"), binds::one_to_one},
    {"SCTP-EV-2", "SCTP_COMM_UP precedes all data of its association; SCTP_SHUTDOWN_COMP or SCTP_COMM_LOST is last.",
     "RFC 6458 6.1.1 (not re-read)", Strength::must, property("notification"), binds::one_to_one},
    {"SCTP-EV-3", "A notification of a failed send brings the message that was not delivered, and what was said of it.",
     "RFC 6458 6.1.11 (not re-read)", Strength::must, property("notification"), binds::one_to_one},

    {"SCTP-MH-1", "An association with several addresses of the peer survives the loss of one path.",
     "RFC 6458 9.1, RFC 9260 6.4, 8.2 (not re-read)", Strength::must, property("survival"), binds::one_to_one},
    {"SCTP-MH-2",
     "sctp_bindx fails with EADDRNOTAVAIL for an address that is none of the host's, with EINVAL for another port or "
     "one that is not bound, with EBUSY for removing the last.",
     "RFC 6458 9.1 (not re-read)", Strength::must, property("creation"), binds::one_to_one},

    {"SCTP-PR-1", "A message of limited reliability is delivered whole or given up; later ones still come in order.",
     "RFC 3758 3.5, RFC 6458 5.3.7 (not re-read)", Strength::must, property("order"), binds::one_to_one},

    {"SCTP-DIE-1",
     "A peer whose process ends, ends the association: calls return 0 or an error that the documents name, none hangs.",
     "RFC 9260 9 (not re-read); _exit(2)", Strength::must, property("peer-death"), binds::sctp},

    {"SCTP-EINTR-1", "A sleeping send or receive that a handler interrupts fails with EINTR and has moved nothing.",
     "RFC 6458 4.1 (not re-read); signal(7)", Strength::must, property("interruption"), binds::sctp},
};

}  // namespace crosstalk
