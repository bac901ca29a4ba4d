package contract

import (
	"testing"

	eip2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2"
	model2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2/model"
	eip3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v3"
	model3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v3/model"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
)

func TestEIP(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c, c3 := client(v, "vpc", eip2.NewEipClient), client(v, "vpc", eip3.NewEipClient)

	const plain = `{"body":{"publicip":{"type":"5_bgp"},"bandwidth":{"name":"b","size":5,"share_type":"PER"}}}`
	id := *do(v, c.CreatePublicip, `{"body":{"publicip":{"type":"5_sbgp","alias":"web","ip_version":6},
		"bandwidth":{"name":"web","size":10,"share_type":"PER","charge_mode":"traffic"},"enterprise_project_id":"0"}}`).Publicip.Id
	read := do(v, c.ShowPublicip, `{"publicip_id":%q}`, id).Publicip
	want(v, "name and status", *read.Alias+" "+read.Status.Value(), "web DOWN")
	whole := do(v, c3.ShowPublicip, `{"publicip_id":%q}`, id).Publicip
	want(v, "pool and charge mode", *whole.PublicipPoolName+" "+*whole.Bandwidth.ChargeMode, "5_sbgp traffic")
	refused(v, 404, "VPC.0504", c.ShowPublicip, `{"publicip_id":"x"}`)
	refused(v, 404, "VPC.0504", c3.ShowPublicip, `{"publicip_id":"x"}`)
	refused(v, 400, "VPC.0501", c.CreatePublicip, `{"body":{"publicip":{"type":"6_bgp"},"bandwidth":{"name":"b","size":5,"share_type":"PER"}}}`)

	const tags = `{"publicip_id":%q,"body":{"action":%q,"tags":[{"key":"env","value":"prod"}]}}`
	do(v, c.BatchCreatePublicipTags, tags, id, "create")
	want(v, "tag as v3 has it", (*do(v, c3.ShowPublicip, `{"publicip_id":%q,"fields":["id","tags"]}`, id).Publicip.Tags)[0], "env=prod")
	want(v, "tag as v1 has it", (*do(v, c.ShowPublicip, `{"publicip_id":%q}`, id).Publicip.Tags)[0], "env=prod")
	do(v, c.CreatePublicipTag, `{"publicip_id":%q,"body":{"tag":{"key":"a","value":"1"}}}`, id)
	want(v, "tags", len(*do(v, c.ShowPublicipTags, `{"publicip_id":%q}`, id).Tags), 2)
	want(v, "keys", len(*do(v, c.ListPublicipTags, `{}`).Tags), 2)
	want(v, "tagged", *do(v, c.ListPublicipsByTags, `{"body":{"action":"filter","tags":[{"key":"a","values":["1"]}]}}`).TotalCount, 1)
	do(v, c.DeletePublicipTag, `{"publicip_id":%q,"key":"a"}`, id)
	do(v, c.BatchDeletePublicipTags, tags, id, "delete")

	do(v, c.UpdatePublicip, `{"publicip_id":%q,"body":{"publicip":{"ip_version":4}}}`, id)
	want(v, "description", *do(v, c3.UpdatePublicip, `{"publicip_id":%q,"body":{"publicip":{"description":"d"}}}`, id).Publicip.Description, "d")
	own := *whole.Bandwidth.Id
	want(v, "size", *do(v, c.UpdateBandwidth, `{"bandwidth_id":%q,"body":{"bandwidth":{"name":"own","size":20,"charge_mode":"bandwidth"}}}`, own).Bandwidth.Size, 20)
	refused(v, 400, "VPC.0301", c.UpdateBandwidth, `{"bandwidth_id":%q,"body":{"bandwidth":{"size":2001}}}`, own)

	beside := &vendor{T: t, server: v.server, wire: v.wire, called: map[string]bool{}, used: map[int]bool{}} // TestVPC is about the network
	network := client(beside, "vpc", vpc2.NewVpcClient)
	vpc := do(beside, network.CreateVpc, `{"body":{"vpc":{"name":"one","cidr":"10.1.0.0/16"}}}`).Vpc.Id
	subnet := do(beside, network.CreateSubnet, `{"body":{"subnet":{"name":"one","vpc_id":%q,"cidr":"10.1.1.0/24","gateway_ip":"10.1.1.1"}}}`, vpc).Subnet.Id
	port := do(beside, network.CreatePort, `{"body":{"port":{"network_id":%q}}}`, subnet).Port.Id
	bound := do(v, c3.AssociatePublicips, `{"publicip_id":%q,"body":{"publicip":{"associate_instance_type":"PORT","associate_instance_id":%q}}}`, id, port).Publicip
	want(v, "port and VPC", *bound.Vnic.PortId+" "+*bound.Vnic.VpcId, port+" "+vpc)
	want(v, "status", do(v, c3.ShowPublicip, `{"publicip_id":%q}`, id).Publicip.Status.Value(), "ACTIVE")
	refused(v, 409, "VPC.0517", c.DeletePublicip, `{"publicip_id":%q}`, id)
	do(v, c3.DisassociatePublicips, `{"publicip_id":%q}`, id)
	refused(v, 409, "EIP.7902", c3.DisassociatePublicips, `{"publicip_id":%q}`, id)

	shared := *do(v, c.CreateSharedBandwidth, `{"body":{"bandwidth":{"name":"all","size":5,"charge_mode":"95peak_plus"}}}`).Bandwidth.Id
	moved := do(v, c3.AttachShareBandwidth, `{"publicip_id":%q,"body":{"publicip":{"bandwidth_id":%q}}}`, id, shared).Publicip
	want(v, "shared bandwidth", *moved.Bandwidth.Id, shared)
	want(v, "members", len(*do(v, c.ShowBandwidth, `{"bandwidth_id":%q}`, shared).Bandwidth.PublicipInfo), 1)
	refused(v, 409, "VPC.0305", c.DeleteSharedBandwidth, `{"bandwidth_id":%q}`, shared)
	do(v, c3.DetachShareBandwidth, `{"publicip_id":%q,"body":{"publicip":{"bandwidth":{"size":5,"charge_mode":"traffic"}}}}`, id)

	for range 3 {
		do(v, c.CreatePublicip, plain)
		do(v, c.CreateSharedBandwidth, `{"body":{"bandwidth":{"name":"more","size":5}}}`)
	}
	walk(v, func(marker string) []model2.PublicipShowResp {
		return *do(v, c.ListPublicips, `{"limit":3%s}`, from(marker)).Publicips
	}, 3, func(o model2.PublicipShowResp) string { return *o.Id })
	walk(v, func(marker string) []model3.PublicipSingleShowResp {
		return *do(v, c3.ListPublicips, `{"limit":3,"bandwidth.share_type":["PER"],"fields":["id","alias"]%s}`, from(marker)).Publicips
	}, 3, func(o model3.PublicipSingleShowResp) string { return *o.Id })
	walk(v, func(marker string) []model2.BandwidthResp {
		return *do(v, c.ListBandwidths, `{"limit":3,"share_type":"WHOLE"%s}`, from(marker)).Bandwidths
	}, 3, func(o model2.BandwidthResp) string { return *o.Id })
	want(v, "addresses", *do(v, c.ListQuotas, `{"type":"publicIp"}`).Quotas.Resources[0].Used, 4)

	do(v, c.DeleteSharedBandwidth, `{"bandwidth_id":%q}`, shared)
	do(v, c.DeletePublicip, `{"publicip_id":%q}`, id)
	v.covers("vpc")
}
