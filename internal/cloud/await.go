package cloud

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/transport"
)

const (
	firstPause = 500 * time.Millisecond
	lastPause  = 10 * time.Second
	growth     = 1.2
)

// Await asks until the answer is done or an error: first after half a second, then at pauses that grow by a constant
// factor to ten seconds. What takes T seconds is noticed by T*1.25+0.6 s, as long as the pauses have not reached their
// limit. When the context ends, so does the wait, at once and with the context's error.
func Await(ctx context.Context, ask func(context.Context) (done bool, err error)) error {
	for pause := firstPause; ; pause = min(time.Duration(float64(pause)*growth), lastPause) {
		// Jitter only shortens the pause, so that it never costs the caller anything.
		if err := transport.Sleep(ctx, time.Duration(float64(pause)*(0.85+0.15*rand.Float64()))); err != nil {
			return err
		}
		if done, err := ask(ctx); done || err != nil {
			return err
		}
	}
}

// AwaitNow is Await for what may be done already: it asks once before the first pause.
func AwaitNow(ctx context.Context, ask func(context.Context) (done bool, err error)) error {
	if done, err := ask(ctx); done || err != nil {
		return err
	}
	return Await(ctx, ask)
}
