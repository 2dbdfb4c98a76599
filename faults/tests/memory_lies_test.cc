// Mutators of memory, told always, on a file and a view of this process: each is seen to do what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <numeric>

#include "faults/lies/mutators.h"
#include "mechanisms/trap.h"

namespace crosstalk::lies {
namespace {

using ::testing::ElementsAre;

// A file of one page, and a view of two: the second page lies beyond its end.
struct Memory {
    static constexpr std::size_t page = 4096;
    std::unique_ptr<Stage> stage = std::make_unique<Stage>();
    int file = ::memfd_create("crosstalk-test", MFD_CLOEXEC);
    std::uint8_t* view = nullptr;
    std::vector<std::uint8_t> bytes;
    Case value;
    Memory() {
        EXPECT_EQ(::ftruncate(file, page), 0);
        view = static_cast<std::uint8_t*>(::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
        EXPECT_NE(view, MAP_FAILED);
        value.program.actors.resize(1);
        stage->set(value);
    }
    ~Memory() {
        ::munmap(view, 2 * page);
        ::close(file);
    }

    Answer tell(Mutator mutate, Verb verb, std::int64_t at, std::uint64_t count, std::int64_t argument = 0) {
        Row row{};
        row.verbs = verbs(verb);
        row.mutate = mutate;
        row.arguments = {argument};
        const OperationTable table = lied(row, kernel_operations, *stage);
        Operation operation;
        operation.verb = verb, operation.value = at, operation.buffer.bytes = count;
        operation.flags = flag_writable, operation.uses[0] = 0;
        bytes.resize(count);
        if (verb == Verb::store || verb == Verb::pwrite) std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
        Call call;
        call.operation = &operation;
        call.fds[0] = file;
        call.places[0] = view, call.place_bytes[0] = 2 * page;
        call.bytes = bytes.data(), call.count = count;
        return table[static_cast<std::size_t>(verb)](call);
    }
    std::vector<std::uint8_t> first(std::size_t count) const { return {view, view + count}; }
};

TEST(MemoryLies, StoresAreCutAndShifted) {
    Memory memory;
    EXPECT_EQ(memory.tell(drops_tail, Verb::store, 0, 3, 1).result, 3);
    EXPECT_THAT(memory.first(4), ElementsAre(1, 2, 0, 0));
    EXPECT_EQ(memory.tell(shifts, Verb::store, 1, 2, 1).result, 2);
    EXPECT_THAT(memory.first(5), ElementsAre(1, 2, 1, 2, 0));
    EXPECT_EQ(memory.tell(drops_tail, Verb::pwrite, 0, 4, 2).result, 4);
    EXPECT_THAT(memory.first(4), ElementsAre(1, 2, 1, 2));
    EXPECT_EQ(memory.tell(restores_neighbours, Verb::store, 0, 2).result, 2);
    EXPECT_THAT(memory.first(4), ElementsAre(1, 2, 1, 2)) << "nobody stored meanwhile";
}

TEST(MemoryLies, LoadsShowZerosAndSurviveFaults) {
    Memory memory;
    memory.view[0] = 7;
    EXPECT_EQ(memory.tell(shows_zeros, Verb::load, 0, 2).result, 2);
    EXPECT_THAT(memory.bytes, ElementsAre(0, 0));
    EXPECT_EQ(memory.tell(shows_zeros, Verb::load, Memory::page, 2).result, -ENXIO) << "nothing was got";
    EXPECT_EQ(memory.tell(survives_fault, Verb::load, Memory::page, 2, ENXIO).result, 2);
    EXPECT_EQ(memory.tell(survives_fault, Verb::load, Memory::page, 2, EACCES).result, -ENXIO);
    const Answer over = memory.tell(survives_fault, Verb::store, Memory::page - 1, 2, ENXIO);
    EXPECT_EQ(over.result, 2);
    EXPECT_EQ(over.value, static_cast<std::int64_t>(Trap::none));
}

TEST(MemoryLies, WhatGrowsIsSoiledAndWhatWasCutOffComesBack) {
    Memory memory;
    EXPECT_EQ(memory.tell(soils_growth, Verb::truncate, 4, 0).result, 0);
    EXPECT_THAT(memory.first(4), ElementsAre(0, 0, 0, 0)) << "it shrank";
    EXPECT_EQ(memory.tell(soils_growth, Verb::truncate, 6, 0).result, 0);
    EXPECT_THAT(memory.first(6), ElementsAre(0, 0, 0, 0, 0, 0xa5));
    EXPECT_EQ(memory.tell(keeps_tail, Verb::truncate, 2, 0).result, 0);
    EXPECT_EQ(memory.tell(keeps_tail, Verb::truncate, 8, 0).result, 0);
    EXPECT_THAT(memory.first(8), ElementsAre(0, 0, 0, 0, 0, 0xa5, 0, 0));
}

TEST(MemoryLies, ANewViewIsSoiled) {
    Memory memory;
    const Answer attached = memory.tell(soils_view, Verb::attach, 0, Memory::page, 3);
    ASSERT_NE(attached.place, nullptr);
    EXPECT_THAT(memory.first(4), ElementsAre(0, 0, 0, 0xa5));
    ::munmap(attached.place, attached.place_bytes);
}

}  // namespace
}  // namespace crosstalk::lies
