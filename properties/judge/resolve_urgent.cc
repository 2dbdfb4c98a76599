// The urgent byte of stream sockets: MSG_OOB, SO_OOBINLINE, SIOCATMARK, POLLPRI; tcp(7). The models of streams do not
// know it, so a pair on which anybody asks for it is taken away from them and followed here, call by call, for as long
// as its calls come one after another and none of its ends is closed. What stands beside each other is judged by
// nobody. Of TCP nothing is expected of an urgent byte before something has shown that it has come.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "mechanisms/journal.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

constexpr std::uint64_t least_segment = 536;  // RFC 9293, 3.7.1: what every host takes in one

struct Byte {
    std::uint8_t value = 0;
    bool mark = false;       // the last urgent byte, where it was sent
    bool announces = false;  // its segment tells of the mark: both are of one call
    bool perhaps = false;    // it may be here or not
    bool older = false;      // an urgent byte that a later one made ordinary
};

// What one end receives.
struct Inbox {
    std::vector<Byte> unread;
    bool taken = false;  // the urgent byte, by MSG_OOB
    bool is_inline = false;
    bool known = false;                   // it has surely come
    std::optional<ActorId> owner;         // F_SETOWN
    Stamp signalled = never;              // since when SIGURG is due
    std::vector<std::size_t> left_marks;  // of a pair: where earlier urgent bytes were taken, behind so many unread
    std::size_t mark() const {
        return static_cast<std::size_t>(std::ranges::find_if(unread, &Byte::mark) - unread.begin());
    }
    bool has_mark() const { return mark() != unread.size(); }
};

// How many of these bytes are the first received; no value: others were.
std::optional<std::size_t> first_of(std::span<const Byte> there, std::span<const std::uint8_t> got) {
    if (got.empty()) return 0;
    if (there.empty()) return std::nullopt;
    if (there[0].value == got[0])
        if (const auto rest = first_of(there.subspan(1), got.subspan(1))) return *rest + 1;
    if (!there[0].perhaps) return std::nullopt;
    const auto rest = first_of(there.subspan(1), got);
    return rest ? std::optional(*rest + 1) : std::nullopt;
}

struct Wrong {
    ClauseId clause = no_clause;
    Reason reason = Reason::none;
    std::string detail, line;
};

enum class Goes : std::uint8_t { on, no_further };

// One pair, in the order of its calls.
class Follower {
  public:
    Follower(const Subject& subject, bool is_tcp, Weights& weights)
        : subject_(subject),
          history_(*subject.history),
          is_tcp_(is_tcp),
          crosses_link_(is_tcp && !subject.value->program.links.empty()),
          weights_(weights) {}

    Goes follow(const Act& act) {
        switch (act.kind) {
            case ActKind::write: return send(act);
            case ActKind::read: return receive(act);
            case ActKind::look_poll: return poll(act);
            case ActKind::look_flags:
            case ActKind::look_available: return Goes::on;
            case ActKind::set_flags:
                if (act.value & flag_async) ends_[act.end].owner = act.actor, ends_[act.end].signalled = never;
                return Goes::on;
            case ActKind::other: return option(act);
            default: return Goes::no_further;
        }
    }
    const Wrong& wrong() const { return wrong_; }

  private:
    ClauseId mark_clause() const { return is_tcp_ ? clause("TCP-OOB-1") : clause("UNIX-OOB-2"); }
    Goes say(ClauseId which, Reason reason, std::string detail, std::string line) {
        wrong_ = {which, reason, std::move(detail), std::move(line)};
        return Goes::no_further;
    }
    Goes wrong_errno(ClauseId which, const Act& act, std::string_view wanted, std::string line) {
        const std::string_view got = act.error == Errno::none ? "none" : name_of(act.error);
        return say(which, Reason::wrong_errno, fmt::format("{}/{}", got, wanted), std::move(line));
    }

    std::vector<std::uint8_t> bytes_of(const Act& act) const {
        std::vector<std::uint8_t> bytes;
        for (std::uint32_t r = 0; r < act.run_count; ++r) {
            const Run& run = history_.runs[act.first_run + r];
            for (std::uint32_t i = 0; i < run.length; ++i)
                bytes.push_back(run.kind == RunKind::raw
                                    ? history_.raw_of(run)[i]
                                    : byte_at(subject_.stream(run.actor, run.step), run.offset + i));
        }
        return bytes;
    }

