using System.Text.Json;

namespace Caller.Load;

/// <summary>The report for programs; times in milliseconds.</summary>
internal static class LoadJson
{
    public static void Write(Stream output, string address, LoadOptions options, LoadReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("address", address);
        json.WriteString("model", options.Model);
        json.WriteString("loop", options.Rate is null ? "closed" : "open");
        if (options.Rate is { } rate)
        {
            json.WriteNumber("rate", rate);
        }

        json.WriteNumber("maxCalls", options.Calls);
        json.WriteNumber("durationMs", options.Duration.TotalMilliseconds);
        json.WriteNumber("thinkMs", options.Think.TotalMilliseconds);
        json.WriteNumber("elapsedMs", Math.Round(report.Elapsed.TotalMilliseconds));
        json.WriteNumber("calls", report.Calls);
        json.WriteNumber("turns", report.Turns);
        json.WriteNumber("failed", report.Failed);
        json.WriteNumber("cutOff", report.CutOff);
        json.WriteNumber("neverBegun", report.NeverBegun);
        json.WriteStartObject("errors");
        foreach (var (kind, count) in report.Errors)
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
        Write(json, "firstSpeech", report.FirstSpeech);
        Write(json, "firstAnswer", report.FirstAnswer);
        Write(json, "gap", report.Gaps);
        Write(json, "turn", report.Whole);
        Write(json, "sending", report.Sending);
        Write(json, "toolLate", report.Late);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Percentiles values)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", values.Count);
        json.WriteNumber("mean", Math.Round(values.Mean, 3));
        json.WriteNumber("p50", values.P50);
        json.WriteNumber("p90", values.P90);
        json.WriteNumber("p95", values.P95);
        json.WriteNumber("p99", values.P99);
        json.WriteNumber("p999", values.P999);
        json.WriteNumber("max", values.Max);
        json.WriteEndObject();
    }
}
