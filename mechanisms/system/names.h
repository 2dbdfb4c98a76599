// Names: second ones, badly written ones, and those of objects that live for one step beside the program's own.
// The calls of a step that has such an object go through the C library and change the umask of the process, so that
// they are for processes without threads. Who is killed inside leaves a name behind: remove_step_names.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

inline constexpr std::size_t longest_path = 512;  // a folder and a component of NAME_MAX

// Writes a name and what comes behind it. False: there is no room.
bool append_to(char (&to)[longest_path], const char* name, const char* more);

// What an object is called that a step of this actor makes beside its object.
void name_for_step(const char* own, std::uint32_t actor, char (&name)[longest_path]);

// Links a second name that nobody else has: several may do so at once. A negated error number.
long make_second_name(const char* name, char (&second)[longest_path]);

Answer misname_call(const Call& call);
Answer new_mode_call(const Call& call);

// All names that steps of these actors may have left behind beside an object's own.
void remove_step_names(const Mechanism& mechanism, const char* name, std::uint32_t actors);

}  // namespace crosstalk
