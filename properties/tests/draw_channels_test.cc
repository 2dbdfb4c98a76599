// What drawn programs on connected sockets keep: they make sense, use every verb, and show each boundary value.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "mechanisms/catalog.h"
#include "mechanisms/trial.h"
#include "properties/clauses/binds.h"
#include "properties/draw.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

template <class Each>
void for_each_case(std::string_view mechanism, std::size_t cases, Each&& each) {
    const MechanismId id = *mechanism_named(mechanism);
    for (std::size_t i = 0; i < cases; ++i) {
        Dice dice(i);
        const auto property = static_cast<PropertyId>(i % property_names.size());
        const auto fault = static_cast<FaultId>(i / property_names.size() % faults().size());
        each(draw_channels(dice, Commission{property, id, fault, Ground{}}));
    }
}

// Whatever it can show.
std::vector<Trial> trials_of(const Mechanism& mechanism) {
    using enum Trial;
    if (binds::udp(mechanism))
        return {no_destination, unconnected_shutdown, third_sender,   closed_port,
                changed_peer,   several_messages,     limited_restart};
    if (!binds::socket_pairs(mechanism)) return {};
    std::vector<Trial> trials{several_ids, many_in_flight, lost_cycle, kept_cycle, limited_restart};
    if (binds::record_pairs(mechanism)) trials.insert(trials.end(), {several_messages, peek_behind});
    if (binds::datagram_pairs(mechanism))
        trials.insert(trials.end(), {third_sender, full_queue, changed_peer, automatic_name});
    return trials;
}

class DrawnChannels : public testing::TestWithParam<const char*> {};

bool is_of_addresses(Verb verb) {
    return names_address(verb) || verb == Verb::listen || verb == Verb::accept || verb == Verb::unlink;
}

