/* ---- how it is played: nothing here is particular to this finding ---- */

struct line { /* of an actor: its steps; is it there from the start; whose process it is in; what it holds, by bits */
    void (*play)(void);
    int pooled, process;
    unsigned holds;
};
static const struct line actors[ACTORS];
struct piece { /* of what a step wrote; actor LITERAL: of literal[], from `offset` on */
    unsigned actor, step, offset, length;
};
enum { LITERAL = 255, UNKNOWN = -1 };
struct row { /* a call, or the death of an actor (step -1), as it was in the finding; compared if that can be */
    int actor, step;
    const char *text;
    int compared, heard, error; /* heard: did a handler run during it */
    long result, value;
    unsigned long began, ended; /* in the order of all; ended 0: never */
    int first, pieces;          /* of pieces[]: what it received; UNKNOWN if that cannot be told */
};
static const struct row rows[ROWS + 1];

#define MAYBE __attribute__((unused)) /* not every finding needs it */

/* Every call that is under test goes through this table, so that a test can put another system in its place:
   cc -DCALLS='"liar.c"' includes that file, whose lie() changes the table. */
MAYBE static struct {
    ssize_t (*read)(int, void *, size_t);
    ssize_t (*write)(int, const void *, size_t);
    ssize_t (*readv)(int, const struct iovec *, int);
    ssize_t (*writev)(int, const struct iovec *, int);
    ssize_t (*pread)(int, void *, size_t, off_t);
    ssize_t (*pwrite)(int, const void *, size_t, off_t);
    ssize_t (*splice)(int, off_t *, int, off_t *, size_t, unsigned);
    ssize_t (*tee)(int, int, size_t, unsigned);
    ssize_t (*vmsplice)(int, const struct iovec *, size_t, unsigned);
    int (*pipe2)(int *, int);
    int (*close)(int);
    int (*dup)(int);
    int (*dup2)(int, int);
    int (*dup3)(int, int, int);
    int (*fcntl)(int, int, ...);
    int (*ioctl)(int, unsigned long, ...);
    int (*ppoll)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
    int (*pselect)(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
    int (*epoll_create1)(int);
    int (*epoll_ctl)(int, int, int, struct epoll_event *);
    int (*epoll_wait)(int, struct epoll_event *, int, int);
    int (*fstat)(int, struct stat *);
    off_t (*lseek)(int, off_t, int);
    int (*fsync)(int);
    int (*ftruncate)(int, off_t);
    int (*open)(const char *, int, ...);
    int (*unlink)(const char *);
    int (*mkfifo)(const char *, mode_t);
    int (*socketpair)(int, int, int, int *);
    ssize_t (*sendmsg)(int, const struct msghdr *, int);
    ssize_t (*recvmsg)(int, struct msghdr *, int);
    int (*shutdown)(int, int);
    int (*socket)(int, int, int);
    int (*bind)(int, const struct sockaddr *, socklen_t);
    int (*listen)(int, int);
    int (*connect)(int, const struct sockaddr *, socklen_t);
    int (*accept4)(int, struct sockaddr *, socklen_t *, int);
    mqd_t (*mq_open)(const char *, int, ...);
    int (*mq_unlink)(const char *);
    int (*mq_timedsend)(mqd_t, const char *, size_t, unsigned, const struct timespec *);
    ssize_t (*mq_timedreceive)(mqd_t, char *, size_t, unsigned *, const struct timespec *);
    int (*mq_getattr)(mqd_t, struct mq_attr *);
    int (*mq_setattr)(mqd_t, const struct mq_attr *, struct mq_attr *);
    int (*mq_notify)(mqd_t, const struct sigevent *);
    int (*sem_init)(sem_t *, int, unsigned);
    sem_t *(*sem_open)(const char *, int, ...);
    int (*sem_close)(sem_t *);
    int (*sem_unlink)(const char *);
    int (*sem_wait)(sem_t *);
    int (*sem_trywait)(sem_t *);
    int (*sem_timedwait)(sem_t *, const struct timespec *);
    int (*sem_post)(sem_t *);
    int (*sem_getvalue)(sem_t *, int *);
    int (*shm_open)(const char *, int, mode_t);
    int (*shm_unlink)(const char *);
    void *(*mmap)(void *, size_t, int, int, int, off_t);
    int (*munmap)(void *, size_t);
    int (*mprotect)(void *, size_t, int);
    int (*msync)(void *, size_t, int);
    int (*madvise)(void *, size_t, int);
    void *(*mremap)(void *, size_t, size_t, int, ...);
    int (*fallocate)(int, int, off_t, off_t);
    void *(*copy)(void *, const void *, size_t); /* of memory that is shared, at most a page at once */
    pid_t (*fork)(void);
    int (*execv)(const char *, char *const *);
} calls = {.read = read, .write = write, .readv = readv, .writev = writev, .pread = pread, .pwrite = pwrite,
           .splice = splice, .tee = tee, .vmsplice = vmsplice, .pipe2 = pipe2, .close = close, .dup = dup,
           .dup2 = dup2, .dup3 = dup3, .fcntl = fcntl, .ioctl = ioctl, .ppoll = ppoll, .pselect = pselect,
           .epoll_create1 = epoll_create1, .epoll_ctl = epoll_ctl, .epoll_wait = epoll_wait, .fstat = fstat,
           .lseek = lseek, .fsync = fsync, .ftruncate = ftruncate, .open = open, .unlink = unlink,
           .mkfifo = mkfifo, .socketpair = socketpair, .sendmsg = sendmsg, .recvmsg = recvmsg,
           .shutdown = shutdown, .socket = socket, .bind = bind, .listen = listen, .connect = connect,
           .accept4 = accept4, .mq_open = mq_open, .mq_unlink = mq_unlink, .mq_timedsend = mq_timedsend,
           .mq_timedreceive = mq_timedreceive, .mq_getattr = mq_getattr, .mq_setattr = mq_setattr,
           .mq_notify = mq_notify, .sem_init = sem_init, .sem_open = sem_open, .sem_close = sem_close,
           .sem_unlink = sem_unlink, .sem_wait = sem_wait, .sem_trywait = sem_trywait,
           .sem_timedwait = sem_timedwait, .sem_post = sem_post, .sem_getvalue = sem_getvalue,
           .shm_open = shm_open, .shm_unlink = shm_unlink, .mmap = mmap, .munmap = munmap, .mprotect = mprotect, .msync = msync,
           .madvise = madvise, .mremap = mremap, .fallocate = fallocate, .copy = memcpy,
           .fork = fork, .execv = execv};

enum { AT_GATE, MOVING, IN_CALL, RESTS, LEAVES, UNBORN };      /* what an actor does */
enum { MOVE, INTERRUPT, KILL, STOP };                          /* what the parent does, see order[] and strikes[] */
enum { BYTES_MAX = 1 << 24, SLOTS = 128, LAP = 1 << 21 };

struct answer { /* of one step; of a death: from its beginning to the moment when it was seen */
    int begun, ended, error;
    long result, value; /* bytes over all its calls, or what the call returned; what else it said */
    unsigned whole;     /* calls that did all they were asked */
    unsigned short signals[65];      /* handlers that ran during it */
    unsigned long long bytes, digest; /* what it received: how many, and a digest of them */
    unsigned long began_at, ended_at; /* in the order of all */
    long long took_ns;
};
struct actor {
    sem_t gate;
    int state;
    pid_t pid, tid;
    int step, struck, stopped, turns; /* struck: strikes[] of it that are done; turns until it goes on, 0: the last */
    int codes[65];                    /* the last si_code of each signal */
    long leaked, at_start;            /* descriptors that no slot names */
    int slots[SLOTS], places;         /* what goes on over execve: descriptors, unnamed semaphores by bits */
    struct answer answers[STEPS], death;
};
static struct board { /* shared by all processes */
    int number, gave_up, arrived, go; /* number: the board's own descriptor */
    pid_t parent;
    unsigned long clock;
    unsigned seed; /* of the round */
    char names[OBJECTS][48];
    sem_t semaphores[OBJECTS];
    unsigned long long counts[OBJECTS]; /* beside them */
    struct actor actors[ACTORS];
} *board;

static _Thread_local int self;     /* which actor this is */
static _Thread_local long last;    /* what the last call returned */
static int fd[SLOTS];              /* descriptors, by the names that the finding gives them; one table a process */
MAYBE static void *place[SLOTS];   /* and what lies in memory: semaphores, views */
MAYBE static size_t place_bytes[SLOTS];

static struct actor *me(void) { return &board->actors[self]; }
MAYBE static struct answer *mine(void) { return &me()->answers[me()->step]; }
static void put(int *where, int value) { __atomic_store_n(where, value, __ATOMIC_SEQ_CST); }
static int look(int *where) { return __atomic_load_n(where, __ATOMIC_SEQ_CST); }
static unsigned long stamp(void) { return __atomic_add_fetch(&board->clock, 1, __ATOMIC_SEQ_CST); }
static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}
MAYBE static void spin(long long for_ns)
{
    for (long long until = now_ns() + for_ns; now_ns() < until;) {}
}

