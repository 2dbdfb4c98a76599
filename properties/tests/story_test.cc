// Stories, word for word: of a rule on bytes, of a rule on signals, of the search, of a sleeper, and of a deviation.
// They are meant for people who know pipes and nothing else; whoever changes them should read them once as such a one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "faults/text/history_text.h"
#include "properties/judge.h"

namespace crosstalk {
namespace {

using testing::ElementsAre;

std::vector<std::string> story_of(const std::string& clause, std::string_view which = "violates") {
    std::ifstream in(std::string(CROSSTALK_SOURCE_DIR "/properties/examples/") + clause + "/" + std::string(which) +
                     ".json");
    std::ostringstream text;
    text << in.rdbuf();
    const Expected<Recording> recorded = history_from_text(text.str());
    if (!recorded) return {recorded.error()};
    JudgeOptions options;
    options.case_number = recorded->case_number;
    return judge(*recorded->played, recorded->history, recorded->environment, options).explanation;
}

TEST(Story, OfARuleOnBytesNamesTheWriteThatTheyCameFrom) {
    EXPECT_THAT(story_of("PIPE-STREAM-3"),
                ElementsAre("pipe 0: read end fd 0, write end fd 1, 65536 bytes",
                            "     2..3  actor 0  A: write(fd 1, 200 bytes) = 200",
                            "     4..5  actor 1     read(fd 0, 100 bytes) = 100   got bytes 0..99 of A",
                            "     6..7  actor 2     read(fd 0, 100 bytes) = 100   got bytes 0..99 of A   <-- this",
                            "before it, pipe 0 held 100 bytes in 1 of 16 pages: bytes 100..199 of A; 2 read ends and "
                            "1 write end open",
                            "PIPE-STREAM-3 is broken: bytes 0..99 of step 0 of actor 0 were received twice",
                            "  PIPE-READ-1 allows as many bytes as it holds, at most those asked for, the first ones "
                            "first; here as many came, but not the bytes that stood first",
                            "due was: 100, with bytes 100..199 of A"));
}

TEST(Story, OfARuleOnSignalsShowsWhereTheHandlerRan) {
    EXPECT_THAT(
        story_of("SIG-PIPE-1"),
        ElementsAre("pipe 0: read end fd 0, write end fd 1, 65536 bytes",
                    "     2..3  actor 0     pthread_create() of actor 2 = 0", "     4..5  actor 1     close(fd 0) = 0",
                    "     6..8  actor 2     write(fd 1, 50 bytes) = EPIPE   <-- this",
                    "        7  actor 0     handler of SIGPIPE ran",
                    "SIG-PIPE-1 is broken: EPIPE came without SIGPIPE to the thread that wrote"));
}

TEST(Story, OfAnAnswerTooEarlyTellsWhoStillHadItOpen) {
    EXPECT_THAT(
        story_of("PIPE-DUP-1"),
        ElementsAre("pipe 0: read end fd 0, write end fd 1, 65536 bytes, O_NONBLOCK",
                    "     2..3  actor 0     fork() of actor 2 = 0", "     4..5  actor 0     close(fd 1) = 0",
                    "     6..7  actor 1     read(fd 0, 10 bytes) = 0   <-- this",
                    "before it, pipe 0 held 0 bytes in 0 of 16 pages; 1 read end and 1 write end open",
                    "PIPE-DUP-1 is broken: end of file although it is open for writing",
                    "  PIPE-READ-4 allows 0 from an empty pipe that nobody has open for writing; here 1 "
                    "descriptor had it open for writing",
                    "  PIPE-READ-7 allows 0 for a read of 0 bytes; here 10 bytes were asked for", "due was: EAGAIN"));
}

TEST(Story, OfASleeperTellsWhatItSleepsBeside) {
    EXPECT_THAT(
        story_of("PROC-KILL-1"),
        ElementsAre("pipe 0: read end fd 0, write end fd 1, 65536 bytes",
                    "      2..  actor 1     read(fd 0, 100 bytes) never returned",
                    "      3..  actor 2     read(fd 0, 100 bytes) still asleep   <-- this",
                    "     4..5  actor 1     died of SIGKILL", "     6..7  actor 0  A: write(fd 1, 50 bytes) = 50",
                    "before it, pipe 0 held 50 bytes in 1 of 16 pages: bytes 0..49 of A; 1 read end and 1 "
                    "write end open",
                    "PROC-KILL-1 is broken: it sleeps although what it waits for holds",
                    "  PIPE-READ-2 allows sleep while it is empty and somebody has it open for writing; here "
                    "it held 50 bytes",
                    "due was: 50, with bytes 0..49 of A"));
}

TEST(Story, OfADeviationTellsWhatWasDue) {
    EXPECT_THAT(story_of("PIPE-CAP-3"),
                ElementsAre("pipe 0: read end fd 0, write end fd 1, 8192 bytes, O_NONBLOCK",
                            "     2..3  actor 0  A: write(fd 1, 2049 bytes) = 2049",
                            "     4..5  actor 0  B: write(fd 1, 2049 bytes) = 2049",
                            "     6..7  actor 0     write(fd 1, 2049 bytes) = EAGAIN   <-- this",
                            "before it, pipe 0 held 4098 bytes in 2 of 2 pages: bytes 0..2048 of A, bytes 0..2048 of "
                            "B; 1 read end and 1 write end open",
                            "PIPE-CAP-3 is broken: so many bytes of the capacity are free; this system counts whole "
                            "pages",
                            "  PIPE-ATOMIC-2 allows EAGAIN with O_NONBLOCK when at most PIPE_BUF bytes do not fit; "
                            "here 4098 of its 8192 bytes were taken, 0 of 2 page slots free",
                            "  PIPE-ATOMIC-5 allows EAGAIN with O_NONBLOCK when it is full; here 2049 bytes are not "
                            "more than PIPE_BUF",
                            "due was: 2049"));
}

TEST(Story, OfWhatHoldsIsNotTold) { EXPECT_THAT(story_of("PIPE-READ-1", "holds"), ElementsAre()); }

}  // namespace
}  // namespace crosstalk
