package sandbox

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // as the service has it
	"crypto/sha1" //nolint:gosec // as the service has it
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// obsClient calls the object storage, signing as its dialect has it.
type obsClient struct {
	*client
	scheme string // OBS, AWS or AWS4-HMAC-SHA256
}

func newOBSClient(t *testing.T, opts Options) *obsClient {
	c := &obsClient{newClient(t, opts), "OBS"}
	c.host = "obs.cn-north-4.example.com"
	return c
}

// call makes a signed request: "PUT /web?acl", with headers "Name: value".
func (c *obsClient) call(line, body string, headers ...string) *http.Request {
	method, target, _ := strings.Cut(line, " ")
	h := httptest.NewRequest(method, target, strings.NewReader(body))
	h.Host = c.host
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		h.Header.Set(name, value)
	}
	if body != "" && h.Header.Get("Content-Md5") == "" {
		sum := md5.Sum([]byte(body)) //nolint:gosec // see above
		h.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	path, query, _ := strings.Cut(target, "?")
	if bucket, _, hosted := strings.Cut(c.host, ".obs."); hosted {
		path = "/" + bucket + path
	}
	now := time.Now().UTC()
	if c.scheme == algorithmV4 {
		h.Header.Set("X-Amz-Date", now.Format(dateFormat))
		h.Header.Set("X-Amz-Content-Sha256", sha256Hex([]byte(body)))
		scope := now.Format("20060102") + "/cn-north-4/s3/aws4_request"
		canonical := strings.Join([]string{
			method, h.URL.EscapedPath(), canonicalQuery(query),
			"host:" + h.Host, "x-amz-content-sha256:" + sha256Hex([]byte(body)), "x-amz-date:" + now.Format(dateFormat), "",
			"host;x-amz-content-sha256;x-amz-date", sha256Hex([]byte(body)),
		}, "\n")
		key := []byte("AWS4" + c.key.Secret)
		for part := range strings.SplitSeq(scope, "/") {
			key = hmacSHA256(key, part)
		}
		signature := hex.EncodeToString(hmacSHA256(key, strings.Join([]string{algorithmV4, now.Format(dateFormat), scope, sha256Hex([]byte(canonical))}, "\n")))
		h.Header.Set("Authorization", algorithmV4+" Credential="+c.key.ID+"/"+scope+", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="+signature)
		return h
	}
	h.Header.Set("Date", now.Format(http.TimeFormat))
	text := method + "\n" + h.Header.Get("Content-Md5") + "\n" + h.Header.Get("Content-Type") + "\n" + h.Header.Get("Date") + "\n"
	for _, header := range headers { // in the order of their names, and in lower case
		if strings.HasPrefix(header, "x-obs-") || strings.HasPrefix(header, "x-amz-") {
			text += strings.Replace(header, ": ", ":", 1) + "\n"
		}
	}
	text += path
	separator := "?"
	for word := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(word, "=")
		switch name {
		case "", "prefix", "marker", "delimiter", "max-keys", "key-marker", "version-id-marker", "encoding-type":
		default:
			text += separator + word
			separator = "&"
		}
	}
	mac := hmac.New(sha1.New, []byte(c.key.Secret))
	mac.Write([]byte(text))
	h.Header.Set("Authorization", c.scheme+" "+c.key.ID+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return h
}

// ok makes a call that succeeds.
func (c *obsClient) ok(line, body string, headers ...string) answer {
	c.t.Helper()
	a := c.send(c.call(line, body, headers...))
	if a.status >= 300 {
		c.t.Fatalf("%s %s: %d %s", line, body, a.status, a.text)
	}
	return a
}

// refuses makes a call that is refused, with a status and a code.
func (c *obsClient) refuses(want, line, body string, headers ...string) {
	c.t.Helper()
	a := c.send(c.call(line, body, headers...))
	_, rest, _ := strings.Cut(a.text, "<Code>")
	code, _, _ := strings.Cut(rest, "</Code>")
	if code == "" {
		code = a.header.Get("X-Obs-Error-Code")
	}
	if got := fmt.Sprint(a.status, " ", code); got != want {
		c.t.Errorf("%s %s: %s instead of %s", line, body, got, want)
	}
}

// says makes a call whose answer has all the texts.
func (c *obsClient) says(line string, texts ...string) {
	c.t.Helper()
	a := c.ok(line, "")
	for _, text := range texts {
		if absent, isAbsent := strings.CutPrefix(text, "!"); isAbsent == strings.Contains(a.text, absent) {
			c.t.Errorf("%s: %q is not so in %s", line, text, a.text)
		}
	}
}

