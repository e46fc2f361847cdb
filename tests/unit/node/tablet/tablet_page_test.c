#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_order.h"
#include "core/expression/tree_codec.h"
#include "tests/unit/core/model/item_fixture.h"
#include "tests/unit/node/tablet/tablet_fixture.h"

#include <stdio.h>

/*
 * Keys are texts of four digits, and an item is {"v": its key and its version}.
 */
enum { KEYS_MAX = 4000, WHOLE = 1 << 20 };

struct page_reply {
    bool is_given;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    uint64_t evaluated_count;
    uint64_t matched_count;
    bool is_end;
    struct buffer items;
    struct buffer last_key;
};

static void page_reply_deinit(struct page_reply *reply)
{
    buffer_deinit(&reply->items);
    buffer_deinit(&reply->last_key);
}

static void page_take(void *context, const struct tablet_page *page)
{
    struct page_reply *reply = context;
    CHECK(!reply->is_given);
    reply->is_given = true;
    reply->outcome = page->outcome;
    reply->reason = page->reason;
    reply->evaluated_count = page->evaluated_count;
    reply->matched_count = page->matched_count;
    reply->is_end = page->is_end;
    buffer_clear(&reply->items);
    buffer_clear(&reply->last_key);
    buffer_append(&reply->items, page->items);
    buffer_append(&reply->last_key, page->last_key);
}

static void start_with_table(struct tablet_fixture *fixture, uint64_t seed,
                             const struct tablet_faults *faults)
{
    fixture_init(fixture, seed);
    fixture->faults = faults;
    fixture_start(fixture);
    configure(fixture, TABLET_TABLE_OPEN);
}

static void ask_version(struct tablet_fixture *fixture, unsigned key, unsigned version,
                        struct reply *reply)
{
    char text[16];
    char value[32];
    snprintf(text, sizeof text, "%04u", key);
    snprintf(value, sizeof value, "%04u.%u", key, version);
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "v", value);
    struct tablet_address address = address_of(text);
    struct write_request write = {.kind = WRITE_PUT, .item = finished(builder)};
    reply->is_given = false;
    tablet_write(fixture->tablet, &address, &write, reply_take, reply);
}

static void put_version(struct tablet_fixture *fixture, unsigned key, unsigned version)
{
    SCOPED(reply) reply = {0};
    ask_version(fixture, key, version, &reply);
    reply_wait(fixture, &reply);
    CHECK(reply.outcome == RPC_EXECUTED);
}

static void delete_key(struct tablet_fixture *fixture, const char *key)
{
    SCOPED(reply) reply = {0};
    ask_delete(fixture, key, &reply);
    reply_wait(fixture, &reply);
    CHECK(reply.outcome == RPC_EXECUTED);
}

/* The whole table, which has one token. */
static struct tablet_page_request whole_table(const struct tablet_fixture *fixture,
                                              const uint8_t first[static 8])
{
    return (struct tablet_page_request){
        .range = {.table_uid = TABLE, .first = slice_of(first, 8)},
        .bounds = {.count_max = KEYS_MAX, .size_max = WHOLE},
        .deadline_us = env_boot_us(fixture->env) + FIXTURE_WAIT_US,
    };
}

static const uint8_t *first_bytes(void)
{
    static uint8_t first[8];
    byte_order_put_u64(first, (uint64_t)TABLET << 62);
    return first;
}

static void ask_page(struct tablet_fixture *fixture, const struct tablet_page_request *request,
                     struct page_reply *reply)
{
    reply->is_given = false;
    tablet_read_page(fixture->tablet, request, page_take, reply);
}

static void page_wait(struct tablet_fixture *fixture, struct page_reply *reply)
{
    uint64_t end_us = world_now_us(fixture->world) + FIXTURE_WAIT_US;
    while (!reply->is_given && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, 50);
    CHECK(reply->is_given);
}

/* The values of a page's items, with a blank between them. */
static void values_text(const struct page_reply *reply, struct buffer *text)
{
    struct byte_reader reader = byte_reader_of(buffer_slice(&reply->items));
    buffer_clear(text);
    while (reader.rest.size > 0) {
        struct value value;
        assert_true(item_find(byte_reader_sized(&reader), slice_of_text("v"), &value));
        if (text->size > 0)
            buffer_append_u8(text, ' ');
        buffer_append(text, value_bytes(value));
    }
    assert_false(reader.has_failed);
    buffer_append_u8(text, 0);
}

static void assert_page(struct tablet_fixture *fixture, const struct tablet_page_request *request,
                        const char *values, bool is_end)
{
    SCOPED(page_reply) reply = {0};
    SCOPED(buffer) text = {0};
    ask_page(fixture, request, &reply);
    page_wait(fixture, &reply);
    assert_int_equal(reply.outcome, RPC_EXECUTED);
    values_text(&reply, &text);
    assert_string_equal(text.bytes, values);
    assert_int_equal(reply.is_end, is_end);
}

