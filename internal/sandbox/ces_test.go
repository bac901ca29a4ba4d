package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

const (
	cesPath = "/ces/v2/" + north + "/alarms"
	cesOld  = "/ces/V1.0/" + north
)

// alarmBody is a request for a rule, with other members in the place of some: `"name":"b"`.
func alarmBody(others ...string) string {
	members := []string{
		`"name":"cpu"`, `"namespace":"SYS.ECS"`, `"type":"MULTI_INSTANCE"`, `"resources":[[{"name":"instance_id","value":"s1"}]]`,
		`"policies":[` + alarmPolicyBody() + `]`, `"enabled":true`, `"notification_enabled":false`,
	}
	return "{" + strings.Join(replaced(members, others), ",") + "}"
}

func alarmPolicyBody(others ...string) string {
	members := []string{`"metric_name":"cpu_util"`, `"period":300`, `"filter":"average"`, `"comparison_operator":">"`, `"value":0`, `"count":3`}
	return "{" + strings.Join(replaced(members, others), ",") + "}"
}

// replaced are members of an object, some in the place of those of the same key.
func replaced(members, others []string) []string {
	for _, other := range others {
		key, _, _ := strings.Cut(other, ":")
		at := len(members)
		for i, member := range members {
			if strings.HasPrefix(member, key+":") {
				at = i
			}
		}
		members = append(members[:at:at], append([]string{other}, members[min(at+1, len(members)):]...)...)
	}
	return members
}

func TestAlarmRule(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.do(201, "POST", cesPath, alarmBody(
		`"description":"busy"`, `"notification_enabled":true`, `"tags":[{"key":"env","value":"prod"}]`,
		`"alarm_notifications":[{"type":"notification","notification_list":["urn:smn:cn-north-4:p:ops"]}]`,
	)).str("alarm_id")
	if !alarmID.MatchString(id) {
		t.Errorf("its id is %s", id)
	}
	one := cesPath + "?alarm_id=" + id
	c.want(c.do(200, "GET", one, ""), map[string]any{
		"count": 1, "alarms.0.alarm_id": id, "alarms.0.name": "cpu", "alarms.0.description": "busy", "alarms.0.type": "MULTI_INSTANCE",
		"alarms.0.policies.0.value": 0, "alarms.0.policies.0.level": 2, "alarms.0.policies.0.suppress_duration": 0, "alarms.0.policies.0.unit": "",
		"alarms.0.resources":            []any{map[string]any{"dimensions": []any{map[string]any{"name": "instance_id", "value": ""}}}},
		"alarms.0.notification_enabled": true, "alarms.0.notification_begin_time": "00:00", "alarms.0.notification_end_time": "23:59",
		"alarms.0.effective_timezone": "GMT+08:00", "alarms.0.ok_notifications": []any{}, "alarms.0.resource_level": "dimension",
		"alarms.0.tags": []tag{{"env", "prod"}}, "alarms.0.enterprise_project_id": "0",
	})
	c.want(c.do(200, "GET", cesPath+"?alarm_id=al"+strings.Repeat("0", 22), ""), map[string]any{"alarms": []any{}, "count": 0})

	rule := cesPath + "/" + id
	c.do(204, "PUT", cesOld+"/alarms/"+id, `{"alarm_name":"load"}`)
	c.do(200, "PUT", rule+"/policies", `{"policies":[`+alarmPolicyBody(`"value":95.5`, `"level":1`)+`,`+alarmPolicyBody(`"metric_name":"mem_util"`, `"hierarchical_value":{"major":0}`)+`]}`)
	c.do(200, "PUT", rule+"/notifications", `{"notification_enabled":false,"notification_begin_time":"08:00"}`)
	c.do(200, "POST", cesPath+"/action", `{"alarm_ids":["`+id+`"],"alarm_enabled":false}`)
	c.do(200, "POST", rule+"/resources/batch-create", `{"resources":[[{"name":"instance_id","value":"s2"}],[{"name":"instance_id","value":"s1"}]]}`)
	c.want(c.do(200, "GET", rule+"/resources?limit=1&offset=1", ""), map[string]any{"count": 2, "resources.0.0.value": "s2", "resources.1": nil})
	c.do(200, "POST", rule+"/resources/batch-delete", `{"resources":[[{"name":"instance_id","value":"s1"}]]}`)
	c.want(c.do(200, "GET", rule+"/resources", ""), map[string]any{"count": 1, "resources.0.0.value": "s2"})
	c.want(c.do(200, "GET", rule+"/policies", ""), map[string]any{"count": 2, "policies.1.hierarchical_value": map[string]any{"major": 0}})
	c.want(c.do(200, "GET", one, ""), map[string]any{
		"alarms.0.name": "load", "alarms.0.description": "busy", "alarms.0.enabled": false, "alarms.0.policies.0.value": 95.5, "alarms.0.policies.0.level": 1,
		"alarms.0.notification_enabled": false, "alarms.0.alarm_notifications": []any{}, "alarms.0.notification_begin_time": "08:00",
	})
	for query, want := range map[string]int{"name=loa": 1, "name=cpu": 0, "namespace=SYS.ECS": 1, "namespace=SYS.RDS": 0, "resource_id=s2": 1, "resource_id=s1": 0, "enterprise_project_id=1": 0} {
		if n := c.do(200, "GET", cesPath+"?"+query, "").len("alarms"); n != want {
			t.Errorf("%s: %d rules", query, n)
		}
	}
	c.want(c.do(200, "GET", cesOld+"/quotas", ""), map[string]any{"quotas.resources.0.used": 1, "quotas.resources.0.quota": 100})
	c.want(c.do(200, "POST", cesPath+"/batch-delete", `{"alarm_ids":["`+id+`","al0"]}`), map[string]any{"alarm_ids": []any{id}})
	c.want(c.do(404, "POST", cesPath+"/batch-delete", `{"alarm_ids":["`+id+`"]}`), map[string]any{"error_code": "ces.0016"})
	c.want(c.do(404, "GET", rule+"/resources", ""), map[string]any{"error_code": "ces.0016"})
	c.want(c.do(400, "GET", cesPath+"/x/policies", ""), map[string]any{"error_code": "ces.0013"})
	c.want(c.do(404, "PUT", cesOld+"/alarms/"+id, `{}`), map[string]any{"http_code": "404", "message.code": "ces.0016"})
}

