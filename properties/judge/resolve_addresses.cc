// Sockets with addresses: what a descriptor alone decides is judged here, the rest becomes acts on the address. From
// its connect on a connection is an object of its own, a pair like any other. Which accept gave its other end no call
// says: the bytes that travel do. What of a connection is known by one end only is not judged.
#include <algorithm>
#include <map>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

bool Resolver::is_of_addresses(const Event& event, const Operation& operation) {
    switch (operation.verb) {
        case Verb::socket:
        case Verb::bind:
        case Verb::listen:
        case Verb::connect:
        case Verb::accept: return true;
        case Verb::unlink:
            return mechanism_of(value_.program.objects[operation.object].mechanism).doors.socket != nullptr;
        default: break;
    }
    if (!sheet_of(operation.verb).moves_bytes() && operation.verb != Verb::available &&
        operation.verb != Verb::shutdown && operation.verb != Verb::get_option && operation.verb != Verb::set_option)
        return false;
    if (sheet_of(operation.verb).flow == Flow::across) return false;
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    return found != unbound && objects_[descriptions_[static_cast<std::size_t>(found)].object].part == Part::address;
}

std::uint16_t Resolver::address_of(ObjectId object) {
    for (std::uint16_t o = 0; o < objects_.size(); ++o)
        if (objects_[o].id == object && objects_[o].part == Part::address) return o;
    const std::uint16_t made = new_object(object, 0);
    objects_[made].part = Part::address;
    return made;
}

// Every slot, and every message on its way, that held the one description holds the other.
void Resolver::becomes(std::int16_t before, std::int16_t after) {
    std::uint32_t held = 0;
    const auto renew = [&](auto& descriptions) {
        for (std::int16_t& each : descriptions)
            if (each == before) each = after, ++held;
    };
    for (Process& process : processes_) {
        if (process.gone) continue;
        renew(process.table.description);
        renew(process.unnamed);
    }
    for (auto& message : passed_) renew(message);
    descriptions_[static_cast<std::size_t>(after)].references = held;
    descriptions_[static_cast<std::size_t>(after)].before = before;
}

void Resolver::make_socket(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0) return;
    Process& process = process_of(event.actor);
    if (event.error == Errno::EMFILE_ && process.may_lack(1)) return weigh(clause("PROC-LIM-1"));
    if (process.surely_lacks(1)) return void(must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_));
    must_succeed(event, index, clause("SOCK-NEW-2"));
    if (event.error != Errno::none) return;
    const std::int16_t made = new_description(address_of(operation.object), 0, operation.flags & flag_nonblock);
    bind(event.actor, operation.makes[0], made, operation.flags & flag_cloexec);
    changed(event, operation.makes[0], unbound);
    process.made(1);
}

void Resolver::connect(const Event& event, std::uint32_t, const Operation& operation, Act act) {
    const bool eventual = binds::eventual(mechanism_of(objects_[act.object].mechanism));
    if (event.ended == 0 && eventual) act.error = Errno::none;  // it goes on whatever it was about to say
    const bool goes_on = eventual && (event.error == Errno::EINPROGRESS_ || event.error == Errno::EINTR_);
    if (event.ended == 0 || (event.error != Errno::none && !goes_on) || act.description == none16) return add(act);
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    if (objects_[d.object].part != Part::address)  // it was connected already: the model refuses
        return goes_on ? attempt_again(operation, d, act) : add(act);
    if (goes_on) return attempt(operation, found, act);
    const std::uint16_t status = d.status;
    const std::uint16_t connection = new_object(operation.object, 0);
    objects_[connection].part = Part::asked;
    objects_[connection].is_strange = d.shut;
    becomes(found, new_description(connection, 0, status));
    act.value = connection;
    add(act);
}

void Resolver::accept(const Event& event, std::uint32_t index, const Operation& operation, Act act) {
    Process& process = process_of(event.actor);
    if (event.ended != 0 && event.error == Errno::none) {
        if (process.surely_lacks(1)) return void(must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_));
        const std::uint16_t connection = new_object(operation.object, 0);
        objects_[connection].part = Part::given;
        const std::int16_t made = new_description(connection, 1, operation.flags & flag_nonblock);
        bind(event.actor, operation.makes[0], made, operation.flags & flag_cloexec);
        changed(event, operation.makes[0], unbound);
        process.made(1);
        act.value = connection;
    } else if (event.error == Errno::EMFILE_ && !process.may_lack(1)) {
        return breach(clause("PROC-LIM-1"), Reason::wrong_errno, "EMFILE/none", index, "there is room for one more");
    }
    add(act);
}

