/* ---- how it is played: nothing here is particular to this finding ---- */

struct line { /* of an actor: its steps; is it there from the start; the descriptors that it then holds, by bits */
    void (*play)(void);
    int pooled;
    unsigned holds;
};
static const struct line actors[ACTORS];
struct piece { /* of what a step wrote */
    unsigned actor, step, offset, length;
};

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
    int (*fstat)(int, struct stat *);
    off_t (*lseek)(int, off_t, int);
    int (*fsync)(int);
    int (*ftruncate)(int, off_t);
} calls = {read, write, readv, writev, pread, pwrite, splice, tee,   vmsplice, pipe2, close,
           dup,  dup2,  dup3,  fcntl,  ioctl, ppoll,  fstat,  lseek, fsync,    ftruncate};
#ifdef CALLS
#include CALLS
#endif

enum { AT_GATE, MOVING, IN_CALL, RESTS, LEAVES, UNBORN }; /* what an actor does */
enum { MOVE, INTERRUPT, KILL };                           /* what the parent does, see order[] */
enum { BYTES_MAX = 1 << 24, KEPT_MAX = 1 << 20 };

struct answer { /* of one step */
    int begun, ended, error;
    long result;           /* bytes over all its calls, or what the call returned */
    unsigned whole, signals[65]; /* calls that did all they were asked; handlers that ran during it */
};
struct actor {
    sem_t gate;
    int state;
    pid_t pid, tid;
    int step;
    struct answer answers[STEPS];
};
static struct board { /* shared by all processes */
    struct actor actors[ACTORS];
    size_t kept;                   /* bytes that the call in question received */
    unsigned char bytes[KEPT_MAX]; /* and what they were */
} *board;

static _Thread_local int self;  /* which actor this is */
static _Thread_local long last; /* what the last call returned */
static int fd[128];             /* descriptors, by the names that the finding gives them; one table a process */

static struct actor *me(void) { return &board->actors[self]; }
MAYBE static struct answer *mine(void) { return &me()->answers[me()->step]; }
static void put(int *where, int value) { __atomic_store_n(where, value, __ATOMIC_SEQ_CST); }
static int look(int *where) { return __atomic_load_n(where, __ATOMIC_SEQ_CST); }

