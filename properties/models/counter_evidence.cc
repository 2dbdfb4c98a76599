// The counter: which clauses an accepted explanation rests on. A clause carries weight when it had a choice to forbid.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/counter.h"

namespace crosstalk::counter {

using judging::never;
using judging::Weights;

namespace {

struct Scale {
    Weights& weights;
    void add_if(bool condition, ClauseId clause) { weights[clause] += condition; }
};

void weigh_wait(const Operation& operation, const Act& act, std::uint32_t how, Scale& scale) {
    const bool timed = operation.timeout_ns != forever && (operation.flags & flag_nonblock) == 0;
    if (act.asleep) return scale.add_if(true, clause("SEM-WAIT-2"));
    if (act.open) return;
    scale.add_if(how & how_took, clause("SEM-WAIT-1"));
    scale.add_if(how & how_took, clause("SEM-CONS-2"));
    scale.add_if((how & how_took) && timed, clause("SEM-TIME-3"));
    scale.add_if((how & (how_took | how_deviates_check)) && is_bad_deadline(operation), clause("SEM-TIME-4"));
    scale.add_if(how & how_invalid, clause("SEM-TIME-5"));
    scale.add_if(how & how_empty, clause("SEM-WAIT-3"));
    scale.add_if(how & how_late, clause("SEM-TIME-2"));
    scale.add_if(how & how_interrupted, clause("SEM-WAIT-5"));
    scale.add_if(act.restarted && !act.interrupted && (how & (how_took | how_deviates_restart)), clause("SIG-SEM-1"));
}

void weigh_open(const Subject& subject, const Act& act, std::uint32_t how, Scale& scale) {
    const Operation& operation = subject.operation(act);
    const bool exclusive = (operation.flags & flag_exclusive) != 0;
    scale.add_if(act.error == Errno::EEXIST_ || ((how & how_made) && exclusive), clause("SEM-NAME-3"));
    scale.add_if(act.error == Errno::ENOENT_, clause("SEM-NAME-4"));
    scale.add_if(act.error == Errno::EINVAL_, clause("SEM-NAME-5"));
    scale.add_if(how & how_again, clause("SEM-LIFE-3"));
}

}  // namespace

void Model::weigh(const std::vector<std::uint32_t>& how, Weights& weights, std::vector<Deviation>& deviations) const {
    Scale scale{weights};
    const Act* maker = nullptr;  // of the last semaphore that was made
    const Act* unlink = nullptr;
    bool failed = false, dead_waiter = false, left = false;
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        const std::uint32_t h = how[i];
        if (h & how_deviates_restart)
            deviations.push_back({clause("SIG-SEM-1"), Reason::wrong_errno, "EINTR/none", act.event});
        if (h & how_deviates_check)
            deviations.push_back({clause("SEM-TIME-4"), Reason::wrong_errno, "EINVAL/none", act.event});
        left = left || act.kind == ActKind::release;
        if (act.kind == ActKind::release) continue;
        const bool looks = !act.open && (act.verb == Verb::sem_value || (h & how_took));
        if (looks) {
            scale.add_if(failed, clause("SEM-WAIT-4"));
            scale.add_if(dead_waiter, clause("SEM-CONS-3"));
            scale.add_if(dead_waiter, clause("PROC-KILL-1"));
            scale.add_if(left && named_, clause("SEM-LIFE-1"));
            scale.add_if(left && named_, clause("SEM-LIFE-5"));
            scale.add_if(has_before(act, Verb::exec), named_ ? clause("SEM-LIFE-5") : clause("SEM-INIT-3"));
            scale.add_if(unlink != nullptr && unlink->ended < act.began && maker != nullptr &&
                             maker->began < unlink->began && act.actor == maker->actor,
                         clause("SEM-LIFE-2"));
            const bool forked = subject_.value->program.actors[act.actor].kind == ActorKind::forked;
            scale.add_if(forked && is_inherited(act), named_ ? clause("SEM-LIFE-6") : clause("SEM-INIT-4"));
            scale.add_if(!named_ && used_by_others(act), clause("SEM-INIT-2"));
        }
        switch (act.verb) {
            case Verb::sem_wait:
                weigh_wait(asked(act), act, h, scale);
                failed = failed || (!act.open && act.error != Errno::none);
                dead_waiter = dead_waiter || (act.open && !act.asleep && act.ended != never);
                break;
            case Verb::sem_post:
                scale.add_if(h & how_full, clause("SEM-POST-2"));
                scale.add_if((h & how_gave) && !act.open, clause("SEM-CONS-1"));
                break;
            case Verb::sem_value:
                scale.add_if(true, clause("SEM-CONS-1"));
                scale.add_if((h & (how_zero | how_counted)) && somebody_waits(act), clause("SEM-VALUE-1"));
                if (const Act* const open = opening_of(act); open != nullptr && maker != nullptr && open != maker) {
                    scale.add_if(maker->ended > open->began, clause("SEM-NAME-9"));
                    scale.add_if(first_value(subject_, *open) != first_value(subject_, *maker) &&
                                     (asked(*open).flags & flag_create) != 0,
                                 clause("SEM-NAME-6"));
                }
                break;
            case Verb::open:
                weigh_open(subject_, act, h, scale);
                if (h & how_made) maker = &act;
                break;
            case Verb::unlink:
                scale.add_if(!act.open, clause("SEM-LIFE-4"));
                if (!act.open && act.error == Errno::none) unlink = &act;
                break;
            case Verb::stat: scale.add_if(true, h & how_same ? clause("SEM-NAME-7") : clause("SEM-LIFE-3")); break;
            default: break;
        }
    }
}

// A wait was surely asleep when a post came if all tokens that there can have been until then were surely taken.
void Model::weigh_waits(const std::vector<std::uint32_t>& how, Weights& weights) const {
    if (named_ && std::ranges::count_if(how, [](std::uint32_t h) { return (h & how_made) != 0; }) != 1) return;
    std::int64_t first = named_ ? 0 : initial().values[0];
    for (std::size_t i = 0; i < how.size(); ++i)
        if (how[i] & how_made) first = first_value(subject_, component_.acts[i]);
    for (std::size_t w = 0; w < how.size(); ++w) {
        const Act& wait = component_.acts[w];
        if (!(how[w] & how_took) || wait.open || (asked(wait).flags & flag_nonblock)) continue;
        for (const Act& post : component_.acts) {
            if (post.verb != Verb::sem_post || post.began < wait.began || post.ended > wait.ended) continue;
            std::int64_t tokens = first;
            std::uint32_t sleepers = 0;
            for (std::size_t i = 0; i < how.size(); ++i) {
                const Act& other = component_.acts[i];
                tokens += other.verb == Verb::sem_post && other.began < post.began;
                tokens -= (how[i] & how_took) != 0 && other.ended < post.began;
                sleepers += other.verb == Verb::sem_wait && other.began < post.began && other.ended > post.ended;
            }
            if (tokens > 0) continue;
            ++weights[clause("SEM-WAIT-2")];
            ++weights[clause("SEM-POST-1")];
            weights[clause("SEM-LIVE-1")] += sleepers > 1;
            break;
        }
    }
}

}  // namespace crosstalk::counter
