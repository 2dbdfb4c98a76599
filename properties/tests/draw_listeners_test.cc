// What the recipe of sockets with addresses draws: programs that make sense, in which each way of going on is seen.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw/recipes.h"
#include "properties/judge/trial_calls.h"

namespace crosstalk::draw {
namespace {

TEST(DrawnListeners, MakeSenseAndShowEachVerb) {
    std::map<std::string, int> seen;
    const auto note = [&](bool shown, const std::string& name) { seen[name] += shown; };
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        Dice dice(seed);
        const auto fault = static_cast<FaultId>(seed % faults().size());
        const Case value =
            draw_listeners(dice, Commission{property("creation"), *mechanism_named("unix-stream"), fault, Ground{}});
        ASSERT_EQ(why_not(value), "") << seed;
        std::map<Verb, int> verbs;
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) {
                ++verbs[step.verb];
                for (const Verb verb : {Verb::socket, Verb::bind, Verb::listen, Verb::connect, Verb::accept,
                                        Verb::unlink, Verb::poll, Verb::available, Verb::limit, Verb::get_flags})
                    note(step.verb == verb, std::string(sheet_of(verb).name));
                for (const Flag flag : {flag_nonblock, flag_cloexec})
                    note(step.verb == Verb::accept && (step.flags & flag) != 0, "accept4 with " + std::to_string(flag));
            }
        note(value.program.objects.size() > 1 && verbs[Verb::connect] > 0, "two addresses");
        note(verbs[Verb::bind] > 1, "a name that is bound twice");
        note(verbs[Verb::connect] > 3, "four who connect");
        note(value.schedule.mode == Mode::free && verbs[Verb::accept] > 0, "free mode");
    }
    for (const auto& [name, times] : seen) EXPECT_GT(times, 50) << name;
}

TEST(DrawnListeners, ShowEachTrialAndWhoGoesOnOverANetwork) {
    std::map<std::string, int> seen;
    for (const char* const name : {"tcp4", "tcp6", "unix-stream", "unix-seqpacket"})
        for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
            Dice dice(seed);
            const MechanismId mechanism = *mechanism_named(name);
            const Case value = draw_listeners(dice, Commission{property("creation"), mechanism, no_fault, Ground{}});
            ASSERT_EQ(why_not(value), "") << seed;
            for (const Actor& actor : value.program.actors)
                for (const Operation& step : actor.steps) {
                    const bool of_tcp = mechanism_of(mechanism).doors.reserve != nullptr;
                    seen["a client that goes on"] += of_tcp && step.verb == Verb::connect;
                    seen["SO_ERROR"] += of_tcp && step.verb == Verb::get_option;
                    if (step.verb != Verb::trial || form_of(static_cast<Trial>(step.value)) != TrialForm::calls)
                        continue;
                    EXPECT_TRUE(judging::sheet_of(static_cast<Trial>(step.value)).of(mechanism_of(mechanism)));
                    ++seen["trial " + std::to_string(step.value)];
                }
        }
    constexpr auto first = static_cast<std::size_t>(Trial::unknown_domain),
                   last = static_cast<std::size_t>(Trial::closed_unaccepted);
    EXPECT_EQ(seen.size(), last - first + 1 + 2);
    for (const auto& [name, times] : seen) EXPECT_GT(times, 20) << name;
}

}  // namespace
}  // namespace crosstalk::draw