static void assert_refused(struct tablet_fixture *fixture,
                           const struct tablet_page_request *request, enum rpc_reason reason)
{
    SCOPED(page_reply) reply = {0};
    ask_page(fixture, request, &reply);
    page_wait(fixture, &reply);
    assert_int_equal(reply.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(reply.reason, reason);
}

/* Until the engine holds all that was written. */
static void settle(struct tablet_fixture *fixture)
{
    while (tablet_written_index(fixture->tablet) < tablet_applied_index(fixture->tablet))
        world_run_for(fixture->world, 100);
}

static void test_a_page_has_the_rows_of_its_range_in_either_order(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 1, NULL);
    for (unsigned key = 1; key <= 4; key++)
        put_version(&fixture, key, 1);
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    assert_page(&fixture, &request, "0001.1 0002.1 0003.1 0004.1", true);
    settle(&fixture);
    assert_page(&fixture, &request, "0001.1 0002.1 0003.1 0004.1", true);
    request.range.is_backward = true;
    assert_page(&fixture, &request, "0004.1 0003.1 0002.1 0001.1", true);
}

static void test_what_was_deleted_or_replaced_since_is_so_in_a_page(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 2, NULL);
    for (unsigned key = 1; key <= 3; key++)
        put_version(&fixture, key, 1);
    settle(&fixture);
    put_version(&fixture, 2, 2);
    delete_key(&fixture, "0003");
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    assert_page(&fixture, &request, "0001.1 0002.2", true);
    settle(&fixture);
    assert_page(&fixture, &request, "0001.1 0002.2", true);
}

static void test_a_page_ends_at_its_count_and_tells_its_last_key(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(page_reply) reply = {0};
    start_with_table(&fixture, 3, NULL);
    for (unsigned key = 1; key <= 2; key++)
        put_version(&fixture, key, 1);
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    request.bounds.count_max = 2;
    ask_page(&fixture, &request, &reply);
    page_wait(&fixture, &reply);
    assert_int_equal(reply.evaluated_count, 2);
    assert_false(reply.is_end);
    struct byte_reader reader = byte_reader_of(buffer_slice(&reply.last_key));
    assert_true(byte_reader_u64(&reader) == TABLET_TOKEN);
    assert_true(slice_is_text(reader.rest, "0002"));

    SCOPED(buffer) first = {0};
    buffer_append(&first, buffer_slice(&reply.last_key));
    buffer_append_u8(&first, 0);
    request.range.first = buffer_slice(&first);
    assert_page(&fixture, &request, "", true);
}

static void test_a_page_of_many_steps_has_each_row_once(void **state)
{
    (void)state;
    enum { COUNT = 2500 };
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 4, NULL);
    struct reply replies[COUNT] = {0};
    for (unsigned key = 0; key < COUNT; key++)
        ask_version(&fixture, key, 1, &replies[key]);
    for (unsigned key = 0; key < COUNT; key++) {
        reply_wait(&fixture, &replies[key]);
        reply_deinit(&replies[key]);
    }
    for (unsigned round = 0; round < 4; round++) {
        SCOPED(page_reply) reply = {0};
        struct tablet_page_request request = whole_table(&fixture, first_bytes());
        request.range.is_backward = round % 2 == 1;
        ask_page(&fixture, &request, &reply);
        page_wait(&fixture, &reply);
        assert_int_equal(reply.outcome, RPC_EXECUTED);
        assert_int_equal(reply.evaluated_count, COUNT);
        struct byte_reader reader = byte_reader_of(buffer_slice(&reply.items));
        for (unsigned i = 0; i < COUNT; i++) {
            char expected[16];
            struct value value;
            snprintf(expected, sizeof expected, "%04u.1", round % 2 == 1 ? COUNT - 1 - i : i);
            assert_true(item_find(byte_reader_sized(&reader), slice_of_text("v"), &value));
            assert_true(slice_is_text(value_bytes(value), expected));
        }
        settle(&fixture);
    }
}

static void test_a_page_with_a_proposed_row_waits_for_its_commit(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) write = {0};
    SCOPED(page_reply) page = {0};
    SCOPED(buffer) text = {0};
    unsigned waited_count = 0;
    start_with_table(&fixture, 5, NULL);
    put_version(&fixture, 1, 1);
    for (unsigned version = 2; version < 200; version++) {
        struct tablet_page_request request = whole_table(&fixture, first_bytes());
        write.is_given = false;
        ask_page(&fixture, &request, &page);
        world_run_for(fixture.world, version % 40);
        ask_version(&fixture, 1, version, &write);
        while (!page.is_given)
            assert_true(world_step(fixture.world));
        char newer[16];
        snprintf(newer, sizeof newer, "0001.%u", version);
        values_text(&page, &text);
        bool is_newer = slice_is_text(slice_of_text((const char *)text.bytes), newer);
        assert_true(!is_newer || write.is_given);
        waited_count += is_newer;
        reply_wait(&fixture, &write);
    }
    assert_true(waited_count > 0);
}

