package sandbox

// after is the part of a list that follows the object of a marker, and all of it for no marker; ok is false if there is
// no such object. It is for the lists whose order is not that of the ids.
func after[T any](list []T, id func(T) string, marker string) (rest []T, ok bool) {
	if marker == "" {
		return list, true
	}
	for i, o := range list {
		if id(o) == marker {
			return list[i+1:], true
		}
	}
	return nil, false
}

// orNull is a text for an answer that has null instead of "".
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// hidden stands in a view for a field that the object has and the answer has not.
type hidden *struct{}
