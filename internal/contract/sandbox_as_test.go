package contract

import (
	"fmt"
	"testing"

	as1 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/as/v1"
	ecs2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ecs/v2"
	smn2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/smn/v2"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
)

// scaler is the SDK as the client of a sandbox with a network for groups.
type scaler struct {
	*vendor
	c             *as1.AsClient
	fleet         *fleet
	configuration string
	group         string
}

func TestAS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	f := &fleet{vendor: v, c: client(v, "ecs", ecs2.NewEcsClient), network: client(v, "vpc", vpc2.NewVpcClient)}
	f.vpc = v.newVPC(f.network, "net", "10.0.0.0/16")
	f.subnet = v.newSubnet(f.network, f.vpc, "one", "10.0.1.0/24", "10.0.1.1")
	do(v, f.c.NovaCreateKeypair, `{"body":{"keypair":{"name":"deploy"}}}`)
	s := &scaler{vendor: v, c: client(v, "as", as1.NewAsClient), fleet: f}
	s.configurations()
	s.groups()
	s.instances()
	s.policies()
	s.told()
	s.deletions()
	v.covers("as")
}

func (s *scaler) configurations() {
	s.Helper()
	const body = `{"body":{"scaling_configuration_name":"web","instance_config":{"flavorRef":"s6.small.1","imageRef":%q,"key_name":"deploy",
		"disk":[{"size":40,"volume_type":"SSD","disk_type":"SYS"},{"size":10,"volume_type":"SAS","disk_type":"DATA","metadata":{"__system__encrypted":"1","__system__cmkid":"k"}}],
		"personality":[{"path":"/etc/motd","content":"aGk="}],"user_data":"aGk=","market_type":"spot","cpu_options":{"hw_cpu_threads":2},
		"public_ip":{"eip":{"ip_type":"5_bgp","bandwidth":{"size":5,"share_type":"PER","charging_mode":"traffic"}}}}}}`
	s.configuration = *do(s.vendor, s.c.CreateScalingConfig, body, ubuntu).ScalingConfigurationId
	shown := do(s.vendor, s.c.ShowScalingConfig, `{"scaling_configuration_id":%q}`, s.configuration).ScalingConfiguration
	want(s.vendor, "flavor", *shown.InstanceConfig.FlavorRef, "s6.small.1")
	want(s.vendor, "disks", len(*shown.InstanceConfig.Disk), 2)
	do(s.vendor, s.c.UpdateScalingConfig, `{"scaling_configuration_id":%q,"body":{"instance_config":{"imageRef":%q}}}`, s.configuration, ubuntu)
	want(s.vendor, "configurations", *do(s.vendor, s.c.ListScalingConfigs, `{"scaling_configuration_name":"web","start_number":0,"limit":10}`).TotalNumber, 1)
	refused(s.vendor, 400, "AS.1015", s.c.CreateScalingConfig, body, "none")
	// What the tests' servers cost is not of interest: one without an address and a market.
	plain := `{"body":{"scaling_configuration_name":"plain","instance_config":{"flavorRef":"s6.small.1","imageRef":%q,"key_name":"deploy","disk":[{"size":40,"volume_type":"SSD","disk_type":"SYS"}]}}}`
	s.configuration = *do(s.vendor, s.c.CreateScalingConfig, plain, ubuntu).ScalingConfigurationId
}

