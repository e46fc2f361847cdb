#include "tests/unit/core/env/env_fixture.h"

#include "core/env/config.h"

static const struct config_setting settings[] = {
    {.key = "raft.heartbeat",
     .type = CONFIG_DURATION,
     .preset = "80ms",
     .minimum = 1000,
     .maximum = 10000000,
     .help = "How often a leader is heard."},
    {.key = "data_directory", .type = CONFIG_TEXT, .is_required = true, .help = "Where data is."},
    {.key = "workers",
     .type = CONFIG_INTEGER,
     .preset = "4",
     .minimum = 1,
     .maximum = 64,
     .help = "Threads that may block."},
    {.key = "cache", .type = CONFIG_SIZE, .preset = "64MB", .help = "Memory for blocks."},
    {.key = "raft.peers", .type = CONFIG_LIST, .help = "The others."},
    {.key = "raft.sync", .type = CONFIG_BOOL, .preset = "yes", .help = "Whether to wait."},
    {.key = "web.title", .type = CONFIG_TEXT, .help = "What the page says."},
};
static const struct config_table table = {settings, sizeof settings / sizeof settings[0]};

static struct config *config_of(const char *text)
{
    SCOPED(buffer) mistakes = {0};
    struct config *config = NULL;
    assert_int_equal(config_of_text("x", slice_of_text(text), &table, &mistakes, &config),
                     STATUS_OK);
    assert_int_equal(mistakes.size, 0);
    return config;
}

static void assert_mistakes(const char *text, const char *expected)
{
    SCOPED(buffer) mistakes = {0};
    struct config *config;
    assert_int_equal(config_of_text("x", slice_of_text(text), &table, &mistakes, &config),
                     STATUS_INVALID);
    buffer_append_u8(&mistakes, '\0');
    assert_string_equal((const char *)mistakes.bytes, expected);
}

static void test_settings_are_read_as_their_types(void **state)
{
    (void)state;
    OWNED(config)
    config = config_of("# all\n"
                       "data_directory = /var/lib/a b\n"
                       "workers=8\r\n"
                       "cache = 2GB ; much\n"
                       "\n"
                       "[raft]\n"
                       "heartbeat = 1s\n"
                       "sync = off\n"
                       "peers = a:1, b:2\n"
                       "[web]\n"
                       "title = a = b");

    assert_string_equal(config_text(config, "data_directory"), "/var/lib/a b");
    assert_int_equal(config_integer(config, "workers"), 8);
    assert_int_equal(config_size(config, "cache"), 2147483648);
    assert_int_equal(config_duration_us(config, "raft.heartbeat"), 1000000);
    assert_false(config_bool(config, "raft.sync"));
    assert_int_equal(config_list_count(config, "raft.peers"), 2);
    assert_string_equal(config_list_item(config, "raft.peers", 0), "a:1");
    assert_string_equal(config_list_item(config, "raft.peers", 1), "b:2");
    assert_string_equal(config_text(config, "web.title"), "a = b");
}

static void test_what_is_left_out_has_its_preset_or_no_value(void **state)
{
    (void)state;
    OWNED(config) config = config_of("data_directory = /x\n");

    assert_int_equal(config_integer(config, "workers"), 4);
    assert_int_equal(config_size(config, "cache"), 67108864);
    assert_int_equal(config_duration_us(config, "raft.heartbeat"), 80000);
    assert_true(config_bool(config, "raft.sync"));
    assert_true(config_has(config, "raft.sync"));
    assert_false(config_has(config, "raft.peers"));
    assert_int_equal(config_list_count(config, "raft.peers"), 0);
    assert_null(config_text(config, "web.title"));
}

static void test_a_list_goes_on_over_indented_lines(void **state)
{
    (void)state;
    OWNED(config)
    config = config_of("data_directory = /x\n"
                       "[raft]\n"
                       "peers = a,\n"
                       "    b, c,\n"
                       "# the last\n"
                       "\td\n"
                       "sync = no\n");

    assert_int_equal(config_list_count(config, "raft.peers"), 4);
    assert_string_equal(config_list_item(config, "raft.peers", 3), "d");
    assert_false(config_bool(config, "raft.sync"));
}

static void test_every_mistake_is_told_with_its_line(void **state)
{
    (void)state;
    assert_mistakes("workers = many\n"
                    "worker = 3\n"
                    "cache = 64\n"
                    "\n"
                    "[raft]\n"
                    "heartbeat = 5 s\n"
                    "sync = maybe\n"
                    "peers = a,,b\n"
                    "workers = 1\n"
                    "[web]\n"
                    "title =\n",
                    "x:1: \"workers\" is \"many\", not a whole number\n"
                    "x:2: \"worker\" is not a setting\n"
                    "x:3: \"cache\" is \"64\", not a size such as 64MB\n"
                    "x:6: \"raft.heartbeat\" is \"5 s\", not a duration such as 80ms, 1s or 10m\n"
                    "x:7: \"raft.sync\" is \"maybe\", not one of yes, no, true, false, on and off\n"
                    "x:8: \"raft.peers\" has an empty item\n"
                    "x:9: \"raft.workers\" is not a setting\n"
                    "x:11: \"web.title\" has no value; leave the line out for its preset\n"
                    "x: \"data_directory\" is missing\n");
}

