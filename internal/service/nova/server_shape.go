package nova

import (
	"cmp"
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ecs"
)

// The parts of a server that Terraform has in another shape than the API: interfaces and disks.

type network struct {
	NetworkID      string   `json:"network_id"`
	PortID         string   `json:"port_id"`
	FixedIP        *string  `json:"fixed_ip"`
	SecurityGroups []string `json:"security_group_ids"`
	IPv6Address    *string  `json:"ipv6_address"`
	MAC            *string  `json:"mac_address"`
}

type disk struct {
	ID         string `json:"id"`
	Size       *int64 `json:"size"`
	VolumeType string `json:"volume_type"`
	DiesWith   *bool  `json:"delete_on_termination"`
}

type systemDisk struct {
	disk
	VolumeID   string  `json:"volume_id"`
	SnapshotID *string `json:"snapshot_id"`
}

type serverPlan struct {
	ImageID    string      `json:"image_id"`
	Networks   *[]network  `json:"networks"`
	SystemDisk *systemDisk `json:"system_disk"`
	DataDisks  []disk      `json:"data_disks"`
}

type serverRequest struct {
	ImageRef       string          `json:"imageRef,omitempty"`
	Networks       any             `json:"networks"`
	SecurityGroups []named         `json:"security_groups,omitempty"`
	Devices        []deviceRequest `json:"block_device_mapping_v2,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type nicRequest struct {
	Network string  `json:"uuid,omitempty"`
	Port    string  `json:"port,omitempty"`
	FixedIP *string `json:"fixed_ip,omitempty"`
}

type deviceRequest struct {
	BootIndex   int    `json:"boot_index"`
	UUID        string `json:"uuid,omitempty"`
	Source      string `json:"source_type"`
	Destination string `json:"destination_type"`
	Size        *int64 `json:"volume_size,omitempty"`
	VolumeType  string `json:"volume_type,omitempty"`
	DiesWith    bool   `json:"delete_on_termination"`
}

// typedDisks tells that a disk is to have a type, which older versions do not take.
func typedDisks(plan object.Values) bool {
	state, err := object.Into[serverPlan](plan)
	return err == nil && (state.SystemDisk != nil && state.SystemDisk.VolumeType != "" ||
		slices.ContainsFunc(state.DataDisks, func(d disk) bool { return d.VolumeType != "" }))
}

func tagged(plan object.Values) bool { return plan.Has("tag_names") }

func encodeServer(plan serverPlan) (request serverRequest, err error) {
	request.Networks = "auto"
	if plan.Networks != nil {
		request.Networks = "none"
		var nics []nicRequest
		for _, n := range *plan.Networks {
			nics = append(nics, n.request())
		}
		if len(nics) > 0 {
			request.Networks = nics
		}
		for _, id := range firstGroups(*plan.Networks) {
			request.SecurityGroups = append(request.SecurityGroups, named{id})
		}
	}
	switch d := plan.SystemDisk; {
	case d != nil:
		request.Devices = append(request.Devices, d.request(plan.ImageID))
	case len(plan.DataDisks) > 0:
		request.ImageRef = plan.ImageID
		request.Devices = append(request.Devices, deviceRequest{UUID: plan.ImageID, Source: "image", Destination: "local", DiesWith: true})
	default:
		request.ImageRef = plan.ImageID
	}
	for _, d := range plan.DataDisks {
		request.Devices = append(request.Devices, deviceRequest{
			BootIndex: -1, Source: "blank", Destination: "volume", Size: d.Size, VolumeType: d.VolumeType, DiesWith: d.DiesWith == nil || *d.DiesWith,
		})
	}
	return request, nil
}

// firstGroups are the security groups of the first new port, which the create call gives to all.
func firstGroups(networks []network) []string {
	for _, n := range networks {
		if n.PortID == "" {
			return n.SecurityGroups
		}
	}
	return nil
}

func (n network) request() nicRequest {
	if n.PortID != "" {
		return nicRequest{Port: n.PortID}
	}
	return nicRequest{Network: n.NetworkID, FixedIP: n.FixedIP}
}

func (d systemDisk) request(image string) deviceRequest {
	request := deviceRequest{Destination: "volume", Size: d.Size, VolumeType: d.VolumeType, DiesWith: d.VolumeID == ""}
	switch {
	case d.VolumeID != "":
		request.Source, request.UUID = "volume", d.VolumeID
	case d.SnapshotID != nil:
		request.Source, request.UUID = "snapshot", *d.SnapshotID
	default:
		request.Source, request.UUID = "image", image
	}
	if d.DiesWith != nil {
		request.DiesWith = *d.DiesWith
	}
	return request
}

type serverAnswer struct {
	ID          string           `json:"id"`
	Image       any              `json:"image"` // an object, or "" if it boots from a volume
	ConfigDrive string           `json:"config_drive"`
	Attached    []attachedVolume `json:"os-extended-volumes:volumes_attached"`
	Addresses   map[string][]struct {
		Address string `json:"addr"`
		Type    string `json:"OS-EXT-IPS:type"`
		MAC     string `json:"OS-EXT-IPS-MAC:mac_addr"`
	} `json:"addresses"`
	Ports   []portAnswer   `json:"_ports"`
	Volumes []volumeAnswer `json:"_volumes"`
	Groups  []struct {
		ID      string   `json:"id"`
		Members []string `json:"members"`
	} `json:"_groups"`
}

type volumeAnswer struct {
	ID         string  `json:"id"`
	Size       *int64  `json:"size"`
	VolumeType string  `json:"volume_type"`
	TypeID     string  `json:"volume_type_id"`
	SnapshotID *string `json:"snapshot_id"`
	Image      struct {
		ID *string `json:"image_id"`
	} `json:"volume_image_metadata"`
	Attachments []struct {
		ServerID string `json:"server_id"`
		Device   string `json:"device"`
	} `json:"attachments"`
}

type serverState struct {
	ImageID     *string     `json:"image_id"`
	ConfigDrive bool        `json:"config_drive"`
	Networks    []network   `json:"networks"`
	SystemDisk  *systemDisk `json:"system_disk"`
	DataDisks   []disk      `json:"data_disks"`
	PublicIP    *string     `json:"public_ip"`
	GroupID     *string     `json:"server_group_id"`
}

// place is where an address stands among those that a server's own answer has, which keeps the order of the request within a
// network.
func (answer serverAnswer) place(p portAnswer) int {
	for _, list := range answer.Addresses {
		for i, a := range list {
			if a.MAC == p.MAC {
				return i
			}
		}
	}
	return 0
}

// interfaces are a server's, in the order in which they came to be.
func (answer serverAnswer) interfaces() (found []network) {
	ports := slices.Clone(answer.Ports)
	slices.SortStableFunc(ports, func(a, b portAnswer) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(answer.place(a), answer.place(b)), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range ports {
		n := network{NetworkID: p.NetworkID, PortID: p.ID, SecurityGroups: p.SecurityGroups, MAC: &p.MAC}
		n.FixedIP, n.IPv6Address = firstOfEach(p.Addresses)
		found = append(found, n)
	}
	return found
}

// networks are the server's own interfaces, in the order in which they are known, and strangers. While none is known, at import,
// all are its own.
func (answer serverAnswer) networks(known []network) (own, strangers []network) {
	found := answer.interfaces()
	if known == nil {
		return found, nil
	}
	return ecs.Arrange(known, found, network.is, network.mayBe)
}

// decodeServer puts interfaces and disks in the order that the state has them. Of those that are attached, the server's own are
// those that the state names; at import, all interfaces, and the disks that die with it.
func decodeServer(answer serverAnswer, prior serverState) (state serverState, err error) {
	state.Networks, _ = answer.networks(prior.Networks)
	if state.Networks == nil {
		state.Networks = []network{}
	}
	state.ConfigDrive = answer.ConfigDrive != ""
	for _, n := range state.Networks {
		for _, list := range answer.Addresses {
			for _, a := range list {
				if state.PublicIP == nil && a.Type == "floating" && n.MAC != nil && a.MAC == *n.MAC {
					state.PublicIP = &a.Address
				}
			}
		}
	}
	for _, g := range answer.Groups {
		if slices.Contains(g.Members, answer.ID) {
			state.GroupID = &g.ID
		}
	}
	if image, ok := answer.Image.(map[string]any); ok {
		if id, ok := image["id"].(string); ok {
			state.ImageID = &id
		}
	}
	answer.disks(prior, &state)
	return state, nil
}

// disks fills in a server's volumes.
func (answer serverAnswer) disks(prior serverState, state *serverState) {
	var found []disk
	for _, attached := range answer.Attached {
		i := slices.IndexFunc(answer.Volumes, func(v volumeAnswer) bool { return v.ID == attached.ID })
		if i < 0 {
			continue // attached this very moment; the next refresh shows it
		}
		v := answer.Volumes[i]
		d := disk{ID: v.ID, Size: v.Size, VolumeType: v.VolumeType, DiesWith: &attached.DiesWith}
		if answer.boots(v) {
			if prior.SystemDisk != nil && v.TypeID != "" && prior.SystemDisk.VolumeType == v.TypeID {
				d.VolumeType = v.TypeID
			}
			state.SystemDisk, state.ImageID = &systemDisk{disk: d, VolumeID: v.ID, SnapshotID: v.SnapshotID}, v.Image.ID
			continue
		}
		if slices.ContainsFunc(prior.DataDisks, func(p disk) bool { return v.TypeID != "" && (p.ID == "" || p.ID == v.ID) && p.VolumeType == v.TypeID }) {
			d.VolumeType = v.TypeID
		}
		found = append(found, d)
	}
	var byHand []disk
	state.DataDisks, byHand = ecs.Arrange(prior.DataDisks, found, disk.is, disk.mayBe)
	if prior.ImageID == nil && prior.SystemDisk == nil { // an import
		state.DataDisks = slices.DeleteFunc(byHand, func(d disk) bool { return !*d.DiesWith })
	}
}

// boots tells that a server starts from a volume: it has no image of its own, and the volume is its first device.
func (answer serverAnswer) boots(v volumeAnswer) bool {
	if _, image := answer.Image.(map[string]any); image {
		return false
	}
	for _, a := range v.Attachments {
		if a.ServerID == answer.ID && letters(a.Device) == "a" {
			return true
		}
	}
	return false
}

// is tells that an interface is one of the state's: by its port, or right after creation by the address asked for.
func (n network) is(found network) bool {
	if n.PortID != "" {
		return n.PortID == found.PortID
	}
	return n.FixedIP != nil && n.NetworkID == found.NetworkID && found.FixedIP != nil && *n.FixedIP == *found.FixedIP
}

// mayBe tells that an interface is like one that was asked for, whatever its address.
func (n network) mayBe(found network) bool {
	return n.PortID == "" && n.FixedIP == nil && n.NetworkID == found.NetworkID
}

// is tells that a disk is one of the state's, by its id.
func (d disk) is(found disk) bool { return d.ID != "" && d.ID == found.ID }

// mayBe tells that a disk is like one that was asked for in what the cloud cannot decide otherwise.
func (d disk) mayBe(found disk) bool {
	return d.ID == "" && (d.VolumeType == "" || d.VolumeType == found.VolumeType) && equal(d.Size, found.Size) && equal(d.DiesWith, found.DiesWith)
}

func equal[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