func (s *scaler) groups() {
	s.Helper()
	s.group = *do(s.vendor, s.c.CreateScalingGroup, `{"body":{"scaling_group_name":"web","scaling_configuration_id":%q,"vpc_id":%q,
		"networks":[{"id":%q,"allowed_address_pairs":[{"ip_address":"1.1.1.1/0"}]}],"min_instance_number":0,"desire_instance_number":1,"max_instance_number":5,
		"lbaas_listeners":[{"pool_id":"p","protocol_port":80,"weight":1}],"tags":[{"key":"env","value":"prod"}]}}`, s.configuration, s.fleet.vpc, s.fleet.subnet).ScalingGroupId
	s.has(0, 1)
	do(s.vendor, s.c.ResumeScalingGroup, `{"scaling_group_id":%q,"body":{"action":"resume"}}`, s.group)
	s.has(1, 1)
	do(s.vendor, s.c.UpdateScalingGroup, `{"scaling_group_id":%q,"body":{"desire_instance_number":2,"description":"shop"}}`, s.group)
	s.has(2, 2)
	do(s.vendor, s.c.PauseScalingGroup, `{"scaling_group_id":%q,"body":{"action":"pause"}}`, s.group)
	want(s.vendor, "groups", *do(s.vendor, s.c.ListScalingGroups, `{"scaling_group_name":"web","scaling_group_status":"PAUSED","start_number":0,"limit":10}`).TotalNumber, 1)
	do(s.vendor, s.c.ResumeScalingGroup, `{"scaling_group_id":%q,"body":{"action":"resume"}}`, s.group)
	const tags = `{"resource_type":"scaling_group_tag","resource_id":%q%s}`
	do(s.vendor, s.c.CreateScalingTagInfo, tags, s.group, `,"body":{"action":"create","tags":[{"key":"by","value":"me"}]}`)
	do(s.vendor, s.c.DeleteScalingTagInfo, tags, s.group, `,"body":{"action":"delete","tags":[{"key":"env","value":"prod"}]}`)
	want(s.vendor, "tags", len(*do(s.vendor, s.c.ListScalingTagInfosByResourceId, tags, s.group, "").Tags), 1)
	refused(s.vendor, 400, "AS.2007", s.c.ShowScalingGroup, `{"scaling_group_id":"none"}`)
}

// has expects how many servers the group has and wants.
func (s *scaler) has(current, wanted int32) {
	s.Helper()
	shown := do(s.vendor, s.c.ShowScalingGroup, `{"scaling_group_id":%q}`, s.group).ScalingGroup
	want(s.vendor, "servers", *shown.CurrentInstanceNumber, current)
	want(s.vendor, "wanted", *shown.DesireInstanceNumber, wanted)
}

func (s *scaler) instances() {
	s.Helper()
	server := s.fleet.server("pet", "")
	body := func(action, more string) string {
		return fmt.Sprintf(`{"scaling_group_id":%q,"body":{"action":%q,"instances_id":[%q]%s}}`, s.group, action, server, more)
	}
	do(s.vendor, s.c.BatchAddScalingInstances, "%s", body("ADD", ""))
	s.has(3, 3)
	do(s.vendor, s.c.BatchProtectScalingInstances, "%s", body("PROTECT", ""))
	want(s.vendor, "protected", *do(s.vendor, s.c.ListScalingInstances, `{"scaling_group_id":%q,"protect_from_scaling_down":"true","start_number":0,"limit":10}`, s.group).TotalNumber, 1)
	do(s.vendor, s.c.BatchUnprotectScalingInstances, "%s", body("UNPROTECT", ""))
	do(s.vendor, s.c.BatchSetScalingInstancesStandby, "%s", body("ENTER_STANDBY", `,"instance_append":"no"`))
	do(s.vendor, s.c.BatchUnsetScalingInstancesStantby, "%s", body("EXIT_STANDBY", ""))
	refused(s.vendor, 400, "AS.4029", s.c.BatchAddScalingInstances, "%s", body("ADD", ""))
	do(s.vendor, s.c.BatchRemoveScalingInstances, "%s", body("REMOVE", `,"instance_delete":"no"`))
	s.has(2, 2)
	s.fleet.show(server)
}

