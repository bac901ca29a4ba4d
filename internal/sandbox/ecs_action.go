package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

func (e *ecsService) actionRoutes() []route {
	const path = "/v1/{project_id}/cloudservers"
	return []route{
		{"POST " + path + "/delete", 200, e.deleteServers},
		{"POST " + path + "/action", 200, e.power},
		{"POST /v1.1/{project_id}/cloudservers/{id}/resize", 200, e.resize},
		{"POST " + path + "/{id}/resize", 200, e.resize},
		{"POST /v2/{project_id}/cloudservers/{id}/changeos", 200, e.changeOS},
		{"POST " + path + "/{id}/changeos", 200, e.changeOS},
		{"PUT " + path + "/{id}/os-reset-password", 204, e.resetPassword},
		{"POST /v2.1/{project_id}/servers/{id}/action", 202, e.novaAction},
	}
}

// chosen are the servers of a batch. One that is missing or busy refuses them all.
func (e *ecsService) chosen(r *request, ids []ref) ([]*server, error) {
	if len(ids) < 1 || len(ids) > 1000 {
		return nil, badServer("Ecs.0118", "servers must have from 1 to 1000 ids.")
	}
	var found []*server
	for _, id := range ids {
		s := e.servers.get(r.project.ID, id.ID)
		if s == nil || !e.exists(s) {
			return nil, noServer(id.ID)
		}
		if e.pending(s.Job) != nil {
			return nil, busyServer(s)
		}
		found = append(found, s)
	}
	return found, nil
}

// batch begins the same job for each of the servers.
func (e *ecsService) batch(r *request, whole, single string, servers []*server, entities map[string]any) any {
	var parts []*job
	for _, s := range servers {
		own := map[string]any{"server_id": s.ID}
		maps.Copy(own, entities)
		j := e.startJob(r.project.ID, single, own)
		s.Job = j.ID
		parts = append(parts, j)
	}
	return map[string]any{"job_id": e.startBatch(r.project.ID, whole, parts...).ID}
}

