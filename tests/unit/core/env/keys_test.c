#include "tests/unit/core/env/env_fixture.h"

#include "core/env/keys.h"

#include <sys/stat.h>

/* From ZeroMQ's rfc 26: a key pair in Z85, as in its tests. */
#define SECRET "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
#define PUBLIC "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define OTHER  "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

static const char *mistakes_of(const char *secret, const char *known, struct buffer *mistakes)
{
    struct env_keys *keys;
    assert_int_equal(env_keys_of_text(slice_of_text(secret), slice_of_text(known), mistakes, &keys),
                     STATUS_INVALID);
    buffer_append_u8(mistakes, 0);
    return (const char *)mistakes->bytes;
}

static void test_keys_are_found_by_name_and_names_by_key(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    OWNED(env_keys) keys = NULL;
    const char *known = "# all\r\n\n  node-1 \t " PUBLIC "\r\nnode.2 " OTHER;

    assert_int_equal(env_keys_of_text(slice_of_text("# mine\nsecret-key " SECRET "\n"),
                                      slice_of_text(known), &mistakes, &keys),
                     STATUS_OK);

    assert_int_equal(mistakes.size, 0);
    assert_memory_equal(env_keys_of_name(keys, "node-1"), env_keys_own_public(keys), ENV_KEY_SIZE);
    assert_string_equal(env_keys_name_of(keys, env_keys_own_public(keys)), "node-1");
    assert_string_equal(env_keys_name_of(keys, env_keys_of_name(keys, "node.2")), "node.2");
    assert_null(env_keys_of_name(keys, "node-3"));
    assert_null(env_keys_name_of(keys, env_keys_own_secret(keys)));
}

static void test_every_wrong_line_of_the_known_keys_is_named(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    const char *known = "node-1 " PUBLIC "\n"
                        "node-2\n"
                        "node-3 " PUBLIC " more\n"
                        "-node " OTHER "\n"
                        "node-4 tooshort\n"
                        "node-1 " OTHER "\n"
                        "node-5 " PUBLIC "\n"
                        "node-6 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n";

    assert_string_equal(
        mistakes_of("secret-key " SECRET, known, &mistakes),
        "known keys:2: not \"<name> <public key>\"\n"
        "known keys:3: not \"<name> <public key>\"\n"
        "known keys:4: the name has more than letters, digits, '-', '_' and '.', or is too long\n"
        "known keys:5: the key is not 40 characters of Z85\n"
        "known keys:6: the name stands on an earlier line too\n"
        "known keys:7: the key stands on an earlier line too\n"
        "known keys:8: the key is not 40 characters of Z85\n");
}

static void test_a_wrong_secret_is_named_without_showing_it(void **state)
{
    (void)state;
    SCOPED(buffer) first = {0};
    SCOPED(buffer) second = {0};
    SCOPED(buffer) third = {0};

    assert_string_equal(mistakes_of("\n" SECRET "\n", "", &first),
                        "secret key:2: not \"secret-key <key>\"\n");
    assert_string_equal(mistakes_of("secret-key abc\n", "", &second),
                        "secret key:1: the key is not 40 characters of Z85\n");
    assert_string_equal(mistakes_of("# none\n", "", &third),
                        "secret key: has 0 secret keys instead of one\n");
}

static void test_bytes_outside_of_text_are_mistakes(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    struct env_keys *keys;
    const char name[] = "no\0de " PUBLIC;
    const char key[] = "node rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf\0";

    assert_int_equal(env_keys_of_text(slice_of_text("secret-key " SECRET),
                                      slice_of(name, sizeof name - 1), &mistakes, &keys),
                     STATUS_INVALID);
    assert_int_equal(env_keys_of_text(slice_of_text("secret-key " SECRET),
                                      slice_of(key, sizeof key - 1), &mistakes, &keys),
                     STATUS_INVALID);
}

static void write_text(const char *path, struct buffer *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text->bytes, 1, text->size, file), text->size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void test_generated_files_are_read_back(void **state)
{
    (void)state;
    char *directory = fixture_directory();
    const char *secret_path = fixture_path(directory, "secret");
    const char *known_path = fixture_path(directory, "known");
    SCOPED(buffer) mistakes = {0};
    SCOPED(buffer) secret = {0};
    SCOPED(buffer) known = {0};
    OWNED(env_keys) keys = NULL;
    env_keys_generate("node-1", &secret, &known);
    write_text(secret_path, &secret, 0600);
    write_text(known_path, &known, 0644);

    assert_int_equal(env_keys_read(secret_path, known_path, &mistakes, &keys), STATUS_OK);

    assert_memory_equal(env_keys_of_name(keys, "node-1"), env_keys_own_public(keys), ENV_KEY_SIZE);
    fixture_directory_remove(directory);
}

static void test_a_secret_that_others_may_read_is_refused(void **state)
{
    (void)state;
    char *directory = fixture_directory();
    const char *secret_path = fixture_path(directory, "secret");
    const char *known_path = fixture_path(directory, "known");
    SCOPED(buffer) mistakes = {0};
    SCOPED(buffer) secret = {0};
    SCOPED(buffer) known = {0};
    struct env_keys *keys;
    env_keys_generate("node-1", &secret, &known);
    write_text(secret_path, &secret, 0640);
    write_text(known_path, &known, 0644);

    assert_int_equal(env_keys_read(secret_path, known_path, &mistakes, &keys), STATUS_INVALID);

    buffer_append_u8(&mistakes, 0);
    assert_non_null(strstr((const char *)mistakes.bytes,
                           "secret: holds a secret that others may read: chmod 600 it\n"));
    fixture_directory_remove(directory);
}

static void test_a_missing_file_is_named(void **state)
{
    (void)state;
    SCOPED(buffer) mistakes = {0};
    struct env_keys *keys;

    assert_int_equal(env_keys_read("/nowhere/secret", "/nowhere/known", &mistakes, &keys),
                     STATUS_NOT_FOUND);

    buffer_append_u8(&mistakes, 0);
    assert_string_equal((const char *)mistakes.bytes,
                        "/nowhere/secret: cannot be read: there is no such thing\n");
}

static void test_names_are_checked(void **state)
{
    (void)state;
    char longest[ENV_KEY_NAME_SIZE_MAX + 1];
    memset(longest, 'a', sizeof longest);

    assert_true(env_keys_is_name(slice_of_text("7-a_B.9")));
    assert_true(env_keys_is_name(slice_of(longest, ENV_KEY_NAME_SIZE_MAX)));
    assert_false(env_keys_is_name(slice_of(longest, sizeof longest)));
    assert_false(env_keys_is_name(slice_of_text("")));
    assert_false(env_keys_is_name(slice_of_text(".a")));
    assert_false(env_keys_is_name(slice_of_text("a#")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_found_by_name_and_names_by_key),
        cmocka_unit_test(test_every_wrong_line_of_the_known_keys_is_named),
        cmocka_unit_test(test_a_wrong_secret_is_named_without_showing_it),
        cmocka_unit_test(test_bytes_outside_of_text_are_mistakes),
        cmocka_unit_test(test_generated_files_are_read_back),
        cmocka_unit_test(test_a_secret_that_others_may_read_is_refused),
        cmocka_unit_test(test_a_missing_file_is_named),
        cmocka_unit_test(test_names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
