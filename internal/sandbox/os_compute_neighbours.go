package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// Nova asks the other servers over their APIs, as the real one does: for the user where it matters what he may see, and
// else as an administrator of the server's project. So it knows no more of them than what they answer.

// sender is who asks another server.
type sender struct {
	caller  *caller
	project *project
}

func asUser(r *request) sender { return sender{r.caller, r.project} }

// asNova is Nova itself, in a project.
func (n *novaService) asNova(id string) sender {
	p := n.identity.projects.get("", id)
	if p == nil {
		p = &project{meta: meta{ID: id}}
	}
	return sender{&caller{User: &user{Name: "nova"}, Roles: []string{"admin", "member", "reader"}}, p}
}

// ask sends a request to another server and reads its answer. What it refuses is refused here. Unlike users, servers see
// what is new at once.
func (n *novaService) ask(as sender, service, method, path string, body, into any) error {
	v := n.services[service]
	if v == nil {
		return noSuchPath()
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	h := httptest.NewRequest(method, strings.ReplaceAll(path, "{project_id}", as.project.ID), bytes.NewReader(text))
	h.Header.Set("Content-Type", "application/json")
	r := &request{
		Request: h, path: h.URL.EscapedPath(), query: h.URL.Query(), body: text, header: http.Header{}, service: v,
		caller: as.caller, project: as.project, minor: v.native.most,
	}
	found, err := v.find(r)
	if err != nil {
		return err
	}
	lag := n.config.ConsistencyLagMS
	n.config.ConsistencyLagMS = 0
	answer, err := found.do(r)
	n.config.ConsistencyLagMS = lag
	if err != nil || into == nil {
		return err
	}
	if other, ok := answer.(withStatus); ok {
		answer = other.body
	}
	if text, err = json.Marshal(answer); err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// Images.

type glanceImage struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	MinDisk int    `json:"min_disk"` // GB
	MinRAM  int    `json:"min_ram"`  // MB
}

// seenImage is the image of an id as the caller sees it, nil if he does not.
func (n *novaService) seenImage(r *request, id string) *glanceImage {
	i := new(glanceImage)
	if n.ask(asUser(r), "image", "GET", "/v2/images/"+url.PathEscape(id), nil, i) != nil {
		return nil
	}
	return i
}

// checkImage refuses an image that a flavor cannot run. What it needs of a disk matters only where the host gives it.
func (n *novaService) checkImage(r *request, id string, f *osFlavor, onHost bool) error {
	i := n.seenImage(r, id)
	switch {
	case i == nil:
		return badCompute("Can not find requested image")
	case i.Status != "active":
		return badCompute("Image %s is not active.", id)
	case i.MinRAM > f.RAM:
		return badCompute("Flavor's memory is too small for requested image.")
	case onHost && f.Disk > 0 && i.MinDisk > f.Disk:
		return badCompute("Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is %d bytes, minimum size is %d bytes.", f.Disk<<30, i.MinDisk<<30)
	}
	return nil
}

// makeImage makes an image of a server, still without data.
func (n *novaService) makeImage(s *osServer, name string, properties map[string]string) (string, error) {
	body := map[string]any{
		"name": name, "visibility": "private", "disk_format": "raw", "container_format": "bare", "base_image_ref": s.ImageID,
		"instance_uuid": s.ID, "image_type": "snapshot",
	}
	for key, value := range properties {
		body[key] = value
	}
	i := new(glanceImage)
	return i.ID, n.ask(n.asNova(s.ProjectID), "image", "POST", "/v2/images", body, i)
}

// fillImage gives an image of a server its data, or takes it back if there are none.
func (n *novaService) fillImage(id string, failed bool) {
	i := n.glance.images.get("", id)
	switch {
	case i == nil:
	case failed:
		n.glance.images.remove(id)
	default:
		i.Status, i.Data = statusActive, []byte("a disk")
	}
}

// Networks.

type neutronPort struct {
	ID             string    `json:"id"`
	NetworkID      string    `json:"network_id"`
	DeviceID       string    `json:"device_id"`
	MacAddress     string    `json:"mac_address"`
	Status         string    `json:"status"`
	FixedIPs       []fixedIP `json:"fixed_ips"`
	SecurityGroups []string  `json:"security_groups"`
	DNSName        string    `json:"dns_name"`
}

type neutronGroup struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ProjectID   string `json:"project_id"`
	Description string `json:"description"`
}

