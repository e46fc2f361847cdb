"""Finds the modules of tests/chaos. Import it first."""

import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.realpath(os.path.join(HERE, "..", "..", "..", "chaos")))
