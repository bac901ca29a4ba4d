package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	asRoot  = "/as/autoscaling-api/v1/" + north
	asRoot2 = "/as/autoscaling-api/v2/" + north
)

// scaler is a fleet with a configuration for its groups.
type scaler struct {
	*fleet
	configuration string
}

func newScaler(t *testing.T, opts Options) *scaler {
	t.Helper()
	s := &scaler{fleet: newFleet(t, opts)}
	s.do(200, "POST", nova+"/os-keypairs", `{"keypair":{"name":"deploy"}}`)
	s.configuration = s.configure("")
	return s
}

// template is a request for a configuration, with changes to its instances.
func (s *scaler) template(change string) string {
	s.t.Helper()
	base := fmt.Sprintf(`{"flavorRef":"s6.small.1","imageRef":%q,"disk":[{"size":40,"volume_type":"SSD","disk_type":"SYS"}],"key_name":"deploy"}`, ubuntu)
	if change != "" {
		base = merged(s.t, base, change)
	}
	return `{"scaling_configuration_name":"web","instance_config":` + base + `}`
}

func (s *scaler) configure(change string) string {
	s.t.Helper()
	return s.do(200, "POST", asRoot+"/scaling_configuration", s.template(change)).str("scaling_configuration_id")
}

// body is a request for a group, with changes to it.
func (s *scaler) groupBody(change string) string {
	s.t.Helper()
	base := fmt.Sprintf(`{"scaling_group_name":"web","scaling_configuration_id":%q,"vpc_id":%q,"networks":[{"id":%q}],"min_instance_number":0,"desire_instance_number":2,"max_instance_number":3}`,
		s.configuration, s.vpcID, s.subnetID)
	if change != "" {
		base = merged(s.t, base, change)
	}
	return base
}

// group makes a group and returns its path.
func (s *scaler) scalingGroup(change string) string {
	s.t.Helper()
	return asRoot + "/scaling_group/" + s.do(200, "POST", asRoot+"/scaling_group", s.groupBody(change)).str("scaling_group_id")
}

// has expects what a group is.
func (s *scaler) has(group string, wants map[string]any) {
	s.t.Helper()
	whole := map[string]any{}
	for path, want := range wants {
		whole["scaling_group."+path] = want
	}
	s.want(s.do(200, "GET", group, ""), whole)
}

// instances are the places of a group.
func (s *scaler) instances(group, query string) answer {
	s.t.Helper()
	return s.do(200, "GET", strings.Replace(group, "/scaling_group/", "/scaling_group_instance/", 1)+"/list"+query, "")
}

func (s *scaler) act(group, action string) {
	s.t.Helper()
	s.do(204, "POST", group+"/action", fmt.Sprintf(`{"action":%q}`, action))
}

// A group is created without servers. Enabled, it makes them, in the time of a job; they are servers of ECS.
func TestScalingGroupLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScaler(t, Options{JobMS: 1000})
		g := s.scalingGroup(`{"tags":[{"key":"env","value":"prod"}]}`)
		s.has(g, map[string]any{
			"scaling_group_status": "PAUSED", "current_instance_number": 0, "is_scaling": false, "tags": []tag{{"env", "prod"}},
			"scaling_configuration_name": "web", "cool_down_time": 300, "health_periodic_audit_method": "NOVA_AUDIT", "available_zones.0": "cn-north-4a",
		})
		s.act(g, "resume")
		s.has(g, map[string]any{"scaling_group_status": "INSERVICE", "current_instance_number": 0, "is_scaling": true})
		s.want(s.instances(g, ""), map[string]any{"total_number": 2, "scaling_group_instances.0.life_cycle_state": "PENDING", "scaling_group_instances.0.health_status": "INITIALIZING"})
		s.refused(400, "AS.2047", "DELETE", g+"?force_delete=no", "")
		time.Sleep(time.Second)
		s.has(g, map[string]any{"current_instance_number": 2, "is_scaling": false})
		first := s.instances(g, "?life_cycle_state=INSERVICE&limit=1")
		s.want(first, map[string]any{"total_number": 2, "limit": 1, "scaling_group_instances.0.scaling_configuration_name": "web", "scaling_group_instances.1": nil})
		server := s.show(first.str("scaling_group_instances", 0, "instance_id"))
		s.want(server, map[string]any{
			"server.status": "ACTIVE", "server.flavor.id": "s6.small.1", "server.key_name": "deploy", "server.network_interfaces.0.subnet_id": s.subnetID,
			"server.name": first.str("scaling_group_instances", 0, "instance_name"),
		})
		if zone := s.show(s.instances(g, "?start_number=1").str("scaling_group_instances", 0, "instance_id")).str("server", "OS-EXT-AZ:availability_zone"); zone != "cn-north-4b" {
			t.Errorf("the second is in %s", zone)
		}

		s.do(200, "PUT", g, `{"desire_instance_number":1}`)
		s.has(g, map[string]any{"current_instance_number": 2, "is_scaling": true})
		s.want(s.instances(g, "?life_cycle_state=REMOVING"), map[string]any{"total_number": 1})
		time.Sleep(time.Second)
		s.has(g, map[string]any{"current_instance_number": 1, "is_scaling": false})
		if n := s.do(200, "GET", servers+"/detail", "").len("servers"); n != 1 {
			t.Errorf("%d servers are left", n)
		}

		s.refused(400, "AS.2021", "DELETE", g, "")
		s.do(204, "DELETE", g+"?force_delete=yes", "")
		s.has(g, map[string]any{"scaling_group_status": "DELETING"})
		s.refused(400, "AS.2033", "PUT", g, `{"cool_down_time":1}`)
		s.refused(400, "AS.1006", "DELETE", asRoot+"/scaling_configuration/"+s.configuration, "")
		time.Sleep(time.Second)
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			s.refused(400, "AS.2007", method, g, "{}")
		}
		if n := s.do(200, "GET", servers+"/detail", "").len("servers"); n != 0 {
			t.Errorf("%d servers are left", n)
		}
		s.do(204, "DELETE", asRoot+"/scaling_configuration/"+s.configuration, "")
	})
}

