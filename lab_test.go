package zellige

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/sbinet/npyio/npz"

	"zellige/internal/shorttest"
	"zellige/losses"
	"zellige/runtime"
)

// openNetwork opens the real network. Without an ONNX Runtime library it skips the
// test, unless ZELLIGE_REQUIRE_ONNXRUNTIME is 1.
func openNetwork(t *testing.T) Network { return openNetworkWith(t, Config{}) }

func openNetworkWith(t *testing.T, c Config) Network {
	t.Helper()
	n, err := Open(c)
	if err != nil {
		var missing *runtime.NotFoundError
		if (errors.As(err, &missing) || errors.Is(err, runtime.ErrNoCgo)) && os.Getenv("ZELLIGE_REQUIRE_ONNXRUNTIME") != "1" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// labCurve is the reference experiment's first iterations as PyTorch computes
// them, testdata/golden/curve.npz.
type labCurve struct{ file *npz.Reader }

func openCurve(t *testing.T) labCurve {
	t.Helper()
	file, err := npz.Open("testdata/golden/curve.npz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return labCurve{file}
}

// image reads a normalised image.
func (c labCurve) image(t *testing.T, name string) runtime.Image {
	t.Helper()
	shape := c.file.Header(name + ".npy").Descr.Shape
	img := runtime.Image{Height: shape[2], Width: shape[3]}
	if err := c.file.Read(name+".npy", &img.Pixels); err != nil {
		t.Fatal(err)
	}
	return img
}

// losses reads the loss of each iteration.
func (c labCurve) losses(t *testing.T, name string) []float64 {
	t.Helper()
	var values []float64
	if err := c.file.Read(name+".float64.npy", &values); err != nil {
		t.Fatal(err)
	}
	return values
}

// goldenModel is the real network for the golden pictures: whatever is painted,
// the loop starts from their tensors and is held against them, so that no decoder
// and no resizing stands between the loop and PyTorch's.
type goldenModel struct {
	Network
	content, style   runtime.Image
	evaluator        runtime.Evaluator // of the last Prepare
	pixels, gradient []float32
}

func (m *goldenModel) Extract(ctx context.Context, _ runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error) {
	if len(grams) > 0 {
		return m.Network.Extract(ctx, m.style, features, grams)
	}
	return m.Network.Extract(ctx, m.content, features, grams)
}

func (m *goldenModel) Prepare(o runtime.Objective, pixels, gradient []float32) (_ runtime.Evaluator, err error) {
	copy(pixels, m.content.Pixels)
	m.pixels, m.gradient = pixels, gradient
	m.evaluator, err = m.Network.Prepare(o, pixels, gradient)
	return m.evaluator, err
}

// paintGolden runs the lab's experiment on the golden pictures.
func paintGolden(t *testing.T, m *goldenModel, iterations int, progress func(Step)) {
	t.Helper()
	o, err := Preset("lab")
	if err != nil {
		t.Fatal(err)
	}
	o.ImageSize, o.StyleSize, o.Iterations, o.Progress = m.content.Height, m.style.Height, iterations, progress
	pictures := Pictures{
		Content: gradientPicture(m.content.Width, m.content.Height, 0),
		Style:   gradientPicture(m.style.Width, m.style.Height, 0),
	}
	if _, err := Transfer(context.Background(), m, pictures, o); err != nil {
		t.Fatal(err)
	}
}

// TestLabCurve follows the reference experiment's loss curve. The tolerances are
// ten times what PyTorch's float32 differs from its float64 (testdata/golden).
func TestLabCurve(t *testing.T) {
	curve := openCurve(t)
	m := &goldenModel{Network: openNetwork(t), content: curve.image(t, "content"), style: curve.image(t, "style")}
	want := map[string][]float64{}
	for _, name := range []string{"total", "content.3", "style.1", "style.4", "style.5", "style.7", "tv"} {
		want[name] = curve.losses(t, name)
	}
	paintGolden(t, m, len(want["total"]), func(s Step) {
		got := map[string]float64{"total": s.Losses.Total(), "content.3": s.Losses.ContentSum(), "tv": s.Losses.TV}
		for _, v := range s.Losses.Style {
			got[fmt.Sprintf("style.%d", v.Layer)] = v.Value
		}
		for name, w := range want {
			tolerance := 1e-4
			if name == "tv" {
				tolerance = 2e-3
			}
			if g := got[name]; math.Abs(g-w[s.Iteration]) > tolerance*w[s.Iteration] {
				t.Errorf("iteration %d, %s: %g, PyTorch %g", s.Iteration, name, g, w[s.Iteration])
			}
		}
	})
}

// TestWholeGradientByFiniteDifferences checks the real objective, total variation
// included, along random directions and the gradient's own.
func TestWholeGradientByFiniteDifferences(t *testing.T) {
	shorttest.Skip(t)
	curve := openCurve(t)
	m := &goldenModel{Network: openNetwork(t), content: curve.image(t, "content"), style: curve.image(t, "style")}
	paintGolden(t, m, 1, func(Step) {
		tv := losses.NewTotalVariation(5e-2, m.content.Height, m.content.Width)
		start, unused := slices.Clone(m.pixels), make([]float32, len(m.pixels))
		total := func() float64 {
			l, err := m.evaluator.Evaluate(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			sum := tv.AddGradient(unused, m.pixels)
			for _, x := range slices.Concat(l.Content, l.Style) {
				sum += float64(x)
			}
			return sum
		}
		total()
		tv.AddGradient(m.gradient, m.pixels)
		gradient := slices.Clone(m.gradient)
		random := rand.New(rand.NewPCG(3, 4))
		for trial := range 6 {
			direction := make([]float32, len(start))
			for i := range direction {
				// Half the gradient: in a random direction alone the slope drowns in rounding.
				direction[i] = gradient[i]/norm(gradient) + 2*float32(trial)*float32(random.NormFloat64())/float32(math.Sqrt(float64(len(start))))
			}
			const step = 0.02
			at := func(h float32) float64 {
				for i := range start {
					m.pixels[i] = start[i] + h*direction[i]
				}
				return total()
			}
			slope := (at(step) - at(-step)) / (2 * step)
			want := 0.0
			for i := range gradient {
				want += float64(gradient[i]) * float64(direction[i])
			}
			if math.Abs(slope-want) > 0.01*math.Abs(want) {
				t.Errorf("direction %d: slope %g, by the gradient %g", trial, slope, want)
			}
		}
		copy(m.pixels, start)
	})
}

func norm(v []float32) float32 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return float32(math.Sqrt(sum))
}