// What is watched need not be resources one by one.
func TestAlarmScopes(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	group := "rg" + strings.Repeat("1", 22)
	c.do(201, "POST", cesPath, alarmBody(`"name":"group"`, `"type":"RESOURCE_GROUP"`, `"resources":[]`, `"resource_group_id":"`+group+`"`))
	c.want(c.do(200, "GET", cesPath+"?name=group", ""), map[string]any{"alarms.0.resources.0.resource_group_id": group})
	c.do(201, "POST", cesPath, alarmBody(`"name":"all"`, `"type":"ALL_INSTANCE"`, `"resources":[[{"name":"instance_id"}]]`))
	c.do(201, "POST", cesPath, alarmBody(`"name":"events"`, `"type":"EVENT.SYS"`, `"resources":[]`, `"policies":[`+alarmPolicyBody(`"period":0`, `"count":7`)+`]`))
	c.do(201, "POST", cesPath, alarmBody(`"name":"template"`, `"policies":null`, `"alarm_template_id":"at1"`))
	c.do(201, "POST", cesPath, alarmBody(`"name":"scaling"`, `"namespace":"SYS.AS"`, `"notification_enabled":true`, `"ok_notifications":[{"type":"autoscaling","notification_list":[]}]`))
	template := c.do(200, "GET", cesPath+"?name=template", "").str("alarms", 0, "alarm_id")
	c.do(400, "PUT", cesPath+"/"+template+"/policies", `{"policies":[`+alarmPolicyBody()+`]}`)
	of := c.do(200, "GET", cesPath+"?name=group", "").str("alarms", 0, "alarm_id")
	c.do(400, "POST", cesPath+"/"+of+"/resources/batch-create", `{"resources":[[{"name":"instance_id","value":"s1"}]]}`)
}

func TestAlarmRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	policies := func(others ...string) string { return `"policies":[` + alarmPolicyBody(others...) + `]` }
	for _, member := range []string{
		`"name":"on call"`, `"name":""`, `"namespace":"ECS"`, `"namespace":"1.a"`, `"namespace":""`, `"type":"SOME"`, `"resources":[]`, `"resources":null`,
		`"resources":[[]]`, `"resources":[[{"name":"instance_id"}]]`, `"resources":[[{"name":"1"}]]`, `"resource_group_id":"rg` + strings.Repeat("1", 22) + `"`,
		`"type":"RESOURCE_GROUP"`, `"type":"ALL_INSTANCE"`, `"enabled":null`, `"notification_enabled":null`, `"notification_enabled":true`,
		`"description":"` + strings.Repeat("a", 257) + `"`, `"alarm_template_id":"at1"`, `"policies":[]`, `"policies":null`, `"effective_timezone":"CET"`,
		`"notification_begin_time":"noon"`, `"ok_notifications":[{"type":"fax","notification_list":["a"]}]`, `"ok_notifications":[{"type":"notification","notification_list":[]}]`,
		`"ok_notifications":[{"type":"autoscaling","notification_list":[]}]`, `"ok_notifications":[{"type":"notification","notification_list":["urn:fss:a"]}]`,
		`"resource_level":"product"`, `"resource_level":"cloud"`, `"product_name":"SYS.ECS,instance_id"`, `"tags":[{"key":""}]`,
		`"policies":[` + strings.Repeat(alarmPolicyBody()+",", 50) + alarmPolicyBody() + `]`,
		`"resources":[` + strings.Repeat(`[{"name":"a","value":"b"}],`, 1000) + `[{"name":"a","value":"b"}]]`,
		policies(`"period":60`), policies(`"period":0`), policies(`"period":null`), policies(`"filter":"p95"`), policies(`"comparison_operator":"=="`), policies(`"value":null`),
		policies(`"value":1e200`), policies(`"hierarchical_value":{"worst":1}`), policies(`"count":6`), policies(`"count":0`), policies(`"suppress_duration":60`), policies(`"level":5`),
		policies(`"metric_name":"1"`), policies(`"namespace":"ECS"`), policies(`"unit":"` + strings.Repeat("u", 33) + `"`),
	} {
		c.want(c.do(400, "POST", cesPath, alarmBody(member)), map[string]any{"error_code": "ces.0014"})
	}
	c.do(400, "POST", cesPath, alarmBody(`"type":"EVENT.SYS"`, policies(`"comparison_operator":"cycle_wave"`)))
	c.do(400, "POST", cesPath, alarmBody(
		`"alarm_notifications":[{"type":"contact","notification_list":["a"]}]`, `"ok_notifications":[{"type":"contact","notification_list":["b"]}]`,
	))
	for _, query := range []string{"limit=0", "limit=101", "offset=10001"} {
		c.do(400, "GET", cesPath+"?"+query, "")
	}
	c.do(400, "POST", cesPath+"/batch-delete", `{"alarm_ids":[]}`)
	c.do(400, "POST", cesPath+"/batch-delete", `{"alarm_ids":["1","2","3","4","5","6","7","8","9","10","11"]}`)
	id := c.do(201, "POST", cesPath, alarmBody()).str("alarm_id")
	c.do(400, "POST", cesPath+"/action", `{"alarm_ids":["`+id+`"]}`)
	c.do(400, "PUT", cesPath+"/"+id+"/policies", `{"policies":[]}`)
	c.do(400, "PUT", cesPath+"/"+id+"/notifications", `{"notification_enabled":true}`)
	c.want(c.do(400, "PUT", cesOld+"/alarms/"+id, `{"alarm_name":"on call"}`), map[string]any{"message.code": "ces.0014"})
	c.control(200, "PUT", "config", fmt.Sprintf(`{"quotas":{"alarm_rule":%d}}`, 1))
	c.want(c.do(403, "POST", cesPath, alarmBody()), map[string]any{"error_code": "ces.0011"})
}
