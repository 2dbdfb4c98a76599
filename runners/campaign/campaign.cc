// Starting lanes, flushing what they counted, and the end of a run.
#include "runners/campaign/campaign.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "mechanisms/catalog.h"
#include "reports/cells.h"
#include "reports/gate.h"
#include "reports/record.h"
#include "runners/campaign/lane.h"

namespace crosstalk {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds tick{50};                 // paces what people see
constexpr std::chrono::milliseconds between_increments{900};  // a kill loses at most a second of counts

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

// What a run gathers on its way, and writes at once.
class Gathering {
  public:
    Gathering(const CampaignOptions& options, Findings& findings, RecordFile* records)
        : options_(options), findings_(findings), records_(records) {}

    void increment(std::span<const std::unique_ptr<Lane>> lanes, bool last = false) {
        EvidenceFacts sum;
        for (const auto& lane : lanes) sum.add(lane->tally().take());
        sum.again = findings_.named(sum.again, last);
        if (sum == EvidenceFacts{}) return;
        results.evidence.add(sum);
        if (records_ != nullptr && !records_->append(line_of(sum)) && trouble.empty())
            trouble = options_.out + "/results.jsonl: " + std::strerror(errno);
    }
    void tell(std::span<const std::unique_ptr<Lane>> lanes, double seconds) {
        for (const FindingFacts& finding : findings_.take_news())
            if (options_.on_finding) options_.on_finding(finding);
        if (!options_.on_progress) return;
        Progress progress;
        progress.seconds = seconds;
        progress.planned = options_.cases == 0 ? 0 : options_.cases + options_.corpus.size();
        progress.budget_seconds = std::chrono::duration<double>(options_.budget).count();
        progress.findings = findings_.all().size();
        progress.serious = findings_.serious();
        for (const auto& lane : lanes) {
            progress.cases += lane->tally().cases();
            progress.broken += lane->tally().broken();
        }
        options_.on_progress(progress);
    }
    Results results;
    std::string trouble;

