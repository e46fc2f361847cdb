#include "tests/scenario/clauses.h"

#include <ctype.h>
#include <string.h>

/* Words behind which an expression stands. */
static const struct {
    const char *word;
    const char *parameter;
} expressions[] = {
    {"if", "ConditionExpression"},  {"where", "KeyConditionExpression"},
    {"filter", "FilterExpression"}, {"select", "ProjectionExpression"},
    {"do", "UpdateExpression"},
};

enum { EXPRESSION_KIND_COUNT = sizeof expressions / sizeof expressions[0] };

static bool is_word(const char *at, const char *word)
{
    size_t size = strlen(word);
    return strncmp(at, word, size) == 0 && !isalnum((unsigned char)at[size]) && at[size] != '_' &&
           at[size] != '(';
}

/* Name=value: the length of the name, 0 when it is no parameter; a=:b of an expression is none. */
static size_t parameter_size(const char *at)
{
    size_t size = 0;
    if (!isupper((unsigned char)*at))
        return 0;
    while (isalpha((unsigned char)at[size]))
        size++;
    return size >= 4 && at[size] == '=' ? size : 0;
}

/* What cannot be a part of an expression. */
static bool is_clause_next(const char *at)
{
    for (size_t i = 0; i < EXPRESSION_KIND_COUNT; i++)
        if (is_word(at, expressions[i].word))
            return true;
    return strncmp(at, "->", 2) == 0 || is_word(at, "with") || is_word(at, "consistent") ||
           is_word(at, "backward") || parameter_size(at) > 0;
}

/* In quotes, or as it stands up to the next clause. */
static struct slice expression_take(struct notation *notation)
{
    notation_skip_blanks(notation);
    if (*notation->at == '"')
        return notation_string(notation);
    const char *start = notation->at, *end = start;
    while (*notation->at != '\0' && !is_clause_next(notation->at)) {
        size_t size = strcspn(notation->at, " \n");
        end = notation->at + size;
        notation->at = end;
        notation_skip_blanks(notation);
    }
    return arena_copy(notation->arena, slice_of(start, (size_t)(end - start)));
}

/* #name=word and :name=value, as many as there are. */
static void placeholders_take(struct notation *notation, struct tree *body)
{
    struct arena *arena = notation->arena;
    notation_skip_blanks(notation);
    while ((*notation->at == '#' || *notation->at == ':') && notation->mistake == NULL) {
        bool is_name = *notation->at == '#';
        const char *parameter = is_name ? "ExpressionAttributeNames" : "ExpressionAttributeValues";
        struct tree *map = tree_find(body, slice_of_text(parameter));
        if (map == NULL) {
            map = tree_create(arena, TREE_OBJECT);
            tree_set(body, parameter, map);
        }
        struct slice name = notation_word(notation);
        if (!notation_take(notation, "=")) {
            notation_fail(notation, "= should stand here");
            return;
        }
        struct tree *value = is_name ? notation_json(notation) : notation_value(notation);
        if (value != NULL)
            tree_add_member(map, name, value);
        notation_take(notation, ",");
        notation_skip_blanks(notation);
    }
}

static void parameter_take(struct notation *notation, size_t name_size, struct tree *body)
{
    char *name = arena_copy_text(notation->arena, slice_of(notation->at, name_size));
    notation->at += name_size + 1;
    struct tree *value = notation_json(notation);
    if (value != NULL)
        tree_set(body, name, value);
}

static bool expression_clause_take(struct notation *notation, struct tree *body)
{
    for (size_t i = 0; i < EXPRESSION_KIND_COUNT; i++)
        if (notation_take_word(notation, expressions[i].word)) {
            struct slice text = expression_take(notation);
            tree_set(body, expressions[i].parameter,
                     tree_of_text(notation->arena, TREE_STRING, text));
            return true;
        }
    return false;
}

static bool clause_take(struct notation *notation, struct tree *body)
{
    if (expression_clause_take(notation, body))
        return true;
    if (notation_take_word(notation, "with")) {
        placeholders_take(notation, body);
        return true;
    }
    if (notation_take_word(notation, "consistent")) {
        tree_set(body, "ConsistentRead", tree_create(notation->arena, TREE_TRUE));
        return true;
    }
    if (notation_take_word(notation, "backward")) {
        tree_set(body, "ScanIndexForward", tree_create(notation->arena, TREE_FALSE));
        return true;
    }
    size_t size = parameter_size(notation->at);
    if (size > 0)
        parameter_take(notation, size, body);
    return size > 0;
}

void clauses_take(struct notation *notation, struct tree *body)
{
    notation_skip_blanks(notation);
    while (notation->mistake == NULL && *notation->at != '\0' &&
           strncmp(notation->at, "->", 2) != 0) {
        if (!clause_take(notation, body))
            notation_fail(notation, "no clause begins like this");
        notation_skip_blanks(notation);
    }
}
