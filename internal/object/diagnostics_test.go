package object

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// A diagnostic says what was attempted on which object, what the cloud answered, its request id, and what to do about it.
func TestExplain(t *testing.T) {
	t.Parallel()
	answered := func(status int, code, message string) error {
		return fmt.Errorf("while at it: %w", &cloud.Error{Status: status, Code: code, Message: message, RequestID: "req-1", Method: "PUT", URL: "https://evs/v1/x"})
	}
	for name, test := range map[string]struct {
		err  error
		want []string
	}{
		"answered":      {answered(400, "D.1", "bad size"), []string{"The cloud answered 400 D.1 bad size\n", "to PUT https://evs/v1/x\n", "request id req-1", "refused a value"}},
		"quota":         {answered(400, "D.2", "Quota exceeded for disks"), []string{"A quota is used up"}},
		"limit":         {answered(409, "D.3", "number of disks exceeds"), []string{"A limit is reached"}},
		"credentials":   {answered(401, "APIGW.0301", "Incorrect IAM authentication information"), []string{"credentials were refused", "clock"}},
		"forbidden":     {answered(403, "D.4", "no"), []string{"Ask for a policy"}},
		"unknown API":   {answered(404, "APIGW.0101", "The API does not exist"), []string{"does not know this API"}},
		"gone":          {answered(404, "D.5", "no such subnet"), []string{"does not exist in this region"}},
		"in use":        {answered(409, "D.6", "disk is in use"), []string{"Something else still uses it"}},
		"conflict":      {answered(409, "D.7", "name exists"), []string{"It conflicts with what exists"}},
		"throttled":     {answered(429, "APIGW.0308", "too fast"), []string{"max_requests_per_second"}},
		"failed":        {answered(500, "", ""), []string{"The cloud answered 500 \n", "Apply again"}},
		"gateway":       {answered(502, "", ""), []string{"behind its gateway"}},
		"not available": {answered(503, "", ""), []string{"not available"}},
		"too late":      {answered(504, "", ""), []string{"did not answer in time"}},
		"another":       {answered(418, "D.8", "teapot"), []string{"418 D.8 teapot"}},
		"job":           {&cloud.JobError{Service: cloud.EVS, JobID: "j1", Code: "J.1", Reason: "no room"}, []string{"its job failed", "j1", "J.1: no room"}},
		"job and quota": {&cloud.JobError{Service: cloud.EVS, JobID: "j1", Reason: "quota of gigabytes"}, []string{"A quota is used up"}},
		"no answer":     {&cloud.Error{Method: "GET", URL: "u", Err: errors.New("connection refused")}, []string{"connection refused."}},
		"too long":      {fmt.Errorf("waiting: %w", context.DeadlineExceeded), []string{"longer than allowed", "timeouts block"}},
		"interrupted":   {&cloud.Error{Method: "GET", Err: context.Canceled}, []string{"interrupted", "Nothing is lost"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := disk().failure("change", Values{"id": "d1", "name": "web"}, test.err)
			if d.Summary() != `Cannot change hwcloud_disk "web" (d1)` {
				t.Errorf("its summary is %s", d.Summary())
			}
			for _, part := range test.want {
				if !strings.Contains(d.Detail(), part) {
					t.Errorf("%q lacks %q", d.Detail(), part)
				}
			}
		})
	}
}

// On OpenStack clouds, a refusal names the policy and the role, and the rest is said in their words.
func TestExplainOnOpenStack(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Service = cloud.Cinder
	for name, test := range map[string]struct {
		err  cloud.Error
		want string
	}{
		"a policy": {cloud.Error{Status: 403, Code: "forbidden", Message: "Policy doesn't allow p to be performed.", Refusal: &cloud.Refusal{Policy: "p", Role: "admin", User: "u", Where: "x", Roles: []string{"member"}}},
			"takes the role admin in the project x, unless the cloud has policies of its own; the user u has the roles member there. Ask an administrator"},
		"no policy":   {cloud.Error{Status: 403, Message: "You do not own this image"}, "\n\nThe user may not do this."},
		"a token":     {cloud.Error{Status: 401, Message: "requires authentication"}, "openstack token issue"},
		"no such API": {cloud.Error{Status: 404, Message: "the service has no such API at this address: The resource could not be found."}, "lacks an extension"},
	} {
		if _, got := kind.explain("create", Values{}, &test.err); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q lacks %q", name, got, test.want)
		}
	}
}

// The role that something takes is said where it is documented, and sent with each request to explain a refusal of it.
func TestRoles(t *testing.T) {
	t.Parallel()
	const policies = " in the project, unless the cloud has policies of its own."
	kind := disk()
	kind.Role = "admin"
	if got := kind.ownSchema(t.Context()).MarkdownDescription; !strings.HasSuffix(got, " Managing it takes the role `admin`"+policies) {
		t.Errorf("the object: %s", got)
	}
	if got := kind.lookedUp(); strings.Contains(got, "admin") {
		t.Errorf("looking it up: %s", got)
	}
	request, err := kind.fill(Op{Method: "GET", Path: "/x"}, Values{}, nil)
	if err != nil || request.Role != "admin" {
		t.Errorf("%+v, %v", request, err)
	}
	both := disk()
	both.Native = kind
	if got := both.resourceSchema(t.Context(), nil).MarkdownDescription; !strings.HasSuffix(got, " Managing it on OpenStack clouds takes the role `admin`"+policies) {
		t.Errorf("the object in both worlds: %s", got)
	}

	kind = disk()
	kind.List.Role = "reader"
	kind.Fields = maps.Clone(kind.Fields)
	kind.Fields["size"] = Field{Role: "admin"}
	if got := kind.lookedUp(); !strings.HasSuffix(got, " Looking it up takes the role `reader`"+policies) {
		t.Errorf("looking it up: %s", got)
	}
	if got := kind.ownSchema(t.Context()).Attributes["size"].GetMarkdownDescription(); !strings.Contains(got, " Setting it takes the role `admin`"+policies) {
		t.Errorf("an attribute: %s", got)
	}
	if request, err = kind.fill(Op{Method: "GET", Path: "/x", Role: "operator"}, Values{}, nil); err != nil || request.Role != "operator" {
		t.Errorf("%+v, %v", request, err)
	}
	if got := (Change{Calls: []Op{{}, {Role: "operator"}}}).role(); got != "operator" {
		t.Errorf("a change: %s", got)
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	for want, values := range map[string]Values{
		`hwcloud_disk`:          {},
		`hwcloud_disk "a"`:      {"name": "a"},
		`hwcloud_disk (d1)`:     {"id": "d1"},
		`hwcloud_disk "a" (d1)`: {"id": "d1", "name": "a"},
	} {
		if got := disk().label(values); got != want {
			t.Errorf("got %s", got)
		}
	}
}
