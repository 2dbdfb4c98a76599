// A session with an agent that some command line starts: frames over the command's standard input and output.
// It knows pipes and processes, not what the command is: an agent here, one in a container or one in a virtual
// machine are the same to it. Which command, is a target's business (catalog.h).
#pragma once

#include <sys/types.h>

#include <deque>
#include <vector>

#include "runners/targets/target.h"

namespace crosstalk {

inline constexpr std::size_t tail_bytes = 4096;  // of standard error and console, kept to diagnose a death

struct CommandLine {
    std::vector<std::string> argv;            // argv[0] is a path
    std::size_t in_flight_bytes = 65536;      // written ahead of replies
    std::chrono::milliseconds ready{10'000};  // until the handshake is answered; noise before it is skipped
    std::string console{};                    // a file whose end is told when the target dies; "" for none
    std::string variant{};                    // which of several ways this is: added to what the target says of itself
    std::optional<std::vector<std::string>> absent{};  // abilities known to be missing: a difference is added too
    std::shared_ptr<void> keeps{};                     // lives as long as the session
};

class ProcessSession final : public Session {
  public:
    // Starts the command and shakes hands. The child gets SIGKILL when the *thread* that called this ends
    // (PR_SET_PDEATHSIG), so that thread must outlive the session. Sets SIGPIPE to be ignored in this process.
    static Expected<std::unique_ptr<Session>> start(const CommandLine& command, const SessionOptions& options);
    ~ProcessSession() override;
    ProcessSession(const ProcessSession&) = delete;
    ProcessSession& operator=(const ProcessSession&) = delete;

    const Environment& environment() const override { return environment_; }
    std::size_t in_flight_bytes() const override { return command_.in_flight_bytes; }
    // Never blocks: what does not fit in flight is kept here and written as replies come.
    bool send(std::uint64_t serial, const Case& value) override;
    std::optional<Reply> receive(std::chrono::milliseconds time_limit) override;

  private:
    ProcessSession() = default;
    std::string spawn();
    std::string shake_hands(const SessionOptions& options);
    void enqueue(FrameKind kind, std::uint64_t serial, std::span<const std::uint8_t> payload);
    void write_some();
    bool read_some();  // false: nothing there now
    void read_diagnosis();
    std::optional<Reply> next_reply();
    Reply died(const std::string& what);
    void note_what_is_known();
    std::string last_words();
    void wait_for_bytes(std::chrono::milliseconds time);

    struct Sent {
        std::uint64_t serial;
        std::size_t bytes;
    };
    CommandLine command_;
    Environment environment_;
    pid_t child_ = -1;
    int in_ = -1, out_ = -1, diagnosis_ = -1;  // the child's stdin, stdout, stderr
    FrameReader reader_;
    std::deque<std::vector<std::uint8_t>> waiting_;       // frames not yet allowed on the wire
    std::vector<std::uint8_t> wire_;                      // allowed, not yet written
    std::size_t wire_used_ = 0, in_flight_ = 0;           // bytes
    std::deque<Sent> sent_;                               // cases without a reply, oldest first
    bool deaf_ = false, silent_ = false, spent_ = false;  // it does not read, write any more; died was told
    std::string tail_;                                    // the last of its standard error
};

}  // namespace crosstalk
