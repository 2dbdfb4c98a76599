// The file form of results: one JSON object a line, as schema.json describes it.
// Writing appends each line with one write(2) to a file opened O_APPEND, so that a killed run leaves whole lines and
// at most one cut one. Reading takes several files joined, in any order of shards, and leaves out cut lines.
#pragma once

#include <span>
#include <string>

#include "faults/frame.h"
#include "reports/result.h"

namespace crosstalk {

// Each ends in a newline and holds no other.
std::string line_of(const RunFacts& facts);
std::string line_of(const EvidenceFacts& increment);
std::string line_of(const FindingFacts& facts);
std::string line_of(const ProofFacts& facts);
std::string line_of(const EndFacts& facts);

class RecordFile {
  public:
    RecordFile() = default;
    RecordFile(const RecordFile&) = delete;
    RecordFile& operator=(const RecordFile&) = delete;
    ~RecordFile();
    // Makes or empties the file. "" or what went wrong.
    std::string open(const std::string& path);
    // False if the line could not be written whole (disk full): errno says why.
    bool append(const std::string& line);

  private:
    int fd_ = -1;
};

struct NamedText {
    std::string name, text;
};

// Joins files into one value; cells are derived (cells.h). Errors name file and line and say what is wrong. A line that
// is no JSON is a torn one if it is the last of a file or a record follows it (files joined by cat): left out and
// counted. Results of no run are an error.
Expected<Results> results_from(std::span<const NamedText> files);

// A whole file's bytes.
Expected<std::string> text_of_file(const std::string& path);
// Replaces a file at once, by way of path.part and rename(2). "" or what went wrong.
std::string replace_file(const std::string& path, std::string_view text);

}  // namespace crosstalk
