// What the wire costs each case: encoding and decoding of a typical case of 40 steps and of its history, and the
// checksum of a frame of that size.
#include <benchmark/benchmark.h>

#include "faults/frame.h"

namespace crosstalk {
namespace {

constexpr int actors = 4, steps = 10;

Case typical_case() {
    Case value;
    value.drawn_for = "pipe/atomicity/none";
    value.program.objects = {{0, {.capacity_bytes = 4096}}};
    for (int a = 0; a < actors; ++a) {
        Actor actor;
        const auto end = static_cast<Slot>(a % 2);
        actor.holds = {end};
        for (int s = 0; s < steps; ++s)
            actor.steps.push_back({.verb = end == 1 ? Verb::write : Verb::read,
                                   .buffer = {.bytes = 1000},
                                   .uses = {end, no_slot, no_slot, no_slot}});
        value.program.actors.push_back(actor);
        value.schedule.choices.insert(value.schedule.choices.end(), steps, static_cast<ActorId>(a));
    }
    return value;
}

History typical_history() {
    History history;
    Stamp stamp = 0;
    for (int s = 0; s < actors * steps; ++s) {
        Event event{.actor = static_cast<ActorId>(s % actors), .step = static_cast<StepId>(s / actors), .result = 1000};
        event.verb = event.actor % 2 == 1 ? Verb::write : Verb::read;
        event.began = ++stamp;
        event.ended = ++stamp;
        event.first_run = static_cast<std::uint32_t>(history.runs.size());
        event.run_count = event.verb == Verb::read ? 2 : 0;
        for (std::uint32_t r = 0; r < event.run_count; ++r)
            history.runs.push_back({RunKind::origin, 1, event.step, 500 * r, 500});
        history.events.push_back(event);
    }
    return history;
}

void run_encode_case(benchmark::State& state) {
    const Case value = typical_case();
    for (auto _ : state) benchmark::DoNotOptimize(encode(value));
}
BENCHMARK(run_encode_case);

void run_decode_case(benchmark::State& state) {
    const auto bytes = encode(typical_case());
    if (!decode_case(bytes)) state.SkipWithError(decode_case(bytes).error().c_str());
    for (auto _ : state) benchmark::DoNotOptimize(decode_case(bytes));
}
BENCHMARK(run_decode_case);

void run_encode_history(benchmark::State& state) {
    const History value = typical_history();
    for (auto _ : state) benchmark::DoNotOptimize(encode(value));
}
BENCHMARK(run_encode_history);

void run_decode_history(benchmark::State& state) {
    const auto bytes = encode(typical_history());
    if (!decode_history(bytes)) state.SkipWithError(decode_history(bytes).error().c_str());
    for (auto _ : state) benchmark::DoNotOptimize(decode_history(bytes));
}
BENCHMARK(run_decode_history);

void checksum_of_4_kib(benchmark::State& state) {
    const std::vector<std::uint8_t> bytes(4096, 0x5a);
    for (auto _ : state) benchmark::DoNotOptimize(crc32(bytes));
    state.SetBytesProcessed(state.iterations() * 4096);
}
BENCHMARK(checksum_of_4_kib);

void frame_in_and_out(benchmark::State& state) {
    const auto payload = encode(typical_history());
    std::vector<std::uint8_t> stream;
    for (auto _ : state) {
        stream.clear();
        append_frame(stream, FrameKind::history, 1, payload);
        FrameReader reader;
        reader.add(stream);
        benchmark::DoNotOptimize(reader.take());
    }
}
BENCHMARK(frame_in_and_out);

}  // namespace
}  // namespace crosstalk

BENCHMARK_MAIN();
