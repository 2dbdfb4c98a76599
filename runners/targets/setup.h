// What a target file's sessions find on disk: results of its setup, made once, and a directory for each session.
//   CACHE/setup/NAME-HASH/    what the steps made; HASH is of steps, agent and the files that they name
//   CACHE/work/NAME.XXXXXX/   of one session: links to all of it, and what the session itself leaves
// CACHE is $XDG_CACHE_HOME/crosstalk, else ~/.cache/crosstalk. It may be removed whenever nothing runs.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "runners/targets/target_file.h"

namespace crosstalk {

// Made if it is not there. An error says which directory could not be made.
Expected<std::string> cache_directory();

// Carries out the setup unless it has been before, by this process or another, and gives its directory; "" if the file
// has no setup. `words` fill all placeholders but {work}. An error says which step failed, and its last words.
Expected<std::string> set_up(const TargetFile& file, std::map<std::string, std::string> words);

// The directory of a session, removed with it. Leftovers of killed tools are removed as new ones are made.
class WorkDirectory {
  public:
    // `setup`: a directory whose entries it links to; "" for none.
    static Expected<std::shared_ptr<WorkDirectory>> make(const std::string& cache, const std::string& name,
                                                         const std::string& setup);
    ~WorkDirectory();
    WorkDirectory(const WorkDirectory&) = delete;
    WorkDirectory& operator=(const WorkDirectory&) = delete;
    const std::string& path() const { return path_; }

  private:
    WorkDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
    std::string path_;
    int lock_;  // held on it as long as it is used: flock(2)
};

}  // namespace crosstalk
