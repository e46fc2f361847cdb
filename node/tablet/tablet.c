#include "node/tablet/tablet.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/env/env.h"
#include "node/engine/keyspace.h"
#include "node/tablet/applier.h"
#include "node/tablet/tablet_private.h"

enum { TABLES_PAGE_BYTES = 1 << 20, TABLES_PAGE_ROWS = 10000 };

static void open_end(struct tablet *tablet, enum status status)
{
    tablet->opened_fn(tablet->opened_context, status);
}

static void group_start(struct tablet *tablet)
{
    struct log_group *log_group =
        log_find_group(tablet->options.log, tablet_group_id(tablet->options.tablet));
    CHECK(log_group != NULL);
    tablet->applied_index = log_group_base(log_group).index;
    tablet->written_index = tablet->applied_index;
    struct group_options options = {
        .env = tablet->options.env,
        .log = tablet->options.log,
        .log_group = log_group,
        .server_id = log_group_incarnation(log_group),
        .host = &tablet_group_host,
        .context = tablet,
    };
    open_end(tablet, group_create(&options, &tablet->group));
}

static enum status table_load(struct tablet *tablet, struct slice key, struct slice value)
{
    struct byte_reader reader = byte_reader_of(slice_skip(key, key.size - sizeof(uint64_t)));
    struct tablet_table table;
    TRY(table_config_decode(byte_reader_u64(&reader), value, &table));
    if (table.uid == TABLE_UID_FORGOTTEN)
        table_config_recall_forgotten(tablet->config, table.version);
    else
        table_config_apply(tablet->config, &table);
    return STATUS_OK;
}

static void tables_take(void *context, enum status status, const struct engine_page *page)
{
    struct tablet *tablet = context;
    if (status == STATUS_OK && !page->is_end)
        status = STATUS_TOO_LARGE;
    if (status != STATUS_OK) {
        open_end(tablet, status);
        return;
    }
    struct byte_reader reader = byte_reader_of(page->rows);
    for (size_t i = 0; i < page->row_count && status == STATUS_OK; i++) {
        struct slice key = byte_reader_sized(&reader);
        status = table_load(tablet, key, byte_reader_sized(&reader));
    }
    if (status != STATUS_OK) {
        open_end(tablet, status);
        return;
    }
    size_t position = 0;
    const struct tablet_table *table;
    while ((table = table_config_next(tablet->config, &position)) != NULL)
        if (table->state == TABLET_TABLE_CLOSED)
            tablet_collect(tablet, table->uid);
    group_start(tablet);
    tablet_collect_continue(tablet);
}

static void state_take(void *context, enum status status, struct slice value)
{
    struct tablet *tablet = context;
    if (status == STATUS_OK)
        status = tablet_state_load(tablet, value);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        open_end(tablet, status);
        return;
    }
    SCOPED(buffer) first;
    SCOPED(buffer) end;
    buffer_init(&first);
    buffer_init(&end);
    keyspace_tablet_tables(&first, tablet->options.tablet);
    keyspace_prefix_end(&end, buffer_slice(&first));
    struct engine_range range = {
        .first = buffer_slice(&first),
        .end = buffer_slice(&end),
        .row_count_max = TABLES_PAGE_ROWS,
        .bytes_max = TABLES_PAGE_BYTES,
    };
    engine_scan(tablet->options.engine, &range, tables_take, tablet);
}

struct tablet *tablet_create(const struct tablet_options *options, tablet_opened_fn fn,
                             void *context)
{
    struct tablet *tablet = memory_alloc_zeroed(sizeof *tablet);
    tablet->options = *options;
    tablet->overlay = overlay_create(env_random_u64(options->env));
    tablet->config = table_config_create();
    fetches_init(tablet);
    pending_init(&tablet->pending);
    list_init(&tablet->collections);
    list_init(&tablet->pages);
    list_init(&tablet->refused_pages);
    list_init(&tablet->page_reads);
    hybrid_clock_init(&tablet->clock, options->env, options->region_id);
    effects_init(&tablet->effects);
    buffer_init(&tablet->command);
    buffer_init(&tablet->row_key);
    tablet->opened_fn = fn;
    tablet->opened_context = context;

    SCOPED(buffer) key;
    buffer_init(&key);
    keyspace_tablet_state(&key, options->tablet);
    engine_get(options->engine, buffer_slice(&key), state_take, tablet);
    return tablet;
}

void tablet_destroy(struct tablet *tablet)
{
    if (tablet == NULL)
        return;
    applier_forget(tablet->options.applier, tablet);
    group_destroy(tablet->group);
    tablet_collect_end(tablet);
    pages_destroy(tablet);
    fetches_destroy(tablet);
    pending_deinit(&tablet->pending);
    overlay_destroy(tablet->overlay);
    table_config_destroy(tablet->config);
    effects_deinit(&tablet->effects);
    buffer_deinit(&tablet->command);
    buffer_deinit(&tablet->row_key);
    evaluate_scratch_deinit(&tablet->scratch);
    memory_free(tablet);
}

void tablet_synced(struct tablet *tablet, uint64_t lsn)
{
    if (tablet->group != NULL)
        group_synced(tablet->group, lsn);
}

void tablet_checkpointed(struct tablet *tablet, uint64_t index)
{
    if (tablet->group != NULL)
        group_checkpointed(tablet->group, index);
    tablet_collect_checkpointed(tablet);
}

bool tablet_is_serving(const struct tablet *tablet)
{
    return tablet->group != NULL && group_may_evaluate(tablet->group) &&
           (tablet->options.is_log_relaxed || tablet->applied_index >= tablet->held_index);
}

uint32_t tablet_number(const struct tablet *tablet)
{
    return tablet->options.tablet;
}

uint64_t tablet_term(const struct tablet *tablet)
{
    return tablet->group == NULL ? 0 : group_term(tablet->group);
}

uint64_t tablet_applied_index(const struct tablet *tablet)
{
    return tablet->group == NULL ? 0 : group_applied_index(tablet->group);
}

uint64_t tablet_written_index(const struct tablet *tablet)
{
    /* Barriers and configurations put nothing into the engine: they must not pin the log. */
    if (tablet->group != NULL && tablet->written_index == tablet->applied_index)
        return group_applied_index(tablet->group);
    return tablet->written_index;
}
