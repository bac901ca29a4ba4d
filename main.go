// The provider that Terraform starts, and the sandbox to try it on.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"

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

	err := providerserver.Serve(context.Background(), provider.New(version, provider.Kinds()), providerserver.ServeOpts{
		Address: "registry.terraform.io/hwcloud/hwcloud",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
