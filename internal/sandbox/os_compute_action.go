package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// simpleAction does nothing but to bring a server from one of some states to another.
type simpleAction struct {
	name string   // as refusals have it
	from []string // states
	task string   // what the server is at meanwhile
	to   string   // the state afterwards
}

var simpleActions = map[string]simpleAction{
	"os-start": {"start", []string{"stopped"}, "powering-on", "active"},
	"os-stop":  {"stop", []string{"active", "error"}, "powering-off", "stopped"},
	"suspend":  {"suspend", []string{"active"}, "suspending", "suspended"},
	"resume":   {"resume", []string{"suspended"}, "resuming", "active"},
	"pause":    {"pause", []string{"active"}, "pausing", "paused"},
	"unpause":  {"unpause", []string{"paused"}, "unpausing", "active"},
	"shelve":   {"shelve", []string{"active", "stopped", "paused", "suspended"}, "shelving", "shelved_offloaded"},
	"unshelve": {"unshelve", []string{"shelved", "shelved_offloaded"}, "unshelving", "active"},
}

// Those that need more than a word.
var (
	softReboot  = simpleAction{"reboot", []string{"active"}, "rebooting", "active"}
	hardReboot  = simpleAction{"reboot", []string{"active", "stopped", "paused", "suspended", "error"}, "rebooting_hard", "active"}
	newPassword = simpleAction{"changePassword", []string{"active"}, "updating_password", "active"}
)

// act carries out the action that is the one key of the body.
func (n *novaService) act(r *request) (any, error) {
	var body map[string]json.RawMessage
	if json.Unmarshal(r.body, &body) != nil || len(body) != 1 {
		return nil, badCompute("Malformed request body")
	}
	for word, raw := range body {
		do := map[string]func(*request, *osServer, json.RawMessage) (any, error){
			"reboot": n.reboot, "resize": n.resize, "confirmResize": n.confirmResize, "revertResize": n.revertResize, "rebuild": n.rebuild,
			"lock": n.lock, "unlock": n.unlock, "changePassword": n.changePassword, "createImage": n.createImage, "os-resetState": n.resetState,
			"addSecurityGroup": n.changeSecurityGroups, "removeSecurityGroup": n.changeSecurityGroups,
		}[word]
		simple, ok := simpleActions[word]
		if do == nil && !ok {
			return nil, badCompute("There is no such action: %s", word)
		}
		s, err := n.server(r)
		if err != nil {
			return nil, err
		}
		if word == "os-resetState" && !r.admin() {
			return nil, disallowed("os_compute_api:os-admin-actions:reset_state")
		}
		if do != nil {
			return do(r, s, raw)
		}
		return nil, n.begin(r, s, simple)
	}
	return nil, nil
}

// begin starts an action that only changes the state.
func (n *novaService) begin(r *request, s *osServer, a simpleAction) error {
	if err := ready(r, s, a.name, a.from...); err != nil {
		return err
	}
	s.TaskState = a.task
	n.startJob(s.ProjectID, "os_server_action", map[string]any{"server_id": s.ID, "to": a.to})
	return nil
}

func (n *novaService) endAction(j *job) error {
	s := n.taskOf(j)
	if s == nil {
		return nil
	}
	if j.Fail != nil {
		n.fail(s, j.Fail.Reason)
		return nil
	}
	s.VMState = j.text("to")
	return nil
}

func (n *novaService) reboot(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		Type string `json:"type"`
	}
	if err := r.fields("reboot", raw, knownFields{"type": 1}, &in, "type"); err != nil {
		return nil, err
	}
	if err := oneOf("type", in.Type, "HARD", "Hard", "hard", "SOFT", "Soft", "soft"); err != nil {
		return nil, err
	}
	if strings.EqualFold(in.Type, "hard") {
		return nil, n.begin(r, s, hardReboot)
	}
	return nil, n.begin(r, s, softReboot)
}

