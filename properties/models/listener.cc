// The listener: states and steps. What to say when nothing explains an observation is in listener_refusal.cc, with the
// clauses on which an explanation rests.
#include "properties/models/listener.h"

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"

namespace crosstalk::listener {

Model::Model(const Subject& subject, const Component& component)
    : subject_(subject), component_(component), by_network_(binds::eventual(mechanism_of(component.mechanism))) {}

State Model::initial() const {
    State state;
    state.names.assign(component_.objects.size(), no_name);
    state.had_name.assign(component_.objects.size(), false);
    for (const std::uint32_t references : component_.references) state.sockets.emplace_back().references = references;
    state.flags = component_.flags;
    return state;
}

bool Model::sleeps(const State& state, const Act& act) const {
    return act.description != judging::none16 && !(state.flags[act.description] & flag_nonblock);
}

// Who was accepted first asked first.
std::uint32_t Model::rank(const State&, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    if (act.verb != Verb::connect || act.value < 0) return judging::unranked;
    std::uint32_t rank = 0;
    for (const Act& other : component_.acts) {
        if (other.verb != Verb::accept) continue;
        if (other.value == act.value) return rank;
        ++rank;
    }
    return judging::unranked;
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    switch (act.kind) {
        case ActKind::release: return step_release(state, flight, act);
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            return done(flight);
        case ActKind::other: break;
        default: return step_look(state, flight, act);
    }
    if (by_network_) return step_port(state, flight, act);
    switch (act.verb) {
        case Verb::bind: return step_bind(state, flight, act);
        case Verb::listen: return step_listen(state, flight, act);
        case Verb::connect: return step_connect(state, flight, act, latitude);
        case Verb::accept: return step_accept(state, flight, act);
        case Verb::unlink: return step_unlink(state, flight, act);
        case Verb::available: return step_look(state, flight, act);
        case Verb::shutdown: state.sockets[act.description].shut = true; return done(flight);
        default: return done(flight);  // options before there is a connection: not judged
    }
}

// A bind may make the name for a moment, even if it fails in the end.
bool Model::bound_beside(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& other) {
        return other.verb == Verb::bind && other.object == act.object && other.event != act.event &&
               other.began < act.ended && act.began < other.ended;
    });
}

// unix(7): a name that is there is in use, whoever made it. bind(2): an address is given once.
Step Model::step_bind(State& state, Flight& flight, const Act& act) const {
    std::int16_t& name = state.names[act.object];
    Socket* const socket = act.description == judging::none16 ? nullptr : &state.sockets[act.description];
    if (act.value == static_cast<std::int64_t>(NameForm::automatic)) {
        // unix(7), autobind: a name that nobody else has; a socket that has an address keeps it.
        if (act.error != Errno::none) return Step::no;
        if (socket != nullptr) socket->bound = true;
        return done(flight);
    }
    if (act.error == Errno::EADDRINUSE_)
        return name != no_name || bound_beside(act) ? done(flight, name != no_name ? how_taken : how_nothing)
                                                    : Step::no;
    if (act.error == Errno::EINVAL_) return socket == nullptr || socket->bound ? done(flight, how_bound) : Step::no;
    if (act.error != Errno::none || name != no_name || (socket != nullptr && socket->bound)) return Step::no;
    name = socket == nullptr ? nobody : static_cast<std::int16_t>(act.description);
    if (socket != nullptr) socket->bound = true;
    const bool anew = state.had_name[act.object];
    state.had_name[act.object] = true;
    return done(flight, anew && is_abstract(act.object) ? how_gone : how_nothing);
}

Step Model::step_listen(State& state, Flight& flight, const Act& act) const {
    Socket& socket = state.sockets[act.description];
    const bool can = socket.bound && !socket.connected;
    if (act.error == Errno::EINVAL_) return can ? Step::no : done(flight);
    if (act.error != Errno::none || !can) return Step::no;
    socket.listens = true, socket.backlog = act.value;
    return done(flight);
}

