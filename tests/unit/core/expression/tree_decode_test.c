#include "core/expression/tree_codec.h"
#include "tests/unit/core/expression/expression_fixture.h"

static struct expression_context *sample_context(struct arena *arena)
{
    return context_of(arena, "#a=A",
                      ":n=1;:s='x';:b=b'y';:t='BOOL';:null=null;:l=[[], {k: 'v'}];:ss=<'a', 'b'>");
}

static enum status decode_and_print(struct arena *arena, enum expression_kind kind,
                                    struct slice bytes, struct buffer *printed)
{
    struct condition condition;
    struct update update;
    struct projection projection;
    if (kind == EXPRESSION_UPDATE) {
        TRY(tree_decode_update(bytes, arena, &update));
        print_update(printed, &update);
    } else if (kind == EXPRESSION_PROJECTION) {
        TRY(tree_decode_projection(bytes, arena, &projection));
        print_projection(printed, &projection);
    } else {
        TRY(tree_decode_condition(bytes, arena, &condition));
        print_condition(printed, &condition);
    }
    return STATUS_OK;
}

static void encode_text(struct expression_context *context, enum expression_kind kind,
                        const char *text, struct buffer *bytes)
{
    struct condition condition;
    struct update update;
    struct projection projection;
    struct slice slice = slice_of_text(text);
    struct expression_fault fault;
    if (kind == EXPRESSION_UPDATE) {
        fault = expression_parse_update(context, slice, &update);
        assert_true(expression_fault_is_none(fault));
        tree_encode_update(&update, bytes);
    } else if (kind == EXPRESSION_PROJECTION) {
        fault = expression_parse_projection(context, slice, &projection);
        assert_true(expression_fault_is_none(fault));
        tree_encode_projection(&projection, bytes);
    } else {
        fault = expression_parse_condition(context, kind, slice, &condition);
        assert_true(expression_fault_is_none(fault));
        tree_encode_condition(&condition, bytes);
    }
}

static const struct sample {
    enum expression_kind kind;
    const char *text;
} samples[] = {
    {EXPRESSION_CONDITION, "a = :n"},
    {EXPRESSION_FILTER, "NOT (#a.b[3] <> :s OR size(c) BETWEEN :n AND d) AND e IN (:n, :s, f)"},
    {EXPRESSION_CONDITION, "attribute_exists(a) AND attribute_not_exists(b.c)"},
    {EXPRESSION_CONDITION, "attribute_type(a, :t) OR begins_with(b, :b) OR contains(c, :l)"},
    {EXPRESSION_CONDITION, "a = :ss AND b = :null AND size(:s) >= c"},
    {EXPRESSION_UPDATE, "SET a = if_not_exists(a, :n) - :n, b.c[0] = list_append(:l, b.d)"},
    {EXPRESSION_UPDATE, "REMOVE a, b[4294967294] ADD c :n, d :ss DELETE e :ss SET f = (g + :n)"},
    {EXPRESSION_PROJECTION, "a, #a, b.c, b.d[1], b.d[2].e"},
};

enum { SAMPLE_COUNT = sizeof samples / sizeof samples[0] };

static void test_what_was_encoded_is_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        OWNED(arena) arena = arena_create();
        SCOPED(buffer) bytes = {0};
        SCOPED(buffer) printed = {0};
        struct expression_context *context = sample_context(arena);
        encode_text(context, samples[i].kind, samples[i].text, &bytes);

        assert_int_equal(decode_and_print(arena, samples[i].kind, buffer_slice(&bytes), &printed),
                         STATUS_OK);

        assert_string_equal(arena_copy_text(arena, buffer_slice(&printed)),
                            outcome(arena, context, samples[i].kind, samples[i].text));
    }
}

static void test_bytes_that_are_cut_or_go_on_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        OWNED(arena) arena = arena_create();
        SCOPED(buffer) bytes = {0};
        SCOPED(buffer) printed = {0};
        encode_text(sample_context(arena), samples[i].kind, samples[i].text, &bytes);
        for (size_t size = 0; size < bytes.size; size++)
            assert_int_equal(
                decode_and_print(arena, samples[i].kind, slice_of(bytes.bytes, size), &printed),
                STATUS_CORRUPT);
        buffer_append_u8(&bytes, 0);
        assert_int_equal(decode_and_print(arena, samples[i].kind, buffer_slice(&bytes), &printed),
                         STATUS_CORRUPT);
    }
}

/* Of whatever bytes come of it; the sanitizers watch. */
static void test_a_byte_that_is_another_is_refused_or_makes_another_tree(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        OWNED(arena) arena = arena_create();
        SCOPED(buffer) bytes = {0};
        encode_text(sample_context(arena), samples[i].kind, samples[i].text, &bytes);
        for (size_t at = 0; at < bytes.size * 255; at++) {
            SCOPED(buffer) printed = {0};
            bytes.bytes[at / 255] = (uint8_t)(bytes.bytes[at / 255] + 1);
            enum status status =
                decode_and_print(arena, samples[i].kind, buffer_slice(&bytes), &printed);
            assert_true(status == STATUS_OK || status == STATUS_CORRUPT ||
                        (status == STATUS_UNSUPPORTED && at / 255 == 0));
            if (at % 255 == 254)
                bytes.bytes[at / 255] = (uint8_t)(bytes.bytes[at / 255] + 1);
        }
    }
}

