// Cases of the urgent byte: one who sends, one who receives, or both in one line, since what stands beside each other
// nobody judges (judge/resolve_urgent.cc). Streams are short, so that every byte is told from every other.
#include "faults/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/channels.h"

namespace crosstalk::draw {
namespace {

constexpr Slot sending_end = 0, receiving_end = 1;

class Urgent {
  public:
    Urgent(Dice& dice, const Commission& commission) : plain_(dice, commission), dice_(dice) {
        plain_.object({});
        sender_ = receiver_ = plain_.actor();
        if (dice_.one_in(2)) receiver_ = plain_.actor();
    }

    Case draw() {
        if (dice_.one_in(3)) {
            Operation option = on(Verb::set_option, receiving_end);
            option.value = static_cast<std::int64_t>(SocketOption::urgent_inline) + 256;
            plain_.add(receiver_, option);
        }
        if (dice_.one_in(2)) {
            Operation handler;
            handler.verb = Verb::signal;
            handler.value = static_cast<std::int64_t>(Signal::SIGURG_);
            plain_.add(receiver_, handler);
            Operation own = on(Verb::set_flags, receiving_end);
            own.flags = flag_async;
            plain_.add(receiver_, own);
        }
        plain_.body();
        if (dice_.one_in(2)) show_mark();
        for (std::uint64_t steps = dice_.between(6, 24); steps > 0; --steps) move();
        plain_.end();
        for (int i = 0; i < 3; ++i) receive(0, 60);
        receive(flag_urgent, 1);
        return plain_.finish();
    }

  private:
    void send(std::uint16_t flags, std::uint64_t bytes) {
        if (bytes > bytes_left_) return;
        bytes_left_ -= bytes;
        Operation step = on(Verb::send, sending_end);
        step.flags = static_cast<std::uint16_t>(flag_nonblock | flags);
        step.buffer.bytes = bytes;
        plain_.add(sender_, step);
    }
    void receive(std::uint16_t flags, std::uint64_t bytes) {
        Operation step = on(Verb::recv, receiving_end);
        step.flags = static_cast<std::uint16_t>(flag_nonblock | flags);
        step.buffer.bytes = bytes;
        plain_.add(receiver_, step);
    }
    void ask_mark() {
        Operation step = on(Verb::get_option, receiving_end);
        step.value = static_cast<std::int64_t>(SocketOption::at_mark);
        plain_.add(receiver_, step);
    }
    void poll(bool waits) {
        Operation step = on(Verb::poll, receiving_end);
        step.value = waits || dice_.one_in(2) ? poll_pri : poll_pri | poll_in;
        step.timeout_ns = waits ? forever : 0;
        plain_.add(receiver_, step);
    }

    // Bytes, an urgent one, bytes: up to the mark, what stands there, and what comes behind it.
    void show_mark() {
        send(0, dice_.between(1, 6));
        send(flag_urgent, dice_.between(1, 3));
        if (dice_.one_in(2)) {
            if (dice_.one_in(2)) send(0, dice_.between(1, 4));
            send(flag_urgent, dice_.between(1, 3));
        }
        send(0, dice_.between(1, 6));
        poll(dice_.one_in(2));
        receive(0, 40);
        ask_mark();
        if (dice_.one_in(2)) receive(flag_urgent, 1);
        receive(flag_urgent, 1);
        ask_mark();
        receive(0, 40);
    }

    void move() {
        switch (dice_.weighted({25, 20, 25, 5, 15, 4, 10, 8})) {
            case 0: return send(0, dice_.between(1, 12));
            case 1: return send(flag_urgent, dice_.one_in(2) ? 1 : dice_.between(1, 5));
            case 2: return receive(0, dice_.one_in(2) ? dice_.between(1, 5) : dice_.between(6, 40));
            case 3: return receive(flag_peek, dice_.between(1, 40));
            case 4: return receive(flag_urgent, dice_.one_in(3) ? 4 : 1);
            case 5: return receive(flag_urgent | flag_peek, 1);
            case 6: return ask_mark();
            default: return poll(false);
        }
    }

    Plain plain_;
    Dice& dice_;
    ActorId sender_ = 0, receiver_ = 0;
    std::uint64_t bytes_left_ = 200;
};

}  // namespace

bool shows_urgent_bytes(const Commission& commission) {
    const bool wants_bytes = commission.fault == full_buffer_fault || commission.fault == short_transfer_fault;
    return commission.property == property("transfer") && !wants_bytes &&
           binds::urgent_streams(mechanism_of(commission.mechanism));
}

Case draw_urgent_bytes(Dice& dice, const Commission& commission) { return Urgent(dice, commission).draw(); }

}  // namespace crosstalk::draw
