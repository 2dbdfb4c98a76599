// FIFOs whose name is made, removed and made again: each time it leads to another object (mkfifo(3), unlink(2)). Which
// one is certain only where no two calls change the name at once; such programs are drawn so.
#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

bool Resolver::is_made_anew(ObjectId object) const {
    if (object >= value_.program.objects.size()) return false;
    return is_named_anew(value_.program, object);
}

// Is it about such a name? Then it has been dealt with.
bool Resolver::name_anew(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool makes = operation.verb == Verb::create, opens = operation.verb == Verb::open;
    if ((!makes && !opens && operation.verb != Verb::unlink) || !is_made_anew(operation.object)) return false;
    std::int16_t& name = name_of_memory(event, operation.object);
    if (opens && event.ended == 0) resolved_.unjudged = "an open cut by death may be of either of several objects";
    if (!resolved_.unjudged.empty()) return true;
    constexpr unsigned happened = 1;
    if (event.ended == 0 && hypothesis_.choose(2) != happened) return true;
    const bool there = name != unbound, done = event.ended == 0 || event.error == Errno::none;
    const Errno due = makes == there ? makes ? Errno::EEXIST_ : Errno::ENOENT_ : Errno::none;
    if (event.ended == 0 && due != Errno::none) return true;
    if (opens) {
        open(event, index, operation);
    } else if (event.error != due) {
        const std::string_view got = done ? "none" : name_of(event.error);
        breach(makes ? clause("FIFO-CREATE-1") : clause("FIFO-LIFE-1"), Reason::wrong_errno,
               fmt::format("{}/{}", got, due == Errno::none ? "none" : name_of(due)), index,
               there ? "such a name is there" : "no such name is there");
    } else if (event.ended != 0) {
        weigh(makes ? clause("FIFO-CREATE-1") : clause("FIFO-LIFE-1"));
    }
    if (opens || !done) return true;
    last_naming_[operation.object] = &event;
    name = makes ? static_cast<std::int16_t>(new_object(operation.object, default_slots_)) : unbound;
    return true;
}

}  // namespace crosstalk::judging
