package contract

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/def"
	as1 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/as/v1"
	ces1 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ces/v1"
	ces2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ces/v2"
	dns2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2"
	ecs2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ecs/v2"
	eip2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2"
	eip3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v3"
	evs2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/evs/v2"
	iam3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3"
	ims2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2"
	kms2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	kps3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kps/v3"
	smn2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/smn/v2"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
	vpc3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v3"
)

// sdkClients are the SDK's clients in all versions, by service.
var sdkClients = map[string][]any{
	"as":  {as1.NewAsClient(nil)},
	"ces": {ces1.NewCesClient(nil), ces2.NewCesClient(nil)},
	"dns": {dns2.NewDnsClient(nil)},
	"ecs": {ecs2.NewEcsClient(nil)},
	"evs": {evs2.NewEvsClient(nil)},
	"iam": {iam3.NewIamClient(nil)},
	"ims": {ims2.NewImsClient(nil)},
	"kms": {kms2.NewKmsClient(nil), kps3.NewKpsClient(nil)},
	"smn": {smn2.NewSmnClient(nil)},
	"vpc": {vpc2.NewVpcClient(nil), vpc3.NewVpcClient(nil), eip2.NewEipClient(nil), eip3.NewEipClient(nil)},
}

// sdkOperation is an operation as the SDK defines it.
type sdkOperation struct {
	Name, Method, Path string          // "vpc/v2.CreateVpc"
	Query              map[string]bool // by parameter, whether it must be given
	Body, Answer       reflect.Type    // Body is nil when there is none
}

// sdkOperations are all operations of the SDK, by service.
var sdkOperations = func() map[string][]sdkOperation {
	all := map[string][]sdkOperation{}
	for service, clients := range sdkClients {
		for _, client := range clients {
			all[service] = append(all[service], operationsOf(client)...)
		}
	}
	return all
}()

// operationsOf are the operations of a client. It has a method for each that makes an invoker, and the invoker holds what
// the SDK knows of the request.
func operationsOf(client any) (all []sdkOperation) {
	c := reflect.ValueOf(client)
	_, version, _ := strings.Cut(c.Type().Elem().PkgPath(), "/services/")
	for i := range c.NumMethod() {
		name, ok := strings.CutSuffix(c.Type().Method(i).Name, "Invoker")
		if !ok {
			continue
		}
		request := c.Method(i).Type().In(0).Elem()
		invoker := c.Method(i).Call([]reflect.Value{reflect.New(request)})[0]
		meta := invoker.Elem().FieldByName("BaseInvoker").Elem().FieldByName("meta").Elem()
		op := sdkOperation{
			Name:   version + "." + name,
			Method: meta.FieldByName("Method").String(),
			Path:   meta.FieldByName("Path").String(),
			Query:  map[string]bool{},
			Answer: meta.FieldByName("Response").Elem().Type(),
		}
		for _, known := range meta.FieldByName("RequestFields").Seq2() {
			field, _ := request.FieldByName(known.Elem().FieldByName("Name").String())
			switch def.LocationType(known.Elem().FieldByName("LocationType").Int()) {
			case def.Query:
				_, required := jsonName(field)
				op.Query[known.Elem().FieldByName("JsonTag").String()] = required
			case def.Body:
				op.Body = field.Type
			}
		}
		all = append(all, op)
	}
	return all
}

// jsonName is the key of a model's field, and whether it must be there.
func jsonName(field reflect.StructField) (name string, required bool) {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name, options != "omitempty"
}

var inBraces = regexp.MustCompile(`\{[^}]*\}`)

// samePath tells whether the SDK's path is the other but for the names of parameters. What stands where the SDK has a
// parameter may also be a word, or hold a parameter: the kind of an object is one, DNS-{zone_type}_zone. Two that a colon
// joins may be one: together they are an id.
func samePath(sdk, path string) bool {
	pattern := regexp.QuoteMeta(strings.ReplaceAll(inBraces.ReplaceAllString(sdk, "{}"), "{}:{}", "{}"))
	return regexp.MustCompile("^" + strings.ReplaceAll(pattern, `\{\}`, `[^/]+`) + "$").MatchString(path)
}

// plain is a model without its pointers and lists.
func plain(model reflect.Type) reflect.Type {
	for model != nil && (model.Kind() == reflect.Pointer || model.Kind() == reflect.Slice) {
		model = model.Elem()
	}
	return model
}

// has tells whether a model has the field of a dotted path of JSON keys. Lists on the way leave no trace, or the index of
// an item. Below a map or an any is whatever one likes.
func has(model reflect.Type, path string) bool {
	model = plain(model)
	if model == nil || path == "" {
		return model != nil
	}
	key, rest, _ := strings.Cut(path, ".")
	if _, err := strconv.Atoi(key); err == nil {
		return has(model, rest)
	}
	switch model.Kind() {
	case reflect.Map, reflect.Interface:
		return true
	case reflect.Struct:
		for field := range model.Fields() {
			if name, _ := jsonName(field); name == key {
				return has(field.Type, rest)
			}
		}
	}
	return false
}

// lacks are the fields that must be there, at the path and below it, beside those that are sent.
func lacks(model reflect.Type, at string, sent []string) (missing []string) {
	model = plain(model)
	if model == nil || model.Kind() != reflect.Struct || slices.Contains(sent, at) {
		return nil
	}
	for field := range model.Fields() {
		name, required := jsonName(field)
		path := strings.TrimPrefix(at+"."+name, ".")
		switch {
		case name == "": // an enumeration
		case slices.ContainsFunc(sent, func(s string) bool { return s == path || strings.HasPrefix(s, path+".") }):
			missing = append(missing, lacks(field.Type, path, sent)...)
		case required:
			missing = append(missing, path)
		}
	}
	return missing
}
