#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/model/entry_private.h"
#include "core/model/item.h"

enum {
    KEPT_SIZE_MAX = 1 << 20, /* of each block of memory, from one item to the next */
    FRAME_COUNT_MAX = 1 + LIMIT_ITEM_DEPTH + 1, /* the item, lists and maps, and one set */
    ITEM_HEADER_SIZE = 2,                       /* version, and a count of one byte */
    CONTAINER_HEADER_SIZE = 1 + 4 + 1,          /* type, size, and a count of one byte */
};

/* The item, or a container that is open. */
struct frame {
    enum value_type type; /* the item is a map */
    enum value_type element_type;
    size_t start; /* of its header */
    size_t first_entry;
    size_t count;
    bool is_sorted;
    bool has_name; /* of a map: the next call brings the value */
    bool has_run;  /* one entry stands for several, which cannot be sorted */
    bool is_full;
};

struct item_builder {
    struct buffer bytes;
    struct buffer scratch;
    struct entry *entries; /* of all open maps and sets, the innermost last */
    size_t entry_count;
    size_t entry_capacity;
    struct frame frames[FRAME_COUNT_MAX];
    size_t frame_count;
    enum item_fault fault;
};

struct item_builder *item_builder_create(void)
{
    struct item_builder *builder = memory_alloc_zeroed(sizeof *builder);
    item_builder_reset(builder);
    return builder;
}

void item_builder_destroy(struct item_builder *builder)
{
    if (builder == NULL)
        return;
    buffer_deinit(&builder->bytes);
    buffer_deinit(&builder->scratch);
    memory_free(builder->entries);
    memory_free(builder);
}

static void shrink(struct buffer *buffer)
{
    if (buffer->capacity > KEPT_SIZE_MAX)
        buffer_deinit(buffer);
    buffer_clear(buffer);
}

void item_builder_reset(struct item_builder *builder)
{
    shrink(&builder->bytes);
    shrink(&builder->scratch);
    if (builder->entry_capacity * sizeof *builder->entries > KEPT_SIZE_MAX) {
        memory_free(builder->entries);
        builder->entries = NULL;
        builder->entry_capacity = 0;
    }
    builder->entry_count = 0;
    builder->fault = ITEM_FAULT_NONE;
    builder->frames[0] = (struct frame){.type = VALUE_MAP, .is_sorted = true};
    builder->frame_count = 1;
    static const uint8_t header[ITEM_HEADER_SIZE] = {ITEM_VERSION, 0};
    buffer_append(&builder->bytes, slice_of(header, sizeof header));
}

static inline struct frame *innermost(struct item_builder *builder)
{
    CHECK(builder->frame_count > 0);
    return &builder->frames[builder->frame_count - 1];
}

/* Makes room for `size` more bytes, and those that entry_prefix reads; false after a fault. */
static inline bool reserve(struct item_builder *builder, size_t size)
{
    struct buffer *bytes = &builder->bytes;
    if (builder->fault != ITEM_FAULT_NONE)
        return false;
    if (size > LIMIT_REQUEST_SIZE - bytes->size) {
        builder->fault = ITEM_FAULT_TOO_LARGE;
        return false;
    }
    if (size + sizeof(uint64_t) > bytes->capacity - bytes->size)
        (void)buffer_reserve(bytes, size + sizeof(uint64_t));
    return true;
}

/* As buffer_append_sized, where there is room. */
static inline void put_sized(struct buffer *buffer, struct slice bytes)
{
    uint8_t *at = buffer->bytes + buffer->size;
    size_t left = bytes.size;
    for (; left >= 0x80; left >>= 7)
        *at++ = (uint8_t)(left | 0x80);
    *at++ = (uint8_t)left;
    if (bytes.size > 0)
        memcpy(at, bytes.bytes, bytes.size);
    buffer->size = (size_t)(at + bytes.size - buffer->bytes);
}

static void grow_entries(struct item_builder *builder)
{
    builder->entry_capacity = builder->entry_capacity == 0 ? 64 : builder->entry_capacity * 2;
    builder->entries =
        memory_resize(builder->entries, builder->entry_capacity * sizeof *builder->entries);
}

