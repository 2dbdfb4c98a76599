// Pairs of sockets: receiving (recv(2), unix(7)): records one by one, bytes of a stream up to what carries descriptors
// or was sent by another process, with what comes along.
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr int control_shift = 16, count_shift = 8;

std::int64_t room_of(const Operation& operation) {
    return std::ranges::count_if(operation.makes, [](Slot slot) { return slot != no_slot; });
}

}  // namespace

// The descriptors of a message: as many as there is room for, the rest is closed (unix(7)). A look leaves them all
// where they are, and gives duplicates.
void Play::take_along(ActorId actor, const Operation& operation, Parcel& parcel) {
    Life& life = lives_[actor];
    Process& process = process_of(actor);
    const bool looks = operation.verb == Verb::recv && (operation.flags & flag_peek);
    const bool closes = ((operation.flags & flag_cloexec) != 0) != lies(Lie::cargo_close_on_exec);
    const std::int64_t room = operation.verb == Verb::recv ? room_of(operation) : 0;
    const bool counted = !lies(Lie::cargo_counts_nothing);
    const std::vector<std::int16_t> cargo = parcel.cargo;
    if (!looks) parcel.cargo.clear();
    std::int64_t count = 0;
    for (const std::int16_t each : cargo) {
        const int number = lowest_free(process);
        if (count < room && number < process.limit) {
            if (looks || !counted) refer(each);
            bind(process, operation.makes[static_cast<std::size_t>(count++)], each, number, closes);
        } else if (!looks && counted) {
            release(each);
        }
    }
    life.told |= count << count_shift;
    if (count != 0 && closes) life.told |= message_cloexec;
    const bool cut = count < static_cast<std::int64_t>(cargo.size());
    if (cut && !lies(Lie::cargo_cut_untold)) life.told |= message_control_cut;
}

// SO_PASSCRED: who sent this. Of what was sent before anybody asked no document says what is told.
void Play::tell_sender(Life& life, const Operation& operation, const Side& mine, const Parcel& parcel) {
    life.writer = parcel.process;
    if (!mine.credentials || operation.verb != Verb::recv) return;
    if (!(operation.flags & flag_control)) return void(life.told |= message_control_cut);
    std::int64_t who = 1 + processes_[lies(Lie::credentials_of_receiver) ? life.process : parcel.process].leader;
    who |= of_our_user;
    if (!parcel.vouched && dice_.one_in(2)) {
        if (dice_.one_in(2)) return;
        who = 0;
    }
    life.told |= who << control_shift | message_control;
}

Effect Play::receive_message(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (const auto no = refused_message(actor, operation)) return *no;
    const Description description = descriptions_[static_cast<std::size_t>(life.held[0])];
    const Channel& channel = channels_[description.thing];
    const bool urgent = operation.verb == Verb::recv && (operation.flags & flag_urgent);
    if (channel.records && urgent) return fails(Errno::EOPNOTSUPP_);
    if (urgent) return receive_urgent(actor, operation, mine_of(description));
    lingers_ = true;  // what is closed with a message may be anything
    const Effect effect =
        channel.records ? receive_record(actor, operation, description) : receive_bytes(actor, operation, description);
    hang_up_all();
    return effect;
}

// At the end, after a reset, or where it may not wait.
Effect Play::receive_nothing(Life& life, const Operation& operation, const Description& description) {
    const bool connected = channels_[description.thing].connected;
    Side& mine = mine_of(description);
    const bool waits = may_wait(life, operation, description) && !lies(Lie::receive_never_waits);
    if (mine.reset) {
        mine.reset = lies(Lie::reset_stays);
        return fails(Errno::ECONNRESET_);
    }
    // shutdown(2) promises the end to who receives on a connection; who sleeps must wake in any case.
    const bool ends = mine.receives_shut && (connected || waits || dice_.one_in(2));
    if (ends && !(lies(Lie::socket_end_never) && !waits)) return {};
    if (lies(Lie::datagrams_end) && !connected && peer_of(description).dead) return {};
    if (waits && !gives_up(life, operation, description)) return falls_asleep;
    return fails(Errno::EAGAIN_);
}

Effect Play::receive_record(ActorId actor, const Operation& operation, const Description& description) {
    Life& life = lives_[actor];
    const Channel& channel = channels_[description.thing];
    Side& mine = mine_of(description);
    if (mine.unread.empty() || mine.reset) return receive_nothing(life, operation, description);
    Parcel& first = mine.unread.front();
    const bool message = operation.verb == Verb::recv, looks = message && (operation.flags & flag_peek);
    const std::uint32_t length = first.piece.length,
                        count = static_cast<std::uint32_t>(std::min<std::uint64_t>(length, operation.buffer.bytes));
    life.told = 0;
    if (!first.cargo.empty()) take_along(actor, operation, first);
    tell_sender(life, operation, mine, first);
    byte_stream::Piece part = first.piece;
    part.length = count;
    add_piece(life.data, part);
    const bool cut = count < length;
    if (cut && !lies(Lie::cut_untold)) life.told |= message_cut;
    const bool marked = operation_of(first).flags & flag_ends;
    if (!cut && channel.connected && (tells_ends_ == 2 || (tells_ends_ == 1 && marked))) life.told |= message_ends;
    std::uint64_t result =
        message && (operation.flags & flag_real_length) && !lies(Lie::real_length_untold) ? length : count;
    if (looks && !lies(Lie::peek_takes)) return {.result = static_cast<std::int64_t>(result), .value = life.told};
    if (cut && lies(Lie::record_rest_stays)) {
        first.piece.offset += count, first.piece.length -= count;
    } else {
        mine.unread.pop_front();
        if (lies(Lie::records_join) && !cut && !mine.unread.empty() && count < operation.buffer.bytes) {
            Parcel& next = mine.unread.front();
            part = next.piece;
            part.length =
                static_cast<std::uint32_t>(std::min<std::uint64_t>(part.length, operation.buffer.bytes - count));
            add_piece(life.data, part);
            result += part.length;
            mine.unread.pop_front();
        }
    }
    return {.result = static_cast<std::int64_t>(result), .value = message ? life.told : 0};
}

