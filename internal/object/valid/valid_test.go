package valid

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// verdict is what validators say of a value: "" when they take it.
func verdict(t *testing.T, value types.String, validators ...validator.String) string {
	t.Helper()
	said := ""
	for _, v := range validators {
		req := validator.StringRequest{Path: path.Root("x"), ConfigValue: value}
		var resp validator.StringResponse
		v.ValidateString(t.Context(), req, &resp)
		for _, d := range resp.Diagnostics {
			said += d.Detail() + "\n"
		}
		if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) == "" {
			t.Errorf("%T has no description", v)
		}
	}
	return said
}

func TestTexts(t *testing.T) {
	t.Parallel()
	private := []string{"10.0.0.0/8", "192.168.0.0/16"}
	some := "0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071"
	for name, test := range map[string]struct {
		validators []validator.String
		taken      []string
		refused    map[string]string // with a word of the reason
	}{
		"domain": {
			[]validator.String{Domain()},
			[]string{"example.com", "example.com.", "com", "Ex-ample.COM", "例子.cn", "1.2"},
			map[string]string{
				"": "no label", ".": "no label", "a..b": `"" is no label`, "-a.b": "no label", "a-.b": "no label", "a b.c": "no label", "_a.b": "no label", "*.b": "no label",
				strings.Repeat("a", 64) + ".b": "no label", strings.Repeat("a.", 128): "longer than 254",
			},
		},
		"name of a record set": {
			[]validator.String{RecordName()},
			[]string{"example.com", "*.example.com.", "_sip._tcp.example.com"},
			map[string]string{"*": "no label", "a.*.b": "no label", "*a.b": "no label", "**.b": "no label", "a/b": "no label"},
		},
		"range": {
			[]validator.String{Range()},
			[]string{"0.0.0.0/0", "10.1.0.0/16", "10.1.2.3/32", "fd00::/8", "::/0"},
			map[string]string{
				"": "no address range", "10.1.0.0": "no address range", "10.1.0.1/16": "the range is 10.1.0.0/16", "FD00::/8": "written fd00::/8", "fd00:0::/8": "written fd00::/8",
			},
		},
		"CIDR": {
			[]validator.String{CIDR(8, 28, private...)},
			[]string{"10.0.0.0/8", "10.1.2.0/24", "192.168.0.0/16", "192.168.1.240/28"},
			map[string]string{
				"": "no address range", "10.0.0.0": "no address range", "ten": "no address range", "10.1.0.0/33": "no address range",
				"10.1.2.1/24": "the range is 10.1.2.0/24", "10.1.2.0/29": "29 bits", "172.16.0.0/16": "outside", "10.0.0.0/7": "7 bits",
				"192.0.0.0/8": "outside", "fd00::/16": "no IPv4", "010.1.0.0/16": "no address range", "10.1.0.0/ 16": "no address range",
			},
		},
		"CIDR anywhere": {
			[]validator.String{CIDR(3, 28)},
			[]string{"100.64.0.0/10", "224.0.0.0/3"},
			map[string]string{"0.0.0.0/0": "0 bits", "::ffff:10.0.0.0/112": "no IPv4"},
		},
		"NotPrefixed": {
			[]validator.String{NotPrefixed("auto_")},
			[]string{"", "auto", "an auto_", "Auto_1"},
			map[string]string{"auto_": "own names begin with auto_", "auto_1": "own names"},
		},
		"IPv4": {
			[]validator.String{IPv4()},
			[]string{"10.1.0.1", "0.0.0.0", "255.255.255.255"},
			map[string]string{"": "no IPv4", "10.1.0": "no IPv4", "10.1.0.256": "no IPv4", "::1": "no IPv4", "10.1.0.1/32": "no IPv4", "::ffff:10.1.0.1": "no IPv4"},
		},
		"IP": {
			[]validator.String{IP()},
			[]string{"10.1.0.1", "fd00::1"},
			map[string]string{"": "no address", "10.1.0": "no address", "10.1.0.1/32": "no address", "fe80::1%eth0": "no address", "::ffff:10.1.0.1": "no address"},
		},
		"Remote": {
			[]validator.String{Remote()},
			[]string{"10.1.0.1", "10.1.0.0/16", "0.0.0.0/0", "10.1.0.1/32", "::/0", "fd00::1", "fd00::/8"},
			map[string]string{
				"": "neither", "ten": "neither", "10.1.0.0/33": "neither", "fe80::1%eth0": "neither",
				"10.1.0.1/16": "the range is 10.1.0.0/16", "fd00::1/8": "the range is fd00::/8",
			},
		},
		"Ports": {
			[]validator.String{Ports()},
			[]string{"80", "1-30", "22,3389,80", "1-65535", "22,8000-8080", "5-5"},
			map[string]string{
				"": "neither", "0": "neither", "65536": "neither", "1-": "neither", "-5": "neither", "22, 80": "neither", "ssh": "neither",
				"22,": "neither", "+1": "neither", "1-2-3": "neither", "80-22": "ends before it begins",
			},
		},
		"Name": {
			Name(1, 8),
			[]string{"a", "web-1_.b", "网络", "四个汉字四个汉字"},
			map[string]string{"": "1 and 8", "web 1": "letters", "a/b": "letters", "ninechars": "1 and 8", "naïve": "letters", "a\n": "letters"},
		},
		"Description": {
			Description(5),
			[]string{"", "a b", "\"x\"&", "描述描述描"},
			map[string]string{"a<b": "not allowed", "a>b": "not allowed", "123456": "at most 5"},
		},
		"UUID": {
			[]validator.String{UUID()},
			[]string{some, strings.ToUpper(some)},
			map[string]string{"": "UUID", "0": "UUID", some + "0": "UUID", strings.ReplaceAll(some, "-", ""): "UUID", " " + some: "UUID"},
		},
		"EnterpriseProject": {
			[]validator.String{EnterpriseProject()},
			[]string{"0", some},
			map[string]string{"": "UUID", "00": "UUID", "default": "UUID"},
		},
		"MetadataKey": {
			[]validator.String{MetadataKey()},
			[]string{"a", "a_b-c.d:e", strings.Repeat("k", 255)},
			map[string]string{"": "1 to 255", "a b": "1 to 255", "ключ": "1 to 255", strings.Repeat("k", 256): "1 to 255"},
		},
		"Secret": {
			[]validator.String{Secret(pattern.New(`^[a-z]{1,4}$`), "1 to 4 small letters")},
			[]string{"a", "abcd"},
			map[string]string{"": "1 to 4 small letters", "abcde": "another form", "A": "another form"},
		},
		"Password": {
			[]validator.String{Password(pattern.New(`^[A-Za-z0-9!]*$`), "Latin letters, digits and !", 3)},
			[]string{"Abc1", "abc1!", "ABC1!", "aB!"},
			map[string]string{"": "0 classes", "abc": "1 classes", "abc1": "2 classes", "ABC!": "2 classes", "Abc 1": "not allowed", "Äbc1!": "not allowed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, value := range test.taken {
				if said := verdict(t, types.StringValue(value), test.validators...); said != "" {
					t.Errorf("%q is refused: %s", value, said)
				}
			}
			for value, word := range test.refused {
				if said := verdict(t, types.StringValue(value), test.validators...); !strings.Contains(said, word) {
					t.Errorf("of %q it says %q, without %q", value, said, word)
				}
			}
			for _, open := range []types.String{types.StringNull(), types.StringUnknown()} {
				if said := verdict(t, open, test.validators...); said != "" {
					t.Errorf("%s is refused: %s", open, said)
				}
			}
		})
	}
}

// A secret is not repeated by what refuses it.
func TestSecretsAreKept(t *testing.T) {
	t.Parallel()
	small := pattern.New(`^[a-z]*$`)
	for _, keeps := range []validator.String{Password(small, "small letters", 3), Secret(pattern.New(`^$`), "nothing")} {
		for _, secret := range []string{"topsecret", "top secret"} {
			if said := verdict(t, types.StringValue(secret), keeps); said == "" || strings.Contains(said, secret) {
				t.Errorf("it says %q", said)
			}
		}
	}
}

func TestInside(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		inner, outer string
		want         bool
	}{
		{"10.1.0.0/16", "10.0.0.0/8", true},
		{"10.0.0.0/8", "10.0.0.0/8", true},
		{"10.0.0.0/8", "10.1.0.0/16", false},
		{"11.0.0.0/16", "10.0.0.0/8", false},
	} {
		if got := Inside(netip.MustParsePrefix(test.inner), netip.MustParsePrefix(test.outer)); got != test.want {
			t.Errorf("%s in %s: %v", test.inner, test.outer, got)
		}
	}
}
