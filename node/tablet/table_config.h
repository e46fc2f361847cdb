/*
 * Config: what a tablet's own log says of the tables whose rows it holds.
 *
 * A leader evaluates under this, never under the catalog: whatever changes what a write must
 * produce is a config entry in each tablet's log. Proposed entries count at once for the leader's
 * later proposals, and are taken back when its leadership is lost.
 *
 *     value of a tablet table's key := version u8 (CONFIG_VERSION) . table version u64 . state u8
 *
 * Ownership: the config owns its entries; a table found holds until the config changes.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdint.h>

enum { CONFIG_VERSION = 1 };

/* On disk and on the wire: never renumber. */
enum tablet_table_state {
    TABLET_TABLE_OPEN = 1,
    TABLET_TABLE_CLOSED = 2, /* deleted: nothing is evaluated, and its rows are collected */
};

struct tablet_table {
    uint64_t uid;
    uint64_t version; /* raised by each change; an older one changes nothing */
    enum tablet_table_state state;
};

struct config;

struct config *config_create(void);
void config_destroy(struct config *config);
DEFINE_CLEANUP(config)

void config_encode(const struct tablet_table *table, struct buffer *value);
MUST_USE enum status config_decode(uint64_t table_uid, struct slice value,
                                   struct tablet_table *out_table);

/* As the leader's next proposal must see it; NULL when unknown. */
const struct tablet_table *config_find(const struct config *config, uint64_t table_uid);

void config_propose(struct config *config, const struct tablet_table *table);
void config_apply(struct config *config, const struct tablet_table *table);

/* Nothing that was proposed and not applied will be. */
void config_revert(struct config *config);

/* Its rows are gone. */
void config_forget(struct config *config, uint64_t table_uid);

/* The applied tables, from `*position` = 0 on; NULL at the end. */
const struct tablet_table *config_next(const struct config *config, size_t *position);