static const char *error_name(int error)
{
    static const struct { int error; const char *name; } names[] = {
        {EAGAIN, "EAGAIN"}, {EPIPE, "EPIPE"},   {EBADF, "EBADF"},   {EINTR, "EINTR"},   {EINVAL, "EINVAL"},
        {EFAULT, "EFAULT"}, {ESPIPE, "ESPIPE"}, {EMFILE, "EMFILE"}, {EPERM, "EPERM"},   {EBUSY, "EBUSY"},
        {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"}, {ENODEV, "ENODEV"}, {ENFILE, "ENFILE"}, {EIO, "EIO"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        if (names[i].error == error) return names[i].name;
    return strerror(error);
}

static void give_up(const char *what)
{
    printf("cannot set the scene: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* Which byte stands at this place of what a step writes: so it can be told whose bytes were received. */
MAYBE static unsigned char byte_of(unsigned actor, unsigned step, size_t offset)
{
    unsigned long long x = offset * 0x9e3779b97f4a7c15ull + (actor * 256 + step + 1) * 0xbf58476d1ce4e5b9ull;
    return (unsigned char)((x ^ x >> 29) * 0x94d049bb133111ebull >> 56);
}

/* A step waits for its turn, and says what it does. */
static void step(int number)
{
    put(&me()->state, AT_GATE);
    while (sem_wait(&me()->gate) != 0) {}
    me()->step = number;
    put(&mine()->begun, 1);
    put(&me()->state, IN_CALL);
}

MAYBE static void answer(long result)
{
    int error = result < 0 ? errno : 0;
    if (result < 0) mine()->error = error;
    if (result < 0 && mine()->whole == 0 && mine()->result == 0) mine()->result = -1;
    if (result >= 0) mine()->result += result;
    last = result;
    put(&mine()->ended, 1);
    put(&me()->state, MOVING);
}

/* A step of several equal calls: the next follows if the last did all that it was asked. */
MAYBE static int again(unsigned times, long asked)
{
    if (mine()->ended) {
        if (last != asked) return 0;
        if (++mine()->whole == times) return 0;
    }
    put(&mine()->ended, 0);
    put(&me()->state, IN_CALL);
    return 1;
}

/* A buffer to receive into; what the call in question receives is kept. */
MAYBE static unsigned char *room(void)
{
    static _Thread_local unsigned char *buffer;
    if (buffer == NULL)
        buffer = mmap(NULL, BYTES_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return buffer;
}
MAYBE static void received(void)
{
    if (last <= 0 || self != QUESTION_ACTOR || me()->step != QUESTION_STEP) return;
    for (long i = 0; i < last && board->kept < KEPT_MAX; ++i) board->bytes[board->kept++] = room()[i];
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

/* The end of an actor: a process of its own leaves, one that was there from the start stays with all it holds. */
static void rest(void)
{
    put(&me()->state, RESTS);
    for (;;) pause();
}
MAYBE static void leave(int status)
{
    put(&me()->state, LEAVES);
    _exit(status);
}

static void handler(int number)
{
    if (number > 0 && number < 65) ++mine()->signals[number];
}
static void handle(int number, int flags)
{
    struct sigaction action = {0};
    sigset_t set;
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(number, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Is the actor asleep in the kernel (S), gone (Z, or no such process), or on its way? proc(5). */
static char state_of(const struct actor *actor)
{
    char path[64], text[512], *at;
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)actor->pid, (int)actor->tid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 'Z';
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    if (got <= 0) return 'Z';
    text[got] = 0;
    at = strrchr(text, ')');
    return at != NULL && at[1] != 0 ? at[2] : '?';
}

/* Until everybody waits at a gate, rests, is gone, or sleeps in a call; looked at three times in a row. */
static void settle(void)
{
    for (int calm = 0, looks = 0; calm < 3 && looks < 20000; ++looks) {
        int moving = 0;
        for (int i = 0; i < ACTORS; ++i) {
            struct actor *actor = &board->actors[i];
            int state = look(&actor->state);
            char seen = state == UNBORN || state == RESTS || actor->pid == 0 ? 'S' : state_of(actor);
            if (seen == 'Z') continue;
            if (state == MOVING || state == LEAVES || seen != 'S') moving = 1;
        }
        calm = moving ? 0 : calm + 1;
        nanosleep(&(struct timespec){0, 500000}, NULL);
    }
}

//// close
static long close_it(int slot)
{
    int result = calls.close(fd[slot]);
    if (result == 0 || errno != EBADF) fd[slot] = -1;
    return result;
}
//// dup
static long bound(int slot, int number)
{
    if (number < 0) return -1;
    fd[slot] = number;
    return 0;
}
/* What dup2 replaces, or the lowest number that is free. */
MAYBE static int target(int slot)
{
    int number = 0;
    while (fd[slot] < 0 && fcntl(number, F_GETFD) >= 0) ++number;
    return fd[slot] < 0 ? number : fd[slot];
}
//// threads
static void *thread_of(void *actor)
{
    self = (int)(long)actor;
    me()->tid = gettid();
    actors[self].play();
    put(&me()->state, RESTS);
    return NULL;
}
static long start_thread(int child)
{
    pthread_t thread;
    board->actors[child].pid = getpid();
    board->actors[child].tid = gettid(); /* its own number follows when it runs */
    put(&board->actors[child].state, MOVING);
    return pthread_create(&thread, NULL, thread_of, (void *)(long)child) == 0 ? 0 : -1;
}
//// forks
static long start_process(int child)
{
    put(&board->actors[child].state, MOVING);
    pid_t pid = fork();
    if (pid != 0) {
        if (pid > 0) board->actors[child].pid = board->actors[child].tid = pid;
        return pid > 0 ? 0 : -1;
    }
    self = child;
    me()->pid = me()->tid = getpid();
    actors[self].play();
    leave(0);
    return 0;
}
//// flags
MAYBE static long set_flags(int number, int flags)
{
    if ((flags & O_ASYNC) && calls.fcntl(number, F_SETOWN, getpid()) < 0) return -1;
    return calls.fcntl(number, F_SETFL, flags);
}
/* In one number: 1 O_NONBLOCK, 2 FD_CLOEXEC, 4 O_DIRECT, 8 O_ASYNC, 1024 open for writing. */
MAYBE static long get_flags(int number)
{
    int status = calls.fcntl(number, F_GETFL), descriptor = calls.fcntl(number, F_GETFD);
    if (status < 0 || descriptor < 0) return -1;
    return (status & O_NONBLOCK ? 1 : 0) | (descriptor & FD_CLOEXEC ? 2 : 0) | (status & O_DIRECT ? 4 : 0) |
           (status & O_ASYNC ? 8 : 0) | ((status & O_ACCMODE) != O_RDONLY ? 1024 : 0);
}
//// available
static long available(int number)
{
    int unread = 0;
    return calls.ioctl(number, FIONREAD, &unread) < 0 ? -1 : unread;
}
//// stat
static long is_fifo(int number)
{
    struct stat about;
    return calls.fstat(number, &about) < 0 ? -1 : S_ISFIFO(about.st_mode);
}
//// map
static long map_page(int number)
{
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, number, 0);
    if (page == MAP_FAILED) return -1;
    munmap(page, 4096);
    return 0;
}
//// create
static long create(int reads, int writes, int flags, int capacity)
{
    int ends[2];
    if (calls.pipe2(ends, flags) < 0) return -1;
    fd[reads] = ends[0], fd[writes] = ends[1];
    if (capacity > 0) calls.fcntl(ends[1], F_SETPIPE_SZ, capacity);
    return 0;
}
//// poll
static long poll_them(struct pollfd *asked, int count, long long timeout_ns)
{
    struct timespec limit = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    long ready = calls.ppoll(asked, (nfds_t)count, timeout_ns < 0 ? NULL : &limit, NULL), answered = 0;
    if (ready < 0) return -1;
    for (int i = 0; i < count; ++i) answered = answered * 4096 + asked[i].revents;
    return answered; /* what poll said of each, not only of how many */
}
//// parts
/* A buffer as the parts of a vector: even, or with one part of a byte at an end, or every other part empty. */
static struct iovec *parts(unsigned char *buffer, size_t count, unsigned segments, int split)
{
    struct iovec *vector = calloc(segments + 1, sizeof *vector);
    size_t tiny = (split == 1 || split == 2) && segments > 1 && count > 0, left = count - tiny;
    unsigned shares = split == 3 ? (segments + 1) / 2 : tiny || split == 1 || split == 2 ? segments - 1 : segments;
    for (unsigned i = 0, share = 0; i < segments; ++i) {
        size_t here;
        if (segments == 1) here = count;
        else if (split == 1 && i == 0) here = tiny;
        else if (split == 2 && i == segments - 1) here = tiny;
        else if (split == 3 && i % 2 == 1) here = 0;
        else here = left / shares + (share < left % shares), ++share;
        vector[i].iov_base = buffer, vector[i].iov_len = here;
        buffer += here;
    }
    return vector;
}
//// fault
/* Only the first `mapped` bytes are there; behind them is a page that may not be touched. */
static unsigned char *partly_mapped(size_t mapped, int filled)
{
    size_t pages = (mapped + 4095) / 4096 * 4096;
    unsigned char *area = mmap(NULL, pages + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED || mprotect(area + pages, 4096, PROT_NONE) != 0) give_up("mprotect");
    unsigned char *start = area + pages - mapped;
    for (size_t i = 0; filled && i < mapped; ++i) start[i] = byte_of((unsigned)self, (unsigned)me()->step, i);
    return start;
}
//// limit
/* RLIMIT_NOFILE so that exactly this many descriptors more can be made. */
static long limit_descriptors(long more)
{
    struct rlimit now;
    int number = 0;
    for (;; ++number)
        if (fcntl(number, F_GETFD) < 0 && more-- == 0) break;
    if (getrlimit(RLIMIT_NOFILE, &now) < 0) return -1;
    now.rlim_cur = (rlim_t)number;
    return setrlimit(RLIMIT_NOFILE, &now);
}
//// pass
static int mailboxes[ACTORS][2];
MAYBE static long pass(int to, int count, const int *numbers, int flags)
{
    union { struct cmsghdr align; char bytes[CMSG_SPACE(3 * sizeof(int))]; } control;
    char note = 'p';
    struct iovec part = {&note, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE((size_t)count * sizeof(int))};
    memset(&control, 0, sizeof control);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(header), numbers, (size_t)count * sizeof(int));
    return sendmsg(mailboxes[to][1], &message, flags | MSG_NOSIGNAL) < 0 ? -1 : 0;
}
MAYBE static long receive(int count, const int *slots, int flags)
{
    union { struct cmsghdr align; char bytes[CMSG_SPACE(3 * sizeof(int))]; } control;
    char note;
    struct iovec part = {&note, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = CMSG_LEN((size_t)count * sizeof(int))};
    if (recvmsg(mailboxes[self][0], &message, flags) < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header))
        for (int i = 0; i < count && CMSG_LEN((size_t)(i + 1) * sizeof(int)) <= header->cmsg_len; ++i)
            memcpy(&fd[slots[i]], (char *)CMSG_DATA(header) + (size_t)i * sizeof(int), sizeof(int));
    return 0;
}
//// main
/* ---- the play ---- */

static void start_actors(void)
{
    for (int i = 0; i < ACTORS; ++i) board->actors[i].state = actors[i].pooled ? MOVING : UNBORN;
    for (int i = 0; i < ACTORS; ++i) {
        if (!actors[i].pooled) continue;
        pid_t pid = fork();
        if (pid < 0) give_up("fork");
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            self = i;
            me()->pid = me()->tid = getpid();
            for (int slot = 0; slot < 2 * PIPES; ++slot)
                if (!(actors[i].holds >> slot & 1) && fd[slot] >= 0) close(fd[slot]), fd[slot] = -1;
            handle(SIGPIPE, 0), handle(SIGUSR1, 0), handle(SIGIO, SA_RESTART);
            actors[i].play();
            rest();
        }
        board->actors[i].pid = board->actors[i].tid = pid;
    }
    for (int slot = 0; slot < 2 * PIPES; ++slot)
        if (fd[slot] >= 0) close(fd[slot]);
}

static void show(const struct answer *now)
{
    if (!now->ended) printf("%s\n", now->begun ? "still asleep" : "was not called");
    else if (now->error != 0 && now->result > 0) printf("%ld, then %s\n", now->result, error_name(now->error));
    else if (now->error != 0) printf("%s\n", error_name(now->error));
    else printf("%ld\n", now->result);
}

/* Moves the actors in the order of the finding, and prints what each call comes back with. */
static void play(void)
{
    static char told[ACTORS][STEPS];
    settle();
    for (size_t i = 0; i < sizeof order / sizeof *order; ++i) {
        struct actor *actor = &board->actors[order[i].actor];
        if (order[i].what == MOVE && look(&actor->state) == AT_GATE) sem_post(&actor->gate);
        if (order[i].what == INTERRUPT && actor->pid > 0) kill(actor->pid, SIGUSR1);
        if (order[i].what == KILL && actor->pid > 0) kill(actor->pid, SIGKILL);
        if (order[i].what != MOVE)
            printf("actor %d  %s\n", order[i].actor, order[i].what == KILL ? "is killed" : "is sent SIGUSR1");
        settle();
        for (size_t s = 0; s < sizeof steps / sizeof *steps; ++s) {
            const struct answer *now = &board->actors[steps[s].actor].answers[steps[s].step];
            char *once = &told[steps[s].actor][steps[s].step];
            if (!now->begun || *once == 2 || (*once == 1 && !now->ended)) continue;
            printf("actor %d  %s = ", steps[s].actor, steps[s].text), show(now);
            *once = now->ended ? 2 : 1;
        }
    }
    for (int i = 0; i < ACTORS; ++i)
        if (board->actors[i].pid > 0) kill(board->actors[i].pid, SIGKILL);
    while (wait(NULL) > 0) {}
}

/* Did these bytes come, by whom they were written? */
static int came(const struct piece *pieces, size_t count)
{
    size_t at = 0;
    for (size_t p = 0; p < count; ++p)
        for (unsigned i = 0; i < pieces[p].length; ++i, ++at)
            if (at >= board->kept || board->bytes[at] != byte_of(pieces[p].actor, pieces[p].step, pieces[p].offset + i))
                return 0;
    return at == board->kept;
}

static int as_before(void)
{
    int same = 1;
    for (size_t s = 0; s < sizeof steps / sizeof *steps; ++s) {
        const struct answer *now = &board->actors[steps[s].actor].answers[steps[s].step];
        if (!steps[s].compared) continue;
        if (now->ended && now->result == steps[s].result && now->error == steps[s].error) continue;
        printf("otherwise than in the finding: actor %d  %s\n", steps[s].actor, steps[s].text);
        same = 0;
    }
    return same;
}

static int verdict(void)
{
    const struct answer *now = &board->actors[QUESTION_ACTOR].answers[QUESTION_STEP];
    printf("\n%s promises: %s\n%s\n", CLAUSE, PROMISE, SOURCE);
    printf("in question: actor %d  %s\n", QUESTION_ACTOR, QUESTION_TEXT);
    if (DUE[0] != 0) printf("  due       %s\n", DUE);
    printf("  seen then %s\n  seen now  ", SEEN), show(now);
    int same = as_before();
    if (!now->begun) return printf("cannot tell: the call was never made\n"), 2;
    if (SEEN_ASLEEP) {
        if (!now->ended) return printf("VIOLATED: it sleeps on\n"), 1;
        return printf("as documented: it does not sleep on\n"), 0;
    }
    int violated = now->ended && now->result == SEEN_RESULT && now->error == SEEN_ERROR;
    int due = DUE_KNOWN && now->ended && now->result == DUE_RESULT && now->error == DUE_ERROR;
    if (DUE_SLEEPS && !now->ended) return printf("as documented: it sleeps\n"), 0;
    if (due && DUE_BYTES && !came(due_bytes, DUE_BYTES)) return printf("VIOLATED: these are not the bytes due\n"), 1;
    if (due && !(violated && !DUE_BYTES)) return printf("as documented\n"), 0;
    if (violated && !DUE_BYTES && SEEN_BYTES && !came(seen_bytes, SEEN_BYTES)) violated = 0;
    unsigned heard = 0, handlers = 0;
    for (int number = 1; number < 65; ++number) handlers += now->signals[number];
    for (int i = 0; i < ACTORS; ++i)
        for (int s = 0; s < STEPS; ++s) heard += board->actors[i].answers[s].signals[SIGNAL_MISSING];
    if (violated && SIGNAL_MISSING == SIGPIPE) heard = now->signals[SIGPIPE];
    if (violated && SIGNAL_MISSING && heard != 0) return printf("as documented: the signal came\n"), 0;
    if (violated && SIGNAL_UNWANTED && now->signals[SIGNAL_UNWANTED] == 0)
        return printf("as documented: the signal did not come\n"), 0;
    if (violated && NO_HANDLER && handlers != 0) return printf("as documented: a handler ran\n"), 0;
    if (violated && !same) return printf("not seen: the calls around it went otherwise than in the finding\n"), 0;
    if (violated) return printf("VIOLATED: it answers as in the finding\n"), 1;
    if (!DUE_KNOWN) return printf("not seen: it answers otherwise than in the finding\n"), 0;
    return printf("cannot tell: neither what was due nor what was seen\n"), 2;
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED) give_up("mmap");
    for (int i = 0; i < ACTORS; ++i) sem_init(&board->actors[i].gate, 1, 0);
    for (size_t i = 0; i < sizeof fd / sizeof *fd; ++i) fd[i] = -1;
#ifdef CALLS
    lie();
#endif
    set_the_scene();
    start_actors();
    play();
    return verdict();
}
