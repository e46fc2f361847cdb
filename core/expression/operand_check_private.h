/*
 * What an operator or function takes, as far as it can be told before there is an item: the types
 * of values that stand in the expression, and operands that are alike.
 */
#pragma once

#include "core/expression/parser_private.h"

#include <stdint.h>

/* The type that an operand has whatever the item; 0 when that depends on the item. */
enum value_type operand_known_type(const struct operand *operand);

/* A set of types, as in TYPES(VALUE_STRING) | TYPES(VALUE_BINARY). */
#define TYPES(type) (1U << (type))

/* Complains unless the operand's type is in the set, or depends on the item. */
void operand_check_type(struct parser *parser, const char *operator_name,
                        const struct operand *operand, uint32_t types);

/* Complains when the first operand is a path, and one of the others the same path. */
void operand_check_distinct(struct parser *parser, const char *operator_name,
                            const struct operand *operands, uint32_t count);

/* Complains of bounds of different types, or in the wrong order. */
void operand_check_bounds(struct parser *parser, const struct operand *lower,
                          const struct operand *upper);
