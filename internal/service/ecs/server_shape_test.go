package ecs

import (
	"slices"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// The cloud may answer interfaces and disks in any order. The state's order is kept, each by its id, and right after
// creation, while no id is known, by what was asked for.
func TestDecodeServerKeepsTheOrder(t *testing.T) {
	t.Parallel()
	answer, err := object.Into[serverAnswer](map[string]any{
		"network_interfaces": []any{
			map[string]any{"port_id": "x", "subnet_id": "front", "ip_addresses": []any{"10.1.1.7"}},
			map[string]any{"port_id": "b", "subnet_id": "back", "ip_addresses": []any{"10.1.2.7"}},
			map[string]any{"port_id": "p", "subnet_id": "front", "ip_addresses": []any{"10.1.1.5"}, "primary": true},
			map[string]any{"port_id": "o", "subnet_id": "front", "ip_addresses": []any{"10.1.1.6"}},
		},
		"os-extended-volumes:volumes_attached": []any{
			map[string]any{"id": "kept", "bootIndex": "-1", "delete_on_termination": "false"},
			map[string]any{"id": "dying", "bootIndex": "-1", "delete_on_termination": "true"},
			map[string]any{"id": "root", "bootIndex": "0", "delete_on_termination": "true"},
			map[string]any{"id": "unseen", "bootIndex": "-1", "delete_on_termination": "true"},
		},
		"_volumes": []any{
			map[string]any{"id": "root", "volume_type": "SSD", "size": 40},
			map[string]any{"id": "kept", "volume_type": "SSD", "size": 10},
			map[string]any{"id": "dying", "volume_type": "SSD", "size": 10},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	yes, no, ip, ten := true, false, "10.1.1.7", int64(10)
	asked := func(diesWith *bool) disk {
		return disk{VolumeType: "SSD", Size: &ten, Multiattach: &no, DiesWith: diesWith}
	}
	for name, test := range map[string]struct {
		prior        serverState
		ports, disks []string
	}{
		"import": {serverState{}, []string{"p", "x", "b", "o"}, []string{"dying"}},
		"created": {
			serverState{
				Networks:   []network{{SubnetID: "front"}, {SubnetID: "front"}, {SubnetID: "front", FixedIP: &ip}, {SubnetID: "back"}},
				SystemDisk: &disk{}, DataDisks: []disk{asked(&yes), asked(&no)},
			},
			[]string{"p", "o", "x", "b"}, []string{"dying", "kept"},
		},
		"known": {
			serverState{
				Networks:   []network{{PortID: "p"}, {PortID: "gone"}, {PortID: "b"}, {PortID: "o"}},
				SystemDisk: &disk{ID: "root"}, DataDisks: []disk{{ID: "dying"}, {ID: "gone"}, {ID: "kept"}},
			},
			[]string{"p", "b", "o"}, []string{"dying", "kept"},
		},
		"attached by hand": {
			serverState{Networks: []network{{PortID: "p"}}, SystemDisk: &disk{ID: "root"}, DataDisks: []disk{{ID: "dying"}}},
			[]string{"p"}, []string{"dying"},
		},
		"another primary": {
			serverState{Networks: []network{{PortID: "gone"}, {PortID: "x"}}, SystemDisk: &disk{ID: "root"}},
			[]string{"p", "x"}, nil,
		},
	} {
		state, err := decodeServer(answer, test.prior)
		if err != nil {
			t.Fatal(err)
		}
		var ports, disks []string
		for _, n := range state.Networks {
			ports = append(ports, n.PortID)
		}
		for _, d := range state.DataDisks {
			disks = append(disks, d.ID)
		}
		if !slices.Equal(ports, test.ports) || !slices.Equal(disks, test.disks) || state.SystemDisk.ID != "root" {
			t.Errorf("%s: ports %v, not %v; disks %v, not %v", name, ports, test.ports, disks, test.disks)
		}
	}
}
