// Trials of sockets: one row each, and all is judged at once, since nobody else has a hand in them.
#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"
#include "properties/judge/trial_calls.h"
#include "properties/judge/trials.h"

namespace crosstalk::judging {
namespace {

using enum Errno;

constexpr TrialSheet sheets[] = {
    {Trial::unknown_domain, clause("SOCK-NEW-1"), binds::listeners, "a socket of domain 250", {EAFNOSUPPORT_}},
    {Trial::unknown_type,
     clause("SOCK-NEW-1"),
     binds::listeners,
     "a socket of type SOCK_RDM",
     {ESOCKTNOSUPPORT_, EPROTONOSUPPORT_, EINVAL_, EPROTOTYPE_}},
    {Trial::unknown_protocol,
     clause("SOCK-NEW-1"),
     binds::listeners,
     "a socket of a protocol of another type",
     {EPROTONOSUPPORT_, EINVAL_}},
    {Trial::pair_elsewhere, clause("SOCK-NEW-1"), binds::tcp, "a socketpair of it", {EOPNOTSUPP_, EPROTONOSUPPORT_}},
    {Trial::cut_name,
     clause("SOCK-ACCEPT-4"),
     binds::listeners,
     "accept with room for 1 byte of a name",
     {},
     {"the real length is told", "nothing is written behind the room"}},
    {Trial::bad_length, clause("SOCK-ACCEPT-4"), binds::listeners, "accept with a length of -1", {EINVAL_}},
    {Trial::backlogs,
     clause("SOCK-LISTEN-1"),
     binds::listeners,
     "listen with backlogs of -1, 0, 1, SOMAXCONN and above",
     {},
     {"with one above 0 somebody connects, and is accepted"}},
    {Trial::low_water,
     clause("SOCK-LOWAT-1"),
     binds::socket_streams,
     "SO_RCVLOWAT of 0, 1, the buffer and above",
     {},
     {"with 0 and 1 a byte is received", "with the buffer's size a receive sleeps for its time limit",
      "the end of file ends such a sleep"}},
    {Trial::any_port,
     clause("INET-BIND-1"),
     binds::tcp,
     "bind to port 0",
     {},
     {"the port is in ip_local_port_range", "two sockets get two ports"}},
    {Trial::foreign_address, clause("INET-BIND-2"), binds::tcp, "bind to an address of no host", {EADDRNOTAVAIL_}},
    {Trial::taken_port, clause("INET-BIND-2"), binds::tcp, "bind to the port of another socket", {EADDRINUSE_}},
    {Trial::low_port, clause("INET-BIND-2"), binds::tcp, "bind to port 1021 without CAP_NET_BIND_SERVICE", {EACCES_}},
    {Trial::reused_address,
     clause("INET-BIND-3"),
     binds::tcp,
     "with SO_REUSEADDR, bind to a port where somebody listens",
     {EADDRINUSE_},
     {"before anybody listened it was bound to once more"}},
    {Trial::shared_port,
     clause("INET-BIND-3"),
     binds::tcp,
     "bind to a port that two sockets share by SO_REUSEPORT, without it",
     {EADDRINUSE_},
     {"the two were bound", "both listen"}},
    {Trial::both_families,
     clause("INET-BIND-4"),
     binds::tcp6,
     "bind over IPv4 to the port of an IPv6 wildcard",
     {EADDRINUSE_}},
    {Trial::one_family, clause("INET-BIND-4"), binds::tcp6,
     "bind over IPv4 to the port of an IPv6 wildcard that has IPV6_V6ONLY"},
    {Trial::mapped_address,
     clause("INET-V6-1"),
     binds::tcp6,
     "accept of a connection over IPv4",
     {},
     {"its peer's address is mapped", "its own address is mapped"}},
    {Trial::lingering_port,
     clause("TCP-CLOSE-5"),
     binds::tcp,
     "bind to the port of a connection that was closed there first",
     {EADDRINUSE_},
     {"with SO_REUSEADDR it is bound"}},
    {Trial::after_refusal,
     clause("TCP-CONN-3"),
     binds::tcp,
     "connect of a new socket after a refusal, to where somebody listens by now",
     {},
     {"before that connect was refused"}},
    {Trial::told_once,
     clause("SOCK-ERR-2"),
     binds::tcp,
     "recv after a connect that went on and was refused",
     {ECONNREFUSED_},
     {"SO_ERROR is 0 afterwards"}},
    {Trial::met_halfway,
     clause("TCP-CONN-4"),
     binds::tcp,
     "two sockets connect to each other: SO_ERROR",
     {},
     {"a byte goes from the first to the second", "a byte goes from the second to the first"}},
    {Trial::met_itself, clause("TCP-CONN-4"), binds::tcp, "connect to its own address", {}, {"a byte comes back"}},
    {Trial::interrupted,
     clause("SOCK-CONN-2"),
     binds::tcp,
     "connect, sleeping, as a signal comes",
     {},
     {"it says EINTR", "it is connected later, and SO_ERROR is 0", "a byte arrives"}},
    {Trial::reset_unaccepted,
     clause("TCP-ACC-1"),
     binds::tcp,
     "accept of a connection that its peer has reset",
     {},
     {"it says ECONNABORTED, or a recv ECONNRESET"}},
    {Trial::aborted,
     clause("SOCK-LINGER-1"),
     binds::tcp,
     "recv after the peer has closed with SO_LINGER of 0 seconds",
     {ECONNRESET_}},
    {Trial::delivered,
     clause("SOCK-LINGER-1"),
     binds::tcp,
     "close with SO_LINGER of 5 seconds",
     {},
     {"what was sent is there when it returns", "an end of file comes behind it"}},
    {Trial::file_of_name,
     clause("UNIX-BIND-2"),
     binds::local_listeners,
     "bind under umask 027",
     {},
     {"the file is a socket", "its mode is 0750", "it is there after close"}},
    {Trial::longest_name,
     clause("UNIX-NAME-2"),
     binds::local_listeners,
     "bind to 108 bytes of a name",
     {},
     {"its length is told as that of the structure and one more", "that of 107 bytes counts their null byte"}},
    {Trial::no_name,
     clause("UNIX-NAME-3"),
     binds::local_listeners,
     "getsockname of an unbound socket",
     {},
     {"the length is that of the family", "so is that of a peer's name"}},
    {Trial::abstract_names,
     clause("UNIX-NAME-7"),
     binds::local_listeners,
     "bind to a second name that differs from the first behind a null byte",
     {},
     {"a name of one byte is told so", "a connect finds it", "a byte comes from where it leads"}},
    {Trial::forbidden_name,
     clause("UNIX-CONN-2"),
     binds::local_listeners,
     "connect to a file of mode 0 without CAP_DAC_OVERRIDE",
     {EACCES_}},
    {Trial::moved_name,
     clause("UNIX-CONN-5"),
     binds::local_listeners,
     "connect to a path that was renamed",
     {},
     {"the old path is no more"}},
    {Trial::closed_unaccepted,
     clause("UNIX-CLOSE-3"),
     binds::local_listeners,
     "recv after the listening socket was closed",
     {ECONNRESET_}},
};

constexpr auto first = static_cast<std::size_t>(Trial::unknown_domain);
consteval bool in_order() {
    for (std::size_t i = 0; i < std::size(sheets); ++i)
        if (static_cast<std::size_t>(sheets[i].trial) != first + i) return false;
    return sheets[std::size(sheets) - 1].trial == Trial::closed_unaccepted;
}
static_assert(in_order(), "one row a trial, in the order of Trial");

}  // namespace

const TrialSheet& sheet_of(Trial trial) { return sheets[static_cast<std::size_t>(trial) - first]; }

void add_calls(const Mechanism& mechanism, std::vector<TrialUse>& uses) {
    for (const TrialSheet& sheet : sheets)
        if (sheet.of(mechanism)) uses.push_back({sheet.trial, sheet.clause});
}

// Its calls may be cut short by what strikes the case, and there may be no descriptor, or no port, left for them.
void Resolver::tried_call(const Event& event, std::uint32_t index, const Operation& operation) {
    const TrialSheet& sheet = sheet_of(static_cast<Trial>(operation.value));
    const bool hindered = event.error == EINTR_ || event.error == EMFILE_ || event.value < 0;
    if (event.ended == 0 || hindered || !sheet.of(mechanism_of(value_.program.objects[operation.object].mechanism)))
        return;
    const bool succeeds = sheet.errors[0] == none;
    if (succeeds ? event.error != none : std::ranges::find(sheet.errors, event.error) == sheet.errors.end())
        return breach(sheet.clause, Reason::wrong_errno,
                      fmt::format("{}/{}", event.error == none ? "none" : name_of(event.error),
                                  succeeds ? "none" : name_of(sheet.errors[0])),
                      index, fmt::format("{}: {}", sheet.asks, succeeds ? "it succeeds" : name_of(sheet.errors[0])));
    if (!succeeds && event.error == none)
        return breach(sheet.clause, Reason::wrong_errno, fmt::format("none/{}", name_of(sheet.errors[0])), index,
                      fmt::format("{}: {}", sheet.asks, name_of(sheet.errors[0])));
    for (std::size_t i = 0; i < sheet.yes.size(); ++i)
        if (!sheet.yes[i].empty() && !(event.value >> i & 1))
            return breach(sheet.clause, Reason::wrong_value, "", index, fmt::format("not so: {}", sheet.yes[i]));
    weigh(sheet.clause);
}

}  // namespace crosstalk::judging
