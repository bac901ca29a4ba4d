package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
	model2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2/model"
	vpc3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v3"
	model3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v3/model"
)

func TestVPC(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c2, c3 := client(v, "vpc", vpc2.NewVpcClient), client(v, "vpc", vpc3.NewVpcClient)
	v.vpcs(c2)
	v.vpcs3(c3)
	v.subnets(c2, c3)
	v.ports(c2, c3)
	v.securityGroups(c2, c3)
	v.securityGroupRules(c3)
	v.peerings(c2)
	v.routeTables(c2)
	v.covers("vpc", "ListPortTags")
}

// newVPC makes a VPC and returns its id.
func (v *vendor) newVPC(c *vpc2.VpcClient, name, cidr string) string {
	return do(v, c.CreateVpc, `{"body":{"vpc":{"name":%q,"cidr":%q}}}`, name, cidr).Vpc.Id
}

// newSubnet makes a subnet and returns its id.
func (v *vendor) newSubnet(c *vpc2.VpcClient, vpc, name, cidr, gateway string) string {
	return do(v, c.CreateSubnet, `{"body":{"subnet":{"name":%q,"vpc_id":%q,"cidr":%q,"gateway_ip":%q}}}`, name, vpc, cidr, gateway).Subnet.Id
}

func (v *vendor) vpcs(c *vpc2.VpcClient) {
	made := do(v, c.CreateVpc, `{"body":{"vpc":{"name":"one","cidr":"10.0.0.0/16","description":"first","tags":["a*b"]}}}`).Vpc
	id := made.Id
	want(v, "status of a new VPC", made.Status.Value(), "CREATING")
	read := do(v, c.ShowVpc, `{"vpc_id":%q}`, id).Vpc
	want(v, "status", read.Status.Value(), "OK")
	want(v, "name and range", read.Name+" "+read.Cidr+" "+read.Description, "one 10.0.0.0/16 first")
	want(v, "creation", read.CreatedAt.String(), made.CreatedAt.String())
	changed := do(v, c.UpdateVpc, `{"vpc_id":%q,"body":{"vpc":{"name":"two","description":"","cidr":"10.0.0.0/15"}}}`, id).Vpc
	want(v, "name and range", changed.Name+" "+changed.Cidr+" "+changed.Description, "two 10.0.0.0/15 ")

	for _, name := range []string{"three", "four", "five"} {
		v.newVPC(c, name, "172.16.0.0/12")
	}
	listed := walk(v, func(marker string) []model2.Vpc {
		return *do(v, c.ListVpcs, `{"limit":2%s}`, from(marker)).Vpcs
	}, 2, func(o model2.Vpc) string { return o.Id })
	want(v, "VPCs", len(listed), 4)
	want(v, "the one of an id", (*do(v, c.ListVpcs, `{"id":%q}`, id).Vpcs)[0].Id, id)
	want(v, "those of no enterprise project", len(*do(v, c.ListVpcs, `{"enterprise_project_id":"none"}`).Vpcs), 0)

	do(v, c.CreateVpcResourceTag, `{"vpc_id":%q,"body":{"tag":{"key":"single","value":"1"}}}`, id)
	do(v, c.BatchCreateVpcTags, `{"vpc_id":%q,"body":{"action":"create","tags":[{"key":"c","value":"d"},{"key":"e","value":""}]}}`, id)
	do(v, c.BatchDeleteVpcTags, `{"vpc_id":%q,"body":{"action":"delete","tags":[{"key":"a","value":"b"}]}}`, id)
	do(v, c.DeleteVpcTag, `{"vpc_id":%q,"key":"single"}`, id)
	tags := *do(v, c.ShowVpcTags, `{"vpc_id":%q}`, id).Tags
	want(v, "tags", len(tags), 2)
	want(v, "tag", tags[0], model2.ResourceTag{Key: "c", Value: "d"})
	want(v, "keys of all tags", len(*do(v, c.ListVpcTags, `{}`).Tags), 2)
	want(v, "VPCs with the tag", *do(v, c.ListVpcsByTags, `{"body":{"action":"count","tags":[{"key":"c","values":["d"]}]}}`).TotalCount, 1)
	want(v, "VPC with the tag", (*do(v, c.ListVpcsByTags, `{"body":{"action":"filter","limit":10,"offset":0,"tags":[{"key":"c","values":[]}],"matches":[{"key":"resource_name","value":"tw"}]}}`).Resources)[0].ResourceId, id)
	refused(v, 400, "VPC.1801", c.CreateVpcResourceTag, `{"vpc_id":%q,"body":{"tag":{"key":"","value":""}}}`, id)

	want(v, "quotas", len(do(v, c.ShowQuota, `{}`).Quotas.Resources), 5)
	want(v, "VPCs in use", do(v, c.ShowQuota, `{"type":"vpc"}`).Quotas.Resources[0].Used, 4)
	control(v.T, v.server, "PUT", "config", `{"quotas":{"vpc":4}}`)
	refused(v, 409, "VPC.0114", c.CreateVpc, `{"body":{"vpc":{"name":"sixth","cidr":"10.0.0.0/8"}}}`)
	refused(v, 400, "VPC.0115", c.UpdateVpc, `{"vpc_id":%q,"body":{"vpc":{"name":"three"}}}`, id)
	refused(v, 400, "VPC.0101", c.UpdateVpc, `{"vpc_id":%q,"body":{"vpc":{"cidr":"8.8.8.0/24"}}}`, id)
	for _, id := range listed {
		do(v, c.DeleteVpc, `{"vpc_id":%q}`, id)
	}
	refused(v, 404, "VPC.0105", c.ShowVpc, `{"vpc_id":%q}`, id)
	refused(v, 404, "VPC.0105", c.DeleteVpc, `{"vpc_id":%q}`, id)
	want(v, "VPCs that are left", len(*do(v, c.ListVpcs, `{}`).Vpcs), 0)
}

