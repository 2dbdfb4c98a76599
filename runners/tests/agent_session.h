// One agent and the two pipes to it, for the tests of the agent; and short ways to write cases and read histories.
// It is not the tool's own session: the agent is tested by somebody who knows its frames only.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "faults/catalog.h"
#include "faults/frame.h"

namespace crosstalk::agent_test {

// One agent and the two pipes to it.
class Agent {
  public:
    explicit Agent(std::uint32_t withhold = 0, std::uint32_t time_limit_ms = 2000) {
        int to[2], from[2];
        if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) std::abort();
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(to[0], 0);
            ::dup2(from[1], 1);
            ::execl(CROSSTALK_BINARY_DIR "/crosstalk-agent", "crosstalk-agent", nullptr);
            ::_exit(127);
        }
        ::close(to[0]);
        ::close(from[1]);
        in_ = to[1];
        out_ = from[0];
        Hello hello;
        hello.core = 0;
        hello.withhold = withhold;
        hello.case_time_limit_ms = time_limit_ms;
        send(FrameKind::hello, 0, encode(hello));
        const std::optional<Frame> said = receive();
        if (said) environment_ = decode_environment(said->payload).value_or(Environment{});
    }
    ~Agent() { end(); }
    Agent(const Agent&) = delete;

    int pid() const { return pid_; }
    const Environment& environment() const { return environment_; }

    void send(FrameKind kind, std::uint64_t serial, const std::vector<std::uint8_t>& payload) {
        std::vector<std::uint8_t> bytes;
        append_frame(bytes, kind, serial, payload);
        for (std::size_t sent = 0; sent < bytes.size();) {
            const ssize_t put = ::write(in_, bytes.data() + sent, bytes.size() - sent);
            if (put <= 0) return;
            sent += static_cast<std::size_t>(put);
        }
    }

    // The next frame; nothing if the agent is gone or silent for 20 s.
    std::optional<Frame> receive() {
        for (;;) {
            Expected<std::optional<Frame>> frame = reader_.take();
            if (!frame) return std::nullopt;
            if (*frame) return std::move(**frame);
            pollfd asked{out_, POLLIN, 0};
            if (::poll(&asked, 1, 20000) <= 0) return std::nullopt;
            std::uint8_t bytes[65536];
            const ssize_t got = ::read(out_, bytes, sizeof bytes);
            if (got <= 0) return std::nullopt;
            reader_.add({bytes, static_cast<std::size_t>(got)});
        }
    }

    History play(const Case& value) {
        send(FrameKind::play, ++serial_, encode(value));
        const std::optional<Frame> frame = receive();
        if (!frame) {
            ADD_FAILURE() << "the agent is gone or silent";
            return {};
        }
        if (frame->kind != FrameKind::history) {
            ADD_FAILURE() << std::string(frame->payload.begin(), frame->payload.end());
            return {};
        }
        EXPECT_EQ(frame->serial, serial_);
        Expected<History> history = decode_history(frame->payload);
        if (!history) {
            ADD_FAILURE() << history.error();
            return {};
        }
        return *history;
    }

    // Ends its input; its exit status, -1 if a signal ended it.
    int end() {
        if (pid_ <= 0) return -1;
        ::close(in_);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        ::close(out_);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    void kill() {
        ::kill(pid_, SIGKILL);
        end();
    }

  private:
    int pid_ = -1, in_ = -1, out_ = -1;
    std::uint64_t serial_ = 0;
    FrameReader reader_;
    Environment environment_;
};

inline Operation step(Verb verb, Slot uses = no_slot, std::uint64_t bytes = 0, std::uint32_t times = 1) {
    Operation operation;
    operation.verb = verb;
    operation.uses[0] = uses;
    operation.buffer.bytes = bytes;
    operation.times = times;
    return operation;
}

inline Operation duplicate(Slot from, Slot to) {
    Operation operation = step(Verb::dup, from);
    operation.makes[0] = to;
    return operation;
}

inline Operation start(ActorId actor) {
    Operation operation = step(Verb::start);
    operation.value = actor;
    return operation;
}

// One pipe: slot 0 reads, slot 1 writes. All pooled actors hold both ends.
inline Case case_of(std::vector<std::vector<Operation>> steps, std::vector<ActorId> choices = {}) {
    Case value;
    value.program.objects.resize(1);
    for (auto& one : steps) {
        Actor actor;
        actor.holds = {0, 1};
        actor.steps = std::move(one);
        value.program.actors.push_back(std::move(actor));
    }
    value.schedule.choices = std::move(choices);
    return value;
}

inline void begin_by(Case& value, ActorId child, ActorKind kind, ActorId parent) {
    Actor& actor = value.program.actors[child];
    actor.kind = kind;
    actor.parent = parent;
    actor.holds.clear();
}

inline const Event& call_of(const History& history, ActorId actor, StepId step) {
    static const Event none{.actor = 255};
    for (const Event& event : history.events)
        if (event.kind == EventKind::call && event.actor == actor && event.step == step) return event;
    ADD_FAILURE() << "no call of actor " << int{actor} << " step " << step;
    return none;
}

inline const Event* first_of(const History& history, EventKind kind) {
    for (const Event& event : history.events)
        if (event.kind == kind && !(kind == EventKind::probe && event.began <= 1)) return &event;
    return nullptr;
}

// A history without stamps and times: what must be equal in every replay of a case in turns.
inline std::string trace_of(const History& history) {
    std::ostringstream out;
    for (const Event& event : history.events) {
        out << name_of(event.kind) << ' ' << int{event.actor} << ' ' << event.step << ' ' << event.result << ' '
            << name_of(event.error) << ' ' << event.value << ' ' << event.times << ' ' << (event.ended != 0);
        for (const crosstalk::Run& run : history.runs_of(event))
            out << " [" << int(run.kind) << ' ' << int{run.actor} << ' ' << run.step << ' ' << run.offset << ' '
                << run.length << ']';
        out << '\n';
    }
    out << name_of(history.ending);
    return out.str();
}

// Writers and readers of a small pipe, sleeping often: writes of more than a page into one page.
inline Case sleepy_case() {
    std::vector<std::vector<Operation>> steps(4);
    std::vector<ActorId> choices;
    for (ActorId actor = 0; actor < 4; ++actor)
        for (int i = 0; i < 8; ++i) {
            steps[actor].push_back(actor % 2 == 0 ? step(Verb::write, 1, 3000) : step(Verb::read, 0, 3000));
            choices.push_back(static_cast<ActorId>((i * 3 + actor * 5) % 4));
        }
    Case value = case_of(std::move(steps), std::move(choices));
    value.program.objects[0].asked.capacity_bytes = 4096;
    return value;
}

inline Injection strike(FaultId fault, ActorId actor, StepId at, When when) {
    Injection injection;
    injection.fault = fault;
    injection.actor = actor;
    injection.step = at;
    injection.when = when;
    return injection;
}

// Processes that descend from `pid`, by the parent in /proc; workers are children of the leader.
inline std::vector<int> children_of(int pid) {
    std::vector<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stat(entry.path() / "stat");
        std::string text((std::istreambuf_iterator<char>(stat)), {});
        const std::size_t end = text.rfind(") ");
        if (end == std::string::npos) continue;
        if (std::atoi(text.c_str() + end + 4) == pid) found.push_back(std::atoi(name.c_str()));
    }
    return found;
}

}  // namespace crosstalk::agent_test
