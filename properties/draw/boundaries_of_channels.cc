// Boundaries of connected sockets: sizes of records, what goes along with them, buffers and low-water marks, streams.
// Sizes are counted against the buffer that the pair was asked to have.
#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"
#include "properties/draw/channels.h"

namespace crosstalk::draw {
namespace bounds_of_channels {
namespace {

using enum Quantity;
using enum Measure;

constexpr std::int64_t charge_of_record = 32;  // unix(7), of the doubled SO_SNDBUF

constexpr Boundary rows_of_records[] = {
    {write_bytes, "0", {.plus = 0}},
    {write_bytes, "1", {.plus = 1}},
    {write_bytes, "2*SNDBUF-33", {record_bytes, -1}},
    {write_bytes, "2*SNDBUF-32", {record_bytes}},
    {write_bytes, "2*SNDBUF-31", {record_bytes, 1}},
};

constexpr Trial filled[] = {Trial::full_queue};
constexpr Boundary rows_of_datagram_queues[] = {
    {queue_length, "max_dgram_qlen-1", {}, filled},
    {queue_length, "max_dgram_qlen", {}, filled},
    {queue_length, "max_dgram_qlen+1", {}, filled},
};

constexpr Boundary rows_of_rights[] = {
    {rights, "0", {.plus = 0}},     {rights, "1", {.plus = 1}},     {rights, "252", {.plus = 252}},
    {rights, "253", {.plus = 253}}, {rights, "254", {.plus = 254}},
};

constexpr Boundary rows_of_udp[] = {
    {write_bytes, "0", {.plus = 0}},
    {write_bytes, "1", {.plus = 1}},
    {write_bytes, "1472", {.plus = 1472}},
    {write_bytes, "1473", {.plus = 1473}},
    {write_bytes, "the largest", {record_bytes}},
    {write_bytes, "the largest+1", {record_bytes, 1}},
};
// Of a packet of 1500 bytes the longer header of IPv6 leaves less.
constexpr Boundary rows_of_udp6[] = {
    {write_bytes, "1452", {.plus = 1452}},
    {write_bytes, "1453", {.plus = 1453}},
};

constexpr std::int64_t left_alone = -1;
constexpr Boundary rows_of_buffers[] = {
    {send_buffer, "minimum", {.plus = 1}},     {send_buffer, "default", {.plus = left_alone}},
    {send_buffer, "maximum", {buffer_max}},    {send_buffer, "above", {buffer_max, 1}},
    {receive_buffer, "minimum", {.plus = 1}},  {receive_buffer, "default", {.plus = left_alone}},
    {receive_buffer, "maximum", {buffer_max}}, {receive_buffer, "above", {buffer_max, 1}},
};

constexpr Boundary rows_of_local_waters[] = {
    {low_water, "0", {.plus = 0}},
    {low_water, "1", {.plus = 1}},
    {low_water, "buffer", {buffer_max}},
    {low_water, "above", {buffer_max, 1}},
};
// The model of TCP knows no low-water mark.
constexpr Trial marked[] = {Trial::low_water};
constexpr Boundary rows_of_distant_waters[] = {
    {low_water, "0", {}, marked},
    {low_water, "1", {}, marked},
    {low_water, "buffer", {}, marked},
    {low_water, "above", {}, marked},
};

constexpr Boundary rows_of_sctp[] = {
    {write_bytes, "0", {.plus = 0}},
    {write_bytes, "1", {.plus = 1}},
    {write_bytes, "fragmentation point-1", {fragment, -1}},
    {write_bytes, "fragmentation point", {fragment}},
    {write_bytes, "fragmentation point+1", {fragment, 1}},
    {write_bytes, "send buffer-1", {record_bytes, -1}},
    {write_bytes, "send buffer", {record_bytes}},
    {write_bytes, "send buffer+1", {record_bytes, 1}},
    {stream, "0", {.plus = 0}},
    {stream, "n-1", {streams, -1}},
    {stream, "n", {streams}},
};

std::uint64_t longest_record(const Mechanism& mechanism, const Asked& asked) {
    if (mechanism.facts.most_record_bytes != 0) return mechanism.facts.most_record_bytes;
    return 2 * asked.capacity_bytes - (binds::sctp(mechanism) ? 0 : charge_of_record);
}

// How many descriptors a message says it carries; none: it says nothing of them.
std::optional<std::int64_t> rights_of(const Operation& send) {
    std::int64_t slots = 0;
    for (std::size_t i = 1; i < send.uses.size(); ++i) slots += send.uses[i] != no_slot;
    const std::int64_t copies = send.value % 256;
    if (copies == empty_rights) return 0;
    if (slots == 0) return std::nullopt;
    return copies != 0 ? copies : slots;
}

void count_send(const Mechanism& mechanism, const Operation& step, const Measures& known, Sight& sight) {
    sight.see(write_bytes, step.buffer.bytes, known);
    if (step.verb != Verb::send) return;
    if (binds::socket_pairs(mechanism))
        if (const auto carried = rights_of(step)) sight.see(rights, static_cast<std::uint64_t>(*carried), known);
    if (binds::sctp(mechanism)) sight.see(stream, label_of(step.value).stream, known);
}

void count_option(const Operation& step, const Ground& ground, Measures known, Sight& sight) {
    const auto asked = static_cast<std::uint64_t>(step.value >> 8);
    switch (static_cast<SocketOption>(step.value & 0xff)) {
        case SocketOption::send_buffer:
            known[buffer_max] = ground.send_buffer_max;
            return sight.see(send_buffer, asked, known);
        case SocketOption::receive_buffer:
            known[buffer_max] = ground.receive_buffer_max;
            return sight.see(receive_buffer, asked, known);
        case SocketOption::low_water:
            known[buffer_max] = ground.receive_buffer_max;
            return sight.see(low_water, asked, known);
        default: return;
    }
}

void count(const Case& value, const Ground& ground, Sight& sight) {
    const Mechanism& mechanism = mechanism_of(value.program.objects[0].mechanism);
    Measures known = measures_of(ground);
    known[fragment] = fragmentation_point(mechanism, ground);
    known[streams] = streams_of_pairs;
    bool sets[2] = {false, false};
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps) {
            const std::size_t object = step.uses[0] / 2;
            if (step.verb == Verb::set_option) {
                count_option(step, ground, known, sight);
                const auto which = static_cast<SocketOption>(step.value & 0xff);
                sets[0] = sets[0] || which == SocketOption::send_buffer;
                sets[1] = sets[1] || which == SocketOption::receive_buffer;
            }
            if (sheet_of(step.verb).flow != Flow::out || object >= value.program.objects.size()) continue;
            known[record_bytes] = longest_record(mechanism, value.program.objects[object].asked);
            count_send(mechanism, step, known, sight);
        }
    const bool asked = value.program.objects[0].asked.capacity_bytes != 0;
    if (!asked && !sets[0]) sight.see(send_buffer, static_cast<std::uint64_t>(left_alone), known);
    if (!sets[1]) sight.see(receive_buffer, static_cast<std::uint64_t>(left_alone), known);
}

constexpr BoundarySheet sheets[] = {
    {binds::record_pairs, rows_of_records, count},
    {binds::datagram_pairs, rows_of_datagram_queues, count},
    {binds::socket_pairs, rows_of_rights, count},
    {binds::udp, rows_of_udp, count},
    {binds::udp6, rows_of_udp6, count},
    {binds::socket_streams, rows_of_buffers, count},
    {binds::stream_pairs, rows_of_local_waters, count},
    {binds::tcp, rows_of_distant_waters, count},
    {binds::sctp, rows_of_sctp, count},
};

}  // namespace
}  // namespace bounds_of_channels

std::span<const BoundarySheet> boundaries_of_channels() { return bounds_of_channels::sheets; }

}  // namespace crosstalk::draw
