#include "core/env/config_private.h"

#include <string.h>

typedef void (*visit_fn)(const void *context, size_t index, const char *name,
                         struct buffer *out_text);

static size_t section_size(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot != NULL ? (size_t)(dot - key) : 0;
}

/* Settings without a section come first: after a section's name all lines belong to it. */
static void settings_walk(const struct config_table *table, visit_fn setting_fn,
                          const void *context, struct buffer *out_text)
{
    struct slice last_section = slice_of(NULL, 0);
    for (size_t i = 0; i < table->count; i++)
        if (section_size(table->settings[i].key) == 0)
            setting_fn(context, i, table->settings[i].key, out_text);

    for (size_t i = 0; i < table->count; i++) {
        const char *key = table->settings[i].key;
        struct slice section = slice_of(key, section_size(key));
        if (section.size == 0)
            continue;
        if (!slice_is_equal(section, last_section))
            buffer_append_format(out_text, "\n[%.*s]\n", (int)section.size, key);
        last_section = section;
        setting_fn(context, i, key + section.size + 1, out_text);
    }
}

/* What need not be set stands there as a comment. */
static void setting_describe(const void *context, size_t index, const char *name,
                             struct buffer *out_text)
{
    const struct config_table *table = context;
    const struct config_setting *setting = &table->settings[index];
    buffer_append_format(out_text, "# %s\n%s%s =%s%s\n", setting->help,
                         setting->is_required ? "" : "# ", name, setting->preset != NULL ? " " : "",
                         setting->preset != NULL ? setting->preset : "");
}

void config_describe(const struct config_table *table, struct buffer *out_text)
{
    settings_walk(table, setting_describe, table, out_text);
}
