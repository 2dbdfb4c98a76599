// From verdict to question. See question.h.
#include "runners/emit/question.h"

#include <algorithm>

#include <fmt/format.h>

namespace crosstalk::emit {
namespace {

constexpr Stamp the_end = ~Stamp{0};

bool is_about_bytes(Reason reason) {
    return reason == Reason::torn || reason == Reason::lost || reason == Reason::doubled ||
           reason == Reason::reordered || reason == Reason::merged;
}

// Everything that had been called when the call in question returned belongs to what was seen.
Stamp until(const History& history, const Event& last) {
    if (last.ended == 0) return the_end;
    Stamp until = last.ended;
    for (const Event& event : history.events)
        if (event.kind == EventKind::call && event.began < last.ended) until = std::max(until, event.ended);
    return until;
}

// A merged write joined a page; the read after it shows that.
std::size_t shown_by(const History& history, std::size_t event) {
    for (std::size_t i = event + 1; i < history.events.size(); ++i)
        if (history.events[i].run_count > 0) return i;
    return event;
}

Expected<Question::Kind> kind_asked(const Event& event, Reason reason) {
    using enum Question::Kind;
    if (reason == Reason::crashed)
        return tl::unexpected(std::string("a crash of the target is not shown by a program"));
    if (reason == Reason::spinning) return spinning;
    if (event.kind == EventKind::signal) return signal;
    if (event.kind == EventKind::probe && event.object == leaked_descriptors) return leak;
    if (event.kind != EventKind::call)
        return tl::unexpected(fmt::format("what is in question is a {}, not a call", name_of(event.kind)));
    if (event.ended == 0 && reason != Reason::asleep)
        return tl::unexpected(std::string("the call in question never returned, and not because it slept"));
    return call;
}

}  // namespace

Expected<Question> question_of(const Recording& recorded, const Verdict& verdict) {
    const History& history = recorded.history;
    if (verdict.answer != Answer::holds && verdict.answer != Answer::violated)
        return tl::unexpected(fmt::format("it is {}: {}", name_of(verdict.answer), verdict.why));
    Question q;
    if (verdict.answer == Answer::violated) {
        q.clause = verdict.clause, q.reason = verdict.reason, q.event = verdict.event;
    } else if (!verdict.deviations.empty()) {
        const Deviation& first = verdict.deviations.front();
        q.clause = first.clause, q.reason = first.reason, q.event = first.event, q.accepted = true;
    } else {
        q.until = the_end;
        return q;
    }
    if (q.event >= history.events.size()) return tl::unexpected(std::string("its verdict names no event"));
    if (q.accepted && q.reason == Reason::merged) q.event = shown_by(history, q.event);
    const Event& event = history.events[q.event];
    const Expected<Question::Kind> kind = kind_asked(event, q.reason);
    if (!kind) return tl::unexpected(kind.error());
    q.kind = *kind;
    q.until = q.accepted || q.kind == Question::Kind::leak || q.kind == Question::Kind::spinning
                  ? the_end
                  : until(history, event);
    const auto runs = history.runs_of(event);
    const bool untold =
        event.truncated || std::ranges::any_of(runs, [](const Run& run) { return run.kind == RunKind::foreign; });
    if (is_about_bytes(q.reason) && untold && verdict.due.bytes.empty())
        return tl::unexpected(std::string("whose bytes it received was not recorded"));
    return q;
}

}  // namespace crosstalk::emit
