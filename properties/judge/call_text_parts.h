// Parts of calls as text that stand in a file of their own, call_text_named.cc. For call_text.cc alone; everybody else
// asks call_text.h.
#pragma once

#include <string>

#include "mechanisms/program.h"

namespace crosstalk::judging {

std::string fd(Slot slot);  // "fd 3", "mailbox of actor 1", "fd -1"

std::string deadline_text(const Operation& step);
bool is_of_semaphores(const Program& program, const Operation& step);
std::string semaphore_call(const Program& program, const Operation& step);
std::string trial_text(const Program& program, const Operation& step);
std::string address_call(const Program& program, const Operation& step);  // of sockets that are not connected

}  // namespace crosstalk::judging
