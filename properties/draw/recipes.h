// Recipes: the generators of cases. Pipes have one a property, in the order of property_names, as far as properties
// bind pipes; other mechanisms have those of their model. Each is a taste
// over the shared drawing functions and stands in properties/<name>.cc.
#pragma once

#include <array>

#include "mechanisms/mechanism.h"
#include "properties/draw/draft.h"

namespace crosstalk::draw {

using Recipe = Case (*)(Dice& dice, const Commission& commission);

Case draw_creation(Dice& dice, const Commission& commission);
Case draw_order(Dice& dice, const Commission& commission);
Case draw_transfer(Dice& dice, const Commission& commission);
Case draw_atomicity(Dice& dice, const Commission& commission);
Case draw_capacity(Dice& dice, const Commission& commission);
Case draw_end_of_file(Dice& dice, const Commission& commission);
Case draw_peer_death(Dice& dice, const Commission& commission);
Case draw_packets(Dice& dice, const Commission& commission);
Case draw_bad_buffers(Dice& dice, const Commission& commission);
Case draw_descriptors(Dice& dice, const Commission& commission);
Case draw_interruption(Dice& dice, const Commission& commission);
Case draw_notification(Dice& dice, const Commission& commission);
Case draw_readiness(Dice& dice, const Commission& commission);
Case draw_progress(Dice& dice, const Commission& commission);
Case draw_survival(Dice& dice, const Commission& commission);
Case draw_names(Dice& dice, const Commission& commission);

Case draw_semaphores(Dice& dice, const Commission& commission);  // semaphores.cc
Case draw_visibility(Dice& dice, const Commission& commission);  // of shared memory, whatever the property

Case draw_channels(Dice& dice, const Commission& commission);   // of connected sockets, for all properties
Case draw_trials(Dice& dice, const Commission& commission);     // of mechanisms that have nothing else
Case draw_listeners(Dice& dice, const Commission& commission);  // of sockets with addresses
bool may_try(const Commission& commission);                     // trials.cc: beside their recipe
bool may_lock(Dice& dice, const Commission& commission);        // locks.cc
Case draw_locks(Dice& dice, const Commission& commission);
Case draw_names_anew(Dice& dice, const Commission& commission);  // names_anew.cc
Case draw_race_of_names(Dice& dice, const Commission& commission);

// Draws a case as a run does: by the recipe of the property on the mechanism, or now and then about one thing beside.
Case drawn_by_recipe(Dice& dice, const Commission& commission);
// The recipe of a property on a mechanism.
Recipe recipe_of(const Mechanism& mechanism, PropertyId property);

struct NamedRecipe {
    PropertyId property;
    Recipe draw;
};

inline constexpr std::array recipes{
    NamedRecipe{property("creation"), draw_creation},         NamedRecipe{property("order"), draw_order},
    NamedRecipe{property("transfer"), draw_transfer},         NamedRecipe{property("atomicity"), draw_atomicity},
    NamedRecipe{property("capacity"), draw_capacity},         NamedRecipe{property("end-of-file"), draw_end_of_file},
    NamedRecipe{property("peer-death"), draw_peer_death},     NamedRecipe{property("packets"), draw_packets},
    NamedRecipe{property("bad-buffers"), draw_bad_buffers},   NamedRecipe{property("descriptors"), draw_descriptors},
    NamedRecipe{property("interruption"), draw_interruption}, NamedRecipe{property("notification"), draw_notification},
    NamedRecipe{property("readiness"), draw_readiness},       NamedRecipe{property("progress"), draw_progress},
    NamedRecipe{property("survival"), draw_survival},
};

// Each recipe stands at its property's own place.
consteval bool in_property_order() {
    for (std::size_t i = 0; i < recipes.size(); ++i)
        if (recipes[i].property != i) return false;
    return recipes.size() <= property_names.size();
}
static_assert(in_property_order());

// A trial (trials.cc): has the mechanism one that the property is about? One that it has, mostly of the property.
bool has_trials(const Mechanism& mechanism, PropertyId property);
Operation trial_of(Dice& dice, const Mechanism& mechanism, PropertyId property);

}  // namespace crosstalk::draw
