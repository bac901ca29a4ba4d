package ecs

import (
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// The parts of a server that Terraform has in another shape than the API: interfaces, disks, the elastic address.

type network struct {
	SubnetID       string   `json:"subnet_id"`
	FixedIP        *string  `json:"fixed_ip"`
	SecurityGroups []string `json:"security_group_ids"`
	IPv6           *bool    `json:"ipv6_enabled"`
	IPv6Address    *string  `json:"ipv6_address"`
	PortID         string   `json:"port_id"`
	MAC            *string  `json:"mac_address"`
}

type disk struct {
	ID          string  `json:"id"`
	VolumeType  string  `json:"volume_type"`
	Size        *int64  `json:"size"`
	IOPS        *int64  `json:"iops"`
	Throughput  *int64  `json:"throughput"`
	KeyID       *string `json:"kms_key_id"`
	Multiattach *bool   `json:"multiattach,omitempty"`
	DiesWith    *bool   `json:"delete_on_termination,omitempty"`
}

type serverPlan struct {
	Networks   []network `json:"networks"`
	SystemDisk disk      `json:"system_disk"`
	DataDisks  []disk    `json:"data_disks"`
	EIP        *struct {
		ID            string `json:"id"`
		Type          string `json:"type"`
		BandwidthSize *int64 `json:"bandwidth_size"`
		ChargeMode    string `json:"bandwidth_charge_mode"`
		BandwidthID   string `json:"bandwidth_id"`
	} `json:"eip"`
}

type serverRequest struct {
	NICs           []nicRequest      `json:"nics"`
	SecurityGroups []idOnly          `json:"security_groups,omitempty"`
	RootVolume     diskRequest       `json:"root_volume"`
	DataVolumes    []dataDiskRequest `json:"data_volumes,omitempty"`
	PublicIP       *publicIP         `json:"publicip,omitempty"`
}

type idOnly struct {
	ID string `json:"id"`
}

type nicRequest struct {
	SubnetID  string `json:"subnet_id"`
	IPAddress string `json:"ip_address,omitempty"`
	IPv6      bool   `json:"ipv6_enable,omitempty"`
}

type diskRequest struct {
	VolumeType string            `json:"volumetype"`
	Size       *int64            `json:"size,omitempty"`
	IOPS       *int64            `json:"iops,omitempty"`
	Throughput *int64            `json:"throughput,omitempty"`
	Metadata   *encryptionFields `json:"metadata,omitempty"`
}

type dataDiskRequest struct {
	diskRequest
	Multiattach *bool `json:"multiattach,omitempty"`
	DiesWith    *bool `json:"delete_on_termination,omitempty"`
}

type encryptionFields struct {
	Encrypted string `json:"__system__encrypted"`
	KeyID     string `json:"__system__cmkid"`
}

type publicIP struct {
	ID  string      `json:"id,omitempty"`
	EIP *newAddress `json:"eip,omitempty"`
}

type newAddress struct {
	Type      string    `json:"iptype"`
	Bandwidth bandwidth `json:"bandwidth"`
}

type bandwidth struct {
	Size       *int64 `json:"size,omitempty"`
	ShareType  string `json:"sharetype"`
	ChargeMode string `json:"chargemode,omitempty"`
	ID         string `json:"id,omitempty"`
}

func encodeServer(plan serverPlan) (request serverRequest, err error) {
	for _, n := range plan.Networks {
		request.NICs = append(request.NICs, n.request())
	}
	for _, id := range plan.Networks[0].SecurityGroups {
		request.SecurityGroups = append(request.SecurityGroups, idOnly{id})
	}
	request.RootVolume = plan.SystemDisk.request()
	for _, d := range plan.DataDisks {
		request.DataVolumes = append(request.DataVolumes, dataDiskRequest{d.request(), d.Multiattach, d.DiesWith})
	}
	if e := plan.EIP; e != nil {
		request.PublicIP = &publicIP{ID: e.ID}
		if e.ID == "" {
			address := newAddress{Type: e.Type, Bandwidth: bandwidth{Size: e.BandwidthSize, ShareType: "PER", ID: e.BandwidthID}}
			if e.BandwidthID != "" {
				address.Bandwidth.ShareType = "WHOLE"
			}
			if e.ChargeMode == "traffic" {
				address.Bandwidth.ChargeMode = "traffic"
			}
			request.PublicIP.EIP = &address
		}
	}
	return request, nil
}

func (n network) request() nicRequest {
	request := nicRequest{SubnetID: n.SubnetID}
	if n.FixedIP != nil {
		request.IPAddress = *n.FixedIP
	}
	request.IPv6 = n.IPv6 != nil && *n.IPv6
	return request
}

func (d disk) request() diskRequest {
	request := diskRequest{VolumeType: d.VolumeType, Size: d.Size, IOPS: d.IOPS, Throughput: d.Throughput}
	if d.KeyID != nil {
		request.Metadata = &encryptionFields{Encrypted: "1", KeyID: *d.KeyID}
	}
	return request
}

type serverAnswer struct {
	Interfaces []struct {
		PortID      string   `json:"port_id"`
		Primary     bool     `json:"primary"`
		Addresses   []string `json:"ip_addresses"`
		IPv6        []string `json:"ipv6_addresses"`
		SubnetID    string   `json:"subnet_id"`
		Association *struct {
			PublicIP string `json:"public_ip_address"`
		} `json:"association"`
	} `json:"network_interfaces"`
	Attached []struct {
		ID        string       `json:"id"`
		BootIndex object.Loose `json:"bootIndex"`
		DiesWith  object.Loose `json:"delete_on_termination"`
	} `json:"os-extended-volumes:volumes_attached"`
	Volumes []volumeAnswer `json:"_volumes"`
	Ports   []portAnswer   `json:"_ports"`
}

type volumeAnswer struct {
	ID          string `json:"id"`
	VolumeType  string `json:"volume_type"`
	Size        *int64 `json:"size"`
	Multiattach bool   `json:"multiattach"`
	Metadata    struct {
		KeyID *string `json:"__system__cmkid"`
	} `json:"metadata"`
	IOPS       *total `json:"iops"`
	Throughput *total `json:"throughput"`
}

type total struct {
	Value *int64 `json:"total_val"`
}

type portAnswer struct {
	ID             string   `json:"id"`
	MAC            *string  `json:"mac_address"`
	SecurityGroups []string `json:"security_groups"`
}

type serverState struct {
	Networks   []network `json:"networks"`
	SystemDisk *disk     `json:"system_disk"`
	DataDisks  []disk    `json:"data_disks"`
	PublicIP   *string   `json:"public_ip"`
}

// networks are the server's own interfaces, in the order in which they are known, and strangers. The first is the primary one,
// whatever is known of it. While none is known, at import, all are its own.
func (answer serverAnswer) networks(known []network) (own, strangers []network) {
	var found []network
	for _, nic := range answer.Interfaces {
		yes := len(nic.IPv6) > 0
		n := network{SubnetID: nic.SubnetID, PortID: nic.PortID, SecurityGroups: []string{}, IPv6: &yes}
		if len(nic.Addresses) > 0 {
			n.FixedIP = &nic.Addresses[0]
		}
		if len(nic.IPv6) > 0 {
			n.IPv6Address = &nic.IPv6[0]
		}
		if i := slices.IndexFunc(answer.Ports, func(p portAnswer) bool { return p.ID == nic.PortID }); i >= 0 {
			n.SecurityGroups, n.MAC = answer.Ports[i].SecurityGroups, answer.Ports[i].MAC
		}
		if nic.Primary {
			found = slices.Insert(found, 0, n)
		} else {
			found = append(found, n)
		}
	}
	if len(known) == 0 || len(found) == 0 {
		return found, nil
	}
	arranged, strangers := Arrange(known[1:], found[1:], network.is, network.mayBe)
	return slices.Concat(found[:1], arranged), strangers
}

// decodeServer puts interfaces and disks in the order that the state has them. Of the interfaces and disks that are attached,
// those are the server's own that the state names; at import, all interfaces, and the disks that die with it.
func decodeServer(answer serverAnswer, prior serverState) (state serverState, err error) {
	state.Networks, _ = answer.networks(prior.Networks)
	for _, nic := range answer.Interfaces {
		if nic.Primary && nic.Association != nil && nic.Association.PublicIP != "" {
			state.PublicIP = &nic.Association.PublicIP
		}
	}

	var disks []disk
	for _, attached := range answer.Attached {
		i := slices.IndexFunc(answer.Volumes, func(v volumeAnswer) bool { return v.ID == attached.ID })
		if i < 0 {
			continue // attached this very moment; the next refresh shows it
		}
		d, diesWith := answer.Volumes[i].disk(), attached.DiesWith == "true"
		if attached.BootIndex == "0" {
			state.SystemDisk = &d
			continue
		}
		multiattach := answer.Volumes[i].Multiattach
		d.DiesWith, d.Multiattach = &diesWith, &multiattach
		disks = append(disks, d)
	}
	var byHand []disk
	state.DataDisks, byHand = Arrange(prior.DataDisks, disks, disk.is, disk.mayBe)
	if prior.SystemDisk == nil { // an import
		state.DataDisks = slices.DeleteFunc(byHand, func(d disk) bool { return !*d.DiesWith })
	}
	return state, nil
}

func (v volumeAnswer) disk() disk {
	d := disk{ID: v.ID, VolumeType: v.VolumeType, Size: v.Size, KeyID: v.Metadata.KeyID}
	if v.IOPS != nil {
		d.IOPS = v.IOPS.Value
	}
	if v.Throughput != nil {
		d.Throughput = v.Throughput.Value
	}
	return d
}

// Arrange puts what was found in the order of what is known. Each of the known is the first found that is it, and of
// the rest the first that may be it; the others belong to none.
func Arrange[T any](known, found []T, is, mayBe func(known, found T) bool) (arranged, others []T) {
	at, used := make([]int, len(known)), make([]bool, len(found))
	for i := range at {
		at[i] = -1
	}
	for _, fits := range []func(known, found T) bool{is, mayBe} {
		for i, k := range known {
			for j, f := range found {
				if at[i] < 0 && !used[j] && fits(k, f) {
					at[i], used[j] = j, true
				}
			}
		}
	}
	for _, j := range at {
		if j >= 0 {
			arranged = append(arranged, found[j])
		}
	}
	for j, f := range found {
		if !used[j] {
			others = append(others, f)
		}
	}
	return arranged, others
}

// is tells that an interface is one of the state's: by its port, or right after creation by the address asked for.
func (n network) is(found network) bool {
	if n.PortID != "" {
		return n.PortID == found.PortID
	}
	return n.FixedIP != nil && n.SubnetID == found.SubnetID && equal(n.FixedIP, found.FixedIP)
}

// mayBe tells that an interface is like one that was asked for, whatever its address.
func (n network) mayBe(found network) bool {
	return n.PortID == "" && n.FixedIP == nil && n.SubnetID == found.SubnetID
}

// is tells that a disk is one of the state's: by its id, or right after creation by all that was asked for.
func (d disk) is(found disk) bool {
	if d.ID != "" {
		return d.ID == found.ID
	}
	return same(d, found) && equal(d.Size, found.Size)
}

// mayBe tells that a disk is like one that was asked for in what the cloud cannot decide otherwise.
func (d disk) mayBe(found disk) bool {
	return d.ID == "" && d.VolumeType == found.VolumeType && equal(d.Size, found.Size)
}
