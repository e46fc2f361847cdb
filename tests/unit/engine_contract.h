/*
 * What every engine promises, as tests that are given one: engine_leveldb and engine_memory are
 * held to the same.
 *
 * Include after cmocka.h.
 */
#pragma once

#include "tests/unit/engine_caller.h"
#include "tests/unit/seed.h"

static inline void fill(struct engine_caller *caller, const char *text)
{
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    for (; *text != 0; text++)
        engine_batch_put(&batch, slice_of(text, 1), slice_of(text, 1));
    assert_int_equal(caller_write(caller, &batch), STATUS_OK);
}

static inline void assert_rows(struct engine_caller *caller, const struct engine_range *range,
                               const char *rows, bool is_end)
{
    SCOPED(buffer) text = {0};
    assert_int_equal(caller_scan(caller, range), STATUS_OK);
    caller_rows_text(caller, &text);
    assert_string_equal(text.bytes, rows);
    assert_int_equal(caller->is_end, is_end);
}

static inline struct engine_range range_of(const char *first, const char *end)
{
    return (struct engine_range){.first = slice_of_text(first),
                                 .end = slice_of_text(end),
                                 .row_count_max = 100,
                                 .bytes_max = 1 << 20};
}

static inline void contract_values(struct engine_caller *caller)
{
    assert_int_equal(caller_get(caller, "key"), STATUS_NOT_FOUND);

    assert_int_equal(caller_put(caller, "key", "value"), STATUS_OK);
    assert_int_equal(caller_put(caller, "empty", ""), STATUS_OK);

    assert_int_equal(caller_get(caller, "key"), STATUS_OK);
    assert_true(slice_is_text(buffer_slice(&caller->bytes), "value"));
    assert_int_equal(caller_get(caller, "empty"), STATUS_OK);
    assert_int_equal(caller->bytes.size, 0);

    assert_int_equal(caller_delete(caller, "key"), STATUS_OK);
    assert_int_equal(caller_get(caller, "key"), STATUS_NOT_FOUND);
}

static inline void contract_batch_order(struct engine_caller *caller)
{
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_put(&batch, slice_of_text("a"), slice_of_text("1"));
    engine_batch_delete(&batch, slice_of_text("a"));
    engine_batch_delete(&batch, slice_of_text("b"));
    engine_batch_put(&batch, slice_of_text("b"), slice_of_text("1"));
    engine_batch_put(&batch, slice_of_text("b"), slice_of_text("2"));

    assert_int_equal(caller_write(caller, &batch), STATUS_OK);

    assert_int_equal(batch.operation_count, 0);
    assert_int_equal(batch.operations.size, 0);
    assert_int_equal(caller_get(caller, "a"), STATUS_NOT_FOUND);
    assert_int_equal(caller_get(caller, "b"), STATUS_OK);
    assert_true(slice_is_text(buffer_slice(&caller->bytes), "2"));
}

static inline void contract_scan_ranges(struct engine_caller *caller)
{
    fill(caller, "bdfh");
    struct engine_range range = range_of("b", "f");
    assert_rows(caller, &range, "b=b d=d", true);
    range.is_backward = true;
    assert_rows(caller, &range, "d=d b=b", true);

    range = range_of("c", "g");
    assert_rows(caller, &range, "d=d f=f", true);
    range.is_backward = true;
    assert_rows(caller, &range, "f=f d=d", true);

    range = range_of("e", "");
    assert_rows(caller, &range, "f=f h=h", true);
    range.is_backward = true;
    assert_rows(caller, &range, "h=h f=f", true);

    range = range_of("", "");
    range.is_backward = true;
    assert_rows(caller, &range, "h=h f=f d=d b=b", true);
    range.end = slice_of_text("z");
    assert_rows(caller, &range, "h=h f=f d=d b=b", true);
}

