package sandbox

import (
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// smnService sends messages to those who subscribe to topics; here nobody is sent anything.
type smnService struct {
	*Sandbox
	topics        *table[topic]
	subscriptions *table[subscription]
}

// topic is what messages are about. Its id is its URN, urn:smn:{region}:{project}:{name}.
type topic struct {
	meta
	Name                string            `json:"name"`
	DisplayName         string            `json:"display_name"`
	TopicID             string            `json:"topic_id"` // by which tags know it
	PushPolicy          int               `json:"push_policy"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Tags                map[string]string `json:"tags"`
}

// subscription is an address that a topic's messages go to. Its id is its URN, that of the topic and 32 digits more.
type subscription struct {
	meta
	TopicURN string `json:"topic_urn"`
	Protocol string `json:"protocol"`
	Endpoint string `json:"endpoint"`
	Remark   string `json:"remark"`
	Status   int    `json:"status"` // 0 unconfirmed, 1 confirmed, 2 needs no confirmation, 3 cancelled
}

const smnTime = "2006-01-02T15:04:05Z"

func newSMN(s *Sandbox) *smnService {
	m := &smnService{
		Sandbox:       s,
		topics:        newTable[topic](s, "topic"),
		subscriptions: newTable[subscription](s, "subscription"),
	}
	m.topics.removed = func(t *topic) {
		for _, o := range m.of(t) {
			m.subscriptions.remove(o.ID)
		}
	}
	const path = "/v2/{project_id}/notifications"
	s.addService(&service{
		name:    "smn",
		invalid: "SMN.00010001",
		shape:   errorCodeMsg,
		routes: []route{
			{"POST " + path + "/topics", 201, m.createTopic},
			{"GET " + path + "/topics", 200, m.listTopics(m.topicView)},
			{"GET " + path + "/topics-with-associated-resources", 200, m.listTopics(m.wholeTopicView)},
			{"GET " + path + "/topics/{topic_urn}", 200, m.showTopic},
			{"PUT " + path + "/topics/{topic_urn}", 200, m.updateTopic},
			{"DELETE " + path + "/topics/{topic_urn}", 200, m.deleteTopic},
			{"GET /v2/{project_id}/smn_topic/{topic_id}/tags", 200, m.showTopicTags},
			{"POST /v2/{project_id}/smn_topic/{topic_id}/tags/action", 204, m.changeTopicTags},
			{"POST " + path + "/topics/{topic_urn}/subscriptions", 201, m.subscribe},
			{"GET " + path + "/topics/{topic_urn}/subscriptions", 200, m.listTopicSubscriptions},
			{"PUT " + path + "/topics/{topic_urn}/subscriptions/{subscription_urn}", 200, m.updateSubscription},
			{"GET " + path + "/subscriptions", 200, m.listSubscriptions},
			{"DELETE " + path + "/subscriptions/{subscription_urn}", 200, m.unsubscribe},
		},
	})
	return m
}

func badSMN(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "SMN.00010001", format, args...)
}

func noTopic(urn string) error {
	return refuse(http.StatusNotFound, "SMN.00010008", "Topic %s does not exist.", urn)
}

func noSubscription(urn string) error {
	return refuse(http.StatusNotFound, "SMN.00010010", "Subscription %s does not exist.", urn)
}

// of are the subscriptions to a topic, oldest first.
func (m *smnService) of(t *topic) []*subscription {
	return m.subscriptions.where("", func(o *subscription) bool { return o.TopicURN == t.ID })
}

// topic is the one in the request's path.
func (m *smnService) topic(r *request) (*topic, error) {
	if t := m.topics.get(r.project.ID, r.PathValue("topic_urn")); t != nil {
		return t, nil
	}
	return nil, noTopic(r.PathValue("topic_urn"))
}

var topicName = pattern.New(`^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$`)

func checkDisplayName(text string) error {
	if len(text) > 192 || !utf8.ValidString(text) {
		return badSMN("display_name is longer than 192 bytes.")
	}
	return nil
}

// createTopic makes a topic, or answers the one of the name, which stays as it is.
func (m *smnService) createTopic(r *request) (any, error) {
	var in struct {
		Name                string  `json:"name"`
		DisplayName         *string `json:"display_name"`
		EnterpriseProjectID string  `json:"enterprise_project_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if !topicName.MatchString(in.Name) {
		return nil, badSMN("name %q is invalid: 1 to 255 letters, digits, - and _ are expected, a letter or digit first.", in.Name)
	}
	o := &topic{Name: in.Name, TopicID: m.ids.hex(), EnterpriseProjectID: "0"}
	if in.DisplayName != nil {
		o.DisplayName = *in.DisplayName
	}
	if err := checkDisplayName(o.DisplayName); err != nil {
		return nil, err
	}
	if in.EnterpriseProjectID != "" {
		o.EnterpriseProjectID = in.EnterpriseProjectID
	}
	o.ID = "urn:smn:" + r.project.Region + ":" + r.project.ID + ":" + in.Name
	answer := map[string]any{"request_id": r.id, "topic_urn": o.ID}
	if m.topics.get(r.project.ID, o.ID) != nil {
		return withStatus{http.StatusOK, answer}, nil
	}
	if m.topics.full(r.project.ID, 1) {
		return nil, refuse(http.StatusForbidden, "SMN.00010005", "The number of topics exceeds the quota.")
	}
	m.topics.add(r.project.ID, o)
	return answer, nil
}

