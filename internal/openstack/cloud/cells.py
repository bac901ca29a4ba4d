"""Makes Nova's databases: cells.py CONFIGURATION CELL0. One process does what takes nova-manage five, each with seconds of
imports. The host is told to the cell beforehand, and need not be discovered."""
import sys

from nova import config, context, objects
from nova.cmd import manage

config.parse_args(["nova-manage", "--config-file", sys.argv[1]])
objects.register_all()

failed = (
    manage.ApiDbCommands().sync()
    or manage.CellV2Commands().map_cell0(sys.argv[2])
    or manage.DbCommands().sync()
    or manage.CellV2Commands().create_cell(name="cell1")
)
if failed:
    sys.exit(failed)

admin = context.get_admin_context()
cell = next(c for c in objects.CellMappingList.get_all(admin) if c.name == "cell1")
objects.HostMapping(admin, host="cloud", cell_mapping=cell).create()