func TestScalingGroupRefusals(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	none := "5a0d80c0-2222-4222-8222-000000000000"
	other := s.vpc("172.16.0.0/12")
	for change, code := range map[string]string{
		`{"scaling_group_name":""}`:                                                        "AS.2002",
		`{"scaling_group_name":"a.b"}`:                                                     "AS.2022",
		fmt.Sprintf(`{"scaling_group_name":%q}`, strings.Repeat("a", 65)):                  "AS.2003",
		`{"scaling_configuration_id":""}`:                                                  "AS.2018",
		fmt.Sprintf(`{"scaling_configuration_id":%q}`, none):                               "AS.1004",
		`{"min_instance_number":4}`:                                                        "AS.2004",
		`{"min_instance_number":-1}`:                                                       "AS.2004",
		`{"desire_instance_number":4}`:                                                     "AS.2005",
		`{"desire_instance_number":0,"min_instance_number":1}`:                             "AS.2005",
		`{"cool_down_time":86401}`:                                                         "AS.2006",
		`{"vpc_id":""}`:                                                                    "AS.2017",
		fmt.Sprintf(`{"vpc_id":%q}`, none):                                                 "AS.2012",
		fmt.Sprintf(`{"vpc_id":%q}`, other):                                                "AS.2027",
		`{"networks":[]}`:                                                                  "AS.2013",
		fmt.Sprintf(`{"networks":[{"id":%q}]}`, none):                                      "AS.2013",
		fmt.Sprintf(`{"networks":[{"id":%q,"ipv6_enable":true}]}`, s.subnetID):             "AS.2048",
		`{"networks":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"},{"id":"6"}]}`: "AS.2024",
		fmt.Sprintf(`{"networks":[{"id":%q,"ipv6_bandwidth":{"id":"x"}}]}`, s.subnetID):    "AS.2050",
		fmt.Sprintf(`{"security_groups":[{"id":%q}]}`, none):                               "AS.2014",
		`{"security_groups":[{"id":"a"},{"id":"b"}]}`:                                      "AS.2025",
		`{"available_zones":["cn-north-4z"]}`:                                              "AS.2011",
		`{"lbaas_listeners":[{"pool_id":"","protocol_port":80,"weight":1}]}`:               "AS.2042",
		`{"lbaas_listeners":[{"pool_id":"p","protocol_port":0,"weight":1}]}`:               "AS.2039",
		`{"lbaas_listeners":[{"pool_id":"p","protocol_port":80,"weight":101}]}`:            "AS.2040",
		`{"lbaas_listeners":[{},{},{},{},{},{},{}]}`:                                       "AS.2037",
		`{"health_periodic_audit_method":"ELB_AUDIT"}`:                                     "AS.2029",
		`{"health_periodic_audit_time":2}`:                                                 "AS.2031",
		`{"health_periodic_audit_grace_period":-1}`:                                        "AS.2046",
		`{"instance_terminate_policy":"ANY"}`:                                              "AS.2032",
		`{"multi_az_priority_policy":"ANY"}`:                                               "AS.2053",
		fmt.Sprintf(`{"description":%q}`, strings.Repeat("字", 257)):                        "AS.0022",
		`{"tags":[{"key":""}]}`:                                                            "AS.7062",
		fmt.Sprintf(`{"tags":[{"key":%q}]}`, strings.Repeat("k", 37)):                      "AS.7063",
		fmt.Sprintf(`{"tags":[{"key":"k","value":%q}]}`, strings.Repeat("v", 44)):          "AS.7047",
	} {
		s.refused(400, code, "POST", asRoot+"/scaling_group", s.groupBody(change))
	}
	g := s.scalingGroup(`{"desire_instance_number":null,"min_instance_number":1}`)
	s.has(g, map[string]any{"desire_instance_number": 1})
	s.refused(400, "AS.2028", "PUT", g, `{"desire_instance_number":1}`)
	s.refused(400, "AS.2005", "PUT", g, `{"min_instance_number":2}`)
	s.refused(400, "AS.2033", "POST", g+"/action", `{"action":"pause"}`)
	s.refused(400, "AS.2008", "POST", g+"/action", `{"action":"stop"}`)
	s.refused(400, "AS.2019", "DELETE", g+"?force_delete=perhaps", "")
	s.do(200, "PUT", g, `{"available_zones":["cn-north-4b"],"lbaas_listeners":[{"pool_id":"p","protocol_port":80,"weight":1}],"scaling_group_name":"shop"}`)
	s.has(g, map[string]any{"available_zones": []string{"cn-north-4b"}, "lbaas_listeners.0.protocol_version": "IPV4", "scaling_group_name": "shop"})
	s.has(g, map[string]any{"health_periodic_audit_method": "ELB_AUDIT"})
	s.do(200, "PUT", g, `{"lbaas_listeners":[]}`)
	s.has(g, map[string]any{"health_periodic_audit_method": "NOVA_AUDIT"})
	s.act(g, "resume")
	s.refused(400, "AS.2030", "PUT", g, `{"available_zones":["cn-north-4a"]}`)
	s.act(g, "pause")
	s.refused(400, "AS.2030", "PUT", g, `{"networks":[]}`) // there is a server
	tags := strings.Replace(g, "/scaling_group/", "/scaling_group_tag/", 1) + "/tags"
	s.do(204, "POST", tags+"/action", `{"action":"create","tags":[{"key":"env","value":"prod"},{"key":"by","value":""}]}`)
	s.do(204, "POST", tags+"/action", `{"action":"delete","tags":[{"key":"by"}]}`)
	s.want(s.do(200, "GET", tags, ""), map[string]any{"tags": []tag{{"env", "prod"}}})
	s.refused(400, "AS.7049", "POST", tags+"/action", `{"action":"replace","tags":[{"key":"by"}]}`)
	s.refused(400, "AS.7044", "POST", tags+"/action", `{"action":"create","tags":[]}`)
	s.control(200, "PUT", "config", `{"quotas":{"scaling_group":1,"scaling_configuration":1,"scaling_policy":0,"scaling_lifecycle_hook":0,"scaling_notification":0}}`)
	s.refused(400, "AS.2023", "POST", asRoot+"/scaling_group", s.groupBody(""))
	s.refused(400, "AS.1024", "POST", asRoot+"/scaling_configuration", s.template(""))
	id := strings.TrimPrefix(g, asRoot+"/scaling_group/")
	s.refused(400, "AS.3032", "POST", asRoot2+"/scaling_policy", policyOf(id, ""))
	urn := s.topic("alarms")
	s.refused(400, "AS.7038", "POST", asRoot+"/scaling_lifecycle_hook/"+id, fmt.Sprintf(`{"lifecycle_hook_name":"a","lifecycle_hook_type":"INSTANCE_LAUNCHING","notification_topic_urn":%q}`, urn))
	s.refused(400, "AS.0022", "PUT", asRoot+"/scaling_notification/"+id, fmt.Sprintf(`{"topic_urn":%q,"topic_scene":["SCALING_UP"]}`, urn))
	for query, n := range map[string]int{"": 1, "?scaling_group_name=sho": 1, "?scaling_group_name=web": 0, "?scaling_group_status=PAUSED": 1, "?start_number=1": 0} {
		if got := s.do(200, "GET", asRoot+"/scaling_group"+query, "").len("scaling_groups"); got != n {
			t.Errorf("%s: %d groups", query, got)
		}
	}
	s.do(400, "GET", asRoot+"/scaling_group?limit=101", "")
}

