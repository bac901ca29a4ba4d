package cloud

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// stock is a service that lists 7 items in each of the styles.
func stock(r *http.Request) string {
	q := r.URL.Query()
	var ids []int
	for i := 1; i <= 7; i++ {
		ids = append(ids, i)
	}
	if q.Get("few") != "" {
		ids = ids[:4]
	}
	if q.Get("none") != "" {
		ids = nil
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit == 0 {
		limit = 2
	}
	start := 0
	switch {
	case strings.HasSuffix(r.URL.Path, "/number"):
		page, _ := strconv.Atoi(q.Get("offset"))
		start = (page - 1) * limit
	case q.Has("offset"):
		start, _ = strconv.Atoi(q.Get("offset"))
	case q.Has("start_number"):
		start, _ = strconv.Atoi(q.Get("start_number"))
	case q.Has("marker"):
		start, _ = strconv.Atoi(strings.TrimPrefix(q.Get("marker"), "id"))
	}
	start = min(start, len(ids))
	end := min(start+limit, len(ids))
	if strings.HasSuffix(r.URL.Path, "/all") {
		start, end = 0, len(ids)
	}
	items := []string{}
	for _, id := range ids[start:end] {
		items = append(items, fmt.Sprintf(`{"id":"id%d"}`, id))
	}
	next, links, url := "null", `[{"rel":"previous","href":"http://evil.example.com/?marker=x"}`, "null"
	if end < len(ids) {
		next = fmt.Sprintf(`"id%d"`, end)
		url = fmt.Sprintf(`"http://internal:8776/v2/volumes?limit=%d&marker=id%d&kind=a"`, limit, end)
		links += `,{"rel":"next","href":` + url + `}`
	}
	return fmt.Sprintf(`{"items":[%s],"page_info":{"next_marker":%s},"items_links":%s],"links":{"next":%s}}`, strings.Join(items, ","), next, links, url)
}

func TestPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		paging Paging
		path   string
		asked  []string
		fewer  int // requests for 4 items
	}{
		"marker by last id":     {Marker(3, ""), "/x", []string{"kind=a&limit=3", "kind=a&limit=3&marker=id3", "kind=a&limit=3&marker=id6"}, 2},
		"marker from page_info": {Marker(3, "page_info.next_marker"), "/x", []string{"kind=a&limit=3", "kind=a&limit=3&marker=id3", "kind=a&limit=3&marker=id6"}, 2},
		"marker without limit":  {Marker(0, ""), "/x", []string{"kind=a", "kind=a&marker=id2", "kind=a&marker=id4", "kind=a&marker=id6", "kind=a&marker=id7"}, 3},
		"offset":                {Offset(3), "/x", []string{"kind=a&limit=3&offset=0", "kind=a&limit=3&offset=3", "kind=a&limit=3&offset=6"}, 2},
		"offset by name":        {OffsetBy("start_number", 3), "/x", []string{"kind=a&limit=3&start_number=0", "kind=a&limit=3&start_number=3", "kind=a&limit=3&start_number=6"}, 2},
		"page number":           {PageNumber("offset", "limit", 3), "/number", []string{"kind=a&limit=3&offset=1", "kind=a&limit=3&offset=2", "kind=a&limit=3&offset=3"}, 2},
		"links":                 {Links("items_links", 3), "/x", []string{"kind=a&limit=3", "kind=a&limit=3&marker=id3", "kind=a&limit=3&marker=id6"}, 2},
		"link as a URL":         {Links("links.next", 0), "/x", []string{"kind=a", "kind=a&limit=2&marker=id2", "kind=a&limit=2&marker=id4", "kind=a&limit=2&marker=id6"}, 2},
		"single":                {Single(), "/all", []string{"kind=a"}, 1},
		"zero value":            {Paging{}, "/all", []string{"kind=a"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked []string
			client := wired(t, Config{}, func(r *http.Request) (int, string, error) {
				if r.URL.Host != "vpc.cn-north-4.myhuaweicloud.com" {
					t.Errorf("asked %s", r.URL.Host)
				}
				asked = append(asked, r.URL.RawQuery)
				return 200, stock(r), nil
			})
			walk := func(query url.Values) (ids []string) {
				asked = nil
				for page, err := range client.Pages(t.Context(), Request{Service: VPC, Method: "GET", Path: test.path, Query: query}, "items", test.paging) {
					if err != nil {
						t.Fatal(err)
					}
					for _, item := range page {
						ids = append(ids, item["id"].(string))
					}
				}
				return ids
			}
			query := url.Values{"kind": {"a"}}
			for range 2 { // a Paging is used again and again
				if got := walk(query); strings.Join(got, " ") != "id1 id2 id3 id4 id5 id6 id7" {
					t.Errorf("got %v", got)
				}
				if !reflect.DeepEqual(asked, test.asked) {
					t.Errorf("asked %q, want %q", asked, test.asked)
				}
			}
			if !reflect.DeepEqual(query, url.Values{"kind": {"a"}}) {
				t.Errorf("the caller's query became %v", query)
			}
			if got := walk(url.Values{"none": {"1"}}); got != nil || len(asked) != 1 {
				t.Errorf("of an empty list: %v with %d requests", got, len(asked))
			}
			asked = nil
			for page, err := range client.Pages(t.Context(), Request{Service: VPC, Method: "GET", Path: test.path}, "items", test.paging) {
				if err != nil || len(page) == 0 {
					t.Errorf("got %v, %v", page, err)
				}
				break
			}
			if len(asked) != 1 {
				t.Errorf("asked %d pages though one was wanted", len(asked))
			}
		})
	}
}

