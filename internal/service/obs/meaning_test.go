package obs

import "testing"

// What the cloud answers is in the spelling of before when it means the same, else in its one form.
func TestReadPolicy(t *testing.T) {
	t.Parallel()
	const (
		get  = `{"Effect":"Allow","Principal":"*","Action":"GetObject","Resource":["b/*"]}`
		list = `{"Action":["ListBucket"],"Effect":"Deny","Principal":{"ID":["x","y"]},"Resource":["b"],"Sid":"l"}`
		form = `{"Action":["GetObject"],"Effect":"Allow","Principal":"*","Resource":["b/*"]}`
	)
	of := func(statements string) string { return `{"Statement":[` + statements + `]}` }
	for name, test := range map[string]struct{ answer, prior, want string }{
		"the same":           {of(get + "," + list), of(get + "," + list), of(get + "," + list)},
		"in another order":   {of(list + "," + get), of(get + "," + list), of(get + "," + list)},
		"in its form":        {of(form), of(get), of(get)},
		"alone":              {of(get), `{"Statement":` + get + `}`, `{"Statement":` + get + `}`},
		"named by the cloud": {of(`{"Sid":"made",` + get[1:]), of(get), of(get)},
		"renamed":            {of(`{"Sid":"other",` + form[1:]), of(`{"Sid":"own",` + get[1:]), of(form[:len(form)-1] + `,"Sid":"other"}`)},
		"without its name":   {of(get), of(`{"Sid":"own",` + get[1:]), of(form)},
		"one less":           {of(list), of(list + "," + get), of(list)},
		"one more":           {of(get + "," + list), of(list), of(form + "," + list)},
		"twice":              {of(get + "," + get), of(get + "," + list), of(form + "," + form)},
		"of another id":      {`{"Id":"a","Statement":[` + get + `]}`, of(get), `{"Id":"a","Statement":[` + form + `]}`},
		"imported":           {of(list + "," + get), "", of(form + "," + list)},
		"no policy":          {"none", of(get), "none"},
	} {
		got, err := readPolicy(policyText{test.answer}, policyText{test.prior})
		if err != nil || got.Policy != test.want {
			t.Errorf("%s: %s, %v", name, got.Policy, err)
		}
	}
}

func TestMeaning(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{ "Statement": {"Condition":{"NumericLessThan":{"max-keys":10,"a":["z","b","z"]}},"Action":["b","a"],"NotPrincipal":{"Federated":"f"}}}`: `{"Statement":[{"Action":["a","b"],"Condition":{"NumericLessThan":{"a":["b","z"],"max-keys":[10]}},"NotPrincipal":{"Federated":["f"]}}]}`,
		`{"Statement":[{"Sid":null,"Effect":"Deny"}]}`: `{"Statement":[{"Effect":"Deny"}]}`,
		`null`:                           `null`,
		`{"Version":"1","Statement":[]}`: `{"Statement":[],"Version":"1"}`,
		`no JSON`:                        `no JSON`,
		`{"Statement":"all"}`:            `{"Statement":"all"}`,
	} {
		if got := meaning(text); got != want || meaning(got) != want {
			t.Errorf("%s is %s", text, got)
		}
	}
}
