package provider

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// setting is one thing that can be said in the provider block or in the environment.
type setting struct {
	name      string   // of the argument; "ignore_tags.keys" is keys inside ignore_tags
	kind      kind     // what can be said; one text, when it says nothing else
	older     []string // environment variables that users of the existing providers have set, looked at in this order
	otherwise string   // what holds when nobody says anything
	clouds    string   // the key in the OpenStack client's clouds.yaml
	required  bool     // in the group that it belongs to
	secret    bool
	check     check // of the text, or of each element
	about     string
}

const (
	defaultRetries = 5

	huaweiCloud = "huaweicloud"
	openStack   = "openstack"
)

type kind int

const (
	text    kind = iota
	whole        // a whole number
	decimal      // a number
	flag         // true or false
	texts        // several; in the environment separated by commas
	pairs        // a map of texts; in the environment key=value, separated by commas
	group        // holds the settings below its name
	groups       // a list of such groups; the environment can say one
)

// settings is the provider block. Schema, documentation, checks, look-up and error messages all follow from it.
var settings = []setting{
	{name: "platform", check: isOneOf(huaweiCloud, openStack), otherwise: "`openstack` when the provider signs in with `os_cloud` or an application credential, and else `huaweicloud`",
		about: "What the cloud speaks: `huaweicloud`, the APIs of Huawei Cloud, or `openstack`, OpenStack's own, which are found by the catalog of the identity service at `auth_url`."},
	{name: "region", older: []string{"HW_REGION_NAME", "OS_REGION_NAME", "OS_REGION"}, clouds: "region_name", check: isRegion, otherwise: "the region of the profile, when the credentials come from one; the only region of an OpenStack cloud that has a single one",
		about: "Region that objects are managed in unless they name another one, for example `cn-north-4`."},

	{name: "access_key", older: []string{"HW_ACCESS_KEY", "OS_ACCESS_KEY"},
		about: "Access key id. Needs `secret_key`."},
	{name: "secret_key", older: []string{"HW_SECRET_KEY", "OS_SECRET_KEY"}, secret: true,
		about: "Secret of the access key."},
	{name: "security_token", older: []string{"HW_SECURITY_TOKEN", "OS_SECURITY_TOKEN"}, secret: true,
		about: "Security token that belongs to a temporary access key. It is only used when it was found in the same place as one of the keys, so that a forgotten variable does not spoil a permanent key."},
	{name: "token", older: []string{"HW_AUTH_TOKEN", "OS_AUTH_TOKEN", "OS_TOKEN"}, clouds: "auth.token", secret: true,
		about: "IAM (Keystone v3) token, instead of keys. It cannot be renewed during a run. In an OpenStack cloud, it is exchanged for one of the project when that is another one than its own."},
	{name: "user_name", older: []string{"HW_USER_NAME", "OS_USERNAME"}, clouds: "auth.username",
		about: "Name of an IAM (Keystone) user. Needs `password`, and `domain_name` or `domain_id`."},
	{name: "user_id", older: []string{"HW_USER_ID", "OS_USER_ID"}, clouds: "auth.user_id", check: isUserID,
		about: "Id of an IAM (Keystone) user, instead of `user_name`. Needs `password`."},
	{name: "password", older: []string{"HW_USER_PASSWORD", "OS_PASSWORD"}, clouds: "auth.password", secret: true,
		about: "Password of the user."},
	{name: "os_cloud", older: []string{"OS_CLOUD"},
		about: "Cloud of the OpenStack client's `clouds.yaml` to sign in to. What is said in the provider block, or in the same group of variables as the cloud or before (`HWCLOUD_*`, `HW_*`, `OS_*`), wins over the file."},
	{name: "clouds_file", older: []string{"OS_CLIENT_CONFIG_FILE"}, otherwise: "the first `clouds.yaml` in the working directory, `~/.config/openstack` and `/etc/openstack`",
		about: "File in which `os_cloud` is looked for. A `secure.yaml` beside it, or in one of these directories, adds secrets to it, and a `clouds-public.yaml` what a cloud's `profile` says."},
	{name: "domain_name", older: []string{"HW_DOMAIN_NAME", "OS_DOMAIN_NAME"}, clouds: "auth.domain_name",
		about: "Name of the account (the IAM domain) that the user belongs to. In an OpenStack cloud, the domain of both the user and the project."},
	{name: "domain_id", older: []string{"HW_DOMAIN_ID", "OS_DOMAIN_ID"}, clouds: "auth.domain_id", check: isDomainID,
		about: "Id of the account, instead of `domain_name`. Global services ask for it."},
	{name: "user_domain_name", older: []string{"OS_USER_DOMAIN_NAME"}, clouds: "auth.user_domain_name", otherwise: "`domain_name` or `domain_id`, and else the domain with the id `default`",
		about: "Name of the user's domain in an OpenStack cloud."},
	{name: "user_domain_id", older: []string{"OS_USER_DOMAIN_ID"}, clouds: "auth.user_domain_id", check: isDomainID,
		about: "Id of the user's domain, instead of `user_domain_name`."},
	{name: "project_domain_name", older: []string{"OS_PROJECT_DOMAIN_NAME"}, clouds: "auth.project_domain_name", otherwise: "`domain_name` or `domain_id`, and else the domain with the id `default`",
		about: "Name of the project's domain in an OpenStack cloud, for a project that is given by name."},
	{name: "project_domain_id", older: []string{"OS_PROJECT_DOMAIN_ID"}, clouds: "auth.project_domain_id", check: isDomainID,
		about: "Id of the project's domain, instead of `project_domain_name`."},
	{name: "application_credential_id", older: []string{"OS_APPLICATION_CREDENTIAL_ID"}, clouds: "auth.application_credential_id",
		about: "Id of an application credential of an OpenStack cloud. It is of one project, which need not be given. Needs `application_credential_secret`."},
	{name: "application_credential_name", older: []string{"OS_APPLICATION_CREDENTIAL_NAME"}, clouds: "auth.application_credential_name",
		about: "Name of an application credential, instead of its id. Needs the user as well: `user_name` with `user_domain_name` or `user_domain_id`, or `user_id`."},
	{name: "application_credential_secret", older: []string{"OS_APPLICATION_CREDENTIAL_SECRET"}, clouds: "auth.application_credential_secret", secret: true,
		about: "Secret of the application credential."},
	{name: "project_name", older: []string{"HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"}, clouds: "auth.project_name", otherwise: "the name of the region; an OpenStack cloud has no such default",
		about: "Project that objects are managed in."},
	{name: "project_id", older: []string{"HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"}, clouds: "auth.project_id", check: isID,
		about: "Id of the project, instead of `project_name`. It saves one request."},
	{name: "auth_url", older: []string{"HW_AUTH_URL", "OS_AUTH_URL"}, clouds: "auth.auth_url", check: isAddress, otherwise: "the address of the `iam` service",
		about: "Address of IAM, with or without `/v3`. An OpenStack cloud is known by this address, that of its identity service (Keystone), alone."},
	{name: "interface", older: []string{"OS_INTERFACE", "OS_ENDPOINT_TYPE"}, clouds: "interface", check: isInterface, otherwise: "`public`",
		about: "Which of the addresses in an OpenStack cloud's catalog are used: `public`, `internal` or `admin`."},

	{name: "shared_config_file", older: []string{"HW_SHARED_CONFIG_FILE"}, otherwise: "`~/.hcloud/config.json`",
		about: "Configuration file of the vendor's command line, where a profile with access keys is looked for."},
	{name: "profile", older: []string{"HW_PROFILE"}, otherwise: "the file's current profile",
		about: "Profile in `shared_config_file`."},
	{name: "ecs_metadata", kind: flag, check: isFlag, otherwise: "`false`",
		about: "Take temporary access keys from the metadata service of the server that Terraform runs on. The server needs an agency."},
	{name: "assume_role", kind: groups,
		about: "Agencies to act through, one after the other: the first is assumed with the credentials above, the next with those that the first one gave. The environment can name one agency, which counts when this argument is absent."},
	{name: "assume_role.agency_name", older: []string{"HW_ASSUME_ROLE_AGENCY_NAME", "OS_AGENCY_NAME"}, required: true,
		about: "Name of the agency."},
	{name: "assume_role.domain_name", older: []string{"HW_ASSUME_ROLE_DOMAIN_NAME", "OS_AGENCY_DOMAIN_NAME"},
		about: "Name of the account that created the agency. Either this or `domain_id` is needed."},
	{name: "assume_role.domain_id", older: []string{"HW_ASSUME_ROLE_DOMAIN_ID"}, check: isDomainID,
		about: "Id of the account that created the agency."},
	{name: "assume_role.duration", kind: whole, older: []string{"HW_ASSUME_ROLE_DURATION"}, check: isWithin(900, 86400), otherwise: "the cloud's choice, 900",
		about: "Seconds, from 900 to 86400, until the agency's keys expire. They are renewed before that, however long a run takes."},

	{name: "cloud", older: []string{"HW_CLOUD"}, check: isDomain, otherwise: "`myhuaweicloud.com`",
		about: "Domain of the cloud. A service is asked at `https://{service}.{region}.{cloud}/`."},
	{name: "endpoint", check: isAddress,
		about: "One address for all services, which are then asked at `{endpoint}/{service}/`. The sandbox is such an address."},
	{name: "endpoints", kind: pairs, clouds: "endpoint_override", check: isServiceAddress,
		about: "Addresses of single services, by the service's name: `{ vpc = \"https://vpc.example.com\" }`. They win over `endpoint`, and over the catalog of an OpenStack cloud. The names are " + "`" + strings.Join(serviceNames(), "`, `") + "`."},
	{name: "signature", check: isOneOf("derived", "legacy"), otherwise: "`SDK-HMAC-SHA256`",
		about: "Signature made with access keys, when the default one must not be used: `derived` is V11-HMAC-SHA256, whose key is derived for the region and the day; `legacy` is the older form of the vendor's first documents."},
	{name: "insecure", kind: flag, older: []string{"HW_INSECURE", "OS_INSECURE"}, clouds: "verify", check: isFlag, otherwise: "`false`",
		about: "Accept any certificate, and addresses with `http://` that are not on this machine. Whoever sits on the way can then read and change everything."},
	{name: "cacert_file", older: []string{"HW_CACERT", "OS_CACERT"}, clouds: "cacert",
		about: "File of PEM certificates to trust besides the system's."},
	{name: "max_retries", kind: whole, older: []string{"HW_MAX_RETRIES"}, check: isWithin(0, 100), otherwise: strconv.Itoa(defaultRetries),
		about: "How often a request that failed for a passing reason is repeated. Waiting for a rate limit to pass does not count."},
	{name: "max_requests_per_second", kind: decimal, check: isPositive, otherwise: "no limit but the cloud's own, which is discovered",
		about: "Upper limit for the requests to one service in one region."},

	{name: "allowed_project_ids", kind: texts, check: isID, otherwise: "any project",
		about: "Projects that may be touched. Requests in any other project are refused before they are sent."},
	{name: "enterprise_project_id", older: []string{"HW_ENTERPRISE_PROJECT_ID"}, check: isEnterpriseProjectID,
		about: "Enterprise project of new objects that name none. `0` is the account's default one."},
	{name: "default_tags", kind: pairs,
		about: "Tags of every object that can have tags. An object's own tag of the same key wins."},
	{name: "ignore_tags", kind: group,
		about: "Tags that others look after: they are neither shown as a difference nor removed."},
	{name: "ignore_tags.keys", kind: texts,
		about: "Keys of such tags."},
	{name: "ignore_tags.key_prefixes", kind: texts,
		about: "What the keys of such tags begin with."},
}

