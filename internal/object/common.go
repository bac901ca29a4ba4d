package object

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// The attributes that many Kinds have, and that mean the same in each.

// EnterpriseProject is the attribute enterprise_project_id, which the provider block or the account may decide.
func EnterpriseProject() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{valid.EnterpriseProject()},
		MarkdownDescription: "Enterprise project: a UUID, or `0` for the default one. Default: the provider's, else the account's.",
	}
}

// CreatedAt is the attribute created_at.
func CreatedAt() schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: "When it was created, in UTC."}
}

// UpdatedAt is the attribute updated_at, which every change alters.
func UpdatedAt() schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: "When it was last changed, in UTC."}
}