func (v *vendor) vpcs3(c *vpc3.VpcClient) {
	dry := do(v, c.CreateVpc, `{"body":{"dry_run":true,"vpc":{"name":"v3","cidr":"10.0.0.0/16"}}}`)
	want(v, "status and code of a dry run", dry.HttpStatusCode, 202)
	want(v, "code of a dry run", *dry.ErrorCode, "SYS.0202")
	do(v, c.CreateVpc, `{"body":{"vpc":{"name":"v3","cidr":"10.0.0.0/16","tags":[{"key":"a","value":"b"}]}}}`)
	for _, name := range []string{"x", "y"} {
		do(v, c.CreateVpc, `{"body":{"vpc":{"name":%q,"cidr":"10.0.0.0/16"}}}`, name)
	}
	id := (*do(v, c.ListVpcs, `{"name":["v3"]}`).Vpcs)[0].Id
	var listed []string
	for marker := ""; ; {
		page := do(v, c.ListVpcs, `{"limit":2%s}`, from(marker))
		for _, o := range *page.Vpcs {
			listed = append(listed, o.Id)
		}
		want(v, "length of the page", int(page.PageInfo.CurrentCount), len(*page.Vpcs))
		if page.PageInfo.NextMarker == nil {
			break
		}
		marker = *page.PageInfo.NextMarker
	}
	want(v, "VPCs", len(listed), 3)
	read := do(v, c.ShowVpc, `{"vpc_id":%q}`, id).Vpc
	want(v, "status", read.Status, "ACTIVE")
	want(v, "tag", read.Tags[0], model3.Tag{Key: "a", Value: "b"})
	do(v, c.UpdateVpc, `{"vpc_id":%q,"body":{"vpc":{"name":"new","description":"d"}}}`, id)
	more := do(v, c.AddVpcExtendCidr, `{"vpc_id":%q,"body":{"vpc":{"extend_cidrs":["23.8.0.0/16"]}}}`, id).Vpc
	want(v, "ranges", more.Name+" "+more.ExtendCidrs[0], "new 23.8.0.0/16")
	refused(v, 400, "VPC.0101", c.AddVpcExtendCidr, `{"vpc_id":%q,"body":{"vpc":{"extend_cidrs":["23.8.1.0/24"]}}}`, id)
	less := do(v, c.RemoveVpcExtendCidr, `{"vpc_id":%q,"body":{"vpc":{"extend_cidrs":["23.8.0.0/16"]}}}`, id).Vpc
	want(v, "further ranges", len(less.ExtendCidrs), 0)
	for _, id := range listed {
		do(v, c.DeleteVpc, `{"vpc_id":%q}`, id)
	}
	refused(v, 404, "VPC.0105", c.ShowVpc, `{"vpc_id":%q}`, id)
}

