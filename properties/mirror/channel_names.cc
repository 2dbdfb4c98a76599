// Sockets with addresses: names, who listens there and who waits for it, until a connection is a pair like any other
// (bind(2), listen(2), connect(2), accept(2), unix(7)).
#include <algorithm>
#include <utility>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

bool Play::is_abstract(ObjectId object) const { return value_.program.objects[object].asked.value == 1; }

Effect Play::name_socket(ActorId actor, const Operation& operation) {
    if (operation.verb == Verb::socket) return make_socket(actor, operation);
    if (operation.verb == Verb::unlink) {
        std::int16_t& name = names_[operation.object];
        if (name == unbound || is_abstract(operation.object)) return fails(Errno::ENOENT_);
        if (!lies(Lie::name_outlives_unlink)) name = unbound;
        return {};
    }
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (found == unbound) return fails(Errno::EBADF_);
    Description& socket = descriptions_[static_cast<std::size_t>(found)];
    if (socket.kind != Kind::socket) return fails(Errno::ENOTSOCK_);
    switch (operation.verb) {
        case Verb::bind: return bind_name(operation, found);
        case Verb::connect: return connect(actor, operation, found);
        case Verb::accept: return accept(actor, operation, socket);
        default: break;
    }
    const Object& object =
        value_.program.objects[socket.plug != unbound ? plug_of(socket).address : channels_[socket.thing].object];
    if (mechanism_of(object.mechanism).facts.dead_peer != DeadPeer::reset) return fails(Errno::EOPNOTSUPP_);
    if (socket.plug == unbound || !plug_of(socket).bound || socket.thing != no_thing) return fails(Errno::EINVAL_);
    plug_of(socket).listens = true, plug_of(socket).backlog = operation.value;
    return {};
}

Effect Play::make_socket(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const int number = lowest_free(process);
    if (number >= process.limit) return fails(Errno::EMFILE_);
    plugs_.push_back({.address = operation.object});
    const std::int16_t made = new_socket(no_thing, 0, operation.flags & flag_nonblock);
    descriptions_.back().plug = static_cast<std::int16_t>(plugs_.size() - 1);
    refer(made);
    bind(process, operation.makes[0], made, number, (operation.flags & flag_cloexec) != 0);
    return {.result = number};
}

// bind(2). Of two errors at once either is told.
Effect Play::bind_name(const Operation& operation, std::int16_t found) {
    const Description& socket = descriptions_[static_cast<std::size_t>(found)];
    const bool bound = socket.plug == unbound || plug_of(socket).bound;
    const auto form = static_cast<NameForm>(operation.value);
    const auto refuse = [&](Errno error) { return fails(bound && dice_.one_in(2) ? Errno::EINVAL_ : error); };
    switch (form) {
        case NameForm::missing_directory: return refuse(Errno::ENOENT_);
        case NameForm::below_file: return refuse(Errno::ENOTDIR_);
        case NameForm::too_long: return fails(Errno::EINVAL_);
        case NameForm::automatic:  // a name that nobody else has
            if (socket.plug != unbound) plug_of(socket).bound = true;
            return {};
        case NameForm::own: break;
    }
    std::int16_t& name = names_[operation.object];
    if (name != unbound && !lies(Lie::name_given_twice)) return refuse(Errno::EADDRINUSE_);
    if (bound) return fails(Errno::EINVAL_);
    name = found;
    plug_of(socket).bound = true;
    return {};
}

// listen(2): the backlog is how many wait; Linux lets one more.
bool Play::has_place(const Plug& plug) const {
    if (plug.backlog < 0 || lies(Lie::backlog_ignored)) return true;
    return static_cast<std::int64_t>(plug.waiting.size()) < plug.backlog + (one_more_waits_ ? 1 : 0);
}

// Who sleeps for a place waits where the name led when it called.
Effect Play::connect(ActorId actor, const Operation& operation, std::int16_t found) {
    Life& life = lives_[actor];
    Description& own = descriptions_[static_cast<std::size_t>(found)];
    if (own.thing != no_thing) return lies(Lie::connects_again) ? Effect{} : fails(Errno::EISCONN_);
    if (plug_of(own).listens) return fails(Errno::EINVAL_);
    const std::int16_t target = life.slept ? life.to : names_[operation.object];
    if (target == unbound) return fails(is_abstract(operation.object) ? Errno::ECONNREFUSED_ : Errno::ENOENT_);
    if (target == nobody) return fails(Errno::ECONNREFUSED_);
    const Description& other = descriptions_[static_cast<std::size_t>(target)];
    if (other.references == 0 || !plug_of(other).listens) return fails(Errno::ECONNREFUSED_);
    if (!has_place(plug_of(other))) {
        if (!may_wait(life, operation, own)) return fails(Errno::EAGAIN_);
        life.to = target;
        return falls_asleep;
    }
    const std::uint16_t made = new_channel(operation.object, lives_[actor].process);
    channels_[made].sides[0].references = own.references;
    channels_[made].sides[1].references = 1;  // who waits
    own.thing = made;
    auto& waiting = plug_of(other).waiting;
    if (lies(Lie::last_comes_first))
        waiting.insert(waiting.begin(), made);
    else
        waiting.push_back(made);
    return {};
}

Effect Play::accept(ActorId actor, const Operation& operation, const Description& socket) {
    if (socket.plug == unbound || !plug_of(socket).listens) return fails(Errno::EINVAL_);
    Process& process = process_of(actor);
    Plug& plug = plug_of(socket);
    const int number = lowest_free(process);
    if (number >= process.limit) {
        if (lies(Lie::refused_accept_takes) && !plug.waiting.empty()) plug.waiting.erase(plug.waiting.begin());
        return fails(Errno::EMFILE_);
    }
    if (plug.waiting.empty()) return may_wait(lives_[actor], operation, socket) ? falls_asleep : fails(Errno::EAGAIN_);
    const std::uint16_t channel = plug.waiting.front();
    if (!lies(Lie::accepted_twice, 3)) plug.waiting.erase(plug.waiting.begin());
    const std::uint16_t status =
        lies(Lie::accepted_inherits) ? socket.flags & flag_nonblock : operation.flags & flag_nonblock;
    const std::int16_t made = new_socket(channel, 1, status);
    descriptions_[static_cast<std::size_t>(made)].references = 1;  // that who waits has had
    bind(process, operation.makes[0], made, number, (operation.flags & flag_cloexec) != 0);
    return {.result = number};
}

// It is closed: its abstract name is gone, a path leads to nobody, and who waits is reset.
void Play::unplug(std::int16_t description) {
    Plug& plug = plug_of(descriptions_[static_cast<std::size_t>(description)]);
    for (ObjectId o = 0; o < names_.size(); ++o)
        if (names_[o] == description) names_[o] = is_abstract(o) ? unbound : nobody;
    for (const std::uint16_t channel : std::exchange(plug.waiting, {})) {
        channels_[channel].sides[0].reset = true;
        let_go({.kind = Kind::socket, .thing = channel, .end = 1});
    }
}

bool Play::connection_would_go_on(const Life& life, const Operation& operation) const {
    if (operation.verb == Verb::accept) {
        const std::int16_t found = description_in(id_of(life), operation.uses[0]);
        return found == unbound || !plug_of(descriptions_[static_cast<std::size_t>(found)]).waiting.empty();
    }
    const Description& other = descriptions_[static_cast<std::size_t>(life.to)];
    return other.references == 0 || !plug_of(other).listens || has_place(plug_of(other));
}

}  // namespace crosstalk::mirror
