// The words that stand for bits and small numbers in cases and histories, both ways. Verbs, errors, signals, faults
// and mechanisms have theirs where they are defined.
#pragma once

#include <array>
#include <span>
#include <string>

#include "faults/text/json_reading.h"
#include "mechanisms/operation.h"
#include "mechanisms/program.h"

namespace crosstalk::words {

// ["nonblock","cloexec"]. Some bits have another name beside a verb: "private" of attach.
std::string flags(std::uint16_t bits, Verb verb = Verb::nothing);
void read_flags(json::Fields& fields, std::string_view key, std::uint16_t& out);

// [1,2]; a mailbox is "mailbox 3", 3 being the actor whose it is.
std::string slots(std::span<const Slot> slots);
void read_slots(json::Fields& fields, std::string_view key, std::array<Slot, 4>& out);

// [["in"],["out","hup"]], a list a slot, at least `slots` of them; a plain number where there are no words for it.
std::string poll_events(std::int64_t value, int slots);

// The value of a step or event: a word, a list of poll events or a number, as the verb has it.
std::string value(Verb verb, std::int64_t value, int slots);
void read_value(json::Fields& fields, std::string_view key, Verb verb, std::int64_t& out);

std::string_view name_of(Split split);
std::optional<Split> split_named(std::string_view name);
std::string_view name_of(ActorKind kind);
std::optional<ActorKind> actor_kind_named(std::string_view name);

}  // namespace crosstalk::words
