// Package nova declares the objects of OpenStack's compute service.
package nova

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{&AvailabilityZone, &Flavor, &KeyPair, &NetworkInterfaceAttachment, &Server, &ServerGroup, &VolumeAttachment}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}
