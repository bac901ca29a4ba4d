package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// scalingInstance is a server's place in a group; its id is the server's.
type scalingInstance struct {
	meta
	GroupID         string `json:"scaling_group_id"`
	ConfigurationID string `json:"scaling_configuration_id"` // none of a server that was added
	State           string `json:"life_cycle_state"`         // PENDING, INSERVICE, REMOVING, STANDBY, ENTERING_STANDBY
	Protected       bool   `json:"protect_from_scaling_down"`
	Delete          bool   `json:"delete"` // whether the server goes with its place
}

func (a *asService) instanceRoutes() []route {
	const path = asPath + "/scaling_group_instance"
	return []route{
		{"GET " + path + "/{id}/list", 200, a.listInstances},
		{"POST " + path + "/{id}/action", 204, a.changeInstances},
	}
}

// members are the places of a group, oldest first.
func (a *asService) members(g *scalingGroup) []*scalingInstance {
	return a.instances.where("", func(i *scalingInstance) bool { return i.GroupID == g.ID })
}

// current is how many servers are in service, or stand by.
func (a *asService) current(g *scalingGroup) int {
	return len(slices.DeleteFunc(a.members(g), func(i *scalingInstance) bool { return i.State == "PENDING" }))
}

// scale begins what brings a group to as many servers as it wants. While it is at it, that waits for the end.
func (a *asService) scale(g *scalingGroup) {
	if a.pending(g.Job) != nil {
		return
	}
	missing, launched := g.Desire-len(a.members(g)), false
	switch {
	case g.Status == "DELETING":
		for _, i := range a.members(g) {
			i.State, i.Delete = "REMOVING", i.ConfigurationID != ""
		}
	case g.Status != "INSERVICE" || missing == 0:
		return
	case missing > 0:
		for range missing {
			if err := a.launch(g); err != nil {
				g.Status, g.Detail = "ERROR", err.Error()
				break
			}
			launched = true
		}
	default:
		for _, i := range a.doomed(g, -missing) {
			i.State, i.Delete = "REMOVING", true
		}
	}
	a.beginScaling(g, launched)
}

func (a *asService) beginScaling(g *scalingGroup, launched bool) {
	g.Job = a.startJob(g.ProjectID, "scaleGroup", map[string]any{"group_id": g.ID, "launched": launched}).ID
}

// endScaling settles what has come and gone, and begins anew when something else is wanted by now.
func (a *asService) endScaling(j *job) error {
	g := a.groups.get("", j.text("group_id"))
	if g == nil {
		return nil
	}
	g.Job = ""
	came := 0
	for _, i := range a.members(g) {
		switch i.State {
		case "PENDING":
			i.State = "INSERVICE"
			came++
		case "ENTERING_STANDBY":
			i.State = "STANDBY"
		case "REMOVING":
			a.instances.remove(i.ID)
			if i.Delete {
				a.removeServer(g, i.ID)
			}
		}
	}
	launched, _ := j.Entities["launched"].(bool)
	switch {
	case g.Status == "DELETING" && len(a.members(g)) == 0:
		a.groups.remove(g.ID)
		return nil
	case g.Status == "INSERVICE" && launched && came == 0:
		g.Status, g.Detail = "ERROR", "The servers could not be created." // to try again is up to who resumes it
		return nil
	}
	a.scale(g)
	return nil
}

// removeServer deletes a server of a group.
func (a *asService) removeServer(g *scalingGroup, id string) {
	if g.DeleteVolume {
		for _, v := range a.evs.attachedVolumes(id) {
			v.attachedTo(id).DeleteOnTermination = true
		}
	}
	a.ecs.servers.remove(id)
}

// doomed are the servers that go first, but for those that are protected.
func (a *asService) doomed(g *scalingGroup, n int) []*scalingInstance {
	order := slices.DeleteFunc(a.members(g), func(i *scalingInstance) bool { return i.Protected || i.State != "INSERVICE" })
	if strings.HasSuffix(g.TerminatePolicy, "NEW_INSTANCE") {
		slices.Reverse(order)
	}
	if strings.HasPrefix(g.TerminatePolicy, "OLD_CONFIG") {
		made := func(i *scalingInstance) int64 {
			if c := a.configurations.get("", i.ConfigurationID); c != nil {
				return c.CreatedAt.UnixNano()
			}
			return 0
		}
		slices.SortStableFunc(order, func(x, y *scalingInstance) int { return int(min(1, max(-1, made(x)-made(y)))) })
	}
	return order[:min(n, len(order))]
}

