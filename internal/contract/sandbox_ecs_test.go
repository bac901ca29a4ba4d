package contract

import (
	"fmt"
	"strings"
	"testing"

	ecs2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ecs/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ecs/v2/model"
	evs2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/evs/v2"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
	vpc3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v3"
)

// fleet is the SDK as the client of a sandbox with a network to put servers in.
type fleet struct {
	*vendor
	c           *ecs2.EcsClient
	network     *vpc2.VpcClient
	disks       *evs2.EvsClient
	vpc, subnet string
	group       string // a security group
}

func TestECS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	f := &fleet{
		vendor: v, c: client(v, "ecs", ecs2.NewEcsClient),
		network: client(v, "vpc", vpc2.NewVpcClient), disks: client(v, "evs", evs2.NewEvsClient),
	}
	f.vpc = v.newVPC(f.network, "net", "10.0.0.0/16")
	f.subnet = v.newSubnet(f.network, f.vpc, "one", "10.0.1.0/24", "10.0.1.1")
	groups := client(v, "vpc", vpc3.NewVpcClient)
	f.group = do(v, groups.CreateSecurityGroup, `{"body":{"security_group":{"name":"more"}}}`).SecurityGroup.Id
	f.offers()
	f.servers()
	f.changes()
	f.power()
	f.serverTags()
	f.serverDisks()
	f.serverNICs()
	f.serverGroups()
	f.keyPairs()
	v.covers("ecs", "BatchResetServersPassword", "BatchUpdateServersName", "ListFlavorSellPolicies")
}

// job expects a job to have succeeded.
func (f *fleet) job(id *string) *model.JobEntities {
	f.Helper()
	job := do(f.vendor, f.c.ShowJob, `{"job_id":%q}`, *id)
	want(f.vendor, "status of the job", job.Status.Value(), "SUCCESS")
	return job.Entities
}

// request is the JSON of a new server.
func (f *fleet) request(name, more string) string {
	return fmt.Sprintf(`{"name":%q,"imageRef":%q,"flavorRef":"s6.large.2","vpcid":%q,"nics":[{"subnet_id":%q}],
		"availability_zone":"cn-north-4a","root_volume":{"volumetype":"SSD"}%s}`, name, ubuntu, f.vpc, f.subnet, more)
}

// server makes a server and returns its id.
func (f *fleet) server(name, more string) string {
	f.Helper()
	made := do(f.vendor, f.c.CreateServers, `{"body":{"server":%s}}`, f.request(name, more))
	f.job(made.JobId)
	return (*made.ServerIds)[0]
}

func (f *fleet) show(id string) *model.ServerDetail {
	f.Helper()
	return do(f.vendor, f.c.ShowServer, `{"server_id":%q}`, id).Server
}

func (f *fleet) remove(ids ...string) {
	f.Helper()
	var list []string
	for _, id := range ids {
		list = append(list, fmt.Sprintf(`{"id":%q}`, id))
	}
	f.job(do(f.vendor, f.c.DeleteServers, `{"body":{"servers":[%s],"delete_publicip":true,"delete_volume":true}}`, strings.Join(list, ",")).JobId)
}

func (f *fleet) offers() {
	v, c := f.vendor, f.c
	flavors := walk(v, func(marker string) []model.Flavor {
		return *do(v, c.ListFlavors, `{"limit":4%s}`, from(marker)).Flavors
	}, 4, func(o model.Flavor) string { return o.Id })
	want(v, "flavors", len(flavors), 10)
	large := (*do(v, c.ListFlavors, `{"flavor_id":"s6.large.2"}`).Flavors)[0]
	want(v, "flavor", fmt.Sprint(large.Name, large.Vcpus, large.Ram, *large.OsExtraSpecs.Ecsgeneration), "s6.large.224096s6")
	want(v, "flavors of a zone", len(*do(v, c.ListFlavors, `{"availability_zone":"cn-north-4c"}`).Flavors), 9)
	specs := do(v, c.NovaShowFlavorExtraSpecs, `{"flavor_id":"s6.large.2"}`).ExtraSpecs
	want(v, "property", specs["ecs:generation"], "s6")
	want(v, "flavors to change to", len(*do(v, c.ListResizeFlavors, `{"source_flavor_id":"s6.large.2"}`).Flavors) > 0, true)
	want(v, "zones", len(*do(v, c.ListServerAzInfo, `{}`).AvailabilityZones), 3)
	//nolint:staticcheck // it is served for those who still call it
	want(v, "Nova's zones", len(*do(v, c.NovaListAvailabilityZones, `{}`).AvailabilityZoneInfo), 3)
	want(v, "servers in use", do(v, c.ShowServerLimits, `{}`).Absolute.TotalInstancesUsed, 0)
}

