using System.Globalization;
using System.Text;

namespace Benchmarks.Gateways;

/// <summary>Writes what was measured, as a block of <c>docs/performance.md</c>.</summary>
internal static class GatewayReport
{
    private const string Start = "<!-- gateway: written by the harness -->";
    private const string End = "<!-- /gateway -->";

    public static string Write(IReadOnlyCollection<Duel> duels, IReadOnlyCollection<Crowd> crowds)
    {
        var text = new StringBuilder();
        text.AppendLine("| | | Switchboard | YARP | ratio | asked for |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var duel in duels)
        {
            Write(text, duel);
        }

        foreach (var crowd in crowds)
        {
            Write(text, crowd);
        }

        if (crowds.Count > 0)
        {
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"Of the {crowds.Sum(crowd => Crowd.Streams * crowd.Tokens * crowd.Switchboard.Count):N0} tokens that Switchboard passed on to the thousand, none was dropped, reordered or altered.");
        }

        return text.ToString();
    }

    /// <summary>Puts the report between its marks in a page.</summary>
    /// <exception cref="InvalidOperationException">The page has no marks.</exception>
    public static void Insert(string path, string report)
    {
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Start, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            throw new InvalidOperationException($"{path} has no marks '{Start}' and '{End}'.");
        }

        File.WriteAllText(path, $"{page[..(start + Start.Length)]}\n{report}{page[end..]}");
    }

    private static void Write(StringBuilder text, Duel duel)
    {
        var (ours, theirs) = (duel.Switchboard, duel.Yarp);
        var title = $"50 streams, {duel.Title}";
        Write(text, title, "CPU per token (µs)", Series.Quantile(ours.CpuPerToken, 0.5), Series.Quantile(theirs.CpuPerToken, 0.5), duel.CpuRatio, duel.Limits.CpuPerToken);
        Write(text, title, "first token, median (ms)", Series.Quantile(ours.FirstTokens, 0.5), Series.Quantile(theirs.FirstTokens, 0.5), duel.MedianRatio, duel.Limits.MedianFirstToken);
        Write(text, title, "first token, 99th percentile (ms)", Series.Quantile(ours.FirstTokens, 0.99), Series.Quantile(theirs.FirstTokens, 0.99), duel.TailRatio, duel.Limits.TailFirstToken);
        WriteWhole(text, title, "tokens per second", ours.TokensPerSecond, theirs.TokensPerSecond);
    }

    private static void Write(StringBuilder text, Crowd crowd)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"{Crowd.Streams:N0} streams, {crowd.Title}");
        WriteWhole(text, title, "most streams between their first and last token", Median(crowd.Switchboard, round => round.MostOpen), Median(crowd.Yarp, round => round.MostOpen));
        WriteWhole(text, title, "tokens per second", Median(crowd.Switchboard, round => round.TokensPerSecond), Median(crowd.Yarp, round => round.TokensPerSecond));
        Write(text, title, "resident before (MB)", Median(crowd.Switchboard, round => round.Idle / 1e6), Median(crowd.Yarp, round => round.Idle / 1e6));
        Write(text, title, "most resident while they ran (MB)", Median(crowd.Switchboard, round => round.Peak / 1e6), Median(crowd.Yarp, round => round.Peak / 1e6));
        Write(text, title, "memory per open stream (kB)", Median(crowd.Switchboard, round => round.PerStream / 1e3), Median(crowd.Yarp, round => round.PerStream / 1e3), crowd.MemoryRatio, Crowd.MemoryLimit);
    }

    private static double Median(IEnumerable<CrowdSample> rounds, Func<CrowdSample, double> value) => Series.Quantile(rounds.Select(value), 0.5);

    private static void WriteWhole(StringBuilder text, string title, string what, double ours, double theirs) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | {what} | {ours:N0} | {theirs:N0} | {ours / theirs:F2} | |");

    private static void Write(StringBuilder text, string title, string what, double ours, double theirs, double? ratio = null, double? limit = null) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | {what} | {ours:F2} | {theirs:F2} | {ratio ?? (ours / theirs):F2} | {limit} |");
}
