package obs_test

import (
	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// twoBuckets are what documents are written for.
const twoBuckets = `
resource "hwcloud_bucket" "web" {
  name = "web-files"
}

resource "hwcloud_bucket" "other" {
  name = "other-files"
}
`

// written tells that a bucket has a document.
func written(word string) func(*acctest.Cloud, string) bool {
	return func(c *acctest.Cloud, bucket string) bool {
		documents, _ := c.Objects("bucket")[bucket]["documents"].(map[string]any)
		return documents[word] != nil
	}
}

// erased takes a document away: by DELETE, or where there is none by an empty one with that root.
func erased(word, root string) func(*acctest.Cloud, string) {
	return func(c *acctest.Cloud, bucket string) {
		if root == "" {
			c.Ask(cloud.OBS, "DELETE", "/"+bucket+"?"+word, nil)
			return
		}
		c.Ask(cloud.OBS, "PUT", "/"+bucket+"?"+word, map[string]any{root: map[string]any{}})
	}
}

// patched writes a document behind Terraform's back.
func patched(word, text string) map[string]any {
	return map[string]any{"documents": map[string]any{word: text}}
}
