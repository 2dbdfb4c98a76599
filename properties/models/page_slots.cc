// Placing, taking and moving, page slot by page slot, as Linux does (pipe(7), "Pipe capacity").
#include "properties/models/page_slots.h"

#include <algorithm>

namespace crosstalk::byte_stream {
namespace {

void add_piece(Pipe& pipe, Source source, std::uint64_t offset, std::uint64_t length) {
    pipe.bytes += length;
    if (!pipe.pieces.empty()) {
        Piece& last = pipe.pieces.back();
        if (last.actor == source.actor && last.step == source.step && last.offset + last.length == offset) {
            last.length += static_cast<std::uint32_t>(length);
            return;
        }
    }
    pipe.pieces.push(
        {source.actor, source.step, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length)});
}

void drop_pieces(Pipe& pipe, std::uint64_t bytes) {
    pipe.bytes -= bytes;
    pipe.taken += bytes;
    while (bytes > 0) {
        Piece& piece = pipe.pieces.front();
        const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.length, bytes));
        bytes -= part;
        piece.offset += part, piece.length -= part;
        if (piece.length == 0) pipe.pieces.pop();
    }
}

// Appends `bytes` bytes that stand at `from` pieces into the front of `source`, as one slot of `target`.
void copy_front(const Pipe& source, std::uint64_t skip, std::uint64_t bytes, Pipe& target) {
    target.bytes += bytes;
    for (std::size_t i = 0; bytes > 0; ++i) {
        Piece piece = source.pieces[i];
        if (skip >= piece.length) {
            skip -= piece.length;
            continue;
        }
        piece.offset += static_cast<std::uint32_t>(skip), piece.length -= static_cast<std::uint32_t>(skip);
        skip = 0;
        piece.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.length, bytes));
        bytes -= piece.length;
        target.pieces.push(piece);
    }
}

}  // namespace

// The part of a write that does not fill pages joins the last slot if it fits there as a whole, which only a write
// that has not slept yet tries.
Placement plan_write(const Pipe& pipe, std::uint64_t remaining, std::uint64_t mapped, bool fresh, std::uint64_t page) {
    Placement result;
    const std::uint64_t odd = remaining % page;
    if (fresh && odd != 0 && !pipe.slots.empty() && pipe.slots.back().merges &&
        pipe.slots.back().page_end + odd <= page && pipe.bytes + odd <= pipe.max_slots * page) {
        if (odd > mapped) return {.faulted = true};
        result.merged = odd;
        remaining -= odd, mapped -= odd;
    }
    for (std::size_t used = pipe.slots.size(); remaining > 0 && used < pipe.max_slots; ++used) {
        const std::uint64_t chunk = std::min(remaining, page);
        if (chunk > mapped) {
            result.faulted = result.took_page = true;
            break;
        }
        result.in_slots += chunk;
        remaining -= chunk, mapped -= chunk;
    }
    return result;
}

void place(Pipe& pipe, Source source, std::uint64_t offset, const Placement& placement, bool packet,
           std::uint64_t page) {
    if (placement.merged != 0) {
        pipe.slots.back().length += static_cast<std::uint32_t>(placement.merged);
        pipe.slots.back().page_end = static_cast<std::uint16_t>(pipe.slots.back().page_end + placement.merged);
        add_piece(pipe, source, offset, placement.merged);
    }
    std::uint64_t at = placement.merged;
    while (at < placement.total()) {
        const std::uint64_t chunk = std::min(placement.total() - at, page);
        pipe.slots.push({static_cast<std::uint32_t>(chunk), static_cast<std::uint16_t>(chunk), !packet, packet});
        add_piece(pipe, source, offset + at, chunk);
        at += chunk;
    }
}

void place_empty(Pipe& pipe, bool packet) { pipe.slots.push({0, 0, !packet, packet}); }

void drop_empty(Pipe& pipe) {
    for (bool packet = false; pipe.front_empty() && !packet; pipe.slots.pop()) packet = pipe.slots.front().packet;
}

