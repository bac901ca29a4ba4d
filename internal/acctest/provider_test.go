package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	frameworkresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

// What the provider gives to every object: defaults, tags, regions, identity, moves, data sources, lists.

const (
	north = "5a0d80c0000000000000000000000101" // the project of cn-north-4
	east  = "5a0d80c0000000000000000000000102" // the project of cn-east-3
)

// makeVPC makes a VPC that Terraform knows nothing of, and returns its id.
func (c *Cloud) makeVPC(fields map[string]any) string {
	c.t.Helper()
	answer := c.Ask(cloud.VPC, "POST", "/v1/{project_id}/vpcs", map[string]any{"vpc": fields})
	return answer["vpc"].(map[string]any)["id"].(string)
}

func TestDefaultTags(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	const vpc = `
resource "hwcloud_vpc" "test" {
  name = "test"
  cidr = "10.0.0.0/16"
  tags = { team = "y", own = "o" }
}
resource "hwcloud_vpc" "bare" {
  name = "bare"
  cidr = "10.0.0.0/16"
}
`
	const ignored = `ignore_tags = { keys = ["owner"], key_prefixes = ["sys:"] }`
	config := cloud.Provider(`default_tags = { team = "x", cost = "1", owner = "nobody" }`, ignored) + vpc
	cloud.Run(
		resource.TestStep{
			Config: config,
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr("hwcloud_vpc.test", "tags.%", "2"),
				resource.TestCheckResourceAttr("hwcloud_vpc.test", "tags_all.%", "3"),
				resource.TestCheckResourceAttr("hwcloud_vpc.test", "tags_all.team", "y"),
				resource.TestCheckResourceAttr("hwcloud_vpc.test", "tags_all.cost", "1"),
				resource.TestCheckNoResourceAttr("hwcloud_vpc.bare", "tags.%"),
				resource.TestCheckResourceAttr("hwcloud_vpc.bare", "tags_all.%", "2"),
			),
		},
		unchanged(config, func() { // what others look after is neither shown nor removed
			tags := cloud.Objects("vpc")[cloud.ID("vpc", "bare")]["tags"].(map[string]any)
			tags["owner"], tags["sys:created-by"] = "someone", "something"
			cloud.Patch("vpc", cloud.ID("vpc", "bare"), map[string]any{"tags": tags})
		}),
		resource.TestStep{
			PreConfig: cloud.Forget,
			Config:    cloud.Provider(`default_tags = { team = "z" }`, ignored) + vpc,
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr("hwcloud_vpc.test", "tags_all.team", "y"),
				resource.TestCheckResourceAttr("hwcloud_vpc.bare", "tags_all.%", "1"),
				func(*terraform.State) error {
					if writes := cloud.Writes(); len(writes) != 3 { // one takes cost from both, one gives team to bare
						return fmt.Errorf("wrote %v", writes)
					}
					if tags := cloud.Objects("vpc")[cloud.ID("vpc", "bare")]["tags"].(map[string]any); tags["owner"] != "someone" || tags["team"] != "z" || len(tags) != 3 {
						return fmt.Errorf("bare has the tags %v", tags)
					}
					return nil
				},
			),
		},
		resource.TestStep{
			Config:   cloud.Provider(`ignore_tags = { keys = ["own"] }`) + vpc,
			PlanOnly: true, ExpectError: Says("Tag is ignored", `ignore_tags names "own"`),
		},
		resource.TestStep{
			Config:   cloud.Provider(`default_tags = { team = "<x>" }`) + vpc, // test has a team of its own
			PlanOnly: true, ExpectError: Says("Tags of hwcloud_vpc with the default tags", `"team" = "<x>"`),
		},
	)
}

func TestEnterpriseProject(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	const (
		first, second = "8a9d7b6c-0000-4000-8000-000000000001", "8a9d7b6c-0000-4000-8000-000000000002"
		config        = `
resource "hwcloud_vpc" "default" {
  name = "default"
  cidr = "10.0.0.0/16"
}
resource "hwcloud_vpc" "own" {
  name                  = "own"
  cidr                  = "10.0.0.0/16"
  enterprise_project_id = "0"
}
`
	)
	with := func(id string) string { return cloud.Provider(fmt.Sprintf("enterprise_project_id = %q", id)) }
	cloud.Run(
		resource.TestStep{
			Config: with(first) + config,
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr("hwcloud_vpc.default", "enterprise_project_id", first),
				resource.TestCheckResourceAttr("hwcloud_vpc.own", "enterprise_project_id", "0"),
			),
		},
		unchanged(with(second)+config, nil), // what exists stays where it is
		unchanged(config, nil),
	)
}

