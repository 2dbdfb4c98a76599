//// select
/* The same question by select, which knows input and output only, and nothing of a slot without a descriptor. */
static long select_them(struct pollfd *asked, int count, long long timeout_ns)
{
    struct timespec limit = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    fd_set in, out;
    int numbers = 0;
    FD_ZERO(&in);
    FD_ZERO(&out);
    for (int i = 0; i < count; ++i) {
        if (asked[i].fd < 0) continue;
        if (asked[i].events & POLLIN) FD_SET(asked[i].fd, &in);
        if (asked[i].events & POLLOUT) FD_SET(asked[i].fd, &out);
        if (asked[i].fd >= numbers) numbers = asked[i].fd + 1;
    }
    long ready = calls.pselect(numbers, &in, &out, NULL, timeout_ns < 0 ? NULL : &limit, NULL);
    if (ready < 0) return -1;
    for (int i = 0; i < count; ++i) {
        int there = asked[i].fd >= 0, bits = 0;
        if (there && FD_ISSET(asked[i].fd, &in)) bits |= POLLIN;
        if (there && FD_ISSET(asked[i].fd, &out)) bits |= POLLOUT;
        mine()->value = mine()->value * 4096 + bits;
    }
    return ready;
}
//// watch
MAYBE static long watch_it(int slot, int number, unsigned how)
{
    struct epoll_event wanted = {.events = EPOLLIN | how};
    int instance = calls.epoll_create1(EPOLL_CLOEXEC);
    if (instance < 0) return -1;
    if (calls.epoll_ctl(instance, EPOLL_CTL_ADD, number, &wanted) < 0) {
        int error = errno;
        close(instance);
        return errno = error, -1;
    }
    fd[slot] = instance;
    return 0;
}
MAYBE static long wait_for(int instance)
{
    struct epoll_event got = {.events = 0};
    long ready = calls.epoll_wait(instance, &got, 1, 0);
    if (ready > 0) mine()->value = got.events;
    return ready;
}
//// linked
/* By a second name, which goes at once. */
static int open_linked(const char *name, int flags)
{
    char second[600];
    snprintf(second, sizeof second, "%s=%d", name, (int)getpid());
    if (link(name, second) < 0) return -1;
    int number = calls.open(second, flags), error = errno;
    unlink(second);
    return errno = error, number;
}
//// step_objects
/* An object beside the others, for one step. */
enum { A_FIFO, A_FILE, A_MEMORY, A_QUEUE, A_SEMAPHORE };
static sem_t *step_semaphore;
static long open_step(int kind, const char *name, int flags, mode_t mode)
{
    struct mq_attr one = {.mq_maxmsg = 1, .mq_msgsize = 1};
    if (kind == A_FIFO) return flags & O_CREAT ? calls.mkfifo(name, mode) : calls.open(name, flags | O_NONBLOCK);
    if (kind == A_FILE) return calls.open(name, flags, mode);
    if (kind == A_MEMORY) return calls.shm_open(name, flags, mode);
    if (kind == A_QUEUE) return calls.mq_open(name, flags, mode, &one);
    step_semaphore = calls.sem_open(name, flags & (O_CREAT | O_EXCL), mode, 0u);
    return step_semaphore == SEM_FAILED ? -1 : 0;
}
static void close_step(int kind, long number)
{
    if (number < 0) return;
    if (kind == A_SEMAPHORE) calls.sem_close(step_semaphore);
    else calls.close((int)number);
}
static void remove_step(int kind, const char *name)
{
    if (kind <= A_FILE) calls.unlink(name);
    else if (kind == A_MEMORY) calls.shm_unlink(name);
    else if (kind == A_QUEUE) calls.mq_unlink(name);
    else calls.sem_unlink(name);
}
/* how: the longest name, one too long, no slash, two slashes, a slash alone, no such folder, below a file, a name of
   one character, one less than the longest, one more */
