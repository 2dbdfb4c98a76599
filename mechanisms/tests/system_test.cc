// The operation table against the kernel itself, and the owners of its resources.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <span>

#include "mechanisms/catalog.h"
#include "mechanisms/names.h"
#include "mechanisms/system/child.h"
#include "mechanisms/system/descriptors.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/machine.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/operations.h"
#include "mechanisms/trial.h"

namespace crosstalk {
namespace {

struct Pipe {
    Fd read_end, write_end;
    explicit Pipe(std::uint16_t flags = 0) {
        int ends[2] = {-1, -1};
        EXPECT_EQ(make_pipe(flags, ends), 0);
        read_end = Fd(ends[0]);
        write_end = Fd(ends[1]);
    }
};

Answer perform(Verb verb, int fd, std::uint8_t* bytes = nullptr, std::uint64_t count = 0, std::int64_t value = 0,
               std::uint16_t flags = 0) {
    Operation operation;
    operation.verb = verb;
    operation.value = value;
    operation.flags = flags;
    operation.uses[0] = 0;
    Call call;
    call.operation = &operation;
    call.fds[0] = fd;
    call.bytes = bytes;
    call.count = count;
    return kernel_operations[static_cast<std::size_t>(verb)](call);
}

TEST(Operations, AnswerWithNegatedErrorNumbersAndLeaveErrnoAlone) {
    errno = 0;
    std::uint8_t byte = 0;
    EXPECT_EQ(perform(Verb::write, -1, &byte, 1).result, -EBADF);
    EXPECT_EQ(perform(Verb::close, -1).result, -EBADF);
    EXPECT_EQ(errno, 0);
}

TEST(Operations, MoveBytes) {
    const Pipe pipe;
    std::uint8_t out[3] = {1, 2, 3}, in[8] = {};
    EXPECT_EQ(perform(Verb::write, pipe.write_end.number(), out, 3).result, 3);
    EXPECT_EQ(perform(Verb::available, pipe.read_end.number()).result, 3);
    EXPECT_EQ(perform(Verb::read, pipe.read_end.number(), in, 8).result, 3);
    EXPECT_EQ(in[2], 3);
}

TEST(Operations, TellWhatAPipeIs) {
    const Pipe pipe(flag_nonblock | flag_cloexec);
    EXPECT_EQ(perform(Verb::stat, pipe.read_end.number()).result, 1);
    EXPECT_EQ(perform(Verb::seek, pipe.read_end.number()).result, -ESPIPE);
    EXPECT_EQ(perform(Verb::get_flags, pipe.read_end.number()).result, flag_nonblock | flag_cloexec);
    EXPECT_EQ(perform(Verb::get_flags, pipe.write_end.number()).result, flag_nonblock | flag_cloexec | flag_writable);
    EXPECT_EQ(perform(Verb::path_limit, pipe.read_end.number()).result, 4096);
}

TEST(Operations, PollAnswersSlotBySlot) {
    const Pipe pipe;
    std::uint8_t byte = 1;
    perform(Verb::write, pipe.write_end.number(), &byte, 1);
    Operation operation;
    operation.verb = Verb::poll;
    operation.uses = {0, 1, 2, no_slot};
    operation.timeout_ns = 0;
    operation.value = poll_in | (std::int64_t{poll_out} << 16) | (std::int64_t{poll_in} << 32);
    Call call;
    call.operation = &operation;
    call.fds = {pipe.read_end.number(), pipe.write_end.number(), -1, -1};
    const Answer answer = kernel_operations[static_cast<std::size_t>(Verb::poll)](call);
    EXPECT_EQ(answer.result, 3);
    EXPECT_EQ(answer.value, poll_in | (std::int64_t{poll_out} << 16) | (std::int64_t{poll_nval} << 32));

    operation.flags = flag_epoll;  // which knows no POLLNVAL, and leaves no descriptor behind
    const int free_before = ::dup(0);
    ::close(free_before);
    const Answer by_epoll = kernel_operations[static_cast<std::size_t>(Verb::poll)](call);
    EXPECT_EQ(by_epoll.result, 2);
    EXPECT_EQ(by_epoll.value, poll_in | (std::int64_t{poll_out} << 16));
    const int free_after = ::dup(0);
    ::close(free_after);
    EXPECT_EQ(free_after, free_before);

    operation.flags = flag_select;  // which asks nobody of a slot without a descriptor, and counts bits
    const Answer by_select = kernel_operations[static_cast<std::size_t>(Verb::poll)](call);
    EXPECT_EQ(by_select.result, 2);
    EXPECT_EQ(by_select.value, poll_in | (std::int64_t{poll_out} << 16));
}

TEST(Operations, AWatchTellsOfWhatComes) {
    const Pipe pipe;
    Operation operation;
    operation.verb = Verb::watch;
    operation.flags = flag_edge;
    Call call;
    call.operation = &operation;
    call.fds[0] = pipe.read_end.number();
    const Answer made = kernel_operations[static_cast<std::size_t>(Verb::watch)](call);
    ASSERT_GE(made.made[0], 0);
    const Fd instance(made.made[0]);
    EXPECT_EQ(perform(Verb::wait, instance.number()).result, 0);
    std::uint8_t byte = 1;
    perform(Verb::write, pipe.write_end.number(), &byte, 1);
    const Answer told = perform(Verb::wait, instance.number());
    EXPECT_EQ(told.result, 1);
    EXPECT_EQ(told.value, poll_in);
    EXPECT_EQ(perform(Verb::wait, instance.number()).result, 0) << "it was told of already";
}

TEST(Operations, LimitLeavesExactlySoManyNumbers) {
    const std::uint64_t before = descriptor_limit();
    ASSERT_EQ(set_descriptor_limit(limit_leaving(2)), 0);
    const int first = ::dup(0), second = ::dup(0), third = ::dup(0);
    EXPECT_EQ(set_descriptor_limit(before), 0);
    EXPECT_GE(first, 0);
    EXPECT_GE(second, 0);
    EXPECT_EQ(third, -1);
    ::close(first);
    ::close(second);
}

// What each shows is judged elsewhere; here, that it can be held, and leaves nothing behind.
TEST(Trials, CanBeHeldOnThisKernel) {
    for (const char* const mechanism : {"tcp4", "tcp6", "unix-stream", "unix-seqpacket"}) {
        const Mechanism& sheet = mechanism_of(*mechanism_named(mechanism));
        char name[64] = "/tmp/crosstalk-trials";
        const Fd kept(sheet.doors.reserve == nullptr ? -1 : static_cast<int>(sheet.doors.reserve(std::span(name))));
        const bool paths = sheet.facts.naming == Naming::path;
        const Asked asked;
        for (auto trial = static_cast<std::int64_t>(Trial::unknown_domain);
             trial <= static_cast<std::int64_t>(Trial::closed_unaccepted); ++trial) {
            const auto which = static_cast<Trial>(trial);
            const bool of_ipv6 = which >= Trial::both_families && which <= Trial::mapped_address;
            const bool fits = which < Trial::any_port || (which >= Trial::file_of_name) == paths;
            Operation operation{.verb = Verb::trial, .value = trial, .timeout_ns = 1'000'000'000};
            Call call;
            call.operation = &operation, call.mechanism = &sheet, call.asked = &asked, call.name = name;
            const int free_before = lowest_free(0);
            const Answer answer = kernel_operations[static_cast<std::size_t>(Verb::trial)](call);
            EXPECT_EQ(answer.value >= 0, fits && (!of_ipv6 || sheet.facts.has_mapped_addresses))
                << mechanism << ", trial " << trial;
            EXPECT_EQ(lowest_free(0), free_before) << mechanism << ", trial " << trial;
        }
        EXPECT_FALSE(paths && ::access("/tmp/crosstalk-trials+00", F_OK) == 0);
    }
}

// Never on a machine that others use.
TEST(Trials, ThatTakeTheMachineLookForNothingWhereItIsNotTheirs) {
    ASSERT_FALSE(owns_machine);
    const Asked asked;
    for (const auto& [trial, mechanism] :
         {std::pair{Trial::full_tables, "pipe"}, std::pair{Trial::set_clock, "sem-unnamed"}}) {
        EXPECT_TRUE(takes_machine(trial));
        Operation operation{
            .verb = Verb::trial, .value = static_cast<std::int64_t>(trial), .timeout_ns = 1'000'000'000};
        Call call;
        call.operation = &operation, call.mechanism = &mechanism_of(*mechanism_named(mechanism)), call.asked = &asked;
        const Answer answer = kernel_operations[static_cast<std::size_t>(Verb::trial)](call);
        EXPECT_EQ(answer.result, 0) << mechanism;
        EXPECT_EQ(answer.value, 0) << mechanism;
    }
    EXPECT_FALSE(MachineKeeper().changes(MachineChange::clock, 0));
}

TEST(Descriptors, TravelOverASocketWithTheirNote) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
    const Fd one(ends[0]), other(ends[1]);
    const Pipe pipe;
    const int sent[2] = {pipe.read_end.number(), pipe.write_end.number()};
    ASSERT_GT(send_descriptors(one.number(), PassNote{7, 2, 300}, sent, 2, 0), 0);
    PassNote note;
    int got[2] = {-1, -1};
    std::size_t count = 0;
    ASSERT_GT(receive_descriptors(other.number(), note, got, 2, count, MSG_DONTWAIT), 0);
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(note.actor, 7);
    EXPECT_EQ(note.step, 300);
    EXPECT_EQ(inode_of(got[0]), inode_of(pipe.read_end.number()));
    ::close(got[0]);
    ::close(got[1]);
}

TEST(Fd, ClosesWhatItOwns) {
    int number = -1;
    {
        const Fd fd(::dup(0));
        number = fd.number();
        EXPECT_GE(::fcntl(number, F_GETFD), 0);
    }
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(Mapping, FaultsInItsGuard) {
    const Pipe pipe;
    Mapping mapping = Mapping::anonymous(2 * page_bytes(), false);
    ASSERT_TRUE(mapping);
    ASSERT_TRUE(mapping.guard(page_bytes(), page_bytes()));
    auto* const guard = static_cast<std::uint8_t*>(mapping.start()) + page_bytes();
    EXPECT_EQ(perform(Verb::write, pipe.write_end.number(), guard, 1).result, -EFAULT);
    EXPECT_EQ(perform(Verb::write, pipe.write_end.number(), guard - 1, 1).result, 1);
}

TEST(Child, IsKilledAndReapedByItsOwner) {
    int pid = 0;
    {
        const Child child(fork_raw(false));
        if (!child)
            for (;;) ::pause();
        pid = child.pid();
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace crosstalk
