// Starting what a file describes: what it needs, its setup, then one variant after the other until one answers.
#include "runners/targets/file_target.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <sstream>

#include "runners/targets/catalog.h"
#include "runners/targets/process_session.h"
#include "runners/targets/setup.h"
#include "runners/targets/words.h"

namespace crosstalk {
namespace {

namespace fs = std::filesystem;
using Words = std::map<std::string, std::string>;

// The path of a program, as a shell finds it; "" if there is none.
std::string program_path(const std::string& name) {
    if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
    const char* const path = std::getenv("PATH");
    std::istringstream in(path == nullptr ? "/usr/bin:/bin" : path);
    for (std::string place; std::getline(in, place, ':');)
        if (const std::string whole = place + "/" + name; !place.empty() && ::access(whole.c_str(), X_OK) == 0)
            return whole;
    return "";
}

std::string text_of(const Variant& variant) {
    std::string out;
    for (const auto& [word, value] : variant.words) out += (out.empty() ? "" : " ") + word + "=" + value;
    return out;
}

class FileTarget {
  public:
    explicit FileTarget(TargetFile file) : file_(std::move(file)) {}
    Expected<std::unique_ptr<Session>> start(const SessionOptions& options);

  private:
    Expected<Words> prepared();
    std::string what_is_missing(const Words& words) const;
    Expected<std::unique_ptr<Session>> start_variant(const Variant& variant, Words words,
                                                     const std::shared_ptr<WorkDirectory>& work,
                                                     const SessionOptions& options) const;

    const TargetFile file_;
    std::mutex mutex_;
    std::optional<std::size_t> answered_;  // the variant that all further sessions take
};

std::string FileTarget::what_is_missing(const Words& words) const {
    for (const std::string& program : file_.programs)
        if (program_path(filled(program, words)).empty()) return "no program " + program + "; " + file_.remedy;
    std::error_code error;
    for (const std::string& name : file_.files)
        if (const std::string path = filled(name, words); !fs::exists(path, error))
            return "no file " + path + "; " + file_.remedy;
    return "";
}

// All words but the variant's, and {work} being what the setup made.
Expected<Words> FileTarget::prepared() {
    Expected<std::string> agent = agent_path();
    if (agent && file_.agent != "static") {
        *agent += "-" + file_.agent;
        if (program_path(*agent).empty()) return tl::unexpected("no agent of the build " + file_.agent + ": " + *agent);
    }
    if (!agent) return tl::unexpected(agent.error());
    const Expected<std::string> cache = cache_directory();
    if (!cache) return tl::unexpected(cache.error());
    Words words{{"agent", *agent}, {"cache", *cache}, {"tools", data_directory("targets")}, {"work", ""}};
    if (std::string missing = what_is_missing(words); !missing.empty()) return tl::unexpected(missing);
    const Expected<std::string> made = set_up(file_, words);
    if (!made) return tl::unexpected(made.error());
    words["work"] = *made;
    return words;
}

Expected<std::unique_ptr<Session>> FileTarget::start_variant(const Variant& variant, Words words,
                                                             const std::shared_ptr<WorkDirectory>& work,
                                                             const SessionOptions& options) const {
    words["work"] = work->path();
    words["lie"] = options.lie.empty() ? "" : "--lie=" + options.lie;
    const auto takes_lie = [](const std::string& word) { return word.find("{lie}") != std::string::npos; };
    if (!options.lie.empty() && std::ranges::none_of(file_.start, takes_lie))
        return tl::unexpected(std::string("its file has no {lie} in start: its agent cannot be told to lie"));
    words.insert(variant.words.begin(), variant.words.end());
    CommandLine command;
    for (const std::string& word : file_.start) command.argv.push_back(filled(word, words));
    const std::string program = program_path(command.argv[0]);
    if (program.empty()) return tl::unexpected("no program " + command.argv[0]);
    command.argv[0] = program;
    command.in_flight_bytes = file_.in_flight_bytes;
    command.ready = variant.ready.count() != 0 ? variant.ready : file_.ready;
    command.console = filled(file_.console, words);
    command.absent = file_.absent;
    command.variant = text_of(variant);
    command.keeps = work;
    return ProcessSession::start(command, options);
}

Expected<std::unique_ptr<Session>> FileTarget::start(const SessionOptions& options) {
    std::unique_lock lock(mutex_);  // the first session tells which variant answers; the others wait for that
    const std::optional<std::size_t> answered = answered_;
    if (answered) lock.unlock();
    const Expected<Words> words = prepared();
    if (!words) return tl::unexpected(words.error());
    std::string wrong;
    for (std::size_t i = answered.value_or(0); i < file_.variants.size(); ++i) {
        const auto work = WorkDirectory::make(words->at("cache"), file_.name, words->at("work"));
        if (!work) return tl::unexpected(work.error());
        auto session = start_variant(file_.variants[i], *words, *work, options);
        if (session && !answered) answered_ = i;
        if (session) return session;
        const std::string which = text_of(file_.variants[i]);
        wrong += (wrong.empty() ? "" : "; ") + (which.empty() ? "" : "with " + which + ": ") + session.error();
        if (answered) break;
    }
    return tl::unexpected(wrong);
}

}  // namespace

Target target_of(const TargetFile& file) {
    const auto state = std::make_shared<FileTarget>(file);
    Target out{file.name, file.about, [state](const SessionOptions& options) { return state->start(options); }};
    out.lanes = file.lanes;
    out.may_be_absent = true;
    return out;
}

std::vector<Target> shipped_targets() {
    std::vector<std::string> paths;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(data_directory("targets"), error))
        if (entry.path().extension() == ".toml") paths.push_back(entry.path().string());
    std::ranges::sort(paths);
    std::vector<Target> out;
    for (const std::string& path : paths)
        if (const Expected<TargetFile> file = target_file_at(path)) out.push_back(target_of(*file));
    return out;
}

std::optional<Expected<Target>> target_in_file(const std::string& name) {
    const bool is_path = name.ends_with(".toml");
    const std::string path = is_path ? name : data_directory("targets") + "/" + name + ".toml";
    std::error_code error;
    if (!is_path && (name.find('/') != std::string::npos || !fs::is_regular_file(path, error))) return std::nullopt;
    const Expected<TargetFile> file = target_file_at(path);
    if (!file) return tl::unexpected(file.error());
    return target_of(*file);
}

}  // namespace crosstalk
