package acctest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/evs"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/vpc"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// Most tests wait for the cloud most of the time.
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	os.Exit(Main(m))
}

// vpcs is a configuration of VPCs with these names, each a resource of its own.
func vpcs(names ...string) string {
	var b strings.Builder
	for i, name := range names {
		fmt.Fprintf(&b, "resource \"hwcloud_vpc\" %q {\n  name = %q\n  cidr = \"10.%d.0.0/16\"\n}\n", name, name, i)
	}
	return b.String()
}

// volume is a configuration of one volume, with further arguments.
func volume(more ...string) string {
	return fmt.Sprintf(`
resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  %s
}
`, strings.Join(more, "\n  "))
}

const (
	ubuntu = "5a0d80c0-1111-4111-8111-000000002204"

	network = `
resource "hwcloud_vpc" "test" {
  name = "test"
  cidr = "10.0.0.0/16"
}
resource "hwcloud_subnet" "test" {
  name       = "test"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.0.0.0/24"
  gateway_ip = "10.0.0.1"
}
`
)

// server is a configuration of one server in a network of its own, with further arguments.
func server(more ...string) string {
	return network + fmt.Sprintf(`
resource "hwcloud_server" "test" {
  name        = "test"
  flavor_id   = "s6.small.1"
  image_id    = %q
  networks    = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk = { volume_type = "SSD" }
  %s
}
`, ubuntu, strings.Join(more, "\n  "))
}

// unchanged is a step in which nothing is planned.
func unchanged(config string, before func()) resource.TestStep {
	return resource.TestStep{PreConfig: before, Config: config, PlanOnly: true}
}

// planned is a step that applies what is planned to happen to a resource.
func planned(config, address string, action plancheck.ResourceActionType, before func()) resource.TestStep {
	return resource.TestStep{PreConfig: before, Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{
		PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
	}}
}

// status is the action of a fault that answers with a status and a code.
func status(status int, code string) map[string]any {
	return map[string]any{"status": status, "body": map[string]any{"error_code": code, "error_msg": "told to fail"}}
}

// one is the id of the only object of a kind.
func (c *Cloud) one(kind string) (string, error) {
	objects := c.Objects(kind)
	for id := range objects {
		if len(objects) == 1 {
			return id, nil
		}
	}
	return "", fmt.Errorf("there are %d of kind %s, not one", len(objects), kind)
}

// holds checks that the state has the only object of a kind.
func (c *Cloud) holds(kind string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		id, err := c.one(kind)
		if err != nil {
			return err
		}
		r := s.RootModule().Resources["hwcloud_"+kind+".test"]
		if r == nil || r.Primary.ID != id {
			return fmt.Errorf("the cloud has %s %s, and the state %v", kind, id, r)
		}
		return nil
	}
}

// wrote checks the requests beside reads since the log was last cleared, as regular expressions on "METHOD /path {body}".
func (c *Cloud) wrote(patterns ...string) resource.TestCheckFunc {
	return func(*terraform.State) error { return same(c.Writes(), append([]string{}, patterns...)) }
}

// Promise 1: gone means proven gone.

func TestPromise01GoneMeansProvenGone(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := vpcs("a", "b")
	cloud.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { cloud.Delete("vpc", cloud.ID("vpc", "a")) },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_vpc.a", plancheck.ResourceActionCreate),
				plancheck.ExpectResourceAction("hwcloud_vpc.b", plancheck.ResourceActionNoop),
			}},
		},
	)
}

func TestPromise01AbsenceFromAListProvesNothing(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := vpcs("a", "b", "c", "d", "e", "f")
	cloud.Run(
		resource.TestStep{Config: config},
		unchanged(config, func() {
			cloud.Break(Fault{Method: "GET", Path: `/vpc/vpcs(\?|$)`, Action: map[string]any{
				"status": 200, "body": map[string]any{"vpcs": []any{}, "page_info": map[string]any{}},
			}})
			cloud.Forget()
		}),
		unchanged(config, func() {
			lists, reads := len(cloud.Calls(`^GET .*/vpc/vpcs$`)), len(cloud.Calls(`^GET .*/vpc/vpcs/`))
			if lists != 1 || reads != 6 {
				t.Errorf("%d lists and %d reads", lists, reads)
			}
			cloud.Mend()
		}),
	)
}