func TestPagesEndsOnFullPage(t *testing.T) {
	t.Parallel()
	for name, paging := range map[string]Paging{"marker": Marker(2, ""), "offset": Offset(2)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			client := wired(t, Config{}, func(r *http.Request) (int, string, error) { asked++; return 200, stock(r), nil })
			n := 0
			for page, err := range client.Pages(t.Context(), Request{Service: VPC, Method: "GET", Path: "/x", Query: url.Values{"few": {"1"}}}, "items", paging) {
				if err != nil {
					t.Fatal(err)
				}
				n += len(page)
			}
			if n != 4 || asked != 3 { // nobody can know that the second page is the last one
				t.Errorf("%d items, %d requests", n, asked)
			}
		})
	}
}

// Walks that would never end, and answers that are no list, are errors and not empty lists.
func TestPagesRefuses(t *testing.T) {
	t.Parallel()
	many := func(marker string) func(int) string {
		return func(n int) string { return fmt.Sprintf(`{"items":[{"id":"%d"}],"next":%q}`, n, marker) }
	}
	same := func(answer string) func(int) string { return func(int) string { return answer } }
	for name, test := range map[string]struct {
		paging Paging
		answer func(n int) string
		want   string
	}{
		"marker stands still":  {Marker(1, "next"), many("m"), "read already"},
		"last id stands still": {Marker(1, ""), func(n int) string { return fmt.Sprintf(`{"items":[{"id":"a","n":%d}]}`, n) }, "read already"},
		"markers in circles":   {Marker(1, "next"), func(n int) string { return many(fmt.Sprint(n % 3))(n) }, "read already"},
		"offset ignored":       {Offset(1), same(`{"items":[{"id":"a"}]}`), "same page again"},
		"page ignored":         {PageNumber("page", "size", 1), same(`{"items":[{"id":"a"}]}`), "same page again"},
		"link to itself":       {Links("next", 1), func(n int) string { return fmt.Sprintf(`{"items":[{"id":"%d"}],"next":"?limit=1"}`, n) }, "read already"},
		"no id":                {Marker(1, ""), same(`{"items":[{"name":"a"}]}`), "no id"},
		"no list":              {Single(), same(`{"other":[]}`), `no "items"`},
		"empty answer":         {Single(), same(``), `no "items"`},
		"not a list":           {Single(), same(`{"items":{}}`), "not a list"},
		"not objects":          {Single(), same(`{"items":["a"]}`), "not an object"},
		"not JSON":             {Single(), same(`<html>`), "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			client := wired(t, Config{}, func(*http.Request) (int, string, error) { n++; return 200, test.answer(n), nil })
			var last error
			for page, err := range client.Pages(t.Context(), Request{Service: VPC, Method: "GET", Path: "/x"}, "items", test.paging) {
				if last != nil {
					t.Fatal("goes on after an error")
				}
				if last = err; err != nil && page != nil {
					t.Error("a page and an error")
				}
				if n > 10 {
					t.Fatal("does not end")
				}
			}
			if last == nil || !strings.Contains(last.Error(), test.want) {
				t.Errorf("got %v", last)
			}
		})
	}
	t.Run("failure on the second page", func(t *testing.T) {
		t.Parallel()
		n := 0
		client := wired(t, Config{}, func(*http.Request) (int, string, error) {
			n++
			if n == 2 {
				return 403, `{"code":"VPC.0001","message":"no"}`, nil
			}
			return 200, `{"items":[{"id":"a"}]}`, nil
		})
		var last error
		for _, err := range client.Pages(t.Context(), Request{Service: VPC, Method: "GET", Path: "/x"}, "items", Marker(1, "")) {
			last = err
		}
		if e, ok := AsError(last); !ok || e.Status != 403 {
			t.Errorf("got %v", last)
		}
	})
	t.Run("null and bare lists", func(t *testing.T) {
		t.Parallel()
		for answer, many := range map[string]string{`{"items":null}`: "items", `[{"id":"a"}]`: "", `{"a":{"b":[]}}`: "a.b"} {
			client := wired(t, Config{}, func(*http.Request) (int, string, error) { return 200, answer, nil })
			for _, err := range client.Pages(t.Context(), Request{Service: VPC, Method: "GET", Path: "/x"}, many, Marker(0, "none")) {
				if err != nil {
					t.Errorf("%s: %v", answer, err)
				}
			}
		}
	})
}

