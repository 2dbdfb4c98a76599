// Programs: which make sense, which may sleep, and which ends an actor needs.
#include "mechanisms/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mechanisms/catalog.h"
#include "mechanisms/names.h"
#include "mechanisms/trial.h"

namespace crosstalk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::array<Slot, 4> slots(Slot a = no_slot, Slot b = no_slot, Slot c = no_slot) { return {a, b, c, no_slot}; }

Operation write_to(Slot slot, std::uint64_t bytes = 10) {
    return {.verb = Verb::write, .buffer = {.bytes = bytes}, .uses = slots(slot)};
}
Operation read_from(Slot slot) { return {.verb = Verb::read, .buffer = {.bytes = 10}, .uses = slots(slot)}; }
Operation close_of(Slot slot) { return {.verb = Verb::close, .uses = slots(slot)}; }
Operation dup_of(Slot from, Slot to, Duplicate how = Duplicate::dup) {
    return {.verb = Verb::dup, .value = static_cast<std::int64_t>(how), .uses = slots(from), .makes = slots(to)};
}
Operation create_of(ObjectId object, Slot a, Slot b) {
    return {.verb = Verb::create, .object = object, .makes = slots(a, b)};
}
Operation start_of(ActorId actor) { return {.verb = Verb::start, .value = actor}; }

// One pipe, a writer and a reader: well-formed.
Program two_actors() {
    Program p;
    p.objects.resize(1);
    p.actors.resize(2);
    p.actors[0].holds = {1};
    p.actors[0].steps = {write_to(1), close_of(1)};
    p.actors[1].holds = {0};
    p.actors[1].steps = {read_from(0)};
    return p;
}

// What why_not() says once `change` was made to the program above, or to the first step of it.
template <class Change>
std::string told(Change change) {
    Program p = two_actors();
    if constexpr (std::is_invocable_v<Change, Program&>)
        change(p);
    else
        change(p.actors[0].steps[0]);
    return why_not(p);
}

TEST(Program, OfTwoActorsMakesSense) { EXPECT_EQ(why_not(two_actors()), ""); }

TEST(Program, BeyondItsBoundsIsRefused) {
    EXPECT_THAT(told([](Program& p) { p.actors.clear(); }), HasSubstr("no actors"));
    EXPECT_THAT(told([](Program& p) { p.actors.resize(max_actors + 1); }), HasSubstr("64 actors"));
    EXPECT_EQ(told([](Program& p) { p.actors.resize(max_actors); }), "");
    EXPECT_THAT(told([](Program& p) { p.objects.resize(max_objects + 1); }), HasSubstr("16 objects"));
    EXPECT_THAT(told([](Program& p) { p.actors[0].steps.resize(max_steps + 1); }), HasSubstr("256 steps"));
    EXPECT_THAT(told([](Program& p) { p.objects[0].mechanism = 200; }), HasSubstr("no such mechanism"));
    EXPECT_THAT(told([](Program& p) { p.actors[0].holds = {2}; }), HasSubstr("an end of no object"));
    EXPECT_THAT(told([](Program& p) { p.actors[0].holds = {1, 0}; }), HasSubstr("ascending"));
}

TEST(Program, AStepMustFitTheSheetOfItsVerb) {
    EXPECT_THAT(told([](Operation& o) { o.uses = slots(); }), HasSubstr("actor 0, step 0 (write): uses too few"));
    EXPECT_THAT(told([](Operation& o) { o.uses = slots(1, 0); }), HasSubstr("too many slots"));
    EXPECT_THAT(told([](Operation& o) { o.uses = slots(no_slot, 1); }), HasSubstr("gap"));
    EXPECT_THAT(told([](Operation& o) { o.uses = slots(first_mailbox); }), HasSubstr("mailbox"));
    EXPECT_THAT(told([](Operation& o) { o.makes = slots(5); }), HasSubstr("makes too few or too many"));
    EXPECT_THAT(told([](Operation& o) { o.times = 0; }), HasSubstr("times"));
    EXPECT_THAT(told([](Operation& o) { o.verb = static_cast<Verb>(200); }), HasSubstr("no such verb"));
    EXPECT_THAT(told([](Operation& o) { o.timeout_ns = -2; }), HasSubstr("timeout"));
    EXPECT_THAT(told([](Operation& o) { o = close_of(1), o.times = 2; }), HasSubstr("only once"));
    EXPECT_THAT(told([](Operation& o) { o = dup_of(1, 5), o.value = 5; }), HasSubstr("no such way"));
    EXPECT_THAT(told([](Operation& o) { o = dup_of(1, 64); }), HasSubstr("out of range"));
    EXPECT_THAT(told([](Operation& o) { o = {.verb = Verb::signal, .value = 0}; }), HasSubstr("no signal"));
    EXPECT_THAT(told([](Operation& o) { o = {.verb = Verb::exit, .value = 256}; }), HasSubstr("exit status"));
    EXPECT_THAT(told([](Operation& o) { o = {.verb = Verb::limit, .value = -1}; }), HasSubstr("descriptors"));
    EXPECT_THAT(told([](Operation& o) { o = create_of(1, 5, 6); }), HasSubstr("not there"));
    EXPECT_THAT(told([](Operation& o) { o = {.verb = Verb::poll, .value = poll_in << 16, .uses = slots(1)}; }),
                HasSubstr("poll events"));
    EXPECT_EQ(told([](Operation& o) { o = {.verb = Verb::poll, .value = poll_in, .timeout_ns = 0}; }),
              "actor 0, step 0 (poll): asks for poll events that are none");
}

