package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	coreauth "github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

// The objects of every sandbox.
const (
	account = "5a0d80c0000000000000000000000001"
	userID  = "5a0d80c0000000000000000000000011"
	project = "5a0d80c0000000000000000000000101" // in cn-north-4
	extra   = "5a0d80c0000000000000000000000103" // in cn-north-4 too
)

// newSandbox is an empty cloud whose jobs end at once.
func newSandbox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// serve puts an empty cloud on a port.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(newSandbox(t))
	t.Cleanup(server.Close)
	return server
}

// toServer connects to the server, whatever host a request is for.
func toServer(server *httptest.Server) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}}
}

func control(t *testing.T, server *httptest.Server, method, path, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/_sandbox/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatal(answer.Status)
	}
}

// vendor is the SDK as the client of a sandbox, for one test.
type vendor struct {
	*testing.T
	server *httptest.Server
	wire   http.RoundTripper
	called map[string]bool // by the name of the operation
	used   map[int]bool    // places in the table of tolerated deviations
	scheme string          // of the last request's signature
	body   []byte          // of the last answer
}

// tolerated are the deviations of the sandbox's answers from the SDK's models that are right, or do no harm. The places
// below the one that stands here are meant too. What is not needed any more is an error.
var tolerated = []struct{ operation, deviation, why string }{
	{"iam/v3.KeystoneListProjects", ".projects.links.", "a project links to itself alone"},
	{"iam/v3.KeystoneShowProject", ".project.links.", "a project links to itself alone"},
	{"iam/v3.KeystoneListAuthProjects", ".links.", "Keystone's lists all have the same links"},
	{"iam/v3.KeystoneListAuthDomains", ".links.", "Keystone's lists all have the same links"},
	{"iam/v3.KeystoneCreateScopedToken", ".token.project is missing", "the scope is a domain"},
	{"iam/v3.KeystoneCreateScopedToken", ".token.user.OS-FEDERATION is missing", "the user is not federated"},

	{"vpc/v2.CreateSubnet", ".subnet.cidr_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.CreateSubnet", ".subnet.gateway_ip_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.CreateSubnet", ".subnet.neutron_subnet_id_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.ShowSubnet", ".subnet.cidr_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.ShowSubnet", ".subnet.gateway_ip_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.ShowSubnet", ".subnet.neutron_subnet_id_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.ListSubnets", ".subnets.cidr_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.ListSubnets", ".subnets.gateway_ip_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.ListSubnets", ".subnets.neutron_subnet_id_v6 is missing", "only subnets with IPv6 have it"},
	{"vpc/v2.CreatePort", ".port.ipv6_bandwidth_id is missing", "only ports with such a bandwidth have it"},
	{"vpc/v2.ShowPort", ".port.ipv6_bandwidth_id is missing", "only ports with such a bandwidth have it"},
	{"vpc/v2.UpdatePort", ".port.ipv6_bandwidth_id is missing", "only ports with such a bandwidth have it"},
	{"vpc/v2.ListPorts", ".ports.ipv6_bandwidth_id is missing", "only ports with such a bandwidth have it"},
	{"vpc/v3.CreateVpc", ".vpc is unknown", "the model is that of a dry run"},
	{"vpc/v3.UpdateVpc", ".vpc is unknown", "the model is that of a dry run"},
	{"vpc/v3.ListSecurityGroups", ".page_info.previous_marker is missing", "an empty page has none"},

	{"evs/v2.UpdateVolume", ".", "the answer is the whole volume"},
	{"evs/v2.ListVolumesByTags", ".resources.resource_detail.metadata.", "metadata have any key"},
	{"evs/v2.CinderListQuotas", ".quota_set.", "each type of volume has its quotas"},
	{"evs/v2.ShowJob", ".entities.sub_jobs_total is unknown", "ECS answers it"},

	{"ecs/v2.ShowJob", ".entities.volume_id is unknown", "what the job is about"},
	{"ecs/v2.ListServerInterfaces", ".attachableQuantity.free_efi_nic is unknown", "more than the model"},
	{"ecs/v2.NovaShowServerInterface", ".interfaceAttachment.", "as much as ListServerInterfaces answers"},
	{"ecs/v2.NovaCreateKeypair", ".keypair.private_key is missing", "the public key was given"},

	{"as/v1.ShowScalingV2Policy", ".scaling_policy.scheduled_policy.launch_time is missing", "what has no schedule has an empty one"},
	{"as/v1.ListAllScalingV2Policies", ".scaling_policies.scheduled_policy.launch_time is missing", "what has no schedule has an empty one"},
}

