// Trials of the buffers of sockets (socket(7), SO_SNDBUF and SO_RCVBUF; unix(7)): one that grows while a sender sleeps,
// the least that may be asked for, and the one that UNIX sockets do not have.
#include <atomic>

#include "mechanisms/system/trial_cast.h"
#include "mechanisms/system/trial_sockets.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {

// A copy of the case's own descriptors would keep them open beyond their owner's end.
void let_go_of_copies() { kernel::call(SYS_close_range, 3, ~0u, 0); }

namespace {

// Two sockets of the mechanism's kind that are connected to each other.
class Two {
  public:
    explicit Two(const Call& call) : cast_(call) {
        if (call.mechanism->doors.beside != nullptr) {
            there_ = cast_.pair(ends_);
        } else {
            there_ = may_be_deaf(kind_of(call)) && connect_two(kind_of(call), connection_);
            ends_ = {connection_.client.number(), connection_.served.number()};
        }
    }
    bool there() const { return there_; }
    // What TCP's peer acknowledges makes room: it does so late, and here never.
    bool keep_room_from_growing() const { return !connection_.served || becomes_deaf(connection_.served); }
    int near() const { return ends_[0]; }
    int far() const { return ends_[1]; }

  private:
    Cast cast_;
    Connection connection_;
    std::array<int, 2> ends_{-1, -1};
    bool there_ = false;
};

constexpr std::size_t piece_bytes = 500;
long send_piece(int socket, int flags) {
    const char piece[piece_bytes] = "";
    return kernel::call(SYS_sendto, socket, piece, sizeof piece, flags | MSG_NOSIGNAL, nullptr, 0);
}

// How many go until the next would have to wait.
int pieces_taken(int socket) {
    constexpr int most = 100'000;
    int taken = 0;
    while (taken < most && send_piece(socket, MSG_DONTWAIT) > 0) ++taken;
    return taken;
}

long reads_back(int socket, int option, int asked) {
    int value = 0;
    unsigned length = sizeof value;
    if (const long answer = set(socket, option, asked); answer < 0) return answer;
    const long answer = kernel::call(SYS_getsockopt, socket, SOL_SOCKET, option, &value, &length);
    return answer < 0 ? answer : value;
}

}  // namespace

// Who sends sleeps, seen twice with nothing sent between.
void grown_buffer(const Call& call, Findings& findings) {
    constexpr int least = 1, more = 100'000;
    let_go_of_copies();
    const Two two(call);
    auto* const sent = static_cast<std::atomic<std::uint32_t>*>(shared_page());
    if (!two.there() || sent == nullptr || set(two.near(), SO_SNDBUF, least) < 0 || !two.keep_room_from_growing())
        return;
    const int child = fork_child();
    if (child == 0) {
        while (send_piece(two.near(), 0) > 0) sent->fetch_add(1);
        kernel::exit_process(0);
    }
    std::uint32_t before = 0;
    do {
        before = sent->load();
        if (child < 0 || !sleeps_in(child, SYS_sendto) || !sleeps_in(child, SYS_sendto)) return;
    } while (sent->load() != before);
    if (set(two.near(), SO_SNDBUF, more) < 0) return;
    findings.fact(0, becomes_so([&] { return sent->load() != before; }));
}

void least_buffers(const Call& call, Findings& findings) {
    constexpr long least_received = 256, least_sent = 2048;
    let_go_of_copies();
    const Two two(call);
    for (const int asked : {0, 1, 100}) {
        const long receives = two.there() ? reads_back(two.near(), SO_RCVBUF, asked) : -1,
                   sends = two.there() ? reads_back(two.near(), SO_SNDBUF, asked) : -1;
        if (receives < 0 || sends < 0) return;
        findings.fact(0, receives >= least_received);
        findings.fact(1, sends >= least_sent);
        if (receives < least_received || sends < least_sent) return;
    }
}

void small_receiver(const Call& call, Findings& findings) {
    constexpr int least = 1, much = 200'000;
    let_go_of_copies();
    const Two usual(call), small(call);
    if (!usual.there() || !small.there()) return;
    if (set(usual.far(), SO_RCVBUF, much) < 0 || set(small.far(), SO_RCVBUF, least) < 0) return;
    const int most = pieces_taken(usual.near());
    if (most > 1) findings.fact(0, pieces_taken(small.near()) == most);
}

}  // namespace crosstalk::trials
