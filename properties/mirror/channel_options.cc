// Pairs of sockets: what is looked at and what is set of them (socket(7), unix(7), poll(2)). Where the documents leave
// a figure open (the least buffer, how much room makes a socket writable) it is a freedom of the history.
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
// <sys/socket.h> of Linux.
constexpr std::int64_t type_stream = 1, type_datagram = 2, type_seqpacket = 5;

}  // namespace

// socket(7), SO_SNDBUF: doubled, at least the minimum, at most the maximum.
std::int64_t Play::buffer_for(std::int64_t asked) const {
    if (lies(Lie::buffer_not_doubled)) return std::clamp(asked, least_buffer_, largest_buffer_);
    return std::clamp(2 * asked, least_buffer_, largest_buffer_);
}

// FIONREAD: of a stream all that is unread, of datagrams the next one; of seqpackets unix(7) says neither.
std::int64_t Play::unread_in(const Description& description) const {
    const Channel& channel = channels_[description.thing];
    const Side& mine = mine_of(description);
    const bool all = !channel.records || (channel.connected && counts_all_records_);
    if (all) return static_cast<std::int64_t>(mine.bytes());
    return mine.unread.empty() ? 0 : mine.unread.front().piece.length;
}

Effect Play::ask(const Operation& operation, const Description& description) {
    const Channel& channel = channels_[description.thing];
    Side& mine = mine_of(description);
    switch (static_cast<SocketOption>(operation.value & 0xff)) {
        case SocketOption::send_buffer: return {.result = mine.send_buffer};
        case SocketOption::receive_buffer: return {.result = usual_buffer_};
        case SocketOption::error: {
            const bool reset = mine.reset;
            mine.reset = reset && lies(Lie::reset_stays);
            return {.result = static_cast<std::int64_t>(reset ? Errno::ECONNRESET_ : Errno::none)};
        }
        case SocketOption::type:
            return {.result = !channel.records ? type_stream : channel.connected ? type_seqpacket : type_datagram};
        case SocketOption::at_mark: return {.result = mine.at_mark() != lies(Lie::mark_untold)};
        case SocketOption::peer: {  // who made the pair
            const std::int64_t maker = channel.maker == no_process ? 0 : 1 + processes_[channel.maker].leader;
            return {.result = (lies(Lie::peer_is_nobody) ? 0 : maker) + (lies(Lie::peer_is_nobody) ? 0 : of_our_user)};
        }
        default: return fails(Errno::ENOPROTOOPT_);
    }
}

Effect Play::demand(const Operation& operation, const Description& description) {
    Side& mine = mine_of(description);
    const std::int64_t becomes = operation.value >> 8;
    switch (static_cast<SocketOption>(operation.value & 0xff)) {
        case SocketOption::send_buffer: mine.send_buffer = buffer_for(becomes); return {};
        case SocketOption::receive_limit:
        case SocketOption::send_limit: {
            if (becomes < 0 && !lies(Lie::bad_limit_passes)) return fails(Errno::EDOM_);
            const bool receives = (operation.value & 0xff) == static_cast<std::int64_t>(SocketOption::receive_limit);
            (receives ? mine.receive_limit_ns : mine.send_limit_ns) = std::max<std::int64_t>(becomes, 0) * ns_per_ms;
            return {};
        }
        case SocketOption::low_water: mine.low_water = std::max<std::int64_t>(becomes, 1); return {};
        case SocketOption::peek_offset: mine.peek_offset = becomes; return {};
        case SocketOption::credentials: mine.credentials = becomes != 0; return {};
        case SocketOption::urgent_inline: mine.urgent_inline = becomes != 0 && !lies(Lie::never_inline); return {};
        case SocketOption::receive_buffer:  // unix(7): no effect
        case SocketOption::linger: return {};
        default: return fails(Errno::ENOPROTOOPT_);
    }
}

// poll(2). How much room makes a socket writable no document says; an empty queue has some.
std::int64_t Play::socket_bits(const Description& description, std::int64_t asked) const {
    if (description.thing == no_thing) {
        if (!plug_of(description).listens) return (asked & poll_out) | poll_hup;
        return plug_of(description).waiting.empty() ? 0 : asked & poll_in;
    }
    const Side &mine = mine_of(description), &peer = peer_of(description);
    std::int64_t bits = 0;
    const bool records = channels_[description.thing].records;
    // Of UNIX sockets Linux tells of any input; socket(7) of as much as SO_RCVLOWAT says.
    const auto least = static_cast<std::uint64_t>(holds_input_back_ ? mine.low_water : 1);
    const bool there = records ? !mine.unread.empty() : mine.readable() >= least || mine.reset;
    if (there || mine.receives_shut) bits |= asked & poll_in;
    if (std::ranges::any_of(mine.unread, [](const Parcel& each) { return each.mark && !each.taken; }))
        bits |= asked & poll_pri;
    const bool room = shows_room_ && (records ? takes_record(peer, 1) : free_in(peer) > 0);
    if (peer.unread.empty() || room) bits |= asked & poll_out;
    if (mine.receives_shut && !lies(Lie::no_rdhup)) bits |= asked & poll_rdhup;
    if (mine.receives_shut && mine.sends_shut) bits |= poll_hup;
    if (mine.reset) bits |= poll_err;
    return bits;
}

}  // namespace crosstalk::mirror
