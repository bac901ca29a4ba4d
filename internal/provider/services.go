package provider

import (
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/as"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ces"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/cinder"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/dns"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ecs"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/eip"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/evs"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/glance"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ims"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/kms"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/kps"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/neutron"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/nova"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/obs"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/smn"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/vpc"
)

// Ephemerals are all that the provider opens for the moment, by service.
func Ephemerals() []*object.Ephemeral { return kms.Ephemerals() }

// Actions are all that the cloud can be told to do, by service.
func Actions() []*object.Action { return slices.Concat(evs.Actions(), cinder.Actions()) }

// Kinds are all objects that the provider knows: those of the public cloud, by service, with what OpenStack clouds have of the
// same names, and those that only OpenStack clouds have.
func Kinds() []*object.Kind { return object.Join(Public(), Native()) }

// Native are the objects of OpenStack clouds, by service.
func Native() []*object.Kind {
	return slices.Concat(
		cinder.Kinds(),
		glance.Kinds(),
		neutron.Kinds(),
		nova.Kinds(),
	)
}

// Public are the objects of the public cloud, by service.
func Public() []*object.Kind {
	return slices.Concat(
		as.Kinds(),
		ces.Kinds(),
		dns.Kinds(),
		ecs.Kinds(),
		eip.Kinds(),
		evs.Kinds(),
		ims.Kinds(),
		kps.Kinds(),
		kms.Kinds(),
		obs.Kinds(),
		smn.Kinds(),
		vpc.Kinds(),
	)
}