/* Notes an entry or element that begins at `start`, and its name or bytes elsewhere behind it. */
static void note_entry_at(struct item_builder *builder, size_t start, size_t name_start,
                          size_t name_size)
{
    struct frame *frame = innermost(builder);
    const uint8_t *bytes = builder->bytes.bytes;
    CHECK(!frame->is_full);
    if (builder->entry_count == builder->entry_capacity)
        grow_entries(builder);
    struct entry *entry = &builder->entries[builder->entry_count++];
    entry_init(entry, bytes, start, name_start, name_size);
    frame->count++;
    if (frame->is_sorted && frame->count > 1)
        frame->is_sorted = entry_compare(bytes, entry - 1, entry) < 0;
}

/* Notes one whose name has just been written. */
static void note_entry(struct item_builder *builder, size_t start, size_t name_size)
{
    note_entry_at(builder, start, builder->bytes.size - name_size, name_size);
}

void item_builder_name(struct item_builder *builder, struct slice name)
{
    if (!reserve(builder, VARINT_SIZE_MAX + name.size))
        return;
    struct frame *frame = innermost(builder);
    CHECK(frame->type == VALUE_MAP);
    CHECK(!frame->has_name);
    frame->has_name = true;
    size_t start = builder->bytes.size;
    put_sized(&builder->bytes, name);
    note_entry(builder, start, name.size);
}

/*
 * Begins a value with its type, which sets do not write. False after a fault; else there is room
 * for `payload_size` bytes.
 */
static bool begin_value(struct item_builder *builder, enum value_type type, size_t payload_size)
{
    if (!reserve(builder, 1 + payload_size))
        return false;
    struct frame *frame = innermost(builder);
    if (frame->element_type != 0) {
        CHECK(type == frame->element_type);
        return true;
    }
    if (frame->type == VALUE_MAP) {
        CHECK(frame->has_name);
        frame->has_name = false;
    } else {
        frame->count++;
    }
    builder->bytes.bytes[builder->bytes.size++] = (uint8_t)type;
    return true;
}

/* Ends a value whose last `size` bytes are what sets are ordered by. */
static void end_scalar(struct item_builder *builder, size_t start, size_t size)
{
    if (innermost(builder)->element_type != 0)
        note_entry(builder, start, size);
}

static void append_bytes(struct item_builder *builder, enum value_type type, struct slice bytes)
{
    if (!begin_value(builder, type, VARINT_SIZE_MAX + bytes.size))
        return;
    size_t start = builder->bytes.size;
    put_sized(&builder->bytes, bytes);
    end_scalar(builder, start, bytes.size);
}

void item_builder_string(struct item_builder *builder, struct slice text)
{
    append_bytes(builder, VALUE_STRING, text);
}

void item_builder_binary(struct item_builder *builder, struct slice bytes)
{
    append_bytes(builder, VALUE_BINARY, bytes);
}

void item_builder_number(struct item_builder *builder, struct number number)
{
    if (!begin_value(builder, VALUE_NUMBER, NUMBER_KEY_SIZE_MAX))
        return;
    size_t start = builder->bytes.size;
    size_t size = number_key_encode(number, builder->bytes.bytes + start);
    builder->bytes.size += size;
    end_scalar(builder, start, size);
}

void item_builder_bool(struct item_builder *builder, bool is_true)
{
    (void)begin_value(builder, is_true ? VALUE_TRUE : VALUE_FALSE, 0);
}

void item_builder_null(struct item_builder *builder)
{
    (void)begin_value(builder, VALUE_NULL, 0);
}

/* How many lists and maps are open, unless it is a set: nothing is opened in one. */
static size_t level_count(const struct item_builder *builder)
{
    return builder->frame_count - 1;
}

void item_builder_value(struct item_builder *builder, struct value value)
{
    if (value.type == VALUE_STRING || value.type == VALUE_BINARY) {
        append_bytes(builder, value.type, value_bytes(value));
        return;
    }
    if (!begin_value(builder, value.type, value.payload.size))
        return;
    unsigned depth = value_depth(value);
    if (depth > 0 && level_count(builder) + depth > LIMIT_ITEM_DEPTH)
        builder->fault = ITEM_FAULT_DEPTH;
    size_t start = builder->bytes.size;
    buffer_append(&builder->bytes, value.payload);
    end_scalar(builder, start, value.payload.size);
}

/* Notes the entries that begin at `start`: by the name of the first, then by that of the last. */
static void note_run(struct item_builder *builder, size_t start, struct value_run run)
{
    struct frame *frame = innermost(builder);
    struct byte_reader reader = byte_reader_of(run.bytes);
    struct slice first_name = byte_reader_sized(&reader);
    size_t first_at = (size_t)(first_name.bytes - run.bytes.bytes);
    note_entry_at(builder, start, start + first_at, first_name.size);
    CHECK(frame->is_sorted);
    frame->has_run = true;
    frame->is_full = run.last_name.bytes == NULL;
    if (frame->is_full)
        return;
    size_t last_at = (size_t)(run.last_name.bytes - run.bytes.bytes);
    CHECK(last_at < run.bytes.size);
    entry_init(&builder->entries[builder->entry_count - 1], builder->bytes.bytes, start,
               start + last_at, run.last_name.size);
}

