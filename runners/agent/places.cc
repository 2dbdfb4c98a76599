// One table a process; threads of one process make slots of their own, so each takes a free row by exchange.
#include "runners/agent/places.h"

#include <sys/mman.h>

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/semaphores.h"

namespace crosstalk::agent {
namespace {

struct Row {
    std::atomic<void*> address = nullptr;
    std::uint64_t bytes = 0;
};
constexpr std::size_t most_places = 128;  // as many as a process has slots
std::array<Row, most_places> rows;

Row* row_of(int number) {
    const int index = number - first_own_place;
    return index >= 0 && index < int{most_places} ? &rows[static_cast<std::size_t>(index)] : nullptr;
}

}  // namespace

void* place_of(int number) {
    if (number < first_place) return nullptr;
    if (number < first_own_place) return board->places[static_cast<std::size_t>(number - first_place)].bytes.data();
    const Row* const row = row_of(number);
    return row == nullptr ? nullptr : row->address.load();
}

std::uint64_t bytes_of_place(int number) {
    const Row* const row = row_of(number);
    return row == nullptr ? 0 : row->bytes;
}

std::int16_t number_of_place(void* address, std::uint64_t bytes, ObjectId object) {
    if (object < max_objects && address == board->places[object].bytes.data())
        return static_cast<std::int16_t>(first_place + object);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        void* nobody = nullptr;
        if (!rows[i].address.compare_exchange_strong(nobody, address)) continue;
        rows[i].bytes = bytes;
        return static_cast<std::int16_t>(first_own_place + static_cast<std::int16_t>(i));
    }
    return -1;
}

void forget_place(int number) {
    if (Row* const row = row_of(number)) row->address.store(nullptr);
}

void drop_places() {
    for (Row& row : rows) {
        void* const address = row.address.exchange(nullptr);
        if (address == nullptr) continue;
        if (row.bytes != 0)
            kernel::call(SYS_munmap, address, row.bytes);
        else
            close_semaphore(address);
    }
}

}  // namespace crosstalk::agent
