// A core that lanes are pinned to, and how many of them may work there at once. Whoever waits for a case that sleeps
// lends its place: a timer of the kernel that is part of what is tested (a TCP probe: 200 ms) idles no core then, and
// lanes of mechanisms that never sleep still do not push each other out of the caches.
#pragma once

#include <deque>
#include <semaphore>
#include <vector>

namespace crosstalk {

class Core {
  public:
    // number: -1 if not known. at_once: lanes, at least 1.
    Core(int number, unsigned at_once) : number_(number), places_(at_once) {}
    int number() const { return number_; }
    // Could one more lane work now? Only a look: another may come first.
    bool has_room() {
        const bool room = places_.try_acquire();
        if (room) places_.release();
        return room;
    }

    // Waits for a place and holds it.
    class Place {
      public:
        explicit Place(Core& core) : core_(core) { core_.places_.acquire(); }
        ~Place() { core_.places_.release(); }
        Place(const Place&) = delete;

      private:
        Core& core_;
    };

    // Lends the place that the caller holds to another lane, and waits for one at the end.
    class Loan {
      public:
        explicit Loan(Core& core) : core_(core) { core_.places_.release(); }
        ~Loan() { core_.places_.acquire(); }
        Loan(const Loan&) = delete;

      private:
        Core& core_;
    };

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
