using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caller.Check;

/// <summary>The report for a terminal: one line per check, and under the table what to do about each that failed.</summary>
internal static class CheckTable
{
    private const int NarrowWidth = 90;

    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Dim = new(Color.Grey);
    private static readonly Padding Indent = new(5, 0, 0, 0);

    /// <param name="console">The terminal.</param>
    /// <param name="report">What to show.</param>
    /// <param name="brief">Count the checks that hold instead of listing them, and leave out how to mend the others.</param>
    public static void Write(IAnsiConsole console, CheckReport report, bool brief = false)
    {
        if (report.IsUnanswered)
        {
            WriteNoServer(console, report);
            return;
        }

        if (report.StoppedBecause is { } why)
        {
            console.Write(new Text($"The run was over early: {why}.", new Style(Color.Red, decoration: Decoration.Bold)));
            console.WriteLine();
        }

        console.Write(console.Profile.Width < NarrowWidth ? Lines(report, brief) : Wide(report, brief));
        foreach (var reason in report.Results.Where(result => result.Verdict.Outcome == Outcome.NotRun).GroupBy(result => result.Verdict.Seen))
        {
            console.Write(new Text($"{reason.Count()} more checks were not run: {reason.Key}.", Style(reason.First())));
            console.WriteLine();
        }

        if (!brief)
        {
            WriteMending(console, report);
        }

        console.WriteLine();
        console.Write(new Text(Summary(report), new Style(report.Passes ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        console.WriteLine();
    }

    // The one thing to know; a hundred lines of what was not tried would hide it.
    private static void WriteNoServer(IAnsiConsole console, CheckReport report)
    {
        console.Write(new Text(NoServer(report), new Style(Color.Red, decoration: Decoration.Bold)));
        console.WriteLine();
        WriteMending(console, report);
    }

    private static string NoServer(CheckReport report) => $"No server there. None of the {report.Results.Count} checks could be made.";

    public static string Summary(CheckReport report)
    {
        if (report.IsUnanswered)
        {
            return NoServer(report);
        }

        var required = report.Results.Count(result => result.Check.Level == CheckLevel.Required);
        var advised = report.Results.Count - required;
        var failed = report.Results.Count(result => result.Blocks && result.Verdict.Outcome == Outcome.Failed);
        return (report.Passes ? "All required checks hold. " : failed == 0 ? "Not all required checks were run. " : $"{failed} required {(failed == 1 ? "check does" : "checks do")} not hold. ")
            + $"Required: {Counts(Of(report, CheckLevel.Required))} of {required}. Advised: {Counts(Of(report, CheckLevel.Advised))} of {advised}. "
            + $"{report.Requests} {(report.Requests == 1 ? "request" : "requests")} in {report.Took.TotalSeconds:0.0} s.";
    }

    private static Table Wide(CheckReport report, bool brief)
    {
        var table = new Table().Border(TableBorder.Simple).Expand();
        table.AddColumn(new TableColumn("").NoWrap().Width(4));
        table.AddColumn(new TableColumn("check").NoWrap());
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn("seen");
        foreach (var group in Groups(report))
        {
            table.AddRow(new Text(""), new Text(group.Key, Bold), new Text(""), new Text(brief ? Counts([.. group]) : "", Dim));
            foreach (var result in Shown(group, brief))
            {
                table.AddRow(new Text(Mark(result), Style(result)), new Text($"  {result.Check.Id}"), new Text(Level(result), Dim), Seen(result));
            }
        }

        return table;
    }

    // Beside the names of the checks nothing could be read.
    private static Rows Lines(CheckReport report, bool brief)
    {
        var rows = new List<IRenderable>();
        foreach (var group in Groups(report))
        {
            rows.Add(new Text(group.Key, Bold));
            rows.AddRange(brief ? [new Padder(new Text(Counts([.. group]), Dim), Indent)] : []);
            foreach (var result in Shown(group, brief))
            {
                rows.Add(new Text($"{Mark(result),-4} {result.Check.Id} ({Level(result)})", Style(result)));
                rows.Add(new Padder(Seen(result), Indent));
            }
        }

        return new Rows(rows);
    }

    private static IEnumerable<IGrouping<string, CheckResult>> Groups(CheckReport report) =>
        report.Results.Where(result => result.Verdict.Outcome != Outcome.NotRun).GroupBy(result => result.Check.Group);

    private static IEnumerable<CheckResult> Shown(IEnumerable<CheckResult> group, bool brief) =>
        group.Where(result => !brief || result.Verdict.Outcome == Outcome.Failed);

    private static Text Seen(CheckResult result) =>
        new(result.Verdict.Seen, result.Verdict.Outcome == Outcome.Held ? Spectre.Console.Style.Plain : Style(result));

    private static string Level(CheckResult result) => result.Check.Level == CheckLevel.Required ? "required" : "advised";

    private static void WriteMending(IAnsiConsole console, CheckReport report)
    {
        foreach (var result in report.Results.Where(result => result.Verdict.Outcome == Outcome.Failed))
        {
            console.Write(new Text($"{Mark(result)} {result.Check.Id}", Style(result)));
            console.WriteLine();
            var rows = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();
            rows.AddRow(new Text("contract", Dim), new Text(result.Check.Contract));
            rows.AddRow(new Text("seen", Dim), new Text(result.Verdict.Seen));
            rows.AddRow(new Text("mend", Dim), new Text(result.Check.Mend));
            rows.AddRow(new Text("source", Dim), new Text(result.Check.Source.ToString()));
            console.Write(rows);
        }
    }

    private static string Counts(IReadOnlyList<CheckResult> results)
    {
        int Count(Outcome outcome) => results.Count(result => result.Verdict.Outcome == outcome);
        return $"{Count(Outcome.Held)} held, {Count(Outcome.Failed)} failed, {Count(Outcome.NotApplicable)} not applicable"
            + (Count(Outcome.NotRun) is var notRun and > 0 ? $", {notRun} not run" : "");
    }

    private static List<CheckResult> Of(CheckReport report, CheckLevel level) => [.. report.Results.Where(result => result.Check.Level == level)];

    private static string Mark(CheckResult result) => result.Verdict.Outcome switch
    {
        Outcome.Held => "ok",
        Outcome.Failed => result.Check.Level == CheckLevel.Required ? "FAIL" : "warn",
        _ => "n/a",
    };

    private static Style Style(CheckResult result) => new(result.Verdict.Outcome switch
    {
        Outcome.Held => Color.Green,
        Outcome.Failed => result.Check.Level == CheckLevel.Required ? Color.Red : Color.Yellow,
        Outcome.NotApplicable => Color.Grey,
        _ => Color.Red,
    });
}
