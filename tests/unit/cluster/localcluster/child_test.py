import os
import selectors
import unittest

import fixture

from localcluster import child as children
from localcluster.layout import Member

MEMBER = Member("us-east-1-n1", "node", "us-east-1", "127.20.1.1", 7000)


class ChildTest(fixture.DirectoryCase):
    def setUp(self):
        super().setUp()
        os.mkdir(os.path.join(self.directory, "logs"))

    def start(self, script):
        child = children.Child(MEMBER, ["/bin/sh", "-c", script], self.directory)
        child.start()
        self.addCleanup(self.end, child)
        return child

    def end(self, child):
        if child.process:
            child.kill()
            child.ended()

    def see_end(self, child):
        with selectors.DefaultSelector() as selector:
            selector.register(child.process_descriptor, selectors.EVENT_READ)
            self.assertTrue(selector.select(fixture.WAIT_SECONDS_MAX))
        while child.output():
            pass
        child.ended()

    def test_it_serves_once_it_has_said_so(self):
        child = self.start("echo not ready yet; echo ready it 127.20.1.1:7000; exec sleep 60")
        self.assertEqual(child.state(), "starting")
        fixture.wait_until(lambda: child.output() and child.is_ready)
        self.assertEqual(child.state(), "running")

    def test_a_word_that_comes_in_pieces_is_one_word(self):
        child = self.start("printf rea; sleep 0.1; echo dy it; exec sleep 60")
        fixture.wait_until(lambda: child.output() and child.is_ready)

    def test_one_that_died_is_started_again_after_a_while_and_not_before(self):
        child = self.start("exit 3")
        self.see_end(child)
        self.assertEqual((child.state(), child.last_ending), ("restarting", "exited with status 3"))
        self.assertFalse(child.tick(child.next_deadline() - 0.01))
        self.assertTrue(child.tick(child.next_deadline()))
        self.assertEqual(child.restarts, 1)

    def test_one_that_was_stopped_is_not_started_again(self):
        child = self.start("echo ready it; exec sleep 60")
        child.unwant()
        self.see_end(child)
        self.assertEqual((child.state(), child.next_deadline()), ("stopped", None))

    def test_one_that_does_not_stop_is_killed_in_the_end(self):
        child = self.start("trap '' TERM; echo ready it; while :; do sleep 0.01; done")
        fixture.wait_until(lambda: child.output() and child.is_ready)
        child.unwant()
        self.assertEqual(child.state(), "stopping")
        child.tick(child.next_deadline())
        self.see_end(child)
        self.assertEqual(child.last_ending, "ended by SIGKILL")

    def test_a_killed_one_does_not_look_alive(self):
        child = self.start("echo ready it; exec sleep 60")
        child.kill()
        self.assertEqual(child.state(), "restarting")

    def test_a_program_that_is_not_there_is_tried_again_later(self):
        child = children.Child(MEMBER, ["/nowhere/graticule"], self.directory)
        child.start()
        self.assertEqual(child.state(), "restarting")
        self.assertIn("could not be started", child.last_ending)
        self.assertIsNotNone(child.next_deadline())

    def test_delays_grow_up_to_a_bound(self):
        delays = [children.restart_delay(failures) for failures in range(20)]
        self.assertEqual(delays, sorted(delays))
        self.assertLess(delays[0], delays[1])
        self.assertEqual(delays[-1], children.RESTART_SECONDS_MAX)


if __name__ == "__main__":
    unittest.main()
