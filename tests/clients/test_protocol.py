"""HTTP and JSON by hand: what every response has, how bodies may come, and what is no request."""

import gzip
import json
import random
import zlib

import answers
import endpoint
import http_client
from client_case import TableCase
from http_client import CONTENT_TYPE, Connection, call, encode, headers_of, signed

REQUEST_SIZE_MAX = 16 << 20


def mangle(body, source):
    """Some bytes of it changed, gone or doubled."""
    mangled = bytearray(body)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(mangled))
        end = at + source.choice((0, 1, 1, 8))
        mangled[at:end] = source.choice((b"", b"\xff", b'"', b"{", b"]", b"9", mangled[at:end] * 2))
    return bytes(mangled)


class HttpTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}
        self.body = http_client.encode({"TableName": self.table, "Key": self.key})
        self.put(self.key)

    def check_found(self, response):
        self.assertEqual(response.status, 200, response.body)
        self.assertEqual(response.json(), {"Item": self.key})

    def get_item(self, connection, body=None):
        connection.send("POST", signed(connection, headers_of("GetItem"), body or self.body),
                        body or self.body)
        return connection.receive()

    # --- What a response has; http_client checks the rest of every one ---

    def test_answers_are_of_the_protocols_content_type(self):
        response = call("GetItem", self.body)

        self.check_found(response)
        self.assertEqual(response.headers["content-type"], CONTENT_TYPE)
        self.assertEqual(response.headers["content-length"], str(len(response.body)))

    def test_no_two_requests_have_the_same_id(self):
        with Connection() as connection:
            ids = {self.get_item(connection).headers["x-amzn-requestid"] for _ in range(20)}

        self.assertEqual(len(ids), 20)

    def test_dates_of_tables_are_seconds(self):
        table = call("DescribeTable", {"TableName": self.table}).json()["Table"]

        self.assertIsInstance(table["CreationDateTime"], (int, float))
        self.assertGreater(table["CreationDateTime"], 1.7e9)
        self.assertLess(table["CreationDateTime"], 1e10)

    # --- Connections ---

    def test_a_connection_takes_many_requests(self):
        with Connection() as connection:
            for _ in range(50):
                self.check_found(self.get_item(connection))

    def test_a_connection_outlives_a_refusal(self):
        with Connection() as connection:
            connection.send("POST", {**headers_of("GetItem")}, self.body)
            self.check_refusal(connection.receive(), "MissingAuthenticationTokenException")
            self.check_found(self.get_item(connection))

    def test_requests_sent_together_are_answered_in_their_order(self):
        keys = [{"pk": {"S": f"{self.id()}/{i}"}} for i in range(5)]
        for key in keys:
            self.put(key)

        with Connection() as connection:
            for key in keys:
                body = http_client.encode({"TableName": self.table, "Key": key})
                connection.send("POST", signed(connection, headers_of("GetItem"), body), body)
            found = [connection.receive().json()["Item"] for _ in keys]

        self.assertEqual(found, keys)

    def test_connection_close_is_honoured(self):
        with Connection() as connection:
            headers = {**headers_of("GetItem")}
            connection.send("POST", {**signed(connection, headers, self.body),
                                     "connection": "close"}, self.body)
            self.check_found(connection.receive())
            self.assertTrue(connection.is_closed_by_peer())

    def test_every_router_answers(self):
        for url in endpoint.current.urls:
            with self.subTest(router=endpoint.current.urls.index(url)), answers.Unnoted():
                self.check_found(call("GetItem", self.body, url=url))

    # --- Bodies ---

    def test_a_chunked_body(self):
        chunks = [self.body[i:i + 7] for i in range(0, len(self.body), 7)]
        with Connection() as connection:
            connection.send_chunked(
                "POST", signed(connection, headers_of("GetItem"), self.body), chunks)
            self.check_found(connection.receive())
            self.check_found(self.get_item(connection))

    def test_a_body_that_is_waited_for(self):
        with Connection() as connection:
            headers = {**signed(connection, headers_of("GetItem"), self.body),
                       "content-length": str(len(self.body)), "expect": "100-continue"}
            connection.send_head("POST", headers)
            self.assertIn(" 100 ", connection.read_line())
            self.assertEqual(connection.read_line(), "")
            connection.socket.sendall(self.body)
            self.check_found(connection.receive())

    def test_a_request_has_up_to_16_mb(self):
        body = self.body + b" " * (REQUEST_SIZE_MAX - len(self.body))

        self.check_found(call("GetItem", body))

    def check_too_large(self, connection):
        response = connection.receive(is_checked=False)
        self.assertEqual(response.status, 413)
        self.check_found(call("GetItem", self.body))

    def test_a_larger_request_is_refused_by_its_length(self):
        with Connection() as connection:
            headers = signed(connection, headers_of("GetItem"), self.body)
            connection.send_head("POST", {**headers, "content-length": str(REQUEST_SIZE_MAX + 1)})
            try:
                connection.socket.sendall(b" " * (REQUEST_SIZE_MAX + 1))
            except OSError:
                pass    # refused before all of it was sent
            self.check_too_large(connection)

    def test_a_larger_chunked_request_is_refused(self):
        chunk = b" " * (1 << 20)
        with Connection() as connection:
            headers = signed(connection, headers_of("GetItem"), self.body)
            try:
                connection.send_chunked("POST", headers, [chunk] * 17)
            except OSError:
                pass
            self.check_too_large(connection)

    # --- Compression ---

    def packed(self, pack, encoding, content=None, signer=None):
        """A request whose body is compressed, and signed as it is sent."""
        body = pack(content or self.body)
        return call("GetItem", body, signer, {**headers_of("GetItem"), "content-encoding": encoding})

    def test_compressed_bodies(self):
        raw = zlib.compressobj(wbits=-15)
        self.check_found(self.packed(gzip.compress, "gzip"))
        self.check_found(self.packed(zlib.compress, "deflate"))
        self.check_found(self.packed(lambda body: raw.compress(body) + raw.flush(), "deflate"))
        self.check_found(self.packed(bytes, "identity"))

    def test_bodies_that_are_not_what_they_say(self):
        for pack, encoding in ((bytes, "gzip"), (gzip.compress, "br"), (zlib.compress, "gzip"),
                               (lambda body: gzip.compress(body)[:-1], "gzip")):
            self.check_refusal(self.packed(pack, encoding), "SerializationException")

    def test_a_compressed_request_stands_for_up_to_16_mb(self):
        padding = b" " * (REQUEST_SIZE_MAX - len(self.body))
        self.check_found(self.packed(gzip.compress, "gzip", self.body + padding))
        response = self.packed(gzip.compress, "gzip", self.body + padding + b" ")
        self.assertEqual(response.status, 413)

    def test_a_bomb_is_refused(self):
        bomb = gzip.compress(b" " * (256 << 20))
        self.assertEqual(self.packed(lambda _: bomb, "gzip").status, 413)
        self.check_found(call("GetItem", self.body))

    def test_answers_are_compressed_for_who_takes_them(self):
        item = {"pk": {"S": self.id()}, "text": {"S": "all the same " * 1000}}
        self.put(item)
        body = encode({"TableName": self.table, "Key": {"pk": item["pk"]}})
        for accepted in ("gzip", "br, gzip;q=0.5"):
            with answers.Unnoted():
                response = call("GetItem", body,
                                headers={**headers_of("GetItem"), "accept-encoding": accepted})
            self.assertEqual(response.headers["content-encoding"], "gzip")
            self.assertLess(len(response.body), 1000)
            self.assertEqual(json.loads(gzip.decompress(response.body))["Item"], item)
        for refused in ("identity", "gzip;q=0"):
            response = call("GetItem", body,
                            headers={**headers_of("GetItem"), "accept-encoding": refused})
            self.assertNotIn("content-encoding", response.headers)
            self.assertEqual(response.json()["Item"], item)

    # --- What is no request to an operation ---

    def test_get_says_healthy(self):
        with Connection() as connection:
            connection.send("GET", {})
            response = connection.receive()

        self.assertEqual(response.status, 200)
        self.assertEqual(response.body.decode().rstrip(),
                         f"healthy: dynamodb.{endpoint.current.region}.amazonaws.com")

    def check_unknown_page(self, method, headers, body=b"", path="/"):
        with Connection() as connection:
            wanted = signed(connection, headers, body) if method == "POST" else headers
            connection.send(method, wanted, body, path)
            response = connection.receive()
        self.assertEqual(response.status, 404, response.body)
        self.assertEqual(response.body, b"<UnknownOperationException/>\n")

    def test_other_methods_are_no_requests(self):
        for method in ("PUT", "DELETE", "PATCH"):
            with self.subTest(method=method):
                self.check_unknown_page(method, headers_of("GetItem"))

    def test_other_content_types_are_no_requests(self):
        for content_type in ("text/plain", "application/x-amz-json-2.0", "application/xml", ""):
            with self.subTest(content_type=content_type):
                self.check_unknown_page(
                    "POST", {**headers_of("GetItem"), "content-type": content_type}, self.body)

    def test_content_types_may_have_parameters(self):
        headers = {**headers_of("GetItem"), "content-type": CONTENT_TYPE + "; charset=utf-8"}

        self.check_found(call("GetItem", self.body, headers=headers))

    def test_unknown_targets_are_unknown_operations(self):
        for target in ("DynamoDB_20120810.MakeCoffee", "DynamoDB_20120810.", "GetItem",
                       "DynamoDB_20111205.GetItem", "dynamodb_20120810.GetItem",
                       "DynamoDB_20120810.getitem", "DynamoDB_20120810.GetItem2"):
            with self.subTest(target=target):
                response = call("", self.body, headers={"content-type": CONTENT_TYPE,
                                                        "x-amz-target": target})
                self.check_refusal(response, "UnknownOperationException")

    def test_no_target_is_an_unknown_operation(self):
        response = call("", self.body, headers={"content-type": CONTENT_TYPE})

        self.check_refusal(response, "UnknownOperationException")

    def test_cross_origin_requests_are_allowed(self):
        headers = {**headers_of("GetItem"), "origin": "http://example.org"}

        response = call("GetItem", self.body, headers=headers)

        self.check_found(response)
        self.assertEqual(response.headers["access-control-allow-origin"], "*")

    def test_browsers_that_ask_first_are_granted_what_they_ask_for(self):
        with Connection() as connection:
            connection.send("OPTIONS", {"origin": "http://example.org",
                                        "access-control-request-method": "POST",
                                        "access-control-request-headers": "x-amz-target"})
            response = connection.receive()

        self.assertEqual((response.status, response.body), (200, b""))
        self.assertEqual(response.headers["access-control-allow-origin"], "*")
        self.assertEqual(response.headers["access-control-allow-methods"], "POST")
        self.assertEqual(response.headers["access-control-allow-headers"], "x-amz-target")
        self.assertEqual(response.headers["access-control-max-age"], "172800")


