// Package cinder declares the objects of OpenStack's block storage.
package cinder

import (
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{
		&Volume, &VolumeSnapshot, &VolumeBackup, &VolumeType, &VolumeTypeAccess, &VolumeQoS, &VolumeQoSAssociation, &VolumeQuotaSet,
		&VolumeTransfer, &VolumeTransferAcceptance,
	}
}

// why is where the service tells users what went wrong with an object of theirs.
var why = object.Derived{
	Op: object.Op{
		Method: "GET", Path: "/v3/{project_id}/messages",
		Query: map[string]string{"resource_uuid": "{id}", "sort": "created_at:desc", "limit": "1"},
	},
	From: "messages.0.user_message",
}
