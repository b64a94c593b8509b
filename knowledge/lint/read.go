package lint

import (
	"errors"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// errNotText means that a file is not what people write with an editor.
var errNotText = errors.New("not a text file in UTF-8")

// Read reads a file that people edit. text is without the mark that some Windows
// editors put in front, and with plain line ends. On an error, which can be
// compared with fs.ErrNotExist, src holds it as a problem already.
func Read(fsys fs.FS, file string) (src *Source, text string, err error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		src, cause := NewSource(file, ""), err
		if at, ok := errors.AsType[*fs.PathError](err); ok {
			cause = at.Err // without the path, which the problem has
		}
		src.Errorf(0, 0, "can't be read: %v", cause)
		return src, "", err
	}
	text = strings.ReplaceAll(strings.TrimPrefix(string(data), "\uFEFF"), "\r\n", "\n")
	src = NewSource(file, text)
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		src.Errorf(0, 0, "%v", errNotText)
		return src, "", errNotText
	}
	return src, text, nil
}
