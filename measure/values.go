package measure

// Values are all measures of one picture, named as in the command's output, the
// manifests and the report. For a style or content that is not there the
// measures are nil.
type Values struct {
	// Style9 and Style12 are the style distances at layers 9 and 12, which the
	// lab's objectives do not use.
	Style9  *float64 `json:"style_9,omitempty"`
	Style12 *float64 `json:"style_12,omitempty"`
	// Nearest5 and Nearest11 are the distances to the style's nearest features at layers
	// 5 and 11.
	Nearest5  *float64 `json:"nearest_5,omitempty"`
	Nearest11 *float64 `json:"nearest_11,omitempty"`
	// Content is the content distance, averaged over layers 4, 7, 9 and 12.
	Content *float64 `json:"content,omitempty"`
	// Structure11 is the distance of the structure from the content's at layer 11.
	Structure11 *float64 `json:"structure_11,omitempty"`
	SSIM        *float64 `json:"ssim,omitempty"`
	// Detail is the share of the content's edges that is left.
	Detail *float64 `json:"detail,omitempty"`
	// Color is the colour distance to the style, ColorContent that to the content.
	Color        *float64 `json:"color,omitempty"`
	ColorContent *float64 `json:"color_content,omitempty"`
	TV           float64  `json:"tv"`
	Checker      float64  `json:"checker"`
	// Layers are the distances at each layer of the network that there is in a
	// picture of this size.
	Layers map[int]Layer `json:"layers,omitempty"`
}

// Layer is what the network sees at one layer.
type Layer struct {
	Content *float64 `json:"content,omitempty"` // content distance
	Style   *float64 `json:"style,omitempty"`   // style distance
}