func TestOBSSignatures(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"OBS", "AWS", algorithmV4} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			c := newOBSClient(t, Options{})
			c.scheme = scheme
			c.ok("PUT /web", "")
			c.ok("PUT /web/a/b%20c", "hello")
			c.host = "web.obs.cn-north-4.example.com"
			c.says("GET /a/b%20c", "hello")
			c.says("GET /?acl", "FULL_CONTROL")
			c.host = "127.0.0.1:8750" // the bucket comes first where the signature tells the service
			c.says("GET /web?prefix=a", "<Key>a/b c</Key>")
			if scheme != algorithmV4 { // there, nothing but the host comes before the path
				h := c.call("GET /web?prefix=a", "")
				h.URL.Path = "/obs/web"
				if a := c.send(h); a.status != 200 {
					t.Errorf("below the service's name: %d %s", a.status, a.text)
				}
			}
			for name, spoil := range map[string]func(*http.Request){
				"another path":   func(h *http.Request) { h.URL.Path = "/web/other" },
				"another word":   func(h *http.Request) { h.URL.RawQuery = "acl" },
				"another method": func(h *http.Request) { h.Method = "DELETE" },
			} {
				h := c.call("GET /web", "")
				spoil(h)
				if a := c.send(h); a.status != 403 || !strings.Contains(a.text, "SignatureDoesNotMatch") {
					t.Errorf("%s: %d %s", name, a.status, a.text)
				}
			}
			c.key.ID = "nobody"
			c.refuses("403 InvalidAccessKeyId", "GET /web", "")
		})
	}
	c := newOBSClient(t, Options{})
	h := c.call("GET /", "")
	h.Header.Del("Authorization")
	if a := c.send(h); a.status != 403 || !strings.Contains(a.text, "<Code>AccessDenied</Code>") {
		t.Errorf("%d %s", a.status, a.text)
	}
	h = c.call("GET /", "")
	h.Header.Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
	if a := c.send(h); !strings.Contains(a.text, "RequestTimeTooSkewed") {
		t.Errorf("%d %s", a.status, a.text)
	}
	c.refuses("400 BadDigest", "PUT /web", "x", "Content-MD5: XUFAKrxLKna5cZ2REBfFkg==")
	c.refuses("400 InvalidDigest", "PUT /web", "x", "Content-MD5: abc")
	c.scheme = algorithmV4
	h = c.call("PUT /web", "")
	h.Header.Set("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
	if a := c.send(h); a.status != 501 {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func TestOBSBuckets(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{})
	c.ok("PUT /web", "<CreateBucketConfiguration><Location>cn-north-4</Location></CreateBucketConfiguration>",
		"x-obs-az-redundancy: 3az", "x-obs-epid: e1", "x-obs-storage-class: WARM")
	head := c.ok("HEAD /web", "").header
	for name, want := range map[string]string{
		"X-Obs-Storage-Class": "WARM", "X-Obs-Az-Redundancy": "3az", "X-Obs-Epid": "e1", "X-Obs-Bucket-Location": "cn-north-4", "X-Obs-Version": "3.0",
	} {
		if got := head.Get(name); got != want {
			t.Errorf("%s is %q instead of %q", name, got, want)
		}
	}
	c.ok("PUT /web", "") // one's own, again
	if c.ok("HEAD /web", "").header.Get("X-Obs-Storage-Class") != "WARM" {
		t.Error("it was made anew")
	}
	for _, name := range []string{"ab", "Web", "-web", "web-", "a..b", "a.-b", "10.1.2.3", strings.Repeat("a", 64)} {
		c.refuses("400 InvalidBucketName", "PUT /"+name, "")
	}
	c.refuses("400 InvalidStorageClass", "PUT /web2", "", "x-obs-storage-class: HOT")
	c.refuses("400 InvalidArgument", "PUT /web2", "", "x-obs-az-redundancy: 2az")
	c.refuses("400 InvalidArgument", "PUT /web2", "", "x-obs-acl: mine")
	c.refuses("400 InvalidLocationConstraint", "PUT /web2", "<CreateBucketConfiguration><Location>mars-1</Location></CreateBucketConfiguration>")
	c.refuses("400 MalformedXML", "PUT /web2", "<CreateBucketConfiguration>")
	c.refuses("400 MalformedXML", "PUT /web2", "<Other></Other>")
	c.refuses("404 NoSuchBucket", "HEAD /none", "")
	c.refuses("404 NoSuchBucket", "GET /none?lifecycle", "")
	c.refuses("405 MethodNotAllowed", "POST /web", "")
	c.refuses("405 MethodNotAllowed", "DELETE /web?acl", "")
	c.refuses("405 MethodNotAllowed", "DELETE /", "")
	c.says("GET /", "<Name>web</Name>", "<Location>cn-north-4</Location>", "<IsTruncated>false</IsTruncated>")
	c.says("GET /web?location", ">cn-north-4</Location>")

	c.host = "obs.cn-east-3.example.com"
	c.refuses("307 TemporaryRedirect", "GET /web?acl", "")
	c.refuses("409 BucketAlreadyOwnedByYou", "PUT /web", "")
	c.ok("PUT /east", "")
	c.says("GET /?max-keys=1", "<Name>east</Name>", "<Location>cn-east-3</Location>", "<NextMarker>east</NextMarker>", "!<Name>web</Name>")
	c.says("GET /?marker=east", "<Name>web</Name>", "!<Name>east</Name>")

	c.host = "obs.cn-north-4.example.com"
	c.cloud.iam.users.add("", &user{meta: meta{ID: "u2"}, Name: "u2", DomainID: domainPartner})
	c.cloud.iam.keys.add("", &accessKey{meta: meta{ID: "partner"}, Secret: "partner", Grant: grant{UserID: "u2", DomainID: domainPartner, Every: true}})
	c.key = accessKey{meta: meta{ID: "partner"}, Secret: "partner"}
	c.refuses("409 BucketAlreadyExists", "PUT /web", "")
	c.refuses("403 AccessDenied", "HEAD /web", "")
	c.says("GET /", "!<Name>web</Name>")
	c.key = accessKey{meta: meta{ID: "sandbox"}, Secret: "sandbox"}

	c.control(200, "PUT", "config", `{"quotas":{"bucket":2}}`)
	c.refuses("400 TooManyBuckets", "PUT /third", "")
	c.control(200, "PUT", "config", `{"requests_per_second":1}`)
	c.ok("HEAD /web", "")
	c.refuses("503 SlowDown", "GET /web?acl", "")
}

// Each part of a bucket's configuration is absent in its own way, is refused when it is wrong, and is answered as it was set.
func TestOBSConfiguration(t *testing.T) {
	t.Parallel()
	const rule = "<LifecycleConfiguration><Rule><ID>a</ID>%s<Status>Enabled</Status>%s</Rule></LifecycleConfiguration>"
	const days = "<Expiration><Days>9</Days></Expiration>"
	rules := func(parts ...any) string { return fmt.Sprintf(rule, parts...) }
	for word, test := range map[string]struct {
		absent  string // a code, or the text that is answered
		set     string
		says    string
		after   string // what deleting leads to; "" if it cannot be deleted
		refused map[string]string
	}{
		"versioning": {
			"</VersioningConfiguration>", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>", "<Status>Enabled</Status>", "",
			map[string]string{"<VersioningConfiguration><Status>On</Status></VersioningConfiguration>": "400 MalformedXML"},
		},
		"quota": {
			"<StorageQuota>0</StorageQuota>", "<Quota><StorageQuota>5</StorageQuota></Quota>", "<StorageQuota>5</StorageQuota>", "",
			map[string]string{"<Quota><StorageQuota>-1</StorageQuota></Quota>": "400 InvalidArgument", "<Quota><StorageQuota>x</StorageQuota></Quota>": "400 MalformedXML"},
		},
		"storageClass": {
			">STANDARD</StorageClass>", "<StorageClass>COLD</StorageClass>", ">COLD</StorageClass>", "",
			map[string]string{"<StorageClass>HOT</StorageClass>": "400 InvalidStorageClass", "<Class>COLD</Class>": "400 MalformedXML"},
		},
		"encryption": {
			"404 NoSuchEncryptionConfiguration", encryption("kms", "<KMSMasterKeyID>k</KMSMasterKeyID>"), "<KMSMasterKeyID>k</KMSMasterKeyID><ProjectID>" + north + "</ProjectID>", "404 NoSuchEncryptionConfiguration",
			map[string]string{encryption("rot13", ""): "400 InvalidArgument", encryption("AES256", "<KMSMasterKeyID>k</KMSMasterKeyID>"): "400 InvalidArgument", encryption("kms", "<ProjectID>p</ProjectID>"): "400 InvalidArgument"},
		},
		"tagging": {
			"404 NoSuchTagSet", tagging("a", "b"), "<Key>a</Key><Value>b</Value>", "404 NoSuchTagSet",
			map[string]string{"<Tagging><TagSet></TagSet></Tagging>": "400 MalformedXML", tagging("", "b"): "400 InvalidTag", tagging("a", strings.Repeat("x", 256)): "400 InvalidTag"},
		},
		"policy": {
			"404 NoSuchBucketPolicy", `{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Action":"GetObject","Resource":"web/*"}]}`,
			`"Action":["GetObject"],"Resource":["web/*"]`, "404 NoSuchBucketPolicy",
			map[string]string{
				`{"Statement":[]}`: "400 MalformedPolicy", `{`: "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Action":"GetObject","Resource":"other/*"}]}`:                     "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Maybe","Principal":{"ID":"*"},"Action":"GetObject","Resource":"web/*"}]}`:                       "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Resource":"web/*"}]}`:                                            "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Action":"a","NotAction":"b","Resource":"web/*"}]}`:               "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Action":"ListBucket","Resource":"web/*"}]}`:                      "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Action":["*","PutObject"],"Resource":"web"}]}`:                   "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":"x","Action":"GetObject","Resource":"web/*"}]}`:                              "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Actions":"PutObject","Action":"GetObject","Resource":"web/*"}]}`: "400 MalformedPolicy",
				`{"Statement":[{"Effect":"Allow","Sid":"` + strings.Repeat("x", 20<<10) + `","Action":"a","Resource":"web/*"}]}`:          "400 MalformedPolicy",
			},
		},
		"acl": {
			"<ID>" + domainSandbox + "</ID></Grantee><Permission>FULL_CONTROL</Permission>", acl(domainSandbox, "READ"), "<ID>x</ID></Grantee><Permission>READ</Permission>", "",
			map[string]string{
				acl("x", "READ"): "403 AccessDenied", acl(domainSandbox, "FLY"): "400 MalformedACLError", "<AccessControlPolicy>": "400 MalformedACLError",
				acl(domainSandbox, "READ</Permission></Grant><Grant><Grantee></Grantee><Permission>READ"):                                   "400 MalformedACLError",
				acl(domainSandbox, "READ</Permission></Grant><Grant><Grantee><Canned>All</Canned></Grantee><Permission>READ"):               "400 MalformedACLError",
				acl(domainSandbox, strings.Repeat("READ</Permission></Grant><Grant><Grantee><ID>x</ID></Grantee><Permission>", 100)+"READ"): "400 MalformedACLError",
			},
		},
		"lifecycle": {
			"404 NoSuchLifecycleConfiguration", rules("<Prefix>logs/</Prefix>", days), "<Prefix>logs/</Prefix><Status>Enabled</Status>" + days, "404 NoSuchLifecycleConfiguration",
			map[string]string{
				rules("<Prefix></Prefix>", ""): "400 InvalidArgument",
				rules("", days):                "400 MalformedXML",
				rules("<Prefix></Prefix>", days+"<Transition><Days>9</Days><StorageClass>WARM</StorageClass></Transition>"):                                                  "400 InvalidArgument",
				rules("<Prefix></Prefix>", "<Transition><Days>9</Days><StorageClass>STANDARD</StorageClass></Transition>"):                                                   "400 InvalidArgument",
				rules("<Prefix></Prefix>", "<Transition><StorageClass>WARM</StorageClass></Transition>"):                                                                     "400 MalformedXML",
				rules("<Prefix></Prefix>", "<Expiration><Date>2026-01-02T03:00:00Z</Date></Expiration>"):                                                                     "400 MalformedXML",
				rules("<Prefix></Prefix>", "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>"):                                  "400 InvalidArgument",
				rules("<Prefix></Prefix>", "<NoncurrentVersionTransition><NoncurrentDays>0</NoncurrentDays><StorageClass>COLD</StorageClass></NoncurrentVersionTransition>"): "400 InvalidArgument",
				rules("<Prefix></Prefix>", "<NoncurrentVersionTransition><NoncurrentDays>9</NoncurrentDays><StorageClass>COLD</StorageClass></NoncurrentVersionTransition>"+
					"<NoncurrentVersionExpiration><NoncurrentDays>9</NoncurrentDays></NoncurrentVersionExpiration>"): "400 InvalidArgument",
				rules("<Prefix></Prefix><Filter></Filter>", days):                                            "400 MalformedXML",
				rules("<Filter><Prefix>a</Prefix><Tag><Key>k</Key></Tag></Filter>", days):                    "400 MalformedXML",
				rules("<Filter><And></And></Filter>", days):                                                  "400 MalformedXML",
				rules("<Filter><And>"+strings.Repeat("<Tag><Key>k</Key></Tag>", 11)+"</And></Filter>", days): "400 MalformedXML",
				rules("<Filter><And><Tag><Key>k</Key></Tag><Tag><Key>k</Key></Tag></And></Filter>", days):    "400 InvalidTag",
				rules("<Filter><Tag><Key>a=b</Key></Tag></Filter>", days):                                    "400 InvalidTag",
				rules("<Filter><Tag><Key>k</Key></Tag></Filter>", days+"<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>"): "400 InvalidArgument",
				rules("<Filter><Prefix>a</Prefix></Filter>", days+"</Rule><Rule><ID>b</ID><Prefix>a/b</Prefix><Status>Enabled</Status>"+days):                                           "400 InvalidRequest",
				rules("<Prefix></Prefix>", "<AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload>"):                             "400 InvalidArgument",
				rules("<Prefix></Prefix>", days+"</Rule><Rule><ID>a</ID><Prefix>b</Prefix><Status>Enabled</Status>"+days):                                                               "400 InvalidArgument",
				rules("<Prefix>a</Prefix>", days+"</Rule><Rule><ID>b</ID><Prefix>a/b</Prefix><Status>Enabled</Status>"+days):                                                            "400 InvalidRequest",
			},
		},
		"cors": {
			"404 NoSuchCORSConfiguration", cors("GET", "https://*.a.com", "60"), "<MaxAgeSeconds>60</MaxAgeSeconds>", "404 NoSuchCORSConfiguration",
			map[string]string{cors("FLY", "*", "1"): "400 InvalidRequest", cors("GET", "*.*", "1"): "400 InvalidRequest", cors("GET", "*", "-1"): "400 MalformedXML", "<CORSConfiguration></CORSConfiguration>": "400 MalformedXML",
				cors("GET", strings.Repeat("x", 20481), "1"): "400 InvalidRequest", cors("GET", strings.Repeat("x", 64<<10), "1"): "400 EntityTooLarge",
				headers("AllowedHeader", "x-a: b"): "400 InvalidRequest", headers("AllowedHeader", "x-&amp;"): "400 InvalidRequest", headers("AllowedHeader", "x-*-*"): "400 InvalidRequest",
				headers("ExposeHeader", "x-*"): "400 InvalidRequest", headers("ExposeHeader", "x-ｅ"): "400 InvalidRequest",
			},
		},
		"website": {
			"404 NoSuchWebsiteConfiguration", "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>", "<Suffix>index.html</Suffix>", "404 NoSuchWebsiteConfiguration",
			map[string]string{
				"<WebsiteConfiguration></WebsiteConfiguration>":                                                                                              "400 InvalidArgument",
				"<WebsiteConfiguration>" + strings.Repeat(" ", 10<<10) + "</WebsiteConfiguration>":                                                           "400 EntityTooLarge",
				"<WebsiteConfiguration><IndexDocument><Suffix>a/b</Suffix></IndexDocument></WebsiteConfiguration>":                                           "400 InvalidArgument",
				"<WebsiteConfiguration><RedirectAllRequestsTo></RedirectAllRequestsTo></WebsiteConfiguration>":                                               "400 MalformedXML",
				"<WebsiteConfiguration><RedirectAllRequestsTo><HostName>h</HostName><Protocol>ftp</Protocol></RedirectAllRequestsTo></WebsiteConfiguration>": "400 MalformedXML",
			},
		},
		"logging": {
			"</BucketLoggingStatus>", logging("<Agency>a</Agency>", "logs"), "<TargetBucket>logs</TargetBucket><TargetPrefix>p/</TargetPrefix>", "",
			map[string]string{logging("", "logs"): "400 InvalidArgument", logging("<Agency>a</Agency>", "none"): "400 InvalidTargetBucketForLogging", logging("<Agency>a</Agency>", "warm"): "400 InvalidTargetBucketForLogging",
				logging("<Agency>a</Agency>", "logs</TargetBucket><TargetGrants><Grant><Grantee><ID>x</ID></Grantee><Permission>READ_ACP</Permission></Grant></TargetGrants><TargetBucket>logs"): "400 MalformedLoggingStatus",
				"<Logging></Logging>": "400 MalformedLoggingStatus",
			},
		},
		"notification": {
			"</NotificationConfiguration>", notification("urn:smn:cn-north-4:"+north+":alarms", "ObjectCreated:*", "prefix"), "<Event>ObjectCreated:*</Event>", "",
			map[string]string{
				notification("urn:none", "ObjectCreated:*", "prefix"):                                    "400 InvalidArgument",
				notification("urn:smn:cn-north-4:"+north+":alarms", "s3:ObjectCreated:*", "prefix"):      "400 InvalidArgument",
				notification("urn:smn:cn-north-4:"+north+":alarms", "ObjectCreated:*", "infix"):          "400 InvalidArgument",
				notification("urn:smn:cn-east-3:"+north+":alarms", "ObjectCreated:*", "prefix"):          "400 InvalidArgument", // another region
				strings.Repeat(" ", 100<<10) + "<NotificationConfiguration></NotificationConfiguration>": "400 EntityTooLarge",
			},
		},
		"requestPayment": {
			"<Payer>BucketOwner</Payer>", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>", "<Payer>Requester</Payer>", "",
			map[string]string{"<RequestPaymentConfiguration><Payer>Me</Payer></RequestPaymentConfiguration>": "400 MalformedXML"},
		},
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			c := newOBSClient(t, Options{})
			c.cloud.smn.topics.add(north, &topic{meta: meta{ID: "urn:smn:cn-north-4:" + north + ":alarms"}, Name: "alarms"})
			c.cloud.smn.topics.add(north, &topic{meta: meta{ID: "urn:smn:cn-east-3:" + north + ":alarms"}, Name: "alarms"})
			for _, name := range []string{"web", "logs"} {
				c.ok("PUT /"+name, "")
			}
			c.ok("PUT /warm", "", "x-obs-storage-class: WARM")
			expect := func(want string) {
				t.Helper()
				if strings.HasPrefix(want, "404") {
					c.refuses(want, "GET /web?"+word, "")
				} else {
					c.says("GET /web?"+word, want)
				}
			}
			expect(test.absent)
			for body, want := range test.refused {
				c.refuses(want, "PUT /web?"+word, body)
			}
			expect(test.absent)
			c.ok("PUT /web?"+word, test.set)
			expect(test.says)
			if test.after != "" {
				c.ok("DELETE /web?"+word, "")
				expect(test.after)
				c.ok("DELETE /web?"+word, "")
			}
		})
	}
}

