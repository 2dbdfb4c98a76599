// The channel: what of a history that no path explains is nobody's fault, since nobody saw what happened there.
#include <algorithm>

#include "properties/models/channel.h"

namespace crosstalk::channel {

// tcp(7), MSG_TRUNC: a receive that discards shows no bytes, so that it does not tell how far a send had come that
// never returned.
bool Model::discards_of_the_dead() const {
    return std::ranges::any_of(component_.acts, [&](const Act& receive) {
        return receive.kind == ActKind::read && discards(receive) &&
               std::ranges::any_of(component_.acts, [&](const Act& send) {
                   return send.kind == ActKind::write && send.open && send.object == receive.object &&
                          send.end != receive.end && send.began < receive.ended;
               });
    });
}

// A datagram socket whose send finds its peer gone may lose what it had unread: no page says what becomes of that, and
// Linux discards it. Whether a send found it that never returned nobody saw.
bool Model::may_have_met_nobody() const {
    return records_ && !connected_ && std::ranges::any_of(component_.acts, [&](const Act& send) {
               return send.kind == ActKind::write && send.open &&
                      std::ranges::any_of(component_.acts, [&](const Act& release) {
                          return release.kind == ActKind::release && release.object == send.object &&
                                 release.end != send.end;
                      });
           });
}

// How much a receive with MSG_WAITALL or SO_RCVLOWAT has taken of a send that goes on, only a look beside it shows.
bool Model::looked_beside_a_wait() const {
    const auto beside = [](const Act& one, const Act& other) {
        return one.object == other.object && one.event != other.event && one.began < other.ended &&
               other.began < one.ended;
    };
    const auto fed = [&](const Act& wait) {
        return std::ranges::any_of(component_.acts, [&](const Act& send) {
            return send.kind == ActKind::write && send.end != wait.end && beside(send, wait);
        });
    };
    const auto waited = [&](const Act& look) {
        return std::ranges::any_of(component_.acts, [&](const Act& wait) {
            if (wait.kind != ActKind::read || wait.end != look.end || wait.never_sleeps || !beside(wait, look))
                return false;
            return (subject_.operation(wait).flags & flag_wait_all || limits_of(wait).most_water > 1) && fed(wait);
        });
    };
    return !records_ && std::ranges::any_of(component_.acts, [&](const Act& look) {
        return look.kind == ActKind::read && subject_.operation(look).flags & flag_peek && waited(look);
    });
}

// What a receive had taken that never returned, nobody saw: of a stream any part. One that sleeps has taken something
// only with MSG_WAITALL, and that matters only to whoever receives after it.
std::string Model::undecided() const {
    const auto others_receive = [&](const Act& act) {
        return std::ranges::any_of(component_.acts, [&](const Act& other) {
            return other.kind == ActKind::read && other.object == act.object && other.end == act.end &&
                   other.event != act.event && other.ended > act.began;
        });
    };
    const bool unseen = !records_ && std::ranges::any_of(component_.acts, [&](const Act& act) {
        if (act.kind != ActKind::read || !act.open || act.asked == 0) return false;
        const bool waits = subject_.operation(act).flags & flag_wait_all || limits_of(act).most_water > 1;
        return !act.asleep || (waits && others_receive(act));
    });
    if (unseen) return "a receive never returned: which part of the stream it had taken nobody saw";
    if (discards_of_the_dead()) return "how much a receive discarded of a send that never returned nobody saw";
    if (looked_beside_a_wait()) return "how far a receive that waited had come when another looked nobody saw";
    if (may_have_met_nobody()) return "whether a send that never returned found its peer gone nobody saw";
    return looks_behind_a_mixture() ? "what a look passed over of sends that went on beside each other nobody saw" : "";
}

}  // namespace crosstalk::channel
