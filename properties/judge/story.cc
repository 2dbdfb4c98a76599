// Stories. See story.h.
#include "properties/judge/story.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "properties/judge/call_text.h"

namespace crosstalk::judging {
namespace {

constexpr std::size_t most_lines = 24;  // of calls: a screen; before them, how many more there are

class Teller {
  public:
    explicit Teller(const Telling& telling)
        : t_(telling), history_(*telling.subject.history), program_(telling.subject.value->program) {}

    std::vector<std::string> lines() {
        choose_events();
        name_writes();
        objects();
        calls();
        before();
        why();
        return std::move(lines_);
    }

  private:
    const Event& rejected() const { return history_.events[t_.breach.event]; }
    bool is_asleep(const Event& call) const {
        return std::ranges::any_of(history_.events, [&](const Event& other) {
            return other.kind == EventKind::asleep && other.actor == call.actor && other.step == call.step;
        });
    }

    // Pipes that the rejected call touches, or shares bytes with; all if it touches none.
    std::vector<const Component*> concerned() const {
        std::vector<const Component*> out;
        for (const Component& component : t_.components)
            for (const Act& act : component.acts)
                if (act.event == t_.breach.event && (out.empty() || out.back() != &component))
                    out.push_back(&component);
        if (out.empty())
            for (const Component& component : t_.components) out.push_back(&component);
        return out;
    }

    // Everything on these pipes up to the rejected event; of the rest, what makes descriptors, signals, deaths.
    void choose_events() {
        const Stamp until = rejected().ended != 0 && !t_.accepted ? rejected().ended : ~Stamp{0};
        std::vector<bool> chosen(history_.events.size());
        for (const Component* component : concerned())
            for (const Act& act : component->acts)
                if (act.event < chosen.size()) chosen[act.event] = true;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const Event& event = history_.events[i];
            if (event.kind == EventKind::asleep || event.kind == EventKind::probe) continue;
            const bool shapes = event.kind == EventKind::signal || event.kind == EventKind::death ||
                                (event.kind == EventKind::fault && event.result == 1) ||
                                (event.kind == EventKind::call && !sheet_of(event.verb).moves_bytes());
            if ((chosen[i] || shapes || i == t_.breach.event) && event.began <= until) events_.push_back(i);
        }
    }

    // Writes among them are A, B, C...: so bytes can be called by who wrote them.
    void name_writes() {
        for (const std::size_t i : events_) {
            const Event& event = history_.events[i];
            if (event.kind != EventKind::call || names_.size() >= 26) continue;
            const bool writes = sheet_of(event.verb).flow == Flow::out;
            if (writes && event.result > 0)
                names_[{event.actor, event.step}] = std::string(1, static_cast<char>('A' + names_.size()));
            else if (writes && event.ended == 0)
                names_[{event.actor, event.step}] = std::string(1, static_cast<char>('A' + names_.size()));
        }
    }
    std::string bytes_text(ActorId actor, StepId step, std::uint64_t offset, std::uint64_t length) const {
        const auto name = names_.find({actor, step});
        const std::string whose = name != names_.end() ? name->second : fmt::format("step {} of actor {}", step, actor);
        return length == 1 ? fmt::format("byte {} of {}", offset, whose)
                           : fmt::format("bytes {}..{} of {}", offset, offset + length - 1, whose);
    }

    void objects() {
        for (const Component* component : concerned())
            for (const ObjectFacts& pipe : component->objects) {
                const Mechanism& mechanism = mechanism_of(component->mechanism);
                if (!is_pipe(mechanism)) {
                    lines_.push_back(
                        fmt::format("{} {}: initial slot {}", mechanism.name, pipe.id, initial_slot(pipe.id, 0)));
                    continue;
                }
                const Asked& asked = program_.objects[pipe.id].asked;
                lines_.push_back(fmt::format("pipe {}: read end fd {}, write end fd {}, {} bytes{}", pipe.id,
                                             initial_slot(pipe.id, 0), initial_slot(pipe.id, 1),
                                             pipe.slots * t_.subject.page_bytes,
                                             asked.flags ? ", " + flags_text(asked.flags) : ""));
            }
    }

    std::string received(const Event& event) const {
        std::string text;
        std::size_t shown = 0;
        for (const Run& run : history_.runs_of(event)) {
            if (event.verb == Verb::receive) return fmt::format("sent by actor {}, step {}", run.actor, run.step);
            if (++shown > 4) return text + ", ...";
            text += text.empty() ? "" : ", ";
            if (run.kind == RunKind::origin)
                text += bytes_text(run.actor, run.step, run.offset, run.length);
            else
                text += raw_text(run);
        }
        return text.empty() ? "" : "got " + text;
    }

