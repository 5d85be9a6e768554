// Package picture turns image files into planar float32 tensors and back.
//
// The way in is [Read], [Resize] and [ToTensor]; the way out is [FromTensor]
// and [Write]. A picture between the two is always opaque: an *image.NRGBA, or
// an *image.NRGBA64 if the file had 16 bits per channel. A tensor is [3][h*w]:
// the red, then the green, then the blue plane, each row by row, normalised by
// a mean and a standard deviation per channel.
//
// The networks this program uses were trained behind Pillow, and the published
// check values were made with it, so decoding and resizing follow Pillow as
// closely as the libraries underneath allow: JPEG colours are converted by
// JFIF's formula with libjpeg's rounding and chroma interpolation, and pictures
// are resized by an antialiased triangle filter in two passes.
//
// Colours are sRGB throughout: an embedded ICC profile is converted from on the
// way in, and files are written without one, which means sRGB everywhere.
// [ReadFile] also returns what a picture between the two does not hold, opacity
// and EXIF data; [WithAlpha] and [WriteWith] put them back.
//
// The files are grouped by their names: codec_ turns bytes into pixels and back,
// color_ has to do with what pixels look like, metadata_ with what else a file
// says.
//
// All functions may be called from several goroutines at once.
package picture