func encryption(algorithm, more string) string {
	return "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>" + algorithm + "</SSEAlgorithm>" + more +
		"</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
}

func tagging(key, value string) string {
	return "<Tagging><TagSet><Tag><Key>" + key + "</Key><Value>" + value + "</Value></Tag></TagSet></Tagging>"
}

func acl(owner, permission string) string {
	return "<AccessControlPolicy><Owner><ID>" + owner + "</ID></Owner><AccessControlList><Grant><Grantee><ID>x</ID></Grantee><Permission>" +
		permission + "</Permission></Grant></AccessControlList></AccessControlPolicy>"
}

func cors(method, origin, age string) string {
	return "<CORSConfiguration><CORSRule><AllowedMethod>" + method + "</AllowedMethod><AllowedOrigin>" + origin + "</AllowedOrigin><MaxAgeSeconds>" +
		age + "</MaxAgeSeconds></CORSRule></CORSConfiguration>"
}

func headers(element, name string) string {
	return "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin><" + element + ">" + name + "</" + element + "></CORSRule></CORSConfiguration>"
}

func logging(agency, target string) string {
	return "<BucketLoggingStatus>" + agency + "<LoggingEnabled><TargetBucket>" + target + "</TargetBucket><TargetPrefix>p/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"
}

func notification(topic, event, filter string) string {
	return "<NotificationConfiguration><TopicConfiguration><Id>a</Id><Topic>" + topic + "</Topic><Event>" + event + "</Event><Filter><Object><FilterRule><Name>" +
		filter + "</Name><Value>v</Value></FilterRule></Object></Filter></TopicConfiguration></NotificationConfiguration>"
}

