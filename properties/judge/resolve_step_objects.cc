// Objects that live for one step, beside the program's own: which names they may have, and what their modes are and
// allow. Nothing else can see them, so that all is judged at once.
#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

constexpr std::int64_t open_to_all = 0666, owner_reads = 0400, owner_does_both = 0600;

// What a name of this kind brings about; without an error it is made. Where documents and systems differ, either.
struct Rule {
    bool (*of)(const Mechanism&);
    Misname how;
    ClauseId clause;
    Errno error;
    bool disputed = false;
};
constexpr Rule rules[] = {
    {binds::fifos, Misname::longest, clause("FIFO-CREATE-3"), Errno::none},
    {binds::fifos, Misname::too_long, clause("FIFO-CREATE-3"), Errno::ENAMETOOLONG_},
    {binds::fifos, Misname::no_folder, clause("FIFO-CREATE-3"), Errno::ENOENT_},
    {binds::fifos, Misname::below_file, clause("FIFO-CREATE-3"), Errno::ENOTDIR_},
    {binds::queues, Misname::longest, clause("MQ-NAME-1"), Errno::none},
    {binds::queues, Misname::too_long, clause("MQ-NAME-1"), Errno::ENAMETOOLONG_},
    {binds::queues, Misname::single, clause("MQ-NAME-1"), Errno::none},
    {binds::queues, Misname::shorter, clause("MQ-NAME-1"), Errno::none},
    {binds::queues, Misname::no_slash, clause("MQ-NAME-2"), Errno::EINVAL_},
    {binds::queues, Misname::two_slashes, clause("MQ-NAME-2"), Errno::EACCES_},
    {binds::queues, Misname::only_slash, clause("MQ-NAME-2"), Errno::ENOENT_},
    {binds::named_semaphores, Misname::longest, clause("SEM-NAME-1"), Errno::none},
    {binds::named_semaphores, Misname::too_long, clause("SEM-NAME-1"), Errno::ENAMETOOLONG_},
    {binds::named_semaphores, Misname::disputed, clause("SEM-NAME-1"), Errno::ENAMETOOLONG_, true},
    {binds::named_semaphores, Misname::only_slash, clause("SEM-NAME-2"), Errno::EINVAL_},
};

struct Modes {
    bool (*of)(const Mechanism&);
    ClauseId mode, refusal;  // of the mode that a new object has; of opens that its mode forbids
};
constexpr Modes modes[] = {
    {binds::fifos, clause("FIFO-CREATE-2"), clause("FIFO-OPEN-9")},
    {binds::queues, clause("MQ-OPEN-9"), clause("MQ-OPEN-9")},
    {binds::named_semaphores, clause("SEM-NAME-8"), clause("SEM-NAME-8")},
    {binds::memory_objects, clause("SHM-OPEN-6"), clause("SHM-OPEN-4")},
};

// mq_open(3): ENOSPC and EMFILE speak of queues that others have as well.
bool is_exhausted(const Mechanism& mechanism, Errno error) {
    return binds::queues(mechanism) && (error == Errno::ENOSPC_ || error == Errno::EMFILE_);
}

}  // namespace

void Resolver::misname(const Event& event, std::uint32_t index, const Operation& operation) {
    const Mechanism& mechanism = mechanism_of(value_.program.objects[operation.object].mechanism);
    const auto how = static_cast<Misname>(operation.value);
    if (event.ended == 0 || is_exhausted(mechanism, event.error)) return;
    if (how == Misname::single && event.error == Errno::EEXIST_) return;  // somebody else's, against all odds
    for (const Rule& rule : rules) {
        if (!rule.of(mechanism) || rule.how != how) continue;
        if (rule.disputed && event.error == Errno::none) return;
        if (rule.error == Errno::none) return must_succeed(event, index, rule.clause);
        return void(must_fail(event, index, rule.clause, rule.error));
    }
}

void Resolver::new_mode(const Event& event, std::uint32_t index, const Operation& operation) {
    const Mechanism& mechanism = mechanism_of(value_.program.objects[operation.object].mechanism);
    if (event.ended == 0 || is_exhausted(mechanism, event.error)) return;
    for (const Modes& of : modes) {
        if (!of.of(mechanism)) continue;
        must_succeed(event, index, of.mode);
        if (event.error != Errno::none) return;
        const std::int64_t mode = open_to_all & ~operation.value;
        const bool semaphore = mechanism.facts.held == Held::place;  // it shows no mode, and each open is for both
        if (!semaphore && event.result != mode)
            return breach(of.mode, Reason::wrong_value, "", index,
                          fmt::format("its mode is {:#o}, not {:#o}", event.result, mode));
        if (!(event.value & fresh_mine))
            return breach(of.mode, Reason::wrong_value, "", index, "its owner is not who made it");
        if (!(event.value & fresh_kept))
            return breach(of.mode, Reason::wrong_value, "", index, "a later open changed its mode");
        if (resolved_.subject.ignores_permissions) return;
        const bool both = (mode & owner_does_both) == owner_does_both, reads = semaphore ? both : mode & owner_reads;
        const bool read = event.value & fresh_reads, did_both = event.value & fresh_both;
        if (read == reads && did_both == both) return weigh(of.refusal);
        return breach(of.refusal, Reason::wrong_errno, read > reads || did_both > both ? "none/EACCES" : "EACCES/none",
                      index,
                      fmt::format("opened for reading: {}, for both: {}; its mode is {:#o}", read, did_both, mode));
    }
}

}  // namespace crosstalk::judging
