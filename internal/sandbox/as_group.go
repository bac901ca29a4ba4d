package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// scalingGroup is a number of servers that are alike.
type scalingGroup struct {
	meta
	Name                string            `json:"name"`
	Status              string            `json:"status"` // INSERVICE, PAUSED, ERROR, DELETING
	ConfigurationID     string            `json:"scaling_configuration_id"`
	Desire              int               `json:"desire_instance_number"`
	Min                 int               `json:"min_instance_number"`
	Max                 int               `json:"max_instance_number"`
	CoolDown            int               `json:"cool_down_time"`
	Listeners           []scalingListener `json:"lbaas_listeners"`
	Zones               []string          `json:"available_zones"`
	Networks            []scalingNetwork  `json:"networks"`
	SecurityGroups      []ref             `json:"security_groups"`
	VpcID               string            `json:"vpc_id"`
	AuditMethod         string            `json:"health_periodic_audit_method"`
	AuditTime           int               `json:"health_periodic_audit_time"`
	AuditGrace          int               `json:"health_periodic_audit_grace_period"`
	TerminatePolicy     string            `json:"instance_terminate_policy"`
	ZonePolicy          string            `json:"multi_az_priority_policy"`
	DeletePublicIP      bool              `json:"delete_publicip"`
	DeleteVolume        bool              `json:"delete_volume"`
	Agency              string            `json:"iam_agency_name"`
	Description         string            `json:"description"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Detail              string            `json:"detail"`
	Tags                map[string]string `json:"tags"`
	Job                 string            `json:"job,omitempty"` // the id of the scaling under way
}

type scalingNetwork struct {
	ID            string        `json:"id"`
	IPv6          bool          `json:"ipv6_enable"`
	IPv6Bandwidth *ref          `json:"ipv6_bandwidth,omitempty"`
	AddressPairs  []addressPair `json:"allowed_address_pairs,omitempty"`
}

// scalingListener is a backend group that servers join. There are no load balancers here to look one up in.
type scalingListener struct {
	PoolID          string `json:"pool_id"`
	ProtocolPort    int    `json:"protocol_port"`
	Weight          int    `json:"weight"`
	ProtocolVersion string `json:"protocol_version"`
}

func (a *asService) groupRoutes() []route {
	const path, tags = asPath + "/scaling_group", asPath + "/scaling_group_tag/{id}/tags"
	return []route{
		{"POST " + path, 200, a.createGroup},
		{"GET " + path, 200, a.listGroups},
		{"GET " + path + "/{id}", 200, a.showGroup},
		{"PUT " + path + "/{id}", 200, a.updateGroup},
		{"DELETE " + path + "/{id}", 204, a.deleteGroup},
		{"POST " + path + "/{id}/action", 204, a.switchGroup},
		{"GET " + tags, 200, a.showGroupTags},
		{"POST " + tags + "/action", 204, a.changeGroupTags},
	}
}

// group is the group in the request's path.
func (a *asService) group(r *request) (*scalingGroup, error) {
	if g := a.groups.get(r.project.ID, r.PathValue("id")); g != nil {
		return g, nil
	}
	return nil, noScalingGroup()
}

// noScalingGroup is the refusal for a group that does not exist, and for everything in it.
func noScalingGroup() error { return badScaling("AS.2007", "The AS group does not exist.") }

// notInStatus refuses what a group's status does not allow.
func notInStatus(status string) error {
	return badScaling("AS.2033", "You are not allowed to perform the operation when the AS group is in current [%s] status.", status)
}

// disband ends what lies in a group that has gone, and the servers that it made.
func (a *asService) disband(g *scalingGroup) {
	for _, p := range a.policies.where("", func(p *scalingPolicy) bool { return p.ResourceID == g.ID }) {
		a.policies.remove(p.ID)
	}
	for _, h := range a.hooksOf(g) {
		a.hooks.remove(h.ID)
	}
	for _, n := range a.notificationsOf(g) {
		a.notifications.remove(n.ID)
	}
	for _, i := range a.members(g) {
		a.instances.remove(i.ID)
		if i.ConfigurationID != "" {
			a.removeServer(g, i.ID)
		}
	}
}

// scalingGroupInput is what a request says of a group; nil is nothing.
type scalingGroupInput struct {
	Name            *string            `json:"scaling_group_name"`
	ConfigurationID *string            `json:"scaling_configuration_id"`
	Desire          *int               `json:"desire_instance_number"`
	Min             *int               `json:"min_instance_number"`
	Max             *int               `json:"max_instance_number"`
	CoolDown        *int               `json:"cool_down_time"`
	Listeners       *[]scalingListener `json:"lbaas_listeners"`
	Zones           *[]string          `json:"available_zones"`
	Networks        *[]scalingNetwork  `json:"networks"`
	SecurityGroups  *[]ref             `json:"security_groups"`
	VpcID           *string            `json:"vpc_id"` // only of a new one
	AuditMethod     *string            `json:"health_periodic_audit_method"`
	AuditTime       *int               `json:"health_periodic_audit_time"`
	AuditGrace      *int               `json:"health_periodic_audit_grace_period"`
	TerminatePolicy *string            `json:"instance_terminate_policy"`
	ZonePolicy      *string            `json:"multi_az_priority_policy"`
	DeletePublicIP  *bool              `json:"delete_publicip"`
	DeleteVolume    *bool              `json:"delete_volume"`
	Agency          *string            `json:"iam_agency_name"`
	Description     *string            `json:"description"`
	Enterprise      *string            `json:"enterprise_project_id"`
	Tags            []tag              `json:"tags"` // only of a new one
}

// apply puts what is given into a group, and refuses what the whole then cannot be.
func (a *asService) apply(r *request, g *scalingGroup, in *scalingGroupInput) error {
	set(&g.Name, in.Name)
	set(&g.ConfigurationID, in.ConfigurationID)
	set(&g.Min, in.Min)
	set(&g.Max, in.Max)
	set(&g.Desire, in.Desire)
	set(&g.CoolDown, in.CoolDown)
	set(&g.Listeners, in.Listeners)
	set(&g.Zones, in.Zones)
	set(&g.Networks, in.Networks)
	set(&g.SecurityGroups, in.SecurityGroups)
	set(&g.AuditMethod, in.AuditMethod)
	set(&g.AuditTime, in.AuditTime)
	set(&g.AuditGrace, in.AuditGrace)
	set(&g.TerminatePolicy, in.TerminatePolicy)
	set(&g.ZonePolicy, in.ZonePolicy)
	set(&g.DeletePublicIP, in.DeletePublicIP)
	set(&g.DeleteVolume, in.DeleteVolume)
	set(&g.Agency, in.Agency)
	set(&g.Description, in.Description)
	set(&g.EnterpriseProjectID, in.Enterprise)
	for i, l := range g.Listeners {
		g.Listeners[i].ProtocolVersion = cmp.Or(l.ProtocolVersion, "IPV4")
	}
	if g.AuditMethod == "" || in.Listeners != nil && in.AuditMethod == nil {
		g.AuditMethod = "NOVA_AUDIT"
		if len(g.Listeners) > 0 {
			g.AuditMethod = "ELB_AUDIT"
		}
	}
	for _, err := range []error{
		checkScalingName(g.Name, "AS.2002", "AS.2003", "AS.2022"), checkNumbers(g), checkAudit(g), checkListeners(g), a.checkNetworks(r, g),
	} {
		if err != nil {
			return err
		}
	}
	switch c := a.configurations.get(r.project.ID, g.ConfigurationID); {
	case g.ConfigurationID == "":
		return badScaling("AS.2018", "No AS configuration is in the AS group.")
	case c == nil:
		return badScaling("AS.1004", "The AS configuration does not exist.")
	case utf8.RuneCountInString(g.Description) > 256:
		return badScaling("AS.0022", "description is longer than 256 characters.")
	}
	return nil
}

func checkNumbers(g *scalingGroup) error {
	switch {
	case g.Min < 0 || g.Max < 0 || g.Min > g.Max:
		return badScaling("AS.2004", "Invalid min or max number of instances in the AS group.")
	case g.Desire < g.Min || g.Desire > g.Max:
		return badScaling("AS.2005", "The expected number cannot be less than the minimum number of instances or greater than the maximum number of instances.")
	case !between(&g.CoolDown, 0, 86400):
		return badScaling("AS.2006", "Invalid cooldown period of the AS group.")
	}
	return nil
}

func checkAudit(g *scalingGroup) error {
	switch {
	case g.AuditMethod != "NOVA_AUDIT" && (g.AuditMethod != "ELB_AUDIT" || len(g.Listeners) == 0):
		return badScaling("AS.2029", "Invalid health check method of the AS group.")
	case !slices.Contains([]int{0, 1, 5, 15, 60, 180}, g.AuditTime):
		return badScaling("AS.2031", "Invalid health check period of the AS group.")
	case !between(&g.AuditGrace, 0, 86400):
		return badScaling("AS.2046", "Invalid health check grace period of the AS group.")
	case !slices.Contains([]string{"OLD_CONFIG_OLD_INSTANCE", "OLD_CONFIG_NEW_INSTANCE", "OLD_INSTANCE", "NEW_INSTANCE"}, g.TerminatePolicy):
		return badScaling("AS.2032", "Invalid instance removal policy.")
	case !slices.Contains([]string{"EQUILIBRIUM_DISTRIBUTE", "PICK_FIRST"}, g.ZonePolicy):
		return badScaling("AS.2053", "Invalid multi az priority policy.")
	}
	return nil
}

func checkListeners(g *scalingGroup) error {
	if len(g.Listeners) > 6 {
		return badScaling("AS.2037", "The number of listeners in the AS group exceeds the upper limit.")
	}
	for _, l := range g.Listeners {
		switch {
		case l.PoolID == "":
			return badScaling("AS.2042", "Parameter pool of lbaas in the AS group is invalid.")
		case !between(&l.ProtocolPort, 1, 65535):
			return badScaling("AS.2039", "Parameter protocolPort of the AS group is invalid.")
		case !between(&l.Weight, 0, 100):
			return badScaling("AS.2040", "Parameter weight of the AS group is invalid.")
		}
	}
	return nil
}

func (a *asService) checkNetworks(r *request, g *scalingGroup) error {
	switch {
	case g.VpcID == "":
		return badScaling("AS.2017", "The ID of the VPC in the AS group is null.")
	case a.vpc.vpcs.get(r.project.ID, g.VpcID) == nil:
		return badScaling("AS.2012", "The VPC of the AS group does not exist.")
	case len(g.Networks) == 0:
		return badScaling("AS.2013", "Parameter networks in the AS group is invalid.")
	case len(g.Networks) > 5:
		return badScaling("AS.2024", "The number of subnets in the AS group exceeds the upper limit.")
	case len(g.SecurityGroups) > 1:
		return badScaling("AS.2025", "The number of security groups in the AS group exceeds the upper limit.")
	case len(g.SecurityGroups) == 1 && a.vpc.groups.get(r.project.ID, g.SecurityGroups[0].ID) == nil:
		return badScaling("AS.2014", "The security group of the AS group does not exist.")
	}
	for _, n := range g.Networks {
		switch s := a.vpc.subnets.get(r.project.ID, n.ID); {
		case s == nil:
			return badScaling("AS.2013", "Parameter networks in the AS group is invalid.")
		case s.VpcID != g.VpcID:
			return badScaling("AS.2027", "The subnet of the AS group does not belong to the vpc.")
		case n.IPv6 && s.CidrV6 == "":
			return badScaling("AS.2048", "This subnet does not support IPv6.")
		case n.IPv6Bandwidth != nil && !n.IPv6:
			return badScaling("AS.2050", "IPv6 shared bandwidth can be used only after IPv6 is enabled.")
		}
	}
	for _, z := range g.Zones {
		if !slices.Contains(regions[r.project.Region].Zones, z) {
			return badScaling("AS.2011", "Invalid AZ in AS group.")
		}
	}
	return nil
}

func (a *asService) createGroup(r *request) (any, error) {
	var in scalingGroupInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if a.groups.full(r.project.ID, 1) {
		return nil, badScaling("AS.2023", "The number of AS groups exceeds the upper limit.")
	}
	g := &scalingGroup{
		Status: "PAUSED", CoolDown: 300, AuditTime: 5, AuditGrace: 600, TerminatePolicy: "OLD_CONFIG_OLD_INSTANCE", ZonePolicy: "EQUILIBRIUM_DISTRIBUTE",
		EnterpriseProjectID: "0", SecurityGroups: []ref{}, Tags: map[string]string{},
	}
	set(&g.VpcID, in.VpcID)
	if in.Desire == nil {
		in.Desire = in.Min
	}
	if in.Zones == nil {
		g.Zones = slices.Clone(regions[r.project.Region].Zones)
	}
	if err := a.apply(r, g, &in); err != nil {
		return nil, err
	}
	if err := putScalingTags(g, in.Tags); err != nil {
		return nil, err
	}
	a.groups.add(r.project.ID, g)
	return map[string]any{"scaling_group_id": g.ID}, nil
}

func (a *asService) groupView(g *scalingGroup) any {
	networks := make([]any, len(g.Networks))
	for i, n := range g.Networks {
		shown := map[string]any{"id": n.ID, "ipv6_enable": n.IPv6, "ipv6_bandwidth": nil, "allowed_address_pairs": nil}
		if n.IPv6Bandwidth != nil {
			shown["ipv6_bandwidth"] = n.IPv6Bandwidth
		}
		if len(n.AddressPairs) > 0 {
			shown["allowed_address_pairs"] = n.AddressPairs
		}
		networks[i] = shown
	}
	listeners := make([]any, len(g.Listeners))
	for i, l := range g.Listeners {
		listeners[i] = map[string]any{
			"pool_id": l.PoolID, "protocol_port": l.ProtocolPort, "weight": l.Weight, "protocol_version": l.ProtocolVersion, "listener_id": nil,
		}
	}
	configuration := any(nil)
	if c := a.configurations.get("", g.ConfigurationID); c != nil {
		configuration = c.Name
	}
	return map[string]any{
		"scaling_group_id":                   g.ID,
		"scaling_group_name":                 g.Name,
		"scaling_group_status":               g.Status,
		"scaling_configuration_id":           g.ConfigurationID,
		"scaling_configuration_name":         configuration,
		"current_instance_number":            a.current(g),
		"desire_instance_number":             g.Desire,
		"min_instance_number":                g.Min,
		"max_instance_number":                g.Max,
		"cool_down_time":                     g.CoolDown,
		"lb_listener_id":                     nil,
		"lbaas_listeners":                    listeners,
		"available_zones":                    g.Zones,
		"networks":                           networks,
		"security_groups":                    g.SecurityGroups,
		"create_time":                        g.CreatedAt.Format(asTime),
		"vpc_id":                             g.VpcID,
		"detail":                             orNull(g.Detail),
		"is_scaling":                         a.pending(g.Job) != nil,
		"health_periodic_audit_method":       g.AuditMethod,
		"health_periodic_audit_time":         g.AuditTime,
		"health_periodic_audit_grace_period": g.AuditGrace,
		"instance_terminate_policy":          g.TerminatePolicy,
		"notifications":                      nil,
		"delete_publicip":                    g.DeletePublicIP,
		"delete_volume":                      g.DeleteVolume,
		"cloud_location_id":                  nil,
		"enterprise_project_id":              g.EnterpriseProjectID,
		"activity_type":                      nil,
		"multi_az_priority_policy":           g.ZonePolicy,
		"iam_agency_name":                    orNull(g.Agency),
		"description":                        orNull(g.Description),
		"tags":                               tagList(g.Tags),
	}
}

func (a *asService) showGroup(r *request) (any, error) {
	g := a.groups.read(r.project.ID, r.PathValue("id"))
	if g == nil {
		return nil, noScalingGroup()
	}
	return map[string]any{"scaling_group": a.groupView(g)}, nil
}

func (a *asService) listGroups(r *request) (any, error) {
	q := r.query
	found := slices.DeleteFunc(a.groups.list(r.project.ID), func(g *scalingGroup) bool {
		return !strings.Contains(g.Name, q.Get("scaling_group_name")) || !matches(q.Get("scaling_configuration_id"), g.ConfigurationID) ||
			!matches(q.Get("scaling_group_status"), g.Status) || !ofEnterprise(r, g.EnterpriseProjectID)
	})
	return scalingPage(r, "scaling_groups", found, a.groupView)
}

func (a *asService) updateGroup(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	var in scalingGroupInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	protected := 0
	for _, i := range a.members(g) {
		if i.Protected {
			protected++
		}
	}
	switch {
	case g.Status == "DELETING":
		return nil, notInStatus(g.Status)
	case (in.Networks != nil || in.SecurityGroups != nil || in.Zones != nil) && (g.Status == "INSERVICE" || len(a.members(g)) > 0):
		return nil, badScaling("AS.2030", "You are not allowed to modify the lb, AZ, subnet, and security information when the number of instances in the AS group is not 0, the AS group is scaling or in service.")
	case in.Desire != nil && *in.Desire == g.Desire:
		return nil, badScaling("AS.2028", "The modified expected number of instances is the same as the original number.")
	case in.Desire != nil && *in.Desire < protected:
		return nil, badScaling("AS.2010", "The expected number of instances in the AS group cannot be smaller than the number of instances for which instance protection has been configured.")
	}
	changed := *g
	changed.Listeners = slices.Clone(g.Listeners)
	if err := a.apply(r, &changed, &in); err != nil {
		return nil, err
	}
	*g = changed
	a.groups.touch(g)
	a.scale(g)
	return map[string]any{"scaling_group_id": g.ID}, nil
}

// deleteGroup deletes a group without servers at once. One that has some has to be forced, and goes when they have gone.
func (a *asService) deleteGroup(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	switch force := r.query.Get("force_delete"); {
	case force == "yes":
		if g.Status != "DELETING" {
			g.Status = "DELETING"
			a.scale(g)
		}
		return nil, nil
	case force != "" && force != "no":
		return nil, badScaling("AS.2019", "The value of the parameter that specifies whether to forcibly delete an AS group is invalid.")
	case g.Status == "DELETING":
		return nil, notInStatus(g.Status)
	case a.pending(g.Job) != nil:
		return nil, badScaling("AS.2047", "The AS group is in active status.")
	case len(a.members(g)) > 0:
		return nil, badScaling("AS.2021", "The current number of instances in the AS group is not 0.")
	}
	a.groups.remove(g.ID)
	return nil, nil
}

func (a *asService) switchGroup(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string `json:"action"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Action != "resume" && in.Action != "pause":
		return nil, badScaling("AS.2008", "Invalid execution action of the AS group.")
	case g.Status == "DELETING" || (in.Action == "resume") == (g.Status == "INSERVICE"):
		return nil, notInStatus(g.Status)
	case in.Action == "pause":
		g.Status = "PAUSED"
		return nil, nil
	}
	g.Status, g.Detail = "INSERVICE", ""
	a.scale(g)
	return nil, nil
}

