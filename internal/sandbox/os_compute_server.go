package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// osServer is a machine. What follows from others (addresses, security groups, status) is not kept.
type osServer struct {
	meta
	Name             string            `json:"name"`
	Description      *string           `json:"description"`
	UserID           string            `json:"user_id"`
	VMState          string            `json:"vm_state"`   // building, active, stopped, ...
	TaskState        string            `json:"task_state"` // what is under way, "" for nothing
	FlavorID         string            `json:"flavor"`
	ImageID          string            `json:"image"` // "" if it was started from a volume
	AvailabilityZone string            `json:"availability_zone"`
	Hostname         string            `json:"hostname"`
	KeyName          string            `json:"key_name"`
	UserData         string            `json:"user_data"` // base64
	ConfigDrive      bool              `json:"config_drive"`
	AdminPass        string            `json:"admin_pass"`
	DiskConfig       string            `json:"disk_config"` // MANUAL, AUTO
	AccessIPv4       string            `json:"access_ip_v4"`
	AccessIPv6       string            `json:"access_ip_v6"`
	Metadata         map[string]string `json:"metadata"`
	Tags             []string          `json:"tags"`
	Locked           string            `json:"locked"` // by whom: owner, admin; "" if it is not
	LockedReason     *string           `json:"locked_reason"`
	LaunchedAt       time.Time         `json:"launched_at"`
	ReservationID    string            `json:"reservation_id"`
	GroupID          string            `json:"server_group"`
	Nics             []osNic           `json:"nics"`
	Devices          []osDevice        `json:"devices"` // volumes
	Fault            *osFault          `json:"fault"`
	Before           *osResized        `json:"before,omitempty"` // a resize that is neither confirmed nor reverted
}

// osNic is a server's use of a port.
type osNic struct {
	PortID string  `json:"port_id"`
	Given  bool    `json:"given"` // it was there before, and stays when the server goes
	Tag    *string `json:"tag"`
}

// osDevice is a server's use of a volume.
type osDevice struct {
	ID                  string  `json:"id"`
	VolumeID            string  `json:"volume_id"`
	AttachmentID        string  `json:"attachment_id"`
	Device              string  `json:"device"`
	Root                bool    `json:"root"`
	DeleteOnTermination bool    `json:"delete_on_termination"`
	Tag                 *string `json:"tag"`
}

// osFault is why a server is in error.
type osFault struct {
	Code    int       `json:"code"`
	Message string    `json:"message"`
	Created time.Time `json:"created"`
}

// osResized is what a server was before a resize.
type osResized struct {
	FlavorID string `json:"flavor"`
	VMState  string `json:"vm_state"`
}

// statuses are what users see of states, where a task does not show.
var statuses = map[string]string{
	"active": "ACTIVE", "building": "BUILD", "stopped": "SHUTOFF", "resized": "VERIFY_RESIZE", "paused": "PAUSED", "suspended": "SUSPENDED",
	"error": "ERROR", "shelved": "SHELVED", "shelved_offloaded": "SHELVED_OFFLOADED", "soft-delete": "SOFT_DELETED", "deleted": "DELETED",
}

// taskStatuses are what users see while a task is under way that shows.
var taskStatuses = map[string]string{
	"rebooting": "REBOOT", "rebooting_hard": "HARD_REBOOT", "rebuilding": "REBUILD", "resize_prep": "RESIZE", "resize_finish": "RESIZE",
	"resize_reverting": "REVERT_RESIZE", "updating_password": "PASSWORD",
}

func (s *osServer) status() string {
	if status, ok := taskStatuses[s.TaskState]; ok {
		return status
	}
	if status, ok := statuses[s.VMState]; ok {
		return status
	}
	return "UNKNOWN"
}

