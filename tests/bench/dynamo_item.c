#define _GNU_SOURCE
#include "tests/bench/dynamo_item.h"

#include "core/base/random.h"

#include <stdlib.h>

/* An item is its key, a number and four texts that hold all else. */
enum {
    FIELD_COUNT = 4,
    ID_SIZE = 20,
    PLACE_FIRST = 1000,
    PLACE_SIZE = (int)sizeof "place" - 1 + 4 / 2 + 1,
    REVISION_FIRST = 100000,
    REVISION_DIGITS = 6,
    FIXED_SIZE = (int)sizeof "id" - 1 + ID_SIZE + (int)sizeof "revision" - 1 + REVISION_DIGITS / 2 +
                 1 + FIELD_COUNT * ((int)sizeof "field0" - 1),
};

static uint64_t hash_of(uint64_t number, uint64_t what)
{
    struct random random = random_of_seed(number * 16 + what);
    return random_next(&random);
}

static bool class_parse(char **text, struct item_size_class *out_class)
{
    unsigned long smallest = strtoul(*text, text, 10);
    unsigned long largest = **text == '-' ? strtoul(*text + 1, text, 10) : smallest;
    unsigned long weight = **text == ':' ? strtoul(*text + 1, text, 10) : 1;
    *out_class = (struct item_size_class){(uint32_t)smallest, (uint32_t)largest, (uint32_t)weight};
    return smallest >= ITEM_SIZE_MIN && smallest <= largest && largest <= ITEM_SIZE_MAX &&
           weight > 0 && weight <= 1000 && (**text == ',' || **text == '\0');
}

enum status item_sizes_parse(const char *text, struct item_sizes *out_sizes)
{
    struct item_sizes sizes = {0};
    char *rest = (char *)text;
    do {
        if (sizes.class_count == ITEM_SIZE_CLASSES_MAX)
            return STATUS_TOO_LARGE;
        if (!class_parse(&rest, &sizes.classes[sizes.class_count]))
            return STATUS_INVALID;
        sizes.weight_sum += sizes.classes[sizes.class_count++].weight;
    } while (*rest++ == ',');
    *out_sizes = sizes;
    return STATUS_OK;
}

uint32_t item_size_of(const struct item_sizes *sizes, uint64_t number)
{
    uint64_t place = hash_of(number, 8) % sizes->weight_sum;
    const struct item_size_class *size_class = sizes->classes;
    while (place >= size_class->weight)
        place -= size_class++->weight;
    uint64_t spread = size_class->largest - size_class->smallest + 1;
    return size_class->smallest + (uint32_t)(hash_of(number, 9) % spread);
}

static void append_id(const struct item_form *form, uint64_t number, struct buffer *out)
{
    uint64_t partition = form->is_sorted ? number / ITEM_PARTITION_COUNT : number;
    buffer_append_format(out, "user%016llx", (unsigned long long)hash_of(partition, 10));
}

/* Letters and digits in no order that compresses, different ones for each number and field. */
static void append_text(uint64_t number, uint64_t field, size_t size, struct buffer *out)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    struct random random = random_of_seed(hash_of(number, field));
    char *text = (char *)buffer_reserve(out, size);
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++) {
        bits = i % 10 == 0 ? random_next(&random) : bits >> 6;
        text[i] = letters[bits % 64];
    }
    out->size += size;
}

static size_t field_size(const struct item_form *form, uint64_t number, uint64_t field)
{
    size_t key_size = form->is_sorted ? PLACE_SIZE : 0;
    size_t text_size = item_size_of(&form->sizes, number) - FIXED_SIZE - key_size;
    return text_size / FIELD_COUNT + (field == 0 ? text_size % FIELD_COUNT : 0);
}

static void append_key_values(const struct item_form *form, uint64_t number, struct buffer *out)
{
    buffer_append_text(out, "\"id\":");
    item_append_id(form, number, out);
    if (form->is_sorted)
        buffer_append_format(out, ",\"place\":{\"N\":\"%u\"}",
                             PLACE_FIRST + (unsigned)(number % ITEM_PARTITION_COUNT));
}

void item_append_id(const struct item_form *form, uint64_t number, struct buffer *out)
{
    buffer_append_text(out, "{\"S\":\"");
    append_id(form, number, out);
    buffer_append_text(out, "\"}");
}

void item_append_key(const struct item_form *form, uint64_t number, struct buffer *out)
{
    buffer_append_text(out, "{");
    append_key_values(form, number, out);
    buffer_append_text(out, "}");
}

void item_append_revision(uint64_t number, struct buffer *out)
{
    buffer_append_format(out, "{\"N\":\"%llu\"}",
                         (unsigned long long)(REVISION_FIRST + number % ITEM_REVISION_COUNT));
}

void item_append(const struct item_form *form, uint64_t number, struct buffer *out)
{
    buffer_append_text(out, "{");
    append_key_values(form, number, out);
    buffer_append_text(out, ",\"revision\":");
    item_append_revision(number, out);
    for (uint64_t field = 0; field < FIELD_COUNT; field++) {
        buffer_append_format(out, ",\"field%llu\":{\"S\":\"", (unsigned long long)field);
        append_text(number, field, field_size(form, number, field), out);
        buffer_append_text(out, "\"}");
    }
    buffer_append_text(out, "}");
}

static bool has_id(const struct item_form *form, uint64_t number, struct slice answer)
{
    SCOPED(buffer) id;
    buffer_init(&id);
    append_id(form, number, &id);
    return memmem(answer.bytes, answer.size, id.bytes, id.size) != NULL;
}

/* Moves the end behind the text, if it is not there already; false where the text is not. */
static bool find(struct slice answer, const struct buffer *text, size_t *end)
{
    const uint8_t *found = memmem(answer.bytes, answer.size, text->bytes, text->size);
    if (found == NULL)
        return false;
    size_t text_end = (size_t)(found - answer.bytes) + text->size;
    *end = text_end > *end ? text_end : *end;
    return true;
}

static bool find_fields(const struct item_form *form, uint64_t number, struct slice answer,
                        size_t *end)
{
    SCOPED(buffer) text;
    buffer_init(&text);
    bool is_right = true;
    for (uint64_t field = 0; is_right && field < FIELD_COUNT; field++) {
        buffer_clear(&text);
        append_text(number, field, field_size(form, number, field), &text);
        is_right = find(answer, &text, end);
    }
    return is_right;
}

bool item_take(const struct item_form *form, uint64_t number, struct slice *answer)
{
    SCOPED(buffer) id;
    SCOPED(buffer) revision;
    buffer_init(&id);
    buffer_init(&revision);
    item_append_id(form, number, &id);
    buffer_append_text(&revision, "\"revision\":");
    item_append_revision(number, &revision);
    size_t end = 0;
    if (!find_fields(form, number, *answer, &end) || !find(*answer, &id, &end) ||
        !find(*answer, &revision, &end))
        return false;
    *answer = slice_skip(*answer, end);
    return true;
}

bool item_is_answer(const struct item_form *form, uint64_t number, struct slice answer,
                    bool thorough)
{
    if (answer.size < item_size_of(&form->sizes, number))
        return false;
    return thorough ? item_take(form, number, &answer) : has_id(form, number, answer);
}

bool item_first_number(struct slice answer, uint64_t *out_number)
{
    static const char name[] = "\"revision\":{\"N\":\"";
    const char *found = memmem(answer.bytes, answer.size, name, sizeof name - 1);
    if (found == NULL)
        return false;
    uint64_t revision = strtoull(found + sizeof name - 1, NULL, 10);
    *out_number = revision - REVISION_FIRST;
    return revision >= REVISION_FIRST;
}
