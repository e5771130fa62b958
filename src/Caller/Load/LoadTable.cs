using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caller.Load;

/// <summary>The report for a terminal.</summary>
internal static class LoadTable
{
    public static IRenderable Of(LoadReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("ms").NoWrap());
        foreach (var name in new[] { "count", "mean", "p50", "p90", "p95", "p99", "p99.9", "max" })
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        Add(table, "first speech", report.FirstSpeech);
        if (report.FirstAnswer.Count > 0)
        {
            Add(table, "first answer", report.FirstAnswer);
        }

        Add(table, "gap", report.Gaps);
        Add(table, "whole turn", report.Whole);
        Add(table, "sending", report.Sending);
        Add(table, "tool late", report.Late);
        var rows = new List<IRenderable> { new Text(Line(report)), table };
        rows.AddRange(report.Errors.Select(error => new Text(string.Create(CultureInfo.InvariantCulture, $"{error.Value,8} x {error.Key}"), new Style(Color.Red))));
        return new Rows(rows);
    }

    /// <summary>The state in one line, for a log.</summary>
    public static string Line(LoadReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Elapsed.TotalSeconds,6:0.0} s  {report.Active} calls going on, {report.Calls} begun, {report.Turns} turns, {report.Failed} failed"
        + $"{(report.CutOff > 0 ? $", {report.CutOff} cut off at the end" : "")}{(report.NeverBegun > 0 ? $", {report.NeverBegun} calls never got a line" : "")}"
        + $"; first speech {(report.FirstSpeech.Count == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"p50 {report.FirstSpeech.P50:0} ms, p95 {report.FirstSpeech.P95:0} ms"))}");

    /// <summary>The state before any call has begun.</summary>
    public static string FirstTurnLine(LoadReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Elapsed.TotalSeconds,6:0.0} s  waiting for the answer to a first turn, which is not counted");

    private static void Add(Table table, string name, Percentiles values) => table.AddRow(
        [name, values.Count.ToString(CultureInfo.InvariantCulture), .. new[] { values.Mean, values.P50, values.P90, values.P95, values.P99, values.P999, values.Max }
            .Select(value => values.Count == 0 ? "-" : value.ToString(value < 10 ? "0.00" : value < 1000 ? "0.0" : "0", CultureInfo.InvariantCulture))]);
}
