#include "core/env/config.h"

#include "core/base/check.h"
#include "core/env/config_private.h"
#include "core/env/text_file_private.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

/* inih takes lines of 197 bytes; printing adds a few blanks. */
enum { KEY_SIZE_MAX = 128, LINE_SIZE_MAX = 190 };

/* The file as it is being read; inih asks for its lines, and calls with what it finds in them. */
struct reading {
    const char *file;
    struct slice rest;
    size_t line;
    bool is_indented;
    struct config *config;
    struct config_value *last; /* of the section so far: what an indented line goes on with */
    struct buffer *mistakes;
    size_t mistake_count;
};

static void mistake_add(struct reading *reading, const char *key, const char *text)
{
    reading->mistake_count++;
    if (key != NULL)
        text_file_mistake(reading->mistakes, reading->file, reading->line, "\"%s\" %s", key, text);
    else
        text_file_mistake(reading->mistakes, reading->file, reading->line, "%s", text);
}

/* A line that does not fit is told and read as an empty one: inih would make two of it. */
static struct slice line_check(struct reading *reading, struct slice line)
{
    bool is_too_long = line.size > LINE_SIZE_MAX;
    bool has_null = line.size > 0 && memchr(line.bytes, '\0', line.size) != NULL;
    if (!is_too_long && !has_null)
        return line;
    mistake_add(reading, NULL, is_too_long ? "the line is too long" : "the line is not text");
    return slice_of(NULL, 0);
}

static char *on_line_wanted(char *out_line, int room, void *stream)
{
    struct reading *reading = stream;
    struct slice line;
    if (!text_file_next_line(&reading->rest, &line))
        return NULL;
    reading->line++;
    line = line_check(reading, line);
    CHECK(line.size + sizeof "\n" <= (size_t)room);
    if (line.size > 0)
        memcpy(out_line, line.bytes, line.size);
    memcpy(out_line + line.size, "\n", sizeof "\n");
    reading->is_indented = out_line[0] == ' ' || out_line[0] == '\t';
    if (out_line[0] == '[')
        reading->last = NULL;
    return out_line;
}

static struct config_value *value_find(const struct config *config, const char *key)
{
    for (size_t i = 0; i < config->table->count; i++)
        if (strcmp(config->table->settings[i].key, key) == 0)
            return &config->values[i];
    return NULL;
}

static const struct config_setting *setting_of(const struct config *config,
                                               const struct config_value *value)
{
    return &config->table->settings[value - config->values];
}

static enum status value_set(struct reading *reading, struct config_value *value, const char *text,
                             struct buffer *out_mistake)
{
    const struct config_setting *setting = setting_of(reading->config, value);
    if (reading->is_indented && value == reading->last) {
        if (setting->type == CONFIG_LIST)
            return config_value_go_on(value, text, out_mistake);
        buffer_append_text(out_mistake, "is no list, so that no indented line may follow");
        return STATUS_INVALID;
    }
    reading->last = value;
    if (value->line != 0) {
        buffer_append_format(out_mistake, "stands on line %zu too", value->line);
        return STATUS_INVALID;
    }
    value->line = reading->line;
    return config_value_parse(value, setting, text, out_mistake);
}

/* Returns 1 always, so that inih goes on to the mistakes that follow. */
static int on_setting(void *context, const char *section, const char *name, const char *text)
{
    struct reading *reading = context;
    char key[KEY_SIZE_MAX];
    SCOPED(buffer) mistake = {0};
    (void)snprintf(key, sizeof key, "%s%s%s", section, section[0] != '\0' ? "." : "", name);

    struct config_value *value = value_find(reading->config, key);
    if (value == NULL) {
        reading->last = NULL;
        mistake_add(reading, key, "is not a setting");
    } else if (value_set(reading, value, text, &mistake) != STATUS_OK) {
        buffer_append_u8(&mistake, '\0');
        mistake_add(reading, key, (const char *)mistake.bytes);
    }
    return 1;
}

