// Package object turns one declaration, a [Kind], into everything Terraform can do with a cloud object: the resource with
// import, identity and moved state, the singular and plural data source, and the list resource. What lasts for one run only
// is declared as an [Ephemeral].
//
// What a Kind says is data wherever data can say it. The engine keeps the same promises for every Kind: see create.go,
// read.go, change.go and delete.go for the order in which things happen, and the package's tests for each promise by its number.
package object

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Kind declares one sort of cloud object.
type Kind struct {
	Name    string         // "vpc" is hwcloud_vpc
	Plural  string         // the plural data source and its result; default: Name + "s"
	Service *cloud.Service // endpoint, job API, throttle class
	Native  *Kind          // the same object on OpenStack clouds, a declaration of its own: see [Join]

	ID     string       // how the id is made of attributes, where the cloud's own does not suffice: "{server_id}/{volume_id}"
	Path   string       // the collection: "/v1/{project_id}/vpcs"; names in braces are attributes
	One    string       // the key that wraps one object; "" when nothing does
	Many   string       // the key that wraps a page of the list
	Each   string       // the key that wraps each object of a page; "" when nothing does
	Paging cloud.Paging // how the list goes on
	Role   string       // who may manage such objects by the usual policies of an OpenStack cloud: "admin"; default: every member of the project

	// What departs from POST and GET on Path, and GET, PUT and DELETE on Path/{id}. A zero Op is derived.
	Create, Read, List, Delete Op
	Creates                    []Create // other ways to create, each for some plans: the first that fits, else Create

	Schema   schema.Schema      // in Terraform's shape; the engine adds id, region, tags, timeouts
	Fields   Fields             // the attributes whose API name is not their own
	Silent   []string           // sent, but never answered: the state keeps what was sent
	Once     []string           // computed, and told by the answer to create alone, beside the id: the state keeps them
	Local    []string           // neither sent nor answered: arguments to the engine or to Delete
	Secrets  []string           // attributes that get a write-only twin, name_wo, with name_wo_version
	Ready    Ready              // how to know that the object is usable
	Why      Derived            // where the cloud tells why an object is broken, when the object itself does not; who may not ask is not told
	Gone     []string           // values of Ready.Path that mean that the object is gone although it is still answered
	Revives  *Revival           // objects that count as gone and can be had back
	Tags     *Tags              // how tags travel; nil when the object has none
	Changes  []Change           // which operation carries out the change of which attributes, in this order
	Sides    []Side             // further reads that complete an answer
	Checks   []Check            // what can be refused at plan time beyond one attribute's validators
	Derived  map[string]Derived // attributes that, left open, are found out before create
	Plans    map[string]Planned // computed attributes that are known when they are planned
	Encode   Encoder            // rearranges a create request after Fields have made it
	Decode   Decoder            // rearranges an answer after Fields have read it
	Filters  map[string]string  // attributes that the list takes as query parameters, by exact match; what is computed and never answered only look-ups have
	Split    Split              // when the list answers a part of the objects at a time
	RegionAt string             // where an item of the list names its region, when the list answers those of all regions
	Made     map[string]string  // computed attributes that nobody answers, made of others and {cloud}, the cloud's domain
	Replaces []string           // resource types of older providers whose state may be moved here

	Queue       string        // what takes one write at a time, by its attributes: "route_table {route_table_id}". The others wait
	Busy        []string      // refusals, "409 EVS.2409", that mean that something else is under way: the call is made again
	Missing     []string      // refusals, "400 AS.2007", that mean that the object, or what it lies in, does not exist, as 404 does
	ClientToken bool          // create takes X-Client-Token, so it may be sent again when its fate is unknown
	CreateBy    Change        // what makes the object, where one call cannot: its Do, in place of Create
	Clears      Change        // what has to be done before the object can be deleted, when its Follows says so of the state
	Proof       string        // a place that the answer has only if the object exists: without it, the object is gone
	Alone       bool          // there is one at most in what its path names, and no list: no plural data source either
	Alike       bool          // others may be alike and do not tell their age: they are listed before a create, to know what it made if its answer is lost
	ListOnly    bool          // there is no single read: the object is looked for in its list
	ThinList    bool          // the list answers fewer fields than the read: no bulk refresh, and no sides of a list
	Releases    time.Duration // how long a delete may be refused with 409 because dependents are released late
	Lag         time.Duration // how long after its creation an object may still be answered with 404; default 30 s
	Remains     bool          // the object cannot be deleted: destroying makes no call, and only forgets it
	Resets      bool          // there is always one: deleting gives it its defaults back, and it is answered all the same
	NoResource  bool          // the object can only be looked up
	Timeouts    Timeouts      // default 10 minutes each
}

