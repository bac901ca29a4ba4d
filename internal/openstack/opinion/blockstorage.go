package opinion

import (
	"context"
	"fmt"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/backups"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/qos"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/quotasets"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/snapshots"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/transfers"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumetypes"
)

func ofBlockStorage(read func(context.Context, *gophercloud.ServiceClient, State) (Fields, error)) Reader {
	return reader(openstack.NewBlockStorageV3, "3.70", read)
}

var blockStorage = map[string]Reader{
	"hwcloud_volume": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
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
	"hwcloud_volume_snapshot": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := snapshots.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"volume_id": v.VolumeID, "name": v.Name, "description": v.Description, "status": v.Status, "size": v.Size, "metadata": s.among("metadata", v.Metadata),
			"created_at": micro(v.CreatedAt), "updated_at": micro(v.UpdatedAt),
		}, nil
	}),
	"hwcloud_volume_backup": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := backups.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		metadata := map[string]string{}
		if v.Metadata != nil {
			metadata = *v.Metadata
		}
		return Fields{
			"volume_id": v.VolumeID, "snapshot_id": v.SnapshotID, "name": v.Name, "description": v.Description, "status": v.Status, "size": v.Size,
			"incremental": v.IsIncremental, "container": v.Container, "object_count": v.ObjectCount,
			"metadata": s.among("metadata", metadata), "data_timestamp": micro(v.DataTimestamp), "created_at": micro(v.CreatedAt),
		}, nil // the rest changes when another backup goes on from it
	}),
	"hwcloud_volume_type": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := volumetypes.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		e, err := volumetypes.GetEncryption(ctx, c, v.ID).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"name": v.Name, "description": v.Description, "public": v.IsPublic, "extra_specs": v.ExtraSpecs, "qos_specs_id": v.QosSpecID,
			"encryption": Fields{"provider": e.Provider, "control_location": e.ControlLocation, "cipher": e.Cipher, "key_size": zero(e.KeySize)},
		}, nil
	}),
	"hwcloud_volume_type_access": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		pages, err := volumetypes.ListAccesses(c, s.text("volume_type_id")).AllPages(ctx)
		if err != nil {
			return nil, err
		}
		all, err := volumetypes.ExtractAccesses(pages)
		for _, a := range all {
			if a.ProjectID == s.text("member_id") {
				return Fields{"volume_type_id": a.VolumeTypeID, "member_id": a.ProjectID}, nil
			}
		}
		return nil, notAmong(all, err)
	}),
	"hwcloud_volume_qos": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := qos.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"name": v.Name, "consumer": v.Consumer, "specs": v.Specs}, nil
	}),
	"hwcloud_volume_qos_association": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		pages, err := qos.ListAssociations(c, s.text("volume_qos_id")).AllPages(ctx)
		if err != nil {
			return nil, err
		}
		all, err := qos.ExtractAssociations(pages)
		for _, a := range all {
			if a.ID == s.text("volume_type_id") {
				return Fields{"volume_type_id": a.ID}, nil
			}
		}
		return nil, notAmong(all, err)
	}),
	"hwcloud_volume_quota_set": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := quotasets.Get(ctx, c, s.text("member_id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"volumes": v.Volumes, "gigabytes": v.Gigabytes, "per_volume_gigabytes": v.PerVolumeGigabytes, "snapshots": v.Snapshots,
			"backups": v.Backups, "backup_gigabytes": v.BackupGigabytes, "groups": v.Groups,
		}, nil
	}),
	"hwcloud_volume_transfer": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := transfers.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"volume_id": v.VolumeID, "name": v.Name, "created_at": micro(v.CreatedAt)}, nil
	}),
	"hwcloud_volume_transfer_acceptance": ofBlockStorage(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := volumes.Get(ctx, c, s.text("volume_id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{"volume_id": v.ID, "volume_name": v.Name, "size": v.Size, "status": v.Status}, nil
	}),
}

// notAmong is why a list does not have what is looked for.
func notAmong[T any](all []T, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("it is not among %v", all)
}