static void lines_read(struct reading *reading)
{
    int wrong_line = ini_parse_stream(on_line_wanted, reading, on_setting, reading);
    CHECK(wrong_line >= 0);
    if (wrong_line > 0) {
        reading->line = (size_t)wrong_line;
        mistake_add(reading, NULL, "neither \"key = value\" nor \"[section]\"");
    }
    reading->line = 0;
}

static void missing_tell(struct reading *reading)
{
    const struct config_table *table = reading->config->table;
    for (size_t i = 0; i < table->count; i++)
        if (table->settings[i].is_required && reading->config->values[i].line == 0)
            mistake_add(reading, table->settings[i].key, "is missing");
}

static void presets_take(struct config *config)
{
    SCOPED(buffer) mistake = {0};
    for (size_t i = 0; i < config->table->count; i++) {
        const struct config_setting *setting = &config->table->settings[i];
        struct config_value *value = &config->values[i];
        if (value->line == 0 && setting->preset != NULL)
            CHECK(config_value_parse(value, setting, setting->preset, &mistake) == STATUS_OK);
    }
}

static struct config *config_create(const struct config_table *table)
{
    struct config *config = memory_alloc_zeroed(sizeof *config);
    config->table = table;
    config->values = memory_alloc_zeroed(table->count * sizeof *config->values);
    return config;
}

enum status config_of_text(const char *name, struct slice text, const struct config_table *table,
                           struct buffer *mistakes, struct config **out_config)
{
    OWNED(config) config = config_create(table);
    config->file = memory_copy_text(name);
    struct reading reading = {.file = name, .rest = text, .config = config, .mistakes = mistakes};
    lines_read(&reading);
    missing_tell(&reading);
    if (reading.mistake_count > 0)
        return STATUS_INVALID;
    presets_take(config);
    *out_config = GIVE(config);
    return STATUS_OK;
}

enum status config_read(const char *path, const struct config_table *table, struct buffer *mistakes,
                        struct config **out_config)
{
    SCOPED(buffer) text = {0};
    bool is_private;
    enum status status = text_file_read(path, &text, &is_private);
    if (status != STATUS_OK) {
        text_file_mistake(mistakes, path, 0, "cannot be read: %s", status_text(status));
        return status;
    }
    return config_of_text(path, buffer_slice(&text), table, mistakes, out_config);
}

void config_destroy(struct config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->table->count; i++)
        config_value_deinit(&config->values[i]);
    memory_free(config->values);
    memory_free(config->file);
    memory_free(config);
}

bool config_has(const struct config *config, const char *key)
{
    const struct config_value *value = value_find(config, key);
    CHECK(value != NULL);
    return value->is_set;
}

void config_mistake(const struct config *config, const char *key, struct buffer *mistakes,
                    const char *text)
{
    const struct config_value *value = value_find(config, key);
    CHECK(value != NULL);
    text_file_mistake(mistakes, config->file, value->line, "\"%s\" %s", key, text);
}

static const struct config_value *value_of_type(const struct config *config, const char *key,
                                                enum config_type type)
{
    const struct config_value *value = value_find(config, key);
    CHECK(value != NULL);
    CHECK(setting_of(config, value)->type == type);
    return value;
}

const char *config_text(const struct config *config, const char *key)
{
    return value_of_type(config, key, CONFIG_TEXT)->text;
}

uint64_t config_integer(const struct config *config, const char *key)
{
    return value_of_type(config, key, CONFIG_INTEGER)->number;
}

uint64_t config_duration_us(const struct config *config, const char *key)
{
    return value_of_type(config, key, CONFIG_DURATION)->number;
}

uint64_t config_size(const struct config *config, const char *key)
{
    return value_of_type(config, key, CONFIG_SIZE)->number;
}

bool config_bool(const struct config *config, const char *key)
{
    return value_of_type(config, key, CONFIG_BOOL)->number != 0;
}

size_t config_list_count(const struct config *config, const char *key)
{
    return value_of_type(config, key, CONFIG_LIST)->item_count;
}

const char *config_list_item(const struct config *config, const char *key, size_t index)
{
    const struct config_value *value = value_of_type(config, key, CONFIG_LIST);
    CHECK(index < value->item_count);
    return value->items[index];
}
