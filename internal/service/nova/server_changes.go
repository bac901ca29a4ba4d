package nova

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/ecs"
)

// action is what a server is told to do. An operation without arguments has null.
func action(name string, arguments object.Body) object.Op {
	op := object.Op{Method: "POST", Path: "/v2.1/servers/{id}/action", Body: object.Body{name: object.Null}}
	if arguments != nil {
		op.Body = object.Body{name: arguments}
	}
	return op
}

// while is an operation that is done when the server has left a status.
func while(op object.Op, statuses ...string) object.Op {
	op.Until = &object.Until{Op: object.Op{Method: "GET", Path: "/v2.1/servers/{id}"}, Path: "server.status", Not: statuses, Bad: []string{"ERROR"}}
	return op
}

// The operations that change a server in place.
var (
	addInterface = object.Op{
		Method: "POST", Path: "/v2.1/servers/{id}/os-interface",
		Body: object.Body{"interfaceAttachment": object.Body{
			"net_id": object.Attr("net_id"), "port_id": object.Attr("port_id"), "fixed_ips": object.Attr("fixed_ips"),
		}},
	}
	removeInterface = object.Op{
		Method: "DELETE", Path: "/v2.1/servers/{id}/os-interface/{port_id}",
		Until: &object.Until{
			Op:   object.Op{Method: "GET", Path: "/v2.1/servers/{id}/os-interface/{port_id}"},
			Path: "interfaceAttachment.port_state", Not: []string{"ACTIVE", "DOWN", "BUILD"},
		},
	}
	growVolume = object.Op{
		Service: cloud.Cinder, Method: "POST", Path: "/v3/{project_id}/volumes/{volume_id}/action", Version: "3.42",
		Body: object.Body{"os-extend": object.Body{"new_size": object.Attr("new_size")}},
		Until: &object.Until{
			Op:   object.Op{Service: cloud.Cinder, Method: "GET", Path: "/v3/{project_id}/volumes/{volume_id}"},
			Path: "volume.status", Not: []string{"extending"}, Bad: []string{"error", "error_extending"},
		},
	}
	keepVolume = object.Op{
		Method: "PUT", Path: "/v2.1/servers/{id}/os-volume_attachments/{volume_id}", Version: "2.85",
		Body: object.Body{"volumeAttachment": object.Body{"volumeId": object.Attr("volume_id"), "delete_on_termination": object.Attr("dies")}},
	}
	resizeServer  = while(action("resize", object.Body{"flavorRef": object.Attr("flavor_id")}), "RESIZE")
	confirmResize = while(action("confirmResize", nil), "VERIFY_RESIZE")
	rebuildServer = object.Op{Method: "POST", Path: "/v2.1/servers/{id}/action", Body: object.Body{"rebuild": object.Attr("rebuild")}}
	startServer   = action("os-start", nil)
	stopServer    = action("os-stop", nil)
)

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

// changeNetworks removes and adds interfaces, and sets the security groups of those that stay. Others than the server's own it
// leaves alone.
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
		if err := setGroupsOf(ctx, call, want, have); err != nil {
			return err
		}
	}
	for _, have := range present {
		if kept[have.PortID] {
			continue
		}
		if _, err := call.Do(ctx, removeInterface, object.Values{"port_id": have.PortID}); err != nil {
			gone := func(now []network) bool { return !slices.ContainsFunc(now, have.is) }
			if _, err = takeStock(ctx, call, planned, strangers, err, gone); err != nil {
				return err
			}
		}
	}
	for _, want := range missing {
		had, _, err := interfacesNow(ctx, call, nil)
		if err != nil {
			return err
		}
		added := func(now []network) int {
			return slices.IndexFunc(now, func(n network) bool { return !slices.ContainsFunc(had, n.is) })
		}
		_, err = call.Do(ctx, addInterface, want.added())
		now, err := takeStock(ctx, call, planned, strangers, err, func(now []network) bool { return added(now) >= 0 })
		if err != nil {
			return err
		}
		if i := added(now); i >= 0 {
			if err := setGroupsOf(ctx, call, want, now[i]); err != nil {
				return err
			}
		}
	}
	return call.Ready(ctx)
}

// setGroupsOf gives an interface the security groups that are wanted.
func setGroupsOf(ctx context.Context, call *object.Call, want, have network) error {
	if want.SecurityGroups == nil || sameSet(want.SecurityGroups, have.SecurityGroups) {
		return nil
	}
	_, err := call.Do(ctx, setGroups, object.Values{"port_id": have.PortID, "security_groups": want.SecurityGroups})
	return err
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
	arranged, others := ecs.Arrange(planned, own, network.is, network.mayBe)
	own = slices.Concat(arranged, others)
	told, err := object.Into[[]any](own)
	call.Tell("networks", told)
	return own, errors.Join(failed, err)
}