// Somebody with all permissions has full control, and an empty document ends what was.
func TestOBSDocuments(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{})
	c.ok("PUT /web", "", "x-obs-acl: public-read")
	c.says("GET /web?acl", "<Canned>Everyone</Canned></Grantee><Permission>READ</Permission><Delivered>false</Delivered>")
	grants := ""
	for _, permission := range []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP"} {
		grants += "<Grant><Grantee><ID>x</ID></Grantee><Permission>" + permission + "</Permission></Grant>"
	}
	c.ok("PUT /web?acl", "<AccessControlPolicy><Owner><ID>"+domainSandbox+"</ID></Owner><AccessControlList>"+grants+"</AccessControlList></AccessControlPolicy>")
	c.says("GET /web?acl", "<ID>x</ID></Grantee><Permission>FULL_CONTROL</Permission>", "!READ")
	c.ok("PUT /web?acl", "", "x-obs-acl: private")
	c.says("GET /web?acl", "!<ID>x</ID>")
	c.ok("PUT /web?logging", logging("<Agency>a</Agency>", "web"))
	c.ok("PUT /web?logging", "<BucketLoggingStatus></BucketLoggingStatus>")
	c.says("GET /web?logging", "!LoggingEnabled")
	c.ok("PUT /web?lifecycle", "<LifecycleConfiguration><Rule><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status>"+
		"<Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>")
	c.says("GET /web?lifecycle", "<Tag><Key>k</Key><Value>v</Value></Tag>", "!<ID></ID>")
	c.refuses("400 InvalidRequest", "PUT /web?cors", "") // without Content-MD5
	c.refuses("400 InvalidRequest", "POST /web?delete", "")
	c.scheme = "AWS"
	c.refuses("501 NotImplemented", "PUT /web?acl", acl(domainSandbox, "READ"))
}

