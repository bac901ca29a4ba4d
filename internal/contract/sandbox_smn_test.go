package contract

import (
	"testing"

	smn2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/smn/v2"
)

func TestSMN(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "smn", smn2.NewSmnClient)

	urn := *do(v, c.CreateTopic, `{"body":{"name":"alarms","display_name":"On call","enterprise_project_id":"0"}}`).TopicUrn
	want(v, "URN", urn, "urn:smn:cn-north-4:"+project+":alarms")
	want(v, "URN of the same name", *do(v, c.CreateTopic, `{"body":{"name":"alarms","display_name":""}}`).TopicUrn, urn)
	refused(v, 400, "SMN.00010001", c.CreateTopic, `{"body":{"name":"on call","display_name":""}}`)
	do(v, c.UpdateTopic, `{"topic_urn":%q,"body":{"display_name":"Night"}}`, urn)
	topic := do(v, c.ListTopicDetails, `{"topic_urn":%q}`, urn)
	want(v, "display name", *topic.DisplayName, "Night")
	refused(v, 404, "SMN.00010008", c.ListTopicDetails, `{"topic_urn":"urn:smn:cn-north-4:%s:none"}`, project)

	do(v, c.BatchCreateOrDeleteResourceTags, `{"resource_type":"smn_topic","resource_id":%q,"body":{"action":"create","tags":[{"key":"env","value":"prod"}]}}`, *topic.TopicId)
	want(v, "tags", len(*do(v, c.ListResourceTags, `{"resource_type":"smn_topic","resource_id":%q}`, *topic.TopicId).Tags), 1)
	want(v, "topics", *do(v, c.ListTopics, `{"offset":0,"limit":10,"name":"alarms"}`).TopicCount, 1)
	whole := *do(v, c.ListTopicsWithAssociatedResources, `{"topic_id":%q}`, *topic.TopicId).Topics
	want(v, "tag", whole[0].Tags[0].Value, "prod")

	const mail = `{"topic_urn":%q,"body":{"protocol":"email","endpoint":"ops@example.com","remark":"day"}}`
	subscription := *do(v, c.AddSubscription, mail, urn).SubscriptionUrn
	want(v, "URN of the same address", *do(v, c.AddSubscription, mail, urn).SubscriptionUrn, subscription)
	refused(v, 400, "SMN.00010001", c.AddSubscription, `{"topic_urn":%q,"body":{"protocol":"email","endpoint":"ops"}}`, urn)
	do(v, c.UpdateSubscription, `{"topic_urn":%q,"subscription_urn":%q,"body":{"remark":"night"}}`, urn, subscription)
	of := *do(v, c.ListSubscriptionsByTopic, `{"topic_urn":%q,"offset":0,"limit":10}`, urn).Subscriptions
	want(v, "remark", of[0].Remark, "night")
	want(v, "unconfirmed", *do(v, c.ListSubscriptions, `{"status":0,"protocol":"email"}`).SubscriptionCount, 1)
	do(v, c.CancelSubscription, `{"subscription_urn":%q}`, subscription)
	refused(v, 404, "SMN.00010010", c.CancelSubscription, `{"subscription_urn":%q}`, subscription)
	do(v, c.DeleteTopic, `{"topic_urn":%q}`, urn)
	v.covers("smn", "BatchDeleteSubscriptionsFilterPolices")
}