static const char *error_name(int error)
{
    static const struct { int error; const char *name; } names[] = {
        {EAGAIN, "EAGAIN"}, {EPIPE, "EPIPE"},   {EBADF, "EBADF"},   {EINTR, "EINTR"},   {EINVAL, "EINVAL"},
        {EFAULT, "EFAULT"}, {ESPIPE, "ESPIPE"}, {EMFILE, "EMFILE"}, {EPERM, "EPERM"},   {EBUSY, "EBUSY"},
        {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"}, {ENODEV, "ENODEV"}, {ENFILE, "ENFILE"}, {EIO, "EIO"},
        {EEXIST, "EEXIST"}, {ENOENT, "ENOENT"}, {ENXIO, "ENXIO"},   {ERANGE, "ERANGE"}, {EMSGSIZE, "EMSGSIZE"},
        {ETIMEDOUT, "ETIMEDOUT"}, {ECONNRESET, "ECONNRESET"}, {ECONNREFUSED, "ECONNREFUSED"},
        {ENOTCONN, "ENOTCONN"}, {EOVERFLOW, "EOVERFLOW"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        if (names[i].error == error) return names[i].name;
    return strerror(error);
}

static void clear_the_scene(void);
static void give_up(const char *what)
{
    printf("cannot set the scene: %s: %s\n", what, strerror(errno));
    put(&board->gave_up, 1);
    if (getpid() == board->parent) clear_the_scene();
    _exit(2);
}

/* Which byte stands at this place of what a step writes, so that it can be told whose bytes were received: those of
   short writes count on from one to the next, longer ones consist of scrambled coordinates. */
struct stream {
    unsigned actor, step, first;
};
static const struct stream small[SMALL + 1];
MAYBE static unsigned long long word_of(unsigned actor, unsigned step, unsigned long long index)
{
    unsigned long long x = (unsigned long long)CASE << 48 | (actor & 63ull) << 42 | (step & 255ull) << 34 |
                           0xc7a5ull << 18 | (index & (LAP / 8 - 1));
    x = (x ^ x >> 32) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 32) * 0x94d049bb133111ebull;
    return x ^ x >> 32;
}
MAYBE static unsigned char byte_of(unsigned actor, unsigned step, size_t offset)
{
    for (int i = 0; i < SMALL; ++i)
        if (small[i].actor == actor && small[i].step == step) return (unsigned char)(small[i].first + offset);
    return (unsigned char)(word_of(actor, step, offset / 8) >> 8 * (offset % 8));
}

MAYBE static struct answer *answer_of(const struct row *row)
{
    struct actor *actor = &board->actors[row->actor];
    return row->step < 0 ? &actor->death : &actor->answers[row->step];
}

#if RACE
/* Until all calls have returned that had returned in the finding before this one was called; or until it has waited
   long. It makes what was seen more frequent, no more. */
static void wait_for_those_before(int number)
{
    enum { LONG_NS = 2000000 };
    const struct row *here = rows;
    while (here < rows + ROWS && (here->actor != self || here->step != number)) ++here;
    long long until = now_ns() + LONG_NS;
    for (int i = 0; here < rows + ROWS && i < ROWS; ++i)
        if (rows[i].ended != 0 && rows[i].ended < here->began)
            while (!look(&answer_of(&rows[i])->ended) && now_ns() < until) sched_yield();
}
/* A moment that differs from round to round. */
static void wait_a_moment(int number)
{
    static const unsigned widest_ns[] = {0, 1000, 10000, 100000};
    unsigned long long x = (board->seed * 64ull + (unsigned)self) * 256 + (unsigned)number;
    unsigned widest = widest_ns[board->seed / 2 % 4];
    if (board->seed % 2 == 0) wait_for_those_before(number);
    x = (x ^ x >> 31) * 0xbf58476d1ce4e5b9ull;
    if (widest) spin((long long)((x ^ x >> 29) * 0x94d049bb133111ebull >> 33) % widest);
}
#endif

/* A step waits for its turn, or in a race for a moment of its own; and says what it does. */
static void step(int number)
{
#if RACE
    wait_a_moment(number);
#else
    put(&me()->state, AT_GATE);
    while (sem_wait(&me()->gate) != 0) {}
#endif
    me()->step = number;
    mine()->began_at = stamp();
    put(&mine()->begun, 1);
    put(&me()->state, IN_CALL);
}

MAYBE static void answer(long result)
{
    int error = result < 0 ? errno : 0;
    mine()->ended_at = stamp();
    if (result < 0) mine()->error = error;
    if (result < 0 && mine()->whole == 0 && mine()->result == 0) mine()->result = -1;
    if (result >= 0) mine()->result += result;
    last = result;
    put(&mine()->ended, 1);
    put(&me()->state, MOVING);
}

/* A call with a time limit: others wait for it. */
MAYBE static long in_time(long long began_ns, long result)
{
    int error = errno;
    mine()->took_ns = now_ns() - began_ns;
    errno = error;
    return result;
}
MAYBE static long long from_now(void)
{
    put(&me()->state, MOVING);
    return now_ns();
}

/* A step of several equal calls: the next follows if the last did all that it was asked; -1: if it did not fail. */
MAYBE static int again(unsigned times, long asked)
{
    if (mine()->ended) {
        if (last < 0 || (asked >= 0 && last != asked)) return 0;
        if (++mine()->whole == times) return 0;
    }
    put(&mine()->ended, 0);
    put(&me()->state, IN_CALL);
    return 1;
}

/* A buffer to receive into; of what is received a digest is kept (FNV-1a). */
MAYBE static unsigned char *room(void)
{
    static _Thread_local unsigned char *buffer;
    if (buffer == NULL)
        buffer = mmap(NULL, BYTES_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return buffer;
}
static unsigned long long digested(unsigned long long digest, unsigned char byte)
{
    return ((digest ? digest : 0xcbf29ce484222325ull) ^ byte) * 0x100000001b3ull;
}
MAYBE static void received(void)
{
    for (long i = 0; i < last && i < BYTES_MAX; ++i) mine()->digest = digested(mine()->digest, room()[i]);
    if (last > 0) mine()->bytes += (unsigned long long)last;
}

/* The next bytes of this step's stream, in memory that is never used again (a gift of vmsplice stays in the pipe). */
MAYBE static unsigned char *bytes(size_t count)
{
    unsigned char *buffer = mmap(NULL, count + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t from = (size_t)(mine()->result > 0 ? mine()->result : 0);
    if (buffer == MAP_FAILED) give_up("mmap");
    for (size_t i = 0; i < count; ++i) buffer[i] = byte_of((unsigned)self, (unsigned)me()->step, from + i);
    return buffer;
}

/* How many descriptors this process has that no slot names. */
static long nameless(void)
{
    long count = 0;
    for (int number = 0; number < 1024; ++number) {
        int named = fcntl(number, F_GETFD) < 0;
        for (int slot = 0; slot < SLOTS && !named; ++slot) named = fd[slot] == number;
        count += !named;
    }
    return count;
}
/* The end of an actor: a process of its own leaves, one that was there from the start stays with all it holds. */
static void rest(void)
{
    if (LEAK) me()->leaked = nameless() - me()->at_start;
    put(&me()->state, RESTS);
    for (;;) pause();
}
static void dying(void)
{
    struct actor *process = &board->actors[actors[self].process];
    process->death.began_at = stamp();
    put(&process->death.begun, 1);
}
MAYBE static void die(void)
{
    dying();
    kill(getpid(), SIGKILL);
}
MAYBE static void stop_here(int turns)
{
    struct actor *process = &board->actors[actors[self].process];
    process->turns = turns;
    put(&process->stopped, 1);
    kill(getpid(), SIGSTOP);
    while (look(&process->stopped)) sched_yield();
}
MAYBE static void leave(int status)
{
    if (LEAK) me()->leaked = nameless() - me()->at_start;
    dying();
    put(&me()->state, LEAVES);
    _exit(status);
}

static void handler(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (number <= 0 || number >= 65) return;
    ++mine()->signals[number];
    me()->codes[number] = info->si_code;
}
static void handle(int number, int flags)
{
    struct sigaction action = {0};
    sigset_t set;
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | flags;
    sigaction(number, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}
static void handle_as_a_rule(void) { handle(SIGPIPE, 0), handle(SIGUSR1, 0), handle(SIGIO, SA_RESTART); }
#ifdef CALLS
#include CALLS
#endif