// The items of a list may be lists.
func TestPagesOfLists(t *testing.T) {
	t.Parallel()
	var pages []map[string]any
	client := wired(t, Config{}, func(r *http.Request) (int, string, error) {
		if r.URL.Query().Get("offset") == "0" {
			return 200, `{"items":[["a","b"],["c"]]}`, nil
		}
		return 200, `{"items":[[]]}`, nil
	})
	request := Request{Service: VPC, Method: "GET", Path: "/items"}
	for page, err := range client.Pages(t.Context(), request, "items", Offset(2).OfLists("of")) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page...)
	}
	if got := fmt.Sprint(pages); got != "[map[of:[a b]] map[of:[c]] map[of:[]]]" {
		t.Errorf("got %s", got)
	}
	for _, err := range client.Pages(t.Context(), request, "items", Offset(2)) {
		if err == nil || !strings.Contains(err.Error(), "not an object") {
			t.Errorf("got %v", err)
		}
	}
}

// A list that is asked for with a body is paged in it.
func TestPagesInBody(t *testing.T) {
	t.Parallel()
	var bodies []string
	client := wired(t, Config{}, func(r *http.Request) (int, string, error) {
		body, err := io.ReadAll(r.Body)
		if r.Method != "POST" || r.URL.RawQuery != "" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		bodies = append(bodies, string(body))
		next := ""
		if len(bodies) < 3 {
			next = strconv.Itoa(10 * len(bodies))
		}
		return 200, fmt.Sprintf(`{"items":[{"id":"%d"}],"next":%q}`, len(bodies), next), err
	})
	request := Request{Service: VPC, Method: "POST", Path: "/items", Body: map[string]any{"kind": "ALL"}, Idempotent: true}
	pages := 0
	for _, err := range client.Pages(t.Context(), request, "items", Marker(1, "next").InBody()) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
	}
	want := []string{`{"kind":"ALL","limit":"1"}`, `{"kind":"ALL","limit":"1","marker":"10"}`, `{"kind":"ALL","limit":"1","marker":"20"}`}
	if pages != 3 || !reflect.DeepEqual(bodies, want) {
		t.Errorf("%d pages by %q", pages, bodies)
	}
}