#define BYTES(...) slice_of((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static enum status condition_status(struct slice bytes)
{
    OWNED(arena) arena = arena_create();
    struct condition condition;
    return tree_decode_condition(bytes, arena, &condition);
}

static enum status update_status(struct slice bytes)
{
    OWNED(arena) arena = arena_create();
    struct update update;
    return tree_decode_update(bytes, arena, &update);
}

static enum status projection_status(struct slice bytes)
{
    OWNED(arena) arena = arena_create();
    struct projection projection;
    return tree_decode_projection(bytes, arena, &projection);
}

/* attribute_exists(a), with what the header says of it. */
static enum status header_status(uint8_t version, uint8_t kind)
{
    return condition_status(BYTES(version, kind, 12, 1, 1, 1, 1, 'a'));
}

static void test_a_later_version_is_told_apart_from_damage(void **state)
{
    (void)state;
    assert_int_equal(header_status(1, 1), STATUS_OK);
    assert_int_equal(header_status(2, 1), STATUS_UNSUPPORTED);
    assert_int_equal(header_status(0, 1), STATUS_CORRUPT);
    assert_int_equal(header_status(1, 2), STATUS_CORRUPT);
    assert_int_equal(header_status(1, 3), STATUS_CORRUPT);
}

static void test_kinds_that_there_are_not_are_refused(void **state)
{
    (void)state;
    assert_int_equal(condition_status(BYTES(1, 1, 0, 1, 1, 1, 1, 'a')), STATUS_CORRUPT);
    assert_int_equal(condition_status(BYTES(1, 1, 17, 1, 1, 1, 1, 'a')), STATUS_CORRUPT);
    assert_int_equal(condition_status(BYTES(1, 1, 12, 1, 8, 1, 1, 'a')), STATUS_CORRUPT);
    assert_int_equal(update_status(BYTES(1, 2, 1, 2, 1, 1, 'a')), STATUS_OK);
    assert_int_equal(update_status(BYTES(1, 2, 1, 6, 1, 1, 'a')), STATUS_CORRUPT);
    assert_int_equal(projection_status(BYTES(1, 3, 1, 2, 1, 'a', 2, 0)), STATUS_CORRUPT);
}

static void test_operands_of_the_other_kind_of_tree_are_refused(void **state)
{
    (void)state;
    /* SET a = size(b); a + b = c, once with a plain a for comparison. */
    assert_int_equal(update_status(BYTES(1, 2, 1, 1, 1, 1, 'a', 3, 1, 1, 1, 'b')), STATUS_CORRUPT);
    assert_int_equal(condition_status(BYTES(1, 1, 4, 2, 1, 1, 1, 'a', 1, 1, 1, 'c')), STATUS_OK);
    assert_int_equal(
        condition_status(BYTES(1, 1, 4, 2, 4, 1, 1, 1, 'a', 1, 1, 1, 'b', 1, 1, 1, 'c')),
        STATUS_CORRUPT);
}

static void test_a_count_that_the_bytes_cannot_hold_takes_no_memory(void **state)
{
    (void)state;
    assert_int_equal(condition_status(BYTES(1, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f)),
                     STATUS_CORRUPT);
    assert_int_equal(update_status(BYTES(1, 2, 0xff, 0xff, 0xff, 0xff, 0x0f)), STATUS_CORRUPT);
    assert_int_equal(projection_status(BYTES(1, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)),
                     STATUS_CORRUPT);
    assert_int_equal(projection_status(BYTES(1, 3, 0)), STATUS_CORRUPT);
    assert_int_equal(projection_status(BYTES(1, 3, 1, 0)), STATUS_CORRUPT);
}

/* A projection of that many attributes. */
static enum status path_count_status(uint32_t count)
{
    SCOPED(buffer) bytes = {0};
    buffer_append(&bytes, BYTES(1, 3));
    buffer_append_varint(&bytes, count);
    for (uint32_t i = 0; i < count; i++) {
        buffer_append(&bytes, BYTES(1, 6));
        buffer_append_format(&bytes, "%06x", i);
    }
    return projection_status(buffer_slice(&bytes));
}

static void test_nodes_have_a_bound(void **state)
{
    (void)state;
    /* A path and its step are a node each. */
    assert_int_equal(path_count_status(TREE_NODES_MAX / 2), STATUS_OK);
    assert_int_equal(path_count_status(TREE_NODES_MAX / 2 + 1), STATUS_CORRUPT);
}

