package cloud

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Refusal is a request that the policies of an OpenStack cloud did not allow to who made it.
type Refusal struct {
	Policy string // as the cloud names it: "volume_extension:type_create"
	Role   string // that such a request usually takes: "admin"
	User   string // who asked
	Where  string // the project that they asked in
	Roles  []string
}

// policies are how the services name the policy that refused a request: Cinder and Nova, Neutron, Glance, Keystone.
var policies = []*pattern.Pattern{
	pattern.New(`Policy doesn't allow (\S+) to be performed`),
	pattern.New(`^(.+) is disallowed by policy`),
	pattern.New(`not authorized to complete (\S+) action`),
	pattern.New(`not authorized to perform the requested action: ([^\s,]+?)\.?$`),
}

var ruleMarks = strings.NewReplacer("(", "", ")", "", "rule:", "")

// policyOf is the policy that a refusal names; "": none. A cloud refuses with 403 for other reasons too, such as a quota.
func policyOf(message string) string {
	for _, form := range policies {
		if found := form.FindStringSubmatch(message); found != nil {
			return ruleMarks.Replace(found[1])
		}
	}
	return ""
}

// refusal says who was refused by a policy, and which role would have helped; nil when it was no policy.
func (c *Client) refusal(ctx context.Context, r Request, message string) *Refusal {
	policy := policyOf(message)
	if policy == "" || !r.Service.OpenStack() {
		return nil
	}
	refused := &Refusal{Policy: policy, Role: r.Role}
	if catalog, err := c.catalog(ctx); err == nil {
		refused.User, refused.Where = catalog.User.Name, catalog.Project.Name
		for _, role := range catalog.Roles {
			refused.Roles = append(refused.Roles, role.Name)
		}
		slices.Sort(refused.Roles)
	}
	if usual := "member"; refused.Role == "" && len(refused.Roles) > 0 && !slices.Contains(refused.Roles, usual) {
		refused.Role = usual // what a member may do takes at least that
	}
	refused.Role = cmp.Or(refused.Role, "admin")
	return refused
}

// String says what the cloud did not allow, and which role it takes.
func (r *Refusal) String() string {
	text := fmt.Sprintf("The cloud's policy %s does not allow it.", r.Policy)
	if r.User == "" {
		return text + fmt.Sprintf(" It takes the role %s in the project, unless the cloud has policies of its own.", r.Role)
	}
	has := "no role"
	if len(r.Roles) > 0 {
		has = "the roles " + strings.Join(r.Roles, ", ")
	}
	return text + fmt.Sprintf(" It takes the role %s in the project %s, unless the cloud has policies of its own; the user %s has %s there.", r.Role, r.Where, r.User, has)
}
