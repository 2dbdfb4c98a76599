// Pairs of connected sockets: what there is, who refers to it, closing and shutting down (unix(7), shutdown(2)).
// Sending and receiving are channel_sends.cc and channel_receives.cc, what is looked at and set is channel_options.cc.
#include <utility>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

bool Play::is_channel(std::size_t object) const {
    return offers(mechanism_of(value_.program.objects[object].mechanism), Verb::send);
}

bool Play::is_of_channels(ActorId actor, const Operation& operation) const {
    switch (operation.verb) {
        case Verb::send:
        case Verb::recv:
        case Verb::socket:
        case Verb::bind:
        case Verb::listen:
        case Verb::connect:
        case Verb::accept: return true;
        case Verb::unlink:
        case Verb::trial: return is_channel(operation.object);
        case Verb::write:
        case Verb::writev:
        case Verb::read:
        case Verb::readv: {
            const std::int16_t held = lives_[actor].held[0];
            return held != unbound && descriptions_[static_cast<std::size_t>(held)].kind == Kind::socket;
        }
        case Verb::shutdown:
        case Verb::get_option:
        case Verb::set_option:
        case Verb::available: {
            const std::int16_t found = description_in(actor, operation.uses[0]);
            return found != unbound && descriptions_[static_cast<std::size_t>(found)].kind == Kind::socket;
        }
        default: return false;
    }
}

std::uint16_t Play::new_channel(ObjectId object, std::uint8_t maker) {
    const Object& wanted = value_.program.objects[object];
    const Facts& facts = mechanism_of(wanted.mechanism).facts;
    Channel& channel = channels_.emplace_back();
    channel.object = object, channel.maker = maker;
    channel.records = facts.keeps_boundaries, channel.connected = facts.dead_peer == DeadPeer::reset;
    const auto asked = static_cast<std::int64_t>(wanted.asked.capacity_bytes);
    for (Side& side : channel.sides) side.send_buffer = asked != 0 ? buffer_for(asked) : usual_buffer_;
    return static_cast<std::uint16_t>(channels_.size() - 1);
}

std::int16_t Play::new_socket(std::uint16_t channel, std::uint8_t end, std::uint16_t flags) {
    descriptions_.push_back({.kind = Kind::socket, .thing = channel, .end = end, .flags = flags});
    return static_cast<std::int16_t>(descriptions_.size() - 1);
}

// One that the leader makes before the first step; it is none of the case's own processes.
std::int16_t Play::begin_channel(ObjectId object) {
    const std::uint16_t made = new_channel(object, no_process);
    const std::uint16_t flags = value_.program.objects[object].asked.flags & flag_nonblock;
    const std::int16_t first = new_socket(made, 0, flags);
    new_socket(made, 1, flags);
    Event probe;
    probe.kind = EventKind::probe, probe.object = object;
    probe.began = probe.ended = stamp();
    history_.events.push_back(probe);
    return first;
}

// Ends that were handed to nobody are closed.
void Play::close_unheld() {
    for (std::size_t c = 0; c < channels_.size(); ++c)
        for (const std::uint8_t end : {std::uint8_t{0}, std::uint8_t{1}}) {
            Side& side = channels_[c].sides[end];
            if (side.references != 0) continue;
            side.dead = true;
            hanging_.emplace_back(static_cast<std::uint16_t>(c), end);
        }
    hang_up_all();
}

void Play::let_go(const Description& description) {
    Side& mine = mine_of(description);
    if (--mine.references != 0) return;
    mine.dead = true;
    hanging_.emplace_back(description.thing, description.end);
    if (!lingers_) hang_up_all();
}

// What nobody has received goes, and what travels with it (unix(7)).
void Play::drop_unread(Side& side) {
    for (const Parcel& parcel : std::exchange(side.unread, {}))
        for (const std::int16_t each : parcel.cargo)
            if (!lies(Lie::cargo_counts_nothing)) release(each);
}

// The second half of a close: what is unread is lost, and the peer is told.
void Play::hang_up_all() {
    lingers_ = true;  // what travels with unread data may close others in turn
    while (!hanging_.empty()) {
        const auto [thing, end] = hanging_.back();
        hanging_.pop_back();
        Channel& channel = channels_[thing];
        Side &mine = channel.sides[end], &peer = channel.sides[1 - end];
        if (channel.connected) {
            peer.sends_shut = peer.receives_shut = true;
            // Whether an empty record counts as unread data is said nowhere.
            const bool unread = !mine.unread.empty() && (mine.unread.front().piece.length != 0 || dice_.one_in(2));
            if (unread && !peer.dead && !lies(Lie::no_reset)) peer.reset = true;
            if (lies(Lie::close_wakes_no_socket))
                for (Life& life : lives_) life.forgotten |= life.phase == Phase::asleep;
        }
        drop_unread(mine);
    }
    lingers_ = false;
}

Effect Play::channel(ActorId actor, const Operation& operation) {
    switch (operation.verb) {
        case Verb::send:
        case Verb::write:
        case Verb::writev: return send(actor, operation);
        case Verb::recv:
        case Verb::read:
        case Verb::readv: return receive_message(actor, operation);
        case Verb::socket:
        case Verb::bind:
        case Verb::listen:
        case Verb::connect:
        case Verb::accept:
        case Verb::unlink: return name_socket(actor, operation);
        case Verb::trial: return try_out(operation);
        default: break;
    }
    const Description& description = descriptions_[static_cast<std::size_t>(description_in(actor, operation.uses[0]))];
    if (description.thing == no_thing) {
        if (operation.verb == Verb::shutdown) return fails(Errno::ENOTCONN_);
        return operation.verb == Verb::available && plug_of(description).listens ? fails(Errno::EINVAL_) : Effect{};
    }
    switch (operation.verb) {
        case Verb::shutdown: return shut(actor, operation, description);
        case Verb::get_option: return ask(operation, description);
        case Verb::set_option: return demand(operation, description);
        default: return {.result = unread_in(description)};
    }
}

// shutdown(2). Nothing says that both ends learn of it at the same moment.
Effect Play::shut(ActorId actor, const Operation& operation, const Description& description) {
    if (operation.value > static_cast<std::int64_t>(Access::both))
        return lies(Lie::bad_way_passes) ? Effect{} : fails(Errno::EINVAL_);
    const bool connected = channels_[description.thing].connected;
    Side &mine = mine_of(description), &peer = peer_of(description);
    Life& life = lives_[actor];
    if (!life.counted) {
        // ENOTCONN where it is not connected: has a connection with one end still two?
        if (mine.disconnected || (peer.dead && dice_.one_in(4))) return fails(Errno::ENOTCONN_);
        mine.sends_shut |= operation.value != static_cast<std::int64_t>(Access::read);
        mine.receives_shut |= operation.value != static_cast<std::int64_t>(Access::write);
        life.counted = true;
        if (connected && !turns_ && dice_.one_in(4)) return {.pauses = true};
    }
    life.counted = false;
    if (!connected || lies(Lie::shutdown_untold)) return {};
    peer.sends_shut |= operation.value != static_cast<std::int64_t>(Access::write) && !lies(Lie::shut_peer_takes);
    peer.receives_shut |= operation.value != static_cast<std::int64_t>(Access::read);
    return {};
}

}  // namespace crosstalk::mirror
