package sandbox

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// server is a machine. The fields are named as in the API's answer; what follows from others (addresses, volumes,
// power state, the metadata that the service adds) is not kept.
type server struct {
	meta
	Name                string            `json:"name"`
	Description         string            `json:"description"`
	Status              string            `json:"status"` // BUILD, ACTIVE, SHUTOFF, REBOOT, RESIZE, REBUILD, ERROR, ...
	Flavor              ref               `json:"flavor"`
	Image               ref               `json:"image"`
	AvailabilityZone    string            `json:"OS-EXT-AZ:availability_zone"`
	Hostname            string            `json:"OS-EXT-SRV-ATTR:hostname"`
	UserData            string            `json:"OS-EXT-SRV-ATTR:user_data"` // base64
	ReservationID       string            `json:"OS-EXT-SRV-ATTR:reservation_id"`
	LaunchIndex         int               `json:"OS-EXT-SRV-ATTR:launch_index"`
	LaunchedAt          time.Time         `json:"OS-SRV-USG:launched_at"`
	KeyName             string            `json:"key_name"`
	AdminPass           string            `json:"admin_pass,omitempty"` // never answered
	UserID              string            `json:"user_id"`
	VpcID               string            `json:"vpc_id"`
	Nics                []nic             `json:"nics"` // the first is the primary one
	Metadata            map[string]string `json:"metadata"`
	Tags                map[string]string `json:"tags"`
	Hints               schedulerHints    `json:"os:scheduler_hints"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	AutoTerminateTime   string            `json:"auto_terminate_time"`
	ChargingMode        string            `json:"charging_mode"` // chargingByUse, chargingSpot
	SecurityOptions     securityOptions   `json:"security_options"`
	EnclaveOptions      enabled           `json:"enclave_options"`
	MetadataOptions     metadataOptions   `json:"metadata_options"`
	AutoRecovery        bool              `json:"support_auto_recovery"`
	CPUOptions          cpuOptions        `json:"cpu_options"`
	Job                 string            `json:"job,omitempty"` // the id of the job under way
}

// nic is a server's use of a port.
type nic struct {
	PortID              string `json:"port_id"`
	DeleteOnTermination bool   `json:"delete_on_termination"`
}

type schedulerHints struct {
	Group   []string `json:"group,omitempty"`
	Tenancy []string `json:"tenancy,omitempty"`
}

type securityOptions struct {
	SecureBootEnabled *bool `json:"secure_boot_enabled,omitempty"`
	TpmEnabled        *bool `json:"tpm_enabled"`
}

type enabled struct {
	Enabled bool `json:"enabled"`
}

type cpuOptions struct {
	Threads *int `json:"hw:cpu_threads"`
}

const (
	ecsTime    = "2006-01-02T15:04:05Z"
	launchTime = "2006-01-02T15:04:05.000000" // UTC
)

// How a server is paid for.
const (
	chargingByUse = "0"
	chargingSpot  = "2"
)

// taskStates are what servers are at while jobs of a type are under way; "" for jobs that do not show.
var taskStates = map[string]string{
	"createSingleServer": "spawning",
	"deleteSingleServer": "deleting",
	"startSingleServer":  "powering-on",
	"stopSingleServer":   "powering-off",
	"rebootSingleServer": "rebooting",
	"resizeServer":       "resize_migrating",
	"changeOs":           "rebuilding",
	imageOfServer:        "image_snapshot",
}

// vmStates and powerStates go with a status.
var (
	vmStates = map[string]string{
		"ACTIVE": "active", "SHUTOFF": "stopped", "BUILD": "building", "ERROR": "error", "REBOOT": "active",
		"HARD_REBOOT": "active", "RESIZE": "active", "REBUILD": "active", "VERIFY_RESIZE": "resized", "PAUSED": "paused",
		"SUSPENDED": "suspended", "SOFT_DELETED": "soft-delete", "DELETED": "deleted",
	}
	powerStates = map[string]int{"ACTIVE": 1, "REBOOT": 1, "HARD_REBOOT": 1, "PAUSED": 3, "SHUTOFF": 4, "RESIZE": 4, "REBUILD": 4, "SUSPENDED": 4}
)

func (e *ecsService) serverRoutes() []route {
	tags := tagged[server]{
		table:   e.servers,
		path:    "/v1/{project_id}/cloudservers",
		tags:    func(s *server) *map[string]string { return &s.Tags },
		name:    func(s *server) string { return s.Name },
		missing: noServer,
		code:    serverTagRules.invalid,
	}
	const path = "/v1/{project_id}/cloudservers"
	return []route{
		{"POST /v1.1/{project_id}/cloudservers", 200, e.createServers},
		{"POST " + path, 200, e.createServers},
		{"GET " + path + "/detail", 200, e.listServers},
		{"GET " + path + "/{id}", 200, e.showServer},
		{"PUT " + path + "/{id}", 200, e.updateServer},
		{"POST " + path + "/{id}/metadata", 200, e.updateMetadata},
		{"DELETE " + path + "/{id}/metadata/{key}", 204, e.deleteMetadata},
		{"GET /v1/{project_id}/jobs/{job_id}", 200, e.showJob(e.jobs)},

		{"GET " + path + "/{id}/tags", 200, tags.show},
		{"POST " + path + "/{id}/tags/action", 204, changeTags(tags, serverTagRules)},
		{"GET " + path + "/tags", 200, tags.list},
		{"POST " + path + "/resource_instances/action", 200, tags.search},
	}
}

// find is the server in the request's path. It is not there before its job has begun.
func (e *ecsService) find(r *request) (*server, error) {
	s := e.servers.get(r.project.ID, r.PathValue("id"))
	if s == nil || !e.exists(s) {
		return nil, noServer(r.PathValue("id"))
	}
	return s, nil
}

// exists says whether the job that makes a server has got that far.
func (e *ecsService) exists(s *server) bool { return s.Status != "BUILD" || e.begun(s.Job) }

// free is find for operations that cannot go on beside others.
func (e *ecsService) free(r *request) (*server, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	if e.pending(s.Job) != nil {
		return nil, busyServer(s)
	}
	return s, nil
}

type serverView struct {
	*server
	ProjectID       hidden `json:"project_id,omitempty"`
	CreatedAt       hidden `json:"created_at,omitempty"`
	UpdatedAt       hidden `json:"updated_at,omitempty"`
	Job             hidden `json:"job,omitempty"`
	AdminPass       hidden `json:"admin_pass,omitempty"`
	Nics            hidden `json:"nics,omitempty"`
	VpcID           hidden `json:"vpc_id,omitempty"`
	ChargingMode    hidden `json:"charging_mode,omitempty"`
	MetadataOptions hidden `json:"metadata_options,omitempty"`
	AutoRecovery    hidden `json:"support_auto_recovery,omitempty"`
	Created         string `json:"created"`
	Updated         string `json:"updated"`
	TenantID        string `json:"tenant_id"`
	KeyName         any    `json:"key_name"`
	UserData        any    `json:"OS-EXT-SRV-ATTR:user_data"`
	LaunchedAt      any    `json:"OS-SRV-USG:launched_at"`
	TerminatedAt    any    `json:"OS-SRV-USG:terminated_at"`
	TaskState       any    `json:"OS-EXT-STS:task_state"`
	VMState         string `json:"OS-EXT-STS:vm_state"`
	PowerState      int    `json:"OS-EXT-STS:power_state"`
	Progress        int    `json:"progress"`
	Fault           any    `json:"fault,omitempty"`
	HostID          string `json:"hostId"`
	HostStatus      string `json:"host_status"`
	Host            string `json:"OS-EXT-SRV-ATTR:host"`
	Hypervisor      string `json:"OS-EXT-SRV-ATTR:hypervisor_hostname"`
	InstanceName    string `json:"OS-EXT-SRV-ATTR:instance_name"`
	KernelID        string `json:"OS-EXT-SRV-ATTR:kernel_id"`
	RamdiskID       string `json:"OS-EXT-SRV-ATTR:ramdisk_id"`
	RootDevice      string `json:"OS-EXT-SRV-ATTR:root_device_name"`
	DiskConfig      string `json:"OS-DCF:diskConfig"`
	ConfigDrive     string `json:"config_drive"`
	AccessIPv4      string `json:"accessIPv4"`
	AccessIPv6      string `json:"accessIPv6"`
	Locked          bool   `json:"locked"`
	HypervisorAny   any    `json:"hypervisor"`
	SpodID          any    `json:"spod_id"`
	ReservationOf   any    `json:"capacity_reservation_id"`
	Reservation     any    `json:"capacity_reservation_specification"`

	Flavor         flavorRef                `json:"flavor"`
	Addresses      map[string][]addressView `json:"addresses"`
	Interfaces     []interfaceView          `json:"network_interfaces"`
	SecurityGroups []ref                    `json:"security_groups"`
	Volumes        []volumeAttachedView     `json:"os-extended-volumes:volumes_attached"`
	Metadata       map[string]string        `json:"metadata"`
	Tags           []string                 `json:"tags"`
	SysTags        []tag                    `json:"sys_tags"`
}

type flavorRef struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Disk  string `json:"disk"`
	Vcpus string `json:"vcpus"`
	RAM   string `json:"ram"`
	Gpus  []any  `json:"gpus"`
	Asics []any  `json:"asic_accelerators"`
}

type addressView struct {
	Addr    string `json:"addr"`
	Version string `json:"version"`
	Primary *bool  `json:"primary,omitempty"`
	Type    string `json:"OS-EXT-IPS:type"`
	Mac     string `json:"OS-EXT-IPS-MAC:mac_addr"`
	PortID  string `json:"OS-EXT-IPS:port_id"`
}

type interfaceView struct {
	PortID        string       `json:"port_id"`
	Primary       bool         `json:"primary"`
	SubnetID      string       `json:"subnet_id"`
	IPAddresses   []string     `json:"ip_addresses"`
	IPv6Addresses []string     `json:"ipv6_addresses"`
	Association   *association `json:"association,omitempty"`
}

type association struct {
	PublicIP string `json:"public_ip_address"`
}

type volumeAttachedView struct {
	ID                  string `json:"id"`
	Device              string `json:"device"`
	BootIndex           string `json:"bootIndex"`             // "0" or "-1"
	DeleteOnTermination string `json:"delete_on_termination"` // "true" or "false"
}

func (e *ecsService) view(s *server) serverView {
	view := serverView{
		server:         s,
		Created:        s.CreatedAt.Format(ecsTime),
		Updated:        s.UpdatedAt.Format(ecsTime),
		TenantID:       s.ProjectID,
		KeyName:        orNull(s.KeyName),
		UserData:       orNull(s.UserData),
		VMState:        vmStates[s.Status],
		PowerState:     powerStates[s.Status],
		HostID:         sha256Hex([]byte(s.ProjectID + s.AvailabilityZone))[:56],
		HostStatus:     "UP",
		Host:           sha256Hex([]byte(s.AvailabilityZone))[:56],
		Hypervisor:     "nova001@" + s.AvailabilityZone,
		InstanceName:   "instance-" + hexOf(s.ID)[:8],
		DiskConfig:     "MANUAL",
		Reservation:    map[string]any{"id": nil, "preference": nil},
		Flavor:         flavorRef{ID: s.Flavor.ID, Name: s.Flavor.ID, Disk: "0", Gpus: []any{}, Asics: []any{}},
		Addresses:      map[string][]addressView{},
		Interfaces:     []interfaceView{},
		SecurityGroups: []ref{},
		Volumes:        []volumeAttachedView{},
		Metadata:       e.metadata(s),
		Tags:           []string{},
		SysTags:        []tag{{"_sys_enterprise_project_id", s.EnterpriseProjectID}},
	}
	if f := findFlavor(s.Flavor.ID); f != nil {
		view.Flavor.Vcpus, view.Flavor.RAM = strconv.Itoa(f.vcpus), strconv.Itoa(f.ram)
	}
	if !s.LaunchedAt.IsZero() {
		view.LaunchedAt = s.LaunchedAt.Format(launchTime)
	}
	if j := e.pending(s.Job); j != nil {
		view.TaskState = orNull(taskStates[j.Type])
	}
	if s.Status == "ERROR" {
		view.Fault = map[string]any{"code": 500, "created": s.UpdatedAt.Format(ecsTime), "message": "The server has failed.", "details": ""}
	}
	e.viewNics(s, &view)
	for _, v := range e.evs.attachedVolumes(s.ID) {
		a, boot := v.attachedTo(s.ID), "-1"
		if v.Status == "creating" {
			continue
		}
		if a.BootIndex == 0 {
			boot, view.RootDevice = "0", a.Device
		}
		view.Volumes = append(view.Volumes, volumeAttachedView{v.ID, a.Device, boot, strconv.FormatBool(a.DeleteOnTermination)})
	}
	for _, t := range tagList(s.Tags) {
		text := t.Key
		if t.Value != "" {
			text += "=" + t.Value
		}
		view.Tags = append(view.Tags, text)
	}
	return view
}

// viewNics fills in what follows from the server's ports.
func (e *ecsService) viewNics(s *server, view *serverView) {
	if s.Status == "BUILD" {
		return
	}
	for i, n := range s.Nics {
		p := e.vpc.ports.get("", n.PortID)
		if p == nil {
			continue
		}
		primary := i == 0
		shown := interfaceView{
			PortID: p.ID, Primary: primary, SubnetID: p.NetworkID, IPAddresses: []string{p.ip()}, IPv6Addresses: p.ipv6(),
		}
		address := addressView{Addr: p.ip(), Version: "4", Type: "fixed", Mac: p.MacAddress, PortID: p.ID, Primary: &primary}
		view.Addresses[s.VpcID] = append(view.Addresses[s.VpcID], address)
		for _, a := range p.ipv6() {
			view.Addresses[s.VpcID] = append(view.Addresses[s.VpcID], addressView{Addr: a, Version: "6", Type: "fixed", Mac: p.MacAddress, PortID: p.ID, Primary: &primary})
		}
		if o := e.eip.ofPort(p.ID); o != nil {
			shown.Association = &association{o.PublicIPAddress}
			address.Addr, address.Type, address.Primary = o.PublicIPAddress, "floating", nil
			view.Addresses[s.VpcID] = append(view.Addresses[s.VpcID], address)
		}
		view.Interfaces = append(view.Interfaces, shown)
		for _, id := range p.SecurityGroups {
			g := e.vpc.groups.get("", id)
			if g != nil && !slices.Contains(view.SecurityGroups, ref{g.ID, g.Name}) {
				view.SecurityGroups = append(view.SecurityGroups, ref{g.ID, g.Name})
			}
		}
	}
}

// metadata is the user's, with what the service adds.
func (e *ecsService) metadata(s *server) map[string]string {
	all := maps.Clone(s.Metadata)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, map[string]string{
		"charging_mode":               s.ChargingMode,
		"vpc_id":                      s.VpcID,
		"metering.image_id":           s.Image.ID,
		"metering.imagetype":          "gold",
		"metering.resourcetype":       "1",
		"metering.cloudServiceType":   "hws.service.type.ec2",
		"metering.order_id":           "",
		"metering.product_id":         "",
		"cascaded.instance_extrainfo": "pcibridge:2",
		"EcmResStatus":                "",
	})
	if i := e.ims.images.get("", s.Image.ID); i != nil {
		all["image_name"], all["os_type"], all["os_bit"] = i.Name, i.OSType, i.OSBit
		all["metering.imagetype"] = i.Type
		all["metering.resourcespeccode"] = s.Flavor.ID + "." + strings.ToLower(i.OSType)
	}
	return all
}

func (e *ecsService) showServer(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	if !e.servers.visible(s) {
		return nil, noServer(s.ID)
	}
	return map[string]any{"server": e.view(s)}, nil
}

// listServers answers pages by number or by marker, the youngest server first; with ?server_id= it answers those, and
// for the ones that are not there an id with a fault.
func (e *ecsService) listServers(r *request) (any, error) {
	q := r.query
	if q.Has("server_id") {
		return e.listChosen(r, strings.Split(q.Get("server_id"), ","))
	}
	found := slices.DeleteFunc(e.servers.list(r.project.ID), func(s *server) bool {
		return !e.exists(s) || !strings.Contains(s.Name, q.Get("name")) || !matches(q.Get("flavor"), s.Flavor.ID) ||
			!matches(strings.ToUpper(q.Get("status")), s.Status) || !matches(q.Get("reservation_id"), s.ReservationID) ||
			!ofEnterprise(r, s.EnterpriseProjectID) || !e.hasAddress(s, q.Get("ip"), strings.Contains) ||
			!e.hasAddress(s, q.Get("ip_eq"), func(a, b string) bool { return a == b }) ||
			!hasTags(s, q.Get("tags")) || q.Get("not-tags") != "" && hasTags(s, q.Get("not-tags"))
	})
	slices.Reverse(found)
	count := len(found)
	limit, err := r.queryInt("limit", 25, 1, 1000)
	if err != nil {
		return nil, err
	}
	number, err := r.queryInt("offset", 1, 0, 1<<31-1)
	if err != nil {
		return nil, err
	}
	if marker := q.Get("marker"); marker != "" {
		rest, ok := after(found, func(s *server) string { return s.ID }, marker)
		if !ok {
			return nil, badServer("Ecs.0005", "marker [%s] not found", marker)
		}
		found = rest
	} else {
		found = found[min((max(number, 1)-1)*limit, len(found)):]
	}
	return map[string]any{"count": count, "servers": views(found[:min(limit, len(found))], e.view)}, nil
}

func (e *ecsService) listChosen(r *request, ids []string) (any, error) {
	if len(ids) > 100 {
		return nil, badServer("Ecs.0005", "server_id takes up to 100 ids.")
	}
	list := []any{}
	for _, id := range ids {
		if s := e.servers.read(r.project.ID, id); s != nil && e.exists(s) {
			list = append(list, e.view(s))
		} else {
			list = append(list, map[string]any{"id": id, "fault": map[string]any{"code": 404, "message": "Instance " + id + " could not be found."}})
		}
	}
	return map[string]any{"count": len(list), "servers": list}, nil
}

// hasAddress says whether one of the server's addresses is like the one that is asked for.
func (e *ecsService) hasAddress(s *server, asked string, like func(a, b string) bool) bool {
	return asked == "" || slices.ContainsFunc(s.Nics, func(n nic) bool {
		p, o := e.vpc.ports.get("", n.PortID), e.eip.ofPort(n.PortID)
		return p != nil && like(p.ip(), asked) || o != nil && like(o.PublicIPAddress, asked)
	})
}

// hasTags says whether a server has all tags of a list like key,key=value.
func hasTags(s *server, asked string) bool {
	if asked == "" {
		return true
	}
	for text := range strings.SplitSeq(asked, ",") {
		key, want, withValue := strings.Cut(text, "=")
		if got, ok := s.Tags[key]; !ok || withValue && got != want {
			return false
		}
	}
	return true
}

var (
	serverName  = pattern.New(`^[0-9A-Za-z_.\p{Han}-]+$`)
	metadataKey = pattern.New(`^[0-9A-Za-z_:.-]{1,255}$`)
	hostname    = pattern.New(`^[0-9A-Za-z]+([.-][0-9A-Za-z]+)*$`)
)

const (
	serverNameMax = 64
	userDataMax   = 32 << 10 // before it is encoded
	metadataMax   = 10       // at create
)

func checkServerName(name string, longest int) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > longest {
		return badServer("Ecs.0914", "The length of the ECS name must be from 1 to %d.", longest)
	}
	if !serverName.MatchString(name) {
		return badServer("Ecs.0915", "The ECS name contains invalid characters.")
	}
	return nil
}

func checkServerDescription(text string) error {
	if utf8.RuneCountInString(text) > 85 || strings.ContainsAny(text, "<>") {
		return badServer("Ecs.0041", "Invalid description field.")
	}
	return nil
}

func checkUserData(text string) error {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return badServer("Ecs.0005", "user_data is not in base64.")
	}
	if len(raw) > userDataMax {
		return badServer("Ecs.0005", "user_data has more than %d bytes.", userDataMax)
	}
	return nil
}

func checkServerMetadata(metadata map[string]string) error {
	for key, value := range metadata {
		if !metadataKey.MatchString(key) || utf8.RuneCountInString(value) > 255 {
			return badServer("Ecs.0005", "The metadata item %s is invalid.", key)
		}
	}
	return nil
}

func (e *ecsService) updateServer(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Server *struct {
			Name            *string          `json:"name"`
			Description     *string          `json:"description"`
			Hostname        *string          `json:"hostname"`
			UserData        *string          `json:"user_data"`
			SecurityOptions *securityOptions `json:"security_options"`
		} `json:"server"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Server == nil {
		return nil, badServer("Ecs.0005", "server is missing.")
	}
	changed := *s
	if in.Server.Name != nil {
		changed.Name = *in.Server.Name
		err = checkServerName(changed.Name, serverNameMax)
	}
	if err == nil && in.Server.Description != nil {
		changed.Description = *in.Server.Description
		err = checkServerDescription(changed.Description)
	}
	if err == nil && in.Server.Hostname != nil {
		changed.Hostname = *in.Server.Hostname
		if len(changed.Hostname) > 64 || !hostname.MatchString(changed.Hostname) {
			err = badServer("Ecs.0005", "hostname %s is invalid.", changed.Hostname)
		}
	}
	if err == nil && in.Server.UserData != nil {
		changed.UserData = *in.Server.UserData
		err = checkUserData(changed.UserData)
	}
	if err != nil {
		return nil, err
	}
	if in.Server.SecurityOptions != nil {
		changed.SecurityOptions = *in.Server.SecurityOptions
	}
	*s = changed
	e.servers.touch(s)

	view := e.view(s)
	addresses := map[string][]any{}
	for network, list := range view.Addresses {
		for _, a := range list {
			addresses[network] = append(addresses[network], map[string]any{"addr": a.Addr, "version": 4})
		}
	}
	self := r.url("ecs") + "/v2.1/" + s.ProjectID + "/servers/" + s.ID
	return map[string]any{"server": map[string]any{
		"id":                        s.ID,
		"name":                      s.Name,
		"description":               s.Description,
		"status":                    s.Status,
		"tenant_id":                 s.ProjectID,
		"user_id":                   s.UserID,
		"image":                     s.Image.ID,
		"flavor":                    map[string]any{"id": s.Flavor.ID, "links": []link{{"bookmark", r.url("ecs") + "/" + s.ProjectID + "/flavors/" + s.Flavor.ID}}},
		"links":                     []link{{"self", self}},
		"metadata":                  view.Metadata,
		"addresses":                 addresses,
		"accessIPv4":                "",
		"accessIPv6":                "",
		"created":                   view.Created,
		"updated":                   view.Updated,
		"hostId":                    view.HostID,
		"OS-DCF:diskConfig":         view.DiskConfig,
		"progress":                  0,
		"locked":                    false,
		"tags":                      view.Tags,
		"OS-EXT-SRV-ATTR:user_data": view.UserData,
		"OS-EXT-SRV-ATTR:hostname":  s.Hostname,
	}}, nil
}