func (n *novaService) serverRoutes() []route {
	const path, one = "/v2.1/servers", "/v2.1/servers/{id}"
	return []route{
		{"POST " + path, 202, n.createServer},
		{"GET " + path, 200, n.listServers},
		{"GET " + path + "/detail", 200, n.listServers},
		{"GET " + one, 200, n.showServer},
		{"PUT " + one, 200, n.updateServer},
		{"DELETE " + one, 204, n.deleteServer},
		{"POST " + one + "/action", 202, n.act},
		{"GET " + one + "/ips", 200, n.showAddresses},
		{"GET " + one + "/os-security-groups", 200, n.showSecurityGroups},
		{"GET " + one + "/metadata", 200, n.showMetadata},
		{"POST " + one + "/metadata", 200, n.changeMetadata},
		{"PUT " + one + "/metadata", 200, n.changeMetadata},
		{"GET " + one + "/metadata/{key}", 200, n.showMetadataItem},
		{"PUT " + one + "/metadata/{key}", 200, n.changeMetadataItem},
		{"DELETE " + one + "/metadata/{key}", 204, n.deleteMetadataItem},
		{"GET " + one + "/tags", 200, n.showTags},
		{"PUT " + one + "/tags", 200, n.replaceTags},
		{"DELETE " + one + "/tags", 204, n.deleteTags},
		{"GET " + one + "/tags/{tag}", 204, n.showTag},
		{"PUT " + one + "/tags/{tag}", 201, n.addTag},
		{"DELETE " + one + "/tags/{tag}", 204, n.deleteTag},
	}
}

func noInstance(id string) error {
	return refuse(http.StatusNotFound, "", "Instance %s could not be found.", id)
}

func conflicting(format string, args ...any) error {
	return refuse(http.StatusConflict, "", format, args...)
}

// server is the one in the request's path. Those of other projects are the administrators'.
func (n *novaService) server(r *request) (*osServer, error) {
	id, project := r.PathValue("id"), r.project.ID
	if r.admin() {
		project = ""
	}
	if s := n.servers.get(project, id); s != nil {
		return s, nil
	}
	return nil, noInstance(id)
}

// ready refuses what a locked server does not do, what a server does not do in its state, and what has to wait for a task.
func ready(r *request, s *osServer, action string, states ...string) error {
	switch {
	case s.Locked != "" && !r.admin():
		return conflicting("Instance %s is locked", s.ID)
	case !slices.Contains(states, s.VMState):
		return conflicting("Cannot '%s' instance %s while it is in vm_state %s", action, s.ID, s.VMState)
	case s.TaskState != "":
		return conflicting("Cannot '%s' instance %s while it is in task_state %s", action, s.ID, s.TaskState)
	case s.LaunchedAt.IsZero() && action != "rebuild":
		return conflicting("Cannot '%s' instance %s while it is in launched_at None", action, s.ID)
	}
	return nil
}

// powerNumbers go with states; all others are 1, which is running.
var powerNumbers = map[string]int{"building": 0, "error": 0, "paused": 3, "stopped": 4, "suspended": 4, "shelved": 4, "shelved_offloaded": 4}

