// Directories, locks (flock(2): given back however their owner ends) and the commands of a setup.
#include "runners/targets/setup.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "mechanisms/system/fd.h"
#include "reports/record.h"
#include "runners/targets/words.h"

extern char** environ;

namespace crosstalk {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t tail_bytes = 1000;  // of a failed step's words

struct Hash {  // FNV-1a: tells builds apart; nobody here means harm to their own cache
    std::uint64_t value = 0xcbf29ce484222325u;
    void add(std::string_view bytes) {
        for (const char byte : bytes) value = (value ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3u;
        value = (value ^ 0xff) * 0x100000001b3u;  // no byte of UTF-8: "ab" "c" is not "a" "bc"
    }
    std::string text() const {
        char out[17];
        std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(value));
        return out;
    }
};

// Steps as they are written, and the content of each file that they name outside of what setups themselves make.
std::string hash_of(const TargetFile& file, const std::map<std::string, std::string>& words) {
    Hash hash;
    for (const std::vector<std::string>& step : file.setup)
        for (const std::string& word : step) {
            hash.add(word);
            std::error_code error;
            const bool made = word.find("{cache}") != word.npos || word.find("{work}") != word.npos;
            if (const std::string path = filled(word, words); !made && fs::is_regular_file(path, error))
                hash.add(text_of_file(path).value_or(""));
        }
    return hash.text();
}

std::string last_words(const std::string& log) {
    std::string text = text_of_file(log).value_or("");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text.size() > tail_bytes ? text.substr(text.size() - tail_bytes) : text;
}

// "" or how it failed.
std::string carry_out(const std::vector<std::string>& step, const std::string& log) {
    std::vector<char*> argv;
    for (const std::string& word : step) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::posix_spawn_file_actions_adddup2(&files, 1, 2);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) return step[0] + ": " + std::strerror(error);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status == 0) return "";
    const std::string how = WIFEXITED(status) ? "status " + std::to_string(WEXITSTATUS(status))
                                              : "signal " + std::to_string(WTERMSIG(status));
    return step[0] + " ended with " + how + ": " + last_words(log);
}

// A lock file, locked; an empty Fd and errno if it cannot be.
Fd locked(const std::string& path) {
    Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    while (lock && ::flock(lock.number(), LOCK_EX) != 0)
        if (errno != EINTR) return {};
    return lock;
}

// Directories that nobody holds any more.
void sweep_work(const std::string& directory) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const Fd held(::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (held && ::flock(held.number(), LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), error);
    }
}

}  // namespace

Expected<std::string> cache_directory() {
    const char* const given = std::getenv("XDG_CACHE_HOME");
    const char* const home = std::getenv("HOME");
    const std::string above = given != nullptr && *given == '/' ? std::string(given)
                              : home != nullptr && *home == '/' ? std::string(home) + "/.cache"
                                                                : "/tmp/crosstalk-" + std::to_string(::getuid());
    const std::string cache = above + "/crosstalk";
    std::error_code error;
    for (const char* under : {"/setup", "/work"}) {
        fs::create_directories(cache + under, error);
        if (error) return tl::unexpected(cache + under + ": " + error.message() + "; set XDG_CACHE_HOME");
    }
    return cache;
}

Expected<std::string> set_up(const TargetFile& file, std::map<std::string, std::string> words) {
    if (file.setup.empty()) return "";
    const std::string here = words.at("cache") + "/setup/" + file.name;
    const std::string made = here + "-" + hash_of(file, words);
    const std::string part = made + ".part";
    const Fd lock = locked(here + ".lock");
    if (!lock) return tl::unexpected("setup: " + here + ".lock: " + std::strerror(errno));
    std::error_code error;
    if (fs::is_directory(made, error)) return made;
    fs::remove_all(part, error);
    fs::create_directory(part, error);
    words["work"] = part;
    for (const std::vector<std::string>& step : file.setup) {
        std::vector<std::string> command;
        for (const std::string& word : step) command.push_back(filled(word, words));
        if (std::string wrong = carry_out(command, here + ".log"); !wrong.empty())
            return tl::unexpected("setup: " + wrong);
    }
    fs::rename(part, made, error);
    if (error) return tl::unexpected("setup: " + made + ": " + error.message());
    return made;
}

Expected<std::shared_ptr<WorkDirectory>> WorkDirectory::make(const std::string& cache, const std::string& name,
                                                             const std::string& setup) {
    // While this is held nobody takes a new directory, not yet locked, for a leftover.
    const Fd turn = locked(cache + "/work.lock");
    const std::string all = cache + "/work";
    sweep_work(all);
    std::string path = all + "/" + name + ".XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return tl::unexpected(path + ": " + std::strerror(errno));
    const int lock = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0) ::flock(lock, LOCK_SH | LOCK_NB);
    std::shared_ptr<WorkDirectory> out(new WorkDirectory(path, lock));
    std::error_code error;
    if (!setup.empty())
        for (const auto& entry : fs::directory_iterator(setup, error))
            fs::create_symlink(entry.path(), fs::path(path) / entry.path().filename(), error);
    if (error) return tl::unexpected(path + ": " + error.message());
    return out;
}

WorkDirectory::~WorkDirectory() {
    std::error_code error;
    fs::remove_all(path_, error);
    if (lock_ >= 0) ::close(lock_);
}

}  // namespace crosstalk