func (e *ecsService) deleteServers(r *request) (any, error) {
	var in struct {
		Servers        []ref     `json:"servers"`
		DeleteVolume   looseBool `json:"delete_volume"`
		DeletePublicIP looseBool `json:"delete_publicip"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	servers, err := e.chosen(r, in.Servers)
	if err != nil {
		return nil, err
	}
	return e.batch(r, "deleteServer", "deleteSingleServer", servers, map[string]any{
		"delete_volume": bool(in.DeleteVolume), "delete_publicip": bool(in.DeletePublicIP),
	}), nil
}

func (e *ecsService) endDelete(j *job) error {
	s := e.subject(j)
	if s == nil || j.Fail != nil {
		return nil
	}
	if all, _ := j.Entities["delete_volume"].(bool); all {
		for _, v := range e.evs.attachedVolumes(s.ID) {
			v.attachedTo(s.ID).DeleteOnTermination = true
		}
	}
	if all, _ := j.Entities["delete_publicip"].(bool); all {
		for _, o := range e.addressesOf(s) {
			o.CascadeDelete = true
		}
	}
	e.servers.remove(s.ID)
	return nil
}

// subject is the server that a job is about; its task is over.
func (e *ecsService) subject(j *job) *server {
	s := e.servers.get("", j.text("server_id"))
	if s != nil {
		s.Job = ""
		e.servers.touch(s)
	}
	return s
}

// powerAction is a batch of starts, stops or reboots.
type powerAction struct {
	Servers []ref  `json:"servers"`
	Type    string `json:"type"` // SOFT or HARD
}

// power starts, stops or reboots servers, by the one key that the body has.
func (e *ecsService) power(r *request) (any, error) {
	var in map[string]json.RawMessage
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	word := ""
	for key := range in {
		word = key
	}
	var act powerAction
	if len(in) != 1 || json.Unmarshal(in[word], &act) != nil {
		return nil, badServer("Ecs.0005", "The body must have one of os-start, os-stop and reboot.")
	}
	if act.Type != "" && act.Type != "SOFT" && act.Type != "HARD" || word == "reboot" && act.Type == "" {
		return nil, badServer("Ecs.0005", "type must be SOFT or HARD.")
	}
	// What the servers must be before, and what they are meanwhile.
	var whole, single, before, meanwhile string
	switch word {
	case "os-start":
		whole, single, before, meanwhile = "startServer", "startSingleServer", "SHUTOFF", "SHUTOFF"
	case "os-stop":
		whole, single, before, meanwhile = "stopServer", "stopSingleServer", "ACTIVE", "ACTIVE"
	case "reboot":
		whole, single, before, meanwhile = "rebootServer", "rebootSingleServer", "ACTIVE", "REBOOT"
		if act.Type == "HARD" {
			meanwhile = "HARD_REBOOT"
		}
	default:
		return nil, badServer("Ecs.0005", "The action %s is not known.", word)
	}
	servers, err := e.chosen(r, act.Servers)
	if err != nil {
		return nil, err
	}
	for _, s := range servers {
		if s.Status != before {
			return nil, badServer("Ecs.0100", "The ECS status does not meet requirements: server %s is %s.", s.ID, s.Status)
		}
	}
	for _, s := range servers {
		s.Status = meanwhile
	}
	return e.batch(r, whole, single, servers, map[string]any{"before": before}), nil
}

// endPower leaves servers in a status; those whose job fails are what they were.
func (e *ecsService) endPower(status string) func(*job) error {
	return func(j *job) error {
		s := e.subject(j)
		if s == nil {
			return errGone
		}
		if s.Status = status; j.Fail != nil {
			s.Status = j.text("before")
		}
		return nil
	}
}

// stopFirst is the mode in which a running server is stopped, changed and started again.
const stopFirst = "withStopServer"

// checkStopped refuses a running server unless it may be stopped.
func checkStopped(s *server, mode string) error {
	if s.Status == "SHUTOFF" || s.Status == "ACTIVE" && mode == stopFirst {
		return nil
	}
	return badServer("Ecs.0100", "The ECS status does not meet requirements: server %s is %s and must be stopped.", s.ID, s.Status)
}

func (e *ecsService) resize(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Resize *struct {
			FlavorRef       string     `json:"flavorRef"`
			Mode            string     `json:"mode"`
			DedicatedHostID string     `json:"dedicated_host_id"`
			CPUOptions      cpuOptions `json:"cpu_options"`
		} `json:"resize"`
		DryRun bool `json:"dry_run"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Resize == nil {
		return nil, badServer("Ecs.0005", "resize is missing.")
	}
	id := in.Resize.FlavorRef
	to, from := findFlavor(id), findFlavor(s.Flavor.ID)
	if err := e.checkFlavor(r.project.Region, s.AvailabilityZone, to, id); err != nil {
		return nil, err
	}
	switch {
	case id == s.Flavor.ID:
		return nil, badServer("Ecs.0810", "The ECS flavor is the same as the target flavor.")
	case in.Resize.DedicatedHostID != "":
		return nil, badServer("Ecs.0005", "The dedicated host %s does not exist.", in.Resize.DedicatedHostID)
	}
	if err := checkImage(e.ims.image(r.project.ID, s.Image.ID), s.Image.ID, to); err != nil {
		return nil, err
	}
	if err := checkStopped(s, in.Resize.Mode); err != nil {
		return nil, err
	}
	moreCores, moreRAM := to.vcpus, to.ram
	if from != nil {
		moreCores, moreRAM = to.vcpus-from.vcpus, to.ram-from.ram
	}
	if err := e.checkQuota(r.project.ID, 0, moreCores, moreRAM); err != nil {
		return nil, err
	}
	if in.DryRun {
		return withStatus{status: http.StatusAccepted}, nil
	}
	j := e.startJob(r.project.ID, "resizeServer", map[string]any{"server_id": s.ID, "flavor": id, "before": s.Status})
	s.Job, s.Status = j.ID, "RESIZE"
	if in.Resize.CPUOptions.Threads != nil {
		s.CPUOptions = in.Resize.CPUOptions
	}
	return map[string]any{"job_id": j.ID}, nil
}

func (e *ecsService) endResize(j *job) error {
	s := e.subject(j)
	if s == nil {
		return errGone
	}
	s.Status = j.text("before")
	if j.Fail == nil {
		s.Flavor = ref{ID: j.text("flavor")}
	}
	return nil
}

// changeOS puts another image on a server: the system disk is replaced by a new one.
func (e *ecsService) changeOS(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Change *struct {
			ImageID   string `json:"imageid"`
			AdminPass string `json:"adminpass"`
			KeyName   string `json:"keyname"`
			Mode      string `json:"mode"`
			Metadata  struct {
				UserData  string `json:"user_data"`
				Encrypted string `json:"__system__encrypted"`
				CmkID     string `json:"__system__cmkid"`
			} `json:"metadata"`
		} `json:"os-change"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Change == nil {
		return nil, badServer("Ecs.0005", "os-change is missing.")
	}
	c := in.Change
	i := e.ims.image(r.project.ID, c.ImageID)
	encryption := map[string]string{}
	for key, value := range map[string]string{"__system__encrypted": c.Metadata.Encrypted, "__system__cmkid": c.Metadata.CmkID} {
		if value != "" {
			encryption[key] = value
		}
	}
	for _, err := range []error{
		checkImage(i, c.ImageID, findFlavor(s.Flavor.ID)),
		e.checkAccess(r, c.KeyName, c.AdminPass),
		checkUserData(c.Metadata.UserData),
		checkStopped(s, c.Mode),
	} {
		if err != nil {
			return nil, err
		}
	}
	if err := checkVolumeMetadata(encryption); err != nil {
		return nil, translate(err, volumeCodes)
	}
	root := e.rootVolume(s)
	if root == nil {
		return nil, badServer("Ecs.0105", "No system disk found.")
	}
	if root.Size < i.MinDisk {
		return nil, badServer("Ecs.0005", "The image needs a system disk of %d GB.", i.MinDisk)
	}
	j := e.startJob(r.project.ID, "changeOs", map[string]any{
		"server_id": s.ID, "before": s.Status, "image": i.ID, "key_name": c.KeyName, "admin_pass": c.AdminPass,
		"user_data": c.Metadata.UserData, "encrypted": c.Metadata.Encrypted, "cmkid": c.Metadata.CmkID,
	})
	s.Job, s.Status = j.ID, "REBUILD"
	return map[string]any{"job_id": j.ID}, nil
}

// rootVolume is the server's system disk, nil if it was taken away.
func (e *ecsService) rootVolume(s *server) *volume {
	for _, v := range e.evs.attachedVolumes(s.ID) {
		if v.attachedTo(s.ID).BootIndex == 0 {
			return v
		}
	}
	return nil
}

func (e *ecsService) endChangeOS(j *job) error {
	s := e.subject(j)
	if s == nil {
		return errGone
	}
	s.Status = j.text("before")
	old := e.rootVolume(s)
	if j.Fail != nil || old == nil {
		return nil
	}
	s.Image, s.KeyName, s.AdminPass = ref{ID: j.text("image")}, j.text("key_name"), j.text("admin_pass")
	s.UserData = j.text("user_data")
	s.Status, s.LaunchedAt = "ACTIVE", time.Now().UTC()

	root := *old
	root.meta = meta{}
	root.Attachments = []attachment{}
	root.Metadata = map[string]string{}
	if old.scsi() {
		root.Metadata["hw:passthrough"] = "true"
	}
	for key, name := range map[string]string{"__system__encrypted": "encrypted", "__system__cmkid": "cmkid"} {
		if value := j.text(name); value != "" {
			root.Metadata[key] = value
		}
	}
	was := *old.attachedTo(s.ID)
	e.evs.volumes.remove(old.ID)
	e.evs.volumes.add(s.ProjectID, &root)
	if i := e.ims.images.get("", s.Image.ID); i != nil {
		root.ImageMetadata = imageMetadata(i)
	}
	e.evs.attach(&root, s.ID, was.Device, was.DeleteOnTermination)
	return nil
}

func (e *ecsService) resetPassword(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Reset *struct {
			NewPassword string    `json:"new_password"`
			Check       looseBool `json:"is_check_password"`
		} `json:"reset-password"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Reset == nil || in.Reset.NewPassword == "" {
		return nil, badServer("Ecs.0005", "reset-password.new_password is missing.")
	}
	if in.Reset.Check {
		if err := checkPassword(in.Reset.NewPassword); err != nil {
			return nil, err
		}
	}
	s.AdminPass = in.Reset.NewPassword
	return nil, nil
}

// novaAction adds a security group to all NICs of a server, or takes it from them.
func (e *ecsService) novaAction(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Add    *ref `json:"addSecurityGroup"`
		Remove *ref `json:"removeSecurityGroup"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if (in.Add == nil) == (in.Remove == nil) {
		return nil, badServer("Ecs.0005", "The body must have one of addSecurityGroup and removeSecurityGroup.")
	}
	asked := in.Add
	if asked == nil {
		asked = in.Remove
	}
	g := e.vpc.groups.first(r.project.ID, func(g *securityGroup) bool { return g.ID == asked.Name || g.Name == asked.Name })
	if g == nil {
		return nil, refuse(http.StatusNotFound, "Ecs.0014", "Security group %s not found.", asked.Name)
	}
	changed := false
	for _, n := range s.Nics {
		p := e.vpc.ports.get("", n.PortID)
		if p == nil {
			continue
		}
		kept := []string{}
		for _, id := range p.SecurityGroups {
			if id != g.ID {
				kept = append(kept, id)
			}
		}
		had := len(kept) < len(p.SecurityGroups)
		if in.Add != nil {
			kept = append(kept, g.ID)
		}
		if had == (in.Add == nil) {
			p.SecurityGroups, changed = kept, true
			e.vpc.ports.touch(p)
		}
	}
	switch {
	case changed:
		return nil, nil
	case in.Add != nil:
		return nil, badServer("Ecs.0014", "Security group %s is already associated with the instance %s", g.Name, s.ID)
	}
	return nil, refuse(http.StatusNotFound, "Ecs.0014", "Security group %s is not associated with the instance %s", g.Name, s.ID)
}
