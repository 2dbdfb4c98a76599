// Steps: which family draws which verb.
#include "properties/draw/steps.h"

#include "mechanisms/catalog.h"

namespace crosstalk::draw {
namespace {

bool draw_in_family(Draft& draft, ActorId who, Verb verb) {
    switch (verb) {
        case Verb::write:
        case Verb::writev:
        case Verb::vmsplice: return draw_write(draft, who, verb);
        case Verb::read:
        case Verb::readv: return draw_read(draft, who, verb);
        case Verb::splice:
        case Verb::tee: return draw_move(draft, who, verb);
        case Verb::poll: return draw_poll(draft, who, verb);
        case Verb::close: return draw_close(draft, who, verb);
        case Verb::dup: return draw_dup(draft, who, verb);
        case Verb::set_flags:
        case Verb::set_cloexec:
        case Verb::set_capacity: return draw_setting(draft, who, verb);
        case Verb::create: return draw_create(draft, who, verb);
        case Verb::signal: return draw_signal(draft, who, verb);
        case Verb::limit: return draw_limit(draft, who, verb);
        case Verb::exec: return draw_exec(draft, who, verb);
        case Verb::exit: return draw_exit(draft, who, verb);
        case Verb::pass: return draw_pass(draft, who, verb);
        case Verb::receive: return draw_receive(draft, who, verb);
        case Verb::nothing: return draw_nothing(draft, who, verb);
        case Verb::start: return false;  // belongs to the shape
        default: return draw_question(draft, who, verb);
    }
}

}  // namespace

bool draw_step(Draft& draft, ActorId who, Verb verb) {
    const Mechanism& mechanism = mechanism_of(draft.commission.mechanism);
    if (!offers(mechanism, verb) || (verb == Verb::create && ends_made(mechanism) != 2)) return false;
    return draft.can_move(who) && draw_in_family(draft, who, verb);
}

bool draw_any_step(Draft& draft, ActorId who) {
    constexpr int tries = 5;  // an actor with only a read end refuses every write
    for (int i = 0; i < tries; ++i)
        if (draw_step(draft, who, static_cast<Verb>(draft.dice.weighted(draft.taste.weights)))) return true;
    return false;
}

bool draw_nothing(Draft& draft, ActorId who, Verb verb) {
    Operation operation;
    operation.verb = verb;
    return draft.add(who, operation);
}

}  // namespace crosstalk::draw