TEST(Program, MemoryIsBoundedButCountsBeyondItAreNot) {
    EXPECT_EQ(told([](Operation& o) { o.buffer.bytes = 16u << 20; }), "");
    EXPECT_THAT(told([](Operation& o) { o.buffer.bytes = (16u << 20) + 1; }), HasSubstr("16 MiB"));
    EXPECT_EQ(told([](Operation& o) { o.buffer = {.bytes = 1ull << 40, .mapped = 4096}; }), "");
    EXPECT_EQ(told([](Operation& o) { o.buffer.bytes = (1ull << 63); }), "")
        << "above SSIZE_MAX: refused by the call itself";
}

TEST(Program, AMailboxBelongsToPassAndReceive) {
    const auto pass = [](Slot mailbox) {
        return [mailbox](Operation& o) { o = {.verb = Verb::pass, .uses = slots(mailbox, 1)}; };
    };
    EXPECT_EQ(told(pass(mailbox_of(1))), "");
    EXPECT_THAT(told(pass(mailbox_of(2))), HasSubstr("mailbox of an actor"));
    EXPECT_THAT(told(pass(1)), HasSubstr("mailbox of an actor"));
    EXPECT_EQ(told([](Operation& o) { o = {.verb = Verb::receive, .uses = slots(mailbox_of(0)), .makes = slots(9)}; }),
              "");
    EXPECT_THAT(
        told([](Operation& o) { o = {.verb = Verb::receive, .uses = slots(mailbox_of(1)), .makes = slots(9)}; }),
        HasSubstr("own mailbox"));
}

TEST(Program, ChildrenAreStartedOnceByTheirParent) {
    Program p = two_actors();
    p.actors.push_back({ActorKind::forked, 0, 0, {}, {write_to(1)}});
    EXPECT_THAT(why_not(p), HasSubstr("actor 2: must be started exactly once"));
    p.actors[0].steps.insert(p.actors[0].steps.begin(), start_of(2));
    EXPECT_EQ(why_not(p), "");
    Program twice = p;
    twice.actors[0].steps.push_back(start_of(2));
    EXPECT_THAT(why_not(twice), HasSubstr("exactly once"));
    Program stranger = p;
    stranger.actors[2].parent = 1;
    EXPECT_THAT(why_not(stranger), HasSubstr("child of another"));
    Program holder = p;
    holder.actors[2].holds = {1};
    EXPECT_THAT(why_not(holder), HasSubstr("cannot hold"));
    Program pooled = two_actors();
    pooled.actors[0].steps.push_back(start_of(1));
    EXPECT_THAT(why_not(pooled), HasSubstr("pooled actor"));
}

TEST(Program, ActorsThatStartEachOtherNeverBegin) {
    Program p = two_actors();
    p.actors.push_back({ActorKind::forked, 3, 0, {}, {start_of(3)}});
    p.actors.push_back({ActorKind::forked, 2, 0, {}, {start_of(2)}});
    EXPECT_THAT(why_not(p), HasSubstr("descends from no pooled actor"));
    EXPECT_THAT(slots_needed(p, 2), IsEmpty()) << "and asking for their slots comes to an end";
}