// Timeouts bound a whole operation, with all its retries and waiting.
type Timeouts struct{ Create, Update, Delete time.Duration }

// Op is one call of an API. In Path, {project_id} is the project and any other name in braces an attribute, in the API's
// word for it.
type Op struct {
	Service    *cloud.Service // default: the Kind's
	Method     string
	Path       string
	Query      map[string]string   // constant parameters; "{name}" is an attribute, in the API's words
	Repeat     map[string][]string // constant parameters that are given once for each of their values
	Headers    map[string]any      // constants or [Attr]; of a map, each key is added to the header's name
	Body       any                 // a template: see [Attr], [All], [Changed], [Null]; Body{} is none
	ID         string              // where the answer names the new object; default One + ".id". Of an id made of attributes: the one that is open, if any
	Job        string              // where the answer names a job; the call is done when the job is
	JobID      []string            // where the finished job names the new object, tried in order
	Until      *Until              // what has to come true elsewhere before the call is done
	Idempotent bool                // a POST that may be sent twice without harm
	OnlyNew    bool                // a create that answers 201, and 200 for what exists already: that is refused, not adopted
	Overwrites bool                // a create that would take over what exists already: it is looked for first, and refused
	Keeps      []string            // what it resets unless it is said again: the object is read first, and the template's [Attr] of these are as they are now
	Text       string              // the answer is a text, and gets this key
	Version    string              // the microversion that it needs, where that is another than the service's
	Role       string              // who may call it by the usual policies of an OpenStack cloud; default: the Kind's
	Source     string              // where it is documented, when the vendor's SDK lacks it
}

// Create is a way to create what some plans ask for.
type Create struct {
	When func(plan Values) bool
	Op   Op
}

// Until is a status that another service may answer for a while after a call and its job: it is waited out. What does not
// exist there is not waited for.
type Until struct {
	Op   Op       // the read
	Path string   // where its answer has the status
	Not  []string // the words to wait out
	Bad  []string // the words for what could not be carried out
}

// Zero says that nothing was declared.
func (o Op) zero() bool { return o.Method == "" && o.Path == "" && o.Body == nil }

// Body is an object in a request's template. Its leaves are constants, [Attr], [All], [Changed] or [Null].
type Body map[string]any

// Attr in a template is the value of an attribute, left out when it is null.
type Attr string

// All in a template is every attribute that is sent, as Fields and Encode arrange them, and some constants.
type All struct{ Plus Body }

// Null in a template is null itself. A nil there is left out.
var Null = json.RawMessage("null")

// Changed in a template is every attribute of the [Change] whose value differs, and always those it names.
type Changed []string

// Fields say where the API has an attribute, by the attribute's name.
type Fields map[string]Field

// Field says where the API has one attribute and in which notation. A path is keys joined by dots; [2] picks from a
// list and [ip_version=4] picks the first with that member.
type Field struct {
	API    string            // the place, in requests and answers
	Write  string            // in a create request, if elsewhere; [Never] when it is not sent there
	Update string            // in an update request, if elsewhere
	Read   string            // in an answer, if elsewhere; [Never] when Decode sees to it
	Listed string            // in an item of the list; the single read does not repeat what it is asked by
	Words  map[string]string // Terraform's word for each of the API's, by Terraform's
	Absent any               // what an answer without it means
	As     Notation          // how the API writes the value
	Alias  string            // the attribute that tells the same in another word, which may be given instead: the id of what this names
	Form   Form              // how the API spells a text that may be spelled in several ways
	Role   string            // who may set it by the usual policies of an OpenStack cloud, where that is not every member of the project
	Of     Fields            // the same for the members of an object or of a list's objects
	// System are patterns of the keys that the service adds to a map of the user's. A key that is neither the user's
	// nor matches is shown at import; afterwards only the user's own keys are compared.
	System []string
}

// Form is the spelling that an API has for a text, or for each text of a list: [Domain]. Texts of one form are the same
// value. The form is what is sent; the state keeps the spelling of the configuration.
type Form func(string) string

// Never is a place that does not exist.
const Never = "-"

