#include "core/base/check.h"
#include "core/catalog/placement_balance_private.h"

/* Above all that moves can add up to on one chain; still far from overflowing. */
#define COST_OF_IMBALANCE ((int64_t)1 << 55)
#define COST_UNREACHABLE  ((int64_t)1 << 60)

enum { BINS_MAX = 256 };

_Static_assert(BINS_MAX *BALANCE_COST_MAX < COST_OF_IMBALANCE, "balance comes first");

/* The cheapest move of a unit between two bins. */
struct edge {
    int64_t cost; /* BALANCE_FORBIDDEN: there is none */
    uint32_t row;
};

struct balance {
    struct balance_options options;
    uint8_t *held;  /* [bin][row] */
    uint16_t *rows; /* [bin][position]: those held, in no order */
    size_t loads[BINS_MAX];
    struct edge *edges; /* [from][to] */

    /* Of the search under way: the cheapest known chain that ends at each bin. */
    int64_t distances[BINS_MAX];
    size_t parents[BINS_MAX]; /* its bin before; the bin itself where the chain begins */
};

/* Bins in order, and the rows whose units move from one to the next. */
struct chain {
    size_t bins[BINS_MAX + 1];
    uint32_t rows[BINS_MAX];
    size_t move_count;
    bool is_cycle;
};

struct balance *balance_create(const struct balance_options *options, struct arena *arena)
{
    CHECK(options->bin_count > 0 && options->bin_count <= BINS_MAX);
    CHECK(options->row_count <= UINT16_MAX);
    struct balance *balance = arena_alloc_zeroed(arena, sizeof *balance);
    size_t bin_count = options->bin_count;
    balance->options = *options;
    balance->held = arena_alloc_zeroed(arena, bin_count * options->row_count);
    balance->rows = arena_alloc(arena, bin_count * options->row_count * sizeof *balance->rows);
    balance->edges = arena_alloc_zeroed(arena, bin_count * bin_count * sizeof(struct edge));
    return balance;
}

static uint8_t *held_at(const struct balance *balance, uint32_t row, size_t bin)
{
    return &balance->held[bin * balance->options.row_count + row];
}

static struct edge *edge_at(const struct balance *balance, size_t from, size_t to)
{
    return &balance->edges[from * balance->options.bin_count + to];
}

static uint16_t *rows_of(const struct balance *balance, size_t bin)
{
    return &balance->rows[bin * balance->options.row_count];
}

void balance_add(struct balance *balance, uint32_t row, size_t bin)
{
    CHECK(!balance_holds(balance, row, bin));
    *held_at(balance, row, bin) = 1;
    rows_of(balance, bin)[balance->loads[bin]++] = (uint16_t)row;
}

static void unit_remove(struct balance *balance, uint32_t row, size_t bin)
{
    uint16_t *rows = rows_of(balance, bin);
    size_t position = 0;
    while (rows[position] != row)
        position++;
    rows[position] = rows[--balance->loads[bin]];
    *held_at(balance, row, bin) = 0;
}

bool balance_holds(const struct balance *balance, uint32_t row, size_t bin)
{
    return *held_at(balance, row, bin) != 0;
}

size_t balance_load(const struct balance *balance, size_t bin)
{
    return balance->loads[bin];
}

/* --- Edges: kept true move by move ----------------------------------------------------------- */

static int64_t move_cost(const struct balance *balance, uint32_t row, size_t from, size_t to)
{
    if (balance_holds(balance, row, to))
        return BALANCE_FORBIDDEN;
    int64_t cost = balance->options.cost_fn(balance->options.context, row, from, to);
    CHECK(cost == BALANCE_FORBIDDEN || (cost < BALANCE_COST_MAX && cost > -BALANCE_COST_MAX));
    return cost;
}

static void edge_offer(struct edge *edge, int64_t cost, uint32_t row)
{
    if (cost < edge->cost)
        *edge = (struct edge){.cost = cost, .row = row};
}

static void edges_fill(struct balance *balance)
{
    size_t bin_count = balance->options.bin_count;
    for (size_t i = 0; i < bin_count * bin_count; i++)
        balance->edges[i].cost = BALANCE_FORBIDDEN;
    for (size_t from = 0; from < bin_count; from++)
        for (size_t i = 0; i < balance->loads[from]; i++) {
            uint32_t row = rows_of(balance, from)[i];
            for (size_t to = 0; to < bin_count; to++)
                edge_offer(edge_at(balance, from, to), move_cost(balance, row, from, to), row);
        }
}

