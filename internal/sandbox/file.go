package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// file keeps the state: a bucket per kind, in it a JSON text per id.
type file struct {
	db    *bbolt.DB
	saved map[string]map[string][]byte // what the file holds, by kind and id
}

// idsBucket holds the state of the id source, so that a seeded one does not begin again.
const idsBucket = "_ids"

// open loads the state from a file, which is made if it does not exist, and saves there from now on.
func (s *Sandbox) open(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	f := &file{db: db, saved: map[string]map[string][]byte{}}
	if err := db.View(func(tx *bbolt.Tx) error { return f.load(tx, s) }); err != nil {
		return fmt.Errorf("load %s: %w", path, errors.Join(err, db.Close()))
	}
	s.file = f
	s.settle()
	return s.save()
}

func (f *file) close() error { return f.db.Close() }

func (f *file) load(tx *bbolt.Tx, s *Sandbox) error {
	ids := tx.Bucket([]byte(idsBucket))
	if ids == nil {
		return nil // a new file
	}
	if err := s.ids.pcg.UnmarshalBinary(bytes.Clone(ids.Get([]byte("state")))); err != nil {
		return err
	}
	for _, t := range s.tables {
		bucket := tx.Bucket([]byte(t.name()))
		if bucket == nil {
			continue // a kind that is younger than the file
		}
		t.clear()
		saved := map[string][]byte{}
		if err := bucket.ForEach(func(id, text []byte) error {
			saved[string(id)] = bytes.Clone(text)
			return t.load(text)
		}); err != nil {
			return err
		}
		t.sort()
		f.saved[t.name()] = saved
	}
	return nil
}

// save brings the file up to date in one transaction; only what differs is written.
func (s *Sandbox) save() error {
	if s.file == nil {
		return nil
	}
	now := map[string]map[string][]byte{}
	changed := false
	for _, t := range s.tables {
		kind := map[string][]byte{}
		var failed error
		t.each(func(id string, o any) {
			text, err := json.Marshal(o)
			if err != nil {
				failed = err
			}
			kind[id] = text
			changed = changed || !bytes.Equal(text, s.file.saved[t.name()][id])
		})
		if failed != nil {
			return failed
		}
		old, ok := s.file.saved[t.name()]
		changed = changed || !ok || len(old) != len(kind)
		now[t.name()] = kind
	}
	if !changed {
		return nil
	}
	if err := s.file.db.Update(func(tx *bbolt.Tx) error {
		ids, err := tx.CreateBucketIfNotExists([]byte(idsBucket))
		if err != nil {
			return err
		}
		state, err := s.ids.pcg.MarshalBinary()
		if err != nil {
			return err
		}
		if err := ids.Put([]byte("state"), state); err != nil {
			return err
		}
		for kind, objects := range now {
			if err := saveKind(tx, kind, objects, s.file.saved[kind]); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("save the state: %w", err)
	}
	s.file.saved = now
	return nil
}

func saveKind(tx *bbolt.Tx, kind string, objects, saved map[string][]byte) error {
	bucket, err := tx.CreateBucketIfNotExists([]byte(kind))
	if err != nil {
		return err
	}
	for id, text := range objects {
		if !bytes.Equal(text, saved[id]) {
			if err := bucket.Put([]byte(id), text); err != nil {
				return err
			}
		}
	}
	for id := range saved {
		if objects[id] == nil {
			if err := bucket.Delete([]byte(id)); err != nil {
				return err
			}
		}
	}
	return nil
}
