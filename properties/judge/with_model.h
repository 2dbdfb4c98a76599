// Which model judges which mechanism: one line a model. It chooses by the facts of the data sheet, never by name.
#pragma once

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/models/association.h"
#include "properties/models/byte_stream.h"
#include "properties/models/channel.h"
#include "properties/models/connection.h"
#include "properties/models/counter.h"
#include "properties/models/datagrams.h"
#include "properties/models/listener.h"
#include "properties/models/lock.h"
#include "properties/models/name.h"
#include "properties/models/priority_queue.h"

namespace crosstalk::judging {

// Calls `judge(model)` with the model of the component's mechanism.
template <class Judge>
void with_model(const Subject& subject, const Component& component, Judge&& judge) {
    if (component.lock) return judge(lock::Model(subject, component));
    if (component.name) return judge(name::Model(subject, component));
    if (component.address) return judge(listener::Model(subject, component));
    if (binds::udp(mechanism_of(component.mechanism))) return judge(datagrams::Model(subject, component));
    if (binds::sctp(mechanism_of(component.mechanism))) return judge(association::Model(subject, component));
    if (binds::eventual(mechanism_of(component.mechanism))) return judge(connection::Model(subject, component));
    if (binds::sockets(mechanism_of(component.mechanism))) return judge(channel::Model(subject, component));
    if (mechanism_of(component.mechanism).semantics == Semantics::counter)
        return judge(counter::Model(subject, component));
    if (mechanism_of(component.mechanism).semantics == Semantics::priority_queue)
        return judge(priority_queue::Model(subject, component));
    judge(byte_stream::Model(subject, component));
}

}  // namespace crosstalk::judging
