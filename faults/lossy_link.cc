// lossy-link: what a link of ours between two hosts does to the first packet that carries bytes of the marked call. The
// argument says what: 0, it is lost; 1, it comes twice; n from 2 on, it is held until n - 1 further packets with data
// went the same way, or nobody else can move; 63, until nobody else can move; below 0, it and the -n - 1 behind it are
// lost, as if the link were full; -64, all from it on. It fired if the link did so; each deed stands in the history
// (delivery.h). Where a case has no link it never fires.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

bool may_strike(const Operation& operation, When when) {
    const bool sends = operation.verb == Verb::send || operation.verb == Verb::write || operation.verb == Verb::writev;
    return sends && when == When::after;
}

}  // namespace

const Fault lossy_link{.name = "lossy-link",
                       .about = "a link between two hosts loses, doubles, holds back or overtakes packets",
                       .may_strike = may_strike,
                       .needs = "two_hosts",
                       .least = -64,
                       .most = 63};

}  // namespace crosstalk