TEST(Program, AnObjectHasOneMaker) {
    Program p = two_actors();
    p.objects.resize(2);
    p.actors[0].steps.push_back(create_of(1, 5, 6));
    EXPECT_EQ(why_not(p), "");
    p.actors[1].steps.push_back(create_of(1, 5, 6));
    EXPECT_THAT(why_not(p), HasSubstr("creates object 1 once more"));
    p.actors[1].steps.pop_back();
    p.actors[1].holds = {0, 2};
    EXPECT_THAT(why_not(p), HasSubstr("of an object that a step creates"));
}

TEST(Program, AnAddressIsMadeByNobody) {
    const MechanismId sockets = *mechanism_named("unix-stream");
    Program p = two_actors();
    p.objects = {{sockets, {}}, {sockets, {}}};
    Operation bind;
    bind.verb = Verb::bind, bind.uses[0] = 2, bind.object = 1;
    p.actors[0].steps = {bind};
    p.actors[0].holds = p.actors[1].holds = {};
    p.actors[1].steps.clear();
    EXPECT_EQ(why_not(p), "");
    EXPECT_THAT(slots_needed(p, 0), IsEmpty()) << "its slots are nobody's from the start";
    p.actors[1].holds = {2};
    EXPECT_THAT(why_not(p), HasSubstr("of an address"));
    p.actors[1].holds = {};
    p.actors[1].steps = {create_of(1, 5, 6)};
    EXPECT_THAT(why_not(p), HasSubstr("which is an address"));
    p.actors[1].steps.clear();
    p.objects[1].mechanism = *mechanism_named("pipe");
    EXPECT_THAT(why_not(p), HasSubstr("can be no address"));
    p.objects[1].mechanism = sockets;
    p.actors[0].steps[0].value = 5;
    EXPECT_THAT(why_not(p), HasSubstr("no such form"));
}

TEST(Program, ASlotThatMayBeBoundIsNotMadeAgain) {
    const auto after = [](std::initializer_list<Operation> steps) {
        return told([&](Program& p) { p.actors[0].steps = steps; });
    };
    EXPECT_EQ(after({dup_of(1, 5)}), "");
    EXPECT_THAT(after({dup_of(1, 5), dup_of(1, 5)}), HasSubstr("step 1 (dup): makes slot 5"));
    EXPECT_THAT(after({dup_of(1, 1)}), HasSubstr("makes slot 1")) << "it was held from the start";
    EXPECT_EQ(after({dup_of(1, 5), close_of(5), dup_of(1, 5)}), "");
    EXPECT_EQ(after({dup_of(1, 5), dup_of(1, 5, Duplicate::dup2), dup_of(5, 5, Duplicate::dup3_cloexec)}), "");
    EXPECT_THAT(told([](Program& p) {
                    p.objects.resize(2);
                    p.actors[0].steps = {create_of(1, 5, 5)};
                }),
                HasSubstr("makes slot 5"));
}

TEST(Program, AForkedActorInheritsWhatIsBound) {
    Program p = two_actors();
    p.actors.push_back({ActorKind::forked, 0, 0, {}, {dup_of(1, 5)}});
    p.actors[0].steps = {start_of(2), dup_of(1, 5)};
    EXPECT_EQ(why_not(p), "") << "each process has slots of its own";
    p.actors[0].steps = {dup_of(1, 5), start_of(2)};
    EXPECT_THAT(why_not(p), HasSubstr("actor 2, step 0 (dup): makes slot 5"));
}

TEST(Program, ThreadsDoNotRebindEachOthersSlots) {
    Program p = two_actors();
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {dup_of(1, 5), write_to(5)}});
    p.actors[0].steps = {start_of(2), write_to(1)};
    EXPECT_EQ(why_not(p), "") << "a slot that only the thread touches is its own";
    p.actors[0].steps = {start_of(2), write_to(5)};
    EXPECT_THAT(why_not(p), HasSubstr("makes a slot that another uses"));
    p.actors[2].steps = {write_to(5)};
    p.actors[0].steps = {dup_of(1, 5), start_of(2)};
    EXPECT_EQ(why_not(p), "") << "what was made before the thread began is settled";
    p.actors[0].steps = {start_of(2), dup_of(1, 5)};
    EXPECT_THAT(why_not(p), HasSubstr("makes a slot that another uses"));
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {dup_of(1, 7)}});
    p.actors[2].steps = {write_to(7)};
    p.actors[0].steps = {start_of(2), start_of(3)};
    EXPECT_THAT(why_not(p), HasSubstr("makes a slot that another uses")) << "two threads";
}