/*
 * The cost of the edge's row has changed, those of no other: none is cheaper than the edge was, so
 * that the first as cheap ends the search.
 */
static void edge_search(struct balance *balance, size_t from, size_t to)
{
    struct edge *edge = edge_at(balance, from, to);
    const uint16_t *rows = rows_of(balance, from);
    size_t load = balance->loads[from];
    int64_t cost_before = edge->cost;
    edge->cost = BALANCE_FORBIDDEN;
    if (balance_holds(balance, edge->row, from))
        edge->cost = move_cost(balance, edge->row, from, to);
    /* Edges begin at different rows, so that not all of them choose the same. */
    size_t position = load > 0 ? to % load : 0;
    for (size_t i = 0; i < load && edge->cost > cost_before; i++) {
        edge_offer(edge, move_cost(balance, rows[position], from, to), rows[position]);
        position = position + 1 < load ? position + 1 : 0;
    }
}

static void edges_update(struct balance *balance, uint32_t row, size_t from)
{
    size_t bin_count = balance->options.bin_count;
    if (!balance_holds(balance, row, from)) {
        for (size_t to = 0; to < bin_count; to++)
            if (edge_at(balance, from, to)->row == row)
                edge_search(balance, from, to);
        return;
    }
    for (size_t to = 0; to < bin_count; to++) {
        struct edge *edge = edge_at(balance, from, to);
        if (edge->row == row && edge->cost != BALANCE_FORBIDDEN)
            edge_search(balance, from, to);
        else
            edge_offer(edge, move_cost(balance, row, from, to), row);
    }
}

/* Returns what it cost. */
static int64_t move(struct balance *balance, uint32_t row, size_t from, size_t to)
{
    int64_t cost = move_cost(balance, row, from, to);
    CHECK(cost != BALANCE_FORBIDDEN);
    unit_remove(balance, row, from);
    balance_add(balance, row, to);
    balance->options.moved_fn(balance->options.context, row, from, to);
    for (size_t bin = 0; bin < balance->options.bin_count; bin++)
        if (bin == from || balance_holds(balance, row, bin))
            edges_update(balance, row, bin);
    return cost;
}

/* --- Chains ---------------------------------------------------------------------------------- */

/* What it costs, beside the moves, that a bin gives a unit away. */
static int64_t cost_of_giving(const struct balance *balance, size_t bin)
{
    size_t load = balance->loads[bin];
    if (load > balance->options.load_max)
        return -COST_OF_IMBALANCE;
    return load > balance->options.load_min ? 0 : COST_UNREACHABLE;
}

static int64_t cost_of_taking(const struct balance *balance, size_t bin)
{
    size_t load = balance->loads[bin];
    if (load < balance->options.load_min)
        return -COST_OF_IMBALANCE;
    return load < balance->options.load_max ? 0 : COST_UNREACHABLE;
}

static int64_t ends_cost(const struct balance *balance, const struct chain *chain)
{
    if (chain->is_cycle)
        return 0;
    return cost_of_giving(balance, chain->bins[0]) +
           cost_of_taking(balance, chain->bins[chain->move_count]);
}

static int64_t chain_cost(const struct balance *balance, const struct chain *chain)
{
    int64_t cost = ends_cost(balance, chain);
    for (size_t i = 0; i < chain->move_count; i++) {
        const struct edge *edge = edge_at(balance, chain->bins[i], chain->bins[i + 1]);
        if (edge->cost == BALANCE_FORBIDDEN)
            return COST_UNREACHABLE;
        cost += edge->cost;
    }
    return cost;
}

static bool search_step(struct balance *balance)
{
    size_t bin_count = balance->options.bin_count;
    bool is_changed = false;
    for (size_t from = 0; from < bin_count; from++) {
        int64_t distance = balance->distances[from];
        const struct edge *edges = edge_at(balance, from, 0);
        for (size_t to = 0; to < bin_count; to++) {
            if (edges[to].cost == BALANCE_FORBIDDEN ||
                distance + edges[to].cost >= balance->distances[to])
                continue;
            balance->distances[to] = distance + edges[to].cost;
            balance->parents[to] = from;
            is_changed = true;
        }
    }
    return is_changed;
}