// port is the one of an id, nil if there is none.
func (n *novaService) port(id string) *neutronPort {
	var out struct {
		Port *neutronPort `json:"port"`
	}
	if n.ask(n.asNova(""), "network", "GET", "/v2.0/ports/"+url.PathEscape(id), nil, &out) != nil {
		return nil
	}
	return out.Port
}

func noPortID(id string) error {
	return refuse(http.StatusNotFound, "", "Port id %s could not be found.", id)
}

// checkPort refuses a port that the caller does not see, and one that is in use.
func (n *novaService) checkPort(r *request, id string) error {
	var out struct {
		Port neutronPort `json:"port"`
	}
	switch {
	case n.ask(asUser(r), "network", "GET", "/v2.0/ports/"+id, nil, &out) != nil:
		return noPortID(id)
	case out.Port.DeviceID != "":
		return conflicting("Port %s is still in use.", id)
	case len(out.Port.FixedIPs) == 0:
		return badCompute("Port %s requires a FixedIP in order to be used.", id)
	}
	return nil
}

// makePort gives a server a port of a network. Without groups it is in the project's default one.
func (n *novaService) makePort(s *osServer, network, address string, groups []string) (string, error) {
	body := map[string]any{
		"network_id": network, "device_id": s.ID, "device_owner": "compute:" + novaZone, "binding:host_id": novaHost, "project_id": s.ProjectID,
		"dns_name": s.Hostname,
	}
	if address != "" {
		body["fixed_ips"] = []fixedIP{{IPAddress: address}}
	}
	if groups != nil {
		body["security_groups"] = groups
	}
	var out struct {
		Port neutronPort `json:"port"`
	}
	err := n.ask(n.asNova(s.ProjectID), "network", "POST", "/v2.0/ports", map[string]any{"port": body}, &out)
	return out.Port.ID, err
}

// changePort changes a port. One that is gone needs no change.
func (n *novaService) changePort(id string, change map[string]any) {
	_ = n.ask(n.asNova(""), "network", "PUT", "/v2.0/ports/"+id, map[string]any{"port": change}, nil)
}

// bindPort gives a port that there is to a server, and the server's name to the port, unless that has another or cannot have it.
func (n *novaService) bindPort(id string, s *osServer) bool {
	if p := n.port(id); p != nil && p.DNSName != "" && p.DNSName != s.Hostname || !netLabel.MatchString(s.Hostname) {
		return false
	}
	n.changePort(id, map[string]any{"device_id": s.ID, "device_owner": "compute:" + novaZone, "binding:host_id": novaHost, "dns_name": s.Hostname})
	return true
}

// freePort takes a port from its server. One that came with it goes.
func (n *novaService) freePort(id string, remove bool) {
	if remove {
		_ = n.ask(n.asNova(""), "network", "DELETE", "/v2.0/ports/"+id, nil, nil) // it may be gone
		return
	}
	n.changePort(id, map[string]any{"device_id": "", "device_owner": "", "binding:host_id": "", "dns_name": ""})
}

// ports are those that a list finds.
func (n *novaService) ports(filter url.Values) []neutronPort {
	var out struct {
		Ports []neutronPort `json:"ports"`
	}
	if n.ask(n.asNova(""), "network", "GET", "/v2.0/ports?"+filter.Encode(), nil, &out) != nil {
		return nil
	}
	return out.Ports
}

// freeUnboundPorts takes the ports back that a server was to have, but went before it had them.
func (n *novaService) freeUnboundPorts(server string) {
	for _, p := range n.ports(url.Values{"device_id": {server}}) {
		n.freePort(p.ID, false)
	}
}

// userOfAddress is the server, or what else, that has an address of a network; "" if it is free.
func (n *novaService) userOfAddress(network, address string) string {
	for _, p := range n.ports(url.Values{"network_id": {network}}) {
		if slices.ContainsFunc(p.FixedIPs, func(f fixedIP) bool { return f.IPAddress == address }) {
			return p.DeviceID
		}
	}
	return ""
}

