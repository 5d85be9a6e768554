package measure

import "image"

// Planes is planar RGB in 0..1.
type Planes struct {
	Height, Width int
	Values        []float32 // [3][Height*Width]
}

// FromImage copies an opaque picture, rounded to 8 bits a channel.
func FromImage(img image.Image) Planes {
	b := img.Bounds()
	p := Planes{Height: b.Dy(), Width: b.Dx(), Values: make([]float32, 3*b.Dx()*b.Dy())}
	n := p.Height * p.Width
	for i := range n {
		red, green, blue, _ := img.At(b.Min.X+i%p.Width, b.Min.Y+i/p.Width).RGBA()
		for c, v := range [3]uint32{red, green, blue} {
			p.Values[c*n+i] = float32(v>>8) / 255
		}
	}
	return p
}

// channel is one colour, [Height*Width].
func (p Planes) channel(c int) []float32 {
	n := p.Height * p.Width
	return p.Values[c*n : (c+1)*n]
}

// luma is the brightness of ITU-R BT.601, [Height*Width] in 0..1.
func (p Planes) luma() []float64 {
	red, green, blue := p.channel(0), p.channel(1), p.channel(2)
	y := make([]float64, len(red))
	for i := range y {
		y[i] = 0.299*float64(red[i]) + 0.587*float64(green[i]) + 0.114*float64(blue[i])
	}
	return y
}
