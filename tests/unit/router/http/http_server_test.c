#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/http/http_fixture.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

static void fixture_hold(struct fixture *fixture, struct client *client)
{
    fixture->is_holding = true;
    size_t held_before = fixture->held_count;
    client_send_text(client, get);
    TURN_UNTIL(fixture, fixture->held_count > held_before);
    fixture->is_holding = false;
}

static enum status try_to_serve(struct fixture *fixture, const struct http_server_options *options)
{
    struct http_server *server = NULL;
    enum status status =
        http_server_create(fixture->env, options, fixture_on_request, fixture, &server);
    http_server_destroy(server);
    return status;
}

static void test_a_host_that_is_no_address_is_refused(void **state)
{
    (void)state;
    SCOPED(fixture) fixture = fixture_start();

    assert_int_equal(
        try_to_serve(&fixture, &(struct http_server_options){.host = "no.such.address"}),
        STATUS_INVALID);
}

static void test_a_port_in_use_is_refused_unless_both_share_it(void **state)
{
    (void)state;
    FIXTURE(alone);
    FIXTURE(sharing, .reuse_port = true);

    assert_int_equal(
        try_to_serve(&alone, &(struct http_server_options){.port = http_server_port(alone.server)}),
        STATUS_IO);
    assert_int_equal(try_to_serve(&sharing, &(struct http_server_options){.port = http_server_port(
                                                                              sharing.server),
                                                                          .reuse_port = true}),
                     STATUS_OK);
}

static void test_all_addresses_include_those_of_ipv4(void **state)
{
    (void)state;
    FIXTURE(fixture, .host = "::");
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    char peer[HTTP_PEER_TEXT_SIZE];
    fixture_hold(&fixture, &client);

    http_request_peer(fixture.held[0], peer);

    assert_string_equal(peer, "::ffff:127.0.0.1");
    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);
}

static void test_a_connection_over_the_bound_closes_the_one_that_has_been_idle_longest(void **state)
{
    (void)state;
    FIXTURE(fixture, .connection_count_max = 3);
    SCOPED(client) silent = client_connect(&fixture);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    assert_int_equal(client_ask(&second, get, &answer), 200);
    assert_int_equal(client_ask(&first, get, &answer), 200);

    SCOPED(client) third = client_connect(&fixture);
    assert_int_equal(client_ask(&third, get, &answer), 200);
    assert_true(client_is_closed(&silent));
    SCOPED(client) fourth = client_connect(&fixture);
    assert_int_equal(client_ask(&fourth, get, &answer), 200);
    assert_true(client_is_closed(&second));

    assert_int_equal(client_ask(&first, get, &answer), 200);
    assert_int_equal(client_ask(&third, get, &answer), 200);
    assert_int_equal(fixture_stats(&fixture).connection_count, 3);
    assert_int_equal(fixture_stats(&fixture).refused_busy_total, 0);
}

static void test_a_connection_over_the_bound_is_refused_when_all_others_are_at_work(void **state)
{
    (void)state;
    FIXTURE(fixture, .connection_count_max = 2);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture_hold(&fixture, &first);
    fixture_hold(&fixture, &second);

    SCOPED(client) third = client_connect(&fixture);
    assert_int_equal(client_ask(&third, get, &answer), 503);
    assert_true(answer_has(&answer, "Connection: close"));
    assert_true(client_is_closed(&third));
    assert_int_equal(fixture.handled_count, 2);
    assert_int_equal(fixture_stats(&fixture).refused_busy_total, 1);

    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&first, &answer, true), 200);
    fixture.is_holding = false;
    TURN_UNTIL(&fixture, fixture_stats(&fixture).request_count == 1);
    SCOPED(client) fourth = client_connect(&fixture);
    assert_int_equal(client_ask(&fourth, get, &answer), 200);
    fixture_respond(fixture.held[1]);
    assert_int_equal(client_read_answer(&second, &answer, true), 200);
}

