/*
 * Config: what a tablet's own log says of the tables whose rows it holds.
 *
 * A leader evaluates under this, never under the catalog: whatever changes what a write must
 * produce is a config entry in each tablet's log. Proposed entries count at once for the leader's
 * later proposals, and are taken back when its leadership is lost.
 *
 *     value of a tablet table's key := version u8 (TABLE_CONFIG_VERSION) . table version u64 .
 * state u8
 *
 * A table whose rows are gone is forgotten, but for the latest version of any that was: the version
 * is that of the catalog as it asked, so that one asked for earlier, of a table that is not known,
 * may be of a table that was dropped since. Such an opening is refused; the catalog asks again.
 *
 * Ownership: the config owns its entries; a table found holds until the config changes.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TABLE_CONFIG_VERSION = 1,

    /* No table has it: under it the engine keeps the latest version of any table forgotten. */
    TABLE_UID_FORGOTTEN = 0,
};

/* On disk and on the wire: never renumber. */
enum tablet_table_state {
    TABLET_TABLE_OPEN = 1,
    TABLET_TABLE_CLOSED = 2, /* deleted: nothing is evaluated, and its rows are collected */
};

struct tablet_table {
    uint64_t uid;
    uint64_t version; /* of the catalog that asked; an older one changes nothing */
    enum tablet_table_state state;
};

struct table_config;

struct table_config *table_config_create(void);
void table_config_destroy(struct table_config *config);
DEFINE_CLEANUP(table_config)

void table_config_encode(const struct tablet_table *table, struct buffer *value);
MUST_USE enum status table_config_decode(uint64_t table_uid, struct slice value,
                                         struct tablet_table *out_table);

/* As the leader's next proposal must see it; NULL when unknown. */
const struct tablet_table *table_config_find(const struct table_config *config, uint64_t table_uid);

void table_config_propose(struct table_config *config, const struct tablet_table *table);
void table_config_apply(struct table_config *config, const struct tablet_table *table);

/* Nothing that was proposed and not applied will be. */
void table_config_revert(struct table_config *config);

/* Its rows are gone. */
void table_config_forget(struct table_config *config, uint64_t table_uid);

/* The latest version of any table forgotten; and with this one, which is known. */
uint64_t table_config_forgotten_version(const struct table_config *config);
uint64_t table_config_forgotten_version_with(const struct table_config *config, uint64_t table_uid);
void table_config_recall_forgotten(struct table_config *config, uint64_t version);

/* The change may be of a table that has been forgotten. */
bool table_config_is_stale(const struct table_config *config, const struct tablet_table *table);

/* The applied tables, from `*position` = 0 on; NULL at the end. */
const struct tablet_table *table_config_next(const struct table_config *config, size_t *position);
