#include "tests/scenario/notation.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How what stands between brackets is read. */
typedef struct tree *read_fn(struct notation *notation);

void *notation_fail(struct notation *notation, const char *mistake)
{
    if (notation->mistake == NULL)
        notation->mistake = mistake;
    return NULL;
}

void notation_skip_blanks(struct notation *notation)
{
    notation->at += strspn(notation->at, " \n");
}

bool notation_take(struct notation *notation, const char *text)
{
    notation_skip_blanks(notation);
    size_t size = strlen(text);
    if (strncmp(notation->at, text, size) != 0)
        return false;
    notation->at += size;
    return true;
}

/* Letters of other scripts too, which are two bytes or more in UTF-8. */
static bool is_of_word(char byte)
{
    return isalnum((unsigned char)byte) || (byte & 0x80) != 0 ||
           (byte != '\0' && strchr("_-./", byte) != NULL);
}

static size_t word_size(const char *at)
{
    /* Colons begin names of values, and end names of members. */
    size_t size = *at == ':' || *at == '#' || *at == '$';
    while (is_of_word(at[size]))
        size++;
    return size;
}

bool notation_take_word(struct notation *notation, const char *word)
{
    notation_skip_blanks(notation);
    size_t size = strlen(word);
    if (word_size(notation->at) != size || strncmp(notation->at, word, size) != 0)
        return false;
    notation->at += size;
    return true;
}

struct slice notation_word(struct notation *notation)
{
    notation_skip_blanks(notation);
    size_t size = word_size(notation->at);
    struct slice word = arena_copy(notation->arena, slice_of(notation->at, size));
    notation->at += size;
    return word;
}

uint64_t notation_number(struct notation *notation)
{
    notation_skip_blanks(notation);
    if (!isdigit((unsigned char)*notation->at)) {
        notation_fail(notation, "a number should stand here");
        return 0;
    }
    char *end;
    uint64_t number = strtoull(notation->at, &end, 10);
    notation->at = end;
    return number;
}

/* --- What stands between brackets ------------------------------------------------------------ */

static void take_elements(struct notation *notation, read_fn *read, struct tree *array)
{
    const char *start = notation->at;
    struct tree *element = read(notation);
    uint64_t count = 1;
    if (notation_take(notation, "..."))
        count = notation_number(notation);
    if (notation->mistake != NULL)
        return;
    const char *end = notation->at;
    uint64_t index = notation->index;
    if (count == 1)
        tree_add(array, element);
    for (uint64_t i = 0; count > 1 && i < count && notation->mistake == NULL; i++) {
        notation->at = start;
        notation->index = i;
        tree_add(array, read(notation));
    }
    notation->index = index;
    notation->at = end;
}

/* Behind the opening bracket. */
static struct tree *array_of(struct notation *notation, read_fn *read)
{
    struct tree *array = tree_create(notation->arena, TREE_ARRAY);
    if (notation_take(notation, "]"))
        return array;
    do
        take_elements(notation, read, array);
    while (notation->mistake == NULL && notation_take(notation, ","));
    if (!notation_take(notation, "]"))
        return notation_fail(notation, "a list should end here");
    return array;
}

static struct slice name_of(struct notation *notation)
{
    notation_skip_blanks(notation);
    if (*notation->at == '"')
        return notation_string(notation);
    return notation_word(notation);
}

/* Behind the opening brace. */
static struct tree *object_of(struct notation *notation, read_fn *read)
{
    struct tree *object = tree_create(notation->arena, TREE_OBJECT);
    if (notation_take(notation, "}"))
        return object;
    do {
        struct slice name = name_of(notation);
        if (!notation_take(notation, ":"))
            return notation_fail(notation, "a name and a colon should stand here");
        struct tree *member = read(notation);
        if (member == NULL)
            return NULL;
        tree_add_member(object, name, member);
    } while (notation_take(notation, ","));
    if (!notation_take(notation, "}"))
        return notation_fail(notation, "a brace should close here");
    return object;
}

/* --- Values ---------------------------------------------------------------------------------- */

/* What is written alike in JSON and in items; NULL, and nothing taken, when it is none of that. */
static struct tree *shared_of(struct notation *notation)
{
    if (notation_take_word(notation, "any"))
        return tree_create(notation->arena, TREE_ANY);
    if (notation_take_word(notation, "absent"))
        return tree_create(notation->arena, TREE_ABSENT);
    notation_skip_blanks(notation);
    if (*notation->at != '$' || strncmp(notation->at, "$i", word_size(notation->at)) == 0)
        return NULL;
    struct slice name = slice_skip(notation_word(notation), 1);
    struct tree *meant = tree_find(notation->variables, name);
    if (meant == NULL && notation->is_rehearsed)
        return tree_create(notation->arena, TREE_OBJECT);
    if (meant == NULL)
        return notation_fail(notation, "nothing of this name was kept by `let`");
    return tree_share(notation->arena, meant);
}

