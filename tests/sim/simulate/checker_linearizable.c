#include "tests/sim/simulate/checker_linearizable.h"

#include "core/base/check.h"

#include <inttypes.h>
#include <stdlib.h>

/*
 * Goes through invocations and answers in their order, with every state that the row may be in:
 *
 *     state := the value . which of the open operations have been done . how many floating deletes
 *
 * At an answer each state in which that operation is not done yet is taken on, by doing other open
 * operations before it, to where it is; a state that cannot be is dropped, and when none is left
 * there is no order. (Lowe, "Testing for linearizability", 2017: just-in-time linearization.)
 *
 * As each put writes a value of its own, much need not be tried:
 *   - a read, once it can be done, is done at once, as it changes nothing;
 *   - a blind put that nobody saw is done just before the next blind write, if it is open then;
 *   - a put of unknown outcome that nobody saw is left out; one that was seen was done before the
 *     first answer that saw it, and is open until then;
 *   - deletes of unknown outcome are all alike: only how many have been done counts. They float.
 */

enum { OPEN_MAX = 64, STATES_MAX = 1 << 20, TABLE_SIZE_FIRST = 64 };

struct state {
    uint64_t value; /* the id of the put, or NO_WRITER */
    uint64_t done;  /* bits of open operations */
    uint64_t floating_count;
};

/* A set of states, of those equal but for floating deletes the one with the fewest. */
struct states {
    struct state *states;
    size_t count;
    size_t capacity;
    uint32_t *table; /* positions + 1, by hash */
    size_t table_size;
};

/* One operation as the checker sees it. */
struct step {
    const struct operation *operation;
    uint64_t end;
    bool is_seen;
    unsigned bit;
};

struct event {
    uint64_t place;
    size_t step;
    bool is_end;
};

struct checker {
    const struct history_row *row;
    struct step *steps;
    size_t step_count;
    struct event *events;
    size_t event_count;
    uint64_t *floating; /* places of invocations */
    size_t floating_count;
    const struct step *open[OPEN_MAX]; /* by bit */
    struct states now;
    struct states next;
    struct states seen;
};

/* --- Sets of states -------------------------------------------------------------------------- */

static void states_deinit(struct states *states)
{
    memory_free(states->states);
    memory_free(states->table);
    *states = (struct states){0};
}

static void states_clear(struct states *states)
{
    states->count = 0;
    if (states->table != NULL)
        memset(states->table, 0, states->table_size * sizeof *states->table);
}

static size_t states_slot(const struct states *states, const struct state *state)
{
    uint64_t hash = (state->value * 0x9e3779b97f4a7c15u) ^ (state->done * 0xbf58476d1ce4e5b9u);
    hash ^= hash >> 32;
    size_t slot = hash & (states->table_size - 1);
    while (states->table[slot] != 0) {
        const struct state *other = &states->states[states->table[slot] - 1];
        if (other->value == state->value && other->done == state->done)
            break;
        slot = (slot + 1) & (states->table_size - 1);
    }
    return slot;
}

static void states_grow(struct states *states)
{
    states->capacity = states->capacity == 0 ? TABLE_SIZE_FIRST / 2 : states->capacity * 2;
    states->states = memory_resize(states->states, states->capacity * sizeof *states->states);
    memory_free(states->table);
    states->table_size = states->capacity * 2;
    states->table = memory_alloc_zeroed(states->table_size * sizeof *states->table);
    for (size_t i = 0; i < states->count; i++)
        states->table[states_slot(states, &states->states[i])] = (uint32_t)i + 1;
}

/* False when it, or a better one, is there already. A better one takes its place anew. */
static bool states_add(struct states *states, const struct state *state)
{
    if (states->count == states->capacity)
        states_grow(states);
    size_t slot = states_slot(states, state);
    if (states->table[slot] != 0 &&
        states->states[states->table[slot] - 1].floating_count <= state->floating_count)
        return false;
    states->states[states->count++] = *state;
    states->table[slot] = (uint32_t)states->count;
    return true;
}

/* --- What operations do ---------------------------------------------------------------------- */

static bool is_read(const struct step *step)
{
    return step->operation->kind == OPERATION_GET;
}

static uint64_t value_after(const struct step *step)
{
    return step->operation->kind == OPERATION_PUT ? step->operation->id : NO_WRITER;
}

