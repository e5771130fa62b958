namespace Switchboard.Telemetry;

/// <summary>Makes text from a request fit for a log line: ids come from outside, and a line break in one could forge a log entry.</summary>
internal static class LogText
{
    private const int MaxLength = 128;

    public static string? Clean(string? text)
    {
        if (text is null || (text.Length <= MaxLength && !text.Any(char.IsControl)))
        {
            return text;
        }

        var cut = text.Length > MaxLength ? $"{text.AsSpan(0, MaxLength)}…" : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                span[index] = char.IsControl(source[index]) ? '_' : source[index];
            }
        });
    }
}
