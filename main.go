// The provider that Terraform starts, and the sandbox to try it on.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	runtimedebug "runtime/debug"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

// version is set when a release is built.
var version = "dev"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "sandbox" {
		os.Exit(sandbox.Main(os.Args[2:], os.Stdout, os.Stderr))
	}

	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "Terraform starts this program itself.\n\n"+
			"  %[1]s sandbox      run the embedded cloud (sandbox -h says more)\n"+
			"  %[1]s [flags]      serve as Terraform expects\n\n", os.Args[0])
		flag.PrintDefaults()
	}
	debug := flag.Bool("debug", false, "serve a debugger: print what Terraform needs to attach, and run until Ctrl-C")
	show := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *show {
		fmt.Println(version)
		return
	}

	if !*debug {
		hush()
	}
	runtimedebug.SetGCPercent(800) // it lives for seconds, and its memory is small: time is worth more
	err := providerserver.Serve(context.Background(), provider.New(version, provider.Kinds(), provider.Ephemerals(), provider.Actions()), providerserver.ServeOpts{
		Address: "registry.terraform.io/hwcloud/hwcloud",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// hush keeps the framework from formatting log lines that nobody asked for: Terraform would throw them away, and they cost
// more than all else that the provider does in a plan.
func hush() {
	if slices.ContainsFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TF_LOG") }) {
		return
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER"} {
		_ = os.Setenv(name, "OFF") // the names are good
	}
}