static bool may_hide(const struct step *step)
{
    return step->operation->kind == OPERATION_PUT && !step->operation->has_seen && !step->is_seen;
}

static bool is_done(const struct state *state, unsigned bit)
{
    return (state->done >> bit & 1) != 0;
}

static void reads_do(const struct checker *checker, struct state *state)
{
    for (unsigned bit = 0; bit < OPEN_MAX; bit++) {
        const struct step *step = checker->open[bit];
        if (step != NULL && is_read(step) && step->operation->seen == state->value)
            state->done |= (uint64_t)1 << bit;
    }
}

static void write_do(const struct checker *checker, struct state *state, const struct step *write)
{
    for (unsigned bit = 0; bit < OPEN_MAX; bit++) {
        const struct step *step = checker->open[bit];
        if (step != NULL && !write->operation->has_seen && may_hide(step))
            state->done |= (uint64_t)1 << bit;
    }
    state->done |= (uint64_t)1 << write->bit;
    state->value = value_after(write);
    reads_do(checker, state);
}

/* A floating delete helps only an operation that saw no row. */
static bool wants_missing(const struct checker *checker, const struct state *state)
{
    for (unsigned bit = 0; bit < OPEN_MAX; bit++) {
        const struct step *step = checker->open[bit];
        if (step == NULL || is_done(state, bit))
            continue;
        const struct operation *operation = step->operation;
        if (operation->has_seen && operation->seen == NO_WRITER)
            return true;
        if (operation->has_expectation && operation->expected == NO_WRITER)
            return true;
    }
    return false;
}

static size_t floating_until(const struct checker *checker, uint64_t place)
{
    size_t count = 0;
    while (count < checker->floating_count && checker->floating[count] < place)
        count++;
    return count;
}

/* --- Going through --------------------------------------------------------------------------- */

/* Adds every state that follows `state` by one write. */
static void state_expand(struct checker *checker, const struct state *state, size_t floating_count)
{
    for (unsigned bit = 0; bit < OPEN_MAX; bit++) {
        const struct step *step = checker->open[bit];
        if (step == NULL || is_read(step) || is_done(state, bit))
            continue;
        if (step->operation->has_seen && step->operation->seen != state->value)
            continue;
        /* Also one of which it is not known whether it was done. */
        if (step->operation->has_expectation && step->operation->expected != state->value)
            continue;
        struct state after = *state;
        write_do(checker, &after, step);
        states_add(&checker->seen, &after);
    }
    if (state->value != NO_WRITER && state->floating_count < floating_count &&
        wants_missing(checker, state)) {
        struct state after = *state;
        after.value = NO_WRITER;
        after.floating_count++;
        reads_do(checker, &after);
        states_add(&checker->seen, &after);
    }
}

/* False when too many states are possible to try them all. */
static bool step_end(struct checker *checker, const struct step *step)
{
    size_t floating_count = floating_until(checker, step->end);
    states_clear(&checker->seen);
    states_clear(&checker->next);
    for (size_t i = 0; i < checker->now.count; i++)
        states_add(&checker->seen, &checker->now.states[i]);
    for (size_t i = 0; i < checker->seen.count; i++) {
        struct state state = checker->seen.states[i];
        if (checker->seen.count > STATES_MAX)
            return false;
        if (!is_done(&state, step->bit)) {
            state_expand(checker, &state, floating_count);
            continue;
        }
        state.done &= ~((uint64_t)1 << step->bit);
        states_add(&checker->next, &state);
    }
    struct states next = checker->next;
    checker->next = checker->now;
    checker->now = next;
    checker->open[step->bit] = NULL;
    return true;
}

static bool step_begin(struct checker *checker, struct step *step)
{
    unsigned bit = 0;
    while (bit < OPEN_MAX && checker->open[bit] != NULL)
        bit++;
    if (bit == OPEN_MAX)
        return false;
    step->bit = bit;
    checker->open[bit] = step;
    if (!is_read(step))
        return true;
    for (size_t i = 0; i < checker->now.count; i++)
        if (checker->now.states[i].value == step->operation->seen)
            checker->now.states[i].done |= (uint64_t)1 << bit;
    /* Their bits have changed, and so their hashes. */
    states_clear(&checker->next);
    for (size_t i = 0; i < checker->now.count; i++)
        states_add(&checker->next, &checker->now.states[i]);
    struct states next = checker->next;
    checker->next = checker->now;
    checker->now = next;
    return true;
}

