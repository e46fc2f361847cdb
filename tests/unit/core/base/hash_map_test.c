#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/hash_map.h"
#include "tests/unit/seed.h"

static void *put(struct hash_map *map, const char *key, void *value)
{
    return hash_map_put(map, slice_of_text(key), value);
}

static void *get(struct hash_map *map, const char *key)
{
    return hash_map_get(map, slice_of_text(key));
}

static void test_values_are_found_replaced_and_removed(void **state)
{
    (void)state;
    int one, two;
    OWNED(hash_map) map = hash_map_create(1);
    assert_null(get(map, "a"));
    assert_null(put(map, "a", &one));
    assert_ptr_equal(put(map, "a", &two), &one);
    assert_ptr_equal(get(map, "a"), &two);
    assert_int_equal(hash_map_count(map), 1);
    assert_ptr_equal(hash_map_remove(map, slice_of_text("a")), &two);
    assert_null(hash_map_remove(map, slice_of_text("a")));
    assert_null(get(map, "a"));
    assert_int_equal(hash_map_count(map), 0);
}

static void test_keys_are_copied_and_told_apart_by_all_their_bytes(void **state)
{
    (void)state;
    int empty, zero, zeros, text;
    OWNED(hash_map) map = hash_map_create(1);
    char key[] = "a key that is longer than a word";
    put(map, key, &text);
    key[31] = 'x';
    assert_null(get(map, key));
    assert_ptr_equal(get(map, "a key that is longer than a word"), &text);

    hash_map_put(map, (struct slice){0}, &empty);
    hash_map_put(map, slice_of("\0", 1), &zero);
    hash_map_put(map, slice_of("\0\0", 2), &zeros);
    assert_ptr_equal(hash_map_get(map, slice_of("", 0)), &empty);
    assert_ptr_equal(hash_map_get(map, slice_of("\0", 1)), &zero);
    assert_ptr_equal(hash_map_get(map, slice_of("\0\0", 2)), &zeros);
}

static void test_a_walk_may_remove_each_entry_it_is_given(void **state)
{
    (void)state;
    int value;
    OWNED(hash_map) map = hash_map_create(1);
    for (uint32_t i = 0; i < 100; i++)
        hash_map_put(map, slice_of(&i, sizeof i), &value);

    size_t position = 0;
    struct slice key;
    uint32_t count = 0;
    while (hash_map_next(map, &position, &key) != NULL) {
        assert_memory_equal(key.bytes, &count, sizeof count);
        assert_ptr_equal(hash_map_remove(map, key), &value);
        count++;
    }
    assert_int_equal(count, 100);
    assert_int_equal(hash_map_count(map), 0);
}

static void test_the_order_does_not_depend_on_the_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        int values[50];
        OWNED(hash_map) map = hash_map_create(seed);
        for (int i = 0; i < 50; i++)
            hash_map_put(map, slice_of(&i, sizeof i), &values[i]);
        size_t position = 0;
        for (int i = 0; i < 50; i++)
            assert_ptr_equal(hash_map_next(map, &position, NULL), &values[i]);
        assert_null(hash_map_next(map, &position, NULL));
    }
}

static void test_destroying_no_map_does_nothing(void **state)
{
    (void)state;
    hash_map_destroy(NULL);
}

/* The same map, naively: entries in the order of their insertion, searched one by one. */
enum { MODEL_COUNT_MAX = 300 };

struct model {
    struct {
        uint32_t key;
        void *value;
    } entries[MODEL_COUNT_MAX];
    size_t count;
};

static size_t model_find(const struct model *model, uint32_t key)
{
    size_t at = 0;
    while (at < model->count && model->entries[at].key != key)
        at++;
    return at;
}

static void *model_put(struct model *model, uint32_t key, void *value)
{
    size_t at = model_find(model, key);
    if (at == model->count) {
        model->entries[model->count].key = key;
        model->entries[model->count++].value = value;
        return NULL;
    }
    void *replaced = model->entries[at].value;
    model->entries[at].value = value;
    return replaced;
}

static void *model_remove(struct model *model, uint32_t key)
{
    size_t at = model_find(model, key);
    if (at == model->count)
        return NULL;
    void *removed = model->entries[at].value;
    memmove(&model->entries[at], &model->entries[at + 1],
            (--model->count - at) * sizeof *model->entries);
    return removed;
}

static void assert_same_walk(const struct hash_map *map, const struct model *model)
{
    size_t position = 0;
    struct slice key;
    for (size_t i = 0; i < model->count; i++) {
        assert_ptr_equal(hash_map_next(map, &position, &key), model->entries[i].value);
        assert_true(slice_is_equal(key, slice_of(&model->entries[i].key, sizeof(uint32_t))));
    }
    assert_null(hash_map_next(map, &position, &key));
    assert_int_equal(hash_map_count(map), model->count);
}

static void test_a_long_life_goes_as_that_of_a_naive_map(void **state)
{
    (void)state;
    struct random random = random_of_test();
    OWNED(hash_map) map = hash_map_create(random_next(&random));
    struct model model = {0};
    static char values[1000];
    for (int i = 0; i < 100000; i++) {
        /* Times of growth and times of shrinking take turns. */
        bool is_growing = i / 5000 % 2 == 0;
        uint32_t key = (uint32_t)random_below(&random, MODEL_COUNT_MAX);
        struct slice key_slice = slice_of(&key, sizeof key);
        void *value = &values[random_below(&random, sizeof values)];
        if (random_one_in(&random, is_growing ? 4 : 2))
            assert_ptr_equal(hash_map_remove(map, key_slice), model_remove(&model, key));
        else if (is_growing || random_one_in(&random, 4))
            assert_ptr_equal(hash_map_put(map, key_slice, value), model_put(&model, key, value));
        size_t at = model_find(&model, key);
        assert_ptr_equal(hash_map_get(map, key_slice),
                         at == model.count ? NULL : model.entries[at].value);
        if (i % 500 == 0)
            assert_same_walk(map, &model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_found_replaced_and_removed),
        cmocka_unit_test(test_keys_are_copied_and_told_apart_by_all_their_bytes),
        cmocka_unit_test(test_a_walk_may_remove_each_entry_it_is_given),
        cmocka_unit_test(test_the_order_does_not_depend_on_the_seed),
        cmocka_unit_test(test_destroying_no_map_does_nothing),
        cmocka_unit_test(test_a_long_life_goes_as_that_of_a_naive_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
