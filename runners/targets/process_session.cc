// Frames in and out of a session's process; see process_start.cc for its birth and death.
#include "runners/targets/process_session.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace crosstalk {
namespace {

constexpr int most_patience = 8;  // times the time limit, with a process that gets no processor
constexpr std::chrono::milliseconds usual_silence{500};  // for so long nobody asks why

// The second number of schedstat (Linux, Documentation/scheduler/sched-stats.rst), in ns; 0 where it is not told.
std::chrono::milliseconds waited_for_processor(pid_t process) {
    std::ifstream told("/proc/" + std::to_string(process) + "/schedstat");
    std::int64_t ran_ns = 0, waited_ns = 0;
    told >> ran_ns >> waited_ns;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(told ? waited_ns : 0));
}

constexpr std::size_t read_bytes = 256 * 1024;  // at once: a batch of replies

}  // namespace

void ProcessSession::enqueue(FrameKind kind, std::uint64_t serial, std::span<const std::uint8_t> payload) {
    std::vector<std::uint8_t> frame;
    frame.reserve(frame_header_bytes + payload.size());
    append_frame(frame, kind, serial, payload);
    waiting_.push_back(std::move(frame));
}

bool ProcessSession::send(std::uint64_t serial, const Case& value) {
    if (spent_) return false;
    const std::vector<std::uint8_t> payload = encode(value);
    enqueue(FrameKind::play, serial, payload);
    sent_.push_back({serial, waiting_.back().size()});
    write_some();
    return !deaf_;
}

// Moves frames to the wire as far as the window allows (one always may), and writes what the pipe takes.
void ProcessSession::write_some() {
    while (!waiting_.empty() && (in_flight_ == 0 || in_flight_ + waiting_.front().size() <= command_.in_flight_bytes)) {
        const std::vector<std::uint8_t>& frame = waiting_.front();
        wire_.insert(wire_.end(), frame.begin(), frame.end());
        in_flight_ += frame.size();
        waiting_.pop_front();
    }
    while (wire_used_ < wire_.size() && !deaf_) {
        const ssize_t wrote = ::write(in_, wire_.data() + wire_used_, wire_.size() - wire_used_);
        if (wrote > 0)
            wire_used_ += static_cast<std::size_t>(wrote);
        else if (wrote < 0 && errno == EAGAIN)
            return;
        else if (wrote < 0 && errno != EINTR)
            deaf_ = true;
    }
    wire_.clear();
    wire_used_ = 0;
}

bool ProcessSession::read_some() {
    thread_local std::array<std::uint8_t, read_bytes> buffer;
    if (silent_) return false;
    const ssize_t got = ::read(out_, buffer.data(), buffer.size());
    if (got > 0) {
        reader_.add(std::span(buffer.data(), static_cast<std::size_t>(got)));
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) silent_ = true;
    return false;
}

void ProcessSession::read_diagnosis() {
    std::array<char, 4096> buffer;
    for (ssize_t got; diagnosis_ >= 0 && (got = ::read(diagnosis_, buffer.data(), buffer.size())) >= 0;) {
        if (got == 0) {
            ::close(diagnosis_);
            diagnosis_ = -1;
            return;
        }
        tail_.append(buffer.data(), static_cast<std::size_t>(got));
        if (tail_.size() > tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
    }
}

// Waits until there is something to read, or to write: both, so that a full reply pipe and a full request pipe never
// wait for each other.
void ProcessSession::wait_for_bytes(std::chrono::milliseconds time) {
    std::array<pollfd, 3> polled{{{out_, POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}}};
    if (wire_used_ < wire_.size() && !deaf_) polled[1] = {in_, POLLOUT, 0};
    if (diagnosis_ >= 0) polled[2] = {diagnosis_, POLLIN, 0};
    const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(std::max<std::int64_t>(time.count(), 0)));
    if (ready <= 0) return;
    if (polled[1].revents != 0) write_some();
    if (polled[2].revents != 0) read_diagnosis();
}

std::optional<Reply> ProcessSession::next_reply() {
    Expected<std::optional<Frame>> taken = reader_.take();
    if (!taken) return died("its stream is corrupt: " + taken.error());
    if (!*taken) {
        if (silent_) return died("");
        return std::nullopt;
    }
    const Frame& frame = **taken;
    if (sent_.empty() || sent_.front().serial != frame.serial) return died("it answered what was not asked");
    in_flight_ -= std::min(in_flight_, sent_.front().bytes);
    sent_.pop_front();
    if (!waiting_.empty()) write_some();
    Reply reply;
    reply.serial = frame.serial;
    if (frame.kind == FrameKind::refused) {
        reply.kind = Reply::Kind::refused;
        reply.why.assign(frame.payload.begin(), frame.payload.end());
        return reply;
    }
    if (frame.kind != FrameKind::history) return died("it sent a frame of a kind that answers no case");
    Expected<History> history = decode_history(frame.payload);
    if (!history) return died("its history does not decode: " + history.error());
    reply.kind = Reply::Kind::played;
    reply.history = std::move(*history);
    return reply;
}

// Who gets no processor is not silent for that: what it waited for one comes on top of its time, up to a bound.
std::optional<Reply> ProcessSession::receive(std::chrono::milliseconds time_limit) {
    using std::chrono::milliseconds, std::chrono::steady_clock;
    const auto began = steady_clock::now();
    std::optional<milliseconds> waited_before;
    milliseconds lacked{0};
    if (spent_) return died("it is gone");
    for (;;) {
        if (std::optional<Reply> reply = next_reply()) return reply;
        if (read_some()) continue;
        if (silent_) continue;
        const auto left = [&] {
            return std::chrono::ceil<milliseconds>(began + time_limit + lacked - steady_clock::now());
        };
        if (left().count() <= 0 && waited_before)
            lacked = std::min(waited_for_processor(child_) - *waited_before, time_limit * most_patience);
        if (left().count() <= 0) return std::nullopt;
        wait_for_bytes(waited_before ? left() : std::min(left(), usual_silence));
        const bool long_silent = steady_clock::now() - began >= usual_silence;
        if (!waited_before && long_silent) waited_before = waited_for_processor(child_);
    }
}

}  // namespace crosstalk
