//// messages
MAYBE static long send_it(int number, unsigned char *from, size_t count, int flags)
{
    struct iovec part = {from, count};
    return calls.sendmsg(number, &(struct msghdr){.msg_iov = &part, .msg_iovlen = 1}, flags);
}
/* `value`: 1 MSG_TRUNC, 2 MSG_EOR, 4 MSG_CTRUNC, 16 MSG_OOB. */
MAYBE static long recv_it(int number, unsigned char *to, size_t count, int flags)
{
    struct iovec part = {to, count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    long result = calls.recvmsg(number, &message, flags);
    if (result >= 0)
        mine()->value = (message.msg_flags & MSG_TRUNC ? 1 : 0) + (message.msg_flags & MSG_EOR ? 2 : 0) +
                        (message.msg_flags & MSG_CTRUNC ? 4 : 0) + (message.msg_flags & MSG_OOB ? 16 : 0);
    return result;
}
//// rich_messages
/* socket(7): never more than a limit of its own, which stays. */
MAYBE static int limit_time(int number, int option, long long limit_ns)
{
    struct timeval limit = {limit_ns / 1000000000, limit_ns % 1000000000 / 1000};
    return limit_ns < 0 ? 0 : setsockopt(number, SOL_SOCKET, option, &limit, sizeof limit);
}
/* With descriptors; -count of them: so many of the first. */
MAYBE static long send_rich(int number, struct iovec *parts, size_t of, int flags, const int *fds, int count,
                            long long limit_ns)
{
    union { struct cmsghdr align; char bytes[CMSG_SPACE(255 * sizeof(int))]; } control = {{0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = of};
    int copies = count < 0, empty = count == -255, all[255];
    if (copies) count = empty ? 0 : -count;
    for (int i = 0; i < count; ++i) all[i] = fds[copies ? 0 : i];
    if (count > 0 || empty) {
        message.msg_control = control.bytes, message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        control.align.cmsg_level = SOL_SOCKET, control.align.cmsg_type = SCM_RIGHTS;
        control.align.cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(&control.align), all, sizeof(int) * count);
    }
    if (limit_time(number, SO_SNDTIMEO, limit_ns) < 0) return -1;
    return calls.sendmsg(number, &message, flags);
}
/* `value`: 1 MSG_TRUNC, 2 MSG_EOR, 4 MSG_CTRUNC, 8 close-on-exec, then how many descriptors came. */
MAYBE static long recv_rich(int number, struct iovec *parts, size_t of, int flags, const int *slots, int room,
                            long long limit_ns)
{
    union { struct cmsghdr align; char bytes[CMSG_SPACE(3 * sizeof(int))]; } control = {{0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = of};
    if (room > 0) message.msg_control = control.bytes, message.msg_controllen = CMSG_LEN(sizeof(int) * room);
    if (limit_time(number, SO_RCVTIMEO, limit_ns) < 0) return -1;
    long result = calls.recvmsg(number, &message, flags);
    if (result < 0) return -1;
    int count = 0, got[3] = {0}, closes = 8;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
        count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(got, CMSG_DATA(header), sizeof(int) * count);
    }
    for (int i = 0; i < count; ++i) {
        fd[slots[i]] = got[i];
        if (fcntl(got[i], F_GETFD) != FD_CLOEXEC) closes = 0;
    }
    mine()->value = (message.msg_flags & MSG_TRUNC ? 1 : 0) + (message.msg_flags & MSG_EOR ? 2 : 0) +
                    (message.msg_flags & MSG_CTRUNC ? 4 : 0) + (count > 0 ? closes : 0) + 256 * count;
    return result;
}
//// options
#ifndef SIOCATMARK
#define SIOCATMARK 0x8905
#endif
MAYBE static long at_mark(int number)
{
    int value = 0;
    return ioctl(number, SIOCATMARK, &value) < 0 ? -1 : value;
}
MAYBE static long get_option(int number, int level, int option)
{
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(number, level, option, &value, &length) < 0 ? -1 : value;
}
MAYBE static long set_option(int number, int level, int option, int value)
{
    struct linger at_once = {1, 0};
    if (level == SOL_SOCKET && option == SO_LINGER)
        return setsockopt(number, level, option, &at_once, sizeof at_once);
    struct timeval limit = {value < 0 ? 0 : value / 1000, value < 0 ? 1000000 : value % 1000 * 1000};
    if (level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO))
        return setsockopt(number, level, option, &limit, sizeof limit);
    return setsockopt(number, level, option, &value, sizeof value);
}
//// deadline
/* The moment when a call gives up: so long from now, or a second ago. */
enum { A_BAD_NS = 1, NOW = 2, THE_FIRST_NS = 4, THE_LAST_NS = 8 };
MAYBE static struct timespec deadline(long long timeout_ns, int how)
{
    struct timespec when;
    clock_gettime(CLOCK_REALTIME, &when);
    if (timeout_ns == 0 && !(how & NOW)) --when.tv_sec;
    if (timeout_ns > 0) when.tv_nsec += timeout_ns % 1000000000, when.tv_sec += timeout_ns / 1000000000;
    if (when.tv_nsec >= 1000000000) when.tv_nsec -= 1000000000, ++when.tv_sec;
    if (how & THE_FIRST_NS) when.tv_nsec = 0;
    if (how & THE_LAST_NS) when.tv_nsec = 999999999;
    if (how & A_BAD_NS) when.tv_nsec = timeout_ns == 0 ? -1 : 1000000000;
    return when;
}
//// messages_of_queues
MAYBE static long queue_send(int queue, unsigned char *from, size_t count, unsigned priority,
                             const struct timespec *until)
{
    return calls.mq_timedsend(queue, (char *)from, count, priority, until) < 0 ? -1 : (long)count;
}
/* `value`: the priority. */
MAYBE static long queue_receive(int queue, unsigned char *to, size_t count, const struct timespec *until)
{
    unsigned priority = 0;
    long result = calls.mq_timedreceive(queue, (char *)to, count, &priority, until);
    if (result >= 0) mine()->value = priority;
    return result;
}
//// attributes
/* How many messages there are; `value`: 1 O_NONBLOCK, then mq_maxmsg and mq_msgsize. */
MAYBE static long queue_attributes(int queue)
{
    struct mq_attr now;
    if (calls.mq_getattr(queue, &now) < 0) return -1;
    mine()->value = (now.mq_flags & O_NONBLOCK ? 1 : 0) + 256 * (now.mq_maxmsg + (now.mq_msgsize << 24));
    return now.mq_curmsgs;
}
MAYBE static long queue_flags(int queue, long flags)
{
    return calls.mq_setattr(queue, &(struct mq_attr){.mq_flags = flags}, NULL);
}
//// notify
static long notify(int queue, int how, int number)
{
    struct sigevent event = {.sigev_notify = how, .sigev_signo = number};
    return calls.mq_notify(queue, number == 0 ? NULL : &event);
}
//// counters
/* A counter that has a descriptor: a read takes one token, a write gives as many as it says. */
MAYBE static long take_token(int counter, int tries)
{
    unsigned long long tokens = 0;
    struct iovec part = {&tokens, sizeof tokens};
    if (tries) return preadv2(counter, &part, 1, -1, RWF_NOWAIT) < 0 ? -1 : 0;
    return calls.read(counter, &tokens, sizeof tokens) < 0 ? -1 : 0;
}
MAYBE static long give_token(int counter)
{
    return calls.write(counter, &(unsigned long long){1}, sizeof(unsigned long long)) < 0 ? -1 : 0;
}
//// semaphores
/* What holds no semaphore is answered without a call. */
MAYBE static sem_t *semaphore(int slot)
{
    if (slot < 0 || place[slot] == NULL) errno = EBADF;
    return slot < 0 ? NULL : place[slot];
}
#define OF(slot, call) (semaphore(slot) == NULL ? -1 : (call))
MAYBE static long make_semaphore(int slot, int object, unsigned first)
{
    if (calls.sem_init(&board->semaphores[object], 1, first) < 0) return -1;
    board->counts[object] = 0;
    place[slot] = &board->semaphores[object];
    return 0;
}
/* `value`: 1 + the lowest other slot that has it at the same address; 0: none. */
MAYBE static long open_semaphore(int slot, const char *name, int flags, unsigned first)
{
    sem_t *made = calls.sem_open(name, flags, 0600, first);
    if (made == SEM_FAILED) return -1;
    for (int other = SLOTS - 1; other >= 0; --other)
        if (place[other] == made) mine()->value = other + 1;
    place[slot] = made;
    return 0;
}
MAYBE static long close_semaphore(int slot)
{
    long result = OF(slot, calls.sem_close(place[slot]));
    if (semaphore(slot) != NULL) place[slot] = NULL;
    return result;
}
MAYBE static long value_of(int slot)
{
    int value = 0;
    if (OF(slot, calls.sem_getvalue(place[slot], &value)) < 0) return -1;
    mine()->value = value < 0 ? value : 0; /* so many wait */
    return value > 0 ? value : 0;
}
//// counted
/* A post adds to the count beside its semaphore before it posts, and a wait reads it when it has its token. */
static unsigned long long *count_of(int slot) { return &board->counts[(sem_t *)place[slot] - board->semaphores]; }
MAYBE static long post_counted(int slot)
{
    if (semaphore(slot) == NULL) return -1;
    __atomic_fetch_add(count_of(slot), 1, __ATOMIC_RELAXED);
    return calls.sem_post(place[slot]);
}
MAYBE static long counted(int slot, long result)
{
    if (result == 0) mine()->value = (long)__atomic_load_n(count_of(slot), __ATOMIC_RELAXED);
    return result;
}
//// views
static _Thread_local sigjmp_buf back;
static _Thread_local volatile int trap; /* 1 SIGBUS, 2 SEGV_ACCERR, 3 SEGV_MAPERR; -1: no copy is going on */
static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (trap != 0) signal(number, SIG_DFL); /* nobody's copy */
    if (trap != 0) return;
    trap = number == SIGBUS ? 1 : info->si_code == SEGV_ACCERR ? 2 : 3;
    siglongjmp(back, 1);
}
MAYBE static long map_view(int slot, int number, size_t count, int protection, int kind, off_t offset)
{
    void *start = calls.mmap(NULL, count, protection, kind, number, offset);
    if (start == MAP_FAILED) return -1;
    place[slot] = start, place_bytes[slot] = (count + 4095) / 4096 * 4096;
    return 0;
}
MAYBE static long unmap_view(int slot)
{
    if (place[slot] == NULL) return errno = EBADF, -1;
    long result = calls.munmap(place[slot], place_bytes[slot]);
    place[slot] = NULL;
    return result;
}
/* Page by page of the view, so that a fault leaves whole pages copied; `value`: how it was ended. */
static long copy(unsigned char *view, unsigned char *memory, size_t count, size_t offset, int loads)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    volatile size_t done = 0;
    sigaction(SIGBUS, &action, NULL), sigaction(SIGSEGV, &action, NULL);
    trap = 0;
    if (sigsetjmp(back, 0) == 0)
        while (done < count) {
            size_t here = 4096 - (offset + done) % 4096;
            if (here > count - done) here = count - done;
            unsigned char *at = view + offset + done, *with = memory + done;
            calls.copy(loads ? with : at, loads ? at : with, here);
            done += here;
        }
    if (done != 0) mine()->value = trap;
    errno = trap == 1 ? ENXIO : trap == 2 ? EACCES : EFAULT;
    return done == 0 && trap != 0 ? -1 : (long)done;
}
MAYBE static long transfer(int slot, unsigned char *memory, size_t count, size_t offset, int loads)
{
    if (place[slot] == NULL) return errno = EBADF, -1;
    if (count > place_bytes[slot] || offset > place_bytes[slot] - count) return errno = ERANGE, -1;
    long result = copy(place[slot], memory, count, offset, loads);
    trap = -1;
    return result;
}