func TestRegion(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := func(region string) string {
		return fmt.Sprintf("resource \"hwcloud_vpc\" \"test\" {\n  name = \"test\"\n  cidr = \"10.0.0.0/16\"\n  %s\n}\n", region)
	}
	in := func(region, project string) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			id, err := cloud.one("vpc")
			if err != nil {
				return err
			}
			if got := cloud.Objects("vpc")[id]["project_id"]; got != project {
				return fmt.Errorf("it is in project %v", got)
			}
			return resource.TestCheckResourceAttr("hwcloud_vpc.test", "region", region)(s)
		}
	}
	elsewhere := config(`region = "cn-east-3"`)
	cloud.Run(
		resource.TestStep{Config: config(""), Check: in("cn-north-4", north)},
		unchanged(config(`region = "cn-north-4"`), nil), // said or not said, it is the same
		resource.TestStep{
			Config: elsewhere, Check: in("cn-east-3", east),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_vpc.test", plancheck.ResourceActionReplace),
			}},
		},
		resource.TestStep{
			ResourceName: "hwcloud_vpc.test", ImportState: true, ImportStateKind: resource.ImportBlockWithID,
			ImportStateIdFunc: func(s *terraform.State) (string, error) {
				return s.RootModule().Resources["hwcloud_vpc.test"].Primary.ID + "@cn-east-3", nil
			},
		},
		resource.TestStep{
			ResourceName: "hwcloud_vpc.test", ImportState: true, // in the provider's region there is none
			ExpectError: Says("Cannot import non-existent remote object"),
		},
		// What is there stays there when the provider moves on.
		unchanged(strings.Replace(cloud.Provider(), "cn-north-4", "cn-east-3", 1)+elsewhere, nil),
	)
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cloud.Run(
		resource.TestStep{Config: volume(`size = 10`, `timeouts { update = "500ms" }`)},
		resource.TestStep{
			Config: volume(`size = 10`, `timeouts { delete = "soon" }`), PlanOnly: true,
			ExpectError: Says("timeouts", "soon"),
		},
		resource.TestStep{
			PreConfig:   func() { cloud.Configure(map[string]any{"job_ms": 2000}) },
			Config:      volume(`size = 20`, `timeouts { update = "500ms" }`),
			ExpectError: Says("Cannot change hwcloud_volume", "longer than allowed"),
		},
		resource.TestStep{
			PreConfig: func() { // it took longer, and was done all the same
				await(t, "the volume grows", func() bool { return cloud.Objects("volume")[cloud.ID("volume", "")]["size"] == 20.0 })
			},
			RefreshState: true,
		},
	)
}

func TestAllowedProjects(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := vpcs("test")
	cloud.Run(
		resource.TestStep{Config: cloud.Provider(fmt.Sprintf("allowed_project_ids = [%q]", north)) + config},
		resource.TestStep{
			PreConfig: cloud.Forget,
			Config:    cloud.Provider(fmt.Sprintf("allowed_project_ids = [%q]", east)) + config, PlanOnly: true,
			ExpectError: Says("Cannot read hwcloud_vpc", north),
		},
		unchanged(config, func() {
			if calls := cloud.Calls("/vpc/"); len(calls) > 0 {
				t.Errorf("asked for %v", calls)
			}
		}),
	)
}