static void test_a_table_that_is_not_open_has_no_pages(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 6, NULL);
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    request.range.table_uid = TABLE + 1;
    assert_refused(&fixture, &request, RPC_REASON_NO_TABLE);
    request.range.table_uid = TABLE;
    configure(&fixture, TABLET_TABLE_CLOSED);
    assert_refused(&fixture, &request, RPC_REASON_NO_TABLE);
}

/* Its rows are collected then, whatever has been asked of the engine. */
static void close_during_a_page(uint64_t seed)
{
    SCOPED(tablet_fixture) fixture;
    SCOPED(page_reply) page = {0};
    SCOPED(buffer) text = {0};
    SCOPED(reply) closing = {0};
    start_with_table(&fixture, seed, NULL);
    for (unsigned key = 0; key < 3; key++)
        put_version(&fixture, key, 1);
    settle(&fixture);
    ask_configure(&fixture, TABLET_TABLE_CLOSED, &closing);
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    world_run_for(fixture.world, seed % 97);
    ask_page(&fixture, &request, &page);
    page_wait(&fixture, &page);
    if (page.outcome == RPC_EXECUTED) {
        values_text(&page, &text);
        assert_string_equal(text.bytes, "0000.1 0001.1 0002.1");
    } else {
        assert_int_equal(page.reason, RPC_REASON_NO_TABLE);
    }
    reply_wait(&fixture, &closing);
}

static void test_a_page_has_all_rows_or_none_of_a_table_that_is_being_closed(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 400; seed++)
        close_during_a_page(seed);
}

static void test_a_page_is_refused_once_its_time_is_up(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 7, NULL);
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    request.deadline_us = env_boot_us(fixture.env);
    assert_refused(&fixture, &request, RPC_REASON_TIME);
}

static void test_a_range_beside_the_tablet_is_refused(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 8, NULL);
    uint8_t first[8] = {0};
    struct tablet_page_request request = whole_table(&fixture, first);
    assert_refused(&fixture, &request, RPC_REASON_MALFORMED);
}

static void test_pages_beyond_the_slots_wait_for_one(void **state)
{
    (void)state;
    enum { COUNT = 3 * PAGE_SLOTS_MAX };
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 9, NULL);
    put_version(&fixture, 1, 1);
    struct page_reply replies[COUNT] = {0};
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    for (size_t i = 0; i < COUNT; i++)
        ask_page(&fixture, &request, &replies[i]);
    for (size_t i = 0; i < COUNT; i++) {
        page_wait(&fixture, &replies[i]);
        assert_int_equal(replies[i].evaluated_count, 1);
        page_reply_deinit(&replies[i]);
    }
    assert_int_equal(fixture.page_slots.free_count, PAGE_SLOTS_MAX);
}

/*
 * Writes on and on, and asks for pages in between: whether any page lacked a version that had been
 * acknowledged before the page was asked for.
 */
static bool misses_an_acknowledged_write(uint64_t seed, const struct tablet_faults *faults)
{
    enum { KEYS = 3 };
    SCOPED(tablet_fixture) fixture;
    bool has_missed = false;
    start_with_table(&fixture, seed, faults);
    for (unsigned version = 1; version < 60; version++) {
        SCOPED(page_reply) page = {0};
        SCOPED(buffer) text = {0};
        put_version(&fixture, version % KEYS, version);
        struct tablet_page_request request = whole_table(&fixture, first_bytes());
        ask_page(&fixture, &request, &page);
        page_wait(&fixture, &page);
        values_text(&page, &text);
        char expected[16];
        snprintf(expected, sizeof expected, "%04u.%u", version % KEYS, version);
        has_missed = has_missed || strstr((const char *)text.bytes, expected) == NULL;
    }
    return has_missed;
}

static void test_a_page_has_every_write_that_was_acknowledged_before(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 120; seed++)
        assert_false(misses_an_acknowledged_write(seed, NULL));
}

static void test_the_planted_fault_misses_an_acknowledged_write(void **state)
{
    (void)state;
    static const struct tablet_faults faults = {.pages_miss_overlay = true};
    bool has_missed = false;
    for (uint64_t seed = 100; seed < 120 && !has_missed; seed++)
        has_missed = misses_an_acknowledged_write(seed, &faults);
    assert_true(has_missed);
}

/* --- Work ------------------------------------------------------------------------------------- */