func (f *fleet) servers() {
	v, c := f.vendor, f.c
	request := f.request("one", `,"description":"d","adminPass":"Secret-123","user_data":"IyEvYmluL3NoCg==","metadata":{"mine":"1"},
		"server_tags":[{"key":"a","value":"b"}],"data_volumes":[{"volumetype":"SAS","size":20,"delete_on_termination":true}],
		"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"size":5,"sharetype":"PER","chargemode":"traffic"}}}`)
	const token = "9b2fd5a4-5d5b-4a1e-9d0c-2f6a1f0b7c12"
	made := do(v, c.CreateServers, `{"X-Client-Token":%q,"body":{"server":%s}}`, token, request)
	id := (*made.ServerIds)[0]
	want(v, "server of the same token", (*do(v, c.CreateServers, `{"X-Client-Token":%q,"body":{"server":%s}}`, token, request).ServerIds)[0], id)
	entities := f.job(made.JobId)
	want(v, "server of the job", *(*entities.SubJobs)[0].Entities.ServerId, id)
	read := f.show(id)
	want(v, "name and status", read.Name+" "+read.Status+" "+*read.Description, "one ACTIVE d")
	want(v, "flavor and image", read.Flavor.Id+" "+read.Image.Id, "s6.large.2 "+ubuntu)
	want(v, "addresses", len(read.Addresses[f.vpc]), 2)
	want(v, "kind of the second address", read.Addresses[f.vpc][1].OSEXTIPStype.Value(), "floating")
	want(v, "own metadata", read.Metadata["mine"], "1")
	want(v, "tag", (*read.Tags)[0], "a=b")
	want(v, "volumes", len(read.OsExtendedVolumesvolumesAttached), 2)
	want(v, "system disk", *read.OsExtendedVolumesvolumesAttached[0].BootIndex, "0")
	want(v, "user data", *read.OSEXTSRVATTRuserData, "IyEvYmluL3NoCg==")
	want(v, "subnet of the NIC", *(*read.NetworkInterfaces)[0].SubnetId, f.subnet)
	want(v, "public address", *(*read.NetworkInterfaces)[0].Association.PublicIpAddress, read.Addresses[f.vpc][1].Addr)
	want(v, "its volumes", len(*do(v, f.disks.ListVolumes, `{"server_id":%q}`, id).Volumes), 2)
	want(v, "its ports", len(*do(v, f.network.ListPorts, `{"device_id":%q}`, id).Ports), 1)

	do(v, c.CreatePostPaidServers, `{"body":{"server":%s}}`, f.request("many", `,"count":3`))
	listed := walk(v, func(marker string) []model.ServerDetail {
		return *do(v, c.ListServersDetails, `{"limit":3%s}`, from(marker)).Servers
	}, 3, func(o model.ServerDetail) string { return o.Id })
	want(v, "servers", len(listed), 4)
	first, second := do(v, c.ListServersDetails, `{"limit":3,"offset":1}`), do(v, c.ListServersDetails, `{"limit":3,"offset":2}`)
	want(v, "pages by number", fmt.Sprint(*first.Count, len(*first.Servers), len(*second.Servers)), "4 3 1")
	want(v, "those of a name", len(*do(v, c.ListServersDetails, `{"name":"many","status":"ACTIVE"}`).Servers), 3)
	want(v, "servers in use", do(v, c.ShowServerLimits, `{}`).Absolute.TotalInstancesUsed, 4)

	refused(v, 404, "Ecs.0114", c.ShowServer, `{"server_id":"none"}`)
	refused(v, 400, "Ecs.0029", c.CreateServers, `{"body":{"server":%s}}`, strings.Replace(request, "s6.large.2", "none", 1))
	refused(v, 400, "Ecs.0031", c.CreateServers, `{"body":{"server":%s}}`, strings.Replace(request, ubuntu, "none", 1))
	refused(v, 400, "Ecs.0038", c.CreateServers, `{"body":{"server":%s}}`, strings.Replace(request, f.subnet, "none", 1))
	refused(v, 400, "Common.0011", c.ShowJob, `{"job_id":"none"}`)
	f.remove(listed...)
	want(v, "servers that are left", *do(v, c.ListServersDetails, `{}`).Count, 0)
	want(v, "volumes that are left", *do(v, f.disks.ListVolumes, `{}`).Count, 0)
	refused(v, 404, "Ecs.0114", c.DeleteServers, `{"body":{"servers":[{"id":%q}]}}`, id)

	control(v.T, v.server, "PUT", "config", `{"fail_jobs":["createSingleServer"]}`)
	failed := do(v, c.ShowJob, `{"job_id":%q}`, *do(v, c.CreateServers, `{"body":{"server":%s}}`, f.request("lost", "")).JobId)
	part := (*failed.Entities.SubJobs)[0]
	want(v, "failure", failed.Status.Value()+" "+*failed.ErrorCode, "FAIL Common.0021")
	want(v, "failure of the part", part.Status.Value()+" "+*part.ErrorCode+" "+*part.Entities.ErrorcodeMessage, "FAIL Common.0021 The job was told to fail.")
	control(v.T, v.server, "PUT", "config", `{"fail_jobs":[]}`)
}

