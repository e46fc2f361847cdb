/*
 * View: the catalog's records as a process knows them, ready to be looked things up in.
 *
 * The catalog's own leader has one, and so has every router and node, which keep theirs up to date
 * by watching (snapshot, then changes by version).
 *
 * Ownership: what a look-up returns belongs to the view, and holds until the view changes.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/catalog/records.h"
#include "core/catalog/table.h"

#include <stddef.h>
#include <stdint.h>

struct catalog_view;

struct catalog_view *catalog_view_create(void);
void catalog_view_destroy(struct catalog_view *view);
DEFINE_CLEANUP(catalog_view)

/*
 * Takes one record, or forgets it when `value` is empty. STATUS_CORRUPT, and the view unchanged,
 * when it is malformed or stands under the key of another one.
 */
MUST_USE enum status catalog_view_put(struct catalog_view *view, struct slice key,
                                      struct slice value);

/* Forgets everything, as before a snapshot. */
void catalog_view_clear(struct catalog_view *view);

/* Each takes the other's records and version; their addresses stay good. */
void catalog_view_exchange(struct catalog_view *left, struct catalog_view *right);

uint64_t catalog_view_version(const struct catalog_view *view);
void catalog_view_set_version(struct catalog_view *view, uint64_t version);

/* NULL when there is none. */
const struct settings *catalog_view_settings(const struct catalog_view *view);
const struct table *catalog_view_find_table(const struct catalog_view *view, struct slice name);
const struct node_record *catalog_view_find_node(const struct catalog_view *view, uint64_t node_id);
const struct tablet_record *catalog_view_find_tablet(const struct catalog_view *view,
                                                     uint32_t tablet);

/* The `position`th record of its kind, in the order of keys (tables: of names); NULL at the end. */
const struct table *catalog_view_table_at(const struct catalog_view *view, size_t position);
const struct node_record *catalog_view_node_at(const struct catalog_view *view, size_t position);
const struct tablet_record *catalog_view_tablet_at(const struct catalog_view *view,
                                                   size_t position);

/* Where the tables whose names come after `name` begin, for paging. */
size_t catalog_view_tables_after(const struct catalog_view *view, struct slice name);

/* A record's own bytes, at a position over all kinds; false at the end. */
bool catalog_view_record_at(const struct catalog_view *view, size_t position, struct slice *out_key,
                            struct slice *out_value);
