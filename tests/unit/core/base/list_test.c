#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/list.h"

/* The link is not the first field, so that finding the element is more than a cast. */
struct letter {
    char name;
    struct list link;
};

struct letters {
    struct list list;
    struct letter a, b, c;
};

static void letters_init(struct letters *letters)
{
    *letters = (struct letters){.a.name = 'a', .b.name = 'b', .c.name = 'c'};
    list_init(&letters->list);
    list_init(&letters->a.link);
    list_init(&letters->b.link);
    list_init(&letters->c.link);
}

static void letters_init_full(struct letters *letters)
{
    letters_init(letters);
    list_append(&letters->list, &letters->a.link);
    list_append(&letters->list, &letters->b.link);
    list_append(&letters->list, &letters->c.link);
}

/* Reads the names forwards, and checks that they stand the other way round backwards. */
static void assert_list(struct list *list, const char *names)
{
    size_t count = 0;
    LIST_FOR_EACH (at, list) {
        assert_int_equal(LIST_ELEMENT(at, struct letter, link)->name, names[count]);
        assert_ptr_equal(at->previous->next, at);
        count++;
    }
    assert_int_equal(names[count], '\0');
    assert_ptr_equal(list->previous->next, list);
    assert_int_equal(list_is_empty(list), count == 0);
}

static void test_elements_stand_in_the_order_of_their_insertion(void **state)
{
    (void)state;
    struct letters letters;
    letters_init(&letters);
    assert_list(&letters.list, "");
    list_append(&letters.list, &letters.b.link);
    list_prepend(&letters.list, &letters.a.link);
    list_append(&letters.list, &letters.c.link);
    assert_list(&letters.list, "abc");
}

static void test_an_element_may_be_inserted_before_another(void **state)
{
    (void)state;
    struct letters letters;
    letters_init(&letters);
    list_append(&letters.list, &letters.a.link);
    list_append(&letters.list, &letters.c.link);
    list_insert_before(&letters.c.link, &letters.b.link);
    assert_list(&letters.list, "abc");
}

static void test_a_removed_element_is_in_no_list_and_may_be_removed_again(void **state)
{
    (void)state;
    struct letters letters;
    letters_init_full(&letters);
    list_remove(&letters.b.link);
    assert_list(&letters.list, "ac");
    assert_true(list_is_empty(&letters.b.link));
    list_remove(&letters.b.link);
    assert_list(&letters.list, "ac");
}

static void test_a_walk_may_remove_the_element_it_is_at(void **state)
{
    (void)state;
    struct letters letters;
    letters_init_full(&letters);
    size_t count = 0;
    LIST_FOR_EACH (at, &letters.list) {
        list_remove(at);
        count++;
    }
    assert_int_equal(count, 3);
    assert_list(&letters.list, "");
}

static void test_the_first_is_taken_until_there_is_none(void **state)
{
    (void)state;
    struct letters letters;
    letters_init_full(&letters);
    assert_ptr_equal(list_take_first(&letters.list), &letters.a.link);
    assert_true(list_is_empty(&letters.a.link));
    assert_list(&letters.list, "bc");
    assert_non_null(list_take_first(&letters.list));
    assert_non_null(list_take_first(&letters.list));
    assert_null(list_take_first(&letters.list));
}

static void test_all_of_a_list_moves_to_the_end_of_another(void **state)
{
    (void)state;
    struct letters letters;
    struct list other;
    letters_init_full(&letters);
    list_init(&other);
    list_remove(&letters.a.link);
    list_append(&other, &letters.a.link);

    list_take_all(&other, &letters.list);

    assert_list(&other, "abc");
    assert_list(&letters.list, "");
}

static void test_taking_all_of_an_empty_list_changes_nothing(void **state)
{
    (void)state;
    struct letters letters;
    struct list empty;
    letters_init_full(&letters);
    list_init(&empty);
    list_take_all(&letters.list, &empty);
    assert_list(&letters.list, "abc");
    list_take_all(&empty, &letters.list);
    assert_list(&empty, "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements_stand_in_the_order_of_their_insertion),
        cmocka_unit_test(test_an_element_may_be_inserted_before_another),
        cmocka_unit_test(test_a_removed_element_is_in_no_list_and_may_be_removed_again),
        cmocka_unit_test(test_a_walk_may_remove_the_element_it_is_at),
        cmocka_unit_test(test_the_first_is_taken_until_there_is_none),
        cmocka_unit_test(test_all_of_a_list_moves_to_the_end_of_another),
        cmocka_unit_test(test_taking_all_of_an_empty_list_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
