package smn

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Subscription is an address that gets a topic's messages. Whoever receives them there may have to agree first, which
// nobody waits for.
var Subscription = object.Kind{
	Name:     "subscription",
	Service:  cloud.SMN,
	Path:     "/v2/{project_id}/notifications/subscriptions",
	Many:     "subscriptions",
	Paging:   cloud.Offset(100),
	ListOnly: true,
	Create:   object.Op{Path: "/v2/{project_id}/notifications/topics/{topic_urn}/subscriptions", ID: "subscription_urn", OnlyNew: true},
	Ready:    object.Ready{Path: "status", OK: []string{"0", "1", "2", "3"}},
	Gone:     []string{"4"},
	Fields: object.Fields{
		"id":              {API: "subscription_urn"},
		"topic_urn":       {Write: object.Never},
		"client_id":       {API: "extension.client_id"},
		"client_secret":   {API: "extension.client_secret"},
		"keyword":         {API: "extension.keyword"},
		"sign_secret":     {API: "extension.sign_secret"},
		"headers":         {API: "extension.header"},
		"app_key":         {API: "extension.app_key"},
		"app_secret":      {API: "extension.app_secret"},
		"robot_code":      {API: "extension.robot_code"},
		"filter_policies": {API: "filter_polices"},
	},
	Silent:  extensions,
	Secrets: []string{"client_secret", "sign_secret", "app_secret"},
	Changes: []object.Change{{
		Of: []string{"remark"},
		Op: object.Op{Path: "/v2/{project_id}/notifications/topics/{topic_urn}/subscriptions/{id}"},
	}},
	Checks:   []object.Check{fitsProtocol, extensionFits, headersFit},
	Filters:  map[string]string{"endpoint": "endpoint"},
	Replaces: []string{"huaweicloud_smn_subscription", "huaweicloud_smn_subscription_v2", "flexibleengine_smn_subscription_v2", "opentelekomcloud_smn_subscription_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A subscription (SMN): an address that gets the messages of a topic. Mail, text messages, calls and web addresses get a request to confirm first; that is not waited for, `status` tells.",
		Attributes: map[string]schema.Attribute{
			"topic_urn": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(topicURN, "a topic's URN is expected: urn:smn:REGION:PROJECT:NAME")},
				MarkdownDescription: "The topic, by its id (URN).",
			},
			"protocol": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(protocolNames...)},
				MarkdownDescription: "How messages travel: `email`, `sms`, `callnotify` (a call), `http`, `https`, `functionstage` (a function), `functiongraph` (a workflow), " +
					"`dingding`, `wechat`, `feishu`, `welink` (robots of groups) or `dingTalkBot` (one user of DingTalk).",
			},
			"endpoint": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The address, by protocol: an e-mail address, a phone number (`+8613800000000`), a public URL with its scheme, the URN of a function, " +
					"the id of a workflow, the address of a robot (of DingTalk also the id of a conversation), the number of a WeLink group, or the id of a user.",
			},
			"remark": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(128)},
				MarkdownDescription: "Remark: at most 128 bytes, which are 42 Chinese letters.",
			},
			"headers": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeBetween(1, 10),
					mapvalidator.KeysAre(valid.Match(headerName, "a name of letters, digits and single dashes is expected that begins with x-")),
					mapvalidator.ValueStringsAre(valid.Match(asciiText, "only ASCII is allowed")),
				},
				MarkdownDescription: "HTTP headers of each message, for `http` and `https`: 1 to 10, with at most 1024 characters in all; names begin with `x-` and not with `x-smn`.",
			},
			"client_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Id of the application, for `welink`, which needs it.",
			},
			"client_secret": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Secret of the application, for `welink`, which needs it.",
			},
			"keyword": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The keyword that the robot asks for, for `feishu` and `dingding`. `feishu` needs either this or `sign_secret`.",
			},
			"sign_secret": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The secret that the robot checks signatures with, for `feishu` and `dingding`. `feishu` needs either this or `keyword`.",
			},
			"app_key": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(botText(64), "1 to 64 letters, digits, - and _ are expected")},
				MarkdownDescription: "Key of the application, for `dingTalkBot`, which needs it: 1 to 64 letters, digits, `-` and `_`.",
			},
			"app_secret": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{valid.Secret(botText(128), "1 to 128 letters, digits, - and _")},
				MarkdownDescription: "Secret of the application, for `dingTalkBot`, which needs it: 1 to 128 letters, digits, `-` and `_`.",
			},
			"robot_code": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(botText(64), "1 to 64 letters, digits, - and _ are expected")},
				MarkdownDescription: "Code of the robot, for `dingTalkBot`, which needs it: 1 to 64 letters, digits, `-` and `_`.",
			},
			"status": schema.Int64Attribute{Computed: true, MarkdownDescription: "`0`: not confirmed yet, `1`: confirmed, `2`: needs no confirmation, `3`: cancelled by the receiver."},
			"owner":  schema.StringAttribute{Computed: true, MarkdownDescription: "The project that the topic is of."},
			"filter_policies": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "What a message's attributes must be for it to be delivered.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":          schema.StringAttribute{Computed: true, MarkdownDescription: "The attribute."},
					"string_equals": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The values that pass."},
				}},
			},
		},
	},
}

