/*
 * JSON item: item bytes as DynamoDB's typed JSON. json_item_parser is the way back.
 *
 * The bytes have passed item_check, or came from a builder.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/model/value.h"

/* {"id":{"S":"7"},"tags":{"SS":["a","b"]}} */
void json_item_write(struct buffer *buffer, struct slice item);

/* {"SS":["a","b"]} */
void json_value_write(struct buffer *buffer, struct value value);