func (f *fleet) changes() {
	v, c := f.vendor, f.c
	id := f.server("one", "")
	renamed := do(v, c.UpdateServer, `{"server_id":%q,"body":{"server":{"name":"two","description":"d","hostname":"host"}}}`, id).Server
	want(v, "name", renamed.Name, "two")
	do(v, c.UpdateServerMetadata, `{"server_id":%q,"body":{"metadata":{"mine":"2","more":"3"}}}`, id)
	do(v, c.DeleteServerMetadata, `{"server_id":%q,"key":"more"}`, id)
	read := f.show(id)
	want(v, "metadata", read.Metadata["mine"]+read.Metadata["more"], "2")
	do(v, c.ResetServerPassword, `{"server_id":%q,"body":{"reset-password":{"new_password":"Secret-456","is_check_password":true}}}`, id)
	refused(v, 400, "Ecs.0100", c.ResizeServer, `{"server_id":%q,"body":{"resize":{"flavorRef":"c7.xlarge.2"}}}`, id)
	f.job(do(v, c.ResizeServer, `{"server_id":%q,"body":{"resize":{"flavorRef":"c7.xlarge.2","mode":"withStopServer"}}}`, id).JobId)
	want(v, "flavor", f.show(id).Flavor.Id, "c7.xlarge.2")
	f.job(do(v, c.ResizePostPaidServer, `{"server_id":%q,"body":{"resize":{"flavorRef":"s6.xlarge.2","mode":"withStopServer"}}}`, id).JobId)
	const centos = "5a0d80c0-1111-4111-8111-000000000079"
	f.job(do(v, c.ChangeServerOsWithCloudInit, `{"server_id":%q,"body":{"os-change":{"imageid":%q,"adminpass":"Secret-789","mode":"withStopServer"}}}`, id, centos).JobId)
	want(v, "image", f.show(id).Image.Id, centos)
	f.job(do(v, c.ChangeServerOsWithoutCloudInit, `{"server_id":%q,"body":{"os-change":{"imageid":%q,"mode":"withStopServer"}}}`, id, ubuntu).JobId)

	do(v, c.NovaAssociateSecurityGroup, `{"server_id":%q,"body":{"addSecurityGroup":{"name":%q}}}`, id, f.group)
	want(v, "security groups", len(f.show(id).SecurityGroups), 2)
	do(v, c.NovaDisassociateSecurityGroup, `{"server_id":%q,"body":{"removeSecurityGroup":{"name":%q}}}`, id, f.group)
	do(v, c.UpdateMetadataOptions, `{"server_id":%q,"body":{"http_endpoint":"enabled","http_tokens":"required"}}`, id)
	want(v, "option", do(v, c.ShowMetadataOptions, `{"server_id":%q}`, id).HttpTokens.Value(), "required")
	do(v, c.UpdateServerAutoTerminateTime, `{"server_id":%q,"body":{"auto_terminate_time":"2099-01-19T03:30:52Z"}}`, id)
	want(v, "end", f.show(id).AutoTerminateTime, "2099-01-19T03:30:52Z")
	f.remove(id)
}

