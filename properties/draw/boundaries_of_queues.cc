// Boundaries of message queues: what is asked of a queue and of its messages, how full it is before a send, and names;
// and of time limits, which semaphores have too.
#include <algorithm>

#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"
#include "properties/draw/tokens.h"
#include "properties/draw/turns.h"

namespace crosstalk::draw {
namespace bounds_of_queues {
namespace {

using enum Quantity;
using enum Measure;

constexpr Boundary rows[] = {
    {messages_asked, "0", {.plus = 0}},
    {messages_asked, "1", {.plus = 1}},
    {messages_asked, "msg_max", {messages_max}},
    {messages_asked, "msg_max+1", {messages_max, 1}},
    {message_bytes_asked, "0", {.plus = 0}},
    {message_bytes_asked, "1", {.plus = 1}},
    {message_bytes_asked, "msgsize_max", {message_bytes_max}},
    {message_bytes_asked, "msgsize_max+1", {message_bytes_max, 1}},
    {message_length, "0", {.plus = 0}},
    {message_length, "1", {.plus = 1}},
    {message_length, "msgsize-1", {message_bytes, -1}},
    {message_length, "msgsize", {message_bytes}},
    {message_length, "msgsize+1", {message_bytes, 1}},
    {priority, "0", {.plus = 0}},
    {priority, "31", {.plus = 31}},
    {priority, "32767", {.plus = 32767}},
    {priority, "32768", {.plus = 32768}},
    {level_before_send, "0", {.plus = 0}},
    {level_before_send, "1", {.plus = 1}},
    {level_before_send, "maxmsg-1", {messages, -1}},
    {level_before_send, "maxmsg", {messages}},
    // Behind the slash: mq_overview(7) counts it, Linux does not.
    {name, "0", symbol_of(Misname::only_slash)},
    {name, "1", symbol_of(Misname::single)},
    {name, "254", symbol_of(Misname::shorter)},
    {name, "255", symbol_of(Misname::longest)},
    {name, "256", symbol_of(Misname::too_long)},
};

// Levels that a send of several messages passes are levels before a send too.
void count_level(const Tokens& tokens, const Operation& step, const Measures& known, Sight& sight) {
    const std::uint64_t last = std::min<std::uint64_t>(tokens.level() + step.times - 1, tokens.level() + tokens.room());
    for (std::uint64_t level = tokens.level(); level <= last; ++level) sight.see(level_before_send, level, known);
}

void count(const Case& value, const Ground& ground, Sight& sight) {
    Measures known = measures_of(ground);
    for (const Object& object : value.program.objects) {
        const Asked& asked = object.asked;
        if (asked.record_bytes != 0) sight.see(messages_asked, asked.records, known);
        if (asked.records != 0) sight.see(message_bytes_asked, asked.record_bytes, known);
    }
    const Asked& asked = value.program.objects[0].asked;
    known[messages] = asked.records == 0 ? ground.queue_messages_default : asked.records;
    known[message_bytes] = asked.record_bytes == 0 ? ground.queue_bytes_default : asked.record_bytes;
    const bool alone = value.program.objects.size() == 1;
    Tokens tokens(value, ground);
    play_in_turns(value, tokens, [&](const Tokens& before, ActorId actor, StepId index) {
        const Operation& step = value.program.actors[actor].steps[index];
        if (step.verb == Verb::misname) sight.see(name, static_cast<std::uint64_t>(step.value), known);
        if (step.verb != Verb::mq_send) return;
        sight.see(priority, static_cast<std::uint64_t>(step.value), known);
        if (alone) sight.see(message_length, step.buffer.bytes, known);
        if (before.sure() && before.gives(actor, step)) count_level(before, step, known, sight);
    });
}

enum class Moment : std::uint8_t { past, now, nanosecond, millisecond, far, before_first, first, last, beyond_last };

constexpr Boundary rows_of_deadlines[] = {
    {deadline, "past", symbol_of(Moment::past)},
    {deadline, "now", symbol_of(Moment::now)},
    {deadline, "1 ns", symbol_of(Moment::nanosecond)},
    {deadline, "1 ms", symbol_of(Moment::millisecond)},
    {deadline, "far future", symbol_of(Moment::far)},
    {deadline, "tv_nsec -1", symbol_of(Moment::before_first)},
    {deadline, "tv_nsec 0", symbol_of(Moment::first)},
    {deadline, "tv_nsec 999999999", symbol_of(Moment::last)},
    {deadline, "tv_nsec 1000000000", symbol_of(Moment::beyond_last)},
};

void count_deadlines(const Case& value, const Ground&, Sight& sight) {
    const auto note = [&](bool is_so, Moment moment) {
        if (is_so) sight.see(deadline, static_cast<std::uint64_t>(moment), {});
    };
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps) {
            const bool bad = (step.flags & flag_unknown) != 0, zero = step.timeout_ns == 0;
            if (!limits_time(step.verb) || (step.timeout_ns == forever && !bad)) continue;
            if (bad) {
                note(true, zero ? Moment::before_first : Moment::beyond_last);
                continue;
            }
            note(zero, step.flags & flag_now ? Moment::now : Moment::past);
            note(step.timeout_ns == 1, Moment::nanosecond);
            note(step.timeout_ns == 1'000'000, Moment::millisecond);
            note(step.timeout_ns == far_future_ns, Moment::far);
            note(step.flags & flag_first_ns, Moment::first);
            note(step.flags & flag_last_ns, Moment::last);
        }
}

constexpr BoundarySheet sheets[] = {
    {binds::queues, rows, count},
    {[](const Mechanism& mechanism) { return binds::queues(mechanism) || binds::semaphores(mechanism); },
     rows_of_deadlines, count_deadlines}};

}  // namespace
}  // namespace bounds_of_queues

std::span<const BoundarySheet> boundaries_of_queues() { return bounds_of_queues::sheets; }

}  // namespace crosstalk::draw
