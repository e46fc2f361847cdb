#include "tests/scenario/expectation.h"

#include "tests/scenario/match.h"

#include <ctype.h>
#include <string.h>

static bool is_success(const struct answer *answer)
{
    return answer->status_code == 200;
}

static struct slice text_of(const struct tree *tree)
{
    return tree != NULL && tree->kind == TREE_STRING ? tree->text : (struct slice){0};
}

/* --- What succeeded -------------------------------------------------------------------------- */

static const struct tree *result_of(const struct statement *statement, const struct answer *answer)
{
    return tree_at(answer->body, slice_of_text(statement->result));
}

/* {...}, [...] or `unordered [...]`: the item or the items, and nothing else. */
static bool check_result(struct notation *notation, const struct statement *statement,
                         const struct answer *answer)
{
    bool is_unordered = notation_take_word(notation, "unordered") || statement->is_result_unordered;
    if (statement->result == NULL)
        return notation_fail(notation, "this verb has no items: say `answer` or `exactly`");
    bool is_list = notation_take(notation, "[");
    struct tree *expected = is_list ? notation_items(notation) : notation_item(notation);
    if (expected == NULL)
        return false;
    const struct tree *got = result_of(statement, answer);
    return is_success(answer) &&
           (is_list && is_unordered ? match_unordered(expected, got, MATCH_EXACT)
                                    : match_tree(expected, got, MATCH_EXACT));
}

static bool check_body(struct notation *notation, const struct answer *answer, enum match_rule rule)
{
    struct tree *expected = notation_json(notation);
    if (expected == NULL)
        return false;
    return answer->body != NULL && match_tree(expected, answer->body, rule);
}

/* --- What was refused ------------------------------------------------------------------------ */

static bool check_status(struct notation *notation, const struct answer *answer)
{
    bool is_equal = notation_number(notation) == answer->status_code;
    notation_skip_blanks(notation);
    if (*notation->at != '"')
        return is_equal;
    struct slice text = notation_string(notation);
    return is_equal && slice_is_equal(text, answer->text);
}

static bool is_error(const struct answer *answer, struct slice name)
{
    struct slice type = text_of(tree_find(answer->body, slice_of_text("__type")));
    return answer->status_code >= 400 && type.size > name.size &&
           type.bytes[type.size - name.size - 1] == '#' &&
           slice_is_equal(slice_skip(type, type.size - name.size), name);
}

static struct slice message_of(const struct answer *answer)
{
    const struct tree *message = tree_find(answer->body, slice_of_text("message"));
    if (message == NULL)
        message = tree_find(answer->body, slice_of_text("Message"));
    return text_of(message);
}

/* NAME, NAME "its whole message", NAME like "text with * in it". */
static bool check_error(struct notation *notation, const struct answer *answer)
{
    struct slice name = notation_word(notation);
    bool is_expected = is_error(answer, name);
    bool is_pattern = notation_take_word(notation, "like");
    notation_skip_blanks(notation);
    if (*notation->at != '"')
        return is_expected;
    struct slice message = notation_string(notation), got = message_of(answer);
    return is_expected && (is_pattern ? match_text(message, got) : slice_is_equal(message, got));
}

/* --------------------------------------------------------------------------------------------- */

static bool check_term(struct notation *notation, const struct statement *statement,
                       const struct answer *answer)
{
    notation_skip_blanks(notation);
    if (notation_take_word(notation, "ok"))
        return is_success(answer);
    if (notation_take_word(notation, "nothing"))
        return is_success(answer) && statement->result != NULL &&
               result_of(statement, answer) == NULL;
    if (notation_take_word(notation, "answer"))
        return check_body(notation, answer, MATCH_SUBSET);
    if (notation_take_word(notation, "exactly"))
        return check_body(notation, answer, MATCH_EXACT);
    if (isdigit((unsigned char)*notation->at))
        return check_status(notation, answer);
    if (isupper((unsigned char)*notation->at))
        return check_error(notation, answer);
    return check_result(notation, statement, answer);
}

bool expectation_check(struct notation *notation, const struct statement *statement,
                       const struct answer *answer)
{
    if (!notation_take(notation, "->"))
        return is_success(answer);
    bool is_met = true;
    do
        is_met = check_term(notation, statement, answer) && is_met;
    while (notation->mistake == NULL && notation_take_word(notation, "and"));
    notation_skip_blanks(notation);
    if (*notation->at != '\0')
        notation_fail(notation, "nothing more is understood here");
    return is_met && notation->mistake == NULL;
}