func TestDataSources(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	ids := map[string]string{}
	for _, vpc := range []map[string]any{
		{"name": "web-1", "cidr": "10.1.0.0/16", "tags": []string{"env*prod", "a*b"}, "description": "first"},
		{"name": "web-2", "cidr": "10.2.0.0/16", "tags": []string{"env*test"}},
		{"name": "db", "cidr": "10.2.0.0/16"},
	} {
		ids[vpc["name"].(string)] = cloud.makeVPC(vpc)
	}
	cloud.Patch("vpc", ids["web-1"], map[string]any{"created_at": "2001-01-01T00:00:00Z"})
	fails := func(arguments string, words ...string) resource.TestStep {
		return resource.TestStep{Config: "data \"hwcloud_vpc\" \"test\" {\n" + arguments + "\n}\n", PlanOnly: true, ExpectError: Says(words...)}
	}
	cloud.Run(
		fails(`name = "none"`, "Cannot find hwcloud_vpc", "region cn-north-4", "name = none"),
		fails(`id = "8a9d7b6c-0000-4000-8000-000000000001"`, "Cannot find hwcloud_vpc"),
		fails(`cidr = "10.2.0.0/16"`, "Found 2 of hwcloud_vpc", "Give more attributes"),
		fails(`name_regex = "("`, "Invalid regular expression"),
		resource.TestStep{
			Config: fmt.Sprintf(`
data "hwcloud_vpc" "id" { id = %q }
data "hwcloud_vpc" "name" { name = "web-1" }
data "hwcloud_vpc" "tag" { tags = { env = "test" } }
data "hwcloud_vpc" "cidr" {
  cidr       = "10.2.0.0/16"
  name_regex = "^d"
}
data "hwcloud_vpc" "youngest" {
  name_regex  = "^web"
  most_recent = true
}
data "hwcloud_vpcs" "all" {}
data "hwcloud_vpcs" "some" { name_regex = "^web" }
data "hwcloud_vpcs" "none" { name = "none" }
data "hwcloud_vpcs" "elsewhere" { region = "cn-east-3" }
`, ids["db"]),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr("data.hwcloud_vpc.id", "name", "db"),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.id", "region", "cn-north-4"),
				resource.TestCheckNoResourceAttr("data.hwcloud_vpc.id", "description"),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.name", "id", ids["web-1"]),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.name", "tags.%", "2"),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.name", "tags.env", "prod"),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.name", "description", "first"),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.tag", "id", ids["web-2"]),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.cidr", "id", ids["db"]),
				resource.TestCheckResourceAttr("data.hwcloud_vpc.youngest", "id", ids["web-2"]),
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.all", "vpcs.#", "3"),
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.all", "vpcs.0.name", "db"), // ordered by name
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.all", "vpcs.1.tags.a", "b"),
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.some", "vpcs.#", "2"),
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.some", "vpcs.1.id", ids["web-2"]),
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.none", "vpcs.#", "0"),
				resource.TestCheckResourceAttr("data.hwcloud_vpcs.elsewhere", "vpcs.#", "0"),
			),
		},
	)
}

// A failed lookup is an error, and never "none".
func TestDataSourceFails(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cloud.Break(Fault{Path: "/vpc/", Action: status(403, "VPC.0002")})
	for _, config := range []string{`data "hwcloud_vpcs" "test" {}`, `data "hwcloud_vpc" "test" { id = "8a9d7b6c-0000-4000-8000-000000000001" }`} {
		cloud.Run(resource.TestStep{Config: config, ExpectError: Says("Cannot look up hwcloud_vpc", "The cloud answered 403")})
	}
}

// wire speaks the protocol with the provider, for what this Terraform does not know yet.
type wire struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

func (c *Cloud) wire(t *testing.T) *wire {
	t.Helper()
	server, err := c.Factories()["hwcloud"]()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t, server, schema}
	w.fine(schema.Diagnostics)
	config := map[string]any{"region": "cn-north-4", "access_key": "sandbox", "secret_key": "sandbox", "endpoint": c.URL}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: w.encode(schema.Provider.ValueType(), config),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.fine(configured.Diagnostics)
	return w
}

func (w *wire) fine(diags []*tfprotov6.Diagnostic) {
	w.t.Helper()
	for _, d := range diags {
		w.t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
}

func (w *wire) encode(typ tftypes.Type, v any) *tfprotov6.DynamicValue {
	w.t.Helper()
	value, err := convert.ToTerraform(typ, v)
	if err != nil {
		w.t.Fatal(err)
	}
	encoded, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		w.t.Fatal(err)
	}
	return &encoded
}

// decode is a value as JSON; nil when it is null.
func (w *wire) decode(typ tftypes.Type, v *tfprotov6.DynamicValue) map[string]any {
	w.t.Helper()
	value, err := v.Unmarshal(typ)
	if err != nil {
		w.t.Fatal(err)
	}
	decoded, err := convert.FromTerraform(value)
	if err != nil {
		w.t.Fatal(err)
	}
	object, _ := decoded.(map[string]any)
	return object
}

func (w *wire) typ(name string) tftypes.Type { return w.schema.ResourceSchemas[name].ValueType() }

