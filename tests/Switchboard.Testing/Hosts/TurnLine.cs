using System.Globalization;

namespace Switchboard.Testing;

/// <summary>The line that a turn leaves, with its times.</summary>
internal sealed record TurnLine(string? Outcome, string? Error, TimeSpan? FirstSpeech, TimeSpan Total)
{
    /// <summary>The last turn of the model <c>voice</c>.</summary>
    public static TurnLine Of(TestHost host)
    {
        var line = host.Logs.GetSnapshot().Last(record => record.Id.Id == 100 && record.GetStructuredStateValue("Model") == "voice");
        return new(
            line.GetStructuredStateValue("Outcome"),
            line.GetStructuredStateValue("Error"),
            line.GetStructuredStateValue("FirstSpeechMs") is { } speech ? Milliseconds(speech) : null,
            Milliseconds(line.GetStructuredStateValue("TotalMs")!));
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));
}
