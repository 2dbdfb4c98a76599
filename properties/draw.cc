// Drawing cases: from rapidcheck's randomness to a recipe of properties/draw/recipes.h, and from an environment to a
// ground. What "smaller" means is draw/smaller.cc.
#include "properties/draw.h"

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/queues.h"
#include "properties/draw/recipes.h"

namespace crosstalk {

Ground ground_of(const Environment& environment) {
    Ground ground;
    const auto number = [&](std::string_view key, std::uint64_t otherwise) {
        const std::int64_t said = environment.number(key, static_cast<std::int64_t>(otherwise));
        return said > 0 ? static_cast<std::uint64_t>(said) : otherwise;
    };
    ground.page_bytes = number("page_bytes", ground.page_bytes);
    ground.pipe_buf = number("pipe_buf", ground.pipe_buf);
    ground.pipe_max_bytes = number("pipe_max_bytes", ground.pipe_max_bytes);
    ground.default_capacity_bytes = number("pipe_default_bytes", ground.default_capacity_bytes);
    ground.iov_max = static_cast<std::uint32_t>(number("iov_max", ground.iov_max));
    ground.sem_value_max = environment.number("sem_value_max", ground.sem_value_max);
    const auto small = [&](std::string_view key, std::uint32_t otherwise) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(number(key, otherwise), 1u << 30));
    };
    ground.queue_messages_max = small("mq_msg_max", ground.queue_messages_max);
    ground.queue_bytes_max = small("mq_msgsize_max", ground.queue_bytes_max);
    ground.send_buffer_max = small("wmem_max", ground.send_buffer_max);
    ground.receive_buffer_max = small("rmem_max", ground.receive_buffer_max);
    ground.backlog_max = small("somaxconn", ground.backlog_max);
    ground.queue_messages_default =
        std::min(small("mq_msg_default", ground.queue_messages_default), ground.queue_messages_max);
    ground.queue_bytes_default =
        std::min(small("mq_msgsize_default", ground.queue_bytes_default), ground.queue_bytes_max);
    ground.root = environment.number("uid", 1) == 0;
    const std::string abilities = "," + std::string(environment.text("abilities")) + ",";
    ground.own_machine = abilities.find(",own_machine,") != abilities.npos;
    ground.fifo_scheduling = environment.text("ladder") == "fifo";
    return ground;
}

draw::Recipe draw::recipe_of(const Mechanism& mechanism, PropertyId property) {
    if (binds::listeners(mechanism) && property == crosstalk::property("creation")) return draw_listeners;
    if (binds::sockets(mechanism)) return draw_channels;
    if (binds::one_to_many(mechanism)) return draw_trials;
    if (mechanism.semantics == Semantics::counter) return draw_semaphores;
    if (mechanism.semantics == Semantics::priority_queue) return draw_queues;
    if (mechanism.semantics == Semantics::shared_bytes) return draw_visibility;
    if (property == crosstalk::property("names") && offers(mechanism, Verb::open)) return draw_names;
    return property < recipes.size() ? recipes[property].draw : draw_order;
}

namespace draw {

// Beside the recipe of its model a mechanism has programs that are about one thing.
Case drawn_by_recipe(Dice& dice, const Commission& commission) {
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    const bool by_trials = has_trials(mechanism, commission.property);
    if (may_try(commission) && dice.one_in(by_trials ? 24 : 40)) return draw_trials(dice, commission);
    if (may_lock(dice, commission)) return draw_locks(dice, commission);
    if (binds::posix_memory(mechanism) && dice.one_in(12)) return draw_race_of_names(dice, commission);
    if (binds::fifos(mechanism) && commission.property == property("names") && dice.one_in(6))
        return draw_names_anew(dice, commission);
    return recipe_of(mechanism, commission.property)(dice, commission);
}

}  // namespace draw

// One poll in four asks by epoll where it may, another by select, which knows fewer events: whatever a poll of any
// mechanism shows, these show as well.
Case with_other_polls(draw::Dice& dice, Case value) {
    constexpr std::int64_t of_select = poll_in | poll_out,
                           of_each_slot = of_select | of_select << 16 | of_select << 32 | of_select << 48;
    for (std::size_t who = 0; who < value.program.actors.size(); ++who)
        for (Operation& step : value.program.actors[who].steps) {
            if (step.verb != Verb::poll || !dice.one_in(2) ||
                !may_ask_by_epoll(value.program, static_cast<ActorId>(who), step))
                continue;
            const bool selects = dice.one_in(2);
            step.flags |= selects ? flag_select : flag_epoll;
            if (selects) step.value &= of_each_slot;
        }
    return value;
}

rc::Gen<Case> cases_of(PropertyId property, MechanismId mechanism, FaultId fault, const Ground& ground) {
    return [=](const rc::Random& random, int) {
        draw::Dice dice(rc::Random(random).next());
        const draw::Commission commission{property, mechanism, fault, ground};
        Case drawn = draw::drawn_by_recipe(dice, commission);
        return rc::shrinkable::shrinkRecur(with_other_polls(dice, std::move(drawn)),
                                           [](const Case& value) { return smaller(value); });
    };
}

}  // namespace crosstalk
