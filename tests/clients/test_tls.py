"""TLS; all other cases run over it too when the endpoint is https."""

import ssl
import unittest

import answers
import botocore.exceptions
import endpoint
import http_client
from client_case import ClientCase, make_client


def load_tests(_loader, tests, _pattern):
    """Elsewhere there is nothing to test."""
    return tests if endpoint.current.is_tls() else unittest.TestSuite()


class TlsTest(ClientCase):

    def test_a_certificate_is_shown_that_only_those_accept_who_trust_it(self):
        with answers.Unnoted():
            self.assertIn("TableNames", make_client().list_tables(Limit=1))
        with self.assertRaises(botocore.exceptions.SSLError):
            make_client(verify=True).list_tables(Limit=1)

    def test_the_version_is_recent(self):
        with http_client.Connection() as connection:
            self.assertIn(connection.socket.version(), ("TLSv1.2", "TLSv1.3"))

    def test_plain_http_is_not_served_on_its_port(self):
        plain = endpoint.current.urls[0].replace("https:", "http:")
        with http_client.Connection(plain) as connection:
            # The server may hang up before all of the request has been sent.
            with self.assertRaises((ConnectionError, ssl.SSLError, ValueError)):
                connection.send("GET", {})
                connection.receive()