func newVendor(t *testing.T) *vendor {
	server := serve(t)
	return &vendor{T: t, server: server, wire: toServer(server), called: map[string]bool{}, used: map[int]bool{}}
}

// RoundTrip keeps what tests look at.
func (v *vendor) RoundTrip(r *http.Request) (*http.Response, error) {
	v.scheme, _, _ = strings.Cut(r.Header.Get("Authorization"), " ")
	answer, err := v.wire.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if v.body, err = io.ReadAll(answer.Body); err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(v.body))
	return answer, nil
}

// client is the SDK's client of a service, in the region cn-north-4 and with the access key of the sandbox.
func client[C any](v *vendor, service string, newClient func(*core.HcHttpClient) C) C {
	v.Helper()
	if service == "iam" {
		credentials, err := global.NewCredentialsBuilder().WithAk("sandbox").WithSk("sandbox").WithDomainId(account).SafeBuild()
		return newClient(v.connect(core.NewHcHttpClientBuilder().WithCredentialsType("global.Credentials").
			WithEndpoint("http://iam.sandbox.test"), credentials, err))
	}
	credentials, err := basic.NewCredentialsBuilder().WithAk("sandbox").WithSk("sandbox").WithProjectId(project).SafeBuild()
	return newClient(v.connect(core.NewHcHttpClientBuilder().WithEndpoint("http://"+service+".cn-north-4.sandbox.test"), credentials, err))
}

// connect leads a client to the sandbox; err is what the making of its credentials ended with.
func (v *vendor) connect(builder *core.HcHttpClientBuilder, credentials coreauth.ICredential, err error) *core.HcHttpClient {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
	connected, err := builder.WithCredential(credentials).WithHttpConfig(config.DefaultHttpConfig().WithHttpRoundTripper(v)).SafeBuild()
	if err != nil {
		v.Fatal(err)
	}
	return connected
}

// do calls an operation that succeeds. The request is JSON with the members that the SDK's model has: path and query
// parameters, headers and the body. The answer is compared with the model too, which must know and get every field.
func do[Q, A any](v *vendor, call func(*Q) (*A, error), request string, args ...any) *A {
	v.Helper()
	answer, err := call(newRequest[Q](v, request, args...))
	if err != nil {
		v.Fatalf("%s: %v", nameOf[Q](), err)
	}
	if len(v.body) > 0 {
		var value any
		decoder := json.NewDecoder(bytes.NewReader(v.body))
		decoder.UseNumber()
		if err := decoder.Decode(&value); err != nil {
			v.Fatalf("%s: %v", nameOf[Q](), err)
		}
		for _, deviation := range deviations(reflect.TypeFor[A](), value, "") {
			if !v.tolerates(nameOf[Q](), deviation) {
				v.Errorf("%s: %s", nameOf[Q](), deviation)
			}
		}
	}
	return answer
}

func (v *vendor) tolerates(operation, deviation string) bool {
	for i, t := range tolerated {
		if t.operation == operation && strings.HasPrefix(deviation, t.deviation) {
			v.used[i] = true
			return true
		}
	}
	return false
}

// refused calls an operation that is refused, with this status and code.
func refused[Q, A any](v *vendor, status int, code string, call func(*Q) (*A, error), request string, args ...any) {
	v.Helper()
	_, err := call(newRequest[Q](v, request, args...))
	var refusal *sdkerr.ServiceResponseError
	if !errors.As(err, &refusal) {
		v.Fatalf("%s: not refused: %v", nameOf[Q](), err)
	}
	if refusal.StatusCode != status || refusal.ErrorCode != code || refusal.ErrorMessage == "" || refusal.RequestId == "" {
		v.Errorf("%s: refused with %v instead of %d %s", nameOf[Q](), refusal, status, code)
	}
}