func (n *novaService) changePassword(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		AdminPass string `json:"adminPass"`
	}
	if err := r.fields("changePassword", raw, knownFields{"adminPass": 1}, &in, "adminPass"); err != nil {
		return nil, err
	}
	if err := n.begin(r, s, newPassword); err != nil {
		return nil, err
	}
	s.AdminPass = in.AdminPass
	return nil, nil
}

func (n *novaService) resize(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		FlavorRef  looseText `json:"flavorRef"`
		DiskConfig string    `json:"OS-DCF:diskConfig"`
	}
	if err := r.fields("resize", raw, knownFields{"flavorRef": 1, "OS-DCF:diskConfig": 1}, &in, "flavorRef"); err != nil {
		return nil, err
	}
	if err := ready(r, s, "resize", "active", "stopped"); err != nil {
		return nil, err
	}
	to, from := n.flavor(r, string(in.FlavorRef)), n.flavors.get("", s.FlavorID)
	switch {
	case to == nil:
		return nil, badCompute("Flavor %s could not be found.", in.FlavorRef)
	case to.ID == s.FlavorID:
		return nil, badCompute("When resizing, instances must change flavor!")
	case to.Disk == 0 && s.ImageID != "" && from != nil && from.Disk != 0:
		return nil, badCompute("Flavor's disk is too small for requested image: Resize to zero disk flavor is not allowed.")
	}
	if from == nil {
		from = &osFlavor{}
	}
	if err := n.admits(s.ProjectID, map[string]int{"cores": to.VCPUs - from.VCPUs, "ram": to.RAM - from.RAM}); err != nil {
		return nil, err
	}
	s.TaskState = "resize_prep"
	n.startJob(s.ProjectID, "os_server_resize", map[string]any{"server_id": s.ID, "flavor": to.ID})
	return nil, nil
}

// endResize leaves a server that waits for someone to confirm; one that no host has room for is what it was.
func (n *novaService) endResize(j *job) error {
	s := n.taskOf(j)
	if s == nil {
		return nil
	}
	to := n.flavors.get("", j.text("flavor"))
	if j.Fail != nil || to == nil || !to.fits() {
		return nil
	}
	s.Before = &osResized{FlavorID: s.FlavorID, VMState: s.VMState}
	s.FlavorID, s.VMState = to.ID, "resized"
	return nil
}

func (n *novaService) confirmResize(r *request, s *osServer, _ json.RawMessage) (any, error) {
	if err := ready(r, s, "confirmResize", "resized"); err != nil {
		return nil, err
	}
	n.startJob(s.ProjectID, "os_server_confirm", map[string]any{"server_id": s.ID})
	return withStatus{status: http.StatusNoContent}, nil
}

func (n *novaService) endConfirm(j *job) error {
	if s := n.taskOf(j); s != nil && s.Before != nil && j.Fail == nil {
		s.VMState, s.Before = s.Before.VMState, nil
	}
	return nil
}

func (n *novaService) revertResize(r *request, s *osServer, _ json.RawMessage) (any, error) {
	if err := ready(r, s, "revertResize", "resized"); err != nil {
		return nil, err
	}
	s.TaskState = "resize_reverting"
	n.startJob(s.ProjectID, "os_server_revert", map[string]any{"server_id": s.ID})
	return nil, nil
}

func (n *novaService) endRevert(j *job) error {
	if s := n.taskOf(j); s != nil && s.Before != nil && j.Fail == nil {
		s.VMState, s.FlavorID, s.Before = s.Before.VMState, s.Before.FlavorID, nil
	}
	return nil
}

