// Annotations: GitHub's workflow commands, one a line, to be printed by a step of a job (`--annotations -`). GitHub
// shows at most ten of a kind for a step, so the tenth error says how many more there are.
#include <algorithm>

#include "reports/format.h"
#include "reports/gate.h"
#include "reports/row.h"

namespace crosstalk {
namespace {

constexpr std::size_t most_errors = 10;

// What has a meaning in a command is written as a percent and two hex digits.
std::string escaped(std::string_view text, bool property) {
    std::string out;
    for (const char c : text) switch (c) {
            case '%': out += "%25"; break;
            case '\r': out += "%0D"; break;
            case '\n': out += "%0A"; break;
            case ':': out += property ? "%3A" : ":"; break;
            case ',': out += property ? "%2C" : ","; break;
            default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    return out;
}

// "linux.toml:12" becomes file and line; what is about no file has neither.
std::string place(const std::string& where) {
    const std::size_t colon = where.rfind(':');
    if (colon == std::string::npos) return "";
    return "file=" + escaped(where.substr(0, colon), true) + ",line=" + where.substr(colon + 1) + ",";
}

std::string annotations(const Results& results) {
    const Gate gate = gate_of(results);
    std::string out;
    const std::size_t all = gate.complaints.size(), shown = std::min(all, most_errors);
    for (std::size_t i = 0; i < shown; ++i) {
        const Complaint& complaint = gate.complaints[i];
        std::string message = complaint.what + "\n" + complaint.todo;
        if (i + 1 == shown && all > shown) message += "\nand " + std::to_string(all - shown) + " more: see the summary";
        out +=
            "::error " + place(complaint.where) + "title=" +
            escaped("crosstalk: " + complaint.kind + (complaint.about.empty() ? "" : " in " + complaint.about), true) +
            "::" + escaped(message, false) + "\n";
    }
    return out + (gate.passed ? "::notice title=crosstalk::" : "") +
           (gate.passed ? escaped(gate.line, false) + "\n" : "");
}

}  // namespace

const Format annotations_format{
    .name = "annotations", .about = "GitHub's ::error lines, for a step's standard output", .write = annotations};

}  // namespace crosstalk
