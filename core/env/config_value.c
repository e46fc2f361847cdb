#include "core/base/byte_size.h"
#include "core/base/duration.h"
#include "core/base/quantity.h"
#include "core/env/config_private.h"

#include <inttypes.h>
#include <string.h>

static enum status bool_parse(struct slice text, uint64_t *out_number)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_is_text(text, words[i])) {
            *out_number = i % 2;
            return STATUS_OK;
        }
    return STATUS_INVALID;
}

static enum status number_parse(enum config_type type, struct slice text, uint64_t *out_number)
{
    switch (type) {
    case CONFIG_INTEGER:
        return quantity_parse_number(text, out_number);
    case CONFIG_DURATION:
        return duration_parse(text, out_number);
    case CONFIG_SIZE:
        return byte_size_parse(text, out_number);
    case CONFIG_BOOL:
        return bool_parse(text, out_number);
    case CONFIG_TEXT:
    case CONFIG_LIST:
        break;
    }
    return STATUS_OK;
}

static const char *type_text(enum config_type type)
{
    switch (type) {
    case CONFIG_TEXT:
        return "a text";
    case CONFIG_INTEGER:
        return "a whole number";
    case CONFIG_DURATION:
        return "a duration such as 80ms, 1s or 10m";
    case CONFIG_SIZE:
        return "a size such as 64MB";
    case CONFIG_BOOL:
        return "one of yes, no, true, false, on and off";
    case CONFIG_LIST:
        return "a list";
    }
    return "";
}

struct unit {
    const char *name;
    uint64_t factor;
};

/* In the largest of these units that leaves a whole number. */
static void number_append(struct buffer *out, uint64_t number, const struct unit *units,
                          size_t count)
{
    size_t unit = 0;
    while (unit + 1 < count && number % units[unit].factor != 0)
        unit++;
    buffer_append_format(out, "%" PRIu64 "%s", number / units[unit].factor, units[unit].name);
}

static void bound_append(struct buffer *out, enum config_type type, uint64_t bound)
{
    static const struct unit durations[] = {{"s", 1000000}, {"ms", 1000}, {"us", 1}};
    static const struct unit sizes[] = {{"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}};
    static const struct unit plain[] = {{"", 1}};
    if (type == CONFIG_DURATION)
        number_append(out, bound, durations, 3);
    else if (type == CONFIG_SIZE)
        number_append(out, bound, sizes, 3);
    else
        number_append(out, bound, plain, 1);
}

static enum status bounds_check(const struct config_setting *setting, uint64_t number,
                                struct buffer *out_mistake)
{
    bool is_below = number < setting->minimum;
    if (!is_below && (setting->maximum == 0 || number <= setting->maximum))
        return STATUS_OK;
    buffer_append_format(out_mistake, "is %s ", is_below ? "below" : "above");
    bound_append(out_mistake, setting->type, is_below ? setting->minimum : setting->maximum);
    return STATUS_INVALID;
}

static enum status number_set(struct config_value *value, const struct config_setting *setting,
                              const char *text, struct buffer *out_mistake)
{
    uint64_t number = 0;
    enum status status = number_parse(setting->type, slice_of_text(text), &number);
    if (status != STATUS_OK) {
        bool is_too_large = status == STATUS_TOO_LARGE;
        buffer_append_format(out_mistake, "is \"%s\", %s%s", text, is_too_large ? "" : "not ",
                             is_too_large ? "too large to count" : type_text(setting->type));
        return STATUS_INVALID;
    }
    TRY(bounds_check(setting, number, out_mistake));
    value->number = number;
    return STATUS_OK;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = slice_skip(text, 1);
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

/* On a line of its own, ';' or '#' would make a comment of it. */
static const char *item_mistake(struct slice item)
{
    if (item.size == 0)
        return "has an empty item";
    if (item.bytes[0] == ';' || item.bytes[0] == '#')
        return "has an item that begins like a comment";
    return NULL;
}

static void item_add(struct config_value *value, struct slice item)
{
    char *copy = memory_alloc(item.size + 1);
    memcpy(copy, item.bytes, item.size);
    copy[item.size] = '\0';
    value->items = memory_resize(value->items, (value->item_count + 1) * sizeof *value->items);
    value->items[value->item_count++] = copy;
}

enum status config_value_go_on(struct config_value *value, const char *text,
                               struct buffer *out_mistake)
{
    struct slice rest = slice_of_text(text);
    while (rest.size > 0) {
        const uint8_t *comma = memchr(rest.bytes, ',', rest.size);
        size_t size = comma != NULL ? (size_t)(comma - rest.bytes) : rest.size;
        struct slice item = trim(slice_of(rest.bytes, size));
        const char *mistake = item_mistake(item);
        if (mistake != NULL) {
            buffer_append_text(out_mistake, mistake);
            return STATUS_INVALID;
        }
        item_add(value, item);
        rest = trim(slice_skip(rest, comma != NULL ? size + 1 : size));
    }
    return STATUS_OK;
}

enum status config_value_parse(struct config_value *value, const struct config_setting *setting,
                               const char *text, struct buffer *out_mistake)
{
    if (text[0] == '\0') {
        buffer_append_text(out_mistake, "has no value; leave the line out for its preset");
        return STATUS_INVALID;
    }
    if (setting->type == CONFIG_LIST)
        TRY(config_value_go_on(value, text, out_mistake));
    else if (setting->type != CONFIG_TEXT)
        TRY(number_set(value, setting, text, out_mistake));
    value->text = memory_copy_text(text);
    value->is_set = true;
    return STATUS_OK;
}

void config_value_deinit(struct config_value *value)
{
    for (size_t i = 0; i < value->item_count; i++)
        memory_free(value->items[i]);
    memory_free(value->items);
    memory_free(value->text);
}
