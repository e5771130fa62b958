using System.Globalization;
using System.Text.Encodings.Web;

namespace Caller.Check;

/// <summary>The report as one HTML file that needs nothing else. Whatever the server said is escaped.</summary>
internal static class CheckHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--ok:#1a7f37;--fail:#c62828;--warn:#9a6700;--dim:#777}
        body{font:15px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;table-layout:fixed}th:nth-child(1){width:44%}th:nth-child(2){width:5rem}th:nth-child(3){width:8rem}th{text-align:left;color:var(--dim);font-weight:normal}
        td,th{padding:.35rem .6rem;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
        h2{margin:2rem 0 .3rem;font-size:1.05rem}code{font-size:.93em}
        .held{color:var(--ok)}.failed.required,.not-run{color:var(--fail);font-weight:bold}.failed.advised{color:var(--warn);font-weight:bold}
        .not-applicable,.dim{color:var(--dim)}details{margin:.2rem 0}.verdict{font-size:1.15rem;font-weight:bold}
        """;

    public static void Write(TextWriter html, CheckReport report)
    {
        html.Write($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>caller check: {Escape(report.Address)}</title>
            <style>{Style}</style></head><body>
            <h1>caller check</h1>
            <p><code>{Escape(report.Address)}</code>, model <code>{Escape(report.Model)}</code>, {report.At.ToString("u", CultureInfo.InvariantCulture)}</p>
            <p class="verdict {(report.Passes ? "held" : "failed required")}">{Escape(CheckTable.Summary(report))}</p>

            """);
        foreach (var group in report.Results.GroupBy(result => result.Check.Group))
        {
            html.Write($"""
                <h2>{Escape(group.Key)}</h2>
                <table><thead><tr><th>check</th><th>level</th><th>outcome</th><th>seen</th></tr></thead><tbody>

                """);
            foreach (var result in group)
            {
                WriteRow(html, result);
            }

            html.Write("</tbody></table>\n");
        }

        html.Write("</body></html>\n");
    }

    private static void WriteRow(TextWriter html, CheckResult result)
    {
        var level = result.Check.Level == CheckLevel.Required ? "required" : "advised";
        var outcome = CheckJson.Name(result.Verdict.Outcome);
        html.Write($"""
            <tr><td><details{(result.Verdict.Outcome == Outcome.Failed ? " open" : "")}><summary><code>{Escape(result.Check.Id)}</code></summary>
            {Escape(result.Check.Contract)} <a href="{Escape(result.Check.Source.ToString())}">source</a><br><span class="dim">To mend:</span> {Escape(result.Check.Mend)}</details></td>
            <td class="dim">{level}</td><td class="{outcome} {level}">{outcome}</td><td>{Escape(result.Verdict.Seen)}</td></tr>

            """);
    }

    private static string Escape(string text) => HtmlEncoder.Default.Encode(text);
}
