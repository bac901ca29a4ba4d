package sandbox

import (
	"errors"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// under runs a job as a service would, and says what comes of it.
func under(s *Sandbox, do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	do()
}

func TestJobs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		err    error
		status string
		fail   *jobFailure
	}{
		{"success", nil, "SUCCESS", nil},
		{"refusal", refuse(http.StatusConflict, "X.1", "no %s", "room"), "FAIL", &jobFailure{"X.1", "no room"}},
		{"error", errors.New("broken"), "FAIL", &jobFailure{"Common.0011", "broken"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClient(t, Options{JobMS: 1000}).cloud
				ended := 0
				s.onJob("test", func(j *job) error {
					ended++
					if j.text("server_id") != "s1" {
						t.Errorf("entities are %v", j.Entities)
					}
					return test.err
				})
				var j *job
				under(s, func() { j = s.startJob(north, "test", map[string]any{"server_id": "s1"}) })
				for _, step := range []struct {
					after  time.Duration
					status string
				}{
					{0, "INIT"}, {99 * time.Millisecond, "INIT"}, {time.Millisecond, "RUNNING"},
					{899 * time.Millisecond, "RUNNING"}, {time.Millisecond, test.status}, {time.Hour, test.status},
				} {
					time.Sleep(step.after)
					under(s, func() {
						if j.status() != step.status {
							t.Errorf("after %v: %s instead of %s", time.Since(j.Begin), j.status(), step.status)
						}
					})
				}
				if ended != 1 {
					t.Errorf("ended %d times", ended)
				}
				if (j.Fail == nil) != (test.fail == nil) || j.Fail != nil && *j.Fail != *test.fail {
					t.Errorf("fail is %v", j.Fail)
				}
			})
		})
	}
}

func TestJobsEndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClient(t, Options{JobMS: 1000}).cloud
		order := ""
		s.onJob("slow", func(*job) error { order += "slow "; return nil })
		s.onJob("quick", func(*job) error { order += "quick "; s.startJob(north, "next", nil); return nil })
		s.onJob("next", func(*job) error { order += "next "; return nil })
		under(s, func() { s.startJob(north, "slow", nil) })
		under(s, func() { s.config.JobMS = 0; s.startJob(north, "quick", nil) })
		time.Sleep(time.Second)
		under(s, func() {})
		if order != "quick next slow " && order != "quick slow next " {
			t.Errorf("order is %s", order)
		}
	})
}

func TestJobOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "state")
		before, err := New(Options{JobMS: 1000, Data: file})
		if err != nil {
			t.Fatal(err)
		}
		before.onJob("test", func(*job) error { t.Error("ended before its time"); return nil })
		var id string
		under(before, func() { id = before.startJob(north, "test", map[string]any{"x": "y"}).ID })
		if err := before.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)

		after, err := New(Options{JobMS: 1000, Data: file})
		if err != nil {
			t.Fatal(err)
		}
		ended := false
		after.onJob("test", func(j *job) error { ended = j.text("x") == "y"; return nil })
		under(after, func() {
			if got := after.jobs.get(north, id).status(); got != "RUNNING" {
				t.Errorf("status is %s", got)
			}
		})
		time.Sleep(500 * time.Millisecond)
		under(after, func() {
			if got := after.jobs.get(north, id).status(); got != "SUCCESS" || !ended {
				t.Errorf("status is %s", got)
			}
		})
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
