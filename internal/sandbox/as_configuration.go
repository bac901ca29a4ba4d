package sandbox

import (
	"cmp"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// scalingConfiguration is what a group makes servers from.
type scalingConfiguration struct {
	meta
	Name      string          `json:"name"`
	Instance  scalingTemplate `json:"instance_config"`
	AdminPass string          `json:"admin_pass,omitempty"` // answered as stars
}

// scalingTemplate has the names that the API gives.
type scalingTemplate struct {
	FlavorRef       string            `json:"flavorRef"` // joined by commas
	ImageRef        string            `json:"imageRef"`
	Disk            []scalingDisk     `json:"disk"`
	KeyName         string            `json:"key_name"`
	Personality     []injectedFile    `json:"personality"`
	PublicIP        *scalingAddress   `json:"public_ip"`
	UserData        string            `json:"user_data"`
	Metadata        map[string]string `json:"metadata"`
	SecurityGroups  []ref             `json:"security_groups"`
	ServerGroupID   string            `json:"server_group_id"`
	Tenancy         string            `json:"tenancy"`
	DedicatedHostID string            `json:"dedicated_host_id"`
	MultiFlavor     string            `json:"multi_flavor_priority_policy"`
	MarketType      string            `json:"market_type"`
	CPUOptions      *scalingThreads   `json:"cpu_options"`
}

type scalingDisk struct {
	Size               int               `json:"size"`
	VolumeType         string            `json:"volume_type"`
	DiskType           string            `json:"disk_type"` // SYS or DATA
	DedicatedStorageID string            `json:"dedicated_storage_id,omitempty"`
	DataDiskImageID    string            `json:"data_disk_image_id,omitempty"`
	SnapshotID         string            `json:"snapshot_id,omitempty"`
	Metadata           map[string]string `json:"metadata,omitempty"`
	Iops               int               `json:"iops,omitempty"`
	Throughput         int               `json:"throughput,omitempty"`
}

type injectedFile struct {
	Path    string `json:"path"`
	Content string `json:"content"` // base64
}

type scalingAddress struct {
	Eip *scalingEip `json:"eip"`
}

type scalingEip struct {
	IPType    string `json:"ip_type"`
	Bandwidth struct {
		Size         *int   `json:"size,omitempty"`
		ShareType    string `json:"share_type"`
		ChargingMode string `json:"charging_mode,omitempty"`
		ID           string `json:"id,omitempty"`
	} `json:"bandwidth"`
}

type scalingThreads struct {
	Threads int `json:"hw_cpu_threads"`
}

func (a *asService) configurationRoutes() []route {
	const path = asPath + "/scaling_configuration"
	return []route{
		{"POST " + path, 200, a.createConfiguration},
		{"GET " + path, 200, a.listConfigurations},
		{"GET " + path + "/{id}", 200, a.showConfiguration},
		{"PUT " + path + "/{id}", 200, a.updateConfiguration},
		{"DELETE " + path + "/{id}", 204, a.deleteConfiguration},
	}
}

func noConfiguration() error {
	return refuse(http.StatusNotFound, "AS.1004", "The AS configuration does not exist.")
}

func (a *asService) createConfiguration(r *request) (any, error) {
	var in struct {
		Name     string `json:"scaling_configuration_name"`
		Instance *struct {
			scalingTemplate
			InstanceID string `json:"instance_id"`
		} `json:"instance_config"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := checkScalingName(in.Name, "AS.1007", "AS.1008", "AS.1023"); err != nil {
		return nil, err
	}
	if in.Instance == nil {
		return nil, badScaling("AS.1011", "The instance configuration information is null.")
	}
	c := &scalingConfiguration{Name: in.Name, Instance: in.Instance.scalingTemplate}
	c.Instance.Metadata = maps.Clone(c.Instance.Metadata)
	c.AdminPass = c.Instance.Metadata["admin_pass"]
	delete(c.Instance.Metadata, "admin_pass")
	c.Instance.MultiFlavor = cmp.Or(c.Instance.MultiFlavor, "PICK_FIRST")
	if id := in.Instance.InstanceID; id != "" {
		s := a.ecs.servers.get(r.project.ID, id)
		if s == nil || !a.ecs.exists(s) {
			return nil, notFound("instance " + id)
		}
		a.copyServer(&c.Instance, s)
	}
	if a.configurations.full(r.project.ID, 1) {
		return nil, badScaling("AS.1024", "The number of AS configurations exceeds the upper limit.")
	}
	if err := a.checkTemplate(r, c); err != nil {
		return nil, err
	}
	a.configurations.add(r.project.ID, c)
	return map[string]any{"scaling_configuration_id": c.ID}, nil
}

// copyServer takes from a server what a template may take; what the request says of it does not count.
func (a *asService) copyServer(t *scalingTemplate, s *server) {
	t.FlavorRef, t.ImageRef, t.Disk, t.SecurityGroups, t.Tenancy, t.DedicatedHostID = s.Flavor.ID, s.Image.ID, nil, nil, "", ""
	for _, v := range a.evs.attachedVolumes(s.ID) {
		d := scalingDisk{Size: v.Size, VolumeType: v.VolumeType, DiskType: "DATA"}
		if v.attachedTo(s.ID).BootIndex == 0 {
			d.DiskType = "SYS"
		}
		t.Disk = append(t.Disk, d)
	}
	if p := a.vpc.ports.get("", s.Nics[0].PortID); p != nil {
		for _, id := range p.SecurityGroups {
			t.SecurityGroups = append(t.SecurityGroups, ref{ID: id})
		}
	}
}

// checkTemplate refuses what no server could be made from.
func (a *asService) checkTemplate(r *request, c *scalingConfiguration) error {
	t := &c.Instance
	groups := make([]string, len(t.SecurityGroups))
	for i, g := range t.SecurityGroups {
		groups[i] = g.ID
	}
	if err := a.checkMachine(r, t); err != nil {
		return err
	}
	for _, err := range []error{a.checkDisks(r, t), a.checkSignIn(r, c), checkInjected(t), checkScalingEip(t.PublicIP), checkPlace(t)} {
		if err != nil {
			return err
		}
	}
	switch {
	case a.vpc.checkGroups(r.project.ID, groups) != nil:
		return badScaling("AS.2014", "The security group does not exist.")
	case t.ServerGroupID != "" && a.ecs.groups.get(r.project.ID, t.ServerGroupID) == nil:
		return badScaling("AS.0022", "The ECS group %s does not exist.", t.ServerGroupID)
	}
	return nil
}

// checkMachine refuses flavors and images that do not exist or do not fit.
func (a *asService) checkMachine(r *request, t *scalingTemplate) error {
	if t.FlavorRef == "" {
		return badScaling("AS.1016", "The specification ID in the AS configuration cannot be null.")
	}
	if err := a.checkScalingImage(r, t, t.ImageRef); err != nil {
		return err
	}
	names := strings.Split(t.FlavorRef, ",")
	if len(names) > 10 {
		return badScaling("AS.1087", "The number of flavors in the AS config exceeds the upper limit.")
	}
	if !slices.Contains([]string{"PICK_FIRST", "COST_FIRST"}, t.MultiFlavor) {
		return badScaling("AS.1085", "Invalid multi flavor priority policy.")
	}
	return nil
}

func (a *asService) checkScalingImage(r *request, t *scalingTemplate, id string) error {
	i := a.ims.image(r.project.ID, id)
	switch {
	case id == "":
		return badScaling("AS.1014", "The image ID in the AS configuration is null.")
	case i == nil:
		return badScaling("AS.1015", "The image in the AS configuration does not exist.")
	case i.Status != "active":
		return badScaling("AS.1021", "The image in the AS configuration is not activated.")
	}
	for name := range strings.SplitSeq(t.FlavorRef, ",") {
		f := findFlavor(name)
		switch {
		case f == nil:
			return badScaling("AS.1017", "The specification [%s] in the AS configuration does not exist.", name)
		case checkImage(i, id, f) != nil:
			return badScaling("AS.1018", "The specification [%s] and image is not match.", name)
		}
	}
	return nil
}

func (a *asService) checkDisks(r *request, t *scalingTemplate) error {
	systems, restored := 0, 0
	for _, d := range t.Disk {
		kind, least, most := findVolumeType(d.VolumeType), 10, 32768
		image := a.ims.image(r.project.ID, d.DataDiskImageID)
		switch d.DiskType {
		case "SYS":
			systems++
			least, most = a.ims.image(r.project.ID, t.ImageRef).MinDisk, 1024
			if d.Size >= 1 && d.Size < least {
				return badScaling("AS.1030", "The size of the system disk in the AS configuration is less than the specification required.")
			}
			if d.DataDiskImageID != "" {
				return badScaling("AS.1055", "The system disk is not support to data image.")
			}
			if d.Metadata != nil {
				return badScaling("AS.0022", "The system disk does not support encryption.")
			}
		case "DATA":
		default:
			return badScaling("AS.1034", "Parameter diskType in the AS configuration is invalid.")
		}
		if d.SnapshotID != "" {
			restored++
		}
		switch {
		case d.Size < least || d.Size > most:
			return badScaling("AS.1031", "The size of the disk in the AS configuration is not correct.")
		case kind == nil || kind.checkPerformance(d.Size, d.Iops, d.Throughput) != nil:
			return badScaling("AS.1033", "Parameter volumeType in the AS configuration is invalid.")
		case d.DataDiskImageID != "" && image == nil:
			return badScaling("AS.1056", "The data image in the AS configuration does not exist.")
		case d.SnapshotID != "" && a.evs.snapshots.get(r.project.ID, d.SnapshotID) == nil:
			return badScaling("AS.1066", "The AS configuration contains EVS disks with invalid snapshot IDs.")
		}
	}
	switch {
	case len(t.Disk) == 0:
		return badScaling("AS.1028", "The disk in the AS configuration is null.")
	case systems != 1:
		return badScaling("AS.1029", "The number of system disks in the AS configuration is invalid.")
	case len(t.Disk) > 1+dataVolumesMax:
		return badScaling("AS.1032", "The AS configuration does not support %d disks.", len(t.Disk))
	case restored > 0 && restored < len(t.Disk):
		return badScaling("AS.1062", "The number of EVS disks with snapshot IDs in the AS configuration is different from that of EVS disks specified in the full-ECS image.")
	}
	return nil
}

func (a *asService) checkSignIn(r *request, c *scalingConfiguration) error {
	switch key := c.Instance.KeyName; {
	case key != "" && c.AdminPass != "":
		return badScaling("AS.1025", "The user login mode in the AS configuration is not unique.")
	case key == "" && c.AdminPass == "" && c.Instance.UserData == "":
		return badScaling("AS.1026", "The user login mode in the AS configuration is empty.")
	case key != "" && a.ecs.findKeyPair(r, key) == nil:
		return badScaling("AS.7022", "The key pair does not exist.")
	case c.AdminPass != "" && checkPassword(c.AdminPass) != nil:
		return badScaling("AS.1035", "Parameter adminPass in the AS configuration is invalid.")
	}
	return nil
}

// checkInjected refuses what cannot be put into a server.
func checkInjected(t *scalingTemplate) error {
	if checkUserData(t.UserData) != nil {
		return badScaling("AS.1049", "Parameter userdata in the AS configuration is invalid.")
	}
	for _, f := range t.Personality {
		if raw, err := base64.StdEncoding.DecodeString(f.Content); err != nil || len(raw) > 1024 || f.Path == "" || len(t.Personality) > 5 {
			return badScaling("AS.1027", "The scaling config personality is invalid.")
		}
	}
	size := 0
	for key, value := range t.Metadata {
		size += len(key) + len(value)
		if strings.ContainsAny(key, " $.") || size > 512 {
			return badScaling("AS.1052", "Parameter metadata in the AS configuration is invalid.")
		}
	}
	return nil
}

// checkScalingEip knows of no shared bandwidths to look one up in.
func checkScalingEip(p *scalingAddress) error {
	if p == nil {
		return nil
	}
	if p.Eip == nil {
		return badScaling("AS.1041", "The eip info of scaling config is null.")
	}
	switch b := p.Eip.Bandwidth; {
	case !slices.Contains([]string{"5_bgp", "5_sbgp", "5_telcom", "5_union"}, p.Eip.IPType):
		return badScaling("AS.1043", "The eip type of scaling config is invalid.")
	case b.ShareType == "WHOLE" && b.ID != "":
		return nil
	case b.ShareType != "PER":
		return badScaling("AS.1045", "The bandwidth type of eip is invalid.")
	case b.Size == nil:
		return badScaling("AS.1046", "The bandwidth size of eip is null.")
	case b.ChargingMode != "bandwidth" && b.ChargingMode != "traffic":
		return badScaling("AS.1044", "The bandwidth charging mode of eip is invalid.")
	case !between(b.Size, 1, map[string]int{"bandwidth": 2000, "traffic": 300}[b.ChargingMode]):
		return badScaling("AS.1042", "The bandwidth size of eip is invalid.")
	}
	return nil
}

// checkPlace knows of no dedicated hosts to look one up in.
func checkPlace(t *scalingTemplate) error {
	switch {
	case t.Tenancy != "" && t.Tenancy != "dedicated":
		return badScaling("AS.0022", "tenancy must be dedicated.")
	case t.MarketType != "" && t.MarketType != "spot":
		return badScaling("AS.0022", "market_type must be spot.")
	case t.CPUOptions != nil && !between(&t.CPUOptions.Threads, 1, 2):
		return badScaling("AS.0022", "hw_cpu_threads must be 1 or 2.")
	}
	return nil
}

func (a *asService) configurationView(c *scalingConfiguration) any {
	t := c.Instance
	disks := make([]any, len(t.Disk))
	for i, d := range t.Disk {
		disks[i] = d
	}
	groups, address := append([]ref{}, t.SecurityGroups...), any(nil)
	if t.PublicIP != nil {
		address = t.PublicIP
	}
	threads, user, password := any(nil), any(nil), any(nil)
	if t.CPUOptions != nil {
		threads = t.CPUOptions
	}
	if g := a.groups.first("", func(g *scalingGroup) bool { return g.ConfigurationID == c.ID }); g != nil {
		user = g.ID
	}
	if c.AdminPass != "" {
		password = "***"
	}
	metadata := t.Metadata
	if metadata == nil {
		metadata = map[string]string{}
	}
	return map[string]any{
		"scaling_configuration_id":   c.ID,
		"scaling_configuration_name": c.Name,
		"tenant":                     c.ProjectID,
		"create_time":                c.CreatedAt.Format(asTime),
		"scaling_group_id":           user,
		"instance_config": map[string]any{
			"flavorRef": t.FlavorRef, "imageRef": t.ImageRef, "disk": disks, "key_name": orNull(t.KeyName), "adminPass": password,
			"personality": t.Personality, "public_ip": address, "user_data": orNull(t.UserData), "metadata": metadata,
			"security_groups": groups, "server_group_id": orNull(t.ServerGroupID), "tenancy": orNull(t.Tenancy),
			"dedicated_host_id": orNull(t.DedicatedHostID), "multi_flavor_priority_policy": t.MultiFlavor,
			"market_type": orNull(t.MarketType), "cpu_options": threads, "instance_name": nil, "instance_id": nil,
		},
	}
}

func (a *asService) showConfiguration(r *request) (any, error) {
	c := a.configurations.read(r.project.ID, r.PathValue("id"))
	if c == nil {
		return nil, noConfiguration()
	}
	return map[string]any{"scaling_configuration": a.configurationView(c)}, nil
}

func (a *asService) listConfigurations(r *request) (any, error) {
	found := slices.DeleteFunc(a.configurations.list(r.project.ID), func(c *scalingConfiguration) bool {
		return !strings.Contains(c.Name, r.query.Get("scaling_configuration_name")) || !matches(r.query.Get("image_id"), c.Instance.ImageRef)
	})
	return scalingPage(r, "scaling_configurations", found, a.configurationView)
}

// updateConfiguration changes the image, which is all that can be changed.
func (a *asService) updateConfiguration(r *request) (any, error) {
	c := a.configurations.get(r.project.ID, r.PathValue("id"))
	if c == nil {
		return nil, noConfiguration()
	}
	var in struct {
		Instance struct {
			ImageRef string `json:"imageRef"`
		} `json:"instance_config"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := a.checkScalingImage(r, &c.Instance, in.Instance.ImageRef); err != nil {
		return nil, err
	}
	c.Instance.ImageRef = in.Instance.ImageRef
	a.configurations.touch(c)
	return nil, nil
}

func (a *asService) deleteConfiguration(r *request) (any, error) {
	c := a.configurations.get(r.project.ID, r.PathValue("id"))
	if c == nil {
		return nil, noConfiguration()
	}
	if a.groups.first("", func(g *scalingGroup) bool { return g.ConfigurationID == c.ID }) != nil {
		return nil, badScaling("AS.1006", "The AS configuration is in use.")
	}
	a.configurations.remove(c.ID)
	return nil, nil
}