func (m *smnService) topicView(t *topic) map[string]any {
	return map[string]any{
		"topic_urn":             t.ID,
		"topic_id":              t.TopicID,
		"name":                  t.Name,
		"display_name":          t.DisplayName,
		"push_policy":           t.PushPolicy,
		"enterprise_project_id": t.EnterpriseProjectID,
		"create_time":           t.CreatedAt.Truncate(time.Second).Format(smnTime),
		"update_time":           t.UpdatedAt.Truncate(time.Second).Format(smnTime),
	}
}

// wholeTopicView has tags too.
func (m *smnService) wholeTopicView(t *topic) map[string]any {
	view := m.topicView(t)
	view["tags"], view["attributes"], view["logtanks"] = tagList(t.Tags), struct{}{}, []any{}
	return view
}

func (m *smnService) showTopic(r *request) (any, error) {
	t := m.topics.read(r.project.ID, r.PathValue("topic_urn"))
	if t == nil {
		return nil, noTopic(r.PathValue("topic_urn"))
	}
	view := m.topicView(t)
	view["request_id"] = r.id
	return view, nil
}

// smnPage is the lists' default and greatest length of a page.
const smnPage = 100

// listTopics lists in one of two views, newest first.
func (m *smnService) listTopics(view func(*topic) map[string]any) func(*request) (any, error) {
	return func(r *request) (any, error) {
		q := r.query
		found := slices.DeleteFunc(m.topics.list(r.project.ID), func(t *topic) bool {
			return !matches(q.Get("name"), t.Name) || !matches(q.Get("topic_id"), t.TopicID) || !ofEnterprise(r, t.EnterpriseProjectID) ||
				!strings.Contains(t.Name, q.Get("fuzzy_name")) || !strings.Contains(t.DisplayName, q.Get("fuzzy_display_name"))
		})
		slices.Reverse(found)
		page, err := offsetPage(r, found, smnPage, smnPage)
		if err != nil {
			return nil, err
		}
		return map[string]any{"request_id": r.id, "topic_count": len(found), "topics": views(page, view)}, nil
	}
}