Taking plan_read(const Pipe& pipe, std::uint64_t asked, std::uint64_t mapped) {
    Taking result;
    for (std::size_t i = 0; i < pipe.slots.size() && asked > 0; ++i) {
        const PageSlot& slot = pipe.slots[i];
        const std::uint64_t chunk = std::min<std::uint64_t>(slot.length, asked);
        if (chunk > mapped) {
            result.faulted = true;
            break;
        }
        result.bytes += chunk;
        asked -= chunk, mapped -= chunk;
        if (slot.packet) {
            result.packet = true;
            result.packet_cut = chunk < slot.length;
            result.empty_packet = slot.length == 0;
            break;
        }
    }
    return result;
}

void drop(Pipe& pipe, std::uint64_t bytes) {
    while (bytes > 0) {
        PageSlot& slot = pipe.slots.front();
        const std::uint64_t part = std::min<std::uint64_t>(slot.length, bytes);
        const std::uint64_t gone = slot.packet ? slot.length : part;
        drop_pieces(pipe, gone);
        bytes -= part;
        slot.length -= static_cast<std::uint32_t>(gone);
        if (slot.length == 0) pipe.slots.pop();
    }
}

Gift plan_gift(const Pipe& pipe, const Buffer& buffer, std::uint64_t asked, std::uint64_t mapped, std::uint64_t page) {
    Gift gift;
    std::vector<std::uint64_t> sizes(buffer.segments);
    const std::size_t segments = split_into(buffer, sizes);
    std::uint64_t address = mapped < asked ? (page - mapped % page) % page : 0;
    for (std::size_t i = 0; i < segments && !gift.faulted; ++i) {
        for (std::uint64_t left = sizes[i]; left > 0 && pipe.slots.size() + gift.chunks.size() < pipe.max_slots;) {
            const std::uint64_t chunk = std::min(left, page - address % page);
            if (gift.bytes + chunk > mapped) {
                gift.faulted = true;
                break;
            }
            gift.chunks.push_back(chunk);
            gift.bytes += chunk, left -= chunk, address += chunk;
        }
    }
    return gift;
}

Gift gift_of(std::uint64_t bytes, std::uint64_t page) {
    Gift gift{{}, bytes, bytes == 0};
    for (std::uint64_t left = bytes; left > 0; left -= gift.chunks.back()) gift.chunks.push_back(std::min(left, page));
    return gift;
}

void place(Pipe& pipe, Source source, std::uint64_t offset, const Gift& gift) {
    for (const std::uint64_t chunk : gift.chunks) {
        pipe.slots.push({static_cast<std::uint32_t>(chunk), 0, false, false});
        pipe.pieces.push(
            {source.actor, source.step, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(chunk)});
        pipe.bytes += chunk, offset += chunk;
    }
}

std::uint64_t movable(const Pipe& in, const Pipe& out, std::uint64_t asked) {
    if (out.full()) return 0;
    const std::size_t room = out.max_slots - out.slots.size();
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < in.slots.size() && i < room && bytes < asked; ++i)
        bytes += std::min<std::uint64_t>(in.slots[i].length, asked - bytes);
    return bytes;
}

void move_front(Pipe& in, Pipe& out, std::uint64_t bytes, bool copies, std::uint64_t asked) {
    std::uint64_t done = 0;
    const auto empty_at = [&](std::size_t i) {
        return bytes < asked && i < in.slots.size() && in.slots[i].length == 0 && !out.full();
    };
    for (std::size_t i = 0; done < bytes || empty_at(copies ? i : 0); ++i) {
        PageSlot slot = copies ? in.slots[i] : in.slots.front();
        const bool whole = slot.length <= bytes - done;
        if (!whole) slot.length = static_cast<std::uint32_t>(bytes - done);
        if (!whole || copies) slot.merges = false;
        copy_front(in, copies ? done : 0, slot.length, out);
        out.slots.push(slot);
        done += slot.length;
        if (copies) continue;
        drop_pieces(in, slot.length);
        in.slots.front().length -= slot.length;
        if (in.slots.front().length == 0) in.slots.pop();
    }
}

}  // namespace crosstalk::byte_stream