func (n *novaService) serverView(r *request, s *osServer) map[string]any {
	power, ok := powerNumbers[s.VMState]
	if !ok {
		power = 1
	}
	hostID := ""
	if s.VMState != "building" && !s.LaunchedAt.IsZero() {
		hostID = sha256Hex([]byte(s.ProjectID + novaHost))[:56]
	}
	view := map[string]any{
		"id":                                   s.ID,
		"name":                                 s.Name,
		"status":                               s.status(),
		"tenant_id":                            s.ProjectID,
		"user_id":                              s.UserID,
		"metadata":                             s.Metadata,
		"hostId":                               hostID,
		"image":                                "",
		"flavor":                               n.flavorOf(r, s),
		"created":                              s.CreatedAt.Format(ecsTime),
		"updated":                              s.UpdatedAt.Format(ecsTime),
		"addresses":                            n.addresses(s, true),
		"accessIPv4":                           s.AccessIPv4,
		"accessIPv6":                           s.AccessIPv6,
		"links":                                r.links("servers", s.ID),
		"OS-DCF:diskConfig":                    s.DiskConfig,
		"OS-EXT-AZ:availability_zone":          s.AvailabilityZone,
		"config_drive":                         "",
		"key_name":                             orNull(s.KeyName),
		"OS-SRV-USG:launched_at":               nil,
		"OS-SRV-USG:terminated_at":             nil,
		"OS-EXT-STS:task_state":                orNull(s.TaskState),
		"OS-EXT-STS:vm_state":                  s.VMState,
		"OS-EXT-STS:power_state":               power,
		"os-extended-volumes:volumes_attached": n.attachedVolumes(r, s),
	}
	if s.ImageID != "" {
		view["image"] = map[string]any{"id": s.ImageID, "links": []link{{"bookmark", r.url("compute") + "/images/" + s.ImageID}}}
	}
	if s.ConfigDrive {
		view["config_drive"] = "True"
	}
	if !s.LaunchedAt.IsZero() {
		view["OS-SRV-USG:launched_at"] = s.LaunchedAt.Format(launchTime)
	}
	if slices.Contains([]string{"ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE"}, s.status()) {
		view["progress"] = 0
	}
	if s.VMState == "error" && s.Fault != nil {
		view["fault"] = map[string]any{"code": s.Fault.Code, "created": s.Fault.Created.Format(ecsTime), "message": s.Fault.Message}
	}
	if groups := n.groupNames(s); len(groups) > 0 {
		view["security_groups"] = groups
	}
	if r.since(9) {
		view["locked"] = s.Locked != ""
	}
	if r.since(19) {
		view["description"] = s.Description
	}
	if r.since(26) {
		view["tags"] = append([]string{}, s.Tags...)
	}
	if r.since(63) {
		view["trusted_image_certificates"] = nil
	}
	if r.since(71) {
		view["server_groups"] = []string{}
		if s.GroupID != "" {
			view["server_groups"] = []string{s.GroupID}
		}
	}
	if r.since(73) {
		view["locked_reason"] = s.LockedReason
	}
	if r.since(90) {
		view["OS-EXT-SRV-ATTR:hostname"] = s.Hostname
	}
	if r.admin() {
		view["OS-EXT-SRV-ATTR:host"], view["OS-EXT-SRV-ATTR:hypervisor_hostname"] = novaHost, novaHost
		view["OS-EXT-SRV-ATTR:instance_name"] = "instance-" + hexOf(s.ID)[:8]
		if r.since(3) {
			maps.Copy(view, map[string]any{
				"OS-EXT-SRV-ATTR:reservation_id": s.ReservationID, "OS-EXT-SRV-ATTR:launch_index": 0, "OS-EXT-SRV-ATTR:hostname": s.Hostname,
				"OS-EXT-SRV-ATTR:kernel_id": "", "OS-EXT-SRV-ATTR:ramdisk_id": "", "OS-EXT-SRV-ATTR:root_device_name": rootDevice,
				"OS-EXT-SRV-ATTR:user_data": orNull(s.UserData),
			})
		}
		if r.since(16) {
			view["host_status"] = "UP"
		}
	}
	return view
}

// flavorOf names a server's flavor; newer versions tell what it is like, and not its id.
func (n *novaService) flavorOf(r *request, s *osServer) any {
	if !r.since(47) {
		return map[string]any{"id": s.FlavorID, "links": []link{{"bookmark", r.url("compute") + "/flavors/" + s.FlavorID}}}
	}
	f := n.flavors.get("", s.FlavorID)
	if f == nil { // it was deleted
		f = &osFlavor{}
	}
	return map[string]any{
		"vcpus": f.VCPUs, "ram": f.RAM, "disk": f.Disk, "ephemeral": f.Ephemeral, "swap": f.Swap, "original_name": f.Name, "extra_specs": f.Specs,
	}
}

func (n *novaService) attachedVolumes(r *request, s *osServer) []any {
	list := []any{}
	for _, d := range s.Devices {
		one := map[string]any{"id": d.VolumeID}
		if r.since(3) {
			one["delete_on_termination"] = d.DeleteOnTermination
		}
		list = append(list, one)
	}
	return list
}

// addresses are a server's, by the names of its networks.
func (n *novaService) addresses(s *osServer, detailed bool) map[string][]any {
	all := map[string][]any{}
	for _, nic := range s.Nics {
		p := n.port(nic.PortID)
		if p == nil {
			continue
		}
		network := n.networkName(p)
		add := func(address, kind string) {
			version := 4
			if strings.Contains(address, ":") {
				version = 6
			}
			one := map[string]any{"version": version, "addr": address}
			if detailed {
				one["OS-EXT-IPS:type"], one["OS-EXT-IPS-MAC:mac_addr"] = kind, p.MacAddress
			}
			all[network] = append(all[network], one)
		}
		for _, a := range p.FixedIPs {
			add(a.IPAddress, "fixed")
		}
		for _, a := range n.floatingIPs(p) {
			add(a, "floating")
		}
	}
	return all
}

