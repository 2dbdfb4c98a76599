// Looking up properties by name. The list itself is in the header, so that tables can check it while compiling.
#include "properties/property.h"

#include <algorithm>

namespace crosstalk {

std::optional<PropertyId> property_named(std::string_view name) {
    const auto found = std::ranges::find(property_names, name, &PropertyName::name);
    if (found == property_names.end()) return std::nullopt;
    return static_cast<PropertyId>(found - property_names.begin());
}

}  // namespace crosstalk
