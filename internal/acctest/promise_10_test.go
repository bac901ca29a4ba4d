package acctest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Promise 10: secrets are write-only attributes beside a sensitive attribute; no log line, at any level, holds a secret,
// at any depth of any body.

func TestPromise10SecretsStaySecret(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	secrets := map[string]string{ // TF_VAR_name
		"login":    "L0gin-p4ssw0rd",
		"written":  "Wr1tten-0nce",
		"changed":  "Ch4nged-0nce",
		"stored":   "St0red-in-st4te",
		"userdata": "#!/bin/sh\necho u5er-d4ta\n",
	}
	for id := range cloud.Objects("user") {
		cloud.Patch("user", id, map[string]any{"password": secrets["login"]})
	}
	const provider = `
variable "login" {
  type      = string
  ephemeral = true
}
variable "written" {
  type      = string
  ephemeral = true
}
variable "changed" {
  type      = string
  ephemeral = true
}
variable "stored" {
  type      = string
  sensitive = true
}
variable "userdata" {
  type      = string
  sensitive = true
}
provider "hwcloud" {
  region      = "cn-north-4"
  endpoint    = %q
  user_name   = "sandbox"
  password    = var.login
  domain_name = "sandbox"
  assume_role = [{ agency_name = "sandbox-agency", domain_name = "sandbox" }]
}
`
	const servers = `
resource "hwcloud_server" "written" {
  name                      = "written"
  flavor_id                 = "s6.small.1"
  image_id                  = %[1]q
  networks                  = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk               = { volume_type = "SSD" }
  admin_password_wo         = var.%[2]s
  admin_password_wo_version = %[3]d
}
resource "hwcloud_server" "stored" {
  name           = "stored"
  flavor_id      = "s6.small.1"
  image_id       = %[1]q
  networks       = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk    = { volume_type = "SSD" }
  admin_password = var.stored
}
resource "hwcloud_server" "userdata" {
  name        = "userdata"
  flavor_id   = "s6.small.1"
  image_id    = %[1]q
  networks    = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk = { volume_type = "SSD" }
  user_data   = var.userdata
}
`
	config := func(variable string, version int) string {
		return fmt.Sprintf(provider, cloud.URL) + network + fmt.Sprintf(servers, ubuntu, variable, version)
	}
	logs := filepath.Join(t.TempDir(), "trace.log")
	env := []string{"TF_LOG=TRACE", "TF_LOG_PATH=" + logs}
	for name, secret := range secrets {
		env = append(env, "TF_VAR_"+name+"="+secret)
	}
	cmd := Terraform(t, config("written", 1), env...)

	cmd.Run("plan", "-out=first")
	printed := cmd.Run("apply", "first")
	cmd.Write(config("changed", 2))
	cmd.Run("plan", "-out=second")
	// What the cloud says of a request may hold what was sent.
	cloud.Break(Fault{Path: "os-reset-password", Times: 1, Action: map[string]any{"status": 400, "body": map[string]any{
		"error": map[string]any{"code": "Ecs.0044", "message": "the password " + secrets["changed"] + " is too weak"},
	}}})
	failing, out := cmd.Start("apply", "second")
	if failing.Wait() == nil || !Says("Cannot change", "Ecs.0044").MatchString(out.String()) {
		t.Errorf("the refusal is not told:\n%s", out)
	}
	printed += out.String()
	printed += cmd.Run("apply", "-auto-approve")
	for server, want := range map[string]string{"written": secrets["changed"], "stored": secrets["stored"]} {
		if got := cloud.Objects("server")[cloud.ID("server", server)]["admin_pass"]; got != want {
			t.Errorf("the password of %s is %v", server, got)
		}
	}

	// What was sent and answered besides: tokens and temporary keys.
	for id := range cloud.Objects("token") {
		secrets["token "+id[:4]] = id
	}
	for id, key := range cloud.Objects("access_key") {
		if token, temporary := key["security_token"].(string); temporary {
			secrets["security token "+id[:4]], secrets["secret key "+id[:4]] = token, key["secret"].(string)
		}
	}
	if len(secrets) < 8 {
		t.Errorf("no token or temporary key was used: %v", slices.Collect(maps.Keys(secrets)))
	}
	text, err := os.ReadFile(logs)
	if err != nil || !bytes.Contains(text, []byte("os-reset-password")) || !bytes.Contains(text, []byte("***")) {
		t.Fatalf("the log does not have what is sent: %v", err)
	}
	for name, secret := range secrets {
		for _, form := range []string{secret, strings.TrimSpace(secret[strings.LastIndex(secret, "\n")+1:]), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if form == "" {
				continue
			}
			if at := bytes.Index(text, []byte(form)); at >= 0 {
				t.Errorf("the log shows %s: ...%s...", name, text[max(0, at-300):min(len(text), at+100)])
			}
			if strings.Contains(printed, form) {
				t.Errorf("Terraform prints %s:\n%s", name, printed)
			}
		}
	}

	// Write-only values are nowhere but in the cloud.
	state, err := os.ReadFile(filepath.Join(cmd.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"the state": string(state), "the first plan": unzip(t, filepath.Join(cmd.dir, "first")), "the second plan": unzip(t, filepath.Join(cmd.dir, "second"))}
	for file, content := range files {
		for _, name := range []string{"written", "changed", "login"} {
			if strings.Contains(content, secrets[name]) {
				t.Errorf("%s holds %s", file, name)
			}
		}
	}
	if !strings.Contains(files["the state"], secrets["stored"]) {
		t.Error("the state does not hold what it must: the test proves nothing")
	}
}

// What is opened for the moment is in no log, no plan and no state, and reaches the cloud all the same.
func TestPromise10EphemeralsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	text := cloud.encrypt("passwords", "D3crypted-p4ssw0rd")
	const servers = `
resource "hwcloud_kms_key" "test" {
  key_alias = "test"
}
ephemeral "hwcloud_kms_random" "test" {
  random_data_length = 80
}
ephemeral "hwcloud_kms_data_key" "test" {
  key_id         = hwcloud_kms_key.test.id
  datakey_length = 80
}
ephemeral "hwcloud_kms_decrypt" "test" {
  cipher_text = %q
}
locals {
  passwords = {
    random    = "Hw-${ephemeral.hwcloud_kms_random.test.random_data}"
    data_key  = "Hw-${ephemeral.hwcloud_kms_data_key.test.plain_text}"
    decrypted = ephemeral.hwcloud_kms_decrypt.test.plain_text
  }
}
resource "hwcloud_server" "test" {
  for_each                  = toset(["random", "data_key", "decrypted"])
  name                      = each.key
  flavor_id                 = "s6.small.1"
  image_id                  = %q
  networks                  = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk               = { volume_type = "SSD" }
  admin_password_wo         = local.passwords[each.key]
  admin_password_wo_version = %d
}
`
	config := func(version int) string {
		return cloud.Provider() + network + fmt.Sprintf(servers, text, ubuntu, version)
	}
	logs := filepath.Join(t.TempDir(), "trace.log")
	cmd := Terraform(t, config(1), "TF_LOG=TRACE", "TF_LOG_PATH="+logs)
	printed := cmd.Run("plan", "-out=first") + cmd.Run("apply", "first")
	set := cloud.passwords()
	cmd.Write(config(2))
	printed += cmd.Run("plan", "-out=second") + cmd.Run("apply", "second")
	for name, password := range cloud.passwords() {
		if before := set[name]; password == "" || (password == before) != (name == "decrypted") {
			t.Errorf("the password %s was %q and is %q", name, before, password)
		}
	}

	var secrets []string
	for _, call := range cloud.Calls("/(gen-random|create-datakey|decrypt-data)$") {
		var opened map[string]string
		if err := json.Unmarshal([]byte(call.Answer), &opened); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"random_data", "plain_text", "plain_text_base64"} {
			if secret := opened[name]; secret != "" {
				secrets = append(secrets, secret)
			}
		}
	}
	for name, password := range cloud.passwords() {
		if secret := strings.TrimPrefix(password, "Hw-"); !slices.Contains(secrets, secret) {
			t.Errorf("the password %s is not what was opened: %q among %q", name, password, secrets)
		}
	}
	log, err := os.ReadFile(logs)
	if err != nil || !bytes.Contains(log, []byte("gen-random")) || !bytes.Contains(log, []byte("***")) {
		t.Fatalf("the log does not have what is asked: %v", err)
	}
	state, err := os.ReadFile(filepath.Join(cmd.dir, "terraform.tfstate"))
	if err != nil || !bytes.Contains(state, []byte("admin_password_wo_version")) {
		t.Fatalf("the state does not have the servers: %v", err)
	}
	for place, content := range map[string]string{
		"the log": string(log), "what Terraform prints": printed, "the state": string(state),
		"the first plan": unzip(t, filepath.Join(cmd.dir, "first")), "the second plan": unzip(t, filepath.Join(cmd.dir, "second")),
	} {
		for _, secret := range secrets {
			if at := strings.Index(content, secret); at >= 0 {
				t.Errorf("%s shows what was opened: ...%s...", place, content[max(0, at-300):min(len(content), at+100)])
			}
		}
	}
}

// passwords are those of all servers, by name.
func (c *Cloud) passwords() map[string]string {
	all := map[string]string{}
	for _, server := range c.Objects("server") {
		all[server["name"].(string)], _ = server["admin_pass"].(string)
	}
	return all
}

// unzip is all that is in a plan file.
func unzip(t *testing.T, name string) string {
	t.Helper()
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil { //nolint:gosec // it is Terraform's own
			t.Fatal(err)
		}
		_ = content.Close()
	}
	return all.String()
}
