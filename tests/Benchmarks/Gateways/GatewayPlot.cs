using ScottPlot;
using SkiaSharp;

namespace Benchmarks.Gateways;

/// <summary>Draws the rounds' CPU per token, and how soon the first token came, and what a stream adds to the memory.</summary>
internal static class GatewayPlot
{
    private const int Width = 1600;
    private const int Height = 400;

    private static readonly Color Ours = Color.FromHex("#1f77b4");
    private static readonly Color Theirs = Color.FromHex("#ff7f0e");

    public static void Save(string path, Duel paced, Duel unpaced, IReadOnlyList<Crowd> crowds)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var figure = new Multiplot();
        figure.AddPlots(4);
        figure.Layout = new ScottPlot.MultiplotLayouts.Columns();
        DrawCpu(figure.GetPlot(0), paced);
        DrawCpu(figure.GetPlot(1), unpaced);
        DrawFirstTokens(figure.GetPlot(2), paced);
        DrawMemory(figure.GetPlot(3), crowds);
        using var file = File.Create(path);
        using var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), file);
        figure.Render(canvas, new PixelRect(0, Width, Height, 0));
    }

    private static void DrawCpu(Plot plot, Duel duel)
    {
        plot.Title($"CPU per token, {duel.Title}");
        plot.XLabel("round");
        plot.YLabel("µs");
        AddRounds(plot, duel.Switchboard, Ours);
        AddRounds(plot, duel.Yarp, Theirs);
        plot.Axes.SetLimitsY(0, 1.4 * duel.Switchboard.CpuPerToken.Concat(duel.Yarp.CpuPerToken).Max());
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void AddRounds(Plot plot, Series series, Color color)
    {
        var line = plot.Add.Scatter(Enumerable.Range(1, series.CpuPerToken.Length).Select(round => (double)round).ToArray(), series.CpuPerToken, color);
        line.LegendText = series.Name;
    }

    private static void DrawFirstTokens(Plot plot, Duel duel)
    {
        plot.Title($"First token, {duel.Title}");
        plot.XLabel("ms");
        plot.YLabel("% of turns");
        AddShares(plot, duel.Switchboard, Ours);
        AddShares(plot, duel.Yarp, Theirs);
        plot.Axes.SetLimits(0, 1.2 * Series.Quantile(duel.Switchboard.FirstTokens.Concat(duel.Yarp.FirstTokens), 0.99), 0, 101);
        plot.ShowLegend(Alignment.LowerRight);
    }

    private static void AddShares(Plot plot, Series series, Color color)
    {
        var first = series.FirstTokens;
        var line = plot.Add.ScatterLine(first, [.. first.Select((_, index) => 100.0 * (index + 1) / first.Length)], color);
        line.LegendText = series.Name;
    }

    private static void DrawMemory(Plot plot, IReadOnlyList<Crowd> crowds)
    {
        plot.Title("Memory per open stream");
        plot.YLabel("kB");
        AddBars(plot, "Switchboard", Ours, crowds.Select(crowd => crowd.Switchboard), offset: -0.2);
        AddBars(plot, "YARP", Theirs, crowds.Select(crowd => crowd.Yarp), offset: 0.2);
        plot.Axes.Bottom.SetTicks([.. crowds.Select((_, index) => (double)index)], [.. crowds.Select(crowd => crowd.Title)]);
        plot.Axes.SetLimitsY(0, 1.4e-3 * crowds.SelectMany(crowd => crowd.Switchboard.Concat(crowd.Yarp)).Max(round => round.PerStream));
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void AddBars(Plot plot, string name, Color color, IEnumerable<IReadOnlyList<CrowdSample>> crowds, double offset)
    {
        var bars = plot.Add.Bars(crowds.Select((rounds, index) => new Bar
        {
            Position = index + offset,
            Value = Series.Quantile(rounds.Select(round => round.PerStream / 1e3), 0.5),
            Size = 0.35,
            FillColor = color,
        }).ToList());
        bars.LegendText = name;
    }
}
