// A pipe as page slots, and what calls do to it: placing, taking and moving bytes. Values and plain functions; who may
// call when, and what is then answered, are the business of those who play (properties/mirror) or judge with them.
#pragma once

#include <cstdint>
#include <vector>

#include "mechanisms/operation.h"

namespace crosstalk::byte_stream {

// A vector that is consumed from the front; copying copies only what is left.
template <class T>
class Queue {
  public:
    Queue() = default;
    Queue(const Queue& other) : items_(other.items_.begin() + other.head_, other.items_.end()) {}
    Queue& operator=(const Queue& other) {
        if (this == &other) return *this;
        items_.assign(other.items_.begin() + other.head_, other.items_.end());
        head_ = 0;
        return *this;
    }
    bool empty() const { return head_ == items_.size(); }
    std::size_t size() const { return items_.size() - head_; }
    T& front() { return items_[head_]; }
    const T& operator[](std::size_t i) const { return items_[head_ + i]; }
    T& back() { return items_.back(); }
    const T& back() const { return items_.back(); }
    void push(const T& item) { items_.push_back(item); }
    void pop() {
        if (++head_ == items_.size()) clear();
    }
    void clear() { items_.clear(), head_ = 0; }

  private:
    std::vector<T> items_;
    std::size_t head_ = 0;
};

struct Piece {  // bytes of one step's stream
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t offset = 0, length = 0;
};

struct PageSlot {
    std::uint32_t length = 0;
    std::uint16_t page_end = 0;  // where in its page the last byte ends
    bool merges = false;         // later bytes may join it
    bool packet = false;
};

struct Pipe {
    Queue<PageSlot> slots;
    Queue<Piece> pieces;
    std::uint64_t bytes = 0, taken = 0;  // in it now; out of it so far
    std::uint32_t max_slots = 16, readers = 0, writers = 0;
    std::uint32_t opens[2] = {0, 0};  // of a FIFO: how often each end was opened so far
    bool full() const { return slots.size() >= max_slots; }
    bool front_empty() const { return slots.size() != 0 && slots[0].length == 0; }
};

// Whose bytes are placed.
struct Source {
    ActorId actor = 0;
    StepId step = 0;
};

// What a write does to a pipe at once: bytes joined to the last slot, then whole slots.
struct Placement {
    std::uint64_t merged = 0, in_slots = 0;
    bool faulted = false;
    bool took_page = false;  // a page of its own was taken for what faulted
    std::uint64_t total() const { return merged + in_slots; }
};
// Of a write of `remaining` bytes, of which `mapped` are there. Only a `fresh` one, that has not slept yet, joins.
Placement plan_write(const Pipe& pipe, std::uint64_t remaining, std::uint64_t mapped, bool fresh, std::uint64_t page);
void place(Pipe& pipe, Source source, std::uint64_t offset, const Placement& placement, bool packet,
           std::uint64_t page);

// An empty slot, as a write leaves it behind that faulted when it had taken a page (Linux before 6.15): it takes room,
// shows as readable, later bytes may join it, and as a packet it is read as one of 0 bytes.
void place_empty(Pipe& pipe, bool packet);
// Empty slots at the front go, and nothing behind a packet.
void drop_empty(Pipe& pipe);

// What one read of `asked` bytes, of which `mapped` are there, takes from a pipe now.
struct Taking {
    std::uint64_t bytes = 0;
    bool faulted = false, packet = false, packet_cut = false;
    bool empty_packet = false;  // the packet at which it stopped
};
Taking plan_read(const Pipe& pipe, std::uint64_t asked, std::uint64_t mapped);
// Takes bytes off the front; a packet goes whole, whatever part of it was taken.
void drop(Pipe& pipe, std::uint64_t bytes);

// What vmsplice puts in: one slot a page of each segment (vmsplice(2)). `chunks` says how large each slot is.
struct Gift {
    std::vector<std::uint64_t> chunks;
    std::uint64_t bytes = 0;
    bool faulted = false;
};
Gift plan_gift(const Pipe& pipe, const Buffer& buffer, std::uint64_t asked, std::uint64_t mapped, std::uint64_t page);
Gift gift_of(std::uint64_t bytes, std::uint64_t page);  // so many bytes, in pages
void place(Pipe& pipe, Source source, std::uint64_t offset, const Gift& gift);

// How many bytes splice or tee can move now, and the moving of `bytes` bytes; `copies`: the source keeps them.
// Where more were asked for, empty slots behind them go along.
std::uint64_t movable(const Pipe& in, const Pipe& out, std::uint64_t asked);
void move_front(Pipe& in, Pipe& out, std::uint64_t bytes, bool copies, std::uint64_t asked);

}  // namespace crosstalk::byte_stream
