package sandbox

import "net/http"

// netPolicy is a QoS policy: how much of the network what obeys it may take. Administrators make policies, and projects use
// those that are their own or shared. Their rules are not here: nothing moves packets that could be limited.
type netPolicy struct {
	netHead
	Name    string `json:"name"`
	Shared  bool   `json:"shared"`
	Default bool   `json:"is_default"`
}

func (n *neutronService) policyKind() *netKind[netPolicy] {
	ruled := func(r *request, verb string) error {
		if !r.admin() {
			return netForbidden("rule:" + verb + "_policy")
		}
		return nil
	}
	return &netKind[netPolicy]{
		neutronService: n, table: n.policies, one: "policy", many: "policies",
		attributes: netStandard(map[string]netAttribute{
			"name":       {check: netString(255), when: netBoth},
			"shared":     {check: netBool, when: netBoth, standard: false},
			"is_default": {check: netBool, when: netBoth, standard: false},
			"rules":      {},
		}),
		missing: noNetPolicy,
		sees:    func(_ *request, p *netPolicy) bool { return p.Shared },
		create:  func(r *request, _ *netPolicy, _ given) error { return ruled(r, "create") },
		update:  func(r *request, _, _ *netPolicy, _ given) error { return ruled(r, "update") },
		remove: func(r *request, p *netPolicy) error {
			if err := ruled(r, "delete"); err != nil {
				return err
			}
			return n.unused(p)
		},
		view: func(_ *request, _ *netPolicy, out map[string]any) { out["rules"] = []any{} },
	}
}

func noNetPolicy(id string) error {
	return refuse(http.StatusNotFound, "QosPolicyNotFound", "QoS policy %s could not be found.", id)
}

// obeyed refuses a policy that the caller does not know.
func (n *neutronService) obeyed(r *request, in given) error {
	id, some := in["qos_policy_id"].(string)
	if !some {
		return nil
	}
	if p := n.policies.get("", id); p == nil || !n.policyKind().visible(r, p) {
		return noNetPolicy(id)
	}
	return nil
}

// unused refuses to let go of a policy that something obeys.
func (n *neutronService) unused(p *netPolicy) error {
	inUse := func(what, id string) error {
		return refuse(http.StatusConflict, "QosPolicyInUse", "QoS Policy %s is used by %s %s.", p.ID, what, id)
	}
	obeys := func(policy *string) bool { return policy != nil && *policy == p.ID }
	if w := n.networks.first("", func(w *netNetwork) bool { return obeys(w.QoSPolicyID) }); w != nil {
		return inUse("network", w.ID)
	}
	if o := n.ports.first("", func(o *netPort) bool { return obeys(o.QoSPolicyID) }); o != nil {
		return inUse("port", o.ID)
	}
	if f := n.floating.first("", func(f *netFloating) bool { return obeys(f.QoSPolicyID) }); f != nil {
		return inUse("fip", f.ID)
	}
	if o := n.routers.first("", func(o *netRouter) bool { return obeys(o.QoSPolicyID) }); o != nil {
		return inUse("router", o.ID)
	}
	return nil
}