TEST(Program, ExecIsForProcessesWithoutThreads) {
    const Operation exec{.verb = Verb::exec};
    Program p = two_actors();
    p.actors[0].steps = {exec};
    EXPECT_EQ(why_not(p), "");
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {write_to(1)}});
    p.actors[0].steps = {start_of(2), exec};
    EXPECT_THAT(why_not(p), HasSubstr("has threads"));
}

TEST(Program, PollsByEpollWhereNobodyMissesTheDescriptor) {
    const Operation poll{.verb = Verb::poll, .flags = flag_epoll, .uses = slots(0, 1)};
    Program p = two_actors();
    p.actors[0].steps = {poll};
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[0].uses = slots(0, 0);
    EXPECT_THAT(why_not(p), HasSubstr("one slot twice"));
    p.actors[0].steps = {poll, {.verb = Verb::limit, .value = 3}};
    EXPECT_THAT(why_not(p), HasSubstr("under a limit"));
    p.actors[0].steps = {start_of(2)};
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {poll}});
    EXPECT_THAT(why_not(p), HasSubstr("threads in its process"));
}

TEST(Program, MakesAnObjectForOneStepWhereItsProcessIsItsOwn) {
    const Operation misname{.verb = Verb::misname, .value = static_cast<std::int64_t>(Misname::disputed)};
    Program p = two_actors();
    p.actors[0].steps = {misname, {.verb = Verb::new_mode, .value = 0777}};
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[0].value += 1;
    EXPECT_THAT(why_not(p), HasSubstr("writes no name so"));
    p.actors[0].steps = {{.verb = Verb::new_mode, .value = 01000}};
    EXPECT_THAT(why_not(p), HasSubstr("outside 0 to 0777"));
    p.actors[0].steps = {start_of(2)};
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {misname}});
    EXPECT_THAT(why_not(p), HasSubstr("beside threads"));
}

// A moment that is moved within its second may come too early for who sleeps until then.
TEST(Program, MovesATimeLimitWithinItsSecondWhereNobodySleepsUntilThen) {
    Operation wait{.verb = Verb::sem_wait, .flags = flag_last_ns, .uses = {0, no_slot, no_slot, no_slot}};
    Program p = two_actors();
    for (const std::int64_t limit_ns : {std::int64_t{0}, far_future_ns}) {
        wait.timeout_ns = limit_ns;
        p.actors[0].steps = {wait};
        EXPECT_EQ(why_not(p), "") << limit_ns;
    }
    wait.timeout_ns = 1'000'000;
    p.actors[0].steps = {wait};
    EXPECT_THAT(why_not(p), HasSubstr("moves a time limit"));
    wait.timeout_ns = 0, wait.flags |= flag_now;
    p.actors[0].steps = {wait};
    EXPECT_THAT(why_not(p), HasSubstr("moves a time limit"));
}

TEST(Program, HoldsATrialOfWhatOffersItWhereItsProcessIsItsOwn) {
    const Operation trial{.verb = Verb::trial, .value = static_cast<std::int64_t>(last_trial), .timeout_ns = 1};
    Program p = two_actors();
    p.objects = {{*mechanism_named("tcp4"), {}}};
    p.actors[0].holds = p.actors[1].holds = {};
    p.actors[1].steps = {};
    p.actors[0].steps = {trial};
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[0].value += 1;
    EXPECT_THAT(why_not(p), HasSubstr("is no trial"));
    p.actors[0].steps = {trial, {.verb = Verb::limit, .value = 3}};
    EXPECT_THAT(why_not(p), HasSubstr("under a limit"));
    p.actors[0].steps = {trial};
    p.objects[0].mechanism = *mechanism_named("eventfd");
    EXPECT_THAT(why_not(p), HasSubstr("does not offer"));
    p.objects[0].mechanism = *mechanism_named("tcp4");
    p.actors[0].steps = {{.verb = Verb::trial}};
    EXPECT_THAT(why_not(p), HasSubstr("takes no time"));
    p.actors[0].steps = {start_of(2)};
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {trial}});
    EXPECT_THAT(why_not(p), HasSubstr("beside threads"));
}