    // Few bytes carry no coordinates: whose they are is told by comparing them with what was written.
    std::string raw_text(const Run& run) const {
        const auto raw = history_.raw_of(run);
        std::string text;
        for (std::size_t used = 0; used < raw.size();) {
            const Run found = longest_match(raw.subspan(used));
            if (found.length == 0) {
                const std::size_t left = raw.size() - used;
                return text + fmt::format("{} byte{}", left, left == 1 ? "" : "s");
            }
            text += (text.empty() ? "" : ", ") + bytes_text(found.actor, found.step, found.offset, found.length);
            used += found.length;
        }
        return text;
    }

    // The first of these bytes as a stretch of some write. One or two bytes may be anywhere in a long write by chance.
    Run longest_match(std::span<const std::uint8_t> bytes) const {
        constexpr std::uint32_t surely = 3;
        Run best;
        for (std::size_t a = 0; a < program_.actors.size(); ++a)
            for (std::size_t s = 0; s < program_.actors[a].steps.size(); ++s) {
                const StreamId stream = t_.subject.stream(static_cast<ActorId>(a), static_cast<StepId>(s));
                const std::uint64_t end = std::min<std::uint64_t>(stream.stream_bytes, max_stream_bytes);
                for (std::uint64_t from = 0; from < end; ++from) {
                    std::uint32_t length = 0;
                    while (length < bytes.size() && from + length < end &&
                           byte_at(stream, from + length) == bytes[length])
                        ++length;
                    if (length > best.length && (length >= surely || end < small_stream_bytes))
                        best = {RunKind::origin, stream.actor, stream.step, static_cast<std::uint32_t>(from), length};
                }
            }
        return best;
    }

    std::string happening(const Event& event) const {
        switch (event.kind) {
            case EventKind::call: return call_text(program_, event, is_asleep(event));
            case EventKind::signal: return fmt::format("handler of {} ran", name_of(event.signal));
            case EventKind::death:
                return event.signal != Signal::none ? fmt::format("died of {}", name_of(event.signal))
                                                    : fmt::format("ended with status {}", event.value);
            case EventKind::fault:
                return fmt::format("struck by {} in or at step {}", fault_of(event.fault).name, event.step);
            case EventKind::delivery: return delivery_text(event);
            case EventKind::spinning: return "burnt time without moving";
            default: return std::string(name_of(event.kind));
        }
    }

    void calls() {
        const std::size_t left_out = events_.size() > most_lines ? events_.size() - most_lines : 0;
        if (left_out) lines_.push_back(fmt::format("  ({} earlier calls are left out)", left_out));
        for (std::size_t i = left_out; i < events_.size(); ++i) {
            const Event& event = history_.events[events_[i]];
            const auto name = names_.find({event.actor, event.step});
            const bool named = event.kind == EventKind::call && name != names_.end();
            const std::string span = event.ended == event.began ? fmt::format("{}", event.began)
                                     : event.ended == 0         ? fmt::format("{}..", event.began)
                                                                : fmt::format("{}..{}", event.began, event.ended);
            std::string line = fmt::format("{:>9}  actor {}  {:3}{}", span, event.actor,
                                           named ? name->second + ":" : "", happening(event));
            if (event.kind == EventKind::call || event.kind == EventKind::delivery)
                if (const std::string got = received(event); !got.empty()) line += "   " + got;
            if (events_[i] == t_.breach.event) line += "   <-- this";
            lines_.push_back(std::move(line));
        }
    }

    void before() {
        if (!t_.before) return;
        const auto name = [this](ActorId actor, StepId step, std::uint64_t offset, std::uint64_t length) {
            return bytes_text(actor, step, offset, length);
        };
        for (const std::string& line : t_.before(name)) lines_.push_back("before it, " + line);
    }

    void why() {
        const std::string_view id = clause_of(t_.breach.clause).id;
        for (const std::string& line : t_.breach.lines)
            if (!line.empty()) lines_.push_back(fmt::format("{} is broken: {}", id, line));
        for (const std::string& line : t_.alternatives) lines_.push_back("  " + line);
        const Due& due = t_.due;
        if (!due.known) return;
        if (due.sleeps) return lines_.push_back("due was: that it sleeps on");
        std::string text = due.error != Errno::none ? std::string(name_of(due.error)) : fmt::format("{}", due.result);
        for (std::size_t i = 0; i < due.bytes.size() && i < 4; ++i)
            text += (i ? ", " : ", with ") +
                    bytes_text(due.bytes[i].actor, due.bytes[i].step, due.bytes[i].offset, due.bytes[i].length);
        lines_.push_back("due was: " + text);
    }

    const Telling& t_;
    const History& history_;
    const Program& program_;
    std::vector<std::size_t> events_;
    std::map<std::pair<ActorId, StepId>, std::string> names_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> story(const Telling& telling) {
    if (telling.breach.event >= telling.subject.history->events.size() || telling.breach.clause == no_clause) return {};
    return Teller(telling).lines();
}

}  // namespace crosstalk::judging
