// Which family of trials a step is of.
#include "mechanisms/system/trials.h"

#include <cerrno>

namespace crosstalk {

Answer trial_call(const Call& call) {
    if (call.operation->value < 0 || call.operation->value > static_cast<std::int64_t>(last_trial))
        return {.result = -EINVAL};
    switch (form_of(static_cast<Trial>(call.operation->value))) {
        case TrialForm::answers: return try_messages(call);
        case TrialForm::sights: return try_associations(call);
        case TrialForm::calls: return try_addresses(call);
        case TrialForm::facts: return try_in_child(call);
    }
    return {.result = -EINVAL};
}

}  // namespace crosstalk
