package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What takes T seconds is noticed by T*1.25+0.6 s, and is not asked for more often than the pauses allow.
func TestAwaitBounds(t *testing.T) {
	t.Parallel()
	for _, seconds := range []float64{0, 0.4, 1, 5, 20, 40} {
		t.Run(fmt.Sprint(seconds), func(t *testing.T) {
			t.Parallel()
			for range 50 { // jitter
				synctest.Test(t, func(t *testing.T) {
					started, asked := time.Now(), 0
					var pauses []time.Duration
					last := started
					err := Await(t.Context(), func(context.Context) (bool, error) {
						asked++
						pauses, last = append(pauses, time.Since(last)), time.Now()
						return time.Since(started).Seconds() >= seconds, nil
					})
					took := time.Since(started).Seconds()
					if err != nil || took > seconds*1.25+0.6 {
						t.Errorf("noticed after %.2f s, %v", took, err)
					}
					bound := firstPause
					for i, pause := range pauses {
						if pause > bound || pause < bound*85/100-1 {
							t.Errorf("pause %d was %v, the bound is %v", i, pause, bound)
						}
						bound = min(time.Duration(float64(bound)*growth), lastPause)
					}
				})
			}
		})
	}
}

// The pauses end at ten seconds.
func TestAwaitLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started, asked := time.Now(), 0
		if err := Await(t.Context(), func(context.Context) (bool, error) {
			asked++
			return time.Since(started) >= time.Hour, nil
		}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took > time.Hour+10*time.Second || asked < 360 || asked > 450 {
			t.Errorf("took %v with %d questions", took, asked)
		}
	})
}

func TestAwaitEnds(t *testing.T) {
	t.Parallel()
	failure := errors.New("forbidden")
	for name, test := range map[string]struct {
		await func(context.Context, func(context.Context) (bool, error)) error
		asked int // by the time that the context is cancelled, after 1.1 s
	}{"Await": {Await, 1}, "AwaitNow": {AwaitNow, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if err := test.await(t.Context(), func(context.Context) (bool, error) { return false, failure }); !errors.Is(err, failure) {
					t.Errorf("an error of the question: %v", err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
				defer cancel()
				started, asked := time.Now(), 0
				err := test.await(ctx, func(context.Context) (bool, error) { asked++; return false, nil })
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(started) != 900*time.Millisecond || asked != test.asked {
					t.Errorf("%v after %v and %d questions", err, time.Since(started), asked)
				}
				started = time.Now()
				if err := test.await(t.Context(), func(context.Context) (bool, error) { return true, nil }); err != nil {
					t.Error(err)
				}
				if now := time.Since(started) == 0; now != (name == "AwaitNow") {
					t.Errorf("first question after %v", time.Since(started))
				}
			})
		})
	}
}

func TestAwaitJob(t *testing.T) {
	t.Parallel()
	running := answer{200, `{"status":"RUNNING"}`}
	for name, test := range map[string]struct {
		answers []answer // the last one is repeated
		server  string
		err     string
		asked   int
	}{
		"success":       {[]answer{{200, `{"status":"INIT"}`}, running, {200, `{"status":"SUCCESS","entities":{"sub_jobs":[{"entities":{"server_id":"s1"}}]}}`}}, "s1", "", 3},
		"not known yet": {[]answer{{404, `{}`}, {404, `{}`}, running, {200, `{"status":"SUCCESS","entities":{"server_id":"s1"}}`}}, "s1", "", 4},
		"failed":        {[]answer{running, {200, `{"status":"FAIL","error_code":"Ecs.0000","fail_reason":"no room"}`}}, "", "ecs job j1 failed: Ecs.0000: no room", 2},
		"failed below": {[]answer{{200, `{"status":"FAIL","error_code":"Ecs.0002","fail_reason":"sub-job failed","entities":{"sub_jobs":[
			{"status":"FAIL","error_code":"Ecs.0319","fail_reason":"create failed","entities":{"errorcode_message":"no IP address left"}}]}}`}},
			"", "ecs job j1 failed: Ecs.0319: no IP address left", 1},
		"failed, with nulls": {[]answer{{200, `{"status":"FAIL","error_code":null,"fail_reason":null,"entities":{"sub_jobs":[{"fail_reason":"why"}]}}`}}, "", "ecs job j1 failed: why", 1},
		"forbidden":          {[]answer{running, {403, `{"code":"A","message":"no"}`}}, "", "403 Forbidden", 2},
		"never known":        {[]answer{{404, `{"message":"no such job"}`}}, "", "404 Not Found: no such job", -1},
		"gone":               {[]answer{{404, ``}, running, {400, ``}}, "", "400 Bad Request", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				client := wired(t, Config{}, func(r *http.Request) (int, string, error) {
					if r.URL.Host != "ecs.cn-north-4.myhuaweicloud.com" || r.URL.Path != "/v1/"+project1+"/jobs/j1" {
						t.Errorf("asked %s", r.URL)
					}
					now := test.answers[min(asked, len(test.answers)-1)]
					asked++
					return now.status, now.body, nil
				})
				started := time.Now()
				job, err := client.AwaitJob(t.Context(), ECS, "", "j1")
				if test.asked >= 0 && asked != test.asked {
					t.Errorf("asked %d times", asked)
				}
				if test.asked < 0 && (time.Since(started) < jobGrace || time.Since(started) > 2*jobGrace) {
					t.Errorf("gave up after %v", time.Since(started))
				}
				if test.err == "" {
					if err != nil || first(job, "entities.sub_jobs.0.entities.server_id", "entities.server_id") != test.server {
						t.Errorf("got %v, %v", job, err)
					}
					return
				}
				if err == nil || job != nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, %v", job, err)
				}
				if e, ok := errors.AsType[*JobError](err); ok != strings.Contains(test.err, "failed") || ok && (e.Service != ECS || e.JobID != "j1") {
					t.Errorf("got %#v", err)
				}
			})
		})
	}
}

type answer struct {
	status int
	body   string
}

func TestAwaitJobEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := wired(t, Config{}, func(*http.Request) (int, string, error) { return 200, `{"status":"RUNNING"}`, nil })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Second, cancel)
		started := time.Now()
		if _, err := client.AwaitJob(ctx, ECS, "", "j1"); !errors.Is(err, context.Canceled) || time.Since(started) != 100*time.Second {
			t.Errorf("got %v after %v", err, time.Since(started))
		}
	})
	if _, err := wired(t, Config{}, nil).AwaitJob(t.Context(), VPC, "", "j1"); err == nil {
		t.Error("a service without jobs was asked for one")
	}
}
