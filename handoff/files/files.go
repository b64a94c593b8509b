// Package files keeps the attachments that askers send, as files beside the
// database: Folder is the files, Keeper the work of fetching and forgetting them.
//
// A file is named by the SHA-256 of its content, so that the same picture sent
// twice is one file, and nothing that a person typed becomes a path. What is known
// of an attachment (its name, its state, why it was refused) is in the database;
// see handoff.File. It knows channels by chat.Fetcher; it knows no network.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Limits in bytes that hold unless the caller says otherwise. MaxFile is what
// Telegram lets a bot download; see "getFile" in its API.
const (
	MaxFile      = 20 << 20
	DefaultTotal = 10 << 30
)

// ErrFull means that the files together have reached their limit.
var ErrFull = errors.New("the folder of attachments is full")

// Folder is the kept files. It is safe for concurrent use; only one process may
// write to a folder at a time.
type Folder struct {
	path string
	max  int64 // of all files together

	mu   sync.Mutex
	used int64
}

const draftPrefix = "draft-"

// OpenFolder opens the folder at path, made if need be, for at most total bytes
// (0: DefaultTotal). What an interrupted process left half written is removed.
func OpenFolder(path string, total int64) (*Folder, error) {
	if total <= 0 {
		total = DefaultTotal
	}
	f := &Folder{path: path, max: total}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("folder of attachments: %w", err)
	}
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasPrefix(d.Name(), draftPrefix) {
			return os.Remove(name)
		}
		info, err := d.Info()
		if err == nil {
			f.used += info.Size()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("folder of attachments: %w", err)
	}
	return f, nil
}

var validHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// place returns the path of a content. Two digits of the hash are a folder of
// their own, so that none holds too many files.
func (f *Folder) place(sum string) (string, error) {
	if !validHash.MatchString(sum) {
		return "", fmt.Errorf("attachment %q: %w", sum, fs.ErrNotExist)
	}
	return filepath.Join(f.path, sum[:2], sum), nil
}

// Open returns the content with this hash; fs.ErrNotExist when it is not kept.
func (f *Folder) Open(sum string) (*os.File, error) {
	name, err := f.place(sum)
	if err != nil {
		return nil, err
	}
	return os.Open(name)
}

// All returns the hashes of everything that is kept.
func (f *Folder) All() ([]string, error) {
	var sums []string
	err := filepath.WalkDir(f.path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && validHash.MatchString(d.Name()) {
			sums = append(sums, d.Name())
		}
		return err
	})
	return sums, err
}

// Remove deletes the content with this hash. One that is not there is no error.
func (f *Folder) Remove(sum string) error {
	name, err := f.place(sum)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil {
		return err
	}
	f.used -= info.Size()
	return syncFolder(filepath.Dir(name))
}

// Draft is a file being written. It is closed with Keep or Discard.
type Draft struct {
	folder *Folder
	file   *os.File
	sum    hash.Hash
	size   int64
	head   []byte // the first bytes, to tell the type by
}

// Draft begins a file.
func (f *Folder) Draft() (*Draft, error) {
	file, err := os.CreateTemp(f.path, draftPrefix+"*")
	if err != nil {
		return nil, err
	}
	return &Draft{folder: f, file: file, sum: sha256.New()}, nil
}

// sniffed is how many bytes http.DetectContentType looks at.
const sniffed = 512

// Write implements io.Writer. ErrFull when the folder has no room for more.
func (d *Draft) Write(p []byte) (int, error) {
	d.folder.mu.Lock()
	full := d.folder.used+d.size+int64(len(p)) > d.folder.max
	d.folder.mu.Unlock()
	if full {
		return 0, ErrFull
	}
	if room := sniffed - len(d.head); room > 0 {
		d.head = append(d.head, p[:min(room, len(p))]...)
	}
	n, err := d.file.Write(p)
	d.sum.Write(p[:n])
	d.size += int64(n)
	return n, err
}

// Size is how many bytes were written.
func (d *Draft) Size() int64 { return d.size }

// Keep makes the file durable under its hash and returns that.
func (d *Draft) Keep() (sum string, err error) {
	defer func() {
		if err != nil {
			d.Discard()
		}
	}()
	if err := d.file.Sync(); err != nil {
		return "", err
	}
	if err := d.file.Close(); err != nil {
		return "", err
	}
	sum = hex.EncodeToString(d.sum.Sum(nil))
	name, err := d.folder.place(sum)
	if err != nil {
		return "", err
	}
	d.folder.mu.Lock()
	defer d.folder.mu.Unlock()
	if _, err := os.Stat(name); err == nil { // kept already
		return sum, os.Remove(d.file.Name())
	}
	if d.folder.used+d.size > d.folder.max {
		return "", ErrFull
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return "", err
	}
	if err := os.Rename(d.file.Name(), name); err != nil {
		return "", err
	}
	d.folder.used += d.size
	return sum, errors.Join(syncFolder(filepath.Dir(name)), syncFolder(d.folder.path))
}

// Discard removes the file.
func (d *Draft) Discard() {
	_ = d.file.Close()           // nothing of it is wanted
	_ = os.Remove(d.file.Name()) // and OpenFolder removes what could not be
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
