// The text forms: pleasant, exact both ways, and able to say what is wrong with a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "faults/tests/samples.h"
#include "faults/text/case_text.h"
#include "faults/text/history_text.h"
#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CaseText, IsMadeForPeople) {
    EXPECT_EQ(to_text(samples::small_case()), R"({"version":1,
 "drawn_for":"pipe/atomicity/interruption",
 "objects":[
  {"mechanism":"pipe","asked":{"capacity_bytes":4096}}],
 "actors":[
  {"kind":"pooled","steps":[
   {"verb":"write","uses":[1],"bytes":4097},
   {"verb":"close","uses":[1]}]},
  {"kind":"pooled","steps":[
   {"verb":"read","uses":[0],"bytes":65536,"times":3}]}],
 "schedule":{"mode":"turns","choices":[0,1,0,1]},
 "plan":[
  {"fault":"interruption","actor":0,"step":0,"when":"asleep","restart":false}]})");
}

TEST(CaseText, UsesWordsWhereThereAreWords) {
    const std::string text = to_text(samples::busy_case());
    for (const char* part :
         {R"({"verb":"create","object":2,"makes":[4,5],"flags":["cloexec"]})", R"("split":"with-empty")",
          R"("mapped":64,"segments":7)", R"("value":"dup3-cloexec")",
          R"("value":[["in"],["out","hup"]],"timeout_ns":1000000)",
          R"({"verb":"signal","flags":["restart"],"value":"SIGUSR1"})", R"({"verb":"exit","value":7})",
          R"({"verb":"pass","uses":["mailbox 3",9,5]})", R"("holds":[2])", R"({"kind":"thread","parent":0,"steps":[)",
          R"("bytes":18446744073709551615)", R"({"fault":"killed-peer","actor":2,"step":0,"when":"asleep"})"})
        EXPECT_THAT(text, HasSubstr(part));
}

TEST(CaseText, CallsABitAsItsVerbDoes) {
    Case value = samples::small_case();
    value.program.actors[0].steps = {{.verb = Verb::poll, .flags = flag_epoll, .uses = {0, no_slot, no_slot, no_slot}}};
    const std::string text = to_text(value);
    EXPECT_THAT(text, HasSubstr(R"({"verb":"poll","uses":[0],"flags":["epoll"])"));
    EXPECT_TRUE(*case_from_text(text) == value);
    std::string as_before = text;  // the plain name of the bit, as older files have it
    as_before.replace(as_before.find("epoll\""), 5, "async");
    EXPECT_TRUE(*case_from_text(as_before) == value);
}

// There are more names than a word of 32 bits has.
TEST(CaseText, CallsTheMomentsOfTimeLimitsByName) {
    Case value;
    value.program.objects = {{*mechanism_named("mq"), {}}};
    value.program.actors.resize(1);
    value.program.actors[0].holds = {0};
    for (const std::uint16_t flags : {flag_now, flag_first_ns, flag_last_ns})
        value.program.actors[0].steps.push_back({.verb = Verb::mq_receive,
                                                 .flags = flags,
                                                 .buffer = {.bytes = 1},
                                                 .timeout_ns = 0,
                                                 .uses = {0, no_slot, no_slot, no_slot}});
    const std::string text = to_text(value);
    for (const char* const name : {"[\"now\"]", "[\"first_ns\"]", "[\"last_ns\"]"}) EXPECT_THAT(text, HasSubstr(name));
    EXPECT_EQ(case_from_text(text)->program, value.program);
}

TEST(CaseText, ComesBackEqualInBothForms) {
    for (const Case& value : {samples::small_case(), samples::busy_case()})
        for (const std::string& text : {to_text(value), to_line(value)}) {
            const auto back = case_from_text(text);
            ASSERT_TRUE(back.has_value()) << back.error();
            EXPECT_TRUE(*back == value);
        }
    EXPECT_THAT(to_line(samples::busy_case()), Not(HasSubstr("\n")));
}

TEST(CaseText, TheContractsExampleReads) {
    const auto value = case_from_text(R"({"version":1, "drawn_for":"pipe/atomicity/interruption",
 "objects":[{"mechanism":"pipe","asked":{"capacity_bytes":4096}}], "links":[],
 "actors":[{"kind":"pooled","steps":[{"verb":"write","uses":[1],"bytes":4097}, {"verb":"close","uses":[1]}]},
           {"kind":"pooled","steps":[{"verb":"read","uses":[0],"bytes":65536,"times":3}]}],
 "schedule":{"mode":"turns","choices":[0,1,0,1]},
 "plan":[{"fault":"interruption","actor":0,"step":0,"when":"asleep","restart":false}]})");
    ASSERT_TRUE(value.has_value()) << value.error();
    EXPECT_TRUE(*value == samples::small_case());
}

