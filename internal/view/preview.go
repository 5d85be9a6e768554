package view

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"time"

	"zellige/picture"
)

// What bounds previews: their longer side, and how often they are made. A preview of a
// painting takes at most a hundredth of the time, shared with the others that are painted.
const (
	previewSide    = 1280 // pixels
	sourceSide     = 640
	previewQuality = 85
	previewEvery   = time.Second
	previewShare   = 100
)

// preview makes a picture and encodes it.
func (p *Painting) preview(snapshot func() image.Image) {
	began := time.Now()
	data, err := encode(snapshot(), previewSide)
	took := time.Since(began)
	p.server.change(func() {
		p.encoding = false
		p.due = time.Now().Add(max(previewEvery, took*previewShare*time.Duration(p.server.active())))
		if err == nil && p.state == painting {
			p.jpeg = data
			p.version++
		}
	})
}

// active is how many paintings are painted; called with the mutex held.
func (s *Server) active() (n int) {
	for _, p := range s.paintings {
		if p.state == painting {
			n++
		}
	}
	return max(n, 1)
}

// encode makes a JPEG file of a picture, shrunk so that its longer side is at most side.
func encode(img image.Image, side int) ([]byte, error) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	opaque := picture.Resize(img, w, h)
	fast := image.NewRGBA(opaque.Bounds()) // other pictures are encoded pixel by pixel
	draw.Draw(fast, fast.Rect, opaque, fast.Rect.Min, draw.Src)
	var file bytes.Buffer
	err := jpeg.Encode(&file, fast, &jpeg.Options{Quality: previewQuality})
	return file.Bytes(), err
}

// picture is the newest preview, or the result.
func (p *Painting) picture() ([]byte, error) {
	s := p.server
	s.mutex.Lock()
	data, open, version := p.jpeg, p.result, p.version
	s.mutex.Unlock()
	if data != nil || open == nil {
		return data, nil
	}
	data, err := s.open(open, previewSide)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err == nil && version == p.version {
		p.jpeg = data
	}
	return data, err
}

// source is a picture that it is painted from.
func (p *Painting) source(number int) ([]byte, error) {
	s, source := p.server, &p.sources[number]
	s.mutex.Lock()
	data := source.jpeg
	s.mutex.Unlock()
	if data != nil {
		return data, nil
	}
	data, err := s.open(source.Open, sourceSide)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	source.jpeg = data
	return data, err
}

// open opens and encodes one picture at a time.
func (s *Server) open(open func() (image.Image, error), side int) ([]byte, error) {
	s.opening.Lock()
	defer s.opening.Unlock()
	img, err := open()
	if err != nil {
		return nil, err
	}
	return encode(img, side)
}