// launch makes a server of the group's configuration: of the first flavor that can be had, in the zone that is next.
func (a *asService) launch(g *scalingGroup) error {
	c := a.configurations.get("", g.ConfigurationID)
	if c == nil {
		return badScaling("AS.1004", "The AS configuration does not exist.")
	}
	r := &request{project: a.iam.projects.get("", g.ProjectID), service: a.services["ecs"], caller: &caller{User: &user{}}}
	var refusal error
	for _, zone := range a.zonesOf(g) {
		for flavor := range strings.SplitSeq(c.Instance.FlavorRef, ",") {
			body, err := json.Marshal(map[string]any{"server": serverFor(g, c, zone, flavor, a.ids.hex()[:8])})
			if err != nil {
				return err
			}
			r.body = body
			made, err := a.ecs.create(r)
			if err != nil {
				refusal = err
				continue
			}
			id := made.(map[string]any)["serverIds"].([]string)[0]
			a.instances.add(g.ProjectID, &scalingInstance{meta: meta{ID: id}, GroupID: g.ID, ConfigurationID: c.ID, State: "PENDING"})
			return nil
		}
	}
	return refusal
}

// zonesOf are the group's zones in the order in which they are tried.
func (a *asService) zonesOf(g *scalingGroup) []string {
	zones, used := slices.Clone(g.Zones), map[string]int{}
	for _, i := range a.members(g) {
		if s := a.ecs.servers.get("", i.ID); s != nil {
			used[s.AvailabilityZone]++
		}
	}
	if g.ZonePolicy == "EQUILIBRIUM_DISTRIBUTE" {
		slices.SortStableFunc(zones, func(x, y string) int { return used[x] - used[y] })
	}
	return zones
}

// serverFor is what is asked of ECS.
func serverFor(g *scalingGroup, c *scalingConfiguration, zone, flavor, suffix string) map[string]any {
	t := c.Instance
	name := []rune(c.Name)
	metadata := maps.Clone(t.Metadata)
	if metadata == nil {
		metadata = map[string]string{}
	}
	if g.Agency != "" {
		metadata["agency_name"] = g.Agency
	}
	nics := make([]any, len(g.Networks))
	for i, n := range g.Networks {
		nics[i] = map[string]any{"subnet_id": n.ID, "allowed_address_pairs": n.AddressPairs}
	}
	groups := t.SecurityGroups
	if len(groups) == 0 {
		groups = g.SecurityGroups
	}
	out := map[string]any{
		"name": string(name[:min(len(name), 55)]) + "-" + suffix, "imageRef": t.ImageRef, "flavorRef": flavor, "availability_zone": zone,
		"vpcid": g.VpcID, "nics": nics, "security_groups": groups, "key_name": t.KeyName, "adminPass": c.AdminPass, "user_data": t.UserData,
		"metadata":           metadata,
		"os:scheduler_hints": map[string]any{"group": t.ServerGroupID, "tenancy": t.Tenancy, "dedicated_host_id": t.DedicatedHostID},
		"extendparam":        map[string]any{"enterprise_project_id": g.EnterpriseProjectID, "marketType": t.MarketType},
	}
	var data []any
	for _, d := range t.Disk {
		disk := map[string]any{
			"volumetype": d.VolumeType, "size": d.Size, "iops": d.Iops, "throughput": d.Throughput, "metadata": d.Metadata,
			"cluster_id": d.DedicatedStorageID, "data_image_id": d.DataDiskImageID, "extendparam": map[string]any{"snapshotId": d.SnapshotID},
		}
		if d.DiskType == "SYS" {
			out["root_volume"] = disk
		} else {
			data = append(data, disk)
		}
	}
	out["data_volumes"] = data
	if p := t.PublicIP; p != nil {
		b := p.Eip.Bandwidth
		out["publicip"] = map[string]any{"eip": map[string]any{
			"iptype": p.Eip.IPType, "bandwidth": map[string]any{"size": b.Size, "sharetype": b.ShareType, "chargemode": b.ChargingMode, "id": b.ID},
		}}
	}
	return out
}

func (a *asService) instanceView(i *scalingInstance) any {
	view := map[string]any{
		"instance_id":                i.ID,
		"instance_name":              nil,
		"scaling_group_id":           i.GroupID,
		"scaling_group_name":         nil,
		"life_cycle_state":           i.State,
		"health_status":              "NORMAL",
		"scaling_configuration_name": "MANNUAL_ADD",
		"scaling_configuration_id":   nil,
		"create_time":                i.CreatedAt.Format(asTime),
		"protect_from_scaling_down":  i.Protected,
	}
	if s := a.ecs.servers.get("", i.ID); s != nil {
		view["instance_name"] = s.Name
	}
	if g := a.groups.get("", i.GroupID); g != nil {
		view["scaling_group_name"] = g.Name
	}
	if i.State == "PENDING" {
		view["health_status"] = "INITIALIZING"
	}
	if i.ConfigurationID != "" {
		view["scaling_configuration_id"], view["scaling_configuration_name"] = i.ConfigurationID, nil
		if c := a.configurations.get("", i.ConfigurationID); c != nil {
			view["scaling_configuration_name"] = c.Name
		}
	}
	return view
}

