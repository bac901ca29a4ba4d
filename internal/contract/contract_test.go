package contract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// exceptions are the differences between what is declared of an operation and what the SDK defines, each with the source
// that speaks against the SDK. One that is none any more is an error, so that the table stays true. Whole operations that
// the SDK lacks tell their source themselves, in [object.Op].
var exceptions = []struct{ operation, difference, source string }{
	// Keystone knows more ways to log in than the vendor: a user by id, and names in the domain of an id.
	{"iam POST /v3/auth/tokens", "sends auth.identity.password.user.id", keystone},
	{"iam POST /v3/auth/tokens", "can do without auth.identity.password.user.name", keystone},
	{"iam POST /v3/auth/tokens", "can do without auth.identity.password.user.domain", keystone},
	{"iam POST /v3/auth/tokens", "sends auth.identity.password.user.domain.id", keystone},
	{"iam POST /v3/auth/tokens", "can do without auth.identity.password.user.domain.name", keystone},
	{"iam POST /v3/auth/tokens", "sends auth.scope.project.domain.id", keystone},
	{"iam POST /v3/auth/tokens", "sends auth.scope.project.domain.name", keystone},

	// The client has one row for the jobs of ECS, EVS and IMS, and tries these fields in order.
	{"evs GET /v1/{project_id}/jobs/{job_id}", "answers entities.sub_jobs.0.entities.errorcode_message", "ECS: SubJobEntities"},
	{"ims GET /v1/{project_id}/jobs/{job_id}", "answers entities.sub_jobs.0.entities.errorcode_message", "ECS: SubJobEntities"},
	{"ims GET /v1/{project_id}/jobs/{job_id}", "answers entities.sub_jobs.0.error_code", "ECS: SubJob"},
	{"ims GET /v1/{project_id}/jobs/{job_id}", "answers entities.sub_jobs.0.fail_reason", "ECS: SubJob"},

	// The SDK says so itself: out of a backup, backup_id stands in its place.
	{"ims POST /v1/cloudimages/wholeimages/action", "can do without instance_id", "SDK: ims/v2 CreateWholeImageRequestBody, instance_id and backup_id"},

	// The answer has page_info with the marker of the next page: there are pages, and every list of v3 asks for them so.
	{"vpc GET /v3/{id}/ports", "takes limit", "SDK: vpc/v3 ListPortsResponse, PageInfo"},
	{"vpc GET /v3/{id}/ports", "takes marker", "SDK: vpc/v3 ListPortsResponse, PageInfo"},
}

const keystone = "seeds/003, lines 1650 to 1677; OpenStack Identity API v3, password authentication"

// contract checks operations against the SDK and counts them.
type contract struct {
	operations, fields, lacking int
	excepted                    map[int]bool // places in the table of exceptions
}

// check looks up an operation of the SDK with everything that is believed of it, and returns what is not so. Where several
// have the same method and path, one of them must fit wholly.
func (c *contract) check(op object.Operation) (wrong []string) {
	c.operations++
	c.fields += len(op.Query) + len(op.Headers) + len(op.Sends) + len(op.Answers)
	if op.Service == cloud.OBS {
		return c.checkOBS(op)
	}
	var excepted []int
	found := false
	for _, sdk := range sdkOperations[op.Service.Name] {
		if sdk.Method == op.Method && samePath(sdk.Path, op.Path) {
			w, e := except(op, differences(sdk, op))
			if !found || len(w) < len(wrong) || len(w) == len(wrong) && len(e) < len(excepted) {
				wrong, excepted, found = w, e, true
			}
		}
	}
	for _, i := range excepted {
		c.excepted[i] = true
	}
	switch {
	case found && op.Source != "":
		wrong = append(wrong, "needs a source besides the SDK")
	case !found && op.Source == "":
		wrong = append(wrong, "exists")
	case !found:
		c.lacking++
	}
	return wrong
}

