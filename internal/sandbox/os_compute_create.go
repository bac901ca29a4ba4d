package sandbox

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// osServerRequest is what a create asks for.
type osServerRequest struct {
	Name             string            `json:"name"`
	Description      *string           `json:"description"`
	ImageRef         string            `json:"imageRef"`
	FlavorRef        looseText         `json:"flavorRef"`
	Networks         json.RawMessage   `json:"networks"` // a list, "auto" or "none"
	Devices          []json.RawMessage `json:"block_device_mapping_v2"`
	KeyName          string            `json:"key_name"`
	AdminPass        *string           `json:"adminPass"`
	UserData         string            `json:"user_data"`
	ConfigDrive      looseBool         `json:"config_drive"`
	Metadata         map[string]string `json:"metadata"`
	SecurityGroups   []ref             `json:"security_groups"`
	AvailabilityZone *string           `json:"availability_zone"`
	Tags             []string          `json:"tags"`
	Hostname         *string           `json:"hostname"`
	DiskConfig       string            `json:"OS-DCF:diskConfig"`
	AccessIPv4       *string           `json:"accessIPv4"`
	AccessIPv6       *string           `json:"accessIPv6"`
	MinCount         looseInt          `json:"min_count"`
	MaxCount         looseInt          `json:"max_count"`
}

var serverFields = knownFields{
	"name": 1, "imageRef": 1, "flavorRef": 1, "networks": 1, "block_device_mapping_v2": 1, "key_name": 1, "adminPass": 1, "user_data": 1,
	"config_drive": 1, "metadata": 1, "security_groups": 1, "availability_zone": 1, "OS-DCF:diskConfig": 1, "accessIPv4": 1, "accessIPv6": 1,
	"min_count": 1, "max_count": 1, "description": 19, "tags": 52, "hostname": 90,
}

// osNicRequest is a network interface that a new server asks for.
type osNicRequest struct {
	Network string  `json:"uuid"`
	Port    string  `json:"port"`
	FixedIP string  `json:"fixed_ip"`
	Tag     *string `json:"tag"`
}

// osDeviceRequest is a disk that a new server asks for: an image's on the host, or a volume, which may have to be made.
type osDeviceRequest struct {
	BootIndex           *looseInt `json:"boot_index"`
	UUID                string    `json:"uuid"`
	SourceType          string    `json:"source_type"`
	DestinationType     string    `json:"destination_type"`
	VolumeSize          looseInt  `json:"volume_size"`
	VolumeType          string    `json:"volume_type"`
	DeviceName          string    `json:"device_name"`
	DeleteOnTermination looseBool `json:"delete_on_termination"`
	Tag                 *string   `json:"tag"`
}

// root says whether the server starts from a disk.
func (d *osDeviceRequest) root() bool { return d.BootIndex != nil && *d.BootIndex == 0 }

var (
	nicFields    = knownFields{"uuid": 1, "port": 1, "fixed_ip": 1, "tag": 42}
	deviceFields = knownFields{
		"boot_index": 1, "uuid": 1, "source_type": 1, "destination_type": 1, "volume_size": 1, "device_name": 1, "delete_on_termination": 1,
		"device_type": 1, "disk_bus": 1, "guest_format": 1, "no_device": 1, "tag": 42, "volume_type": 67,
	}
)

var (
	osMetadataKey = pattern.New(`^[a-zA-Z0-9_:. -]+$`)
	osHostname    = pattern.New(`^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$`)
	osDeviceName  = pattern.New(`(^/dev/x?[a-z]?d?)([a-z]+)[0-9]*$`)
)

// The devices are those of the host's disks.
const (
	rootDevice  = "/dev/sda"
	osUserData  = 65535 // bytes, in base64
	reservation = "r-"
)

// looseText is a text that may be sent as a number.
type looseText string

// UnmarshalJSON accepts "5" and 5.
func (t *looseText) UnmarshalJSON(raw []byte) error {
	*t = looseText(strings.Trim(string(raw), `"`))
	return nil
}

