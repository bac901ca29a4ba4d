package provider

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// No profile of the person who runs the tests may take part in them.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "home")
	if err != nil {
		panic(err)
	}
	for _, name := range []string{"HOME", "USERPROFILE"} {
		_ = os.Setenv(name, home)
	}
	code := m.Run()
	_ = os.RemoveAll(home)
	os.Exit(code)
}

const (
	someID  = "0123456789abcdef0123456789abcdef"
	otherID = "fedcba9876543210fedcba9876543210"
)

var keys = map[string]string{"HWCLOUD_ACCESS_KEY": "a", "HWCLOUD_SECRET_KEY": "s", "HWCLOUD_REGION": "cn-north-4"}

func with(env map[string]string, more ...string) map[string]string {
	env = maps.Clone(env)
	for i := 0; i < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	return env
}

func server(env map[string]string) tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(&hwcloud{"test", Kinds(), Ephemerals(), Actions(), func(name string) string { return env[name] }, &object.World{}})()
}

var unknown = new(int)

// value writes what a test says as a Terraform value; what it does not say is null.
func value(t *testing.T, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		all := map[string]tftypes.Value{}
		if object, ok := typ.(tftypes.Object); ok {
			for name, of := range object.AttributeTypes {
				all[name] = value(t, of, v[name])
			}
		} else {
			for key, element := range v {
				all[key] = value(t, tftypes.String, element)
			}
		}
		return tftypes.NewValue(typ, all)
	case []any:
		all := []tftypes.Value{}
		for _, element := range v {
			all = append(all, value(t, typ.(tftypes.List).ElementType, element))
		}
		return tftypes.NewValue(typ, all)
	case *int:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	default:
		return tftypes.NewValue(typ, v)
	}
}

func blockValue(t *testing.T, block map[string]any) tftypes.Value {
	t.Helper()
	got, err := server(nil).GetProviderSchema(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if block == nil {
		block = map[string]any{}
	}
	return value(t, got.Provider.ValueType(), block)
}

// configure returns what the provider complains of when it is validated and then configured.
func configure(t *testing.T, env map[string]string, block map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	v := blockValue(t, block)
	config, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	s := server(env)
	validated, err := s.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: &config})
	if err != nil {
		t.Fatal(err)
	}
	if len(validated.Diagnostics) > 0 {
		return validated.Diagnostics
	}
	configured, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config, TerraformVersion: "1.11.4"})
	if err != nil {
		t.Fatal(err)
	}
	return configured.Diagnostics
}

func newReader(t *testing.T, env map[string]string, block map[string]any) *reader {
	t.Helper()
	all, err := readBlock(blockValue(t, block))
	if err != nil {
		t.Fatal(err)
	}
	return &reader{block: all, getenv: func(name string) string { return env[name] }, diags: &diag.Diagnostics{}}
}

