// The archive that a kernel starts from: modules in the order in which they load, the agent as /init.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "reports/record.h"
#include "runners/targets/catalog.h"
#include "runners/tests/campaign_fakes.h"

namespace crosstalk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
namespace fs = std::filesystem;

class Initrd : public ::testing::Test {
  protected:
    Initrd() {
        fs::create_directories(modules_);
        std::ofstream(directory_ / "agent") << "the agent";
    }
    // What a module says of itself are texts with zero bytes between them, somewhere in the file.
    void module(const std::string& file, const std::string& depends) {
        std::ofstream(modules_ + file) << "\x7f"
                                          "ELF"
                                       << '\0' << "license=GPL" << '\0' << "depends=" + depends << '\0';
    }
    int make(const std::string& modules) {
        return std::system((data_directory("targets") + "/mkinitrd " + directory_.path() + " " + (directory_ / "out") +
                            " " + (directory_ / "agent") + " " + modules + " 2>" + (directory_ / "said"))
                               .c_str());
    }
    // Names and contents of the files of the archive: cpio(5), "newc".
    std::vector<std::pair<std::string, std::string>> files() {
        const std::string all = text_of_file(directory_ / "out").value_or("");
        std::vector<std::pair<std::string, std::string>> out;
        const auto padded = [](std::size_t at) { return (at + 3) / 4 * 4; };
        for (std::size_t at = 0; at + 110 <= all.size() && all.compare(at, 6, "070701") == 0;) {
            const auto field = [&](std::size_t i) { return std::stoul(all.substr(at + 6 + 8 * i, 8), nullptr, 16); };
            const std::size_t mode = field(1), size = field(6), name_bytes = field(11);
            const std::size_t content = padded(at + 110 + name_bytes);
            if ((mode & 0170000) == 0100000)
                out.emplace_back(all.substr(at + 110, name_bytes - 1), all.substr(content, size));
            at = padded(content + size);
        }
        return out;
    }
    const fakes::Directory directory_;
    const std::string modules_ = directory_ / "lib/modules/6.1/kernel/";
};

TEST_F(Initrd, AModuleComesAfterAllThatItDependsOnAndOnce) {
    module("virtio_pci.ko", "virtio,virtio-ring");
    module("virtio.ko", "virtio_ring");
    module("virtio-ring.ko", "");
    module("sctp.ko", "built_in");
    std::ofstream(directory_ / "lib/modules/6.1/modules.builtin") << "kernel/built-in.ko\n";
    ASSERT_EQ(make("virtio_pci sctp virtio"), 0) << text_of_file(directory_ / "said").value_or("");
    const auto packed = files();
    EXPECT_THAT(packed, ElementsAre(Pair("init", "the agent"), Pair("modules/00.ko", testing::_),
                                    Pair("modules/01.ko", HasSubstr("depends=virtio_ring")),
                                    Pair("modules/02.ko", HasSubstr("depends=virtio,virtio-ring")),
                                    Pair("modules/03.ko", HasSubstr("depends=built_in"))));
}

TEST_F(Initrd, AModuleThatTheKernelHasNotIsAnErrorAndLeavesNoArchive) {
    module("a.ko", "b");
    EXPECT_NE(make("a"), 0);
    EXPECT_THAT(text_of_file(directory_ / "said").value_or(""), HasSubstr("has no module b"));
    EXPECT_FALSE(fs::exists(directory_ / "out"));
}

}  // namespace
}  // namespace crosstalk
