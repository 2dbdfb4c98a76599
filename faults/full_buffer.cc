// full-buffer: a call that puts bytes in meets a buffer without room for all of them. Nothing is done to it: the
// program fills the buffer before, and the injection marks the call to look at. `asleep`: it fired if the actor was
// seen asleep in the call, which such a call does for want of room only. `after`: it fired if the call failed with
// EAGAIN or was short, with a buffer that is all there. splice and tee are left out: they may lack input as well as
// room.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

bool may_strike(const Operation& operation, When when) {
    const Verb verb = operation.verb;
    const bool puts_in = verb == Verb::write || verb == Verb::writev || verb == Verb::vmsplice || verb == Verb::send;
    if (!puts_in || operation.buffer.bytes == 0 || operation.buffer.bytes > operation.buffer.mapped) return false;
    return when == When::asleep || when == When::after;
}

bool shows(const Operation& operation, const Returned& returned) {
    return returned.error == Errno::EAGAIN_ ||
           (returned.result > 0 && static_cast<std::uint64_t>(returned.result) < operation.buffer.bytes);
}

}  // namespace

const Fault full_buffer{.name = "full-buffer",
                        .about = "a call that puts bytes in meets a buffer without room for them",
                        .may_strike = may_strike,
                        .needs = "",
                        .only_marks = true,
                        .shows = shows};

}  // namespace crosstalk