func TestPromise01RefusedDeletesAreErrors(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	refused := map[string]map[string]any{
		"a": status(400, "VPC.0101"), "b": status(403, "VPC.0002"), "c": status(409, "VPC.0104"), "d": status(404, "APIGW.0101"),
	}
	config := vpcs("a", "b", "c", "d")
	var said []string
	resource.Test(t, resource.TestCase{
		IsUnitTest: true, ProtoV6ProviderFactories: cloud.Factories(),
		ErrorCheck: func(err error) error {
			said = append(said, err.Error())
			return nil
		},
		Steps: []resource.TestStep{
			{Config: cloud.Provider() + config},
			{
				PreConfig: func() {
					for name, action := range refused {
						cloud.Break(Fault{Method: "DELETE", Path: cloud.ID("vpc", name), Action: action})
					}
				},
				Config: cloud.Provider() + config, Destroy: true,
			},
			unchanged(cloud.Provider()+config, cloud.Mend),
		},
	})
	if len(said) != 1 {
		t.Fatalf("%d steps failed, not one: %q", len(said), said)
	}
	for name, action := range refused {
		if !Says(fmt.Sprintf("Cannot delete hwcloud_vpc %q", name), fmt.Sprintf("The cloud answered %d", action["status"])).MatchString(said[0]) {
			t.Errorf("%s is not told in %s", name, said[0])
		}
	}
	if left := cloud.Objects("vpc"); len(left) != 0 {
		t.Errorf("left after all: %v", left)
	}
}

// A 404 of the gateway says that it does not know the API, which proves nothing of the object.
func TestPromise01UnknownAPIProvesNothing(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := vpcs("test")
	cloud.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				cloud.Break(Fault{Method: "GET", Path: "/vpcs/", Action: map[string]any{
					"status": 404, "body": map[string]any{"error_code": "APIGW.0101", "error_msg": "The API does not exist or has not been published in the environment"},
				}})
			},
			Config: config, PlanOnly: true,
			ExpectError: Says("Cannot read hwcloud_vpc", "APIGW.0101", "The endpoint does not know this API"),
		},
		unchanged(config, cloud.Mend),
	)
}

// Promise 2: a failed read is an error.

func TestPromise02FailedReadsChangeNothing(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	failing := map[string]map[string]any{
		"a": status(500, "VPC.0500"), "b": status(503, "VPC.0503"), "c": {"drop_before": true},
		"test": status(403, "EVS.5403"),
	}
	config := cloud.Provider("max_retries = 0") + vpcs("a", "b", "c") + volume("size = 10", `name = "test"`)
	var said []string
	resource.Test(t, resource.TestCase{
		IsUnitTest: true, ProtoV6ProviderFactories: cloud.Factories(),
		ErrorCheck: func(err error) error {
			said = append(said, err.Error())
			return nil
		},
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					for name, action := range failing {
						kind := "vpc"
						if name == "test" {
							kind = "volume"
						}
						cloud.Break(Fault{Method: "GET", Path: cloud.ID(kind, name), Action: action})
					}
					cloud.Break(Fault{Method: "GET", Path: `/vpc/vpcs(\?|$)`, Action: status(403, "VPC.0002")}) // no list serves them either
					cloud.Forget()
				},
				Config: config,
			},
			unchanged(config, func() {
				cloud.Mend()
				if writes := cloud.Writes(); len(writes) > 0 {
					t.Errorf("changed: %v", writes)
				}
			}),
		},
	})
	if len(said) != 1 {
		t.Fatalf("%d steps failed, not one: %q", len(said), said)
	}
	for name, action := range failing {
		words := []string{"Cannot read", fmt.Sprintf("%q", name)}
		if code, ok := action["status"]; ok {
			words = append(words, fmt.Sprintf("The cloud answered %d", code))
		}
		if !Says(words...).MatchString(said[0]) {
			t.Errorf("%s is not told in %s", name, said[0])
		}
	}
}

