// What the payload costs each call: filling before a write, decoding after a read, for runs of one kilobyte and for
// what interleaved small writes leave.
#include <benchmark/benchmark.h>

#include "mechanisms/payload.h"

namespace crosstalk {
namespace {

constexpr std::size_t buffer_bytes = 64'000;

void fill_stream(benchmark::State& state) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(state.range(0)));
    const StreamId stream{1, 2, 3, max_stream_bytes, 0};
    std::uint64_t offset = 3;
    for (auto _ : state) {
        fill(stream, offset, bytes);
        benchmark::DoNotOptimize(bytes.data());
        benchmark::ClobberMemory();
        offset = (offset + bytes.size()) % (max_stream_bytes / 2);
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(fill_stream)->Arg(20)->Arg(1000)->Arg(65536);

// A buffer of pieces of eight writers, each of range(0) bytes, at all alignments.
void decode_runs(benchmark::State& state) {
    const auto piece_bytes = static_cast<std::size_t>(state.range(0));
    constexpr std::uint32_t writers = 8;
    std::vector<std::uint32_t> first_step(writers + 1);
    for (std::uint32_t a = 0; a <= writers; ++a) first_step[a] = a;
    const std::vector<std::uint64_t> lengths(writers, max_stream_bytes);
    std::vector<std::uint8_t> bytes(buffer_bytes / piece_bytes * piece_bytes), raw(bytes.size());
    for (std::size_t at = 0, i = 0; at < bytes.size(); at += piece_bytes, ++i)
        fill({7, static_cast<ActorId>(i % writers), 0, max_stream_bytes, 0}, i * piece_bytes / writers,
             std::span(bytes).subspan(at, piece_bytes));
    std::vector<crosstalk::Run> runs(bytes.size());
    for (auto _ : state) {
        std::uint32_t raw_used = 0;
        std::uint64_t covered = 0;
        benchmark::DoNotOptimize(decode(7, {first_step, lengths}, bytes, runs, raw, &raw_used, &covered));
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(decode_runs)->Arg(20)->Arg(100)->Arg(1000)->Arg(64000);

void decode_garbage(benchmark::State& state) {
    const std::vector<std::uint8_t> bytes(buffer_bytes, 0x5a);
    std::vector<std::uint8_t> raw(bytes.size());
    std::vector<crosstalk::Run> runs(16);
    for (auto _ : state) {
        std::uint32_t raw_used = 0;
        std::uint64_t covered = 0;
        benchmark::DoNotOptimize(decode(7, {}, bytes, runs, raw, &raw_used, &covered));
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(decode_garbage);

}  // namespace
}  // namespace crosstalk

BENCHMARK_MAIN();
