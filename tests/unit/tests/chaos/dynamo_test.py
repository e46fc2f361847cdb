import http.server
import json
import socket
import threading
import unittest

import chaos_path  # noqa: F401 pylint: disable=unused-import

from dynamo import Client, Refused, Unknown, Unsent


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as its server was told to, or hangs up."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):  # pylint: disable=invalid-name
        self.server.requests.append(dict(self.headers))
        self.rfile.read(int(self.headers["Content-Length"]))
        status, document = self.server.answer
        if status is None:
            self.close_connection = True
            return
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class DynamoTest(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.requests = []
        self.client = Client(f"http://127.0.0.1:{self.server.server_port}", "us-east-1", "AK", "SK")
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.client.close)

    def call(self, status, document=None):
        self.server.answer = (status, document)
        return self.client.call("GetItem", TableName="t")

    def test_an_answer_is_given_back(self):
        self.assertEqual(self.call(200, {"Item": {}}), {"Item": {}})

    def test_a_request_names_its_operation_and_is_signed_for_its_region(self):
        self.call(200, {})
        headers = self.server.requests[0]
        self.assertEqual(headers["X-Amz-Target"], "DynamoDB_20120810.GetItem")
        self.assertIn("/us-east-1/dynamodb/aws4_request", headers["Authorization"])

    def test_an_error_of_the_api_is_a_refusal(self):
        with self.assertRaises(Refused) as caught:
            self.call(400, {"__type": "com.amazonaws#ValidationException", "message": "no"})
        self.assertEqual(caught.exception.kind, "ValidationException")

    def test_an_error_of_the_server_leaves_the_outcome_unknown(self):
        with self.assertRaises(Unknown):
            self.call(500, {"__type": "com.amazonaws#InternalServerError", "message": "no"})

    def test_a_lost_connection_leaves_the_outcome_unknown_and_is_not_retried(self):
        with self.assertRaises(Unknown):
            self.call(None)
        self.assertEqual(len(self.server.requests), 1)

    def test_after_a_lost_connection_the_next_call_makes_a_new_one(self):
        with self.assertRaises(Unknown):
            self.call(None)
        self.assertEqual(self.call(200, {}), {})

    def test_where_nobody_listens_nothing_was_sent(self):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            client = Client(f"http://127.0.0.1:{sock.getsockname()[1]}", "us-east-1", "AK", "SK")
            with self.assertRaises(Unsent):
                client.call("GetItem", TableName="t")


if __name__ == "__main__":
    unittest.main()