// power stops, starts and restarts servers.
func (f *fleet) power() {
	v, c := f.vendor, f.c
	id := f.server("one", "")
	f.job(do(v, c.BatchStopServers, `{"body":{"os-stop":{"type":"SOFT","servers":[{"id":%q}]}}}`, id).JobId)
	want(v, "status", f.show(id).Status, "SHUTOFF")
	f.job(do(v, c.BatchStartServers, `{"body":{"os-start":{"servers":[{"id":%q}]}}}`, id).JobId)
	f.job(do(v, c.BatchRebootServers, `{"body":{"reboot":{"type":"HARD","servers":[{"id":%q}]}}}`, id).JobId)
	want(v, "status", f.show(id).Status, "ACTIVE")
	refused(v, 400, "Ecs.0100", c.BatchStartServers, `{"body":{"os-start":{"servers":[{"id":%q}]}}}`, id)
	f.remove(id)
}

func (f *fleet) serverTags() {
	v, c := f.vendor, f.c
	id := f.server("one", `,"server_tags":[{"key":"a","value":"b"}]`)
	do(v, c.BatchCreateServerTags, `{"server_id":%q,"body":{"action":"create","tags":[{"key":"c","value":"d"}]}}`, id)
	do(v, c.BatchDeleteServerTags, `{"server_id":%q,"body":{"action":"delete","tags":[{"key":"a"}]}}`, id)
	tags := *do(v, c.ShowServerTags, `{"server_id":%q}`, id).Tags
	want(v, "tags", len(tags), 1)
	want(v, "tag", tags[0].Key+*tags[0].Value, "cd")
	want(v, "keys of all tags", len(*do(v, c.ListServerTags, `{}`).Tags), 1)
	//nolint:staticcheck // it is served for those who still call it
	found := do(v, c.ListServersByTag, `{"body":{"action":"filter","limit":"10","offset":"0","tags":[{"key":"c","values":["d"]}]}}`)
	want(v, "server with the tag", (*found.Resources)[0].ResourceId, id)
	f.remove(id)
}

// serverDisks attaches a volume to a server and takes it back.
func (f *fleet) serverDisks() {
	v, c := f.vendor, f.c
	id, volume := f.server("one", ""), v.newVolume(f.disks, "data", "SAS", 10, "")
	f.job(do(v, c.AttachServerVolume, `{"server_id":%q,"body":{"volumeAttachment":{"volumeId":%q,"device":"/dev/vdb"}}}`, id, volume).JobId)
	refused(v, 400, "Ecs.0057", c.AttachServerVolume, `{"server_id":%q,"body":{"volumeAttachment":{"volumeId":%q}}}`, id, volume)
	do(v, c.UpdateServerBlockDevice, `{"server_id":%q,"volume_id":%q,"body":{"block_device":{"delete_on_termination":true}}}`, id, volume)
	want(v, "device", *do(v, c.ShowServerBlockDevice, `{"server_id":%q,"volume_id":%q}`, id, volume).VolumeAttachment.Device, "/dev/vdb")
	want(v, "devices", len(*do(v, c.ListServerBlockDevices, `{"server_id":%q}`, id).VolumeAttachments), 2)
	want(v, "server of the volume", do(v, f.disks.ShowVolume, `{"volume_id":%q}`, volume).Volume.Attachments[0].ServerId, id)
	f.job(do(v, c.DetachServerVolume, `{"server_id":%q,"volume_id":%q,"delete_flag":"0"}`, id, volume).JobId)
	want(v, "status of the volume", do(v, f.disks.ShowVolume, `{"volume_id":%q}`, volume).Volume.Status, "available")
	do(v, f.disks.DeleteVolume, `{"volume_id":%q}`, volume)
	f.remove(id)
}