func (v *vendor) subnets(c2 *vpc2.VpcClient, c3 *vpc3.VpcClient) {
	vpc := v.newVPC(c2, "net", "10.0.0.0/16")
	made := do(v, c2.CreateSubnet, `{"body":{"subnet":{"name":"one","vpc_id":%q,"cidr":"10.0.1.0/24","gateway_ip":"10.0.1.1",
		"ipv6_enable":true,"dhcp_enable":true,"dnsList":["100.125.1.250","8.8.8.8"],"availability_zone":"cn-north-4a","tags":["a*b"],
		"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"10.100.0.33"},{"opt_name":"addresstime","opt_value":"24h"}]}}}`, vpc).Subnet
	id := made.Id
	want(v, "status of a new subnet", made.Status.Value(), "UNKNOWN")
	read := do(v, c2.ShowSubnet, `{"subnet_id":%q}`, id).Subnet
	want(v, "status", read.Status.Value(), "ACTIVE")
	want(v, "DNS servers", read.PrimaryDns+" "+read.SecondaryDns+" "+read.DnsList[0], "100.125.1.250 8.8.8.8 100.125.1.250")
	want(v, "network", read.NeutronNetworkId, id)
	want(v, "IPv6 is there", read.Ipv6Enable && read.CidrV6 != "", true)
	want(v, "option", read.ExtraDhcpOpts[1].OptName.Value()+" "+*read.ExtraDhcpOpts[1].OptValue, "addresstime 24h")
	read3 := do(v, c3.ShowVirsubnet, `{"virsubnet_id":%q}`, id).Virsubnet
	want(v, "range in v3", read3.SubnetCidrs[0].IpVersion+" "+read3.SubnetCidrs[0].Cidr, "4 10.0.1.0/24")
	want(v, "IPv6 range in v3", read3.SubnetCidrs[1].IpVersion+" "+read3.SubnetCidrs[1].Cidr, "6 "+read.CidrV6)
	want(v, "tag in v3", read3.Tags[0], model3.ResponseTag{Key: "a", Value: "b"})
	do(v, c2.UpdateSubnet, `{"vpc_id":%q,"subnet_id":%q,"body":{"subnet":{"name":"two","ipv6_enable":false,"dhcp_enable":false,"dnsList":[],
		"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"10.100.0.34"}]}}}`, vpc, id)
	read = do(v, c2.ShowSubnet, `{"subnet_id":%q}`, id).Subnet
	want(v, "what was changed", read.Name == "two" && !read.DhcpEnable && !read.Ipv6Enable && len(read.DnsList) == 0, true)

	v.newSubnet(c2, vpc, "three", "10.0.2.0/24", "10.0.2.1")
	v.newSubnet(c2, vpc, "four", "10.0.3.0/24", "10.0.3.1")
	listed := walk(v, func(marker string) []model2.Subnet {
		return *do(v, c2.ListSubnets, `{"vpc_id":%q,"limit":2%s}`, vpc, from(marker)).Subnets
	}, 2, func(o model2.Subnet) string { return o.Id })
	listed3 := walk(v, func(marker string) []model3.Virsubnet {
		return *do(v, c3.ListVirsubnets, `{"vpc_id":[%q],"limit":2%s}`, vpc, from(marker)).Virsubnets
	}, 2, func(o model3.Virsubnet) string { return o.Id })
	want(v, "subnets", len(listed), 3)
	want(v, "the same in v3", slices.Equal(listed, listed3), true)
	want(v, "the one of a name", (*do(v, c3.ListVirsubnets, `{"name":["two"]}`).Virsubnets)[0].Id, id)

	do(v, c2.CreateSubnetTag, `{"subnet_id":%q,"body":{"tag":{"key":"single","value":"1"}}}`, id)
	do(v, c2.BatchCreateSubnetTags, `{"subnet_id":%q,"body":{"action":"create","tags":[{"key":"c","value":"d"}]}}`, id)
	do(v, c2.BatchDeleteSubnetTags, `{"subnet_id":%q,"body":{"action":"delete","tags":[{"key":"a","value":"b"}]}}`, id)
	do(v, c2.DeleteSubnetTag, `{"subnet_id":%q,"key":"single"}`, id)
	tags := *do(v, c2.ShowSubnetTags, `{"subnet_id":%q}`, id).Tags
	want(v, "tags", len(tags), 1)
	want(v, "keys of all tags", len(*do(v, c2.ListSubnetTags, `{}`).Tags), 1)
	want(v, "subnets with the tag", *do(v, c2.ListSubnetsByTags, `{"body":{"action":"count","tags":[{"key":"c","values":["d"]}]}}`).TotalCount, 1)

	refused(v, 400, "VPC.0204", c2.CreateSubnet, `{"body":{"subnet":{"name":"s","vpc_id":%q,"cidr":"10.0.1.0/25","gateway_ip":"10.0.1.1"}}}`, vpc)
	refused(v, 400, "VPC.0203", c2.CreateSubnet, `{"body":{"subnet":{"name":"s","vpc_id":%q,"cidr":"10.1.1.0/25","gateway_ip":"10.1.1.1"}}}`, vpc)
	refused(v, 404, "VPC.0003", c2.CreateSubnet, `{"body":{"subnet":{"name":"s","vpc_id":"none","cidr":"10.1.1.0/25","gateway_ip":"10.1.1.1"}}}`)
	refused(v, 409, "VPC.0104", c2.DeleteVpc, `{"vpc_id":%q}`, vpc)
	for _, id := range listed {
		do(v, c2.DeleteSubnet, `{"vpc_id":%q,"subnet_id":%q}`, vpc, id)
	}
	refused(v, 404, "VPC.0202", c2.ShowSubnet, `{"subnet_id":%q}`, id)
	refused(v, 404, "VPC.0202", c3.ShowVirsubnet, `{"virsubnet_id":%q}`, id)
	do(v, c2.DeleteVpc, `{"vpc_id":%q}`, vpc)
}