TEST_P(DrawnChannels, MakeSense) {
    std::set<std::string> wrong;
    for_each_case(GetParam(), 20'000, [&](const Case& value) { wrong.insert(why_not(value)); });
    EXPECT_EQ(wrong, std::set<std::string>{""});
}

TEST_P(DrawnChannels, ShowEachVerbAndEachBoundary) {
    std::map<std::string, int> seen;
    const bool is_tcp = std::string_view(GetParam()).starts_with("tcp"),
               is_sctp = std::string_view(GetParam()).starts_with("sctp");
    std::set<Verb> verbs;
    const auto note = [&](bool shown, const std::string& name) { seen[name] += shown; };
    for_each_case(GetParam(), 20'000, [&](const Case& value) {
        const std::uint64_t asked = value.program.objects[0].asked.capacity_bytes;
        const std::uint64_t largest = mechanism_of(value.program.objects[0].mechanism).facts.most_record_bytes;
        // The doubled SO_SNDBUF, of unix(7) less 32 bytes, of SCTP at least Linux's minimum.
        const std::uint64_t limit = is_sctp ? std::max<std::uint64_t>(2 * asked, 4608) : 2 * asked - 32;
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) {
                verbs.insert(step.verb);
                const std::uint64_t bytes = step.buffer.bytes;
                const bool sends = step.verb == Verb::send, receives = step.verb == Verb::recv;
                for (const Trial trial : trials_of(mechanism_of(value.program.objects[0].mechanism)))
                    note(step.verb == Verb::trial && step.value == static_cast<std::int64_t>(trial),
                         "trial " + std::to_string(static_cast<int>(trial)));
                if (binds::urgent_streams(mechanism_of(value.program.objects[0].mechanism))) {
                    const std::int64_t option = step.value & 0xff;
                    note(sends && step.flags & flag_urgent, "an urgent byte");
                    note(receives && step.flags & flag_urgent && step.flags & flag_peek, "a look at an urgent byte");
                    note(step.verb == Verb::get_option && option == static_cast<std::int64_t>(SocketOption::at_mark),
                         "SIOCATMARK");
                    note(step.verb == Verb::set_option &&
                             option == static_cast<std::int64_t>(SocketOption::urgent_inline),
                         "SO_OOBINLINE");
                    note(step.verb == Verb::poll && step.value & poll_pri, "POLLPRI");
                }
                note(sends && bytes == 0, "a send of nothing"), note(sends && bytes == 1, "a send of a byte");
                if (asked != 0 && value.program.objects.size() == 1)
                    for (const std::int64_t beyond : {-1, 0, 1})
                        note(sends && bytes == limit + static_cast<std::uint64_t>(beyond),
                             "a send of the limit " + std::to_string(beyond));
                for (const std::int64_t beyond : {-1, 0, 1})
                    if (largest != 0)
                        note(sends && bytes == largest + static_cast<std::uint64_t>(beyond),
                             "a send of the largest datagram " + std::to_string(beyond));
                note(sends && bytes > 16'384, "a large send");
                note(sends && step.flags & flag_no_signal, "MSG_NOSIGNAL");
                note(receives && step.flags & flag_peek, "MSG_PEEK");
                note(receives && step.flags & flag_wait_all, "MSG_WAITALL");
                note(receives && !(step.flags & flag_nonblock), "a receive that may sleep");
                for (const std::int64_t way : {0, 1, 2})
                    note(step.verb == Verb::shutdown && step.value == way, "shutdown " + std::to_string(way));
                for (const std::int64_t buffer : {1, 1024, 2303, 2304, 212'992, 1 << 20})
                    note(step.verb == Verb::set_option && step.value >> 8 == buffer,
                         "SO_SNDBUF " + std::to_string(buffer));
                note(is_sctp || (sends && step.buffer.segments > 1), "several parts");
                note(is_sctp || step.timeout_ns > 0, "a time limit");
                note(step.verb == Verb::shutdown && step.value == 3, "shutdown in no direction");
                const bool records = mechanism_of(value.program.objects[0].mechanism).facts.keeps_boundaries;
                if ((records || is_tcp) && !is_sctp) note(receives && step.flags & flag_real_length, "MSG_TRUNC");
                if (records && !is_sctp) {
                    note(sends && step.flags & flag_ends, "MSG_EOR");
                    if (largest != 65'527) note(sends && step.flags & flag_urgent, "MSG_OOB");  // not over IPv6
                }
                if (offers(mechanism_of(value.program.objects[0].mechanism), Verb::create)) {
                    for (const std::int64_t copies : {0, 1, 252, 253, 254})
                        note(sends && step.uses[1] != no_slot && step.value == copies,
                             "copies of a descriptor " + std::to_string(copies));
                    note(receives && step.makes[0] != no_slot && step.flags & flag_cloexec, "MSG_CMSG_CLOEXEC");
                    note(receives && step.makes[2] != no_slot, "room for three descriptors");
                    note(sends && step.value == 256 * static_cast<std::int64_t>(Credentials::own), "credentials");
                    note(receives && step.flags & flag_control, "room for credentials");
                }
                if (!is_tcp) continue;
                note(sends && step.flags & flag_more, "MSG_MORE");
                for (const SocketOption option :
                     {SocketOption::linger, SocketOption::no_delay, SocketOption::cork, SocketOption::quick_ack})
                    note(step.verb == Verb::set_option && (step.value & 0xff) == static_cast<std::int64_t>(option),
                         "option " + std::to_string(static_cast<int>(option)));
            }
    });
    for (const auto& [name, times] : seen) EXPECT_GT(times, 0) << name;
    for (const Verb verb : mechanism_of(*mechanism_named(GetParam())).verbs)
        EXPECT_TRUE(verbs.contains(verb) || verb == Verb::nothing || is_of_addresses(verb)) << sheet_of(verb).name;
}

INSTANTIATE_TEST_SUITE_P(Kinds, DrawnChannels,
                         testing::Values("unix-stream", "unix-seqpacket", "unix-dgram", "tcp4", "udp4", "udp6",
                                         "sctp4-stream"),
                         [](const auto& tested) {
                             std::string name = tested.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace crosstalk::draw
