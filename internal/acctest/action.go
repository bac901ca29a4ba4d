package acctest

import (
	"maps"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// Action is what an action has to show, through the protocol: the Terraform of the tests may know no actions yet.
type Action struct {
	Type    string                              // "hwcloud_volume_rollback"
	Before  func(c *Cloud) map[string]any       // makes what it is about, and tells its arguments
	Done    func(c *Cloud, with map[string]any) // looks at what has become of it
	Fails   []Fault                             // each makes it fail, by itself
	Refused []RefusedAction
}

// RefusedAction is a bad argument, instead of the good one.
type RefusedAction struct {
	At    string
	Value any
	Error string // a regular expression on the summary and the detail
}

// Test invokes the action, has it fail, and validates what is refused.
func (a Action) Test(t *testing.T) {
	t.Helper()
	c := Start(t)
	with := a.Before(c)
	i := NewInvoker(t, a.Type, map[string]any{"region": "cn-north-4", "access_key": "sandbox", "secret_key": "sandbox", "endpoint": c.URL, "max_retries": 0})
	for _, fault := range a.Fails {
		c.Break(fault)
		if diags := i.Invoke(with); len(diags) != 1 {
			t.Errorf("with %v: %v", fault, diags)
		}
		c.Mend()
	}
	for _, d := range i.Invoke(with) {
		t.Error(d)
	}
	a.Done(c, with)
	for _, refusal := range a.Refused {
		i.Refuses(refusal, with)
	}
}

// Invoker invokes an action through the protocol, by a provider that is configured.
type Invoker struct {
	t      *testing.T
	name   string
	server actionServer
	typ    tftypes.Type
}

type actionServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ActionServer
}

// NewInvoker configures a provider for an action.
func NewInvoker(t *testing.T, name string, config map[string]any) *Invoker {
	t.Helper()
	made, err := (&Cloud{Kinds: provider.Kinds()}).Factories()["hwcloud"]()
	if err != nil {
		t.Fatal(err)
	}
	i := &Invoker{t: t, name: name, server: made.(actionServer)}
	schemas, err := i.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || schemas.ActionSchemas[name] == nil {
		t.Fatal("no such action", err)
	}
	i.typ = schemas.ActionSchemas[name].Schema.ValueType()
	configured, err := i.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: i.encode(schemas.Provider.ValueType(), config)})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range configured.Diagnostics {
		t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
	return i
}

func (i *Invoker) encode(typ tftypes.Type, v any) *tfprotov6.DynamicValue {
	i.t.Helper()
	value, err := convert.ToTerraform(typ, v)
	if err != nil {
		i.t.Fatal(err)
	}
	encoded, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		i.t.Fatal(err)
	}
	return &encoded
}

// Invoke invokes it, and returns what is said of its failure.
func (i *Invoker) Invoke(with map[string]any) (said []string) {
	i.t.Helper()
	stream, err := i.server.InvokeAction(i.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: i.name, Config: i.encode(i.typ, with)})
	if err != nil {
		i.t.Fatal(err)
	}
	for event := range stream.Events {
		if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
			for _, d := range completed.Diagnostics {
				said = append(said, d.Summary+": "+d.Detail)
			}
		}
	}
	return said
}

// Refuses fails the test unless a bad argument is refused before anything is asked for.
func (i *Invoker) Refuses(refusal RefusedAction, with map[string]any) {
	i.t.Helper()
	bad := maps.Clone(with)
	bad[refusal.At] = refusal.Value
	validated, err := i.server.ValidateActionConfig(i.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: i.name, Config: i.encode(i.typ, bad)})
	if err != nil {
		i.t.Fatal(err)
	}
	for _, d := range validated.Diagnostics {
		at := d.Attribute != nil && d.Attribute.Equal(tftypes.NewAttributePath().WithAttributeName(refusal.At))
		if at && regexp.MustCompile(refusal.Error).MatchString(d.Summary+" "+d.Detail) {
			return
		}
	}
	i.t.Errorf("%s = %v is not refused with %q", refusal.At, refusal.Value, refusal.Error)
}
