package object

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// refuseNewer refuses a plan for operations that need a newer cloud than there is. What cannot be asked is left to the apply,
// which asks again.
func (s *Session) refuseNewer(ctx context.Context, k *Kind, ops []Op, region string, diags *diag.Diagnostics) {
	for _, op := range ops {
		service := or(op.Service, k.Service)
		if op.Version == "" || service.Microtype == "" {
			continue
		}
		newest, err := s.Client.Microversion(ctx, service, region)
		if err != nil || cloud.CompareVersions(newest, op.Version) >= 0 {
			continue
		}
		diags.AddError("The cloud is too old for this "+k.TypeName(), fmt.Sprintf(
			"It takes microversion %s of the service %s, and the newest that the cloud has is %s. Leave away what is newer, or ask for the cloud to be upgraded.",
			op.Version, service.Name, or(newest, "none")))
		return
	}
}

// ops are all operations that the change may take.
func (c Change) ops() []Op { return append([]Op{c.Op, c.Unset, c.Add, c.Remove}, c.Calls...) }