    Goes send(const Act& act) {
        const Event& event = history_.events[act.event];
        if (act.error != Errno::none || event.result != static_cast<std::int64_t>(act.asked) || act.asked == 0)
            return Goes::no_further;
        Inbox& inbox = ends_[1 - act.end];
        const Operation& operation = subject_.operation(act);
        const bool urgent = operation.verb == Verb::send && operation.flags & flag_urgent;
        if (urgent && inbox.has_mark() && crosses_link_) return Goes::no_further;  // either may come first
        if (urgent && inbox.has_mark()) {  // tcp(7): the older one is inserted as normal data into the stream
            const std::size_t at = inbox.mark();
            Byte& older = inbox.unread[at];
            older.mark = false, older.older = true;
            // Linux: of TCP one that was taken comes again, and one at which the reader stands does not come at all.
            older.perhaps = is_tcp_ && (inbox.taken || at == 0);
            if (!is_tcp_ && inbox.taken) {
                inbox.unread.erase(inbox.unread.begin() + static_cast<std::ptrdiff_t>(at));
                inbox.left_marks.push_back(at);
            }
        }
        for (std::uint64_t i = 0; i < act.asked; ++i) {
            inbox.unread.push_back({byte_at(subject_.stream(act.actor, act.step), i)});
            inbox.unread.back().announces = urgent && act.asked <= least_segment;
        }
        if (!urgent) return Goes::on;
        inbox.unread.back().mark = true;
        inbox.taken = false, inbox.known = !is_tcp_;
        inbox.signalled = inbox.owner ? act.began : never;
        return Goes::on;
    }

    Goes receive(const Act& act) {
        Inbox& inbox = ends_[act.end];
        const Operation& operation = subject_.operation(act);
        const bool peeks = operation.verb == Verb::recv && operation.flags & flag_peek;
        if (act.asked == 0 || (!inbox.unread.empty() && inbox.unread[0].perhaps)) return Goes::no_further;
        if (operation.verb == Verb::recv && operation.flags & flag_urgent) return receive_urgent(inbox, act, peeks);
        if (act.error == Errno::EAGAIN_) return receive_nothing(inbox, peeks);
        if (act.error != Errno::none || act.result == 0) return Goes::no_further;
        const std::vector<std::uint8_t> got = bytes_of(act);
        if (std::cmp_not_equal(got.size(), act.result)) return Goes::no_further;
        return receive_bytes(inbox, act, got, peeks);
    }

    Goes receive_bytes(Inbox& inbox, const Act& act, const std::vector<std::uint8_t>& got, bool peeks) {
        const std::size_t mark = inbox.mark();
        const bool at_mark = inbox.has_mark() && mark == 0, skips = at_mark && !inbox.is_inline;
        std::span<const Byte> there = inbox.unread;
        if (at_mark)
            there = there.subspan(skips ? 1 : 0);
        else
            there = there.first(mark);
        const std::optional<std::size_t> taken = first_of(there, got);
        if (!taken) return not_next(inbox, there, got, at_mark);
        const bool stopped = !at_mark && inbox.has_mark() && *taken == mark && act.asked > mark &&
                             inbox.unread.size() > mark + (inbox.is_inline ? 0 : 1);
        for (const Byte& byte : there.first(*taken))
            if (byte.older && !byte.perhaps && is_tcp_) ++weights_[clause("TCP-OOB-2")];
        if (at_mark && inbox.is_inline) ++weights_[clause("SOCK-OOB-1")];
        // What is behind the last byte may only not have come yet: a busy machine delivers later on loopback, too.
        const bool knows = stopped && !crosses_link_ && (inbox.known || there[*taken - 1].announces);
        if (knows) ++weights_[mark_clause()];
        if (*taken > 0 && (at_mark || knows)) inbox.known = true;
        if (peeks) return Goes::on;
        if (at_mark) inbox.unread[0].mark = false;
        const std::size_t gone = *taken + (skips ? 1 : 0);
        std::erase_if(inbox.left_marks, [&](std::size_t left) { return left < gone; });
        for (std::size_t& left : inbox.left_marks) left -= gone;
        inbox.unread.erase(inbox.unread.begin(), inbox.unread.begin() + static_cast<std::ptrdiff_t>(gone));
        return Goes::on;
    }

