// See waits.h.
#include "properties/judge/waits.h"

#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::judging {
namespace {

// Looking for what came in between compares acts in pairs. Beyond this many it is left out: evidence is a sample.
constexpr std::size_t most_acts = 512;

bool returned(const Act& act) { return !act.open && act.ended != never; }

// When the first byte that this pipe ever got was begun to be put in; never: none was.
Stamp first_input(const Component& component, std::uint16_t pipe) {
    Stamp first = never;
    for (const Act& act : component.acts) {
        const bool writes =
            (act.kind == ActKind::write || act.kind == ActKind::vmsplice) && act.object == pipe && act.asked != 0;
        const bool moves = (act.kind == ActKind::splice || act.kind == ActKind::tee) && act.to_object == pipe;
        if (writes || moves) first = std::min(first, act.began);
    }
    return first;
}

// When the last reference to an end began to go; 0: some remained.
Stamp last_release(const Component& component, std::uint16_t pipe, std::uint8_t end) {
    std::uint32_t left = end == 0 ? component.objects[pipe].readers : component.objects[pipe].writers;
    Stamp last = 0;
    for (const Act& act : component.acts)
        if (act.kind == ActKind::release && act.object == pipe && act.end == end)
            left -= std::min(left, act.count), last = std::max(last, act.began);
    return left == 0 ? last : 0;
}

// Somebody of this kind was killed inside such a call while this one waited.
bool killed_fellow(const Component& component, const Act& act) {
    return std::ranges::any_of(component.acts, [&](const Act& each) {
        return each.kind == act.kind && each.object == act.object && each.open && each.ended != never &&
               each.ended > act.began && each.ended < act.ended;
    });
}

struct Waits {
    const Subject& subject;
    const Component& component;
    const std::vector<std::uint32_t>& how;
    Weights& weights;
    void add_if(bool shown, ClauseId id) { weights[id] += shown; }

    // Do all bytes of this read come from calls that began after it?
    bool bytes_came_later(const Act& read) const {
        const auto runs = std::span(subject.history->runs).subspan(read.first_run, read.run_count);
        return !runs.empty() && std::ranges::all_of(runs, [&](const Run& run) {
            return run.kind == RunKind::origin && std::ranges::any_of(component.acts, [&](const Act& write) {
                       return write.actor == run.actor && write.step == run.step && write.kind == ActKind::write &&
                              write.began > read.began;
                   });
        });
    }
    void reads(const Act& read) {
        const bool waited = read.full_calls + read.tail > 0 && bytes_came_later(read);
        add_if(waited, clause("PIPE-READ-2"));
        add_if(waited && killed_fellow(component, read), clause("PROC-KILL-1"));
        const bool end = read.full_calls == 0 && read.tail == 0 && read.error == Errno::none && read.asked != 0;
        add_if(end && last_release(component, read.object, 1) > read.began, clause("PIPE-READ-6"));
        for (const Act& write : component.acts) {
            const bool beside = write.kind == ActKind::write && write.object == read.object &&
                                write.began < read.ended && read.began < write.ended;
            if (!beside || write.asked <= small_stream_bytes || write.asked > subject.pipe_buf) continue;
            for (const Run& run : std::span(subject.history->runs).subspan(read.first_run, read.run_count))
                add_if(run.kind == RunKind::origin && run.actor == write.actor && run.step == write.step &&
                           run.length >= write.asked,
                       clause("PIPE-ATOMIC-9"));
        }
    }
    void writes(const Act& write, std::uint32_t h, std::size_t at) {
        const bool lost_reader = last_release(component, write.object, 0) > write.began;
        const bool epipe = write.error == Errno::EPIPE_,
                   cut = write.error == Errno::none && write.has_tail && (h & byte_stream::how_cut_by_close);
        add_if(lost_reader && (epipe || cut), clause("PIPE-WRITE-3"));
        add_if((h & byte_stream::how_packet) == 0 && write.asked == 0 && packets(write), clause("PIPE-PKT-4"));
        bool read_inside = false, grew_inside = false, filled = false, page_read = false;
        for (std::size_t i = 0; i < component.acts.size(); ++i) {
            const Act& other = component.acts[i];
            if (i == at || other.object != write.object) continue;
            const bool inside = other.began > write.began && other.ended < write.ended;
            read_inside = read_inside || ((other.kind == ActKind::read || other.kind == ActKind::splice) &&
                                          other.ended > write.began && other.began < write.ended);
            grew_inside = grew_inside || (inside && (how[i] & byte_stream::how_grew));
            if (other.ended >= write.began || i > at) continue;
            if (other.kind == ActKind::write) filled = how[i] & byte_stream::how_filled, page_read = false;
            if (other.kind != ActKind::read) continue;
            page_read =
                filled && subject.history->events[other.event].result >= static_cast<std::int64_t>(subject.page_bytes);
            filled = false;
        }
        const bool waited = (h & byte_stream::how_slept) || filled;
        add_if(waited && grew_inside && !read_inside && write.error == Errno::none, clause("PIPE-CAP-9"));
        add_if(page_read && write.asked == subject.pipe_buf && write.full_calls > 0, clause("PIPE-CAP-4"));
        forks(write);
    }
    bool packets(const Act& write) const {
        return subject.value->program.objects[component.objects[write.object].id].asked.flags & flag_direct;
    }

