// Loads and stores, and what pread and pwrite move. A copy goes on while others move: page by page, as the agent makes
// it, and within a page piece by piece, in any order, now and then one twice. So a load that runs beside a store finds
// any mixture of what was there before and what is there after. Only a word that is moved apart, with release or
// acquire, is moved in one piece: last by a store, first by a load (XBD 4.12; ISO C 7.17.3).
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::uint64_t word_apart = 8, most_pieces = 12;

}  // namespace

void Play::begin_copy(ActorId actor, const Operation& operation) {
    Copying& copying = lives_[actor].copying;
    copying = {};
    copying.goes_on = true;
    copying.bytes.resize(operation.buffer.bytes);
    if (sheet_of(operation.verb).flow != Flow::out) return;
    const std::size_t at = first_step_[actor] + lives_[actor].step;
    fill({options_.case_number, actor, lives_[actor].step, lengths_[at], tags_[at]}, 0, copying.bytes);
}

Effect Play::end_copy(ActorId actor, const Operation& operation, std::uint64_t done, Trap trap) {
    Life& life = lives_[actor];
    life.copying.goes_on = false;
    if (done == 0 && trap != Trap::none) return fails(trap == Trap::bus ? Errno::ENXIO_ : Errno::EACCES_);
    if (sheet_of(operation.verb).flow == Flow::in) {
        life.bytes = std::move(life.copying.bytes);
        life.bytes.resize(done);
    }
    return {.result = static_cast<std::int64_t>(done), .value = static_cast<std::int64_t>(trap)};
}

void Play::lay_out_pieces(Copying& copying, std::uint64_t bytes) {
    copying.piece = turns_ ? bytes : dice_.one_of<std::uint64_t>({1, 4, 8, 64, bytes});
    copying.piece = std::max(copying.piece, (bytes + most_pieces - 1) / most_pieces);
    for (std::uint64_t from = 0; from < bytes; from += copying.piece) {
        copying.left.push_back(from);
        if (!turns_ && dice_.one_in(piece_doubled_)) copying.left.push_back(from);
    }
    dice_.shuffle(copying.left);
}

// Moves bytes that lie in one page of a view.
void Play::touch(View& view, std::uint64_t at, std::span<std::uint8_t> bytes, bool loads) {
    Memory& memory = memory_of(view);
    const std::uint64_t page = at / page_, in_page = at % page_, in_object = view.offset + at;
    have(memory, in_object + bytes.size());
    const bool leaks = view.is_private && !loads && lies(Lie::private_store_leaks);
    std::span<std::uint8_t> place = std::span(memory.bytes).subspan(in_object, bytes.size());
    if (leaks) std::ranges::copy(bytes, place.begin());
    if (view.is_private && (!loads || !view.own[page].empty() || dice_.one_in(4)))
        place = std::span(own_page(view, page)).subspan(in_page, bytes.size());
    if (loads && !view.is_private && lies(Lie::load_sees_before, 8)) {
        memory.before.resize(memory.bytes.size());
        place = std::span(memory.before).subspan(in_object, bytes.size());
    }
    if (loads)
        std::ranges::copy(place, bytes.begin());
    else
        std::ranges::copy(bytes, place.begin());
    const bool lengthens = lies(Lie::tail_lengthens) && !loads && !view.is_private;
    if (lengthens) memory.length = std::max(memory.length, in_object + bytes.size());
}

// True when all of it is there.
bool Play::put_word(Copying& copying, View& view, std::uint64_t at) {
    const std::span<std::uint8_t> word = std::span(copying.bytes).last(word_apart);
    if (lies(Lie::word_by_halves) && !copying.half) {
        touch(view, at, word.first(word_apart / 2), false);
        copying.half = true;
        return false;
    }
    touch(view, at, word, false);
    return true;
}