// novaHostname is how Nova calls a server inside, by its name: what ISO 8859-1 has of it, 63 characters at most.
func novaHostname(name, id string) string {
	letters := slices.DeleteFunc([]rune(name), func(c rune) bool { return c > 0xff })
	host := strings.Map(func(c rune) rune {
		switch {
		case c == '.' || c == '_' || unicode.IsSpace(c):
			return '-'
		case c == '-' || unicode.IsLetter(c) || unicode.IsDigit(c):
			return unicode.ToLower(c)
		}
		return -1
	}, string(letters[:min(len(letters), 63)]))
	return cmp.Or(strings.Trim(host, "-"), "Server-"+id)
}

func checkHostname(text string) error {
	if err := checkLength("hostname", text, 2, 63); err != nil {
		return err
	}
	if !osHostname.MatchString(text) {
		return badField("hostname", text, "'%s' does not match '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'", text)
	}
	return nil
}

func (n *novaService) createServer(r *request) (any, error) {
	in := osServerRequest{DiskConfig: "MANUAL", MinCount: 1}
	required := []string{"name", "flavorRef"}
	if r.since(37) {
		required = append(required, "networks")
	}
	if err := r.object("server", serverFields, &in, required...); err != nil {
		return nil, err
	}
	nics, err := n.askedNics(r, in.Networks)
	if err != nil {
		return nil, err
	}
	devices, err := n.askedDevices(r, in.Devices)
	if err != nil {
		return nil, err
	}
	if err := n.checkServer(r, &in); err != nil {
		return nil, err
	}
	f, err := n.checkFlavorAndImage(r, &in, devices)
	if err != nil {
		return nil, err
	}
	group, err := n.hintedGroup(r)
	if err != nil {
		return nil, err
	}
	if nics, err = n.checkNics(r, &in, nics); err != nil {
		return nil, err
	}
	groups, err := n.wantedGroups(r, in.SecurityGroups)
	if err != nil {
		return nil, err
	}
	if err := n.admits(r.project.ID, map[string]int{"instances": 1, "cores": f.VCPUs, "ram": f.RAM}); err != nil {
		return nil, err
	}
	if group != nil {
		if limit := n.limit(r.project.ID, "server_group_members"); limit >= 0 && len(group.Members) >= limit {
			return nil, refuse(http.StatusForbidden, "", "Quota exceeded, too many servers in group")
		}
	}
	s := n.newServer(r, &in)
	n.servers.add(r.project.ID, s)
	s.Hostname = cmp.Or(s.Hostname, novaHostname(s.Name, s.ID))
	entities := map[string]any{"server_id": s.ID}
	if err := n.giveVolumes(s, devices); err != nil {
		entities["broken"] = reasonOf(err)
	}
	crowded := false
	if group != nil {
		crowded = group.crowded()
		s.GroupID = group.ID
		group.Members = append(group.Members, s.ID)
	}
	for _, asked := range nics {
		if asked.Port != "" && !n.bindPort(asked.Port, s) {
			n.freePort(asked.Port, false) // Nova has tried, and tidies up
			entities["broken"] = "Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance " + s.ID + "."
		}
	}
	if crowded || !f.fits() {
		entities["broken"] = "No valid host was found. There are not enough hosts available."
	}
	for name, value := range map[string]any{"nics": nics, "groups": groups} {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		entities[name] = string(text)
	}
	n.startJob(s.ProjectID, "os_server_build", entities)
	r.header.Set("Location", r.url("compute")+"/v2.1/servers/"+s.ID)
	shown := in.SecurityGroups
	if shown == nil {
		shown = []ref{{Name: "default"}}
	}
	return map[string]any{"server": map[string]any{
		"id": s.ID, "links": r.links("servers", s.ID), "OS-DCF:diskConfig": s.DiskConfig, "security_groups": shown, "adminPass": s.AdminPass,
	}}, nil
}

// fits says whether the host is big enough for a flavor.
func (f *osFlavor) fits() bool { return f.VCPUs <= hostCores && f.RAM <= hostRAM && f.Disk <= hostDisk }

