package object

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

func readDisk(ctx context.Context, l *listing, i int) error {
	object, err := l.read(ctx, Values{"id": fmt.Sprintf("d%d", i), "region": "r1"})
	if err == nil && object["name"] != fmt.Sprintf("disk %d", i) {
		err = fmt.Errorf("d%d is %v", i, object)
	}
	return err
}

// The first reads go out singly; then one listing, whose pages are 2 long, serves the rest.
func TestListingServes(t *testing.T) {
	t.Parallel()
	f := &fake{answer: disks(6)}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	for i := range 6 {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	if single, pages := f.count("GET /v1/p/disks/"), f.count("GET /v1/p/disks")-f.count("GET /v1/p/disks/"); single != firstReads || pages != 3 {
		t.Errorf("%d reads and %d pages", single, pages)
	}
}

// However many ask at once, there is one listing, and who asks for the same object twice changes nothing of it.
func TestListingAtOnce(t *testing.T) {
	t.Parallel()
	const n = 100
	f := &fake{answer: disks(n)}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	var readers sync.WaitGroup
	for i := range 2 * n {
		readers.Go(func() {
			if err := readDisk(t.Context(), l, i%n); err != nil {
				t.Error(err)
			}
		})
	}
	readers.Wait()
	if calls := f.count("GET"); calls > n/2+n+firstReads {
		t.Errorf("%d calls for %d disks on pages of 2", calls, n)
	}
}

// Absence from a list proves nothing: the object is read by itself, and its answer counts.
func TestListingOmits(t *testing.T) {
	t.Parallel()
	all := disks(5)
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		status, answer := all(method, path, query, body)
		if path == "/v1/p/disks" {
			answer = strings.Replace(answer, `"id":"d3"`, `"id":"other"`, 1)
		}
		return status, answer
	}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	for i := range 5 {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	if f.count("GET /v1/p/disks/d3") != 1 || f.count("GET /v1/p/disks/d4") != 0 {
		t.Errorf("calls: %v", f.calls)
	}
	if err := readDisk(t.Context(), l, 7); !gone(err) {
		t.Errorf("what is gone is answered with %v", err)
	}
}

// What a Kind marks as gone is not served from the list either: its own read decides.
func TestListingSkipsGone(t *testing.T) {
	t.Parallel()
	all := disks(5)
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		status, answer := all(method, path, query, body)
		return status, strings.Replace(answer, `"name":"disk 4","status":"ready"`, `"name":"disk 4","status":"deleted"`, 1)
	}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	for i := range 4 {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	if err := readDisk(t.Context(), l, 4); !gone(err) {
		t.Errorf("got %v", err)
	}
}

// A write makes what was listed before worthless, also for a listing that is under way.
func TestListingForgets(t *testing.T) {
	t.Parallel()
	all := disks(8)
	underWay, goOn := make(chan struct{}, 100), make(chan struct{})
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		if path == "/v1/p/disks" && !strings.Contains(query, "marker") {
			underWay <- struct{}{}
			<-goOn
		}
		return all(method, path, query, body)
	}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	for i := range firstReads {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	read := make(chan error)
	go func() { read <- readDisk(t.Context(), l, 5) }()
	<-underWay
	l.forget()
	close(goOn)
	if err := <-read; err != nil {
		t.Error(err)
	}
	if f.count("GET /v1/p/disks/d5") != 1 {
		t.Error("a listing from before the write was believed")
	}
	if err := readDisk(t.Context(), l, 6); err != nil || f.count("GET /v1/p/disks/d6") != 1 {
		t.Errorf("the first read after the write: %v", err)
	}
	for i := range 5 { // asked for often enough, it lists again
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	if len(underWay) != 1 || f.count("GET /v1/p/disks/d4") != 0 {
		t.Errorf("no second listing: %v", f.calls)
	}
}

// Who waits for a listing and is interrupted does not wait.
func TestListingInterrupted(t *testing.T) {
	t.Parallel()
	all := disks(8)
	underWay, goOn := make(chan struct{}), make(chan struct{})
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		if path == "/v1/p/disks" && !strings.Contains(query, "marker") {
			close(underWay)
			<-goOn
		}
		return all(method, path, query, body)
	}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	for i := range firstReads {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	read := make(chan error)
	go func() { read <- readDisk(ctx, l, 5) }()
	<-underWay
	cancel()
	if err := <-read; err == nil || gone(err) {
		t.Errorf("got %v", err)
	}
	close(goOn)
}

// A list pauses where it has as many pages as there were reads, and goes on with the next. So the cost stays near the best
// possible: the number of reads, or that of the list's pages.
func TestListingIsPaidFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ exist, asked, most int }{
		{2, 1, 1},
		{2, 2, 2},
		{4, 4, 4},    // 2 reads, 2 pages
		{8, 8, 8},    // 4 pages
		{10, 10, 10}, // 5 pages
		{100, 100, 100},
		{1000, 2, 2},
		{1000, 3, 7},
		{1000, 10, 21},
		{1000, 100, 201},
		{1000, 1000, 1000}, // 500 pages
	} {
		t.Run(fmt.Sprintf("%d of %d", test.asked, test.exist), func(t *testing.T) {
			t.Parallel()
			f := &fake{answer: disks(test.exist)}
			l := serve(t, f).listing(disk(), Values{"region": "r1"})
			for i := range min(test.asked, test.exist) {
				if err := readDisk(t.Context(), l, i); err != nil {
					t.Fatal(err)
				}
			}
			if calls := f.count("GET"); calls > test.most {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

// A list that fails is as good as none: each read goes on by itself, and tells by itself what is wrong.
func TestListingFails(t *testing.T) {
	t.Parallel()
	all := disks(20)
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		if path == "/v1/p/disks" {
			return 403, `{"error_code":"D.403","error_msg":"not allowed to list"}`
		}
		return all(method, path, query, body)
	}
	l := serve(t, f).listing(disk(), Values{"region": "r1"})
	for i := range 20 {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	if lists := f.count("GET /v1/p/disks") - f.count("GET /v1/p/disks/"); lists != 3 {
		t.Errorf("%d tries to list", lists)
	}
}

// A listing that the single read says more than is not believed at all.
func TestThinListIsNotUsed(t *testing.T) {
	t.Parallel()
	f := &fake{answer: disks(10)}
	kind := disk()
	kind.ThinList = true
	l := serve(t, f).listing(kind, Values{"region": "r1"})
	for i := range 10 {
		if err := readDisk(t.Context(), l, i); err != nil {
			t.Error(err)
		}
	}
	if single := f.count("GET /v1/p/disks/d"); single != 10 || f.count("GET") != 10 {
		t.Errorf("%d single reads of %d calls", single, f.count("GET"))
	}
}

// What one reader changes in an answer, another does not see.
func TestListingAnswersCopies(t *testing.T) {
	t.Parallel()
	l := serve(t, &fake{answer: disks(6)}).listing(disk(), Values{"region": "r1"})
	for range firstReads + 1 {
		object, err := l.read(t.Context(), Values{"id": "d5"})
		if err != nil {
			t.Fatal(err)
		}
		object["name"] = "changed"
	}
	if err := readDisk(t.Context(), l, 5); err != nil {
		t.Error(err)
	}
}

// Each Kind has a listing of its own in each region.
func TestListings(t *testing.T) {
	t.Parallel()
	s := serve(t, &fake{answer: disks(1)})
	other := disk()
	other.Name = "other"
	same := s.listing(disk(), Values{"region": "r1"})
	if s.listing(disk(), Values{"region": ""}) != same {
		t.Error("the provider's region by name and by default are two")
	}
	if slices.Contains([]*listing{s.listing(disk(), Values{"region": "r2"}), s.listing(other, Values{"region": "r1"})}, same) {
		t.Error("two Kinds or regions share one")
	}
}