void Resolver::on_address(const Event& event, std::uint32_t index, const Operation& operation) {
    if (operation.verb == Verb::socket) return make_socket(event, index, operation);
    Act act = act_of(ActKind::other, event, index);
    act.value = -1;
    if (operation.verb == Verb::unlink) {
        act.object = address_of(operation.object);
        return add(act);
    }
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("SOCK-SHUT-3"), Errno::EBADF_));
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    if (binds::datagrams(mechanism_of(objects_[d.object].mechanism)))
        return operation.verb == Verb::listen
                   ? void(must_fail(event, index, clause("SOCK-LISTEN-2"), Errno::EOPNOTSUPP_))
                   : void();
    if (sheet_of(operation.verb).moves_bytes()) {
        // Of a stream that receives Linux says EINVAL, which recv(2) has for other things: nothing is said of it here.
        const bool receives = sheet_of(operation.verb).flow == Flow::in;
        if (event.error == Errno::none && operation.buffer.bytes == 0) return;
        if (receives && event.error == Errno::EINVAL_) return;
        // TCP has EPIPE for a send without a connection, as for one whose connection has ended. Linux lets a shutdown
        // without a connection fail, and be felt by who receives.
        const bool eventual = binds::eventual(mechanism_of(objects_[d.object].mechanism));
        if (eventual && (receives ? d.shut : event.error == Errno::EPIPE_)) return;
        return void(must_fail(event, index, clause("SOCK-SHUT-4"), Errno::ENOTCONN_));
    }
    // A socket that is connected has left its address behind; a pair never had one.
    const std::int16_t socket = objects_[d.object].part == Part::address ? found : d.before;
    const std::uint16_t home = socket == unbound ? none16 : descriptions_[static_cast<std::size_t>(socket)].object;
    if (socket != unbound) act.description = static_cast<std::uint16_t>(socket);
    act.object = names_address(operation.verb) ? address_of(operation.object) : home;
    if (act.object == none16) {  // listen(2), accept(2): no socket of this kind can
        if (operation.verb == Verb::listen || operation.verb == Verb::accept)
            must_fail(event, index, clause("SOCK-ACCEPT-1"), Errno::EINVAL_);
        return;
    }
    if (home != none16 && home != act.object) act.to_object = home;  // one story
    if (operation.verb == Verb::bind && operation.value != 0) {
        const auto form = static_cast<NameForm>(operation.value);
        // Of two errors at once either may be told: a socket that has an address is refused with EINVAL.
        const auto refused = [&](ClauseId which, Errno error) {
            must_fail(event, index, which, error, error == Errno::EINVAL_ ? Errno::none : Errno::EINVAL_);
        };
        if (form == NameForm::missing_directory) return refused(clause("UNIX-BIND-3"), Errno::ENOENT_);
        if (form == NameForm::below_file) return refused(clause("UNIX-BIND-3"), Errno::ENOTDIR_);
        if (form == NameForm::too_long) return refused(clause("UNIX-NAME-1"), Errno::EINVAL_);
        act.value = operation.value;
    }
    if (operation.verb == Verb::connect) return connect(event, index, operation, act);
    if (operation.verb == Verb::accept) return accept(event, index, operation, act);
    if (operation.verb == Verb::shutdown) descriptions_[static_cast<std::size_t>(found)].shut = true;
    if (operation.verb == Verb::listen) act.value = operation.value;
    add(act);
}

// Bytes that one end sent and the other received tell which ends belong together.
void Resolver::join_connections() {
    if (std::ranges::none_of(objects_, [](const ObjectTrace& object) { return object.part == Part::address; })) return;
    std::map<std::pair<ActorId, StepId>, std::uint16_t> sent_on;
    for (const Act& act : acts_)
        if (act.kind == ActKind::write) sent_on[{act.actor, act.step}] = act.object;
    std::map<std::uint16_t, std::uint16_t> partner;
    for (const Act& act : acts_) {
        if (act.kind != ActKind::read || objects_[act.object].part < Part::asked || partner.contains(act.object))
            continue;
        for (std::uint32_t r = 0; r < act.run_count; ++r) {
            const Run& run = history_.runs[act.first_run + r];
            if (run.kind != RunKind::origin) continue;
            const auto found = sent_on.find({run.actor, run.step});
            if (found == sent_on.end()) continue;
            const std::uint16_t sender = found->second;
            const Part wanted = objects_[act.object].part == Part::asked ? Part::given : Part::asked;
            if (objects_[sender].part != wanted) continue;
            if (objects_[sender].is_strange || objects_[act.object].is_strange) continue;
            if (partner.contains(sender)) {
                breach(clause("SOCK-ACCEPT-3"), Reason::doubled, "", act.event,
                       "the bytes of one connection came out of two accepted sockets");
                return;
            }
            partner[sender] = act.object, partner[act.object] = sender;
            break;
        }
    }
    const auto joined = [&](std::uint16_t object) {
        const auto found = partner.find(object);
        return objects_[object].part == Part::given && found != partner.end() ? found->second : object;
    };
    const auto alone = [&](std::uint16_t object) {
        return objects_[object].part >= Part::asked && !partner.contains(object);
    };
    std::erase_if(acts_, [&](const Act& act) { return alone(act.object); });
    for (Act& act : acts_) {
        if (act.verb == Verb::accept && act.value >= 0) {
            const auto object = static_cast<std::uint16_t>(act.value);
            act.value = alone(object) ? -1 : joined(object);
        }
        act.object = joined(act.object);
    }
    for (Description& description : descriptions_) description.object = joined(description.object);
}

}  // namespace crosstalk::judging
