// The channel: whose credentials a receive brings. unix(7), SO_PASSCRED and SCM_CREDENTIALS: they are judged where the
// option was surely set before the message was sent, and stayed so; what comes with older messages no document says.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/channel.h"

namespace crosstalk::channel {
namespace {

bool sets_credentials(const Act& act) {
    return act.kind == ActKind::other && act.verb == Verb::set_option && act.error == Errno::none &&
           (act.value & 0xff) == static_cast<std::int64_t>(SocketOption::credentials);
}

}  // namespace

// On the end of this receive, at some moment before it ended?
bool Model::may_pass_credentials(const Act& receive) const {
    return limited_ && std::ranges::any_of(component_.acts, [&](const Act& each) {
               return sets_credentials(each) && each.object == receive.object && each.end == receive.end &&
                      each.value >> 8 != 0 && each.began < receive.ended;
           });
}

bool Model::surely_passes_credentials(const Act& receive, const Act& send) const {
    bool set = false;
    for (const Act& each : component_.acts) {
        if (!sets_credentials(each) || each.object != receive.object || each.end != receive.end) continue;
        if (each.began > receive.ended) continue;
        if (each.value >> 8 == 0 || each.open) return false;
        set = set || each.ended < send.began;
    }
    return set;
}

// May this receive, which begins with a byte of that message, tell what it told?
bool Model::is_credible(const Act& receive, const Piece& piece) const {
    const Operation& operation = subject_.operation(receive);
    if (!limited_ || operation.verb != Verb::recv || !(operation.flags & flag_control)) return true;
    const Act& send = component_.acts[piece.act];
    const bool sure = surely_passes_credentials(receive, send);
    if (!receive.told_control) return !sure;
    if (!may_pass_credentials(receive)) return false;
    const auto claimed = static_cast<Credentials>(subject_.operation(send).value / 256 % 256);
    if (!sure || (subject_.operation(send).verb == Verb::send && claimed > Credentials::own)) return true;
    return receive.told_process == send.process && receive.told_same_user;
}

// Messages of different processes are not glued: this one, of which something was received, ends the receive.
bool Model::is_of_another_writer(const Act& receive, const Piece& piece) const {
    const Act& send = component_.acts[piece.act];
    return limited_ && receive.told_control && receive.told_process != 0xff && send.process != receive.told_process &&
           subject_.operation(send).value < 256 && surely_passes_credentials(receive, send);
}

}  // namespace crosstalk::channel
