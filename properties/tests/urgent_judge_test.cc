// The urgent byte against histories that no kernel made: a stream that keeps its promises is never accused, and one
// that breaks a promise is found out. Plain on purpose: it shares nothing with judge/resolve_urgent.cc.
#include <gtest/gtest.h>

#include <random>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"
#include "properties/judge.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

enum class Breaks : std::uint8_t { nothing, stop, once, mark, older, in_line };

struct Played {
    Case value;
    History history;
};

class Stream {
  public:
    Stream(std::uint64_t seed, std::string_view mechanism, Breaks breaks) : random_(seed), breaks_(breaks) {
        Program& program = played_.value.program;
        program.objects.push_back({*mechanism_named(mechanism), {}});
        program.actors.push_back({ActorKind::pooled, 0, 0, {0, 1}, {}});
    }

    Played play() {
        is_inline_ = below(3) == 0 || breaks_ == Breaks::in_line;
        if (is_inline_) {
            Operation option = on(Verb::set_option, 1);
            option.value = static_cast<std::int64_t>(SocketOption::urgent_inline) + 256;
            answer(option, 0);
        }
        if (breaks_ == Breaks::in_line) is_inline_ = false;
        for (std::uint64_t steps = 6 + below(24); steps > 0; --steps) move();
        return std::move(played_);
    }

  private:
    struct Byte {
        std::uint8_t value;
        bool mark = false;
    };
    std::uint64_t below(std::uint64_t count) { return random_() % count; }
    static Operation on(Verb verb, Slot slot) {
        Operation step;
        step.verb = verb, step.uses[0] = slot;
        return step;
    }
    std::size_t mark() const {
        std::size_t at = 0;
        while (at < unread_.size() && !unread_[at].mark) ++at;
        return at;
    }
    bool at_mark() const { return !unread_.empty() && unread_[0].mark; }

    void answer(const Operation& step, std::int64_t result, Errno error = Errno::none, std::int64_t value = 0,
                const std::vector<std::uint8_t>& bytes = {}) {
        std::vector<Operation>& steps = played_.value.program.actors[0].steps;
        Event event;
        event.step = static_cast<StepId>(steps.size());
        steps.push_back(step);
        event.verb = step.verb;
        event.began = now_++, event.ended = now_++;
        event.result = result, event.error = error, event.value = value;
        const bool whole = error == Errno::none && static_cast<std::uint64_t>(result) == step.buffer.bytes;
        event.times = !sheet_of(step.verb).moves_bytes() || whole ? 1 : 0;
        if (!bytes.empty()) {
            event.first_run = static_cast<std::uint32_t>(played_.history.runs.size()), event.run_count = 1;
            played_.history.runs.push_back({RunKind::raw, 0, 0, static_cast<std::uint32_t>(played_.history.raw.size()),
                                            static_cast<std::uint32_t>(bytes.size())});
            played_.history.raw.insert(played_.history.raw.end(), bytes.begin(), bytes.end());
        }
        played_.history.events.push_back(event);
    }

    void move() {
        switch (below(6)) {
            case 0: return send(false);
            case 1: return send(true);
            case 2: return take_urgent();
            case 3: {
                Operation step = on(Verb::get_option, 1);
                step.value = static_cast<std::int64_t>(SocketOption::at_mark);
                return answer(step, at_mark() != (breaks_ == Breaks::mark));
            }
            default: return receive();
        }
    }

    void send(bool urgent) {
        if (urgent && mark() < unread_.size() && (taken_ || at_mark())) return;  // systems differ
        Operation step = on(Verb::send, 0);
        step.flags = static_cast<std::uint16_t>(flag_nonblock | (urgent ? flag_urgent : 0));
        step.buffer.bytes = 1 + below(4);
        if (sent_ + step.buffer.bytes > 250) return;
        if (urgent && mark() < unread_.size()) {
            const std::size_t older = mark();
            unread_[older].mark = false;
            if (breaks_ == Breaks::older) unread_.erase(unread_.begin() + static_cast<std::ptrdiff_t>(older));
        }
        for (std::uint64_t i = 0; i < step.buffer.bytes; ++i) unread_.push_back({static_cast<std::uint8_t>(sent_++)});
        if (urgent) unread_.back().mark = true, taken_ = false;
        answer(step, static_cast<std::int64_t>(step.buffer.bytes));
    }

    void take_urgent() {
        Operation step = on(Verb::recv, 1);
        step.flags = flag_nonblock | flag_urgent;
        step.buffer.bytes = 1;
        if (mark() == unread_.size() || taken_ || is_inline_) return answer(step, -1, Errno::EINVAL_);
        taken_ = breaks_ != Breaks::once;
        answer(step, 1, Errno::none, message_urgent, {unread_[mark()].value});
    }

    void receive() {
        Operation step = on(Verb::recv, 1);
        step.flags = flag_nonblock;
        step.buffer.bytes = 1 + below(9);
        if (at_mark()) {
            if (is_inline_)
                unread_[0].mark = false;
            else
                unread_.erase(unread_.begin());
        }
        std::vector<std::uint8_t> got;
        while (got.size() < step.buffer.bytes && !unread_.empty()) {
            if (unread_[0].mark && breaks_ != Breaks::stop) break;
            if (!unread_[0].mark || is_inline_) got.push_back(unread_[0].value);
            unread_.erase(unread_.begin());
        }
        if (got.empty()) return answer(step, -1, Errno::EAGAIN_);
        answer(step, static_cast<std::int64_t>(got.size()), Errno::none, 0, got);
    }

    std::mt19937_64 random_;
    Breaks breaks_;
    Played played_;
    std::vector<Byte> unread_;
    bool taken_ = false, is_inline_ = false;
    std::uint64_t sent_ = 0;
    Stamp now_ = 2;
};

Verdict judged(std::uint64_t seed, std::string_view mechanism, Breaks breaks) {
    const Played played = Stream(seed, mechanism, breaks).play();
    return judge(played.value, played.history, Environment{}, {});
}

TEST(UrgentByte, IsNeverAccusedWhereAStreamKeepsItsPromises) {
    for (const char* mechanism : {"unix-stream", "tcp4"})
        for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
            const Verdict verdict = judged(seed, mechanism, Breaks::nothing);
            ASSERT_EQ(verdict.answer, Answer::holds) << mechanism << " seed " << seed << ": " << told(verdict);
        }
}

TEST(UrgentByte, IsFoundOutWhereAStreamBreaksOne) {
    for (const char* mechanism : {"unix-stream", "tcp4"})
        for (const Breaks breaks : {Breaks::stop, Breaks::once, Breaks::mark, Breaks::older, Breaks::in_line}) {
            int found = 0;
            for (std::uint64_t seed = 0; seed < 1'000; ++seed)
                found += judged(seed, mechanism, breaks).answer == Answer::violated;
            EXPECT_GT(found, 20) << mechanism << " promise " << static_cast<int>(breaks);
        }
}

}  // namespace
}  // namespace crosstalk
