// Calls that burn the processor instead of moving or sleeping. Only a death by SIGXCPU tells: the agent's processes are
// sent it after half a second of computing at real-time priority without a sleep (setrlimit(2), RLIMIT_RTTIME). Other
// records of `spinning` (a storm of signals that was calmed, a case that reached its time limit) are no proof.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/judge/rules.h"

namespace crosstalk::judging {
namespace {

constexpr std::uint64_t honest_bytes = 64u << 20;  // copied in far less than half a second by any machine

// Bytes that an actor was to move altogether: what it may have computed for with good reason.
std::uint64_t bytes_of(const Actor& actor) {
    std::uint64_t sum = 0;
    for (const Operation& each : actor.steps)
        if (sheet_of(each.verb).moves_bytes())
            sum += std::min(honest_bytes, each.buffer.bytes) * std::max<std::uint32_t>(each.times, 1);
    return sum;
}

// The sentence that says when this call sleeps, or that it comes to an end.
ClauseId clause_of_verb(Verb verb) {
    switch (verb) {
        case Verb::write:
        case Verb::writev: return clause("PIPE-WRITE-6");
        case Verb::read:
        case Verb::readv: return clause("PIPE-READ-2");
        case Verb::splice:
        case Verb::tee:
        case Verb::vmsplice: return clause("PIPE-SPLICE-6");
        case Verb::poll: return clause("RDY-7");
        default: return clause("TARGET-ALIVE-1");
    }
}

}  // namespace

void check_spinning(const Subject& subject, std::vector<Breach>& breaches) {
    const History& history = *subject.history;
    const auto& actors = subject.value->program.actors;
    for (const Event& event : history.events) {
        if (event.kind != EventKind::spinning || bytes_of(actors[event.actor]) > honest_bytes) continue;
        const bool ended_for_it = std::ranges::any_of(history.events, [](const Event& death) {
            return death.kind == EventKind::death && death.signal == Signal::SIGXCPU_;
        });
        const auto call = std::ranges::find_if(history.events, [&](const Event& each) {
            return each.kind == EventKind::call && each.actor == event.actor && each.step == event.step &&
                   each.ended == 0;
        });
        if (!ended_for_it || call == history.events.end()) continue;
        breaches.push_back({clause_of_verb(call->verb),
                            Reason::spinning,
                            "",
                            static_cast<std::size_t>(call - history.events.begin()),
                            {"it computed for half a second without a sleep, and was ended for it"}});
    }
}

}  // namespace crosstalk::judging
