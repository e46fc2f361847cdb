#include "proto/frame_codec.h"

#include "core/base/limits.h"
#include "proto/rpc.h"

/* Protobuf: a field is its number and wire type, as one varint, and what the type says. */
enum wire_type { WIRE_VARINT = 0, WIRE_64_BIT = 1, WIRE_SIZED = 2, WIRE_32_BIT = 5 };
enum { FIELD_VERSION = 1, FIELD_SESSION = 2, FIELD_HELLO = 3 };
enum { PART_ID = 1, PART_CODE = 2, PART_DETAIL = 3, PART_BODY = 4 };

#define TAG(field, type) ((uint8_t)((field) << 3 | (type)))

/* --- Writing --------------------------------------------------------------------------------- */

static uint8_t *put_varint(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

/* As protobuf does, zero is told by leaving the field out. */
static uint8_t *put_number(uint8_t *at, unsigned field, uint64_t value)
{
    if (value == 0)
        return at;
    *at++ = TAG(field, WIRE_VARINT);
    return put_varint(at, value);
}

void frame_begin(struct buffer *frame, uint64_t session)
{
    buffer_append_u8(frame, TAG(FIELD_VERSION, WIRE_VARINT));
    buffer_append_u8(frame, FRAME_VERSION);
    if (session == 0)
        return;
    buffer_append_u8(frame, TAG(FIELD_SESSION, WIRE_64_BIT));
    buffer_append_u64(frame, __builtin_bswap64(session)); /* protobuf is little-endian */
}

void frame_add_hello(struct buffer *frame, const Graticule__Wire__Hello *hello)
{
    buffer_append_u8(frame, TAG(FIELD_HELLO, WIRE_SIZED));
    buffer_append_varint(frame, graticule__wire__hello__get_packed_size(hello));
    frame_pack(&hello->base, frame);
}

void frame_add_part(struct buffer *frame, enum frame_part_kind kind, const struct frame_part *part)
{
    uint8_t head[RPC_ENVELOPE_SIZE_MAX];
    uint8_t *at = put_number(head, PART_ID, part->id);
    at = put_number(at, PART_CODE, part->code);
    at = put_number(at, PART_DETAIL, part->detail);
    if (part->body.size > 0) {
        *at++ = TAG(PART_BODY, WIRE_SIZED);
        at = put_varint(at, part->body.size);
    }
    size_t head_size = (size_t)(at - head);
    uint8_t *start = buffer_reserve(frame, 1 + VARINT_SIZE_MAX + head_size + part->body.size);
    at = start;
    *at++ = TAG(kind, WIRE_SIZED);
    at = put_varint(at, head_size + part->body.size);
    memcpy(at, head, head_size);
    frame->size += (size_t)(at - start) + head_size;
    buffer_append(frame, part->body);
}

/* --- Reading --------------------------------------------------------------------------------- */

struct field {
    uint64_t number;
    unsigned type;      /* enum wire_type, or unknown */
    uint64_t value;     /* of a number */
    struct slice bytes; /* of what is sized */
};

static bool field_read(struct byte_reader *reader, struct field *out_field)
{
    uint64_t tag = byte_reader_varint(reader);
    *out_field = (struct field){.number = tag >> 3, .type = tag & 7};
    switch (out_field->type) {
    case WIRE_VARINT:
        out_field->value = byte_reader_varint(reader);
        break;
    case WIRE_64_BIT:
        out_field->value = __builtin_bswap64(byte_reader_u64(reader));
        break;
    case WIRE_SIZED:
        out_field->bytes = byte_reader_sized(reader);
        break;
    case WIRE_32_BIT:
        out_field->value = __builtin_bswap32(byte_reader_u32(reader));
        break;
    default: /* groups, which protobuf has given up */
        return false;
    }
    return !reader->has_failed && out_field->number > 0;
}

static bool is_number(const struct field *field, unsigned number, uint64_t max)
{
    return field->number == number && field->type == WIRE_VARINT && field->value <= max;
}

/* Fields that a later version adds are passed over; ours are of the type that they have. */
static bool part_take(const struct field *field, struct frame_part *part)
{
    if (is_number(field, PART_ID, UINT64_MAX))
        part->id = field->value;
    else if (is_number(field, PART_CODE, UINT32_MAX))
        part->code = (uint32_t)field->value;
    else if (is_number(field, PART_DETAIL, UINT32_MAX))
        part->detail = (uint32_t)field->value;
    else if (field->number == PART_BODY && field->type == WIRE_SIZED)
        part->body = field->bytes;
    else
        return field->number > PART_BODY;
    return true;
}

static bool part_read(struct slice bytes, struct frame_part *out_part)
{
    struct byte_reader reader = byte_reader_of(bytes);
    *out_part = (struct frame_part){0};
    while (reader.rest.size > 0) {
        struct field field;
        if (!field_read(&reader, &field) || !part_take(&field, out_part))
            return false;
    }
    return true;
}

static bool is_part(const struct field *field, enum frame_part_kind kind)
{
    return field->number == (uint64_t)kind && field->type == WIRE_SIZED;
}

static bool frame_take(const struct field *field, struct frame *frame, bool *is_ours)
{
    struct frame_part part;
    if (is_part(field, FRAME_REQUEST) || is_part(field, FRAME_RESPONSE)) {
        size_t *count =
            is_part(field, FRAME_REQUEST) ? &frame->request_count : &frame->response_count;
        return ++*count <= RPC_FRAME_COUNT_MAX && part_read(field->bytes, &part);
    }
    if (is_number(field, FIELD_VERSION, UINT32_MAX)) {
        *is_ours = field->value == FRAME_VERSION;
    } else if (field->number == FIELD_SESSION && field->type == WIRE_64_BIT) {
        frame->session = field->value;
    } else if (field->number == FIELD_HELLO && field->type == WIRE_SIZED) {
        frame->has_hello = true;
        frame->hello = field->bytes;
    } else {
        return field->number > FRAME_RESPONSE;
    }
    return true;
}

bool frame_open(struct slice bytes, struct frame *out_frame)
{
    struct byte_reader reader = byte_reader_of(bytes);
    bool is_ours = false;
    *out_frame = (struct frame){.fields = bytes};
    if (bytes.size > LIMIT_FRAME_SIZE)
        return false;
    while (reader.rest.size > 0) {
        struct field field;
        if (!field_read(&reader, &field) || !frame_take(&field, out_frame, &is_ours))
            return false;
    }
    return is_ours;
}

struct frame_cursor frame_cursor(const struct frame *frame, enum frame_part_kind kind)
{
    return (struct frame_cursor){.reader = byte_reader_of(frame->fields), .kind = kind};
}

bool frame_cursor_next(struct frame_cursor *cursor, struct frame_part *out_part)
{
    struct field field;
    while (cursor->reader.rest.size > 0 && field_read(&cursor->reader, &field))
        if (is_part(&field, cursor->kind))
            return part_read(field.bytes, out_part);
    return false;
}
