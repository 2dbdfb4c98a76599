// Memory that processes share: objects and the names that lead to them (shm_overview(7)), files that are mapped, their
// lengths, and calls by descriptor. What is seen of it through mappings: views.cc and copies.cc.
// What documents leave open is the dice's: which of two errors, what becomes of bytes behind the end, whether an open
// for reading empties (open(2), O_TRUNC), whether a file system knows holes (fallocate(2)).
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::uint64_t no_end = ~std::uint64_t{0};
constexpr std::int64_t opened_to_all = 0666, owner_may_read = 0400, owner_may_both = 0600;
constexpr std::int64_t most_told_numbers = 24;  // beyond them an open tells 0
constexpr std::uint8_t rubbish = 0xa5;          // where zeros are promised

bool is_shared_bytes(const Object& object) {
    return mechanism_of(object.mechanism).semantics == Semantics::shared_bytes;
}

}  // namespace

// Nothing but memory, by processes of one thread each: that is what is drawn, and what its judge speaks of.
bool offers_memory(const Program& program) {
    return std::ranges::all_of(program.objects, is_shared_bytes) &&
           std::ranges::all_of(program.actors, [&](const Actor& actor) {
               return actor.kind != ActorKind::thread && std::ranges::all_of(actor.steps, [&](const Operation& step) {
                          return step.times == 1 && std::ranges::all_of(program.objects, [&](const Object& object) {
                                     return crosstalk::offers(mechanism_of(object.mechanism), step.verb);
                                 });
                      });
           });
}

bool Play::is_memory(std::size_t object) const {
    return object < value_.program.objects.size() && is_shared_bytes(value_.program.objects[object]);
}

bool Play::is_of_memory(ActorId actor, const Operation& operation) const {
    switch (operation.verb) {
        case Verb::attach:
        case Verb::detach:
        case Verb::load:
        case Verb::store:
        case Verb::protect:
        case Verb::sync_view:
        case Verb::advise:
        case Verb::punch:
        case Verb::lend:
        case Verb::lock:
        case Verb::unlock: return true;
        case Verb::create:
        case Verb::open:
        case Verb::unlink:
        case Verb::new_mode:
        case Verb::trial: return is_memory(operation.object);
        case Verb::close:
        case Verb::get_flags:
        case Verb::truncate:
        case Verb::pread:
        case Verb::pwrite:
        case Verb::stat: {
            const std::int16_t found = description_in(actor, operation.uses[0]);
            if (found == unbound) return is_memory(0);
            return descriptions_[static_cast<std::size_t>(found)].kind == Kind::file;
        }
        default: return false;
    }
}

std::int16_t Play::new_memory(ObjectId object, std::uint64_t length) {
    memories_.push_back({.object = object, .length = length, .number = 0, .bytes = {}, .before = {}});
    return static_cast<std::int16_t>(memories_.size() - 1);
}

std::int16_t Play::new_file(std::int16_t memory, Access access) {
    const std::int16_t made = new_description(0, 0, 0);
    Description& description = descriptions_[static_cast<std::size_t>(made)];
    description.kind = Kind::file, description.thing = static_cast<std::uint16_t>(memory);
    description.access = access;
    return made;
}

// What has a name is there from the start, as the first that the name leads to, and open for both.
void Play::begin_memory(ObjectId object, std::vector<std::int16_t>& first) {
    const Object& asked = value_.program.objects[object];
    if (mechanism_of(asked.mechanism).facts.naming == Naming::none) return;
    names_[object] = new_memory(object, asked.asked.capacity_bytes);
    memories_.back().number = numbers_[object] = 1;
    first[object] = new_file(names_[object], Access::both);
}

Effect Play::view(ActorId actor, const Operation& operation) {
    switch (operation.verb) {
        case Verb::create: return create_memory(actor, operation);
        case Verb::open: return open_memory(actor, operation);
        case Verb::unlink: return unlink_memory(operation);
        case Verb::new_mode: return try_out_mode(operation);
        case Verb::trial: return try_out(actor);
        case Verb::attach: return attach(actor, operation);
        case Verb::lock:
        case Verb::unlock: return lock(actor, operation);
        case Verb::close:
        case Verb::get_flags:
        case Verb::truncate:
        case Verb::pread:
        case Verb::pwrite:
        case Verb::stat:
        case Verb::punch: return of_file(actor, operation);
        default: break;
    }
    View* const found = view_in(actor, operation.uses[0]);
    if (found == nullptr) return fails(Errno::EBADF_);
    switch (operation.verb) {
        case Verb::detach: return detach(actor, operation);
        case Verb::protect: return protect(operation, *found);
        case Verb::sync_view: return sync_view(operation, *found);
        case Verb::advise: return advise(operation, *found);
        case Verb::lend: return lend(operation, *found);
        default: return copy_view(actor, operation, *found);
    }
}