// An attribute is never made from half an answer: a further read that fails fails the whole.
func TestPromise02FailedSideReadsChangeNothing(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := cloud.Provider("max_retries = 0") + server()
	fails := func(path string, action map[string]any, words ...string) resource.TestStep {
		return resource.TestStep{
			PreConfig:   func() { cloud.Mend(); cloud.Break(Fault{Method: "GET", Path: path, Action: action}) },
			Config:      config,
			PlanOnly:    true,
			ExpectError: Says(append([]string{`Cannot read hwcloud_server "test"`}, words...)...),
		}
	}
	cloud.Run(
		resource.TestStep{Config: config},
		fails(`^/evs/.*server_id=`, status(500, "EVS.5500"), "The cloud answered 500 EVS.5500"),
		fails(`^/vpc/.*device_id=`, status(403, "VPC.0002"), "The cloud answered 403 VPC.0002"),
		fails(`^/vpc/.*device_id=`, map[string]any{"truncate": true}, "unexpected EOF"),
		unchanged(config, cloud.Mend),
	)
}

// Promise 3: the id is in the state from the moment the cloud has named the object.

// nameless is a volume whose create call answers nothing but a job.
func nameless() *object.Kind {
	kind := evs.Volume
	kind.Create.Body = object.Body{"volume": object.All{}}
	return &kind
}

const soon = `timeouts { create = "1s" }`

