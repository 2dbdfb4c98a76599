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

}  // namespace

Scratch* scratch_of(ActorId actor) {
    Scratch& scratch = scratches[actor];
    if (scratch.segments != nullptr) return &scratch;
    Mapping segments = Mapping::anonymous(most_segments * sizeof(iovec), false);
    std::uint8_t* const write_area = guarded(area_bytes);
    std::uint8_t* const read_area = guarded(area_bytes);
    if (!segments || write_area == nullptr || read_area == nullptr) return nullptr;
    scratch.write_area = write_area;
    scratch.read_area = read_area;
    scratch.guard = read_area + area_bytes;
    scratch.segments = static_cast<iovec*>(segments.release());
    return &scratch;
}

Scratch* scratch_with_stack(ActorId actor) {
    Scratch* const scratch = scratch_of(actor);
    if (scratch == nullptr) return nullptr;
    if (scratch->stack == nullptr)
        scratch->stack = static_cast<std::uint8_t*>(Mapping::anonymous(thread_stack_bytes, false).release());
    return scratch->stack == nullptr ? nullptr : scratch;
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