func (s *scaler) policies() {
	s.Helper()
	made := *do(s.vendor, s.c.CreateScalingV2Policy, `{"body":{"scaling_policy_name":"more","scaling_resource_id":%q,"scaling_resource_type":"SCALING_GROUP",
		"scaling_policy_type":"RECURRENCE","scheduled_policy":{"launch_time":"08:00","recurrence_type":"Daily","end_time":"2999-01-01T00:00Z"},
		"scaling_policy_action":{"operation":"ADD","size":1}}}`, s.group).ScalingPolicyId
	one := fmt.Sprintf(`{"scaling_policy_id":%q`, made)
	do(s.vendor, s.c.ExecuteScalingPolicy, "%s", one+`,"body":{"action":"execute"}}`)
	s.has(3, 3)
	do(s.vendor, s.c.PauseScalingPolicy, "%s", one+`,"body":{"action":"pause"}}`)
	do(s.vendor, s.c.ResumeScalingPolicy, "%s", one+`,"body":{"action":"resume"}}`)
	do(s.vendor, s.c.UpdateScalingV2Policy, "%s", one+`,"body":{"scaling_policy_type":"INTERVAL_ALARM","alarm_id":"al1513822380493GvlJKZwA8","interval_alarm_actions":[{"size":1,"upper_bound":1.5}]}}`)
	shown := do(s.vendor, s.c.ShowScalingV2Policy, "%s", one+`}`).ScalingPolicy
	want(s.vendor, "bound", *(*shown.IntervalAlarmActions)[0].UpperBound, 1.5)
	want(s.vendor, "policies", *do(s.vendor, s.c.ListAllScalingV2Policies, `{"scaling_resource_id":%q,"start_number":0,"limit":10}`, s.group).TotalNumber, 1)
	do(s.vendor, s.c.DeleteScalingPolicy, "%s", one+`}`)
	refused(s.vendor, 404, "AS.3020", s.c.ShowScalingV2Policy, "%s", one+`}`)
}

// told are the hooks and the notifications of the group.
func (s *scaler) told() {
	s.Helper()
	urn := *do(s.vendor, client(s.vendor, "smn", smn2.NewSmnClient).CreateTopic, `{"body":{"name":"alarms","display_name":""}}`).TopicUrn
	hook := fmt.Sprintf(`{"scaling_group_id":%q,"lifecycle_hook_name":"drain"`, s.group)
	body := fmt.Sprintf(`{"scaling_group_id":%q,"body":{"lifecycle_hook_name":"drain","lifecycle_hook_type":"INSTANCE_TERMINATING","notification_topic_urn":%q}}`, s.group, urn)
	want(s.vendor, "timeout", *do(s.vendor, s.c.CreateLifyCycleHook, "%s", body).DefaultTimeout, 3600)
	refused(s.vendor, 400, "AS.7041", s.c.CreateLifyCycleHook, "%s", body)
	do(s.vendor, s.c.UpdateLifeCycleHook, "%s", hook+`,"body":{"default_timeout":60}}`)
	want(s.vendor, "changed timeout", *do(s.vendor, s.c.ShowLifeCycleHook, "%s", hook+`}`).DefaultTimeout, 60)
	want(s.vendor, "hooks", len(*do(s.vendor, s.c.ListLifeCycleHooks, `{"scaling_group_id":%q}`, s.group).LifecycleHooks), 1)
	do(s.vendor, s.c.DeleteLifecycleHook, "%s", hook+`}`)
	do(s.vendor, s.c.CreateScalingNotification, `{"scaling_group_id":%q,"body":{"topic_urn":%q,"topic_scene":["SCALING_UP"]}}`, s.group, urn)
	want(s.vendor, "notifications", len(*do(s.vendor, s.c.ListScalingNotifications, `{"scaling_group_id":%q}`, s.group).Topics), 1)
	do(s.vendor, s.c.DeleteScalingNotification, `{"scaling_group_id":%q,"topic_urn":%q}`, s.group, urn)
}

func (s *scaler) deletions() {
	s.Helper()
	refused(s.vendor, 400, "AS.2021", s.c.DeleteScalingGroup, `{"scaling_group_id":%q,"force_delete":"no"}`, s.group)
	refused(s.vendor, 400, "AS.1006", s.c.DeleteScalingConfig, `{"scaling_configuration_id":%q}`, s.configuration)
	do(s.vendor, s.c.DeleteScalingGroup, `{"scaling_group_id":%q,"force_delete":"yes"}`, s.group)
	do(s.vendor, s.c.DeleteScalingConfig, `{"scaling_configuration_id":%q}`, s.configuration)
	refused(s.vendor, 404, "AS.1004", s.c.ShowScalingConfig, `{"scaling_configuration_id":%q}`, s.configuration)
}
