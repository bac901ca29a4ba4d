package obs

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// What is not known yet is not refused.
func TestChecksOfDocuments(t *testing.T) {
	t.Parallel()
	const rules, topics = `{"index_document":"a","routing_rules":[{%s}]}`, `{"topics":[{"id":"a","events":["ObjectCreated:*"]},{%s}]}`
	for _, test := range []struct {
		check        object.Check
		config, want string
	}{
		{websiteFits, `{}`, "index_document"},
		{websiteFits, `{"index_document":"?"}`, ""},
		{websiteFits, `{"redirect_all_requests_to":"?"}`, ""},
		{websiteFits, `{"redirect_all_requests_to":"?","index_document":"?"}`, "index_document"},
		{websiteFits, `{"index_document":"a","routing_rules":"?"}`, ""},
		{websiteFits, fmt.Sprintf(rules, `"redirect":{"protocol":null}`), "routing_rules.0.redirect"},
		{websiteFits, fmt.Sprintf(rules, `"redirect":{"protocol":"?"}`), ""},
		{websiteFits, fmt.Sprintf(rules, `"redirect":"?","condition":"?"`), ""},
		{websiteFits, fmt.Sprintf(rules, `"redirect":"?","condition":{}`), "routing_rules.0.condition"},
		{websiteFits, fmt.Sprintf(rules, `"redirect":{"replace_key_with":"?","replace_key_prefix_with":"a"}`), "routing_rules.0.redirect"},
		{topicsFit, `{"topics":"?"}`, ""},
		{topicsFit, fmt.Sprintf(topics, `"id":"?","events":"?"`), ""},
		{topicsFit, fmt.Sprintf(topics, `"id":"b","events":["?"]`), ""},
		{topicsFit, fmt.Sprintf(topics, `"id":"b","events":["ObjectCreated:Put"],"filter":"?"`), ""},
		{topicsFit, fmt.Sprintf(topics, `"id":"b","events":["ObjectCreated:Put"],"filter":{"prefix":"?"}`), ""},
		{topicsFit, fmt.Sprintf(topics, `"id":"b","events":["ObjectCreated:Put"],"filter":null`), "topics.1"},
		{topicsFit, fmt.Sprintf(topics, `"id":"b","events":["ObjectCreated:Put"],"filter":{"prefix":"a"}`), "topics.1"},
		{topicsFit, fmt.Sprintf(topics, `"id":"b","events":["ObjectRemoved:Delete"]`), ""},
		{topicsFit, fmt.Sprintf(topics, `"id":"a","events":["ObjectRemoved:Delete"]`), "topics.1.id"},
	} {
		var config map[string]any
		if err := json.Unmarshal([]byte(test.config), &config); err != nil {
			t.Fatal(err)
		}
		var refused []string
		test.check(nil, object.Values(unknowns(config).(map[string]any)), func(at, _ string, _ ...any) { refused = append(refused, at) })
		if got := strings.Join(refused, " "); got != test.want {
			t.Errorf("%s is refused at %q instead of %q", test.config, got, test.want)
		}
	}
}

// unknowns puts what is not known yet in the place of each "?".
func unknowns(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			v[key] = unknowns(member)
		}
	case []any:
		for i, item := range v {
			v[i] = unknowns(item)
		}
	case string:
		if v == "?" {
			return convert.Unknown
		}
	}
	return v
}