func (m *smnService) updateTopic(r *request) (any, error) {
	t, err := m.topic(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		DisplayName *string `json:"display_name"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.DisplayName == nil {
		return nil, badSMN("display_name is missing.")
	}
	if err := checkDisplayName(*in.DisplayName); err != nil {
		return nil, err
	}
	t.DisplayName = *in.DisplayName
	m.topics.touch(t)
	return map[string]any{"request_id": r.id}, nil
}

func (m *smnService) deleteTopic(r *request) (any, error) {
	t, err := m.topic(r)
	if err != nil {
		return nil, err
	}
	m.topics.remove(t.ID)
	return map[string]any{"request_id": r.id}, nil
}

// tagged is the topic whose tags are meant: by its id, or by its name if a header says so.
func (m *smnService) tagged(r *request) (*topic, error) {
	id := r.PathValue("topic_id")
	t := m.topics.first(r.project.ID, func(t *topic) bool {
		if r.Header.Get("X-SMN-RESOURCEID-TYPE") == "name" {
			return t.Name == id
		}
		return t.TopicID == id
	})
	if t == nil {
		return nil, noTopic(id)
	}
	return t, nil
}

func (m *smnService) showTopicTags(r *request) (any, error) {
	t, err := m.tagged(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"tags": tagList(t.Tags)}, nil
}

// changeTopicTags adds or removes tags; of a tag that exists the value is changed.
func (m *smnService) changeTopicTags(r *request) (any, error) {
	t, err := m.tagged(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string `json:"action"`
		Tags   []tag  `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	tags := maps.Clone(t.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	for _, one := range in.Tags {
		if n := utf8.RuneCountInString(one.Key); n < 1 || n > 127 || utf8.RuneCountInString(one.Value) > 255 {
			return nil, badSMN("tag %q is invalid: a key of 1 to 127 and a value of 0 to 255 characters are expected.", one.Key)
		}
		if in.Action == "delete" {
			delete(tags, one.Key)
		} else {
			tags[one.Key] = one.Value
		}
	}
	if in.Action != "create" && in.Action != "delete" || len(in.Tags) == 0 || len(tags) > tagsPerObject {
		return nil, badSMN("action is create or delete, with 1 tag or more, and a topic has at most %d.", tagsPerObject)
	}
	t.Tags = tags
	return nil, nil
}

var (
	mailAddress = pattern.New(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	phoneNumber = pattern.New(`^\+?[0-9]{5,20}$`)
	botText     = pattern.New(`^[A-Za-z0-9_-]{1,128}$`)
	headerName  = pattern.New(`^[Xx](-[A-Za-z0-9]+)+$`)
)

// endpoints say what an address must be, by protocol.
var endpoints = map[string]func(string) bool{
	"email":         mailAddress.MatchString,
	"sms":           phoneNumber.MatchString,
	"callnotify":    phoneNumber.MatchString,
	"http":          publicURL("http://"),
	"https":         publicURL("https://"),
	"functionstage": func(s string) bool { return strings.HasPrefix(s, "urn:fss:") },
	"functiongraph": someText,
	"dingding":      someText, // the address of a robot, or the id of a conversation
	"wechat":        publicURL("https://"),
	"feishu":        publicURL("https://"),
	"welink":        someText,
	"dingTalkBot":   someText,
}

func someText(s string) bool { return s != "" }

// publicURL takes addresses with a scheme that the internet can reach.
func publicURL(scheme string) func(string) bool {
	return func(text string) bool {
		u, err := url.Parse(text)
		if err != nil || !strings.HasPrefix(text, scheme) || u.Hostname() == "" || u.Hostname() == "localhost" {
			return false
		}
		a, err := netip.ParseAddr(u.Hostname())
		return err != nil || !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsUnspecified()
	}
}

// unconfirmed are the protocols whose receivers are asked whether they agree.
var unconfirmed = []string{"email", "sms", "callnotify", "http", "https"}

// extension is what protocols need beside an address.
type extension struct {
	ClientID     string            `json:"client_id"`
	ClientSecret string            `json:"client_secret"`
	Keyword      string            `json:"keyword"`
	SignSecret   string            `json:"sign_secret"`
	Header       map[string]string `json:"header"`
	AppKey       string            `json:"app_key"`
	AppSecret    string            `json:"app_secret"`
	RobotCode    string            `json:"robot_code"`
}

func (e extension) check(protocol string) error {
	switch {
	case protocol == "welink" && (e.ClientID == "" || e.ClientSecret == ""):
		return badSMN("welink needs client_id and client_secret.")
	case protocol == "feishu" && (e.Keyword == "") == (e.SignSecret == ""):
		return badSMN("feishu needs either keyword or sign_secret.")
	case protocol == "dingTalkBot" && (!botText.MatchString(e.AppKey) || !botText.MatchString(e.AppSecret) || !botText.MatchString(e.RobotCode)):
		return badSMN("dingTalkBot needs app_key, app_secret and robot_code.")
	}
	size, seen := 0, map[string]bool{}
	for name, value := range e.Header {
		size += len(name) + len(value)
		name = strings.ToLower(name)
		if !headerName.MatchString(name) || strings.HasPrefix(name, "x-smn") || seen[name] {
			return badSMN("header %s is invalid.", name)
		}
		seen[name] = true
	}
	if len(e.Header) > 10 || size > 1024 {
		return badSMN("at most 10 headers of 1024 characters are allowed.")
	}
	return nil
}

// subscribe makes a subscription, or answers the one of the address.
func (m *smnService) subscribe(r *request) (any, error) {
	t, err := m.topic(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Protocol  string    `json:"protocol"`
		Endpoint  string    `json:"endpoint"`
		Remark    string    `json:"remark"`
		Extension extension `json:"extension"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	fits, known := endpoints[in.Protocol]
	if !known {
		return nil, badSMN("protocol %q is invalid.", in.Protocol)
	}
	if !fits(in.Endpoint) {
		return nil, badSMN("endpoint %q is invalid for protocol %s.", in.Endpoint, in.Protocol)
	}
	if err := checkRemark(in.Remark); err != nil {
		return nil, err
	}
	if err := in.Extension.check(in.Protocol); err != nil {
		return nil, err
	}
	for _, o := range m.of(t) {
		if o.Protocol == in.Protocol && o.Endpoint == in.Endpoint {
			return withStatus{http.StatusOK, map[string]any{"request_id": r.id, "subscription_urn": o.ID}}, nil
		}
	}
	if m.exceeds("subscription", len(m.of(t))+1) {
		return nil, refuse(http.StatusForbidden, "SMN.00010005", "The number of subscriptions of the topic exceeds the quota.")
	}
	o := &subscription{meta: meta{ID: t.ID + ":" + m.ids.hex()}, TopicURN: t.ID, Protocol: in.Protocol, Endpoint: in.Endpoint, Remark: in.Remark, Status: 2}
	if slices.Contains(unconfirmed, in.Protocol) {
		o.Status = 0
	}
	m.subscriptions.add(r.project.ID, o)
	return map[string]any{"request_id": r.id, "subscription_urn": o.ID}, nil
}

func checkRemark(text string) error {
	if len(text) > 128 || !utf8.ValidString(text) {
		return badSMN("remark is longer than 128 bytes.")
	}
	return nil
}

func subscriptionView(o *subscription) any {
	return map[string]any{
		"topic_urn":        o.TopicURN,
		"protocol":         o.Protocol,
		"subscription_urn": o.ID,
		"owner":            o.ProjectID,
		"endpoint":         o.Endpoint,
		"remark":           o.Remark,
		"status":           o.Status,
		"filter_polices":   []any{},
	}
}

func (m *smnService) listTopicSubscriptions(r *request) (any, error) {
	t, err := m.topic(r)
	if err != nil {
		return nil, err
	}
	return m.subscriptionPage(r, slices.DeleteFunc(m.of(t), func(o *subscription) bool { return !m.subscriptions.visible(o) }))
}

func (m *smnService) listSubscriptions(r *request) (any, error) {
	status := -1
	if r.query.Has("status") {
		var err error
		if status, err = r.queryInt("status", 0, 0, 4); err != nil {
			return nil, err
		}
	}
	return m.subscriptionPage(r, slices.DeleteFunc(m.subscriptions.list(r.project.ID), func(o *subscription) bool {
		return !matches(r.query.Get("protocol"), o.Protocol) || !matches(r.query.Get("endpoint"), o.Endpoint) || status >= 0 && o.Status != status
	}))
}

func (m *smnService) subscriptionPage(r *request, found []*subscription) (any, error) {
	found = slices.DeleteFunc(found, func(o *subscription) bool { return !strings.Contains(o.Remark, r.query.Get("fuzzy_remark")) })
	page, err := offsetPage(r, found, smnPage, smnPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"request_id": r.id, "subscription_count": len(found), "subscriptions": views(page, subscriptionView)}, nil
}

func (m *smnService) updateSubscription(r *request) (any, error) {
	t, err := m.topic(r)
	if err != nil {
		return nil, err
	}
	o := m.subscriptions.get(r.project.ID, r.PathValue("subscription_urn"))
	if o == nil || o.TopicURN != t.ID {
		return nil, noSubscription(r.PathValue("subscription_urn"))
	}
	var in struct {
		Remark *string `json:"remark"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Remark == nil {
		return nil, badSMN("remark is missing.")
	}
	if err := checkRemark(*in.Remark); err != nil {
		return nil, err
	}
	o.Remark = *in.Remark
	m.subscriptions.touch(o)
	return map[string]any{"request_id": r.id, "subscription_urn": o.ID}, nil
}

func (m *smnService) unsubscribe(r *request) (any, error) {
	o := m.subscriptions.get(r.project.ID, r.PathValue("subscription_urn"))
	if o == nil {
		return nil, noSubscription(r.PathValue("subscription_urn"))
	}
	m.subscriptions.remove(o.ID)
	return map[string]any{"request_id": r.id}, nil
}
