// See words.h.
#include "faults/text/words.h"

#include <algorithm>
#include <charconv>

#include "faults/text/json_writing.h"
#include "mechanisms/names.h"
#include "mechanisms/trial.h"

namespace crosstalk::words {
namespace {

constexpr std::string_view flag_names[] = {
    "nonblock", "cloexec",  "direct",   "async",     "unknown", "bad_pointer", "restart",   "ignore",  "block",
    "standard", "writable", "create",   "exclusive", "peek",    "wait_all",    "no_signal", "private", "epoll",
    "more",     "select",   "truncate", "linked",    "fixed",   "no_replace",  "ordered",   "edge",    "once",
    "urgent",   "ends",     "control",  "unordered", "mend",    "now",         "first_ns",  "last_ns"};
// From "private" on: aliases.
static_assert(std::size(flag_names) <= 64, "one bit each");
// What a bit is called beside one verb.
struct Alias {
    Verb verb;
    Flag flag;
    std::size_t name;
};
constexpr std::size_t own_names = 16;
constexpr Alias aliases[] = {
    {Verb::attach, flag_private, own_names},          {Verb::poll, flag_epoll, own_names + 1},
    {Verb::send, flag_more, own_names + 2},           {Verb::poll, flag_select, own_names + 3},
    {Verb::open, flag_truncate, own_names + 4},       {Verb::open, flag_linked, own_names + 5},
    {Verb::attach, flag_fixed, own_names + 6},        {Verb::attach, flag_no_replace, own_names + 7},
    {Verb::load, flag_ordered, own_names + 8},        {Verb::store, flag_ordered, own_names + 8},
    {Verb::sem_wait, flag_ordered, own_names + 8},    {Verb::sem_post, flag_ordered, own_names + 8},
    {Verb::watch, flag_edge, own_names + 9},          {Verb::wait, flag_edge, own_names + 9},
    {Verb::watch, flag_once, own_names + 10},         {Verb::wait, flag_once, own_names + 10},
    {Verb::send, flag_urgent, own_names + 11},        {Verb::recv, flag_urgent, own_names + 11},
    {Verb::send, flag_ends, own_names + 12},          {Verb::recv, flag_real_length, own_names + 4},
    {Verb::recv, flag_control, own_names + 13},       {Verb::send, flag_unordered, own_names + 14},
    {Verb::lock, flag_mend, own_names + 15},          {Verb::mq_send, flag_now, own_names + 16},
    {Verb::mq_receive, flag_now, own_names + 16},     {Verb::sem_wait, flag_now, own_names + 16},
    {Verb::mq_send, flag_first_ns, own_names + 17},   {Verb::mq_receive, flag_first_ns, own_names + 17},
    {Verb::sem_wait, flag_first_ns, own_names + 17},  {Verb::mq_send, flag_last_ns, own_names + 18},
    {Verb::mq_receive, flag_last_ns, own_names + 18}, {Verb::sem_wait, flag_last_ns, own_names + 18}};
constexpr std::string_view poll_names[] = {"in", "out", "err", "hup", "nval", "pri", "rdhup"};
constexpr std::string_view duplicate_names[] = {"dup", "dup2", "dup3-cloexec", "fcntl", "fcntl-cloexec"};
constexpr std::string_view access_names[] = {"read", "write", "both"};
constexpr std::string_view detaching_names[] = {"view", "no-length", "unaligned", "nothing"};
constexpr std::string_view syncing_names[] = {"wait", "later", "both", "unknown", "unaligned", "hole", "locked"};
constexpr std::string_view advice_names[] = {"not-needed", "needed-soon", "move"};
constexpr std::string_view misname_names[] = {"longest",   "too-long",   "no-slash", "two-slashes", "only-slash",
                                              "no-folder", "below-file", "single",   "shorter",     "disputed"};
// Values of these verbs are words of a list.
struct Named {
    Verb verb;
    std::span<const std::string_view> names;
};
constexpr Named named_values[] = {{Verb::dup, duplicate_names},     {Verb::open, access_names},
                                  {Verb::shutdown, access_names},   {Verb::detach, detaching_names},
                                  {Verb::sync_view, syncing_names}, {Verb::advise, advice_names},
                                  {Verb::misname, misname_names},   {Verb::trial, trial_names}};
std::span<const std::string_view> names_of(Verb verb) {
    for (const Named& each : named_values)
        if (each.verb == verb) return each.names;
    return {};
}
constexpr std::string_view mailbox_word = "mailbox ";
constexpr std::string_view split_names[] = {"even", "tiny-first", "tiny-last", "with-empty"};
constexpr std::string_view actor_kind_names[] = {"pooled", "forked", "thread"};

template <class Enum, std::size_t n>
std::optional<Enum> named_in(const std::string_view (&names)[n], std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == std::end(names)) return std::nullopt;
    return static_cast<Enum>(found - std::begin(names));
}

template <std::size_t n>
std::string bits_as_words(const std::string_view (&names)[n], std::uint64_t bits) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < n; ++i)
        if ((bits >> i & 1) != 0) words.push_back(names[i]);
    return json::words(words);
}

std::string all_of(std::span<const std::string_view> names) {
    std::string text = "one of";
    for (const std::string_view name : names) text.append(text.size() == 6 ? " " : ", ").append(name);
    return text;
}

