// Faults are drawn in each form that is known to matter, with the steps that they need.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "mechanisms/names.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

using Forms = std::map<std::string, std::size_t>;
constexpr std::uint64_t cases_a_fault = 3'000;

template <class Each>
std::size_t for_each_injection(FaultId fault, Each&& each, const Ground& ground = {}) {
    std::size_t planned = 0;
    for (std::uint64_t seed = 0; seed < cases_a_fault; ++seed) {
        Dice dice(seed);
        const auto property = static_cast<PropertyId>(seed % recipes.size());
        const Case value = recipes[property].draw(dice, Commission{property, 0, fault, ground});
        planned += value.plan.empty() ? 0 : 1;
        for (const Injection& injection : value.plan)
            each(value, injection, value.program.actors[injection.actor].steps[injection.step]);
    }
    return planned;
}

void expect_all(const Forms& forms, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        const auto found = forms.find(name);
        EXPECT_GT(found == forms.end() ? 0 : found->second, 20u) << name;
    }
}

TEST(Provocations, AreDrawnInMostCasesOfEveryFault) {
    for (FaultId fault = 1; fault < faults().size(); ++fault) {
        if (!may_strike(fault, mechanism_of(0))) continue;  // lossy-link: draw_links_test.cc
        EXPECT_GT(for_each_injection(fault, [](auto&&...) {}), cases_a_fault * 8 / 10) << fault_of(fault).name;
    }
}

// What a step of the same actor before this one made of SIGUSR1.
std::string disposition_before(const Case& value, const Injection& injection) {
    std::string found = "handled";
    for (StepId s = 0; s < injection.step; ++s) {
        const Operation& step = value.program.actors[injection.actor].steps[s];
        if (step.verb != Verb::signal || step.value != static_cast<std::int64_t>(Signal::SIGUSR1_)) continue;
        found = (step.flags & flag_block) != 0 ? "blocked" : (step.flags & flag_ignore) != 0 ? "ignored" : "handled";
    }
    return found;
}

TEST(Provocations, OfInterruptionsAreSingleAndStormsHandledBlockedAndIgnored) {
    Forms forms;
    for_each_injection(interruption_fault, [&](const Case& value, const Injection& injection, const Operation& step) {
        ++forms[injection.argument > 1 ? "storm" : "single"];
        ++forms[injection.restart ? "restarts" : "interrupts"];
        ++forms[injection.when == When::before ? "before" : "asleep"];
        ++forms[disposition_before(value, injection) + (injection.when == When::asleep ? " asleep" : "")];
        if (injection.when == When::asleep && step.verb == Verb::write && step.buffer.bytes > 4096)
            ++forms["a write of which a part goes in"];
    });
    expect_all(forms, {"storm", "single", "restarts", "interrupts", "before", "asleep", "blocked asleep",
                       "ignored asleep", "handled asleep", "a write of which a part goes in"});
}

TEST(Provocations, OfKillsAreOfReadersAndWritersAloneAndAmongOthers) {
    Forms forms;
    for_each_injection(killed_peer_fault, [&](const Case& value, const Injection& injection, const Operation& step) {
        ++forms[std::string(name_of(injection.when))];
        if (step.verb != Verb::read && step.verb != Verb::write) return;
        const std::string who = step.verb == Verb::read ? "reader" : "writer";
        ++forms[who + (value.program.actors.size() > 2 ? " of several" : " of two")];
    });
    expect_all(forms, {"before", "asleep", "after", "reader of two", "writer of two", "reader of several",
                       "writer of several"});
}

TEST(Provocations, OfStopsAreBeforeAndInsideForTurnsAndForAsLongAsOthersMove) {
    Forms forms;
    for_each_injection(stopped_peer_fault, [&](const Case&, const Injection& injection, const Operation&) {
        ++forms[std::string(name_of(injection.when))];
        ++forms[injection.argument == 0 ? "till nobody moves" : "for turns"];
    });
    expect_all(forms, {"before", "asleep", "till nobody moves", "for turns"});
}

TEST(Provocations, OfLimitsAreBelowWhatEachKindOfCallMakes) {
    Forms forms;
    for_each_injection(descriptor_limit_fault, [&](const Case&, const Injection& injection, const Operation& step) {
        EXPECT_LT(injection.argument, sheet_of(step.verb).makes);
        ++forms[std::string(sheet_of(step.verb).name) + " " + std::to_string(injection.argument)];
    });
    expect_all(forms, {"create 0", "create 1", "dup 0", "receive 0", "receive 1"});
}

TEST(Provocations, OfFullBuffersAndPartsAreOfReadsAndWritesThatMaySleepOrNot) {
    Forms forms;
    const auto note = [&](const Case&, const Injection& injection, const Operation& step) {
        ++forms[std::string(name_of(injection.when)) + " " + std::string(sheet_of(step.verb).name)];
    };
    for_each_injection(full_buffer_fault, note);
    expect_all(forms, {"asleep write", "after write", "after writev"});
    forms.clear();
    for_each_injection(short_transfer_fault, note);
    expect_all(forms, {"after write", "after read"});
}

TEST(Provocations, OfDelaysAreForActorsThatMoveAtOneTime) {
    for_each_injection(delay_fault, [](const Case& value, const Injection& injection, const Operation&) {
        EXPECT_EQ(value.schedule.mode, Mode::free);
        EXPECT_GE(injection.argument, 0);
    });
}

}  // namespace
}  // namespace crosstalk::draw
