package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// attachRoutes give servers volumes and network interfaces, and take them away.
func (n *novaService) attachRoutes() []route {
	const volumes, nics = "/v2.1/servers/{id}/os-volume_attachments", "/v2.1/servers/{id}/os-interface"
	return []route{
		{"POST " + volumes, 200, n.attachVolume},
		{"GET " + volumes, 200, n.listAttachments},
		{"GET " + volumes + "/{volume}", 200, n.showAttachment},
		{"PUT " + volumes + "/{volume}", 202, n.updateAttachment},
		{"DELETE " + volumes + "/{volume}", 202, n.detachVolume},
		{"POST " + nics, 200, n.attachInterface},
		{"GET " + nics, 200, n.listInterfaces},
		{"GET " + nics + "/{port}", 200, n.showInterface},
		{"DELETE " + nics + "/{port}", 202, n.detachInterface},
	}
}

// place is where a server has a volume among its devices, -1 if it has not.
func (s *osServer) place(volume string) int {
	return slices.IndexFunc(s.Devices, func(d osDevice) bool { return d.VolumeID == volume })
}

func osAttachmentView(r *request, s *osServer, d osDevice) any {
	view := map[string]any{"volumeId": d.VolumeID, "serverId": s.ID, "device": orNull(d.Device)}
	if r.since(89) {
		view["attachment_id"], view["bdm_uuid"] = d.AttachmentID, d.ID
	} else {
		view["id"] = d.VolumeID
	}
	if r.since(70) {
		view["tag"] = d.Tag
	}
	if r.since(79) {
		view["delete_on_termination"] = d.DeleteOnTermination
	}
	return view
}

func (n *novaService) attachVolume(r *request) (any, error) {
	var in struct {
		VolumeID            string    `json:"volumeId"`
		Device              *string   `json:"device"`
		Tag                 *string   `json:"tag"`
		DeleteOnTermination looseBool `json:"delete_on_termination"`
	}
	if err := r.object("volumeAttachment", knownFields{"volumeId": 1, "device": 1, "tag": 49, "delete_on_termination": 79}, &in, "volumeId"); err != nil {
		return nil, err
	}
	if err := checkUUID("volumeId", in.VolumeID); err != nil {
		return nil, err
	}
	if in.Device != nil && !osDeviceName.MatchString(*in.Device) {
		return nil, badField("device", *in.Device, "'%s' does not match '(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$'", *in.Device)
	}
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	if err := ready(r, s, "attach_volume", "active", "paused", "stopped", "resized", "soft-delete", "shelved", "shelved_offloaded"); err != nil {
		return nil, err
	}
	device := s.nextDevice()
	if in.Device != nil { // the bus is the host's, whatever is asked for
		found := osDeviceName.FindStringSubmatch(*in.Device)
		device = rootDevice[:len(rootDevice)-1] + found[2]
		if slices.ContainsFunc(s.Devices, func(d osDevice) bool { return d.Device == device }) {
			return nil, conflicting("The supplied device path (%s) is in use.", device)
		}
	}
	d := osDevice{ID: n.ids.uuid(), VolumeID: in.VolumeID, Device: device, DeleteOnTermination: bool(in.DeleteOnTermination), Tag: in.Tag}
	if err := n.reserveVolume(r, s, &d); err != nil {
		return nil, err
	}
	s.Devices = append(s.Devices, d)
	n.startJob(s.ProjectID, "os_server_attach", map[string]any{"server_id": s.ID, "volume_id": d.VolumeID})
	out := map[string]any{"id": d.VolumeID, "serverId": s.ID, "volumeId": d.VolumeID, "device": d.Device}
	if r.since(70) {
		out["tag"] = d.Tag
	}
	if r.since(79) {
		out["delete_on_termination"] = d.DeleteOnTermination
	}
	return map[string]any{"volumeAttachment": out}, nil
}

// reserveVolume refuses a volume that a server cannot have, and keeps it for the server otherwise.
func (n *novaService) reserveVolume(r *request, s *osServer, d *osDevice) error {
	v := n.volumeOf(asUser(r), d.VolumeID)
	if v == nil {
		return refuse(http.StatusNotFound, "", "Volume %s could not be found.", d.VolumeID)
	}
	var users []string
	for _, a := range v.Attachments {
		users = append(users, a.ServerID)
	}
	switch {
	case s.place(v.ID) >= 0, len(users) > 0 && !v.Multiattach:
		return badCompute("Invalid volume: volume %s is already attached to instances: %s", v.ID, strings.Join(append(users, s.ID)[:1], ", "))
	case v.Multiattach && !r.since(60):
		return badCompute("Multiattach volumes are only supported starting with compute API version 2.60.")
	case v.Multiattach && s.VMState == "shelved_offloaded":
		return badCompute("Attaching multiattach volumes is not supported for shelved-offloaded instances.")
	}
	id, err := n.reserve(s.ProjectID, v.ID, s.ID)
	if err != nil {
		return badCompute("Invalid volume: Invalid input received: %s (HTTP 400)", reasonOf(err))
	}
	d.AttachmentID = id
	return nil
}