func TestPromise03TheJobFindsTheObject(t *testing.T) {
	t.Parallel()
	cloud := Start(t, sandbox.Options{JobMS: 3000})
	cloud.Kinds = []*object.Kind{nameless()}
	cloud.Run(
		resource.TestStep{
			Config:      volume(`size = 10`, soon),
			ExpectError: Says("Cannot create hwcloud_volume", "longer than allowed", "timeouts block"),
		},
		resource.TestStep{
			PreConfig: func() {
				if lists := cloud.Calls("^GET .*/cloudvolumes/"); len(lists) > 0 {
					t.Errorf("the object was known before its job told: %v", lists)
				}
			},
			RefreshState: true, ExpectNonEmptyPlan: true, // Terraform replaces what was not created in full
			Check: resource.ComposeAggregateTestCheckFunc(cloud.holds("volume"), resource.TestCheckResourceAttr("hwcloud_volume.test", "status", "available")),
		},
	)
	if left := cloud.Objects("volume"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

func TestPromise03AFailedJobLeavesNothing(t *testing.T) {
	t.Parallel()
	cloud := Start(t, sandbox.Options{JobMS: 2000})
	cloud.Kinds = []*object.Kind{nameless()}
	cloud.Run(
		resource.TestStep{Config: volume(`size = 10`, soon), ExpectError: Says("longer than allowed")},
		resource.TestStep{
			PreConfig: func() { cloud.Configure(map[string]any{"fail_jobs": []string{"createVolume"}}) },
			Config:    volume(`size = 10`), PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_volume.test", plancheck.ResourceActionCreate), // and not: replace
			}},
		},
	)
	if left := cloud.Objects("volume"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

func TestPromise03TheIDOutlivesAFailure(t *testing.T) {
	t.Parallel()
	cloud := Start(t, sandbox.Options{JobMS: 2000})
	cloud.Run(
		resource.TestStep{Config: volume(`size = 10`, soon), ExpectError: Says("Cannot create hwcloud_volume", "longer than allowed")},
		resource.TestStep{RefreshState: true, ExpectNonEmptyPlan: true, Check: cloud.holds("volume")},
	)
	if left := cloud.Objects("volume"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

// A job that fails right away has made nothing, and the state holds nothing.
func TestPromise03NothingIsKeptOfWhatFailed(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cloud.Configure(map[string]any{"fail_jobs": []string{"createVolume"}})
	cloud.Run(
		resource.TestStep{Config: volume(`size = 10`), ExpectError: Says("its job failed", "Nothing was created")},
		planned(volume(`size = 10`), "hwcloud_volume.test", plancheck.ResourceActionCreate, func() { cloud.Configure(map[string]any{"fail_jobs": []string{}}) }),
	)
}

// Promise 4: a read right after a create tolerates the cloud's eventual consistency.

func TestPromise04EventualConsistency(t *testing.T) {
	t.Parallel()
	cloud := Start(t, sandbox.Options{JobMS: 100, ConsistencyLagMS: 2000})
	cloud.Run(resource.TestStep{Config: network + volume(`size = 10`)})
	for _, pattern := range []string{`^GET .*/vpcs/`, `^GET .*/virsubnets/`, `^GET .*/cloudvolumes/`} {
		if !slices.ContainsFunc(cloud.Calls(pattern), func(c Call) bool { return c.Status == 404 }) {
			t.Errorf("%s was never answered with 404: the test proves nothing", pattern)
		}
	}
}

// Promise 5: a follow-up step that fails never leads to a replacement.

// follows runs a creation whose follow-up fails: the next plan shows exactly what is missing, and the apply mends it.
func follows(t *testing.T, cloud *Cloud, config, broken, missing, mended string) {
	t.Helper()
	cloud.Run(
		resource.TestStep{
			PreConfig:          func() { cloud.Break(Fault{Path: broken, Action: status(500, "VPC.0500")}) },
			Config:             config,
			ExpectNonEmptyPlan: true,
			Check:              cloud.holds("vpc"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_vpc.test", plancheck.ResourceActionUpdate),
				onlyChanges{"hwcloud_vpc.test", strings.Fields(missing)},
			}},
		},
		resource.TestStep{
			PreConfig: func() { cloud.Mend(); cloud.Forget() },
			Config:    config,
			Check:     cloud.wrote(mended),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_vpc.test", plancheck.ResourceActionUpdate),
			}},
		},
	)
}

func TestPromise05FollowUpsNeverTaint(t *testing.T) {
	t.Parallel()
	const config = `
resource "hwcloud_vpc" "test" {
  name            = "test"
  cidr            = "10.0.0.0/16"
  secondary_cidrs = ["10.1.0.0/16"]
  tags            = { a = "b" }
}
`
	follows(t, Start(t), config, "add-extend-cidr", "secondary_cidrs", `/add-extend-cidr {"vpc":{"extend_cidrs":\["10.1.0.0/16"\]}}$`)
}

// Tags follow the creation of what does not take them with it.
func TestPromise05TagsNeverTaint(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	kind, tags := vpc.VPC, *vpc.VPC.Tags
	tags.Create = ""
	kind.Tags = &tags
	cloud.Kinds = []*object.Kind{&kind}
	const config = `
resource "hwcloud_vpc" "test" {
  name = "test"
  cidr = "10.0.0.0/16"
  tags = { a = "b" }
}
`
	follows(t, cloud, config, "tags/action", "tags tags_all", `/tags/action {"action":"create","tags":\[{"key":"a","value":"b"}\]}$`)
}

// A further read that fails after the creation leads to none either.
func TestPromise05SideReadsNeverTaint(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := cloud.Provider("max_retries = 0") + server()
	cloud.Run(
		resource.TestStep{
			PreConfig: func() {
				cloud.Break(Fault{Method: "GET", Path: "^/vpc/.*device_id=", Times: 1, Action: status(403, "VPC.0002")})
			},
			Config: config, // and the plan afterwards is empty
			Check:  resource.TestCheckNoResourceAttr("hwcloud_server.test", "networks.0.port_id"),
		},
		resource.TestStep{RefreshState: true, Check: resource.TestCheckResourceAttrSet("hwcloud_server.test", "networks.0.port_id")},
	)
}

// Promise 6: an update that fails half-way leaves in state what is true.

func TestPromise06HalfAnUpdateIsTold(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := volume(`name = "new"`, `size = 20`, `tags = { a = "c" }`)
	cloud.Run(
		resource.TestStep{Config: volume(`name = "old"`, `size = 10`, `tags = { a = "b" }`)},
		resource.TestStep{
			PreConfig: func() {
				cloud.Break(Fault{Method: "POST", Path: "/cloudvolumes/[^/]+/action", Action: status(400, "EVS.1042")})
			},
			Config:      config,
			ExpectError: Says(`Cannot change hwcloud_volume "old"`, "The cloud answered 400 EVS.1042"),
		},
		resource.TestStep{
			PreConfig: func() { cloud.Mend(); cloud.Forget() },
			Config:    config, PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{ // the state as it was left
				onlyChanges{"hwcloud_volume.test", []string{"size", "tags", "tags_all"}},
				plancheck.ExpectKnownValue("hwcloud_volume.test", tfjsonpath.New("name"), knownvalue.StringExact("new")),
			}},
		},
		resource.TestStep{
			PreConfig: cloud.Forget,
			Config:    config,
			Check:     cloud.wrote(`/action {"os-extend":{"new_size":20}}$`, `/tags/action {"action":"create","tags":\[{"key":"a","value":"c"}\]}$`),
		},
	)
}

