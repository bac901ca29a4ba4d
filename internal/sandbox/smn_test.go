package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

const smnPath = "/smn/v2/" + north + "/notifications"

// topic makes a topic and returns its URN.
func (c *client) topic(name string) string {
	c.t.Helper()
	return c.do(201, "POST", smnPath+"/topics", fmt.Sprintf(`{"name":%q,"display_name":""}`, name)).str("topic_urn")
}

func TestTopic(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	a := c.do(201, "POST", smnPath+"/topics", `{"name":"alarms","display_name":"值班"}`)
	urn := "urn:smn:cn-north-4:" + north + ":alarms"
	c.want(a, map[string]any{"topic_urn": urn})
	one := smnPath + "/topics/" + urn
	a = c.do(200, "GET", one, "")
	c.want(a, map[string]any{"name": "alarms", "display_name": "值班", "topic_urn": urn, "push_policy": 0, "enterprise_project_id": "0"})
	if id := a.str("topic_id"); len(id) != 32 {
		t.Errorf("its id is %s", id)
	}
	// The name is taken: success, and nothing changes.
	c.want(c.do(200, "POST", smnPath+"/topics", `{"name":"alarms","display_name":"other"}`), map[string]any{"topic_urn": urn})
	c.want(c.do(200, "GET", one, ""), map[string]any{"display_name": "值班"})
	c.do(200, "PUT", one, `{"display_name":"night"}`)
	c.want(c.do(200, "GET", one, ""), map[string]any{"display_name": "night"})
	c.do(404, "GET", "/smn/v2/"+extra+"/notifications/topics/"+urn, "") // it is another project's

	c.topic("bills")
	c.want(c.do(200, "GET", smnPath+"/topics", ""), map[string]any{"topic_count": 2, "topics.0.name": "bills", "topics.1.name": "alarms"})
	c.want(c.do(200, "GET", smnPath+"/topics?limit=1&offset=1", ""), map[string]any{"topic_count": 2, "topics.0.name": "alarms", "topics.1": nil})
	for query, want := range map[string]int{"name=bills": 1, "name=bill": 0, "fuzzy_name=bill": 1, "fuzzy_display_name=nig": 1, "enterprise_project_id=1": 0} {
		if n := c.do(200, "GET", smnPath+"/topics?"+query, "").len("topics"); n != want {
			t.Errorf("%s: %d topics", query, n)
		}
	}
	c.do(200, "DELETE", one, "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.want(c.do(404, method, one, `{"display_name":""}`), map[string]any{"error_code": "SMN.00010008"})
	}
}

func TestTopicTags(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	urn := c.topic("alarms")
	tags := "/smn/v2/" + north + "/smn_topic/" + c.do(200, "GET", smnPath+"/topics/"+urn, "").str("topic_id") + "/tags"
	c.do(204, "POST", tags+"/action", `{"action":"create","tags":[{"key":"env","value":"prod"},{"key":"by","value":""}]}`)
	c.do(204, "POST", tags+"/action", `{"action":"delete","tags":[{"key":"by","value":""}]}`)
	c.want(c.do(200, "GET", tags, ""), map[string]any{"tags": []tag{{"env", "prod"}}})
	c.want(c.do(200, "GET", smnPath+"/topics-with-associated-resources?name=alarms", ""), map[string]any{"topics.0.tags": []tag{{"env", "prod"}}, "topics.0.name": "alarms"})
	byName := c.request("GET", "/smn/v2/"+north+"/smn_topic/alarms/tags", "")
	byName.Header.Set("X-SMN-RESOURCEID-TYPE", "name")
	c.want(c.send(byName), map[string]any{"tags": []tag{{"env", "prod"}}})
	for _, body := range []string{
		`{"action":"replace","tags":[{"key":"a"}]}`, `{"action":"create","tags":[]}`, `{"action":"create","tags":[{"key":""}]}`,
		fmt.Sprintf(`{"action":"create","tags":[{"key":%q}]}`, strings.Repeat("k", 128)),
		fmt.Sprintf(`{"action":"create","tags":[{"key":"a","value":%q}]}`, strings.Repeat("v", 256)),
	} {
		c.want(c.do(400, "POST", tags+"/action", body), map[string]any{"error_code": "SMN.00010001"})
	}
	c.do(404, "GET", "/smn/v2/"+north+"/smn_topic/alarms/tags", "")
}

func TestTopicRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	urn := c.topic("alarms")
	for _, body := range []string{
		`{"name":"on call"}`, `{"name":"_a"}`, `{"name":""}`, `{}`, fmt.Sprintf(`{"name":%q}`, strings.Repeat("a", 256)),
		fmt.Sprintf(`{"name":"a","display_name":%q}`, strings.Repeat("字", 65)),
	} {
		c.want(c.do(400, "POST", smnPath+"/topics", body), map[string]any{"error_code": "SMN.00010001"})
	}
	for _, body := range []string{`{}`, fmt.Sprintf(`{"display_name":%q}`, strings.Repeat("a", 193))} {
		c.want(c.do(400, "PUT", smnPath+"/topics/"+urn, body), map[string]any{"error_code": "SMN.00010001"})
	}
	c.do(400, "GET", smnPath+"/topics?limit=101", "")
	c.control(200, "PUT", "config", `{"quotas":{"topic":1,"subscription":1}}`)
	c.want(c.do(403, "POST", smnPath+"/topics", `{"name":"b"}`), map[string]any{"error_code": "SMN.00010005"})
	c.do(200, "POST", smnPath+"/topics", `{"name":"alarms"}`)
	c.do(201, "POST", smnPath+"/topics/"+urn+"/subscriptions", `{"protocol":"sms","endpoint":"+8613800000000"}`)
	c.want(c.do(403, "POST", smnPath+"/topics/"+urn+"/subscriptions", `{"protocol":"sms","endpoint":"+8613800000001"}`), map[string]any{"error_code": "SMN.00010005"})
}