func TestScalingConfiguration(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	path := asRoot + "/scaling_configuration"
	id := s.configure(`{"key_name":null,"metadata":{"admin_pass":"Passw0rd!","team":"red"},"public_ip":{"eip":{"ip_type":"5_bgp","bandwidth":{"size":5,"share_type":"PER","charging_mode":"traffic"}}}}`)
	s.want(s.do(200, "GET", path+"/"+id, ""), map[string]any{
		"scaling_configuration.scaling_configuration_name": "web", "scaling_configuration.scaling_group_id": nil,
		"scaling_configuration.instance_config.adminPass": "***", "scaling_configuration.instance_config.metadata": map[string]string{"team": "red"},
		"scaling_configuration.instance_config.multi_flavor_priority_policy": "PICK_FIRST", "scaling_configuration.instance_config.disk.0.size": 40,
		"scaling_configuration.instance_config.public_ip.eip.bandwidth.size": 5, "scaling_configuration.instance_config.key_name": nil,
	})
	s.do(200, "PUT", path+"/"+id, fmt.Sprintf(`{"instance_config":{"imageRef":%q}}`, centos))
	s.refused(400, "AS.1015", "PUT", path+"/"+id, `{"instance_config":{"imageRef":"none"}}`)
	s.want(s.do(200, "GET", path+"?image_id="+centos, ""), map[string]any{"total_number": 1, "scaling_configurations.0.scaling_configuration_id": id})

	server := s.server(`{"data_volumes":[{"volumetype":"SAS","size":10}]}`)
	copied := s.configure(fmt.Sprintf(`{"instance_id":%q,"flavorRef":"none","disk":null}`, server))
	s.want(s.do(200, "GET", path+"/"+copied, ""), map[string]any{
		"scaling_configuration.instance_config.flavorRef": "s6.small.1", "scaling_configuration.instance_config.imageRef": ubuntu,
		"scaling_configuration.instance_config.disk.0.disk_type": "SYS", "scaling_configuration.instance_config.disk.1.size": 10,
		"scaling_configuration.instance_config.instance_id": nil,
	})
	s.refused(404, "AS.0007", "POST", path, s.template(`{"instance_id":"none"}`))
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		s.refused(404, "AS.1004", method, path+"/none", "{}")
	}

	disk := func(change string) string {
		return `{"disk":[{"size":40,"volume_type":"SSD","disk_type":"SYS"},` + merged(t, `{"size":10,"volume_type":"SAS","disk_type":"DATA"}`, change) + `]}`
	}
	eip := func(change string) string {
		return `{"public_ip":{"eip":` + merged(t, `{"ip_type":"5_bgp","bandwidth":{"size":5,"share_type":"PER","charging_mode":"traffic"}}`, change) + `}}`
	}
	for change, code := range map[string]string{
		`{"flavorRef":""}`:                "AS.1016",
		`{"flavorRef":"s6.small.1,none"}`: "AS.1017",
		`{"flavorRef":"kc1.small.1"}`:     "AS.1018",
		`{"flavorRef":"` + strings.Repeat("s6.small.1,", 10) + `s6.small.1"}`: "AS.1087",
		`{"imageRef":""}`:                        "AS.1014",
		`{"imageRef":"none"}`:                    "AS.1015",
		`{"multi_flavor_priority_policy":"ANY"}`: "AS.1085",
		`{"disk":[]}`:                            "AS.1028",
		disk(`{"disk_type":"SYS","size":40}`):    "AS.1029",
		`{"disk":[{"size":10,"volume_type":"SSD","disk_type":"SYS"}]}`:   "AS.1030",
		`{"disk":[{"size":1025,"volume_type":"SSD","disk_type":"SYS"}]}`: "AS.1031",
		disk(`{"size":9}`):                                 "AS.1031",
		disk(`{"volume_type":"tape"}`):                     "AS.1033",
		disk(`{"volume_type":"GPSSD2"}`):                   "AS.1033",
		disk(`{"disk_type":"ANY"}`):                        "AS.1034",
		disk(`{"data_disk_image_id":"none"}`):              "AS.1056",
		disk(`{"snapshot_id":"none"}`):                     "AS.1066",
		`{"key_name":"none"}`:                              "AS.7022",
		`{"key_name":null}`:                                "AS.1026",
		`{"metadata":{"admin_pass":"Passw0rd!"}}`:          "AS.1025",
		`{"key_name":null,"metadata":{"admin_pass":"a"}}`:  "AS.1035",
		`{"metadata":{"a.b":"c"}}`:                         "AS.1052",
		`{"user_data":"§"}`:                                "AS.1049",
		`{"personality":[{"path":"/a","content":"§"}]}`:    "AS.1027",
		`{"public_ip":{}}`:                                 "AS.1041",
		eip(`{"ip_type":"6"}`):                             "AS.1043",
		eip(`{"bandwidth":{"share_type":"WHOLE"}}`):        "AS.1045",
		eip(`{"bandwidth":{"share_type":"PER"}}`):          "AS.1046",
		eip(`{"bandwidth":{"share_type":"PER","size":5}}`): "AS.1044",
		eip(`{"bandwidth":{"share_type":"PER","size":301,"charging_mode":"traffic"}}`): "AS.1042",
		`{"security_groups":[{"id":"none"}]}`:                                          "AS.2014",
		`{"server_group_id":"none"}`:                                                   "AS.0022",
		`{"tenancy":"shared"}`:                                                         "AS.0022",
		`{"market_type":"future"}`:                                                     "AS.0022",
		`{"cpu_options":{"hw_cpu_threads":3}}`:                                         "AS.0022",
	} {
		s.refused(400, code, "POST", path, s.template(change))
	}
	for body, code := range map[string]string{`{}`: "AS.1007", `{"scaling_configuration_name":"a b"}`: "AS.1023", `{"scaling_configuration_name":"a"}`: "AS.1011"} {
		s.refused(400, code, "POST", path, body)
	}
}