func (n *novaService) rebuild(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		ImageRef    string            `json:"imageRef"`
		Name        *string           `json:"name"`
		Description *string           `json:"description"`
		AdminPass   *string           `json:"adminPass"`
		Metadata    map[string]string `json:"metadata"`
		KeyName     *string           `json:"key_name"`
		UserData    *string           `json:"user_data"`
		Hostname    *string           `json:"hostname"`
		DiskConfig  *string           `json:"OS-DCF:diskConfig"`
		AccessIPv4  *string           `json:"accessIPv4"`
		AccessIPv6  *string           `json:"accessIPv6"`
	}
	given := map[string]json.RawMessage{}
	known := knownFields{
		"imageRef": 1, "name": 1, "adminPass": 1, "metadata": 1, "OS-DCF:diskConfig": 1, "accessIPv4": 1, "accessIPv6": 1, "preserve_ephemeral": 1,
		"description": 19, "key_name": 54, "user_data": 57, "trusted_image_certificates": 63, "hostname": 90,
	}
	if err := r.fields("rebuild", raw, known, &in, "imageRef"); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &given); err != nil {
		return nil, err
	}
	checks := []error{n.checkMetadata(r.project.ID, in.Metadata), checkOSDescription(in.Description)}
	if in.Name != nil {
		checks = append(checks, checkName(*in.Name))
	}
	if in.UserData != nil {
		checks = append(checks, checkOSUserData(*in.UserData))
	}
	if in.Hostname != nil {
		checks = append(checks, checkHostname(*in.Hostname))
	}
	checks = append(checks, ready(r, s, "rebuild", "active", "stopped", "error"))
	if in.KeyName != nil && n.keyPair(s.UserID, *in.KeyName) == nil {
		checks = append(checks, badCompute("Invalid key_name provided."))
	}
	for _, err := range checks {
		if err != nil {
			return nil, err
		}
	}
	f := n.flavors.get("", s.FlavorID)
	if n.seenImage(r, in.ImageRef) == nil {
		return nil, badCompute("Cannot find image for rebuild")
	}
	if f != nil {
		if err := n.checkImage(r, in.ImageRef, f, s.ImageID != ""); err != nil {
			return nil, err
		}
	}
	if s.ImageID == "" && !r.since(93) && n.rootImage(s) != in.ImageRef {
		return nil, badCompute("Unable to rebuild with a different image for a volume-backed server.")
	}
	for text, into := range map[*string]*string{
		in.Name: &s.Name, in.AdminPass: &s.AdminPass, in.KeyName: &s.KeyName, in.UserData: &s.UserData, in.Hostname: &s.Hostname,
		in.DiskConfig: &s.DiskConfig, in.AccessIPv4: &s.AccessIPv4, in.AccessIPv6: &s.AccessIPv6,
	} {
		if text != nil {
			*into = *text
		}
	}
	for name, forget := range map[string]func(){
		"key_name": func() { s.KeyName = "" }, "user_data": func() { s.UserData = "" }, "description": func() { s.Description = nil },
	} {
		if string(given[name]) == "null" {
			forget()
		}
	}
	if in.Description != nil {
		s.Description = in.Description
	}
	if in.Metadata != nil {
		s.Metadata = maps.Clone(in.Metadata)
	}
	state := s.VMState
	if state == "error" {
		state = "active"
	}
	s.TaskState, s.Fault = "rebuilding", nil
	n.startJob(s.ProjectID, "os_server_rebuild", map[string]any{"server_id": s.ID, "image": in.ImageRef, "to": state})
	view := n.serverView(r, s)
	view["adminPass"] = s.AdminPass
	return map[string]any{"server": view}, nil
}

// rootImage is the image that the volume was made of from which a server starts; "" if it was made of none.
func (n *novaService) rootImage(s *osServer) string {
	for _, d := range s.Devices {
		if v := n.volumeOf(n.asNova(s.ProjectID), d.VolumeID); d.Root && v != nil {
			return v.Image.ID
		}
	}
	return ""
}

func (n *novaService) endRebuild(j *job) error {
	s := n.taskOf(j)
	if s == nil {
		return nil
	}
	if j.Fail != nil {
		n.fail(s, j.Fail.Reason)
		return nil
	}
	if s.ImageID != "" { // otherwise the volume has another content, and is the same
		s.ImageID = j.text("image")
	}
	s.VMState, s.LaunchedAt = j.text("to"), time.Now().UTC()
	return nil
}