func (e *ecsService) updateMetadata(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Metadata map[string]string `json:"metadata"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := checkServerMetadata(in.Metadata); err != nil {
		return nil, err
	}
	if s.Metadata == nil {
		s.Metadata = map[string]string{}
	}
	maps.Copy(s.Metadata, in.Metadata)
	e.servers.touch(s)
	return map[string]any{"metadata": e.metadata(s)}, nil
}

func (e *ecsService) deleteMetadata(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	if _, ok := s.Metadata[key]; !ok {
		return nil, refuse(http.StatusNotFound, "Ecs.1000", "Metadata item %s was not found.", key)
	}
	delete(s.Metadata, key)
	e.servers.touch(s)
	return nil, nil
}

// checkPassword refuses passwords that are too simple for the administrator.
func checkPassword(password string) error {
	classes := 0
	for _, chars := range []string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "!@$%^-_=+[{}]:,./?"} {
		if strings.ContainsAny(password, chars) {
			classes++
		}
	}
	lower := strings.ToLower(password)
	for _, name := range []string{"root", "toor", "administrator", "rotartsinimda"} {
		if strings.Contains(lower, name) {
			classes = 0
		}
	}
	if len(password) < 8 || len(password) > 26 || classes < 3 {
		return badServer("Ecs.0011", "Ensure the password meets the password complexity requirements.")
	}
	return nil
}
