// Cases of shared memory as drawn: they make sense, and show the boundary values of lengths, positions and mappings.
#include <gtest/gtest.h>

#include <map>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw.h"
#include "properties/draw/recipes.h"

namespace crosstalk {
namespace {

std::string beside_page(std::int64_t value, const Ground& ground) {
    const auto page = static_cast<std::int64_t>(ground.page_bytes);
    return value == 0          ? "0"
           : value == 1        ? "1"
           : value < 0         ? "negative"
           : value == page - 1 ? "page - 1"
           : value == page     ? "page"
           : value == page + 1 ? "page + 1"
           : value < page      ? "in a page"
                               : "pages";
}

void count(const Case& value, const Ground& ground, std::map<std::string, int>& seen) {
    const auto asked = static_cast<std::int64_t>(value.program.objects[0].asked.capacity_bytes);
    ++seen["object " + beside_page(asked, ground)];
    for (const Actor& actor : value.program.actors) {
        if (actor.kind == ActorKind::forked) ++seen["forked"];
        for (const Operation& step : actor.steps) {
            const auto bytes = static_cast<std::int64_t>(step.buffer.bytes);
            switch (step.verb) {
                case Verb::attach:
                    ++seen["view " + beside_page(bytes, ground)];
                    ++seen["offset " + beside_page(step.value, ground)];
                    ++seen[step.flags & flag_private ? "private view" : "shared view"];
                    ++seen[step.flags & flag_writable ? "writable view" : "read-only view"];
                    if (bytes > asked) ++seen["view beyond the end"];
                    if (step.flags & (flag_fixed | flag_no_replace)) ++seen["fixed view"];
                    break;
                case Verb::truncate: ++seen["length " + beside_page(step.value, ground)]; break;
                case Verb::open:
                    ++seen[step.flags & flag_unknown     ? "open a slash"
                           : step.flags & flag_exclusive ? "open or fail"
                           : step.flags & flag_create    ? "open or make"
                                                         : "open"];
                    break;
                case Verb::detach:
                    if (step.value != 0) ++seen["odd detach"];
                    break;
                case Verb::store:
                case Verb::load:
                    if (moves_word_apart(step, ground.page_bytes)) ++seen["word apart"];
                    if (step.value == 0) ++seen["copy at 0"];
                    if (bytes == 1) ++seen["copy of 1"];
                    if (step.value + bytes == static_cast<std::int64_t>(ground.page_bytes))
                        ++seen["copy to a page's end"];
                    if (step.value < asked && step.value + bytes > asked) ++seen["copy over the end"];
                    if (step.value < static_cast<std::int64_t>(ground.page_bytes) &&
                        step.value + bytes > static_cast<std::int64_t>(ground.page_bytes))
                        ++seen["copy over a page's end"];
                    break;
                case Verb::unlink: ++seen["unlink"]; break;
                default: ++seen[std::string(sheet_of(step.verb).name)];
            }
        }
    }
}

std::map<std::string, int> drawn(std::string_view name) {
    const Ground ground;
    const MechanismId mechanism = *mechanism_named(name);
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        draw::Dice dice(seed);
        const auto property = static_cast<PropertyId>(seed % property_names.size());
        const FaultId fault = seed % 3 == 0 ? killed_peer_fault : no_fault;
        const draw::Commission commission{property, mechanism, fault, ground};
        const Case value = draw::recipe_of(mechanism_of(mechanism), property)(dice, commission);
        EXPECT_EQ(why_not(value), "") << "seed " << seed;
        count(value, ground, seen);
    }
    return seen;
}

TEST(DrawnMemory, OfObjectsMakesSenseAndShowsEachBoundary) {
    for (const std::string_view name : {"shm-posix", "shm-file"}) {
        std::map<std::string, int> seen = drawn(name);
        for (const char* const boundary : {"object 1",
                                           "object page - 1",
                                           "object page",
                                           "object page + 1",
                                           "object pages",
                                           "forked",
                                           "view 0",
                                           "view 1",
                                           "view page - 1",
                                           "view page",
                                           "view page + 1",
                                           "view pages",
                                           "offset 0",
                                           "offset 1",
                                           "offset page",
                                           "private view",
                                           "shared view",
                                           "writable view",
                                           "read-only view",
                                           "view beyond the end",
                                           "length 0",
                                           "length 1",
                                           "length negative",
                                           "length page",
                                           "length page + 1",
                                           "open",
                                           "open or fail",
                                           "open or make",
                                           "copy at 0",
                                           "copy of 1",
                                           "copy to a page's end",
                                           "copy over the end",
                                           "copy over a page's end",
                                           "unlink",
                                           "protect",
                                           "sync_view",
                                           "advise",
                                           "punch",
                                           "lend",
                                           "new_mode",
                                           "word apart",
                                           "fixed view",
                                           "odd detach"})
            EXPECT_GT(seen[boundary], 20) << name << ": " << boundary;
        EXPECT_EQ(seen["open a slash"] > 20, name == "shm-posix");
    }
}

TEST(DrawnMemory, WithoutANameMakesSenseAndIsInherited) {
    std::map<std::string, int> seen = drawn("shm-anonymous");
    for (const char* const boundary : {"forked", "view 0", "view page", "private view", "shared view", "copy at 0",
                                       "copy of 1", "copy to a page's end"})
        EXPECT_GT(seen[boundary], 20) << boundary;
    EXPECT_EQ(seen["open"] + seen["unlink"] + seen["offset page"], 0);
}

}  // namespace
}  // namespace crosstalk
