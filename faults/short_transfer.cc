// short-transfer: a call moves a part of what it was asked to. Nothing is done to it: the program makes it so by real
// pressure (little room, fewer bytes than are asked for, a peer that goes), and the injection marks the call to look
// at. It fired if that call returned a count above 0 and below the one asked for, with a buffer that is all there.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

bool whole(const Buffer& buffer) { return buffer.bytes > 1 && buffer.bytes <= buffer.mapped; }

// pread and pwrite never move anything here; a part of one byte is none; messages of a queue have no parts.
bool may_strike(const Operation& operation, When when) {
    return when == When::after && sheet_of(operation.verb).moves_bytes() && operation.verb != Verb::pread &&
           operation.verb != Verb::pwrite && operation.verb != Verb::mq_send && operation.verb != Verb::mq_receive &&
           whole(operation.buffer);
}

bool shows(const Operation& operation, const Returned& returned) {
    return returned.result > 0 && static_cast<std::uint64_t>(returned.result) < operation.buffer.bytes;
}

}  // namespace

const Fault short_transfer{.name = "short-transfer",
                           .about = "a call that real pressure lets move only a part",
                           .may_strike = may_strike,
                           .needs = "",
                           .only_marks = true,
                           .shows = shows};

}  // namespace crosstalk