static inline void contract_scan_of_nothing(struct engine_caller *caller)
{
    struct engine_range range = range_of("", "");
    assert_rows(caller, &range, "", true);
    range.is_backward = true;
    assert_rows(caller, &range, "", true);

    fill(caller, "bd");
    range = range_of("c", "c");
    assert_rows(caller, &range, "", true);
    range = range_of("d", "b");
    assert_rows(caller, &range, "", true);
    range = range_of("", "b");
    assert_rows(caller, &range, "", true);
    range.is_backward = true;
    assert_rows(caller, &range, "", true);
    range = range_of("e", "");
    range.is_backward = true;
    assert_rows(caller, &range, "", true);
}

static inline void contract_scan_bounds(struct engine_caller *caller)
{
    fill(caller, "abcde");
    struct engine_range range = range_of("", "e");
    range.row_count_max = 3;
    assert_rows(caller, &range, "a=a b=b c=c", false);
    range.row_count_max = 4;
    assert_rows(caller, &range, "a=a b=b c=c d=d", true);
    range.is_backward = true;
    range.row_count_max = 1;
    assert_rows(caller, &range, "d=d", false);

    range = range_of("", "");
    range.bytes_max = 5; /* a row here is 4 */
    assert_rows(caller, &range, "a=a b=b", false);
    range.bytes_max = 0;
    assert_rows(caller, &range, "a=a", false);
}

static inline void contract_stats(struct engine_caller *caller)
{
    struct engine_stats stats;
    fill(caller, "ab");
    assert_int_equal(caller_get(caller, "a"), STATUS_OK);

    engine_stats(caller->engine, &stats);

    assert_int_equal(stats.write_count, 1);
    assert_int_equal(stats.written_bytes, 10);
    assert_int_equal(stats.get_count, 1);
}

/* Keys "0000" to "0255"; a value is the number of the batch that wrote it, 0 when deleted. */
enum { CONTRACT_KEY_COUNT = 256 };

static inline void write_at_random(struct engine_caller *caller, struct random *random,
                                   uint64_t number, uint64_t model[CONTRACT_KEY_COUNT])
{
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    for (uint64_t i = random_below(random, 8); i > 0; i--) {
        char key[8];
        char value[24];
        uint64_t which = random_below(random, CONTRACT_KEY_COUNT);
        bool is_delete = random_one_in(random, 3);
        snprintf(key, sizeof key, "%04u", (unsigned)which);
        snprintf(value, sizeof value, "%llu", (unsigned long long)number);
        if (is_delete)
            engine_batch_delete(&batch, slice_of_text(key));
        else
            engine_batch_put(&batch, slice_of_text(key), slice_of_text(value));
        model[which] = is_delete ? 0 : number;
    }
    assert_int_equal(caller_write(caller, &batch), STATUS_OK);
}

static inline void assert_content(struct engine_caller *caller,
                                  const uint64_t model[CONTRACT_KEY_COUNT])
{
    SCOPED(buffer) expected = {0};
    SCOPED(buffer) found = {0};
    for (unsigned i = 0; i < CONTRACT_KEY_COUNT; i++) {
        if (model[i] != 0)
            buffer_append_format(&expected, "%s%04u=%llu", expected.size > 0 ? " " : "", i,
                                 (unsigned long long)model[i]);
    }
    buffer_append_u8(&expected, 0);

    struct engine_range range = range_of("", "");
    range.row_count_max = CONTRACT_KEY_COUNT + 1;
    assert_int_equal(caller_scan(caller, &range), STATUS_OK);
    caller_rows_text(caller, &found);
    assert_string_equal(found.bytes, expected.bytes);
}

static inline void contract_random(struct engine_caller *caller)
{
    struct random random = random_of_test();
    uint64_t model[CONTRACT_KEY_COUNT] = {0};
    for (uint64_t number = 1; number <= 300; number++) {
        write_at_random(caller, &random, number, model);
        if (random_one_in(&random, 20))
            assert_int_equal(caller_checkpoint(caller), STATUS_OK);
        if (random_one_in(&random, 20))
            assert_content(caller, model);
    }
    assert_content(caller, model);
}
