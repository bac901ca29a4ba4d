package kms

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	attribute "github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Ephemerals are what the service makes or opens for the moment.
func Ephemerals() []*object.Ephemeral { return []*object.Ephemeral{&Random, &DataKey, &Decrypt} }

// Random is a random number of the service's hardware.
var Random = object.Ephemeral{
	Name:    "kms_random",
	Service: cloud.KMS,
	Open: object.Op{
		Method: "POST", Path: path + "/gen-random", Idempotent: true,
		Body: object.Body{"random_data_length": object.Attr("random_data_length")},
	},
	Fields: object.Fields{"random_data_length": {As: object.Text}},
	Checks: []object.Check{wholeBytes("random_data_length")},
	Schema: schema.Schema{
		MarkdownDescription: "A random number (KMS), made anew whenever Terraform plans or applies, and never stored: for write-only arguments, such as a first password.",
		Attributes: map[string]schema.Attribute{
			"random_data_length": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{int64validator.Between(8, 8192)},
				MarkdownDescription: "Its length in bits: 8 to 8192, a multiple of 8.",
			},
			"random_data": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The random number: two hexadecimal digits for each byte."},
		},
	},
}

// DataKey is a key to encrypt with elsewhere, which only its master key can bring back.
var DataKey = object.Ephemeral{
	Name:    "kms_data_key",
	Service: cloud.KMS,
	Open: object.Op{
		Method: "POST", Path: path + "/create-datakey", Idempotent: true,
		Body: object.Body{
			"key_id": object.Attr("key_id"), "key_spec": object.Attr("key_spec"), "datakey_length": object.Attr("datakey_length"),
			"additional_authenticated_data": object.Attr("additional_authenticated_data"),
		},
	},
	Fields: object.Fields{"datakey_length": {As: object.Text}},
	Checks: []object.Check{wholeBytes("datakey_length")},
	Schema: schema.Schema{
		MarkdownDescription: "A data key (KMS): a key to encrypt with elsewhere, and the same encrypted with a master key, which goes beside what it encrypted. It is made anew whenever Terraform plans or applies, and never stored.",
		Attributes: map[string]schema.Attribute{
			"key_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The master key: symmetric and enabled.",
			},
			"key_spec": schema.StringAttribute{
				Optional: true,
				Validators: []validator.String{
					stringvalidator.OneOf("AES_256", "AES_128", "SM4", "HMAC_256", "HMAC_384", "HMAC_512", "HMAC_SM3"),
					stringvalidator.ConflictsWith(attribute.MatchRoot("datakey_length")),
				},
				MarkdownDescription: "What the data key is for, and so its length: `AES_256`, `AES_128`, `SM4`, `HMAC_256`, `HMAC_384`, `HMAC_512` or `HMAC_SM3`. Not with `datakey_length`. The cloud takes 256 bits when both are left out.",
			},
			"datakey_length": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(8, 8192)},
				MarkdownDescription: "Its length in bits: 8 to 8192, a multiple of 8.",
			},
			"additional_authenticated_data": authenticated(),
			"plain_text":                    schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The data key: two hexadecimal digits for each byte."},
			"cipher_text":                   schema.StringAttribute{Computed: true, MarkdownDescription: "The data key, encrypted: two hexadecimal digits for each byte."},
		},
	},
}

// Decrypt is what was encrypted with a key.
var Decrypt = object.Ephemeral{
	Name:    "kms_decrypt",
	Service: cloud.KMS,
	Open: object.Op{
		Method: "POST", Path: path + "/decrypt-data", Idempotent: true,
		Body: object.Body{
			"cipher_text": object.Attr("cipher_text"), "key_id": object.Attr("key_id"), "encryption_algorithm": object.Attr("encryption_algorithm"),
			"additional_authenticated_data": object.Attr("additional_authenticated_data"),
		},
	},
	Checks: []object.Check{keyOfAlgorithm},
	Schema: schema.Schema{
		MarkdownDescription: "A decrypted text (KMS): the encrypted one may lie in the configuration for everybody to see. It is decrypted whenever Terraform plans or applies, and never stored.",
		Attributes: map[string]schema.Attribute{
			"cipher_text": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthBetween(128, 5648), valid.Match(base64Text, "base 64 is expected")},
				MarkdownDescription: "What was encrypted, in base 64: 128 to 5648 characters. It is not that of a data key.",
			},
			"key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The key. Of a symmetric key, the encrypted text tells it.",
			},
			"encryption_algorithm": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(symmetricAlgorithm, "RSAES_OAEP_SHA_256", "SM2_ENCRYPT")},
				MarkdownDescription: "How it was encrypted: `SYMMETRIC_DEFAULT`, or with an asymmetric key, which `key_id` must name then, `RSAES_OAEP_SHA_256` or `SM2_ENCRYPT`. The cloud takes `SYMMETRIC_DEFAULT` when it is left out.",
			},
			"additional_authenticated_data": authenticated(),
			"plain_text":                    schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The text."},
			"plain_text_base64":             schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The same in base 64: for what is no text."},
		},
	},
}

// authenticated is what has to be the same when it is decrypted as when it was encrypted.
func authenticated() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 128)},
		MarkdownDescription: "The encryption context: 1 to 128 bytes that are no secret, and without which it is not decrypted.",
	}
}

const symmetricAlgorithm = "SYMMETRIC_DEFAULT"

var base64Text = pattern.New(`^[0-9a-zA-Z+/=]+$`)

// wholeBytes refuses a number of bits that is not a number of bytes.
func wholeBytes(name string) object.Check {
	return func(_, config object.Values, refuse func(string, string, ...any)) {
		if bits, given := config.Int(name); given && bits%8 != 0 {
			refuse(name, "A multiple of 8 is expected: %d bits are no whole number of bytes.", bits)
		}
	}
}

// keyOfAlgorithm refuses an asymmetric algorithm without a key: the encrypted text does not tell it.
func keyOfAlgorithm(_, config object.Values, refuse func(string, string, ...any)) {
	if algorithm := config.String("encryption_algorithm"); algorithm != "" && algorithm != symmetricAlgorithm && config.Null("key_id") {
		refuse("encryption_algorithm", "To decrypt with an asymmetric key, key_id must name it.")
	}
}
