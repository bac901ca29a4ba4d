package auth

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sharedConfig is the file of the vendor's command line, as far as it concerns credentials.
type sharedConfig struct {
	Current  string    `json:"current"`
	Profiles []profile `json:"profiles"`
}

type profile struct {
	Name             string `json:"name"`
	Mode             string `json:"mode"` // AKSK, SSO, ecsAgency, agency, token
	AccessKeyID      string `json:"accessKeyId"`
	SecretAccessKey  string `json:"secretAccessKey"`
	SecurityToken    string `json:"securityToken"`
	Region           string `json:"region"`
	ProjectID        string `json:"projectId"`
	DomainID         string `json:"domainId"`
	AgencyDomainID   string `json:"agencyDomainId"`
	AgencyDomainName string `json:"agencyDomainName"`
	AgencyName       string `json:"agencyName"`
	SSOAuth          struct {
		STSToken struct {
			AccessKeyID     string `json:"accessKeyId"`
			SecretAccessKey string `json:"secretAccessKey"`
			SecurityToken   string `json:"securityToken"`
		} `json:"stsToken"`
	} `json:"ssoAuth"`
}

func (c Config) sharedConfigFile() string {
	if c.SharedConfigFile == "" {
		if _, err := os.UserHomeDir(); err != nil {
			return ""
		}
	}
	return atHome(cmp.Or(c.SharedConfigFile, filepath.Join("~", ".hcloud", "config.json")))
}

// atHome is a file whose name may begin with ~.
func atHome(file string) string {
	rest, isHome := strings.CutPrefix(filepath.ToSlash(file), "~/")
	if home, err := os.UserHomeDir(); isHome && err == nil {
		return filepath.Join(home, rest)
	}
	return file
}

// WithProfile is the configuration with the values of the profile where none are given, when it is the profile that the
// credentials come from. A file or profile that is named has to exist.
func (c Config) WithProfile() (Config, error) {
	if c.Token != "" || c.AccessKey != "" || c.SecretKey != "" || c.SecurityToken != "" || c.Password != "" || c.Metadata || c.OpenStack {
		return c, nil
	}
	asked := c.SharedConfigFile != "" || c.Profile != ""
	if !asked && (c.UserName != "" || c.UserID != "") {
		return c, nil // a user without a password: not the profile's to mend
	}
	file := c.sharedConfigFile()
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && !asked || file == "" {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("reading the shared configuration: %w", err)
	}
	var shared sharedConfig
	if err := json.Unmarshal(data, &shared); err != nil {
		return c, fmt.Errorf("the shared configuration %s is not what the vendor's command line writes: %w", file, err)
	}
	name := cmp.Or(c.Profile, shared.Current, "default")
	for _, p := range shared.Profiles {
		if p.Name == name {
			return c.with(p, file)
		}
	}
	return c, fmt.Errorf("the shared configuration %s has no profile %q", file, name)
}

func (c Config) with(p profile, file string) (Config, error) {
	switch strings.ToLower(p.Mode) {
	case "ecsagency":
		c.Metadata = true
	case "sso":
		sts := p.SSOAuth.STSToken
		c.AccessKey, c.SecretKey, c.SecurityToken = sts.AccessKeyID, sts.SecretAccessKey, sts.SecurityToken
	case "", "aksk", "agency":
		c.AccessKey, c.SecretKey, c.SecurityToken = p.AccessKeyID, p.SecretAccessKey, p.SecurityToken
	default:
		return c, fmt.Errorf("profile %q in %s has the mode %s, which cannot be used here; AKSK, SSO, ecsAgency and agency can", p.Name, file, p.Mode)
	}
	if !c.Metadata && (c.AccessKey == "" || c.SecretKey == "") {
		return c, fmt.Errorf("profile %q in %s has no access key and secret key", p.Name, file)
	}
	if p.AgencyName != "" && len(c.AssumeRole) == 0 {
		c.AssumeRole = []AssumeRole{{AgencyName: p.AgencyName, DomainName: p.AgencyDomainName, DomainID: p.AgencyDomainID}}
	}
	c.Region = cmp.Or(c.Region, p.Region)
	c.ProjectID = cmp.Or(c.ProjectID, p.ProjectID)
	c.DomainID = cmp.Or(c.DomainID, p.DomainID)
	return c, nil
}