// Promise 7: drift is seen. Each Kind's own test shows each of its attributes; here are those that the engine sees to.

func TestPromise07DriftIsSeen(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	const kept = `
resource "hwcloud_vpc" "test" {
  name        = "test"
  cidr        = "10.0.0.0/16"
  description = "of the shop"
  tags        = { a = "b", formula = "x=y" }
}
`
	const removed = `
resource "hwcloud_vpc" "test" {
  name = "test"
  cidr = "10.0.0.0/16"
}
`
	drifts := func(config string, patch map[string]any, seen []string, wrote ...string) resource.TestStep {
		return resource.TestStep{
			PreConfig: func() { cloud.Patch("vpc", cloud.ID("vpc", "test"), patch); cloud.Forget() },
			Config:    config,
			Check:     cloud.wrote(wrote...),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_vpc.test", plancheck.ResourceActionUpdate), onlyChanges{"hwcloud_vpc.test", seen},
			}},
		}
	}
	tags := []string{"tags", "tags_all"}
	cloud.Run(
		resource.TestStep{Config: kept},
		drifts(kept, map[string]any{"tags": map[string]string{"a": "c", "formula": "x=y", "new": "n"}}, tags,
			`{"action":"delete","tags":\[{"key":"new","value":"n"}\]}`, `{"action":"create","tags":\[{"key":"a","value":"b"}\]}`),
		drifts(kept, map[string]any{"tags": map[string]string{}, "description": "", "extend_cidrs": []string{"10.1.0.0/16"}},
			append(tags, "description", "secondary_cidrs"),
			`{"vpc":{"description":"of the shop"}}`, `remove-extend-cidr`, `"action":"create".*"a".*"formula"`),
		// What is removed from the configuration is removed from the object.
		drifts(removed, map[string]any{}, append(tags, "description"), `{"vpc":{"description":""}}`, `"action":"delete".*"a".*"formula"`),
		// What never was in the configuration is seen all the same.
		drifts(removed, map[string]any{"tags": map[string]string{"new": "n"}, "description": "by hand"}, append(tags, "description"),
			`{"vpc":{"description":""}}`, `"action":"delete".*"new"`),
	)
}

// Promise 8: after apply the plan is empty, after import the plan is empty. TestResourceExamples shows it with every Kind's
// documented example, and each Kind's own test with everything that can be set. Here are the odd ways to say something.

