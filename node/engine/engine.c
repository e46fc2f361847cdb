#include "node/engine/engine.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"

enum operation_kind {
    OPERATION_PUT = 1,
    OPERATION_DELETE = 2,
};

void engine_batch_init(struct engine_batch *batch)
{
    buffer_init(&batch->operations);
    batch->operation_count = 0;
}

void engine_batch_deinit(struct engine_batch *batch)
{
    buffer_deinit(&batch->operations);
    batch->operation_count = 0;
}

void engine_batch_clear(struct engine_batch *batch)
{
    buffer_clear(&batch->operations);
    batch->operation_count = 0;
}

static void add_operation(struct engine_batch *batch, enum operation_kind kind, struct slice key)
{
    CHECK(key.size > 0);
    buffer_append_u8(&batch->operations, (uint8_t)kind);
    buffer_append_sized(&batch->operations, key);
    batch->operation_count++;
}

void engine_batch_put(struct engine_batch *batch, struct slice key, struct slice value)
{
    engine_batch_put_joined(batch, key, value, (struct slice){0});
}

void engine_batch_put_joined(struct engine_batch *batch, struct slice key, struct slice first,
                             struct slice second)
{
    add_operation(batch, OPERATION_PUT, key);
    buffer_append_varint(&batch->operations, first.size + second.size);
    buffer_append(&batch->operations, first);
    buffer_append(&batch->operations, second);
}

void engine_batch_delete(struct engine_batch *batch, struct slice key)
{
    add_operation(batch, OPERATION_DELETE, key);
}

bool engine_batch_next(const struct engine_batch *batch, size_t *position, struct slice *out_key,
                       struct slice *out_value)
{
    CHECK(*position <= batch->operations.size);
    if (*position == batch->operations.size)
        return false;

    struct byte_reader reader =
        byte_reader_of(slice_skip(buffer_slice(&batch->operations), *position));
    uint8_t kind = byte_reader_u8(&reader);
    CHECK(kind == OPERATION_PUT || kind == OPERATION_DELETE);
    *out_key = byte_reader_sized(&reader);
    *out_value = kind == OPERATION_PUT ? byte_reader_sized(&reader) : (struct slice){0};
    CHECK(!reader.has_failed);
    *position = batch->operations.size - reader.rest.size;
    return true;
}

void engine_get(struct engine *engine, struct slice key, engine_get_fn fn, void *context)
{
    CHECK(key.size > 0);
    engine->ops->get(engine, key, fn, context);
}

void engine_scan(struct engine *engine, const struct engine_range *range, engine_scan_fn fn,
                 void *context)
{
    CHECK(range->row_count_max > 0);
    engine->ops->scan(engine, range, fn, context);
}

void engine_write(struct engine *engine, struct engine_batch *batch, engine_done_fn fn,
                  void *context)
{
    engine->ops->write(engine, batch, fn, context);
}

void engine_checkpoint(struct engine *engine, engine_done_fn fn, void *context)
{
    engine->ops->checkpoint(engine, fn, context);
}

void engine_stats(struct engine *engine, struct engine_stats *out_stats)
{
    engine->ops->stats(engine, out_stats);
}

void engine_destroy(struct engine *engine)
{
    if (engine != NULL)
        engine->ops->destroy(engine);
}
