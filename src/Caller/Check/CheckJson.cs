using System.Text.Json;
using Caller.Platform;

namespace Caller.Check;

/// <summary>The report for programs.</summary>
internal static class CheckJson
{
    public static void Write(Stream output, CheckReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("address", report.Address);
        json.WriteString("model", report.Model);
        if (report.Platform != VoicePlatforms.ImsName)
        {
            json.WriteString("platform", report.Platform);
        }

        json.WriteString("at", report.At);
        json.WriteNumber("tookMs", Math.Round(report.Took.TotalMilliseconds));
        json.WriteNumber("requests", report.Requests);
        json.WriteBoolean("passes", report.Passes);
        if (report.StoppedBecause is { } why)
        {
            json.WriteString("stoppedBecause", why);
        }

        json.WriteStartArray("checks");
        foreach (var (check, verdict) in report.Results)
        {
            json.WriteStartObject();
            WriteCheck(json, check);
            json.WriteString("outcome", Name(verdict.Outcome));
            json.WriteString("seen", verdict.Seen);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The catalogue alone, for <c>--list --json</c>.</summary>
    public static void WriteList(Stream output, IReadOnlyList<Check> checks)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var check in checks)
        {
            json.WriteStartObject();
            WriteCheck(json, check);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Held => "held",
        Outcome.Failed => "failed",
        Outcome.NotApplicable => "not-applicable",
        _ => "not-run",
    };

    private static void WriteCheck(Utf8JsonWriter json, Check check)
    {
        json.WriteString("id", check.Id);
        json.WriteString("group", check.Group);
        json.WriteString("level", check.Level == CheckLevel.Required ? "required" : "advised");
        json.WriteString("contract", check.Contract);
        json.WriteString("source", check.Source.ToString());
        json.WriteString("mend", check.Mend);
    }
}
