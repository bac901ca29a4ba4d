package acctest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// secretive has an object for every argument that is a secret, by its name; SECRET stands for the argument.
var secretive = map[string]string{
	"hwcloud_server.admin_password": `
resource "hwcloud_server" "secretive" {
  name        = "secretive"
  flavor_id   = "s6.small.1"
  image_id    = data.hwcloud_image.ubuntu.id
  networks    = [{ subnet_id = hwcloud_subnet.tier["store"].id }]
  system_disk = { volume_type = "SSD" }
  SECRET
}
`,
	"hwcloud_scaling_configuration.admin_password": `
resource "hwcloud_scaling_configuration" "secretive" {
  name       = "secretive"
  flavor_ids = ["s6.small.1"]
  image_id   = data.hwcloud_image.ubuntu.id
  disks      = [{ disk_type = "SYS", volume_type = "SSD", size = 40 }]
  SECRET
}
`,
	"hwcloud_subscription.client_secret": `
resource "hwcloud_subscription" "welink" {
  topic_urn = hwcloud_topic.ops.id
  protocol  = "welink"
  endpoint  = "group 7"
  client_id = "app"
  SECRET
}
`,
	"hwcloud_subscription.sign_secret": `
resource "hwcloud_subscription" "feishu" {
  topic_urn = hwcloud_topic.ops.id
  protocol  = "feishu"
  endpoint  = "https://open.feishu.cn/hook"
  SECRET
}
`,
	"hwcloud_subscription.app_secret": `
resource "hwcloud_subscription" "dingtalk" {
  topic_urn  = hwcloud_topic.ops.id
  protocol   = "dingTalkBot"
  endpoint   = "user7"
  app_key    = "key-1"
  robot_code = "key-1"
  SECRET
}
`,
}

// The example of three tiers, every argument that is a secret, and a key that the cloud makes, under TF_LOG=TRACE: no log
// and nothing that Terraform prints has any of them, and no plan and no state what is write-only.
func TestPromise10NothingShowsSecrets(t *testing.T) {
	t.Parallel()
	c := Start(t)
	config := c.example("three-tier") + `
resource "hwcloud_key_pair" "generated" {
  name = "generated"
}
`
	logs := filepath.Join(t.TempDir(), "trace.log")
	env := []string{"TF_LOG=TRACE", "TF_LOG_PATH=" + logs}
	secrets := map[string]string{}
	for _, kind := range provider.Public() {
		for _, name := range kind.Secrets {
			argument := kind.TypeName() + "." + name
			text, ok := secretive[argument]
			if !ok {
				t.Errorf("no object is secretive of %s", argument)
			}
			variable := fmt.Sprintf("secret_%d", len(secrets))
			secrets[argument] = fmt.Sprintf("Hw-S3cret-%02d", len(secrets))
			env = append(env, "TF_VAR_"+variable+"="+secrets[argument])
			config += fmt.Sprintf("variable %q {\n  type      = string\n  ephemeral = true\n}\n", variable)
			config += strings.Replace(text, "SECRET", fmt.Sprintf("%s_wo = var.%s\n  %s_wo_version = 1", name, variable, name), 1)
		}
	}
	cmd := Terraform(t, config, env...)
	printed := cmd.Run("plan", "-out=first") + cmd.Run("apply", "first") + cmd.Run("plan") + cmd.Run("show")
	if left := len(secretive) - len(secrets); left != 0 {
		t.Errorf("%d of the secretive are of no Kind", left)
	}
	sent := ""
	for _, call := range c.Calls(".") {
		sent += call.Body + call.Answer
	}
	written := files(t, cmd, "first")
	for argument, secret := range secrets {
		if !strings.Contains(sent, secret) {
			t.Errorf("%s has not reached the cloud: the test proves nothing", argument)
		}
		if strings.Contains(written, secret) {
			t.Errorf("the plan or the state holds %s", argument)
		}
	}
	_, key, found := strings.Cut(sent, "PRIVATE KEY-----\\n")
	if !found || len(key) < 200 {
		t.Fatal("the cloud has made no key")
	}
	secrets["the generated key"] = key[:60]
	log, err := os.ReadFile(logs)
	if err != nil || !bytes.Contains(log, []byte("autoscaling-api")) || !bytes.Contains(log, []byte("***")) {
		t.Fatalf("the log does not have what is sent: %v", err)
	}
	for name, secret := range secrets {
		if at := bytes.Index(log, []byte(secret)); at >= 0 {
			t.Errorf("the log shows %s: ...%s...", name, log[max(0, at-300):min(len(log), at+100)])
		}
		if strings.Contains(printed, secret) {
			t.Errorf("Terraform prints %s", name)
		}
	}
}

// files are a plan and the state.
func files(t *testing.T, cmd *Command, plan string) string {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(cmd.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	return unzip(t, filepath.Join(cmd.dir, plan)) + string(state)
}
