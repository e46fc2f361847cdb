#include "core/expression/key_condition.h"

#include "core/base/limits.h"

#define INVALID_TEXT "One or more parameter values were invalid: "

static struct expression_fault refuse_missing(struct arena *arena, struct slice attribute)
{
    return expression_fault_format(arena, "Query condition missed key schema element: %.*s",
                                   EXPRESSION_SLICE(attribute));
}

static struct expression_fault refuse_support(struct arena *arena)
{
    return expression_fault_format(arena, "Query key condition not supported");
}

static const struct key_term *find_term(const struct key_terms *terms, struct slice attribute)
{
    for (uint32_t i = 0; i < terms->count; i++) {
        if (slice_is_equal(terms->terms[i].attribute, attribute))
            return &terms->terms[i];
    }
    return NULL;
}

static struct expression_fault check_key_value(struct arena *arena,
                                               const struct key_attribute *attribute,
                                               struct value value, size_t size_max)
{
    if (value.type != attribute->type)
        return expression_fault_format(arena, INVALID_TEXT
                                       "Condition parameter type does not match schema type");
    if (value.type == VALUE_NUMBER)
        return expression_fault_none();
    size_t size = value_bytes(value).size;
    if (size == 0)
        return expression_fault_format(
            arena,
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            "cannot contain an empty %s value. Key: %.*s",
            value.type == VALUE_STRING ? "string" : "binary", EXPRESSION_SLICE(attribute->name));
    if (size <= size_max)
        return expression_fault_none();
    if (size_max == LIMIT_PARTITION_KEY_SIZE)
        return expression_fault_format(
            arena, INVALID_TEXT "Size of hashkey has exceeded the maximum size limit of2048 bytes");
    return expression_fault_format(
        arena, INVALID_TEXT "Aggregated size of all range keys has exceeded the size limit of "
                            "1024 bytes");
}

/* The term on the sort key, or NULL. */
static struct expression_fault find_sort_term(struct arena *arena, const struct key_terms *terms,
                                              const struct key_schema *schema,
                                              const struct key_term **out_term)
{
    *out_term = schema->has_sort ? find_term(terms, schema->sort.name) : NULL;
    if (terms->count == 1 || *out_term != NULL)
        return expression_fault_none();
    return schema->has_sort ? refuse_missing(arena, schema->sort.name) : refuse_support(arena);
}

static struct expression_fault match_sort(struct arena *arena, const struct key_terms *terms,
                                          const struct key_schema *schema,
                                          struct key_condition *condition)
{
    const struct key_term *term;
    TRY_EXPRESSION(find_sort_term(arena, terms, schema, &term));
    if (term == NULL)
        return expression_fault_none();
    condition->relation = term->relation;
    unsigned count = term->relation == KEY_BETWEEN ? 2 : 1;
    for (unsigned i = 0; i < count; i++) {
        TRY_EXPRESSION(check_key_value(arena, &schema->sort, term->values[i], LIMIT_SORT_KEY_SIZE));
        condition->values[i] = term->values[i];
    }
    return expression_fault_none();
}

struct expression_fault key_condition_match(struct arena *arena, const struct key_terms *terms,
                                            const struct key_schema *schema,
                                            struct key_condition *out_condition)
{
    const struct key_term *partition = find_term(terms, schema->partition.name);
    if (partition == NULL)
        return refuse_missing(arena, schema->partition.name);
    if (partition->relation != KEY_EQUAL)
        return refuse_support(arena);
    TRY_EXPRESSION(
        check_key_value(arena, &schema->partition, partition->values[0], LIMIT_PARTITION_KEY_SIZE));
    struct key_condition condition = {.partition = partition->values[0]};
    TRY_EXPRESSION(match_sort(arena, terms, schema, &condition));
    *out_condition = condition;
    return expression_fault_none();
}
