// The tables of lies: each file one, joined by catalog.cc. Adding a lie is adding a row.
#pragma once

#include "faults/lies/row.h"

namespace crosstalk::lies {

std::span<const Row> transfer_lies();    // table_transfers.cc
std::span<const Row> move_lies();        // table_moves.cc
std::span<const Row> wait_lies();        // table_waits.cc
std::span<const Row> object_lies();      // table_objects.cc
std::span<const Row> descriptor_lies();  // table_descriptors.cc
std::span<const Row> signal_lies();      // table_signals.cc
std::span<const Row> name_lies();        // table_names.cc
std::span<const Row> place_lies();       // table_places.cc
std::span<const Row> view_lies();        // table_views.cc
std::span<const Row> semaphore_lies();   // table_semaphores.cc
std::span<const Row> queue_lies();       // table_queues.cc
std::span<const Row> shm_lies();         // table_shm.cc
std::span<const Row> map_lies();         // table_map.cc
std::span<const Row> unix_lies();        // table_unix.cc
std::span<const Row> unix_end_lies();
std::span<const Row> inet_lies();           // table_inet.cc
std::span<const Row> listener_lies();       // table_listeners.cc
std::span<const Row> port_lies();           // table_ports.cc
std::span<const Row> message_lies();        // table_messages.cc
std::span<const Row> sctp_lies();           // table_sctp.cc
std::span<const Row> message_trial_lies();  // table_message_trials.cc
std::span<const Row> sctp_trial_lies();
std::span<const Row> link_lies();           // table_link.cc
std::span<const Row> process_trial_lies();  // table_process_trials.cc

const Row& row_at(std::size_t index);  // of the joined tables

}  // namespace crosstalk::lies