func TestOBSObjects(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{})
	c.ok("PUT /web", "")
	put := c.ok("PUT /web/a/b.txt", "hello world", "Content-Type: text/plain", "x-obs-meta-owner: me", "x-obs-storage-class: WARM")
	if put.header.Get("Etag") != `"5eb63bbbe01eeed093cb22bb8f5acdc3"` {
		t.Errorf("the ETag is %s", put.header.Get("Etag"))
	}
	head := c.ok("HEAD /web/a/b.txt", "").header
	for name, want := range map[string]string{
		"Content-Length": "11", "Content-Type": "text/plain", "X-Obs-Meta-Owner": "me", "X-Obs-Storage-Class": "WARM", "Etag": `"5eb63bbbe01eeed093cb22bb8f5acdc3"`,
	} {
		if got := head.Get(name); got != want {
			t.Errorf("%s is %q instead of %q", name, got, want)
		}
	}
	for span, want := range map[string]string{"bytes=0-4": "hello", "bytes=6-": "world", "bytes=-3": "rld", "bytes=6-99": "world", "lines=1": "hello world"} {
		if got := c.ok("GET /web/a/b.txt", "", "Range: "+span).text; got != want {
			t.Errorf("%s is %q", span, got)
		}
	}
	c.refuses("416 InvalidRange", "GET /web/a/b.txt", "", "Range: bytes=50-")
	c.refuses("404 NoSuchKey", "GET /web/none", "")
	c.refuses("404 NoSuchKey", "HEAD /web/none", "")
	c.refuses("400 KeyTooLongError", "PUT /web/"+strings.Repeat("a", 1025), "x")
	c.refuses("400 MetadataTooLarge", "PUT /web/m", "x", "x-obs-meta-a: "+strings.Repeat("a", 2048))
	c.refuses("400 InvalidStorageClass", "PUT /web/m", "x", "x-obs-storage-class: HOT")
	c.refuses("400 InvalidArgument", "PUT /web/m", "x", "x-obs-server-side-encryption: rot13")

	c.ok("PUT /web/copy", "", "x-obs-copy-source: /web/a%2Fb.txt")
	if c.ok("HEAD /web/copy", "").header.Get("X-Obs-Meta-Owner") != "me" {
		t.Error("the copy has lost its metadata")
	}
	c.ok("PUT /web/copy2", "", "x-obs-copy-source: /web/copy", "x-obs-metadata-directive: REPLACE")
	if c.ok("HEAD /web/copy2", "").header.Get("X-Obs-Meta-Owner") != "" {
		t.Error("the copy has kept its metadata")
	}
	c.refuses("400 InvalidRequest", "PUT /web/copy", "", "x-obs-copy-source: /web/copy")
	c.refuses("404 NoSuchKey", "PUT /web/copy", "", "x-obs-copy-source: /web/none")
	c.ok("PUT /web/cold", "x", "x-obs-storage-class: COLD")
	c.refuses("403 InvalidObjectState", "GET /web/cold", "")
	c.refuses("403 InvalidObjectState", "PUT /web/warm", "", "x-obs-copy-source: /web/cold")

	sealed := c.ok("PUT /web/sealed", "x", "x-obs-server-side-encryption: kms", "x-obs-server-side-encryption-kms-key-id: k").header
	if sealed.Get("X-Obs-Server-Side-Encryption-Kms-Key-Id") != "k" || sealed.Get("Etag") == etag([]byte("x")) {
		t.Errorf("sealed with %v", sealed)
	}
	c.refuses("409 BucketNotEmpty", "DELETE /web", "")
	c.ok("PUT /web?quota", "<Quota><StorageQuota>100</StorageQuota></Quota>")
	c.refuses("403 InsufficientStorageSpace", "PUT /web/big", strings.Repeat("x", 100))
	c.says("GET /web?storageinfo", "<ObjectNumber>5</ObjectNumber>")
	c.ok("DELETE /web/none", "")
	c.ok("POST /web?delete", "<Delete><Object><Key>a/b.txt</Key></Object><Object><Key>copy</Key></Object><Object><Key>none</Key></Object></Delete>")
	c.ok("POST /web?delete", "<Delete><Quiet>true</Quiet><Object><Key>copy2</Key></Object><Object><Key>cold</Key></Object><Object><Key>sealed</Key></Object></Delete>")
	c.refuses("400 MalformedXML", "POST /web?delete", "<Delete></Delete>")
	c.ok("DELETE /web", "")
	c.refuses("404 NoSuchBucket", "HEAD /web", "")
}