  private:
    const CampaignOptions& options_;
    Findings& findings_;
    RecordFile* records_;
};

std::string open_out(const std::string& out, RecordFile& records) {
    std::error_code error;
    for (const char* under : {"", "/cases", "/histories"}) {
        std::filesystem::create_directories(out + under, error);
        if (error) return out + under + ": " + error.message() + "; choose another --out";
    }
    sweep(out);
    return records.open(out + "/results.jsonl");
}

std::unique_ptr<CaseSource> source_of(const CampaignOptions& options, const Environment& environment) {
    Ground ground = ground_of(environment);
    ground.only_mode = options.only_mode;
    auto random = random_source(options.cells, options.seed, options.drawing(options.cells, ground));
    if (options.corpus.empty()) return random;
    return one_after_the_other(corpus_source(options.corpus), options.corpus.size(), std::move(random));
}

void play_all(const CampaignOptions& options, Line& line, Gathering& gathering, std::unique_ptr<Session> first) {
    std::deque<Core> cores = cores_for(options.jobs);
    std::vector<std::unique_ptr<Lane>> lanes;
    for (unsigned i = 0; i < std::max(1u, options.jobs.lanes); ++i)
        lanes.push_back(std::make_unique<Lane>(line, cores[i % cores.size()], std::move(first)));
    std::mutex mutex;
    std::condition_variable ended;
    std::size_t running = lanes.size();
    std::vector<std::thread> threads;
    const Clock::time_point began = Clock::now();
    for (auto& lane : lanes)
        threads.emplace_back([&] {
            lane->run();
            const std::lock_guard lock(mutex);
            --running;
            ended.notify_one();
        });
    std::unique_lock lock(mutex);
    for (Clock::time_point flushed = began; !ended.wait_for(lock, tick, [&] { return running == 0; });) {
        lock.unlock();
        if (Clock::now() - flushed >= between_increments) {
            flushed = Clock::now();
            gathering.increment(lanes);
        }
        gathering.tell(lanes, seconds_since(began));
        if (!gathering.trouble.empty()) line.end("broken: " + gathering.trouble);
        lock.lock();
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
    gathering.increment(lanes, true);
    gathering.tell(lanes, seconds_since(began));
}

Results ended(Results results, const RunFacts& run, double seconds, const std::string& why, RecordFile* records) {
    results.runs.push_back(run);
    results.cells = outcomes_of(results);
    EndFacts end;
    end.cases = results.evidence.cases;
    end.events = results.evidence.events;
    end.seconds = seconds;
    end.stopped_because = why;
    end.cells = results.cells;
    results.ends.push_back(std::move(end));
    results.ends.back().exit = gate_of(results).exit;
    if (records != nullptr) records->append(line_of(results.ends.back()));
    return results;
}

// Without the cells and stored cases of mechanisms and faults that the target does not offer.
CampaignOptions what_can_run(CampaignOptions options, const RunFacts& run) {
    const auto lacks = [&](MechanismId id) { return run.mechanisms.at(std::string(mechanism_of(id).name)) != "yes"; };
    const auto lacks_fault = [&](FaultId id) { return run.faults.at(std::string(fault_of(id).name)) != "yes"; };
    std::erase_if(options.cells, [&](const Cell& cell) { return lacks(cell.mechanism) || lacks_fault(cell.fault); });
    std::erase_if(options.corpus, [&](const StoredCase& stored) {
        return std::ranges::any_of(stored.value.program.objects,
                                   [&](const Object& object) { return lacks(object.mechanism); }) ||
               std::ranges::any_of(stored.value.plan,
                                   [&](const Injection& injection) { return lacks_fault(injection.fault); });
    });
    return options;
}

}  // namespace

void sweep(const std::string& out) {
    std::error_code error;
    for (const char* under : {"", "/cases", "/histories"})
        for (const auto& entry : std::filesystem::directory_iterator(out + under, error))
            if (entry.path().extension() == ".part") std::filesystem::remove(entry.path(), error);
}

Expected<Results> run_campaign(const CampaignOptions& asked) {
    SessionOptions first_options = asked.session;
    first_options.core = core_numbers().front();
    Expected<std::unique_ptr<Session>> first = asked.target.start(first_options);
    if (!first && (asked.require_target || !asked.target.may_be_absent))
        return tl::unexpected("target '" + asked.target.name + "' did not start: " + first.error());
    const Environment environment = first ? (*first)->environment() : Environment{};

    RunFacts run = asked.run;
    run.seed = asked.seed;
    run.target = facts_of(asked.target.name, environment);
    if (!first) run.target.absent = first.error();
    run.faults = faults_on(run.target);
    run.mechanisms = mechanisms_on(environment);
    run.catalogue = catalogue();
    if (asked.complete && first)
        if (std::string wrong = asked.complete(run); !wrong.empty()) return tl::unexpected(wrong);
    for (const Cell& cell : asked.cells) run.cells.push_back(name_of(cell));
    const CampaignOptions options = what_can_run(asked, run);
    RecordFile file;
    RecordFile* records = options.out.empty() ? nullptr : &file;
    if (records != nullptr)
        if (std::string wrong = open_out(options.out, file); !wrong.empty()) return tl::unexpected(wrong);
    if (records != nullptr && !file.append(line_of(run)))
        return tl::unexpected(options.out + "/results.jsonl: " + std::strerror(errno));
    if (options.on_start) options.on_start(run);

    if (!first) return ended({}, run, 0, "target absent", records);
    Findings findings(run, options.out, records);
    const auto source = source_of(options, environment);
    Line line(options, *source, findings, environment);
    const Clock::time_point began = Clock::now();
    line.until = options.budget.count() == 0 ? Clock::time_point::max() : began + options.budget;
    Gathering gathering(options, findings, records);
    play_all(options, line, gathering, std::move(*first));

    gathering.results.findings = findings.all();
    return ended(std::move(gathering.results), run, seconds_since(began), line.stopped_because, records);
}

}  // namespace crosstalk