func (v *vendor) ports(c *vpc2.VpcClient, c3 *vpc3.VpcClient) {
	vpc := v.newVPC(c, "net", "10.0.0.0/16")
	subnet := v.newSubnet(c, vpc, "one", "10.0.1.0/24", "10.0.1.1")
	made := do(v, c.CreatePort, `{"body":{"port":{"name":"p","network_id":%q,"fixed_ips":[{"ip_address":"10.0.1.7"}],
		"allowed_address_pairs":[{"ip_address":"10.0.9.0/24"}]}}}`, subnet).Port
	want(v, "address and state", *made.FixedIps[0].IpAddress+" "+made.Status.Value(), "10.0.1.7 DOWN")
	read := do(v, c.ShowPort, `{"port_id":%q}`, made.Id).Port
	want(v, "MAC", read.MacAddress, made.MacAddress)
	changed := do(v, c.UpdatePort, `{"port_id":%q,"body":{"port":{"name":"q","security_groups":[],"allowed_address_pairs":[]}}}`, made.Id).Port
	want(v, "what was changed", changed.Name == "q" && len(changed.SecurityGroups) == 0 && len(changed.AllowedAddressPairs) == 0, true)
	do(v, c3.BatchCreatePortTags, `{"port_id":%q,"body":{"tags":[{"key":"a","value":"b"},{"key":"c","value":"d"}]}}`, made.Id)
	do(v, c3.BatchDeletePortTags, `{"port_id":%q,"body":{"tags":[{"key":"a"}]}}`, made.Id)
	read3 := do(v, c3.ShowPort, `{"port_id":%q}`, made.Id).Port
	want(v, "subnet, VPC and address in v3", read3.VirsubnetId+" "+read3.VpcId+" "+read3.PrivateIps[0].IpAddress, subnet+" "+vpc+" 10.0.1.7")
	want(v, "tag in v3", read3.Tags[0], model3.ResponseTag{Key: "c", Value: "d"})
	want(v, "ports of a name in v3", (*do(v, c3.ListPorts, `{"name":["q"],"virsubnet_id":[%q]}`, subnet).Ports)[0].Id, made.Id)
	refused(v, 400, "VPC.1801", c3.BatchCreatePortTags, `{"port_id":%q,"body":{"tags":[{"key":"a b","value":""}]}}`, made.Id)
	refused(v, 404, "VPC.2500", c3.ShowPort, `{"port_id":"none"}`)
	vip := do(v, c.CreatePort, `{"body":{"port":{"network_id":%q,"device_owner":"neutron:VIP_PORT"}}}`, subnet).Port
	want(v, "owner", vip.DeviceOwner.Value(), "neutron:VIP_PORT")

	ips := *do(v, c.CreatePrivateip, `{"body":{"privateips":[{"subnet_id":%q},{"subnet_id":%q,"ip_address":"10.0.1.9"}]}}`, subnet, subnet).Privateips
	want(v, "address", ips[1].IpAddress, "10.0.1.9")
	want(v, "address", do(v, c.ShowPrivateip, `{"privateip_id":%q}`, ips[1].Id).Privateip.IpAddress, "10.0.1.9")
	listed := walk(v, func(marker string) []model2.Privateip {
		return *do(v, c.ListPrivateips, `{"subnet_id":%q,"limit":4%s}`, subnet, from(marker)).Privateips
	}, 4, func(o model2.Privateip) string { return o.Id })
	want(v, "addresses in use", len(listed), 6) // those of the gateway and of DHCP too
	ports := walk(v, func(marker string) []model2.Port {
		return *do(v, c.ListPorts, `{"network_id":%q,"limit":4%s}`, subnet, from(marker)).Ports
	}, 4, func(o model2.Port) string { return o.Id })
	want(v, "ports", slices.Equal(listed, ports), true)
	want(v, "ports of an owner and an address", len(*do(v, c.ListPorts, `{"device_owner":"neutron:VIP_PORT","fixed_ips":["ip_address=%s"]}`, *vip.FixedIps[0].IpAddress).Ports), 1)

	refused(v, 409, "VPC.0701", c.CreatePort, `{"body":{"port":{"network_id":%q,"fixed_ips":[{"ip_address":"10.0.1.7"}]}}}`, subnet)
	refused(v, 409, "VPC.0208", c.DeleteSubnet, `{"vpc_id":%q,"subnet_id":%q}`, vpc, subnet)
	for _, id := range []string{made.Id, vip.Id} {
		do(v, c.DeletePort, `{"port_id":%q}`, id)
	}
	for _, ip := range ips {
		do(v, c.DeletePrivateip, `{"privateip_id":%q}`, ip.Id)
	}
	refused(v, 404, "VPC.2500", c.ShowPort, `{"port_id":%q}`, made.Id)
	do(v, c.DeleteSubnet, `{"vpc_id":%q,"subnet_id":%q}`, vpc, subnet)
	do(v, c.DeleteVpc, `{"vpc_id":%q}`, vpc)
}

