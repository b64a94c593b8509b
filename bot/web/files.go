package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// files is the folder of uploads. A file is named by the SHA-256 of its content
// and readable by nobody else.
type files struct {
	dir string
	// mu makes one of writing a file and recording its upload, and one of
	// forgetting uploads and deleting their files.
	mu sync.Mutex
}

// unfinished is where uploads are written until they are whole.
const unfinished = "unfinished"

func (f *files) path(hash string) string { return filepath.Join(f.dir, hash[:2], hash) }

// draft is a file that is being uploaded.
type draft struct {
	*os.File
	hash string
	size int64
	head []byte // up to 512 bytes of its beginning
}

// write copies r into a new draft. An error of r is returned as it is.
func (f *files) write(r io.Reader) (*draft, error) {
	dir := filepath.Join(f.dir, unfinished)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, "upload-") // made with 0600
	if err != nil {
		return nil, err
	}
	d := &draft{File: file}
	sum := sha256.New()
	head := &headWriter{}
	if d.size, err = io.Copy(io.MultiWriter(file, sum, head), r); err != nil {
		d.discard()
		return nil, err
	}
	d.hash, d.head = hex.EncodeToString(sum.Sum(nil)), head.b
	return d, nil
}

// discard removes a draft that was not kept; after keep it does nothing.
func (d *draft) discard() {
	_ = d.Close()           // it was closed already, or nothing depends on it
	_ = os.Remove(d.Name()) // or removeBroken does
}

// keep puts a draft in its place, durably, and runs record, which makes it
// known.
func (f *files) keep(d *draft, record func() error) error {
	if err := d.Sync(); err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	path := f.path(d.hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(d.Name(), path); err != nil {
		return err
	}
	return record()
}

// remove runs forget and deletes the files that it says nobody needs.
func (f *files) remove(forget func() ([]string, error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	unused, err := forget()
	for _, hash := range unused {
		if e := os.Remove(f.path(hash)); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// removeBroken removes drafts that an earlier process left.
func (f *files) removeBroken() {
	_ = os.RemoveAll(filepath.Join(f.dir, unfinished)) // what stays costs some space
}

// headWriter keeps the first 512 bytes.
type headWriter struct{ b []byte }

func (h *headWriter) Write(p []byte) (int, error) {
	h.b = append(h.b, p[:min(len(p), 512-len(h.b))]...)
	return len(p), nil
}
