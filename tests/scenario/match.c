#include "tests/scenario/match.h"

#include "core/base/memory.h"

#include <stdlib.h>

static bool is_number_equal(struct slice expected, struct slice got)
{
    if (slice_is_equal(expected, got))
        return true;
    char *left = memory_alloc_zeroed(expected.size + 1), *right = memory_alloc_zeroed(got.size + 1);
    memcpy(left, expected.bytes, expected.size);
    memcpy(right, got.bytes, got.size);
    bool is_equal = strtod(left, NULL) == strtod(right, NULL);
    memory_free(left);
    memory_free(right);
    return is_equal;
}

static bool is_set(const struct tree *tree)
{
    return tree->kind == TREE_ARRAY &&
           (slice_is_text(tree->name, "SS") || slice_is_text(tree->name, "NS") ||
            slice_is_text(tree->name, "BS"));
}

static bool match_object(const struct tree *expected, const struct tree *got, enum match_rule rule)
{
    size_t absent_count = 0;
    for (const struct tree *member = expected->first; member != NULL; member = member->next) {
        absent_count += member->kind == TREE_ABSENT;
        if (!match_tree(member, tree_find(got, member->name), rule))
            return false;
    }
    /* {} says that there is nothing, under either rule. */
    bool is_exact = rule != MATCH_SUBSET || expected->count == 0;
    return !is_exact || expected->count - absent_count == got->count;
}

static bool match_array(const struct tree *expected, const struct tree *got, enum match_rule rule)
{
    if (is_set(expected))
        return match_unordered(expected, got, rule);
    const struct tree *element = got->first;
    for (const struct tree *wanted = expected->first; wanted != NULL; wanted = wanted->next) {
        if (element == NULL || !match_tree(wanted, element, rule))
            return false;
        element = element->next;
    }
    return element == NULL;
}

bool match_tree(const struct tree *expected, const struct tree *got, enum match_rule rule)
{
    if (expected->kind == TREE_ABSENT || got == NULL)
        return expected->kind == TREE_ABSENT && got == NULL;
    if (expected->kind == TREE_ANY)
        return true;
    if (expected->kind != got->kind)
        return false;
    switch (expected->kind) {
    case TREE_NUMBER:
        return is_number_equal(expected->text, got->text);
    case TREE_STRING:
        return slice_is_equal(expected->text, got->text);
    case TREE_ARRAY:
        return match_array(expected, got, rule);
    case TREE_OBJECT:
        return match_object(expected, got, rule);
    case TREE_NULL:
    case TREE_FALSE:
    case TREE_TRUE:
    case TREE_ANY:
    case TREE_ABSENT:
        break;
    }
    return true;
}

bool match_unordered(const struct tree *expected, const struct tree *got, enum match_rule rule)
{
    if (got == NULL || got->kind != TREE_ARRAY || got->count != expected->count)
        return false;
    bool *is_taken = memory_alloc_zeroed(got->count + 1);
    bool is_matched = true;
    for (const struct tree *wanted = expected->first; wanted != NULL && is_matched;
         wanted = wanted->next) {
        size_t index = 0;
        const struct tree *element = got->first;
        while (element != NULL && (is_taken[index] || !match_tree(wanted, element, rule))) {
            element = element->next;
            index++;
        }
        is_matched = element != NULL;
        is_taken[index] = true;
    }
    memory_free(is_taken);
    return is_matched;
}

bool match_text(struct slice pattern, struct slice text)
{
    const uint8_t *star = pattern.size > 0 ? memchr(pattern.bytes, '*', pattern.size) : NULL;
    if (star == NULL)
        return slice_is_equal(pattern, text);
    struct slice head = slice_of(pattern.bytes, (size_t)(star - pattern.bytes));
    struct slice tail = slice_skip(pattern, head.size + 1);
    if (!slice_has_prefix(text, head))
        return false;
    for (size_t skipped = head.size; skipped <= text.size; skipped++)
        if (match_text(tail, slice_skip(text, skipped)))
            return true;
    return false;
}
