// One row a fault, in the order of FaultId.
#include "properties/consequences.h"

#include <array>

#include "faults/catalog.h"
#include "properties/clauses/all.h"

namespace crosstalk {
namespace {

constexpr ClauseId of_interruption[] = {clause("SIG-RW-1"),   clause("SIG-RW-2"),     clause("SIG-RW-3"),
                                        clause("SIG-POLL-1"), clause("SIG-LOSS-1"),   clause("SIG-MASK-1"),
                                        clause("SIG-IGN-1"),  clause("SIG-SPLICE-1"), clause("SEM-WAIT-5"),
                                        clause("SIG-SEM-1"),  clause("SIG-MQ-1")};
constexpr ClauseId of_killed_peer[] = {clause("PROC-KILL-1"),  clause("PROC-KILL-2"),  clause("PROC-EXIT-1"),
                                       clause("PIPE-READ-5"),  clause("PIPE-READ-6"),  clause("PIPE-WRITE-2"),
                                       clause("PIPE-WRITE-3"), clause("PIPE-WRITE-4"), clause("RDY-4"),
                                       clause("SEM-CONS-3"),   clause("MQ-LIFE-7"),    clause("MQ-NOTIFY-7")};
constexpr ClauseId of_short_transfer[] = {clause("PIPE-READ-1"), clause("PIPE-ATOMIC-4"), clause("PIPE-ATOMIC-5"),
                                          clause("PIPE-PKT-2"),  clause("PIPE-STREAM-2"), clause("PIPE-WRITE-4")};
constexpr ClauseId of_full_buffer[] = {clause("PIPE-WRITE-6"),  clause("PIPE-WRITE-3"),   clause("PIPE-ATOMIC-2"),
                                       clause("PIPE-ATOMIC-4"), clause("PIPE-CAP-2"),     clause("PIPE-CAP-3"),
                                       clause("PIPE-CAP-4"),    clause("PIPE-CAP-9"),     clause("PIPE-CAP-12"),
                                       clause("RDY-2"),         clause("PIPE-VMSPLICE-2")};
constexpr ClauseId of_stopped_peer[] = {clause("SIG-STOP-1"), clause("SIG-STOP-2"), clause("SIG-LOSS-1")};
constexpr ClauseId of_descriptor_limit[] = {clause("PIPE-CREATE-6"), clause("PROC-LIM-1"), clause("PROC-PASS-1")};
constexpr ClauseId of_delay[] = {clause("PIPE-ATOMIC-1"), clause("PIPE-READ-2"), clause("PIPE-WRITE-6"),
                                 clause("RDY-7"),         clause("SEM-LIVE-1"),  clause("MQ-LIVE-1")};

constexpr ClauseId of_lossy_link[] = {clause("UDP-LOSS-2"), clause("UDP-LINK-1"), clause("UDP-LINK-2"),
                                      clause("TCP-STREAM-1"), clause("SOCK-STREAM-1"), clause("SCTP-ORD-4")};

constexpr std::array<std::span<const ClauseId>, lossy_link_fault + 1u> by_fault{
    std::span<const ClauseId>{}, of_interruption, of_killed_peer, of_short_transfer, of_full_buffer, of_stopped_peer,
    of_descriptor_limit,         of_delay,        of_lossy_link,
};

}  // namespace

std::span<const ClauseId> consequences_of(FaultId fault) {
    return fault < by_fault.size() ? by_fault[fault] : std::span<const ClauseId>{};
}

}  // namespace crosstalk
