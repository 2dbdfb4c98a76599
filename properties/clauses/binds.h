// Which mechanisms a clause binds, said by facts of their data sheets, so that a new mechanism with these facts is
// bound by the clauses at once. It names no mechanism.
#pragma once

#include "mechanisms/mechanism.h"

namespace crosstalk::binds {

constexpr bool everything(const Mechanism&) { return true; }
constexpr bool nothing_yet(const Mechanism&) { return false; }  // the mechanism it is about is not in the catalogue

constexpr bool pipes(const Mechanism& mechanism) { return is_pipe(mechanism); }
constexpr bool fifos(const Mechanism& mechanism) { return pipes(mechanism) && mechanism.facts.naming == Naming::path; }
constexpr bool unnamed_pipes(const Mechanism& mechanism) {
    return pipes(mechanism) && mechanism.facts.naming == Naming::none;
}
constexpr bool settable_pipes(const Mechanism& mechanism) {
    return pipes(mechanism) && mechanism.facts.capacity == CapacityRule::bytes_settable;
}

constexpr bool sockets(const Mechanism& mechanism) { return offers(mechanism, Verb::send); }
constexpr bool socket_streams(const Mechanism& mechanism) {
    return sockets(mechanism) && mechanism.semantics == Semantics::byte_stream;
}
constexpr bool socket_records(const Mechanism& mechanism) {
    return sockets(mechanism) && mechanism.facts.keeps_boundaries;
}
constexpr bool held_up_sockets(const Mechanism& mechanism) {  // who sends may have to wait for who receives
    return sockets(mechanism) && !mechanism.facts.may_lose;
}
constexpr bool connected_sockets(const Mechanism& mechanism) {  // who closes tells the peer
    return sockets(mechanism) && mechanism.facts.dead_peer == DeadPeer::reset;
}
constexpr bool eventual(const Mechanism& mechanism) {  // across a network, if only within this host
    return sockets(mechanism) && mechanism.facts.delivery == Delivery::eventually;
}
constexpr bool socket_pairs(const Mechanism& mechanism) {  // what socketpair(2) makes
    return sockets(mechanism) && offers(mechanism, Verb::create);
}
constexpr bool addresses(const Mechanism& mechanism) { return mechanism.doors.socket != nullptr; }
constexpr bool listeners(const Mechanism& mechanism) { return addresses(mechanism) && connected_sockets(mechanism); }
constexpr bool local_listeners(const Mechanism& mechanism) { return listeners(mechanism) && !eventual(mechanism); }
constexpr bool stream_pairs(const Mechanism& mechanism) { return socket_pairs(mechanism) && socket_streams(mechanism); }
constexpr bool record_pairs(const Mechanism& mechanism) { return socket_pairs(mechanism) && socket_records(mechanism); }
constexpr bool connected_pairs(const Mechanism& mechanism) {
    return socket_pairs(mechanism) && connected_sockets(mechanism);
}
constexpr bool seqpackets(const Mechanism& mechanism) {
    return record_pairs(mechanism) && connected_sockets(mechanism);
}
constexpr bool datagrams(const Mechanism& mechanism) {
    return socket_records(mechanism) && mechanism.facts.dead_peer == DeadPeer::refused;
}

constexpr bool listening_datagrams(const Mechanism& mechanism) {  // that can be asked to, in vain
    return addresses(mechanism) && datagrams(mechanism);
}
constexpr bool datagram_pairs(const Mechanism& mechanism) { return socket_pairs(mechanism) && datagrams(mechanism); }
constexpr bool tcp(const Mechanism& mechanism) { return eventual(mechanism) && socket_streams(mechanism); }
constexpr bool urgent_streams(const Mechanism& mechanism) { return tcp(mechanism) || stream_pairs(mechanism); }
constexpr bool tcp6(const Mechanism& mechanism) { return tcp(mechanism) && mechanism.facts.has_mapped_addresses; }
constexpr bool udp(const Mechanism& mechanism) { return eventual(mechanism) && datagrams(mechanism); }
// Whose buffers trials look at: all but those of SCTP; and of these, those whose senders wait for room.
constexpr bool held_up_pairs(const Mechanism& mechanism) { return socket_pairs(mechanism) || tcp(mechanism); }
constexpr bool buffered_sockets(const Mechanism& mechanism) { return held_up_pairs(mechanism) || udp(mechanism); }
constexpr bool limited_sockets(const Mechanism& mechanism) { return socket_pairs(mechanism) || udp(mechanism); }
constexpr bool lone_records(const Mechanism& mechanism) { return record_pairs(mechanism) || udp(mechanism); }
constexpr bool sctp(const Mechanism& mechanism) {
    return eventual(mechanism) && socket_records(mechanism) && connected_sockets(mechanism);
}
constexpr bool one_to_one(const Mechanism& mechanism) { return sctp(mechanism); }
constexpr bool one_to_many(const Mechanism& mechanism) {
    return mechanism.semantics == Semantics::record_queue && !sockets(mechanism);
}
constexpr bool associations(const Mechanism& mechanism) { return one_to_one(mechanism) || one_to_many(mechanism); }
constexpr bool half_closing(const Mechanism& mechanism) {  // one direction may end alone
    return connected_sockets(mechanism) && !sctp(mechanism);
}
constexpr bool counted_sockets(const Mechanism& mechanism) {
    return sockets(mechanism) && offers(mechanism, Verb::available);
}
constexpr bool udp4(const Mechanism& mechanism) {
    return udp(mechanism) && mechanism.facts.most_record_bytes == 65'507;
}
constexpr bool udp6(const Mechanism& mechanism) {
    return udp(mechanism) && mechanism.facts.most_record_bytes == 65'527;
}
constexpr bool told_of_errors(const Mechanism& mechanism) {  // that came before, with no call of their own
    return connected_sockets(mechanism) || udp(mechanism);
}

constexpr bool no_sockets(const Mechanism& mechanism) {  // though socket calls may be tried on them
    return offers(mechanism, Verb::shutdown) && !sockets(mechanism);
}
constexpr bool queues(const Mechanism& mechanism) { return mechanism.semantics == Semantics::priority_queue; }
constexpr bool streams(const Mechanism& mechanism) { return mechanism.semantics == Semantics::byte_stream; }
constexpr bool memory(const Mechanism& mechanism) { return mechanism.semantics == Semantics::shared_bytes; }
constexpr bool memory_objects(const Mechanism& mechanism) {
    return memory(mechanism) && mechanism.facts.naming != Naming::none;
}
constexpr bool posix_memory(const Mechanism& mechanism) {
    return memory(mechanism) && mechanism.facts.naming == Naming::posix;
}
constexpr bool mapped_files(const Mechanism& mechanism) {
    return memory(mechanism) && mechanism.facts.naming == Naming::path;
}
constexpr bool anonymous_memory(const Mechanism& mechanism) {
    return memory(mechanism) && mechanism.facts.naming == Naming::none;
}
constexpr bool counters(const Mechanism& mechanism) { return mechanism.semantics == Semantics::counter; }
constexpr bool semaphores(const Mechanism& mechanism) {  // of POSIX: memory, not a descriptor
    return counters(mechanism) && mechanism.facts.held == Held::place;
}
constexpr bool named_semaphores(const Mechanism& mechanism) {
    return semaphores(mechanism) && mechanism.facts.naming != Naming::none;
}
constexpr bool unnamed_semaphores(const Mechanism& mechanism) {
    return semaphores(mechanism) && mechanism.facts.naming == Naming::none;
}
constexpr bool dropped_by_exec(const Mechanism& mechanism) { return queues(mechanism) || named_semaphores(mechanism); }
constexpr bool stoppable(const Mechanism& mechanism) {
    return pipes(mechanism) || counters(mechanism) || queues(mechanism) || sockets(mechanism);
}
// Its own calls may bring a signal: SIGPIPE, or what mq_notify asks for.
constexpr bool signal_handlers(const Mechanism& mechanism) {  // whose programs say what signals do
    return offers(mechanism, Verb::signal);
}
constexpr bool signalling(const Mechanism& mechanism) { return streams(mechanism) || queues(mechanism); }
constexpr bool stoppable_in_part(const Mechanism& mechanism) { return pipes(mechanism) || socket_streams(mechanism); }
constexpr bool pollable(const Mechanism& mechanism) { return offers(mechanism, Verb::poll); }
constexpr bool descriptors(const Mechanism& mechanism) { return offers(mechanism, Verb::dup); }
constexpr bool has_descriptors(const Mechanism& mechanism) { return mechanism.facts.held == Held::descriptor; }
constexpr bool forkable(const Mechanism& mechanism) {
    return has_descriptors(mechanism) && offers(mechanism, Verb::start);
}
constexpr bool executable(const Mechanism& mechanism) {
    return has_descriptors(mechanism) && offers(mechanism, Verb::exec);
}
constexpr bool passable(const Mechanism& mechanism) { return offers(mechanism, Verb::pass); }

}  // namespace crosstalk::binds