// Ready says how to know that an object is usable.
type Ready struct {
	Path   string   // where the status is; "" means that the object is ready at once
	OK     []string // the words for usable; every other word that is not in Failed means: wait
	Failed []string // the words for broken
	Stays  []string // the words for one that could not be deleted
	Reason string   // where a broken object says why

	When func(answer Values) bool // what has to hold besides of an answer whose word is that for usable
}

// Status is a [Ready] by the attribute "status".
func Status(ok ...string) Ready {
	return Ready{Path: "status", OK: ok, Failed: []string{"ERROR", "error"}}
}

// Revival takes an object that counts as gone back, instead of creating another. What cannot be changed must be as planned;
// the rest is changed.
type Revival struct {
	If string   // the Local attribute, true or false, that asks for it
	By []string // what the object has in common with the plan
	Op Op       // brings it back
}

// Tags say how the tags of an object travel.
type Tags struct {
	Create string   // where a create request has them; "" when it takes none
	Write  Notation // how it writes them
	Read   string   // where an answer has them
	As     Notation // how it writes them
	Action string   // path of the action that adds and removes: {"action":"create","tags":[..]}; with {action} in it the word goes there; "": other tags need a new object
	Set    Op       // instead of an action, the operation that replaces all tags: its body has them as Attr("tags_all"), and
	Unset  Op       // the one that removes them all
	Rules  TagRules // default: at most 20 of nearly any text
}

// Change says which operation carries out the change of some attributes. What no Change covers cannot be changed: a
// new value replaces the object.
type Change struct {
	Of      []string                                    // the attributes
	Op      Op                                          // the operation, and
	Unset   Op                                          // the one for when none of the attributes has a value any more; or
	Add     Op                                          // of one set or map, the operation that adds a member, and
	Remove  Op                                          // the one that removes a member: see [Item]; or
	Do      func(ctx context.Context, call *Call) error // what takes more than one, made of
	Calls   []Op                                        // these operations
	Alters  []string                                    // computed attributes that it may change
	Frees   bool                                        // the object cannot be deleted before its members are removed
	Follows func(plan Values) bool                      // create cannot carry these: the operation follows it, if need be
	Replace func(prior, plan Values) bool               // when this very change needs a new object all the same
}

// Split says that a list answers only the objects with one value of an attribute at a time. The attribute is one of
// Filters; items that do not tell it get it.
type Split struct {
	By   string
	Into []string
}

// Side is a further read that completes an answer: a list of things that belong to the object, or one value. It is asked
// beside the object's own read, or after it when it has a When, or when its Op names in braces what only the object's answer
// or a side before it tells.
type Side struct {
	Into   string       // the key of the answer that receives the list or the value
	Op     Op           // the read for one object
	Many   string       // the key that wraps the list; [Never] when it is none: Into receives the whole answer
	From   string       // where one value is, instead of Many
	Fixed  bool         // the value never changes, so what the state has of it is not asked again
	Lazy   string       // the attribute that it is for: it is not asked while the state has that at its default
	Lacks  []string     // codes of a 404 that mean that the object has none of it
	Listed bool         // the items of the object's list have it
	Apart  bool         // no list has it: it is asked for each object by itself, of a listing too
	Bulk   Op           // the read for all objects at once; zero: Op without its Query
	Paging cloud.Paging // how both go on
	Owner  string       // where an item of Bulk names its object, or several: lists on the way count with each item; "": it is of all

	// When tells which objects have it, by their answer. Its Op may name what the object answered that is no attribute, too.
	When func(answer Values) bool
}

// Derived says from where an attribute that is left open gets its value before the object is created.
type Derived struct {
	Op   Op
	From string // the place in its answer
}

// Planned is a computed attribute that is made of the configuration: of a file that it names, say. A difference to what the
// state has is a change like any other.
type Planned struct {
	From []string                         // the attributes that it is made of; a problem is reported at the first that is given
	Make func(config Values) (any, error) // nil: of this configuration it is not made
}

// Item and ItemValue in an operation are the member of a set, or the key and the value of a map, that Add adds and Remove
// removes: Attr(Item) in a template, {item} in a path. Members are removed first. A key whose value differs is added again.
const (
	Item      = "item"
	ItemValue = "item_value"
)

// Always is for a [Change] that create can never carry, and for a [Side] that needs the object's answer.
func Always(Values) bool { return true }

// Check refuses what cannot work, at plan time, by calling refuse with an attribute's path ("networks.0.subnet_id").
// It is given the configuration, without defaults and what the cloud chooses. Attributes that are not known yet are not
// answered by [Values]. Prior is nil unless an object is being updated.
type Check func(prior, config Values, refuse func(path, format string, args ...any))

