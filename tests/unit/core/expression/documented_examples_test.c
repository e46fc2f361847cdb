/*
 * The developer guide's examples, all the way: from text to a tree, through bytes, to what it means
 * for the guide's item.
 */
#include "core/expression/condition.h"
#include "core/expression/projection.h"
#include "core/expression/tree_codec.h"
#include "core/expression/update.h"
#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/expression_fixture.h"

static const char product[] =
    "{Id: 789, ProductCategory: 'Home Improvement', Price: 52, InStock: true, Brand: 'Acme',"
    " RelatedItems: [341, 472, 649], Color: <'Red', 'Blue'>,"
    " ProductReviews: {OneStar: ['Not good', 'Bad'], FiveStar: ['Excellent']}}";

static void assert_accepted(struct expression_context *context, struct expression_fault fault)
{
    assert_true(expression_fault_is_none(fault));
    assert_true(expression_fault_is_none(expression_context_finish(context)));
}

static bool holds(const char *text, const char *names, const char *values)
{
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    struct condition condition;
    struct expression_context *context = context_of(arena, names, values);
    assert_accepted(context, expression_parse_condition(context, EXPRESSION_CONDITION,
                                                        slice_of_text(text), &condition));
    tree_encode_condition(&condition, &bytes);
    assert_int_equal(tree_decode_condition(buffer_slice(&bytes), arena, &condition), STATUS_OK);
    return condition_holds(&condition, item_of(arena, product), endless_work());
}

static void test_conditions_hold_as_the_guide_says(void **state)
{
    (void)state;
    assert_true(holds("(ProductCategory IN (:a, :b)) and (Price between :lo and :hi)", NULL,
                      ":a='Sporting Goods';:b='Home Improvement';:lo=50;:hi=60"));
    assert_false(holds("Price > :limit AND InStock = :yes", NULL, ":limit=60;:yes=true"));
    assert_true(holds("Price > :limit OR InStock = :yes", NULL, ":limit=60;:yes=true"));
    assert_true(holds("NOT Price > :limit", NULL, ":limit=60"));
    assert_false(holds("attribute_not_exists(Id)", NULL, NULL));
    assert_true(holds("attribute_not_exists(Weight)", NULL, NULL));
    assert_true(holds("attribute_exists(ProductReviews.OneStar)", NULL, NULL));
    assert_true(holds("attribute_type(Color, :t)", NULL, ":t='SS'"));
    assert_true(holds("begins_with(ProductCategory, :p)", NULL, ":p='Home'"));
    assert_true(holds("contains(Color, :c)", NULL, ":c='Red'"));
    assert_true(holds("size(#b) < :n", "#b=Brand", ":n=5"));
    assert_true(holds("size(ProductReviews.#one) = size(Color)", "#one=OneStar", NULL));
}

static const char *updated(struct arena *arena, const char *text, const char *names,
                           const char *values)
{
    OWNED(item_builder) builder = item_builder_create();
    OWNED(item_builder) image_builder = item_builder_create();
    SCOPED(buffer) bytes = {0};
    struct update update;
    struct slice after;
    struct expression_context *context = context_of(arena, names, values);
    assert_accepted(context, expression_parse_update(context, slice_of_text(text), &update));
    tree_encode_update(&update, &bytes);
    assert_int_equal(tree_decode_update(buffer_slice(&bytes), arena, &update), STATUS_OK);
    assert_int_equal(
        update_apply(&update, endless_reader(item_of(arena, product)), arena, builder, &after),
        UPDATE_FAULT_NONE);
    return text_of(arena, update_image(&update, UPDATE_IMAGE_NEW, after, arena, image_builder));
}

static void assert_updated(const char *text, const char *names, const char *values,
                           const char *expected)
{
    OWNED(arena) arena = arena_create();
    assert_string_equal(updated(arena, text, names, values), expected);
}

static void test_updates_do_what_the_guide_says(void **state)
{
    (void)state;
    assert_updated("SET ProductCategory = :c, Price = :p", NULL, ":c='Hardware';:p=60",
                   "{Price: 60, ProductCategory: 'Hardware'}");
    assert_updated("SET RelatedItems[1] = :ri", NULL, ":ri=0", "{RelatedItems: [0]}");
    assert_updated("SET #pr.#5star[1] = :r5, #pr.#3star = :r3",
                   "#pr=ProductReviews;#5star=FiveStar;#3star=ThreeStar",
                   ":r5='Very happy';:r3=['Just OK']",
                   "{ProductReviews: {FiveStar: ['Very happy'], ThreeStar: ['Just OK']}}");
    assert_updated("SET Price = Price - :p", NULL, ":p=15", "{Price: 37}");
    assert_updated("SET #ri = list_append(:vals, #ri)", "#ri=RelatedItems", ":vals=[1, 2]",
                   "{RelatedItems: [1, 2, 341, 472, 649]}");
    assert_updated("SET Price = if_not_exists(Price, :p)", NULL, ":p=1", "{Price: 52}");
    assert_updated("REMOVE Brand, InStock, RelatedItems[1]", NULL, NULL, "{}");
    assert_updated("ADD QuantityOnHand :q", NULL, ":q=5", "{QuantityOnHand: 5}");
    assert_updated("ADD Color :c", NULL, ":c=<'Orange'>", "{Color: <'Blue', 'Orange', 'Red'>}");
    assert_updated("DELETE Color :p", NULL, ":p=<'Blue', 'Yellow'>", "{Color: <'Red'>}");
    assert_updated("SET Price = Price + :n REMOVE Brand ADD Color :c", NULL, ":n=1;:c=<'Red'>",
                   "{Color: <'Blue', 'Red'>, Price: 53}");
}

static void test_projections_give_what_the_guide_says(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) bytes = {0};
    struct projection projection;
    struct expression_context *context = context_of(arena, "#pr=ProductReviews", NULL);
    assert_accepted(
        context,
        expression_parse_projection(
            context, slice_of_text("Price, Color, RelatedItems[2], #pr.FiveStar[0]"), &projection));
    tree_encode_projection(&projection, &bytes);
    assert_int_equal(tree_decode_projection(buffer_slice(&bytes), arena, &projection), STATUS_OK);

    struct slice parts =
        projection_apply(projection_prepare(&projection, arena), item_of(arena, product), builder);

    assert_string_equal(text_of(arena, parts),
                        "{Color: <'Blue', 'Red'>, Price: 52, ProductReviews: {FiveStar: "
                        "['Excellent']}, RelatedItems: [649]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions_hold_as_the_guide_says),
        cmocka_unit_test(test_updates_do_what_the_guide_says),
        cmocka_unit_test(test_projections_give_what_the_guide_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