func (n *novaService) endAttach(j *job) error {
	s := n.servers.get("", j.text("server_id"))
	if s == nil {
		return nil
	}
	i := s.place(j.text("volume_id"))
	if i < 0 {
		return nil
	}
	if j.Fail != nil || n.connectVolume(s, s.Devices[i]) != nil { // the server is without it, and says nothing of it
		n.freeVolume(s, s.Devices[i], false)
		s.Devices = slices.Delete(s.Devices, i, i+1)
	}
	return nil
}

// pathDevice is the place of the volume in the request's path.
func (n *novaService) pathDevice(r *request) (s *osServer, i int, err error) {
	if s, err = n.server(r); err != nil {
		return nil, 0, err
	}
	volume := r.PathValue("volume")
	if i = s.place(volume); i < 0 {
		return nil, 0, refuse(http.StatusNotFound, "", "Instance %s is not attached to volume %s", s.ID, volume)
	}
	return s, i, nil
}

func (n *novaService) listAttachments(r *request) (any, error) {
	limit, err := n.number(r, "limit", novaPageMax)
	if err != nil {
		return nil, err
	}
	offset, err := n.number(r, "offset", 0)
	if err != nil {
		return nil, err
	}
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for i, d := range s.Devices {
		if i >= offset && len(list) < limit {
			list = append(list, osAttachmentView(r, s, d))
		}
	}
	return map[string]any{"volumeAttachments": list}, nil
}

func (n *novaService) showAttachment(r *request) (any, error) {
	s, i, err := n.pathDevice(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"volumeAttachment": osAttachmentView(r, s, s.Devices[i])}, nil
}

// updateAttachment changes whether the volume goes with the server. To exchange the volume is the administrators'.
func (n *novaService) updateAttachment(r *request) (any, error) {
	var in struct {
		VolumeID            string     `json:"volumeId"`
		DeleteOnTermination *looseBool `json:"delete_on_termination"`
	}
	known := knownFields{"volumeId": 1, "id": 1, "serverId": 85, "device": 85, "tag": 85, "delete_on_termination": 85}
	if err := r.object("volumeAttachment", known, &in, "volumeId"); err != nil {
		return nil, err
	}
	if in.VolumeID != r.PathValue("volume") || !r.since(85) {
		return nil, disallowed("os_compute_api:os-volumes-attachments:swap")
	}
	s, i, err := n.pathDevice(r)
	if err != nil {
		return nil, err
	}
	if in.DeleteOnTermination != nil {
		s.Devices[i].DeleteOnTermination = bool(*in.DeleteOnTermination)
	}
	return nil, nil
}

func (n *novaService) detachVolume(r *request) (any, error) {
	if _, err := n.server(r); err != nil {
		return nil, err
	}
	if n.volumeOf(asUser(r), r.PathValue("volume")) == nil {
		return nil, refuse(http.StatusNotFound, "", "Volume %s could not be found.", r.PathValue("volume"))
	}
	s, i, err := n.pathDevice(r)
	if err != nil {
		return nil, err
	}
	if s.Devices[i].Root {
		return nil, badCompute("Cannot detach a root device volume")
	}
	if err := ready(r, s, "detach_volume", "active", "paused", "suspended", "stopped", "resized", "soft-delete", "shelved", "shelved_offloaded"); err != nil {
		return nil, err
	}
	if err := n.beginDetach(s.Devices[i].VolumeID); err != nil {
		return nil, err
	}
	n.startJob(s.ProjectID, "os_server_detach", map[string]any{"server_id": s.ID, "volume_id": s.Devices[i].VolumeID})
	return nil, nil
}

func (n *novaService) endDetach(j *job) error {
	s := n.servers.get("", j.text("server_id"))
	if s == nil {
		return nil
	}
	i := s.place(j.text("volume_id"))
	if i < 0 {
		return nil
	}
	if j.Fail != nil {
		n.rollDetach(s.Devices[i].VolumeID)
		return nil
	}
	n.freeVolume(s, s.Devices[i], false)
	s.Devices = slices.Delete(s.Devices, i, i+1)
	return nil
}

