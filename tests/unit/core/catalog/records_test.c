#include "tests/unit/core/catalog/record_fixture.h"

#include "core/catalog/ring.h"

/* As on disk. */
enum { TABLET_COUNT_TAG = 3, NODE_COUNT_TAG = 4, IS_SERVING_TAG = 5, REPLICA_TAG = 3 };

static enum status settings_again(struct slice record, struct buffer *out_again)
{
    struct settings settings;
    TRY(settings_decode(record, &settings));
    settings_encode(&settings, out_again);
    return STATUS_OK;
}

static enum status node_again(struct slice record, struct buffer *out_again)
{
    struct node_record node;
    TRY(node_record_decode(record, &node));
    node_record_encode(&node, out_again);
    return STATUS_OK;
}

static enum status tablet_again(struct slice record, struct buffer *out_again)
{
    OWNED(arena) arena = arena_create();
    struct tablet_record tablet;
    TRY(tablet_record_decode(record, arena, &tablet));
    tablet_record_encode(&tablet, out_again);
    return STATUS_OK;
}

static void settings_record(struct buffer *record)
{
    struct settings settings = fixture_settings();
    settings_encode(&settings, record);
}

static void node_record(struct buffer *record)
{
    struct node_record node = fixture_node(5);
    node_record_encode(&node, record);
}

static void tablet_record(struct buffer *record)
{
    struct replica replicas[] = {{3, 30}, {1, 10}, {UINT64_MAX, UINT64_MAX - 1}};
    struct tablet_record tablet = {
        .tablet = 4095, .ring = 2, .replica_count = 3, .replicas = replicas};
    tablet_record_encode(&tablet, record);
}

static void test_settings_come_back(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct settings settings;
    settings_record(&record);

    assert_int_equal(settings_decode(buffer_slice(&record), &settings), STATUS_OK);

    assert_true(slice_is_text(settings.region, "eu-central-1"));
    assert_int_equal(settings.cluster_version, 2);
    assert_int_equal(settings.tablet_count, 128);
    assert_int_equal(settings.node_count, 3);
    assert_true(settings.is_serving);
    assert_int_equal(settings.next_node_id, 4);
    assert_int_equal(settings.next_incarnation, 385);
    assert_int_equal(settings.next_table_uid, 9);
}

static void test_a_node_comes_back(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct node_record node;
    node_record(&record);

    assert_int_equal(node_record_decode(buffer_slice(&record), &node), STATUS_OK);

    assert_int_equal(node.id, 5);
    assert_true(slice_is_text(node.name, "node-a"));
    assert_true(slice_is_text(node.address, "10.0.0.1:7000"));
    assert_true(slice_is_text(node.host, "host-a"));
    assert_true(slice_is_text(node.zone, "zone-a"));
    assert_true(node.instance == UINT64_MAX);
}

static void test_a_tablet_keeps_its_replicas_in_order(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) record = {0};
    struct tablet_record tablet;
    tablet_record(&record);

    assert_int_equal(tablet_record_decode(buffer_slice(&record), arena, &tablet), STATUS_OK);

    assert_int_equal(tablet.tablet, 4095);
    assert_int_equal(tablet.ring, 2);
    assert_int_equal(tablet.replica_count, 3);
    assert_int_equal(tablet.replicas[0].node_id, 3);
    assert_int_equal(tablet.replicas[0].incarnation, 30);
    assert_int_equal(tablet.replicas[1].node_id, 1);
    assert_true(tablet.replicas[2].incarnation == UINT64_MAX - 1);
}

static void test_fields_of_a_later_version_are_skipped(void **state)
{
    (void)state;
    SCOPED(buffer) settings = {0};
    SCOPED(buffer) node = {0};
    SCOPED(buffer) tablet = {0};
    settings_record(&settings);
    node_record(&node);
    tablet_record(&tablet);

    fixture_check_unknown_tags(buffer_slice(&settings), settings_again);
    fixture_check_unknown_tags(buffer_slice(&node), node_again);
    fixture_check_unknown_tags(buffer_slice(&tablet), tablet_again);
}

static void test_damaged_records_are_corrupt_or_last(void **state)
{
    (void)state;
    SCOPED(buffer) settings = {0};
    SCOPED(buffer) node = {0};
    SCOPED(buffer) tablet = {0};
    settings_record(&settings);
    node_record(&node);
    tablet_record(&tablet);

    fixture_check_damage(buffer_slice(&settings), settings_again);
    fixture_check_damage(buffer_slice(&node), node_again);
    fixture_check_damage(buffer_slice(&tablet), tablet_again);
}