/* {"v": so many 'a'} */
static void put_text(struct tablet_fixture *fixture, const char *key, size_t size)
{
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) text = {0};
    SCOPED(reply) reply = {0};
    for (size_t i = 0; i < size; i++)
        buffer_append_u8(&text, 'a');
    item_builder_name(builder, slice_of_text("v"));
    item_builder_string(builder, buffer_slice(&text));
    struct tablet_address address = address_of(key);
    struct write_request write = {.kind = WRITE_PUT, .item = finished(builder)};
    tablet_write(fixture->tablet, &address, &write, reply_take, &reply);
    reply_wait(fixture, &reply);
    CHECK(reply.outcome == RPC_EXECUTED);
}

/* `contains(v, 'aa...ab')`, joined with itself by OR. */
static void searches_encode(unsigned count, struct buffer *filter)
{
    OWNED(arena) arena = arena_create();
    uint8_t part[1 + 100] = {100};
    memset(part + 1, 'a', 100);
    part[100] = 'b';
    struct condition *children = arena_alloc(arena, count * sizeof *children);
    for (unsigned i = 0; i < count; i++) {
        const struct operand operands[] = {
            operand_of_path(path_of_attribute(arena, slice_of_text("v"))),
            operand_of_value((struct value){VALUE_STRING, slice_of(part, sizeof part)})};
        children[i] = condition_of_operands(arena, CONDITION_CONTAINS, operands, 2);
    }
    struct condition condition = condition_join(arena, CONDITION_OR, children, count);
    tree_encode_condition(&condition, filter);
}

static void test_an_item_that_takes_its_filter_too_much_work_refuses_the_page(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(buffer) filter = {0};
    start_with_table(&fixture, 12, NULL);
    put_text(&fixture, "0001", 1000);
    put_text(&fixture, "0002", 40000);
    struct tablet_page_request request = whole_table(&fixture, first_bytes());
    searches_encode(150, &filter);
    request.filter = buffer_slice(&filter);
    assert_refused(&fixture, &request, RPC_REASON_WORK);
    request.bounds.count_max = 1;
    assert_page(&fixture, &request, "", false);
}

static uint64_t steps_until(struct tablet_fixture *fixture, struct page_reply *reply)
{
    uint64_t count = 0;
    for (; !reply->is_given; count++)
        assert_true(world_step(fixture->world));
    return count;
}

static void test_a_filter_of_much_work_is_done_in_several_turns(void **state)
{
    (void)state;
    enum { COUNT = 12 };
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 13, NULL);
    for (unsigned i = 0; i < COUNT; i++) {
        char key[16];
        snprintf(key, sizeof key, "%04u", i);
        put_text(&fixture, key, 12000);
    }
    settle(&fixture);
    uint64_t step_counts[2];
    for (int i = 0; i < 2; i++) {
        SCOPED(page_reply) reply = {0};
        SCOPED(buffer) filter = {0};
        struct tablet_page_request request = whole_table(&fixture, first_bytes());
        searches_encode(i == 0 ? 2 : 150, &filter);
        request.filter = buffer_slice(&filter);
        ask_page(&fixture, &request, &reply);
        step_counts[i] = steps_until(&fixture, &reply);
        assert_int_equal(reply.outcome, RPC_EXECUTED);
        assert_int_equal(reply.evaluated_count, COUNT);
        assert_int_equal(reply.matched_count, 0);
        assert_true(reply.is_end);
    }
    assert_true(step_counts[1] >= step_counts[0] + COUNT - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_page_has_the_rows_of_its_range_in_either_order),
        cmocka_unit_test(test_what_was_deleted_or_replaced_since_is_so_in_a_page),
        cmocka_unit_test(test_a_page_ends_at_its_count_and_tells_its_last_key),
        cmocka_unit_test(test_a_page_of_many_steps_has_each_row_once),
        cmocka_unit_test(test_a_page_with_a_proposed_row_waits_for_its_commit),
        cmocka_unit_test(test_a_table_that_is_not_open_has_no_pages),
        cmocka_unit_test(test_a_page_has_all_rows_or_none_of_a_table_that_is_being_closed),
        cmocka_unit_test(test_a_page_is_refused_once_its_time_is_up),
        cmocka_unit_test(test_a_range_beside_the_tablet_is_refused),
        cmocka_unit_test(test_pages_beyond_the_slots_wait_for_one),
        cmocka_unit_test(test_a_page_has_every_write_that_was_acknowledged_before),
        cmocka_unit_test(test_the_planted_fault_misses_an_acknowledged_write),
        cmocka_unit_test(test_an_item_that_takes_its_filter_too_much_work_refuses_the_page),
        cmocka_unit_test(test_a_filter_of_much_work_is_done_in_several_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
