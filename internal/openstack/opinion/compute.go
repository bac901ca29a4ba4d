package opinion

import (
	"context"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/attachinterfaces"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servergroups"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/volumeattach"
)

const compute = "2.46"

var computing = map[string]Reader{
	"hwcloud_server": reader(openstack.NewComputeV2, compute, func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := servers.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		fields := Fields{
			"name": v.Name, "status": v.Status, "flavor_id": v.Flavor["id"], "key_pair": v.KeyName, "metadata": v.Metadata, "tag_names": v.Tags,
			"availability_zone": v.AvailabilityZone, "config_drive": v.ConfigDrive,
			"power_state": map[string]string{"ACTIVE": "running", "SHUTOFF": "stopped"}[v.Status], "created_at": second(v.Created), "updated_at": second(v.Updated),
		}
		if id, ok := v.Image["id"]; ok {
			fields["image_id"] = id
		}
		return fields, nil
	}),
	"hwcloud_key_pair": reader(openstack.NewComputeV2, compute, func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		k, err := keypairs.Get(ctx, c, s.text("id"), keypairs.GetOpts{UserID: s.text("user_id")}).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"name": k.Name, "type": k.Type, "public_key": k.PublicKey, "fingerprint": k.Fingerprint, "user_id": k.UserID}, nil
	}),
	"hwcloud_server_group": reader(openstack.NewComputeV2, compute, func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		g, err := servergroups.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"name": g.Name, "policies": g.Policies, "members": g.Members}, nil
	}),
	"hwcloud_volume_attachment": reader(openstack.NewComputeV2, "2.79", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		a, err := volumeattach.Get(ctx, c, s.text("server_id"), s.text("volume_id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"server_id": a.ServerID, "volume_id": a.VolumeID, "delete_on_termination": a.DeleteOnTermination}, nil
	}),
	"hwcloud_network_interface_attachment": reader(openstack.NewComputeV2, compute, func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		i, err := attachinterfaces.Get(ctx, c, s.text("server_id"), s.text("port_id")).Extract()
		if err != nil {
			return nil, err
		}
		fields := Fields{"network_id": i.NetID, "port_id": i.PortID, "mac_address": i.MACAddr, "status": i.PortState}
		if len(i.FixedIPs) > 0 {
			fields["fixed_ip"] = i.FixedIPs[0].IPAddress
		}
		return fields, nil
	}),
}
