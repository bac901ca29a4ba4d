package acctest

import (
	"maps"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
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
	provider, err := c.Factories()["hwcloud"]()
	if err != nil {
		t.Fatal(err)
	}
	server := provider.(interface {
		tfprotov6.ProviderServer
		tfprotov6.ActionServer
	})
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || schemas.ActionSchemas[a.Type] == nil {
		t.Fatal("no such action", err)
	}
	encode := func(typ tftypes.Type, v any) *tfprotov6.DynamicValue {
		value, err := convert.ToTerraform(typ, v)
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := tfprotov6.NewDynamicValue(typ, value)
		if err != nil {
			t.Fatal(err)
		}
		return &encoded
	}
	_, err = server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: encode(schemas.Provider.ValueType(), map[string]any{
		"region": "cn-north-4", "access_key": "sandbox", "secret_key": "sandbox", "endpoint": c.URL, "max_retries": 0,
	})})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.ActionSchemas[a.Type].Schema.ValueType()
	invoke := func() (diags []*tfprotov6.Diagnostic) {
		stream, err := server.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: a.Type, Config: encode(typ, with)})
		if err != nil {
			t.Fatal(err)
		}
		for event := range stream.Events {
			if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
				diags = append(diags, completed.Diagnostics...)
			}
		}
		return diags
	}
	for _, fault := range a.Fails {
		c.Break(fault)
		if diags := invoke(); len(diags) != 1 {
			t.Errorf("with %v: %v", fault, diags)
		}
		c.Mend()
	}
	for _, d := range invoke() {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	a.Done(c, with)
	for _, refusal := range a.Refused {
		bad := maps.Clone(with)
		bad[refusal.At] = refusal.Value
		validated, err := server.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: a.Type, Config: encode(typ, bad)})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, d := range validated.Diagnostics {
			at := d.Attribute != nil && d.Attribute.Equal(tftypes.NewAttributePath().WithAttributeName(refusal.At))
			found = found || at && regexp.MustCompile(refusal.Error).MatchString(d.Summary+" "+d.Detail)
		}
		if !found {
			t.Errorf("%s = %v is not refused with %q", refusal.At, refusal.Value, refusal.Error)
		}
	}
}