Effect Play::copy_view(ActorId actor, const Operation& operation, View& view) {
    const auto at = static_cast<std::uint64_t>(operation.value);
    const std::uint64_t bytes = operation.buffer.bytes;
    const bool loads = operation.verb == Verb::load;
    if (bytes > view.bytes || at > view.bytes - bytes) return fails(Errno::ERANGE_);
    // Where two things are wrong, either is told: POSIX, mmap, has no order of SIGBUS and SIGSEGV.
    if (!loads && !view.writable && bytes != 0 && !lies(Lie::read_only_passes))
        return fails(!there(view, at) && dice_.one_in(2) ? Errno::ENXIO_ : Errno::EACCES_);
    const bool apart = moves_word_apart(operation, page_);
    const std::uint64_t body = bytes - (apart ? word_apart : 0);
    Copying& copying = lives_[actor].copying;
    if (!copying.goes_on) {
        begin_copy(actor, operation);
        Memory& memory = memory_of(view);
        if (lies(Lie::load_sees_before) && !loads) memory.before = memory.bytes;
        if (lies(Lie::page_written_back) && !loads) {
            have(memory, end_of_page(view.offset + at + 1));
            const auto page = memory.bytes.begin() + static_cast<std::ptrdiff_t>((view.offset + at) / page_ * page_);
            copying.page.assign(page, page + static_cast<std::ptrdiff_t>(page_));
        }
        copying.lost = !loads && lies(Lie::store_is_lost, 4);
        if (apart && loads && !lies(Lie::word_first)) {
            if (!there(view, at + body)) return end_copy(actor, operation, 0, Trap::bus);
            touch(view, at + body, std::span(copying.bytes).subspan(body), true);
        } else if (apart && !loads && lies(Lie::word_first)) {
            touch(view, at + body, std::span(copying.bytes).subspan(body), false);
        }
        if (!turns_ && dice_.one_in(2)) return {.pauses = true};
    }
    while (copying.done < body) {
        const std::uint64_t in_page = std::min(body - copying.done, page_ - (at + copying.done) % page_);
        if (copying.left.empty()) lay_out_pieces(copying, in_page);
        if (!there(view, at + copying.done)) return end_copy(actor, operation, copying.done, Trap::bus);
        const std::uint64_t from = copying.done + copying.left.back();
        const std::uint64_t length = std::min(copying.piece, in_page - copying.left.back());
        copying.left.pop_back();
        if (!copying.lost) touch(view, at + from, std::span(copying.bytes).subspan(from, length), loads);
        if (copying.left.empty()) copying.done += in_page;
        if (!turns_ && (dice_.one_in(2) || lies(Lie::word_first))) return {.pauses = true};
    }
    if (apart && !loads) {
        if (!there(view, at + body)) return end_copy(actor, operation, body, Trap::bus);
        if (!copying.lost && !put_word(copying, view, at + body)) return {.pauses = true};
    }
    if (apart && loads && lies(Lie::word_first)) {
        if (!there(view, at + body)) return end_copy(actor, operation, body, Trap::bus);
        touch(view, at + body, std::span(copying.bytes).subspan(body), true);
    }
    if (!copying.page.empty()) {  // with what it has stored there itself
        const std::uint64_t first = view.offset + at, page = first / page_ * page_;
        const std::uint64_t mine = std::min<std::uint64_t>(bytes, page + page_ - first);
        std::copy_n(copying.bytes.begin(), mine, copying.page.begin() + static_cast<std::ptrdiff_t>(first - page));
        std::ranges::copy(copying.page, memory_of(view).bytes.begin() + static_cast<std::ptrdiff_t>(page));
    }
    return end_copy(actor, operation, bytes, Trap::none);
}

// A pwrite is one moment to other calls on descriptors (POSIX, 2.9.7), but loads may find parts of it before; bytes of
// a pread are those of moments within it.
Effect Play::copy_file(ActorId actor, const Operation& operation, const Description& description) {
    const bool reads = operation.verb == Verb::pread;
    if (description.access == (reads ? Access::write : Access::read)) return fails(Errno::EBADF_);
    Memory& memory = memories_[description.thing];
    Copying& copying = lives_[actor].copying;
    const bool begins = !copying.goes_on;
    if (begins) begin_copy(actor, operation);
    if (begins && reads) copying.bytes.resize(std::min<std::uint64_t>(operation.buffer.bytes, memory.length));
    const std::uint64_t bytes = copying.bytes.size(), early = reads ? bytes : std::min(bytes, memory.length);
    have(memory, bytes);
    if (begins) lay_out_pieces(copying, bytes);
    while (!copying.left.empty() && (reads || !turns_)) {
        const std::uint64_t from = copying.left.back(), length = std::min(copying.piece, bytes - from);
        copying.left.pop_back();
        std::vector<std::uint8_t>& seen = lies(Lie::read_misses_stores) ? memory.before : memory.bytes;
        if (reads) {
            seen.resize(std::max<std::size_t>(seen.size(), bytes));
            std::copy_n(seen.begin() + static_cast<std::ptrdiff_t>(from), length,
                        copying.bytes.begin() + static_cast<std::ptrdiff_t>(from));
        } else if (from + length <= early && dice_.one_in(2)) {
            std::copy_n(copying.bytes.begin() + static_cast<std::ptrdiff_t>(from), length,
                        memory.bytes.begin() + static_cast<std::ptrdiff_t>(from));
        }
        if (!turns_ && dice_.one_in(2)) return {.pauses = true};
    }
    if (!reads && bytes > memory.length) set_length(memory, bytes);
    if (!reads) std::ranges::copy(copying.bytes, memory.bytes.begin());
    if (lies(Lie::read_misses_stores) && !reads) {
        memory.before.resize(memory.bytes.size());
        std::ranges::copy(copying.bytes, memory.before.begin());
    }
    return end_copy(actor, operation, bytes, Trap::none);
}

}  // namespace crosstalk::mirror
