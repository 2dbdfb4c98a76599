// FIFOs: names that lead to pipes (fifo(7), mkfifo(3)). An open of one end waits for the other; one open lets in all
// who wait at the other end. Whether who waits counts as somebody who has it open is said nowhere: the dice decide.
#include <algorithm>
#include <utility>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::uint8_t both = 2;

bool ends_at(std::uint8_t end, std::uint8_t other) { return end == other || end == both; }

}  // namespace

bool Play::is_fifo(std::size_t object) const {
    const Mechanism& mechanism = mechanism_of(value_.program.objects[object].mechanism);
    return is_pipe(mechanism) && mechanism.facts.naming == Naming::path;
}

bool Play::is_of_fifos(const Operation& operation) const {
    switch (operation.verb) {
        case Verb::create:
        case Verb::open:
        case Verb::unlink:
        case Verb::misname:
        case Verb::new_mode: return is_fifo(operation.object);
        default: return false;
    }
}

Effect Play::fifo(ActorId actor, const Operation& operation) {
    std::int16_t& name = names_[operation.object];
    switch (operation.verb) {
        case Verb::create:
            if (name != unbound) return lies(Lie::fifo_made_twice) ? Effect{} : fails(Errno::EEXIST_);
            name = new_fifo(operation.object);
            return {};
        case Verb::open: return open_fifo(actor, operation);
        case Verb::unlink:
            if (name == unbound) return fails(Errno::ENOENT_);
            if (lies(Lie::unlink_empties_fifo)) empty(tubes_[static_cast<std::size_t>(name)]);
            if (!lies(Lie::unlink_keeps_fifo)) name = unbound;
            return {};
        case Verb::misname: return misname_fifo(operation);
        default: return new_mode(operation);
    }
}

// Of a FIFO or a queue: its maker's, with what the umask leaves of all permissions, and opened as that allows.
Effect Play::new_mode(const Operation& operation) {
    constexpr std::int64_t open_to_all = 0666, reads = 0400, does_both = 0600;
    const std::int64_t mode = open_to_all & ~(lies(Lie::fifo_umask_ignored) ? 0 : operation.value);
    std::int64_t bits = fresh_mine | fresh_kept;
    if ((mode & reads) != 0 || lies(Lie::permissions_ignored)) bits |= fresh_reads;
    if ((mode & does_both) == does_both || lies(Lie::permissions_ignored)) bits |= fresh_both;
    return {.result = mode, .value = bits};
}

// mkfifo(3): NAME_MAX characters.
Effect Play::misname_fifo(const Operation& operation) {
    switch (static_cast<Misname>(operation.value)) {
        case Misname::too_long: return lies(Lie::any_path) ? Effect{} : fails(Errno::ENAMETOOLONG_);
        case Misname::no_folder: return fails(Errno::ENOENT_);
        case Misname::below_file: return fails(Errno::ENOTDIR_);
        default: return {};
    }
}

std::int16_t Play::new_fifo(ObjectId object) {
    if (lies(Lie::new_fifo_is_old)) {
        const auto old = std::ranges::find(tubes_, object, &Tube::object);
        if (old != tubes_.end()) return static_cast<std::int16_t>(old - tubes_.begin());
    }
    const std::uint16_t made = new_tube(object, slots_for(default_bytes_));
    tubes_[made].named = true;
    return static_cast<std::int16_t>(made);
}

// With the last reference all goes that was in it or set of it (XSH close).
void Play::empty(Tube& tube) {
    tube.pipe.slots.clear();
    tube.pipe.pieces.clear();
    tube.pipe.bytes = 0;
    tube.pipe.max_slots = slots_for(default_bytes_);
}

void Play::last_reference(Tube& tube) {
    const std::uint32_t waiting = waits_open_ ? 0 : tube.waiting[0] + tube.waiting[1];
    if (lies(Lie::writer_takes_bytes) && tube.named && tube.pipe.writers == 0) empty(tube);
    if (!tube.named || tube.pipe.readers + tube.pipe.writers != waiting) return;
    if (!lies(Lie::fifo_keeps_bytes)) empty(tube);
}

