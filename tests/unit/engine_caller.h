/*
 * Calls of an engine that wait for their answer, by running the env until it is there.
 */
#pragma once

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "node/engine/engine.h"

struct engine_caller {
    struct env *env;
    struct engine *engine;

    /* The answer to the last call. */
    bool has_answer;
    enum status status;
    struct buffer bytes; /* a get's value, or a scan's rows */
    size_t row_count;
    bool is_end;
};

static inline void caller_init(struct engine_caller *caller, struct env *env, struct engine *engine)
{
    *caller = (struct engine_caller){.env = env, .engine = engine};
    buffer_init(&caller->bytes);
}

static inline void caller_deinit(struct engine_caller *caller)
{
    buffer_deinit(&caller->bytes);
}

static inline void caller_take_done(void *context, enum status status)
{
    struct engine_caller *caller = context;
    caller->has_answer = true;
    caller->status = status;
    env_uv_stop(caller->env);
}

static inline void caller_take_value(void *context, enum status status, struct slice value)
{
    struct engine_caller *caller = context;
    buffer_append(&caller->bytes, value);
    caller_take_done(caller, status);
}

static inline void caller_take_page(void *context, enum status status,
                                    const struct engine_page *page)
{
    struct engine_caller *caller = context;
    caller->row_count = page->row_count;
    caller->is_end = page->is_end;
    buffer_append(&caller->bytes, page->rows);
    caller_take_done(caller, status);
}

static inline void caller_expect(struct engine_caller *caller)
{
    caller->has_answer = false;
    buffer_clear(&caller->bytes);
}

static inline enum status caller_wait(struct engine_caller *caller)
{
    CHECK(!caller->has_answer); /* callbacks are never made from inside the call */
    env_uv_run(caller->env);
    CHECK(caller->has_answer);
    return caller->status;
}

static inline enum status caller_get(struct engine_caller *caller, const char *key)
{
    caller_expect(caller);
    engine_get(caller->engine, slice_of_text(key), caller_take_value, caller);
    return caller_wait(caller);
}

static inline enum status caller_scan(struct engine_caller *caller,
                                      const struct engine_range *range)
{
    caller_expect(caller);
    engine_scan(caller->engine, range, caller_take_page, caller);
    return caller_wait(caller);
}

static inline enum status caller_write(struct engine_caller *caller, struct engine_batch *batch)
{
    caller_expect(caller);
    engine_write(caller->engine, batch, caller_take_done, caller);
    return caller_wait(caller);
}

static inline enum status caller_put(struct engine_caller *caller, const char *key,
                                     const char *value)
{
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_put(&batch, slice_of_text(key), slice_of_text(value));
    return caller_write(caller, &batch);
}

static inline enum status caller_delete(struct engine_caller *caller, const char *key)
{
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_delete(&batch, slice_of_text(key));
    return caller_write(caller, &batch);
}

static inline enum status caller_checkpoint(struct engine_caller *caller)
{
    caller_expect(caller);
    engine_checkpoint(caller->engine, caller_take_done, caller);
    return caller_wait(caller);
}

/* "a=1 b=2": the rows of the last scan. */
static inline void caller_rows_text(struct engine_caller *caller, struct buffer *out_text)
{
    struct byte_reader reader = byte_reader_of(buffer_slice(&caller->bytes));
    buffer_clear(out_text);
    while (reader.rest.size > 0 && !reader.has_failed) {
        if (out_text->size > 0)
            buffer_append_text(out_text, " ");
        buffer_append(out_text, byte_reader_sized(&reader));
        buffer_append_text(out_text, "=");
        buffer_append(out_text, byte_reader_sized(&reader));
    }
    CHECK(!reader.has_failed);
    buffer_append_u8(out_text, 0);
}
