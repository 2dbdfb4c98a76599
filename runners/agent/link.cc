// Carrying packets; the log and the hosts' own counters are in link_log.cc.
#include "runners/agent/link.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "faults/catalog.h"
#include "mechanisms/payload.h"
#include "runners/agent/patience.h"

namespace crosstalk::agent {
namespace {

constexpr std::uint32_t for_good = ~0u;
constexpr std::int64_t argument_lost = 0, argument_doubled = 1;
// Each loss doubles the timeout, which begins with as long as the machine was busy (RFC 6298); a closed sender tells
// nobody what it is. So long for a few losses; more of them are not waited for.
constexpr std::int64_t longest_missing_ns = 3'000'000'000;
constexpr std::size_t telling_bytes = 16;  // of a segment: so many of the call's first bytes show whose it is

std::uint16_t port_of(int socket) {
    sockaddr_in6 name{};
    unsigned length = sizeof name;
    kernel::call(SYS_getsockname, socket, &name, &length);
    return ntohs(name.sin6_port);  // at the same place in sockaddr_in
}

int option_of(int socket, int option) {
    int value = 0;
    unsigned length = sizeof value;
    kernel::call(SYS_getsockopt, socket, SOL_SOCKET, option, &value, &length);
    return value;
}

}  // namespace

void Link::begin(const std::array<Host, 2>* hosts) {
    pairs_.clear();
    held_.clear();
    events_.clear();
    runs_.clear();
    raw_.clear();
    reader_.forget();
    missing_.clear();
    hosts_ = hosts;
    if (hosts == nullptr) return;
    carry();  // what is left of earlier cases
    unsent_ = unsent();
    for (std::size_t host = 0; host < 2; ++host)
        for (const std::uint8_t version : {std::uint8_t{4}, std::uint8_t{6}})
            known_[host][version == 6] = counters(host, version);
}

void Link::join(ObjectId object, const int* ends) {
    Pair pair;
    pair.object = object;
    pair.datagrams = option_of(ends[0], SO_TYPE) == SOCK_DGRAM;
    pair.version = option_of(ends[0], SO_DOMAIN) == AF_INET6 ? 6 : 4;
    for (int end = 0; end < 2; ++end) pair.ports[end] = port_of(ends[end]);
    pairs_.push_back(pair);
}

bool Link::carry() {
    if (hosts_ == nullptr) return false;
    static std::array<std::uint8_t, max_packet_bytes + 1> frame;
    bool moved = false;
    for (bool more = true; more;) {
        more = false;
        for (std::size_t from = 0; from < 2; ++from)
            for (;;) {
                const long got = kernel::call(SYS_read, (*hosts_)[from].device.number(), frame.data(), frame.size());
                if (got <= 0) break;
                Packet packet;
                if (!reader_.read(from, std::span(frame).first(static_cast<std::size_t>(got)), packet)) continue;
                if (packet.carries == Carries::noise) continue;
                more = moved = true;
                handle(std::move(packet));
            }
    }
    return moved;
}

bool Link::release() {
    if (held_.empty()) return false;
    const Held first = std::move(held_.front());
    held_.erase(held_.begin());
    if (const Pair* const pair = pair_of(first.packet)) pass(first.packet, *pair);
    return true;
}

void Link::end(bool settled) {
    if (hosts_ == nullptr) return;
    carry();
    while (release()) carry();
    if (!settled || unsent() != unsent_) return;
    for (const Pair& pair : pairs_)
        for (int end = 0; pair.datagrams && end < 2; ++end) {
            Event event{};
            event.kind = EventKind::delivery;
            event.object = pair.object;
            event.value = delivery_value(Fate::quiet, end);
            event.began = board->journal.stamp();
            event.ended = board->journal.stamp();
            events_.push_back(event);
        }
}

// End 0 of a pair is on host 0.
Link::Pair* Link::pair_of(const Packet& packet) {
    for (Pair& pair : pairs_)
        if (pair.version == packet.version && pair.datagrams == (packet.carries == Carries::datagram) &&
            pair.ports[packet.from] == packet.source && pair.ports[1 - packet.from] == packet.destination)
            return &pair;
    return nullptr;
}

bool Link::is_of(const Packet& packet, const Strike& strike) const {
    const Board& b = *board;
    const Event& record = b.journal.logs[strike.actor].calls[strike.step];
    if (!has_begun(record)) return false;
    const std::uint64_t bytes = b.operation(strike.actor, strike.step).buffer.bytes;
    const std::uint32_t index = b.first_step[strike.actor] + strike.step;
    const StreamId stream{b.case_number, strike.actor, strike.step, b.lengths[index], b.tags[index]};
    const bool datagram = packet.carries == Carries::datagram;
    if (datagram && packet.data.size() != bytes) return false;
    if (!datagram && bytes == 0) return false;
    std::vector<std::uint8_t> wanted(datagram ? bytes : std::min<std::uint64_t>(bytes, telling_bytes));
    fill(stream, strike.occurrence * bytes, wanted);
    const auto& data = packet.data;
    return datagram ? wanted == data
                    : std::search(data.begin(), data.end(), wanted.begin(), wanted.end()) != data.end();
}

Strike* Link::strike_of(const Packet& packet) const {
    for (std::uint32_t i = 0; i < board->strike_count; ++i) {
        Strike& strike = board->strikes[i];
        if (strike.fault == lossy_link_fault && strike.struck.load() == 0 && is_of(packet, strike)) return &strike;
    }
    return nullptr;
}

void Link::handle(Packet packet) {
    Pair* const pair = packet.carries == Carries::refusal ? nullptr : pair_of(packet);
    if (pair == nullptr && packet.carries == Carries::datagram) return;  // of an earlier case
    if (!missing_.empty() && packet.carries == Carries::segment) acknowledge(packet);
    if (pair == nullptr || (packet.carries == Carries::segment && packet.data.empty())) return hand_over(packet);
    std::uint32_t& to_be_lost = pair->to_be_lost[1 - packet.from];
    if (to_be_lost != 0) {
        if (to_be_lost != for_good) --to_be_lost;
        log(packet, *pair, Fate::lost, board->journal.stamp(), false);
    } else if (Strike* const by = strike_of(packet); by == nullptr) {
        pass(packet, *pair);
    } else if (!strike(packet, *pair, *by)) {
        return;
    }
    let_go_behind(packet);
}

// True: it has passed, or is lost; false: it is held.
bool Link::strike(Packet& packet, Pair& pair, Strike& by) {
    by.struck.store(1);
    const std::int64_t argument = argument_of(lossy_link, by.argument);
    if (!pair.datagrams && argument != lossy_link.least)
        missing_.push_back({packet.from, packet.source, packet.destination, packet.behind, Patience::now_ns()});
    Event event{};
    event.kind = EventKind::fault;
    event.actor = by.actor, event.step = by.step, event.fault = by.fault, event.times = by.occurrence;
    event.result = 1;
    event.began = event.ended = board->journal.stamp();
    events_.push_back(event);
    if (argument > argument_doubled) {
        held_.push_back(
            {std::move(packet), argument == lossy_link.most ? for_good : static_cast<std::uint32_t>(argument - 1)});
        return false;
    }
    if (argument == argument_doubled) {
        pass(packet, pair);
        pass(packet, pair, true);
        return true;
    }
    if (argument != argument_lost)
        pair.to_be_lost[1 - packet.from] =
            argument == lossy_link.least ? for_good : static_cast<std::uint32_t>(-argument - 1);
    log(packet, pair, Fate::lost, board->journal.stamp(), false);
    return true;
}

void Link::pass(const Packet& packet, const Pair& pair, bool again) {
    const Stamp began = board->journal.stamp();
    hand_over(packet);
    log(packet, pair, packet.carries == Carries::datagram ? outcome(packet) : Fate::delivered, began, again);
}

// RFC 9293, 3.4, and RFC 9260, 1.6: numbers are compared modulo 2^32.
void Link::acknowledge(const Packet& packet) {
    std::erase_if(missing_, [&](const Missing& each) {
        const bool forth = each.from == packet.from && each.source == packet.source;
        const bool back = each.from != packet.from && each.source == packet.destination;
        const auto& come = packet.acknowledged;
        const bool has_come = back && come && static_cast<std::int32_t>(*come - each.end) >= 0;
        return has_come || ((forth || back) && packet.resets);
    });
}

bool Link::is_missing_some() {
    const std::int64_t now_ns = Patience::now_ns();
    std::erase_if(missing_, [&](const Missing& each) { return now_ns - each.since_ns > longest_missing_ns; });
    return !missing_.empty();
}

// Those that waited for this packet to pass.
void Link::let_go_behind(const Packet& packet) {
    const auto same_way = [&](const Packet& other) {
        return other.from == packet.from && other.source == packet.source && other.destination == packet.destination &&
               other.version == packet.version && other.carries == packet.carries;
    };
    for (std::size_t i = 0; i < held_.size();) {
        Held& each = held_[i];
        if (!same_way(each.packet) || each.waits == for_good || --each.waits != 0) {
            ++i;
            continue;
        }
        const Packet due = std::move(each.packet);
        held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
        pass(due, *pair_of(due));
    }
}

void Link::hand_over(const Packet& packet) const {
    const int to = (*hosts_)[1 - packet.from].device.number();
    for (const auto& frame : packet.frames) kernel::call(SYS_write, to, frame.data(), frame.size());
}

}  // namespace crosstalk::agent