static void test_silent_connections_that_were_refused_shut_nobody_out(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    FIXTURE(fixture, .connection_count_max = 1);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    struct client silent[COUNT];
    fixture_hold(&fixture, &first);
    for (int i = 0; i < COUNT; i++) {
        silent[i] = client_connect(&fixture);
        fixture_turn(&fixture);
    }

    SCOPED(client) last = client_connect(&fixture);
    assert_int_equal(client_ask(&last, get, &answer), 503);

    for (int i = 0; i < COUNT; i++)
        client_deinit(&silent[i]);
    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&first, &answer, true), 200);
}

static void test_the_headers_of_a_signed_request_fit(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) request = {0};
    buffer_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\nX-Amz-Security-Token: ");
    memset(buffer_reserve(&request, 4096), 't', 4096);
    request.size += 4096;
    for (int i = 0; i < 30; i++)
        buffer_append_format(&request, "\r\nX-Header-%d: some value", i);
    buffer_append_text(&request, "\r\n\r\n");

    assert_true(client_send(&client, buffer_slice(&request)));

    assert_int_equal(client_read_answer(&client, &answer, true), 200);
}

static void test_headers_beyond_the_memory_of_a_connection_are_refused(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) request = {0};
    buffer_append_text(&request, "GET / HTTP/1.1\r\nHost: x");
    for (int i = 0; i < 2000; i++)
        buffer_append_format(&request, "\r\nX-Header-%d: some value", i);
    buffer_append_text(&request, "\r\n\r\n");

    (void)client_send(&client, buffer_slice(&request)); /* it may hang up before all is sent */

    assert_true(client_is_closed(&client));
    assert_int_equal(fixture.handled_count, 0);
    assert_int_equal(fixture_stats(&fixture).request_count, 0);
}

static void test_an_old_client_is_served_and_its_connection_closed(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    assert_int_equal(client_ask(&client, "GET /old HTTP/1.0\r\n\r\n", &answer), 200);

    assert_string_equal(answer_body(&answer), "GET /old   0");
    assert_true(client_is_closed(&client));
}

static void test_a_destroyed_server_leaves_requests_to_those_who_hold_them(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) waiting = client_connect(&fixture);
    SCOPED(client) suspended = client_connect(&fixture);
    SCOPED(client) left = client_connect(&fixture);
    SCOPED(client) idle = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture_hold(&fixture, &suspended);
    for (int i = 0; i < 200; i++)
        assert_int_equal(client_ask(&idle, get, &answer), 200);
    fixture_hold(&fixture, &left);
    client_reset(&left);
    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 3);
    fixture_hold(&fixture, &waiting);

    http_server_destroy(fixture.server);
    fixture.server = NULL;

    for (size_t i = 0; i < 3; i++) {
        assert_true(slice_is_text(http_request_header(fixture.held[i], "host"), "x"));
        fixture_respond(fixture.held[i]);
    }
    assert_true(client_is_closed(&waiting));
    assert_true(client_is_closed(&suspended));
    assert_true(client_is_closed(&idle));
}

static void test_answers_not_yet_sent_go_with_the_server(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) suspended = client_connect(&fixture);
    SCOPED(client) waiting = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture_hold(&fixture, &suspended);
    for (int i = 0; i < 200; i++)
        assert_int_equal(client_ask(&waiting, get, &answer), 200);
    fixture_hold(&fixture, &waiting);

    fixture_respond(fixture.held[0]);
    fixture_respond(fixture.held[1]);
    http_server_destroy(fixture.server);
    fixture.server = NULL;

    assert_true(client_is_closed(&suspended));
    assert_true(client_is_closed(&waiting));
}

static void test_a_server_that_stops_accepting_finishes_what_it_has(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture_hold(&fixture, &client);

    http_server_stop_accepting(fixture.server);
    http_server_stop_accepting(fixture.server);

    assert_int_equal(client_connect_to(http_server_port(fixture.server)), -1);
    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);
    assert_true(answer_has(&answer, "\r\nConnection: close\r\n"));
    assert_true(client_is_closed(&client));
    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 0);
}

