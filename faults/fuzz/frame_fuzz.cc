// Any bytes as a stream from an agent: it must be refused or decoded, and what is decoded must be safe to read and
// come back equal from its own encoding. To get past the checksum, the input is also taken as bare payloads.
#include <cstdlib>

#include "faults/frame.h"

namespace {

using namespace crosstalk;

void expect(bool holds) {
    if (!holds) std::abort();
}

void read_payload(std::span<const std::uint8_t> payload) {
    if (const auto value = decode_case(payload)) {
        const auto back = decode_case(encode(*value));
        expect(back.has_value() && *back == *value);
    }
    if (const auto history = decode_history(payload)) {
        for (const Event& event : history->events) {
            std::uint64_t bytes = 0;
            for (const Run& run : history->runs_of(event)) {
                bytes += run.length;
                if (run.kind == RunKind::raw) expect(history->raw_of(run).size() == run.length);
            }
            expect(bytes <= std::uint64_t{event.run_count} << 32);
        }
        const auto back = decode_history(encode(*history));
        expect(back.has_value() && *back == *history);
    }
    if (const auto environment = decode_environment(payload)) {
        const auto back = decode_environment(encode(*environment));
        expect(back.has_value() && back->said == environment->said);
    }
    if (const auto hello = decode_hello(payload)) expect(decode_hello(encode(*hello)).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes(data, size);
    read_payload(bytes);
    FrameReader reader;
    for (std::size_t at = 0; at < size; at += 7) {  // in pieces, as a pipe may deliver them
        reader.add(bytes.subspan(at, std::min<std::size_t>(7, size - at)));
        while (true) {
            const auto frame = reader.take();
            if (!frame) return 0;
            if (!*frame) break;
            read_payload((*frame)->payload);
        }
    }
    return 0;
}