// What cannot be made is told, and tried again by who enables the group.
func TestScalingFails(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	s.control(200, "PUT", "config", `{"quotas":{"server":1}}`)
	g := s.scalingGroup("")
	s.act(g, "resume")
	s.has(g, map[string]any{"scaling_group_status": "ERROR", "current_instance_number": 1})
	if why := s.do(200, "GET", g, "").str("scaling_group", "detail"); !strings.Contains(why, "quota") {
		t.Errorf("it says %s", why)
	}
	s.control(200, "PUT", "config", `{"quotas":{"server":9}}`)
	s.act(g, "resume")
	s.has(g, map[string]any{"scaling_group_status": "INSERVICE", "current_instance_number": 2, "detail": nil})

	s.control(200, "PUT", "config", `{"fail_jobs":["createSingleServer"]}`)
	s.do(200, "PUT", g, `{"desire_instance_number":3}`)
	s.has(g, map[string]any{"scaling_group_status": "ERROR", "current_instance_number": 2, "is_scaling": false})

	// Of two flavors the one is taken that can be had.
	s.control(200, "PUT", "config", `{"fail_jobs":[]}`)
	s.configuration = s.configure(`{"flavorRef":"m7.large.8,s6.medium.2"}`)
	g = s.scalingGroup(`{"available_zones":["cn-north-4b"],"desire_instance_number":1}`)
	s.act(g, "resume")
	s.want(s.show(s.instances(g, "").str("scaling_group_instances", 0, "instance_id")), map[string]any{"server.flavor.id": "s6.medium.2"})
}