// serverNICs adds a NIC to a server and takes it away.
func (f *fleet) serverNICs() {
	v, c := f.vendor, f.c
	id := f.server("one", "")
	f.job(do(v, c.BatchAddServerNics, `{"server_id":%q,"body":{"nics":[{"subnet_id":%q,"ip_address":"10.0.1.77","security_groups":[{"id":%q}]}]}}`, id, f.subnet, f.group).JobId)
	nics := *do(v, c.ListServerInterfaces, `{"server_id":%q}`, id).InterfaceAttachments
	want(v, "NICs", len(nics), 2)
	port := *nics[1].PortId
	shown := do(v, c.NovaShowServerInterface, `{"server_id":%q,"port_id":%q}`, id, port).InterfaceAttachment
	want(v, "address", shown.FixedIps[0].IpAddress, "10.0.1.77")
	do(v, c.UpdateServerInterface, `{"server_id":%q,"port_id":%q,"body":{"interface_attachment":{"delete_on_termination":true}}}`, id, port)
	f.job(do(v, c.BatchDeleteServerNics, `{"server_id":%q,"body":{"nics":[{"id":%q}]}}`, id, port).JobId)
	want(v, "NICs", len(*do(v, c.ListServerInterfaces, `{"server_id":%q}`, id).InterfaceAttachments), 1)
	f.remove(id)
}

func (f *fleet) serverGroups() {
	v, c := f.vendor, f.c
	group := do(v, c.CreateServerGroup, `{"body":{"server_group":{"name":"one","policies":["anti-affinity"]}}}`).ServerGroup.Id
	id := f.server("one", "")
	do(v, c.AddServerGroupMember, `{"server_group_id":%q,"body":{"add_member":{"instance_uuid":%q}}}`, group, id)
	want(v, "member", do(v, c.ShowServerGroup, `{"server_group_id":%q}`, group).ServerGroup.Members[0], id)
	do(v, c.DeleteServerGroupMember, `{"server_group_id":%q,"body":{"remove_member":{"instance_uuid":%q}}}`, group, id)
	want(v, "result", *do(v, c.BatchAddServerGroupMember, `{"server_group_id":%q,"body":{"server_ids":[%q]}}`, group, id).Status, "SUCCESS")
	want(v, "result", *do(v, c.BatchDeleteServerGroupMember, `{"server_group_id":%q,"body":{"server_ids":[%q]}}`, group, id).Status, "SUCCESS")
	do(v, c.CreateServerGroup, `{"body":{"server_group":{"name":"two","policies":["anti-affinity"]}}}`)
	page := do(v, c.ListServerGroups, `{"limit":1}`)
	rest := do(v, c.ListServerGroups, `{"limit":1,"marker":%q}`, *page.PageInfo.NextMarker)
	want(v, "two pages differ", (*page.ServerGroups)[0].Id != (*rest.ServerGroups)[0].Id, true)
	refused(v, 404, "Ecs.0313", c.ShowServerGroup, `{"server_group_id":"none"}`)
	for _, g := range *do(v, c.ListServerGroups, `{}`).ServerGroups {
		do(v, c.DeleteServerGroup, `{"server_group_id":%q}`, g.Id)
	}
	f.remove(id)
}

func (f *fleet) keyPairs() {
	v, c := f.vendor, f.c
	made := do(v, c.NovaCreateKeypair, `{"body":{"keypair":{"name":"one"}}}`).Keypair
	want(v, "private key", strings.HasPrefix(made.PrivateKey, "-----BEGIN RSA PRIVATE KEY-----"), true)
	do(v, c.NovaCreateKeypair, `{"body":{"keypair":{"name":"two","public_key":%q}}}`, strings.TrimSpace(made.PublicKey))
	want(v, "fingerprint", do(v, c.NovaShowKeypair, `{"keypair_name":"two"}`).Keypair.Fingerprint, made.Fingerprint)
	want(v, "second page", (*do(v, c.NovaListKeypairs, `{"limit":1,"marker":"one"}`).Keypairs)[0].Keypair.Name, "two")
	id := f.server("with-key", `,"key_name":"one"`)
	want(v, "key pair of the server", f.show(id).KeyName, "one")
	f.remove(id)
	for _, name := range []string{"one", "two"} {
		do(v, c.NovaDeleteKeypair, `{"keypair_name":%q}`, name)
	}
	refused(v, 404, "", c.NovaShowKeypair, `{"keypair_name":"one"}`) // the SDK does not read OpenStack's codes
}