/* A bin on a cycle of parents, or the count of bins when there is none. */
static size_t cycle_find(const struct balance *balance)
{
    size_t bin_count = balance->options.bin_count;
    size_t seen_from[BINS_MAX];
    for (size_t bin = 0; bin < bin_count; bin++)
        seen_from[bin] = SIZE_MAX;
    for (size_t start = 0; start < bin_count; start++) {
        size_t bin = start;
        while (seen_from[bin] == SIZE_MAX) {
            seen_from[bin] = start;
            bin = balance->parents[bin];
        }
        if (seen_from[bin] == start && balance->parents[bin] != bin)
            return bin;
    }
    return bin_count;
}

/* Follows the parents back from `last` to `first`, or once around when they are the same. */
static void chain_trace(const struct balance *balance, size_t last, bool is_cycle,
                        struct chain *chain)
{
    size_t backwards[BINS_MAX + 1];
    size_t count = 0;
    size_t bin = last;
    do {
        backwards[count++] = bin;
        bin = balance->parents[bin];
    } while (bin != backwards[count - 1] && bin != last);
    if (is_cycle)
        backwards[count++] = last;
    chain->is_cycle = is_cycle;
    chain->move_count = count - 1;
    for (size_t i = 0; i < count; i++)
        chain->bins[i] = backwards[count - 1 - i];
}

/* The cheapest chain from a bin that may give to one that may take, if it costs less than nothing.
 */
static bool chain_pick(const struct balance *balance, struct chain *chain)
{
    int64_t cost = 0;
    size_t last = balance->options.bin_count;
    for (size_t bin = 0; bin < balance->options.bin_count; bin++) {
        int64_t bin_cost = balance->distances[bin] + cost_of_taking(balance, bin);
        if (balance->parents[bin] == bin || bin_cost >= cost)
            continue;
        cost = bin_cost;
        last = bin;
    }
    if (last == balance->options.bin_count)
        return false;
    chain_trace(balance, last, false, chain);
    return true;
}

/* Bellman and Ford's search from all bins at once; a cycle that gains goes before every chain. */
static bool chain_find(struct balance *balance, struct chain *chain)
{
    for (size_t bin = 0; bin < balance->options.bin_count; bin++) {
        balance->distances[bin] = cost_of_giving(balance, bin);
        balance->parents[bin] = bin;
    }
    while (search_step(balance)) {
        size_t bin = cycle_find(balance);
        if (bin == balance->options.bin_count)
            continue;
        chain_trace(balance, bin, true, chain);
        return true;
    }
    return chain_pick(balance, chain);
}

static void chain_undo(struct balance *balance, const struct chain *chain)
{
    for (size_t i = chain->move_count; i > 0; i--)
        (void)move(balance, chain->rows[i - 1], chain->bins[i], chain->bins[i - 1]);
}

/* False, and nothing is changed, when moves that hang together made it no gain after all. */
static bool chain_apply(struct balance *balance, struct chain *chain)
{
    int64_t cost = ends_cost(balance, chain);
    for (size_t i = 0; i < chain->move_count; i++)
        chain->rows[i] = edge_at(balance, chain->bins[i], chain->bins[i + 1])->row;
    for (size_t i = 0; i < chain->move_count; i++)
        cost += move(balance, chain->rows[i], chain->bins[i], chain->bins[i + 1]);
    if (cost < 0)
        return true;
    chain_undo(balance, chain);
    return false;
}

/* The cheapest single move from a bin that may give to one that may take, if it gains. */
static bool chain_find_direct(const struct balance *balance, struct chain *chain)
{
    size_t bin_count = balance->options.bin_count;
    struct chain direct = {.move_count = 1};
    int64_t cost = 0;
    for (size_t i = 0; i < bin_count * bin_count; i++) {
        direct.bins[0] = i / bin_count;
        direct.bins[1] = i % bin_count;
        int64_t direct_cost = chain_cost(balance, &direct);
        if (direct_cost >= cost)
            continue;
        cost = direct_cost;
        *chain = direct;
    }
    return cost < 0;
}

void balance_run(struct balance *balance)
{
    edges_fill(balance);
    struct chain chain;
    bool is_gain = true;
    while (is_gain && chain_find(balance, &chain)) {
        int64_t cost = chain_cost(balance, &chain);
        /* The next chain cannot be cheaper: as long as this one costs the same, it is the next. */
        do
            is_gain = chain_apply(balance, &chain);
        while (is_gain && chain_cost(balance, &chain) == cost);
    }
    /* The costs of single moves are exact: what the search left out of its bounds comes in here. */
    while (!is_gain && chain_find_direct(balance, &chain))
        CHECK(chain_apply(balance, &chain));
}