func TestScalingInstances(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	g := s.scalingGroup(`{"min_instance_number":1,"desire_instance_number":1}`)
	path := strings.Replace(g, "/scaling_group/", "/scaling_group_instance/", 1) + "/action"
	server := s.server(`{"availability_zone":"cn-north-4a"}`)
	act := func(action, id string) string { return fmt.Sprintf(`{"action":%q,"instances_id":[%q]}`, action, id) }
	s.refused(400, "AS.2033", "POST", path, act("ADD", server))
	s.act(g, "resume")
	s.do(204, "POST", path, act("ADD", server))
	s.has(g, map[string]any{"current_instance_number": 2, "desire_instance_number": 2})
	s.want(s.instances(g, "?start_number=1"), map[string]any{
		"scaling_group_instances.0.instance_id": server, "scaling_group_instances.0.life_cycle_state": "INSERVICE",
		"scaling_group_instances.0.scaling_configuration_name": "MANNUAL_ADD", "scaling_group_instances.0.instance_name": "web",
	})
	s.refused(400, "AS.4029", "POST", path, act("ADD", server)) // it is there
	s.refused(400, "AS.4029", "POST", path, act("ADD", "none"))
	s.refused(400, "AS.4018", "POST", path, act("KEEP", server))
	s.refused(400, "AS.4032", "POST", path, `{"action":"ADD"}`)
	s.refused(400, "AS.4043", "POST", path, `{"action":"ADD","instances_id":["","","","","","","","","","",""]}`)
	s.refused(400, "AS.2035", "POST", path, `{"action":"ADD","instances_id":["a","b"]}`)
	s.refused(400, "AS.4007", "POST", path, `{"action":"REMOVE","instance_delete":"perhaps","instances_id":["a"]}`)
	s.refused(400, "AS.4030", "POST", path, act("REMOVE", "none"))

	s.do(204, "POST", path, act("PROTECT", server))
	s.want(s.instances(g, "?protect_from_scaling_down=true"), map[string]any{"total_number": 1})
	s.do(200, "PUT", g, `{"desire_instance_number":1}`)
	s.want(s.instances(g, ""), map[string]any{"total_number": 1, "scaling_group_instances.0.instance_id": server})
	s.do(200, "PUT", g, `{"min_instance_number":0}`)
	s.refused(400, "AS.2010", "PUT", g, `{"desire_instance_number":0}`)
	s.do(204, "POST", path, act("UNPROTECT", server))
	s.do(204, "POST", path, act("ENTER_STANDBY", server))
	s.want(s.instances(g, ""), map[string]any{"scaling_group_instances.0.life_cycle_state": "STANDBY"})
	s.refused(400, "AS.4015", "POST", path, act("ENTER_STANDBY", server))
	s.do(204, "POST", path, act("EXIT_STANDBY", server))
	s.do(200, "PUT", g, `{"min_instance_number":1}`)
	s.refused(400, "AS.2036", "POST", path, act("REMOVE", server))
	s.do(200, "PUT", g, `{"min_instance_number":0}`)
	s.do(204, "POST", path, act("REMOVE", server))
	s.has(g, map[string]any{"current_instance_number": 0, "desire_instance_number": 0})
	s.show(server) // it stays

	elsewhere := s.server(`{"availability_zone":"cn-north-4b"}`)
	narrow := s.scalingGroup(`{"available_zones":["cn-north-4a"],"desire_instance_number":0}`)
	s.act(narrow, "resume")
	s.refused(400, "AS.4029", "POST", strings.Replace(narrow, "/scaling_group/", "/scaling_group_instance/", 1)+"/action", act("ADD", elsewhere))
	for _, name := range []string{"group_instance/none/list", "notification/none", "lifecycle_hook/none/list", "lifecycle_hook/none/a"} {
		s.refused(400, "AS.2007", "GET", asRoot+"/scaling_"+name, "")
	}
}