func TestSubscription(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	topic := c.topic("alarms")
	path := smnPath + "/topics/" + topic + "/subscriptions"
	urn := c.do(201, "POST", path, `{"protocol":"email","endpoint":"ops@example.com","remark":"day"}`).str("subscription_urn")
	if !strings.HasPrefix(urn, topic+":") || len(urn) != len(topic)+33 {
		t.Errorf("its URN is %s", urn)
	}
	c.want(c.do(200, "POST", path, `{"protocol":"email","endpoint":"ops@example.com","remark":"night"}`), map[string]any{"subscription_urn": urn})
	function := c.do(201, "POST", path, `{"protocol":"functionstage","endpoint":"urn:fss:cn-north-4:x:function:default:f:latest"}`).str("subscription_urn")
	all := c.do(200, "GET", smnPath+"/subscriptions", "")
	c.want(all, map[string]any{
		"subscription_count": 2, "subscriptions.0.subscription_urn": urn, "subscriptions.0.status": 0, "subscriptions.0.remark": "day",
		"subscriptions.0.owner": north, "subscriptions.0.topic_urn": topic, "subscriptions.1.status": 2,
	})
	for query, want := range map[string]int{"protocol=email": 1, "endpoint=none": 0, "status=2": 1, "fuzzy_remark=da": 1, "limit=1": 1, "limit=1&offset=2": 0} {
		if n := c.do(200, "GET", smnPath+"/subscriptions?"+query, "").len("subscriptions"); n != want {
			t.Errorf("%s: %d subscriptions", query, n)
		}
	}
	c.do(400, "GET", smnPath+"/subscriptions?status=x", "")
	c.do(200, "PUT", path+"/"+urn, `{"remark":"night"}`)
	c.want(c.do(200, "GET", path, ""), map[string]any{"subscriptions.0.remark": "night"})
	for _, body := range []string{`{}`, fmt.Sprintf(`{"remark":%q}`, strings.Repeat("a", 129))} {
		c.do(400, "PUT", path+"/"+urn, body)
	}
	c.do(200, "DELETE", smnPath+"/subscriptions/"+function, "")
	c.want(c.do(404, "DELETE", smnPath+"/subscriptions/"+function, ""), map[string]any{"error_code": "SMN.00010010"})
	c.want(c.do(404, "PUT", path+"/"+function, `{"remark":""}`), map[string]any{"error_code": "SMN.00010010"})
	c.do(200, "DELETE", smnPath+"/topics/"+topic, "") // and its subscriptions with it
	c.want(c.do(200, "GET", smnPath+"/subscriptions", ""), map[string]any{"subscription_count": 0, "subscriptions": []any{}})
	c.do(404, "GET", path, "")
}

func TestSubscriptionEndpoints(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := smnPath + "/topics/" + c.topic("alarms") + "/subscriptions"
	for body, status := range map[string]int{
		`{"protocol":"fax","endpoint":"1"}`:                                                                          400,
		`{"protocol":"email","endpoint":"ops"}`:                                                                      400,
		`{"protocol":"sms","endpoint":"ops"}`:                                                                        400,
		`{"protocol":"callnotify","endpoint":"13800000000"}`:                                                         201,
		`{"protocol":"http","endpoint":"https://example.com"}`:                                                       400,
		`{"protocol":"http","endpoint":"http://example.com/hook"}`:                                                   201,
		`{"protocol":"http","endpoint":"http://10.1.0.1"}`:                                                           400,
		`{"protocol":"https","endpoint":"https://[fe80::1]/"}`:                                                       400,
		`{"protocol":"https","endpoint":"https://localhost"}`:                                                        400,
		`{"protocol":"https","endpoint":"https://8.8.8.8","extension":{"header":{"x-team":"red"}}}`:                  201,
		`{"protocol":"https","endpoint":"https://8.8.4.4","extension":{"header":{"team":"red"}}}`:                    400,
		`{"protocol":"https","endpoint":"https://8.8.4.4","extension":{"header":{"x-smn-a":"red"}}}`:                 400,
		`{"protocol":"functionstage","endpoint":"f"}`:                                                                400,
		`{"protocol":"welink","endpoint":"7","extension":{"client_id":"a"}}`:                                         400,
		`{"protocol":"welink","endpoint":"7","extension":{"client_id":"a","client_secret":"b"}}`:                     201,
		`{"protocol":"feishu","endpoint":"https://open.feishu.cn"}`:                                                  400,
		`{"protocol":"feishu","endpoint":"https://open.feishu.cn","extension":{"keyword":"a","sign_secret":"b"}}`:    400,
		`{"protocol":"feishu","endpoint":"https://open.feishu.cn","extension":{"keyword":"a"}}`:                      201,
		`{"protocol":"dingTalkBot","endpoint":"u","extension":{"app_key":"a","app_secret":"b","robot_code":"c d"}}`:  400,
		`{"protocol":"dingTalkBot","endpoint":"u","extension":{"app_key":"a","app_secret":"b","robot_code":"c"}}`:    201,
		`{"protocol":"dingding","endpoint":"conversation"}`:                                                          201,
		fmt.Sprintf(`{"protocol":"email","endpoint":"a@example.com","remark":%q}`, strings.Repeat("a", 129)):         400,
		fmt.Sprintf(`{"protocol":"http","endpoint":"http://a.example","extension":{"header":{"x-a":"%01024d"}}}`, 1): 400,
	} {
		if a := c.send(c.request("POST", path, body)); a.status != status {
			t.Errorf("%s: %d %s", body, a.status, a.text)
		}
	}
}
