#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "router/serve.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_SIZE_MAX = 4096 };

/* A router whose region is not there, behind a real socket. */
struct fixture {
    struct env *env;
    struct credentials *credentials;
    struct router *router;
    struct http_server *server;
    char answer[ANSWER_SIZE_MAX];
};

static int set_up(void **state)
{
    static const struct catalog_seed seed = {.name = "n0", .address = "local:n0"};
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->env = env_uv_create(&(struct env_uv_options){0});
    fixture->credentials = credentials_create_any();
    fixture->router = router_create(&(struct router_options){
        .env = fixture->env,
        .name = "r0",
        .region = "us-east-1",
        .seeds = &seed,
        .seed_count = 1,
        .credentials = fixture->credentials,
    });
    struct http_server_options options = {.host = "127.0.0.1"};
    CHECK(router_serve(fixture->env, fixture->router, &options, &fixture->server) == STATUS_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    http_server_destroy(fixture->server);
    router_destroy(fixture->router);
    env_uv_finish_works(fixture->env);
    env_uv_destroy(fixture->env);
    credentials_destroy(fixture->credentials);
    memory_free(fixture);
    return 0;
}

/* Sends a request that asks for its connection to be closed, and turns the loop until it is. */
static const char *exchange(struct fixture *fixture, const char *request)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(http_server_port(fixture->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(send(client, request, strlen(request), 0) == (ssize_t)strlen(request));
    size_t size = 0;
    ssize_t received;
    do {
        env_uv_turn(fixture->env);
        received = recv(client, fixture->answer + size, ANSWER_SIZE_MAX - 1 - size, MSG_DONTWAIT);
        size += received > 0 ? (size_t)received : 0;
    } while (received != 0);
    fixture->answer[size] = '\0';
    close(client);
    return fixture->answer;
}

#define assert_contains(text, part) assert_non_null(strstr((text), (part)))

static void test_what_the_router_answers_goes_out_with_its_headers(void **state)
{
    const char *answer = exchange(*state, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assert_contains(answer, "HTTP/1.1 200 OK\r\n");
    assert_contains(answer, "x-amz-crc32: 3128867991\r\n");
    assert_contains(answer, "x-amzn-RequestId: ");
    assert_contains(answer, "Server: Server\r\n");
    assert_contains(answer, "Date: ");
    assert_contains(answer, "\r\n\r\nhealthy: dynamodb.us-east-1.amazonaws.com ");
}

static void test_method_headers_and_body_reach_the_router(void **state)
{
    const char *answer = exchange(*state, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                          "Content-Type: application/x-amz-json-1.0\r\n"
                                          "X-Amz-Target: DynamoDB_20120810.CreateBackup\r\n"
                                          "Content-Length: 2\r\n\r\n{}");

    assert_contains(answer, "HTTP/1.1 400 Bad Request\r\n");
    assert_contains(answer, "Content-Type: application/x-amz-json-1.0\r\n");
    assert_contains(answer, "Graticule does not serve CreateBackup yet");
}

static void test_what_the_server_refuses_is_answered_as_an_error_of_the_api(void **state)
{
    const char *answer =
        exchange(*state, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
    assert_contains(answer, "HTTP/1.1 413 ");
    assert_contains(answer, "x-amzn-RequestId: ");
    assert_contains(answer,
                    "{\"__type\":\"com.amazon.coral.service#RequestEntityTooLargeException\"}");

    answer = exchange(*state, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assert_contains(answer, "HTTP/1.1 400 ");
    assert_contains(answer, "x-amzn-RequestId: ");
    assert_contains(answer, "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_the_router_answers_goes_out_with_its_headers,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_what_the_server_refuses_is_answered_as_an_error_of_the_api, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_method_headers_and_body_reach_the_router, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