// askedNics reads the networks that a create asks for: nil for those that the cloud is to choose.
func (n *novaService) askedNics(r *request, raw json.RawMessage) ([]osNicRequest, error) {
	var word string
	switch {
	case raw == nil:
		return nil, nil
	case json.Unmarshal(raw, &word) == nil:
		switch {
		case r.since(37) && word == "auto":
			return nil, nil
		case r.since(37) && word == "none":
			return []osNicRequest{}, nil
		}
		return nil, badField("networks", word, "'%s' is not valid under any of the given schemas", word)
	}
	invalid := badField("networks", raw, "%s is not valid under any of the given schemas", raw)
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, invalid
	}
	if len(list) == 0 {
		return nil, nil
	}
	var nics []osNicRequest
	for _, one := range list {
		var asked osNicRequest
		if r.fields("networks", one, nicFields, &asked) != nil {
			return nil, invalid
		}
		_, err := netip.ParseAddr(asked.FixedIP)
		if asked.FixedIP != "" && err != nil || asked.Network != "" && !uuidText.MatchString(asked.Network) || asked.Port != "" && !uuidText.MatchString(asked.Port) {
			return nil, invalid
		}
		nics = append(nics, asked)
	}
	return nics, nil
}

// askedDevices reads the disks that a create asks for.
func (n *novaService) askedDevices(r *request, list []json.RawMessage) ([]osDeviceRequest, error) {
	var devices []osDeviceRequest
	for i, raw := range list {
		var d osDeviceRequest
		if err := r.fields(fmt.Sprint(i), raw, deviceFields, &d); err != nil {
			return nil, err
		}
		if err := oneOf("source_type", d.SourceType, "volume", "image", "snapshot", "blank"); err != nil {
			return nil, err
		}
		if d.DestinationType == "" {
			d.DestinationType = "local"
			if d.SourceType == "volume" || d.SourceType == "snapshot" {
				d.DestinationType = "volume"
			}
		}
		if err := oneOf("destination_type", d.DestinationType, "local", "volume"); err != nil {
			return nil, err
		}
		devices = append(devices, d)
	}
	return devices, nil
}

