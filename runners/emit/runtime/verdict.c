//// main
static void tell_the_promise(void)
{
    if (QUESTION != NOTHING) printf("\n%s promises: %s\n%s\n", CLAUSE, PROMISE, SOURCE);
}
/* Beside what the call came back with: has what was missing come, or what came too much not? Then this says so. */
MAYBE static const char *kept_promise(const struct answer *now)
{
    int heard = MISSING == SIGPIPE ? now->signals[SIGPIPE] : -MISSING_AFTER;
    for (int actor = 0; actor < ACTORS && MISSING != SIGPIPE; ++actor) heard += heard_by(actor, MISSING);
    if (MISSING && heard > 0) return "the signal came";
    if (UNWANTED && now->signals[UNWANTED] == 0) return "the signal did not come";
    if (CODED && board->actors[WHOSE].codes[CODED] != CODE) return "the signal says what it is for";
    if (NO_HANDLER && handled(now)) return "a handler ran";
    if (LEAST_NS && now->took_ns >= LEAST_NS) return "it took its time";
    return NULL;
}
/* How often that came which is no call. */
MAYBE static long came_beside(void)
{
    return QUESTION == LEAKS ? board->actors[WHOSE].leaked : heard_by(WHOSE, UNWANTED);
}

#if RACE
#ifndef ROUNDS
#define ROUNDS 100000
#endif
#ifndef SECONDS
#define SECONDS 30
#endif
/* All came back as in the finding, and whatever had returned there before another was called has done so here: then
   what explains this round would explain the finding. */
static int as_in_the_finding(void)
{
    if (QUESTION == CALL && kept_promise(answer_of(&rows[ROW])) != NULL) return 0;
    if ((QUESTION == SIGNALS || QUESTION == LEAKS) && came_beside() < TIMES) return 0;
    for (int i = 0; i < ROWS; ++i) {
        const struct answer *now = answer_of(&rows[i]);
        if (rows[i].compared && (!same(&rows[i]) || (rows[i].step >= 0 && rows[i].heard != handled(now)))) return 0;
        if (!now->begun || (rows[i].ended && !now->ended)) return 0;
        for (int j = 0; rows[i].ended && j < ROWS; ++j)
            if (rows[i].ended < rows[j].began && now->ended_at >= answer_of(&rows[j])->began_at) return 0;
    }
    return 1;
}

static int one_round(unsigned number)
{
    memset(board->actors, 0, sizeof board->actors);
    board->arrived = board->go = 0, board->clock = 0, board->seed = number;
    set_the_scene();
    start_actors();
    int seen = settle() != (QUESTION == SPINS) && as_in_the_finding();
    for (int i = 0; seen && i < ROWS; ++i) show(&rows[i]);
    end_all();
    return seen;
}

static int play(void)
{
    long long until = now_ns() + SECONDS * 1000000000ll;
    unsigned rounds = 0;
    int seen = 0;
    while (!seen && !board->gave_up && rounds < ROUNDS && now_ns() < until) seen = one_round(++rounds);
    if (board->gave_up) return 2;
    tell_the_promise();
    if (!seen) return printf("not seen in %u rounds\n", rounds), QUESTION == NOTHING ? 2 : 0;
    if (QUESTION == NOTHING) return printf("as recorded, in round %u\n", rounds), 0;
    return printf("VIOLATED: seen in round %u\n", rounds), 1;
}
#else
static int as_before(void)
{
    int all = 1;
    for (int i = 0; i < ROWS; ++i) {
        if (!rows[i].compared || i == ROW || same(&rows[i])) continue;
        printf("otherwise than in the finding: actor %d  %s\n", rows[i].actor, rows[i].text);
        all = 0;
    }
    return all;
}

static int of_the_call(const struct row *row)
{
    const struct answer *now = answer_of(row);
    printf("in question: actor %d  %s\n", row->actor, row->text);
    if (DUE[0] != 0) printf("  due       %s\n", DUE);
    printf("  seen then %s\n  seen now  ", SEEN), show(row);
    int before = as_before();
    if (!now->begun) return printf("cannot tell: the call was never made\n"), 2;
    if (row->ended == 0 && now->ended) return printf("as documented: it does not sleep on\n"), 0;
    if (row->ended == 0 && !before) return printf("not seen: the calls around it went otherwise\n"), 0;
    if (row->ended == 0) return printf("VIOLATED: it sleeps on\n"), 1;
    if (DUE_SLEEPS && !now->ended) return printf("as documented: it sleeps\n"), 0;
    int due = DUE_KNOWN && now->ended && now->result == DUE_RESULT && now->error == DUE_ERROR;
    int seen = same(row) && !(DUE_PIECES && row->first == UNKNOWN);
    if (due && before && DUE_PIECES && !came(now, DUE_FIRST, DUE_PIECES))
        return printf("VIOLATED: these are not the bytes due\n"), 1;
    if (due && !seen) return printf("as documented\n"), 0;
    if (seen && kept_promise(now) != NULL) return printf("as documented: %s\n", kept_promise(now)), 0;
    if (seen && !before) return printf("not seen: the calls around it went otherwise than in the finding\n"), 0;
    if (seen) return printf("VIOLATED: it answers as in the finding\n"), 1;
    if (!DUE_KNOWN) return printf("not seen: it answers otherwise than in the finding\n"), 0;
    return printf("cannot tell: neither what was due nor what was seen\n"), 2;
}