func (v *vendor) securityGroups(c2 *vpc2.VpcClient, c3 *vpc3.VpcClient) {
	made := do(v, c3.CreateSecurityGroup, `{"body":{"security_group":{"name":"one","description":"d","tags":[{"key":"a","value":"b"}]}}}`).SecurityGroup
	id := made.Id
	read := do(v, c3.ShowSecurityGroup, `{"security_group_id":%q}`, id).SecurityGroup
	want(v, "name and project", read.Name+" "+read.ProjectId, "one "+project)
	want(v, "rules", len(read.SecurityGroupRules), 4)
	changed := do(v, c3.UpdateSecurityGroup, `{"security_group_id":%q,"body":{"security_group":{"name":"two","description":""}}}`, id).SecurityGroup
	want(v, "name", changed.Name, "two")
	groups := walk(v, func(marker string) []model3.SecurityGroup {
		return *do(v, c3.ListSecurityGroups, `{"limit":1%s}`, from(marker)).SecurityGroups
	}, 1, func(o model3.SecurityGroup) string { return o.Id })
	want(v, "groups", len(groups), 2) // the project's default one too

	do(v, c2.CreateSecurityGroupTag, `{"security_group_id":%q,"body":{"tag":{"key":"single","value":"1"}}}`, id)
	do(v, c2.BatchCreateSecurityGroupTags, `{"security_group_id":%q,"body":{"action":"create","tags":[{"key":"c","value":"d"}]}}`, id)
	do(v, c2.BatchDeleteSecurityGroupTags, `{"security_group_id":%q,"body":{"action":"delete","tags":[{"key":"a","value":"b"}]}}`, id)
	do(v, c2.DeleteSecurityGroupTag, `{"security_group_id":%q,"key":"single"}`, id)
	want(v, "tags", len(*do(v, c2.ShowSecurityGroupTags, `{"security_group_id":%q}`, id).Tags), 1)
	want(v, "keys of all tags", len(*do(v, c2.ListSecurityGroupTags, `{}`).Tags), 1)
	want(v, "groups with the tag", *do(v, c2.ListSecurityGroupsByTags, `{"body":{"action":"count","tags":[{"key":"c","values":["d"]}]}}`).TotalCount, 1)

	do(v, c3.DeleteSecurityGroup, `{"security_group_id":%q}`, id)
	refused(v, 404, "VPC.0602", c3.ShowSecurityGroup, `{"security_group_id":%q}`, id)
}

