package measure

// Values are all measures of one picture, named as in the command's output, the
// manifests and the report. For a style or content that is not there the
// measures are nil.
type Values struct {
	// Style9 and Style12 are the style distances at layers 9 and 12, which the
	// lab's objectives do not use.
	Style9  *float64 `json:"style_9,omitempty"`
	Style12 *float64 `json:"style_12,omitempty"`
	// Content is the content distance, averaged over layers 4, 7, 9 and 12.
	Content *float64 `json:"content,omitempty"`
	SSIM    *float64 `json:"ssim,omitempty"`
	Color   *float64 `json:"color,omitempty"`
	TV      float64  `json:"tv"`
	Checker float64  `json:"checker"`
}