func (a *asService) listInstances(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	q := r.query
	found := slices.DeleteFunc(a.members(g), func(i *scalingInstance) bool {
		health := "NORMAL"
		if i.State == "PENDING" {
			health = "INITIALIZING"
		}
		return !a.instances.visible(i) || !matches(q.Get("life_cycle_state"), i.State) || !matches(q.Get("health_status"), health) ||
			!matches(q.Get("protect_from_scaling_down"), fmt.Sprint(i.Protected))
	})
	return scalingPage(r, "scaling_group_instances", found, a.instanceView)
}

// instanceActions are what can be done to servers of a group, by the word of the request: what they must be before, what
// they become, and the code of the refusal.
var instanceActions = map[string]struct {
	from []string
	to   string
	code string
}{
	"REMOVE":        {[]string{"INSERVICE", "STANDBY"}, "REMOVING", "AS.4030"},
	"PROTECT":       {[]string{"INSERVICE"}, "INSERVICE", "AS.4033"},
	"UNPROTECT":     {[]string{"INSERVICE"}, "INSERVICE", "AS.4033"},
	"ENTER_STANDBY": {[]string{"INSERVICE"}, "ENTERING_STANDBY", "AS.4015"},
	"EXIT_STANDBY":  {[]string{"STANDBY"}, "PENDING", "AS.4015"},
}

func (a *asService) changeInstances(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string   `json:"action"`
		IDs    []string `json:"instances_id"`
		Delete string   `json:"instance_delete"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	act, known := instanceActions[in.Action]
	switch {
	case !known && in.Action != "ADD":
		return nil, badScaling("AS.4018", "The action of the body in the request to operate the instance is invalid.")
	case len(in.IDs) == 0:
		return nil, badScaling("AS.4032", "The list of instances is null.")
	case len(in.IDs) > 10:
		return nil, badScaling("AS.4043", "The number of instances exceeds the upper limit.")
	case in.Delete != "" && in.Delete != "yes" && in.Delete != "no":
		return nil, badScaling("AS.4007", "The value of the parameter that specifies whether to delete the instance is invalid.")
	case in.Action == "ADD":
		return nil, a.addInstances(r, g, in.IDs)
	}
	var chosen []*scalingInstance
	for _, id := range in.IDs {
		i := a.instances.get(r.project.ID, id)
		if i == nil || i.GroupID != g.ID || !slices.Contains(act.from, i.State) {
			return nil, badScaling(act.code, "Instance %s: it is not in the AS group, or not in the inservice status.", id)
		}
		chosen = append(chosen, i)
	}
	if in.Action == "PROTECT" || in.Action == "UNPROTECT" {
		for _, i := range chosen {
			i.Protected = in.Action == "PROTECT"
		}
		return nil, nil
	}
	switch {
	case a.pending(g.Job) != nil || g.Status == "DELETING":
		return nil, notInStatus(g.Status)
	case in.Action == "REMOVE" && g.Desire-len(chosen) < g.Min:
		return nil, badScaling("AS.2036", "The number of instances manually deleted is less than the minimum number of the instances required in the AS group.")
	case in.Action == "REMOVE":
		g.Desire -= len(chosen)
	}
	for _, i := range chosen {
		i.State, i.Delete = act.to, in.Delete == "yes"
	}
	a.beginScaling(g, false)
	return nil, nil
}

// addInstances puts servers into a group, which wants more of them from then on.
func (a *asService) addInstances(r *request, g *scalingGroup, ids []string) error {
	switch {
	case g.Status != "INSERVICE" || a.pending(g.Job) != nil:
		return notInStatus(g.Status)
	case len(a.members(g))+len(ids) > g.Max:
		return badScaling("AS.2035", "The number of instances manually added to the AS group exceeds the maximum number of the instances required in the AS group.")
	}
	for _, id := range ids {
		s, why := a.ecs.servers.get(r.project.ID, id), ""
		switch {
		case s == nil || !a.ecs.exists(s):
			why = "AS.4006: The instance does not exist."
		case s.Status != "ACTIVE":
			why = "AS.4024: The instance is not in the active status."
		case s.VpcID != g.VpcID:
			why = "AS.4021: The VPC to which the instance belongs is different from the VPC in the AS group."
		case !slices.Contains(g.Zones, s.AvailabilityZone):
			why = "AS.4020: The AZ to which the instance belongs is not within the AZ in the AS group."
		case a.instances.get("", id) != nil:
			why = "AS.4027: The added instance has already existed in an AS group."
		}
		if why != "" {
			return badScaling("AS.4029", "Failed to add instances in a batch. Instance %s: %s", id, why)
		}
	}
	for _, id := range ids {
		a.instances.add(r.project.ID, &scalingInstance{meta: meta{ID: id}, GroupID: g.ID, State: "PENDING"})
	}
	g.Desire += len(ids)
	a.beginScaling(g, false)
	return nil
}