TEST(Program, BindsToPortsByNoFormOfAPath) {
    Program p = two_actors();
    p.objects = {{*mechanism_named("tcp6"), {}}};
    p.actors[0].holds = p.actors[1].holds = {};
    p.actors[1].steps = {};
    p.actors[0].steps = {{.verb = Verb::socket, .makes = slots(4)}, {.verb = Verb::bind, .uses = slots(4)}};
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[1].value = static_cast<std::int64_t>(NameForm::automatic);
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[1].value = static_cast<std::int64_t>(NameForm::too_long);
    EXPECT_THAT(why_not(p), HasSubstr("form of a path"));
}

TEST(Program, LocksWhereItsProcessIsItsOwn) {
    const Operation lock{.verb = Verb::lock, .value = lock_bytes, .uses = slots(0)};
    Program p = two_actors();
    p.actors[0].steps = {lock, {.verb = Verb::unlock, .uses = slots(0)}};
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[0].value += 1;
    EXPECT_THAT(why_not(p), HasSubstr("no place of a lock"));
    p.actors[0].steps = {start_of(2)};
    p.actors.push_back({ActorKind::thread, 0, 0, {}, {lock}});
    EXPECT_THAT(why_not(p), HasSubstr("beside threads"));
}

TEST(Program, SendsALabelAndNothingBesideIt) {
    const Label label{most_stream, ~0u >> 1};
    EXPECT_EQ(label_of(value_of(label)), label);
    EXPECT_EQ(label_of(0), Label{});
    Program p = two_actors();
    p.actors[0].steps = {{.verb = Verb::send, .value = value_of(label), .uses = slots(0)}};
    EXPECT_EQ(why_not(p), "");
    p.actors[0].steps[0].value += 256 * static_cast<std::int64_t>(Credentials::own);
    EXPECT_THAT(why_not(p), HasSubstr("something beside it"));
}

TEST(Program, SaysWhatIsDoneToAView) {
    const std::pair<Operation, const char*> steps[] = {
        {{.verb = Verb::detach, .value = 4, .uses = slots(0)}, "detaches in no such way"},
        {{.verb = Verb::sync_view, .value = 7, .uses = slots(0)}, "syncs in no such way"},
        {{.verb = Verb::advise, .value = 3, .uses = slots(0)}, "gives no such advice"},
        {{.verb = Verb::wait, .uses = slots(0)}, "returns at once"},
        {{.verb = Verb::poll, .flags = flag_select, .value = poll_rdhup, .uses = slots(0)}, "does not know"}};
    for (const auto& [step, wrong] : steps) {
        Program p = two_actors();
        p.actors[0].steps = {step};
        EXPECT_THAT(why_not(p), HasSubstr(wrong));
        p.actors[0].steps[0].value = 0;
        p.actors[0].steps[0].timeout_ns = 0;
        EXPECT_EQ(why_not(p), "");
    }
}

TEST(SlotsNeeded, AreTheEndsUsedBeforeTheyAreMade) {
    Program p = two_actors();
    p.objects.resize(3);
    p.actors.push_back({ActorKind::forked, 0, 0, {}, {read_from(2), read_from(7)}});
    p.actors[0].steps = {write_to(1), dup_of(1, 3), create_of(2, 4, 5), read_from(4), write_to(3), start_of(2)};
    EXPECT_THAT(slots_needed(p, 0), ElementsAre(1, 2)) << "3 is made, 4 belongs to a created object, 7 is no end";
    EXPECT_THAT(slots_needed(p, 1), ElementsAre(0));
}

TEST(MaySleep, DependsOnWhatForbidsIt) {
    EXPECT_TRUE(may_sleep(write_to(1), false));
    EXPECT_FALSE(may_sleep(write_to(1), true));
    EXPECT_FALSE(may_sleep(close_of(1), false));
    EXPECT_FALSE(may_sleep({.verb = Verb::poll, .timeout_ns = 0}, false));
    EXPECT_TRUE(may_sleep({.verb = Verb::poll, .timeout_ns = 5}, true));
    EXPECT_TRUE(may_sleep({.verb = Verb::splice}, true)) << "only the call's own flag is trusted";
    EXPECT_FALSE(may_sleep({.verb = Verb::splice, .flags = flag_nonblock}, false));
    EXPECT_FALSE(may_sleep({.verb = Verb::receive, .flags = flag_nonblock}, false));
}

}  // namespace
}  // namespace crosstalk
