"""Stands for the agents that would do what Neutron decides: an Open vSwitch agent and an L3 agent. They say that they are
alive, that every port is connected and that every floating IP works. No packet moves. Without them, ports stay down, and
servers fail because nothing can bind their ports."""
import sys

import neutron.cmd.eventlet  # noqa: F401: it replaces parts of the standard library, before anything else uses them
import eventlet
import oslo_messaging
from neutron.agent import rpc
from neutron.common import config
from neutron.conf.agent import common as options
from neutron_lib import context
from neutron_lib import rpc as bus
from neutron_lib.agent import topics
from oslo_config import cfg
from oslo_log import log

options.register_agent_state_opts_helper(cfg.CONF)
config.register_common_config_options()
config.init(sys.argv[1:])
config.setup_logging()

HOST = cfg.CONF.host
ADMIN = context.get_admin_context_without_session()
STATES = (
    {
        "agent_type": "Open vSwitch agent", "binary": "neutron-openvswitch-agent", "host": HOST, "topic": "N/A",
        "configurations": {
            "bridge_mappings": {"public": "br-public", "physnet1": "br-physnet1"}, "integration_bridge": "br-int",
            "tunnel_types": ["vxlan"], "tunneling_ip": "127.0.0.1", "datapath_type": "system", "ovs_capabilities": {},
            "ovs_hybrid_plug": False, "l2_population": False, "devices": 0,
        },
    },
    {
        "agent_type": "L3 agent", "binary": "neutron-l3-agent", "host": HOST, "topic": topics.L3_AGENT,
        "configurations": {"agent_mode": "legacy", "handle_internal_only_routers": True, "interface_driver": "openvswitch"},
    },
)


class Quiet:
    """What is told to all agents, and needs nothing done."""
    target = oslo_messaging.Target(version="1.5")

    def _nothing(self, context, **kwargs):
        pass

    network_update = network_delete = port_delete = agent_updated = _nothing
    binding_activate = binding_deactivate = _nothing
    router_deleted = router_removed_from_agent = update_fip_statuses = _nothing


class Ports(Quiet):
    server = rpc.PluginApi(topics.PLUGIN)

    def port_update(self, context, port, **kwargs):
        if port.get("binding:host_id") == HOST and port["admin_state_up"] and port["status"] != "ACTIVE":
            self.server.update_device_up(ADMIN, port["id"], "agents", HOST)


class Routers(Quiet):
    server = bus.get_client(oslo_messaging.Target(topic=topics.L3PLUGIN, version="1.0"))

    def all(self):
        return self.server.prepare(version="1.9").call(ADMIN, "get_router_ids", host=HOST)

    def connect(self, ids):
        for router in self.server.prepare().call(ADMIN, "sync_routers", host=HOST, router_ids=ids) if ids else []:
            self.server.prepare(version="1.1").call(
                ADMIN, "update_floatingip_statuses", router_id=router["id"],
                fip_statuses={ip["id"]: "ACTIVE" for ip in router.get("_floatingips", [])})

    def routers_updated(self, context, routers, **kwargs):
        self.connect([r["id"] if isinstance(r, dict) else r for r in routers])

    def router_added_to_agent(self, context, payload, **kwargs):
        self.connect(payload)


def listen():
    ports = rpc.create_consumers([Ports()], topics.AGENT, [
        [topics.PORT, topics.UPDATE], [topics.PORT, topics.DELETE], [topics.NETWORK, topics.UPDATE]])
    routers, connection = Routers(), bus.Connection()
    for fanout in (False, True):
        connection.create_consumer(topics.L3_AGENT, [routers], fanout=fanout)
    connection.consume_in_threads()
    routers.connect(routers.all())
    return ports, connection


reports = rpc.PluginReportStateAPI(topics.REPORTS)
listening = None
while True:
    try:
        for state in STATES:
            reports.report_state(ADMIN, state if listening else {**state, "start_flag": True}, use_call=True)
        listening = listening or listen()
        eventlet.sleep(20)
    except Exception:
        log.getLogger("agents").exception("Neutron does not answer; next attempt in two seconds")
        eventlet.sleep(2)
