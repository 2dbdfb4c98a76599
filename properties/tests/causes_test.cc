// Cause before consequence: one broken promise is told by one clause, in whichever later call it shows; and what the
// history leaves open is told as it was seen.
#include <gtest/gtest.h>

#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/mirror/mirror.h"
#include "properties/mirror/mutations.h"

namespace crosstalk {
namespace {

Operation step(Verb verb, Slot slot, std::uint64_t bytes = 0) {
    Operation out;
    out.verb = verb;
    out.uses[0] = slot;
    out.buffer.bytes = bytes;
    return out;
}

Operation between(Verb verb, Slot from, Slot to, std::uint64_t bytes) {
    Operation out = step(verb, from, bytes);
    out.uses[1] = to;
    return out;
}

Operation poll_of(Slot slot, PollBit asked) {
    Operation out = step(Verb::poll, slot);
    out.value = asked;
    out.timeout_ns = 0;
    return out;
}

Operation dup2(Slot from, Slot over) {
    Operation out = step(Verb::dup, from);
    out.value = static_cast<std::int64_t>(Duplicate::dup2);
    out.makes[0] = over;
    return out;
}

// Two pipes, 0/1 and 2/3, and one actor that holds all ends.
Case one_actor(std::vector<Operation> steps, std::uint16_t flags) {
    Case out;
    out.program.objects.resize(2);
    for (Object& object : out.program.objects) object.asked.flags = flags;
    out.program.actors.resize(1);
    out.program.actors[0].holds = {0, 1, 2, 3};
    out.program.actors[0].steps = std::move(steps);
    return out;
}

std::string blamed(const Case& value, mirror::Lie lie) {
    EXPECT_EQ(why_not(value), "");
    const Environment environment = mirror::environment();
    const mirror::Mutation& mutation = mirror::mutations()[static_cast<std::size_t>(lie)];
    const History history = mirror::play(value, environment, 1, {.case_number = 1, .mutation = &mutation});
    const Verdict verdict = judge(value, history, environment, {.case_number = 1});
    if (verdict.answer != Answer::violated) return std::string(name_of(verdict.answer)) + " " + verdict.why;
    return std::string(clause_of(verdict.clause).id) + " " + std::string(name_of(verdict.reason));
}

TEST(Causes, WhatATeeTookIsToldByTheTeeWhoeverMissesIt) {
    const Operation write = step(Verb::write, 1, 10), tee = between(Verb::tee, 0, 3, 10);
    for (const Operation& look : {step(Verb::read, 0, 1), step(Verb::read, 0, 100), step(Verb::available, 0),
                                  step(Verb::available, 1), poll_of(0, poll_in)})
        for (const std::uint16_t flags : {std::uint16_t{0}, std::uint16_t{flag_nonblock}})
            EXPECT_EQ(blamed(one_actor({write, tee, look}, flags), mirror::Lie::tee_takes), "PIPE-TEE-1 lost")
                << sheet_of(look.verb).name << " " << flags;
}

TEST(Causes, AReplacedEndThatStaysOpenIsToldByTheDup2) {
    for (const auto flags : {std::uint16_t{0}, std::uint16_t{flag_nonblock}}) {
        for (const Operation& look : {step(Verb::read, 0, 10), poll_of(0, poll_in)})
            EXPECT_EQ(blamed(one_actor({dup2(3, 1), look}, flags), mirror::Lie::replaced_stays_open), "PIPE-DUP-2 late")
                << sheet_of(look.verb).name << " " << flags;
        EXPECT_EQ(blamed(one_actor({dup2(2, 0), step(Verb::write, 1, 10)}, flags), mirror::Lie::replaced_stays_open),
                  "PIPE-DUP-2 late");
    }
}

TEST(Causes, AnEndThatIsClosedByAPlainCloseIsToldByWhoeverLooks) {
    EXPECT_EQ(blamed(one_actor({step(Verb::close, 1), step(Verb::read, 0, 10)}, flag_nonblock), mirror::Lie::end_never),
              "PIPE-READ-4 wrong-errno");
}

}  // namespace
}  // namespace crosstalk