static bool is_number_next(const struct notation *notation)
{
    const char *at = notation->at;
    return isdigit((unsigned char)at[*at == '-' || *at == '.' || *at == '+']);
}

static struct tree *number_of(struct notation *notation)
{
    size_t size = strspn(notation->at, "0123456789+-.eE");
    /* Three dots say how often an element stands there. */
    for (size_t i = 0; i + 2 < size; i++)
        if (strncmp(notation->at + i, "...", 3) == 0)
            size = i;
    struct tree *number = tree_of_text(notation->arena, TREE_NUMBER, slice_of(notation->at, size));
    notation->at += size;
    return number;
}

static struct tree *word_of(struct notation *notation)
{
    static const struct {
        const char *word;
        enum tree_kind kind;
    } known[] = {{"true", TREE_TRUE}, {"false", TREE_FALSE}, {"null", TREE_NULL}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (notation_take_word(notation, known[i].word))
            return tree_create(notation->arena, known[i].kind);
    struct slice word = notation_word(notation);
    if (word.size == 0)
        return notation_fail(notation, "a value should stand here");
    return tree_of_text(notation->arena, TREE_STRING, word);
}

struct tree *notation_json(struct notation *notation)
{
    struct tree *shared = shared_of(notation);
    if (shared != NULL || notation->mistake != NULL)
        return shared;
    if (notation_take(notation, "@")) {
        notation_skip_blanks(notation);
        return *notation->at == '{' ? notation_item(notation) : notation_value(notation);
    }
    if (notation_take(notation, "{"))
        return object_of(notation, notation_json);
    if (notation_take(notation, "["))
        return array_of(notation, notation_json);
    if (notation_take_word(notation, "$i"))
        return tree_of_count(notation->arena, notation->index);
    if (*notation->at == '"')
        return tree_of_text(notation->arena, TREE_STRING, notation_string(notation));
    return is_number_next(notation) ? number_of(notation) : word_of(notation);
}

static struct tree *typed(struct notation *notation, const char *type, struct tree *value)
{
    if (value == NULL || notation->mistake != NULL)
        return NULL;
    struct tree *object = tree_create(notation->arena, TREE_OBJECT);
    tree_add_member(object, slice_of_text(type), value);
    return object;
}

/* An element of a set: a string, or a number that JSON carries as one. */
static struct tree *element_of(struct notation *notation)
{
    struct tree *element = notation_json(notation);
    if (element != NULL && element->kind == TREE_NUMBER)
        element->kind = TREE_STRING;
    return element;
}

/* Values that begin with the name of their type: SS["a"], N"1.0", raw {"NULL": false}. */
static struct tree *named_of(struct notation *notation)
{
    static const char *const sets[] = {"SS", "NS", "BS"};
    static const char *const texts[] = {"B", "N", "S"};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        if (notation_take_word(notation, sets[i])) {
            if (!notation_take(notation, "["))
                return notation_fail(notation, "the elements of a set should stand here");
            return typed(notation, sets[i], array_of(notation, element_of));
        }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (notation_take_word(notation, texts[i]))
            return typed(notation, texts[i],
                         tree_of_text(notation->arena, TREE_STRING, notation_string(notation)));
    if (notation_take_word(notation, "raw"))
        return notation_json(notation);
    return notation_fail(notation, "an attribute value should stand here");
}

struct tree *notation_value(struct notation *notation)
{
    struct arena *arena = notation->arena;
    struct tree *shared = shared_of(notation);
    if (shared != NULL || notation->mistake != NULL)
        return shared;
    if (notation_take(notation, "{"))
        return typed(notation, "M", object_of(notation, notation_value));
    if (notation_take(notation, "["))
        return typed(notation, "L", array_of(notation, notation_value));
    if (*notation->at == '"')
        return typed(notation, "S", tree_of_text(arena, TREE_STRING, notation_string(notation)));
    if (notation_take_word(notation, "true"))
        return typed(notation, "BOOL", tree_create(arena, TREE_TRUE));
    if (notation_take_word(notation, "false"))
        return typed(notation, "BOOL", tree_create(arena, TREE_FALSE));
    if (notation_take_word(notation, "null"))
        return typed(notation, "NULL", tree_create(arena, TREE_TRUE));
    struct tree *number = NULL;
    if (notation_take_word(notation, "$i"))
        number = tree_of_count(arena, notation->index);
    else if (is_number_next(notation))
        number = number_of(notation);
    if (number == NULL)
        return named_of(notation);
    number->kind = TREE_STRING;
    return typed(notation, "N", number);
}

struct tree *notation_item(struct notation *notation)
{
    struct tree *shared = shared_of(notation);
    if (shared != NULL || notation->mistake != NULL)
        return shared;
    if (!notation_take(notation, "{"))
        return notation_fail(notation, "an item should stand here");
    return object_of(notation, notation_value);
}

struct tree *notation_items(struct notation *notation)
{
    return array_of(notation, notation_item);
}