    // Which promise was broken? The bytes are not those that come next, up to the mark.
    Goes not_next(const Inbox& inbox, std::span<const Byte> there, std::span<const std::uint8_t> got, bool at_mark) {
        const std::string line =
            fmt::format("{} bytes, and these are not the next {} up to the mark", got.size(), there.size());
        std::vector<Byte> across = inbox.unread, without = inbox.unread;
        const bool marked = inbox.has_mark();
        if (marked) without.erase(without.begin() + static_cast<std::ptrdiff_t>(inbox.mark()));
        const bool crossed = marked && (first_of(across, got) || first_of(without, got));
        if (crossed && !at_mark && first_of(without, got) && !is_tcp_)
            return say(mark_clause(), Reason::merged, "", line);
        if (crossed && (at_mark || first_of(across, got)))
            return say(is_tcp_ || inbox.is_inline ? clause("SOCK-OOB-1") : mark_clause(), Reason::wrong_value, "",
                       line);
        if (crossed) return say(mark_clause(), Reason::merged, "", line);
        std::vector<Byte> newer(there.begin(), there.end());
        std::erase_if(newer, [](const Byte& byte) { return byte.older; });
        if (newer.size() != there.size() && first_of(newer, got))
            return say(is_tcp_ ? clause("TCP-OOB-2") : mark_clause(), Reason::lost, "", line);
        return say(clause("SOCK-STREAM-1"), Reason::wrong_value, "", line);
    }

    Goes receive_nothing(Inbox& inbox, bool peeks) {
        const bool at_mark = inbox.has_mark() && inbox.mark() == 0;
        const std::size_t there = at_mark && !inbox.is_inline ? inbox.unread.size() - 1 : inbox.unread.size();
        if (there != 0)  // of TCP it may be on its way
            return is_tcp_ ? Goes::no_further
                           : say(at_mark && inbox.is_inline ? clause("SOCK-OOB-1") : clause("SOCK-STREAM-1"),
                                 Reason::lost, "", fmt::format("{} bytes were there", there));
        if (!at_mark || peeks) return Goes::on;
        if (!inbox.known) return Goes::no_further;
        inbox.unread.clear();  // it is behind the mark now
        return Goes::on;
    }

    Goes receive_urgent(Inbox& inbox, const Act& act, bool peeks) {
        const bool due = inbox.has_mark() && !inbox.taken && !inbox.is_inline;
        const bool came = act.error == Errno::none;
        const ClauseId which = inbox.is_inline ? clause("SOCK-OOB-1") : mark_clause();
        if (!due) {
            if (came) return wrong_errno(which, act, "EINVAL", "there is no urgent byte to take");
            if (act.error != Errno::EINVAL_) return Goes::no_further;
            if (inbox.has_mark()) ++weights_[which];
            return Goes::on;
        }
        if (!came && !inbox.known) return Goes::no_further;
        if (!came) return wrong_errno(which, act, "none", "the urgent byte has come and nobody has taken it");
        const std::vector<std::uint8_t> got = bytes_of(act);
        const Byte& urgent = inbox.unread[inbox.mark()];
        if (act.result != 1 || got.size() != 1 || got[0] != urgent.value)
            return inbox.known ? say(which, Reason::wrong_value, "", "this is not the last urgent byte")
                               : Goes::no_further;
        if (!(history_.events[act.event].value & message_urgent))
            return say(which, Reason::wrong_value, "", "MSG_OOB is not told");
        ++weights_[which];
        ++weights_[clause("SOCK-OOB-1")];
        inbox.known = true;
        if (!peeks) inbox.taken = true;
        return is_tcp_ ? signal(inbox, act) : Goes::on;
    }

    // Has this actor made its own handler for SIGURG? By default the signal is ignored.
    bool handles_signal(const Act& act) const {
        bool handled = false;
        const std::vector<Operation>& steps = subject_.value->program.actors[act.actor].steps;
        for (StepId s = 0; s < act.step; ++s)
            if (steps[s].verb == Verb::signal && steps[s].value == static_cast<std::int64_t>(Signal::SIGURG_))
                handled = (steps[s].flags & (flag_ignore | flag_block | flag_standard)) == 0;
        return handled;
    }

    // tcp(7): SIGURG to who has been set as the owner, before it goes on from its call.
    Goes signal(const Inbox& inbox, const Act& act) {
        if (inbox.signalled == never || *inbox.owner != act.actor || !handles_signal(act)) return Goes::on;
        std::size_t notes = 0;
        bool told = false;
        for (const Event& event : history_.events) {
            if (event.actor != act.actor || event.kind != EventKind::signal) continue;
            ++notes;
            told =
                told || (event.signal == Signal::SIGURG_ && event.began > inbox.signalled && event.began < act.ended);
        }
        if (told || notes + 1 >= max_log_notes) return Goes::on;
        return say(mark_clause(), Reason::no_signal, "", "no SIGURG to the owner of the socket");
    }