// groupNames are the security groups of a server's ports, each once.
func (n *novaService) groupNames(s *osServer) []ref {
	var names []ref
	for _, g := range n.securityGroups(s) {
		if !slices.Contains(names, ref{Name: g.Name}) {
			names = append(names, ref{Name: g.Name})
		}
	}
	return names
}

func (n *novaService) showServer(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	if !n.servers.visible(s) {
		return nil, noInstance(s.ID)
	}
	return map[string]any{"server": n.serverView(r, s)}, nil
}

// listServers answers the youngest server first.
func (n *novaService) listServers(r *request) (any, error) {
	q, project := r.query, r.project.ID
	what := "index"
	if strings.HasSuffix(r.URL.Path, "/detail") {
		what = "detail"
	}
	if all := q.Get("all_tenants"); q.Has("all_tenants") && all != "0" && strings.ToLower(all) != "false" {
		if !r.admin() {
			return nil, disallowed("os_compute_api:servers:" + what + ":get_all_tenants")
		}
		project = q.Get("project_id")
	}
	tags := func(name string) []string {
		return slices.DeleteFunc(strings.Split(q.Get(name), ","), func(t string) bool { return t == "" })
	}
	has := func(s *osServer) func(string) bool { return func(t string) bool { return slices.Contains(s.Tags, t) } }
	found := n.servers.where(project, func(s *osServer) bool {
		return n.servers.visible(s) && strings.Contains(s.Name, q.Get("name")) && matches(strings.ToUpper(q.Get("status")), s.status()) &&
			matches(q.Get("flavor"), s.FlavorID) && matches(q.Get("image"), s.ImageID) && matches(q.Get("uuid"), s.ID) &&
			!slices.ContainsFunc(tags("tags"), func(t string) bool { return !has(s)(t) }) &&
			(len(tags("tags-any")) == 0 || slices.ContainsFunc(tags("tags-any"), has(s)))
	})
	slices.Reverse(found)
	view := func(s *osServer) any { return n.serverView(r, s) }
	if what == "index" {
		view = func(s *osServer) any {
			return map[string]any{"id": s.ID, "name": s.Name, "links": r.links("servers", s.ID)}
		}
	}
	return novaPage(n, r, "servers", found, func(s *osServer) string { return s.ID }, view, "marker [%s] not found")
}

func checkOSDescription(text *string) error {
	if text == nil {
		return nil
	}
	return checkLength("description", *text, 0, 255)
}

// checkAddress refuses what is no address of a version of IP.
func checkAddress(field, text, kind string) error {
	if text == "" || strings.Contains(text, ":") != (kind == "ipv6") {
		return badField(field, text, "'%s' is not a '%s'", text, kind)
	}
	return nil
}

func (n *novaService) updateServer(r *request) (any, error) {
	var in struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
		DiskConfig  *string `json:"OS-DCF:diskConfig"`
		AccessIPv4  *string `json:"accessIPv4"`
		AccessIPv6  *string `json:"accessIPv6"`
		Hostname    *string `json:"hostname"`
	}
	given := map[string]any{}
	known := knownFields{"name": 1, "OS-DCF:diskConfig": 1, "accessIPv4": 1, "accessIPv6": 1, "description": 19, "hostname": 90}
	if err := r.object("server", known, &in); err != nil {
		return nil, err
	}
	if err := r.object("server", known, &given); err != nil {
		return nil, err
	}
	var checks []error
	if in.Name != nil {
		checks = append(checks, checkName(*in.Name))
	}
	if in.DiskConfig != nil {
		checks = append(checks, oneOf("OS-DCF:diskConfig", *in.DiskConfig, "AUTO", "MANUAL"))
	}
	if in.AccessIPv4 != nil {
		checks = append(checks, checkAddress("accessIPv4", *in.AccessIPv4, "ipv4"))
	}
	if in.AccessIPv6 != nil {
		checks = append(checks, checkAddress("accessIPv6", *in.AccessIPv6, "ipv6"))
	}
	if in.Hostname != nil {
		checks = append(checks, checkHostname(*in.Hostname))
	}
	for _, err := range append(checks, checkOSDescription(in.Description)) {
		if err != nil {
			return nil, err
		}
	}
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	for text, into := range map[*string]*string{
		in.Name: &s.Name, in.DiskConfig: &s.DiskConfig, in.AccessIPv4: &s.AccessIPv4, in.AccessIPv6: &s.AccessIPv6, in.Hostname: &s.Hostname,
	} {
		if text != nil {
			*into = *text
		}
	}
	if _, ok := given["description"]; ok {
		s.Description = in.Description
	}
	n.servers.touch(s)
	return map[string]any{"server": n.serverView(r, s)}, nil
}

