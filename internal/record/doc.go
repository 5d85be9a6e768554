// Package record says how a picture came about, so that it can come about again.
//
// A [Task] is a picture to be painted: a command, its options and the files of its
// pictures. Its [Recipe] is everything that decides the bytes of the result. A PNG
// file carries it in a text chunk, a [Manifest] beside other things. Equal recipes
// give equal pictures, whatever the threads, the folder, or the interruptions:
//
//	original, err := record.OpenOriginal("picture.png")
//	...
//	repetition, err := original.Repeat(ctx, network, record.Repeat{Tool: tool})
//	...
//	fmt.Println(repetition.SameBytes)
package record
