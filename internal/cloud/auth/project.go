package auth

import (
	"context"
	"sync"
)

type projectKey struct{}

// InProject asks for credentials that are good in another project than that of the configuration: a token is of one
// project only. Access keys are good in all of them.
func InProject(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, projectKey{}, id)
}

// byProject keeps a Provider of tokens for each project that is asked for.
type byProject struct {
	config Config
	mu     sync.Mutex
	made   map[string]Renewer // by the id of the project; "": the configuration's
}

func (b *byProject) provider(ctx context.Context) Renewer {
	id, _ := ctx.Value(projectKey{}).(string)
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.made[id]
	if !ok {
		config := b.config
		if id != "" {
			config.ProjectID = id
		}
		p = config.provider().(Renewer) // as every token that was asked for
		b.made[id] = p
	}
	return p
}

// Credentials implements Provider.
func (b *byProject) Credentials(ctx context.Context) (Credentials, error) {
	return b.provider(ctx).Credentials(ctx)
}

// Renew implements Renewer.
func (b *byProject) Renew(ctx context.Context, stale Credentials) (Credentials, error) {
	return b.provider(ctx).Renew(ctx, stale)
}
