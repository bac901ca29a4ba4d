// Package obs declares the objects of the Object Storage Service.
//
// Its objects lie in buckets, and a bucket's name is its id. What a bucket is told beside its name are documents, each
// written as a whole: the short ones are attributes of the bucket, the others Kinds of their own.
package obs

import (
	"net"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{
		&Bucket, &Object, BucketPolicy, BucketACL, BucketLifecycle, BucketCORS, BucketLogging, BucketNotification, BucketWebsite,
	}
}

// busy is the refusal of a bucket of which something else is being changed.
var busy = []string{"409 OperationAborted"}

var bucketName = pattern.New(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

const bucketNameText = "3 to 63 lower-case letters, digits, `-` and `.` are expected, a letter or digit at both ends"

func bucketNames() []validator.String {
	return []validator.String{valid.Match(bucketName, bucketNameText)}
}

// nameFits refuses names that are no names of hosts.
func nameFits(_, config object.Values, refuse func(string, string, ...any)) {
	name := config.String("name")
	for _, pair := range []string{"..", ".-", "-."} {
		if strings.Contains(name, pair) {
			refuse("name", "A bucket's name may not hold %q.", pair)
		}
	}
	if net.ParseIP(name) != nil {
		refuse("name", "A bucket's name may not be an address.")
	}
}

var classes = []string{"STANDARD", "WARM", "COLD", "DEEP_ARCHIVE", "INTELLIGENT_TIERING"}

func storageClasses() []validator.String {
	return []validator.String{stringvalidator.OneOf(classes...)}
}

// texts are the validators of a set that has something, each text of which is valid.
func texts(each ...validator.String) []validator.Set {
	return []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(each...)}
}
