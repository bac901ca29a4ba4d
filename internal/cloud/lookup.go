package cloud

import (
	"strconv"
	"strings"
)

// Lookup walks maps and lists of decoded JSON along a dotted path ("entities.sub_jobs.0.entities.server_id"). An empty
// path is the value itself. It reports whether the path leads to something; a JSON null is something.
func Lookup(v any, dotted string) (any, bool) {
	if dotted == "" {
		return v, true
	}
	for key := range strings.SplitSeq(dotted, ".") {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[key]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}
