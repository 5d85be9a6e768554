package record

import (
	"maps"

	"zellige/picture"
)

// Outdated says why a picture is not what a recipe would give: what its own recipe has
// else, or that it carries none; "" if it is. What its pictures are called does not
// matter, nor how it was cut into pieces, which is as the memory was; its EXIF data
// follow from the content.
func (r Recipe) Outdated(path string) string {
	text, ok, err := picture.ReadText(path, RecipeKey)
	if err != nil || !ok {
		return "it carries no recipe"
	}
	then, err := ParseRecipe([]byte(text))
	if err != nil {
		return err.Error()
	}
	then.EXIF = r.EXIF
	r.Parameters = maps.Clone(r.Parameters)
	for _, key := range []string{"piece", "lean"} {
		delete(then.Parameters, key)
		delete(r.Parameters, key)
	}
	for role, p := range then.Pictures {
		then.Pictures[role] = HashedFile{r.Pictures[role].File, p.SHA256}
	}
	return Describe(Differences(then.Intent(), r.Intent()))
}