func TestOBSVersions(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{Seed: 1})
	c.ok("PUT /web", "")
	c.ok("PUT /web/a", "zero")
	c.ok("PUT /web?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	first := c.ok("PUT /web/a", "one").header.Get("X-Obs-Version-Id")
	second := c.ok("PUT /web/a", "two").header.Get("X-Obs-Version-Id")
	if first == "" || first == second {
		t.Fatalf("the versions are %q and %q", first, second)
	}
	c.says("GET /web/a", "two")
	c.says("GET /web/a?versionId="+first, "one")
	c.says("GET /web/a?versionId=null", "zero")
	marker := c.ok("DELETE /web/a", "").header
	if marker.Get("X-Obs-Delete-Marker") != "true" {
		t.Errorf("the deletion answers %v", marker)
	}
	c.refuses("404 NoSuchKey", "GET /web/a", "")
	c.refuses("405 MethodNotAllowed", "GET /web/a?versionId="+marker.Get("X-Obs-Version-Id"), "")
	c.says("GET /web", "!<Key>")
	c.says("GET /web?versions", "<DeleteMarker><Key>a</Key>", "<VersionId>"+first+"</VersionId><IsLatest>false</IsLatest>", "<VersionId>null</VersionId>")
	c.says("GET /web?max-keys=2&versions", "<NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>"+second+"</NextVersionIdMarker>", "!"+first)
	c.says("GET /web?key-marker=a&version-id-marker="+second+"&versions", first, "!"+second+"</VersionId><IsLatest>")
	c.says("GET /web?key-marker=a&versions", "!<Version>")
	c.ok("DELETE /web/a?versionId="+marker.Get("X-Obs-Version-Id"), "")
	c.says("GET /web/a", "two")
	c.ok("PUT /web?versioning", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>")
	c.ok("DELETE /web/a", "") // a marker takes the place of the null version
	c.refuses("405 MethodNotAllowed", "GET /web/a?versionId=null", "")
	c.refuses("409 BucketNotEmpty", "DELETE /web", "")
	c.ok("POST /web?delete", "<Delete><Object><Key>a</Key><VersionId>"+first+"</VersionId></Object><Object><Key>a</Key><VersionId>"+second+"</VersionId></Object><Object><Key>a</Key><VersionId>null</VersionId></Object></Delete>")
	c.ok("DELETE /web", "")
}

func TestOBSListing(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{})
	c.ok("PUT /web", "")
	for _, key := range []string{"a", "d/1", "d/2", "d/e/3", "f", "z%20%2B"} {
		c.ok("PUT /web/"+key, "x")
	}
	c.says("GET /web?delimiter=/", "<Key>a</Key>", "<Key>f</Key>", "<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>", "!d/1")
	c.says("GET /web?delimiter=/&prefix=d/", "<Key>d/1</Key>", "<Prefix>d/e/</Prefix>", "!<Key>f")
	c.says("GET /web?max-keys=2", "<IsTruncated>true</IsTruncated>", "<NextMarker>d/1</NextMarker>", "!d/2")
	c.says("GET /web?marker=d/1&max-keys=2", "<Key>d/2</Key>", "<Key>d/e/3</Key>", "!<Key>f")
	c.says("GET /web?delimiter=/&max-keys=2", "<NextMarker>d/</NextMarker>", "!<Key>f</Key>")
	c.says("GET /web?delimiter=/&marker=d/", "<Key>f</Key>", "!<CommonPrefixes>")
	c.says("GET /web?max-keys=6", "<IsTruncated>false</IsTruncated>")
	c.says("GET /web?encoding-type=url&prefix=z", "<Key>z%20%2B</Key>")
	c.refuses("400 InvalidArgument", "GET /web?max-keys=x", "")
}

