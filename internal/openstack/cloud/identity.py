"""Makes Keystone's database, its keys, and the administrator: identity.py CONFIGURATION PASSWORD URL. One process does what
takes keystone-manage three, and everything else waits for Keystone."""
import sys

from keystone.cmd import cli

configuration, password, url = sys.argv[1:]
for command in (
    ["db_sync"],
    ["fernet_setup", "--keystone-user", "root", "--keystone-group", "root"],
    ["bootstrap", "--bootstrap-password", password, "--bootstrap-region-id", "RegionOne",
     "--bootstrap-public-url", url, "--bootstrap-internal-url", url, "--bootstrap-admin-url", url],
):
    cli.CONF.reset()
    cli.main(["keystone-manage", "--config-file", configuration, *command])
