/*
 * Fuzz target: bytes as the effects of a command, as a row, and as what a tablet knows of a table.
 *
 * Effects that open can be walked, every part of theirs lies within the bytes, and building them
 * again from what was found gives effects that say the same. Rows and tables come back as they
 * were.
 */
#include "core/base/check.h"
#include "node/tablet/effects.h"
#include "node/tablet/row.h"
#include "node/tablet/table_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_within(struct slice part, struct slice whole)
{
    return part.size == 0 ||
           (part.bytes >= whole.bytes && part.bytes + part.size <= whole.bytes + whole.size);
}

static void effect_add(struct effects *effects, const struct effect *effect)
{
    struct row row;
    switch (effect->kind) {
    case EFFECT_PUT_ROW:
        /* Applying does not look into the header, the builder makes only sound ones. */
        if (row_decode(effect->header, &row) == STATUS_OK && row.item.size == 0)
            effects_put_row(effects, effect->key, &row, effects_add_value(effects, effect->value));
        return;
    case EFFECT_PUT:
        effects_put(effects, effect->key, effect->value);
        return;
    case EFFECT_DELETE:
        effects_delete(effects, effect->key);
        return;
    }
    CHECK(!"a known kind of effect");
}

static bool is_kept(const struct effect *effect)
{
    struct row row;
    return effect->kind != EFFECT_PUT_ROW ||
           (row_decode(effect->header, &row) == STATUS_OK && row.item.size == 0);
}

static void same_check(struct effects_cursor *cursor, struct effects_cursor *again)
{
    struct effect effect, other;
    while (effects_next(cursor, &effect)) {
        if (!is_kept(&effect))
            continue;
        CHECK(effects_next(again, &other));
        CHECK(effect.kind == other.kind);
        CHECK(slice_is_equal(effect.key, other.key));
        CHECK(slice_is_equal(effect.value, other.value));
    }
    CHECK(!effects_next(again, &other));
}

static void effects_check(struct slice bytes)
{
    struct effects_cursor cursor, walked, again;
    uint64_t time, time_again;
    if (effects_open(bytes, &cursor, &time) != STATUS_OK)
        return;
    struct effects effects;
    effects_init(&effects);
    effects_clear(&effects, time);
    walked = cursor;
    struct effect effect;
    while (effects_next(&walked, &effect)) {
        CHECK(is_within(effect.key, bytes));
        CHECK(is_within(effect.header, bytes));
        CHECK(is_within(effect.value, bytes));
        effect_add(&effects, &effect);
    }
    SCOPED(buffer) encoded = {0};
    effects_encode(&effects, &encoded);
    effects_deinit(&effects);
    CHECK(effects_open(buffer_slice(&encoded), &again, &time_again) == STATUS_OK);
    CHECK(time == time_again);
    same_check(&cursor, &again);
}

static void row_check(struct slice bytes)
{
    struct row row, again;
    if (row_decode(bytes, &row) != STATUS_OK)
        return;
    SCOPED(buffer) encoded = {0};
    row_encode_header(&row, &encoded);
    buffer_append(&encoded, row.item);
    CHECK(row_decode(buffer_slice(&encoded), &again) == STATUS_OK);
    CHECK(row.flags == again.flags);
    CHECK(stamp_compare(row.stamp, again.stamp) == 0);
    CHECK(slice_is_equal(row.extension, again.extension));
    CHECK(slice_is_equal(row.item, again.item));
}

static void table_check(struct slice bytes)
{
    struct tablet_table table;
    if (table_config_decode(7, bytes, &table) != STATUS_OK)
        return;
    SCOPED(buffer) encoded = {0};
    table_config_encode(&table, &encoded);
    CHECK(slice_is_equal(buffer_slice(&encoded), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    effects_check(slice_of(bytes, size));
    row_check(slice_of(bytes, size));
    table_check(slice_of(bytes, size));
    return 0;
}