    Goes poll(const Act& act) {
        Inbox& inbox = ends_[act.end];
        if (!(act.value & poll_pri)) return act.open ? Goes::no_further : Goes::on;
        const bool due = inbox.has_mark() && !inbox.taken;
        if (act.asleep && due)
            return say(mark_clause(), Reason::asleep, "", "poll for POLLPRI sleeps, and an urgent byte is there");
        if (act.open) return Goes::no_further;
        if (act.error != Errno::none) return Goes::on;
        const bool told = act.result & poll_pri;
        if (told == due) {
            if (told) inbox.known = true, ++weights_[mark_clause()];
            return Goes::on;
        }
        if (due && !inbox.known) return Goes::on;
        return say(mark_clause(), Reason::wrong_value, "",
                   told ? "POLLPRI, and there is no urgent byte" : "an urgent byte is there, and no POLLPRI");
    }

    Goes option(const Act& act) {
        const auto which = static_cast<SocketOption>(act.value & 0xff);
        Inbox& inbox = ends_[act.end];
        if (act.verb == Verb::set_option && which == SocketOption::urgent_inline && act.error == Errno::none) {
            inbox.is_inline = act.value >> 8 != 0;
            return inbox.has_mark() ? Goes::no_further : Goes::on;
        }
        if (act.verb != Verb::get_option || which != SocketOption::at_mark || act.error != Errno::none)
            return Goes::no_further;
        const std::size_t mark = inbox.mark();
        if (std::ranges::any_of(inbox.unread.begin(), inbox.unread.begin() + static_cast<std::ptrdiff_t>(mark),
                                &Byte::perhaps))
            return Goes::on;
        const bool due = inbox.has_mark() && mark == 0, told = act.result != 0;
        if (told == due) {
            if (told) inbox.known = true, ++weights_[mark_clause()];
            return Goes::on;
        }
        if (due && !inbox.known) return Goes::on;
        // Linux says yes where an earlier one was taken, too, if the last has been taken as well.
        if (told && std::ranges::find(inbox.left_marks, std::size_t{0}) != inbox.left_marks.end()) return Goes::on;
        return say(mark_clause(), Reason::wrong_value, "",
                   told ? "SIOCATMARK says yes before or behind the mark" : "SIOCATMARK says no at the mark");
    }

    const Subject& subject_;
    const History& history_;
    bool is_tcp_, crosses_link_;
    Weights& weights_;
    std::array<Inbox, 2> ends_;
    Wrong wrong_;
};

}  // namespace

void Resolver::urgent_bytes() {
    const Subject& subject = resolved_.subject;
    std::vector<bool> urgent(objects_.size(), false);
    for (const Act& act : acts_) {
        const bool calls = act.kind == ActKind::write || act.kind == ActKind::read || act.kind == ActKind::other;
        if (!calls || act.object == none16 || !binds::socket_streams(mechanism_of(objects_[act.object].mechanism)))
            continue;
        const Operation& operation = subject.operation(act);
        const auto option = static_cast<SocketOption>(operation.value & 0xff);
        const bool asks = operation.verb == Verb::send || operation.verb == Verb::recv;
        const bool sets = operation.verb == Verb::get_option || operation.verb == Verb::set_option;
        if ((asks && operation.flags & flag_urgent) ||
            (sets && (option == SocketOption::at_mark || option == SocketOption::urgent_inline)))
            urgent[act.object] = true;
    }
    for (std::uint16_t o = 0; o < objects_.size(); ++o) {
        if (!urgent[o] || objects_[o].part != Part::whole) continue;
        std::vector<Act> acts;
        std::ranges::copy_if(acts_, std::back_inserter(acts), [&](const Act& act) { return act.object == o; });
        std::ranges::stable_sort(acts, [](const Act& a, const Act& b) {  // who sleeps for good is asked at the end
            return a.asleep != b.asleep ? b.asleep : a.began < b.began;
        });
        Follower follower(subject, binds::tcp(mechanism_of(objects_[o].mechanism)), resolved_.weights);
        for (std::size_t i = 0; i < acts.size(); ++i) {
            const bool sleeps = acts[i].asleep && acts[i].kind == ActKind::look_poll;
            const bool beside = i + 1 < acts.size() && !sleeps && acts[i + 1].began < acts[i].ended;
            if (beside || (acts[i].open && !sleeps)) break;
            if (follower.follow(acts[i]) == Goes::on) continue;
            const Wrong& wrong = follower.wrong();
            if (wrong.clause != no_clause) breach(wrong.clause, wrong.reason, wrong.detail, acts[i].event, wrong.line);
            break;
        }
    }
    std::erase_if(acts_, [&](const Act& act) { return act.object != none16 && urgent[act.object]; });
}

}  // namespace crosstalk::judging