// complaints fails the test for each of a reader's.
func (r *reader) complaints(t *testing.T) {
	t.Helper()
	for _, d := range *r.diags {
		t.Errorf("%s: %s", d.Summary(), d.Detail())
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	resp, err := server(nil).GetProviderSchema(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	for _, a := range resp.Provider.Block.Attributes {
		if secret := slices.Contains([]string{"secret_key", "security_token", "token", "password", "application_credential_secret"}, a.Name); a.Sensitive != secret {
			t.Errorf("%s: sensitive is %t", a.Name, a.Sensitive)
		}
	}
	described(t, "provider", resp.Provider.Block)
}

// Every page of the documentation says what everything is.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	resp, err := server(nil).GetProviderSchema(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	actions := map[string]*tfprotov6.Schema{}
	for name, action := range resp.ActionSchemas {
		actions[name] = action.Schema
	}
	for _, schemas := range []map[string]*tfprotov6.Schema{resp.ResourceSchemas, resp.DataSourceSchemas, resp.ListResourceSchemas, resp.EphemeralResourceSchemas, actions} {
		if len(schemas) == 0 {
			t.Error("nothing there")
		}
		for name, schema := range schemas {
			if schema.Block.Description == "" {
				t.Errorf("%s has no description", name)
			}
			described(t, name, schema.Block)
		}
	}
}

// described fails the test for each attribute without a description.
func described(t *testing.T, at string, block *tfprotov6.SchemaBlock) {
	t.Helper()
	var walk func(string, []*tfprotov6.SchemaAttribute)
	walk = func(at string, all []*tfprotov6.SchemaAttribute) {
		for _, a := range all {
			if a.Description == "" {
				t.Errorf("%s.%s has no description", at, a.Name)
			}
			if a.NestedType != nil {
				walk(at+"."+a.Name, a.NestedType.Attributes)
			}
		}
	}
	walk(at, block.Attributes)
	for _, nested := range block.BlockTypes {
		described(t, at+"."+nested.TypeName, nested.Block)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	taken := map[string]string{}
	for _, s := range settings {
		if !strings.HasSuffix(s.about, ".") {
			t.Errorf("%s: no sentence says what it is", s.name)
		}
		for _, v := range s.environment() {
			if of, twice := taken[v]; twice {
				t.Errorf("%s stands for %s and for %s", v, of, s.name)
			}
			taken[v] = s.name
			if !strings.Contains(s.description(), "`"+v+"`") {
				t.Errorf("%s: the description does not name %s", s.name, v)
			}
		}
		if !slices.IsSortedFunc(s.environment(), func(a, b string) int { return level(a) - level(b) }) {
			t.Errorf("%s: %v is not the order of precedence", s.name, s.environment())
		}
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	env := map[string]string{"HWCLOUD_REGION": "own", "HW_REGION_NAME": "hw", "OS_REGION_NAME": "os"}
	block := map[string]any{"region": "block"}
	for _, step := range []struct {
		want   string
		forget func()
	}{
		{"block", func() { block["region"] = "" }}, // an empty text says nothing
		{"own", func() { delete(env, "HWCLOUD_REGION") }},
		{"hw", func() { delete(env, "HW_REGION_NAME") }},
		{"os", func() { delete(env, "OS_REGION_NAME") }},
		{"", func() {}},
	} {
		if got := newReader(t, env, block).text("region"); got != step.want {
			t.Errorf("region is %q, not %q", got, step.want)
		}
		step.forget()
	}
}

// Whatever can be said in the block can be said in the environment, and means the same.
func TestEnvironmentMeansTheSame(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*reader{
		"block": newReader(t, nil, map[string]any{
			"insecure": true, "max_retries": 7, "max_requests_per_second": 2.5,
			"allowed_project_ids": []any{someID, otherID},
			"endpoints":           map[string]any{"vpc": "https://a.example/x=y", "ecs": "https://b.example"},
			"default_tags":        map[string]any{"team": "a", "empty": ""},
			"ignore_tags":         map[string]any{"keys": []any{"k"}, "key_prefixes": []any{"p", "q"}},
			"assume_role":         []any{map[string]any{"agency_name": "agency", "domain_name": "account", "duration": 1000}},
		}),
		"environment": newReader(t, map[string]string{
			"HWCLOUD_INSECURE": "1", "HWCLOUD_MAX_RETRIES": "7", "HWCLOUD_MAX_REQUESTS_PER_SECOND": "2.5",
			"HWCLOUD_ALLOWED_PROJECT_IDS": someID + ", " + otherID,
			"HWCLOUD_ENDPOINTS":           "vpc=https://a.example/x=y,ecs=https://b.example",
			"HWCLOUD_DEFAULT_TAGS":        "team=a,empty=",
			"HWCLOUD_IGNORE_TAGS_KEYS":    "k", "HWCLOUD_IGNORE_TAGS_KEY_PREFIXES": "p,q",
			"HW_ASSUME_ROLE_AGENCY_NAME": "agency", "HWCLOUD_ASSUME_ROLE_DOMAIN_NAME": "account", "HWCLOUD_ASSUME_ROLE_DURATION": "1000",
		}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !r.flag("insecure") || r.number("max_retries", 0) != 7 || r.number("max_requests_per_second", 0) != 2.5 {
				t.Errorf("insecure %t, max_retries %v, max_requests_per_second %v",
					r.flag("insecure"), r.number("max_retries", 0), r.number("max_requests_per_second", 0))
			}
			if got := r.list("allowed_project_ids"); !slices.Equal(got, []string{someID, otherID}) {
				t.Errorf("allowed_project_ids: %v", got)
			}
			if got := r.pairs("endpoints"); !maps.Equal(got, map[string]string{"vpc": "https://a.example/x=y", "ecs": "https://b.example"}) {
				t.Errorf("endpoints: %v", got)
			}
			if got := r.pairs("default_tags"); !maps.Equal(got, map[string]string{"team": "a", "empty": ""}) {
				t.Errorf("default_tags: %v", got)
			}
			if got := append(r.list("ignore_tags.keys"), r.list("ignore_tags.key_prefixes")...); !slices.Equal(got, []string{"k", "p", "q"}) {
				t.Errorf("ignore_tags: %v", got)
			}
			if got := r.roles(); !slices.Equal(got, []auth.AssumeRole{{AgencyName: "agency", DomainName: "account", DurationSeconds: 1000}}) {
				t.Errorf("assume_role: %v", got)
			}
			r.complaints(t)
		})
	}
}

// The complaint is at the argument, wherever the value comes from, and says where that is.
func TestWrongValues(t *testing.T) {
	t.Parallel()
	type block = map[string]any
	tests := []struct {
		at    string
		env   map[string]string
		block block
		words string
	}{
		{"region", nil, block{"region": "cn north"}, "cn-north-4"},
		{"region", with(keys, "HWCLOUD_REGION", "https://x"), nil, "In HWCLOUD_REGION"},
		{"region", map[string]string{"HW_ACCESS_KEY": "a", "HW_SECRET_KEY": "s"}, nil, "HWCLOUD_REGION, HW_REGION_NAME, OS_REGION_NAME"},
		{"cloud", nil, block{"cloud": "https://myhuaweicloud.com"}, "without scheme"},
		{"endpoint", nil, block{"endpoint": "127.0.0.1:8750"}, "https://example.com"},
		{"endpoint", nil, block{"endpoint": "https://u:secret@example.com"}, "u:xxxxx@"},
		{`endpoints["vcp"]`, nil, block{"endpoints": block{"vcp": "https://a.example"}}, "vpc"},
		{"endpoints", with(keys, "HWCLOUD_ENDPOINTS", "vpc=a.example"), nil, "In HWCLOUD_ENDPOINTS"},
		{"default_tags", with(keys, "HWCLOUD_DEFAULT_TAGS", "team"), nil, "key=value"},
		{"project_id", nil, block{"project_id": "cn-north-4"}, "32 hexadecimal digits"},
		{"allowed_project_ids[1]", nil, block{"allowed_project_ids": []any{someID, "x"}}, `"x"`},
		{"max_retries", nil, block{"max_retries": -1}, "from 0"},
		{"max_retries", with(keys, "HW_MAX_RETRIES", "many"), nil, "In HW_MAX_RETRIES"},
		{"max_requests_per_second", nil, block{"max_requests_per_second": 0}, "above 0"},
		{"insecure", with(keys, "OS_INSECURE", "sure"), nil, "In OS_INSECURE"},
		{"signature", nil, block{"signature": "v4"}, "derived, legacy"},
		{"assume_role[0].duration", nil, block{"assume_role": []any{block{"agency_name": "a", "domain_name": "b", "duration": 60}}}, "900"},
		{"assume_role[0].agency_name", keys, block{"assume_role": []any{block{"agency_name": "a"}}}, "domain_name or the domain_id"},

		// Nothing leaves this machine without encryption.
		{"endpoint", keys, block{"endpoint": "http://cloud.example"}, "insecure = true"},
		{`endpoints["vpc"]`, keys, block{"endpoints": block{"vpc": "http://10.0.0.1"}}, "insecure = true"},
		{"auth_url", with(keys, "OS_AUTH_URL", "http://iam.example:5000/v3"), nil, "In OS_AUTH_URL"},

		// The plan needs the client.
		{"secret_key", keys, block{"secret_key": unknown}, "-target"},
		{"endpoints", keys, block{"endpoints": unknown}, "-target"},
		{"ignore_tags", keys, block{"ignore_tags": unknown}, "-target"},
		{`default_tags["team"]`, keys, block{"default_tags": block{"team": unknown}}, "-target"},
		{"assume_role[0].domain_name", keys, block{"assume_role": []any{block{"agency_name": "a", "domain_name": unknown}}}, "-target"},
	}
	for _, test := range tests {
		t.Run(test.at+" "+test.words, func(t *testing.T) {
			t.Parallel()
			got := configure(t, test.env, test.block)
			if len(got) != 1 {
				t.Fatalf("not one complaint: %v", got)
			}
			if at := place(got[0].Attribute); at != test.at {
				t.Errorf("the complaint is at %s", at)
			}
			if !strings.Contains(got[0].Detail, test.words) {
				t.Errorf("no %q in %q", test.words, got[0].Detail)
			}
		})
	}
}

// place writes a path as Terraform's users do.
func place(at *tftypes.AttributePath) string {
	var b strings.Builder
	for i, step := range at.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			b.WriteString(strings.Repeat(".", min(i, 1)) + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&b, "[%d]", step)
		}
	}
	return b.String()
}