func (n *novaService) interfaceView(r *request, nic osNic) any {
	p := n.port(nic.PortID)
	if p == nil {
		return nil
	}
	view := map[string]any{"net_id": p.NetworkID, "port_id": p.ID, "mac_addr": p.MacAddress, "port_state": p.Status, "fixed_ips": p.FixedIPs}
	if r.since(70) {
		view["tag"] = nic.Tag
	}
	return view
}

func (n *novaService) attachInterface(r *request) (any, error) {
	var in struct {
		NetworkID string `json:"net_id"`
		PortID    string `json:"port_id"`
		FixedIPs  []struct {
			IPAddress string `json:"ip_address"`
		} `json:"fixed_ips"`
		Tag *string `json:"tag"`
	}
	if len(r.body) > 0 {
		if err := r.object("interfaceAttachment", knownFields{"net_id": 1, "port_id": 1, "fixed_ips": 1, "tag": 49}, &in); err != nil {
			return nil, err
		}
	}
	for name, id := range map[string]string{"net_id": in.NetworkID, "port_id": in.PortID} {
		if id != "" {
			if err := checkUUID(name, id); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case in.NetworkID != "" && in.PortID != "":
		return nil, badCompute("Must not input both network_id and port_id")
	case len(in.FixedIPs) > 0 && in.NetworkID == "":
		return nil, badCompute("Must input network_id when request IP address")
	}
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	if err := ready(r, s, "attach_interface", "active", "paused", "stopped"); err != nil {
		return nil, err
	}
	nic := osNic{PortID: in.PortID, Given: in.PortID != "", Tag: in.Tag}
	switch {
	case nic.Given:
		if err := n.checkPort(r, in.PortID); err != nil {
			return nil, err
		}
		if !n.bindPort(in.PortID, s) {
			return nil, serverBroke("nova.exception_Remote.PortNotUsableDNS_Remote")
		}
	default:
		if in.NetworkID == "" {
			own := n.ownNetworks(r)
			switch {
			case len(own) == 0:
				return nil, badCompute("No Network attached to the instance")
			case len(own) > 1:
				return nil, conflicting("Multiple possible networks found, use a Network ID to be more specific.")
			}
			in.NetworkID = own[0]
		}
		address := ""
		if len(in.FixedIPs) > 0 {
			address = in.FixedIPs[0].IPAddress
		}
		if address != "" && n.userOfAddress(in.NetworkID, address) != "" {
			return nil, conflicting("Fixed IP %s is already in use.", address)
		}
		if !n.hasNetwork(r, in.NetworkID) {
			return nil, serverBroke("oslo_messaging.rpc.client.RemoteError")
		}
		if nic.PortID, err = n.makePort(s, in.NetworkID, address, nil); err != nil {
			if f, ok := errors.AsType[*refusal](err); ok && f.status == http.StatusBadRequest {
				return nil, serverBroke("nova.exception_Remote.InvalidInput_Remote")
			}
			return nil, err
		}
	}
	s.Nics = append(s.Nics, nic)
	n.servers.touch(s)
	return map[string]any{"interfaceAttachment": n.interfaceView(r, nic)}, nil
}

// serverBroke is the answer to what the API did not think of.
func serverBroke(class string) error {
	return refuse(http.StatusInternalServerError, "", "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.\n<class '%s'>", class)
}

func (n *novaService) listInterfaces(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, nic := range s.Nics {
		if view := n.interfaceView(r, nic); view != nil {
			list = append(list, view)
		}
	}
	return map[string]any{"interfaceAttachments": list}, nil
}

// nic is where a server has a port, -1 if it has not.
func (s *osServer) nic(port string) int {
	return slices.IndexFunc(s.Nics, func(nic osNic) bool { return nic.PortID == port })
}

func (n *novaService) showInterface(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("port")
	if n.port(id) == nil {
		return nil, noPortID(id)
	}
	i := s.nic(id)
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "", "Instance %s does not have a port with id %s", s.ID, id)
	}
	return map[string]any{"interfaceAttachment": n.interfaceView(r, s.Nics[i])}, nil
}

// detachInterface says nothing of ports that the server does not have: they are looked up later.
func (n *novaService) detachInterface(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	if err := ready(r, s, "detach_interface", "active", "paused", "stopped"); err != nil {
		return nil, err
	}
	n.startJob(s.ProjectID, "os_server_interface", map[string]any{"server_id": s.ID, "port": r.PathValue("port")})
	return nil, nil
}

func (n *novaService) endDetachInterface(j *job) error {
	s := n.servers.get("", j.text("server_id"))
	if s == nil || j.Fail != nil {
		return nil
	}
	if i := s.nic(j.text("port")); i >= 0 {
		nic := s.Nics[i]
		s.Nics = slices.Delete(s.Nics, i, i+1)
		n.freePort(nic.PortID, !nic.Given)
	}
	return nil
}
