// A core that lanes are pinned to, and how many of them may work there at once. Whoever waits for a case that sleeps
// lends its place: a timer of the kernel that is part of what is tested (a TCP probe: 200 ms) idles no core then, and
// lanes of mechanisms that never sleep still do not push each other out of the caches.
#pragma once

#include <deque>
#include <semaphore>
#include <vector>

namespace crosstalk {

// Locked (std::lock_guard) is a place held. A lane whose case sleeps unlocks it, and locks it again to go on.
class Core {
  public:
    // number: -1 if not known. at_once: lanes, at least 1.
    Core(int number, unsigned at_once) : number_(number), places_(at_once) {}
    int number() const { return number_; }

    void lock() { places_.acquire(); }
    void unlock() { places_.release(); }
    bool try_lock() { return places_.try_acquire(); }

  private:
    int number_;
    std::counting_semaphore<> places_;
};

// The cores that lanes may be pinned to; -1 alone if they are not known.
std::vector<int> core_numbers();

// How many lanes there are, and how many of a core work at once.
struct Jobs {
    unsigned lanes = 1;
    unsigned at_once = 1024;  // all
};

// What keeps these cores busy. In a lane mostly one process waits for another to wake up, so that two working lanes
// leave two cores idle for most of the time: four a core brought 2.7 times the cases of pipes a second, six no more,
// eight a fifth less. Eight others a core stand by for lanes whose cases sleep: half as long a run of TCP.
Jobs usual_jobs();

// These cores, with their places. They outlive who works there.
std::deque<Core> cores_for(const Jobs& jobs);

}  // namespace crosstalk
