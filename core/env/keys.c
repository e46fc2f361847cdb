#include "core/env/keys.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/env/text_file_private.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#define SECRET_WORD "secret-key"

_Static_assert(crypto_box_PUBLICKEYBYTES == ENV_KEY_SIZE, "CURVE is libsodium's crypto_box");
_Static_assert(crypto_box_SECRETKEYBYTES == ENV_KEY_SIZE, "CURVE is libsodium's crypto_box");

struct known_key {
    char name[ENV_KEY_NAME_SIZE_MAX + 1];
    uint8_t public_key[ENV_KEY_SIZE];
};

struct env_keys {
    uint8_t own_secret[ENV_KEY_SIZE];
    uint8_t own_public[ENV_KEY_SIZE];
    struct hash_map *by_name;
    struct hash_map *by_key;
};

/* Where a file is being read, for its mistakes. */
struct reading {
    const char *file;
    size_t line;
    struct buffer *mistakes;
};

static struct slice key_slice(const uint8_t *key)
{
    return slice_of(key, ENV_KEY_SIZE);
}

static struct env_keys *keys_create(void)
{
    struct env_keys *keys = memory_alloc_zeroed(sizeof *keys);
    keys->by_name = hash_map_create(0);
    keys->by_key = hash_map_create(0);
    return keys;
}

static bool is_comment(struct slice line)
{
    struct slice word;
    return !text_file_next_word(&line, &word) || word.bytes[0] == '#';
}

static bool key_of_text(struct slice text, uint8_t out_key[ENV_KEY_SIZE])
{
    char copy[ENV_KEY_TEXT_SIZE + 1] = {0};
    if (text.size != ENV_KEY_TEXT_SIZE)
        return false;
    memcpy(copy, text.bytes, text.size);
    bool is_key = strlen(copy) == ENV_KEY_TEXT_SIZE && zmq_z85_decode(out_key, copy) != NULL;
    sodium_memzero(copy, sizeof copy);
    return is_key;
}

/* The two words of a line that has exactly two. */
static bool line_split(struct slice line, struct slice *out_first, struct slice *out_second)
{
    struct slice rest;
    return text_file_next_word(&line, out_first) && text_file_next_word(&line, out_second) &&
           !text_file_next_word(&line, &rest);
}

/* Nothing of the line is repeated in a mistake: it may be the secret. */
static bool secret_line_read(struct reading *reading, struct slice line, struct env_keys *keys)
{
    struct slice word, key;
    if (!line_split(line, &word, &key) || !slice_is_text(word, SECRET_WORD)) {
        text_file_mistake(reading->mistakes, reading->file, reading->line,
                          "not \"" SECRET_WORD " <key>\"");
        return false;
    }
    if (!key_of_text(key, keys->own_secret)) {
        text_file_mistake(reading->mistakes, reading->file, reading->line,
                          "the key is not %d characters of Z85", ENV_KEY_TEXT_SIZE);
        return false;
    }
    return true;
}

static enum status secret_read(struct reading *reading, struct slice text, struct env_keys *keys)
{
    size_t key_count = 0;
    struct slice line;
    while (text_file_next_line(&text, &line)) {
        reading->line++;
        if (is_comment(line))
            continue;
        if (!secret_line_read(reading, line, keys))
            return STATUS_INVALID;
        key_count++;
    }
    if (key_count != 1) {
        text_file_mistake(reading->mistakes, reading->file, 0, "has %zu secret keys instead of one",
                          key_count);
        return STATUS_INVALID;
    }
    CHECK(crypto_scalarmult_base(keys->own_public, keys->own_secret) == 0);
    return STATUS_OK;
}

/* What is wrong with a line; NULL: nothing, and the key has been added. */
static const char *known_line_read(struct slice line, struct env_keys *keys)
{
    struct slice name, key_text;
    uint8_t key[ENV_KEY_SIZE];
    if (!line_split(line, &name, &key_text))
        return "not \"<name> <public key>\"";
    if (!env_keys_is_name(name))
        return "the name has more than letters, digits, '-', '_' and '.', or is too long";
    if (!key_of_text(key_text, key))
        return "the key is not 40 characters of Z85";
    if (hash_map_get(keys->by_name, name) != NULL)
        return "the name stands on an earlier line too";
    if (hash_map_get(keys->by_key, key_slice(key)) != NULL)
        return "the key stands on an earlier line too";

    struct known_key *known = memory_alloc_zeroed(sizeof *known);
    memcpy(known->name, name.bytes, name.size);
    memcpy(known->public_key, key, sizeof key);
    (void)hash_map_put(keys->by_name, name, known);
    (void)hash_map_put(keys->by_key, key_slice(key), known);
    return NULL;
}

static enum status known_read(struct reading *reading, struct slice text, struct env_keys *keys)
{
    enum status status = STATUS_OK;
    struct slice line;
    while (text_file_next_line(&text, &line)) {
        reading->line++;
        const char *mistake = is_comment(line) ? NULL : known_line_read(line, keys);
        if (mistake == NULL)
            continue;
        text_file_mistake(reading->mistakes, reading->file, reading->line, "%s", mistake);
        status = STATUS_INVALID;
    }
    return status;
}

