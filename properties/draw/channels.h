// What the drawing functions of connected sockets share: a case of them as it grows, who may use which slot of it, and
// what is drawn how often. See channels.cc, and channel_messages.cc for what messages ask for and carry.
#pragma once

#include "mechanisms/catalog.h"
#include "properties/draw/plain.h"

namespace crosstalk::draw {

enum Deed : std::uint8_t {
    sends,
    receives,
    writes,
    reads,
    closes,
    shuts,
    polls,
    looks,
    copies,
    options,
    flags,
    passes,
    signals,
    creates,
    ends,
    begins,
    limits,
    hands_over,
    sends_empty,
    special_options,
    asks_who,
    tries,
    deeds
};
using Weights = std::array<std::uint8_t, deeds>;
constexpr Weights usual{40, 40, 8, 8, 3, 3, 6, 5, 3, 4, 4, 3, 2, 1, 1, 2, 1, 0, 1, 1, 0};

struct Mix {
    Plain plain;
    Dice& dice;
    const Mechanism& mechanism;
    bool records;
    bool floods;          // it is about full buffers
    bool sleepy, blocks;  // it is about sleepers; there are some
    std::uint64_t buffer = 0;  // SO_SNDBUF as asked for; 0: the system's
    // Of what has a largest record: it is sent here, so that no buffer may be too small for the parts that it travels
    // in.
    bool largest;
    Weights weights = usual;
    std::array<std::uint64_t, max_actors> bound{};  // slots of its process that it may use
    std::array<bool, max_actors> shared{};          // with threads: nothing is closed or made there
    std::array<bool, max_actors> ended{};
    static constexpr std::uint64_t all_bytes = 200'000;
    std::uint64_t bytes_left = all_bytes;
    // By slot of the initial ends: its receives and sends have a time limit. A case with descriptors in messages has no
    // reads, which would not tell what they discard.
    std::array<bool, 2 * max_objects> receives_limited{}, sends_limited{};
    bool rights = false, credentials = false;  // of messages: one of them in a case
    bool tries_out = false;                    // it holds trials, which threads and limits would disturb
    bool looks_often = false;                  // peeks, since they have an offset
    PropertyId property;

    Mix(Dice& entropy, const Commission& commission);
    // What is sent arrives in the end, which only who sleeps can know.
    bool is_sure() const { return mechanism.facts.delivery == Delivery::eventually && !mechanism.facts.may_lose; }
    bool is_sctp() const { return records && is_sure(); }
    bool is_tcp() const { return !records && mechanism.facts.delivery == Delivery::eventually; }

    Asked asked();
    std::uint64_t size();
    std::uint64_t special_size(std::uint64_t limit);
    bool may_sleep(ActorId who, Slot slot);
    std::array<ActorId, 2 * max_objects> sleeper{};
};

// channel_messages.cc
void ask_for_more(Mix& r, ActorId who, Slot slot, Operation& step);  // flags and parts of a send or recv
void end_limits(Mix& r, ActorId who, Slot slot, Verb verb);          // before a call without one
void hand_over(Mix& r, ActorId who, Slot slot);                      // descriptors
void send_empty(Mix& r, ActorId who, Slot slot);
void special_option(Mix& r, ActorId who, Slot slot);
void pass_credentials(Mix& r, ActorId who, Slot slot);

// channel_urgent.cc
bool shows_urgent_bytes(const Commission& commission);
Case draw_urgent_bytes(Dice& dice, const Commission& commission);
// labels.cc
std::uint64_t fragmentation_point(const Mechanism& mechanism, const Ground& ground);  // of a message of SCTP
void label(Mix& r, Operation& step);  // a stream, or room to be told of it

}  // namespace crosstalk::draw