func (n *novaService) lock(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		Reason *string `json:"locked_reason"`
	}
	if string(raw) != "null" {
		if err := r.fields("lock", raw, knownFields{"locked_reason": 73}, &in); err != nil {
			return nil, err
		}
	}
	s.Locked, s.LockedReason = "owner", in.Reason
	if r.admin() {
		s.Locked = "admin"
	}
	return nil, nil
}

func (n *novaService) unlock(r *request, s *osServer, _ json.RawMessage) (any, error) {
	if s.Locked == "admin" && !r.admin() {
		return nil, disallowed("os_compute_api:os-lock-server:unlock:unlock_override")
	}
	s.Locked, s.LockedReason = "", nil
	return nil, nil
}

func (n *novaService) resetState(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		State string `json:"state"`
	}
	if err := r.fields("os-resetState", raw, knownFields{"state": 1}, &in, "state"); err != nil {
		return nil, err
	}
	if err := oneOf("state", in.State, "active", "error"); err != nil {
		return nil, err
	}
	s.VMState, s.TaskState = in.State, ""
	n.servers.touch(s)
	return nil, nil
}

// createImage makes an image of a server, which goes on working.
func (n *novaService) createImage(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in struct {
		Name     string            `json:"name"`
		Metadata map[string]string `json:"metadata"`
	}
	if err := r.fields("createImage", raw, knownFields{"name": 1, "metadata": 1}, &in, "name"); err != nil {
		return nil, err
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	if err := ready(r, s, "createImage", "active", "stopped", "paused", "suspended"); err != nil {
		return nil, err
	}
	id, err := n.makeImage(s, in.Name, in.Metadata)
	if err != nil {
		return nil, err
	}
	s.TaskState = "image_snapshot"
	n.startJob(s.ProjectID, "os_server_image", map[string]any{"server_id": s.ID, "image": id})
	if !r.since(45) {
		r.header.Set("Location", r.url("image")+"/v2/images/"+id)
		return nil, nil
	}
	return map[string]string{"image_id": id}, nil
}

func (n *novaService) endImage(j *job) error {
	n.taskOf(j)
	n.fillImage(j.text("image"), j.Fail != nil)
	return nil
}

// changeSecurityGroups adds a security group to all ports of a server, or takes it from them.
func (n *novaService) changeSecurityGroups(r *request, s *osServer, raw json.RawMessage) (any, error) {
	var in ref
	add := strings.Contains(string(r.body), "addSecurityGroup")
	word := "removeSecurityGroup"
	if add {
		word = "addSecurityGroup"
	}
	if err := r.fields(word, raw, knownFields{"name": 1}, &in, "name"); err != nil {
		return nil, err
	}
	found := n.findGroups(s.ProjectID, in.Name)
	switch {
	case len(found) == 0:
		return nil, refuse(http.StatusNotFound, "", "Security group %s is not found for project %s", in.Name, s.ProjectID)
	case len(found) > 1:
		return nil, conflicting("Multiple security_group matches found for name '%s', use an ID to be more specific.", in.Name)
	}
	id := found[0].ID
	changed := map[string][]string{} // by port
	for _, nic := range s.Nics {
		p := n.port(nic.PortID)
		if p == nil {
			continue
		}
		has := slices.Contains(p.SecurityGroups, id)
		switch {
		case add && has:
			return nil, badCompute("Invalid input for security_groups. Reason: Duplicate items in the list: '%s'.", id)
		case add:
			changed[p.ID] = append(p.SecurityGroups, id)
		case has:
			changed[p.ID] = slices.DeleteFunc(p.SecurityGroups, func(g string) bool { return g == id })
		}
	}
	if len(changed) == 0 && !add {
		return nil, refuse(http.StatusNotFound, "", "Security group %s not associated with the instance %s", in.Name, s.ID)
	}
	for port, groups := range changed {
		n.changePort(port, map[string]any{"security_groups": groups})
	}
	return nil, nil
}
