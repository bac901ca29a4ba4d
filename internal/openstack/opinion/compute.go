package opinion

import (
	"context"
	"fmt"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/attachinterfaces"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servergroups"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/volumeattach"
)

// ofCompute reads in the microversion that the client's own documentation names for what is read.
func ofCompute(version string, read func(context.Context, *gophercloud.ServiceClient, State) (Fields, error)) Reader {
	return reader(openstack.NewComputeV2, version, read)
}

var compute = map[string]Reader{
	"hwcloud_server": ofCompute("2.46", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := servers.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		tags := []string{}
		if v.Tags != nil {
			tags = *v.Tags
		}
		words := map[string]string{"ACTIVE": "running", "SHUTOFF": "stopped"}
		return Fields{
			"name": v.Name, "status": v.Status, "flavor_id": v.Flavor["id"], "key_pair": v.KeyName, "metadata": s.among("metadata", v.Metadata), "tag_names": tags,
			"availability_zone": v.AvailabilityZone, "config_drive": v.ConfigDrive, "power_state": words[v.Status],
			"created_at": second(v.Created), "updated_at": second(v.Updated),
		}, nil
	}),
	"hwcloud_key_pair": ofCompute("2.2", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := keypairs.Get(ctx, c, s.text("name"), nil).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"name": v.Name, "public_key": strings.TrimSpace(v.PublicKey), "fingerprint": v.Fingerprint, "type": v.Type, "user_id": v.UserID}, nil
	}),
	"hwcloud_server_group": ofCompute("2.46", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := servergroups.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"name": v.Name, "policies": v.Policies, "members": v.Members}, nil
	}),
	"hwcloud_volume_attachment": ofCompute("2.79", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := volumeattach.Get(ctx, c, s.text("server_id"), s.text("volume_id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"server_id": v.ServerID, "volume_id": v.VolumeID, "device": v.Device, "delete_on_termination": v.DeleteOnTermination}, nil
	}),
	"hwcloud_network_interface_attachment": ofCompute("2.46", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := attachinterfaces.Get(ctx, c, s.text("server_id"), s.text("port_id")).Extract()
		if err != nil {
			return nil, err
		}
		there := Fields{"port_id": v.PortID, "network_id": v.NetID, "mac_address": v.MACAddr, "status": v.PortState}
		for _, ip := range v.FixedIPs {
			name := "fixed_ip"
			if strings.Contains(ip.IPAddress, ":") {
				name = "ipv6_address"
			}
			if there[name] != nil {
				return nil, fmt.Errorf("it has two of %s", name)
			}
			there[name] = ip.IPAddress
		}
		return there, nil
	}),
}