// In two moments: first it finds the socket that its name leads to (flight.run: which, from 1 on), then it joins the
// queue there.
Step Model::step_connect(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const Socket* const own = act.description == judging::none16 ? nullptr : &state.sockets[act.description];
    const bool connected = own == nullptr || own->connected;
    if (act.error == Errno::EISCONN_) return connected ? done(flight, how_connected) : Step::no;
    if (act.error == Errno::EINVAL_) return own != nullptr && own->listens ? done(flight) : Step::no;
    if (act.error == Errno::EINTR_) return act.interrupted ? done(flight) : Step::no;
    if (flight.run == 0) {
        const std::int16_t name = state.names[act.object];
        const bool had = state.had_name[act.object];
        if (name == no_name && is_abstract(act.object))
            return act.error == Errno::ECONNREFUSED_ ? done(flight, had ? how_gone : how_nobody) : Step::no;
        if (act.error == Errno::ENOENT_)
            return name == no_name ? done(flight, had ? how_no_name | how_unlinked : how_no_name) : Step::no;
        if (name == no_name) return act.error == Errno::ECONNREFUSED_ && bound_beside(act) ? done(flight) : Step::no;
        if (name == nobody) return act.error == Errno::ECONNREFUSED_ ? done(flight, how_nobody) : Step::no;
        flight.run = static_cast<std::uint32_t>(name) + 1;
        return Step::silent;
    }
    Socket& target = state.sockets[flight.run - 1];
    if (target.shut && act.error == Errno::ECONNREFUSED_) return done(flight);
    if (target.references == 0 || !target.listens) {
        if (act.error == Errno::ECONNREFUSED_) return done(flight, how_nobody);
        if (target.references != 0) return Step::no;
        flight.run = 0;  // that socket is gone, and no name leads to it any more: it looks once more
        return Step::silent;
    }
    if (act.error == Errno::EAGAIN_) {
        if (sleeps(state, act)) return Step::no;
        if (!has_room(target)) return done(flight, how_full);
        if (target.backlog < 0) return done(flight);
        return latitude.differs && !has_promised_room(target) ? done(flight, how_fewer) : Step::no;
    }
    if (act.error != Errno::none || act.asleep || connected || own->listens) return Step::no;
    return join(state, flight, act, target);
}

Step Model::join(State& state, Flight& flight, const Act& act, Socket& target) const {
    if (!has_room(target)) {
        if (flight.slept || !sleeps(state, act)) return Step::no;
        flight.slept = true;
        return Step::silent;
    }
    target.waiting.push_back(act.open ? -1 : act.value);
    state.sockets[act.description].connected = true;
    return done(flight, (flight.slept ? how_waited : how_nothing) | (has_room(target) ? how_nothing : how_last));
}

Step Model::step_accept(State& state, Flight& flight, const Act& act) const {
    Socket& socket = state.sockets[act.description];
    if (act.error == Errno::EMFILE_) return done(flight, socket.waiting.empty() ? how_nothing : how_no_number);
    if (act.error == Errno::EINVAL_) {
        if (socket.listens) return socket.shut ? done(flight) : Step::no;
        return done(flight, how_deaf);
    }
    if (act.error == Errno::EINTR_) return act.interrupted && socket.waiting.empty() ? done(flight) : Step::no;
    if (act.error == Errno::EAGAIN_)
        return socket.listens && socket.waiting.empty() && !sleeps(state, act) ? done(flight, how_none_waits)
                                                                               : Step::no;
    if (act.error != Errno::none || act.asleep || !socket.listens || socket.waiting.empty()) return Step::no;
    const std::int64_t first = socket.waiting.front();
    if (!act.open && act.value >= 0 && first != act.value) return Step::no;
    socket.waiting.erase(socket.waiting.begin());
    return done(flight, how_accepted);
}

Step Model::step_unlink(State& state, Flight& flight, const Act& act) const {
    std::int16_t& name = state.names[act.object];
    if (is_abstract(act.object))
        return act.error == Errno::ENOENT_ ? done(flight, name >= 0 ? how_no_file : how_nothing) : Step::no;
    if (act.error == Errno::ENOENT_) return name == no_name ? done(flight, how_no_name) : Step::no;
    if (act.error != Errno::none) return Step::no;
    if (name == no_name) return bound_beside(act) ? done(flight) : Step::no;
    name = no_name;
    return done(flight);
}