// policyOf is a request for a policy of a group, with changes to it.
func policyOf(group, more string) string {
	return fmt.Sprintf(`{"scaling_policy_name":"more","scaling_resource_id":%q,"scaling_resource_type":"SCALING_GROUP","scaling_policy_type":"ALARM",
		"alarm_id":"al1513822380493GvlJKZwA8"%s}`, group, more)
}

// A policy that is executed changes how many servers its group wants, and is executing for as long as that takes.
func TestScalingPolicyActs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScaler(t, Options{JobMS: 1000})
		g := s.scalingGroup(`{"max_instance_number":5}`)
		id := strings.TrimPrefix(g, asRoot+"/scaling_group/")
		policy := s.do(200, "POST", asRoot2+"/scaling_policy", policyOf(id, `,"scaling_policy_action":{"operation":"ADD","percentage":50}`)).str("scaling_policy_id")
		act := asRoot + "/scaling_policy/" + policy + "/action"
		s.refused(400, "AS.2033", "POST", act, `{"action":"execute"}`) // the group is not enabled
		s.act(g, "resume")
		s.refused(400, "AS.0034", "POST", act, `{"action":"execute"}`)
		time.Sleep(time.Second)
		s.do(204, "POST", act, `{"action":"execute"}`)
		s.want(s.do(200, "GET", asRoot2+"/scaling_policy/"+policy, ""), map[string]any{"scaling_policy.policy_status": "EXECUTING", "scaling_policy.scheduled_policy": struct{}{}})
		s.refused(400, "AS.3038", "PUT", asRoot2+"/scaling_policy/"+policy, `{"cool_down_time":1}`)
		time.Sleep(time.Second)
		s.has(g, map[string]any{"current_instance_number": 3, "desire_instance_number": 3})
		s.do(200, "PUT", asRoot2+"/scaling_policy/"+policy, `{"scaling_policy_action":{"operation":"SET","size":9}}`)
		s.do(204, "POST", act, `{"action":"execute"}`)
		time.Sleep(time.Second)
		s.has(g, map[string]any{"current_instance_number": 5})
		s.refused(400, "AS.3040", "POST", act, `{"action":"execute"}`)
		s.do(200, "PUT", asRoot2+"/scaling_policy/"+policy, `{"scaling_policy_action":{"operation":"REDUCE","size":4}}`)
		s.do(204, "POST", act, `{"action":"execute"}`)
		time.Sleep(time.Second)
		s.has(g, map[string]any{"current_instance_number": 1})
		s.do(204, "POST", act, `{"action":"pause"}`)
		s.refused(400, "AS.3027", "POST", act, `{"action":"execute"}`)
		s.refused(400, "AS.3022", "POST", act, `{"action":"stop"}`)
		s.do(204, "POST", act, `{"action":"resume"}`)
		s.do(204, "DELETE", g+"?force_delete=yes", "")
		time.Sleep(time.Second)
		s.refused(404, "AS.3020", "GET", asRoot2+"/scaling_policy/"+policy, "") // it went with the group
	})
}

