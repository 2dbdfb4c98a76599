// The plainest way to look at a failure, and names that give way to what they name.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "properties/draw.h"
#include "properties/draw/plainer.h"

namespace crosstalk {
namespace {

Operation step(Verb verb, Slot slot, std::uint64_t bytes = 0) {
    Operation out;
    out.verb = verb;
    out.uses[0] = slot;
    out.buffer.bytes = bytes;
    return out;
}

Operation making(Operation out, Slot first, Slot second = no_slot) {
    out.makes[0] = first, out.makes[1] = second;
    return out;
}

Operation start(ActorId child) {
    Operation out;
    out.verb = Verb::start;
    out.value = child;
    return out;
}

Case of(std::vector<Operation> steps, std::size_t objects = 1) {
    Case out;
    out.program.objects.resize(objects);
    out.program.actors.resize(1);
    out.program.actors[0].steps = std::move(steps);
    out.program.actors[0].holds = slots_needed(out.program, 0);
    return out;
}

// One event a step of actor 0; the last is still open, if so wished.
History history_of(const Case& value, bool last_is_open) {
    History history;
    for (const Operation& each : value.program.actors[0].steps) {
        Event event;
        event.step = static_cast<StepId>(history.events.size());
        event.verb = each.verb;
        event.began = 2 * history.events.size() + 1;
        event.ended = event.began + 1;
        history.events.push_back(event);
    }
    if (last_is_open) history.events.back().ended = 0;
    return history;
}

bool offered(rc::Seq<Case> candidates, const std::function<bool(const Case&)>& wanted) {
    while (const auto candidate = candidates.next())
        if (wanted(*candidate)) return true;
    return false;
}

TEST(Plainer, WhoSleepsIsReplacedByWhoReadsAllAndNeverSleeps) {
    const Case value = of({step(Verb::write, 3, 1), step(Verb::write, 1, 70000)}, 2);
    const std::vector<Case> plain = plainer(value, history_of(value, true), 1);
    ASSERT_FALSE(plain.empty());
    const Operation& look = plain[0].program.actors[0].steps[1];
    EXPECT_EQ(look.verb, Verb::read);
    EXPECT_EQ(look.uses[0], initial_slot(0, 0));
    EXPECT_TRUE(plain[0].program.objects[0].asked.flags & flag_nonblock);
    EXPECT_EQ(plain[0].program.actors[0].holds, (std::vector<Slot>{0, 1, 3})) << "who looks holds the end";
    EXPECT_TRUE(std::ranges::any_of(plain, [](const Case& each) {
        return each.program.actors[0].steps[1].uses[0] == initial_slot(1, 0);
    })) << "each object is looked at";
}

TEST(Plainer, NothingIsOfferedThatIsLessPlainThanWhatFailed) {
    const Case value = of({step(Verb::available, 0)});
    const History history = history_of(value, false);
    for (const Case& plain : plainer(value, history, 0))
        EXPECT_LE(plainness(plain, history_of(plain, false), 0), plainness(value, history, 0));
    const Case read = of({step(Verb::read, 0, 65536)});
    for (const Case& plain : plainer(read, history_of(read, false), 0))
        EXPECT_EQ(plain.program.actors[0].steps[0].verb, Verb::read);
}

TEST(Plainer, EachMakesSenseAndWhatCameAfterTheLookGoes) {
    Case value = of({step(Verb::write, 1, 1), step(Verb::available, 0), step(Verb::close, 0)});
    value.plan.push_back({});
    value.plan.back().fault = FaultId{1};
    value.plan.back().step = 2;
    for (const Case& plain : plainer(value, history_of(value, false), 1)) {
        EXPECT_EQ(why_not(plain), "");
        EXPECT_EQ(plain.program.actors[0].steps.size(), 2u);
        EXPECT_TRUE(plain.plan.empty());
    }
}

TEST(Smaller, ADuplicateGivesWayToWhatItNames) {
    const Case value =
        of({making(step(Verb::dup, 1), 40), step(Verb::write, 40, 1), step(Verb::close, 40), step(Verb::read, 0, 1)});
    EXPECT_TRUE(offered(smaller(value), [](const Case& less) {
        const auto& steps = less.program.actors[0].steps;
        return steps.size() == 2 && steps[0].verb == Verb::write && steps[0].uses[0] == 1;
    }));
}

TEST(Smaller, AReceivedDescriptorGivesWayToTheOneThatWasPassed) {
    Operation pass = step(Verb::pass, mailbox_of(0));
    pass.uses[1] = 1;
    const Case value = of({pass, making(step(Verb::receive, mailbox_of(0)), 40), step(Verb::write, 40, 1)});
    ASSERT_EQ(why_not(value), "");
    EXPECT_TRUE(offered(smaller(value), [](const Case& less) {
        const auto& steps = less.program.actors[0].steps;
        return steps.size() == 2 && steps[1].verb == Verb::write && steps[1].uses[0] == 1;
    }));
}

TEST(Smaller, AMadePipeCanAsWellBeThereFromTheStart) {
    Operation create;
    create.verb = Verb::create;
    create.object = 1;
    create.flags = flag_nonblock;
    const Case value = of({making(create, 40, 41), step(Verb::write, 41, 1)}, 2);
    ASSERT_EQ(why_not(value), "");
    EXPECT_TRUE(offered(smaller(value), [](const Case& less) {
        const auto& steps = less.program.actors[0].steps;
        return steps.size() == 1 && steps[0].uses[0] == initial_slot(1, 1) &&
               less.program.objects[1].asked.flags == flag_nonblock;
    }));
}

TEST(Smaller, AStartedActorsStepsBecomeItsParents) {
    for (const ActorKind kind : {ActorKind::forked, ActorKind::thread}) {
        Case value = of({making(step(Verb::dup, 1), 40), start(1), step(Verb::read, 0, 1)});
        value.program.actors.push_back({kind, 0, 0, {}, {step(Verb::write, 40, 5)}});
        value.schedule.choices = {0, 0, 1, 0};
        value.plan.push_back({});
        value.plan.back().fault = FaultId{1};
        value.plan.back().actor = 1;
        ASSERT_EQ(why_not(value), "");
        for (const std::size_t place : {1u, 2u})
            EXPECT_TRUE(offered(smaller(value), [&](const Case& less) {
                const auto& steps = less.program.actors[0].steps;
                return less.program.actors.size() == 1 && steps.size() == 3 && steps[place].verb == Verb::write &&
                       less.plan.size() == 1 && less.plan[0].step == place && less.plan[0].actor == 0;
            })) << place;
    }
}

TEST(Smaller, ManyActorsGoByHalves) {
    Case value;
    value.program.objects.resize(1);
    value.program.actors.resize(64);
    for (Actor& actor : value.program.actors) actor.holds = {0}, actor.steps = {step(Verb::read, 0, 1)};
    auto candidates = smaller(value);
    const auto first = candidates.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->program.actors.size(), 32u);
}

}  // namespace
}  // namespace crosstalk
