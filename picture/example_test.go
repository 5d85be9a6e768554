package picture_test

import (
	"fmt"
	"log"

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
