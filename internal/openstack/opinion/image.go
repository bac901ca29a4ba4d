package opinion

import (
	"context"
	"fmt"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/members"
)

var image = map[string]Reader{
	"hwcloud_image": reader(openstack.NewImageV2, "", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		i, err := images.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		properties := map[string]string{}
		for key, value := range i.Properties {
			properties[key] = fmt.Sprint(value)
		}
		return Fields{
			"name": i.Name, "status": i.Status, "tag_names": i.Tags, "container_format": i.ContainerFormat, "disk_format": i.DiskFormat,
			"min_disk": i.MinDiskGigabytes, "min_ram": i.MinRAMMegabytes, "owner": i.Owner, "protected": i.Protected, "visibility": i.Visibility, "os_hidden": i.Hidden,
			"checksum": i.Checksum, "image_size": zero(i.SizeBytes), "virtual_size": zero(i.VirtualSize), "properties": s.among("properties", properties),
			"os_hash_algo": i.Properties["os_hash_algo"], "os_hash_value": i.Properties["os_hash_value"],
			"created_at": second(i.CreatedAt), "updated_at": second(i.UpdatedAt),
		}, nil
	}),
	"hwcloud_image_share":            reader(openstack.NewImageV2, "", imageMember),
	"hwcloud_image_share_acceptance": reader(openstack.NewImageV2, "", imageMember),
}

func imageMember(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
	m, err := members.Get(ctx, c, s.text("image_id"), s.text("member_id")).Extract()
	if err != nil {
		return nil, err
	}
	return Fields{"image_id": m.ImageID, "member_id": m.MemberID, "status": m.Status, "created_at": second(m.CreatedAt), "updated_at": second(m.UpdatedAt)}, nil
}