Effect Play::of_file(ActorId actor, const Operation& operation) {
    const std::int16_t found = description_in(actor, operation.uses[0]);
    if (found == unbound) return fails(Errno::EBADF_);
    const Description& description = descriptions_[static_cast<std::size_t>(found)];
    Process& process = process_of(actor);
    switch (operation.verb) {
        case Verb::close: unbind(process, operation.uses[0]); return {};
        case Verb::get_flags:
            return {.result = (description.access != Access::read ? flag_writable : 0) |
                              (process.close_on_exec[operation.uses[0]] ? flag_cloexec : 0)};
        case Verb::stat: return {.value = static_cast<std::int64_t>(memories_[description.thing].length)};
        case Verb::truncate: return truncate(operation, description);
        case Verb::punch: return punch(operation, description);
        default: return copy_file(actor, operation, description);
    }
}

// shm_open(3) gives the lowest number, closed on exec; open(2) leaves that flag to who asks for it.
Effect Play::create_memory(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const int lowest = lowest_free(process);
    if (lowest >= process.limit) return fails(Errno::EMFILE_);
    if (names_[operation.object] != unbound) return fails(Errno::EEXIST_);
    const Object& asked = value_.program.objects[operation.object];
    names_[operation.object] = new_memory(operation.object, asked.asked.capacity_bytes);
    const std::int16_t made = new_file(names_[operation.object], Access::both);
    const int number = lowest + lies(Lie::higher_number_of_memory);
    refer(made);
    bind(process, operation.makes[0], made, number, mechanism_of(asked.mechanism).facts.naming == Naming::posix);
    const std::int64_t behind = lowest_free(process);
    return {.value = number | std::int64_t{0xffff} << 16 | std::int64_t{lowest} << 32 | behind << 48};
}

// Where the name leads, or what was made there.
Effect Play::find_memory(const Operation& operation, std::int16_t& found) {
    const bool posix = mechanism_of(value_.program.objects[operation.object].mechanism).facts.naming == Naming::posix;
    const bool creates = (operation.flags & flag_create) != 0,
               exclusive = creates && (operation.flags & flag_exclusive) != 0;
    if (posix && (operation.flags & flag_unknown) != 0 && !lies(Lie::slash_opens)) return fails(Errno::EINVAL_);
    std::int16_t& bound = names_[operation.object];
    if (bound != unbound && exclusive && !lies(Lie::several_are_first)) return fails(Errno::EEXIST_);
    if (bound == unbound && !creates) return fails(Errno::ENOENT_);
    if (bound == unbound) bound = new_memory(operation.object, 0);
    found = bound;
    if (lies(Lie::old_object_opened) && bound > 0 && memories_[0].object == operation.object) found = 0;
    if (lies(Lie::left_alone_empties) && !has_somebody(found))
        std::ranges::fill(memories_[static_cast<std::size_t>(found)].bytes, std::uint8_t{0});
    return {};
}

Effect Play::open_memory(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const int lowest = lowest_free(process);
    if (lowest >= process.limit) return fails(Errno::EMFILE_);
    std::int16_t found = unbound;
    if (const Effect looked = find_memory(operation, found); looked.error != Errno::none) return looked;
    Memory& memory = memories_[static_cast<std::size_t>(found)];
    const auto access = static_cast<Access>(operation.value);
    const bool empties = access != Access::read || dice_.one_in(2);
    if ((operation.flags & flag_truncate) != 0 && empties && !lies(Lie::open_empties_not)) set_length(memory, 0);
    if (memory.number == 0) memory.number = ++numbers_[operation.object];
    const std::int16_t made = new_file(found, access);
    refer(made);
    const bool posix = mechanism_of(value_.program.objects[operation.object].mechanism).facts.naming == Naming::posix;
    bind(process, operation.makes[0], made, lowest, posix != lies(Lie::memory_stays_on_exec));
    return {.result = lowest, .value = memory.number <= most_told_numbers ? memory.number : 0};
}

