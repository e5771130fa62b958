using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Caller.Load;

/// <summary>Draws first speech over the time of the run, and how it is distributed.</summary>
internal static class LoadPlot
{
    private const int Width = 1000;
    private const int Height = 800;
    private const int Bins = 60;

    /// <summary>Draws into a file: SVG if its name ends so, else PNG.</summary>
    public static void Save(string path, IReadOnlyList<TurnSample> samples, LoadReport report)
    {
        var plots = new Multiplot();
        DrawOverTime(plots.Subplots.GetPlot(0), samples);
        var second = new Plot();
        DrawDistribution(second, samples, report);
        plots.Subplots.Add(second);
        plots.Layout = new ScottPlot.MultiplotLayouts.Rows();
        using var file = File.Create(path);
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            using var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), file);
            plots.Render(canvas, new PixelRect(0, Width, Height, 0));
            return;
        }

        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        plots.Render(surface.Canvas, new PixelRect(0, Width, Height, 0));
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(file);
    }

    private static void DrawOverTime(Plot plot, IReadOnlyList<TurnSample> samples)
    {
        var spoken = Spoken(samples);
        Points(plot, spoken, sample => sample.FirstSpeech!.Value, "first speech", null);
        // Where it came later: that of the others lies under the first speech.
        var answers = spoken.Where(sample => sample.FirstAnswer > sample.FirstSpeech).ToList();
        if (answers.Count > 0)
        {
            Points(plot, answers, sample => sample.FirstAnswer!.Value, "first answer, after a filler", Colors.DarkOrange);
            plot.ShowLegend();
        }

        var failed = samples.Where(sample => sample.Error is not null).ToList();
        if (failed.Count > 0)
        {
            var marks = Points(plot, failed, sample => sample.Whole, "failed", Colors.Red);
            marks.MarkerShape = MarkerShape.Eks;
            marks.MarkerSize = 7;
            plot.ShowLegend();
        }

        plot.Title("First speech over the run");
        plot.XLabel("a turn was meant to begin after (s)");
        plot.YLabel("ms");
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, Math.Max(1, plot.Axes.GetLimits().Top));
    }

    private static void DrawDistribution(Plot plot, IReadOnlyList<TurnSample> samples, LoadReport report)
    {
        var values = Spoken(samples).Select(sample => sample.FirstSpeech!.Value.TotalMilliseconds).ToArray();
        if (values.Length > 0)
        {
            // All values alike would make bins without a width.
            var (least, most) = (values.Min(), Math.Max(values.Max(), values.Min() + 1));
            var histogram = ScottPlot.Statistics.Histogram.WithBinCount(Bins, least, most);
            histogram.AddRange(values);
            plot.Add.Histogram(histogram);
            foreach (var percentile in new[] { report.FirstSpeech.P50, report.FirstSpeech.P95, report.FirstSpeech.P99 })
            {
                plot.Add.VerticalLine(percentile, 1, Colors.Black, LinePattern.Dashed);
            }
        }

        plot.Title(string.Create(CultureInfo.InvariantCulture, $"How first speech is distributed: p50 {report.FirstSpeech.P50:0} ms, p95 {report.FirstSpeech.P95:0} ms, p99 {report.FirstSpeech.P99:0} ms"));
        plot.XLabel("ms");
        plot.YLabel("turns");
        plot.Axes.Margins(bottom: 0);
    }

    private static ScottPlot.Plottables.Scatter Points(Plot plot, List<TurnSample> samples, Func<TurnSample, TimeSpan> time, string legend, Color? colour)
    {
        var points = plot.Add.ScatterPoints(samples.Select(sample => sample.Intended.TotalSeconds).ToArray(), samples.Select(sample => time(sample).TotalMilliseconds).ToArray(), colour);
        points.MarkerSize = 4;
        points.LegendText = legend;
        return points;
    }

    private static List<TurnSample> Spoken(IReadOnlyList<TurnSample> samples) =>
        [.. samples.Where(sample => sample is { Error: null, FirstSpeech: not null })];
}
