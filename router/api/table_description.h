/*
 * Table description: a table as the API describes it.
 */
#pragma once

#include "core/catalog/table.h"
#include "core/json/json_writer.h"
#include "router/front/backend.h"

/* The members of a TableDescription, as one object. */
void table_description_write(struct json_writer *writer, const struct backend *backend,
                             const struct table *table);

/* As DeleteTable answers: without keys and the time of creation. */
void table_description_write_deleted(struct json_writer *writer, const struct backend *backend,
                                     const struct table *table);
