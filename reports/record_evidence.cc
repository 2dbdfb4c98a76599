// A handler of nlohmann's SAX events for one evidence line. Every event that line_of() would not have caused ends the
// reading, so there is no second opinion about odd input: that stays with the reader of whole documents.
#include "reports/record_evidence.h"

#include <nlohmann/json.hpp>
#include <span>

namespace crosstalk {
namespace {

using Times = std::map<std::string, std::uint64_t>;

enum class Shape { type, number, times, counts, two_counts, reach, interleavings, sizes, actors };

struct Field {
    std::string_view key;
    Shape shape;
    std::uint64_t EvidenceFacts::*number = nullptr;
    Times EvidenceFacts::*times = nullptr;
    std::map<EvidenceKey, TwoCounts> EvidenceFacts::*two_counts = nullptr;
};

constexpr Field fields[] = {
    // in the order of line_of(), which leaves out some that are empty
    {"type", Shape::type},
    {"cases", Shape::number, &EvidenceFacts::cases},
    {"events", Shape::number, &EvidenceFacts::events},
    {"inconclusive", Shape::times, nullptr, &EvidenceFacts::inconclusive},
    {"broken", Shape::times, nullptr, &EvidenceFacts::broken},
    {"not_applicable", Shape::times, nullptr, &EvidenceFacts::not_applicable},
    {"counts", Shape::counts},
    {"reach", Shape::reach},
    {"sizes", Shape::sizes},
    {"actors", Shape::actors},
    {"armed", Shape::times, nullptr, &EvidenceFacts::armed},
    {"fired", Shape::times, nullptr, &EvidenceFacts::fired},
    {"struck", Shape::two_counts, nullptr, nullptr, &EvidenceFacts::struck},
    {"overlaps", Shape::two_counts, nullptr, nullptr, &EvidenceFacts::overlaps},
    {"interleavings", Shape::interleavings},
    {"drawn", Shape::times, nullptr, &EvidenceFacts::drawn},
    {"again", Shape::times, nullptr, &EvidenceFacts::again},
};

// What a row of each shape holds: texts, then numbers or lists.
struct Columns {
    std::size_t texts = 0, numbers = 0, lists = 0;
    bool operator==(const Columns&) const = default;
};
constexpr Columns columns_of(Shape shape) {
    switch (shape) {
        case Shape::counts: return {3, 1, 0};
        case Shape::two_counts: return {3, 2, 0};
        case Shape::reach: return {2, 0, 2};
        case Shape::interleavings: return {2, 0, 3};
        default: return {};
    }
}

// Depths: 1 the record, 2 the value of a field, 3 a row of it, 4 a list of a row.
class Reader {
  public:
    explicit Reader(EvidenceFacts& into) : into_(into) {}

    bool start_object(std::size_t) { return ++depth_ == 1 || (depth_ == 2 && shape() == Shape::times); }
    bool end_object() { return depth_-- > 0; }
    bool key(std::string& name) {
        if (depth_ == 2) {
            name_ = std::move(name);
            return true;
        }
        while (next_ != std::end(fields) && next_->key != name) ++next_;  // so no field is taken twice
        return next_ != std::end(fields) && (field_ = next_++, true);
    }

    bool start_array(std::size_t) {
        ++depth_;
        at_ = 0;
        if (depth_ == 2) return shape() >= Shape::counts;
        if (depth_ == 3) {
            row_ = {};
            if (shape() == Shape::reach) reach_ = {};
            if (shape() == Shape::interleavings) interleaving_ = {};
            return columns_of(shape()) != Columns{};
        }
        return depth_ == 4 && ++row_.lists <= columns_of(shape()).lists;
    }
    bool end_array() { return depth_-- != 3 || take_row(); }

    bool string(std::string& text) {
        if (depth_ == 1) return shape() == Shape::type;
        if (depth_ != 3 || row_.texts == columns_of(shape()).texts || row_.numbers + row_.lists != 0) return false;
        text_[row_.texts++] = std::move(text);
        return true;
    }
    bool number_unsigned(std::uint64_t value) {
        switch (depth_) {
            case 1: return shape() == Shape::number && (into_.*field_->number = value, true);
            case 2: return shape() == Shape::times ? take_times(value) : put_field(value);
            case 3: return row_.numbers < columns_of(shape()).numbers && (number_[row_.numbers++] = value, true);
            default: return shape() == Shape::reach ? put_reach(value) : put_interleaving(value);
        }
    }

    bool null() { return false; }
    bool boolean(bool) { return false; }
    bool number_integer(std::int64_t) { return false; }
    bool number_float(double, const std::string&) { return false; }
    bool binary(std::vector<std::uint8_t>&) { return false; }
    bool parse_error(std::size_t, const std::string&, const std::exception&) { return false; }

  private:
    EvidenceFacts& into_;
    const Field* next_ = std::begin(fields);
    const Field* field_ = nullptr;
    int depth_ = 0;
    std::string name_;    // in a field of times
    std::size_t at_ = 0;  // in a histogram
    Columns row_;         // so far
    std::array<std::string, 3> text_;
    TwoCounts number_{};
    Reach reach_;
    Interleaving interleaving_;

    Shape shape() const { return field_->shape; }

    bool put(std::span<std::uint64_t> classes, std::uint64_t value) {
        return at_ < classes.size() && (classes[at_++] = value, true);
    }
    bool put_reach(std::uint64_t value) {
        return put(row_.lists == 1 ? std::span(reach_.sizes) : std::span(reach_.actors), value);
    }
    bool put_interleaving(std::uint64_t value) {
        if (row_.lists == 1) return put(interleaving_.at_once, value);
        if (row_.lists == 2) return put(interleaving_.switches, value);
        if (value > UINT32_MAX || at_++ >= Distinct::kept) return false;
        interleaving_.orders.add(static_cast<std::uint32_t>(value));
        return true;
    }
    bool put_field(std::uint64_t value) {
        if (shape() == Shape::sizes) return put(into_.sizes, value);
        return shape() == Shape::actors && put(into_.actors, value);
    }
    bool take_times(std::uint64_t value) {
        Times& times = into_.*field_->times;
        times.insert_or_assign(times.end(), std::move(name_), value);
        return true;
    }
    // Keys come sorted, so the end is where a new one belongs.
    bool take_row() {
        if (row_ != columns_of(shape())) return false;
        if (row_.texts == 2) {
            std::pair key{std::move(text_[0]), std::move(text_[1])};
            if (shape() == Shape::reach)
                into_.reach.try_emplace(into_.reach.end(), std::move(key))->second.add(reach_);
            else
                into_.interleavings.try_emplace(into_.interleavings.end(), std::move(key))->second.add(interleaving_);
            return true;
        }
        EvidenceKey key{std::move(text_[0]), std::move(text_[1]), std::move(text_[2])};
        if (shape() == Shape::counts) {
            into_.counts.try_emplace(into_.counts.end(), std::move(key))->second += number_[0];
            return true;
        }
        auto& rows = into_.*field_->two_counts;
        TwoCounts& sum = rows.try_emplace(rows.end(), std::move(key))->second;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += number_[i];
        return true;
    }
};

}  // namespace

bool read_evidence(std::string_view line, EvidenceFacts& into) {
    Reader reader(into);
    return line.starts_with(R"({"type":"evidence")") && nlohmann::ordered_json::sax_parse(line, &reader);
}

}  // namespace crosstalk
