package cloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"reflect"
	"strconv"
)

// Paging is how a list is walked. The zero value is Single.
type Paging struct {
	first  url.Values // parameters of the first page
	inBody bool       // they are texts in the request's body, not its query
	key    string     // under which an item is held that is itself a list
	// next moves the query on to the following page; false: there is none.
	next func(query url.Values, answer any, page []map[string]any) (bool, error)
}

// Single is a list that is answered whole.
func Single() Paging { return Paging{} }

// Marker is ?limit=&marker=. next is the dotted path of the next marker in the answer ("page_info.next_marker"); with ""
// it is the id of the last item, and the list ends with a page that is not full.
func Marker(limit int, next string) Paging {
	return Paging{first: sized("limit", limit), next: func(query url.Values, answer any, page []map[string]any) (bool, error) {
		if next != "" {
			marker, _ := Lookup(answer, next)
			return advance(query, "marker", marker), nil
		}
		if last(page, limit) {
			return false, nil
		}
		id, ok := page[len(page)-1]["id"]
		if !ok {
			return false, errors.New("the last item of the page has no id to go on from")
		}
		return advance(query, "marker", id), nil
	}}
}

// MaxKeys is ?max-keys=&marker= of the object storage, in an answer that is wrapped in root.
func MaxKeys(limit int, root string) Paging {
	return Paging{first: sized("max-keys", limit), next: func(query url.Values, answer any, _ []map[string]any) (bool, error) {
		marker, _ := Lookup(answer, root+".NextMarker")
		more, _ := Lookup(answer, root+".IsTruncated")
		return more == "true" && advance(query, "marker", marker), nil
	}}
}

// Offset is ?limit=&offset= where the offset counts items. The list ends with a page that is not full.
func Offset(limit int) Paging { return OffsetBy("offset", limit) }

// OffsetBy is Offset with another parameter for it: AS calls it start_number.
func OffsetBy(parameter string, limit int) Paging {
	first := sized("limit", limit)
	first.Set(parameter, "0")
	return Paging{first: first, next: func(query url.Values, _ any, page []map[string]any) (bool, error) {
		if last(page, limit) {
			return false, nil
		}
		offset, err := strconv.Atoi(query.Get(parameter))
		query.Set(parameter, strconv.Itoa(offset+len(page)))
		return true, err
	}}
}

// PageNumber counts pages from 1 in the parameter number, and asks for so many items with the parameter size: ECS v1 calls
// them offset and limit. The list ends with a page that is not full.
func PageNumber(number, size string, limit int) Paging {
	first := sized(size, limit)
	first.Set(number, "1")
	return Paging{first: first, next: func(query url.Values, _ any, page []map[string]any) (bool, error) {
		if last(page, limit) {
			return false, nil
		}
		n, err := strconv.Atoi(query.Get(number))
		query.Set(number, strconv.Itoa(n+1))
		return true, err
	}}
}

// Links follows the link to the next page: an entry of the list under key, "volumes_links":[{"rel":"next","href":...}], or
// a URL under a dotted path, "links.next". Only its query is taken; requests stay with the endpoint they are for.
func Links(key string, limit int) Paging {
	return Paging{first: sized("limit", limit), next: func(query url.Values, answer any, _ []map[string]any) (bool, error) {
		link, _ := Lookup(answer, key)
		if list, ok := link.([]any); ok {
			link = nil
			for _, entry := range list {
				if rel, _ := Lookup(entry, "rel"); rel == "next" {
					link, _ = Lookup(entry, "href")
				}
			}
		}
		href, _ := link.(string)
		if href == "" {
			return false, nil
		}
		u, err := url.Parse(href)
		if err != nil {
			return false, fmt.Errorf("the link to the next page: %w", err)
		}
		clear(query)
		maps.Copy(query, u.Query())
		return true, nil
	}}
}

// InBody is the same paging where a list is asked for with a body: the parameters are texts among its members.
func (p Paging) InBody() Paging {
	p.inBody = true
	return p
}

// OfLists is the same paging of a list whose items are lists: each becomes an object that holds it under the key.
func (p Paging) OfLists(key string) Paging {
	p.key = key
	return p
}

// Key is the key of [Paging.OfLists]; "" when items are objects.
func (p Paging) Key() string { return p.key }

func sized(parameter string, limit int) url.Values {
	if limit == 0 {
		return url.Values{}
	}
	return url.Values{parameter: {strconv.Itoa(limit)}}
}

// last tells whether nothing follows a page.
func last(page []map[string]any, limit int) bool { return len(page) == 0 || len(page) < limit }

func advance(query url.Values, parameter string, marker any) bool {
	if marker == nil || marker == "" {
		return false
	}
	query.Set(parameter, fmt.Sprint(marker))
	return true
}

// Pages walks a list whose items stand under the key many (a dotted path; "": the answer is the list). It sends one request
// a page, when the page is wanted. An error ends the walk, also one that finds it going in circles.
func (c *Client) Pages(ctx context.Context, r Request, many string, p Paging) iter.Seq2[[]map[string]any, error] {
	return func(yield func([]map[string]any, error) bool) {
		query := url.Values{}
		maps.Copy(query, r.Query)
		maps.Copy(query, p.first)
		body, _ := r.Body.(map[string]any)
		seen := map[string]bool{}
		var before []map[string]any
		for {
			asked := query.Encode()
			seen[asked] = true
			if p.inBody {
				members := map[string]any{}
				maps.Copy(members, body)
				for name := range query {
					members[name] = query.Get(name)
				}
				r.Body = members
			} else {
				r.Query = query
			}
			answer, err := c.Do(ctx, r)
			if err != nil {
				yield(nil, err)
				return
			}
			list, under := answer, many
			if r.Service.Buckets {
				list, under = oneOrMany(answer, many), ""
			}
			items, err := p.page(list, under)
			if err == nil && len(items) > 0 && reflect.DeepEqual(items, before) {
				err = errors.New("the cloud answers the same page again")
			}
			if err != nil {
				yield(nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err))
				return
			}
			if !yield(items, nil) || p.next == nil {
				return
			}
			more, err := p.next(query, answer, items)
			if err == nil && more && seen[query.Encode()] {
				err = errors.New("the next page is one that was read already")
			}
			if err != nil {
				yield(nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err))
				return
			}
			if !more {
				return
			}
			before = items
		}
	}
}

// page returns the items of an answer. A key that is null is an empty list; one that is missing is not a list at all.
func (p Paging) page(answer any, many string) ([]map[string]any, error) {
	list, ok := Lookup(answer, many)
	if !ok {
		return nil, fmt.Errorf("the answer has no %q", many)
	}
	if list == nil {
		return nil, nil
	}
	entries, ok := list.([]any)
	if !ok {
		return nil, fmt.Errorf("%q of the answer is not a list", many)
	}
	items := make([]map[string]any, len(entries))
	for i, entry := range entries {
		if list, isList := entry.([]any); isList && p.key != "" {
			entry = map[string]any{p.key: list}
		}
		if items[i], ok = entry.(map[string]any); !ok {
			return nil, fmt.Errorf("item %d of %q is not an object", i, many)
		}
	}
	return items, nil
}
