package sandbox

import (
	"net/http"
	"net/netip"
	"slices"
)

// routeTable says where the traffic of its subnets goes. Every VPC has a default one, which is made with it and goes with it:
// subnets that are in no other are in that.
type routeTable struct {
	meta
	Name        string       `json:"name"`
	Description string       `json:"description"`
	VpcID       string       `json:"vpc_id"`
	Default     bool         `json:"default"`
	Subnets     []string     `json:"subnets"` // none of the default table
	Routes      []tableRoute `json:"routes"`  // without the local ones, which follow from the VPC's subnets
}

// tableRoute sends what goes to a range to a next hop: an object by its id, or a virtual address.
type tableRoute struct {
	Type        string `json:"type"`
	Destination string `json:"destination"`
	Nexthop     string `json:"nexthop"`
	Description string `json:"description"`
}

const routesAtCreation = 5

var routeTypes = []string{"ecs", "eni", "vip", "nat", "peering", "vpn", "dc", "cc", "egw", "er", "subeni"}

// systemRanges are what no route of a user's can lead to, beside the VPC's subnets.
var systemRanges = []string{"100.64.0.0/10", "127.0.0.0/8"}

func (v *vpcService) routeTableRoutes() []route {
	const path = "/v1/{project_id}/routetables"
	return []route{
		{"POST " + path, 200, v.createRouteTable},
		{"GET " + path, 200, v.listRouteTables},
		{"GET " + path + "/{id}", 200, v.showRouteTable},
		{"PUT " + path + "/{id}", 200, v.updateRouteTable},
		{"POST " + path + "/{id}/action", 200, v.associateRouteTable},
		{"DELETE " + path + "/{id}", 204, v.deleteRouteTable},
	}
}

// tablesOf are the route tables of a VPC.
func (v *vpcService) tablesOf(vpc string) []*routeTable {
	return v.routeTables.where("", func(t *routeTable) bool { return t.VpcID == vpc })
}

// tableOf is the route table that a subnet is in.
func (v *vpcService) tableOf(n *subnet) *routeTable {
	tables := v.tablesOf(n.VpcID)
	i := slices.IndexFunc(tables, func(t *routeTable) bool { return slices.Contains(t.Subnets, n.ID) })
	if i < 0 {
		i = slices.IndexFunc(tables, func(t *routeTable) bool { return t.Default })
	}
	return tables[i]
}

