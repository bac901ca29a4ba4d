package ecs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/evs"
)

// The operations that change a server in place.
var (
	putMetadata = object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/{id}/metadata", Idempotent: true,
		Body: object.Body{"metadata": object.Attr("added")},
	}
	deleteMetadata = object.Op{Method: "DELETE", Path: "/v1/{project_id}/cloudservers/{id}/metadata/{key}"}

	addNIC = object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/{id}/nics", Job: "job_id",
		Body: object.Body{"nics": []any{object.Body{
			"subnet_id": object.Attr("subnet_id"), "ip_address": object.Attr("ip_address"),
			"ipv6_enable": object.Attr("ipv6_enable"), "security_groups": object.Attr("security_groups"),
		}}},
	}
	removeNIC = object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/{id}/nics/delete", Job: "job_id",
		Body: object.Body{"nics": []any{object.Body{"id": object.Attr("port_id")}}},
	}
	setGroups = object.Op{
		Service: cloud.VPC, Method: "PUT", Path: "/v1/{project_id}/ports/{port_id}",
		Body: object.Body{"port": object.Body{"security_groups": object.Attr("security_groups")}},
	}
	growVolume = object.Op{
		Service: cloud.EVS, Method: "POST", Path: "/v2.1/{project_id}/cloudvolumes/{volume_id}/action", Job: "job_id",
		Body: object.Body{"os-extend": object.Body{"new_size": object.Attr("new_size")}},
	}
	resizeServer = object.Op{
		Method: "POST", Path: "/v1.1/{project_id}/cloudservers/{id}/resize", Job: "job_id",
		Body: object.Body{"resize": object.Body{"flavorRef": object.Attr("flavor_id"), "mode": object.Attr("mode")}},
	}
	startServer = object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/action", Job: "job_id", Idempotent: true,
		Body: object.Body{"os-start": object.Body{"servers": []any{object.Body{"id": object.Attr("id")}}}},
	}
	stopServer = object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/action", Job: "job_id", Idempotent: true,
		Body: object.Body{"os-stop": object.Body{"type": "SOFT", "servers": []any{object.Body{"id": object.Attr("id")}}}},
	}
)

// changeMetadata adds and removes keys, the agency's among them.
func changeMetadata(ctx context.Context, call *object.Call) error {
	keys := func(v object.Values) map[string]any {
		m := maps.Clone(v.Map("metadata"))
		if m == nil {
			m = map[string]any{}
		}
		if agency := v.String("agency_name"); agency != "" {
			m["agency_name"] = agency
		}
		return m
	}
	before, after := keys(call.Prior), keys(call.Plan)
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, stays := after[key]; !stays {
			if _, err := call.Do(ctx, deleteMetadata, object.Values{"key": key}); err != nil {
				return err
			}
		}
	}
	maps.DeleteFunc(after, func(key string, value any) bool { return before[key] == value })
	if len(after) == 0 {
		return nil
	}
	_, err := call.Do(ctx, putMetadata, object.Values{"added": after})
	return err
}

// interfacesNow are all interfaces that the server has: its own in the order that is known, and strangers.
func interfacesNow(ctx context.Context, call *object.Call, known []network) (own, strangers []network, err error) {
	answered, err := call.Read(ctx)
	if err != nil {
		return nil, nil, err
	}
	answer, err := object.Into[serverAnswer](answered)
	if err != nil {
		return nil, nil, err
	}
	own, strangers = answer.networks(known)
	return own, strangers, nil
}

// changeNetworks removes and adds interfaces beyond the first, and sets the security groups of those that stay. Others than
// the server's own it leaves alone.
func changeNetworks(ctx context.Context, call *object.Call) error {
	plan, err := object.Into[serverState](call.Plan)
	if err != nil {
		return err
	}
	before, err := object.Into[serverState](call.Prior)
	if err != nil {
		return err
	}
	planned, known := plan.Networks, before.Networks
	if known == nil {
		known = planned // just created
	}
	present, strangers, err := interfacesNow(ctx, call, known)
	if err != nil {
		return err
	}
	var missing []network
	kept := map[string]bool{}
	for i, want := range planned {
		j := slices.IndexFunc(present, func(have network) bool { return !kept[have.PortID] && want.serves(have) })
		if i < len(present) && !kept[present[i].PortID] && want.serves(present[i]) {
			j = i // the one at the same place, where several would do
		}
		if j < 0 {
			missing = append(missing, want)
			continue
		}
		have := present[j]
		kept[have.PortID] = true
		if want.SecurityGroups != nil && !sameSet(want.SecurityGroups, have.SecurityGroups) {
			if _, err := call.Do(ctx, setGroups, object.Values{"port_id": have.PortID, "security_groups": want.SecurityGroups}); err != nil {
				return err
			}
		}
	}
	var own []network
	for i, have := range present {
		if i == 0 || kept[have.PortID] {
			own = append(own, have)
			continue
		}
		if _, err := call.Do(ctx, removeNIC, object.Values{"port_id": have.PortID}); err != nil {
			if _, err = takeStock(ctx, call, planned, strangers, err, func(now []network) bool { return !slices.ContainsFunc(now, have.is) }); err != nil {
				return err
			}
		}
	}
	for _, n := range missing {
		_, err := call.Do(ctx, addNIC, n.added())
		if own, err = takeStock(ctx, call, planned, strangers, err, func(now []network) bool { return len(now) > len(own) }); err != nil {
			return err
		}
	}
	return call.Ready(ctx)
}