// Encoder rearranges a create request. Made by [EncodeWith].
type Encoder struct {
	body  reflect.Type
	apply func(plan Values) (map[string]any, error)
}

// EncodeWith makes an [Encoder] from a function between two small structs with json tags: the attributes it needs, and
// the part of the request body that it contributes.
func EncodeWith[Plan, Request any](f func(Plan) (Request, error)) Encoder {
	return Encoder{
		body: reflect.TypeFor[Request](),
		apply: func(plan Values) (map[string]any, error) {
			in, err := Into[Plan](plan)
			if err != nil {
				return nil, err
			}
			out, err := f(in)
			if err != nil {
				return nil, err
			}
			return Into[map[string]any](out)
		},
	}
}

// Decoder rearranges an answer. Made by [DecodeWith].
type Decoder struct {
	answer reflect.Type
	apply  func(answer map[string]any, prior Values) (map[string]any, error)
}

// DecodeWith makes a [Decoder] from a function between small structs with json tags: the part of the answer it needs
// and the attributes that the state held before, to the attributes it decides.
func DecodeWith[Answer, State any](f func(answer Answer, prior State) (State, error)) Decoder {
	return Decoder{
		answer: reflect.TypeFor[Answer](),
		apply: func(answer map[string]any, prior Values) (map[string]any, error) {
			in, err := Into[Answer](answer)
			if err != nil {
				return nil, err
			}
			before, err := Into[State](prior)
			if err != nil {
				return nil, err
			}
			out, err := f(in, before)
			if err != nil {
				return nil, err
			}
			return Into[map[string]any](out)
		},
	}
}

// TypeName is the resource type: "hwcloud_vpc".
func (k *Kind) TypeName() string { return "hwcloud_" + k.Name }

func (k *Kind) plural() string {
	if k.Plural != "" {
		return k.Plural
	}
	return k.Name + "s"
}

// The operations as they are called, derived where nothing is declared.

func (k *Kind) createOp(plan Values) Op {
	for _, create := range k.Creates {
		if create.When(plan) {
			return k.creating(create.Op)
		}
	}
	return k.creating(k.Create)
}

func (k *Kind) creating(op Op) Op {
	op.Method, op.Path = or(op.Method, "POST"), or(op.Path, k.Path)
	if op.Body == nil {
		op.Body = k.wrapped(All{})
	}
	if op.ID == "" && k.ID == "" {
		op.ID = dotted(k.One, "id")
	}
	return op
}

func (k *Kind) readOp() Op {
	op := k.Read
	op.Method, op.Path = or(op.Method, "GET"), or(op.Path, k.Path+"/{id}")
	return op
}

func (k *Kind) listOp() Op {
	op := k.List
	op.Method, op.Path = or(op.Method, "GET"), or(op.Path, k.Path)
	return op
}

func (k *Kind) deleteOp() Op {
	op := k.Delete
	op.Method, op.Path = or(op.Method, "DELETE"), or(op.Path, k.Path+"/{id}")
	return op
}

func (k *Kind) changeOp(c Change) Op {
	op := c.Op
	op.Method, op.Path = or(op.Method, "PUT"), or(op.Path, k.Path+"/{id}")
	if op.Body == nil {
		op.Body = k.wrapped(Changed{})
	}
	return op
}

func (k *Kind) wrapped(content any) any {
	if k.One == "" {
		return content
	}
	return Body{k.One: content}
}

// sidesApart are the sides that no list has.
func (k *Kind) sidesApart() []Side {
	return slices.DeleteFunc(slices.Clone(k.Sides), func(s Side) bool { return !s.Apart })
}

// listsLess tells that the list does not answer all that the reads do.
func (k *Kind) listsLess() bool { return k.ThinList || len(k.sidesApart()) > 0 }

// ops are the operations of a change.
func (k *Kind) ops(c Change) []Op {
	switch {
	case c.Do != nil:
		return c.Calls
	case !c.Add.zero():
		return []Op{c.Add, c.Remove}
	case !c.Unset.zero():
		return []Op{k.changeOp(c), c.Unset}
	}
	return []Op{k.changeOp(c)}
}

func (s Side) bulkOp() Op {
	if !s.Bulk.zero() {
		return s.Bulk
	}
	op := s.Op
	op.Query = nil
	return op
}

func (k *Kind) lag() time.Duration {
	if k.Lag > 0 {
		return k.Lag
	}
	return 30 * time.Second
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
