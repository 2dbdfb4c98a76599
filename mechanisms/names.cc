// Errors and signals by name, and their numbers on this system (XBD <errno.h>, <signal.h>).
// One list in names.h feeds every table here, so a name cannot be in one and missing in another.
#include "mechanisms/names.h"

#include <cerrno>
#include <csignal>

namespace crosstalk {
namespace {

struct Known {
    std::string_view name;
    int number;
};

constexpr Known known_errors[] = {
#define X(name) {#name, name},
    CROSSTALK_ERRNOS(X)
#undef X
};
constexpr Known known_signals[] = {
#define X(name) {#name, name},
    CROSSTALK_SIGNALS(X)
#undef X
};
constexpr std::string_view other_name = "other";

// Entry i of a table is enumerator i + 1; 0 is `none`, one past the table is `other`.
template <class Enum, std::size_t n>
std::string_view name_in(const Known (&table)[n], Enum value) {
    const auto index = static_cast<std::size_t>(value);
    if (index == 0) return "";
    return index <= n ? table[index - 1].name : other_name;
}

template <class Enum, std::size_t n>
std::optional<Enum> named_in(const Known (&table)[n], std::string_view name) {
    for (std::size_t i = 0; i < n; ++i)
        if (table[i].name == name) return static_cast<Enum>(i + 1);
    if (name == other_name) return Enum::other;
    return std::nullopt;
}

template <class Enum, std::size_t n>
Enum from_number(const Known (&table)[n], int number) {
    if (number == 0) return Enum::none;
    for (std::size_t i = 0; i < n; ++i)
        if (table[i].number == number) return static_cast<Enum>(i + 1);
    return Enum::other;
}

static_assert(std::size(known_errors) + 1 == static_cast<std::size_t>(Errno::other));
static_assert(std::size(known_signals) + 1 == static_cast<std::size_t>(Signal::other));

}  // namespace

std::string_view name_of(Errno error) { return name_in(known_errors, error); }
std::optional<Errno> errno_named(std::string_view name) { return named_in<Errno>(known_errors, name); }
Errno errno_from(int number) { return from_number<Errno>(known_errors, number); }

std::string_view name_of(Signal signal) { return name_in(known_signals, signal); }
std::optional<Signal> signal_named(std::string_view name) { return named_in<Signal>(known_signals, name); }
Signal signal_from(int number) { return from_number<Signal>(known_signals, number); }

int number_of(Signal signal) {
    const auto index = static_cast<std::size_t>(signal);
    return index == 0 || index > std::size(known_signals) ? 0 : known_signals[index - 1].number;
}

}  // namespace crosstalk
