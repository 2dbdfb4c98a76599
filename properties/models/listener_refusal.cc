// The listener: what to say when nothing explains an observation, and on which clauses an accepted explanation rests. A
// clause carries weight when it had a choice to forbid.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/models/listener.h"

namespace crosstalk::listener {

using judging::Breach;
using judging::never;
using judging::Weights;

namespace {

Breach breach_of(const Act& act, ClauseId clause, Reason reason, std::string detail, std::string line) {
    return {clause, reason, std::move(detail), act.event, {std::move(line)}};
}

// An answer that is not the one due; `wanted` is an error's name, or "none".
Breach wrong_answer(const Act& act, ClauseId clause, std::string_view wanted, std::string line) {
    return breach_of(act, clause, Reason::wrong_errno,
                     fmt::format("{}/{}", act.error == Errno::none ? "none" : name_of(act.error), wanted),
                     std::move(line));
}

std::string waiting_text(const Socket& socket) {
    const std::size_t many = socket.waiting.size();
    return many == 0 ? "no connection waits" : fmt::format("{} connection{} wait", many, many == 1 ? "" : "s");
}

}  // namespace

Breach Model::refuse_connect(const State& state, const Flight& flight, const Act& act) const {
    const std::int16_t name = flight.run != 0 ? static_cast<std::int16_t>(flight.run - 1) : state.names[act.object];
    const Socket* const own = act.description == judging::none16 ? nullptr : &state.sockets[act.description];
    if (own == nullptr || own->connected)
        return wrong_answer(act, clause("SOCK-CONN-1"), "EISCONN", "it is connected already: EISCONN");
    if (act.error == Errno::EISCONN_) return wrong_answer(act, clause("SOCK-CONN-1"), "none", "it is not connected");
    if (name == no_name && is_abstract(act.object))
        return wrong_answer(act, clause("UNIX-NAME-4"), "ECONNREFUSED", "no socket has that name: ECONNREFUSED");
    if (name == no_name)
        return wrong_answer(act, state.had_name[act.object] ? clause("UNIX-CONN-4") : clause("UNIX-CONN-1"), "ENOENT",
                            "there is no such name: ENOENT");
    const Socket* const target = name == nobody ? nullptr : &state.sockets[static_cast<std::size_t>(name)];
    if (target == nullptr || target->references == 0 || !target->listens)
        return wrong_answer(act, clause("UNIX-CONN-1"), "ECONNREFUSED", "nobody listens there: ECONNREFUSED");
    if (!has_room(*target) && act.error == Errno::none)
        return breach_of(act, clause("SOCK-LISTEN-1"), Reason::early, "",
                         fmt::format("{} for a backlog of {}", waiting_text(*target), target->backlog));
    if (act.error == Errno::EAGAIN_)
        return wrong_answer(
            act, clause("UNIX-CONN-3"), "none",
            fmt::format("{} for a backlog of {}: one more may", waiting_text(*target), target->backlog));
    return wrong_answer(act, clause("UNIX-CONN-1"), "none", "somebody listens there: it connects");
}

// Has an accept on this socket failed for want of a descriptor before?
ClauseId Model::of_waiting(const Act& act, ClauseId otherwise) const {
    const bool failed = std::ranges::any_of(component_.acts, [&](const Act& other) {
        return other.verb == Verb::accept && other.error == Errno::EMFILE_ && other.description == act.description &&
               other.ended < act.began;
    });
    return failed ? clause("SOCK-ACCEPT-5") : otherwise;
}

// Which connection an accept gave is seen where its bytes come out.
std::size_t Model::shown_by(const Act& accept) const {
    const std::vector<Event>& events = subject_.history->events;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        if (event.kind != EventKind::call || event.actor != accept.actor || event.began < accept.ended) continue;
        const Operation& step = subject_.value->program.actors[event.actor].steps[event.step];
        if (sheet_of(step.verb).flow == Flow::in && step.uses[0] == subject_.operation(accept).makes[0]) return i;
    }
    return accept.event;
}

