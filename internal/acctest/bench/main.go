// Command bench measures what the provider costs: requests to the cloud, and seconds beside Terraform's own.
//
// Everything is measured in this one run: the built provider, Terraform as a process, a sandbox in this process. Ratios are
// to the same number of terraform_data, which cost no request.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

func main() {
	objects := flag.Int("objects", 300, "how many objects a plan and an apply have")
	runs := flag.Int("runs", 3, "how often a plan is measured; the median counts")
	flag.Parse()
	if err := run(*objects, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// row is a line of the table: what was measured, and the bar it has to reach.
type row struct {
	what, measured, bar string
	met                 bool
}

func run(objects, runs int) error {
	dir, err := os.MkdirTemp("", "hwcloud-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "terraform-provider-hwcloud")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides { \"hwcloud/hwcloud\" = %q }\n  direct {}\n}\n", dir)
	if err := os.WriteFile(filepath.Join(dir, "terraformrc"), []byte(rc), 0o600); err != nil {
		return err
	}
	cloud, err := serve()
	if err != nil {
		return err
	}
	defer cloud.stop()

	const line = "%-52s  %-44s  %-26s  %s\n"
	fmt.Printf(line, "measure", "found", "bar", "")
	all, missed := 0, 0
	for _, measure := range []func(*bench) ([]row, error){
		(*bench).start, (*bench).apply, (*bench).plan, (*bench).threeTier, (*bench).jobs, (*bench).throttled, (*bench).interrupted,
	} {
		rows, err := measure(&bench{dir: dir, binary: binary, cloud: cloud, objects: objects, runs: runs})
		if err != nil {
			return err
		}
		for _, r := range rows {
			word := "met"
			if !r.met {
				word = "MISSED"
				missed++
			}
			all++
			fmt.Printf(line, r.what, r.measured, r.bar, word)
		}
	}
	if missed > 0 {
		return fmt.Errorf("%d of %d bars were missed", missed, all)
	}
	return nil
}

// bench is one measurement's surroundings.
type bench struct {
	dir, binary   string
	cloud         *served
	objects, runs int
}

// start measures the provider as a process, from its start to its answered schema.
func (b *bench) start() ([]row, error) {
	var times []time.Duration
	var peak int
	for range 2*b.runs + 1 {
		took, resident, err := handshake(b.binary)
		if err != nil {
			return nil, err
		}
		times, peak = append(times, took), max(peak, resident)
	}
	took := median(times)
	return []row{
		{"provider start to schema answered", took.Round(time.Millisecond).String(), "< 150ms", took < 150*time.Millisecond},
		{"resident memory then", fmt.Sprintf("%.1f MB", float64(peak)/1024), "< 60 MB", peak < 60*1024},
	}, nil
}

// handshake starts the provider as Terraform does and asks it for its schema. Resident memory is its peak, in kB.
func handshake(binary string) (took time.Duration, resident int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(os.Environ(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(out).ReadString('\n') // CORE|6|unix|/tmp/plugin123|grpc|
	parts := strings.Split(strings.TrimSpace(line), "|")
	if err != nil || len(parts) < 5 {
		return 0, 0, fmt.Errorf("handshake %q: %w", line, err)
	}
	conn, err := grpc.NewClient(parts[2]+":"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(256<<20)))
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = conn.Close() }()
	// The answer is only counted, so any message will do: its fields stay unknown.
	if err := conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{}); err != nil {
		return 0, 0, err
	}
	took = time.Since(begun)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		return took, 0, nil // not on this system
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
			resident, err = strconv.Atoi(fields[1])
		}
	}
	return took, resident, err
}

const vpcs = `
resource "hwcloud_vpc" "test" {
  count = %d
  name  = "vpc-${count.index}"
  cidr  = "10.${count.index %% 250}.0.0/16"
  tags  = { env = "bench", index = tostring(count.index) }
}
`

const data = `
resource "terraform_data" "test" {
  count = %d
  input = { name = "vpc-${count.index}", cidr = "10.${count.index %% 250}.0.0/16" }
}
`

// apply measures the creation of many objects on a cloud that answers at once.
func (b *bench) apply() ([]row, error) {
	own, err := b.terraform("data", fmt.Sprintf(data, b.objects), "apply", "-auto-approve")
	if err != nil {
		return nil, err
	}
	b.cloud.set("DELETE", "/log", "")
	took, err := b.terraform("vpcs", fmt.Sprintf(vpcs, b.objects), "apply", "-auto-approve")
	if err != nil {
		return nil, err
	}
	calls := b.cloud.calls()
	all := len(calls)
	calls = slices.DeleteFunc(calls, func(c call) bool { return strings.HasPrefix(c.Path, "/iam/") })
	each, limit := float64(len(calls))/float64(b.objects), 2*own+time.Second
	return []row{
		{fmt.Sprintf("apply %d vpcs, 0 ms: calls an object", b.objects), fmt.Sprintf("%.2f, and %d for the project", each, all-len(calls)), "<= 2", each <= 2},
		{"  seconds, beside terraform_data", fmt.Sprintf("%s : %s = %.2f", seconds(took), seconds(own), took.Seconds()/own.Seconds()), "<= 2 x + 1s = " + seconds(limit), took <= limit},
	}, nil
}

