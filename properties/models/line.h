// A line of what waits: a vector whose first element leaves in no time. A full socket holds hundreds of messages, and
// the search takes them one by one in every order that it tries. What has left is not copied along with a state.
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace crosstalk::models {

template <class T>
class Line {
  public:
    using iterator = typename std::vector<T>::iterator;
    using const_iterator = typename std::vector<T>::const_iterator;

    Line() = default;
    Line(const Line& other) : all_(other.begin(), other.end()) {}
    Line(Line&& other) noexcept : all_(std::move(other.all_)), left_(std::exchange(other.left_, 0)) {}
    Line& operator=(const Line& other) {
        if (this == &other) return *this;
        all_.assign(other.begin(), other.end());
        left_ = 0;
        return *this;
    }
    Line& operator=(Line&& other) noexcept {
        all_ = std::move(other.all_);
        left_ = std::exchange(other.left_, 0);
        return *this;
    }
    ~Line() = default;

    iterator begin() { return all_.begin() + left_; }
    iterator end() { return all_.end(); }
    const_iterator begin() const { return all_.begin() + left_; }
    const_iterator end() const { return all_.end(); }
    std::size_t size() const { return all_.size() - static_cast<std::size_t>(left_); }
    bool empty() const { return begin() == end(); }
    T& operator[](std::size_t at) { return all_[static_cast<std::size_t>(left_) + at]; }
    const T& operator[](std::size_t at) const { return all_[static_cast<std::size_t>(left_) + at]; }
    T& front() { return *begin(); }
    const T& front() const { return *begin(); }
    T& back() { return all_.back(); }
    const T& back() const { return all_.back(); }
    operator std::span<const T>() const { return {begin(), end()}; }

    void push_back(const T& value) { all_.push_back(value); }
    iterator insert(iterator before, const T& value) { return all_.insert(before, value); }
    template <class Iterator>
    iterator insert(iterator before, Iterator from, Iterator to) {
        return all_.insert(before, from, to);
    }
    iterator erase(iterator at) {
        if (at != begin()) return all_.erase(at);
        ++left_;
        return begin();
    }
    iterator erase(iterator from, iterator to) { return all_.erase(from, to); }
    void clear() {
        all_.clear();
        left_ = 0;
    }

  private:
    std::vector<T> all_;
    std::ptrdiff_t left_ = 0;  // so many of the first have left
};

}  // namespace crosstalk::models
