package web

import (
	"bytes"
	"image"
	_ "image/gif"  // so that image.DecodeConfig knows it
	_ "image/jpeg" // so that image.DecodeConfig knows it
	_ "image/png"  // so that image.DecodeConfig knows it
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"firstline/bot/guard"
)

// maxTextFile is the most bytes of a text file: all of it is searched for
// secrets, which takes some seconds for each megabyte.
const maxTextFile = 1 << 20

// typeOf finds what a draft is from its content alone. Text that holds a secret
// is refused: it must not be stored.
func (c *Channel) typeOf(d *draft) (string, error) {
	found, _, _ := strings.Cut(http.DetectContentType(d.head), ";")
	switch found {
	case "image/png", "image/jpeg", "image/gif":
		if _, err := d.Seek(0, io.SeekStart); err != nil {
			return "", err
		}
		if _, _, err := image.DecodeConfig(d); err != nil {
			return "", errFileType
		}
		return found, nil
	case "image/webp", "application/pdf":
		return found, nil
	case "text/plain":
		return found, c.checkText(d)
	}
	return "", errFileType
}

func (c *Channel) checkText(d *draft) error {
	if d.size == 0 {
		return errFileType
	}
	if d.size > maxTextFile {
		return errFileSize
	}
	text := make([]byte, d.size)
	if _, err := d.ReadAt(text, 0); err != nil {
		return err
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return errFileType
	}
	if _, secrets := guard.Clean(string(text)); len(secrets) > 0 {
		return errFileSecret
	}
	return nil
}

// kindOf is the kind of chat.Attachment that a type is.
func kindOf(mediaType string) string {
	if strings.HasPrefix(mediaType, "image/") {
		return "photo"
	}
	return "document"
}
