// Birth, handshake and death of a session's process.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "mechanisms/names.h"
#include "reports/record.h"
#include "runners/targets/abilities.h"
#include "runners/targets/process_session.h"

namespace crosstalk {
namespace {

constexpr int reply_pipe_bytes = 1 << 20;  // lets a fast agent run ahead of a busy judge; the default does too, slower

// Waits until the child has ended, at most so long: its pidfd becomes readable (pidfd_open(2)). Where there is none it
// does not wait, and the child is then ended at once.
void wait_for_end(pid_t child, int limit_ms) {
    const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    if (pidfd < 0) return;
    pollfd end{pidfd, POLLIN, 0};
    ::poll(&end, 1, limit_ms);
    ::close(pidfd);
}

// What the child may do between fork and exec is what signal-safety(7) lists.
[[noreturn]] void become(const char* const* argv, const int (&ends)[3], pid_t parent) {
    ::setsid();  // an interrupt from the terminal is for the tool, which then ends the agent
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(125);
    for (int i = 0; i < 3; ++i)
        if (::dup2(ends[i], i) < 0) ::_exit(125);
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execv(argv[0], const_cast<char* const*>(argv));
    const char* why = std::strerror(errno);
    if (::write(2, why, std::strlen(why)) < 0) ::_exit(126);
    ::_exit(127);
}

std::string how_it_ended(int status) {
    if (WIFSIGNALED(status)) {
        const std::string_view name = name_of(signal_from(WTERMSIG(status)));
        return "it was killed by " +
               (name.empty() || name == "other" ? "signal " + std::to_string(WTERMSIG(status)) : std::string(name));
    }
    return "it exited with status " + std::to_string(WEXITSTATUS(status));
}

void close_all(std::initializer_list<int> fds) {
    for (const int fd : fds)
        if (fd >= 0) ::close(fd);
}

}  // namespace

Expected<std::unique_ptr<Session>> ProcessSession::start(const CommandLine& command, const SessionOptions& options) {
    ::signal(SIGPIPE, SIG_IGN);
    std::unique_ptr<ProcessSession> session(new ProcessSession);
    session->command_ = command;
    if (std::string wrong = session->spawn(); !wrong.empty()) return tl::unexpected(wrong);
    if (std::string wrong = session->shake_hands(options); !wrong.empty()) return tl::unexpected(wrong);
    return session;
}

std::string ProcessSession::spawn() {
    int in[2] = {-1, -1}, out[2] = {-1, -1}, diagnosis[2] = {-1, -1};
    std::vector<const char*> argv;
    for (const std::string& word : command_.argv) argv.push_back(word.c_str());
    argv.push_back(nullptr);
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(diagnosis, O_CLOEXEC) != 0) {
        const std::string why = std::strerror(errno);
        close_all({in[0], in[1], out[0], out[1], diagnosis[0], diagnosis[1]});
        return "no pipes for the agent: " + why;
    }
    const pid_t parent = ::getpid();
    const int ends[3] = {in[0], out[1], diagnosis[1]};
    child_ = ::fork();
    if (child_ == 0) become(argv.data(), ends, parent);
    const std::string why = std::strerror(errno);
    close_all({in[0], out[1], diagnosis[1]});
    in_ = in[1];
    out_ = out[0];
    diagnosis_ = diagnosis[0];
    if (child_ < 0) return "the agent could not be started: " + why;
    ::fcntl(out_, F_SETPIPE_SZ, reply_pipe_bytes);  // best effort: an ordinary user may be at their limit
    for (const int fd : {in_, out_, diagnosis_}) ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return "";
}

