// Received bytes become runs: where they came from, or the bytes themselves where nothing proves an origin.
// Total: any bytes give an answer. It does not decide whether a raw piece could be a piece of some write (the judge).
#include <algorithm>

#include "mechanisms/payload.h"
#include "mechanisms/payload_word.h"

namespace crosstalk {
namespace {

using namespace payload_word;

constexpr std::uint64_t foreign_proof_bytes = word_bytes + 4;

// What a whole word at some position claims.
struct Claim {
    bool ours = false;
    ActorId actor = 0;
    StepId step = 0;
    std::uint64_t base = 0;  // of its stream's words
    std::uint64_t offset = 0;
    std::uint64_t limit = 0;  // where its stream, or the lap of it, ends
};

struct Extent {
    std::size_t before = 0, after = 0;  // bytes that agree before the word's position, and from it on
};

// How many lowest bytes of two words agree.
std::size_t agreeing_low(std::uint64_t a, std::uint64_t b) {
    return a == b ? word_bytes : static_cast<std::size_t>(std::countr_zero(a ^ b)) / 8;
}

class Decoder {
  public:
    Decoder(std::uint16_t case_number, const StreamLengths& lengths, std::span<const std::uint8_t> bytes,
            std::span<Run> out, std::span<std::uint8_t> raw_out, std::uint32_t* raw_used)
        : case_number_(case_number),
          lengths_(lengths),
          bytes_(bytes),
          out_(out),
          raw_out_(raw_out),
          raw_used_(raw_used) {}

    // Scans for whole words; what lies between the runs that they prove is raw.
    void decode() {
        std::size_t position = 0;
        while (position + word_bytes <= bytes_.size()) {
            const std::uint64_t plain = unscramble(load(bytes_.data() + position));
            if (((plain >> check_shift) & 0xffff) != check) {
                ++position;
                continue;
            }
            const Claim claim = claim_of(plain);
            const Extent extent = extend(claim, position);
            if (!claim.ours && extent.before + extent.after < foreign_proof_bytes) {
                ++position;
                continue;
            }
            if (!emit_raw_until(position - extent.before) || !emit(claim, extent)) return;
            position = covered_;
        }
        emit_raw_until(bytes_.size());
    }

    std::size_t runs() const { return runs_; }
    std::uint64_t covered() const { return covered_; }

  private:
    Claim claim_of(std::uint64_t plain) const {
        Claim claim;
        claim.offset = (plain & (lap_words - 1)) * word_bytes;
        claim.base = plain & ~(lap_words - 1);
        claim.actor = static_cast<ActorId>((plain >> actor_shift) & 63);
        claim.step = static_cast<StepId>((plain >> step_shift) & 255);
        claim.limit = std::min(lengths_.of(claim.actor, claim.step), max_stream_bytes);
        // The last word of a stream may be cut: bytes behind it may look like the rest of it by chance.
        claim.ours =
            plain >> case_shift == case_number_ && claim.limit >= small_stream_bytes && claim.offset < claim.limit;
        if (!claim.ours) claim.limit = max_stream_bytes;
        return claim;
    }

    // Both ways as far as bytes agree, within the stream and within what no earlier run has.
    Extent extend(const Claim& claim, std::size_t position) const {
        Extent extent;
        const std::uint64_t index = claim.offset / word_bytes;
        if (index > 0) {  // a whole word before this one would have been met before it: less than 8 bytes can agree
            const std::uint64_t word = word_at(claim.base, index - 1);
            const std::size_t most = std::min<std::size_t>(word_bytes, position - covered_);
            while (extent.before < most &&
                   static_cast<std::uint8_t>(word >> (56 - 8 * extent.before)) == bytes_[position - 1 - extent.before])
                ++extent.before;
        }
        const std::size_t most = std::min<std::size_t>(claim.limit - claim.offset, bytes_.size() - position);
        const std::uint8_t* const from = bytes_.data() + position;
        std::size_t after = std::min<std::size_t>(word_bytes, most);
        std::uint64_t next = index + 1;
        while (after + word_bytes <= most && load(from + after) == word_at(claim.base, next)) {
            after += word_bytes;
            ++next;
        }
        std::uint64_t rest = 0;
        std::memcpy(&rest, from + after, std::min<std::size_t>(word_bytes, most - after));
        extent.after = std::min(most, after + agreeing_low(rest, word_at(claim.base, next)));
        return extent;
    }

    bool emit(const Claim& claim, const Extent& extent) {
        if (runs_ == out_.size()) return false;
        const std::size_t length = extent.before + extent.after;
        out_[runs_++] = {.kind = claim.ours ? RunKind::origin : RunKind::foreign,
                         .actor = claim.actor,
                         .step = claim.step,
                         .offset = static_cast<std::uint32_t>(claim.offset - extent.before),
                         .length = static_cast<std::uint32_t>(length)};
        covered_ += length;
        return true;
    }

    // False if there is no room for all of it; what fits is emitted.
    bool emit_raw_until(std::size_t end) {
        const std::size_t wanted = end - covered_;
        if (wanted == 0) return true;
        const std::size_t length = std::min<std::size_t>(wanted, raw_out_.size() - *raw_used_);
        if (length == 0 || runs_ == out_.size()) return false;
        std::memcpy(raw_out_.data() + *raw_used_, bytes_.data() + covered_, length);
        out_[runs_++] = {.kind = RunKind::raw, .offset = *raw_used_, .length = static_cast<std::uint32_t>(length)};
        *raw_used_ += static_cast<std::uint32_t>(length);
        covered_ += length;
        return length == wanted;
    }

    const std::uint16_t case_number_;
    const StreamLengths& lengths_;
    const std::span<const std::uint8_t> bytes_;
    const std::span<Run> out_;
    const std::span<std::uint8_t> raw_out_;
    std::uint32_t* const raw_used_;
    std::size_t runs_ = 0;
    std::size_t covered_ = 0;
};

}  // namespace

std::size_t decode(std::uint16_t case_number, const StreamLengths& lengths, std::span<const std::uint8_t> bytes,
                   std::span<Run> out, std::span<std::uint8_t> raw_out, std::uint32_t* raw_used,
                   std::uint64_t* covered) {
    Decoder decoder(case_number, lengths, bytes, out, raw_out, raw_used);
    decoder.decode();
    *covered = decoder.covered();
    return decoder.runs();
}

}  // namespace crosstalk