static enum status file_read(struct reading *reading, bool must_be_private, struct buffer *out_text)
{
    bool is_private;
    enum status status = text_file_read(reading->file, out_text, &is_private);
    if (status != STATUS_OK) {
        text_file_mistake(reading->mistakes, reading->file, 0, "cannot be read: %s",
                          status_text(status));
        return status;
    }
    if (must_be_private && !is_private) {
        text_file_mistake(reading->mistakes, reading->file, 0,
                          "holds a secret that others may read: chmod 600 it");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status secret_file_read(struct reading *reading, struct env_keys *keys)
{
    SCOPED(buffer) text = {0};
    enum status status = file_read(reading, true, &text);
    if (status == STATUS_OK)
        status = secret_read(reading, buffer_slice(&text), keys);
    sodium_memzero(text.bytes, text.size);
    return status;
}

static enum status known_file_read(struct reading *reading, struct env_keys *keys)
{
    SCOPED(buffer) text = {0};
    TRY(file_read(reading, false, &text));
    return known_read(reading, buffer_slice(&text), keys);
}

enum status env_keys_read(const char *secret_path, const char *known_path, struct buffer *mistakes,
                          struct env_keys **out_keys)
{
    OWNED(env_keys) keys = keys_create();
    struct reading secret = {.file = secret_path, .mistakes = mistakes};
    struct reading known = {.file = known_path, .mistakes = mistakes};
    TRY(secret_file_read(&secret, keys));
    TRY(known_file_read(&known, keys));
    *out_keys = GIVE(keys);
    return STATUS_OK;
}

enum status env_keys_of_text(struct slice secret_text, struct slice known_text,
                             struct buffer *mistakes, struct env_keys **out_keys)
{
    OWNED(env_keys) keys = keys_create();
    struct reading secret = {.file = "secret key", .mistakes = mistakes};
    struct reading known = {.file = "known keys", .mistakes = mistakes};
    TRY(secret_read(&secret, secret_text, keys));
    TRY(known_read(&known, known_text, keys));
    *out_keys = GIVE(keys);
    return STATUS_OK;
}

void env_keys_destroy(struct env_keys *keys)
{
    if (keys == NULL)
        return;
    size_t position = 0;
    struct slice name;
    for (struct known_key *known = hash_map_next(keys->by_name, &position, &name); known != NULL;
         known = hash_map_next(keys->by_name, &position, &name))
        memory_free(known);
    hash_map_destroy(keys->by_name);
    hash_map_destroy(keys->by_key);
    sodium_memzero(keys, sizeof *keys);
    memory_free(keys);
}

const uint8_t *env_keys_own_secret(const struct env_keys *keys)
{
    return keys->own_secret;
}

const uint8_t *env_keys_own_public(const struct env_keys *keys)
{
    return keys->own_public;
}

const uint8_t *env_keys_of_name(const struct env_keys *keys, const char *name)
{
    const struct known_key *known = hash_map_get(keys->by_name, slice_of_text(name));
    return known != NULL ? known->public_key : NULL;
}

const char *env_keys_name_of(const struct env_keys *keys, const uint8_t public_key[ENV_KEY_SIZE])
{
    const struct known_key *known = hash_map_get(keys->by_key, key_slice(public_key));
    return known != NULL ? known->name : NULL;
}

static bool is_letter_or_digit(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

static bool is_joiner(uint8_t byte)
{
    return byte == '-' || byte == '_' || byte == '.';
}

bool env_keys_is_name(struct slice name)
{
    if (name.size == 0 || name.size > ENV_KEY_NAME_SIZE_MAX || !is_letter_or_digit(name.bytes[0]))
        return false;
    for (size_t i = 1; i < name.size; i++)
        if (!is_letter_or_digit(name.bytes[i]) && !is_joiner(name.bytes[i]))
            return false;
    return true;
}

void env_keys_generate(const char *name, struct buffer *out_secret_text,
                       struct buffer *out_known_line)
{
    uint8_t public_key[ENV_KEY_SIZE];
    uint8_t secret_key[ENV_KEY_SIZE];
    char text[ENV_KEY_TEXT_SIZE + 1];
    CHECK(env_keys_is_name(slice_of_text(name)));
    CHECK(sodium_init() >= 0);
    CHECK(crypto_box_keypair(public_key, secret_key) == 0);

    CHECK(zmq_z85_encode(text, secret_key, sizeof secret_key) != NULL);
    buffer_append_format(out_secret_text, "# The secret key of %s: for its owner alone.\n", name);
    buffer_append_format(out_secret_text, SECRET_WORD " %s\n", text);
    sodium_memzero(secret_key, sizeof secret_key);

    CHECK(zmq_z85_encode(text, public_key, sizeof public_key) != NULL);
    buffer_append_format(out_known_line, "%s %s\n", name, text);
}
