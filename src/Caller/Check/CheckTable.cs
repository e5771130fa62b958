using Spectre.Console;

namespace Caller.Check;

/// <summary>The report for a terminal: one line per check, and under the table what to do about each that failed.</summary>
internal static class CheckTable
{
    public static void Write(IAnsiConsole console, CheckReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Expand();
        table.AddColumn(new TableColumn("").NoWrap().Width(4));
        table.AddColumn(new TableColumn("check").NoWrap());
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn("seen");
        var group = "";
        foreach (var result in report.Results)
        {
            if (group != result.Check.Group)
            {
                group = result.Check.Group;
                table.AddRow(new Text(""), new Text(group, new Style(decoration: Decoration.Bold)), new Text(""), new Text(""));
            }

            table.AddRow(
                new Text(Mark(result), Style(result)),
                new Text($"  {result.Check.Id}"),
                new Text(result.Check.Level == CheckLevel.Required ? "required" : "advised", new Style(Color.Grey)),
                new Text(result.Verdict.Seen, result.Verdict.Outcome == Outcome.Held ? Spectre.Console.Style.Plain : Style(result)));
        }

        console.Write(table);
        foreach (var result in report.Results.Where(result => result.Verdict.Outcome == Outcome.Failed))
        {
            console.Write(new Text($"{Mark(result)} {result.Check.Id}", Style(result)));
            console.WriteLine();
            var rows = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2)).AddColumn();
            rows.AddRow(new Text("contract", new Style(Color.Grey)), new Text(result.Check.Contract));
            rows.AddRow(new Text("seen", new Style(Color.Grey)), new Text(result.Verdict.Seen));
            rows.AddRow(new Text("mend", new Style(Color.Grey)), new Text(result.Check.Mend));
            rows.AddRow(new Text("source", new Style(Color.Grey)), new Text(result.Check.Source.ToString()));
            console.Write(rows);
        }

        console.WriteLine();
        console.Write(new Text(Summary(report), new Style(report.Passes ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        console.WriteLine();
    }

    public static string Summary(CheckReport report)
    {
        var required = report.Results.Count(result => result.Check.Level == CheckLevel.Required);
        var advised = report.Results.Count - required;
        var blocking = report.Results.Count(result => result.Blocks);
        return (report.Passes ? "All required checks hold. " : $"{blocking} required {(blocking == 1 ? "check does" : "checks do")} not hold. ")
            + $"Required: {Counts(report, CheckLevel.Required)} of {required}. Advised: {Counts(report, CheckLevel.Advised)} of {advised}. "
            + $"{report.Requests} requests in {report.Took.TotalSeconds:0.0} s.";
    }

    private static string Counts(CheckReport report, CheckLevel level)
    {
        var notRun = report.Count(level, Outcome.NotRun);
        return $"{report.Count(level, Outcome.Held)} held, {report.Count(level, Outcome.Failed)} failed, {report.Count(level, Outcome.NotApplicable)} not applicable"
            + (notRun > 0 ? $", {notRun} not run" : "");
    }

    private static string Mark(CheckResult result) => result.Verdict.Outcome switch
    {
        Outcome.Held => "ok",
        Outcome.Failed => result.Check.Level == CheckLevel.Required ? "FAIL" : "warn",
        Outcome.NotApplicable => "n/a",
        _ => "----",
    };

    private static Style Style(CheckResult result) => new(result.Verdict.Outcome switch
    {
        Outcome.Held => Color.Green,
        Outcome.Failed => result.Check.Level == CheckLevel.Required ? Color.Red : Color.Yellow,
        Outcome.NotApplicable => Color.Grey,
        _ => Color.Red,
    });
}
