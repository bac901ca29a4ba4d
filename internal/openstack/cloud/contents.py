"""Makes what the cloud holds besides what tests make: contents.py PART PASSWORD URL... (Keystone's, then those of CATALOG).
Everything is looked for first, so that it can be run again."""
import json
import sys
import urllib.error
import urllib.request

part, password, keystone, *urls = sys.argv[1:]
CATALOG = (  # type, name, path; several names of Cinder, because clients of different age ask for different ones
    ("placement", "placement", "", urls[0]),
    ("image", "glance", "", urls[1]),
    ("block-storage", "cinder", "/v3/%(project_id)s", urls[2]),
    ("volumev3", "cinderv3", "/v3/%(project_id)s", urls[2]),
    ("network", "neutron", "", urls[3]),
    ("compute", "nova", "/v2.1", urls[4]),
)
token = None


def call(method, url, body=None, kind="application/json"):
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": kind, "X-Auth-Token": token or ""}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return answer, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {url}: {error.code} {error.read().decode()}")


def ensure(url, one, match, body=None):
    """The object below url with what match says; it is made with what body says besides."""
    many = one + "s" if not one.endswith("y") else one[:-1] + "ies"
    for found in call("GET", url)[1][many]:
        if all(found[key] == value for key, value in match.items()):
            return found
    wanted = {**match, **(body or {})}
    made = call("POST", url, wanted if one == "image" else {one: wanted})[1]
    return made if one == "image" else made[one]


def sign_in():
    user = {"name": "admin", "domain": {"id": "default"}, "password": password}
    scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    return call("POST", keystone + "/v3/auth/tokens", body)[0].headers["X-Subject-Token"]


def account(user, project, *roles):
    p = ensure(keystone + "/v3/projects", "project", {"name": project, "domain_id": "default"})
    u = ensure(keystone + "/v3/users", "user", {"name": user, "domain_id": "default"}, {"password": password, "default_project_id": p["id"]})
    for name in roles:
        r = ensure(keystone + "/v3/roles", "role", {"name": name})
        call("PUT", f"{keystone}/v3/projects/{p['id']}/users/{u['id']}/roles/{r['id']}")


token = sign_in()
if part == "keystone":
    account("service", "service", "admin", "service")
    account("demo", "demo", "member")
    account("reader", "demo", "reader")
    account("admin", "demo", "admin")
    for kind, name, path, url in CATALOG:
        service = ensure(keystone + "/v3/services", "service", {"type": kind, "name": name})
        for interface in ("public", "internal", "admin"):
            ensure(keystone + "/v3/endpoints", "endpoint",
                   {"service_id": service["id"], "interface": interface}, {"url": url + path, "region_id": "RegionOne"})
elif part == "glance":
    image = ensure(urls[1] + "/v2/images", "image", {"name": "cirros", "visibility": "public"},
                   {"disk_format": "raw", "container_format": "bare"})
    if image["status"] == "queued":
        call("PUT", f"{urls[1]}/v2/images/{image['id']}/file", b"not a real disk" * 4096, "application/octet-stream")
elif part == "neutron":
    network = ensure(urls[3] + "/v2.0/networks", "network", {"name": "public", "router:external": True},
                     {"provider:network_type": "flat", "provider:physical_network": "public"})
    subnet = ensure(urls[3] + "/v2.0/subnets", "subnet", {"name": "public", "network_id": network["id"]},
                    {"ip_version": 4, "cidr": "203.0.113.0/24", "gateway_ip": "203.0.113.1", "enable_dhcp": False})
    pool = {"start": "203.0.113.2", "end": "203.0.113.199"}  # the rest is for those who ask for an address
    call("PUT", f"{urls[3]}/v2.0/subnets/{subnet['id']}", {"subnet": {"allocation_pools": [pool]}})
elif part == "nova":
    for number, (name, vcpus, ram, disk) in enumerate((("m1.tiny", 1, 512, 1), ("m1.small", 1, 2048, 20), ("m1.medium", 2, 4096, 40)), 1):
        ensure(urls[4] + "/v2.1/flavors", "flavor", {"name": name}, {"id": str(number), "vcpus": vcpus, "ram": ram, "disk": disk})