    // A fork by another thread of the same process while this write was under way.
    void forks(const Act& write) {
        const Program& program = subject.value->program;
        for (const Event& event : subject.history->events) {
            if (event.kind != EventKind::call || event.verb != Verb::start || event.actor == write.actor) continue;
            const auto child = static_cast<std::size_t>(program.actors[event.actor].steps[event.step].value);
            const bool forked = child < program.actors.size() && program.actors[child].kind == ActorKind::forked;
            const Actor& mine = program.actors[write.actor];
            const bool same_process = mine.kind == ActorKind::thread && mine.parent == event.actor;
            add_if(forked && same_process && event.began < write.ended && write.began < event.ended &&
                       write.full_calls > 0,
                   clause("PROC-FORK-2"));
        }
    }
    void polls(const Act& poll) {
        if (subject.operation(poll).timeout_ns == 0) return;
        const bool by_input = (poll.result & poll_in) && first_input(component, poll.object) > poll.began;
        const bool by_close = (poll.result & (poll_hup | poll_err)) &&
                              last_release(component, poll.object, poll.end == 0 ? 1 : 0) > poll.began;
        add_if(by_input || by_close, clause("RDY-7"));
    }
    void flags(const Act& look) {
        const Slot slot = subject.operation(look).uses[0];
        const auto& steps = subject.value->program.actors[look.actor].steps;
        Verb maker = Verb::nothing;
        for (std::size_t s = 0; s < look.step; ++s)
            if (std::ranges::find(steps[s].makes, slot) != steps[s].makes.end()) maker = steps[s].verb;
        add_if(maker == Verb::receive, clause("PROC-PASS-2"));
    }
};

}  // namespace

void weigh_waits(const Subject& subject, const Component& component, const std::vector<std::uint32_t>& how,
                 Weights& weights) {
    if (component.acts.size() > most_acts) return;
    Waits waits{subject, component, how, weights};
    for (std::size_t i = 0; i < component.acts.size(); ++i) {
        const Act& act = component.acts[i];
        if (!returned(act)) continue;
        // Acts stand in the order in which they began: who waited has another one inside.
        const bool overlapped = i + 1 < component.acts.size() && component.acts[i + 1].began < act.ended;
        if (act.kind == ActKind::write) {
            const bool by_thread = subject.value->program.actors[act.actor].kind == ActorKind::thread;
            if (overlapped || by_thread || act.asked == 0 || act.asked == subject.pipe_buf)
                waits.writes(act, how[i], i);
        }
        if (act.kind == ActKind::look_flags) waits.flags(act);
        if (!overlapped) continue;
        if (act.kind == ActKind::read) waits.reads(act);
        if (act.kind == ActKind::look_poll) waits.polls(act);
        if (act.kind == ActKind::splice || act.kind == ActKind::tee)
            waits.add_if(act.error == Errno::none && act.full_calls + act.tail > 0 &&
                             first_input(component, act.object) > act.began,
                         clause("PIPE-SPLICE-6"));
    }
}

}  // namespace crosstalk::judging