static void test_paths_that_cannot_be_served_together_are_refused(void **state)
{
    (void)state;
    assert_int_equal(projection_status(BYTES(1, 3, 2, 1, 1, 'a', 1, 1, 'b')), STATUS_OK);
    assert_int_equal(projection_status(BYTES(1, 3, 2, 1, 1, 'a', 1, 1, 'a')), STATUS_CORRUPT);
    assert_int_equal(projection_status(BYTES(1, 3, 2, 2, 1, 'a', 1, 0, 2, 1, 'a', 0, 1, 'b')),
                     STATUS_CORRUPT);
    assert_int_equal(update_status(BYTES(1, 2, 2, 2, 1, 1, 'a', 2, 1, 1, 'a')), STATUS_CORRUPT);
}

static void test_names_and_indexes_have_bounds(void **state)
{
    (void)state;
    assert_int_equal(projection_status(BYTES(1, 3, 1, 1, 1, 0xff)), STATUS_CORRUPT);
    assert_int_equal(projection_status(BYTES(1, 3, 1, 2, 1, 'a', 1, 0xfe, 0xff, 0xff, 0xff, 0x0f)),
                     STATUS_OK);
    assert_int_equal(projection_status(BYTES(1, 3, 1, 2, 1, 'a', 1, 0xff, 0xff, 0xff, 0xff, 0x0f)),
                     STATUS_CORRUPT);
}

/* NOT, that many times, of attribute_exists(a). */
static enum status depth_status(unsigned count)
{
    SCOPED(buffer) bytes = {0};
    buffer_append(&bytes, BYTES(1, 1));
    for (unsigned i = 0; i < count; i++)
        buffer_append(&bytes, BYTES(3, 1));
    buffer_append(&bytes, BYTES(12, 1, 1, 1, 1, 'a'));
    return condition_status(buffer_slice(&bytes));
}

static void test_depth_has_a_bound(void **state)
{
    (void)state;
    assert_int_equal(depth_status(CONDITION_DEPTH_MAX - 1), STATUS_OK);
    assert_int_equal(depth_status(CONDITION_DEPTH_MAX), STATUS_CORRUPT);
}

/* SET a = b + c + c + c ..., with that many sums within each other. */
static enum status operand_depth_status(unsigned count)
{
    SCOPED(buffer) bytes = {0};
    buffer_append(&bytes, BYTES(1, 2, 1, 1, 1, 1, 'a'));
    for (unsigned i = 0; i < count; i++)
        buffer_append_u8(&bytes, OPERAND_PLUS);
    buffer_append(&bytes, BYTES(1, 1, 1, 'b'));
    for (unsigned i = 0; i < count; i++)
        buffer_append(&bytes, BYTES(1, 1, 1, 'c'));
    return update_status(buffer_slice(&bytes));
}

static void test_depth_of_operands_has_a_bound(void **state)
{
    (void)state;
    assert_int_equal(operand_depth_status(OPERAND_DEPTH_MAX - 1), STATUS_OK);
    assert_int_equal(operand_depth_status(OPERAND_DEPTH_MAX), STATUS_CORRUPT);
}

static void test_values_are_checked_as_items_are(void **state)
{
    (void)state;
    /* a = :v */
    assert_int_equal(condition_status(BYTES(1, 1, 4, 2, 1, 1, 1, 'a', 2, 3, 1, 1, 'x')), STATUS_OK);
    assert_int_equal(condition_status(BYTES(1, 1, 4, 2, 1, 1, 1, 'a', 2, 3, 1, 1, 0xff)),
                     STATUS_CORRUPT);
    assert_int_equal(condition_status(BYTES(1, 1, 4, 2, 1, 1, 1, 'a', 2, 3, 1, 0, 'x')),
                     STATUS_CORRUPT);
    assert_int_equal(condition_status(BYTES(1, 1, 4, 2, 1, 1, 1, 'a', 2, 1, 0)), STATUS_CORRUPT);
    assert_int_equal(condition_status(BYTES(1, 1, 4, 2, 1, 1, 1, 'a', 2, 0)), STATUS_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_encoded_is_decoded),
        cmocka_unit_test(test_bytes_that_are_cut_or_go_on_are_refused),
        cmocka_unit_test(test_a_byte_that_is_another_is_refused_or_makes_another_tree),
        cmocka_unit_test(test_a_later_version_is_told_apart_from_damage),
        cmocka_unit_test(test_kinds_that_there_are_not_are_refused),
        cmocka_unit_test(test_operands_of_the_other_kind_of_tree_are_refused),
        cmocka_unit_test(test_a_count_that_the_bytes_cannot_hold_takes_no_memory),
        cmocka_unit_test(test_nodes_have_a_bound),
        cmocka_unit_test(test_paths_that_cannot_be_served_together_are_refused),
        cmocka_unit_test(test_names_and_indexes_have_bounds),
        cmocka_unit_test(test_depth_has_a_bound),
        cmocka_unit_test(test_depth_of_operands_has_a_bound),
        cmocka_unit_test(test_values_are_checked_as_items_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
