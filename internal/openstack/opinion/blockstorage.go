package opinion

import (
	"context"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumes"
)

var blockStorage = map[string]Reader{
	"hwcloud_volume": reader(openstack.NewBlockStorageV3, "3.70", func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := volumes.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		attachments := []Fields{}
		for _, a := range v.Attachments {
			attachments = append(attachments, Fields{"server_id": a.ServerID, "device": a.Device, "attachment_id": a.AttachmentID, "attached_at": micro(a.AttachedAt)})
		}
		return Fields{
			"name": v.Name, "description": v.Description, "size": v.Size, "availability_zone": v.AvailabilityZone, "status": v.Status,
			"volume_type": v.VolumeType, "snapshot_id": v.SnapshotID, "source_volume_id": v.SourceVolID, "metadata": s.among("metadata", v.Metadata),
			"bootable": v.Bootable == "true", "read_only": strings.EqualFold(v.Metadata["readonly"], "true"), "encrypted": v.Encrypted, "multiattach": v.Multiattach,
			"image_id": v.VolumeImageMetadata["image_id"], "attachments": attachments, "created_at": micro(v.CreatedAt), "updated_at": micro(v.UpdatedAt),
		}, nil
	}),
}