// The error that a case file gives after `from` in the small case was replaced by `to`.
std::string error_with(std::string_view from, std::string_view to) {
    std::string text = to_line(samples::small_case());
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto value = case_from_text(text);
    return value.has_value() ? "" : value.error();
}

TEST(CaseText, SaysWhereAMistakeIsAndWhatWouldBeRight) {
    EXPECT_THAT(error_with("\"bytes\":4097", "\"byte\":4097"),
                AllOf(HasSubstr("/actors/0/steps/0: unknown field \"byte\""), HasSubstr("bytes")));
    EXPECT_THAT(error_with("\"bytes\":4097", "\"bytes\":-1"),
                HasSubstr("/actors/0/steps/0/bytes: must be a whole number from 0"));
    EXPECT_THAT(error_with("\"bytes\":4097", "\"bytes\":1.5"), HasSubstr("must be a whole number"));
    EXPECT_THAT(error_with("\"write\"", "\"wrote\""), HasSubstr("/actors/0/steps/0/verb: must be the name of a verb"));
    EXPECT_THAT(error_with("\"verb\":\"write\",", ""), HasSubstr("/actors/0/steps/0/verb: is missing"));
    EXPECT_THAT(error_with("\"uses\":[1]", "\"uses\":[1,2,3,4,5]"), HasSubstr("uses: must have at most 4"));
    EXPECT_THAT(error_with("\"uses\":[1]", "\"uses\":[300]"),
                HasSubstr("/actors/0/steps/0/uses/0: must be a whole number"));
    EXPECT_THAT(error_with("\"uses\":[1]", "\"uses\":[\"mailbox 64\"]"),
                HasSubstr("must be the number of a slot or \"mailbox N\""));
    EXPECT_THAT(error_with("\"turns\"", "\"turn\""), HasSubstr("/schedule/mode: must be turns or free"));
    EXPECT_THAT(error_with("\"version\":1", "\"version\":2"), HasSubstr("/version: must be 1"));
    EXPECT_THAT(error_with("\"version\":1,", ""), HasSubstr("/version: is missing"));
    EXPECT_THAT(error_with("\"asked\":{", "\"asked\":{\"flags\":[\"blue\"],"),
                HasSubstr("/objects/0/asked/flags/0: must be one of nonblock"));
    EXPECT_THAT(error_with("\"actors\":[", "\"actors\":["), "");
    EXPECT_THAT(error_with("\"actors\":[", "\"actors\":[,"), AllOf(HasSubstr("line 1"), HasSubstr("column")));
    EXPECT_THAT(error_with("[0,1,0,1]", "[0,1,0,2]"), HasSubstr("schedule: choice 3 names actor 2"));
}

TEST(CaseText, BoundsWhatATextMayAskFor) {
    EXPECT_FALSE(case_from_text(std::string(100000, '[')).has_value());
    std::string wide = "[0";
    for (int i = 0; i < 3'000'000; ++i) wide += ",0";
    EXPECT_THAT(case_from_text(wide + "]").error(), HasSubstr("values"));
    EXPECT_FALSE(case_from_text("").has_value());
    EXPECT_FALSE(case_from_text("[]").has_value());
    EXPECT_FALSE(case_from_text("\xff\xfe{}").has_value());
    EXPECT_FALSE(case_from_text("{\"version\":1,\"\xff\":0}").has_value());
}

TEST(CaseText, HoldsThatAreLeftOutAreTheSlotsNeeded) {
    const std::string text = to_line(samples::busy_case());
    const auto value = case_from_text(text);
    ASSERT_TRUE(value.has_value());
    // Actor 3 holds an end that it never uses: only then does the text say so.
    EXPECT_THAT(text, HasSubstr("\"holds\":[2]"));
    EXPECT_EQ(to_text(samples::small_case()).find("holds"), std::string::npos);
    EXPECT_EQ(value->program.actors[3].holds, std::vector<Slot>{2});
}