MAYBE static long misname(int kind, const char *own, int how)
{
    char text[600], *name = text;
    snprintf(text, sizeof text - 300, "%s+%d", own, (int)getpid());
    char *last = strrchr(text, '/') + 1;
    size_t most = kind == A_SEMAPHORE ? 250 : 255;
    if (how == 1) most += kind == A_SEMAPHORE ? 2 : 1;
    if (how >= 8) most += how == 8 ? -1 : 1;
    if (how <= 1 || how >= 8)
        for (size_t length = strlen(last); length < most; ++length) last[length] = 'x', last[length + 1] = 0;
    if (how == 2) ++name;
    if (how == 3 || how == 5) strcat(text, "/x");
    if (how == 4) text[1] = 0;
    if (how == 7) strcpy(text, "/\x80");
    if (how == 6) strcpy(text, "/dev/null/x");
    long made = open_step(kind, name, O_CREAT | O_EXCL | O_RDWR, 0600);
    if (made < 0) return -1;
    if (kind != A_FIFO) close_step(kind, made);
    remove_step(kind, name);
    return 0;
}
static int step_mode(int kind, const char *name, long number, struct stat *about)
{
    if (kind <= A_FILE) return stat(name, about) == 0;
    return kind != A_SEMAPHORE && fstat((int)number, about) == 0;
}
/* value: 1 its owner is right, 2 it can be opened for reading, 4 for both, 8 another open leaves its mode */
MAYBE static long new_mode(int kind, const char *own, mode_t mask)
{
    char name[600];
    struct stat about = {.st_mode = 0}, then = {.st_mode = 0};
    snprintf(name, sizeof name, "%s+%d", own, (int)getpid());
    mode_t before = umask(mask);
    long made = open_step(kind, name, O_CREAT | O_EXCL | O_RDWR, 0666);
    umask(before);
    if (made < 0) return -1;
    int told = step_mode(kind, name, made, &about);
    long bits = !told || (about.st_uid == geteuid() && about.st_gid == getegid());
    if (kind != A_FIFO) close_step(kind, made);
    long number = open_step(kind, name, O_RDONLY, 0);
    if (number >= 0) bits |= 2, close_step(kind, number);
    number = open_step(kind, name, O_RDWR, 0);
    if (number >= 0) bits |= 4, close_step(kind, number);
    number = kind == A_FIFO ? -1 : open_step(kind, name, O_RDONLY | O_CREAT, 0);
    if (number < 0 || !step_mode(kind, name, number, &then) || then.st_mode == about.st_mode) bits |= 8;
    if (kind != A_FIFO) close_step(kind, number);
    remove_step(kind, name);
    mine()->value = bits;
    return about.st_mode & 07777;
}
//// tending
/* What is done to views without loading or storing; how: as the words say. */
static void *taken(size_t count) { return mmap(NULL, count, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
MAYBE static long map_over(int slot, int number, size_t count, int protection, int kind, off_t offset)
{
    size_t whole = count == 0 ? 4096 : (count + 4095) / 4096 * 4096;
    void *there = taken(whole), *start = calls.mmap(there, count, protection, kind, number, offset);
    int error = errno;
    if (start != there) munmap(there, whole);
    if (start == MAP_FAILED) return errno = error, -1;
    place[slot] = start, place_bytes[slot] = whole;
    return 0;
}
MAYBE static long unmap_oddly(int slot, int how) /* 1 no length, 2 unaligned, 3 where nothing is */
{
    if (place[slot] == NULL) return errno = EBADF, -1;
    void *hole = taken(4096);
    munmap(hole, 4096);
    if (how == 3) return calls.munmap(hole, 4096);
    return how == 1 ? calls.munmap(place[slot], 0) : calls.munmap((char *)place[slot] + 1, place_bytes[slot]);
}
MAYBE static long protect_view(int slot, int protection)
{
    if (place[slot] == NULL) return errno = EBADF, -1;
    return calls.mprotect(place[slot], place_bytes[slot], protection);
}
/* 0 wait, 1 later, 2 both, 3 an unknown flag, 4 unaligned, 5 across a hole, 6 locked */
MAYBE static long sync_view(int slot, int how)
{
    static const int flags[] = {MS_SYNC, MS_ASYNC, MS_SYNC | MS_ASYNC, MS_SYNC | 1 << 20, MS_SYNC, MS_SYNC};
    char *view = place[slot];
    if (view == NULL) return errno = EBADF, -1;
    if (how == 5) {
        char *pages = mmap(NULL, 3 * 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        munmap(pages + 4096, 4096);
        return calls.msync(pages, 3 * 4096, MS_SYNC);
    }
    if (how == 6) {
        long result = mlock(view, 4096);
        if (result == 0) result = calls.msync(view, 4096, MS_SYNC | MS_INVALIDATE);
        int error = errno;
        munlock(view, 4096);
        return errno = error, result;
    }
    return calls.msync(view + (how == 4), place_bytes[slot], flags[how]);
}
MAYBE static long advise_view(int slot, int how) /* 0 not needed, 1 needed soon, 2 elsewhere and back */
{
    size_t count = place_bytes[slot];
    if (place[slot] == NULL) return errno = EBADF, -1;
    if (how < 2) return calls.madvise(place[slot], count, how == 0 ? MADV_DONTNEED : MADV_WILLNEED);
    void *moved = calls.mremap(place[slot], count, count, MREMAP_MAYMOVE | MREMAP_FIXED, taken(count));
    if (moved == MAP_FAILED) return -1;
    return calls.mremap(moved, count, count, MREMAP_MAYMOVE | MREMAP_FIXED, place[slot]) == MAP_FAILED ? -1 : 0;
}
MAYBE static long lend_view(int slot, size_t count, size_t offset)
{
    int ends[2];
    if (place[slot] == NULL) return errno = EBADF, -1;
    if (count > place_bytes[slot] || offset > place_bytes[slot] - count) return errno = ERANGE, -1;
    if (pipe2(ends, O_NONBLOCK) < 0) return -1;
    long result = calls.write(ends[1], (char *)place[slot] + offset, count);
    int error = errno;
    close(ends[0]), close(ends[1]);
    return errno = error, result;
}
/* The last word apart: loaded first and with acquire, stored last and with release. */
MAYBE static long transfer_apart(int slot, unsigned char *memory, size_t count, size_t offset, int loads)
{
    if (place[slot] == NULL) return errno = EBADF, -1;
    if (count > place_bytes[slot] || offset > place_bytes[slot] - count) return errno = ERANGE, -1;
    unsigned char *view = (unsigned char *)place[slot] + offset;
    unsigned long long word, *at = (void *)(view + count - 8);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    volatile long result = -1;
    sigaction(SIGBUS, &action, NULL), sigaction(SIGSEGV, &action, NULL);
    trap = 0;
    if (sigsetjmp(back, 0) == 0) {
        if (loads) word = __atomic_load_n(at, __ATOMIC_ACQUIRE), memcpy(memory + count - 8, &word, 8);
        if (count > 8) calls.copy(loads ? memory : view, loads ? view : memory, count - 8);
        if (!loads) memcpy(&word, memory + count - 8, 8), __atomic_store_n(at, word, __ATOMIC_RELEASE);
        result = (long)count;
    } else {
        errno = trap == 1 ? ENXIO : trap == 2 ? EACCES : EFAULT;
    }
    trap = -1;
    return result;
}