// differences are what is believed of an operation and not so, and what it requires and is not done.
func differences(sdk sdkOperation, op object.Operation) (out []string) {
	for _, name := range op.Query {
		if _, ok := sdk.Query[name]; !ok {
			out = append(out, "takes "+name)
		}
	}
	for name, required := range sdk.Query {
		if required && !slices.Contains(op.Query, name) {
			out = append(out, "can do without "+name)
		}
	}
	for _, path := range op.Sends {
		if !has(sdk.Body, path) {
			out = append(out, "sends "+path)
		}
	}
	for _, path := range lacks(sdk.Body, "", op.Sends) {
		out = append(out, "can do without "+path)
	}
	for _, path := range op.Answers {
		if !has(sdk.Answer, path) {
			out = append(out, "answers "+path)
		}
	}
	return out
}

// except parts differences into those that the table does not list and the places in the table of the others.
func except(op object.Operation, differences []string) (wrong []string, excepted []int) {
	operation := fmt.Sprintf("%s %s %s", op.Service.Name, op.Method, op.Path)
	for _, difference := range differences {
		listed := false
		for i, e := range exceptions {
			if e.operation == operation && e.difference == difference {
				excepted, listed = append(excepted, i), true
			}
		}
		if !listed {
			wrong = append(wrong, difference)
		}
	}
	return wrong, excepted
}

// TestContract looks up everything that the Kinds declare, and what the client does on its own, in the SDK.
func TestContract(t *testing.T) {
	t.Parallel()
	c := &contract{excepted: map[int]bool{}}
	check := func(who string, op object.Operation) {
		if op.Service.OpenStack() {
			return // real servers tell: internal/openstack
		}
		for _, wrong := range c.check(op) {
			t.Errorf("%s: %v: the SDK denies that it %s", who, op, wrong)
		}
	}
	for _, kind := range provider.Public() {
		for _, op := range kind.Operations() {
			check(kind.Name, op)
		}
	}
	for _, ephemeral := range provider.Ephemerals() {
		for _, op := range ephemeral.Operations() {
			check(ephemeral.Name, op)
		}
	}
	for _, action := range provider.Actions() {
		for _, op := range action.Operations() {
			check(action.Name, op)
		}
	}
	for _, op := range slices.Concat(clientCalls(t), pageCalls(t)) {
		check("client", op)
	}
	for i, e := range exceptions {
		if !c.excepted[i] {
			t.Errorf("%s %s: this is no exception: the SDK agrees, or nothing declares it", e.operation, e.difference)
		}
	}
	t.Logf("%d operations with %d fields; the SDK lacks %d operations and has %d differences, each with its source",
		c.operations, c.fields, c.lacking, len(exceptions))
}

// What is not so must be noticed.
func TestContractNotices(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*object.Operation){
		"":                               func(*object.Operation) {},
		"exists":                         func(op *object.Operation) { op.Method = "PATCH" },
		"needs a source besides the SDK": func(op *object.Operation) { op.Source = "a document" },
		"takes name":                     func(op *object.Operation) { op.Query = append(op.Query, "name") },
		"sends tags.name":                func(op *object.Operation) { op.Sends = append(op.Sends, "tags.name") },
		"sends tags.key.name":            func(op *object.Operation) { op.Sends = append(op.Sends, "tags.key.name") },
		"can do without action":          func(op *object.Operation) { op.Sends = op.Sends[1:] },
		"answers tags":                   func(op *object.Operation) { op.Answers = append(op.Answers, "tags") },
	} {
		op := object.Operation{
			Service: cloud.VPC, Method: "POST", Path: "/v2.0/{project_id}/vpcs/{id}/tags/action",
			Sends: []string{"action", "tags.key", "tags.value"},
		}
		change(&op)
		c := &contract{excepted: map[int]bool{}}
		if got := strings.Join(c.check(op), ", "); got != want {
			t.Errorf("%v: got %q, want %q", op, got, want)
		}
	}
}
