// The doors and operations of POSIX message queues (mq_overview(7)), by the kernel's own calls: threads may use them.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

// mq_open(3). Negated error numbers. make_queue: a new one, read and written through ends[0]; open_queue: a descriptor.
long make_queue(const Making& making, int* ends);
long open_queue(const Making& making, Access access, void** place);
long remove_queue(const char* name);
long use_queue(int end);
// How many messages a queue holds now; -1 if that cannot be told.
std::int64_t messages_in(int fd);

Answer mq_send_call(const Call& call);
Answer mq_receive_call(const Call& call);
Answer mq_attributes_call(const Call& call);
Answer mq_set_flags_call(const Call& call);
Answer mq_notify_call(const Call& call);

}  // namespace crosstalk