// plan measures the refresh of what apply made, on a cloud that takes 50 ms to answer.
func (b *bench) plan() ([]row, error) {
	b.cloud.set("PUT", "/config", `{"latency_ms":50}`)
	defer b.cloud.set("PUT", "/config", `{"latency_ms":0}`)
	var own, took []time.Duration
	calls := 0
	for range b.runs {
		t, err := b.terraform("data", fmt.Sprintf(data, b.objects), "plan", "-detailed-exitcode")
		if err != nil {
			return nil, err
		}
		own = append(own, t)
		b.cloud.set("DELETE", "/log", "")
		if t, err = b.terraform("vpcs", fmt.Sprintf(vpcs, b.objects), "plan", "-detailed-exitcode"); err != nil {
			return nil, err
		}
		took, calls = append(took, t), max(calls, len(b.cloud.calls()))
	}
	more := median(took) - median(own)
	return []row{
		{fmt.Sprintf("plan %d vpcs with tags, 50 ms: calls", b.objects), strconv.Itoa(calls), "<= 12", calls <= 12},
		{"  seconds, beside terraform_data", fmt.Sprintf("%s : %s, %s more", seconds(median(took)), seconds(median(own)), seconds(more)), "<= 0.80s more", more <= 800*time.Millisecond},
	}, nil
}

// threeTier counts what a refresh of the example of three tiers costs: once, where hardly anything is listed, and ten times.
func (b *bench) threeTier() (rows []row, err error) {
	example, err := os.ReadFile("examples/three-tier/main.tf")
	if err != nil {
		return nil, err
	}
	module := filepath.Join(b.dir, "three-tier", "shop")
	if err := os.MkdirAll(module, 0o700); err != nil {
		return nil, err
	}
	shop := strings.Replace(string(example), "provider \"hwcloud\" {}\n", "", 1)
	if err := os.WriteFile(filepath.Join(module, "main.tf"), []byte(shop), 0o600); err != nil {
		return nil, err
	}
	b.cloud.set("POST", "/reset", "")
	for _, copies := range []struct {
		count int
		bar   float64
	}{{1, 1.5}, {10, 0.5}} {
		config := fmt.Sprintf("module \"shop\" {\n  # hwcloud_\n  count  = %d\n  source = \"./shop\"\n  name   = \"shop-${count.index}\"\n}\n", copies.count)
		if _, err := b.output("three-tier", config, "get"); err != nil {
			return nil, err
		}
		if _, err := b.output("three-tier", config, "apply", "-auto-approve"); err != nil {
			return nil, err
		}
		b.cloud.set("DELETE", "/log", "")
		out, err := b.output("three-tier", config, "plan", "-detailed-exitcode", "-no-color")
		if err != nil {
			return nil, err
		}
		objects, calls := strings.Count(out, ": Refreshing state..."), len(b.cloud.calls())
		each := float64(calls) / float64(objects)
		rows = append(rows, row{
			fmt.Sprintf("refresh of three-tier, %d of it: calls an object", copies.count),
			fmt.Sprintf("%d of %d objects = %.2f", calls, objects, each), fmt.Sprintf("<= %.1f", copies.bar), each <= copies.bar,
		})
	}
	return rows, nil
}

// jobs measures how long after a job's end Terraform goes on.
func (b *bench) jobs() (rows []row, err error) {
	const volume = `
resource "hwcloud_volume" "test" {
  name              = "bench-%d"
  size              = 10
  volume_type       = "SSD"
  availability_zone = "cn-north-4a"
}
`
	for _, length := range []time.Duration{time.Second, 5 * time.Second, 20 * time.Second} {
		b.cloud.set("PUT", "/config", fmt.Sprintf(`{"job_ms":%d}`, length.Milliseconds()))
		name := fmt.Sprintf("job-%d", length.Milliseconds())
		took, err := b.creation(name, fmt.Sprintf(volume, length.Milliseconds()))
		if err != nil {
			return nil, err
		}
		limit := time.Duration(float64(length)*1.25) + 600*time.Millisecond
		rows = append(rows, row{fmt.Sprintf("a job of %s: Terraform goes on after", length), seconds(took), "<= T x 1.25 + 0.6s = " + seconds(limit), took <= limit})
	}
	b.cloud.set("PUT", "/config", `{"job_ms":100}`)
	return rows, nil
}

