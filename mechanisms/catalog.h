// The list of mechanisms, checked at compile time. Adding one: its file, its line in catalog.cc's list here.
#pragma once

#include <array>
#include <optional>

#include "mechanisms/mechanism.h"
#include "mechanisms/program.h"

namespace crosstalk {

extern const Mechanism pipe_mechanism;                                                         // pipe.cc
extern const Mechanism fifo_mechanism;                                                         // fifo.cc
extern const Mechanism sem_unnamed_mechanism, sem_named_mechanism;                             // sem.cc
extern const Mechanism mq_mechanism;                                                           // mq.cc
extern const Mechanism shm_posix_mechanism, shm_file_mechanism, shm_anonymous_mechanism;       // shm.cc
extern const Mechanism unix_stream_mechanism, unix_seqpacket_mechanism, unix_dgram_mechanism;  // unix_pairs.cc
extern const Mechanism tcp4_mechanism, tcp6_mechanism, udp4_mechanism, udp6_mechanism;         // inet.cc
extern const Mechanism sctp4_stream_mechanism, sctp6_stream_mechanism;                         // sctp.cc
extern const Mechanism sctp4_seqpacket_mechanism, sctp6_seqpacket_mechanism;                   // sctp.cc
extern const Mechanism eventfd_mechanism;                                                      // eventfd.cc

// All mechanisms, in the order of MechanismId.
std::span<const Mechanism* const> mechanisms();
const Mechanism& mechanism_of(MechanismId id);
std::optional<MechanismId> mechanism_named(std::string_view name);

// For each mechanism's own file: static_assert(is_sound(sheet)). Kebab-case name, an `about`, and verbs without
// doubles; `one_way` and a settable capacity only where the semantics has them.
consteval bool is_sound(const Mechanism& sheet) {
    if (sheet.name.empty() || sheet.about.empty() || sheet.verbs.empty()) return false;
    for (const char c : sheet.name)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    for (std::size_t i = 0; i < sheet.verbs.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (sheet.verbs[i] == sheet.verbs[j]) return false;
    const bool carries_bytes = sheet.semantics == Semantics::byte_stream || sheet.semantics == Semantics::record_queue;
    return carries_bytes || !(sheet.facts.has_atomic_limit || sheet.facts.one_way);
}

}  // namespace crosstalk