Breach Model::refuse_accept(const State& state, const Act& act) const {
    const Socket& socket = state.sockets[act.description];
    if (!socket.listens)
        return wrong_answer(act, clause("SOCK-ACCEPT-1"), "EINVAL", "this socket does not listen: EINVAL");
    if (act.error == Errno::none && socket.waiting.empty())
        return breach_of(act, clause("SOCK-ACCEPT-3"), Reason::doubled, "", "it gave a connection, and none waited");
    if (act.error == Errno::none)
        return {
            clause("SOCK-ACCEPT-3"),
            Reason::reordered,
            "",
            shown_by(act),
            {"these are bytes of another connection than the one that waited longest when its socket was accepted"}};
    if (socket.waiting.empty())
        return wrong_answer(act, clause("SOCK-ACCEPT-1"), sleeps(state, act) ? "none" : "EAGAIN",
                            sleeps(state, act) ? "no connection waited: it sleeps" : "no connection waited: EAGAIN");
    return wrong_answer(act, of_waiting(act, clause("SOCK-ACCEPT-3")), "none",
                        waiting_text(socket) + ": it gives the first");
}

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    if (act.error == Errno::EINTR_ && act.restarted && !act.interrupted)
        return wrong_answer(act, clause("SIG-SOCK-1"), "none", "its handler had SA_RESTART: it goes on");
    if (act.asleep) {
        Flight copy = flight;
        const ClauseId which = must_not_sleep(state, copy, strict);
        return breach_of(act, which == no_clause ? clause("SOCK-ACCEPT-3") : which, Reason::asleep, "",
                         act.verb == Verb::connect ? "it sleeps although nothing keeps it from an answer"
                                                   : "it sleeps although a connection waits");
    }
    if (act.kind == ActKind::look_flags)
        return breach_of(act, clause("PROC-DUP-1"), Reason::wrong_value, "", "its flags are others");
    if (act.kind == ActKind::look_poll)
        return breach_of(act, of_waiting(act, clause("RDY-1")), Reason::wrong_value, "",
                         waiting_text(state.sockets[act.description]));
    if (by_network_ && act.verb != Verb::accept) return refuse_port(state, act);
    switch (act.verb) {
        case Verb::connect: return refuse_connect(state, flight, act);
        case Verb::accept: return refuse_accept(state, act);
        case Verb::available:
            return wrong_answer(act, clause("UNIX-INQ-1"), "EINVAL", "a listening socket has no unread bytes: EINVAL");
        case Verb::listen: {
            const Socket& socket = state.sockets[act.description];
            const bool can = socket.bound && !socket.connected;
            return wrong_answer(act, clause("SOCK-LISTEN-1"), can ? "none" : "EINVAL",
                                can ? "it has an address: it listens" : "it cannot listen: EINVAL");
        }
        case Verb::unlink: {
            const bool there = state.names[act.object] != no_name;
            if (is_abstract(act.object))
                return wrong_answer(act, clause("UNIX-NAME-4"), "ENOENT", "an abstract name is no file: ENOENT");
            return wrong_answer(act, clause("UNIX-CONN-4"), there ? "none" : "ENOENT",
                                there ? "the name is there: it goes" : "there is no such name: ENOENT");
        }
        default: break;
    }
    const bool taken = state.names[act.object] != no_name;
    const bool bound = act.description != judging::none16 && state.sockets[act.description].bound;
    if (act.value == static_cast<std::int64_t>(NameForm::automatic))
        return wrong_answer(act, clause("UNIX-NAME-5"), "none", "without a name it is given one");
    const bool leftover = !bound && !taken && is_abstract(act.object) && state.had_name[act.object];
    return wrong_answer(act, leftover ? clause("UNIX-NAME-4") : clause("UNIX-BIND-1"),
                        bound   ? "EINVAL"
                        : taken ? "EADDRINUSE"
                                : "none",
                        bound   ? "it has an address already: EINVAL"
                        : taken ? "the name is there: EADDRINUSE"
                                : "the name is free: it is made");
}