// identityType is that of every resource.
var identityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "region": tftypes.String, "project_id": tftypes.String}}

func (w *wire) identity(v *tfprotov6.ResourceIdentityData) map[string]any {
	w.t.Helper()
	if v == nil {
		return nil
	}
	return w.decode(identityType, v.IdentityData)
}

// create plans and applies a new resource.
func (w *wire) create(name string, config map[string]any) *tfprotov6.ApplyResourceChangeResponse {
	w.t.Helper()
	typ := w.typ(name)
	plan, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, PriorState: w.encode(typ, nil), ProposedNewState: w.encode(typ, config), Config: w.encode(typ, config),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.fine(plan.Diagnostics)
	applied, err := w.server.ApplyResourceChange(w.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: name, PriorState: w.encode(typ, nil), PlannedState: plan.PlannedState, Config: w.encode(typ, config),
		PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return applied
}

// readVPC refreshes a state, and returns it and the identity.
func (w *wire) readVPC(state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) (map[string]any, map[string]any) {
	w.t.Helper()
	read, err := w.server.ReadResource(w.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "hwcloud_vpc", CurrentState: state, Private: private, CurrentIdentity: identity})
	if err != nil {
		w.t.Fatal(err)
	}
	w.fine(read.Diagnostics)
	return w.decode(w.typ("hwcloud_vpc"), read.NewState), w.identity(read.NewIdentity)
}

// The warning of promise 5: what was kept, what is missing, and what the cloud said.
func TestPromise05TheWarningSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cloud.Break(Fault{Path: "add-extend-cidr", Action: status(500, "VPC.0500")})
	applied := cloud.wire(t).create("hwcloud_vpc", map[string]any{"name": "test", "cidr": "10.0.0.0/16", "secondary_cidrs": []any{"10.1.0.0/16"}})
	if len(applied.Diagnostics) != 1 || applied.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityWarning {
		t.Fatalf("it says %v", applied.Diagnostics)
	}
	text := applied.Diagnostics[0].Summary + "\n" + applied.Diagnostics[0].Detail
	if !Says(`Cannot set [secondary_cidrs] of hwcloud_vpc "test"`, "The cloud answered 500 VPC.0500 told to fail", "request id", "was created and is kept").MatchString(text) {
		t.Errorf("it says %s", text)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	c := Start(t)
	w := c.wire(t)
	schemas, err := w.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name := range w.schema.ResourceSchemas {
		if identity := schemas.IdentitySchemas[name]; identity == nil || !identity.ValueType().Equal(identityType) {
			t.Errorf("%s has the identity %v", name, identity)
		}
	}

	config := map[string]any{"name": "test", "cidr": "10.0.0.0/16"}
	applied := w.create("hwcloud_vpc", config)
	w.fine(applied.Diagnostics)
	id, err := c.one("vpc")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(map[string]any{"id": id, "region": "cn-north-4", "project_id": north})
	if got := w.identity(applied.NewIdentity); fmt.Sprint(got) != want {
		t.Errorf("create answers the identity %v", got)
	}
	created := w.decode(w.typ("hwcloud_vpc"), applied.NewState)
	if _, got := w.readVPC(applied.NewState, applied.Private, applied.NewIdentity); fmt.Sprint(got) != want {
		t.Errorf("read answers the identity %v", got)
	}

	for name, test := range map[string]struct {
		identity map[string]any
		err      string
	}{
		"id alone":        {map[string]any{"id": id}, ""},
		"in full":         {map[string]any{"id": id, "region": "cn-north-4", "project_id": north}, ""},
		"another project": {map[string]any{"id": id, "project_id": east}, "It is in project " + east},
		"no id":           {map[string]any{"id": " "}, "import id is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			imported, err := w.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
				TypeName: "hwcloud_vpc", Identity: &tfprotov6.ResourceIdentityData{IdentityData: w.encode(identityType, test.identity)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if test.err != "" {
				if len(imported.Diagnostics) != 1 || !strings.Contains(imported.Diagnostics[0].Detail, test.err) {
					t.Errorf("it says %v", imported.Diagnostics)
				}
				return
			}
			w.fine(imported.Diagnostics)
			one := imported.ImportedResources[0]
			state, identity := w.readVPC(one.State, one.Private, one.Identity)
			if fmt.Sprint(state) != fmt.Sprint(created) || fmt.Sprint(identity) != want {
				t.Errorf("imported %v as %v", identity, state)
			}
		})
	}
}