// subnetsIn are the ids of the subnets in a table.
func (v *vpcService) subnetsIn(t *routeTable) []string {
	ids := []string{}
	for _, n := range v.subnetsOf(t.VpcID) {
		if v.tableOf(n) == t {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// leaveTables takes a subnet out of every table but the default one.
func (v *vpcService) leaveTables(id string) {
	for _, t := range v.routeTables.all("") {
		t.Subnets = slices.DeleteFunc(t.Subnets, func(s string) bool { return s == id })
	}
}

// localRanges are the destinations of a table's local routes.
func (v *vpcService) localRanges(t *routeTable) []string {
	ranges := slices.Clone(systemRanges)
	for _, n := range v.subnetsOf(t.VpcID) {
		ranges = append(ranges, n.Cidr)
		if n.CidrV6 != "" {
			ranges = append(ranges, n.CidrV6)
		}
	}
	return ranges
}

// tableView shows a table as lists do, which is without its routes.
func (v *vpcService) tableView(t *routeTable) map[string]any {
	subnets := []any{}
	for _, id := range v.subnetsIn(t) {
		subnets = append(subnets, map[string]any{"id": id})
	}
	return map[string]any{
		"id":          t.ID,
		"name":        t.Name,
		"description": t.Description,
		"vpc_id":      t.VpcID,
		"default":     t.Default,
		"subnets":     subnets,
		"tenant_id":   t.ProjectID,
		"created_at":  t.CreatedAt.Format(vpcTime),
		"updated_at":  t.UpdatedAt.Format(vpcTime),
	}
}

func (v *vpcService) wholeTable(t *routeTable) any {
	routes := []any{}
	for _, local := range v.localRanges(t) {
		routes = append(routes, map[string]any{"type": "local", "destination": local, "nexthop": nil, "description": nil})
	}
	for _, one := range t.Routes {
		routes = append(routes, one)
	}
	view := v.tableView(t)
	view["routes"] = routes
	return map[string]any{"routetable": view}
}

func badRoute(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.2801", format, args...)
}

// findTable is the route table of a path.
func (v *vpcService) findTable(r *request) (*routeTable, error) {
	if t := v.routeTables.get(r.project.ID, r.PathValue("id")); t != nil {
		return t, nil
	}
	return nil, refuse(http.StatusNotFound, "VPC.2808", "RouteTable %s is not exist.", r.PathValue("id"))
}

// nameTable sets what create and update have in common.
func nameTable(t *routeTable, name, description *string) error {
	if name != nil {
		t.Name = *name
	}
	if description != nil {
		t.Description = *description
	}
	if !vpcName.MatchString(t.Name) {
		return badRoute("RouteTable name is invalid.")
	}
	if !checkDescription(t.Description) {
		return badRoute("RouteTable description is invalid.")
	}
	return nil
}

func (v *vpcService) createRouteTable(r *request) (any, error) {
	var in struct {
		Table struct {
			Name        *string      `json:"name"`
			Description *string      `json:"description"`
			VpcID       string       `json:"vpc_id"`
			Routes      []tableRoute `json:"routes"`
		} `json:"routetable"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if v.vpcs.get(r.project.ID, in.Table.VpcID) == nil {
		return nil, refuse(http.StatusNotFound, "VPC.0003", "VPC does not exist.")
	}
	t := &routeTable{VpcID: in.Table.VpcID}
	if err := nameTable(t, in.Table.Name, in.Table.Description); err != nil {
		return nil, err
	}
	if len(in.Table.Routes) > routesAtCreation {
		return nil, badRoute("A RouteTable is created with at most %d routes.", routesAtCreation)
	}
	if v.exceeds("route_table", len(v.tablesOf(t.VpcID))+1) {
		return nil, refuse(http.StatusConflict, "VPC.2802", "Quota exceeded for resources: ['routetable'].")
	}
	t.ProjectID = r.project.ID
	for _, one := range in.Table.Routes {
		if err := v.addRoute(t, one); err != nil {
			return nil, err
		}
	}
	return v.wholeTable(v.routeTables.add(r.project.ID, t)), nil
}

// checkRoute refuses what a route cannot be.
func (v *vpcService) checkRoute(t *routeTable, one tableRoute) error {
	p, err := netip.ParsePrefix(one.Destination)
	if err != nil || p.Masked() != p {
		return badRoute("Route destination %s is invalid.", one.Destination)
	}
	if !slices.Contains(routeTypes, one.Type) {
		return badRoute("Route type %s is invalid.", one.Type)
	}
	if !checkDescription(one.Description) {
		return badRoute("Route description is invalid.")
	}
	for _, local := range v.localRanges(t) {
		if contains(netip.MustParsePrefix(local), p) {
			return refuse(http.StatusBadRequest, "VPC.2809", "Route destination %s overlaps with the system route %s.", p, local)
		}
	}
	if !v.leads(t, one) {
		return badRoute("Route nexthop %s of type %s is not in VPC %s.", one.Nexthop, one.Type, t.VpcID)
	}
	return nil
}

// leads says whether a route's next hop is there, as far as the sandbox knows its type.
func (v *vpcService) leads(t *routeTable, one tableRoute) bool {
	inVPC := func(p *port) bool {
		n := v.subnets.get(t.ProjectID, p.NetworkID)
		return n != nil && n.VpcID == t.VpcID
	}
	switch one.Type {
	case "ecs":
		s := v.ecs.servers.get(t.ProjectID, one.Nexthop)
		return s != nil && s.VpcID == t.VpcID
	case "eni":
		p := v.ports.get(t.ProjectID, one.Nexthop)
		return p != nil && inVPC(p)
	case "vip":
		return v.ports.first(t.ProjectID, func(p *port) bool { return p.DeviceOwner == ownerVIP && p.ip() == one.Nexthop && inVPC(p) }) != nil
	case "peering":
		p := v.peerings.get("", one.Nexthop)
		return p != nil && p.joins(t.VpcID)
	}
	return one.Nexthop != ""
}

// place is where a table has the route to a destination; -1 if it has none.
func (t *routeTable) place(destination string) int {
	return slices.IndexFunc(t.Routes, func(r tableRoute) bool { return r.Destination == destination })
}

func (v *vpcService) addRoute(t *routeTable, one tableRoute) error {
	if err := v.checkRoute(t, one); err != nil {
		return err
	}
	if t.place(one.Destination) >= 0 {
		return refuse(http.StatusBadRequest, "VPC.2812", "Route to %s exists already.", one.Destination)
	}
	if v.exceeds("route", len(t.Routes)+1) {
		return refuse(http.StatusConflict, "VPC.2803", "Quota exceeded for resources: ['route'].")
	}
	t.Routes = append(t.Routes, one)
	return nil
}

func (v *vpcService) showRouteTable(r *request) (any, error) {
	t, err := v.findTable(r)
	if err == nil && !v.routeTables.visible(t) {
		err = refuse(http.StatusNotFound, "VPC.2808", "RouteTable %s is not exist.", t.ID)
	}
	if err != nil {
		return nil, err
	}
	return v.wholeTable(t), nil
}

func (v *vpcService) listRouteTables(r *request) (any, error) {
	found := slices.DeleteFunc(v.routeTables.list(r.project.ID), func(t *routeTable) bool {
		return !matches(r.query.Get("id"), t.ID) || !matches(r.query.Get("vpc_id"), t.VpcID) ||
			r.query.Has("subnet_id") && !slices.Contains(v.subnetsIn(t), r.query.Get("subnet_id"))
	})
	page, _, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"routetables": views(page, v.tableView)}, nil
}

// updateRouteTable makes all of the changes that are asked for, or none.
func (v *vpcService) updateRouteTable(r *request) (any, error) {
	t, err := v.findTable(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Table struct {
			Name        *string `json:"name"`
			Description *string `json:"description"`
			Routes      struct {
				Add []tableRoute `json:"add"`
				Mod []tableRoute `json:"mod"`
				Del []tableRoute `json:"del"`
			} `json:"routes"`
		} `json:"routetable"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *t
	changed.Routes = slices.Clone(t.Routes)
	if err := nameTable(&changed, in.Table.Name, in.Table.Description); err != nil {
		return nil, err
	}
	for _, one := range slices.Concat(in.Table.Routes.Del, in.Table.Routes.Mod) {
		if changed.place(one.Destination) < 0 {
			return nil, refuse(http.StatusNotFound, "VPC.2813", "Route to %s does not exist.", one.Destination)
		}
	}
	for _, one := range in.Table.Routes.Mod {
		if err := v.checkRoute(t, one); err != nil {
			return nil, err
		}
		changed.Routes[changed.place(one.Destination)] = one
	}
	for _, one := range in.Table.Routes.Del {
		i := changed.place(one.Destination)
		changed.Routes = slices.Delete(changed.Routes, i, i+1)
	}
	for _, one := range in.Table.Routes.Add {
		if err := v.addRoute(&changed, one); err != nil {
			return nil, err
		}
	}
	*t = changed
	v.routeTables.touch(t)
	return v.wholeTable(t), nil
}

// associateRouteTable moves subnets into a table, from whichever they are in, and out of it into the default one.
func (v *vpcService) associateRouteTable(r *request) (any, error) {
	t, err := v.findTable(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Table struct {
			Subnets struct {
				Associate    []string `json:"associate"`
				Disassociate []string `json:"disassociate"`
			} `json:"subnets"`
		} `json:"routetable"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	enter, leave := in.Table.Subnets.Associate, in.Table.Subnets.Disassociate
	if len(enter)+len(leave) == 0 {
		return nil, badRoute("subnets is empty.")
	}
	for _, id := range slices.Concat(enter, leave) {
		if n := v.subnets.get(r.project.ID, id); n == nil || n.VpcID != t.VpcID {
			return nil, badRoute("Subnet %s is not in VPC %s.", id, t.VpcID)
		}
	}
	for _, id := range leave {
		if t.Default || !slices.Contains(t.Subnets, id) {
			return nil, badRoute("Subnet %s cannot be disassociated from RouteTable %s.", id, t.ID)
		}
	}
	for _, id := range slices.Concat(leave, enter) {
		v.leaveTables(id)
	}
	if !t.Default {
		t.Subnets = append(t.Subnets, enter...)
	}
	v.routeTables.touch(t)
	return v.wholeTable(t), nil
}

func (v *vpcService) deleteRouteTable(r *request) (any, error) {
	t, err := v.findTable(r)
	switch {
	case err != nil:
		return nil, err
	case t.Default:
		return nil, refuse(http.StatusConflict, "VPC.2804", "The default RouteTable of a VPC cannot be deleted.")
	case len(t.Subnets) > 0:
		return nil, refuse(http.StatusConflict, "VPC.2805", "RouteTable %s is associated with subnets.", t.ID)
	}
	v.routeTables.remove(t.ID)
	return nil, nil
}
