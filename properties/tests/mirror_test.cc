// The judge and the mirror against each other: whatever the mirror plays must be accepted, so that a judge that accuses
// the innocent is seen without a kernel; and each mutation of the mirror must be rejected, so that each sees something.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <optional>

#include "faults/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/mirror/mirror.h"
#include "properties/mirror/mutations.h"
#include "properties/tests/agreement.h"
#include "properties/tests/cells.h"
#include "properties/tests/nightly.h"

namespace crosstalk {
namespace {

using mirror::Mutation;

Verdict judged(const Case& value, const Environment& environment, std::uint64_t n, const Mutation* mutation = nullptr) {
    const auto number = static_cast<std::uint16_t>(n);
    const History history = mirror::play(value, environment, n, {.case_number = number, .mutation = mutation});
    Verdict misfit;
    misfit.answer = Answer::broken;
    misfit.why = why_not(value, history);
    if (!misfit.why.empty()) return misfit;
    return judge(value, history, environment, {.evidence = false, .case_number = number});
}

// All that it plays is accepted, nothing with a deviation; little is left undecided, and little is not played.
void expect_all_accepted(const Environment& environment, std::uint64_t from, std::uint64_t count,
                         MechanismId mechanism = 0) {
    const Cells cells(environment, mechanism);
    std::uint64_t undecided = 0, refused = 0;
    for (std::uint64_t n = from; n < from + count; ++n) {
        const Case value = cells.at(n);
        if (!mirror::offers(value.program)) {
            ++refused;
            continue;
        }
        const Verdict verdict = judged(value, environment, n);
        undecided += verdict.answer == Answer::inconclusive;
        ASSERT_TRUE(verdict.answer == Answer::holds || verdict.answer == Answer::inconclusive)
            << "case " << n << ": " << told(verdict);
        ASSERT_TRUE(verdict.deviations.empty()) << "case " << n << ": " << told(verdict);
    }
    EXPECT_LT(undecided, count / 100) << "a judge that gives up sees nothing";
    EXPECT_LT(refused, count / 10) << "a mirror that plays few cases shows little";
    if (nightly())
        std::cout << count - refused << " histories accepted, of them undecided " << undecided << "; not played "
                  << refused << '\n';
}

constexpr std::uint64_t cases = many(100'000);

TEST(Mirror, IsAcceptedWhateverItPlays) { expect_all_accepted(mirror::environment(), 0, nightly_or(1'000'000, cases)); }

TEST(Mirror, IsAcceptedWhateverItPlaysOfSemaphores) {
    for (const std::string_view name : {"sem-unnamed", "sem-named", "eventfd"})
        expect_all_accepted(mirror::environment(), 0, nightly_or(500'000, cases / 10), *mechanism_named(name));
}

TEST(Mirror, IsAcceptedWhateverItPlaysOfMemory) {
    for (const std::string_view name : {"shm-anonymous", "shm-file", "shm-posix"})
        expect_all_accepted(mirror::environment(), 0, nightly_or(500'000, cases / 10), *mechanism_named(name));
}

// How many bytes of a store a load has found, of one that ran beside it and covers all of it; none: they did not meet.
std::optional<std::uint64_t> found(const Case& value, const History& history, const Event& load, const Event& store) {
    const auto place = [&](const Event& event) {
        const Operation& step = value.program.actors[event.actor].steps[event.step];
        return std::pair(step.value, step.value + static_cast<std::int64_t>(step.buffer.bytes));
    };
    if (load.verb != Verb::load || store.verb != Verb::store || load.error != Errno::none) return std::nullopt;
    if (load.ended < store.began || store.ended < load.began) return std::nullopt;
    const auto [from, to] = place(load);
    const auto [first, last] = place(store);
    if (first < from || last > to) return std::nullopt;
    std::uint64_t bytes = 0;
    for (const auto& run : history.runs_of(load))
        if (run.kind == RunKind::origin && run.actor == store.actor && run.step == store.step) bytes += run.length;
    return bytes;
}

TEST(Mirror, ShowsPartsOfWhatIsStoredBesideALoad) {
    const Environment environment = mirror::environment();
    const Cells cells(environment, *mechanism_named("shm-anonymous"));
    int nothing = 0, parts = 0, wholes = 0;
    for (std::uint64_t n = 0; n < 5000; ++n) {
        const Case value = cells.at(n);
        const History history = mirror::play(value, environment, n);
        for (const Event& load : history.events)
            for (const Event& store : history.events)
                if (const auto bytes = found(value, history, load, store)) {
                    const std::uint64_t all = value.program.actors[store.actor].steps[store.step].buffer.bytes;
                    ++(*bytes == 0 ? nothing : *bytes < all ? parts : wholes);
                }
    }
    EXPECT_GT(nothing, 20);
    EXPECT_GT(parts, 20);
    EXPECT_GT(wholes, 20);
}

TEST(Mirror, IsAcceptedWhateverItPlaysOfSockets) {
    for (const std::string_view name : {"unix-dgram", "unix-seqpacket", "unix-stream"})
        expect_all_accepted(mirror::environment(), 0, nightly_or(500'000, cases / 10), *mechanism_named(name));
}

TEST(Mirror, IsAcceptedWhateverItPlaysOfQueues) {
    expect_all_accepted(mirror::environment(), 0, nightly_or(500'000, cases / 10), *mechanism_named("mq"));
}

TEST(Mirror, IsAcceptedWhateverItPlaysOfFifos) {
    expect_all_accepted(mirror::environment(), 0, nightly_or(500'000, cases / 10), *mechanism_named("fifo"));
}

TEST(Mirror, IsAcceptedOnAnotherGround) {
    Environment other = mirror::environment();
    other.said["page_bytes"] = "16384";
    other.said["pipe_default_bytes"] = "262144";
    expect_all_accepted(other, 1'000'000, 5'000);
    other = mirror::environment();
    other.said["pipe_buf"] = "512";
    other.said["iov_max"] = "16";
    expect_all_accepted(other, 2'000'000, 5'000);
    other = mirror::environment();
    other.said["pipe_user_pages_soft"] = "16384";
    other.said["pipe_accounting_private"] = "0";
    expect_all_accepted(other, 3'000'000, 5'000);
}

TEST(Mirror, StrikesWithEachFault) {
    const Environment environment = mirror::environment();
    for (FaultId fault = 1; fault < faults().size(); ++fault) {
        if (fault == lossy_link_fault) continue;  // pipes cross no link
        const auto generator = cases_of(property("survival"), 0, fault, ground_of(environment));
        int fired = 0, missed = 0;
        for (std::uint64_t n = 0; n < 300; ++n) {
            const Case value = generator(rc::Random(n), 60).value();
            for (const Event& event : mirror::play(value, environment, n).events)
                if (event.kind == EventKind::fault && event.fault == fault) ++(event.result == 1 ? fired : missed);
        }
        EXPECT_GT(fired, 50) << faults()[fault]->name << " fired " << fired << " times, and missed " << missed;
    }
}

// Of threads, too, and from before a call as from inside it: nobody is left stopped, so no call is left unbegun.
TEST(Mirror, ContinuesWhomeverItStops) {
    const Environment environment = mirror::environment();
    const auto generator = cases_of(property("survival"), 0, stopped_peer_fault, ground_of(environment));
    int inside = 0, interrupted = 0;
    for (std::uint64_t n = 0; n < 2000; ++n) {
        const Case value = generator(rc::Random(n), 60).value();
        const History history = mirror::play(value, environment, n);
        for (const Event& stop : history.events) {
            if (stop.kind != EventKind::fault || stop.fault != stopped_peer_fault || stop.result != 1) continue;
            const auto call = std::ranges::find_if(history.events, [&](const Event& each) {
                return each.kind == EventKind::call && each.actor == stop.actor && each.step == stop.step;
            });
            const bool dead =
                std::ranges::any_of(history.events, [](const Event& each) { return each.kind == EventKind::death; });
            ASSERT_TRUE(dead || call != history.events.end()) << "case " << n;
            if (call == history.events.end()) continue;
            inside += call->began < stop.began;
            interrupted += call->error == Errno::EINTR_;
        }
    }
    EXPECT_GT(inside, 50);
    EXPECT_EQ(interrupted, 0) << "only a handler may cut a call short";
}

TEST(Mirror, PlaysTheSameCaseTheSameWay) {
    const Environment environment = mirror::environment();
    const Cells cells(environment);
    int differ = 0;
    for (std::uint64_t n = 0; n < 500; ++n) {
        const Case value = cells.at(n);
        const History once = mirror::play(value, environment, n), again = mirror::play(value, environment, n);
        ASSERT_EQ(once, again) << "case " << n;
        differ += !(once == mirror::play(value, environment, n + 1));
    }
    EXPECT_GT(differ, 250) << "a mirror without choices shows one history only";
}

class Mutations : public testing::TestWithParam<std::size_t> {};

TEST_P(Mutations, IsRejectedByAClauseThatItBreaks) {
    constexpr std::uint64_t most = 5'000;
    const Mutation& mutation = mirror::mutations()[GetParam()];
    const Environment environment = mirror::environment();
    const auto bound = std::ranges::find_if(
        mechanisms(), [&](const Mechanism* each) { return clause_of(mutation.clauses[0]).binds(*each); });
    const Cells cells(environment, mutation, static_cast<MechanismId>(bound - mechanisms().begin()));
    std::map<std::string_view, int> others;
    for (std::uint64_t n = 0; n < most; ++n) {
        const Case value = cells.at(n);
        if (!mirror::offers(value.program)) continue;
        const Verdict verdict = judged(value, environment, n, &mutation);
        if (verdict.answer != Answer::violated) continue;
        if (mutation.breaks(verdict.clause)) return;
        ++others[clause_of(verdict.clause).id];
    }
    ADD_FAILURE() << mutation.id << " survived " << most << " cases; "
                  << (others.empty() ? "" : "other clauses were named, first ")
                  << (others.empty() ? "" : others.begin()->first);
}

INSTANTIATE_TEST_SUITE_P(Mirror, Mutations, testing::Range<std::size_t>(0, mirror::mutations().size()),
                         [](const auto& instance) {
                             std::string name(mirror::mutations()[instance.param].id);
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace crosstalk