// added is what adds an interface to a server that exists.
func (n network) added() object.Values {
	if n.PortID != "" {
		return object.Values{"port_id": n.PortID}
	}
	values := object.Values{"net_id": n.NetworkID}
	if n.FixedIP != nil {
		values["fixed_ips"] = []any{map[string]any{"ip_address": *n.FixedIP}}
	}
	return values
}

// serves tells that an interface is what was asked for, its security groups aside.
func (n network) serves(have network) bool {
	if n.PortID != "" {
		return n.PortID == have.PortID
	}
	return n.NetworkID == have.NetworkID && (n.FixedIP == nil || have.FixedIP != nil && *n.FixedIP == *have.FixedIP)
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// groupsDiffer tells that new ports need other security groups than the first, which the create call gives to all.
func groupsDiffer(plan object.Values) bool {
	state, err := object.Into[serverState](plan)
	return err == nil && slices.ContainsFunc(state.Networks, func(n network) bool {
		return n.PortID == "" && n.SecurityGroups != nil && !sameSet(n.SecurityGroups, firstGroups(state.Networks))
	})
}

// changeDisks makes disks larger, and changes whether they die with the server, one after the other.
func changeDisks(ctx context.Context, call *object.Call) error {
	before, after := disksOf(call.Prior), disksOf(call.Plan)
	for i, want := range after {
		if i >= len(before) {
			break
		}
		have := before[i]
		if want.Size != nil && !equal(want.Size, have.Size) {
			if _, err := call.Do(ctx, growVolume, object.Values{"volume_id": have.ID, "new_size": *want.Size}); err != nil {
				return err
			}
		}
		if want.DiesWith != nil && !equal(want.DiesWith, have.DiesWith) {
			if _, err := call.Do(ctx, keepVolume, object.Values{"volume_id": have.ID, "dies": *want.DiesWith}); err != nil {
				return err
			}
		}
	}
	return nil
}

// disksOf are the system disk, which may be none, and the data disks behind it.
func disksOf(v object.Values) []disk {
	state, err := object.Into[serverState](v)
	if err != nil {
		return nil
	}
	first := disk{}
	if state.SystemDisk != nil {
		first = state.SystemDisk.disk
	}
	return append([]disk{first}, state.DataDisks...)
}

// disksBeyondChange tells that disks change in another way than they can.
func disksBeyondChange(prior, plan object.Values) bool {
	before, after := disksOf(prior), disksOf(plan)
	if len(before) != len(after) || prior.Null("system_disk") != plan.Null("system_disk") {
		return true
	}
	for i, want := range after {
		if want.VolumeType != "" && want.VolumeType != before[i].VolumeType {
			return true
		}
	}
	for _, name := range []string{"system_disk.volume_id", "system_disk.snapshot_id"} {
		if after := plan.String(name); after != "" && after != prior.String(name) {
			return true
		}
	}
	return false
}

// resize changes the flavor, and confirms that at once. A server that no host has room for is as it was.
func resize(ctx context.Context, call *object.Call) error {
	if call.Prior.String("status") == "VERIFY_RESIZE" { // nobody has confirmed an earlier change
		if _, err := call.Do(ctx, confirmResize, nil); err != nil {
			return err
		}
	}
	if _, err := call.Do(ctx, resizeServer, nil); err != nil {
		return err
	}
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	flavor := object.Values(answer).String("flavor.id")
	switch {
	case answer["status"] == "VERIFY_RESIZE":
		if _, err := call.Do(ctx, confirmResize, nil); err != nil {
			return err
		}
	case flavor != call.Plan.String("flavor_id"): // else the cloud has confirmed by itself
		return fmt.Errorf("the cloud accepted the request and did not carry it out: the flavor is still %s. It may have no host with room for the other one", flavor)
	}
	return call.Ready(ctx)
}

// rebuild puts an image on the server anew, with what belongs to it.
func rebuild(ctx context.Context, call *object.Call) error {
	body := map[string]any{"imageRef": call.Plan["image_id"]}
	op := rebuildServer
	for name, field := range map[string]string{"key_pair": "key_name", "user_data": "user_data"} {
		if !slices.Contains(call.Changed, name) {
			continue
		}
		op.Version, body[field] = "2.57", nil
		if call.Plan.Has(name) {
			body[field] = call.Plan.String(name)
			if name == "user_data" {
				body[field] = base64.StdEncoding.EncodeToString([]byte(call.Plan.String(name)))
			}
		}
	}
	if call.Prior.Has("system_disk") {
		op.Version = "2.93"
	}
	if _, err := call.Do(ctx, op, object.Values{"rebuild": body}); err != nil {
		return err
	}
	return call.Ready(ctx)
}

// rebuildForbidden tells that the server is to be replaced rather than to lose what is on its disk unnoticed.
func rebuildForbidden(_, plan object.Values) bool { return !plan.Bool("allow_rebuild") }

func wantsStopped(plan object.Values) bool { return plan.String("power_state") == "stopped" }

// changePower starts or stops a server, whatever else was done to it meanwhile.
func changePower(ctx context.Context, call *object.Call) error {
	back := map[string]string{"PAUSED": "unpause", "SUSPENDED": "resume", "SHELVED": "unshelve", "SHELVED_OFFLOADED": "unshelve"}
	status := call.Prior.String("status")
	if word := back[status]; word != "" {
		if _, err := call.Do(ctx, while(action(word, nil), status), nil); err != nil {
			return err
		}
		status = "ACTIVE"
	}
	if status == "VERIFY_RESIZE" {
		if _, err := call.Do(ctx, confirmResize, nil); err != nil {
			return err
		}
		answer, err := call.Read(ctx)
		if err != nil {
			return err
		}
		status = fmt.Sprint(answer["status"])
	}
	var err error
	switch stopped := wantsStopped(call.Plan); {
	case stopped && status != "SHUTOFF":
		_, err = call.Do(ctx, while(stopServer, "ACTIVE"), nil)
	case !stopped && status != "ACTIVE":
		_, err = call.Do(ctx, while(startServer, "SHUTOFF"), nil)
	}
	return errors.Join(err, call.Ready(ctx))
}

// somethingToBoot refuses a server that starts from nothing, or from two things.
func somethingToBoot(_, config object.Values, refuse func(string, string, ...any)) {
	sources := 0
	for _, name := range []string{"volume_id", "snapshot_id"} {
		if config.Has("system_disk." + name) {
			sources++
		}
	}
	switch {
	case sources == 2:
		refuse("system_disk", "The volume to boot from has one source. Give only one of volume_id and snapshot_id.")
	case sources == 1 && config.Has("image_id"):
		refuse("image_id", "The server boots from a volume that has its image already. Leave image_id out, or volume_id and snapshot_id.")
	case sources == 0 && config.Null("image_id"):
		refuse("image_id", "An image is needed, or a system_disk with a volume_id or a snapshot_id.")
	case sources == 0 && config.Has("system_disk") && config.Null("system_disk.size"):
		refuse("system_disk", "A new volume of the image needs a size in GiB.")
	case config.Has("system_disk.volume_id"):
		for _, name := range []string{"size", "volume_type"} {
			if config.Has("system_disk." + name) {
				refuse("system_disk", "An existing volume has its own %s. Leave it out.", name)
			}
		}
	}
}

// ownOfPorts refuses interfaces of neither a port nor a network, of both, and what an existing port has by itself.
func ownOfPorts(_, config object.Values, refuse func(string, string, ...any)) {
	for i := range config.List("networks") {
		at := func(name string) string { return fmt.Sprintf("networks.%d.%s", i, name) }
		switch port, network := config.Has(at("port_id")), config.Has(at("network_id")); {
		case port && network:
			refuse(at("network_id"), bothSaid)
			continue
		case !port && !network:
			refuse(at("network_id"), noneSaid)
			continue
		}
		for _, name := range []string{"fixed_ip", "security_group_ids"} {
			if config.Has(at("port_id")) && config.Has(at(name)) {
				refuse(at(name), "An existing port has its own. Leave %s out.", name)
			}
		}
	}
}

// oneAddressOnce refuses an address twice in one network.
func oneAddressOnce(_, config object.Values, refuse func(string, string, ...any)) {
	taken := map[string]bool{}
	for i := range config.List("networks") {
		at := fmt.Sprintf("networks.%d.fixed_ip", i)
		ip, known := config.Get(at)
		key := fmt.Sprint(config.String(fmt.Sprintf("networks.%d.network_id", i)), ip)
		if known && taken[key] {
			refuse(at, "%s is given to two interfaces of one network.", ip)
		}
		taken[key] = known
	}
}

// stopAllowed refuses to stop a running server without leave.
func stopAllowed(prior, config object.Values, refuse func(string, string, ...any)) {
	before, after := prior.String("flavor_id"), config.String("flavor_id")
	if before == "" || after == "" || before == after || prior.String("power_state") == "stopped" || config.Bool("allow_stop") {
		return
	}
	refuse("flavor_id", "The server runs and would be stopped to change its flavor from %s to %s. Set allow_stop = true to allow it, or stop the server first with power_state = \"stopped\".", before, after)
}

// noDiskShrinking refuses what the cloud cannot do and a replacement would lose the data for.
func noDiskShrinking(prior, config object.Values, refuse func(string, string, ...any)) {
	before, after := disksOf(prior), disksOf(config)
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
		refuse(at, "A disk cannot shrink: it has %d GiB, and %d GiB are asked for.", *before[i].Size, *want.Size)
	}
}
