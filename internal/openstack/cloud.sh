#!/usr/bin/env bash
# A real OpenStack for the tests, of Debian 12's own packages (Zed): Keystone, Cinder with two back ends and backups, Neutron,
# Glance, Placement, and Nova with a hypervisor that keeps its servers in memory. All of it listens on 127.0.0.1 only.
#
#   cloud.sh up                  install what is missing, start what does not run, wait until it works
#   cloud.sh run -- COMMAND...   up, the command with OS_* of the administrator in its environment, and down, come what may
#   cloud.sh down                stop what was started here; the data stay, and the next start is quick
#   cloud.sh wipe                down, and remove the data
#   cloud.sh stop DAEMON         stop one daemon (cloud.sh status lists them): what is a cloud without cinder-volume?
#   cloud.sh start DAEMON        start it again, and wait until it works
#   cloud.sh status              list the daemons that run
#
# Installing and starting need root: another user is asked for sudo. COMMAND runs as the user who asks.
#
#   HWCLOUD_OPENSTACK_DATA   directory of configuration, databases, volumes and logs (default: $TMPDIR/hwcloud-openstack)
#   HWCLOUD_OPENSTACK_PORT   the first of the ten ports in a row that are used (default: 21000, Keystone); with another
#                            directory and other ports, several clouds run side by side
#
# In the directory are env.sh (OS_* of the administrator) and clouds.yaml (entries admin, demo and reader). The passwords are
# all "secret": admin is the administrator, demo a member and reader a reader of the project demo.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TMP=${TMPDIR:-/tmp}
export HWCLOUD_OPENSTACK_DATA=${HWCLOUD_OPENSTACK_DATA:-${TMP%/}/hwcloud-openstack}
export HWCLOUD_OPENSTACK_PORT=${HWCLOUD_OPENSTACK_PORT:-21000}

# Erlang reserves memory for as many files as it may open: without a limit, for a billion.
ulimit -Sn 65536 2>/dev/null || true

SERVICES="keystone placement glance cinder neutron nova"
BACKENDS="nfs-a nfs-b"
SECRET=secret
HOST=127.0.0.1
PORT=$HWCLOUD_OPENSTACK_PORT
KEYSTONE=http://$HOST:$PORT CINDER=http://$HOST:$((PORT + 1)) NEUTRON=http://$HOST:$((PORT + 2)) GLANCE=http://$HOST:$((PORT + 3))
PLACEMENT=http://$HOST:$((PORT + 4)) NOVA=http://$HOST:$((PORT + 5))
AMQP=$((PORT + 6)) ERLANG=$((PORT + 7)) EPMD=$((PORT + 8))

DATA=$HWCLOUD_OPENSTACK_DATA
ETC=$DATA/etc VAR=$DATA/var LOG=$DATA/log RUN=$DATA/run BIN=$DATA/bin PASTE=$DATA/paste
SOCKET=$RUN/mariadb.sock

