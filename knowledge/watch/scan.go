package watch

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

const (
	// racy is how long a file's time may stand still while the file changes:
	// file systems count in steps of up to two seconds (FAT). A file that was
	// changed a shorter time ago is read again, as its time proves nothing.
	racy = 3 * time.Second
	// maxHash is how many bytes of a file are compared; of longer ones, which
	// aren't text that people write, size and time decide.
	maxHash = 1 << 20
)

// mark is what a file is told apart by.
type mark struct {
	kind fs.FileMode // its type, without permissions
	size int64
	hash [sha256.Size]byte // of the content; of a symlink, of what it says
	// info is as of when hash was taken, nil unless it is old enough to prove
	// that the content is still the same.
	info fs.FileInfo
}

// same reports whether two marks are of the same content.
func (m mark) same(n mark) bool {
	return m.kind == n.kind && m.size == n.size && m.hash == n.hash
}

// tree is the marks of what is in a folder by path.
type tree map[string]mark

func (t tree) same(u tree) bool {
	if len(t) != len(u) {
		return false
	}
	for name, m := range t {
		if n, ok := u[name]; !ok || !m.same(n) {
			return false
		}
	}
	return true
}

// scan walks a folder. What an earlier scan knows of the files saves reading
// them. Symlinks count as what they say, not as what they lead to: what they
// lead to within the folder is walked anyway, and nothing outside is content.
// It fails only when the folder itself can't be read.
func scan(dir string, known tree) (tree, error) {
	root, err := os.OpenRoot(dir) // follows a symlink in place of the folder
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	now := time.Now()
	found := make(tree, len(known))
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case name == ".":
			return err
		case ignored(path.Base(name)):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case err != nil: // a subfolder that vanished or can't be read
			found[name] = mark{kind: fs.ModeIrregular}
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // vanished meanwhile
		}
		if err != nil {
			found[name] = mark{kind: fs.ModeIrregular}
			return nil
		}
		found[name] = look(root, name, info, known[name], now)
		return nil
	})
	return found, err
}

// ignored reports whether a name is one that version control and editors use
// for themselves. Names with two dots in front are those of mounted ConfigMaps.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "..") || strings.HasSuffix(name, "~")
}

// look returns the mark of a file.
func look(root *os.Root, name string, info fs.FileInfo, known mark, now time.Time) mark {
	m := mark{kind: info.Mode().Type()}
	switch {
	case m.kind == fs.ModeSymlink:
		if target, err := root.Readlink(name); err == nil {
			m.hash = sha256.Sum256([]byte(target))
		}
		return m
	case m.kind != 0:
		return m // a folder is what is in it; a pipe would wait for a writer
	}
	m.size = info.Size()
	if now.Sub(info.ModTime()) > racy {
		m.info = info
	}
	if old := known.info; old != nil && os.SameFile(old, info) && old.Size() == m.size && old.ModTime().Equal(info.ModTime()) {
		m.hash = known.hash
		return m
	}
	if m.size > maxHash {
		m.hash = sha256.Sum256([]byte(info.ModTime().UTC().String()))
		return m
	}
	hash, err := content(root, name)
	if err != nil {
		m.info = nil // to be tried again
	}
	m.hash = hash
	return m
}

func content(root *os.Root, name string) (hash [sha256.Size]byte, err error) {
	f, err := root.Open(name)
	if err != nil {
		return hash, err
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(f, maxHash)); err != nil {
		return hash, err
	}
	sum.Sum(hash[:0])
	return hash, nil
}
