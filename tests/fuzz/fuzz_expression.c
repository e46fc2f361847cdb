/*
 * Expressions from both sides. The first byte chooses:
 *
 * 0-4: the rest is the text of one of the five kinds. It is refused with a message that names the
 * parameter, or its tree goes through bytes and comes back the same.
 * else: the rest is bytes of a tree, of each kind in turn. They are refused, or the tree that they
 * are is encoded as the same bytes.
 */
#include "core/base/check.h"
#include "core/expression/key_condition.h"
#include "core/expression/parser.h"
#include "core/expression/tree_codec.h"
#include "core/model/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool decode_and_encode(enum tree_kind kind, struct slice bytes, struct arena *arena,
                              struct buffer *encoded)
{
    struct condition condition;
    struct update update;
    struct projection projection;
    switch (kind) {
    case TREE_CONDITION:
        if (tree_decode_condition(bytes, arena, &condition) != STATUS_OK)
            return false;
        tree_encode_condition(&condition, encoded);
        return true;
    case TREE_UPDATE:
        if (tree_decode_update(bytes, arena, &update) != STATUS_OK)
            return false;
        tree_encode_update(&update, encoded);
        return true;
    case TREE_PROJECTION:
        if (tree_decode_projection(bytes, arena, &projection) != STATUS_OK)
            return false;
        tree_encode_projection(&projection, encoded);
        return true;
    }
    return false;
}

static void check_bytes(struct slice bytes)
{
    for (int kind = TREE_CONDITION; kind <= TREE_PROJECTION; kind++) {
        OWNED(arena) arena = arena_create();
        SCOPED(buffer) encoded = {0};
        if (decode_and_encode((enum tree_kind)kind, bytes, arena, &encoded))
            CHECK(slice_is_equal(buffer_slice(&encoded), bytes));
    }
}

static struct expression_values every_value(struct item_builder *builder, struct arena *arena)
{
    struct slice item;
    struct number number = {.digits = 7};
    static const char *const names[] = {":n", ":s", ":l", ":t", ":u"};
    enum { COUNT = sizeof names / sizeof names[0] };
    for (unsigned i = 0; i < COUNT; i++) {
        item_builder_name(builder, slice_of_text(names[i]));
        if (i == 0)
            item_builder_number(builder, number);
        else if (i == 1)
            item_builder_string(builder, slice_of_text("S"));
        else if (i == 4)
            item_builder_null(builder);
        else
            item_builder_open(builder, i == 2 ? VALUE_LIST : VALUE_NUMBER_SET);
        if (i == 3)
            item_builder_number(builder, number);
        if (i == 2 || i == 3)
            item_builder_close(builder);
    }
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    struct expression_value *entries = arena_alloc(arena, COUNT * sizeof *entries);
    for (unsigned i = 0; i < COUNT; i++) {
        entries[i].placeholder = slice_of_text(names[i]);
        CHECK(item_find(item, entries[i].placeholder, &entries[i].value));
    }
    return (struct expression_values){.entries = entries, .count = COUNT, .is_present = true};
}

/* Into terms, or refused. */
static void check_key_terms(const struct condition *condition, struct arena *arena)
{
    struct key_terms terms;
    if (expression_fault_is_none(key_terms_read(arena, condition, &terms)))
        CHECK(terms.count == 1 || terms.count == 2);
}

static struct expression_fault parse_and_encode(struct expression_context *context,
                                                enum expression_kind kind, struct slice text,
                                                struct buffer *encoded)
{
    struct condition condition;
    struct update update;
    struct projection projection;
    switch (kind) {
    case EXPRESSION_CONDITION:
    case EXPRESSION_FILTER:
    case EXPRESSION_KEY_CONDITION:
        TRY_EXPRESSION(expression_parse_condition(context, kind, text, &condition));
        check_key_terms(&condition, expression_context_arena(context));
        tree_encode_condition(&condition, encoded);
        return expression_fault_none();
    case EXPRESSION_UPDATE:
        TRY_EXPRESSION(expression_parse_update(context, text, &update));
        tree_encode_update(&update, encoded);
        return expression_fault_none();
    case EXPRESSION_PROJECTION:
        TRY_EXPRESSION(expression_parse_projection(context, text, &projection));
        tree_encode_projection(&projection, encoded);
        return expression_fault_none();
    }
    return expression_fault_none();
}

static enum tree_kind tree_kind_of(enum expression_kind kind)
{
    if (kind == EXPRESSION_UPDATE)
        return TREE_UPDATE;
    return kind == EXPRESSION_PROJECTION ? TREE_PROJECTION : TREE_CONDITION;
}

static void check_text(enum expression_kind kind, struct slice text)
{
    static const struct expression_name name_entries[] = {
        {{(const uint8_t *)"#a", 2}, {(const uint8_t *)"a", 1}},
        {{(const uint8_t *)"#b", 2}, {(const uint8_t *)"b.c", 3}},
    };
    struct expression_names names = {.entries = name_entries, .count = 2, .is_present = true};
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) encoded = {0};
    SCOPED(buffer) again = {0};
    struct expression_context *context;
    CHECK(expression_fault_is_none(
        expression_context_create(arena, names, every_value(builder, arena), &context)));

    struct expression_fault fault = parse_and_encode(context, kind, text, &encoded);

    if (!expression_fault_is_none(fault)) {
        CHECK(slice_has_prefix(fault.message, slice_of_text("Invalid ")));
        return;
    }
    CHECK(decode_and_encode(tree_kind_of(kind), buffer_slice(&encoded), arena, &again));
    CHECK(slice_is_equal(buffer_slice(&again), buffer_slice(&encoded)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    struct slice rest = slice_of(bytes + 1, size - 1);
    if (bytes[0] <= EXPRESSION_PROJECTION)
        check_text((enum expression_kind)bytes[0], rest);
    else
        check_bytes(rest);
    return 0;
}
