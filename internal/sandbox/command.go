package sandbox

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Main is the command `sandbox [flags] [-- COMMAND ARGS]`. Without a command it serves until it is interrupted; with
// one it runs the command against the cloud and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	code, err := run(args, stdout, stderr)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "sandbox:", err)
	}
	return code
}

func run(args []string, stdout, stderr io.Writer) (code int, err error) {
	opts := Options{}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage: sandbox [flags] [-- COMMAND ARGS]\n\nServes an embedded cloud, or runs a command against one.\n\nFlags:")
		flags.PrintDefaults()
	}
	listen := flags.String("listen", "127.0.0.1:8750", "`address` to listen on; port 0 picks a free one")
	anywhere := flags.Bool("allow-remote", false, "listen on an address that other machines can reach")
	flags.StringVar(&opts.Data, "data", "", "`file` that keeps the state; without one it is in memory")
	flags.IntVar(&opts.LatencyMS, "latency-ms", 0, "added to every answer")
	flags.IntVar(&opts.JobMS, "job-ms", DefaultJobMS, "how long a job takes")
	flags.IntVar(&opts.RequestsPerSecond, "requests-per-second", 0, "limit per service; 0 is none")
	flags.Int64Var(&opts.Seed, "seed", 0, "the same seed makes the same ids; 0 makes random ones")
	native := flags.String("openstack", "", "mean the OpenStack cloud, as this `user`: sandbox, a member of the project sandbox, or admin")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0, nil
	case err != nil:
		return 2, nil // the flag package has said what is wrong
	case !slices.Contains([]string{"", "sandbox", "admin"}, *native):
		return 2, fmt.Errorf("-openstack %s: the users are sandbox and admin", *native)
	}

	address, err := listenAddress(*listen, *anywhere)
	if err != nil {
		return 2, err
	}
	s, err := New(opts)
	if err != nil {
		return 1, err
	}
	defer func() {
		if closing := s.Close(); closing != nil && err == nil {
			code, err = 1, closing
		}
	}()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return 1, err
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() { _ = server.Close() }()

	environment := []string{
		"HWCLOUD_ENDPOINT=http://" + listener.Addr().String(),
		"HWCLOUD_ACCESS_KEY=sandbox",
		"HWCLOUD_SECRET_KEY=sandbox",
		"HWCLOUD_REGION=cn-north-4",
	}
	if *native != "" { // what OpenStack's own clients read, too
		environment = []string{
			"HWCLOUD_PLATFORM=openstack",
			"OS_AUTH_URL=http://" + listener.Addr().String() + "/identity/v3",
			"OS_USERNAME=" + *native,
			"OS_PASSWORD=sandbox",
			"OS_PROJECT_NAME=sandbox",
			"OS_USER_DOMAIN_NAME=Default",
			"OS_PROJECT_DOMAIN_NAME=Default",
			"OS_REGION_NAME=RegionOne",
			"OS_IDENTITY_API_VERSION=3",
		}
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	if command := flags.Args(); len(command) > 0 {
		return runCommand(command, environment, signals, stdout, stderr)
	}
	for _, v := range environment {
		if _, err := fmt.Fprintln(stdout, "export "+v); err != nil {
			return 1, err
		}
	}
	select {
	case <-signals:
		return 0, nil
	case err := <-served:
		return 1, err
	}
}

// listenAddress refuses an address that other machines can reach: whoever reaches the cloud controls it. Without a host
// it is this machine's own.
func listenAddress(address string, anywhere bool) (string, error) {
	host, port, err := net.SplitHostPort(address)
	switch {
	case err != nil:
		return "", fmt.Errorf("-listen: %w", err)
	case anywhere || loopback(host):
		return address, nil
	case host == "":
		return net.JoinHostPort("127.0.0.1", port), nil
	}
	return "", fmt.Errorf("-listen %s: other machines could reach it; add -allow-remote if that is meant", address)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// runCommand passes signals on to the command and returns its exit code.
func runCommand(args, environment []string, signals <-chan os.Signal, stdout, stderr io.Writer) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), meansCloud), environment...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	if err := cmd.Start(); err != nil {
		return 127, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case sig := <-signals:
			if sig == os.Interrupt && inForeground() {
				continue // the terminal has interrupted the command too; a second time would mean "at once"
			}
			_ = cmd.Process.Signal(sig) // it may have ended meanwhile
		case err := <-done:
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
					return 128 + int(status.Signal()), nil
				}
				return exit.ExitCode(), nil
			}
			if err != nil {
				return 1, err
			}
			return 0, nil
		}
	}
}

// meansCloud tells that a variable says something of a cloud, which is another one: with what is left of a real account
// in the environment, the command would not get into this one, or would touch that one.
func meansCloud(variable string) bool {
	return slices.ContainsFunc([]string{"HWCLOUD_", "HW_", "OS_"}, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
}
