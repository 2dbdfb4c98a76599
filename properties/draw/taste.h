// Taste: what kind of programs a property wants to see, as weights and percentages over the shared drawing functions.
// A property's file is little more than its taste; the values start as a general mix.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "mechanisms/operation.h"
#include "properties/draw/sizes.h"

namespace crosstalk::draw {

using VerbWeights = std::array<std::uint8_t, verb_count>;

// The weights of these verbs, all others as in `base`.
constexpr VerbWeights with(VerbWeights base, std::initializer_list<std::pair<Verb, std::uint8_t>> weights) {
    for (const auto& [verb, weight] : weights) base[static_cast<std::size_t>(verb)] = weight;
    return base;
}

// Every verb that can stand anywhere in a program; start and exit have places of their own (phases.cc).
inline constexpr VerbWeights general_weights =
    with({}, {
                 {Verb::write, 40},      {Verb::writev, 8},       {Verb::read, 40},     {Verb::readv, 8},
                 {Verb::close, 4},       {Verb::dup, 4},          {Verb::set_flags, 4}, {Verb::get_flags, 2},
                 {Verb::set_cloexec, 1}, {Verb::get_capacity, 2}, {Verb::available, 6}, {Verb::set_capacity, 4},
                 {Verb::poll, 6},        {Verb::splice, 4},       {Verb::tee, 3},       {Verb::vmsplice, 3},
                 {Verb::stat, 1},        {Verb::seek, 1},         {Verb::pread, 1},     {Verb::pwrite, 1},
                 {Verb::sync, 1},        {Verb::truncate, 1},     {Verb::map, 1},       {Verb::path_limit, 1},
                 {Verb::signal, 1},      {Verb::create, 1},       {Verb::pass, 2},      {Verb::receive, 1},
                 {Verb::nothing, 1},
             });

struct Draft;

// A short sequence of steps that shows something on purpose, drawn into the body; false if the actor cannot.
using Figure = bool (*)(Draft& draft, ActorId who);

struct Taste {
    VerbWeights weights = general_weights;
    std::array<std::uint8_t, 6> sizes{20, 20, 15, 10, 20, 15};  // by SizeTaste
    unsigned sleepy = 50;                                       // percent of cases in which calls may sleep
    unsigned sleep = 60;              // percent of sleeping steps kept, where somebody could wake the sleeper
    unsigned prefill = 25;            // percent of writers' objects brought to a level on purpose first
    unsigned misuse = 6;              // percent of slots that are the wrong end, or not bound
    unsigned unmapped = 2;            // percent of buffers that are not all there
    unsigned absurd = 1;              // percent of counts of the SSIZE_MAX class
    unsigned direct = 4;              // percent of objects with O_DIRECT
    unsigned async = 10;              // percent of set_flags with O_ASYNC
    unsigned forks = 7, threads = 7;  // percent of actors that are started by another
    unsigned exits = 4;               // percent of actors that end by exit
    unsigned closes = 50;             // percent of sleepless cases whose actors close their ends before the last look
    unsigned smallest_capacity = 0;   // percent of objects of one page, beside those that are so anyway
    unsigned large_sets = 0;          // percent of set_capacity with values of the boundary table
    std::array<std::uint8_t, 5> shapes{20, 20, 20, 20, 20};  // 1+1, 1+N, N+1, N+N, one actor or many with both ends
    std::array<std::uint8_t, 4> objects{70, 20, 6, 4};       // one to four
    std::uint8_t most_peers = 8;                             // N
    std::uint8_t steps_low = 4, steps_high = 36;             // of the body
    std::array<Figure, 4> figures{};                         // figures.h; empty places are never chosen
    unsigned figure = 0;                                     // percent of the body's turns that draw one
    bool swarm = true;                                       // switch most verbs off in each case
};

}  // namespace crosstalk::draw
