package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// The most that a server can be made with.
const (
	serversAtOnce  = 100
	nicsMax        = 12
	dataVolumesMax = 23
)

// serverRequest is what a create asks for. Where v1 and v1.1 differ, both are read.
type serverRequest struct {
	Name              string            `json:"name"`
	Description       string            `json:"description"`
	ImageRef          string            `json:"imageRef"`
	FlavorRef         string            `json:"flavorRef"`
	AvailabilityZone  string            `json:"availability_zone"`
	VpcID             string            `json:"vpcid"`
	Nics              []nicRequest      `json:"nics"`
	SecurityGroups    []ref             `json:"security_groups"`
	RootVolume        *diskRequest      `json:"root_volume"`
	DataVolumes       []diskRequest     `json:"data_volumes"`
	PublicIP          *publicIPRequest  `json:"publicip"`
	KeyName           string            `json:"key_name"`
	AdminPass         string            `json:"adminPass"`
	UserData          string            `json:"user_data"`
	Metadata          map[string]string `json:"metadata"`
	Tags              []string          `json:"tags"` // key.value
	ServerTags        []tag             `json:"server_tags"`
	Count             *int              `json:"count"`
	AutoTerminateTime string            `json:"auto_terminate_time"`
	Hints             struct {
		Group           string `json:"group"`
		Tenancy         string `json:"tenancy"`
		DedicatedHostID string `json:"dedicated_host_id"`
	} `json:"os:scheduler_hints"`
	Extend struct {
		ChargingMode        any       `json:"chargingMode"` // prePaid, postPaid; in v1 the number 0
		EnterpriseProjectID string    `json:"enterprise_project_id"`
		MarketType          string    `json:"marketType"`
		AutoRecovery        looseBool `json:"support_auto_recovery"`
	} `json:"extendparam"`
	CPUOptions      cpuOptions      `json:"cpu_options"`
	SecurityOptions securityOptions `json:"security_options"`
	EnclaveOptions  enabled         `json:"enclave_options"`
	MetadataOptions metadataOptions `json:"metadata_options"`
}

type nicRequest struct {
	SubnetID            string        `json:"subnet_id"`
	PortID              string        `json:"port_id"`
	IPAddress           string        `json:"ip_address"`
	SecurityGroups      []ref         `json:"security_groups"` // only of NICs that are added later
	AllowedAddressPairs []addressPair `json:"allowed_address_pairs"`
	IPv6                bool          `json:"ipv6_enable"`
}

// diskRequest is a volume that comes with a server.
type diskRequest struct {
	VolumeType  string            `json:"volumetype"`
	Size        int               `json:"size"`
	Iops        int               `json:"iops"`
	Throughput  int               `json:"throughput"`
	Multiattach bool              `json:"multiattach"`
	Shareable   bool              `json:"shareable"`
	Passthrough looseBool         `json:"hw:passthrough"`
	Metadata    map[string]string `json:"metadata"`
	ClusterID   string            `json:"cluster_id"`
	DataImageID string            `json:"data_image_id"`
	Extend      struct {
		SnapshotID string `json:"snapshotId"`
	} `json:"extendparam"`
	DeleteOnTermination bool `json:"delete_on_termination"`
}

// publicIPRequest is an address for the first NIC: one that there is, or a new one.
type publicIPRequest struct {
	ID  string `json:"id"`
	Eip *struct {
		IPType    string `json:"iptype"`
		Bandwidth struct {
			Size       *looseInt `json:"size"`
			ShareType  string    `json:"sharetype"`
			ChargeMode string    `json:"chargemode"`
			ID         string    `json:"id"`
		} `json:"bandwidth"`
	} `json:"eip"`
	DeleteOnTermination bool `json:"delete_on_termination"`
}

func (e *ecsService) createServers(r *request) (any, error) {
	return e.once(r, "Ecs.0005", "Ecs.0005", e.create)
}