func TestScalingPolicyRefusals(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	id := strings.TrimPrefix(s.scalingGroup(""), asRoot+"/scaling_group/")
	path := asRoot2 + "/scaling_policy"
	recurs := func(change string) string {
		return `{"scaling_policy_type":"RECURRENCE","scheduled_policy":` + merged(t, `{"launch_time":"08:00","recurrence_type":"Daily","end_time":"2999-01-01T00:00Z"}`, change) + `}`
	}
	for change, code := range map[string]string{
		`{"scaling_policy_name":""}`:                                                     "AS.3013",
		`{"scaling_policy_name":"a b"}`:                                                  "AS.3031",
		`{"scaling_resource_id":""}`:                                                     "AS.3041",
		`{"scaling_resource_id":"none"}`:                                                 "AS.3042",
		`{"scaling_resource_type":""}`:                                                   "AS.3054",
		`{"scaling_resource_type":"SERVER"}`:                                             "AS.3037",
		`{"scaling_policy_type":""}`:                                                     "AS.3011",
		`{"scaling_policy_type":"ANY"}`:                                                  "AS.3002",
		`{"alarm_id":""}`:                                                                "AS.3026",
		`{"alarm_id":"cpu"}`:                                                             "AS.3050",
		`{"cool_down_time":86401}`:                                                       "AS.3012",
		`{"scaling_policy_action":{"operation":"DOUBLE"}}`:                               "AS.3017",
		`{"scaling_policy_action":{"size":1,"percentage":1}}`:                            "AS.3036",
		`{"scaling_policy_action":{"size":301}}`:                                         "AS.3018",
		`{"scaling_policy_action":{"percentage":20001}}`:                                 "AS.3035",
		`{"scaling_policy_action":{"size":1,"limits":1}}`:                                "AS.3043",
		`{"scaling_policy_type":"INTERVAL_ALARM"}`:                                       "AS.3015",
		`{"scaling_policy_type":"SCHEDULED"}`:                                            "AS.3008",
		`{"scaling_policy_type":"SCHEDULED","scheduled_policy":{"launch_time":"08:00"}}`: "AS.3009",
		`{"scaling_policy_type":"SCHEDULED","scheduled_policy":{"launch_time":"2001-01-01T08:00Z"}}`: "AS.3010",
		recurs(`{"launch_time":"24:00"}`):                               "AS.3009",
		recurs(`{"start_time":"soon"}`):                                 "AS.3028",
		recurs(`{"end_time":""}`):                                       "AS.3005",
		recurs(`{"end_time":"late"}`):                                   "AS.3006",
		recurs(`{"end_time":"2001-01-01T08:00Z"}`):                      "AS.3007",
		recurs(`{"start_time":"2999-01-02T08:00Z"}`):                    "AS.3029",
		recurs(`{"recurrence_type":""}`):                                "AS.3023",
		recurs(`{"recurrence_type":"Yearly"}`):                          "AS.3004",
		recurs(`{"recurrence_type":"Weekly"}`):                          "AS.3024",
		recurs(`{"recurrence_type":"Weekly","recurrence_value":"1,8"}`): "AS.3025",
	} {
		s.refused(400, code, "POST", path, merged(t, policyOf(id, ""), change))
	}
	made := s.do(200, "POST", path, merged(t, policyOf(id, ""), recurs(`{"recurrence_type":"Monthly","recurrence_value":"1,31"}`))).str("scaling_policy_id")
	s.want(s.do(200, "GET", path+"/"+made, ""), map[string]any{
		"scaling_policy.scheduled_policy.recurrence_value": "1,31", "scaling_policy.alarm_id": nil, "scaling_policy.policy_status": "INSERVICE",
		"scaling_policy.scaling_policy_action": map[string]any{"operation": "ADD", "size": 1},
	})
	interval := s.do(200, "POST", path, policyOf(id, `,"interval_alarm_actions":[{"operation":"ADD","size":1,"lower_bound":0,"upper_bound":10.5}]`)).str("scaling_policy_id")
	s.do(200, "PUT", path+"/"+interval, `{"scaling_policy_type":"INTERVAL_ALARM","interval_alarm_actions":[{"size":2,"upper_bound":10.5}]}`)
	s.want(s.do(200, "GET", path+"/"+interval, ""), map[string]any{"scaling_policy.interval_alarm_actions.0.upper_bound": 10.5, "scaling_policy.scaling_policy_action": nil})
	for query, n := range map[string]int{"": 2, "?scaling_resource_id=" + id: 2, "?scaling_policy_type=RECURRENCE": 1, "?scaling_policy_name=less": 0, "?scaling_policy_id=" + made: 1} {
		if got := s.do(200, "GET", path+query, "").len("scaling_policies"); got != n {
			t.Errorf("%s: %d policies", query, got)
		}
	}
	bandwidth := merged(t, policyOf(id, ""), `{"scaling_resource_type":"BANDWIDTH","scaling_policy_action":{"operation":"REMOVE","size":1}}`)
	s.refused(400, "AS.3017", "POST", path, bandwidth)
	s.refused(400, "AS.3018", "POST", path, merged(t, bandwidth, `{"scaling_policy_action":{"size":0}}`))
	s.do(204, "DELETE", asRoot+"/scaling_policy/"+made, "")
	s.refused(404, "AS.3020", "DELETE", asRoot+"/scaling_policy/"+made, "")
}