static void test_a_ring_is_cut_into_a_power_of_two_or_not_at_all(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    settings_record(&record);
    struct slice settings = buffer_slice(&record);

    assert_int_equal(fixture_decode_with_number(settings, TABLET_COUNT_TAG, 1, settings_again),
                     STATUS_OK);
    assert_int_equal(fixture_decode_with_number(settings, TABLET_COUNT_TAG, 3, settings_again),
                     STATUS_CORRUPT);
    assert_int_equal(fixture_decode_with_number(settings, TABLET_COUNT_TAG, 2 * RING_TABLETS_MAX,
                                                settings_again),
                     STATUS_CORRUPT);
    assert_int_equal(fixture_decode_with_number(settings, TABLET_COUNT_TAG, ((uint64_t)1 << 32) + 1,
                                                settings_again),
                     STATUS_CORRUPT);
    /* No tablets, and serving. */
    assert_int_equal(fixture_decode_with_number(settings, TABLET_COUNT_TAG, 0, settings_again),
                     STATUS_CORRUPT);
}

static void test_settings_before_the_ring_is_cut_are_well_formed(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct settings empty = {0}, settings = fixture_settings();
    settings_encode(&empty, &record);

    assert_int_equal(settings_decode(buffer_slice(&record), &settings), STATUS_OK);

    assert_int_equal(settings.tablet_count, 0);
    assert_false(settings.is_serving);
}

static void test_a_node_without_an_id_is_corrupt(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct node_record node = fixture_node(0);
    node_record_encode(&node, &record);

    assert_int_equal(node_record_decode(buffer_slice(&record), &node), STATUS_CORRUPT);
}

static void test_a_tablet_has_replicas_up_to_a_bound(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) record = {0};
    struct replica replicas[TABLET_REPLICAS_MAX] = {{.node_id = 1}};
    struct tablet_record tablet = {.replica_count = TABLET_REPLICAS_MAX, .replicas = replicas};
    tablet_record_encode(&tablet, &record);
    const uint8_t one_more[16] = {0};

    assert_int_equal(tablet_record_decode(buffer_slice(&record), arena, &tablet), STATUS_OK);
    assert_int_equal(tablet.replica_count, TABLET_REPLICAS_MAX);
    assert_int_equal(fixture_decode_with(buffer_slice(&record), REPLICA_TAG,
                                         slice_of(one_more, sizeof one_more), tablet_again),
                     STATUS_CORRUPT);
}

static void test_a_replica_of_another_size_is_corrupt(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    tablet_record(&record);
    const uint8_t replica[17] = {0};

    assert_int_equal(fixture_decode_with(buffer_slice(&record), REPLICA_TAG, slice_of(replica, 15),
                                         tablet_again),
                     STATUS_CORRUPT);
    assert_int_equal(fixture_decode_with(buffer_slice(&record), REPLICA_TAG, slice_of(replica, 17),
                                         tablet_again),
                     STATUS_CORRUPT);
}

static void test_keys_sort_by_kind_and_then_by_number_or_name(void **state)
{
    (void)state;
    struct buffer keys[7] = {0};
    record_key_settings(&keys[0]);
    record_key_node(&keys[1], 2);
    record_key_node(&keys[2], 256);
    record_key_tablet(&keys[3], 255);
    record_key_tablet(&keys[4], 65536);
    record_key_table(&keys[5], slice_of_text("a"));
    record_key_table(&keys[6], slice_of_text("a.b"));

    for (size_t i = 0; i < 6; i++)
        assert_true(slice_compare(buffer_slice(&keys[i]), buffer_slice(&keys[i + 1])) < 0);
    for (size_t i = 0; i < 7; i++)
        buffer_deinit(&keys[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_come_back),
        cmocka_unit_test(test_a_node_comes_back),
        cmocka_unit_test(test_a_tablet_keeps_its_replicas_in_order),
        cmocka_unit_test(test_fields_of_a_later_version_are_skipped),
        cmocka_unit_test(test_damaged_records_are_corrupt_or_last),
        cmocka_unit_test(test_a_ring_is_cut_into_a_power_of_two_or_not_at_all),
        cmocka_unit_test(test_settings_before_the_ring_is_cut_are_well_formed),
        cmocka_unit_test(test_a_node_without_an_id_is_corrupt),
        cmocka_unit_test(test_a_tablet_has_replicas_up_to_a_bound),
        cmocka_unit_test(test_a_replica_of_another_size_is_corrupt),
        cmocka_unit_test(test_keys_sort_by_kind_and_then_by_number_or_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
