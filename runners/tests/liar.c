/* Other systems for an emitted program, each with one lie: -DLIE=name puts it into the table of calls. */
#define LIAR __attribute__((unused)) static

/* A write of more than 4096 bytes loses its last byte and does not say so. */
LIAR ssize_t lossy_write(int number, const void *from, size_t count)
{
    if (count <= 4096) return write(number, from, count);
    ssize_t wrote = write(number, from, count - 1);
    return wrote == (ssize_t)count - 1 ? (ssize_t)count : wrote;
}
LIAR void loses_a_byte(void) { calls.write = lossy_write; }

/* A write says that it wrote, and does not. */
LIAR ssize_t no_write(int number, const void *from, size_t count)
{
    (void)number, (void)from;
    return (ssize_t)count;
}
LIAR void writes_nothing(void) { calls.write = no_write; }

/* A write of the first actor is done in two parts, and others may come in between. */
LIAR ssize_t torn_write(int number, const void *from, size_t count)
{
    if (self != 0) return write(number, from, count);
    ssize_t first = write(number, from, 1000);
    spin(300000);
    ssize_t second = write(number, (const char *)from + 1000, count - 1000);
    return first < 0 || second < 0 ? -1 : first + second;
}
LIAR void tears(void) { calls.write = torn_write; }

/* A read that was stopped and goes on says that it was interrupted. */
LIAR void woken(int number) { (void)number; }
LIAR ssize_t touchy_read(int number, void *to, size_t count)
{
    struct sigaction action = {0};
    action.sa_handler = woken;
    sigaction(SIGCONT, &action, NULL);
    return read(number, to, count);
}
LIAR void minds_being_stopped(void) { calls.read = touchy_read; }

LIAR int no_post(sem_t *semaphore) { return (void)semaphore, 0; }
LIAR void posts_nothing(void) { calls.sem_post = no_post; }

/* Of two messages that are there, the second comes first. */
LIAR ssize_t hasty_receive(mqd_t queue, char *to, size_t count, unsigned *priority, const struct timespec *until)
{
    static char kept[8192];
    static ssize_t held = -1;
    if (held >= 0) {
        ssize_t got = held;
        memcpy(to, kept, (size_t)got);
        return held = -1, *priority = 0, got;
    }
    held = mq_timedreceive(queue, kept, sizeof kept, priority, until);
    return mq_timedreceive(queue, to, count, priority, until);
}
LIAR void receives_the_second(void) { calls.mq_timedreceive = hasty_receive; }

LIAR int no_notify(mqd_t queue, const struct sigevent *event) { return (void)queue, (void)event, 0; }
LIAR void notifies_nobody(void) { calls.mq_notify = no_notify; }

/* A receive goes on into the next record. */
LIAR ssize_t greedy_receive(int number, struct msghdr *message, int flags)
{
    ssize_t got = recvmsg(number, message, flags);
    if (got < 0) return got;
    ssize_t more = recv(number, (char *)message->msg_iov->iov_base + got, message->msg_iov->iov_len - (size_t)got,
                        MSG_DONTWAIT);
    return more > 0 ? got + more : got;
}
LIAR void merges_records(void) { calls.recvmsg = greedy_receive; }

/* Memory: of what is stored the second half does not arrive. */
LIAR void *half_a_copy(void *to, const void *from, size_t count) { return memcpy(to, from, count / 2); }
LIAR void stores_half(void) { calls.copy = half_a_copy; }

LIAR int open_whatever(const char *name, int flags, mode_t mode) { return shm_open(name, flags & ~O_EXCL, mode); }
LIAR void forgets_exclusive(void) { calls.shm_open = open_whatever; }

/* Close-on-exec is taken, and not kept. */
LIAR int lax_fcntl(int number, int what, ...)
{
    va_list list;
    va_start(list, what);
    long value = va_arg(list, long);
    va_end(list);
    return what == F_SETFD ? 0 : fcntl(number, what, value);
}
LIAR void execs_with_all(void) { calls.fcntl = lax_fcntl; }

LIAR int open_at_once(const char *name, int flags, ...) { return open(name, flags | O_NONBLOCK, 0600); }
LIAR void opens_at_once(void) { calls.open = open_at_once; }

LIAR int dup_twice(int number) { return dup(number) < 0 ? -1 : dup(number); }
LIAR void leaves_one_open(void) { calls.dup = dup_twice; }

LIAR int nothing_ready(int instance, struct epoll_event *got, int most, int timeout)
{
    return (void)instance, (void)got, (void)most, (void)timeout, 0;
}
LIAR void overlooks_in_epoll(void) { calls.epoll_wait = nothing_ready; }

/* A read that has nothing to read burns time. */
LIAR ssize_t busy_read(int number, void *to, size_t count)
{
    struct pollfd asked = {number, POLLIN, 0};
    while (poll(&asked, 1, 0) == 0) {}
    return read(number, to, count);
}
LIAR void burns(void) { calls.read = busy_read; }

static void lie(void) { LIE(); }
