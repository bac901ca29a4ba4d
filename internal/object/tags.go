package object

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Every object with tags has two attributes: tags, which the user sets, and tags_all, which the object has: those and
// the provider's default tags. What the provider ignores appears in neither and is never removed.

// TagRules are what a service takes as tags.
type TagRules struct {
	Most, Key, Value int // tags of an object, characters of a key and of a value
	Keys, Values     *pattern.Pattern
	Text             string // what Keys and Values allow
}

// A value may hold "=": it is split from its key at the first.
var tagText = pattern.New(`^[^\x00-\x1f*<>\\]*$`)

var wideTags = TagRules{20, 128, 255, tagText, tagText, `a tag may not hold control characters, *, <, > or \`}

// NarrowTags are the rules of the services that had tags first.
var NarrowTags = TagRules{
	10, 36, 43, pattern.New(`^[0-9A-Za-z_\p{Han}-]*$`), pattern.New(`^[0-9A-Za-z_.\p{Han}-]*$`),
	"a key may hold Chinese and Latin letters, digits, _ and -, a value . too",
}

// wrong is what the rules have against all tags of an object, "" when nothing.
func (r TagRules) wrong(all map[string]any) string {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		value, _ := all[key].(string)
		switch {
		case utf8.RuneCountInString(key) > r.Key:
			return fmt.Sprintf("the key %q has more than %d characters", key, r.Key)
		case utf8.RuneCountInString(value) > r.Value:
			return fmt.Sprintf("the value %q of %q has more than %d characters", value, key, r.Value)
		case !r.Keys.MatchString(key) || !r.Values.MatchString(value):
			return fmt.Sprintf("%q = %q: %s", key, value, r.Text)
		}
	}
	if len(all) > r.Most {
		return fmt.Sprintf("there are %d, and it can have %d", len(all), r.Most)
	}
	return ""
}

// rules are what the Kind's tags have to keep to.
func (t *Tags) rules() TagRules { return or(t.Rules, wideTags) }

// fixed tells that only a new object gets tags.
func (t *Tags) fixed() bool { return t.Action == "" && t.Set.zero() }

func encodeTags(n Notation, tags map[string]any) any {
	if n == nil {
		return tags
	}
	return n.Encode(tags)
}

// tagsAll is what the plan wants on the object: the user's tags over the defaults. Not known while any of them is not.
func (s *Session) tagsAll(tags any) any {
	own, isMap := tags.(map[string]any)
	if tags == convert.Unknown {
		return convert.Unknown
	}
	all := map[string]any{}
	for key, value := range s.DefaultTags {
		if !s.ignores(key) { // what is never read back would be a difference for ever
			all[key] = value
		}
	}
	if isMap {
		maps.Copy(all, own)
	}
	return all
}

// replaceTags sets all tags of an object at once: those of the plan, and those that the provider ignores, which stay.
func (s *Session) replaceTags(ctx context.Context, k *Kind, values Values, tags map[string]any) error {
	whole := Values(tags).with(nil)
	if len(s.IgnoreTagKeys)+len(s.IgnoreTagPrefixes) > 0 {
		object, err := s.read(ctx, k, values)
		if err != nil {
			return err
		}
		present, err := k.Tags.of(object)
		if err != nil {
			return err
		}
		for key, value := range present {
			if s.ignores(key) {
				whole[key] = value
			}
		}
	}
	op := k.Tags.Set
	if len(whole) == 0 {
		op = k.Tags.Unset
	}
	_, err := s.do(ctx, k, op, values.with(map[string]any{attrTagsAll: encodeTags(k.Tags.Write, whole)}), nil)
	return err
}

// of are the tags in an answer.
func (t *Tags) of(answer map[string]any) (map[string]any, error) {
	value, _ := at(answer, t.Read)
	if value != nil && t.As != nil {
		var err error
		if value, err = t.As.Decode(value); err != nil {
			return nil, err
		}
	}
	tags, _ := value.(map[string]any)
	return tags, nil
}

// decodeTags reads the tags of an answer into tags and tags_all.
func (s *Session) decodeTags(k *Kind, answer map[string]any, prior Values) (tags, all any, err error) {
	present, err := k.Tags.of(answer)
	if err != nil {
		return nil, nil, err
	}
	mine := prior.Map(attrTags)
	own, every := map[string]any{}, map[string]any{}
	for key, value := range present {
		if s.ignores(key) {
			continue
		}
		every[key] = value
		_, claimed := mine[key]
		if standard, isDefault := s.DefaultTags[key]; claimed || !isDefault || standard != value {
			own[key] = value
		}
	}
	if len(own) == 0 && mine == nil {
		return nil, every, nil
	}
	return own, every, nil
}

// tagsAtOnce is how many tags one call may add or remove.
const tagsAtOnce = 10

// retag makes the tags of an object those of the plan: it removes, then adds, only what differs; or the service replaces all
// tags at once.
func (s *Session) retag(ctx context.Context, k *Kind, values Values, before, after map[string]any) error {
	if !k.Tags.Set.zero() {
		return s.replaceTags(ctx, k, values, after)
	}
	removed, added := map[string]any{}, map[string]any{}
	for key, value := range before {
		if _, stays := after[key]; !stays {
			removed[key] = value
		}
	}
	for key, value := range after {
		if old, had := before[key]; !had || old != value {
			added[key] = value
		}
	}
	for _, step := range []struct {
		action string
		tags   map[string]any
	}{{"delete", removed}, {"create", added}} {
		for keys := range slices.Chunk(slices.Sorted(maps.Keys(step.tags)), tagsAtOnce) {
			some := map[string]any{}
			for _, key := range keys {
				some[key] = step.tags[key]
			}
			if _, err := s.do(ctx, k, k.Tags.action(step.action, Pairs.Encode(some)), values, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// action is the call that adds ("create") or removes ("delete") tags.
func (t *Tags) action(name string, tags any) Op {
	op := Op{Method: "POST", Path: t.Action, Idempotent: true, Body: Body{"action": name, "tags": tags}}
	if path := strings.Replace(t.Action, "{action}", name, 1); path != t.Action {
		op.Path, op.Body = path, Body{"tags": tags}
	}
	return op
}

// badTags are the tags that the provider is told to ignore and the configuration sets all the same.
func (s *Session) badTags(plan Values) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(plan.Map(attrTags))), func(key string) bool { return !s.ignores(key) })
}
