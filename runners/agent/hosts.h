// Two hosts: network namespaces that a process of the lane makes and keeps, each with one TUN device (tun.h of Linux,
// Documentation/networking/tuntap.rst), and in which it makes pairs of sockets on demand. What carries packets from one
// device to the other is link.h. All of it goes with the processes and descriptors: nothing has a name anywhere.
#pragma once

#include <array>

#include "mechanisms/program.h"
#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"

namespace crosstalk::agent {

// What the leader has of one host: its device, whose reads give packets that the host sends and whose writes are
// packets that it receives (never sleeps); and what the host says of UDP over IPv4, UDP over IPv6, and devices
// (proc(5)).
struct Host {
    Fd device, counters4, counters6, devices;
};
inline constexpr std::size_t max_packet_bytes = 65535;  // and the devices' MTU: as large as IPv4 allows

// May they be made here? Tries what needs rights, and makes no device: to take one down again costs more than all else.
// For a child that ends then.
bool two_hosts();

class Hosts {
  public:
    ~Hosts() { close(); }
    // Forks the process that makes everything else, when first asked. It takes what rights the caller has now along.
    // Its control socket stands below `first_number`, so that no worker keeps it. False: it could not.
    bool open(int first_number);
    void close();
    explicit operator bool() const { return bool(control_); }
    // The two hosts, made if there are none yet. Null: they cannot be made.
    const std::array<Host, 2>* hosts();
    // A pair of the mechanism, end 0 on the first host and end 1 on the second: 0 or a negated error number. While it
    // is made `carry(state)` is called again and again: a connection needs the link.
    long make(MechanismId mechanism, const Asked& asked, int* ends, void (*carry)(void*), void* state);

  private:
    [[noreturn]] static void serve(int control, int leader);

    Fd control_;
    int pid_ = 0;
    std::array<Host, 2> hosts_;
    bool made_ = false;
};

}  // namespace crosstalk::agent
