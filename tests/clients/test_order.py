"""Of all that is wrong with a request, the first in DynamoDB's order is what it is refused for."""

import endpoint
import http_client
import signature
from client_case import TableCase, table_name

HEALTH, UNKNOWN = object(), object()

# The order, with what each fault is refused for. The request that has one has all after it, too.
ORDER = (
    ("method", HEALTH, ""),
    ("content type", UNKNOWN, ""),
    ("json", "SerializationException", ""),
    ("target", "UnknownOperationException", ""),
    ("both forms", "InvalidSignatureException", "^Found both 'X-Amz-Algorithm'"),
    ("no form", "MissingAuthenticationTokenException", ""),
    ("parameters", "IncompleteSignatureException", "requires 'Credential' parameter"),
    ("date", "InvalidSignatureException", "^Signature expired: "),
    ("host", "InvalidSignatureException", "^'Host' must be a 'SignedHeader'"),
    ("algorithm", "IncompleteSignatureException", "^Unsupported AWS 'algorithm'"),
    ("credential", "IncompleteSignatureException", "exactly 5 slash-delimited elements"),
    ("scope", "InvalidSignatureException", "^Credential should be scoped to a valid region"),
    ("key id", "UnrecognizedClientException", ""),
    ("signature", "InvalidSignatureException", "^The request signature we calculated"),
    ("token", "UnrecognizedClientException", ""),
    ("no body", "SerializationException", ""),
    ("types", "SerializationException", "cannot be converted"),
    ("constraints", "ValidationException", "^1 validation error detected: "),
    ("meaning", "ValidationException", "^Return values set to invalid value$"),
    ("table", "ResourceNotFoundException", "^Requested resource not found$"),
    ("item", "ValidationException", "Missing the key pk in the item$"),
)


class OrderTest(TableCase):

    def body(self, faults):
        if "json" in faults:
            return b"{"
        if "no body" in faults:
            return b""
        content = {"TableName": table_name() if "table" in faults else self.table,
                   "Item": {} if "item" in faults else {"pk": {"S": "x"}}}
        content.update({"ReturnValues": "UPDATED_NEW"} if "meaning" in faults else {})
        content.update({"ReturnConsumedCapacity": "SOME"} if "constraints" in faults else {})
        content.update({"ReturnItemCollectionMetrics": 5} if "types" in faults else {})
        return http_client.encode(content)

    def signer(self, faults):
        signer = http_client.own_signer()
        signer.secret += "x" * ("signature" in faults)
        signer.access_key_id += "X" * ("key id" in faults)
        signer.region = "mars-north-1" if "scope" in faults else endpoint.current.region
        signer.region += "/more" * ("credential" in faults)
        signer.unsigned_names = ("host",) * ("host" in faults)
        signer.seconds = 0 if "date" in faults else None
        return signer

    def headers(self, faults, connection, body):
        headers = http_client.headers_of("Nothing" if "target" in faults else "PutItem")
        headers.update({"content-type": "text/plain"} if "content type" in faults else {})
        headers.update({"x-amz-security-token": "token"} if "token" in faults else {})
        headers = http_client.signed(connection, headers, body, self.signer(faults))
        if "algorithm" in faults:
            headers["authorization"] = headers["authorization"].replace("SHA256", "SHA512")
        if "parameters" in faults:
            headers["authorization"] = f"{signature.ALGORITHM} Nothing=x"
        if "no form" in faults and "both forms" not in faults:
            del headers["authorization"]
        return headers

    def response(self, faults):
        body = self.body(faults)
        path = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" if "both forms" in faults else "/"
        with http_client.Connection() as connection:
            headers = self.headers(faults, connection, body)
            connection.send("GET" if "method" in faults else "POST", headers, body, path)
            return connection.receive()

    def check(self, response, name, text):
        if name is HEALTH:
            self.assertEqual((response.status, response.body[:8]), (200, b"healthy:"))
        elif name is UNKNOWN:
            self.assertEqual((response.status, response.body),
                             (404, b"<UnknownOperationException/>\n"))
        else:
            self.check_refusal(response, name, text)

    def test_each_fault_comes_before_all_that_follow(self):
        for position, (fault, name, text) in enumerate(ORDER):
            with self.subTest(fault=fault):
                self.check(self.response({fault for fault, *_ in ORDER[position:]}), name, text)

    def test_without_faults_there_is_no_refusal(self):
        self.assertEqual(self.response(set()).status, 200)
