"""Who is asking: signatures, dates, keys and scopes; and that a refused request changes nothing."""

import time

import endpoint
import http_client
from client_case import TableCase, make_client

SIGNATURE = "^The request signature we calculated does not match the signature you provided. "
TOKEN = "^The security token included in the request is invalid.$"


class SignatureTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}
        self.request = {"TableName": self.table, "Item": self.key}
        self.signer = http_client.own_signer()

    def check_put_refused(self, name, text, headers=None):
        """A PutItem signed by the signer is refused, and puts nothing."""
        response = http_client.call("PutItem", self.request, self.signer, headers)
        self.check_refusal(response, name, text)
        self.assertNotIn("Item", self.get(self.key))

    def send(self, headers, body):
        with http_client.Connection() as connection:
            connection.send("POST", headers, body)
            return connection.receive()

    def signed(self, headers=None):
        """The headers of a PutItem, signed, and its body."""
        body = http_client.encode(self.request)
        wanted = {"host": endpoint.current.addresses()[0],
                  **(headers or http_client.headers_of("PutItem"))}
        return self.signer.sign("POST", wanted, body), body

    def check_headers_refused(self, name, text, headers, body):
        self.check_refusal(self.send(headers, body), name, text)
        self.assertNotIn("Item", self.get(self.key))

    # --- What is fine ---

    def test_a_signature_made_by_hand_is_taken(self):
        response = http_client.call("PutItem", self.request, self.signer)

        self.assertEqual((response.status, response.body), (200, b"{}"))
        self.assertEqual(self.get(self.key)["Item"], self.key)

    def test_commas_alone_may_separate_the_parts(self):
        self.signer.separator = ","

        self.assertEqual(http_client.call("PutItem", self.request, self.signer).status, 200)

    def test_blanks_in_headers_are_collapsed(self):
        headers = {**http_client.headers_of("PutItem"), "x-amz-note": "a   b     c"}

        response = http_client.call("PutItem", self.request, self.signer, headers)

        self.assertEqual(response.status, 200)

    def test_14_minutes_off_are_fine(self):
        for minutes in (-14, 14):
            self.signer.seconds = time.time() + 60 * minutes
            with self.subTest(minutes=minutes):
                response = http_client.call("PutItem", self.request, self.signer)
                self.assertEqual(response.status, 200)

    def test_a_clients_clock_is_corrected_by_the_date_of_a_refusal(self):
        self.signer.seconds = time.time() + 3600
        refusal = http_client.call("PutItem", self.request, self.signer)

        date = time.strptime(refusal.headers["date"], "%a, %d %b %Y %H:%M:%S GMT")

        self.assertLess(abs(time.mktime(date) - time.timezone - time.time()), 60)

    # --- Who ---

    def test_a_wrong_secret(self):
        self.signer.secret += "x"
        self.check_put_refused("InvalidSignatureException", SIGNATURE)

    def test_a_wrong_secret_through_the_sdk(self):
        client = make_client(aws_secret_access_key="wrong")
        with self.refused("InvalidSignatureException", SIGNATURE):
            client.put_item(TableName=self.table, Item=self.key)

    def test_the_refusal_shows_what_should_have_been_signed(self):
        self.signer.secret += "x"
        self.check_put_refused(
            "InvalidSignatureException",
            "(?s)The Canonical String for this request should have been\n'POST\n/\n.*"
            "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n")

    def test_an_unknown_access_key(self):
        self.signer.access_key_id = "AKIDUNKNOWN"
        self.check_put_refused("UnrecognizedClientException", TOKEN)

    def test_a_session_token_that_nobody_gave(self):
        headers = {**http_client.headers_of("PutItem"), "x-amz-security-token": "token"}
        self.check_put_refused("UnrecognizedClientException", TOKEN, headers)

    def test_no_authentication(self):
        headers, body = self.signed()
        del headers["authorization"]
        self.check_headers_refused("MissingAuthenticationTokenException",
                                   "^Request is missing Authentication Token$", headers, body)

    def test_another_scheme(self):
        headers, body = self.signed()
        headers["authorization"] = "Bearer abcdef"
        self.check_headers_refused("MissingAuthenticationTokenException",
                                   "^Request is missing Authentication Token$", headers, body)

    def test_both_forms_of_authentication(self):
        headers, body = self.signed()
        with http_client.Connection() as connection:
            connection.send("POST", headers, body, path="/?X-Amz-Algorithm=AWS4-HMAC-SHA256")
            response = connection.receive()
        self.check_refusal(response, "InvalidSignatureException",
                           "^Found both 'X-Amz-Algorithm' as a query-string param and "
                           "'Authorization' as HTTP header.$")

    # --- What was signed ---

    def test_a_body_changed_after_signing(self):
        headers, body = self.signed()
        self.check_headers_refused("InvalidSignatureException", SIGNATURE, headers, body + b" ")

    def test_a_target_changed_after_signing(self):
        headers, body = self.signed(http_client.headers_of("DeleteItem"))
        headers.update(http_client.headers_of("PutItem"))
        self.check_headers_refused("InvalidSignatureException", SIGNATURE, headers, body)

    def test_a_target_that_is_not_signed(self):
        self.signer.unsigned_names = ("x-amz-target",)
        self.check_put_refused("InvalidSignatureException",
                               "(?i)^'x-amz-target' must be a 'SignedHeader'")

    def test_a_host_that_is_not_signed(self):
        self.signer.unsigned_names = ("host",)
        self.check_put_refused("InvalidSignatureException",
                               "^'Host' must be a 'SignedHeader' in the AWS Authorization.$")

    def test_an_authorization_without_its_parts(self):
        headers, body = self.signed()
        headers["authorization"] = "AWS4-HMAC-SHA256 Nothing=x"
        del headers["x-amz-date"]
        self.check_headers_refused(
            "IncompleteSignatureException",
            "^Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            "Authorization=AWS4-HMAC-SHA256 Nothing=x$", headers, body)

    def test_another_algorithm(self):
        headers, body = self.signed()
        headers["authorization"] = headers["authorization"].replace("SHA256", "SHA512")
        self.check_headers_refused(
            "IncompleteSignatureException",
            "^Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' ", headers, body)

    # --- When ---

    def test_a_date_in_the_past(self):
        self.signer.seconds = time.time() - 16 * 60
        self.check_put_refused("InvalidSignatureException",
                               r"^Signature expired: \w+ is now earlier than \w+ "
                               r"\(\w+ - 15 min.\)$")

    def test_a_date_in_the_future(self):
        self.signer.seconds = time.time() + 16 * 60
        self.check_put_refused("InvalidSignatureException",
                               r"^Signature not yet current: \w+ is still later than \w+ "
                               r"\(\w+ \+ 15 min.\)$")

    def test_a_date_that_is_none(self):
        headers, body = self.signed()
        headers["x-amz-date"] = "yesterday"
        self.check_headers_refused("IncompleteSignatureException",
                                   "^Date must be in ISO-8601 'basic format'. Got 'yesterday'.",
                                   headers, body)

    # --- For whom ---

    def test_another_region(self):
        self.signer.region = "mars-north-1"
        self.check_put_refused("InvalidSignatureException",
                               "^Credential should be scoped to a valid region, not "
                               "'mars-north-1'. ")

    def test_another_region_through_the_sdk(self):
        client = make_client(region_name="mars-north-1")
        with self.refused("InvalidSignatureException",
                          "^Credential should be scoped to a valid region"):
            client.list_tables()

    def test_another_service(self):
        self.signer.service = "s3"
        self.check_put_refused("InvalidSignatureException",
                               "^Credential should be scoped to correct service: 'dynamodb'. $")

    def test_another_terminator(self):
        self.signer.terminator = "aws5_request"
        self.check_put_refused("InvalidSignatureException",
                               "^Credential should be scoped with a valid terminator: "
                               "'aws4_request', not 'aws5_request'. $")

    def test_another_day_in_the_scope(self):
        self.signer.scope_date = "20150830"
        self.check_put_refused("InvalidSignatureException",
                               "^Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                               "version of date from HTTP: '20150830' != ")

    def test_all_mistakes_of_the_scope_are_told_at_once(self):
        self.signer.region = "mars-north-1"
        self.signer.service = "s3"
        self.check_put_refused("InvalidSignatureException",
                               "valid region, not 'mars-north-1'. Credential should be scoped to "
                               "correct service: 'dynamodb'. ")

    def test_a_credential_of_seven_parts(self):
        self.signer.region = "us-east-1/dynamodb/more"
        self.check_put_refused("IncompleteSignatureException",
                               "^Credential must have exactly 5 slash-delimited elements")
