// A target file: everything that can start a program and give it a standard input and output, as data.
//   name     = "debian-kernel"                     # required, like about, class and start
//   about    = "Debian's 6.1 cloud kernel in qemu"
//   class    = "kernel"                            # kernel sandbox policy emulator libc liar
//   agent    = "static"                            # which build of the agent; others lie beside it as
//   crosstalk-agent-BUILD start    = ["qemu-system-x86_64", "-accel", "{accel}", "-initrd", "{work}/initrd"] ready    =
//   "60s"                               # until the handshake is answered; noise before it is skipped lanes    = 1 #
//   sessions side by side at most; as many as asked for if not given in_flight_bytes = 65536                        #
//   sent ahead of replies console  = "{work}/console.log"                # its end is told when the target dies needs
//   = { programs = ["qemu-system-x86_64"], files = [], remedy = "apt-get install qemu-system-x86" } variants = [ {
//   accel = "kvm", ready = "10s" }, { accel = "tcg" } ]   # the first that answers wins setup    =
//   [["{tools}/mkinitrd", "..."]]       # once for each agent and each input; see setup.h absent   = ["seccomp"] #
//   abilities known to be missing; a difference is told
// Placeholders: {agent} its path, {work} a directory of each session that holds what setup made, {cache} one that all
// share and that stays, {tools} the one with these files, {lie} what an agent is told that is to lie, mostly nothing;
// in start and console also the words of the variant.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "faults/frame.h"

namespace crosstalk {

struct Variant {
    std::map<std::string, std::string> words;
    std::chrono::milliseconds ready{0};  // 0: as the target's
    bool operator==(const Variant&) const = default;
};

struct TargetFile {
    std::string name, about, kind, agent = "static";
    std::vector<std::string> start;  // never empty
    std::chrono::milliseconds ready{10'000};
    unsigned lanes = 0;  // 0: as many as asked for
    std::size_t in_flight_bytes = 65536;
    std::string console;
    std::vector<std::string> programs, files;  // that it needs
    std::string remedy;
    std::vector<Variant> variants;  // never empty: one without words if the file names none
    std::vector<std::vector<std::string>> setup;
    std::vector<std::string> absent;
};

// Errors: "debian-kernel.toml:12: ... what to do". The text is not trusted.
Expected<TargetFile> target_file_from(std::string_view text, const std::string& path);
Expected<TargetFile> target_file_at(const std::string& path);

}  // namespace crosstalk