/* --- TLS ------------------------------------------------------------------------------------- */

struct identity {
    gnutls_datum_t certificate;
    gnutls_datum_t key;
};

/* A certificate signed by itself, as PEM. */
static struct identity identity_create(void)
{
    struct identity identity;
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    CHECK(gnutls_x509_privkey_init(&key) == 0);
    CHECK(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0) == 0);
    CHECK(gnutls_x509_crt_init(&certificate) == 0);
    CHECK(gnutls_x509_crt_set_version(certificate, 3) == 0);
    CHECK(gnutls_x509_crt_set_serial(certificate, "\1", 1) == 0);
    CHECK(gnutls_x509_crt_set_dn(certificate, "CN=localhost", NULL) == 0);
    CHECK(gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 60) == 0);
    CHECK(gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 3600) == 0);
    CHECK(gnutls_x509_crt_set_key(certificate, key) == 0);
    CHECK(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0) == 0);
    CHECK(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &identity.certificate) == 0);
    CHECK(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &identity.key) == 0);
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    return identity;
}

static void identity_deinit(struct identity *identity)
{
    gnutls_free(identity->certificate.data);
    gnutls_free(identity->key.data);
}

struct tls_client {
    struct client client;
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
};

static struct tls_client tls_client_connect(struct fixture *fixture, const char *priorities)
{
    struct tls_client tls = {.client = client_connect(fixture)};
    CHECK(gnutls_certificate_allocate_credentials(&tls.credentials) == 0);
    CHECK(gnutls_init(&tls.session, GNUTLS_CLIENT | GNUTLS_NONBLOCK) == 0);
    CHECK(gnutls_priority_set_direct(tls.session, priorities, NULL) == 0);
    CHECK(gnutls_credentials_set(tls.session, GNUTLS_CRD_CERTIFICATE, tls.credentials) == 0);
    gnutls_transport_set_int(tls.session, tls.client.descriptor);
    return tls;
}

static void tls_client_deinit(struct tls_client *tls)
{
    gnutls_deinit(tls->session);
    gnutls_certificate_free_credentials(tls->credentials);
    client_deinit(&tls->client);
}

static int tls_client_shake_hands(struct tls_client *tls)
{
    int result;
    TURN_UNTIL(tls->client.fixture,
               (result = gnutls_handshake(tls->session)) == 0 || gnutls_error_is_fatal(result));
    return result;
}

static int tls_client_ask(struct tls_client *tls, struct slice request, struct buffer *answer)
{
    for (size_t sent = 0; sent < request.size;) {
        ssize_t size = gnutls_record_send(tls->session, request.bytes + sent, request.size - sent);
        CHECK(size > 0 || size == GNUTLS_E_AGAIN);
        sent += size > 0 ? (size_t)size : 0;
        env_uv_turn(tls->client.fixture->env);
    }
    struct buffer *received = &tls->client.received;
    while (client_answer_size(&tls->client, true) == 0) {
        ssize_t size = 0;
        TURN_UNTIL(tls->client.fixture,
                   (size = gnutls_record_recv(tls->session, buffer_reserve(received, 4096),
                                              4096)) != GNUTLS_E_AGAIN);
        CHECK(size > 0);
        received->size += (size_t)size;
    }
    return client_read_answer(&tls->client, answer, true);
}

static void test_requests_come_over_tls(void **state)
{
    (void)state;
    SCOPED(identity) identity = identity_create();
    FIXTURE(fixture, .tls_certificate = (char *)identity.certificate.data,
            .tls_key = (char *)identity.key.data);
    SCOPED(tls_client) tls = tls_client_connect(&fixture, "NORMAL");
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) large = {0};
    assert_int_equal(tls_client_shake_hands(&tls), 0);

    assert_int_equal(tls_client_ask(&tls, slice_of_text(get), &answer), 200);
    assert_string_equal(answer_body(&answer), "GET /   0");
    buffer_append_text(&large, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n");
    memset(buffer_reserve(&large, 300000), 'b', 300000);
    large.size += 300000;

    assert_int_equal(tls_client_ask(&tls, buffer_slice(&large), &answer), 200);
    assert_string_equal(answer_body(&answer), "POST /  bbbbbbbbbbbbbbbbbbbb 300000");
}

