/*
 * Config: the settings of a process, read once from a file and checked against a table.
 *
 *     # comment                     A key before the first section stands alone: "data_directory";
 *     data_directory = /var/lib/x   after it, it follows the section's name: "raft.heartbeat".
 *     [raft]                        A line that begins with blanks goes on with the list before it.
 *     heartbeat = 80ms              Lines hold no more than 190 bytes, and no comment after a value
 *     peers = a, b,                 but " ;".
 *         c, d
 *
 * Mistakes are appended to `mistakes`, a line "file:line: what is wrong" for each, so that all can
 * be mended at once. Asking for a setting that is not in the table, or as another type, is our own
 * mistake.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum config_type {
    CONFIG_TEXT,
    CONFIG_INTEGER,
    CONFIG_DURATION, /* 80ms, 1s, 10m, 24h */
    CONFIG_SIZE,     /* 64MB */
    CONFIG_BOOL,     /* yes, no, true, false, on, off */
    CONFIG_LIST,     /* texts between commas */
};

struct config_setting {
    const char *key;
    enum config_type type;
    const char *preset; /* as it would stand in the file; NULL: has no value */
    bool is_required;
    uint64_t minimum; /* of integers; of durations, in us; of sizes, in bytes */
    uint64_t maximum; /* 0: none */
    const char *help; /* one line for people */
};

/* Outlives every config read by it. */
struct config_table {
    const struct config_setting *settings;
    size_t count;
};

struct config;

/* STATUS_NOT_FOUND, STATUS_IO or STATUS_INVALID, with mistakes told. */
MUST_USE enum status config_read(const char *path, const struct config_table *table,
                                 struct buffer *mistakes, struct config **out_config);

/* As `config_read`, of a text; `name` stands for the file in mistakes. */
MUST_USE enum status config_of_text(const char *name, struct slice text,
                                    const struct config_table *table, struct buffer *mistakes,
                                    struct config **out_config);
void config_destroy(struct config *config);
DEFINE_CLEANUP(config)

/* Whether the setting has a value: its own or a preset. */
bool config_has(const struct config *config, const char *key);

/* Without a value: NULL, 0, false, or an empty list. Texts live as long as the config. */
const char *config_text(const struct config *config, const char *key);
uint64_t config_integer(const struct config *config, const char *key);
uint64_t config_duration_us(const struct config *config, const char *key);
uint64_t config_size(const struct config *config, const char *key);
bool config_bool(const struct config *config, const char *key);
size_t config_list_count(const struct config *config, const char *key);
const char *config_list_item(const struct config *config, const char *key, size_t index);

/* Appends a mistake that only its reader can find: 'file:line: "key" is not a power of two'. */
void config_mistake(const struct config *config, const char *key, struct buffer *mistakes,
                    const char *text);

/* Every setting of a table with its preset and help: a file to begin with. */
void config_describe(const struct config_table *table, struct buffer *out_text);