void item_builder_run(struct item_builder *builder, struct value_run run)
{
    if (run.count == 0 || !reserve(builder, run.bytes.size))
        return;
    struct frame *frame = innermost(builder);
    CHECK(frame->element_type == 0);
    CHECK(!frame->has_name);
    size_t start = builder->bytes.size;
    buffer_append(&builder->bytes, run.bytes);
    if (frame->type == VALUE_MAP) {
        note_run(builder, start, run);
        frame->count--;
    }
    frame->count += run.count;
}

void item_builder_open(struct item_builder *builder, enum value_type container)
{
    enum value_type element_type = value_type_element(container);
    size_t start = builder->bytes.size;
    CHECK(container == VALUE_LIST || container == VALUE_MAP || element_type != 0);
    if (!begin_value(builder, container, CONTAINER_HEADER_SIZE))
        return;
    if (element_type == 0 && level_count(builder) == LIMIT_ITEM_DEPTH) {
        builder->fault = ITEM_FAULT_DEPTH;
        return;
    }
    CHECK(builder->frame_count < FRAME_COUNT_MAX);
    builder->frames[builder->frame_count++] = (struct frame){
        .type = container,
        .element_type = element_type,
        .start = start,
        .first_entry = builder->entry_count,
        .is_sorted = true,
    };
    static const uint8_t size_and_count[CONTAINER_HEADER_SIZE - 1] = {0};
    buffer_append(&builder->bytes, slice_of(size_and_count, sizeof size_and_count));
}

/* Writes the count over the byte that was left for it; what follows moves if that is too little. */
static bool write_count(struct item_builder *builder, size_t at, size_t count)
{
    if (count < 0x80) {
        builder->bytes.bytes[at] = (uint8_t)count;
        return true;
    }
    SCOPED(buffer) varint = {0};
    buffer_append_varint(&varint, count);
    size_t more = varint.size - 1;
    if (!reserve(builder, more))
        return false;
    uint8_t *place = builder->bytes.bytes + at;
    memmove(place + varint.size, place + 1, builder->bytes.size - at - 1);
    memcpy(place, varint.bytes, varint.size);
    builder->bytes.size += more;
    return true;
}

/* Brings the innermost frame into canonical form and leaves it. */
static bool finish_frame(struct item_builder *builder, size_t count_at)
{
    struct frame *frame = innermost(builder);
    bool is_set = frame->element_type != 0;
    CHECK(!frame->has_name);
    CHECK(frame->is_sorted || !frame->has_run);
    if (is_set && frame->count == 0) {
        builder->fault = ITEM_FAULT_EMPTY_SET;
        return false;
    }
    if (!frame->is_sorted && !entries_sort(&builder->entries[frame->first_entry], frame->count,
                                           &builder->bytes, &builder->scratch)) {
        builder->fault = is_set ? ITEM_FAULT_DUPLICATE_ELEMENT : ITEM_FAULT_DUPLICATE_NAME;
        return false;
    }
    builder->entry_count = frame->first_entry;
    builder->frame_count--;
    return write_count(builder, count_at, frame->count);
}

void item_builder_close(struct item_builder *builder)
{
    if (builder->fault != ITEM_FAULT_NONE)
        return;
    CHECK(builder->frame_count > 1);
    size_t size_at = innermost(builder)->start + 1;
    size_t content_at = size_at + 4;
    if (finish_frame(builder, content_at))
        byte_order_put_u32(builder->bytes.bytes + size_at,
                           (uint32_t)(builder->bytes.size - content_at));
}

enum item_fault item_builder_fault(const struct item_builder *builder)
{
    return builder->fault;
}

enum item_fault item_builder_finish(struct item_builder *builder, struct slice *out_item)
{
    if (builder->fault == ITEM_FAULT_NONE) {
        CHECK(builder->frame_count == 1);
        (void)finish_frame(builder, ITEM_HEADER_SIZE - 1);
    }
    if (builder->fault == ITEM_FAULT_NONE)
        *out_item = buffer_slice(&builder->bytes);
    return builder->fault;
}