func (n *novaService) showAddresses(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"addresses": n.addresses(s, false)}, nil
}

func (n *novaService) showSecurityGroups(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, g := range n.securityGroups(s) {
		list = append(list, map[string]any{"id": g.ID, "name": g.Name, "description": g.Description, "tenant_id": g.ProjectID, "rules": []any{}})
	}
	return map[string]any{"security_groups": list}, nil
}

// metadataKeys are those that the API takes.
func (n *novaService) checkMetadata(project string, metadata map[string]string) error {
	if most := n.limit(project, "metadata_items"); most >= 0 && len(metadata) > most {
		return refuse(http.StatusForbidden, "", "Maximum number of metadata items exceeds %d", most)
	}
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		if len(key) > 255 || !osMetadataKey.MatchString(key) {
			return badField("metadata", metadata, "'%s' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'", key)
		}
		if err := checkLength(key, metadata[key], 0, 255); err != nil {
			return err
		}
	}
	return nil
}

// changing is the server whose metadata or tags a request changes.
func (n *novaService) changing(r *request, action string) (*osServer, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	return s, ready(r, s, action, "active", "paused", "suspended", "stopped")
}

func (n *novaService) showMetadata(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"metadata": s.Metadata}, nil
}

// changeMetadata adds to the metadata, or replaces it.
func (n *novaService) changeMetadata(r *request) (any, error) {
	in := map[string]string{}
	if err := r.object("metadata", nil, &in); err != nil {
		return nil, err
	}
	if err := n.checkMetadata(r.project.ID, in); err != nil {
		return nil, err
	}
	s, err := n.changing(r, "update metadata")
	if err != nil {
		return nil, err
	}
	changed := map[string]string{}
	if r.Method == http.MethodPost {
		maps.Copy(changed, s.Metadata)
	}
	maps.Copy(changed, in)
	if err := n.checkMetadata(r.project.ID, changed); err != nil {
		return nil, err
	}
	s.Metadata = changed
	n.servers.touch(s)
	return map[string]any{"metadata": s.Metadata}, nil
}

func noMetadataItem() error {
	return refuse(http.StatusNotFound, "", "Metadata item was not found")
}

func (n *novaService) showMetadataItem(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	value, ok := s.Metadata[key]
	if !ok {
		return nil, noMetadataItem()
	}
	return map[string]any{"meta": map[string]string{key: value}}, nil
}

func (n *novaService) changeMetadataItem(r *request) (any, error) {
	key, in := r.PathValue("key"), map[string]string{}
	if err := r.object("meta", nil, &in); err != nil {
		return nil, err
	}
	if _, ok := in[key]; !ok || len(in) != 1 {
		return nil, badCompute("Request body and URI mismatch")
	}
	if err := n.checkMetadata(r.project.ID, in); err != nil {
		return nil, err
	}
	s, err := n.changing(r, "update metadata")
	if err != nil {
		return nil, err
	}
	s.Metadata[key] = in[key]
	n.servers.touch(s)
	return map[string]any{"meta": in}, nil
}