template <std::size_t n>
std::uint64_t words_as_bits(const std::string_view (&names)[n], const json::Json& value, const std::string& where,
                            json::Mistake& mistake) {
    std::uint64_t bits = 0;
    if (!value.is_array()) mistake.say(where, "must be a list of words, " + all_of(names));
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
        const auto& item = value[i];
        const auto bit = item.is_string() ? named_in<int>(names, item.get_ref<const std::string&>()) : std::nullopt;
        if (!bit) mistake.say(where + "/" + std::to_string(i), "must be " + all_of(names));
        bits |= std::uint64_t{1} << bit.value_or(0);
    }
    return bits;
}

void read_poll_events(const json::Json& value, const std::string& where, json::Mistake& mistake, std::int64_t& out) {
    if (value.size() > 4) return mistake.say(where, "must have at most 4 lists, one a slot");
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < value.size(); ++i)
        bits |= words_as_bits(poll_names, value[i], where + "/" + std::to_string(i), mistake) << (16 * i);
    out = static_cast<std::int64_t>(bits);
}

}  // namespace

std::string flags(std::uint16_t bits, Verb verb) {
    std::uint64_t named = bits;
    for (const Alias& alias : aliases)
        if (verb == alias.verb && (bits & alias.flag) != 0)
            named = (named & ~alias.flag) | std::uint64_t{1} << alias.name;
    return bits_as_words(flag_names, named);
}

void read_flags(json::Fields& fields, std::string_view key, std::uint16_t& out) {
    const auto* value = fields.find(key);
    if (value == nullptr) return;
    std::uint64_t named = words_as_bits(flag_names, *value, fields.at(key), fields.mistake());
    for (const Alias& alias : aliases)
        if (named >> alias.name & 1) named |= alias.flag;
    out = static_cast<std::uint16_t>(named);
}

std::string slots(std::span<const Slot> slots) {
    std::vector<std::string> items;
    for (const Slot slot : slots)
        items.push_back(slot < first_mailbox || slot >= max_slots
                            ? std::to_string(slot)
                            : json::quoted(std::string(mailbox_word) + std::to_string(slot - first_mailbox)));
    return json::list(items);
}

void read_slots(json::Fields& fields, std::string_view key, std::array<Slot, 4>& out) {
    std::size_t count = 0;
    fields.items(key, out.size(), [&](const json::Json& item, const std::string& where) {
        Slot& slot = out[count++];
        if (!item.is_string()) return json::Fields::to_number(item, where, fields.mistake(), slot);
        std::string_view word = item.get_ref<const std::string&>();
        unsigned actor = max_actors;
        if (word.starts_with(mailbox_word)) {
            word.remove_prefix(mailbox_word.size());
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), actor);
            if (error != std::errc() || end != word.data() + word.size()) actor = max_actors;
        }
        if (actor >= max_actors)
            fields.mistake().say(where, "must be the number of a slot or \"mailbox N\", N an actor");
        slot = mailbox_of(static_cast<ActorId>(actor));
    });
}

std::string poll_events(std::int64_t value, int slots) {
    const auto bits = static_cast<std::uint64_t>(value);
    std::vector<std::string> lists;
    for (int slot = 0; slot < 4; ++slot) {
        const std::uint64_t events = (bits >> (16 * slot)) & 0xffff;
        if (events >> std::size(poll_names) != 0) return std::to_string(value);
        if (slot >= slots && (bits >> (16 * slot)) == 0) break;
        lists.push_back(bits_as_words(poll_names, events));
    }
    return json::list(lists);
}

std::string value(Verb verb, std::int64_t value, int slots) {
    if (verb == Verb::poll) return poll_events(value, slots);
    const std::span<const std::string_view> names = names_of(verb);
    if (value >= 0 && value < std::ssize(names)) return json::quoted(names[static_cast<std::size_t>(value)]);
    if ((verb == Verb::signal || verb == Verb::mq_notify) && value > 0 &&
        value < static_cast<std::int64_t>(Signal::other))
        return json::quoted(crosstalk::name_of(static_cast<Signal>(value)));
    return std::to_string(value);
}

void read_value(json::Fields& fields, std::string_view key, Verb verb, std::int64_t& out) {
    const json::Json* value = fields.find(key);
    if (value == nullptr) return;
    if (value->is_array() && verb == Verb::poll) return read_poll_events(*value, fields.at(key), fields.mistake(), out);
    if (!value->is_string()) return json::Fields::to_number(*value, fields.at(key), fields.mistake(), out);
    const auto& word = value->get_ref<const std::string&>();
    const std::span<const std::string_view> names = names_of(verb);
    if (const auto found = std::ranges::find(names, word); found != names.end())
        out = found - names.begin();
    else if (const auto number = signal_named(word); (verb == Verb::signal || verb == Verb::mq_notify) && number)
        out = static_cast<std::int64_t>(*number);
    else
        fields.wrong(key, !names.empty()                                    ? "must be " + all_of(names)
                          : verb == Verb::signal || verb == Verb::mq_notify ? "must be the name of a signal, as SIGUSR1"
                                                                            : "must be a number");
}

std::string_view name_of(Split split) { return split_names[static_cast<std::size_t>(split)]; }
std::optional<Split> split_named(std::string_view name) { return named_in<Split>(split_names, name); }
std::string_view name_of(ActorKind kind) { return actor_kind_names[static_cast<std::size_t>(kind)]; }
std::optional<ActorKind> actor_kind_named(std::string_view name) { return named_in<ActorKind>(actor_kind_names, name); }

}  // namespace crosstalk::words