class JsonTest(TableCase):

    def check_serialization(self, text, *bodies):
        """Refused as no JSON of the right types, with no harm to what is there."""
        for body in bodies:
            with self.subTest(body=body):
                response = call("PutItem", body)
                self.check_refusal(response, "SerializationException", text)

    def test_malformed_json(self):
        self.check_serialization(
            "", b"{", b"", b"nonsense", b'{"TableName":"a"', b"{'TableName':'a'}", b'{"a":1,}',
            b'{"TableName":"a"}}', b'{"TableName":"\xff\xfe"}', b"[]", b'"text"', b'{"a":01}',
            b'{"a":"\\ud800"}', b"\x00", b'{"a":tru}')

    def test_very_deep_json(self):
        self.check_serialization("", b'{"a":' * 100000, b"[" * 100000)

    def test_mangled_bodies_are_refused_or_served_and_break_nothing(self):
        item = {"pk": {"S": "mangled"}, "l": {"L": [{"N": "-1.5e3"}, {"SS": ["a", "b"]}]},
                "m": {"M": {"b": {"B": "AAEC"}, "n": {"NULL": True}, "t": {"BOOL": False}}}}
        request = {"TableName": self.table, "Item": item, "ReturnValues": "ALL_OLD"}
        body = http_client.encode(request)
        source = random.Random(7)

        with answers.Unnoted(), Connection() as connection:
            for number in range(300):
                mangled = mangle(body, source)
                connection.send("POST", signed(connection, headers_of("PutItem"), mangled), mangled)
                status = connection.receive().status
                self.assertIn(status, (200, 400), f"body {number}: {mangled}")

    def test_wrong_types(self):
        self.check_serialization("NUMBER_VALUE cannot be converted to String", {"TableName": 1})
        self.check_serialization("TRUE_VALUE cannot be converted to String", {"TableName": True})
        self.check_serialization("Start of structure or map found where not expected",
                                 {"TableName": {}})
        self.check_serialization("", {"TableName": []},
                                 {"TableName": self.table, "Item": "text"},
                                 {"TableName": self.table, "Item": []},
                                 {"TableName": self.table, "Item": {"pk": "text"}},
                                 {"TableName": self.table, "Item": {"pk": {"S": 1}}},
                                 {"TableName": self.table, "Item": {"pk": {"N": 1}}},
                                 {"TableName": self.table, "Item": {"pk": {"SS": "a"}}},
                                 {"TableName": self.table, "Item": {"pk": {"BOOL": "true"}}},
                                 {"TableName": self.table, "Item": {"pk": {"B": "not base64!"}}})

    def test_missing_members(self):
        for operation, request, member in (
                ("PutItem", {"TableName": self.table}, "item"),
                ("PutItem", {"Item": {"pk": {"S": "a"}}}, "tableName"),
                ("GetItem", {"TableName": self.table}, "key"),
                ("DeleteItem", {"TableName": self.table}, "key"),
                ("DescribeTable", {}, "tableName"),
                ("GetItem", {"TableName": self.table, "Key": None}, "key")):
            with self.subTest(operation=operation, member=member):
                self.check_refusal(call(operation, request), "ValidationException", f"(?i){member}")

    def test_two_missing_members_are_two_errors(self):
        response = call("PutItem", {})

        self.check_refusal(response, "ValidationException", "^2 validation errors detected: .*; ")

    def test_members_may_be_escaped_and_spaced(self):
        body = ('\r\n{ "Table\\u004eame"\t:\n"%s" ,"Key" : {"p\\u006b":{"S":"\\u00e9"}}}  '
                % self.table).encode()
        self.put({"pk": {"S": "é"}})

        response = call("GetItem", body)

        self.assertEqual(response.json(), {"Item": {"pk": {"S": "é"}}})

    def test_answers_are_utf8_json(self):
        item = {"pk": {"S": "utf8"}, "v": {"S": '"\\\n\x01é🂡'}}
        self.put(item)

        response = call("GetItem", {"TableName": self.table, "Key": {"pk": {"S": "utf8"}}})

        self.assertEqual(json.loads(response.body.decode("utf-8")), {"Item": item})
