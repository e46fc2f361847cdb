#include "node/tablet/table_config.h"

#include "core/base/byte_order.h"
#include "core/base/hash_map.h"

struct entry {
    struct tablet_table applied; /* state 0: not yet */
    struct tablet_table proposed;
};

struct table_config {
    struct hash_map *entries; /* by uid */
    uint64_t forgotten_version;
};

struct table_config *table_config_create(void)
{
    struct table_config *config = memory_alloc_zeroed(sizeof *config);
    config->entries = hash_map_create(0);
    return config;
}

void table_config_destroy(struct table_config *config)
{
    if (config == NULL)
        return;
    size_t position = 0;
    struct entry *entry;
    while ((entry = hash_map_next(config->entries, &position, NULL)) != NULL)
        memory_free(entry);
    hash_map_destroy(config->entries);
    memory_free(config);
}

void table_config_encode(const struct tablet_table *table, struct buffer *value)
{
    buffer_append_u8(value, TABLE_CONFIG_VERSION);
    buffer_append_u64(value, table->version);
    buffer_append_u8(value, (uint8_t)table->state);
}

enum status table_config_decode(uint64_t table_uid, struct slice value,
                                struct tablet_table *out_table)
{
    struct byte_reader reader = byte_reader_of(value);
    if (byte_reader_u8(&reader) != TABLE_CONFIG_VERSION)
        return reader.has_failed ? STATUS_CORRUPT : STATUS_UNSUPPORTED;
    struct tablet_table table = {.uid = table_uid, .version = byte_reader_u64(&reader)};
    table.state = (enum tablet_table_state)byte_reader_u8(&reader);
    bool is_known = table.state == TABLET_TABLE_OPEN || table.state == TABLET_TABLE_CLOSED;
    if (!byte_reader_is_done(&reader) || !is_known)
        return STATUS_CORRUPT;
    *out_table = table;
    return STATUS_OK;
}

static struct entry *entry_find(const struct table_config *config, uint64_t table_uid)
{
    return hash_map_get(config->entries, slice_of(&table_uid, sizeof table_uid));
}

static struct entry *entry_of(struct table_config *config, uint64_t table_uid)
{
    struct entry *entry = entry_find(config, table_uid);
    if (entry == NULL) {
        entry = memory_alloc_zeroed(sizeof *entry);
        hash_map_put(config->entries, slice_of(&table_uid, sizeof table_uid), entry);
    }
    return entry;
}

const struct tablet_table *table_config_find(const struct table_config *config, uint64_t table_uid)
{
    const struct entry *entry = entry_find(config, table_uid);
    return entry == NULL ? NULL : &entry->proposed;
}

void table_config_propose(struct table_config *config, const struct tablet_table *table)
{
    entry_of(config, table->uid)->proposed = *table;
}

void table_config_apply(struct table_config *config, const struct tablet_table *table)
{
    struct entry *entry = entry_of(config, table->uid);
    entry->applied = *table;
    if (entry->proposed.version <= table->version)
        entry->proposed = *table;
}

void table_config_revert(struct table_config *config)
{
    size_t position = 0;
    struct slice key;
    struct entry *entry;
    while ((entry = hash_map_next(config->entries, &position, &key)) != NULL) {
        entry->proposed = entry->applied;
        if (entry->applied.state != 0)
            continue;
        hash_map_remove(config->entries, key);
        memory_free(entry);
    }
}

void table_config_forget(struct table_config *config, uint64_t table_uid)
{
    struct entry *entry = entry_find(config, table_uid);
    if (entry == NULL)
        return;
    config->forgotten_version = table_config_forgotten_version_with(config, table_uid);
    memory_free(hash_map_remove(config->entries, slice_of(&table_uid, sizeof table_uid)));
}

uint64_t table_config_forgotten_version(const struct table_config *config)
{
    return config->forgotten_version;
}

uint64_t table_config_forgotten_version_with(const struct table_config *config, uint64_t table_uid)
{
    const struct entry *entry = entry_find(config, table_uid);
    bool is_later = entry != NULL && entry->applied.version > config->forgotten_version;
    return is_later ? entry->applied.version : config->forgotten_version;
}

void table_config_recall_forgotten(struct table_config *config, uint64_t version)
{
    if (version > config->forgotten_version)
        config->forgotten_version = version;
}

bool table_config_is_stale(const struct table_config *config, const struct tablet_table *table)
{
    return entry_find(config, table->uid) == NULL && table->version < config->forgotten_version;
}

const struct tablet_table *table_config_next(const struct table_config *config, size_t *position)
{
    struct entry *entry;
    while ((entry = hash_map_next(config->entries, position, NULL)) != NULL)
        if (entry->applied.state != 0)
            return &entry->applied;
    return NULL;
}
