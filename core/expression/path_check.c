#include "core/expression/path_check_private.h"

/*
 * Paths in order stand next to what they overlap with: between a path and one that goes on from it
 * are only others that do. A conflict is where the names of a map end and indexes begin.
 */
enum path_relation paths_check(struct ordered_path *paths, uint32_t count, struct path *out_first,
                               struct path *out_second)
{
    struct path_group sorted = path_group_of(paths, count);
    for (uint32_t i = 1; i < sorted.count; i++) {
        struct ordered_path left = sorted.paths[i - 1];
        struct ordered_path right = sorted.paths[i];
        enum path_relation relation = path_compare(left.path, right.path);
        if (relation == PATHS_APART)
            continue;
        *out_first = left.ordinal < right.ordinal ? left.path : right.path;
        *out_second = left.ordinal < right.ordinal ? right.path : left.path;
        return relation;
    }
    return PATHS_APART;
}

struct expression_fault parser_check_paths(const struct parser *parser, struct ordered_path *paths,
                                           uint32_t count)
{
    struct path first;
    struct path second;
    enum path_relation relation = paths_check(paths, count, &first, &second);
    if (relation == PATHS_APART)
        return expression_fault_none();
    return expression_fault_format(
        parser->arena,
        "Invalid %s: Two document paths %s with each other; must remove or rewrite one of these "
        "paths; path one: %s, path two: %s",
        expression_kind_parameter(parser->kind), relation == PATHS_OVERLAP ? "overlap" : "conflict",
        path_text(parser->arena, first), path_text(parser->arena, second));
}