func (v *vendor) securityGroupRules(c *vpc3.VpcClient) {
	newGroup := func(name string) string {
		return do(v, c.CreateSecurityGroup, `{"body":{"security_group":{"name":%q}}}`, name).SecurityGroup.Id
	}
	group, other := newGroup("one"), newGroup("two")
	made := do(v, c.CreateSecurityGroupRule, `{"body":{"security_group_rule":{"security_group_id":%q,"direction":"ingress","protocol":"tcp",
		"multiport":"22,80-90","remote_group_id":%q,"priority":"7","action":"deny","enabled":false,"description":"d"}}}`, group, other).SecurityGroupRule
	read := do(v, c.ShowSecurityGroupRule, `{"security_group_rule_id":%q}`, made.Id).SecurityGroupRule
	want(v, "rule", read.Direction+" "+read.Ethertype+" "+read.Protocol+" "+read.Multiport+" "+read.Action, "ingress IPv4 tcp 22,80-90 deny")
	want(v, "priority", read.Priority, 7)
	want(v, "remote group", read.RemoteGroupId, other)
	want(v, "whether it is in force", read.Enabled, false)
	rules := walk(v, func(marker string) []model3.SecurityGroupRule {
		return *do(v, c.ListSecurityGroupRules, `{"security_group_id":[%q],"limit":2%s}`, group, from(marker)).SecurityGroupRules
	}, 2, func(o model3.SecurityGroupRule) string { return o.Id })
	want(v, "rules", len(rules), 5)
	want(v, "rules of a protocol and a priority", len(*do(v, c.ListSecurityGroupRules, `{"protocol":["tcp"],"priority":[7]}`).SecurityGroupRules), 1)
	refused(v, 409, "VPC.0602", c.CreateSecurityGroupRule, `{"body":{"security_group_rule":{"security_group_id":%q,"direction":"egress"}}}`, group)
	refused(v, 400, "VPC.0606", c.CreateSecurityGroupRule, `{"body":{"security_group_rule":{"security_group_id":%q,"direction":"up"}}}`, group)
	refused(v, 409, "VPC.0602", c.DeleteSecurityGroup, `{"security_group_id":%q}`, other)
	do(v, c.DeleteSecurityGroupRule, `{"security_group_rule_id":%q}`, made.Id)
	refused(v, 404, "VPC.0602", c.ShowSecurityGroupRule, `{"security_group_rule_id":%q}`, made.Id)
	for _, id := range []string{group, other} {
		do(v, c.DeleteSecurityGroup, `{"security_group_id":%q}`, id)
	}
}

