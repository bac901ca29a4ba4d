package provider

import (
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/as"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/dns"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ecs"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/evs"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ims"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/kms"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/kps"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/smn"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/vpc"
)

// Kinds are all objects that the provider knows, by service.
func Kinds() []*object.Kind {
	return slices.Concat(
		as.Kinds(),
		dns.Kinds(),
		ecs.Kinds(),
		evs.Kinds(),
		ims.Kinds(),
		kps.Kinds(),
		kms.Kinds(),
		smn.Kinds(),
		vpc.Kinds(),
	)
}
