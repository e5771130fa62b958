using System.Globalization;

namespace Switchboard.Telemetry;

/// <summary>Makes text from a request fit for a log line: ids come from outside, and a line break in one could forge a log entry.</summary>
internal static class LogText
{
    private const int MaxLength = 128;

    public static string? Clean(string? text)
    {
        if (text is null || (text.Length <= MaxLength && !text.Any(IsUnfit)))
        {
            return text;
        }

        var cut = text.Length > MaxLength ? $"{text.AsSpan(0, MaxLength)}…" : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                span[index] = IsUnfit(source[index]) ? '_' : source[index];
            }
        });
    }

    // Line ends of any kind, and marks that reverse the direction of the text after them.
    private static bool IsUnfit(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