func TestPromise08EmptyPlans(t *testing.T) {
	t.Parallel()
	Start(t).Run(
		resource.TestStep{Config: `
resource "hwcloud_vpc" "test" {
  name            = "test"
  cidr            = "10.0.0.0/16"
  description     = ""
  secondary_cidrs = ["10.3.0.0/16", "10.1.0.0/16", "10.2.0.0/16"]
  tags            = {}
}
resource "hwcloud_subnet" "test" {
  name            = "test"
  vpc_id          = hwcloud_vpc.test.id
  cidr            = "10.0.0.0/24"
  gateway_ip      = "10.0.0.254"
  dhcp_lease_time = "-1"
  dns_servers     = ["100.125.129.250", "100.125.1.250"]
  tags            = { formula = "a=b", empty = "" }
}
resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = "10"
  name              = ""
  multiattach       = "false"
  metadata          = { "empty:one" = "" }
}
resource "hwcloud_server" "test" {
  name        = "test"
  flavor_id   = "s6.small.1"
  image_id    = "` + ubuntu + `"
  networks    = [{ subnet_id = hwcloud_subnet.test.id, fixed_ip = "10.0.0.9" }, { subnet_id = hwcloud_subnet.test.id, fixed_ip = "10.0.0.8" }]
  system_disk = { volume_type = "SSD" }
  data_disks  = [{ volume_type = "SSD", size = 20 }, { volume_type = "SAS", size = 10 }, { volume_type = "SSD", size = 20 }]
  user_data   = "aGVsbG8=" # which could be taken for something in base 64
  description = ""
  timeouts {}
}
`},
		resource.TestStep{RefreshState: true},
	)
}

// Promise 9: what can be known at plan time is refused at plan time, at the attribute. Each Kind's own test goes through
// its attributes; here are the ten resources full of nonsense that older providers plan.

