#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/catalog/table_tags.h"

#include <stdio.h>
#include <string.h>

static struct table_tag tag_of(const char *key, const char *value)
{
    return (struct table_tag){slice_of_text(key), slice_of_text(value)};
}

/* "a=1 b=2" */
static void assert_tags(struct slice tags, const char *wanted)
{
    SCOPED(buffer) text = {0};
    struct table_tag tag;
    while (table_tags_next(&tags, &tag))
        buffer_append_format(&text, "%s%.*s=%.*s", text.size > 0 ? " " : "", (int)tag.key.size,
                             (const char *)tag.key.bytes, (int)tag.value.size,
                             (const char *)tag.value.bytes);
    buffer_append_u8(&text, 0);
    assert_string_equal((const char *)text.bytes, wanted);
}

static void test_tags_come_in_the_order_of_their_keys(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    table_tags_put(&tags, tag_of("b", "2"));
    table_tags_put(&tags, tag_of("c", ""));
    table_tags_put(&tags, tag_of("a", "1"));

    assert_tags(buffer_slice(&tags), "a=1 b=2 c=");
    assert_int_equal(table_tags_count(buffer_slice(&tags)), 3);
    assert_true(table_tags_are_valid(buffer_slice(&tags)));
}

static void test_a_key_has_the_value_that_it_was_given_last(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    SCOPED(buffer) more = {0};
    SCOPED(buffer) merged = {0};
    table_tags_put(&tags, tag_of("a", "1"));
    table_tags_put(&tags, tag_of("b", "2"));
    table_tags_put(&more, tag_of("b", "3"));
    table_tags_put(&more, tag_of("c", "4"));

    table_tags_merge(buffer_slice(&tags), buffer_slice(&more), &merged);

    assert_tags(buffer_slice(&merged), "a=1 b=3 c=4");
}

static void test_keys_that_are_not_there_are_not_missed(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    SCOPED(buffer) keys = {0};
    SCOPED(buffer) left = {0};
    table_tags_put(&tags, tag_of("a", "1"));
    table_tags_put(&tags, tag_of("b", "2"));
    buffer_append_sized(&keys, slice_of_text("z"));
    buffer_append_sized(&keys, slice_of_text("a"));

    table_tags_without(buffer_slice(&tags), buffer_slice(&keys), &left);

    assert_tags(buffer_slice(&left), "b=2");
}

static void test_no_tags_are_valid(void **state)
{
    (void)state;
    assert_true(table_tags_are_valid((struct slice){0}));
    assert_true(table_tags_are_valid_keys((struct slice){0}));
}

static void test_tags_out_of_order_cut_or_without_a_key_are_not_valid(void **state)
{
    (void)state;
    assert_false(table_tags_are_valid(slice_of("\1b\1x\1a\1x", 8)));
    assert_false(table_tags_are_valid(slice_of("\1a\1x\1a\1x", 8)));
    assert_false(table_tags_are_valid(slice_of("\1a\1", 3)));
    assert_false(table_tags_are_valid(slice_of("\1a", 2)));
    assert_false(table_tags_are_valid(slice_of("\0\1x", 3)));
    assert_false(table_tags_are_valid_keys(slice_of("\2a", 2)));
}

static void test_there_are_at_most_fifty(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    for (int i = 0; i < TABLE_TAGS_MAX; i++) {
        char key[16];
        snprintf(key, sizeof key, "%03d", i);
        table_tags_put(&tags, tag_of(key, "v"));
    }
    assert_true(table_tags_are_valid(buffer_slice(&tags)));

    table_tags_put(&tags, tag_of("one more", "v"));

    assert_false(table_tags_are_valid(buffer_slice(&tags)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags_come_in_the_order_of_their_keys),
        cmocka_unit_test(test_a_key_has_the_value_that_it_was_given_last),
        cmocka_unit_test(test_keys_that_are_not_there_are_not_missed),
        cmocka_unit_test(test_no_tags_are_valid),
        cmocka_unit_test(test_tags_out_of_order_cut_or_without_a_key_are_not_valid),
        cmocka_unit_test(test_there_are_at_most_fifty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
