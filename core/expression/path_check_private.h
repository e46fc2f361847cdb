/*
 * Whether paths can be served together: none contains another, and no two disagree about whether
 * something is a list or a map.
 */
#pragma once

#include "core/expression/parser_private.h"
#include "core/expression/path.h"
#include "core/expression/path_order.h"

/*
 * How the worst pair of the paths stands to each other. Sorts `paths`; for a pair that overlaps
 * or conflicts, `out_first` and `out_second` are in the order of the text.
 */
enum path_relation paths_check(struct ordered_path *paths, uint32_t count, struct path *out_first,
                               struct path *out_second);

/* The fault of an expression whose paths cannot be served together. */
struct expression_fault parser_check_paths(const struct parser *parser, struct ordered_path *paths,
                                           uint32_t count);
