// The agent: cases in frames on standard input, histories in frames on standard output. One process, one lane.
// With --lie=ID its operations tell that lie (faults/lies).
// It ends when its input ends, at `quit`, or when what started it is gone; everything of the lane ends with it.
#include <signal.h>
#include <sys/prctl.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "faults/lies/catalog.h"
#include "mechanisms/system/machine.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/trials_of_processes.h"
#include "runners/agent/abilities.h"
#include "runners/agent/births.h"
#include "runners/agent/environment.h"
#include "runners/agent/first_program.h"
#include "runners/agent/leader.h"
#include "runners/agent/worker.h"

namespace crosstalk::agent {
namespace {

constexpr int usage_trouble = 2;  // exit status
constexpr int no_such_lie = -2;
constexpr std::size_t most_unsent_bytes = 256u << 10;  // replies kept while more cases wait to be read

class Conversation {
  public:
    explicit Conversation(int lie) : lie_(lie) {}
    int hold();

  private:
    bool answer(const Frame& frame);
    bool greet(const Frame& frame);
    bool play(const Frame& frame);
    void reply(FrameKind kind, std::uint64_t serial, std::span<const std::uint8_t> payload) {
        append_frame(out_, kind, serial, payload);
    }
    void reply(FrameKind kind, std::uint64_t serial, const std::string& text) {
        reply(kind, serial, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
    bool flush();

    FrameReader reader_;
    std::vector<std::uint8_t> out_;
    Lane lane_;
    std::optional<Leader> leader_;
    int lie_, status_ = 0;
};

bool Conversation::flush() {
    std::size_t sent = 0;
    while (sent < out_.size()) {
        const long put = kernel::call(SYS_write, STDOUT_FILENO, out_.data() + sent, out_.size() - sent);
        if (put == -EINTR) continue;
        if (put <= 0) return false;
        sent += static_cast<std::size_t>(put);
    }
    out_.clear();
    return true;
}

bool Conversation::greet(const Frame& frame) {
    const Expected<Hello> hello = decode_hello(frame.payload);
    std::string wrong = hello ? "" : hello.error();
    if (wrong.empty() && leader_) wrong = "a second hello";
    if (wrong.empty()) wrong = lane_.open(*hello, probe_abilities() & ~hello->withhold, lie_);
    if (!wrong.empty()) {
        reply(FrameKind::refused, frame.serial, wrong);
        status_ = agent_trouble;
        return false;
    }
    leader_.emplace(lane_, hello->case_time_limit_ms);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of user has cleared it
    reply(FrameKind::environment, frame.serial, describe_environment(lane_, hello->withhold));
    return true;
}

bool Conversation::play(const Frame& frame) {
    const Expected<Case> value = decode_case(frame.payload);
    if (!value || !leader_) {
        reply(FrameKind::refused, frame.serial, value ? "no hello came first" : value.error());
        return true;
    }
    const Expected<History> history = leader_->play(*value, static_cast<std::uint16_t>(frame.serial));
    if (history) {
        reply(FrameKind::history, frame.serial, encode(*history));
    } else {
        reply(FrameKind::refused, frame.serial, history.error());
    }
    if (!leader_->fit()) status_ = agent_trouble;
    return leader_->fit();
}

bool Conversation::answer(const Frame& frame) {
    switch (frame.kind) {
        case FrameKind::hello: return greet(frame);
        case FrameKind::play: return play(frame);
        default: return false;  // quit, or what only an agent sends
    }
}

int Conversation::hold() {
    std::vector<std::uint8_t> bytes(64u << 10);
    for (;;) {
        for (;;) {
            const Expected<std::optional<Frame>> frame = reader_.take();
            if (!frame) {
                std::fprintf(stderr, "crosstalk-agent: %s\n", frame.error().c_str());
                flush();
                return agent_trouble;
            }
            if (!*frame) break;
            if (!answer(**frame)) {
                flush();
                return status_;
            }
            if (out_.size() > most_unsent_bytes && !flush()) return 0;
        }
        if (!flush()) return 0;
        const long got = kernel::call(SYS_read, STDIN_FILENO, bytes.data(), bytes.size());
        if (got == -EINTR) continue;
        if (got <= 0) return 0;
        reader_.add({bytes.data(), static_cast<std::size_t>(got)});
    }
}

// A new image of an actor: "--seat ACTOR DESCRIPTOR".
int come_in_again(const char* seat, const char* descriptor) {
    const int fd = std::atoi(descriptor);
    Mapping mapping = Mapping::of(fd, sizeof(Board));
    const int actor = std::atoi(seat);
    if (!mapping || actor < 0 || actor >= int{max_actors}) return agent_trouble;
    board = static_cast<Board*>(mapping.release());
    if (board->magic != board_magic) return agent_trouble;
    tell_lie_of_board();
    work_after_exec(static_cast<ActorId>(actor));
}

// "--lie=ID": its place in the catalogue.
int chosen_lie(const std::string& argument) {
    const std::string option = "--lie=";
    if (argument.rfind(option, 0) != 0) return no_such_lie;
    const auto index = lie_named(argument.substr(option.size()));
    return index ? static_cast<int>(*index) : no_such_lie;
}

}  // namespace
}  // namespace crosstalk::agent

int main(int argc, char** argv) {
    using namespace crosstalk::agent;
    if (argc == 4 && std::strcmp(argv[1], "--seat") == 0) return come_in_again(argv[2], argv[3]);
    if (argc > 2 && std::strcmp(argv[1], "--look") == 0) return crosstalk::look_in_new_image(argc - 2, argv + 2);
    const int lie = argc == 2 ? chosen_lie(argv[1]) : -1;
    if (argc > 2 || lie == no_such_lie) {
        std::fprintf(stderr, "crosstalk-agent: it takes no argument, or --lie=ID with one of the catalogue\n");
        return usage_trouble;
    }
    become_first_program();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGPIPE, SIG_IGN);
    watch_children();
    const int status = Conversation(lie).hold();
    std::fflush(stderr);
    crosstalk::kernel::exit_process(status);
}
