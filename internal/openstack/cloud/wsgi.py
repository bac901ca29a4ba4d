"""The application that the server of a WSGI service serves: the entry point that the variable ENTRY names."""
import os
from importlib.metadata import entry_points

(entry,) = entry_points(group="wsgi_scripts", name=os.environ["ENTRY"])
application = entry.load()()
