// Pairs of sockets: sending (send(2), unix(7)). How much a queue holds no document says, but that an empty one takes
// something. Of two errors at once either is told.
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t most_cargo = 253;      // unix(7), SCM_RIGHTS
constexpr std::int64_t record_overhead = 32;  // unix(7), SO_SNDBUF

bool is_message(const Operation& operation) { return operation.verb == Verb::send || operation.verb == Verb::recv; }
bool sends_out(const Operation& operation) { return sheet_of(operation.verb).flow == Flow::out; }

}  // namespace

bool Play::is_limited(const Life& life, const Operation& operation) const {
    if (!sheet_of(operation.verb).moves_bytes() || life.held[0] == unbound) return false;
    const Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    if (description.kind != Kind::socket || description.thing == no_thing) return false;
    const Side& mine = mine_of(description);
    return (sends_out(operation) ? mine.send_limit_ns : mine.receive_limit_ns) != 0;
}

bool Play::may_wait(const Life& life, const Operation& operation, const Description& description) const {
    if (is_message(operation) && (operation.flags & flag_nonblock)) return false;
    return (life.slept && !rereads_flags_) || (description.flags & flag_nonblock) == 0;
}

// socket(7), SO_RCVTIMEO and SO_SNDTIMEO: who has slept and was woken by nobody has slept for so long.
bool Play::gives_up(Life& life, const Operation& operation, const Description& description) {
    const Side& mine = mine_of(description);
    const std::int64_t limit_ns = sends_out(operation) ? mine.send_limit_ns : mine.receive_limit_ns;
    if (limit_ns == 0 || !life.slept) return false;
    if (operation.timeout_ns > 0)
        life.event.took_ns =
            lies(Lie::limit_ends_early) ? limit_ns / 4 : limit_ns + static_cast<std::int64_t>(dice_.below(100'000));
    return true;
}

// What a descriptor and the number of parts decide, and the limit that the call sets (sendmsg(2), recvmsg(2)).
std::optional<Effect> Play::refused_message(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (life.slept || life.moved != 0) return std::nullopt;
    if (life.held[0] == unbound) return fails(Errno::EBADF_);
    const Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    if (description.kind != Kind::socket) return fails(Errno::ENOTSOCK_);
    if (description.thing == no_thing) return fails(Errno::ENOTCONN_);
    Side& mine = mine_of(description);
    if (operation.timeout_ns > 0) life.event.took_ns = static_cast<std::int64_t>(dice_.below(1000)) + 1;
    if (is_message(operation) && operation.timeout_ns != forever)
        (sends_out(operation) ? mine.send_limit_ns : mine.receive_limit_ns) = operation.timeout_ns / 1000 * 1000;
    if (is_message(operation) && operation.buffer.segments > iov_max_)
        return fails(dice_.one_of({Errno::EMSGSIZE_, Errno::EINVAL_}));
    // read(2), readv(2), writev(2) of nothing; write(2) and send(2) pass an empty record on.
    const bool moves_none =
        operation.verb == Verb::read || operation.verb == Verb::readv || operation.verb == Verb::writev;
    if (moves_none && operation.buffer.bytes == 0) return Effect{};
    return std::nullopt;
}

// Whom it claims to come from, and which descriptors go along (unix(7)). This user has no privileges.
std::optional<Effect> Play::refused_cargo(ActorId actor, const Operation& operation, Side& mine, bool connected) {
    if (operation.verb != Verb::send) return std::nullopt;
    const auto claimed = static_cast<Credentials>(operation.value / 256 % 256);
    if (claimed > Credentials::own && !lies(Lie::forgery_passes)) {
        const bool user = claimed == Credentials::other_user || claimed == Credentials::other_group;
        if (claimed == Credentials::no_process && dice_.one_in(2)) return fails(Errno::ESRCH_);
        return fails(user && dice_.one_in(8) ? Errno::EINVAL_ : Errno::EPERM_);
    }
    if (connected && mine.reset && !mine.sends_shut && dice_.one_in(4))
        return mine.reset = false, fails(Errno::ECONNRESET_);
    if (operation.uses[1] == no_slot) return std::nullopt;
    if (exhausted_ && dice_.one_in(4)) return fails(Errno::ETOOMANYREFS_);
    const std::int64_t copies = operation.value % 256;  // of the first alone
    bool open = true;
    for (std::size_t i = 1; i < (copies != 0 ? 2 : 4); ++i)
        open = open && (operation.uses[i] == no_slot || description_in(actor, operation.uses[i]) != unbound);
    if (copies > most_cargo && !lies(Lie::too_much_cargo))
        return fails(!open && dice_.one_in(2) ? Errno::EBADF_ : Errno::EINVAL_);
    if (!open && !lies(Lie::closed_cargo_passes)) return fails(Errno::EBADF_);
    return std::nullopt;
}

// send(2): with EPIPE comes SIGPIPE where sockets are connection-oriented, unless MSG_NOSIGNAL asks for none.
Effect Play::broken(ActorId actor, const Operation& operation, const Channel& channel) {
    const bool silent = operation.verb == Verb::send && (operation.flags & flag_no_signal);
    if (channel.connected && !silent && !lies(Lie::socket_without_sigpipe)) post(lives_[actor], Signal::SIGPIPE_);
    return fails(Errno::EPIPE_);
}

// Nobody can receive it, whatever it is.
std::optional<Effect> Play::unreceived(ActorId actor, const Operation& operation, const Description& description) {
    Life& life = lives_[actor];
    const Channel& channel = channels_[description.thing];
    Side &mine = mine_of(description), &peer = peer_of(description);
    const bool refuses = peer.receives_shut && !lies(Lie::shut_peer_takes);
    if (!mine.sends_shut && !peer.dead && !refuses && !mine.disconnected) return std::nullopt;
    if (life.moved != 0) return Effect{.result = static_cast<std::int64_t>(life.moved)};
    if (!channel.records && operation.buffer.bytes == 0 && dice_.one_in(2))
        return Effect{};  // there is nothing to send
    if (channel.connected || (mine.sends_shut && !dice_.one_in(4))) return broken(actor, operation, channel);
    if (mine.disconnected) return fails(Errno::ENOTCONN_);
    if (!peer.dead) return broken(actor, operation, channel);
    if (!lies(Lie::refused_stays_connected)) mine.disconnected = true;
    drop_unread(mine);  // Linux does so
    return fails(Errno::ECONNREFUSED_);
}

bool Play::takes_record(const Side& peer, std::uint64_t bytes) const {
    if (peer.unread.empty()) return true;
    return peer.unread.size() < most_records_ && peer.bytes() + bytes <= socket_room_;
}

std::uint64_t Play::free_in(const Side& peer) const {
    const std::uint64_t bytes = peer.bytes();
    return bytes < socket_room_ ? socket_room_ - bytes : 0;
}

// Bytes arrive at the peer, and what goes along with the first of them.
void Play::dispatch(ActorId actor, const Operation& operation, Side& peer, std::uint64_t bytes) {
    const Life& life = lives_[actor];
    Parcel parcel{.piece = {actor, life.step, static_cast<std::uint32_t>(life.total + life.moved),
                            static_cast<std::uint32_t>(bytes)},
                  .process = life.process,
                  .vouched = peer.credentials};
    if (life.moved == 0 && operation.verb == Verb::send && !lies(Lie::cargo_lost)) {
        const auto copies = static_cast<std::size_t>(operation.value % 256);
        for (std::size_t i = 1; i < (copies != 0 ? 2 : 4); ++i)
            if (operation.uses[i] != no_slot) {
                const std::int16_t each = description_in(actor, operation.uses[i]);
                if (each != unbound) parcel.cargo.push_back(each);
            }
        if (copies != 0 && !parcel.cargo.empty()) parcel.cargo.assign(copies, parcel.cargo[0]);
        if (!lies(Lie::cargo_counts_nothing))
            for (const std::int16_t each : parcel.cargo) refer(each);
    }
    if (lies(Lie::parcels_swap, 4) && peer.unread.size() > 0)
        peer.unread.push_front(std::move(parcel));
    else
        peer.unread.push_back(std::move(parcel));
}

// tcp(7), which AF_UNIX follows: the last byte is the urgent one, and an older one that nobody took is as any other.
void Play::mark_last(Side& peer) {
    std::erase_if(peer.unread, [](const Parcel& each) { return each.mark && each.taken; });
    for (Parcel& each : peer.unread) each.mark = false;
    if (peer.unread.empty()) return;
    Parcel last = peer.unread.back();
    byte_stream::Piece& rest = peer.unread.back().piece;
    if (--rest.length == 0)
        peer.unread.pop_back();
    else
        last.cargo.clear(), last.piece.offset += rest.length;
    last.piece.length = 1, last.mark = true;
    peer.unread.push_back(std::move(last));
}

Effect Play::send(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (const auto no = refused_message(actor, operation)) return *no;
    const Description description = descriptions_[static_cast<std::size_t>(life.held[0])];
    const Channel& channel = channels_[description.thing];
    Side &mine = mine_of(description), &peer = peer_of(description);
    if (!life.slept && life.moved == 0)
        if (const auto no = refused_cargo(actor, operation, mine, channel.connected)) return *no;
    const std::uint64_t asked = operation.buffer.bytes;
    const bool urgent = operation.verb == Verb::send && (operation.flags & flag_urgent);
    if (channel.records && urgent && !lies(Lie::urgent_record_passes)) return fails(Errno::EOPNOTSUPP_);
    const std::int64_t buffer = mine.send_buffer - (lies(Lie::record_limit_smaller) ? 1 : 0);
    const bool too_large = channel.records && static_cast<std::int64_t>(asked) + record_overhead > buffer &&
                           !lies(Lie::record_limit_ignored);
    if (too_large && dice_.one_in(2)) return fails(Errno::EMSGSIZE_);
    if (const auto no = unreceived(actor, operation, description)) return *no;
    if (too_large) return fails(Errno::EMSGSIZE_);
    if (!channel.records && asked == 0) return {};
    const bool waits = may_wait(life, operation, description);
    const std::uint64_t free = channel.records ? (takes_record(peer, asked) ? asked : 0) : free_in(peer);
    if (channel.records ? takes_record(peer, asked) : free > 0) {
        std::uint64_t part = std::min(asked - life.moved, free);
        const bool pauses = !channel.records && part > 1 && !turns_ && dice_.one_in(4);  // part by part
        if (pauses) part = dice_.between(1, part - 1);
        const bool lost = (asked == 0 ? lies(Lie::empty_record_lost) : lies(Lie::record_lost, 4)) && channel.records;
        if (!lost) dispatch(actor, operation, peer, part);
        life.moved += part;
        if (life.moved == asked) {
            if (urgent && !channel.records) mark_last(peer);
            return {.result = static_cast<std::int64_t>(asked)};
        }
        if (pauses) {
            life.phase = Phase::called;
            return {.pauses = true};
        }
        if (!waits || lies(Lie::sleeping_send_short)) return {.result = static_cast<std::int64_t>(life.moved)};
    }
    if (waits && !gives_up(life, operation, description)) return falls_asleep;
    return life.moved == 0 ? fails(Errno::EAGAIN_) : Effect{.result = static_cast<std::int64_t>(life.moved)};
}

bool Play::send_would_go_on(const Life& life, const Operation& operation) const {
    const Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    const Side &mine = mine_of(description), &peer = peer_of(description);
    if (mine.send_limit_ns != 0) return true;  // its time comes
    if (mine.sends_shut || peer.dead || peer.receives_shut || mine.disconnected) return true;
    return channels_[description.thing].records ? takes_record(peer, operation.buffer.bytes) : free_in(peer) > 0;
}

}  // namespace crosstalk::mirror