// MSG_OOB: the urgent byte, once. With SO_OOBINLINE it is among the others.
Effect Play::receive_urgent(ActorId actor, const Operation& operation, Side& mine) {
    const auto found = std::ranges::find(mine.unread, true, &Parcel::mark);
    if (found == mine.unread.end() || found->taken || mine.urgent_inline) return fails(Errno::EINVAL_);
    if (operation.buffer.bytes == 0) return {};
    lives_[actor].data.push_back(found->piece);
    found->taken = (operation.flags & flag_peek) == 0 && !lies(Lie::urgent_byte_stays);
    return {.result = 1, .value = message_urgent};
}

// Takes, or looks at, what is there of what the call still wants; says how much. It stops behind what carries something
// (unix(7), SCM_RIGHTS), and with SO_PASSCRED before what another process sent.
std::uint64_t Play::take_bytes(ActorId actor, const Operation& operation, Side& mine) {
    Life& life = lives_[actor];
    const bool looks = operation.verb == Verb::recv && (operation.flags & flag_peek);
    std::uint64_t skip = looks && mine.peek_offset > 0 ? static_cast<std::uint64_t>(mine.peek_offset) : 0;
    std::uint64_t taken = 0, left = operation.buffer.bytes - life.moved;
    for (std::size_t i = 0; left > 0 && i < mine.unread.size();) {
        Parcel& parcel = mine.unread[i];
        if (skip >= parcel.piece.length) {
            skip -= parcel.piece.length, ++i;
            continue;
        }
        if (parcel.mark && !lies(Lie::mark_ignored)) {  // tcp(7): a receive ends at the mark, and begins behind it
            if (life.moved + taken != 0) {
                life.barred = true;
                break;
            }
            if (!mine.urgent_inline) {
                looks ? static_cast<void>(++i) : mine.unread.pop_front();
                continue;
            }
            parcel.mark = looks;
        }
        byte_stream::Piece part = parcel.piece;
        part.offset += static_cast<std::uint32_t>(skip), part.length -= static_cast<std::uint32_t>(skip);
        const bool carries = !parcel.cargo.empty() && skip == 0;
        const bool same_message = !life.data.empty() && life.data.back().actor == part.actor &&
                                  life.data.back().step == part.step && !carries;
        if (life.barred && !same_message && !lies(Lie::barrier_ignored)) break;
        const bool first = life.moved + taken == 0;
        if (!first && mine.credentials && parcel.process != life.writer && !lies(Lie::writers_glued)) {
            life.barred = true;
            break;
        }
        if (first) tell_sender(life, operation, mine, parcel);
        if (carries) take_along(actor, operation, parcel), life.barred = true;
        part.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(part.length, left));
        add_piece(life.data, part);
        taken += part.length, left -= part.length, skip = 0;
        if (looks && !lies(Lie::peek_takes)) {
            ++i;
        } else if (part.length < parcel.piece.length) {
            parcel.piece.offset += part.length, parcel.piece.length -= part.length;
        } else {
            mine.unread.erase(mine.unread.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (lies(Lie::stream_keeps_boundaries)) break;
    }
    if (looks && mine.peek_offset >= 0 && !lies(Lie::peek_offset_stays))
        mine.peek_offset += static_cast<std::int64_t>(taken);
    if (!looks && mine.peek_offset > 0)
        mine.peek_offset = std::max<std::int64_t>(0, mine.peek_offset - static_cast<std::int64_t>(taken));
    return taken;
}

// recv(2), MSG_WAITALL; socket(7), SO_RCVLOWAT: who may wait waits for so much, unless something ends it.
Effect Play::receive_bytes(ActorId actor, const Operation& operation, const Description& description) {
    Life& life = lives_[actor];
    Side& mine = mine_of(description);
    const std::uint64_t asked = operation.buffer.bytes;
    if (asked == 0) return {};
    const bool message = operation.verb == Verb::recv, looks = message && (operation.flags & flag_peek);
    const bool all = message && (operation.flags & flag_wait_all) && !lies(Lie::wait_all_ignored);
    const auto water = static_cast<std::uint64_t>(lies(Lie::low_water_ignored) ? 1 : mine.low_water);
    const std::uint64_t least = looks ? 1 : all ? asked : std::min(asked, water);
    life.moved += take_bytes(actor, operation, mine);
    const Effect some{.result = static_cast<std::int64_t>(life.moved), .value = message ? life.told : 0};
    if (life.moved >= least || (life.moved != 0 && (life.barred || mine.receives_shut || mine.reset))) return some;
    if (life.moved == 0) return receive_nothing(life, operation, description);
    if (!may_wait(life, operation, description) || gives_up(life, operation, description)) return some;
    return falls_asleep;
}

bool Play::receive_would_go_on(const Life& life, const Operation& operation) const {
    const Description& description = descriptions_[static_cast<std::size_t>(life.held[0])];
    const Side& mine = mine_of(description);
    if (mine.receive_limit_ns != 0) return true;  // its time comes
    if (mine.receives_shut || mine.reset) return true;
    const bool looks = operation.verb == Verb::recv && (operation.flags & flag_peek);
    if (channels_[description.thing].records) return !mine.unread.empty();
    return mine.readable() > (looks && mine.peek_offset > 0 ? static_cast<std::uint64_t>(mine.peek_offset) : 0);
}

}  // namespace crosstalk::mirror
