// The subject of a judgement: what the target said of itself, as numbers, and the streams that the program's steps
// write.
#include <algorithm>
#include <bit>
#include <charconv>

#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

bool listed(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const std::size_t comma = std::min(words.find(','), words.size());
        if (words.substr(0, comma) == word) return true;
        words.remove_prefix(std::min(comma + 1, words.size()));
    }
    return false;
}

std::uint64_t hex(std::string_view text) {
    std::uint64_t value = 0;
    if (text.starts_with("0x")) text.remove_prefix(2);
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return value;
}

}  // namespace

Subject subject_of(const Case& value, const History& history, const Environment& environment, std::uint16_t number) {
    Subject subject;
    subject.value = &value, subject.history = &history;
    const auto limit = [&](std::string_view key, std::uint64_t otherwise) {
        return static_cast<std::uint64_t>(
            std::max<std::int64_t>(1, environment.number(key, static_cast<std::int64_t>(otherwise))));
    };
    subject.page_bytes = std::bit_ceil(limit("page_bytes", 4096));
    subject.pipe_buf = limit("pipe_buf", 4096);
    subject.pipe_max_bytes = limit("pipe_max_bytes", 1u << 20);
    subject.iov_max = static_cast<std::uint32_t>(limit("iov_max", 1024));
    subject.sem_value_max = environment.number("sem_value_max", subject.sem_value_max);
    const auto queue = [&](const char* kind) {
        const auto said = [&](std::string key) {
            return static_cast<std::uint32_t>(std::max<std::int64_t>(0, environment.number(key, 0)));
        };
        return QueueSizes{said(std::string("mq_msg_") + kind), said(std::string("mq_msgsize_") + kind)};
    };
    subject.queue_most = queue("max"), subject.queue_default = queue("default");  // mq_overview(7): the smaller of both
    subject.queue_default.messages = std::min(subject.queue_default.messages, subject.queue_most.messages);
    subject.queue_default.bytes = std::min(subject.queue_default.bytes, subject.queue_most.bytes);
    // capabilities(7): CAP_SYS_RESOURCE is 24, CAP_SYS_ADMIN 21, CAP_DAC_OVERRIDE 1. In a user namespace of its own a
    // lane holds neither.
    const bool own_namespace = listed(environment.text("abilities"), "user_namespace");
    const std::uint64_t held = own_namespace ? 0 : hex(environment.text("capabilities"));
    subject.may_exceed_limits = held >> 24 & 1;
    const bool own_user = listed(environment.text("abilities"), "lane_user");  // without any privilege
    subject.may_claim_process = !own_user && (hex(environment.text("capabilities")) >> 21 & 1);
    subject.may_claim_user = own_namespace || (held >> 7 & 1) || (held >> 6 & 1);
    const bool unsaid = environment.text("capabilities").empty() && environment.number("uid", 1) == 0;
    subject.ignores_permissions = held >> 1 & 1 || (unsaid && !own_namespace);
    if (!(held >> 24 & 1) && !(held >> 21 & 1)) {
        std::uint64_t pages = 0;  // at most: what the case asks for, wherever it asks
        const auto largest = [&](std::uint64_t bytes) {
            pages += std::min(bytes, subject.pipe_max_bytes) / subject.page_bytes + 1;
        };
        for (const Object& object : value.program.objects)
            largest(std::max<std::uint64_t>(object.asked.capacity_bytes, 65536));
        for (const Actor& actor : value.program.actors)
            for (const Operation& operation : actor.steps)
                if (operation.verb == Verb::set_capacity)
                    largest(static_cast<std::uint64_t>(std::max<std::int64_t>(operation.value, 0)));
        const std::int64_t soft = environment.number("pipe_user_pages_soft", 16384);
        subject.growth_may_fail = soft != 0 && (environment.number("pipe_accounting_private", 0) == 0 ||
                                                pages > static_cast<std::uint64_t>(soft));
    }
    subject.case_number = number;
    std::vector<std::span<const Operation>> lines;
    for (const Actor& actor : value.program.actors) lines.emplace_back(actor.steps);
    subject.first_step.push_back(0);
    for (const auto& steps : lines) {
        for (const Operation& operation : steps) {
            const bool writes = sheet_of(operation.verb).flow == Flow::out;
            const std::uint64_t bytes = writes ? operation.times * operation.buffer.bytes : 0;
            subject.stream_bytes.push_back(bytes);
        }
        subject.first_step.push_back(static_cast<std::uint32_t>(subject.stream_bytes.size()));
    }
    subject.tags.assign(subject.stream_bytes.size(), 0);
    for (std::size_t a = 0; a < lines.size(); ++a)
        for (std::size_t s = 0; s < lines[a].size(); ++s)
            if (const std::size_t at = subject.first_step[a] + s;
                subject.stream_bytes[at] != 0 && subject.stream_bytes[at] < small_stream_bytes)
                subject.tags[at] = small_tag(lines, static_cast<ActorId>(a), static_cast<StepId>(s));
    return subject;
}

QueueSizes Subject::queue_sizes(ObjectId object) const {
    const Asked& asked = value->program.objects[object].asked;
    if (asked.records == 0 && asked.record_bytes == 0) return queue_default;
    return {asked.records, asked.record_bytes};
}

bool Subject::may_be(const Run& run, std::uint64_t used, ActorId actor, StepId step, std::uint64_t offset,
                     std::uint64_t length) const {
    constexpr std::uint64_t longest_chance = 64;  // no two streams agree on more
    if (run.kind == RunKind::foreign) return false;
    if (run.kind == RunKind::origin) {
        if (run.actor == actor && run.step == step &&
            (run.offset + used) % max_stream_bytes == offset % max_stream_bytes)
            return true;
        if (length > longest_chance || !knows(run.actor, run.step)) return false;
    }
    const StreamId mine = stream(actor, step);
    for (std::uint64_t i = 0; i < length; ++i) {
        const std::uint64_t at = run.offset + used + i;
        const std::uint8_t seen =
            run.kind == RunKind::raw ? history->raw[at] : byte_at(stream(run.actor, run.step), at);
        if (seen != byte_at(mine, offset + i)) return false;
    }
    return true;
}

}  // namespace crosstalk::judging
