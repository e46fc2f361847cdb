"""What SDKs ask besides tables and items: endpoints, and who they are."""

import botocore.exceptions
import endpoint
import http_client
import signature
from client_case import ClientCase, make_client

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
WHO = b"Action=GetCallerIdentity&Version=2011-06-15"


class EndpointsTest(ClientCase):

    def test_describe_endpoints_answers_an_address_and_how_long_it_holds(self):
        [answer] = self.dynamodb.describe_endpoints()["Endpoints"]

        self.assertIn(answer["Address"], endpoint.current.addresses())
        self.assertGreaterEqual(answer["CachePeriodInMinutes"], 1)


class CallerIdentityTest(ClientCase):

    def signer(self):
        current = endpoint.current
        return signature.Signer(current.access_key_id, current.secret, current.region, "sts")

    def ask(self, signer, body=WHO):
        with http_client.Connection() as connection:
            connection.send("POST", http_client.signed(connection, FORM, body, signer), body)
            return connection.receive()

    def test_boto3_learns_who_it_is(self):
        for url in endpoint.current.urls:
            answer = make_client("sts", url).get_caller_identity()
            self.assertRegex(answer["Account"], "^[0-9]{12}$")
            self.assertRegex(answer["Arn"], f"^arn:aws:(iam|sts)::{answer['Account']}:")
            self.assertTrue(answer["UserId"])

    def test_other_actions_are_refused(self):
        with self.assertRaises(botocore.exceptions.ClientError) as raised:
            make_client("sts").get_session_token()
        self.assertEqual(raised.exception.response["Error"]["Code"], "InvalidAction")

    def test_the_answer_is_the_querys_xml(self):
        response = self.ask(self.signer())

        self.assertEqual(response.status, 200)
        self.assertTrue(response.headers["content-type"].startswith("text/xml"))
        self.assertIn(b"<GetCallerIdentityResponse "
                      b'xmlns="https://sts.amazonaws.com/doc/2011-06-15/">', response.body)
        self.assertIn(b"<RequestId>", response.body)

    def check_sdk_refused(self, codes, **changes):
        with self.assertRaises(botocore.exceptions.ClientError) as raised:
            make_client("sts", **changes).get_caller_identity()
        self.assertIn(raised.exception.response["Error"]["Code"], codes)

    def test_a_wrong_secret_is_refused(self):
        self.check_sdk_refused(["SignatureDoesNotMatch"], aws_secret_access_key="wrong")

    def test_an_unknown_key_is_refused(self):
        self.check_sdk_refused(["InvalidClientTokenId"], aws_access_key_id="AKIDUNKNOWN")

    def test_a_signature_for_tables_does_not_do_here(self):
        signer = self.signer()
        signer.service = "dynamodb"

        self.assertGreaterEqual(self.ask(signer).status, 400)
