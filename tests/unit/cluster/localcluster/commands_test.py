import os
import signal
import stat
import unittest

import fixture

from localcluster import control


class UpTest(fixture.ClusterCase):
    def test_it_returns_when_all_serve_and_names_every_router(self):
        status, out, err = self.up("--regions", "us-east-1,eu-west-1", "--routers", "2")
        self.assertEqual((status, err), (0, ""))
        ready = [line.split() for line in out.splitlines() if line.startswith("ready ")]
        self.assertEqual([line[1] for line in ready],
                         ["us-east-1", "us-east-1", "eu-west-1", "eu-west-1"])
        self.assertTrue(all(line[2].startswith("http://127.") for line in ready))
        self.assertEqual({row[3] for row in self.members().values()}, {"running"})

    def test_it_tells_what_clients_sign_with(self):
        _, out, _ = self.up()
        self.assertIn("export AWS_ACCESS_KEY_ID=AKIAGRATICULELOCAL", out)

    def test_credentials_of_ones_own_are_not_told(self):
        _, out, _ = self.up("--credentials", "/dev/null")
        self.assertNotIn("export", out)

    def test_a_process_that_fails_is_named_with_its_last_words_and_nothing_stays(self):
        self.break_member("us-east-1-n2", "exit")
        status, _, err = self.up()
        self.assertEqual(status, 1)
        self.assertIn("us-east-1-n2", err)
        self.assertIn("exited with status 3", err)
        self.assertIn("the disk is on fire", err)
        with self.assertRaises(control.NotRunning):
            control.call(self.data, "status")

    def test_a_process_that_never_serves_is_named(self):
        self.break_member("us-east-1-n2", "silent")
        status, _, err = self.up("--timeout", "2")
        self.assertEqual(status, 1)
        self.assertIn("us-east-1-n2", err)
        self.assertNotIn("us-east-1-n1", err)

    def test_after_a_failure_another_cluster_may_be_tried(self):
        self.break_member("us-east-1-n2", "exit")
        self.up()
        self.assertEqual(self.up("--nodes", "1")[0], 0)

    def test_a_second_up_is_refused(self):
        self.up("--nodes", "1")
        status, _, err = self.up("--nodes", "1")
        self.assertEqual(status, 1)
        self.assertIn("up already", err)

    def test_up_after_down_brings_the_same_cluster_back(self):
        self.up("--nodes", "2", "--routers", "2")
        before = {name: row[:4] for name, row in self.members().items()}
        self.run_local("down")
        self.assertEqual(self.up()[0], 0)
        after = {name: row[:4] for name, row in self.members().items()}
        self.assertEqual(before, after)

    def test_another_wish_for_the_same_directory_is_refused(self):
        self.up("--nodes", "1")
        self.run_local("down")
        status, _, err = self.up("--nodes", "2")
        self.assertEqual(status, 1)
        self.assertIn("another cluster", err)

    def test_settings_can_be_added(self):
        self.up("--nodes", "1", "--set", "node.durability=relaxed")
        with open(os.path.join(self.data, "config", "us-east-1-n1.conf"), encoding="utf-8") as file:
            self.assertIn("durability = relaxed\n", file.read())

    def test_a_setting_of_nobody_is_refused(self):
        self.assertEqual(self.up("--set", "cluster.durability=relaxed")[0], 1)

    def test_the_control_socket_is_for_its_owner(self):
        self.up("--nodes", "1")
        mode = os.stat(os.path.join(self.data, control.SOCKET_NAME)).st_mode
        self.assertEqual(stat.S_IMODE(mode) & 0o077, 0)


class MembersTest(fixture.ClusterCase):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.up("--nodes", "2", "--routers", "1")[0], 0)

    def test_a_killed_process_comes_back_by_itself_with_another_pid(self):
        before = self.pid("us-east-1-n1")
        self.run_local("kill", "us-east-1-n1")
        fixture.wait_until(lambda: self.state("us-east-1-n1") == "running")
        self.assertNotEqual(self.pid("us-east-1-n1"), before)

    def test_one_killed_behind_our_back_comes_back_too(self):
        before = self.pid("us-east-1-r1")
        os.kill(int(before), signal.SIGKILL)
        fixture.wait_until(lambda: self.pid("us-east-1-r1") not in (before, "-"))
        fixture.wait_until(lambda: self.state("us-east-1-r1") == "running")

    def test_a_stopped_process_stays_away_until_it_is_started(self):
        self.run_local("stop", "us-east-1-n1")
        self.assertEqual(self.members()["us-east-1-n1"][3:], ("stopped", "-"))
        self.run_local("start", "us-east-1-n1")
        self.assertEqual(self.state("us-east-1-n1"), "running")

    def test_a_paused_process_keeps_its_pid(self):
        before = self.pid("us-east-1-n2")
        self.run_local("pause", "us-east-1-n2")
        fixture.wait_until(lambda: self.state("us-east-1-n2") == "paused")
        self.run_local("resume", "us-east-1-n2")
        fixture.wait_until(lambda: self.state("us-east-1-n2") == "running")
        self.assertEqual(self.pid("us-east-1-n2"), before)

    def test_a_paused_process_can_be_stopped(self):
        self.run_local("pause", "us-east-1-n2")
        self.assertEqual(self.run_local("stop", "us-east-1-n2")[0], 0)
        self.assertEqual(self.state("us-east-1-n2"), "stopped")

    def test_several_processes_are_told_at_once(self):
        self.run_local("stop", "us-east-1-n1", "us-east-1-r1")
        states = [row[3] for row in self.members().values()]
        self.assertEqual(sorted(states), ["running", "stopped", "stopped"])

    def test_a_name_that_nobody_has_is_refused(self):
        status, _, err = self.run_local("kill", "us-east-1-n7")
        self.assertEqual(status, 1)
        self.assertIn("us-east-1-n7", err)

    def test_what_does_not_run_cannot_be_paused(self):
        self.run_local("stop", "us-east-1-n1")
        self.assertEqual(self.run_local("pause", "us-east-1-n1")[0], 1)

    def test_after_down_all_are_stopped_and_no_process_is_left(self):
        pids = [int(row[4]) for row in self.members().values()]
        self.assertEqual(self.run_local("down")[0], 0)
        self.assertEqual({row[3] for row in self.members().values()}, {"stopped"})
        for pid in pids:
            self.assertFalse(os.path.exists(f"/proc/{pid}"))

    def test_down_twice_is_fine(self):
        self.run_local("down")
        self.assertEqual(self.run_local("down")[0], 0)

    def test_members_die_with_their_supervisor(self):
        pids = [int(row[4]) for row in self.members().values()]
        with open(f"/proc/{pids[0]}/stat", encoding="utf-8") as file:
            supervisor = int(file.read().rpartition(")")[2].split()[1])
        os.kill(supervisor, signal.SIGKILL)
        fixture.wait_until(lambda: not any(os.path.exists(f"/proc/{pid}/exe") for pid in pids))


if __name__ == "__main__":
    unittest.main()