// creation applies one object and takes its time from Terraform's own log.
func (b *bench) creation(name, config string) (time.Duration, error) {
	out, err := b.output(name, config, "apply", "-auto-approve", "-json")
	if err != nil {
		return 0, err
	}
	var begun time.Time
	for line := range strings.Lines(out) {
		var event struct {
			At   time.Time `json:"@timestamp"`
			Type string    `json:"type"`
		}
		if json.Unmarshal([]byte(line), &event) != nil {
			continue
		}
		switch event.Type {
		case "apply_start":
			begun = event.At
		case "apply_complete":
			return event.At.Sub(begun), nil
		}
	}
	return 0, errors.New("terraform apply -json tells of no creation")
}

// throttled works against a cloud that allows 5 requests a second.
func (b *bench) throttled() ([]row, error) {
	const count = 100
	b.cloud.set("POST", "/reset", "")
	b.cloud.set("PUT", "/config", `{"requests_per_second":5}`)
	defer b.cloud.set("PUT", "/config", `{"requests_per_second":0}`)
	config := fmt.Sprintf(vpcs, count)
	took, err := b.terraform("throttled", config, "apply", "-auto-approve")
	if err == nil {
		_, err = b.terraform("throttled", config, "plan", "-detailed-exitcode")
	}
	refused := 0
	for _, call := range b.cloud.calls() {
		if call.Status == http.StatusTooManyRequests {
			refused++
		}
	}
	found := fmt.Sprintf("applied in %s; %d answers of 429, none seen", seconds(took), refused)
	if err != nil {
		found = err.Error()
	}
	return []row{{fmt.Sprintf("5 requests/s, %d vpcs: apply, then plan", count), found, "no error", err == nil}}, nil
}

// interrupted presses Ctrl-C while the throttle makes everybody wait.
func (b *bench) interrupted() ([]row, error) {
	b.cloud.set("POST", "/reset", "")
	b.cloud.set("PUT", "/config", `{"requests_per_second":1}`)
	defer b.cloud.set("PUT", "/config", `{"requests_per_second":0}`)
	cmd, err := b.command("interrupted", fmt.Sprintf(vpcs, 100), "apply", "-auto-approve")
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	time.Sleep(6 * time.Second)
	begun := time.Now()
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		return nil, err
	}
	_ = cmd.Wait() // it fails, having been interrupted
	took := time.Since(begun)
	// Terraform itself needs a moment to write the state and to end.
	return []row{{"Ctrl-C at 1 request/s: terraform returns after", seconds(took), "<= 1s", took <= time.Second}}, nil
}

// terraform runs a command on a configuration and takes its time.
func (b *bench) terraform(name, config string, args ...string) (time.Duration, error) {
	begun := time.Now()
	_, err := b.output(name, config, args...)
	return time.Since(begun), err
}

func (b *bench) output(name, config string, args ...string) (string, error) {
	cmd, err := b.command(name, config, args...)
	if err != nil {
		return "", err
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("terraform %s of %s: %w\n%s", args[0], name, err, out)
	}
	return string(out), nil
}

func (b *bench) command(name, config string, args ...string) (*exec.Cmd, error) {
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if strings.Contains(config, "hwcloud_") {
		config = `terraform {
  required_providers {
    hwcloud = { source = "hwcloud/hwcloud" }
  }
}
` + config
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("terraform", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"TF_CLI_CONFIG_FILE="+filepath.Join(b.dir, "terraformrc"), "TF_INPUT=0", "CHECKPOINT_DISABLE=1",
		"HWCLOUD_ENDPOINT="+b.cloud.url, "HWCLOUD_ACCESS_KEY=sandbox", "HWCLOUD_SECRET_KEY=sandbox", "HWCLOUD_REGION=cn-north-4")
	return cmd, nil
}

// served is a sandbox on a port of this machine.
type served struct {
	url  string
	stop func()
}

func serve() (*served, error) {
	cloud, err := sandbox.New(sandbox.Options{JobMS: 100})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: cloud, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return &served{url: "http://" + listener.Addr().String(), stop: func() {
		_ = server.Close()
		_ = cloud.Close()
	}}, nil
}

// set makes a control call. The sandbox is in this process: that it fails is a bug of this program.
func (s *served) set(method, path, body string) []byte {
	request, err := http.NewRequest(method, s.url+"/_sandbox"+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		panic(fmt.Sprintf("%s %s: %s %s %v", method, path, response.Status, answer, err))
	}
	return answer
}

// call is a request that was served.
type call struct {
	Path   string `json:"path"`
	Status int    `json:"status"`
}

func (s *served) calls() (log []call) {
	if err := json.Unmarshal(s.set("GET", "/log", ""), &log); err != nil {
		panic(err)
	}
	return log
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
