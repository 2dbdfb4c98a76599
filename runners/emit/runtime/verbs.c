//// lowest
/* The two lowest numbers that are free: what a call gives that makes descriptors. */
static _Thread_local int lowest[2];
static void look_for_lowest(void)
{
    int number = 0;
    for (int i = 0; i < 2; ++i, ++number) {
        while (fcntl(number, F_GETFD) >= 0) ++number;
        lowest[i] = number;
    }
}
/* `value` says of each end whether it is the lowest number. */
MAYBE static long bound_ends(long result, const int *ends, int first, int second)
{
    if (result < 0) return -1;
    fd[first] = ends[0];
    if (second >= 0) fd[second] = ends[1];
    mine()->value = (ends[0] == lowest[0]) + 2 * (second >= 0 && ends[1] == lowest[1]);
    return 0;
}
MAYBE static long bound_end(int number, int slot)
{
    return bound_ends(number < 0 ? -1 : 0, &number, slot, -1);
}
//// create
static long create(int reads, int writes, int flags, int capacity)
{
    int ends[2];
    look_for_lowest();
    long result = bound_ends(calls.pipe2(ends, flags), ends, reads, writes);
    if (result == 0 && capacity > 0) calls.fcntl(ends[1], F_SETPIPE_SZ, capacity);
    return result;
}
//// pair
static long make_pair(int first, int second, int type, int buffer)
{
    int ends[2];
    look_for_lowest();
    long result = bound_ends(calls.socketpair(AF_UNIX, type, 0, ends), ends, first, second);
    for (int i = 0; result == 0 && buffer > 0 && i < 2; ++i)
        setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    return result;
}
//// network
/* Two ends over this host's own network, connected to each other. Nobody else knows the port. */
MAYBE static int network_pair(int family, int type, int protocol, int nonblock, int *pair)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage at[2] = {0};
    socklen_t length = family == AF_INET6 ? sizeof six : sizeof four;
    int made[2];
    for (int i = 0; i < 2; ++i) {
        memcpy(&at[i], family == AF_INET6 ? (void *)&six : (void *)&four, length);
        if ((made[i] = socket(family, type, protocol)) < 0) return -1;
        if ((i == 0 || type == SOCK_DGRAM) && bind(made[i], (struct sockaddr *)&at[i], length) != 0) return -1;
        if (getsockname(made[i], (struct sockaddr *)&at[i], &length) != 0) return -1;
    }
    if (type == SOCK_DGRAM) {
        if (connect(made[0], (struct sockaddr *)&at[1], length) != 0) return -1;
        if (connect(made[1], (struct sockaddr *)&at[0], length) != 0) return -1;
        pair[0] = made[0], pair[1] = made[1];
    } else {
        if (listen(made[0], 1) != 0 || connect(made[1], (struct sockaddr *)&at[0], length) != 0) return -1;
        pair[0] = made[1], pair[1] = accept(made[0], NULL, NULL);
        close(made[0]);
    }
    for (int i = 0; nonblock && i < 2; ++i) fcntl(pair[i], F_SETFL, O_NONBLOCK);
    return pair[1] < 0 ? -1 : 0;
}
//// queue
static long make_queue(int slot, int object, int flags, long most, long size)
{
    struct mq_attr attributes = {.mq_maxmsg = most, .mq_msgsize = size};
    look_for_lowest();
    return bound_end(calls.mq_open(board->names[object], O_CREAT | O_EXCL | O_RDWR | flags, 0600,
                                   most == 0 && size == 0 ? NULL : &attributes), slot);
}
//// memory
static long make_memory(int slot, int object, int posix, off_t length)
{
    int flags = O_CREAT | O_EXCL | O_RDWR;
    const char *name = board->names[object];
    look_for_lowest();
    if (bound_end(posix ? calls.shm_open(name, flags, 0600) : calls.open(name, flags | O_CLOEXEC, 0600), slot) < 0)
        return -1;
    return calls.ftruncate(fd[slot], length);
}
//// open
static long opened(int slot, int number)
{
    if (number < 0) return -1;
    fd[slot] = number;
    return 0;
}
//// addresses
struct path { struct sockaddr_un told; char more[8]; socklen_t bytes; };
static struct path path_of(const char *name) /* "@..." is an abstract name, "" none at all: unix(7) */
{
    struct path path = {.told = {.sun_family = AF_UNIX}};
    size_t length = strlen(name);
    memcpy((char *)&path + offsetof(struct sockaddr_un, sun_path), name, length);
    path.bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (length != 0 && name[0] != '@'));
    if (name[0] == '@') path.told.sun_path[0] = 0;
    return path;
}
//// bind
static long bind_it(int slot, const char *name)
{
    struct path path = path_of(name);
    return calls.bind(fd[slot], (struct sockaddr *)&path, path.bytes);
}
//// connect
static long connect_it(int slot, const char *name)
{
    struct path path = path_of(name);
    return calls.connect(fd[slot], (struct sockaddr *)&path, path.bytes);
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
    fflush(stdout);
    pid_t pid = calls.fork();
    if (pid != 0) {
        if (pid > 0) board->actors[child].pid = board->actors[child].tid = pid;
        if (pid < 0) put(&board->actors[child].state, UNBORN);
        return pid > 0 ? 0 : -1;
    }
    self = child;
    me()->pid = me()->tid = getpid();
    if (LEAK) me()->at_start = nameless();
    actors[self].play();
    leave(0);
    return 0;
}
//// exec
/* The process runs this program anew, and goes on with parts[part]; what it knows of itself is on the board. */
static long exec_again(int part)
{
    char actor[12], next[12], number[12];
    snprintf(actor, sizeof actor, "%d", self), snprintf(next, sizeof next, "%d", part);
    snprintf(number, sizeof number, "%d", board->number);
    for (int slot = 0; slot < SLOTS; ++slot) me()->slots[slot] = fd[slot];
    me()->places = 0;
    for (int object = 0; object < OBJECTS; ++object)
        if (place[2 * object] == &board->semaphores[object]) me()->places |= 1 << object;
    return calls.execv("/proc/self/exe", (char *[]){"show", actor, next, number, NULL});
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
    if (calls.fstat(number, &about) < 0) return -1;
    mine()->value = about.st_size;
    return S_ISFIFO(about.st_mode);
}
//// map
static long map_page(int number)
{
    void *page = calls.mmap(NULL, 4096, PROT_READ, MAP_SHARED, number, 0);
    if (page == MAP_FAILED) return -1;
    munmap(page, 4096);
    return 0;
}
//// poll
/* Of each descriptor what poll said of it, 12 bits each. A slot without one asks for a number that nothing has. */
static long poll_them(struct pollfd *asked, int count, long long timeout_ns)
{
    struct timespec limit = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    for (int i = 0; i < count; ++i)
        if (asked[i].fd < 0) asked[i].fd = 0x7fffffff;
    long ready = calls.ppoll(asked, (nfds_t)count, timeout_ns < 0 ? NULL : &limit, NULL);
    if (ready < 0) return -1;
    for (int i = 0; i < count; ++i) mine()->value = mine()->value * 4096 + asked[i].revents;
    return ready;
}
//// epoll
/* The same question by an epoll instance that is made for it; it knows no POLLNVAL. */
static long epoll_them(struct pollfd *asked, int count, long long timeout_ns)
{
    struct epoll_event got[4];
    int instance = calls.epoll_create1(EPOLL_CLOEXEC);
    if (instance < 0) return -1;
    for (int i = 0; i < count; ++i) {
        struct epoll_event wanted = {.events = (unsigned short)asked[i].events, .data.u32 = (unsigned)i};
        calls.epoll_ctl(instance, EPOLL_CTL_ADD, asked[i].fd, &wanted);
    }
    long ready = calls.epoll_wait(instance, got, 4, timeout_ns < 0 ? -1 : (int)((timeout_ns + 999999) / 1000000));
    int error = errno;
    close(instance);
    errno = error;
    if (ready < 0) return -1;
    for (long i = 0; i < ready; ++i) asked[got[i].data.u32].revents = (short)got[i].events;
    for (int i = 0; i < count; ++i) mine()->value = mine()->value * 4096 + asked[i].revents;
    return ready;
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
MAYBE static struct rlimit former;
static long limit_descriptors(long more)
{
    struct rlimit now;
    int number = 0;
    for (;; ++number)
        if (fcntl(number, F_GETFD) < 0 && more-- == 0) break;
    if (getrlimit(RLIMIT_NOFILE, &now) < 0) return -1;
    former = now;
    now.rlim_cur = (rlim_t)number;
    return setrlimit(RLIMIT_NOFILE, &now);
}
MAYBE static void lift_limit(void)
{
    int error = errno;
    setrlimit(RLIMIT_NOFILE, &former);
    errno = error;
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
    return calls.sendmsg(mailboxes[to][1], &message, flags | MSG_NOSIGNAL) < 0 ? -1 : 0;
}
MAYBE static long receive(int count, const int *slots, int flags)
{
    union { struct cmsghdr align; char bytes[CMSG_SPACE(3 * sizeof(int))]; } control;
    char note;
    struct iovec part = {&note, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = CMSG_LEN((size_t)count * sizeof(int))};
    if (calls.recvmsg(mailboxes[self][0], &message, flags) < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header))
        for (int i = 0; i < count && CMSG_LEN((size_t)(i + 1) * sizeof(int)) <= header->cmsg_len; ++i) {
            memcpy(&fd[slots[i]], (char *)CMSG_DATA(header) + (size_t)i * sizeof(int), sizeof(int));
            mine()->value = i + 1;
        }
    return 0;
}