func (v *vendor) peerings(c *vpc2.VpcClient) {
	credentials, err := basic.NewCredentialsBuilder().WithAk("sandbox").WithSk("sandbox").WithProjectId(extra).SafeBuild()
	other := vpc2.NewVpcClient(v.connect(core.NewHcHttpClientBuilder().WithEndpoint("http://vpc.cn-north-4.sandbox.test"), credentials, err))
	a, b, foreign := v.newVPC(c, "a", "10.0.0.0/16"), v.newVPC(c, "b", "10.1.0.0/16"), v.newVPC(other, "c", "10.2.0.0/16")
	const create = `{"body":{"peering":{"name":"p","description":"d","request_vpc_info":{"vpc_id":%q},"accept_vpc_info":{"vpc_id":%q,"tenant_id":%q}}}}`
	own := do(v, c.CreateVpcPeering, create, a, b, project).Peering
	want(v, "status", own.Status.Value(), "ACTIVE")
	asked := do(v, c.CreateVpcPeering, create, a, foreign, extra).Peering
	want(v, "status before the other project says yes", asked.Status.Value(), "PENDING_ACCEPTANCE")
	accepted := do(v, other.AcceptVpcPeering, `{"peering_id":%q}`, asked.Id)
	want(v, "status after it", accepted.Status.Value(), "ACTIVE")
	refused(v, 409, "", other.RejectVpcPeering, `{"peering_id":%q}`, asked.Id)
	do(v, other.DeleteVpcPeering, `{"peering_id":%q}`, asked.Id)
	asked = do(v, c.CreateVpcPeering, create, a, foreign, extra).Peering
	rejected := do(v, other.RejectVpcPeering, `{"peering_id":%q}`, asked.Id)
	want(v, "status after a no", rejected.Status.Value(), "REJECTED")
	do(v, c.UpdateVpcPeering, `{"peering_id":%q,"body":{"peering":{"name":"q","description":""}}}`, own.Id)
	read := do(v, c.ShowVpcPeering, `{"peering_id":%q}`, own.Id).Peering
	want(v, "name and peer", read.Name+" "+read.AcceptVpcInfo.VpcId, "q "+b)
	listed := walk(v, func(marker string) []model2.VpcPeering {
		return *do(v, c.ListVpcPeerings, `{"vpc_id":%q,"limit":1%s}`, a, from(marker)).Peerings
	}, 1, func(o model2.VpcPeering) string { return o.Id })
	want(v, "peerings", len(listed), 2)
	refused(v, 409, "VPC.0104", c.DeleteVpc, `{"vpc_id":%q}`, a)
	for _, id := range listed {
		do(v, c.DeleteVpcPeering, `{"peering_id":%q}`, id)
	}
	refused(v, 404, "", c.ShowVpcPeering, `{"peering_id":%q}`, own.Id)
	for _, id := range []string{a, b} {
		do(v, c.DeleteVpc, `{"vpc_id":%q}`, id)
	}
	do(v, other.DeleteVpc, `{"vpc_id":%q}`, foreign)
}