func (n *novaService) deleteMetadataItem(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	if _, ok := s.Metadata[key]; !ok {
		return nil, noMetadataItem()
	}
	if s, err = n.changing(r, "delete metadata"); err != nil {
		return nil, err
	}
	delete(s.Metadata, key)
	n.servers.touch(s)
	return nil, nil
}

// The most that a server can have of tags, and how long each may be.
const (
	osTagsMax = 50
	osTagMax  = 60
)

// checkServerTags refuses tags that the API does not take.
func checkServerTags(tags []string) error {
	if len(tags) > osTagsMax {
		return badField("tags", tags, "the list is too long")
	}
	for i, tag := range tags {
		field := strconv.Itoa(i)
		if err := checkLength(field, tag, 1, osTagMax); err != nil {
			return err
		}
		if strings.ContainsAny(tag, ",/") {
			return badField(field, tag, "'%s' does not match '^[^,/]*$'", tag)
		}
	}
	return nil
}

// sortedTags are tags as the API keeps them.
func sortedTags(tags []string) []string {
	tags = slices.Clone(tags)
	slices.Sort(tags)
	return slices.Compact(tags)
}

// tagsKnown refuses the operations that came with version 2.26.
func tagsKnown(r *request) error {
	if !r.since(26) {
		return refuse(http.StatusNotFound, "", "The resource could not be found.")
	}
	return nil
}

func (n *novaService) showTags(r *request) (any, error) {
	s, err := n.server(r)
	if err == nil {
		err = tagsKnown(r)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"tags": append([]string{}, s.Tags...)}, nil
}

func (n *novaService) replaceTags(r *request) (any, error) {
	if err := tagsKnown(r); err != nil {
		return nil, err
	}
	var in struct {
		Tags []string `json:"tags"`
	}
	if err := r.fields("tags", r.body, knownFields{"tags": 26}, &in, "tags"); err != nil {
		return nil, err
	}
	if err := checkServerTags(in.Tags); err != nil {
		return nil, err
	}
	s, err := n.changing(r, "update tags")
	if err != nil {
		return nil, err
	}
	s.Tags = sortedTags(in.Tags)
	n.servers.touch(s)
	return map[string]any{"tags": append([]string{}, s.Tags...)}, nil
}

func (n *novaService) deleteTags(r *request) (any, error) {
	if err := tagsKnown(r); err != nil {
		return nil, err
	}
	s, err := n.changing(r, "delete tags")
	if err != nil {
		return nil, err
	}
	s.Tags = nil
	n.servers.touch(s)
	return nil, nil
}

func (n *novaService) showTag(r *request) (any, error) {
	s, err := n.server(r)
	if err == nil {
		err = tagsKnown(r)
	}
	if err == nil && !slices.Contains(s.Tags, r.PathValue("tag")) {
		err = refuse(http.StatusNotFound, "", "Server %s has no tag '%s'", s.ID, r.PathValue("tag"))
	}
	return nil, err
}

// addTag answers another status if the server has the tag already.
func (n *novaService) addTag(r *request) (any, error) {
	tag := r.PathValue("tag")
	if err := tagsKnown(r); err != nil {
		return nil, err
	}
	if err := checkServerTags([]string{tag}); err != nil {
		return nil, err
	}
	s, err := n.changing(r, "update tags")
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(s.Tags, tag):
		return withStatus{status: http.StatusNoContent}, nil
	case len(s.Tags) >= osTagsMax:
		return nil, badCompute("The number of tags exceeded the per-server limit %d", osTagsMax)
	}
	s.Tags = sortedTags(append(s.Tags, tag))
	n.servers.touch(s)
	r.header.Set("Location", r.url("compute")+"/v2.1/servers/"+s.ID+"/tags/"+url.PathEscape(tag))
	return nil, nil
}

func (n *novaService) deleteTag(r *request) (any, error) {
	tag := r.PathValue("tag")
	if err := tagsKnown(r); err != nil {
		return nil, err
	}
	s, err := n.changing(r, "delete tags")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.Tags, tag) {
		return nil, refuse(http.StatusNotFound, "", "Instance %s has no tag '%s'", s.ID, tag)
	}
	s.Tags = slices.DeleteFunc(s.Tags, func(t string) bool { return t == tag })
	n.servers.touch(s)
	return nil, nil
}
