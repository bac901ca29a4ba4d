package obs

import (
	"context"
	"crypto/md5" //nolint:gosec // the cloud's own sums of contents are MD5
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

const (
	partsAbove = 100 << 20 // bytes
	partSize   = 16 << 20  // bytes; more when the content needs more parts than there may be
	mostParts  = 10000
)

// content is what an object holds. Of a file, no more is in memory than is being sent.
type content struct {
	io.Reader
	size  int64
	close func()
}

// contentOf opens the content that a configuration gives.
func contentOf(config object.Values) (content, error) {
	name := config.String("source")
	if name == "" {
		text := config.String("content")
		return content{strings.NewReader(text), int64(len(text)), func() {}}, nil
	}
	file, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return content{}, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", name)
	}
	if err != nil {
		return content{}, errors.Join(err, file.Close())
	}
	return content{file, info.Size(), func() { _ = file.Close() }}, nil // it was only read
}

// checksum is the MD5 of the content that a configuration gives.
func checksum(config object.Values) (any, error) {
	if config.Null("source") && config.Null("content") {
		return nil, nil // which is refused elsewhere
	}
	source, err := contentOf(config)
	if err != nil {
		return nil, err
	}
	defer source.close()
	hash := md5.New() //nolint:gosec // see above
	if _, err := io.Copy(hash, source); err != nil {
		return nil, err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// uploader writes the content of one object.
type uploader struct {
	call func(context.Context, object.Op, object.Values) (any, error)
	sum  string // that the content must have
	most int64  // bytes that one call may send
	part int64  // bytes of a part, unless there would be too many
}

func (u uploader) partSize(size int64) int64 {
	return max(u.part, (size+mostParts-1)/mostParts)
}

// write sends a content in one call, or in parts when it is larger.
func (u uploader) write(ctx context.Context, source content) error {
	if source.size > u.most {
		return u.writeParts(ctx, source)
	}
	whole, err := io.ReadAll(source)
	if err != nil {
		return err
	}
	sum := md5.Sum(whole) //nolint:gosec // see above
	if err := u.check(sum[:]); err != nil {
		return err
	}
	_, err = u.call(ctx, putWhole, object.Values{"bytes": whole})
	return err
}

// check refuses a content that is not the one that was planned.
func (u uploader) check(sum []byte) error {
	if u.sum != "" && hex.EncodeToString(sum) != u.sum {
		return errors.New("the content has changed since it was planned: plan again")
	}
	return nil
}

// writeParts sends a content part by part. What was sent is given up when one fails, for it would be paid for.
func (u uploader) writeParts(ctx context.Context, source content) (err error) {
	answer, err := u.call(ctx, begin, nil)
	if err != nil {
		return err
	}
	begun, err := object.Into[struct {
		Result struct {
			UploadID string `json:"UploadId"`
		} `json:"InitiateMultipartUploadResult"`
	}](answer)
	if err != nil {
		return err
	}
	id := begun.Result.UploadID
	defer func() {
		if err != nil {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
			defer cancel()
			if _, abortErr := u.call(ctx, abort, object.Values{"upload": id}); abortErr != nil && !cloud.IsNotFound(abortErr) {
				err = fmt.Errorf("%w; what was sent of it stays as an unfinished upload: %w", err, abortErr)
			}
		}
	}()
	whole := md5.New() //nolint:gosec // see above
	buffer := make([]byte, u.partSize(source.size))
	parts := []any{}
	for {
		n, err := io.ReadFull(source, buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		_, _ = whole.Write(buffer[:n]) // never fails
		part, err := u.call(ctx, putPart, object.Values{"upload": id, "part": len(parts) + 1, "bytes": buffer[:n]})
		if err != nil {
			return err
		}
		told, err := object.Into[struct {
			ETag string `json:"etag"`
		}](part)
		if err != nil {
			return err
		}
		parts = append(parts, map[string]any{"PartNumber": len(parts) + 1, "ETag": told.ETag})
	}
	if err := u.check(whole.Sum(nil)); err != nil {
		return err
	}
	_, err = u.call(ctx, complete, object.Values{"upload": id, "parts": parts})
	return err
}
