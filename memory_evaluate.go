package zellige

import (
	"image"

	"zellige/runtime"
)

// evaluatedMemory is what [Evaluate] holds for a pixel: the image, a gradient that
// nobody asks for and the content as the network reads them, and the content.
const evaluatedMemory = 3*tensorMemory + pictureMemory

// CheckEvaluation returns an *[OptionError] of max-memory if [Evaluate] of these
// pictures takes more than limit bytes, with a twentieth in reserve; it says the
// largest size that fits. Content and style may be nil. Other errors are those of
// Evaluate.
func (o Options) CheckEvaluation(info *runtime.Info, img, content, style image.Image, limit int64) error {
	if _, _, err := workingSize("image", img, o.ImageSize); err != nil {
		return err
	}
	p := Pictures{Content: content, Style: style, Init: img}
	if content == nil {
		p.Content, o.Objective.Content.Weight = img, 0
	}
	return o.checkMemory(p, limit, func(o Options) (int64, error) {
		needed, err := o.evaluationMemory(info, p)
		return withReserve(needed), err
	})
}

// evaluationMemory foresees the peak of a process that evaluates, in bytes.
func (o Options) evaluationMemory(info *runtime.Info, p Pictures) (int64, error) {
	_, height, width, err := o.sizes(p.Content)
	if err != nil {
		return 0, err
	}
	objective := o.layersOf(height, width, &p)
	losses, err := info.LossesMemory(objective)
	if err != nil {
		return 0, tooSmallPiece(err)
	}
	targets, err := o.styleMemory(info, objective, p.styles())
	if err != nil {
		return 0, err
	}
	losses += o.targetMemory(info, objective) + int64(height*width)*evaluatedMemory
	return processMemory + p.memory() + max(losses, targets), nil
}
