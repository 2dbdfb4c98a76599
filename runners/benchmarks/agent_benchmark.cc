// What the agent's own work costs beside the calls that it watches: a journalled call, which may cost 1.25 times the
// bare one at most; and a case of ten messages between two pooled workers that nobody journals, the measure for
// free_ping_pong in line_benchmark.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>

#include "mechanisms/payload.h"
#include "mechanisms/system/kernel.h"
#include "runners/agent/plain_step.h"

namespace crosstalk::agent {
namespace {

void on_core(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

constexpr std::size_t calls = 200;

// A bare call is one that no program can make cheaper: it stands in the loop itself. Behind a function, as every C
// library has it, it is no measure: a function that returns after its system call may cost a third more by that return
// (Zen 3, Linux 6.18 whose own returns go through a thunk: 279 ns in the loop, 385 ns behind a function, 283 ns if that
// function pops its return address and jumps there). call_behind_a_function shows what it is on this machine.
template <class Make>
void bare(benchmark::State& state, Make make) {
    on_core(0);
    int ends[2];
    if (::pipe(ends) != 0) return state.SkipWithError("no pipe");
    char byte = 1;
    for (auto _ : state)
        for (std::size_t i = 0; i < calls; i += 2) {
            benchmark::DoNotOptimize(make(SYS_write, ends[1], &byte));
            benchmark::DoNotOptimize(make(SYS_read, ends[0], &byte));
        }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * calls));
    ::close(ends[0]), ::close(ends[1]);
}

void bare_call(benchmark::State& state) {
    bare(state, [](long number, int end, char* byte) { return kernel::call(number, end, byte, 1); });
}
BENCHMARK(bare_call);

[[gnu::noinline]] long returning(long number, int end, char* byte) { return kernel::call(number, end, byte, 1); }

void call_behind_a_function(benchmark::State& state) { bare(state, returning); }
BENCHMARK(call_behind_a_function);

// One actor of a case in `free`, played in this process: slots, buffers, payload, stamps, records, runs.
void journalled_call(benchmark::State& state) {
    on_core(0);
    int ends[2];
    if (::pipe(ends) != 0) return state.SkipWithError("no pipe");
    void* const memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return state.SkipWithError("no memory");
    Board& b = *(board = new (memory) Board);
    b.mode = Mode::free;
    b.serial = b.actor_count = 1;
    b.step_count = calls;
    for (std::size_t i = 0; i < calls; ++i) {
        b.steps[i] = Operation{};
        b.steps[i].verb = i % 2 == 0 ? Verb::write : Verb::read;
        b.steps[i].buffer.bytes = 1;
        b.steps[i].uses[0] = i % 2 == 0 ? 1 : 0;
        b.marks[i] = is_plain(b.steps[i]) ? mark_plain : std::uint8_t{0};
    }
    const std::span<const Operation> steps(b.steps.data(), calls);
    lay_out(std::span(&steps, 1), std::span(b.first_step).first(2), std::span(b.lengths).first(calls),
            std::span(b.tags).first(calls));
    b.seats[0].steps = calls;
    b.slots[0].numbers[0] = static_cast<std::int16_t>(ends[0]);
    b.slots[0].numbers[1] = static_cast<std::int16_t>(ends[1]);
    for (auto _ : state) {
        b.live.store(2);  // it is never the last: nobody is there to be told
        b.journal.clear(0, calls);
        play_steps(0, 0, true);
    }
    if (b.journal.logs[0].calls[calls - 1].result != 1) state.SkipWithError("the last read did not read");
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * calls));
    ::munmap(memory, sizeof(Board));
    board = nullptr;
    ::close(ends[0]), ::close(ends[1]);
}
BENCHMARK(journalled_call);

// Two processes that wait for a case, are handed their ends over a socket, play and close; nothing is written down.
class PooledPair {
  public:
    static constexpr int messages = 10;
    static constexpr std::size_t message_bytes = 64;
    struct Shared {
        FutexWord begin = 0, done = 0;
        std::atomic<std::uint32_t> left = 0;
    };

    PooledPair() {
        shared_ = static_cast<Shared*>(
            ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
        new (shared_) Shared;
        for (int who = 0; who < 2; ++who) {
            if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets_[who]) != 0) continue;
            pids_[who] = ::fork();
            if (pids_[who] == 0) work(who);
        }
    }
    PooledPair(const PooledPair&) = delete;
    ~PooledPair() {
        for (int who = 0; who < 2; ++who) {
            ::close(sockets_[who][0]), ::close(sockets_[who][1]);
            if (pids_[who] > 0) ::kill(pids_[who], SIGKILL), ::waitpid(pids_[who], nullptr, 0);
        }
        ::munmap(shared_, sizeof(Shared));
    }

    void play() {
        int forth[2], back[2];
        if (::pipe(forth) != 0 || ::pipe(back) != 0) return;
        const int given[2][2] = {{back[0], forth[1]}, {forth[0], back[1]}};
        for (int who = 0; who < 2; ++who) send_descriptors(sockets_[who][0], {from_leader, 2, 0}, given[who], 2, 0);
        for (const int end : {forth[0], forth[1], back[0], back[1]}) ::close(end);
        shared_->left.store(2);
        const std::uint32_t before = shared_->done.load();
        shared_->begin.fetch_add(1);
        futex_wake_all(shared_->begin);
        while (shared_->done.load() == before) futex_wait(shared_->done, before);
    }

  private:
    [[noreturn]] void work(int who) {
        for (std::uint32_t round = 0;; ++round) {
            while (shared_->begin.load() == round) futex_wait(shared_->begin, round);
            PassNote note;
            int ends[max_passed];
            std::size_t count = 0;
            receive_descriptors(sockets_[who][1], note, ends, max_passed, count, 0);
            char message[message_bytes] = {};
            for (int i = 0; i < messages; ++i)
                if ((i + who) % 2 == 0)
                    benchmark::DoNotOptimize(::write(ends[1], message, sizeof message));
                else
                    benchmark::DoNotOptimize(::read(ends[0], message, sizeof message));
            ::close(ends[0]), ::close(ends[1]);
            if (shared_->left.fetch_sub(1) != 1) continue;
            shared_->done.fetch_add(1);
            futex_wake(shared_->done);
        }
    }

    Shared* shared_ = nullptr;
    int sockets_[2][2]{{-1, -1}, {-1, -1}};
    pid_t pids_[2]{};
};

void unwatched_ping_pong(benchmark::State& state) {
    on_core(0);
    PooledPair pair;
    for (auto _ : state) pair.play();
    state.counters["cases/s"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(unwatched_ping_pong)->UseRealTime();

}  // namespace
}  // namespace crosstalk::agent

BENCHMARK_MAIN();