// takeStock takes what a server has after a call, beside the strangers, which were there before, for its own, and tells so, in
// the order of the plan. When the call's fate is unknown, it looks for a while whether it was done, and then nothing has failed.
func takeStock(ctx context.Context, call *object.Call, planned, strangers []network, failed error, done func(now []network) bool) ([]network, error) {
	deadline := time.Now()
	failure, known := cloud.AsError(failed)
	lost := known && failure.FateUnknown
	if lost {
		deadline = deadline.Add(10 * time.Second)
	}
	var own []network
	err := cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		all, _, err := interfacesNow(ctx, call, nil)
		own = slices.DeleteFunc(all, func(n network) bool { return slices.ContainsFunc(strangers, n.is) })
		return done(own) || time.Now().After(deadline), err
	})
	if err != nil {
		return nil, errors.Join(failed, err)
	}
	if lost && done(own) {
		failed = nil
	}
	arranged, others := Arrange(planned, own, network.is, network.mayBe)
	own = slices.Concat(arranged, others)
	told, err := object.Into[[]any](own)
	call.Tell("networks", told)
	return own, errors.Join(failed, err)
}

// added is what adds an interface to a server that exists.
func (n network) added() object.Values {
	request := n.request()
	values := object.Values{"subnet_id": request.SubnetID}
	if request.IPAddress != "" {
		values["ip_address"] = request.IPAddress
	}
	if request.IPv6 {
		values["ipv6_enable"] = true
	}
	if len(n.SecurityGroups) > 0 {
		var groups []any
		for _, id := range n.SecurityGroups {
			groups = append(groups, map[string]any{"id": id})
		}
		values["security_groups"] = groups
	}
	return values
}

// serves tells that an interface is what was asked for, its security groups aside.
func (n network) serves(have network) bool {
	if n.PortID != "" {
		return n.PortID == have.PortID
	}
	return n.SubnetID == have.SubnetID && (n.FixedIP == nil || have.FixedIP != nil && *n.FixedIP == *have.FixedIP)
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// groupsDiffer tells that interfaces need other security groups than the first, which the create call gives to all.
func groupsDiffer(plan object.Values) bool {
	first := plan.List("networks.0.security_group_ids")
	for i := range plan.List("networks") {
		if groups, given := plan.Get(fmt.Sprintf("networks.%d.security_group_ids", i)); given && !sameSet(texts(groups), texts(first)) {
			return true
		}
	}
	return false
}

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		out = append(out, fmt.Sprint(item))
	}
	return out
}

// firstNetworkMoves tells that the primary interface would change, which it cannot.
func firstNetworkMoves(prior, plan object.Values) bool {
	for _, name := range []string{"subnet_id", "fixed_ip", "ipv6_enabled"} {
		before, _ := prior.Get("networks.0." + name)
		after, known := plan.Get("networks.0." + name)
		if known && before != after || !known && name == "subnet_id" {
			return true
		}
	}
	return false
}

// growDisks makes disks larger, one after the other.
func growDisks(ctx context.Context, call *object.Call) error {
	before, after := disksOf(call.Prior), disksOf(call.Plan)
	for i, want := range after {
		if i >= len(before) || want.Size == nil || before[i].Size == nil || *want.Size == *before[i].Size {
			continue
		}
		if _, err := call.Do(ctx, growVolume, object.Values{"volume_id": before[i].ID, "new_size": *want.Size}); err != nil {
			return err
		}
	}
	return nil
}

// disksOf are the system disk and the data disks behind it.
func disksOf(v object.Values) []disk {
	state, err := object.Into[serverState](v)
	if err != nil || state.SystemDisk == nil {
		return nil
	}
	return append([]disk{*state.SystemDisk}, state.DataDisks...)
}

