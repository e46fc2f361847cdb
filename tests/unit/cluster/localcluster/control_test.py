import os
import socket
import threading
import unittest

import fixture

from localcluster import control


class ControlTest(fixture.DirectoryCase):
    def serve(self, listening, answer_fn):
        thread = threading.Thread(target=control.serve_one, args=(listening, answer_fn))
        thread.start()
        self.addCleanup(thread.join)

    def test_a_call_is_answered(self):
        with control.listener(self.directory) as listening:
            self.serve(listening, lambda request: {"echo": request})
            answer = control.call(self.directory, "stop", ["a", "b"])
        self.assertEqual(answer, {"echo": {"command": "stop", "names": ["a", "b"]}})

    def test_a_directory_with_a_long_name_is_reached(self):
        directory = os.path.join(self.directory, "long" * 40)
        os.mkdir(directory)
        with control.listener(directory) as listening:
            self.serve(listening, lambda request: {})
            self.assertEqual(control.call(directory, "status"), {})

    def test_nobody_there_is_told(self):
        with self.assertRaises(control.NotRunning):
            control.call(self.directory, "status")

    def test_a_client_that_talks_nonsense_is_dropped(self):
        with control.listener(self.directory) as listening:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(os.path.join(self.directory, control.SOCKET_NAME))
                client.sendall(b"nonsense\n")
                control.serve_one(listening, lambda request: self.fail("took nonsense"))
                self.assertEqual(client.recv(100), b"")


if __name__ == "__main__":
    unittest.main()
