// Payload in, payload out. Between a call and its record nothing here is timed: stamps were taken already.
#include "runners/agent/buffers.h"

#include <algorithm>
#include <cstring>

#include "mechanisms/payload.h"

namespace crosstalk::agent {
namespace {

StreamId stream_of(ActorId actor, StepId step) {
    const std::uint32_t index = board->first_step[actor] + step;
    return {board->case_number, actor, step, board->lengths[index], board->tags[index]};
}

}  // namespace

bool Buffers::prepare(ActorId actor, StepId step, const Operation& operation) {
    operation_ = &operation;
    actor_ = actor;
    step_ = step;
    writes_ = sheet_of(operation_->verb).flow == Flow::out;
    reads_ = sheet_of(operation_->verb).flow == Flow::in;
    kept_bytes_ = 0;
    if (!writes_ && !reads_) return true;
    scratch_ = scratch_of(actor);
    if (scratch_ == nullptr) return false;
    const Buffer& buffer = operation_->buffer;
    const bool may_be_one =
        operation.verb == Verb::vmsplice || operation.verb == Verb::send || operation.verb == Verb::recv;
    vector_ =
        operation_->verb == Verb::writev || operation_->verb == Verb::readv || (may_be_one && buffer.segments != 1);
    visible_bytes_ = std::min({buffer.bytes, std::uint64_t{buffer.mapped}, std::uint64_t{area_bytes}});
    const bool faults = buffer.mapped < buffer.bytes;
    std::uint64_t all = 0;  // bytes of all calls
    together_ =
        !faults && !__builtin_mul_overflow(buffer.bytes, std::uint64_t{operation.times}, &all) && all <= area_bytes;
    if (operation.verb == Verb::vmsplice) {  // never rewritten, so all calls lie one behind the other
        start_ = gift(together_ ? all : visible_bytes_, faults);
        if (start_ == nullptr) return false;
    } else {
        std::uint8_t* const area = writes_ ? scratch_->write_area : scratch_->read_area;
        start_ = faults ? area + (area_bytes - visible_bytes_) : area;
    }
    // A receive that was cut in an earlier case may have left bytes where this one is to leave none.
    if (operation.verb == Verb::recv && (operation.flags & flag_real_length) != 0)
        std::memset(start_, 0, static_cast<std::size_t>(visible_bytes_));
    if (writes_ && together_) {
        fill(stream_of(actor, step), 0, {start_, static_cast<std::size_t>(all)});
    } else if (writes_) {
        fill_call(0);
    }
    return true;
}

void Buffers::fill_call(std::uint32_t index) {
    fill(stream_of(actor_, step_), index * operation_->buffer.bytes,
         {start_, static_cast<std::size_t>(visible_bytes_)});
}

void Buffers::place(Call& call, std::uint32_t index) {
    const Buffer& buffer = operation_->buffer;
    call.count = buffer.bytes;
    if (!writes_ && !reads_) return;
    call.bytes = start_;
    if (reads_ && together_) call.bytes = start_ + kept_bytes_;
    if (writes_ && together_) call.bytes = start_ + index * buffer.bytes;
    if (writes_ && !together_ && index > 0 && operation_->verb != Verb::vmsplice) fill_call(index);
    if (!vector_) return;
    call.segments = scratch_->segments;
    call.segment_count = buffer.segments;
    std::uint64_t sizes[most_segments];
    const std::size_t count = split_into(buffer, {sizes, most_segments});
    std::uint8_t* at = call.bytes;
    for (std::size_t i = 0; i < count; ++i) {
        scratch_->segments[i] = {at, static_cast<std::size_t>(sizes[i])};
        at += sizes[i];
    }
}

// With MSG_TRUNC a receive tells more bytes than it gives, or gives none of them (recv(2), tcp(7)).
void Buffers::received(Event& record, std::uint64_t bytes) {
    if (operation_->verb == Verb::recv && (operation_->flags & flag_real_length) != 0) {
        constexpr std::uint64_t word_bytes = 8;  // of a payload: not all zero
        bytes = std::min(bytes, operation_->buffer.bytes);
        const std::span<const std::uint8_t> got(start_, static_cast<std::size_t>(std::min(bytes, visible_bytes_)));
        if (bytes >= word_bytes && std::ranges::all_of(got, [](std::uint8_t byte) { return byte == 0; })) return;
    }
    kept_bytes_ += std::min<std::uint64_t>(bytes, area_bytes - kept_bytes_);
    if (!together_) decode_kept(record);
}

void Buffers::finish(Event& record) {
    if (!reads_) return;
    if (kept_bytes_ != 0) decode_kept(record);
    // A call that failed on the way may have left bytes.
    if (record.error != Errno::none && visible_bytes_ != operation_->buffer.bytes)
        std::memset(start_, 0, static_cast<std::size_t>(visible_bytes_));
}

void Buffers::decode_kept(Event& record) {
    crosstalk::agent::received(board->journal.logs[actor_], record, {start_, static_cast<std::size_t>(kept_bytes_)});
    kept_bytes_ = 0;
}

void received(Log& log, Event& record, std::span<std::uint8_t> bytes) {
    const StreamLengths lengths{{board->first_step.data(), board->actor_count + 1u},
                                {board->lengths.data(), board->step_count}};
    if (record.run_count == 0) record.first_run = log.runs_used;
    std::uint64_t covered = 0;
    const std::size_t written = decode(board->case_number, lengths, bytes, std::span(log.runs).subspan(log.runs_used),
                                       log.raw, &log.raw_used, &covered);
    log.runs_used += static_cast<std::uint32_t>(written);
    record.run_count += static_cast<std::uint32_t>(written);
    if (covered < bytes.size()) record.truncated = 1;
    std::memset(bytes.data(), 0, bytes.size());
}

}  // namespace crosstalk::agent
