// How trials are held (Verb::trial): one family of them a file, in the order of TrialForm. They are for processes
// without threads: while one is held nobody else makes descriptors, handles signals or changes who the process is.
#pragma once

#include "mechanisms/system/operations.h"
#include "mechanisms/trial.h"

namespace crosstalk {

Answer trial_call(const Call& call);

Answer try_messages(const Call& call);      // trial_cast.cc, and the files that it names
Answer try_associations(const Call& call);  // associations.cc
Answer try_addresses(const Call& call);     // trials_of_addresses.cc, and the files beside
Answer try_in_child(const Call& call);      // trials_of_processes.cc, and the files beside

}  // namespace crosstalk