/* What TLS has decrypted and nobody read yet shows on no descriptor. */
static void test_requests_come_over_tls_while_another_waits(void **state)
{
    (void)state;
    SCOPED(identity) identity = identity_create();
    FIXTURE(fixture, .tls_certificate = (char *)identity.certificate.data,
            .tls_key = (char *)identity.key.data);
    SCOPED(tls_client) slow = tls_client_connect(&fixture, "NORMAL");
    SCOPED(tls_client) other = tls_client_connect(&fixture, "NORMAL");
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) request = {0};
    assert_int_equal(tls_client_shake_hands(&slow), 0);
    fixture.is_holding = true;
    assert_true(gnutls_record_send(slow.session, get, strlen(get)) > 0);
    TURN_UNTIL(&fixture, fixture.held_count == 1);
    fixture.is_holding = false;

    assert_int_equal(tls_client_shake_hands(&other), 0);
    buffer_append_text(&request, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\n\r\n");
    memset(buffer_reserve(&request, 16000), 'b', 16000);
    request.size += 16000;
    for (int i = 0; i < 50; i++)
        assert_int_equal(tls_client_ask(&other, buffer_slice(&request), &answer), 200);

    fixture_respond(fixture.held[0]);
    assert_int_equal(tls_client_ask(&slow, (struct slice){0}, &answer), 200);
}

static void test_old_versions_of_tls_are_refused(void **state)
{
    (void)state;
    SCOPED(identity) identity = identity_create();
    FIXTURE(fixture, .tls_certificate = (char *)identity.certificate.data,
            .tls_key = (char *)identity.key.data);
    SCOPED(tls_client) tls = tls_client_connect(&fixture, "LEGACY:-VERS-ALL:+VERS-TLS1.1");

    assert_int_not_equal(tls_client_shake_hands(&tls), 0);
}

static void test_a_certificate_that_is_none_is_refused(void **state)
{
    (void)state;
    SCOPED(fixture) fixture = fixture_start();
    const struct http_server_options options = {.tls_certificate = "none", .tls_key = "none"};

    assert_int_equal(try_to_serve(&fixture, &options), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_host_that_is_no_address_is_refused),
        cmocka_unit_test(test_a_port_in_use_is_refused_unless_both_share_it),
        cmocka_unit_test(test_all_addresses_include_those_of_ipv4),
        cmocka_unit_test(
            test_a_connection_over_the_bound_closes_the_one_that_has_been_idle_longest),
        cmocka_unit_test(test_a_connection_over_the_bound_is_refused_when_all_others_are_at_work),
        cmocka_unit_test(test_silent_connections_that_were_refused_shut_nobody_out),
        cmocka_unit_test(test_the_headers_of_a_signed_request_fit),
        cmocka_unit_test(test_headers_beyond_the_memory_of_a_connection_are_refused),
        cmocka_unit_test(test_an_old_client_is_served_and_its_connection_closed),
        cmocka_unit_test(test_a_destroyed_server_leaves_requests_to_those_who_hold_them),
        cmocka_unit_test(test_answers_not_yet_sent_go_with_the_server),
        cmocka_unit_test(test_a_server_that_stops_accepting_finishes_what_it_has),
        cmocka_unit_test(test_requests_come_over_tls),
        cmocka_unit_test(test_requests_come_over_tls_while_another_waits),
        cmocka_unit_test(test_old_versions_of_tls_are_refused),
        cmocka_unit_test(test_a_certificate_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
