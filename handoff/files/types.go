package files

import (
	"mime"
	"net/http"
)

// kept are the media types that are kept: what support needs to see, and nothing
// that could run or hide something. They are told by content, never by the name.
var kept = map[string]string{
	"image/png":       "image/png",
	"image/jpeg":      "image/jpeg",
	"image/gif":       "image/gif",
	"image/webp":      "image/webp",
	"image/bmp":       "image/bmp",
	"application/pdf": "application/pdf",
	"text/plain":      "text/plain; charset=utf-8",
	"application/ogg": "audio/ogg", // voice messages
	"video/mp4":       "video/mp4",
}

// sniff returns the media type of a file that begins with head, and whether such
// are kept.
func sniff(head []byte) (mediaType string, ok bool) {
	t, _, err := mime.ParseMediaType(http.DetectContentType(head))
	if err != nil {
		return "", false
	}
	if k, ok := kept[t]; ok {
		return k, true
	}
	return t, false
}

// Inline reports whether a browser may show the type within a page: pictures that
// can hold no script.
func Inline(mediaType string) bool {
	switch mediaType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}
