package contract

import (
	"fmt"
	"strings"
	"testing"

	ces1 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ces/v1"
	ces2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ces/v2"
)

func TestCES(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	old, c := client(v, "ces", ces1.NewCesClient), client(v, "ces", ces2.NewCesClient)

	const busy = `{"metric_name":"cpu_util","period":300,"filter":"average","comparison_operator":">","value":0,"unit":"%%","count":3,"level":1,"suppress_duration":600}`
	const create = `{"body":{"name":"cpu","namespace":"SYS.ECS","type":"MULTI_INSTANCE","resources":[[{"name":"instance_id","value":"s1"}]],"policies":[%s],
		"alarm_notifications":[{"type":"notification","notification_list":[%q]}],"notification_begin_time":"08:00","notification_end_time":"20:00",
		"effective_timezone":"GMT+08:00","enabled":true,"notification_enabled":true,"tags":[{"key":"env","value":"prod"}]}}`
	urn := "urn:smn:cn-north-4:" + project + ":ops"
	id := *do(v, c.CreateAlarmRules, create, strings.ReplaceAll(busy, "%%", "%"), urn).AlarmId
	refused(v, 400, "ces.0014", c.CreateAlarmRules, create, `{"metric_name":"cpu_util","period":60,"filter":"average","comparison_operator":">","value":0,"count":3}`, urn)

	rule := (*do(v, c.ListAlarmRules, `{"alarm_id":%q,"limit":1}`, id).Alarms)[0]
	want(v, "threshold", *(*rule.Policies)[0].Value, 0)
	want(v, "type", rule.Type.Value(), "MULTI_INSTANCE")
	want(v, "tag", *(*rule.Tags)[0].Value, "prod")
	want(v, "who is told", (*(*rule.AlarmNotifications)[0].NotificationList)[0], urn)
	want(v, "rules of another id", *do(v, c.ListAlarmRules, `{"alarm_id":"al0000000000000000000000"}`).Count, 0)

	do(v, old.UpdateAlarm, `{"alarm_id":%q,"body":{"alarm_name":"load","alarm_description":"busy"}}`, id)
	do(v, c.UpdateAlarmRulePolicies, `{"alarm_id":%q,"body":{"policies":[`+busy+`]}}`, id)
	want(v, "policies", *do(v, c.ListAlarmRulePolicies, `{"alarm_id":%q}`, id).Count, 1)
	do(v, c.AddAlarmRuleResources, `{"alarm_id":%q,"body":{"resources":[[{"name":"instance_id","value":"s2"}]]}}`, id)
	do(v, c.DeleteAlarmRuleResources, `{"alarm_id":%q,"body":{"resources":[[{"name":"instance_id","value":"s1"}]]}}`, id)
	resources := *do(v, c.ListAlarmRuleResources, `{"alarm_id":%q,"limit":100}`, id).Resources
	want(v, "resource", *resources[0][0].Value, "s2")
	do(v, c.UpdateAlarmNotifications, `{"alarm_id":%q,"body":{"notification_enabled":false}}`, id)
	do(v, c.BatchEnableAlarmRules, `{"body":{"alarm_ids":[%q],"alarm_enabled":false}}`, id)
	rule = (*do(v, c.ListAlarmRules, `{"name":"load"}`).Alarms)[0]
	want(v, "name and state", fmt.Sprint(*rule.Name, *rule.Description, *rule.Enabled, *rule.NotificationEnabled), "loadbusyfalse false")
	want(v, "rules", do(v, old.ShowQuotas, `{}`).Quotas.Resources[0].Used, 1)

	do(v, c.BatchDeleteAlarmRules, `{"body":{"alarm_ids":[%q]}}`, id)
	refused(v, 404, "ces.0016", c.BatchDeleteAlarmRules, `{"body":{"alarm_ids":[%q]}}`, id)
	refused(v, 404, "ces.0016", c.ListAlarmRuleResources, `{"alarm_id":%q}`, id)
	v.covers("ces")
}