func newRequest[Q any](v *vendor, text string, args ...any) *Q {
	v.Helper()
	request := new(Q)
	decoder := json.NewDecoder(strings.NewReader(fmt.Sprintf(text, args...)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(request); err != nil {
		v.Fatalf("%s: %v", nameOf[Q](), err)
	}
	v.called[nameOf[Q]()] = true
	return request
}

// nameOf is the name of the operation that a request is for: "vpc/v2.CreateVpc".
func nameOf[Q any]() string {
	_, name, _ := strings.Cut(reflect.TypeFor[Q]().PkgPath(), "/services/")
	return strings.TrimSuffix(name, "/model") + "." + strings.TrimSuffix(reflect.TypeFor[Q]().Name(), "Request")
}

// packageOf is the SDK's package of an operation: "vpc/v2".
func packageOf(operation string) string {
	name, _, _ := strings.Cut(operation, ".")
	return name
}

// want compares what the SDK has read.
func want[V comparable](v *vendor, what string, got, want V) {
	v.Helper()
	if got != want {
		v.Errorf("%s is %v instead of %v", what, got, want)
	}
}

// covers checks that every operation of a service that the sandbox serves was called, beside the ones that only seem to
// be served, for their path is that of another's with an id; and that nothing is tolerated in vain. Of several SDK
// packages that share a host, as keys and key pairs do, those count that were used at all.
func (v *vendor) covers(service string, beside ...string) {
	v.Helper()
	used := map[string]bool{}
	for name := range v.called {
		used[packageOf(name)] = true
	}
	for _, op := range sdkOperations[service] {
		if !used[packageOf(op.Name)] {
			continue
		}
		r, err := http.NewRequestWithContext(v.Context(), op.Method, v.server.URL+"/"+service+inBraces.ReplaceAllString(op.Path, "x"), nil)
		if err != nil {
			v.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			v.Fatal(err)
		}
		answer.Body.Close()
		served := answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusMethodNotAllowed
		if _, name, _ := strings.Cut(op.Name, "."); served && !v.called[op.Name] && !slices.Contains(beside, name) {
			v.Errorf("%s is served and was not called: %s %s", op.Name, op.Method, op.Path)
		}
	}
	for i, t := range tolerated {
		if strings.HasPrefix(t.operation, service+"/") && used[packageOf(t.operation)] && !v.used[i] {
			v.Errorf("%s: nothing has to be tolerated: %s", t.operation, t.deviation)
		}
	}
}

// deviations are the places where a JSON value is not what a model says.
func deviations(model reflect.Type, value any, at string) (all []string) {
	if value == nil {
		return nil // the API has null where it has nothing
	}
	for model.Kind() == reflect.Pointer {
		model = model.Elem()
	}
	wrong := func(what string) []string { return []string{fmt.Sprintf("%s is %s, not %T", at, what, value)} }
	switch model.Kind() {
	case reflect.Struct:
		if field, ok := model.FieldByName("value"); ok { // an enumeration
			return deviations(field.Type, value, at)
		}
		if model.Name() == "SdkTime" {
			return deviations(reflect.TypeFor[string](), value, at)
		}
		object, ok := value.(map[string]any)
		if !ok {
			return wrong("an object")
		}
		known := map[string]bool{}
		for field := range model.Fields() {
			name, required := jsonName(field)
			known[name] = true
			if member, ok := object[name]; ok {
				all = append(all, deviations(field.Type, member, at+"."+name)...)
			} else if required && name != "" && name != "-" {
				all = append(all, at+"."+name+" is missing")
			}
		}
		for name := range object {
			if !known[name] {
				all = append(all, at+"."+name+" is unknown")
			}
		}
	case reflect.Slice:
		list, ok := value.([]any)
		if !ok {
			return wrong("a list")
		}
		for _, item := range list {
			all = append(all, deviations(model.Elem(), item, at)...)
		}
	case reflect.Map:
		object, ok := value.(map[string]any)
		if !ok {
			return wrong("a map")
		}
		for _, member := range object {
			all = append(all, deviations(model.Elem(), member, at+".*")...)
		}
	case reflect.String:
		if _, ok := value.(string); !ok {
			return wrong("a text")
		}
	case reflect.Bool:
		if _, ok := value.(bool); !ok {
			return wrong("a boolean")
		}
	case reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		if _, ok := value.(json.Number); !ok {
			return wrong("a number")
		}
	case reflect.Interface:
	default:
		return wrong(model.String())
	}
	return all
}

// from is the member of a request's JSON that asks for the page after a marker, if there is one.
func from(marker string) string {
	if marker == "" {
		return ""
	}
	return fmt.Sprintf(`,"marker":%q`, marker)
}

// walk follows markers, which are the ids of the last items, over all pages and returns the ids. A page is full unless it
// is the last one, and no item comes twice.
func walk[T any](v *vendor, page func(marker string) []T, limit int, id func(T) string) (ids []string) {
	v.Helper()
	for marker := ""; ; marker = ids[len(ids)-1] {
		items := page(marker)
		for _, item := range items {
			if slices.Contains(ids, id(item)) {
				v.Fatalf("%s is on two pages", id(item))
			}
			ids = append(ids, id(item))
		}
		if len(items) > limit {
			v.Fatalf("a page of %d has %d items", limit, len(items))
		}
		if len(items) < limit {
			return ids
		}
	}
}