static void test_a_setting_stands_once(void **state)
{
    (void)state;
    assert_mistakes("data_directory = /x\n"
                    "workers = 2\n"
                    "workers = 3\n"
                    "[raft]\n"
                    "peers = a\n"
                    "[raft]\n"
                    "peers = b\n",
                    "x:3: \"workers\" stands on line 2 too\n"
                    "x:7: \"raft.peers\" stands on line 5 too\n");
}

static void test_bounds_are_told_in_the_units_of_their_setting(void **state)
{
    (void)state;
    assert_mistakes("data_directory = /x\n"
                    "workers = 65\n"
                    "[raft]\n"
                    "heartbeat = 999us\n",
                    "x:2: \"workers\" is above 64\n"
                    "x:4: \"raft.heartbeat\" is below 1ms\n");
    assert_mistakes("data_directory = /x\n"
                    "workers = 99999999999999999999\n",
                    "x:2: \"workers\" is \"99999999999999999999\", too large to count\n");
}

static void test_a_line_that_is_no_setting_is_told(void **state)
{
    (void)state;
    assert_mistakes("data_directory = /x\n"
                    "what is this\n",
                    "x:2: neither \"key = value\" nor \"[section]\"\n");
    assert_mistakes("data_directory = /x\n"
                    "[raft\n",
                    "x:2: neither \"key = value\" nor \"[section]\"\n");
}

static void test_an_indented_line_after_what_is_no_list_is_told(void **state)
{
    (void)state;
    assert_mistakes("data_directory = /x\n"
                    "  workers = 3\n",
                    "x:2: \"data_directory\" is no list, so that no indented line may follow\n");
}

static void test_an_item_of_a_list_is_neither_empty_nor_like_a_comment(void **state)
{
    (void)state;
    assert_mistakes("data_directory = /x\n"
                    "[raft]\n"
                    "peers = a,,b\n",
                    "x:3: \"raft.peers\" has an empty item\n");
    assert_mistakes("data_directory = /x\n"
                    "[raft]\n"
                    "peers = a,;b\n",
                    "x:3: \"raft.peers\" has an item that begins like a comment\n");
}

static void test_a_line_too_long_is_told_and_never_cut_in_two(void **state)
{
    (void)state;
    char text[600];
    memset(text, 'a', sizeof text);
    memcpy(text, "data_directory = /x\nweb = ", 26);
    memcpy(text + 590, "\ncache=1B", 10);

    assert_mistakes(text, "x:2: the line is too long\n");
}

static void test_a_line_that_is_not_text_is_told(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    struct config *config;
    const char text[] = "data_directory = /x\nworkers = 1\0000\n";

    assert_int_equal(
        config_of_text("x", slice_of(text, sizeof text - 1), &table, &mistakes, &config),
        STATUS_INVALID);

    assert_true(slice_is_text(buffer_slice(&mistakes), "x:2: the line is not text\n"));
}

static void test_a_table_describes_itself_as_a_file_that_wants_what_is_required(void **state)
{
    (void)state;
    SCOPED(buffer) text = {0};
    config_describe(&table, &text);
    buffer_append_u8(&text, '\0');

    assert_non_null(strstr((const char *)text.bytes, "\n# How often a leader is heard.\n"
                                                     "# heartbeat = 80ms\n"));
    assert_mistakes((const char *)text.bytes,
                    "x:2: \"data_directory\" has no value; leave the line out for its preset\n");
}

static void test_a_missing_file_is_named(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    struct config *config;

    assert_int_equal(config_read("/nowhere/x", &table, &mistakes, &config), STATUS_NOT_FOUND);

    assert_true(slice_is_text(buffer_slice(&mistakes),
                              "/nowhere/x: cannot be read: there is no such thing\n"));
}

static void test_a_mistake_that_a_reader_finds_is_told_with_its_line(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    OWNED(config) config = NULL;
    const char *text = "# all is well\ndata_directory = /x\n[raft]\nheartbeat = 80ms\n";
    assert_int_equal(config_of_text("x", slice_of_text(text), &table, &mistakes, &config),
                     STATUS_OK);

    config_mistake(config, "data_directory", &mistakes, "is full");
    config_mistake(config, "raft.heartbeat", &mistakes, "is slow");

    assert_true(slice_is_text(buffer_slice(&mistakes), "x:2: \"data_directory\" is full\n"
                                                       "x:4: \"raft.heartbeat\" is slow\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_are_read_as_their_types),
        cmocka_unit_test(test_what_is_left_out_has_its_preset_or_no_value),
        cmocka_unit_test(test_a_list_goes_on_over_indented_lines),
        cmocka_unit_test(test_every_mistake_is_told_with_its_line),
        cmocka_unit_test(test_a_setting_stands_once),
        cmocka_unit_test(test_bounds_are_told_in_the_units_of_their_setting),
        cmocka_unit_test(test_a_line_that_is_no_setting_is_told),
        cmocka_unit_test(test_an_indented_line_after_what_is_no_list_is_told),
        cmocka_unit_test(test_an_item_of_a_list_is_neither_empty_nor_like_a_comment),
        cmocka_unit_test(test_a_line_too_long_is_told_and_never_cut_in_two),
        cmocka_unit_test(test_a_line_that_is_not_text_is_told),
        cmocka_unit_test(test_a_table_describes_itself_as_a_file_that_wants_what_is_required),
        cmocka_unit_test(test_a_mistake_that_a_reader_finds_is_told_with_its_line),
        cmocka_unit_test(test_a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
