/*
 * What expressions cost on an item of about 350 bytes: microseconds for a condition on its key, for
 * one counter set, and for two of its attributes taken. Best of several rounds, since whatever else
 * runs only makes it slower.
 */
#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/expression/condition.h"
#include "core/expression/projection.h"
#include "core/expression/update.h"
#include "core/model/item.h"
#include "tests/unit/core/expression/endless_work.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROUND_COUNT = 15, OPERATION_COUNT = 100000 };

/* What the measured operations share. */
struct bench {
    struct arena *arena; /* of the trees and the item */
    struct arena *work;
    struct item_builder *builder;
    struct slice item;
    struct condition condition;
    struct update update;
    struct path_group paths;
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void put_string(struct item_builder *builder, const char *name, const char *text)
{
    item_builder_name(builder, slice_of_text(name));
    item_builder_string(builder, slice_of_text(text));
}

static void put_number(struct item_builder *builder, const char *name, const char *text)
{
    struct number number;
    CHECK(number_parse(slice_of_text(text), &number) == NUMBER_FAULT_NONE);
    item_builder_name(builder, slice_of_text(name));
    item_builder_number(builder, number);
}

static struct slice make_item(struct arena *arena)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    put_string(builder, "pk", "user#0000000042");
    put_string(builder, "sk", "profile#2024-11-21");
    put_string(builder, "name", "Ada Lovelace");
    put_string(builder, "email", "ada@example.org");
    put_number(builder, "age", "36");
    put_number(builder, "visits", "1234");
    item_builder_name(builder, slice_of_text("active"));
    item_builder_bool(builder, true);
    item_builder_name(builder, slice_of_text("address"));
    item_builder_open(builder, VALUE_MAP);
    put_string(builder, "city", "London");
    put_string(builder, "zip", "SW1Y");
    item_builder_close(builder);
    put_string(builder, "note",
               "The Analytical Engine weaves algebraic patterns just as the Jacquard loom weaves "
               "flowers and leaves; it has no pretensions to originate anything.");
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return arena_copy(arena, item);
}

/* attribute_not_exists(pk) */
static struct condition make_condition(struct arena *arena)
{
    struct operand operand = operand_of_attribute(arena, slice_of_text("pk"));
    return condition_of_operands(arena, CONDITION_ATTRIBUTE_NOT_EXISTS, &operand, 1);
}

/* SET visits = visits + :increment */
static struct update make_update(struct arena *arena, struct slice item)
{
    struct value increment;
    CHECK(item_find(item, slice_of_text("age"), &increment));
    struct operand arguments[] = {
        operand_of_attribute(arena, slice_of_text("visits")),
        operand_of_value(increment),
    };
    struct update_action *action = arena_alloc(arena, sizeof *action);
    *action = (struct update_action){
        .kind = UPDATE_SET,
        .path = path_of_attribute(arena, slice_of_text("visits")),
        .operand = operand_of_function(arena, OPERAND_PLUS, arguments),
    };
    return (struct update){.actions = action, .count = 1};
}

static struct path_group make_projection(struct arena *arena)
{
    struct path paths[] = {
        path_of_attribute(arena, slice_of_text("name")),
        path_of_attribute(arena, slice_of_text("email")),
    };
    struct projection projection = {.paths = paths, .count = 2};
    return projection_prepare(&projection, arena);
}

static void run_condition(struct bench *bench)
{
    CHECK(!condition_holds(&bench->condition, bench->item, endless_work()));
}

static void run_update(struct bench *bench)
{
    struct slice after;
    arena_reset(bench->work);
    CHECK(update_apply(&bench->update, endless_reader(bench->item), bench->work, bench->builder,
                       &after) == UPDATE_FAULT_NONE);
}

static void run_projection(struct bench *bench)
{
    CHECK(projection_apply(bench->paths, bench->item, bench->builder).size > 0);
}

static void measure(const char *label, struct bench *bench, void (*run_fn)(struct bench *bench))
{
    double best_us = 1e9;
    for (int i = 0; i < ROUND_COUNT; i++) {
        double start = now_us();
        for (int j = 0; j < OPERATION_COUNT; j++)
            run_fn(bench);
        double us = (now_us() - start) / OPERATION_COUNT;
        best_us = us < best_us ? us : best_us;
    }
    printf("%s: %.3f us\n", label, best_us);
}

int main(void)
{
    OWNED(arena) arena = arena_create();
    OWNED(arena) work = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct bench bench = {.arena = arena, .work = work, .builder = builder};
    bench.item = make_item(arena);
    bench.condition = make_condition(arena);
    bench.update = make_update(arena, bench.item);
    bench.paths = make_projection(arena);
    printf("an item of %zu bytes\n", bench.item.size);
    measure("attribute_not_exists(pk)", &bench, run_condition);
    measure("SET visits = visits + :increment", &bench, run_update);
    measure("name, email", &bench, run_projection);
    return 0;
}
