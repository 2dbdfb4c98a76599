// Trials of messages, as the kernel plays them: the cast that they share, a handful of
// sockets which are gone when the trial is over. No trial sleeps longer than its own clock lets it.
#pragma once

#include <sys/socket.h>

#include <array>

#include "mechanisms/system/trials.h"

namespace crosstalk {

namespace trials {

struct Address {
    sockaddr_storage told{};
    unsigned bytes = 0;
};

// A signal that comes every millisecond, whose handler has SA_RESTART, while `begin` has been called and `end` has not.
// After so many it moves a byte by `release`, so that whoever sleeps goes on.
struct Alarm {
    int after = 0, release = -1;
    bool takes = false;  // it takes a byte, else it sends one
};
void begin(const Alarm& alarm);
void end_alarm();

class Cast {
  public:
    explicit Cast(const Call& call) : call_(call) {}
    ~Cast() { close_all(); }
    Cast(const Cast&) = delete;
    Cast& operator=(const Cast&) = delete;

    int socket();                         // of the mechanism's kind
    int bound(Address& name);             // ... with an address of the kernel's choice, on this host
    bool pair(std::array<int, 2>& ends);  // connected to each other
    bool pipe(std::array<int, 2>& ends);
    void close(int fd);
    void close_all();
    int family() const { return family_; }
    int type() const { return type_; }

    void note(long result);                     // the next answer: what a call returned
    void note_seen(long what);                  // ... or what was seen
    bool ready() const { return error_ == 0; }  // everybody is there
    void give_up(long error) { error_ = error_ == 0 ? error : error_; }
    Answer answer() const { return {.result = error_, .value = answers_}; }

  private:
    int keep(long fd);

    const Call& call_;
    std::array<int, 24> open_{};
    std::size_t count_ = 0;
    int family_ = 0, type_ = 0, noted_ = 0;
    long error_ = 0;
    std::int64_t answers_ = 0;
};

// One byte, without sleeping or SIGPIPE; where `to` is given, to there.
long send_byte(int socket, char byte, const Address* to = nullptr);
// One byte, without sleeping: it, or a negated error number; -1000 for the end.
long receive_byte(int socket);
inline constexpr long nothing_more = -1000;
bool wait_for_input(int fd, int milliseconds);
long connect_to(int socket, const Address& to);
Address name_of_socket(int socket);
long set(int socket, int option, int value);  // of SOL_SOCKET
// Sends one byte, and with it these descriptors or (if there are none) these credentials.
long send_with(int socket, const int* fds, std::size_t count, const ucred* from = nullptr);
// Receives one byte, and as many descriptors as came, at most `room`; how many, or a negated error number.
long receive_with(int socket, int* fds, std::size_t room);

void play_no_destination(Cast& cast);  // trials_of_datagrams.cc
void play_unconnected_shutdown(Cast& cast);
void play_third_sender(Cast& cast);
void play_closed_port(Cast& cast);
void play_changed_peer(Cast& cast);
void play_full_queue(Cast& cast);
void play_automatic_name(Cast& cast);
void play_several_messages(Cast& cast);  // trials_of_messages.cc
void play_limited_restart(Cast& cast);
void play_peek_behind(Cast& cast);
void play_several_ids(Cast& cast);  // trials_of_rights.cc
void play_many_in_flight(Cast& cast);
void play_lost_cycle(Cast& cast);
void play_kept_cycle(Cast& cast);

}  // namespace trials
}  // namespace crosstalk