std::string ProcessSession::shake_hands(const SessionOptions& options) {
    Hello hello;
    hello.core = options.core;
    hello.withhold = options.withhold;
    hello.case_time_limit_ms = static_cast<std::uint32_t>(options.case_time_limit.count());
    const std::vector<std::uint8_t> payload = encode(hello);
    append_frame(wire_, FrameKind::hello, 0, payload);
    const auto until = std::chrono::steady_clock::now() + command_.ready;
    const std::string who = command_.argv.front();
    for (write_some();;) {
        Expected<std::optional<Frame>> taken = reader_.take();
        if (!taken) return who + " sent a corrupt frame instead of the handshake: " + taken.error();
        if (*taken && (*taken)->kind == FrameKind::refused)
            return who + " refused: " + std::string((*taken)->payload.begin(), (*taken)->payload.end());
        if (*taken) {
            if ((*taken)->kind != FrameKind::environment) return who + " sent something else than the handshake";
            Expected<Environment> said = decode_environment((*taken)->payload);
            if (!said) return who + " sent an environment that does not read: " + said.error();
            environment_ = std::move(*said);
            note_what_is_known();
            return "";
        }
        if (read_some()) continue;
        if (silent_) return who + ": no handshake, " + died("").why;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return who + ": no handshake within " + std::to_string(command_.ready.count()) + " ms" + last_words();
        wait_for_bytes(left);
    }
}

// What the target's file knows beyond what the agent says.
void ProcessSession::note_what_is_known() {
    if (!command_.variant.empty()) environment_.said["variant"] = command_.variant;
    if (!command_.absent || !environment_.text("withheld").empty()) return;
    const std::string there = "," + std::string(environment_.text("abilities")) + ",";
    std::string news;
    for (const std::string_view name : ability_names) {
        const bool has = there.find("," + std::string(name) + ",") != std::string::npos;
        const bool expected = std::ranges::find(*command_.absent, name) == command_.absent->end();
        if (has != expected) news.append(news.empty() ? "" : " ").append(has ? "has " : "lacks ").append(name);
    }
    if (!news.empty()) environment_.said["unlike_its_file"] = news;
}

// The end of its standard error and of its console.
std::string ProcessSession::last_words() {
    read_diagnosis();
    std::string out = tail_.empty() ? "" : "; it said: " + tail_;
    if (command_.console.empty()) return out;
    std::string console = text_of_file(command_.console).value_or("");
    if (console.size() > tail_bytes) console.erase(0, console.size() - tail_bytes);
    return out + (console.empty() ? "" : "; its console: " + console);
}

// Ends the process if it still lives; what is known goes into `why`.
Reply ProcessSession::died(const std::string& what) {
    Reply reply;
    reply.kind = Reply::Kind::died;
    reply.serial = sent_.empty() ? 0 : sent_.front().serial;
    reply.why = what;
    spent_ = deaf_ = silent_ = true;
    if (child_ > 0) {
        int status = 0;
        // End of its output and its becoming a zombie are moments apart: a grace that costs only in a failure.
        if (what.empty()) wait_for_end(child_, 100);
        const pid_t reaped = ::waitpid(child_, &status, WNOHANG);
        if (reaped == child_) {
            reply.why += (reply.why.empty() ? "" : "; ") + how_it_ended(status);
            reply.gave_up = what.empty() && WIFEXITED(status) && WEXITSTATUS(status) == agent_trouble;
        } else {
            ::kill(-child_, SIGKILL);
            ::kill(child_, SIGKILL);
            ::waitpid(child_, &status, 0);
            if (what.empty()) reply.why = "it closed its output and lived on";
        }
        child_ = -1;
    }
    reply.why += last_words();
    return reply;
}

ProcessSession::~ProcessSession() {
    close_all({in_});  // end of input is how an agent is asked to leave
    if (child_ > 0) {
        int status = 0;
        wait_for_end(child_, 100);
        if (::waitpid(child_, &status, WNOHANG) != 0) child_ = -1;
    }
    if (child_ > 0) {
        ::kill(-child_, SIGKILL);
        ::kill(child_, SIGKILL);
        int status = 0;
        ::waitpid(child_, &status, 0);
    }
    close_all({out_, diagnosis_});
}

}  // namespace crosstalk
