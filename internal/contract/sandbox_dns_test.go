package contract

import (
	"testing"

	dns2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
	eip2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
)

func TestDNS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "dns", dns2.NewDnsClient)

	public := *do(v, c.CreatePublicZone, `{"body":{"name":"example.com","zone_type":"public","email":"a@example.com","ttl":60,"tags":[{"key":"k","value":"v"}]}}`).Id
	want(v, "status", *do(v, c.ShowPublicZone, `{"zone_id":%q}`, public).Status, "ACTIVE")
	want(v, "name", *do(v, c.ShowPublicZone, `{"zone_id":%q}`, public).Name, "example.com.")
	do(v, c.UpdatePublicZone, `{"zone_id":%q,"body":{"description":"d"}}`, public)
	do(v, c.UpdatePublicZoneStatus, `{"zone_id":%q,"body":{"status":"DISABLE"}}`, public)
	do(v, c.UpdatePublicZoneStatus, `{"zone_id":%q,"body":{"status":"ENABLE"}}`, public)
	want(v, "public zones", len(*do(v, c.ListPublicZones, `{"type":"public","name":"example","search_mode":"like","tags":"k,v"}`).Zones), 1)
	for _, name := range []string{"a.com", "b.com", "c.com"} {
		do(v, c.CreatePublicZone, `{"body":{"name":%q}}`, name)
	}
	walk(v, func(marker string) []model.PublicZoneResp {
		return *do(v, c.ListPublicZones, `{"limit":3%s}`, from(marker)).Zones
	}, 3, func(z model.PublicZoneResp) string { return *z.Id })
	refused(v, 400, "DNS.0208", c.CreatePublicZone, `{"body":{"name":"example.com"}}`)

	network := client(v, "vpc", vpc2.NewVpcClient)
	one := do(v, network.CreateVpc, `{"body":{"vpc":{"name":"one","cidr":"10.1.0.0/16"}}}`).Vpc.Id
	two := do(v, network.CreateVpc, `{"body":{"vpc":{"name":"two","cidr":"10.2.0.0/16"}}}`).Vpc.Id
	private := *do(v, c.CreatePrivateZone, `{"body":{"name":"internal","zone_type":"private","router":{"router_id":%q,"router_region":"cn-north-4"},"proxy_pattern":"AUTHORITY"}}`, one).Id
	do(v, c.AssociateRouter, `{"zone_id":%q,"body":{"router":{"router_id":%q}}}`, private, two)
	do(v, c.DisassociateRouter, `{"zone_id":%q,"body":{"router":{"router_id":%q}}}`, private, one)
	want(v, "VPCs", len(*do(v, c.ShowPrivateZone, `{"zone_id":%q}`, private).Routers), 1)
	do(v, c.SetPrivateZoneProxyPattern, `{"zone_id":%q,"body":{"proxy_pattern":"RECURSIVE"}}`, private)
	do(v, c.UpdatePrivateZone, `{"zone_id":%q,"body":{"ttl":60}}`, private)
	do(v, c.UpdatePrivateZoneStatus, `{"zone_id":%q,"body":{"status":"DISABLE"}}`, private)
	want(v, "private zones", len(*do(v, c.ListPrivateZones, `{"type":"private","router_id":%q}`, two).Zones), 1)

	set := *do(v, c.CreateRecordSetWithLine, `{"zone_id":%q,"body":{"name":"www.example.com.","type":"A","records":["192.0.2.1"],"line":"Dianxin","weight":5}}`, public).Id
	alias := do(v, c.CreateRecordSetWithLine, `{"zone_id":%q,"body":{"name":"shop.example.com.","type":"CNAME","alias_target":{"resource_type":"waf","resource_domain_name":"x.example.net"}}}`, public)
	want(v, "alias", *alias.AliasTarget.ResourceType, "waf")
	do(v, c.UpdateRecordSets, `{"zone_id":%q,"recordset_id":%q,"body":{"name":"www.example.com.","type":"A","records":["192.0.2.2"]}}`, public, set)
	do(v, c.SetRecordSetsStatus, `{"recordset_id":%q,"body":{"status":"DISABLE"}}`, set)
	want(v, "record", (*do(v, c.ShowRecordSetWithLine, `{"zone_id":%q,"recordset_id":%q}`, public, set).Records)[0], "192.0.2.2")
	want(v, "record sets of the zone", len(*do(v, c.ShowRecordSetByZone, `{"zone_id":%q}`, public).Recordsets), 4)
	walk(v, func(marker string) []model.QueryRecordSetWithLineAndTagsResp {
		return *do(v, c.ListRecordSetsWithLine, `{"zone_type":"public","limit":2%s}`, from(marker)).Recordsets
	}, 2, func(s model.QueryRecordSetWithLineAndTagsResp) string { return *s.Id })

	do(v, c.CreateTag, `{"resource_type":"DNS-public_recordset","resource_id":%q,"body":{"tag":{"key":"a","value":"1"}}}`, set)
	do(v, c.BatchCreateTag, `{"resource_type":"DNS-public_recordset","resource_id":%q,"body":{"action":"create","tags":[{"key":"b","value":"2"}]}}`, set)
	want(v, "tags", len(*do(v, c.ShowResourceTag, `{"resource_type":"DNS-public_recordset","resource_id":%q}`, set).Tags), 2)
	want(v, "tagged", *do(v, c.ListTag, `{"resource_type":"DNS-public_recordset","body":{"action":"count","tags":[{"key":"a"}]}}`).TotalCount, 1)
	want(v, "keys", len(*do(v, c.ListTags, `{"resource_type":"DNS-public_recordset"}`).Tags), 2)
	do(v, c.DeleteTag, `{"resource_type":"DNS-public_recordset","resource_id":%q,"key":"a"}`, set)

	do(v, c.DeleteRecordSets, `{"zone_id":%q,"recordset_id":%q}`, public, set)
	refused(v, 404, "DNS.0313", c.ShowRecordSetWithLine, `{"zone_id":%q,"recordset_id":%q}`, public, set)
	do(v, c.DeletePublicZone, `{"zone_id":%q}`, public)
	refused(v, 404, "DNS.0302", c.ShowPublicZone, `{"zone_id":%q}`, public)
	do(v, c.DeletePrivateZone, `{"zone_id":%q}`, private)

	addresses := client(v, "vpc", eip2.NewEipClient)
	eip := *do(v, addresses.CreatePublicip, `{"body":{"publicip":{"type":"5_bgp"},"bandwidth":{"name":"b","size":5,"share_type":"PER"}}}`).Publicip.Id
	refused(v, 404, "DNS.0321", c.ShowPtrRecordSet, `{"region":"cn-north-4","floatingip_id":%q}`, eip)
	refused(v, 400, "DNS.0308", c.CreateEipRecordSet, `{"region":"cn-north-4","floatingip_id":%q,"body":{"ptrdname":"a..b"}}`, eip)
	ptr := *do(v, c.CreateEipRecordSet, `{"region":"cn-north-4","floatingip_id":%q,"body":{"ptrdname":"www.example.com","tags":[{"key":"k","value":"v"}]}}`, eip).Id
	want(v, "id", ptr, "cn-north-4:"+eip)
	do(v, c.UpdatePtrRecord, `{"region":"cn-north-4","floatingip_id":%q,"body":{"ptrdname":"mail.example.com","ttl":60}}`, eip)
	want(v, "name", *do(v, c.ShowPtrRecordSet, `{"region":"cn-north-4","floatingip_id":%q}`, eip).Ptrdname, "mail.example.com.")
	want(v, "PTR records", len(*do(v, c.ListPtrRecords, `{"limit":3,"tags":"k,v"}`).Floatingips), 1)
	want(v, "tags of a PTR record", len(*do(v, c.ShowResourceTag, `{"resource_type":"DNS-ptr_record","resource_id":%q}`, ptr).Tags), 1)
	do(v, c.RestorePtrRecord, `{"region":"cn-north-4","floatingip_id":%q,"body":{"ptrdname":null}}`, eip)
	refused(v, 404, "DNS.0321", c.ShowPtrRecordSet, `{"region":"cn-north-4","floatingip_id":%q}`, eip)

	v.covers("dns", "ShowBatchCreateRecordSetsTask", "DeleteBatchCreateRecordSetsTask")
}
