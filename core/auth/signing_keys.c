#include "core/auth/signing_keys.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/list.h"

#include <sodium.h>

enum { NAME_SIZE_MAX = 192, SECRET_SIZE_MAX = 128 };

struct signing_key {
    struct list link;
    size_t name_size;
    size_t secret_size;
    struct hmac_sha256_key key;
    uint8_t name[NAME_SIZE_MAX];
    uint8_t secret[SECRET_SIZE_MAX];
};

struct signing_keys {
    size_t count_max;
    struct hash_map *by_name;
    struct list by_use;             /* the latest first */
    struct hmac_sha256_key derived; /* the last one that was too long to remember */
};

struct signing_keys *signing_keys_create(size_t count_max)
{
    CHECK(count_max > 0);
    struct signing_keys *keys = memory_alloc_zeroed(sizeof *keys);
    keys->count_max = count_max;
    /* Names are made of known ids, regions and services: nobody can aim them at one bucket. */
    keys->by_name = hash_map_create(0);
    list_init(&keys->by_use);
    return keys;
}

static void key_destroy(struct signing_key *key)
{
    sodium_memzero(key, sizeof *key);
    memory_free(key);
}

void signing_keys_destroy(struct signing_keys *keys)
{
    if (keys == NULL)
        return;
    LIST_FOR_EACH (link, &keys->by_use) {
        list_remove(link);
        key_destroy(LIST_ELEMENT(link, struct signing_key, link));
    }
    hash_map_destroy(keys->by_name);
    sodium_memzero(keys, sizeof *keys);
    memory_free(keys);
}

size_t signing_keys_count(const struct signing_keys *keys)
{
    return hash_map_count(keys->by_name);
}

/* One step of the derivation: the key so far becomes that of HMAC(key, text). */
static void derive_step(struct hmac_sha256_key *key, struct slice text)
{
    uint8_t mac[SHA256_SIZE];
    hmac_sha256(key, text, mac);
    hmac_sha256_key_init(key, slice_of(mac, sizeof mac));
    sodium_memzero(mac, sizeof mac);
}

/* The first key is "AWS4" and the secret. */
static void derive(const struct signing_key_origin *origin, struct hmac_sha256_key *out_key)
{
    size_t size = 4 + origin->secret.size;
    uint8_t *secret = memory_alloc(size);
    memcpy(secret, "AWS4", 4);
    if (origin->secret.size > 0)
        memcpy(secret + 4, origin->secret.bytes, origin->secret.size);
    hmac_sha256_key_init(out_key, slice_of(secret, size));
    sodium_memzero(secret, size);
    memory_free(secret);

    derive_step(out_key, origin->date);
    derive_step(out_key, origin->region);
    derive_step(out_key, origin->service);
    derive_step(out_key, slice_of_text("aws4_request"));
}

/* Writes "id/date/region/service"; its size, or 0 where it does not fit. */
static size_t name_of(const struct signing_key_origin *origin, uint8_t out_name[NAME_SIZE_MAX])
{
    const struct slice parts[] = {origin->access_key_id, origin->date, origin->region,
                                  origin->service};
    size_t size = 0;
    for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++) {
        if (parts[index].size >= NAME_SIZE_MAX - size)
            return 0;
        if (parts[index].size > 0)
            memcpy(out_name + size, parts[index].bytes, parts[index].size);
        size += parts[index].size;
        out_name[size++] = '/';
    }
    return size;
}

static void forget_oldest(struct signing_keys *keys)
{
    struct signing_key *oldest = LIST_ELEMENT(keys->by_use.previous, struct signing_key, link);
    hash_map_remove(keys->by_name, slice_of(oldest->name, oldest->name_size));
    list_remove(&oldest->link);
    key_destroy(oldest);
}

static struct signing_key *key_add(struct signing_keys *keys, struct slice name)
{
    if (hash_map_count(keys->by_name) == keys->count_max)
        forget_oldest(keys);
    struct signing_key *key = memory_alloc_zeroed(sizeof *key);
    list_init(&key->link);
    memcpy(key->name, name.bytes, name.size);
    key->name_size = name.size;
    hash_map_put(keys->by_name, name, key);
    return key;
}

/* Both secrets are our own, so that it tells nobody anything how long comparing them takes. */
static bool is_derived_from(const struct signing_key *key, struct slice secret)
{
    return slice_is_equal(slice_of(key->secret, key->secret_size), secret);
}

static void key_derive(struct signing_key *key, const struct signing_key_origin *origin)
{
    sodium_memzero(key->secret, sizeof key->secret);
    memcpy(key->secret, origin->secret.bytes, origin->secret.size);
    key->secret_size = origin->secret.size;
    derive(origin, &key->key);
}

const struct hmac_sha256_key *signing_keys_find(struct signing_keys *keys,
                                                const struct signing_key_origin *origin)
{
    uint8_t name[NAME_SIZE_MAX];
    size_t name_size = name_of(origin, name);
    bool is_memorable =
        name_size > 0 && origin->secret.size > 0 && origin->secret.size <= SECRET_SIZE_MAX;
    if (!is_memorable) {
        derive(origin, &keys->derived);
        return &keys->derived;
    }

    struct signing_key *key = hash_map_get(keys->by_name, slice_of(name, name_size));
    if (key == NULL)
        key = key_add(keys, slice_of(name, name_size));
    if (!is_derived_from(key, origin->secret))
        key_derive(key, origin);
    list_remove(&key->link);
    list_prepend(&keys->by_use, &key->link);
    return &key->key;
}
