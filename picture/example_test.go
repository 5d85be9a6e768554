package picture_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"zellige/picture"
)

// From a file to what a network takes in.
func ExampleToTensor() {
	img, err := picture.Read("testdata/decode/420.jpg")
	if err != nil {
		log.Fatal(err)
	}
	w, h := picture.Size(12, img.Bounds().Dx(), img.Bounds().Dy())
	mean, std := [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225}
	tensor := picture.ToTensor(picture.Resize(img, w, h), mean, std)
	fmt.Println(w, h, len(tensor) == 3*w*h)
	// Output: 16 12 true
}

func ExampleRead_error() {
	_, err := picture.Read("testdata/make.py")
	fmt.Println(err)
	// Output: read picture "testdata/make.py": not a picture zellige can read (it begins like text); give a JPEG, PNG, GIF, WebP, TIFF or BMP file
}

// A result that keeps what the photograph was besides its colours.
func ExampleReadFile() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	output := filepath.Join(folder, "result.png")
	if err := picture.CheckOutput(output, picture.Transparency); err != nil {
		log.Fatal(err)
	}
	file, err := picture.ReadFile("testdata/profile/adobe-clear.png")
	if err != nil {
		log.Fatal(err)
	}
	painted := picture.Resize(file.Image, 16, 12) // for the example's sake
	result := picture.WithAlpha(painted, file.Alpha)
	if err := picture.WriteWith(output, result, picture.Metadata{EXIF: file.EXIF}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d bits, colours converted from %q, transparent: %v\n", file.Depth, file.Profile, file.Alpha != nil)
	// Output: 8 bits, colours converted from "Like Adobe RGB", transparent: true
}