static void finding_add(const struct checker *checker, const struct step *step,
                        struct findings *findings)
{
    const struct operation *operation = step->operation;
    static const char *const kinds[] = {"get", "put", "delete"};
    findings_add(findings,
                 "row %" PRIu32 " of table %" PRIu64 " is not linearizable: the %s that is "
                 "operation %" PRIu64 " fits nowhere, which saw %s %" PRIu64,
                 checker->row->key, checker->row->table_uid, kinds[operation->kind], operation->id,
                 operation->has_seen ? "operation" : "nothing, or", operation->seen);
}

static void events_go_through(struct checker *checker, struct findings *findings)
{
    struct state first = {.value = NO_WRITER};
    states_add(&checker->now, &first);
    for (size_t i = 0; i < checker->event_count; i++) {
        const struct event *event = &checker->events[i];
        struct step *step = &checker->steps[event->step];
        bool can_go_on = event->is_end ? step_end(checker, step) : step_begin(checker, step);
        if (!can_go_on) {
            findings_add(findings, "row %" PRIu32 " of table %" PRIu64 " is too busy to be checked",
                         checker->row->key, checker->row->table_uid);
            return;
        }
        if (checker->now.count == 0) {
            finding_add(checker, step, findings);
            return;
        }
    }
}

/* --- Getting ready --------------------------------------------------------------------------- */

static int by_place(const void *left_event, const void *right_event)
{
    const struct event *left = left_event, *right = right_event;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    /* A put that is open until it was first seen ends together with what saw it. */
    return (left->step > right->step) - (left->step < right->step);
}

/* The first answer that saw what the put wrote; 0 when none did. */
static uint64_t first_seen(const struct history_row *row, const struct operation *put)
{
    uint64_t place = 0;
    for (size_t i = 0; i < row->count; i++) {
        const struct operation *seer = row->operations[i];
        bool has_seen_it = seer->has_seen && seer->seen == put->id;
        if (has_seen_it && (place == 0 || seer->answered < place))
            place = seer->answered;
    }
    return place;
}

static void step_add(struct checker *checker, const struct operation *operation)
{
    uint64_t seen = operation->kind == OPERATION_PUT ? first_seen(checker->row, operation) : 0;
    uint64_t end = operation->answered;
    if (operation->outcome == OPERATION_NOT_EXECUTED)
        return;
    if (operation->outcome == OPERATION_EXECUTED) {
        /* One that could not be made sense of was reported already. */
        if (operation->kind == OPERATION_GET && !operation->has_seen)
            return;
    } else if (operation->kind == OPERATION_DELETE) {
        checker->floating[checker->floating_count++] = operation->invoked;
        return;
    } else if (seen == 0) {
        return;
    } else {
        end = seen;
    }
    CHECK(end > operation->invoked);
    size_t step = checker->step_count++;
    checker->steps[step] = (struct step){.operation = operation, .end = end, .is_seen = seen != 0};
    checker->events[checker->event_count++] =
        (struct event){.place = operation->invoked, .step = step};
    checker->events[checker->event_count++] =
        (struct event){.place = end, .step = step, .is_end = true};
}

void checker_linearizable_row(const struct history_row *row, struct findings *findings)
{
    struct checker checker = {.row = row};
    checker.steps = memory_alloc((row->count + 1) * sizeof *checker.steps);
    checker.events = memory_alloc((2 * row->count + 1) * sizeof *checker.events);
    checker.floating = memory_alloc((row->count + 1) * sizeof *checker.floating);
    for (size_t i = 0; i < row->count; i++)
        step_add(&checker, row->operations[i]);
    qsort(checker.events, checker.event_count, sizeof *checker.events, by_place);
    events_go_through(&checker, findings);
    states_deinit(&checker.now);
    states_deinit(&checker.next);
    states_deinit(&checker.seen);
    memory_free(checker.steps);
    memory_free(checker.events);
    memory_free(checker.floating);
}

void checker_linearizable(struct history *history, struct findings *findings)
{
    const struct history_row *row;
    for (size_t i = 0; (row = history_row_at(history, i)) != NULL; i++)
        checker_linearizable_row(row, findings);
}
