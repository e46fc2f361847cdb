/*
 * Node list: nodes of one size that are collected in an arena, one behind the other.
 */
#pragma once

#include "core/base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct node_list {
    void *nodes;
    uint32_t count;
    uint32_t capacity;
};

/* Appends a copy of the node; all nodes of a list are of one size. */
void node_list_add(struct node_list *list, struct arena *arena, const void *node, size_t size);