func (n *novaService) hasNetwork(r *request, id string) bool {
	return n.ask(asUser(r), "network", "GET", "/v2.0/networks/"+url.PathEscape(id), nil, nil) == nil
}

// networkName is what a port's network is called.
func (n *novaService) networkName(p *neutronPort) string {
	var out struct {
		Network struct {
			Name string `json:"name"`
		} `json:"network"`
	}
	_ = n.ask(n.asNova(""), "network", "GET", "/v2.0/networks/"+p.NetworkID, nil, &out) // a port has one
	return out.Network.Name
}

// ownNetworks are those with subnets that a new server may be put into without naming one.
func (n *novaService) ownNetworks(r *request) []string {
	var out struct {
		Networks []struct {
			ID        string   `json:"id"`
			ProjectID string   `json:"project_id"`
			Shared    bool     `json:"shared"`
			External  bool     `json:"router:external"`
			Subnets   []string `json:"subnets"`
		} `json:"networks"`
	}
	_ = n.ask(asUser(r), "network", "GET", "/v2.0/networks", nil, &out)
	var ids []string
	for _, v := range out.Networks {
		if (v.ProjectID == r.project.ID || v.Shared) && !v.External && len(v.Subnets) > 0 {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

// floatingIPs are the addresses outside that lead to a port.
func (n *novaService) floatingIPs(p *neutronPort) []string {
	var out struct {
		IPs []struct {
			Address string `json:"floating_ip_address"`
		} `json:"floatingips"`
	}
	_ = n.ask(n.asNova(""), "network", "GET", "/v2.0/floatingips?port_id="+p.ID, nil, &out)
	var addresses []string
	for _, ip := range out.IPs {
		addresses = append(addresses, ip.Address)
	}
	return addresses
}

// projectGroups are the security groups of a project, with the default one, which is made when it is first asked for.
func (n *novaService) projectGroups(project string) []neutronGroup {
	var out struct {
		Groups []neutronGroup `json:"security_groups"`
	}
	_ = n.ask(n.asNova(project), "network", "GET", "/v2.0/security-groups?project_id="+project, nil, &out)
	return out.Groups
}

// findGroups are the security groups of a project that are called, or have the id, that is asked for.
func (n *novaService) findGroups(project, asked string) []neutronGroup {
	all := n.projectGroups(project)
	if i := slices.IndexFunc(all, func(g neutronGroup) bool { return g.ID == asked }); i >= 0 {
		return all[i : i+1]
	}
	return slices.DeleteFunc(all, func(g neutronGroup) bool { return g.Name != asked })
}

// securityGroups are those of a server's ports, each once.
func (n *novaService) securityGroups(s *osServer) []neutronGroup {
	var found []neutronGroup
	if len(s.Nics) == 0 {
		return nil
	}
	all := n.projectGroups(s.ProjectID)
	for _, nic := range s.Nics {
		p := n.port(nic.PortID)
		if p == nil {
			continue
		}
		for _, id := range p.SecurityGroups {
			i := slices.IndexFunc(all, func(g neutronGroup) bool { return g.ID == id })
			if i >= 0 && !slices.Contains(found, all[i]) {
				found = append(found, all[i])
			}
		}
	}
	return found
}

// Volumes.

type cinderVolume struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	Size        int    `json:"size"`
	Bootable    string `json:"bootable"` // "true", "false"
	Multiattach bool   `json:"multiattach"`
	Image       struct {
		ID string `json:"image_id"`
	} `json:"volume_image_metadata"`
	Attachments []struct {
		ServerID string `json:"server_id"`
	} `json:"attachments"`
}

const volumesPath = "/v3/{project_id}/volumes"

// volumeOf is the volume of an id as somebody sees it, nil if he does not.
func (n *novaService) volumeOf(as sender, id string) *cinderVolume {
	var out struct {
		Volume *cinderVolume `json:"volume"`
	}
	if n.ask(as, "block-storage", "GET", volumesPath+"/"+url.PathEscape(id), nil, &out) != nil {
		return nil
	}
	return out.Volume
}

func (n *novaService) hasSnapshot(r *request, id string) bool {
	return n.ask(asUser(r), "block-storage", "GET", "/v3/{project_id}/snapshots/"+url.PathEscape(id), nil, nil) == nil
}

// hasVolumeType says whether the caller may choose a type, by its id or its name.
func (n *novaService) hasVolumeType(r *request, asked string) bool {
	var out struct {
		Types []ref `json:"volume_types"`
	}
	_ = n.ask(asUser(r), "block-storage", "GET", "/v3/{project_id}/types", nil, &out)
	return slices.ContainsFunc(out.Types, func(t ref) bool { return t.ID == asked || t.Name == asked })
}

// checkBootVolume refuses a volume that a new server cannot have.
func (n *novaService) checkBootVolume(r *request, d *osDeviceRequest) error {
	v := n.volumeOf(asUser(r), d.UUID)
	switch {
	case v == nil:
		return badCompute("Block Device Mapping is Invalid: failed to get volume %s.", d.UUID)
	case v.Multiattach && !r.since(60):
		return badCompute("Multiattach volumes are only supported starting with compute API version 2.60.")
	case v.Status != "available" && (!v.Multiattach || v.Status != "in-use"):
		return badCompute("Block Device Mapping is Invalid: volume %s is not available.", d.UUID)
	case d.root() && v.Bootable != "true":
		return badCompute("Block Device Mapping is Invalid: Volume %s is not bootable.", d.UUID)
	}
	return nil
}

// reserve keeps a volume for a server, and returns the id of the attachment that begins with that.
func (n *novaService) reserve(project, volume, server string) (string, error) {
	body := map[string]any{"attachment": map[string]any{"volume_uuid": volume, "instance_uuid": server}}
	var out struct {
		Attachment ref `json:"attachment"`
	}
	err := n.ask(n.asNova(project), "block-storage", "POST", "/v3/{project_id}/attachments", body, &out)
	return out.Attachment.ID, err
}

// connectVolume completes an attachment.
func (n *novaService) connectVolume(s *osServer, d osDevice) error {
	as, path := n.asNova(s.ProjectID), "/v3/{project_id}/attachments/"+d.AttachmentID
	connector := map[string]any{"host": novaHost, "ip": "127.0.0.1", "initiator": "iqn.2026-01.sandbox:nova", "mountpoint": d.Device}
	if err := n.ask(as, "block-storage", "PUT", path, map[string]any{"attachment": map[string]any{"connector": connector}}, nil); err != nil {
		return err
	}
	return n.ask(as, "block-storage", "POST", path+"/action", map[string]any{"os-complete": map[string]any{}}, nil)
}

// freeVolume takes a volume from a server. It may go, too.
func (n *novaService) freeVolume(s *osServer, d osDevice, remove bool) {
	as := n.asNova(s.ProjectID)
	_ = n.ask(as, "block-storage", "DELETE", "/v3/{project_id}/attachments/"+d.AttachmentID, nil, nil) // it may be gone
	if remove {
		_ = n.ask(as, "block-storage", "DELETE", volumesPath+"/"+d.VolumeID, nil, nil)
	}
}

// beginDetach marks a volume that a server is about to give up.
func (n *novaService) beginDetach(id string) error {
	v := n.cinder.volumes.get("", id)
	if v == nil || v.Status != "in-use" {
		return badCompute("Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach. (HTTP 400)")
	}
	v.Status = "detaching"
	return nil
}

// rollDetach takes that back.
func (n *novaService) rollDetach(id string) {
	if v := n.cinder.volumes.get("", id); v != nil && v.Status == "detaching" {
		v.Status = "in-use"
	}
}

// makeVolume makes a volume for a server, as a device asks for it. It takes its time.
func (n *novaService) makeVolume(s *osServer, d osDeviceRequest) (string, error) {
	if d.SourceType == "volume" {
		return d.UUID, nil
	}
	body := map[string]any{"name": ""}
	switch d.SourceType {
	case "image":
		body["imageRef"] = d.UUID
	case "snapshot":
		body["snapshot_id"] = d.UUID
	}
	if d.VolumeSize > 0 {
		body["size"] = int(d.VolumeSize)
	}
	if d.VolumeType != "" {
		body["volume_type"] = d.VolumeType
	}
	var out struct {
		Volume cinderVolume `json:"volume"`
	}
	err := n.ask(n.asNova(s.ProjectID), "block-storage", "POST", volumesPath, map[string]any{"volume": body}, &out)
	return out.Volume.ID, err
}
