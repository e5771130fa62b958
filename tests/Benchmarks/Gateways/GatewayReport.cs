using System.Globalization;
using System.Text;

namespace Benchmarks.Gateways;

/// <summary>Writes what was measured, as a block of <c>docs/performance.md</c>.</summary>
internal static class GatewayReport
{
    private const string Start = "<!-- gateway: written by the harness -->";
    private const string End = "<!-- /gateway -->";

    public static string Write(Duel paced, Duel unpaced, Crowd crowd)
    {
        var text = new StringBuilder();
        text.AppendLine("| 50 streams at once | | Switchboard | YARP | ratio | asked for |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: |");
        Write(text, paced);
        Write(text, unpaced);
        text.AppendLine();
        text.AppendLine("| 1,000 streams at once through Switchboard | | asked for |");
        text.AppendLine("| --- | ---: | ---: |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| tokens checked, none dropped, reordered or altered | {Crowd.Streams * Crowd.Tokens:N0} | all |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| most streams between their first and last token | {crowd.MostOpen:N0} | |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| tokens per second | {crowd.TokensPerSecond:N0} | |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| resident before (MB) | {crowd.Idle / 1e6:F1} | |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| resident when the last stream had its first token (MB) | {crowd.Open / 1e6:F1} | |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| most resident while they ran (MB) | {crowd.Peak / 1e6:F1} | |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| most added per open stream (kB) | {crowd.PerStream / 1e3:F1} | 40 |");
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
        var ours = duel.Switchboard;
        var theirs = duel.Yarp;
        // The first token's limits were asked for where tokens are paced.
        var isPaced = duel.Load.Pace > TimeSpan.Zero;
        Write(text, duel, "CPU per token (µs)", Series.Quantile(ours.CpuPerToken, 0.5), Series.Quantile(theirs.CpuPerToken, 0.5), duel.CpuRatio, duel.CpuLimit);
        Write(text, duel, "first token, median (ms)", Series.Quantile(ours.FirstTokens, 0.5), Series.Quantile(theirs.FirstTokens, 0.5), duel.MedianRatio, isPaced ? 1.2 : null);
        Write(text, duel, "first token, 99th percentile (ms)", Series.Quantile(ours.FirstTokens, 0.99), Series.Quantile(theirs.FirstTokens, 0.99), duel.TailRatio, isPaced ? 1.5 : null);
        text.AppendLine(CultureInfo.InvariantCulture, $"| {duel.Title} | tokens per second | {ours.TokensPerSecond:N0} | {theirs.TokensPerSecond:N0} | {ours.TokensPerSecond / theirs.TokensPerSecond:F2} | |");
    }

    private static void Write(StringBuilder text, Duel duel, string what, double ours, double theirs, double ratio, double? limit) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"| {duel.Title} | {what} | {ours:F2} | {theirs:F2} | {ratio:F2} | {limit} |");
}
