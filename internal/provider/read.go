package provider

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// said is one text that was said for a setting, in the provider block or in the environment. Numbers and truth values
// are texts too.
type said struct {
	text    string
	key     string // in a map; the index in a list
	path    path.Path
	level   int    // 0: the provider block, 1: HWCLOUD_*, 2: HW_*, 3: OS_*
	place   string // "the argument access_key", "HW_ACCESS_KEY"
	unknown bool   // Terraform does not know it yet
}

// readBlock returns what the provider block says, by the name of the setting. An empty text says nothing.
func readBlock(block tftypes.Value) (map[string][]said, error) {
	all := map[string][]said{}
	err := tftypes.Walk(block, func(at *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if len(at.Steps()) == 0 || v.IsNull() {
			return true, nil
		}
		text, single := textOf(v)
		if v.IsKnown() && !single {
			return true, nil
		}
		var names []string
		s := said{text: text, path: path.Empty(), unknown: !v.IsKnown()}
		for _, step := range at.Steps() {
			switch step := step.(type) {
			case tftypes.AttributeName:
				names, s.path = append(names, string(step)), s.path.AtName(string(step))
			case tftypes.ElementKeyString:
				s.key, s.path = string(step), s.path.AtMapKey(string(step))
			case tftypes.ElementKeyInt:
				s.key, s.path = strconv.FormatInt(int64(step), 10), s.path.AtListIndex(int(step))
			}
		}
		name := strings.Join(names, ".")
		s.place = "the argument " + name
		if text != "" || s.unknown || named(name).kind == pairs {
			all[name] = append(all[name], s)
		}
		return false, nil
	})
	return all, err
}

// textOf writes a primitive value that is known as text.
func textOf(v tftypes.Value) (text string, single bool) {
	var (
		number big.Float
		truth  bool
		err    error
	)
	switch {
	case !v.IsKnown():
		return "", false
	case v.Type().Is(tftypes.String):
		err = v.As(&text)
	case v.Type().Is(tftypes.Number):
		err = v.As(&number)
		text = number.Text('f', -1)
	case v.Type().Is(tftypes.Bool):
		err = v.As(&truth)
		text = strconv.FormatBool(truth)
	default:
		return "", false
	}
	return text, err == nil
}

// reader answers what holds for a setting. What is wrong is added to its diagnostics.
type reader struct {
	block  map[string][]said
	getenv func(string) string
	diags  *diag.Diagnostics
	cloud  *cloudFile // the cloud that is named in the OpenStack client's files, if one is
}

// all returns every text said for a setting where it was said first: the provider block, then its environment variables. A
// cloud of the OpenStack client's files comes right after the place where it is named. Then nothing that belongs to a sign-in
// is taken from beyond, but for its secret: a variable that was forgotten there is of another sign-in.
func (r *reader) all(name string) []said {
	if block := r.block[name]; len(block) > 0 {
		return block
	}
	s := named(name)
	for _, variable := range s.environment() {
		text := r.getenv(variable)
		if text == "" {
			continue
		}
		if r.cloud != nil && s.clouds != "" && level(variable) > r.cloud.level {
			if here := r.cloud.said[name]; len(here) > 0 || s.identity() && !s.secret {
				return here
			}
		}
		return r.parse(s, variable, text)
	}
	if r.cloud != nil {
		return r.cloud.said[name]
	}
	return nil
}

// parse reads an environment variable.
func (r *reader) parse(s setting, variable, text string) []said {
	elements := []string{text}
	if s.kind == texts || s.kind == pairs {
		elements = strings.Split(text, ",")
	}
	var all []said
	for _, element := range elements {
		one := said{text: strings.TrimSpace(element), path: s.path(), level: level(variable), place: variable}
		if s.kind == pairs {
			var separated bool
			if one.key, one.text, separated = strings.Cut(one.text, "="); !separated {
				r.wrong(one, fmt.Errorf("%q is not of the form key=value", one.key))
				continue
			}
		}
		if err := s.wrong(one); err != nil {
			r.wrong(one, err)
		}
		all = append(all, one)
	}
	return all
}

// wrong says what a setting's check finds wrong with a text.
func (s setting) wrong(one said) error {
	if s.check == nil || one.unknown {
		return nil
	}
	return s.check(one.key, one.text)
}

func (r *reader) wrong(one said, err error) {
	r.diags.AddAttributeError(one.path, "Wrong value", fmt.Sprintf("In %s: %v.", one.place, err))
}

const lastLevel = 3 // of OS_*

func level(variable string) int {
	for i, prefix := range []string{"HWCLOUD_", "HW_"} {
		if strings.HasPrefix(variable, prefix) {
			return i + 1
		}
	}
	return lastLevel
}

// one returns the text said for a setting that has a single one.
func (r *reader) one(name string) (said, bool) {
	if all := r.all(name); len(all) > 0 {
		return all[0], true
	}
	return said{}, false
}

func (r *reader) text(name string) string {
	s, _ := r.one(name)
	return s.text
}

func (r *reader) flag(name string) bool {
	truth, _ := strconv.ParseBool(r.text(name))
	return truth
}

// number returns what was said, or otherwise. The checks have made sure that it is a number.
func (r *reader) number(name string, otherwise float64) float64 {
	if n, err := strconv.ParseFloat(r.text(name), 64); err == nil {
		return n
	}
	return otherwise
}

func (r *reader) list(name string) []string {
	var all []string
	for _, s := range r.all(name) {
		all = append(all, s.text)
	}
	return all
}

func (r *reader) pairs(name string) map[string]string {
	all := map[string]string{}
	for _, s := range r.all(name) {
		all[s.key] = s.text
	}
	return all
}