Recording busy_recording() {
    Environment environment;
    environment.said = {{"kernel", "6.1 \"debian\""}, {"pipe_buf", "4096"}, {"odd", "007"}, {"capabilities", ""}};
    return {environment, samples::busy_history(), samples::busy_case(), 4711};
}

TEST(HistoryText, ComesBackEqualInBothForms) {
    const Recording recording = busy_recording();
    for (const std::string& text : {to_text(recording), to_line(recording)}) {
        const auto back = history_from_text(text);
        ASSERT_TRUE(back.has_value()) << back.error();
        EXPECT_EQ(back->environment.said, recording.environment.said);
        EXPECT_TRUE(back->history == recording.history);
        EXPECT_TRUE(back->played == recording.played);
        EXPECT_EQ(back->case_number, 4711);
    }
}

TEST(HistoryText, IsMadeForPeople) {
    const std::string text = to_text(busy_recording());
    for (const char* line :
         {R"("environment":{"capabilities":"","kernel":"6.1 \"debian\"","odd":"007","pipe_buf":4096},)",
          R"({"kind":"probe","object":1,"began":1,"ended":1,"result":0,"value":65536},)",
          R"({"kind":"call","actor":0,"step":1,"verb":"writev","began":2,"ended":5,"times":2,)"
          R"("result":200,"error":"EAGAIN","fault":"interruption"},)",
          R"("result":219,"error":null,"took_ns":1234,)"
          R"("data":[[0,1,64,200],{"raw":"0304ff"},{"foreign":[9,8,7,16]}],"truncated":true},)",
          R"({"kind":"signal","actor":0,"step":1,"began":4,"ended":4,"value":-6,"signal":"SIGUSR1"},)",
          R"("value":[["in"],["out","err"]]},)",
          R"({"kind":"call","actor":3,"step":0,"verb":"receive","began":10,"times":0},)",
          R"("ended":"calm","why":"actor 3 slept for good"})"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST(HistoryText, UnknownFieldsAreIgnoredButNotInTheCase) {
    EXPECT_TRUE(
        history_from_text(R"({"version":1,"colour":"red","events":[{"kind":"call","began":1,"mood":7}]})").has_value());
    const auto bad = history_from_text(R"({"version":1,"events":[],"case":{"version":1,"colour":"red"}})");
    ASSERT_FALSE(bad.has_value());
    EXPECT_THAT(bad.error(), HasSubstr("/case: unknown field \"colour\""));
}

TEST(HistoryText, SaysWhereAMistakeIs) {
    const auto error_of = [](std::string_view events) {
        const auto value = history_from_text(R"({"version":1,"events":[)" + std::string(events) + "]}");
        return value.has_value() ? "" : value.error();
    };
    EXPECT_EQ(error_of(R"({"kind":"call","began":1})"), "");
    EXPECT_EQ(error_of(R"({"kind":"probe","object":255,"began":1,"result":2})"), "");
    EXPECT_THAT(error_of(R"({"kind":"probe","object":17,"began":1})"), HasSubstr("/events/0/object: must name an"));
    EXPECT_THAT(error_of(R"({"kind":"call","object":255,"began":1})"), HasSubstr("/events/0/object: must be a whole"));
    EXPECT_THAT(error_of(R"({"kind":"cell","began":1})"), HasSubstr("/events/0/kind: must be call"));
    EXPECT_THAT(error_of(R"({"kind":"call"})"), HasSubstr("/events/0/began: is missing"));
    EXPECT_THAT(error_of(R"({"kind":"call","began":5,"ended":4})"), HasSubstr("/events/0/ended: must not be before"));
    EXPECT_THAT(error_of(R"({"kind":"call","began":5},{"kind":"call","began":4})"), HasSubstr("/events/1/began"));
    EXPECT_THAT(error_of(R"({"kind":"call","began":5,"error":"EBAD"})"), HasSubstr("/events/0/error: must be null or"));
    EXPECT_THAT(error_of(R"({"kind":"call","began":5,"data":[[1,2,3]]})"),
                HasSubstr("/events/0/data/0: must be [actor"));
    EXPECT_THAT(error_of(R"({"kind":"call","began":5,"data":[{"raw":"0g"}]})"), HasSubstr("/events/0/data/0/raw"));
    EXPECT_THAT(error_of(R"({"kind":"call","began":5,"data":[[99,2,3,4]]})"), HasSubstr("/events/0/data/0/0"));
}

}  // namespace
}  // namespace crosstalk
