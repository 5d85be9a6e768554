package record

import "testing"

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"picture":{"file":"picture.png","sha256":"x"},"recipe":{"engine":1,"command":"invert","preset":"lab",` +
		`"parameters":{"style_layers":[1,4],"gram":"size"},"pictures":{"content":{"file":"a.png","sha256":"y"}}}}`))
	f.Add([]byte(`{"losses":{"first":{"total":null,"style":{"1":2}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(data)
		if err != nil {
			return
		}
		if again, err := ParseRecipe(m.Recipe.JSON()); err != nil || len(Differences(again, m.Recipe)) > 0 {
			t.Errorf("%s reads back as %+v, %v", m.Recipe.JSON(), again, err)
		}
		_, _ = m.Recipe.Options()
	})
}