func TestPromise09NonsenseIsRefused(t *testing.T) {
	t.Parallel()
	id := `"8a9d7b6c-0000-4000-8000-000000000001"`
	for _, kind := range []Whole{
		{
			Type: "hwcloud_vpc", Given: Attributes{"name": `"x"`, "cidr": `"10.0.0.0/16"`},
			Refused: []Refusal{
				{Set: Attributes{"cidr": `"10.0.0.1/16"`}, At: "cidr", Error: "host bits"},
				{Set: Attributes{"tags": `{ "a*b" = "c" }`}, At: "tags", Error: "may not hold"},
				{Set: Attributes{"secondary_cidrs": `["10.0.1.0/24"]`}, At: "secondary_cidrs", Error: "overlap"},
			},
		},
		{
			Type: "hwcloud_subnet", Given: Attributes{"name": `"x"`, "vpc_id": id, "cidr": `"10.0.0.0/24"`, "gateway_ip": `"10.0.0.1"`},
			Refused: []Refusal{
				{Set: Attributes{"gateway_ip": `"10.0.1.1"`}, At: "gateway_ip", Error: "outside the subnet's range"},
				{Set: Attributes{"dns_servers": `["8.8.8.8", "8.8.8.8"]`}, At: "dns_servers", Error: "duplicate values"},
				{Set: Attributes{"vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
			},
		},
		{
			Type: "hwcloud_volume", Given: Attributes{"availability_zone": `"cn-north-4a"`, "volume_type": `"SSD"`, "size": `10`},
			Refused: []Refusal{
				{Set: Attributes{"size": `-1`}, At: "size", Error: "between"},
				{Set: Attributes{"volume_type": `"FLOPPY"`}, At: "volume_type", Error: "one of"},
				{Set: Attributes{"image_id": id, "snapshot_id": id}, At: "snapshot_id", Error: "one source"},
				{Set: Attributes{"iops": `3000`}, At: "iops", Error: "takes no iops"},
			},
		},
		{
			Type: "hwcloud_server",
			Given: Attributes{
				"name": `"x"`, "flavor_id": `"s6.small.1"`, "image_id": id, "networks": `[{ subnet_id = ` + id + ` }]`, "system_disk": `{ volume_type = "SSD" }`,
			},
			Refused: []Refusal{
				{Set: Attributes{"admin_password": `"short"`}, At: "admin_password", Error: "between 8 and 26"},
				{Set: Attributes{"admin_password": `"Passw0rd!"`, "key_pair": `"k"`}, At: "admin_password", Error: "not by both"},
				{Set: Attributes{"power_state": `"asleep"`}, At: "power_state", Error: "one of"},
			},
		},
	} {
		t.Run(kind.Type, kind.refused)
	}
}

// Promise 12: waiting is adaptive.

func TestPromise12WaitingIsAdaptive(t *testing.T) {
	t.Parallel()
	cloud := Start(t, sandbox.Options{JobMS: 3000})
	var begun, ended time.Time
	cloud.Run(resource.TestStep{
		PreConfig: func() { begun = time.Now() },
		Config:    volume(`size = 10`),
		Check: func(*terraform.State) error {
			ended = time.Now()
			if polls := len(cloud.Calls(`^GET .*/jobs/`)); polls < 3 || polls > 8 {
				return fmt.Errorf("a job of 3 s was asked for %d times", polls)
			}
			return nil
		},
	})
	if took := ended.Sub(begun); took < 3*time.Second || took > 10*time.Second { // Terraform itself takes its time
		t.Errorf("took %v", took)
	}
}

// A request whose fate is unknown: the connection broke after it was sent.

// impatient is a Kind that looks for a lost object for a second.
func impatient(kind object.Kind) *object.Kind {
	kind.Lag = 3 * time.Second
	return &kind
}

func TestFateUnknown(t *testing.T) {
	t.Parallel()
	const test = `
resource "hwcloud_vpc" "test" {
  name = "test"
  cidr = "10.0.0.0/16"
}
`
	for name, run := range map[string]struct {
		kind, config, path string
		action             string
		posts              int
	}{
		"vpc, lost after it was carried out":        {"vpc", test, "/vpc/v1/[^/]+/vpcs$", "drop_after", 1},
		"vpc, its answer broken off":                {"vpc", test, "/vpc/v1/[^/]+/vpcs$", "truncate", 1},
		"vpc, lost before it was carried out":       {"vpc", test, "/vpc/v1/[^/]+/vpcs$", "drop_before", 2},
		"volume with a token, lost after":           {"volume", volume(`size = 10`), "/cloudvolumes$", "drop_after", 2},
		"volume with a token, lost before":          {"volume", volume(`size = 10`), "/cloudvolumes$", "drop_before", 2},
		"volume with a token, its answer cut short": {"volume", volume(`size = 10`), "/cloudvolumes$", "truncate", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := Start(t)
			cloud.Kinds = []*object.Kind{impatient(vpc.VPC), impatient(evs.Volume)}
			cloud.Break(Fault{Method: "POST", Path: run.path, Times: 1, Action: map[string]any{run.action: true}})
			cloud.Run(resource.TestStep{Config: run.config, Check: func(s *terraform.State) error {
				posts := cloud.Calls("^POST ")
				if len(posts) != run.posts {
					return fmt.Errorf("sent %v", posts)
				}
				return cloud.holds(run.kind)(s)
			}})
			if left := cloud.Objects(run.kind); len(left) != 0 {
				t.Errorf("left after destroy: %v", left)
			}
		})
	}
}

// Of a change whose fate is unknown, what is as planned is not done twice.
func TestFateUnknownOfAChange(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"drop_after", "drop_before"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			cloud := Start(t)
			cloud.Run(
				resource.TestStep{Config: volume(`size = 10`)},
				resource.TestStep{
					PreConfig: func() {
						cloud.Break(Fault{Method: "POST", Path: "/action$", Times: 1, Action: map[string]any{action: true}})
						cloud.Forget()
					},
					Config: volume(`size = 20`),
					Check: func(s *terraform.State) error {
						want := 1
						if action == "drop_before" {
							want = 2
						}
						if posts := cloud.Writes(); len(posts) != want {
							return fmt.Errorf("sent %v", posts)
						}
						return errors.Join(cloud.holds("volume")(s), resource.TestCheckResourceAttr("hwcloud_volume.test", "size", "20")(s))
					},
				},
			)
		})
	}
}
