"""Runs a command of the installed packages by its name: entry.py NAME ARGUMENT..."""
import sys
from importlib.metadata import entry_points

del sys.argv[0]
(command,) = entry_points(group="console_scripts", name=sys.argv[0])
sys.exit(command.load()())
