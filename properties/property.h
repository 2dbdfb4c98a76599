// A property: a family of promises that one kind of program can show, and the generator that draws such programs.
// Its clauses are the rows of properties/clauses that name it; its file is properties/<name>.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace crosstalk {

using PropertyId = std::uint8_t;

struct PropertyName {
    std::string_view name, about;
};

// In the order of PropertyId. A property has one file, properties/<name>.cc, and one line here.
inline constexpr std::array property_names{
    PropertyName{"creation", "making an object: numbers, flags, errors, nothing half-made"},
    PropertyName{"order", "bytes arrive once, unchanged, in the order written"},
    PropertyName{"transfer", "how much one call moves, and what it says when it can move nothing"},
    PropertyName{"atomicity", "small writes are whole"},
    PropertyName{"capacity", "how much fits, how it is set and counted"},
    PropertyName{"end-of-file", "what a reader sees when the last writer is gone"},
    PropertyName{"peer-death", "what survivors see of a peer that closed, exited or was killed"},
    PropertyName{"packets", "O_DIRECT pipes keep one packet a write"},
    PropertyName{"bad-buffers", "buffers that are not all there"},
    PropertyName{"descriptors", "what dup, fork, exec, passing and limits do to descriptors"},
    PropertyName{"interruption", "signals and calls"},
    PropertyName{"notification", "signals that tell of arrivals"},
    PropertyName{"readiness", "poll agrees with what calls then do"},
    PropertyName{"progress", "nobody sleeps while the condition they wait for holds"},
    PropertyName{"survival", "the system under test stays alive"},
    PropertyName{"names", "making, opening and removing names, and what they lead to"},
    PropertyName{"visibility", "what one view of memory stores, all others load"},
};

consteval PropertyId property(std::string_view name) {
    for (std::size_t i = 0; i < property_names.size(); ++i)
        if (property_names[i].name == name) return static_cast<PropertyId>(i);
    throw "no such property";
}
std::optional<PropertyId> property_named(std::string_view name);

}  // namespace crosstalk