func TestMovedState(t *testing.T) {
	t.Parallel()
	c := Start(t)
	id := c.makeVPC(map[string]any{"name": "old", "cidr": "10.0.0.0/16", "tags": []string{"a*b"}})
	w := c.wire(t)
	move := func(source string, state map[string]any) *tfprotov6.MoveResourceStateResponse {
		t.Helper()
		text, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := w.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: "registry.terraform.io/huaweicloud/huaweicloud", SourceTypeName: source, SourceSchemaVersion: 1,
			SourceState: &tfprotov6.RawState{JSON: text}, TargetTypeName: "hwcloud_vpc",
		})
		if err != nil {
			t.Fatal(err)
		}
		return moved
	}
	// The old notion of the other attributes does not survive.
	old := map[string]any{"id": id, "name": "as it once was", "cidr": 7, "routes": []any{"x"}, "region": "cn-north-4"}
	for _, source := range []string{"huaweicloud_vpc", "huaweicloud_vpc_v1", "flexibleengine_vpc_v1", "opentelekomcloud_vpc_v1"} {
		moved := move(source, old)
		w.fine(moved.Diagnostics)
		state, identity := w.readVPC(moved.TargetState, moved.TargetPrivate, moved.TargetIdentity)
		if state["name"] != "old" || state["cidr"] != "10.0.0.0/16" || state["id"] != id || fmt.Sprint(state["tags"]) != "map[a:b]" || identity["id"] != id {
			t.Errorf("%s became %v with the identity %v", source, state, identity)
		}
	}
	delete(old, "region") // then it is the provider's
	moved := move("huaweicloud_vpc", old)
	if state, _ := w.readVPC(moved.TargetState, moved.TargetPrivate, moved.TargetIdentity); state["region"] != "cn-north-4" || state["name"] != "old" {
		t.Errorf("became %v", state)
	}
	for source, state := range map[string]map[string]any{"huaweicloud_vpc_subnet": old, "huaweicloud_vpc": {"name": "without an id"}} {
		if moved := move(source, state); len(moved.Diagnostics) != 1 {
			t.Errorf("%s from %v: %v", source, state, moved.Diagnostics)
		}
	}
}

// olderProvider is another provider, of which users move away. It keeps what it is told.
type olderProvider struct{}

func (olderProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "huaweicloud"
}
func (olderProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (olderProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (olderProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (olderProvider) Resources(context.Context) []func() frameworkresource.Resource {
	return []func() frameworkresource.Resource{func() frameworkresource.Resource { return olderVPC{} }}
}

type olderVPC struct{}

func (olderVPC) Metadata(_ context.Context, _ frameworkresource.MetadataRequest, resp *frameworkresource.MetadataResponse) {
	resp.TypeName = "huaweicloud_vpc"
}

func (olderVPC) Schema(_ context.Context, _ frameworkresource.SchemaRequest, resp *frameworkresource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Required: true}, "name": schema.StringAttribute{Required: true}, "region": schema.StringAttribute{Optional: true},
	}}
}