Effect Play::unlink_memory(const Operation& operation) {
    std::int16_t& bound = names_[operation.object];
    if (bound == unbound) return fails(Errno::ENOENT_);
    if (lies(Lie::unlink_clears)) std::ranges::fill(memories_[static_cast<std::size_t>(bound)].bytes, std::uint8_t{0});
    if (!lies(Lie::memory_keeps_name)) bound = unbound;
    return {};
}

// open(2), mode: of an object that is made for it. Who made it owns it.
Effect Play::try_out_mode(const Operation& operation) {
    const std::int64_t mode = opened_to_all & ~(lies(Lie::umask_ignored) ? 0 : operation.value);
    std::int64_t bits = fresh_mine | fresh_kept;
    if ((mode & owner_may_read) != 0) bits |= fresh_reads;
    if ((mode & owner_may_both) == owner_may_both) bits |= fresh_both;
    return {.result = mode, .value = bits};
}

// Of what can be looked for, all is as it must be.
Effect Play::try_out(ActorId actor) {
    lives_[actor].event.took_ns = static_cast<std::int64_t>(dice_.below(1'000'000));
    const auto could = static_cast<std::int64_t>(dice_.below(256) | dice_.below(256));
    return {.result = lies(Lie::fact_missing) ? could & ~dice_.one_of<std::int64_t>({1, 2, 4}) : could, .value = could};
}

// ftruncate(2): EBADF or EINVAL where it is not open for writing.
Effect Play::truncate(const Operation& operation, const Description& description) {
    const bool negative = operation.value < 0, reads = description.access == Access::read;
    if (reads && dice_.one_in(2)) return fails(Errno::EBADF_);
    if (reads || (negative && !lies(Lie::negative_length))) return fails(Errno::EINVAL_);
    if (!negative) set_length(memories_[description.thing], static_cast<std::uint64_t>(operation.value));
    return {};
}

Effect Play::punch(const Operation& operation, const Description& description) {
    if (!punches_) return fails(Errno::EOPNOTSUPP_);
    if (description.access == Access::read) return fails(Errno::EBADF_);
    const auto from = static_cast<std::uint64_t>(operation.value);
    zero(memories_[description.thing], from, from + operation.buffer.bytes + (lies(Lie::hole_too_wide) ? 64 : 0));
    return {};
}

void Play::have(Memory& memory, std::uint64_t bytes) const {
    if (memory.bytes.size() < bytes) memory.bytes.resize(bytes, 0);
}

void Play::zero(Memory& memory, std::uint64_t from, std::uint64_t to) {
    const std::uint64_t end = std::min<std::uint64_t>(to, memory.bytes.size());
    if (from < end)
        std::fill(memory.bytes.begin() + static_cast<std::ptrdiff_t>(from),
                  memory.bytes.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{0});
}

// What it grows by is zero, and what it loses is gone. Of bytes that were stored behind the end, in its page, nobody
// knows whether they stay (mmap(2), NOTES); nor of private pages that the end has left behind.
void Play::set_length(Memory& memory, std::uint64_t length) {
    const std::uint64_t before = memory.length;
    const bool tail_stays = dice_.one_in(2);
    if (!tail_stays) zero(memory, before, end_of_page(before));
    if (length < before && !lies(Lie::cut_off_stays)) zero(memory, length, before);
    if (length < before) zero(memory, std::max(end_of_page(length), before), no_end);
    memory.length = length;
    if (lies(Lie::growth_is_rubbish) && length > before) {
        have(memory, length);
        std::fill(memory.bytes.begin() + static_cast<std::ptrdiff_t>(before),
                  memory.bytes.begin() + static_cast<std::ptrdiff_t>(length), rubbish);
    }
    for (View& view : views_)
        for (std::uint64_t page = 0; page < view.own.size() && &memory_of(view) == &memory; ++page)
            if (view.offset + page * page_ >= length && dice_.one_in(2)) view.own[page].clear();
}

// Is it open or mapped somewhere?
bool Play::has_somebody(std::int16_t memory) const {
    const auto which = static_cast<std::uint16_t>(memory);
    return std::ranges::any_of(processes_, [&](const Process& process) {
        if (process.stage == Stage::gone) return false;
        for (Slot slot = 0; slot < first_mailbox; ++slot) {
            const std::int16_t opened = process.description[slot], mapped = process.view[slot];
            if (opened != unbound && descriptions_[static_cast<std::size_t>(opened)].thing == which) return true;
            if (mapped != unbound && views_[static_cast<std::size_t>(mapped)].memory == which) return true;
        }
        return false;
    });
}

}  // namespace crosstalk::mirror
