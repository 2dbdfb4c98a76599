// What a C line says where the recorded call said this: numbers that every process gets otherwise become 0, or whether
// they are the right ones; names become C constants.
#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/names.h"
#include "runners/emit/poll_names.h"
#include "runners/emit/verbs.h"
#include "runners/emit/words.h"

namespace crosstalk::emit {
namespace {

// Of both ends that were made: is it the lowest number that was free? Event::value has the four numbers.
long lowest_ends(const Operation& step, const Event& event) {
    const auto number = [&](int at) { return static_cast<std::int16_t>(event.value >> (16 * at)); };
    const bool second = step.makes[1] != no_slot && number(1) >= 0;
    return (number(0) == number(2) ? 1 : 0) + (second && number(1) == number(3) ? 2 : 0);
}

long polled(const Operation& step, const Event& event) {
    long answered = 0;
    for (std::size_t i = 0; i < step.uses.size() && step.uses[i] != no_slot; ++i) {
        short bits = 0;
        for (const PollName& each : poll_names)
            if (poll_bits(event.value, i) & each.ours) bits = static_cast<short>(bits | each.number);
        answered = answered * 4096 + bits;
    }
    return answered;
}

bool makes_descriptors(const Object& object) {
    const Kind kind = kind_of(object);
    return kind != Kind::fifo && kind != Kind::semaphore && kind != Kind::named_semaphore;
}

}  // namespace

std::string expected_result(const Operation& step, const Event& event) {
    if (event.result < 0) return "-1";
    switch (step.verb) {
        case Verb::create:
        case Verb::dup:
        case Verb::open:
        case Verb::pass:
        case Verb::receive:
        case Verb::start: return "0";
        case Verb::get_option:
            if (static_cast<SocketOption>(step.value & 0xff) != SocketOption::error) break;
            return event.result == 0 ? "0" : std::string(name_of(static_cast<Errno>(event.result)));
        default: break;
    }
    return std::to_string(event.result);
}

long expected_value(const Program& program, const Operation& step, const Event& event) {
    if (event.result < 0) return 0;
    switch (step.verb) {
        case Verb::create: return makes_descriptors(program.objects[step.object]) ? lowest_ends(step, event) : 0;
        case Verb::poll:
        case Verb::wait: return polled(step, event);
        case Verb::sem_wait:
        case Verb::new_mode: return static_cast<long>(event.value);
        case Verb::open:
            return kind_of(program.objects[step.object]) == Kind::named_semaphore ? static_cast<long>(event.value) : 0;
        case Verb::sem_value: return static_cast<long>(std::min<std::int64_t>(event.value, 0));
        case Verb::mq_receive:
        case Verb::mq_attributes:
        case Verb::recv:
        case Verb::stat:
        case Verb::receive:
        case Verb::load:
        case Verb::store: return static_cast<long>(event.value);
        default: return 0;
    }
}

}  // namespace crosstalk::emit
