// Scenes: short stories that sockets beside the program's play within one step, for facts that one process alone can
// show. This names them, and says how what the sockets were answered travels. How they are played: system/scenes.cc;
// what the answers must be: properties/judge/resolve_scenes.cc.
#pragma once

#include <cstdint>

#include "mechanisms/names.h"

namespace crosstalk {

enum class Scene : std::int64_t {
    no_destination,        // sends to nobody; to a broadcast address without, then with SO_BROADCAST
    unconnected_shutdown,  // shutdown of a socket that is not connected, each way
    third_sender,          // somebody sends to a socket that is connected to another: its answer, what came of each
    closed_port,           // two sends to a port that is closed, and between them SO_ERROR and a receive
    changed_peer,          // connect to another, then to nobody; a send then; what each of the two received
    full_queue,            // sends to one who does not receive: the error, how many went, the limit; of mutual peers
    automatic_name,        // how long is the name of who connects with SO_PASSCRED, without, who sends with it
    several_messages,      // sendmmsg and recvmmsg: three, of which sizes, one before one that is too long, that one
    several_ids,      // sends the real, effective and saved user, a strange one, the effective group, a strange one
    many_in_flight,   // descriptors in flight beyond RLIMIT_NOFILE: the error, how many messages went before
    lost_cycle,       // a socket in flight through itself, and the end of file of a pipe that went along
    kept_cycle,       // the same of one that somebody still has: the pipe before, what was received, the pipe after
    limited_restart,  // a receive and a send with a time limit under SA_RESTART, and a receive without one
    peek_behind,      // of a record with SO_PEEK_OFF: a part, the rest, all of it, and the next from its beginning
};
inline constexpr Scene last_scene = Scene::peek_behind;

// Each answer has 8 bits: the Errno of a call that failed, else what it returned, or what was seen, above `succeeded`.
inline constexpr int most_answers = 6;
inline constexpr std::int64_t succeeded = 128, most_seen = 127;
constexpr std::int64_t answer_at(std::int64_t answers, int which) { return answers >> (8 * which) & 0xff; }
constexpr std::int64_t failed_with(Errno error) { return static_cast<std::int64_t>(error); }
constexpr std::int64_t saw(std::int64_t what) { return succeeded + (what > most_seen ? most_seen : what); }

}  // namespace crosstalk
