// Connects that go on when their call is over (connect(2), EINPROGRESS; EINTR): what later calls on the same socket
// tell of how they end. To the model such an attempt is a connect that lasts until then. What such calls say meanwhile
// is not judged otherwise; nor is a socket whose connect failed, which may be in any state (connect(2), NOTES).
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

void Resolver::attempt(const Operation& operation, std::int16_t description, Act act) {
    const Description& d = descriptions_[static_cast<std::size_t>(description)];
    const bool is_strange = d.shut;
    const std::uint16_t connection = new_object(operation.object, 0), status = d.status;
    objects_[connection].part = Part::asked;
    objects_[connection].is_strange = is_strange;
    const std::int16_t made = new_description(connection, 0, status);
    becomes(description, made);
    act.value = connection, act.error = Errno::none, act.open = true, act.ended = never;
    attempts_.push_back({made, static_cast<std::uint32_t>(acts_.size())});
    add(act);
}

// One more connect of a socket whose last one failed, or whose connection was reset: it may be connected.
void Resolver::attempt_again(const Operation& operation, const Description& description, Act act) {
    act.object = address_of(operation.object);
    act.description = static_cast<std::uint16_t>(description.before);
    const std::uint16_t home = descriptions_[act.description].object;
    if (home != act.object) act.to_object = home;
    act.value = -1, act.error = Errno::none, act.open = true, act.ended = never;
    add(act);
}

Resolver::Attempt* Resolver::attempt_of(std::int16_t description) {
    const auto found = std::ranges::find(attempts_, description, &Attempt::description);
    return found == attempts_.end() ? nullptr : &*found;
}

void Resolver::attempt_told(Attempt& attempt, const Event& event, Errno error) {
    Act& act = acts_[attempt.act];
    act.open = false, act.ended = event.ended, act.error = error;
    attempt.told = true, attempt.failed = error != Errno::none;
    if (attempt.failed) objects_[static_cast<std::uint16_t>(act.value)].is_strange = true;
}

namespace {

bool says_ended(Errno error) {
    return error == Errno::ECONNRESET_ || error == Errno::ECONNABORTED_ || error == Errno::EPIPE_ ||
           error == Errno::ETIMEDOUT_;
}

}  // namespace

// True: this call speaks of an attempt, and of nothing else.
bool Resolver::tells(const Event& event, const Operation& operation) {
    Attempt* attempt = nullptr;
    std::size_t used = 0;
    for (const Slot slot : operation.uses) {
        if (slot == no_slot || slot >= first_mailbox) continue;
        ++used;
        Attempt* const found = attempt_of(description_in(event.actor, slot));
        if (found == nullptr) continue;
        if (!found->told || found->failed) {
            attempt = found;
        } else if (operation.verb == Verb::connect && event.ended != 0 && !found->confirmed) {
            // The first connect afterwards may tell once more that it is connected, without an error, as Linux does; or
            // that the connection has ended since: then this connect is the one that failed.
            if (event.error == Errno::none) return found->confirmed = true;
            if (!says_ended(event.error)) continue;
            found->failed = true;
            objects_[static_cast<std::uint16_t>(acts_[found->act].value)].is_strange = true;
            return false;
        }
    }
    if (attempt == nullptr) return false;
    const bool ended = event.ended != 0;
    // A shutdown of its own may have ended it before it was answered, of which Linux tells as of a reset.
    const auto told = [&](Errno error) {
        const bool nobody_knows = attempt->given_up && error == Errno::ECONNRESET_;
        if (!attempt->told && !nobody_knows) attempt_told(*attempt, event, error);
    };
    switch (operation.verb) {
        case Verb::poll: {
            const bool waits = operation.timeout_ns == forever && (operation.value & poll_out) != 0;
            if (!ended && used == 1 && waits && asleep_[static_cast<std::size_t>(&event - history_.events.data())] &&
                !attempt->told)
                acts_[attempt->act].asleep = true;
            const bool plainly = used == 1 && !(operation.flags & flag_select);
            if (ended && plainly && (event.value & (poll_out | poll_err | poll_hup)) == poll_out) told(Errno::none);
            return true;
        }
        case Verb::get_option:
            if (static_cast<SocketOption>(operation.value) != SocketOption::error) return false;
            if (ended && event.error == Errno::none && event.result != 0) told(static_cast<Errno>(event.result));
            return true;
        case Verb::connect:
            if (attempt->failed)
                attempt_again(
                    operation, descriptions_[static_cast<std::size_t>(attempt->description)],
                    act_of(ActKind::other, event, static_cast<std::uint32_t>(&event - history_.events.data())));
            if (!ended || event.error == Errno::EALREADY_ || event.error == Errno::EINTR_) return true;
            attempt->confirmed = true;
            told(event.error == Errno::EISCONN_ ? Errno::none : event.error);
            return true;
        case Verb::listen:
            if (ended && event.error == Errno::none)
                resolved_.unjudged = "in which state a socket is whose connect failed no document says";
            return true;
        case Verb::bind:
        case Verb::accept: return true;
        case Verb::shutdown:
            attempt->given_up = attempt->given_up || !ended || event.error == Errno::none;
            objects_[static_cast<std::uint16_t>(acts_[attempt->act].value)].is_strange = true;
            return true;
        default: break;
    }
    if (!sheet_of(operation.verb).moves_bytes()) return attempt->failed && operation.verb == Verb::available;
    if (!ended && !attempt->failed) return false;
    if (event.error == Errno::none && !attempt->failed) {
        if (operation.buffer.bytes == 0) return true;  // it says nothing of the connection
        told(Errno::none);
        return false;
    }
    if (ended && event.error != Errno::EAGAIN_ && event.error != Errno::EINTR_ && event.error != Errno::ENOTCONN_ &&
        event.error != Errno::EPIPE_)
        told(event.error);
    return true;
}

}  // namespace crosstalk::judging
