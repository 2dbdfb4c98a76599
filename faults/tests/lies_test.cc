// Lies: the catalogue, and mutators told always, on a pipe of this process, so that each is seen to do what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <numeric>
#include <regex>
#include <set>

#include "faults/catalog.h"
#include "faults/lies/asking.h"
#include "faults/lies/catalog.h"
#include "faults/lies/mutators.h"
#include "faults/lies/tables.h"
#include "mechanisms/names.h"

namespace crosstalk::lies {
namespace {

using ::testing::ElementsAre;

TEST(Lies, HaveIdsOfTheirOwnAndSayWhatTheyDo) {
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < lie_count(); ++i) {
        const Lie lie = lie_at(i);
        EXPECT_TRUE(std::regex_match(std::string(lie.id), std::regex("[a-z0-9]+(-[a-z0-9]+)+"))) << lie.id;
        EXPECT_TRUE(ids.insert(lie.id).second) << lie.id << " twice";
        EXPECT_FALSE(lie.about.empty() || lie.about.back() == '.') << lie.id;
        EXPECT_EQ(lie_named(lie.id), i);
        EXPECT_NE(row_at(i).verbs, Verbs{}) << lie.id;
        EXPECT_NE(row_at(i).mutate, nullptr) << lie.id;
    }
    EXPECT_EQ(lie_named("no-such-lie"), std::nullopt);
}

TEST(Lies, AreAtLeastSixtyAndReEnactFifteenKnownBugs) {
    std::set<std::string_view> bugs;
    for (std::size_t i = 0; i < lie_count(); ++i)
        if (!lie_at(i).bug.empty()) bugs.insert(lie_at(i).bug);
    EXPECT_GE(lie_count(), 60u);
    EXPECT_GE(bugs.size(), 15u);
}

// A pipe, a stage of two actors, and one call told by a row. Not a fixture: several may lie in one test.
struct Scene {
    std::unique_ptr<Stage> stage = std::make_unique<Stage>();
    int ends[2] = {-1, -1};
    Case value;
    std::vector<std::uint8_t> bytes;
    Scene() {
        EXPECT_EQ(::pipe(ends), 0);
        value.program.actors.resize(2);
        stage->set(value);
    }
    ~Scene() {
        for (const int end : ends) ::close(end);
    }
    Answer tell(const Row& row, Operation operation, int fd) {
        const OperationTable table = lied(row, kernel_operations, *stage);
        operation.uses[0] = 0;
        bytes.resize(operation.buffer.bytes);
        if (writes(operation.verb)) std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
        Call call;
        call.operation = &operation;
        call.fds[0] = fd;
        call.bytes = bytes.data();
        call.count = bytes.size();
        return table[static_cast<std::size_t>(operation.verb)](call);
    }
    std::vector<std::uint8_t> taken() {
        std::vector<std::uint8_t> got(256);
        const long count = unread_bytes(ends[0]) > 0 ? ::read(ends[0], got.data(), got.size()) : 0;
        got.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return got;
    }
};

Operation of(Verb verb, std::uint64_t count) {
    Operation operation;
    operation.verb = verb;
    operation.buffer.bytes = count;
    return operation;
}

Row always(Mutator mutate, Verb verb, std::array<std::int64_t, 2> arguments = {}) {
    Row row{};
    row.verbs = verbs(verb);
    row.mutate = mutate;
    row.arguments = arguments;
    return row;
}

TEST(Lies, MutatorsOfWritesDoWhatTheySay) {
    Scene scene;
    EXPECT_EQ(scene.tell(always(loses, Verb::write, {1}), of(Verb::write, 4), scene.ends[1]).result, 4);
    EXPECT_THAT(scene.taken(), ElementsAre(1, 2, 3));
    EXPECT_EQ(scene.tell(always(doubles, Verb::write, {2}), of(Verb::write, 3), scene.ends[1]).result, 3);
    EXPECT_THAT(scene.taken(), ElementsAre(1, 2, 1, 2, 3));
    EXPECT_EQ(scene.tell(always(exchanges, Verb::write), of(Verb::write, 4), scene.ends[1]).result, 4);
    EXPECT_THAT(scene.taken(), ElementsAre(3, 4, 1, 2));
    EXPECT_THAT(scene.bytes, ElementsAre(1, 2, 3, 4)) << "the caller's buffer is as before";
    EXPECT_EQ(scene.tell(always(corrupts, Verb::write), of(Verb::write, 3), scene.ends[1]).result, 3);
    EXPECT_THAT(scene.taken(), ElementsAre(1, 2 ^ 0x10, 3));
    EXPECT_EQ(scene.tell(always(moves_fewer, Verb::write), of(Verb::write, 4), scene.ends[1]).result, 2);
    EXPECT_THAT(scene.taken(), ElementsAre(1, 2));
    EXPECT_EQ(scene.tell(always(pretends, Verb::write, {as_asked}), of(Verb::write, 4), scene.ends[1]).result, 4);
    EXPECT_EQ(scene.tell(always(refuses, Verb::write, {EINTR}), of(Verb::write, 4), scene.ends[1]).result, -EINTR);
    EXPECT_THAT(scene.taken(), ElementsAre());
    EXPECT_EQ(scene.tell(always(tears, Verb::write), of(Verb::write, 4), scene.ends[1]).result, 4);
    EXPECT_THAT(scene.taken(), ElementsAre(1, 2, 3, 4));
}

TEST(Lies, MutatorsOfReadsDoWhatTheySay) {
    Scene scene;
    ASSERT_EQ(::write(scene.ends[1], "abcdef", 6), 6);
    EXPECT_EQ(scene.tell(always(peeks, Verb::read), of(Verb::read, 3), scene.ends[0]).result, 3);
    EXPECT_THAT(scene.bytes, ElementsAre('a', 'b', 'c'));
    EXPECT_EQ(scene.tell(always(loses, Verb::read, {1}), of(Verb::read, 2), scene.ends[0]).result, 2);
    EXPECT_THAT(scene.bytes, ElementsAre('b', 'c')) << "peeked bytes were still there, one of them is lost";
    EXPECT_EQ(scene.tell(always(adds, Verb::read, {1}), of(Verb::read, 9), scene.ends[0]).result, 4);
    ASSERT_EQ(::write(scene.ends[1], "abcd", 4), 4);
    EXPECT_EQ(scene.tell(always(keeps_rest, Verb::read), of(Verb::read, 1), scene.ends[0]).result, 1);
    EXPECT_THAT(scene.taken(), ElementsAre('b', 'c', 'd'));
}

TEST(Lies, ATriggerIsAFunctionOfTheCase) {
    Scene scene;
    Row row = always(refuses, Verb::write, {EIO});
    row.when[0] = {On::bytes_at_least, 3};
    EXPECT_EQ(scene.tell(row, of(Verb::write, 2), scene.ends[1]).result, 2);
    EXPECT_EQ(scene.tell(row, of(Verb::write, 3), scene.ends[1]).result, -EIO);
    row.when[0] = {On::unread_are, 2};
    EXPECT_EQ(scene.tell(row, of(Verb::write, 2), scene.ends[1]).result, -EIO);
    row.when[1] = {On::actors_at_least, 3};
    EXPECT_EQ(scene.tell(row, of(Verb::write, 2), scene.ends[1]).result, 2);
    row.when = {{{On::alike_in_flight, 1}}};
    EXPECT_EQ(scene.tell(row, of(Verb::write, 2), scene.ends[1]).result, 2);
    scene.stage->parts[1].inside.store(1 + static_cast<std::uint8_t>(Verb::write));
    EXPECT_EQ(scene.tell(row, of(Verb::write, 2), scene.ends[1]).result, -EIO);
    row.when = {{{On::one_in, 3}}};
    std::set<std::int64_t> answers;
    for (std::uint64_t bytes = 1; bytes < 40; ++bytes) {
        const std::int64_t first = scene.tell(row, of(Verb::write, bytes), scene.ends[1]).result;
        EXPECT_EQ(scene.tell(row, of(Verb::write, bytes), scene.ends[1]).result, first) << "equal calls, equal lies";
        answers.insert(first);
    }
    EXPECT_TRUE(answers.contains(-EIO) && answers.size() > 10);
}

TEST(Lies, TheStageForgetsTheCaseBefore) {
    Scene scene;
    scene.stage->parts[0].interrupted.store(true);
    scene.stage->parts[0].kept_count = 3;
    scene.stage->mark_of(7)->value.store(1);
    Injection kill;
    kill.fault = killed_peer_fault;
    kill.actor = 1;
    kill.step = 4;
    scene.value.plan = {kill};
    scene.stage->set(scene.value);
    EXPECT_FALSE(scene.stage->parts[0].interrupted.load());
    EXPECT_EQ(scene.stage->parts[0].kept_count, 0);
    EXPECT_EQ(scene.stage->mark_of(7)->value.load(), 0);
    EXPECT_EQ(scene.stage->parts[1].killed_in, 5);
}

}  // namespace
}  // namespace crosstalk::lies