// checkServer refuses what does not depend on other objects but key pairs and zones.
func (n *novaService) checkServer(r *request, in *osServerRequest) error {
	checks := []error{
		checkName(in.Name),
		checkOSDescription(in.Description),
		n.checkMetadata(r.project.ID, in.Metadata),
		checkServerTags(in.Tags),
		oneOf("OS-DCF:diskConfig", in.DiskConfig, "AUTO", "MANUAL"),
		checkOSUserData(in.UserData),
	}
	if in.Hostname != nil {
		checks = append(checks, checkHostname(*in.Hostname))
	}
	if in.AccessIPv4 != nil {
		checks = append(checks, checkAddress("accessIPv4", *in.AccessIPv4, "ipv4"))
	}
	if in.AccessIPv6 != nil {
		checks = append(checks, checkAddress("accessIPv6", *in.AccessIPv6, "ipv6"))
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	if in.MaxCount > 0 && in.MaxCount < in.MinCount {
		return badCompute("min_count must be <= max_count")
	}
	if max(in.MinCount, in.MaxCount) > 1 {
		return badCompute("The sandbox makes one server at a time.")
	}
	if asked := in.AvailabilityZone; asked != nil {
		name, forced, _ := strings.Cut(*asked, ":")
		switch {
		case *asked == "":
			return badField("availability_zone", "", "'' is too short")
		case forced != "" && !r.admin():
			return disallowed("os_compute_api:servers:create:forced_host")
		case name != novaZone:
			return badCompute("The requested availability zone is not available")
		}
	}
	if in.KeyName != "" && n.keyPair(r.caller.User.ID, in.KeyName) == nil {
		return badCompute("Invalid key_name provided.")
	}
	return nil
}

func checkOSUserData(text string) error {
	if err := checkLength("user_data", text, 0, osUserData); err != nil {
		return err
	}
	// Like the real one it passes over characters that are none of base64's.
	kept := strings.Map(func(c rune) rune {
		if strings.ContainsRune("%-_ \n", c) {
			return -1
		}
		return c
	}, text)
	if _, err := base64.StdEncoding.DecodeString(kept); err != nil {
		return badField("user_data", text, "'%s' is not a 'base64'", text)
	}
	return nil
}

// checkFlavorAndImage refuses what cannot be started.
func (n *novaService) checkFlavorAndImage(r *request, in *osServerRequest, devices []osDeviceRequest) (*osFlavor, error) {
	if in.ImageRef != "" && !uuidText.MatchString(in.ImageRef) {
		return nil, badField("imageRef", in.ImageRef, "'%s' is not valid under any of the given schemas", in.ImageRef)
	}
	f := n.flavor(r, string(in.FlavorRef))
	if f == nil {
		return nil, badCompute("Flavor %s could not be found.", in.FlavorRef)
	}
	if in.ImageRef == "" && len(devices) == 0 {
		return nil, badCompute("Missing imageRef attribute")
	}
	if in.ImageRef != "" {
		if err := n.checkImage(r, in.ImageRef, f, len(devices) == 0); err != nil {
			return nil, err
		}
	}
	if len(devices) > 0 {
		roots := 0
		for _, d := range devices {
			if d.root() {
				roots++
			}
		}
		if roots != 1 {
			return nil, badCompute("Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.")
		}
	}
	for _, d := range devices {
		if err := n.checkDevice(r, &d); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// checkDevice refuses a disk that cannot be had.
func (n *novaService) checkDevice(r *request, d *osDeviceRequest) error {
	switch d.SourceType {
	case "volume":
		return n.checkBootVolume(r, d)
	case "image":
		if n.seenImage(r, d.UUID) == nil {
			return badCompute("Block Device Mapping is Invalid: failed to get image %s.", d.UUID)
		}
		if d.DestinationType == "volume" && d.VolumeSize == 0 {
			return badCompute("Images with destination_type 'volume' need to have a non-zero size specified")
		}
	case "snapshot":
		if !n.hasSnapshot(r, d.UUID) {
			return badCompute("Snapshot %s could not be found.", d.UUID)
		}
	case "blank":
		if d.DestinationType == "volume" && d.VolumeSize == 0 {
			return badCompute("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")
		}
	}
	if d.VolumeType != "" && !n.hasVolumeType(r, d.VolumeType) {
		return badCompute("Volume type %s could not be found.", d.VolumeType)
	}
	return nil
}

// checkNics refuses networks and ports that cannot be used, and chooses the network where the request leaves it open.
func (n *novaService) checkNics(r *request, in *osServerRequest, nics []osNicRequest) ([]osNicRequest, error) {
	if nics == nil {
		own := n.ownNetworks(r)
		switch {
		case len(own) > 1:
			return nil, conflicting("Multiple possible networks found, use a Network ID to be more specific.")
		case len(own) == 1:
			return []osNicRequest{{Network: own[0]}}, nil
		case string(in.Networks) == `"auto"`:
			return nil, badCompute("Unable to automatically allocate a network for project %s", r.project.ID)
		}
		return []osNicRequest{}, nil
	}
	for _, asked := range nics {
		switch {
		case asked.Port != "" && asked.FixedIP != "":
			return nil, badCompute("Specified Fixed IP '%s' cannot be used with port '%s': the two cannot be specified together.", asked.FixedIP, asked.Port)
		case asked.Port != "":
			if err := n.checkPort(r, asked.Port); err != nil {
				if f, ok := errors.AsType[*refusal](err); ok && f.status == http.StatusNotFound {
					return nil, badCompute("%s", f.message)
				}
				return nil, err
			}
		case !n.hasNetwork(r, asked.Network):
			return nil, badCompute("Network %s could not be found.", asked.Network)
		case asked.FixedIP != "":
			if user := n.userOfAddress(asked.Network, asked.FixedIP); user != "" {
				return nil, badCompute("Fixed IP address %s is already in use on instance %s.", asked.FixedIP, user)
			}
		}
	}
	return nics, nil
}

// wantedGroups are the ids of the security groups that a create names; nil if it names none.
func (n *novaService) wantedGroups(r *request, asked []ref) ([]string, error) {
	var ids []string
	for _, g := range asked {
		if g.Name == "default" && len(asked) == 1 {
			return nil, nil
		}
		found := n.findGroups(r.project.ID, g.Name)
		switch {
		case len(found) == 0:
			return nil, badCompute("Unable to find security_group with name or id '%s'", g.Name)
		case len(found) > 1:
			return nil, conflicting("Multiple security_group matches found for name '%s', use an ID to be more specific.", g.Name)
		}
		ids = append(ids, found[0].ID)
	}
	return ids, nil
}

// hintedGroup is the server group that a create is to put the server into, nil for none.
func (n *novaService) hintedGroup(r *request) (*osServerGroup, error) {
	var in struct {
		Hints struct {
			Group string `json:"group"`
		} `json:"os:scheduler_hints"`
	}
	if json.Unmarshal(r.body, &in) != nil {
		return nil, badField("os:scheduler_hints", json.RawMessage(r.body), "it is not of type 'object'")
	}
	id := in.Hints.Group
	if id == "" {
		return nil, nil
	}
	if err := checkUUID("group", id); err != nil {
		return nil, err
	}
	g := n.groups.get(r.project.ID, id)
	if g == nil {
		return nil, badCompute("Instance group %s could not be found.", id)
	}
	return g, nil
}

func (n *novaService) newServer(r *request, in *osServerRequest) *osServer {
	s := &osServer{
		Name:             in.Name,
		Description:      in.Description,
		UserID:           r.caller.User.ID,
		VMState:          "building",
		TaskState:        "scheduling",
		FlavorID:         string(in.FlavorRef),
		ImageID:          in.ImageRef,
		AvailabilityZone: "",
		KeyName:          in.KeyName,
		UserData:         in.UserData,
		ConfigDrive:      bool(in.ConfigDrive),
		AdminPass:        randomHex(6),
		DiskConfig:       in.DiskConfig,
		Metadata:         map[string]string{},
		Tags:             sortedTags(in.Tags),
		ReservationID:    reservation + n.ids.hex()[:8],
		Nics:             []osNic{},
		Devices:          []osDevice{},
	}
	if s.Description == nil && !r.since(19) {
		s.Description = &in.Name
	}
	for text, into := range map[*string]*string{
		in.AdminPass: &s.AdminPass, in.Hostname: &s.Hostname, in.AccessIPv4: &s.AccessIPv4, in.AccessIPv6: &s.AccessIPv6, in.AvailabilityZone: &s.AvailabilityZone,
	} {
		if text != nil {
			*into = *text
		}
	}
	maps.Copy(s.Metadata, in.Metadata)
	s.ID = n.ids.uuid()
	return s
}

// fail leaves a server in error, with the reason.
func (n *novaService) fail(s *osServer, reason string) {
	s.VMState, s.TaskState = "error", ""
	s.Fault = &osFault{Code: http.StatusInternalServerError, Message: reason, Created: time.Now().UTC()}
}

// taskOf is the server that a job is about, nil if it is no more. Its task is over.
func (n *novaService) taskOf(j *job) *osServer {
	s := n.servers.get("", j.text("server_id"))
	if s != nil {
		s.TaskState = ""
		n.servers.touch(s)
	}
	return s
}

// endBuild gives a server its ports and volumes and starts it.
func (n *novaService) endBuild(j *job) error {
	s := n.taskOf(j)
	if s == nil {
		return nil
	}
	if n.waits(s) { // for a volume that is being made
		s.TaskState = "block_device_mapping"
		n.startJob(s.ProjectID, j.Type, j.Entities)
		return nil
	}
	var nics []osNicRequest
	var groups []string
	for name, into := range map[string]any{"nics": &nics, "groups": &groups} {
		if err := json.Unmarshal([]byte(j.text(name)), into); err != nil {
			return err
		}
	}
	reason := j.text("broken")
	if j.Fail != nil {
		reason = "Build of instance " + s.ID + " aborted: " + j.Fail.Reason
	}
	if reason != "" {
		n.fail(s, reason)
		return nil
	}
	s.AvailabilityZone = novaZone
	for _, asked := range nics {
		if asked.Port != "" {
			s.Nics = append(s.Nics, osNic{PortID: asked.Port, Given: true, Tag: asked.Tag})
			continue
		}
		id, err := n.makePort(s, asked.Network, asked.FixedIP, groups)
		if err != nil {
			n.fail(s, "Build of instance "+s.ID+" aborted: "+reasonOf(err))
			return nil
		}
		s.Nics = append(s.Nics, osNic{PortID: id, Tag: asked.Tag})
	}
	for _, d := range s.Devices {
		if err := n.connectNew(s, d); err != nil {
			n.fail(s, "Build of instance "+s.ID+" aborted: "+reasonOf(err))
			return nil
		}
	}
	s.VMState, s.LaunchedAt = "active", time.Now().UTC()
	return nil
}

// giveVolumes has the volumes made that a new server asks for, and keeps those for it that there are.
func (n *novaService) giveVolumes(s *osServer, devices []osDeviceRequest) error {
	for _, asked := range devices {
		if asked.DestinationType != "volume" {
			continue
		}
		id, err := n.makeVolume(s, asked)
		if err != nil {
			return err
		}
		d := osDevice{ID: n.ids.uuid(), VolumeID: id, Device: s.nextDevice(), Root: asked.root(), DeleteOnTermination: bool(asked.DeleteOnTermination), Tag: asked.Tag}
		if d.Root {
			d.Device = rootDevice
		}
		if asked.SourceType == "volume" {
			if d.AttachmentID, err = n.reserve(s.ProjectID, id, s.ID); err != nil {
				return err
			}
		}
		s.Devices = append(s.Devices, d)
	}
	return nil
}

// waits says whether a volume of a new server is still being made.
func (n *novaService) waits(s *osServer) bool {
	return slices.ContainsFunc(s.Devices, func(d osDevice) bool {
		v := n.volumeOf(n.asNova(s.ProjectID), d.VolumeID)
		return v != nil && (v.Status == "creating" || v.Status == "downloading")
	})
}

// connectNew attaches a volume to a new server.
func (n *novaService) connectNew(s *osServer, d osDevice) error {
	i := s.place(d.VolumeID)
	if d.AttachmentID == "" {
		id, err := n.reserve(s.ProjectID, d.VolumeID, s.ID)
		if err != nil {
			return err
		}
		s.Devices[i].AttachmentID = id
	}
	return n.connectVolume(s, s.Devices[i])
}

// reasonOf is what a refusal says.
func reasonOf(err error) string {
	if f, ok := errors.AsType[*refusal](err); ok {
		return f.message
	}
	return err.Error()
}

// nextDevice is the first that a server has free.
func (s *osServer) nextDevice() string {
	for c := 'b'; c <= 'z'; c++ {
		device := "/dev/sd" + string(c)
		if !slices.ContainsFunc(s.Devices, func(d osDevice) bool { return d.Device == device }) {
			return device
		}
	}
	return ""
}

func (n *novaService) deleteServer(r *request) (any, error) {
	s, err := n.server(r)
	if err != nil {
		return nil, err
	}
	if s.Locked != "" && !r.admin() {
		return nil, conflicting("Instance %s is locked", s.ID)
	}
	if s.TaskState == "deleting" {
		return nil, nil
	}
	s.TaskState = "deleting"
	n.startJob(s.ProjectID, "os_server_delete", map[string]any{"server_id": s.ID})
	return nil, nil
}

func (n *novaService) endDelete(j *job) error {
	s := n.taskOf(j)
	if s == nil {
		return nil
	}
	if j.Fail != nil {
		n.fail(s, j.Fail.Reason)
		return nil
	}
	n.servers.remove(s.ID)
	return nil
}

// release gives back what a server that goes has had.
func (n *novaService) release(s *osServer) {
	for _, nic := range s.Nics {
		n.freePort(nic.PortID, !nic.Given)
	}
	n.freeUnboundPorts(s.ID)
	for _, d := range s.Devices {
		n.freeVolume(s, d, d.DeleteOnTermination)
	}
	if g := n.groups.get("", s.GroupID); g != nil {
		g.Members = slices.DeleteFunc(g.Members, func(id string) bool { return id == s.ID })
	}
}