// disksBeyondGrowth tells that disks change in another way than by growing.
func disksBeyondGrowth(prior, plan object.Values) bool {
	before, after := disksOf(prior), disksOf(plan)
	if len(before) != len(after) {
		return true
	}
	for i, want := range after {
		have := before[i]
		have.Size, want.Size, have.ID, want.ID = nil, nil, "", ""
		if !same(have, want) {
			return true
		}
	}
	return false
}

func same(a, b disk) bool {
	return a.VolumeType == b.VolumeType && equal(a.IOPS, b.IOPS) && equal(a.Throughput, b.Throughput) && equal(a.KeyID, b.KeyID) &&
		equal(a.Multiattach, b.Multiattach) && equal(a.DiesWith, b.DiesWith)
}

func equal[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// resize changes the flavor. The cloud stops a running server for it and starts it again, which allow_stop has allowed.
func resize(ctx context.Context, call *object.Call) error {
	more := object.Values{}
	if call.Prior.String("power_state") != "stopped" {
		more["mode"] = "withStopServer"
	}
	if _, err := call.Do(ctx, resizeServer, more); err != nil {
		return err
	}
	return call.Ready(ctx)
}

func wantsStopped(plan object.Values) bool { return plan.String("power_state") == "stopped" }

func changePower(ctx context.Context, call *object.Call) error {
	op := startServer
	if wantsStopped(call.Plan) {
		op = stopServer
	}
	_, err := call.Do(ctx, op, nil)
	return err
}

// signIn refuses two ways to sign in.
func signIn(_, plan object.Values, refuse func(string, string, ...any)) {
	for _, secret := range []string{"admin_password", "admin_password_wo"} {
		if plan.Has("key_pair") && plan.Has(secret) {
			refuse(secret, "A server is signed in to by key_pair or by a password, not by both. Leave one out.")
		}
	}
}

// firstPort refuses an address twice in one subnet.
func firstPort(_, plan object.Values, refuse func(string, string, ...any)) {
	taken := map[string]bool{}
	for i := range plan.List("networks") {
		at := fmt.Sprintf("networks.%d.fixed_ip", i)
		ip, known := plan.Get(at)
		key := fmt.Sprint(plan.String(fmt.Sprintf("networks.%d.subnet_id", i)), ip)
		if known && taken[key] {
			refuse(at, "%s is given to two interfaces of one subnet.", ip)
		}
		taken[key] = known
	}
}

func diskPerformance(_, plan object.Values, refuse func(string, string, ...any)) {
	places := []string{"system_disk"}
	for i := range plan.List("data_disks") {
		places = append(places, fmt.Sprintf("data_disks.%d", i))
	}
	for _, at := range places {
		evs.Performance(plan, at, plan.String(at+".volume_type"), refuse)
	}
}

// eipComplete refuses an elastic address that is neither an existing nor a whole new one.
func eipComplete(_, plan object.Values, refuse func(string, string, ...any)) {
	if plan.Map("eip") == nil {
		return
	}
	has := func(name string) bool { return plan.Has("eip." + name) }
	switch {
	case has("id") == has("type"):
		refuse("eip", "Give either the id of an existing address or the type of a new one.")
	case has("id"):
		for _, name := range []string{"bandwidth_size", "bandwidth_charge_mode", "bandwidth_id"} {
			if has(name) {
				refuse("eip."+name, "An existing address has its bandwidth already. Leave %s out.", name)
			}
		}
	case has("bandwidth_size") == has("bandwidth_id"):
		refuse("eip", "Give a new address either a bandwidth_size of its own or the bandwidth_id of a shared one.")
	}
}

// stopAllowed refuses to stop a running server without leave.
func stopAllowed(prior, plan object.Values, refuse func(string, string, ...any)) {
	before, after := prior.String("flavor_id"), plan.String("flavor_id")
	if before == "" || after == "" || before == after || prior.String("power_state") == "stopped" || plan.Bool("allow_stop") {
		return
	}
	refuse("flavor_id", "The server runs and would be stopped to change its flavor from %s to %s. Set allow_stop = true to allow it, or stop the server first with power_state = \"stopped\".", before, after)
}

// noDiskShrinking refuses what the cloud cannot do and a replacement would lose the data for.
func noDiskShrinking(prior, plan object.Values, refuse func(string, string, ...any)) {
	before, after := disksOf(prior), disksOf(plan)
	if len(before) != len(after) {
		return
	}
	for i, want := range after {
		if want.Size == nil || before[i].Size == nil || *want.Size >= *before[i].Size {
			continue
		}
		at := "system_disk.size"
		if i > 0 {
			at = fmt.Sprintf("data_disks.%d.size", i-1)
		}
		refuse(at, "A disk cannot shrink: it has %d GB, and %d GB are asked for.", *before[i].Size, *want.Size)
	}
}