func (olderVPC) Create(_ context.Context, req frameworkresource.CreateRequest, resp *frameworkresource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (olderVPC) Read(context.Context, frameworkresource.ReadRequest, *frameworkresource.ReadResponse) {
}
func (olderVPC) Update(context.Context, frameworkresource.UpdateRequest, *frameworkresource.UpdateResponse) {
}
func (olderVPC) Delete(context.Context, frameworkresource.DeleteRequest, *frameworkresource.DeleteResponse) {
}

// A moved block takes a resource over from another provider, without touching the object.
func TestMovedBlock(t *testing.T) {
	t.Parallel()
	c := Start(t)
	id := c.makeVPC(map[string]any{"name": "old", "cidr": "10.0.0.0/16"})
	factories := c.Factories()
	factories["huaweicloud"] = providerserver.NewProtocol6WithError(olderProvider{})
	resource.Test(t, resource.TestCase{IsUnitTest: true, ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: fmt.Sprintf("resource \"huaweicloud_vpc\" \"test\" {\n  id = %q\n  name = \"as it once was\"\n}\n", id)},
		{
			Config: c.Provider() + `
moved {
  from = huaweicloud_vpc.test
  to   = hwcloud_vpc.test
}
resource "hwcloud_vpc" "test" {
  name = "old"
  cidr = "10.0.0.0/16"
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_vpc.test", plancheck.ResourceActionNoop),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(c.holds("vpc"), resource.TestCheckResourceAttr("hwcloud_vpc.test", "id", id)),
		},
	}})
}

func TestListResources(t *testing.T) {
	t.Parallel()
	c := Start(t)
	first := c.makeVPC(map[string]any{"name": "a", "cidr": "10.0.0.0/16", "tags": []string{"env*prod"}})
	c.makeVPC(map[string]any{"name": "b", "cidr": "10.0.0.0/16"})
	c.makeVPC(map[string]any{"name": "c", "cidr": "10.1.0.0/16"})
	w := c.wire(t)
	for _, kind := range c.Kinds {
		if name := kind.TypeName(); !kind.NoResource && kind.Alone == (w.schema.ListResourceSchemas[name] != nil) {
			t.Errorf("%s: whether it can be listed is wrong", name)
		}
	}
	lists, ok := w.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // not in ProviderServer yet
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	list := func(config map[string]any, include bool, limit int64) []tfprotov6.ListResourceResult {
		t.Helper()
		encoded := w.encode(w.schema.ListResourceSchemas["hwcloud_vpc"].ValueType(), config)
		valid, err := lists.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: "hwcloud_vpc", Config: encoded})
		if err != nil {
			t.Fatal(err)
		}
		w.fine(valid.Diagnostics)
		stream, err := lists.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: "hwcloud_vpc", Config: encoded, IncludeResource: include, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		return slices.Collect(stream.Results)
	}
	for name, test := range map[string]struct {
		config map[string]any
		limit  int64
		want   string
	}{
		"all":             {map[string]any{}, 0, "a b c"},
		"by an attribute": {map[string]any{"cidr": "10.0.0.0/16"}, 0, "a b"},
		"by tags":         {map[string]any{"tags": map[string]any{"env": "prod"}}, 0, "a"},
		"at most two":     {map[string]any{}, 2, "a b"},
		"elsewhere":       {map[string]any{"region": "cn-east-3"}, 0, ""},
	} {
		var names []string
		for _, result := range list(test.config, false, test.limit) {
			w.fine(result.Diagnostics)
			names = append(names, result.DisplayName)
		}
		if strings.Join(names, " ") != test.want {
			t.Errorf("%s: %v", name, names)
		}
	}
	found := list(map[string]any{"name": "a"}, true, 0)
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	state := w.decode(w.typ("hwcloud_vpc"), found[0].Resource)
	if identity := w.identity(found[0].Identity); identity["id"] != first || identity["project_id"] != north || state["cidr"] != "10.0.0.0/16" || fmt.Sprint(state["tags"]) != "map[env:prod]" {
		t.Errorf("found %v as %v", identity, state)
	}
	c.Break(Fault{Path: "/vpc/", Action: status(403, "VPC.0002")})
	if refused := list(map[string]any{}, false, 0); len(refused) != 1 || len(refused[0].Diagnostics) != 1 || !strings.Contains(refused[0].Diagnostics[0].Detail, "403") {
		t.Errorf("a list that failed is %v", refused)
	}
}

// A job that is all that is known of a volume is remembered in the private state: deletion finds the object through it.
func TestPromise03TheJobFindsWhatIsToBeDeleted(t *testing.T) {
	t.Parallel()
	c := Start(t, sandbox.Options{JobMS: 2000})
	c.Kinds = []*object.Kind{nameless()}
	w := c.wire(t)
	applied := w.create("hwcloud_volume", map[string]any{
		"availability_zone": "cn-north-4a", "volume_type": "SSD", "size": json.Number("10"), "timeouts": map[string]any{"create": "500ms"},
	})
	state := w.decode(w.typ("hwcloud_volume"), applied.NewState)
	if len(applied.Diagnostics) != 1 || state["id"] != nil || len(applied.Private) == 0 {
		for _, d := range applied.Diagnostics {
			t.Errorf("%s %s", d.Summary, d.Detail)
		}
		t.Fatalf("it says %v, and the state is %v", applied.Diagnostics, state)
	}
	typ := w.typ("hwcloud_volume")
	deleted, err := w.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "hwcloud_volume", PriorState: applied.NewState, PlannedState: w.encode(typ, nil), Config: w.encode(typ, nil), PlannedPrivate: applied.Private,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.fine(deleted.Diagnostics)
	if left := c.Objects("volume"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