func TestOBSUploads(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{})
	c.ok("PUT /web", "")
	begin := func() string {
		_, rest, _ := strings.Cut(c.ok("POST /web/big?uploads", "", "Content-Type: text/plain", "x-obs-meta-a: b").text, "<UploadId>")
		id, _, _ := strings.Cut(rest, "</UploadId>")
		return id
	}
	id := begin()
	one := c.ok("PUT /web/big?partNumber=1&uploadId="+id, strings.Repeat("a", leastPart)).header.Get("Etag")
	two := c.ok("PUT /web/big?partNumber=2&uploadId="+id, "tail").header.Get("Etag")
	c.says("GET /web/big?uploadId="+id, "<PartNumber>1</PartNumber>", "<Size>4</Size>")
	c.says("GET /web?uploads", "<Key>big</Key><UploadId>"+id+"</UploadId>")
	c.refuses("404 NoSuchKey", "HEAD /web/big", "")
	c.refuses("409 BucketNotEmpty", "DELETE /web", "")
	complete := func(parts ...string) string {
		text := "<CompleteMultipartUpload>"
		for i := 0; i < len(parts); i += 2 {
			text += "<Part><PartNumber>" + parts[i] + "</PartNumber><ETag>" + parts[i+1] + "</ETag></Part>"
		}
		return text + "</CompleteMultipartUpload>"
	}
	done := "POST /web/big?uploadId=" + id
	c.refuses("400 InvalidPartOrder", done, complete("2", two, "1", one))
	c.refuses("400 InvalidPart", done, complete("1", two))
	c.refuses("400 InvalidPart", done, complete("3", two))
	c.refuses("400 MalformedXML", done, complete())
	c.refuses("404 NoSuchUpload", done+"x", complete("1", one))
	c.refuses("400 InvalidArgument", "PUT /web/big?partNumber=10001&uploadId="+id, "x")
	three := c.ok("PUT /web/big?partNumber=3&uploadId="+id, "more").header.Get("Etag")
	c.refuses("400 EntityTooSmall", done, complete("1", one, "2", two, "3", three))
	c.ok(done, complete("1", one, "2", two))
	head := c.ok("HEAD /web/big", "").header
	if head.Get("Content-Length") != fmt.Sprint(leastPart+4) || !strings.HasSuffix(head.Get("Etag"), `-2"`) || head.Get("X-Obs-Meta-A") != "b" || head.Get("Content-Type") != "text/plain" {
		t.Errorf("it is %v", head)
	}
	id = begin()
	c.ok("DELETE /web/big?uploadId="+id, "")
	c.refuses("404 NoSuchUpload", "DELETE /web/big?uploadId="+id, "")
	c.says("GET /web?uploads", "!<Upload>")
}

