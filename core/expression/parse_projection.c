#include "core/expression/node_list.h"
#include "core/expression/parser_private.h"
#include "core/expression/path_check_private.h"

static bool parse_paths(struct parser *parser, struct node_list *paths)
{
    do {
        struct path path;
        if (!parse_path(parser, &path))
            return false;
        node_list_add(paths, parser->arena, &path, sizeof path);
    } while (parser_accept(parser, TOKEN_COMMA));
    return parser_expect(parser, TOKEN_END);
}

static struct expression_fault check_paths(struct parser *parser,
                                           const struct projection *projection)
{
    struct ordered_path *paths = arena_alloc(parser->arena, projection->count * sizeof *paths);
    for (uint32_t i = 0; i < projection->count; i++)
        paths[i] = (struct ordered_path){.path = projection->paths[i], .ordinal = i};
    return parser_check_paths(parser, paths, projection->count);
}

struct expression_fault expression_parse_projection(struct expression_context *context,
                                                    struct slice text,
                                                    struct projection *out_projection)
{
    struct parser parser;
    struct node_list paths = {0};
    TRY_EXPRESSION(parser_init(&parser, context, EXPRESSION_PROJECTION, text));
    (void)parse_paths(&parser, &paths); /* what went wrong is in the parser */
    TRY_EXPRESSION(parser_finish(&parser));
    struct projection projection = {.paths = paths.nodes, .count = paths.count};
    TRY_EXPRESSION(check_paths(&parser, &projection));
    *out_projection = projection;
    return expression_fault_none();
}
