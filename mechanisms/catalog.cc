// The list of mechanisms, in the order of MechanismId. Each sheet is checked in its own file (is_sound).
#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

constexpr const Mechanism* all[] = {
    &pipe_mechanism,
    &fifo_mechanism,
    &sem_unnamed_mechanism,
    &sem_named_mechanism,
    &mq_mechanism,
    &shm_posix_mechanism,
    &shm_file_mechanism,
    &shm_anonymous_mechanism,
    &unix_stream_mechanism,
    &unix_seqpacket_mechanism,
    &unix_dgram_mechanism,
    &tcp4_mechanism,
    &tcp6_mechanism,
    &udp4_mechanism,
    &udp6_mechanism,
    &sctp4_stream_mechanism,
    &sctp6_stream_mechanism,
    &sctp4_seqpacket_mechanism,
    &sctp6_seqpacket_mechanism,
    &eventfd_mechanism,
};
static_assert(std::size(all) <= 256, "a MechanismId is one byte");

}  // namespace

std::span<const Mechanism* const> mechanisms() { return all; }

const Mechanism& mechanism_of(MechanismId id) { return *all[id]; }

std::optional<MechanismId> mechanism_named(std::string_view name) {
    for (std::size_t i = 0; i < std::size(all); ++i)
        if (all[i]->name == name) return static_cast<MechanismId>(i);
    return std::nullopt;
}

}  // namespace crosstalk