func (v *vendor) routeTables(c *vpc2.VpcClient) {
	vpc := v.newVPC(c, "net", "10.0.0.0/16")
	subnet := v.newSubnet(c, vpc, "one", "10.0.1.0/24", "10.0.1.1")
	made := do(v, c.CreateRouteTable, `{"body":{"routetable":{"name":"one","description":"d","vpc_id":%q,
		"routes":[{"type":"nat","destination":"0.0.0.0/0","nexthop":"gateway","description":"out"}]}}}`, vpc).Routetable
	id := made.Id
	want(v, "table", made.Name+" "+made.Description+" "+made.VpcId, "one d "+vpc)
	want(v, "whether it is the default one", made.Default, false)
	changed := do(v, c.UpdateRouteTable, `{"routetable_id":%q,"body":{"routetable":{"name":"two","description":"","routes":{
		"add":[{"type":"er","destination":"172.16.0.0/12","nexthop":"router"},{"type":"vpn","destination":"192.168.0.0/16","nexthop":"gateway"}],
		"mod":[{"type":"er","destination":"0.0.0.0/0","nexthop":"router"}]}}}}`, id).Routetable
	want(v, "name", changed.Name, "two")
	do(v, c.UpdateRouteTable, `{"routetable_id":%q,"body":{"routetable":{"routes":{"del":[{"destination":"192.168.0.0/16"}]}}}}`, id)
	read := do(v, c.ShowRouteTable, `{"routetable_id":%q}`, id).Routetable
	var own []string
	for _, route := range read.Routes {
		if route.Type != "local" {
			own = append(own, route.Type+" "+route.Destination+" "+route.Nexthop)
		}
	}
	want(v, "routes", strings.Join(own, ", "), "er 0.0.0.0/0 router, er 172.16.0.0/12 router")
	refused(v, 400, "VPC.2812", c.UpdateRouteTable, `{"routetable_id":%q,"body":{"routetable":{"routes":{"add":[{"type":"er","destination":"0.0.0.0/0","nexthop":"router"}]}}}}`, id)

	joined := do(v, c.AssociateRouteTable, `{"routetable_id":%q,"body":{"routetable":{"subnets":{"associate":[%q]}}}}`, id, subnet).Routetable
	want(v, "subnet", joined.Subnets[0].Id, subnet)
	want(v, "the table of a subnet", (*do(v, c.ListRouteTables, `{"subnet_id":%q}`, subnet).Routetables)[0].Id, id)
	refused(v, 409, "VPC.2805", c.DeleteRouteTable, `{"routetable_id":%q}`, id)
	left := do(v, c.DisassociateRouteTable, `{"routetable_id":%q,"body":{"routetable":{"subnets":{"disassociate":[%q]}}}}`, id, subnet).Routetable
	want(v, "subnets", len(left.Subnets), 0)

	listed := walk(v, func(marker string) []model2.RouteTableListResp {
		return *do(v, c.ListRouteTables, `{"vpc_id":%q,"limit":1%s}`, vpc, from(marker)).Routetables
	}, 1, func(o model2.RouteTableListResp) string { return o.Id })
	want(v, "tables", len(listed), 2)
	main := (*do(v, c.ListRouteTables, `{"subnet_id":%q}`, subnet).Routetables)[0]
	want(v, "whether it is the default one", main.Default, true)
	refused(v, 409, "VPC.2804", c.DeleteRouteTable, `{"routetable_id":%q}`, main.Id)
	do(v, c.DeleteRouteTable, `{"routetable_id":%q}`, id)
	refused(v, 404, "VPC.2808", c.ShowRouteTable, `{"routetable_id":%q}`, id)
	do(v, c.DeleteSubnet, `{"vpc_id":%q,"subnet_id":%q}`, vpc, subnet)
	do(v, c.DeleteVpc, `{"vpc_id":%q}`, vpc)
}