say() { printf '[%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { say "$*"; exit 1; }

# ---- packages

# Only the code: the packages of the daemons would add users, start scripts and questions.
PACKAGES="ca-certificates curl mariadb-server-core mariadb-client-core rabbitmq-server uwsgi-core uwsgi-plugin-python3 qemu-utils
  dmidecode python3-keystone python3-cinder python3-neutron python3-glance python3-placement python3-nova"

install() {
  local package missing=()
  for package in $PACKAGES; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && [ -d "$PASTE" ] && return
  [ ${#missing[@]} = 0 ] || say "installing ${missing[*]}"
  apt-get update -qq >"$LOG/apt.log" 2>&1 || die "apt-get update failed: see $LOG/apt.log"
  if ((${#missing[@]})); then
    # Some of them start daemons of the system when they are installed. Ours are started below, and nothing else is.
    local policy=/usr/sbin/policy-rc.d code=0
    if [ -e $policy ]; then policy=; else printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy; fi
    env -u PYTHONDONTWRITEBYTECODE DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}" </dev/null >>"$LOG/apt.log" 2>&1 || code=$?
    [ -z "$policy" ] || rm -f "$policy"
    [ $code = 0 ] || die "apt-get install failed: see $LOG/apt.log"
  fi
  # How a daemon puts its middleware together is in the packages that are not installed: they are only unpacked.
  rm -rf "$PASTE.new" && mkdir -p "$PASTE.new/deb"
  (cd "$PASTE.new/deb" && apt-get -o APT::Sandbox::User=root download -qq {cinder,neutron,glance,nova}-common) >>"$LOG/apt.log" 2>&1 ||
    die "apt-get download failed: see $LOG/apt.log"
  for package in "$PASTE.new"/deb/*.deb; do dpkg-deb -x "$package" "$PASTE.new"; done
  rm -r "$PASTE.new/deb"
  mv "$PASTE.new" "$PASTE"
}

# ---- daemons

born() { # born PID: when the process started. A pid may be used again, a pid with its start never is.
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra stat <<<"${stat##*) }"
  [ "${stat[0]}" != Z ] && echo "${stat[19]}"
}
alive() { # alive DAEMON
  local pid start
  { read -r pid start <"$RUN/$1.pid"; } 2>/dev/null && [ -n "$start" ] && [ "$(born "$pid")" = "$start" ]
}
CLEAN=(env -i "PATH=$BIN:/usr/sbin:/usr/bin:/sbin:/bin" "HOME=$VAR" "TMPDIR=$VAR/tmp" LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1)
launch() { # launch DAEMON [VARIABLE=VALUE...] COMMAND...: in a process group of its own, unless it runs
  local daemon=$1
  shift
  alive "$daemon" && return
  setsid "${CLEAN[@]}" "$@" >>"$LOG/$daemon.log" 2>&1 </dev/null 9>&- &
  echo "$! $(born $!)" >"$RUN/$daemon.pid"
}
halt() { # halt DAEMON: let it finish for 20 seconds at most, and its children with it
  local pid i
  if alive "$1"; then
    read -r pid _ <"$RUN/$1.pid"
    kill -TERM -- "-$pid" 2>/dev/null || true
    for ((i = 0; i < 200; i++)); do
      alive "$1" || break
      sleep 0.1
    done
    kill -KILL -- "-$pid" 2>/dev/null || true
  fi
  rm -f "$RUN/$1.pid"
}
running() { # running: the daemons that run, one a line
  local file daemon
  for file in "$RUN"/*.pid; do
    daemon=$(basename "$file" .pid)
    ! alive "$daemon" || echo "$daemon"
  done
}
python() { "${CLEAN[@]}" /usr/bin/python3 "$HERE/cloud/$1.py" "${@:2}"; }
server() { launch "$1" /usr/bin/python3 "$HERE/cloud/entry.py" "$1" --config-file "$2"; }
wsgi() { # wsgi DAEMON URL ENTRYPOINT VARIABLE=VALUE. A connection serves one request: the server cannot keep it.
  launch "$1" "ENTRY=$3" "$4" uwsgi_python3 --plugin python3 --http-socket "${2#http://}" --wsgi-file "$HERE/cloud/wsgi.py" \
    --need-app --die-on-term --enable-threads --threads 4 --buffer-size 65535 --disable-logging --add-header 'Connection: close'
}
daemon() { # daemon NAME: start it
  case $1 in
    mariadb) # What is lost in a crash is only a test's: nothing is synced to the disk.
      [ -d "$VAR/mariadb/mysql" ] || mariadb-install-db --no-defaults --user=root --datadir="$VAR/mariadb" --skip-test-db \
        --auth-root-authentication-method=normal --innodb-flush-method=nosync >"$LOG/mariadb-install.log" 2>&1
      launch mariadb mariadbd --no-defaults --user=root --datadir="$VAR/mariadb" --socket="$SOCKET" --pid-file="$VAR/mariadb.pid" \
        --skip-networking --skip-log-bin --performance-schema=off --max-connections=600 --innodb-buffer-pool-size=256M \
        --innodb-flush-method=nosync --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
        --character-set-server=utf8mb3 --collation-server=utf8mb3_general_ci ;;
    epmd) launch epmd epmd -address $HOST -port $EPMD ;;
    rabbitmq)
      launch rabbitmq ERL_EPMD_ADDRESS=$HOST ERL_EPMD_PORT=$EPMD RABBITMQ_NODENAME="hwcloud$PORT@localhost" \
        RABBITMQ_NODE_IP_ADDRESS=$HOST RABBITMQ_NODE_PORT=$AMQP RABBITMQ_DIST_PORT=$ERLANG RABBITMQ_CONFIG_FILE="$ETC/rabbitmq" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$ETC/rabbitmq_plugins" RABBITMQ_MNESIA_BASE="$VAR/rabbitmq" RABBITMQ_LOG_BASE="$LOG/rabbitmq" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none' \
        /usr/lib/rabbitmq/bin/rabbitmq-server ;;
    keystone) wsgi keystone "$KEYSTONE" keystone-wsgi-public "OS_KEYSTONE_CONFIG_DIR=$ETC/keystone" ;;
    placement) wsgi placement "$PLACEMENT" placement-api "OS_PLACEMENT_CONFIG_DIR=$ETC/placement" ;;
    glance-api) server glance-api "$ETC/glance.conf" ;;
    cinder-api | cinder-scheduler | cinder-volume | cinder-backup) server "$1" "$ETC/cinder.conf" ;;
    neutron-server) server neutron-server "$ETC/neutron.conf" ;;
    neutron-agents) launch neutron-agents /usr/bin/python3 "$HERE/cloud/agents.py" --config-file "$ETC/neutron.conf" ;;
    nova-api | nova-conductor | nova-scheduler | nova-compute) server "$1" "$ETC/nova.conf" ;;
    *) die "there is no daemon $1" ;;
  esac
}
works() { # works DAEMON: does it do its work?
  case $1 in
    mariadb) sql 'SELECT 1' ;;
    epmd) (: <"/dev/tcp/$HOST/$EPMD") ;;
    rabbitmq) (exec 8<>"/dev/tcp/$HOST/$AMQP" && printf 'HELLO\r\n\r\n' >&8 && [ "$(head -c4 <&8)" = AMQP ]) ;; # it names its protocol
    keystone) answers "$KEYSTONE/v3" ;;
    placement) answers "$PLACEMENT" ;;
    glance-api) answers "$GLANCE" ;;
    cinder-api) answers "$CINDER" ;;
    neutron-server) answers "$NEUTRON" ;;
    nova-api) answers "$NOVA" ;;
    neutron-agents) reports "$1" 2 "neutron.agents WHERE heartbeat_timestamp" ;;
    cinder-volume) reports "$1" 2 "cinder.services WHERE \`binary\`='$1' AND updated_at" ;;
    cinder-*) reports "$1" 1 "cinder.services WHERE \`binary\`='$1' AND updated_at" ;;
    nova-compute) reports "$1" 1 "nova.services WHERE \`binary\`='$1' AND updated_at" && (($(sql 'SELECT COUNT(*) FROM placement.inventories') >= 3)) ;;
    nova-*) reports "$1" 1 "nova.services WHERE \`binary\`='$1' AND updated_at" ;;
  esac
}
reports() { # reports DAEMON ROWS CONDITION: what has no address tells the database from time to time that it is well
  (($(sql "SELECT COUNT(*) FROM $3 > FROM_UNIXTIME($(stat -c %Y "$RUN/$1.pid"))") >= $2))
}
answers() { # answers URL: some say 300 or 401 to strangers, and are well
  local code
  code=$(curl -s -o /dev/null --noproxy '*' -m 5 -w '%{http_code}' "$1") && ((code > 0 && code < 500))
}
await() { # await DAEMON: start it, and wait until it works
  local end=$((SECONDS + 300))
  daemon "$1"
  until works "$1" >/dev/null 2>&1; do
    alive "$1" || die "$1 has ended: see $LOG/$1.log"
    ((SECONDS < end)) || die "$1 does not work after five minutes: see $LOG/$1.log"
    sleep 0.3
  done
}
sql() { mariadb --no-defaults -uroot -S "$SOCKET" --init-command="SET time_zone='+00:00'" -N -e "$1"; }
once() { # once STEP COMMAND...: what has succeeded on these data is not done again
  [ -e "$VAR/done-$1" ] && return
  "${@:2}" >>"$LOG/$1.log" 2>&1 || die "$1 failed: see $LOG/$1.log"
  touch "$VAR/done-$1"
}

# ---- configuration

database() { echo "mysql+pymysql://root@localhost/$1?unix_socket=$SOCKET"; }
login() { # how a service signs in
  cat <<END
auth_type = password
auth_url = $KEYSTONE/v3
username = service
password = $SECRET
project_name = service
user_domain_name = Default
project_domain_name = Default
region_name = RegionOne
END
}
shared() { # shared SERVICE: the sections that all services have. The role reader means something, except to Placement, which would
           # then answer to administrators of the whole system only, and to Neutron, which would not tell members which networks
           # lead outside.
  cat <<END
[database]
connection = $(database "$1")
[keystone_authtoken]
www_authenticate_uri = $KEYSTONE/v3
service_token_roles = service
service_token_roles_required = true
$(login)
[oslo_concurrency]
lock_path = $VAR/$1/lock
[oslo_policy]
$(case $1 in placement | neutron) echo "enforce_new_defaults = false" ;; *) echo "enforce_new_defaults = true" ;; esac)
[oslo_messaging_notifications]
driver = noop
[oslo_messaging_rabbit]
heartbeat_timeout_threshold = 60
END
}
configure() {
  local backend bus=rabbit://guest:guest@$HOST:$AMQP/
  mkdir -p "$ETC"/{keystone,placement} "$VAR"/{keystone,cinder/backup,cinder/mnt,neutron,glance/images,glance/staging,glance/tasks,nova/instances}
  echo '[].' >"$ETC/rabbitmq_plugins"

  cat >"$ETC/keystone/keystone.conf" <<END
[database]
connection = $(database keystone)
[fernet_tokens]
key_repository = $VAR/keystone/fernet-keys
[credential]
key_repository = $VAR/keystone/credential-keys
[identity]
password_hash_rounds = 4
[cache]
backend = oslo_cache.dict
[oslo_messaging_notifications]
driver = noop
END

  cat >"$ETC/placement/placement.conf" <<END
[placement_database]
connection = $(database placement)
$(shared placement)
END

  cat >"$ETC/glance.conf" <<END
[DEFAULT]
bind_host = $HOST
bind_port = ${GLANCE##*:}
workers = 0
transport_url = $bus
enabled_backends = file:file
enforce_secure_rbac = true
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = $VAR/glance/images
[os_glance_staging_store]
filesystem_store_datadir = $VAR/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir = $VAR/glance/tasks
[paste_deploy]
flavor = keystone
config_file = $PASTE/usr/share/glance-common/glance-api-paste.ini
$(shared glance)
END

  # A daemon that is stopped is noticed after 30 seconds and not after 60. The key of all encrypted volumes is a fixed one,
  # which saves a service for keys.
  cat >"$ETC/cinder.conf" <<END
[DEFAULT]
host = cloud
my_ip = $HOST
state_path = $VAR/cinder
transport_url = $bus
api_paste_config = $PASTE/usr/share/cinder-common/api-paste.ini
resource_query_filters_file = $PASTE/etc/cinder/resource_filters.json
osapi_volume_listen = $HOST
osapi_volume_listen_port = ${CINDER##*:}
osapi_volume_workers = 1
report_interval = 5
service_down_time = 30
graceful_shutdown_timeout = 10
glance_api_servers = $GLANCE
enabled_backends = ${BACKENDS// /,}
backup_driver = cinder.backup.drivers.posix.PosixBackupDriver
backup_posix_path = $VAR/cinder/backup
backup_file_size = 52428800
backup_compression_algorithm = zstd
quota_volumes = 1000
quota_snapshots = 1000
quota_gigabytes = 100000
quota_backups = 1000
quota_backup_gigabytes = 100000
[nova]
$(login)
[service_user]
send_service_user_token = true
$(login)
[key_manager]
backend = cinder.keymgr.conf_key_mgr.ConfKeyManager
fixed_key = 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
[privsep_osbrick]
helper_command = /usr/bin/privsep-helper --config-file $ETC/cinder.conf
[cinder_sys_admin]
helper_command = /usr/bin/privsep-helper --config-file $ETC/cinder.conf
$(shared cinder)
$(for backend in $BACKENDS; do
    cat <<BACKEND
[$backend]
volume_driver = directory.Driver
volume_backend_name = $backend
nfs_shares_config = $ETC/$backend.shares
nfs_mount_point_base = $VAR/cinder/mnt
nfs_snapshot_support = true
nas_secure_file_operations = false
nas_secure_file_permissions = false
max_over_subscription_ratio = 1000
BACKEND
  done)
END
  for backend in $BACKENDS; do echo "$HOST:/$backend" >"$ETC/$backend.shares"; done
  # A share is a directory below mnt, where the driver makes it: to mount it is to do nothing.
  ln -sf /bin/true "$BIN/mount"
  ln -sf /bin/true "$BIN/mount.nfs"

  cat >"$ETC/neutron.conf" <<END
[DEFAULT]
host = cloud
bind_host = $HOST
bind_port = ${NEUTRON##*:}
state_path = $VAR/neutron
transport_url = $bus
api_paste_config = $PASTE/usr/share/neutron-common/api-paste.ini
core_plugin = ml2
service_plugins = router,qos,trunk,port_forwarding,segments
api_workers = 0
rpc_workers = 1
rpc_state_report_workers = 0
dns_domain = example.org.
[quotas]
quota_network = 1000
quota_subnet = 1000
quota_port = 5000
quota_router = 1000
quota_floatingip = 1000
quota_security_group = 1000
quota_security_group_rule = 5000
[nova]
$(login)
[placement]
$(login)
[ml2]
type_drivers = flat,vlan,vxlan,local
tenant_network_types = vxlan
mechanism_drivers = openvswitch
extension_drivers = port_security,qos,dns_domain_ports
[ml2_type_flat]
flat_networks = *
[ml2_type_vlan]
network_vlan_ranges = physnet1:100:3999
[ml2_type_vxlan]
vni_ranges = 1:100000
$(shared neutron)
END

  cat >"$ETC/nova.conf" <<END
[DEFAULT]
host = cloud
my_ip = $HOST
state_path = $VAR/nova
transport_url = $bus
enabled_apis = osapi_compute
osapi_compute_listen = $HOST
osapi_compute_listen_port = ${NOVA##*:}
osapi_compute_workers = 1
compute_driver = fake.FakeDriver
reserved_host_memory_mb = 0
allow_resize_to_same_host = true
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
graceful_shutdown_timeout = 10
[api_database]
connection = $(database nova_api)
[quota]
instances = 1000
cores = 10000
ram = 10000000
[conductor]
workers = 1
[scheduler]
workers = 1
[wsgi]
api_paste_config = $PASTE/usr/share/nova-common/api-paste.ini
[vnc]
enabled = false
[placement]
$(login)
[neutron]
$(login)
[glance]
$(login)
[cinder]
os_region_name = RegionOne
$(login)
[service_user]
send_service_user_token = true
$(login)
$(shared nova)
END
}

# ---- databases

manage() { "${CLEAN[@]}" /usr/bin/python3 "$HERE/cloud/entry.py" "$1" --config-file "$2" "${@:3}"; }
schema() { # schema SERVICE: make its databases, and anew where that was interrupted, because a migration cannot be resumed
  local name names=$1
  [ "$1" != nova ] || names="nova nova_api nova_cell0"
  for name in $names; do sql "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name" || return; done
  case $1 in
    keystone) python identity "$ETC/keystone/keystone.conf" $SECRET "$KEYSTONE/v3" ;;
    placement) manage placement-manage "$ETC/placement/placement.conf" db sync ;;
    glance) manage glance-manage "$ETC/glance.conf" db_sync ;;
    cinder) manage cinder-manage "$ETC/cinder.conf" db sync ;;
    neutron) manage neutron-db-manage "$ETC/neutron.conf" upgrade heads ;;
    nova) python cells "$ETC/nova.conf" "$(database nova_cell0)" ;;
  esac
}

# ---- commands

contents() { # contents PART: what the cloud holds besides what tests make; done again when the program that makes it changes
  once "contents-$1-$(cksum <"$HERE/cloud/contents.py" | cut -d' ' -f1)" \
    python contents "$1" $SECRET "$KEYSTONE" "$PLACEMENT" "$GLANCE" "$CINDER" "$NEUTRON" "$NOVA"
}
signed_in() { # signed_in: wait until Keystone knows all accounts and addresses
  local end=$((SECONDS + 300))
  until [ -e "$RUN/accounts" ]; do
    ((SECONDS < end)) || die "Keystone has no accounts after five minutes"
    sleep 0.3
  done
}
bring() { # bring SERVICE: its database, its daemons, and what it holds
  local daemon
  once "schema-$1" schema "$1"
  case $1 in
    keystone)
      await keystone
      contents keystone
      : >"$RUN/accounts" ;;
    placement) await placement ;;
    glance)
      await rabbitmq
      await glance-api
      signed_in
      contents glance ;;
    cinder)
      await rabbitmq
      for daemon in api scheduler volume backup; do daemon cinder-$daemon; done
      for daemon in api scheduler volume backup; do await cinder-$daemon; done ;;
    neutron)
      await rabbitmq
      await neutron-server
      await neutron-agents
      signed_in
      contents neutron ;;
    nova)
      await rabbitmq
      await placement
      signed_in # without Placement in the catalog, the scheduler ends
      for daemon in api conductor scheduler compute; do daemon nova-$daemon; done
      for daemon in api conductor scheduler compute; do await nova-$daemon; done
      contents nova ;;
  esac
}

up() {
  local service job
  # shellcheck source=/dev/null
  (. /etc/os-release && [ "$VERSION_CODENAME" = bookworm ]) 2>/dev/null ||
    die "this needs Debian 12, whose packages of OpenStack are used; on another system, run it in a container of debian:12"
  install
  ports
  configure
  daemon epmd
  daemon rabbitmq
  await mariadb
  # The services come up side by side, each in a process group, so that they can be given up together.
  rm -f "$RUN/accounts"
  jobs=()
  trap 'for job in "${jobs[@]}"; do kill -- "-$job" || true; done 2>/dev/null' EXIT
  set -m
  for service in $SERVICES; do
    (set +m; trap - EXIT; bring "$service"; say "$service works") 9>&- &
    jobs+=($!)
  done
  set +m
  for job in "${jobs[@]}"; do wait -n || exit 1; done
  trap - EXIT
  accounts
  say "the cloud works: $DATA/clouds.yaml"
}

ports() { # ports: is somebody else on ours?
  local offset daemon
  while read -r offset daemon; do
    alive "$daemon" || ! (: <"/dev/tcp/$HOST/$((PORT + offset))") 2>/dev/null ||
      die "port $((PORT + offset)) is in use: set HWCLOUD_OPENSTACK_PORT to the first of ten that are free"
  done <<<$'0 keystone\n1 cinder-api\n2 neutron-server\n3 glance-api\n4 placement\n5 nova-api\n6 rabbitmq\n7 rabbitmq\n8 epmd'
}

accounts() { # accounts: how clients sign in
  local name
  cat >"$DATA/env.sh" <<END
export OS_AUTH_URL=$KEYSTONE/v3 OS_IDENTITY_API_VERSION=3 OS_REGION_NAME=RegionOne
export OS_USERNAME=admin OS_PASSWORD=$SECRET OS_USER_DOMAIN_NAME=Default OS_PROJECT_NAME=admin OS_PROJECT_DOMAIN_NAME=Default
export HWCLOUD_OPENSTACK_DATA=$DATA HWCLOUD_OPENSTACK_PORT=$PORT HWCLOUD_TEST_OPENSTACK=$DATA/clouds.yaml
END
  { echo clouds: && for name in admin demo reader; do
    cat <<END
  $name:
    region_name: RegionOne
    identity_api_version: 3
    auth:
      auth_url: $KEYSTONE/v3
      username: $name
      password: $SECRET
      project_name: ${name/reader/demo}
      user_domain_name: Default
      project_domain_name: Default
END
  done; } >"$DATA/clouds.yaml"
}

down() {
  local name
  for name in $(running); do
    case $name in mariadb | rabbitmq | epmd) ;; *) halt "$name" & ;; esac
  done
  wait
  for name in rabbitmq epmd mariadb; do halt $name; done
}

run() {
  local code child signal=
  trap 'trap "" INT TERM; "$HERE/cloud.sh" down' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  "$HERE/cloud.sh" up
  set -a
  # shellcheck source=/dev/null
  . "$DATA/env.sh"
  set +a
  # In the background, where a signal to this script alone is noticed too. Ctrl-C is sent to both.
  (trap - INT TERM; exec "$@") <&0 &
  child=$!
  trap 'signal=130' INT
  trap 'signal=143; kill $child' TERM
  while code=0; wait $child || code=$?; [ -n "$signal" ] && kill -0 $child 2>/dev/null; do :; done
  exit "${signal:-$code}"
}

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$HERE/cloud.sh"; exit 2; }
asroot() { # asroot COMMAND...: this script as root
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null || die "this needs root: it installs packages and starts daemons. Run it as root, or install sudo."
  exec sudo HWCLOUD_OPENSTACK_DATA="$DATA" HWCLOUD_OPENSTACK_PORT="$PORT" "$HERE/cloud.sh" "$@"
}
enter() { # enter: the directory, one at a time
  mkdir -p "$ETC" "$VAR/tmp" "$LOG" "$RUN" "$BIN"
  chmod 700 "$ETC" "$VAR" "$RUN"
  exec 9>"$DATA/lock"
  flock -w 300 9 || die "another cloud.sh has been at work in $DATA for five minutes"
}

case ${1:-} in
  run)
    shift
    [ "${1:-}" != -- ] || shift
    [ $# != 0 ] || usage
    run "$@" ;;
  up | down | wipe | stop | start | status)
    [ "$1" = up ] || [ -d "$RUN" ] || die "there is no cloud in $DATA"
    asroot "$@"
    enter
    case $1 in
      up) up ;;
      down) down ;;
      wipe)
        down
        rm -rf "$ETC" "$VAR" "$LOG" "$RUN" "$BIN" "$PASTE" "$DATA"/{env.sh,clouds.yaml,lock}
        rmdir "$DATA" ;;
      stop)
        alive "${2:?which daemon?}" || die "$2 does not run"
        halt "$2" ;;
      start) await "${2:?which daemon?}" ;;
      status) running ;;
    esac ;;
  *) usage ;;
esac