func TestLifecycleHooks(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	id := strings.TrimPrefix(s.scalingGroup(""), asRoot+"/scaling_group/")
	path, urn := asRoot+"/scaling_lifecycle_hook/"+id, s.topic("alarms")
	hook := fmt.Sprintf(`{"lifecycle_hook_name":"drain","lifecycle_hook_type":"INSTANCE_TERMINATING","notification_topic_urn":%q}`, urn)
	s.want(s.do(200, "POST", path, hook), map[string]any{"default_result": "ABANDON", "default_timeout": 3600, "notification_topic_name": "alarms", "notification_metadata": nil})
	s.refused(400, "AS.7041", "POST", path, hook)
	for change, code := range map[string]string{
		`{"lifecycle_hook_name":""}`:                                                                    "AS.7032",
		`{"lifecycle_hook_name":"a b"}`:                                                                 "AS.7031",
		`{"lifecycle_hook_name":"b","lifecycle_hook_type":""}`:                                          "AS.7037",
		`{"lifecycle_hook_name":"b","lifecycle_hook_type":"ANY"}`:                                       "AS.7033",
		`{"lifecycle_hook_name":"b","default_result":"ANY"}`:                                            "AS.7034",
		`{"lifecycle_hook_name":"b","default_timeout":59}`:                                              "AS.7030",
		`{"lifecycle_hook_name":"b","notification_metadata":"<"}`:                                       "AS.7055",
		`{"lifecycle_hook_name":"b","notification_topic_urn":"urn:smn:a:b:none"}`:                       "AS.7043",
		fmt.Sprintf(`{"lifecycle_hook_name":"b","notification_metadata":%q}`, strings.Repeat("字", 257)): "AS.7035",
	} {
		s.refused(400, code, "POST", path, merged(t, hook, change))
	}
	s.want(s.do(200, "PUT", path+"/drain", `{"default_timeout":60,"notification_metadata":"bye"}`), map[string]any{"default_timeout": 60})
	s.want(s.do(200, "GET", path+"/drain", ""), map[string]any{"notification_metadata": "bye", "lifecycle_hook_type": "INSTANCE_TERMINATING"})
	s.want(s.do(200, "GET", path+"/list", ""), map[string]any{"lifecycle_hooks.0.lifecycle_hook_name": "drain"})
	s.do(204, "DELETE", path+"/drain", "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		s.refused(404, "AS.0007", method, path+"/drain", "{}")
	}
}

// A group has one notification for each topic: the second request changes it.
func TestScalingNotifications(t *testing.T) {
	t.Parallel()
	s := newScaler(t, Options{})
	g := s.scalingGroup("")
	path, urn := strings.Replace(g, "/scaling_group/", "/scaling_notification/", 1), s.topic("alarms")
	for _, scene := range []string{"SCALING_UP", "SCALING_DOWN"} {
		s.want(s.do(200, "PUT", path, fmt.Sprintf(`{"topic_urn":%q,"topic_scene":[%q]}`, urn, scene)), map[string]any{"topic_name": "alarms"})
		s.want(s.do(200, "GET", path, ""), map[string]any{"topics.0.topic_scene": []string{scene}, "topics.1": nil})
	}
	s.refused(400, "AS.2034", "PUT", path, fmt.Sprintf(`{"topic_urn":%q,"topic_scene":["ANY"]}`, urn))
	s.refused(400, "AS.2034", "PUT", path, fmt.Sprintf(`{"topic_urn":%q,"topic_scene":[]}`, urn))
	s.refused(400, "AS.7043", "PUT", path, `{"topic_urn":"none","topic_scene":["SCALING_UP"]}`)
	s.do(204, "DELETE", path+"/"+urn, "")
	s.refused(404, "AS.0007", "DELETE", path+"/"+urn, "")
	s.do(204, "DELETE", g, "")
	s.refused(400, "AS.2007", "PUT", path, "{}")
}