Effect Play::open_fifo(ActorId actor, const Operation& operation) {
    Life& life = lives_[actor];
    if (life.opening != unbound) {
        if (!life.met) return falls_asleep;
        return opened(actor, operation, std::exchange(life.opening, unbound));
    }
    std::int16_t& name = names_[operation.object];
    if (name == unbound && lies(Lie::open_makes_fifo)) name = new_fifo(operation.object);
    if (name == unbound) return fails(Errno::ENOENT_);
    if (lowest_free(process_of(actor)) >= process_of(actor).limit) return fails(Errno::EMFILE_);
    const auto end = static_cast<std::uint8_t>(operation.value);
    auto which = static_cast<std::uint16_t>(name);
    const bool elsewhere =
        lies(Lie::each_open_its_own) || (lies(Lie::link_leads_elsewhere) && (operation.flags & flag_linked) != 0);
    if (elsewhere) which = static_cast<std::uint16_t>(new_fifo(operation.object));
    Tube& tube = tubes_[which];
    const bool nonblock = (operation.flags & flag_nonblock) != 0;
    const std::uint32_t readers = tube.pipe.readers - (waits_open_ ? 0 : tube.waiting[0]);
    const bool refused = lies(Lie::enxio_with_reader) || (readers == 0 && !lies(Lie::writes_without_reader));
    if (nonblock && end == 1 && refused) return fails(Errno::ENXIO_);
    if (lies(Lie::truncates_fifo) && (operation.flags & flag_truncate) != 0) empty(tube);
    const bool there = end == both ? !lies(Lie::both_ends_wait) || tube.pipe.readers != 0
                                   : (end == 0 ? tube.pipe.writers : tube.pipe.readers) != 0;
    const std::int16_t made = new_description(which, end, operation.flags & flag_nonblock);
    Description& description = descriptions_[static_cast<std::size_t>(made)];
    if (end == 0 && !there && nonblock && !lies(Lie::hangs_up_at_once)) description.heard = 1 + tube.pipe.opens[1];
    refer(made);
    for (const std::uint8_t each : {std::uint8_t{0}, std::uint8_t{1}})
        if (ends_at(end, each)) ++tube.pipe.opens[each], let_in(which, 1 - each);
    const bool waits = !there && (!nonblock || (end == 0 && lies(Lie::nonblocking_open_waits)));
    if (!waits || lies(Lie::open_never_waits)) return opened(actor, operation, made);
    life.opening = made, life.met = false;
    if (end != both) ++tube.waiting[end];
    return falls_asleep;
}

Effect Play::opened(ActorId actor, const Operation& operation, std::int16_t description) {
    Process& process = process_of(actor);
    const int number = lowest_free(process);
    bind(process, operation.makes[0], description, number, (operation.flags & flag_cloexec) != 0);
    return {.result = number};
}

// Somebody has opened the other end: all who wait at this one may go on, whether or not it stays open.
void Play::let_in(std::uint16_t tube, std::uint8_t end) {
    for (Life& life : lives_) {
        if (life.opening == unbound || life.met) continue;
        const Description& description = descriptions_[static_cast<std::size_t>(life.opening)];
        if (description.tube != tube || description.end != end) continue;
        life.met = true;
        --tubes_[tube].waiting[end];
        if (lies(Lie::lets_in_one)) return;
    }
}

// An open that waits is cut short.
void Play::give_up_open(Life& life) {
    const std::int16_t opening = std::exchange(life.opening, unbound);
    if (opening == unbound) return;
    const Description& description = descriptions_[static_cast<std::size_t>(opening)];
    if (!life.met && description.end != both) --tubes_[description.tube].waiting[description.end];
    release(opening);
}

bool Play::open_would_go_on(const Life& life) const {
    if (life.opening == unbound || !life.met) return false;
    const Description& description = descriptions_[static_cast<std::size_t>(life.opening)];
    const Pipe& pipe = tubes_[description.tube].pipe;
    if (!lies(Lie::brief_open_missed)) return true;
    const bool others_begin = std::ranges::any_of(lives_, [](const Life& each) { return each.phase == Phase::ready; });
    return !others_begin && (description.end == 0 ? pipe.writers : pipe.readers) != 0;
}

}  // namespace crosstalk::mirror