// named finds the setting of a name, which is always a constant in this package.
func named(name string) setting {
	return settings[slices.IndexFunc(settings, func(s setting) bool { return s.name == name })]
}

// environment returns the variables that stand for a setting, in the order in which they are looked at.
func (s setting) environment() []string {
	if s.kind == group || s.kind == groups {
		return nil
	}
	return append([]string{"HWCLOUD_" + strings.ToUpper(strings.ReplaceAll(s.name, ".", "_"))}, s.older...)
}

// identity tells that the setting belongs to one sign-in, and not to another.
func (s setting) identity() bool { return strings.HasPrefix(s.clouds, "auth.") }

// path is where the setting stands in the provider block, or the list that it stands in.
func (s setting) path() path.Path {
	parent, child, nested := strings.Cut(s.name, ".")
	if nested && named(parent).kind == group {
		return path.Root(parent).AtName(child)
	}
	return path.Root(parent)
}

// description is the documentation of the argument.
func (s setting) description() string {
	d := s.about
	if s.otherwise != "" {
		d += " Default: " + s.otherwise + "."
	}
	if names := s.environment(); names != nil {
		d += " Environment: `" + strings.Join(names, "`, `") + "`."
	}
	return d
}

// attributes is the schema of the settings directly below a parent ("": the provider block).
func attributes(parent string) map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, s := range settings {
		name, below := strings.CutPrefix(s.name, parent)
		if below && !strings.Contains(name, ".") {
			all[name] = s.attribute()
		}
	}
	return all
}

func (s setting) attribute() schema.Attribute {
	d := s.description()
	switch s.kind {
	case text:
		return schema.StringAttribute{Required: s.required, Optional: !s.required, Sensitive: s.secret, MarkdownDescription: d}
	case whole:
		return schema.Int64Attribute{Optional: true, MarkdownDescription: d}
	case decimal:
		return schema.Float64Attribute{Optional: true, MarkdownDescription: d}
	case flag:
		return schema.BoolAttribute{Optional: true, MarkdownDescription: d}
	case texts:
		return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: d}
	case pairs:
		return schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: d}
	case group:
		return schema.SingleNestedAttribute{Optional: true, Attributes: attributes(s.name + "."), MarkdownDescription: d}
	case groups:
		return schema.ListNestedAttribute{Optional: true, MarkdownDescription: d,
			NestedObject: schema.NestedAttributeObject{Attributes: attributes(s.name + ".")}}
	}
	panic("setting " + s.name + " is of no known kind")
}
