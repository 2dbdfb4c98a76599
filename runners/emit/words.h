// Words of C that several verbs share: a descriptor, flags, counts, buffers. They say nothing of what a verb does.
#pragma once

#include <initializer_list>
#include <string>

#include "faults/case.h"

namespace crosstalk::emit {

struct CFlag {
    std::uint16_t bit;
    const char* name;
};
std::string flags_of(std::uint16_t bits, std::initializer_list<CFlag> names);  // "0" for none
std::string status_flags(std::uint16_t bits);                                  // O_NONBLOCK ...
std::string constant(std::uint64_t count);     // beyond LONG_MAX it says that it is unsigned
std::string fd(Slot slot);                     // "fd[3]", "-1"
bool is_partly_mapped(const Operation& step);  // more is asked than is there, or than fits
std::string buffer(const Operation& step);     // what a transfer reads from or writes to
std::string vector(const Operation& step);     // the same as the two arguments of a vector

// What an object is made of, whatever it is called.
enum class Kind : std::uint8_t {
    pipe,
    fifo,
    pair,
    queue,
    semaphore,
    named_semaphore,
    counter,
    memory_object,
    file,
    nothing
};
Kind kind_of(const Object& object);
// Made over the host's own network, where what is sent arrives some time later.
bool is_of_network(const Object& object);
bool is_sctp(const Object& object);
std::string pair_type(const Object& object);  // SOCK_STREAM ...

}  // namespace crosstalk::emit
