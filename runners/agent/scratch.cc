// Mapping of areas, stacks and gifts. Everything by mmap: nothing here allocates from the C library.
#include "runners/agent/scratch.h"

#include <array>
#include <atomic>

#include "mechanisms/system/mapping.h"

namespace crosstalk::agent {
namespace {

std::array<Scratch, max_actors> scratches;

struct Gift {
    void* start = nullptr;
    std::size_t bytes = 0;
};
std::array<Gift, max_gifts> gifts;
std::atomic<std::uint32_t> gift_count = 0;  // threads share a process's gifts

// `bytes` (whole pages) followed by a guard; nullptr if there is no memory.
std::uint8_t* guarded(std::size_t bytes) {
    Mapping mapping = Mapping::anonymous(bytes + guard_bytes, false);
    if (!mapping || !mapping.guard(bytes, guard_bytes)) return nullptr;
    return static_cast<std::uint8_t*>(mapping.release());
}

// All of an actor's areas are one mapping. A forked actor has its own, so no process is born with a copy of another's:
// copying the page tables of megabytes, and then each page that is written again, cost more than all else of a fork.
[[gnu::noinline]] Scratch* mapped(Scratch& scratch) {
    constexpr std::size_t read_at = area_bytes + guard_bytes, segments_at = 2 * read_at;
    Mapping mapping = Mapping::anonymous(segments_at + most_segments * sizeof(iovec), false);
    if (!mapping || !mapping.guard(area_bytes, guard_bytes) || !mapping.guard(read_at + area_bytes, guard_bytes))
        return nullptr;
    mapping.keep_from_children();
    auto* const start = static_cast<std::uint8_t*>(mapping.release());
    scratch.write_area = start;
    scratch.read_area = start + read_at;
    scratch.guard = scratch.read_area + area_bytes;
    scratch.segments = reinterpret_cast<iovec*>(start + segments_at);
    return &scratch;
}

}  // namespace

Scratch* scratch_of(ActorId actor) {
    Scratch& scratch = scratches[actor];
    return scratch.segments != nullptr ? &scratch : mapped(scratch);
}

Scratch* scratch_with_stack(ActorId actor) {
    Scratch* const scratch = scratch_of(actor);
    if (scratch == nullptr) return nullptr;
    if (scratch->stack == nullptr)
        scratch->stack = static_cast<std::uint8_t*>(Mapping::anonymous(thread_stack_bytes, false).release());
    return scratch->stack == nullptr ? nullptr : scratch;
}

void forget_scratches() {
    for (Scratch& scratch : scratches)
        if (scratch.segments != nullptr) scratch = {nullptr, nullptr, scratch.stack, nullptr, nullptr};
}

std::uint8_t* gift(std::size_t bytes, bool ends_at_guard) {
    const std::size_t page = page_bytes();
    const std::size_t whole = (bytes + page - 1) / page * page;
    const std::uint32_t index = gift_count.fetch_add(1);
    if (bytes > max_gift_bytes || index >= max_gifts) return nullptr;
    std::uint8_t* const start = guarded(whole == 0 ? page : whole);
    if (start == nullptr) return nullptr;
    gifts[index] = {start, (whole == 0 ? page : whole) + guard_bytes};
    if (!ends_at_guard) return start;  // its pages become a pipe's slots: it starts with a whole one
    return start + ((whole == 0 ? page : whole) - bytes);
}

void take_back_gifts() {
    if (gift_count.load() == 0) return;
    for (Gift& one : gifts) {
        if (one.start != nullptr) kernel::call(SYS_munmap, one.start, one.bytes);
        one = {};
    }
    gift_count.store(0);
}

}  // namespace crosstalk::agent
