// Package pattern holds regular expressions that are compiled when they are first used. Terraform starts a provider three
// times in every plan, and most of what all its objects know is never asked.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression.
type Pattern struct {
	expression string
	compiled   func() *regexp.Regexp
}

// New is a pattern of an expression in Go's syntax. One that does not compile panics at its first use; a test of the
// provider compiles all that stand in its sources.
func New(expression string) *Pattern {
	return &Pattern{expression, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
}

// MatchString tells that a text has a match.
func (p *Pattern) MatchString(s string) bool { return p.compiled().MatchString(s) }

// FindStringSubmatch is the first match and its groups, nil when there is none.
func (p *Pattern) FindStringSubmatch(s string) []string { return p.compiled().FindStringSubmatch(s) }

func (p *Pattern) String() string { return p.expression }
