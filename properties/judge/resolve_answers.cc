// Trials: what the sockets of one step were answered, against what the documents say they are. Nothing else can see
// them, so that all is judged at once. What datagrams may lose is asked of nobody.
#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"
#include "properties/judge/trials.h"

namespace crosstalk::judging {
namespace {

constexpr std::int64_t whatever = 0;  // or none: fewer answers were due
constexpr std::int64_t one = saw(1), none = saw(0);

// The answers that are right, in their order.
struct Answers {
    Trial trial;
    bool (*of)(const Mechanism&);
    ClauseId clause;
    std::array<std::int64_t, most_answers> wanted;
};
constexpr Answers right_answers[] = {
    {Trial::no_destination,
     binds::udp4,
     clause("UDP-SEND-1"),
     {failed_with(Errno::EDESTADDRREQ_), failed_with(Errno::EACCES_)}},
    {Trial::no_destination, binds::udp, clause("UDP-SEND-1"), {failed_with(Errno::EDESTADDRREQ_)}},
    {Trial::unconnected_shutdown,
     binds::udp,
     clause("UDP-SHUT-1"),
     {failed_with(Errno::ENOTCONN_), failed_with(Errno::ENOTCONN_), failed_with(Errno::ENOTCONN_)}},
    {Trial::third_sender, binds::udp, clause("UDP-CONN-1"), {whatever, none}},
    {Trial::third_sender, binds::datagram_pairs, clause("UNIX-DGRAM-3"), {failed_with(Errno::EPERM_), none, one}},
    {Trial::closed_port, binds::udp, clause("UDP-CONN-3"), {one, none, one, failed_with(Errno::EAGAIN_)}},
    {Trial::changed_peer,
     binds::udp,
     clause("SOCK-CONN-3"),
     {none, none, failed_with(Errno::EDESTADDRREQ_), whatever, whatever, none}},
    {Trial::changed_peer,
     binds::datagram_pairs,
     clause("SOCK-CONN-3"),
     {none, none, failed_with(Errno::ENOTCONN_), one, one, none}},
    {Trial::full_queue, binds::datagram_pairs, clause("UNIX-DGRAM-2"), {failed_with(Errno::EAGAIN_)}},
    {Trial::automatic_name, binds::datagram_pairs, clause("UNIX-NAME-6"), {saw(6), none, saw(6)}},
    {Trial::automatic_name, binds::connected_pairs, clause("UNIX-NAME-6"), {saw(6), none}},
    {Trial::several_messages,
     binds::udp,
     clause("SOCK-SENDMSG-2"),
     {saw(3), whatever, one, one, failed_with(Errno::EMSGSIZE_)}},
    {Trial::several_messages,
     binds::record_pairs,
     clause("SOCK-SENDMSG-2"),
     {saw(3), saw(3), one, one, failed_with(Errno::EMSGSIZE_)}},
    {Trial::several_ids,
     binds::socket_pairs,
     clause("UNIX-CRED-3"),
     {one, one, one, failed_with(Errno::EPERM_), one, failed_with(Errno::EPERM_)}},
    {Trial::many_in_flight, binds::socket_pairs, clause("UNIX-RIGHTS-9"), {failed_with(Errno::ETOOMANYREFS_)}},
    {Trial::lost_cycle, binds::socket_pairs, clause("UNIX-RIGHTS-10"), {one}},
    {Trial::kept_cycle,
     binds::socket_pairs,
     clause("UNIX-RIGHTS-10"),
     {failed_with(Errno::EAGAIN_), saw(2), one, one, one}},
    {Trial::limited_restart, binds::udp, clause("SIG-SOCK-2"), {failed_with(Errno::EINTR_)}},
    {Trial::limited_restart,
     binds::socket_pairs,
     clause("SIG-SOCK-2"),
     {failed_with(Errno::EINTR_), whatever, failed_with(Errno::EINTR_)}},
    {Trial::limited_restart, binds::limited_sockets, clause("SIG-SOCK-1"), {whatever, one}},
    {Trial::peek_behind, binds::record_pairs, clause("UNIX-PEEKOFF-2"), {one, one, one, one, one}},
};

std::string text_of(std::int64_t answer) {
    if (answer >= succeeded) return fmt::format("{}", answer - succeeded);
    return std::string(name_of(static_cast<Errno>(answer)));
}

// What is no single right answer: "" if it is right.
std::string wrong_with_counts(Trial trial, std::int64_t answers) {
    const auto count = [&](int at) { return answer_at(answers, at) - succeeded; };
    if (trial == Trial::many_in_flight && count(1) > 1)
        return fmt::format("{} messages of 4 descriptors were in flight, and 3 may be", count(1));
    if (trial != Trial::full_queue) return "";
    // A buffer of the usual size holds some 250 of them.
    constexpr std::int64_t surely_fit = 60;
    const std::int64_t one_way = count(1), limit = count(2), mutual = count(3);
    if (one_way < 1) return "an empty queue took nothing";
    if (limit < most_seen && one_way > limit + 1)
        return fmt::format("{} datagrams were queued, and the limit is {}", one_way, limit);
    if (limit < surely_fit && mutual <= limit + 1)
        return fmt::format("mutual peers were held up after {} datagrams", mutual);
    return "";
}

}  // namespace

void add_answers(const Mechanism& mechanism, std::vector<TrialUse>& uses) {
    for (const Answers& right : right_answers)
        if (right.of(mechanism)) uses.push_back({right.trial, right.clause});
}

void Resolver::answers(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0 || event.error != Errno::none) return;  // it could not be played: nothing is known
    const bool disturbed = std::ranges::any_of(signals_, [&](std::uint32_t s) {
        const Event& signal = history_.events[s];
        return signal.actor == event.actor && signal.began > event.began && signal.began < event.ended;
    });
    if (disturbed) return;
    const Mechanism& mechanism = mechanism_of(value_.program.objects[operation.object].mechanism);
    const auto trial = static_cast<Trial>(operation.value);
    bool judged = false;  // by the first row of its kind; SIG-SOCK-1 stands beside another
    for (const Answers& right : right_answers) {
        const bool beside = right.clause == clause("SIG-SOCK-1");
        if (right.trial != trial || !right.of(mechanism) || (judged && !beside)) continue;
        judged = true;
        for (int at = 0; at < most_answers; ++at) {
            const std::int64_t wanted = right.wanted[static_cast<std::size_t>(at)], got = answer_at(event.value, at);
            if (wanted == whatever || wanted == got) continue;
            const bool errors = wanted < succeeded || got < succeeded;
            const auto name = [](std::int64_t answer) { return answer < succeeded ? text_of(answer) : "none"; };
            return breach(right.clause, errors ? Reason::wrong_errno : Reason::wrong_value,
                          errors ? name(got) + "/" + name(wanted) : "", index,
                          fmt::format("answer {} of the trial is {}, not {}", at, text_of(got), text_of(wanted)));
        }
        if (std::string wrong = wrong_with_counts(trial, event.value); !wrong.empty())
            return breach(right.clause, Reason::wrong_count, "", index, std::move(wrong));
        weigh(right.clause);
    }
}

}  // namespace crosstalk::judging