func TestConfigures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		env   map[string]string
		block map[string]any
	}{
		"as the sandbox says": {env: with(keys, "HWCLOUD_ENDPOINT", "http://127.0.0.1:8750")},
		"IPv6":                {env: with(keys, "HWCLOUD_ENDPOINT", "http://[::1]:8750")},
		"localhost":           {env: with(keys, "HWCLOUD_ENDPOINT", "http://localhost:8750")},
		"insecure":            {env: with(keys, "HW_INSECURE", "true"), block: map[string]any{"endpoint": "http://cloud.example"}},
		"HW_*":                {env: map[string]string{"HW_ACCESS_KEY": "a", "HW_SECRET_KEY": "s", "HW_REGION_NAME": "cn-north-4"}},
		"OS_*": {env: map[string]string{"OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_USER_DOMAIN_NAME": "Default", "OS_REGION_NAME": "RegionOne",
			"OS_PROJECT_DOMAIN_ID": "default", "OS_AUTH_URL": "https://iam.example/v3"}},
		"block": {block: map[string]any{"region": "eu-west-101", "token": "t", "enterprise_project_id": "0", "project_id": someID}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range configure(t, test.env, test.block) {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
		})
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	p, ok := New("1.2.3", nil, nil, nil)().(*hwcloud)
	if !ok || p.version != "1.2.3" || p.getenv == nil {
		t.Errorf("%+v", p)
	}
}
