// Command schema prints the provider's schemas as `terraform providers schema -json` does. It says the same whatever
// Terraform is installed, older ones leave out identities and list resources. `make docs` reads it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

func main() {
	log.SetFlags(0)
	schemas, err := read(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(object{"format_version": "1.0", "provider_schemas": object{"hwcloud": schemas}}); err != nil {
		log.Fatal(err)
	}
}

type object = map[string]any

func read(ctx context.Context) (object, error) {
	server := providerserver.NewProtocol6(provider.New("", provider.Kinds(), provider.Ephemerals(), provider.Actions())())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	for _, d := range append(schemas.Diagnostics, identities.Diagnostics...) {
		return nil, fmt.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return object{
		"provider":                   schema(schemas.Provider),
		"resource_schemas":           each(schemas.ResourceSchemas, schema),
		"data_source_schemas":        each(schemas.DataSourceSchemas, schema),
		"list_resource_schemas":      each(schemas.ListResourceSchemas, schema),
		"ephemeral_resource_schemas": each(schemas.EphemeralResourceSchemas, schema),
		"action_schemas":             each(schemas.ActionSchemas, action),
		"resource_identity_schemas":  each(identities.IdentitySchemas, identity),
	}, nil
}

func each[T, R any](all map[string]T, write func(T) R) object {
	o := object{}
	for name, one := range all {
		o[name] = write(one)
	}
	return o
}

func schema(s *tfprotov6.Schema) object {
	return object{"version": s.Version, "block": block(s.Block)}
}

func action(a *tfprotov6.ActionSchema) object { return object{"block": block(a.Schema.Block)} }

func block(b *tfprotov6.SchemaBlock) object {
	blocks := object{}
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = object{
			"nesting_mode": strings.ToLower(nested.Nesting.String()),
			"min_items":    nested.MinItems,
			"max_items":    nested.MaxItems,
			"block":        block(nested.Block),
		}
	}
	return object{
		"attributes":       attributes(b.Attributes),
		"block_types":      blocks,
		"description":      b.Description,
		"description_kind": strings.ToLower(b.DescriptionKind.String()),
		"deprecated":       b.Deprecated,
	}
}

func attributes(all []*tfprotov6.SchemaAttribute) object {
	o := object{}
	for _, a := range all {
		one := object{
			"description":      a.Description,
			"description_kind": strings.ToLower(a.DescriptionKind.String()),
			"deprecated":       a.Deprecated,
			"required":         a.Required,
			"optional":         a.Optional,
			"computed":         a.Computed,
			"sensitive":        a.Sensitive,
			"write_only":       a.WriteOnly,
		}
		if nested := a.NestedType; nested != nil {
			one["nested_type"] = object{
				"nesting_mode": strings.ToLower(nested.Nesting.String()),
				"attributes":   attributes(nested.Attributes),
			}
		} else {
			one["type"] = typeOf(a.Type)
		}
		o[a.Name] = one
	}
	return o
}

func identity(s *tfprotov6.ResourceIdentitySchema) object {
	all := object{}
	for _, a := range s.IdentityAttributes {
		all[a.Name] = object{
			"type":                typeOf(a.Type),
			"description":         a.Description,
			"required_for_import": a.RequiredForImport,
			"optional_for_import": a.OptionalForImport,
		}
	}
	return object{"version": s.Version, "attributes": all}
}

// typeOf writes a type in Terraform's JSON notation: "string", ["list", "string"], ["object", {...}].
func typeOf(t tftypes.Type) any {
	switch t := t.(type) {
	case tftypes.List:
		return []any{"list", typeOf(t.ElementType)}
	case tftypes.Set:
		return []any{"set", typeOf(t.ElementType)}
	case tftypes.Map:
		return []any{"map", typeOf(t.ElementType)}
	case tftypes.Object:
		return []any{"object", each(t.AttributeTypes, typeOf)}
	case tftypes.Tuple:
		all := []any{}
		for _, element := range t.ElementTypes {
			all = append(all, typeOf(element))
		}
		return []any{"tuple", all}
	}
	switch {
	case t.Is(tftypes.Bool):
		return "bool"
	case t.Is(tftypes.Number):
		return "number"
	case t.Is(tftypes.DynamicPseudoType):
		return "dynamic"
	}
	return "string"
}