// extensions are the attributes that only some protocols have.
var extensions = []string{"headers", "client_id", "client_secret", "keyword", "sign_secret", "app_key", "app_secret", "robot_code"}

// protocol says what the endpoint of a protocol must be, and which of the extensions it needs and takes.
type protocol struct {
	endpoint     func(string) bool
	wants        string
	needs, takes []string
}

var protocols = map[string]protocol{
	"email":         {endpoint: mailAddress.MatchString, wants: "an e-mail address"},
	"sms":           {endpoint: phoneNumber.MatchString, wants: "a phone number such as +8613800000000"},
	"callnotify":    {endpoint: phoneNumber.MatchString, wants: "a phone number such as +8613800000000"},
	"http":          {endpoint: public("http"), wants: "a public address that begins with http://", takes: []string{"headers"}},
	"https":         {endpoint: public("https"), wants: "a public address that begins with https://", takes: []string{"headers"}},
	"functionstage": {endpoint: begins("urn:fss:"), wants: "the URN of a function"},
	"functiongraph": {endpoint: begins(""), wants: "the id of a workflow"},
	"dingding":      {endpoint: begins(""), wants: "the address of a robot, or the id of a conversation", takes: []string{"keyword", "sign_secret"}},
	"wechat":        {endpoint: public("https"), wants: "the address of a robot, which begins with https://"},
	"feishu":        {endpoint: public("https"), wants: "the address of a robot, which begins with https://", takes: []string{"keyword", "sign_secret"}},
	"welink":        {endpoint: begins(""), wants: "the number of a group", needs: []string{"client_id", "client_secret"}},
	"dingTalkBot":   {endpoint: begins(""), wants: "the id of a user", needs: []string{"app_key", "app_secret", "robot_code"}},
}

var protocolNames = []string{
	"email", "sms", "callnotify", "http", "https", "functionstage", "functiongraph", "dingding", "wechat", "feishu", "welink", "dingTalkBot",
}

var (
	topicURN    = pattern.New(`^urn:smn:[^:]+:[^:]+:[A-Za-z0-9][A-Za-z0-9_-]{0,254}$`)
	mailAddress = pattern.New(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	phoneNumber = pattern.New(`^\+?[0-9]{5,20}$`)
	headerName  = pattern.New(`^[Xx](-[A-Za-z0-9]+)+$`)
	asciiText   = pattern.New(`^[ -~]*$`)
)

// botText is what names and secrets of DingTalk are made of.
func botText(most int) *pattern.Pattern {
	return pattern.New(fmt.Sprintf(`^[A-Za-z0-9_-]{1,%d}$`, most))
}

func begins(with string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, with) }
}

// public takes URLs of a scheme whose host is none of a private network.
func public(scheme string) func(string) bool {
	return func(s string) bool {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != scheme || u.Hostname() == "" || u.Hostname() == "localhost" {
			return false
		}
		address, err := netip.ParseAddr(u.Hostname())
		return err != nil || address.IsGlobalUnicast() && !address.IsPrivate()
	}
}

// fitsProtocol refuses endpoints that the protocol cannot have.
func fitsProtocol(_, config object.Values, refuse func(string, string, ...any)) {
	name, endpoint := config.String("protocol"), config.String("endpoint")
	p, known := protocols[name]
	if known && endpoint != "" && !p.endpoint(endpoint) {
		refuse("endpoint", "%q does not fit protocol %s: it must be %s.", endpoint, name, p.wants)
	}
}

// extensionFits refuses a protocol without what it needs, and what belongs to another.
func extensionFits(_, config object.Values, refuse func(string, string, ...any)) {
	name := config.String("protocol")
	p, known := protocols[name]
	if !known {
		return
	}
	given := func(attribute string) bool { return config.Has(attribute) || config.Has(attribute+"_wo") }
	for _, attribute := range extensions {
		at := attribute
		if config.Has(attribute + "_wo") {
			at += "_wo"
		}
		switch needed := slices.Contains(p.needs, attribute); {
		case needed && !given(attribute):
			refuse("protocol", "Protocol %s needs %s.", name, attribute)
		case !needed && given(attribute) && !slices.Contains(p.takes, attribute):
			refuse(at, "Protocol %s has no %s.", name, attribute)
		}
	}
	if name == "feishu" && given("keyword") == given("sign_secret") {
		refuse("protocol", "Protocol feishu needs either keyword or sign_secret.")
	}
}

// headersFit refuses headers that the service keeps for itself, that differ only in case, or that are too long together.
func headersFit(_, config object.Values, refuse func(string, string, ...any)) {
	size, seen := 0, map[string]bool{}
	for name, value := range config.Map("headers") {
		text, _ := value.(string)
		size += len(name) + len(text)
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-smn") {
			refuse("headers", "%q begins with x-smn, which the service keeps for itself.", name)
		}
		if seen[name] {
			refuse("headers", "%q is given twice: case makes no difference.", name)
		}
		seen[name] = true
	}
	if size > 1024 {
		refuse("headers", "The headers have %d characters; at most 1024 are allowed.", size)
	}
}
