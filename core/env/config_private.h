/*
 * The values of a config: their texts, and what a text means as the type of its setting.
 */
#pragma once

#include "core/env/config.h"

struct config_value {
    bool is_set; /* by the file or a preset */
    size_t line; /* in the file; 0: not there */
    char *text;  /* of a list: its first line */
    uint64_t number;
    char **items;
    size_t item_count;
};

struct config {
    const struct config_table *table;
    char *file;                  /* its name */
    struct config_value *values; /* one for each setting of the table */
};

/* What is wrong, without the name of the setting, is appended to `out_mistake`. */
MUST_USE enum status config_value_parse(struct config_value *value,
                                        const struct config_setting *setting, const char *text,
                                        struct buffer *out_mistake);

/* Adds the items of one more line of a list. */
MUST_USE enum status config_value_go_on(struct config_value *value, const char *text,
                                        struct buffer *out_mistake);
void config_value_deinit(struct config_value *value);