static int of_what_came(void)
{
    printf("in question: actor %d  %s\n  seen now  %ld times\n", WHOSE, SEEN, came_beside());
    if (!as_before()) return printf("not seen: the calls around it went otherwise than in the finding\n"), 0;
    return came_beside() < TIMES ? (printf("as documented\n"), 0) : (printf("VIOLATED: as in the finding\n"), 1);
}

static int verdict(int settled)
{
    if (look(&board->gave_up)) return 2;
    tell_the_promise();
    if (QUESTION == SPINS && settled) return printf("as documented: it does not burn time\n"), 0;
    if (QUESTION == SPINS) return printf("VIOLATED: it moves on and on, and never returns\n"), 1;
    if (!settled) return printf("cannot tell: somebody does not come to rest\n"), 2;
    if (QUESTION == SIGNALS || QUESTION == LEAKS) return of_what_came();
    if (QUESTION == CALL) return of_the_call(&rows[ROW]);
    return as_before() ? (printf("as recorded\n"), 0) : 2;
}

/* Moves the actors in the order of the finding, and prints what each call comes back with. */
static int play(void)
{
    static char told[ROWS + 1];
    set_the_scene();
    start_actors();
    int settled = settle();
    for (size_t i = 0; settled && i <= sizeof order / sizeof *order; ++i) {
        int at_end = i == sizeof order / sizeof *order, who = at_end ? 0 : order[i].actor;
        struct actor *actor = &board->actors[who];
        while (settled && (go_on_if_due() || (at_end && go_on_any()))) settled = settle();
        if (at_end) break;
        if (order[i].what == MOVE && go_on(actors[who].process)) settled = settle();
        if (order[i].what == MOVE) count_turn();
        if (order[i].what == MOVE && look(&actor->state) == AT_GATE) {
            put(&actor->state, MOVING); /* so that it is not taken for waiting before it has woken up */
            sem_post(&actor->gate);
        }
        if (order[i].what != MOVE) {
            static const char *const what[] = {"", "sent SIGUSR1", "killed", "stopped"};
            printf("actor %d  is %s\n", who, what[order[i].what]);
            do_to(who, order[i].what, order[i].turns);
        }
        settled = settled && settle();
        for (int s = 0; s < ROWS; ++s) {
            const struct answer *now = answer_of(&rows[s]);
            if (rows[s].step < 0 || !now->begun || told[s] == 2 || (told[s] == 1 && !now->ended)) continue;
            show(&rows[s]);
            told[s] = now->ended ? 2 : 1;
        }
    }
    int status = verdict(settled);
    end_all();
    return status;
}
#endif

#if EXECS
/* What execve begins: an actor goes on where it was. */
static void go_on_after_exec(char **words)
{
    self = atoi(words[1]);
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(words[3]), 0);
    if (board == MAP_FAILED) _exit(2);
    for (int slot = 0; slot < SLOTS; ++slot) fd[slot] = fcntl(me()->slots[slot], F_GETFD) < 0 ? -1 : me()->slots[slot];
    for (int object = 0; object < OBJECTS; ++object)
        if (me()->places >> object & 1) place[2 * object] = &board->semaphores[object];
    handle_as_a_rule();
    answer(0);
    parts[atoi(words[2])]();
    if (actors[self].pooled) rest();
    leave(0);
}
#endif

int main(int count, char **words)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    for (int i = 0; i < SLOTS; ++i) fd[i] = -1;
#ifdef CALLS
    lie();
#endif
#if EXECS
    if (count == 4) go_on_after_exec(words);
#endif
    (void)count, (void)words;
    int file = memfd_create("board", 0);
    if (file < 0 || ftruncate(file, sizeof *board) != 0) return 2;
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (board == MAP_FAILED) return 2;
    board->number = file, board->parent = getpid();
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that no number of a process is used again while it counts */
    for (int i = 0; i < ACTORS; ++i) sem_init(&board->actors[i].gate, 1, 0);
    return play();
}