std::vector<std::string> Model::describe(const State& state, const models::NameBytes&) const {
    std::vector<std::string> lines;
    for (const Socket& socket : state.sockets)
        if (by_network_ && socket.listens && socket.home >= 0)
            lines.push_back(fmt::format("address {}: a socket listens with a backlog of {}, {}",
                                        component_.objects[static_cast<std::size_t>(socket.home)].id, socket.backlog,
                                        waiting_text(socket)));
    for (std::size_t n = 0; !by_network_ && n < state.names.size(); ++n) {
        const ObjectId object = component_.objects[n].id;
        const std::int16_t name = state.names[n];
        if (name == no_name) {
            lines.push_back(fmt::format("address {}: no such name", object));
            continue;
        }
        if (name == nobody) {
            lines.push_back(fmt::format("address {}: its socket is closed", object));
            continue;
        }
        const Socket& socket = state.sockets[static_cast<std::size_t>(name)];
        lines.push_back(socket.listens ? fmt::format("address {}: a socket listens with a backlog of {}, {}", object,
                                                     socket.backlog, waiting_text(socket))
                                       : fmt::format("address {}: a socket that does not listen", object));
    }
    return lines;
}

Due Model::due(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    Due due;
    for (const Flight& other : state.flights)
        if (other.act != flight.act && !other.done) return due;
    const auto answer = [&](Errno error) {
        due.known = true, due.result = error == Errno::none ? 0 : -1, due.error = error;
        return due;
    };
    switch (act.verb) {
        case Verb::unlink: return answer(state.names[act.object] != no_name ? Errno::none : Errno::ENOENT_);
        case Verb::accept: {
            const Socket& socket = state.sockets[act.description];
            if (!socket.listens) return answer(Errno::EINVAL_);
            if (!socket.waiting.empty() && act.error != Errno::none) return answer(Errno::none);
            return sleeps(state, act) || !socket.waiting.empty() ? due : answer(Errno::EAGAIN_);
        }
        case Verb::available: return state.sockets[act.description].listens ? answer(Errno::EINVAL_) : due;
        default: return due;
    }
}

void Model::weigh(const std::vector<std::uint32_t>& how, Weights& weights, std::vector<Deviation>&) const {
    if (by_network_) return weigh_ports(how, weights);
    struct Row {
        std::uint32_t how;
        ClauseId clause;
    };
    constexpr Row rows[] = {
        {how_no_name, clause("UNIX-CONN-1")},
        {how_nobody, clause("UNIX-CONN-1")},
        {how_unlinked, clause("UNIX-CONN-4")},
        {how_full | how_last | how_waited | how_fewer, clause("UNIX-CONN-3")},
        {how_full | how_last | how_fewer, clause("SOCK-LISTEN-1")},
        {how_connected, clause("SOCK-CONN-1")},
        {how_taken | how_bound, clause("UNIX-BIND-1")},
        {how_deaf | how_none_waits, clause("SOCK-ACCEPT-1")},
        {how_no_number, clause("SOCK-ACCEPT-5")},
        {how_listening, clause("UNIX-INQ-1")},
    };
    constexpr auto automatic = static_cast<std::int64_t>(NameForm::automatic);
    const Act* first_accept = nullptr;
    bool several = false;
    for (const Act& act : component_.acts) {
        if (act.verb != Verb::accept) continue;
        if (first_accept == nullptr) first_accept = &act;
        several = several || act.actor != first_accept->actor;
    }
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (act.open) continue;
        for (const Row& row : rows) {
            // A name that leads nowhere is another clause's to speak of where unlink is what was called.
            if (act.verb == Verb::unlink) break;
            weights[row.clause] += (how[i] & row.how) != 0;
        }
        weights[clause("SIG-SOCK-1")] +=
            act.restarted && !act.interrupted && (how[i] & (how_accepted | how_waited)) != 0;
        weights[clause("UNIX-NAME-4")] += (how[i] & (how_gone | how_no_file)) != 0;
        weights[clause("UNIX-NAME-5")] += act.value == automatic && act.verb == Verb::bind;
        weights[clause("SOCK-ACCEPT-3")] += (how[i] & how_accepted) && (several || act.value >= 0);
    }
}

// A sleeper was there when what it waited for came.
void Model::weigh_waits(const std::vector<std::uint32_t>& how, Weights& weights) const {
    for (std::size_t i = 0; i < how.size(); ++i) {
        const Act& act = component_.acts[i];
        if (!(how[i] & how_accepted) || act.open) continue;
        weights[clause("SOCK-ACCEPT-3")] += std::ranges::any_of(component_.acts, [&](const Act& other) {
            return other.verb == Verb::connect && other.value >= 0 && other.value == act.value &&
                   other.began > act.began && other.ended < act.ended;
        });
    }
}

}  // namespace crosstalk::listener