// Two configurations of a notification are not for the same event of the same object.
func TestOBSNotificationsOverlap(t *testing.T) {
	t.Parallel()
	c := newOBSClient(t, Options{})
	urn := "urn:smn:cn-north-4:" + north + ":alarms"
	c.cloud.smn.topics.add(north, &topic{meta: meta{ID: urn}, Name: "alarms"})
	c.ok("PUT /web", "")
	one := func(event, prefix, suffix string) string {
		rules := ""
		for name, value := range map[string]string{"prefix": prefix, "suffix": suffix} {
			if value != "" {
				rules += "<FilterRule><Name>" + name + "</Name><Value>" + value + "</Value></FilterRule>"
			}
		}
		return "<TopicConfiguration><Topic>" + urn + "</Topic><Event>" + event + "</Event><Filter><Object>" + rules + "</Object></Filter></TopicConfiguration>"
	}
	put := one("ObjectCreated:Put", "logs/", ".txt")
	for other, overlap := range map[string]bool{
		one("ObjectCreated:Put", "logs/", ".txt"):         true,
		one("ObjectCreated:*", "logs/a", "a.txt"):         true,
		one("ObjectCreated:Put", "", ""):                  true,
		one("ObjectCreated:Put", "logs/", ".log"):         false,
		one("ObjectCreated:Put", "pictures/", ""):         false,
		one("ObjectCreated:Copy", "logs/", ".txt"):        false,
		one("ObjectRemoved:*", "logs/", ".txt"):           false,
		strings.Repeat(one("ObjectRemoved:*", "", ""), 2): true,
	} {
		body := "<NotificationConfiguration>" + put + other + "</NotificationConfiguration>"
		if overlap {
			c.refuses("400 InvalidArgument", "PUT /web?notification", body)
		} else {
			c.ok("PUT /web?notification", body)
		}
	}
	c.refuses("400 MalformedXML", "PUT /web?notification", "<NotificationConfiguration>"+strings.Repeat(put, 101)+"</NotificationConfiguration>")
}