func (e *ecsService) create(r *request) (any, error) {
	var in struct {
		DryRun bool           `json:"dry_run"`
		Server *serverRequest `json:"server"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Server == nil {
		return nil, badServer("Ecs.0005", "server is missing.")
	}
	count := 1
	if in.Server.Count != nil {
		count = *in.Server.Count
	}
	if count < 1 || count > serversAtOnce {
		return nil, badServer("Ecs.0913", "The number of ECSs to be created must be from 1 to %d.", serversAtOnce)
	}
	s, err := e.newServer(r, in.Server, count)
	if err != nil {
		return nil, err
	}
	disks, err := e.newDisks(r, s, in.Server)
	if err != nil {
		return nil, err
	}
	gigabytes := 0
	for _, v := range disks {
		gigabytes += v.Size
	}
	if err := e.evs.checkQuota(r.project.ID, count*len(disks), count*gigabytes); err != nil {
		return nil, translate(err, volumeCodes)
	}
	f := findFlavor(s.Flavor.ID)
	if err := e.checkQuota(r.project.ID, count, count*f.vcpus, count*f.ram); err != nil {
		return nil, err
	}
	if in.DryRun {
		nics, err := e.newNics(r, s, in.Server) // whether there are addresses shows when they are taken
		e.giveBack(nics)
		return withStatus{status: http.StatusAccepted}, err
	}

	var made []*server
	for n := range count {
		one := *s
		one.ID, one.LaunchIndex = e.ids.uuid(), n
		if count > 1 {
			one.Name = fmt.Sprintf("%s-%04d", s.Name, n+1)
			one.Hostname = hostnameOf(one.Name)
		}
		one.Metadata, one.Tags = maps.Clone(s.Metadata), maps.Clone(s.Tags)
		if one.Nics, err = e.newNics(r, &one, in.Server); err != nil {
			for _, s := range made {
				e.giveBack(s.Nics)
			}
			return nil, err
		}
		made = append(made, &one)
	}
	var ids []string
	var parts []*job
	for _, s := range made {
		e.servers.add(r.project.ID, s)
		e.addPublicIP(s, in.Server)
		j := e.startJob(r.project.ID, "createSingleServer", map[string]any{"server_id": s.ID})
		s.Job = j.ID
		e.addDisks(s, disks, in.Server)
		ids, parts = append(ids, s.ID), append(parts, j)
	}
	return map[string]any{"job_id": e.startBatch(r.project.ID, "createServer", parts...).ID, "serverIds": ids}, nil
}

// addDisks makes a server's own copies of the disks that were checked. They come up with the server.
func (e *ecsService) addDisks(s *server, disks []*volume, in *serverRequest) {
	for i, d := range disks {
		v := *d
		v.Name = fmt.Sprintf("%s-volume-%04d", s.Name, i)
		v.Attachments, v.Tags, v.Metadata = []attachment{}, map[string]string{}, maps.Clone(d.Metadata)
		e.evs.volumes.add(s.ProjectID, &v)
		e.evs.attach(&v, s.ID, e.evs.nextDevice(s.ID, &v), i == 0 || in.DataVolumes[i-1].DeleteOnTermination)
		v.Job, v.Status = s.Job, "creating"
	}
}

// hostnameOf is what a machine calls itself whose server has a name.
func hostnameOf(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// newServer checks what is asked for, but for disks and NICs, and makes a server that is not yet in the table.
func (e *ecsService) newServer(r *request, in *serverRequest, count int) (*server, error) {
	longest := serverNameMax
	if count > 1 {
		longest = serverNameMax - len("-0000")
	}
	f, i := findFlavor(in.FlavorRef), e.ims.image(r.project.ID, in.ImageRef)
	zone := cmp.Or(in.AvailabilityZone, firstZone(r.project.Region, f))
	options := metadataOptions{HTTPEndpoint: "enabled", HTTPTokens: "optional"}
	checks := []error{
		checkServerName(in.Name, longest),
		checkServerDescription(in.Description),
		checkUserData(in.UserData),
		checkServerMetadata(in.Metadata),
		e.checkFlavor(r.project.Region, zone, f, in.FlavorRef),
		checkImage(i, in.ImageRef, f),
		e.checkAccess(r, in.KeyName, in.AdminPass),
		e.checkPublicIP(r.project.ID, in, count),
		e.checkHints(r, in),
		checkTerminateTime(in.AutoTerminateTime),
		options.apply(in.MetadataOptions),
	}
	for _, err := range checks {
		if err != nil {
			return nil, err
		}
	}
	switch {
	case in.Extend.ChargingMode == prepaid:
		return nil, badServer("Ecs.0005", "chargingMode prePaid is not supported: orders cannot be paid here.")
	case len(in.Metadata) > metadataMax:
		return nil, badServer("Ecs.0005", "metadata takes up to %d pairs.", metadataMax)
	}
	tags, err := serverTags(in)
	if err != nil {
		return nil, err
	}
	s := &server{
		Name:                in.Name,
		Description:         in.Description,
		Status:              "BUILD",
		Flavor:              ref{ID: f.name},
		Image:               ref{ID: i.ID},
		AvailabilityZone:    zone,
		Hostname:            hostnameOf(in.Name),
		UserData:            in.UserData,
		ReservationID:       "r-" + e.ids.hex()[:8],
		KeyName:             in.KeyName,
		AdminPass:           in.AdminPass,
		UserID:              r.caller.User.ID,
		VpcID:               in.VpcID,
		Metadata:            map[string]string{},
		Tags:                tags,
		EnterpriseProjectID: cmp.Or(in.Extend.EnterpriseProjectID, "0"),
		AutoTerminateTime:   in.AutoTerminateTime,
		ChargingMode:        chargingByUse,
		CPUOptions:          in.CPUOptions,
		SecurityOptions:     in.SecurityOptions,
		EnclaveOptions:      in.EnclaveOptions,
		MetadataOptions:     options,
		AutoRecovery:        bool(in.Extend.AutoRecovery),
	}
	maps.Copy(s.Metadata, in.Metadata)
	if in.Extend.MarketType == "spot" {
		s.ChargingMode, s.AutoRecovery = chargingSpot, false
	}
	if in.Hints.Group != "" {
		s.Hints.Group = []string{in.Hints.Group}
	}
	if in.Hints.Tenancy != "" {
		s.Hints.Tenancy = []string{in.Hints.Tenancy}
	}
	return s, nil
}

// firstZone is where a server is put that may be anywhere.
func firstZone(region string, f *flavor) string {
	for _, z := range regions[region].Zones {
		if f == nil || f.sold(region, z) {
			return z
		}
	}
	return ""
}

// checkFlavor refuses a flavor that does not exist, or that the zone has not or has no more.
func (e *ecsService) checkFlavor(region, zone string, f *flavor, id string) error {
	switch {
	case !slices.Contains(regions[region].Zones, zone):
		return badServer("Ecs.0005", "The availability zone %s does not exist.", zone)
	case f == nil || !slices.Contains(inZones(region, f.zones), zone):
		return badServer("Ecs.0029", "The flavor %s does not exist or is not offered in %s.", id, zone)
	case !f.sold(region, zone):
		return badServer("Ecs.0319", "Insufficient resources for flavor %s in %s. Try another flavor.", id, zone)
	}
	return nil
}

// checkImage refuses an image that does not exist or that the flavor cannot run.
func checkImage(i *image, id string, f *flavor) error {
	switch {
	case i == nil:
		return badServer("Ecs.0031", "The image %s does not exist.", id)
	case i.Status != "active":
		return badServer("Ecs.0032", "The image %s is not in Active state.", id)
	case f != nil && (i.arm() != f.arm() || i.MinRAM > f.ram):
		return badServer("Ecs.0007", "The image %s cannot run on flavor %s.", id, f.name)
	}
	return nil
}

// checkAccess refuses a key pair that does not exist and a password that is too simple.
func (e *ecsService) checkAccess(r *request, keyName, password string) error {
	if keyName != "" && e.findKeyPair(r, keyName) == nil {
		return badServer("Ecs.0314", "The key pair %s does not exist.", keyName)
	}
	if password != "" {
		return checkPassword(password)
	}
	return nil
}

// checkPublicIP refuses an address that cannot be given to so many new servers.
func (e *ecsService) checkPublicIP(project string, in *serverRequest, count int) error {
	asked := in.PublicIP
	switch {
	case asked == nil:
		return nil
	case asked.ID != "" && asked.Eip != nil || asked.ID == "" && asked.Eip == nil:
		return badServer("Ecs.0005", "publicip takes either eip or id.")
	case asked.ID != "":
		if o := e.eip.eips.get(project, asked.ID); o == nil || o.Status != "DOWN" || count > 1 {
			return badServer("Ecs.0005", "publicip.id must be that of an EIP that is not bound, for one server: %s.", asked.ID)
		}
		return nil
	}
	o, b := asked.address(in)
	return translate(e.eip.check(project, o, b, count), addressCodes)
}

// address is the new address that is asked for, and its bandwidth.
func (p *publicIPRequest) address(in *serverRequest) (*eip, *bandwidthInput) {
	b, name := p.Eip.Bandwidth, in.Name+"-bandwidth"
	if len(name) > 64 {
		name = "ecs-bandwidth"
	}
	return &eip{Type: p.Eip.IPType, EnterpriseProjectID: in.Extend.EnterpriseProjectID, CascadeDelete: p.DeleteOnTermination},
		&bandwidthInput{ID: b.ID, Name: &name, Size: b.Size, ShareType: b.ShareType, ChargeMode: b.ChargeMode}
}

// addPublicIP binds the address that was checked to a server's first NIC.
func (e *ecsService) addPublicIP(s *server, in *serverRequest) {
	if in.PublicIP == nil {
		return
	}
	o := e.eip.eips.get("", in.PublicIP.ID)
	if o == nil {
		var b *bandwidthInput
		o, b = in.PublicIP.address(in)
		o.ServerID, o.IPVersion, o.EnterpriseProjectID = s.ID, 4, s.EnterpriseProjectID
		e.eip.add(s.ProjectID, o, b)
	}
	o.InstanceType, o.InstanceID = "PORT", s.Nics[0].PortID
	o.Status = o.rest()
	e.eip.eips.touch(o)
}

// addressesOf are the addresses that are bound to a server's NICs.
func (e *ecsService) addressesOf(s *server) (found []*eip) {
	for _, n := range s.Nics {
		if o := e.eip.ofPort(n.PortID); o != nil {
			found = append(found, o)
		}
	}
	return found
}

func (e *ecsService) checkHints(r *request, in *serverRequest) error {
	switch h := in.Hints; {
	case h.Group != "" && e.groups.get(r.project.ID, h.Group) == nil:
		return badServer("Ecs.0313", "The ECS group %s does not exist.", h.Group)
	case h.DedicatedHostID != "" || h.Tenancy == "dedicated":
		return badServer("Ecs.0005", "The dedicated host %s does not exist.", h.DedicatedHostID)
	case h.Tenancy != "" && h.Tenancy != "shared":
		return badServer("Ecs.0005", "tenancy must be shared or dedicated.")
	}
	return nil
}

// serverTagRules are wider than a volume's. A value may have an equals sign, though reads answer key=value.
var serverTagRules = tagRules{
	key:     pattern.New(`^[^\x00-\x1f=*<>\\,|/]{1,36}$`),
	value:   pattern.New(`^[^\x00-\x1f*<>\\,|]{0,43}$`),
	invalid: "Ecs.0906",
	tooMany: "Ecs.0905",
}

// serverTags reads tags of both forms.
func serverTags(in *serverRequest) (map[string]string, error) {
	tags := map[string]string{}
	list := slices.Clone(in.ServerTags)
	for _, text := range in.Tags {
		key, value, _ := strings.Cut(text, ".")
		list = append(list, tag{key, value})
	}
	for _, t := range list {
		if _, ok := tags[t.Key]; ok {
			return nil, badServer("Ecs.0908", "The tag key %s is duplicate.", t.Key)
		}
		tags[t.Key] = t.Value
	}
	return tags, serverTagRules.check(tags)
}

// newDisks makes the system disk and then the data disks, which are not yet in the table.
func (e *ecsService) newDisks(r *request, s *server, in *serverRequest) ([]*volume, error) {
	if in.RootVolume == nil {
		return nil, badServer("Ecs.0005", "root_volume is missing.")
	}
	if len(in.DataVolumes) > dataVolumesMax {
		return nil, badServer("Ecs.0042", "The number of attached data disks exceeds the maximum allowed limit.")
	}
	var disks []*volume
	for n, d := range append([]diskRequest{*in.RootVolume}, in.DataVolumes...) {
		if d.ClusterID != "" {
			return nil, badServer("Ecs.0911", "Invalid dedicated storage type of the disk: there is no %s.", d.ClusterID)
		}
		if d.DataImageID != "" {
			return nil, badServer("Ecs.0031", "The image %s does not exist.", d.DataImageID)
		}
		v, err := e.newDisk(r, s, &d, n == 0)
		if err != nil {
			return nil, translate(err, volumeCodes)
		}
		disks = append(disks, v)
	}
	return disks, nil
}

func (e *ecsService) newDisk(r *request, s *server, d *diskRequest, system bool) (*volume, error) {
	asked := &volumeRequest{
		Size:                float64(d.Size),
		VolumeType:          d.VolumeType,
		AvailabilityZone:    s.AvailabilityZone,
		Multiattach:         (d.Multiattach || d.Shareable) && !system,
		SnapshotID:          d.Extend.SnapshotID,
		EnterpriseProjectID: s.EnterpriseProjectID,
		Iops:                d.Iops,
		Throughput:          d.Throughput,
	}
	metadata := maps.Clone(d.Metadata)
	if metadata == nil {
		metadata = map[string]string{}
	}
	if d.Passthrough {
		metadata["hw:passthrough"] = "true"
	}
	if !system {
		asked.Metadata = metadata
		return e.evs.newVolume(r, asked)
	}
	// EVS takes no encryption for a volume out of an image; ECS does, for its system disk.
	asked.SnapshotID = ""
	asked.ImageRef = s.Image.ID
	if d.Size == 0 {
		asked.Size = float64(e.ims.image(r.project.ID, s.Image.ID).MinDisk)
	}
	if err := checkVolumeMetadata(metadata); err != nil {
		return nil, err
	}
	v, err := e.evs.newVolume(r, asked)
	if err != nil {
		return nil, err
	}
	maps.Copy(v.Metadata, metadata)
	return v, nil
}

// newNics takes a port for each NIC that is asked for, or none if that is refused.
func (e *ecsService) newNics(r *request, s *server, in *serverRequest) ([]nic, error) {
	if len(in.Nics) < 1 || len(in.Nics) > nicsMax {
		return nil, badServer("Ecs.0050", "The number of NICs must be from 1 to %d.", nicsMax)
	}
	if e.vpc.vpcs.get(r.project.ID, s.VpcID) == nil {
		return nil, badServer("Ecs.0014", "The VPC %s does not exist.", s.VpcID)
	}
	var taken []nic
	for _, asked := range in.Nics {
		n, err := e.newNic(r, s, &asked, in.SecurityGroups)
		if err != nil {
			e.giveBack(taken)
			return nil, err
		}
		taken = append(taken, n)
	}
	return taken, nil
}

// newNic takes the port that is asked for, or makes one, with the security groups given. A new port goes with the NIC.
func (e *ecsService) newNic(r *request, s *server, asked *nicRequest, groups []ref) (nic, error) {
	device, owner := s.ID, "compute:"+s.AvailabilityZone
	if asked.PortID != "" {
		p := e.vpc.ports.get(r.project.ID, asked.PortID)
		if p == nil {
			return nic{}, badServer("Ecs.0307", "Port %s could not be found.", asked.PortID)
		}
		if p.DeviceID != "" || p.DeviceOwner != "" {
			return nic{}, badServer("Ecs.0919", "The NIC %s has been attached to another instance.", p.ID)
		}
		if n := e.vpc.subnets.get(r.project.ID, p.NetworkID); n == nil || n.VpcID != s.VpcID {
			return nic{}, badServer("Ecs.0064", "The port %s is not in VPC %s.", p.ID, s.VpcID)
		}
		p.DeviceID, p.DeviceOwner, p.Status = device, owner, "ACTIVE"
		e.vpc.ports.touch(p)
		return nic{PortID: p.ID}, nil
	}
	n := e.vpc.subnets.get(r.project.ID, asked.SubnetID)
	if n == nil {
		return nic{}, badServer("Ecs.0038", "The subnet %s does not exist.", asked.SubnetID)
	}
	if n.VpcID != s.VpcID {
		return nic{}, badServer("Ecs.0064", "The subnet %s is not in VPC %s.", n.ID, s.VpcID)
	}
	if asked.IPv6 && n.CidrV6 == "" {
		return nic{}, badServer("Ecs.0039", "The subnet %s has no IPv6 range.", n.ID)
	}
	p := &port{NetworkID: n.ID, DeviceID: device, DeviceOwner: owner, AllowedAddressPairs: asked.AllowedAddressPairs}
	if asked.IPAddress != "" {
		p.FixedIPs = []fixedIP{{IPAddress: asked.IPAddress}}
	}
	for _, g := range groups {
		if g.ID != "" {
			p.SecurityGroups = append(p.SecurityGroups, g.ID)
		}
	}
	if _, err := e.vpc.allocatePort(r.project.ID, p); err != nil {
		return nic{}, translate(err, portCodes)
	}
	if asked.IPv6 {
		e.vpc.addIPv6(n, p)
	}
	return nic{PortID: p.ID, DeleteOnTermination: true}, nil
}

// giveBack ends a server's use of ports.
func (e *ecsService) giveBack(nics []nic) {
	for _, n := range nics {
		p := e.vpc.ports.get("", n.PortID)
		switch {
		case p == nil:
		case n.DeleteOnTermination:
			e.vpc.releasePort(p.ID)
		default:
			p.DeviceID, p.DeviceOwner, p.Status = "", "", "DOWN"
			e.vpc.ports.touch(p)
		}
	}
}

func (e *ecsService) endCreate(j *job) error {
	s := e.servers.get("", j.text("server_id"))
	if s == nil {
		return errGone
	}
	err := e.join(s)
	if j.Fail != nil || err != nil {
		for _, v := range e.evs.attachedVolumes(s.ID) {
			v.attachedTo(s.ID).DeleteOnTermination = true
		}
		for _, o := range e.addressesOf(s) {
			o.CascadeDelete = o.CascadeDelete || o.ServerID == s.ID
		}
		e.servers.remove(s.ID)
		return err
	}
	s.Status, s.Job = "ACTIVE", ""
	s.LaunchedAt = time.Now().UTC()
	e.servers.touch(s)
	for _, v := range e.evs.attachedVolumes(s.ID) {
		v.Status, v.Job = v.idle(), ""
		v.attachedTo(s.ID).AttachedAt = s.LaunchedAt
		e.evs.volumes.touch(v)
	}
	return nil
}

// join makes a server a member of the group that it was asked to be in.
func (e *ecsService) join(s *server) error {
	if len(s.Hints.Group) == 0 {
		return nil
	}
	g := e.groups.get("", s.Hints.Group[0])
	if g == nil {
		return badServer("Ecs.0313", "The ECS group %s does not exist.", s.Hints.Group[0])
	}
	if e.exceeds("server_group_member", len(g.Members)+1) {
		return badServer("Ecs.0219", "Failed to create server %s: No valid host was found. The ECS group %s is full.", s.ID, g.ID)
	}
	g.Members = append(g.Members, s.ID)
	return nil
}

// release gives back what a server had when it has gone, whichever way: its addresses, its ports, its place in groups, its
// volumes. The system disk, and the addresses and volumes that are to be deleted with it, are deleted; the others are
// available again.
func (e *ecsService) release(s *server) {
	for _, o := range e.addressesOf(s) {
		if e.eip.letGo(o); o.CascadeDelete {
			e.eip.eips.remove(o.ID)
		}
	}
	e.giveBack(s.Nics)
	for _, g := range e.groups.all("") {
		g.Members = slices.DeleteFunc(g.Members, func(id string) bool { return id == s.ID })
	}
	for _, v := range e.evs.attachedVolumes(s.ID) {
		a := v.attachedTo(s.ID)
		doomed := a.BootIndex == 0 || a.DeleteOnTermination
		e.evs.detach(v, s.ID)
		if doomed && len(v.Attachments) == 0 {
			e.evs.volumes.remove(v.ID)
		}
	}
}
