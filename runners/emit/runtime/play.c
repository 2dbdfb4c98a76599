//// play
/* ---- the play ---- */

/* Is the actor asleep in the kernel (S), stopped (T), gone (Z, or no such process), or on its way? proc(5). */
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

static void do_to(int actor, int what, int turns)
{
    struct actor *process = &board->actors[actors[actor].process];
    pid_t pid = board->actors[actor].pid;
    if (pid <= 0) return;
    if (what == KILL) {
        process->death.began_at = stamp();
        put(&process->death.begun, 1);
    }
    if (what == STOP) process->turns = turns, put(&process->stopped, 1);
    kill(pid, what == KILL ? SIGKILL : what == STOP ? SIGSTOP : SIGUSR1);
}
static int go_on(int actor)
{
    struct actor *process = &board->actors[actor];
    if (!look(&process->stopped)) return 0;
    put(&process->stopped, 0);
    kill(process->pid, SIGCONT);
    return 1;
}
/* One turn more has gone by for those who are stopped. */
static void count_turn(void)
{
    for (int i = 0; i < ACTORS; ++i) {
        struct actor *actor = &board->actors[i];
        if (look(&actor->stopped) && actor->turns > 0 && --actor->turns == 0) actor->turns = -1;
    }
}
static int go_on_if_due(void)
{
    for (int i = 0; i < ACTORS; ++i)
        if (board->actors[i].turns < 0 && go_on(i)) return 1;
    return 0;
}
static int go_on_any(void)
{
    for (int i = 0; i < ACTORS; ++i)
        if (go_on(i)) return 1;
    return 0;
}

/* Strikes of a race at those who are seen asleep in their call. */
static int strike(int i, char seen)
{
    struct actor *actor = &board->actors[i];
    int did = 0;
    for (int s = 0; s < STRIKES; ++s) {
        if (strikes[s].actor != i || actor->struck >> s & 1 || seen != 'S') continue;
        if (actor->step != strikes[s].step || look(&actor->state) != IN_CALL) continue;
        if (actor->answers[actor->step].whole != strikes[s].occurrence) continue;
        actor->struck |= 1 << s;
        do_to(i, strikes[s].what, strikes[s].turns);
        did = 1;
    }
    return did;
}

/* It is gone. Where nobody says when that began, it lived when it last said something. */
static void bury(struct actor *actor)
{
    for (int s = 0; s < STEPS && !actor->death.begun; ++s) {
        const struct answer *last_word = &actor->answers[s];
        if (last_word->began_at > actor->death.began_at) actor->death.began_at = last_word->began_at;
        if (last_word->ended_at > actor->death.began_at) actor->death.began_at = last_word->ended_at;
    }
    actor->death.begun = 1;
    actor->death.ended_at = stamp();
    put(&actor->death.ended, 1);
}

static int moves(int i)
{
    struct actor *actor = &board->actors[i];
    int state = look(&actor->state), stopped = look(&board->actors[actors[i].process].stopped);
    if (actor->pid == 0 || state == UNBORN) return state != UNBORN;
    char seen = state_of(actor);
    if (seen == 'Z') {
        if (actors[i].process == i && !actor->death.ended) bury(actor);
        return 0;
    }
    if (stopped) return seen != 'T';
    if (RACE && strike(i, seen)) return 1;
    return state == MOVING || state == LEAVES || (state != RESTS && seen != 'S');
}

/* Until everybody waits at a gate, rests, is stopped, is gone, or sleeps in a call; looked at three times in a row.
   0: somebody did not stop moving. */
static int settle(void)
{
    enum { LOOK_NS = 200000, LOOKS = 50000 };
    for (int calm = 0, looks = 0; calm < 3; ++looks) {
        int moving = 0;
        for (int i = 0; i < ACTORS; ++i) moving |= moves(i);
        if (look(&board->gave_up) || looks == LOOKS) return 0;
        calm = moving ? 0 : calm + 1;
        if (RACE) count_turn();
        if (RACE && (go_on_if_due() || (calm == 3 && go_on_any()))) calm = 0;
        nanosleep(&(struct timespec){0, LOOK_NS}, NULL); /* orders nothing: it looks again */
    }
    return 1;
}

