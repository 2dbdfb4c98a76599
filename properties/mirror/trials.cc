// Trials of sockets (mechanisms/trial.h): what a system that keeps its promises shows in each. They are played on
// nothing, since nobody else sees what they make; what is not told here cannot be tried out, and says so.
#include "mechanisms/trial.h"

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t yes = saw(1), nothing_seen = saw(0);
constexpr std::int64_t name_bytes = 6;  // of a name that the system chooses: unix(7), Autobind

template <class... Answers>
constexpr std::int64_t told(Answers... answers) {
    std::int64_t packed = 0;
    int at = 0;
    ((packed |= answers << (8 * at++)), ...);
    return packed;
}
constexpr std::int64_t all_so(int count) { return (1 << count) - 1; }

enum Of : std::uint8_t {
    of_streams = 1,
    of_seqpackets = 2,
    of_datagrams = 4,
    of_connected = 3,
    of_records = 6,
    of_all = 7
};

struct Shown {
    Trial trial;
    std::uint8_t of;
    std::int64_t value = 0;
    Errno error = Errno::none;
};
constexpr Shown shown[] = {
    {Trial::third_sender, of_datagrams, told(failed_with(Errno::EPERM_), nothing_seen, yes)},
    {Trial::changed_peer, of_datagrams,
     told(nothing_seen, nothing_seen, failed_with(Errno::ENOTCONN_), yes, yes, nothing_seen)},
    {Trial::full_queue, of_datagrams, told(failed_with(Errno::EAGAIN_), saw(11), saw(10), saw(most_seen))},
    {Trial::automatic_name, of_datagrams, told(saw(name_bytes), nothing_seen, saw(name_bytes))},
    {Trial::automatic_name, of_connected, told(saw(name_bytes), nothing_seen)},
    {Trial::several_messages, of_records, told(saw(3), saw(3), yes, yes, failed_with(Errno::EMSGSIZE_))},
    {Trial::several_ids, of_all, 0, Errno::EPERM_},  // its user has one id only
    {Trial::many_in_flight, of_all, told(failed_with(Errno::ETOOMANYREFS_), yes)},
    {Trial::lost_cycle, of_all, told(yes)},
    {Trial::kept_cycle, of_all, told(failed_with(Errno::EAGAIN_), saw(2), yes, yes, yes)},
    {Trial::limited_restart, of_all, told(failed_with(Errno::EINTR_), yes, failed_with(Errno::EINTR_))},
    {Trial::peek_behind, of_records, told(yes, yes, yes, yes, yes)},
    {Trial::unknown_domain, of_connected, 0, Errno::EAFNOSUPPORT_},
    {Trial::unknown_type, of_connected, 0, Errno::ESOCKTNOSUPPORT_},
    {Trial::unknown_protocol, of_connected, 0, Errno::EPROTONOSUPPORT_},
    {Trial::cut_name, of_connected, all_so(2)},
    {Trial::bad_length, of_connected, 0, Errno::EINVAL_},
    {Trial::backlogs, of_connected, all_so(1)},
    {Trial::low_water, of_streams, all_so(3)},
    {Trial::file_of_name, of_connected, all_so(3)},
    {Trial::longest_name, of_connected, all_so(2)},
    {Trial::no_name, of_connected, all_so(2)},
    {Trial::abstract_names, of_connected, all_so(3)},
    {Trial::forbidden_name, of_connected, 0, Errno::EACCES_},
    {Trial::moved_name, of_connected, all_so(1)},
    {Trial::closed_unaccepted, of_connected, 0, Errno::ECONNRESET_},
};

}  // namespace

Effect Play::try_out(const Operation& operation) {
    const Facts& facts = mechanism_of(value_.program.objects[operation.object].mechanism).facts;
    const std::uint8_t ours = !facts.keeps_boundaries              ? of_streams
                              : facts.dead_peer == DeadPeer::reset ? of_seqpackets
                                                                   : of_datagrams;
    const auto trial = static_cast<Trial>(operation.value);
    const bool otherwise = (trial == Trial::third_sender && lies(Lie::third_sender_heard)) ||
                           (trial == Trial::limited_restart && lies(Lie::limited_restarts));
    if (otherwise) return {.value = told(yes, yes, yes)};
    for (const Shown& each : shown)
        if (each.trial == trial && (each.of & ours) != 0)
            return each.error != Errno::none ? fails(each.error) : Effect{.value = each.value};
    return fails(Errno::ENOSYS_);
}

}  // namespace crosstalk::mirror