// unix(7): the name stays when its socket is closed, and leads to nobody.
Step Model::step_release(State& state, Flight& flight, const Act& act) const {
    Socket& socket = state.sockets[act.description];
    socket.references -= std::min(socket.references, act.count);
    if (socket.references == 0) {
        socket.waiting.clear();
        socket.listens = socket.listens && !by_network_;
        for (std::uint16_t n = 0; n < state.names.size(); ++n)
            if (state.names[n] == static_cast<std::int16_t>(act.description))
                state.names[n] = is_abstract(n) ? no_name : nobody;
    }
    return done(flight);
}

Step Model::step_look(State& state, Flight& flight, const Act& act) const {
    if (act.kind == ActKind::look_flags)
        return (state.flags[act.description] & act.value) == act.result ? done(flight) : Step::no;
    const Socket& socket = state.sockets[act.description];
    if (act.verb == Verb::available) {
        if (!socket.listens) return done(flight);
        return act.error == Errno::EINVAL_ ? done(flight, how_listening) : Step::no;
    }
    if (act.kind != ActKind::look_poll || !socket.listens || !(act.value & poll_in)) return done(flight);
    const bool told = act.result & poll_in;
    if (by_network_ && !told) return done(flight);  // who has connected may not have arrived yet
    return told == !socket.waiting.empty() ? done(flight) : Step::no;
}

// Somebody who was woken and killed has told nobody else that there is room.
bool Model::killed_beside(const Act& sleeper) const {
    return std::ranges::any_of(component_.acts, [&](const Act& dead) {
        return dead.verb == sleeper.verb && dead.open && !dead.asleep && dead.ended != judging::never &&
               dead.event != sleeper.event;
    });
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude) const {
    const Act& act = component_.acts[flight.act];
    if (by_network_) return port_must_not_sleep(state, act);
    if (act.kind == ActKind::look_poll) {
        const Socket& socket = state.sockets[act.description];
        return socket.listens && (act.value & poll_in) && !socket.waiting.empty() ? clause("RDY-7") : no_clause;
    }
    if (act.verb == Verb::accept) {
        const Socket& socket = state.sockets[act.description];
        if (socket.shut) return no_clause;
        if (!socket.listens || !sleeps(state, act)) return clause("SOCK-ACCEPT-1");
        return socket.waiting.empty() || killed_beside(act) ? no_clause : clause("SOCK-ACCEPT-3");
    }
    if (act.verb != Verb::connect) return no_clause;
    const std::int16_t name = flight.run != 0 ? static_cast<std::int16_t>(flight.run - 1) : state.names[act.object];
    if (name < 0) return clause("UNIX-CONN-1");
    const Socket& target = state.sockets[static_cast<std::size_t>(name)];
    if (target.shut) return no_clause;
    if (target.references == 0 || !target.listens) return clause("UNIX-CONN-1");
    if (!sleeps(state, act)) return clause("UNIX-CONN-3");
    return !has_promised_room(target) || killed_beside(act) ? no_clause : clause("UNIX-CONN-3");
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = 0;
    const auto mix = [&](std::uint64_t word) {
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    };
    for (const Socket& socket : state.sockets) {
        mix(socket.references | std::uint64_t{socket.bound} << 32 | std::uint64_t{socket.listens} << 33 |
            std::uint64_t{socket.connected} << 34 | std::uint64_t{socket.shut} << 35 |
            std::uint64_t{socket.unsure} << 36 | socket.waiting.size() << 40);
        mix(static_cast<std::uint64_t>(socket.backlog) +
            (std::uint64_t{static_cast<std::uint16_t>(socket.home)} << 48));
        for (const std::int64_t each : socket.waiting) mix(static_cast<std::uint64_t>(each));
    }
    for (const std::int16_t name : state.names) mix(static_cast<std::uint16_t>(name));
    for (const bool had : state.had_name) mix(had);
    for (const std::uint16_t flags : state.flags) mix(flags);
    for (const Flight& flight : state.flights)
        mix(flight.act * 4ull + flight.done * 2u + flight.slept + (std::uint64_t{flight.run} << 40));
    return hash;
}

}  // namespace crosstalk::listener