const scalingTagsMax = 10

// putScalingTags sets tags of a group.
func putScalingTags(g *scalingGroup, list []tag) error {
	tags := maps.Clone(g.Tags)
	for _, t := range list {
		switch {
		case t.Key == "":
			return badScaling("AS.7062", "The key of scaling tag is null.")
		case utf8.RuneCountInString(t.Key) > 36:
			return badScaling("AS.7063", "The key of scaling tag is too long.")
		case utf8.RuneCountInString(t.Value) > 43:
			return badScaling("AS.7047", "The value of tag in the resource is too long.")
		}
		tags[t.Key] = t.Value
	}
	if len(tags) > scalingTagsMax {
		return badScaling("AS.7045", "The number of tags exceeded.")
	}
	g.Tags = tags
	return nil
}

func (a *asService) showGroupTags(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"tags": tagList(g.Tags), "sys_tags": []any{}}, nil
}

func (a *asService) changeGroupTags(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string `json:"action"`
		Tags   []tag  `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case len(in.Tags) == 0:
		return nil, badScaling("AS.7044", "The tag of this resource is null.")
	case in.Action == "create":
		return nil, putScalingTags(g, in.Tags)
	case in.Action != "delete":
		return nil, badScaling("AS.7049", "The action in this operation with tag is invalid.")
	}
	for _, t := range in.Tags {
		delete(g.Tags, t.Key)
	}
	return nil, nil
}
