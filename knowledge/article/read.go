package article

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// How long an article may be in bytes, and in it what stands between two blank
// lines; nobody writes a tenth of that. The markdown parser's time grows with
// the square of the latter: without a limit, one file could keep it busy for
// minutes.
const (
	maxFile      = 256 << 10
	maxParagraph = 16 << 10
)

// readFile returns the bytes of an article's file.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	if err := inside(fsys, name); err != nil {
		return nil, err
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, errors.New("not a file")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("over %d KiB", maxFile>>10)
	}
	return data, err
}

var errOutside = errors.New("a symlink that leads out of the content folder")

// inside returns an error when symlinks on the way to a file lead out of the
// file system. os.DirFS follows them anywhere; embedded files have none.
func inside(fsys fs.FS, name string) error {
	links, ok := fsys.(fs.ReadLinkFS)
	if !ok {
		return nil
	}
	done, todo := ".", strings.Split(name, "/")
	for hops := 0; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		if next == "" || next == "." {
			continue
		}
		if next == ".." {
			if done == "." {
				return errOutside
			}
			done = path.Dir(done)
			continue
		}
		at := path.Join(done, next)
		info, err := links.Lstat(at)
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done = at
			continue
		}
		if hops++; hops > 40 { // as many as Linux follows
			return errors.New("symlinks that lead in a circle")
		}
		target, err := links.ReadLink(at)
		if err != nil {
			return err
		}
		if path.IsAbs(target) || filepath.IsAbs(target) {
			return errOutside
		}
		todo = append(strings.Split(filepath.ToSlash(target), "/"), todo...)
	}
	return nil
}
