// The listener over a network: addresses are ports, which may be bound again unless somebody listens there (socket(7),
// SO_REUSEADDR). Who has connected arrives some time later, and of several no document says who arrives first: so which
// connection an accept gave is known only where its bytes tell, and one whose bytes do not gives any other. How many
// may wait is not judged: who finds no room tries again a second later.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/models/listener.h"

namespace crosstalk::listener {

using judging::Breach;

// Is there an accept that gave this connection, for all that its bytes tell?
bool Model::is_claimed(std::int64_t connection) const {
    return connection >= 0 && std::ranges::any_of(component_.acts, [&](const Act& act) {
               return act.verb == Verb::accept && !act.open && act.value == connection;
           });
}

std::int16_t Model::who_listens(const State& state, std::uint16_t address, std::int16_t but) const {
    for (std::size_t s = 0; s < state.sockets.size(); ++s)
        if (state.sockets[s].listens && state.sockets[s].home == static_cast<std::int16_t>(address) &&
            static_cast<std::int16_t>(s) != but)
            return static_cast<std::int16_t>(s);
    return -1;
}

Step Model::step_port(State& state, Flight& flight, const Act& act) const {
    switch (act.verb) {
        case Verb::bind: return bind_port(state, flight, act);
        case Verb::listen: return listen_on_port(state, flight, act);
        case Verb::connect: return connect_to_port(state, flight, act);
        case Verb::accept: return accept_on_port(state, flight, act);
        case Verb::available: return step_look(state, flight, act);
        case Verb::shutdown: state.sockets[act.description].shut = true; return done(flight);
        default: return done(flight);  // options before there is a connection: not judged
    }
}

Step Model::bind_port(State& state, Flight& flight, const Act& act) const {
    if (act.description == judging::none16) return act.error == Errno::EINVAL_ ? done(flight) : Step::no;
    Socket& socket = state.sockets[act.description];
    const bool automatic = act.value == static_cast<std::int64_t>(NameForm::automatic);
    const bool taken = !automatic && who_listens(state, act.object) >= 0;
    if (act.error == Errno::EINVAL_)
        return socket.bound || socket.connected || socket.unsure ? done(flight, how_bound) : Step::no;
    if (act.error == Errno::EADDRINUSE_) return taken ? done(flight, how_taken) : Step::no;
    if (act.error != Errno::none || taken || (!socket.unsure && (socket.bound || socket.connected))) return Step::no;
    socket.bound = true;
    if (!automatic) socket.home = static_cast<std::int16_t>(act.object);
    return done(flight);
}

Step Model::listen_on_port(State& state, Flight& flight, const Act& act) const {
    Socket& socket = state.sockets[act.description];
    const bool taken = socket.home >= 0 && who_listens(state, static_cast<std::uint16_t>(socket.home),
                                                       static_cast<std::int16_t>(act.description)) >= 0;
    if (act.error == Errno::EINVAL_) return socket.connected || socket.unsure ? done(flight) : Step::no;
    if (act.error == Errno::EADDRINUSE_) return taken ? done(flight, how_taken) : Step::no;
    if (act.error != Errno::none || taken || socket.connected) return Step::no;
    socket.listens = socket.bound = true, socket.backlog = act.value;
    return done(flight);
}

// What is refused found nobody at one moment; what is connected found somebody. A reset tells that it was, until its
// listener, or who accepted it, went away.
Step Model::connect_to_port(State& state, Flight& flight, const Act& act) const {
    if (act.description == judging::none16) return act.error == Errno::EISCONN_ ? done(flight) : Step::no;
    Socket& own = state.sockets[act.description];
    if (act.error == Errno::EISCONN_)
        return own.connected || own.listens || own.unsure ? done(flight, own.connected ? how_connected : how_nothing)
                                                          : Step::no;
    if (own.connected) {  // unless that connection has been reset, and this call is told of it
        const bool ended =
            act.error == Errno::ECONNRESET_ || act.error == Errno::ECONNABORTED_ || act.error == Errno::EPIPE_;
        if (!ended) return Step::no;
        own.connected = false, own.unsure = true;
        return done(flight);
    }
    if (own.listens) return act.error != Errno::none ? done(flight) : Step::no;
    if (act.asleep) return Step::no;
    const std::int16_t found = who_listens(state, act.object);
    const bool itself = own.home == static_cast<std::int16_t>(act.object);  // RFC 9293, 3.5
    const bool shut = found >= 0 && state.sockets[static_cast<std::size_t>(found)].shut;
    if (act.error != Errno::none && act.error != Errno::ECONNRESET_) {
        const bool refused = act.error == Errno::ECONNREFUSED_ && (found < 0 || shut);
        if (!refused && !own.unsure && !itself) return Step::no;
        own.unsure = true;
        return done(flight, refused && !shut ? how_nobody : how_nothing);
    }
    if (found < 0 && !itself) return Step::no;
    if (found >= 0) state.sockets[static_cast<std::size_t>(found)].waiting.push_back(act.value);
    own.connected = act.error == Errno::none, own.unsure = !own.connected || itself;
    return done(flight, subject_.history->events[act.event].error == Errno::EINPROGRESS_ && !act.open ? how_waited
                                                                                                      : how_nothing);
}

Step Model::accept_on_port(State& state, Flight& flight, const Act& act) const {
    Socket& socket = state.sockets[act.description];
    if (act.error == Errno::EMFILE_) return done(flight, socket.waiting.empty() ? how_nothing : how_no_number);
    if (act.error == Errno::EINVAL_) return !socket.listens || socket.shut ? done(flight, how_deaf) : Step::no;
    if (act.error == Errno::EINTR_) return act.interrupted ? done(flight) : Step::no;
    if (act.error == Errno::EAGAIN_)
        return socket.listens && !sleeps(state, act)
                   ? done(flight, socket.waiting.empty() ? how_none_waits : how_nothing)
                   : Step::no;
    const bool gone = act.error == Errno::ECONNABORTED_;
    if ((act.error != Errno::none && !gone) || act.asleep || !socket.listens) return Step::no;
    const auto given = std::ranges::find_if(socket.waiting, [&](std::int64_t waits) {
        return act.value >= 0 && !act.open ? waits == act.value : !is_claimed(waits);
    });
    if (given == socket.waiting.end()) return Step::no;
    socket.waiting.erase(given);
    return done(flight, gone ? how_nothing : how_accepted);
}

ClauseId Model::port_must_not_sleep(const State& state, const Act& act) const {
    const Socket* const own = act.description == judging::none16 ? nullptr : &state.sockets[act.description];
    if (own == nullptr || own->unsure) return no_clause;
    const bool comes = own->listens && !own->waiting.empty() && !own->shut;
    if (act.kind == ActKind::look_poll) return comes && (act.value & poll_in) ? clause("RDY-7") : no_clause;
    if (act.verb == Verb::accept) {
        if (own->shut) return no_clause;
        if (!own->listens || !sleeps(state, act)) return clause("SOCK-ACCEPT-1");
        return comes && !killed_beside(act) ? clause("SOCK-ACCEPT-3") : no_clause;
    }
    if (act.verb != Verb::connect || own->connected) return no_clause;
    const std::int16_t found = who_listens(state, act.object);
    if (found < 0) return clause("TCP-CONN-1");
    const Socket& target = state.sockets[static_cast<std::size_t>(found)];
    return target.shut || !has_promised_room(target) ? no_clause : clause("TCP-CONN-2");
}

Breach Model::refuse_port(const State& state, const Act& act) const {
    const Socket* const own = act.description == judging::none16 ? nullptr : &state.sockets[act.description];
    const bool connected = own == nullptr || own->connected;
    const std::string_view said = act.error == Errno::none ? "none" : name_of(act.error);
    const auto wrong = [&](ClauseId clause, std::string_view wanted, std::string line) {
        return Breach{clause, Reason::wrong_errno, fmt::format("{}/{}", said, wanted), act.event, {std::move(line)}};
    };
    if (act.verb == Verb::connect) {
        if (connected) return wrong(clause("SOCK-CONN-1"), "EISCONN", "it is connected already: EISCONN");
        if (act.error == Errno::EISCONN_) return wrong(clause("SOCK-CONN-1"), "none", "it is not connected");
        return who_listens(state, act.object) < 0
                   ? wrong(clause("TCP-CONN-1"), "ECONNREFUSED", "nobody listens there: ECONNREFUSED")
                   : wrong(clause("TCP-CONN-1"), "none", "somebody listens there: it connects");
    }
    if (act.verb == Verb::listen && connected) return wrong(clause("INET-BIND-2"), "EINVAL", "it is connected: EINVAL");
    if (act.verb == Verb::bind && (connected || own->bound))
        return wrong(clause("INET-BIND-2"), "EINVAL", "it has an address already: EINVAL");
    const bool names = act.verb == Verb::bind && act.value != static_cast<std::int64_t>(NameForm::automatic);
    const std::int16_t home = names ? static_cast<std::int16_t>(act.object) : own->home;
    const bool taken = home >= 0 && who_listens(state, static_cast<std::uint16_t>(home),
                                                static_cast<std::int16_t>(act.description)) >= 0;
    return wrong(clause("INET-BIND-3"), taken ? "EADDRINUSE" : "none",
                 taken ? "somebody else listens there: EADDRINUSE" : "nobody listens there: it is given");
}

void Model::weigh_ports(const std::vector<std::uint32_t>& how, judging::Weights& weights) const {
    struct Row {
        std::uint32_t how;
        ClauseId clause;
    };
    constexpr Row rows[] = {
        {how_nobody, clause("TCP-CONN-1")},       {how_waited, clause("TCP-CONN-2")},
        {how_connected, clause("SOCK-CONN-1")},   {how_taken, clause("INET-BIND-3")},
        {how_bound, clause("INET-BIND-2")},       {how_deaf | how_none_waits, clause("SOCK-ACCEPT-1")},
        {how_no_number, clause("SOCK-ACCEPT-5")},
    };
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (act.open) continue;
        for (const Row& row : rows) weights[row.clause] += (how[i] & row.how) != 0;
        weights[clause("SIG-SOCK-1")] += act.restarted && !act.interrupted && (how[i] & how_accepted) != 0;
        weights[clause("SOCK-ACCEPT-3")] += (how[i] & how_accepted) && act.value >= 0;
    }
}

}  // namespace crosstalk::listener
