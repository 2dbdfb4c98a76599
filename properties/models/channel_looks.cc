// The channel: looks (MSG_PEEK). Where an offset (socket(7), SO_PEEK_OFF) makes them begin, and who sleeps on beside
// what is there, since a wake-up went to a look or was none.
#include <algorithm>

#include "properties/models/channel.h"

namespace crosstalk::channel {
namespace {

bool is_of_peek_offset(const Act& act) {
    return act.verb == Verb::set_option && (act.value & 0xff) == static_cast<std::int64_t>(SocketOption::peek_offset);
}
bool sets_peek_offset(const Act& act) { return is_of_peek_offset(act) && act.value >> 8 >= 0; }

}  // namespace

// Who looks from an offset on (SO_PEEK_OFF) does not see what lies before.
bool Model::looks_behind_a_mixture() const {
    const auto mixed = [&](const Act& look) {
        const auto beside = [&](const Act& one) {
            return one.kind == ActKind::write && one.object == look.object && one.end != look.end &&
                   std::ranges::any_of(component_.acts, [&](const Act& other) {
                       return other.kind == ActKind::write && other.object == one.object && other.end == one.end &&
                              other.event != one.event && other.began < one.ended && one.began < other.ended;
                   });
        };
        return sets_peek_offset(look) && std::ranges::any_of(component_.acts, beside);
    };
    return !records_ && std::ranges::any_of(component_.acts, mixed);
}

// Of records Linux wakes one sleeping receiver, and if that one only looks (MSG_PEEK) nobody else.
bool Model::slept_beside_peek(const Act& act) const {
    return records_ && std::ranges::any_of(component_.acts, [&](const Act& other) {
               return other.kind == ActKind::read && other.object == act.object && other.end == act.end &&
                      other.event != act.event && !other.never_sleeps && other.ended > act.began &&
                      subject_.operation(other).flags & flag_peek;
           });
}

// Who looks behind all that is there (SO_PEEK_OFF) remembers the last buffer of the queue, and Linux takes a new one
// that lies where that one lay, which somebody received meanwhile, for the same.
bool Model::slept_beside_receive(const Act& act) const {
    const auto of_this_end = [&](const Act& other) { return other.object == act.object && other.end == act.end; };
    const auto offset = [&](const Act& other) { return of_this_end(other) && sets_peek_offset(other); };
    const auto receive = [&](const Act& other) {
        return of_this_end(other) && other.kind == ActKind::read && other.ended > act.began &&
               other.event != act.event && !(subject_.operation(other).flags & flag_peek);
    };
    return !records_ && subject_.operation(act).flags & flag_peek && std::ranges::any_of(component_.acts, offset) &&
           std::ranges::any_of(component_.acts, receive);
}

// A look that slept behind an offset is woken by what arrives, and not by who sets another one.
bool Model::slept_before_offset(const Act& act) const {
    return subject_.operation(act).flags & flag_peek && std::ranges::any_of(component_.acts, [&](const Act& other) {
               return other.object == act.object && other.end == act.end && is_of_peek_offset(other) &&
                      other.ended > act.began;
           });
}

}  // namespace crosstalk::channel