static void keep_what_it_holds(int actor)
{
    for (int slot = 0; slot < 2 * OBJECTS; ++slot) {
        if (actors[actor].holds >> slot & 1) continue;
        place[slot] = NULL;
        if (fd[slot] >= 0) close(fd[slot]), fd[slot] = -1;
    }
}

static void start_actors(void)
{
    int there = 0;
    for (int i = 0; i < ACTORS; ++i) board->actors[i].state = actors[i].pooled ? MOVING : UNBORN;
    for (int i = 0; i < ACTORS; ++i) {
        if (!actors[i].pooled) continue;
        pid_t pid = fork();
        if (pid < 0) give_up("fork");
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            self = i;
            me()->pid = me()->tid = getpid();
            keep_what_it_holds(i);
            handle_as_a_rule();
            if (LEAK) me()->at_start = nameless();
            if (RACE) {
                __atomic_add_fetch(&board->arrived, 1, __ATOMIC_SEQ_CST);
                while (!look(&board->go)) sched_yield();
            }
            actors[i].play();
            rest();
        }
        board->actors[i].pid = board->actors[i].tid = pid;
        ++there;
    }
    for (int slot = 0; slot < 2 * OBJECTS; ++slot)
        if (fd[slot] >= 0) close(fd[slot]), fd[slot] = -1;
    while (RACE && look(&board->arrived) < there) sched_yield();
    put(&board->go, 1);
}

static void end_all(void)
{
    for (int i = 0; i < ACTORS; ++i)
        if (board->actors[i].pid > 0 && state_of(&board->actors[i]) != 'Z') kill(board->actors[i].pid, SIGKILL);
    while (wait(NULL) > 0) {}
    clear_the_scene();
}

static void show(const struct row *row)
{
    const struct answer *now = answer_of(row);
    printf("actor %d  %s = ", row->actor, row->text);
    if (!now->ended) printf("%s", now->begun ? "still asleep" : "was not called");
    else if (row->step < 0) printf("gone");
    else if (now->error != 0 && now->result > 0) printf("%ld, then %s", now->result, error_name(now->error));
    else if (now->error != 0) printf("%s", error_name(now->error));
    else printf("%ld", now->result);
    if (now->ended && now->value != 0) printf(" (%#lx)", (unsigned long)now->value);
    printf("\n");
}

static unsigned long long digest_of(int first, int count, unsigned long long *length)
{
    unsigned long long digest = 0;
    *length = 0;
    for (int p = first; p < first + count; ++p)
        for (unsigned i = 0; i < pieces[p].length; ++i, ++*length)
            digest = digested(digest, pieces[p].actor == LITERAL
                                          ? literal[pieces[p].offset + i]
                                          : byte_of(pieces[p].actor, pieces[p].step, pieces[p].offset + i));
    return digest;
}
/* Did these bytes come? */
static int came(const struct answer *now, int first, int count)
{
    unsigned long long length, digest = digest_of(first, count, &length);
    return first == UNKNOWN || (now->bytes == length && now->digest == digest);
}

MAYBE static int heard_by(int actor, int number)
{
    int heard = 0;
    for (int s = 0; s < STEPS; ++s) heard += board->actors[actor].answers[s].signals[number];
    return heard;
}
static int handled(const struct answer *now)
{
    for (int number = 1; number < 65; ++number)
        if (now->signals[number]) return 1;
    return 0;
}

/* Did this call come back with what it came back with in the finding? */
static int same(const struct row *row)
{
    const struct answer *now = answer_of(row);
    if (row->ended == 0) return now->begun && !now->ended;
    if (row->step < 0) return now->ended;
    return now->ended && now->result == row->result && now->error == row->error && now->value == row->value &&
           came(now, row->first, row->pieces);
}
