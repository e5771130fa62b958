using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Switchboard.Transcripts;

/// <summary>
/// Makes keys of the table service from ids that others chose: a key has at most 512 characters and none of <c>/ \ # ?</c> and the control
/// characters.
/// </summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#characters-disallowed-in-key-fields</remarks>
internal static class TableKey
{
    /// <summary>The row of the call itself; it sorts before every turn, and so does <see cref="AfterCalls"/>, which sorts after it.</summary>
    public const string Call = "!call";

    public const string AfterCalls = "!~";

    /// <summary>How the rows begin of the tools that ran for a call; they sort between both, so that nobody takes one for a turn.</summary>
    public const string Run = "!run-";

    /// <summary>Sorts after all of them.</summary>
    public const string AfterRuns = "!run.";

    // The partition, among the calls by their day, that names the calls for which tools have run on one.
    private const string RunDay = "runs-";

    /// <summary>Sorts after the rows of a call that tell of all of it, and before every other.</summary>
    public const string AfterCallRows = "!calm";

    /// <summary>The row of what the platform told of a call.</summary>
    public const string Events = $"{Call}{OwnerMark}{CallEvent.Owner}";

    /// <summary>Rows of what the platform told of turns begin so. They sort after those of calls, and before <see cref="AfterCalls"/>.</summary>
    public const string EventsOfTurn = "!turn-";

    public const string AfterEventsOfTurn = "!turn.";

    // What stands in the place of an id in the address of the overview.
    private const string Overview = "overview";

    // All that is no turn.
    private const char Other = '!';

    // Stands in no text that Of has made: after a tilde come four hex digits or another tilde.
    private const string OwnerMark = "~k";

    // The ticks of a day's row and the hyphen after them.
    private const int CallOffset = 20;

    private const int MaxLength = 400;
    private const int KeptOfLong = 300;

    /// <summary>The text with every character but ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c> as <c>~</c> and its four hex digits; a long one ends in its digest.</summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxLength && text.All(IsPlain))
        {
            return text;
        }

        var key = new StringBuilder(Math.Min(text.Length * 5, MaxLength + 5));
        for (var index = 0; index < text.Length && key.Length <= MaxLength; index++)
        {
            _ = IsPlain(text[index]) ? key.Append(text[index]) : key.Append(CultureInfo.InvariantCulture, $"~{(int)text[index]:x4}");
        }

        // Two tildes in a row are in no other key.
        return key.Length <= MaxLength ? key.ToString() : $"{key.ToString(0, KeptOfLong)}~~{Digest(text)}";
    }

    /// <summary>
    /// An id as it is kept: one that is very long, could not be stored as it is, would be taken out of an address by those who send it, or would
    /// name the overview there, has its digest instead of the rest.
    /// </summary>
    /// <remarks>https://url.spec.whatwg.org/#double-dot-path-segment</remarks>
    public static string Id(string text)
    {
        var clean = StoredText.Clean(text);
        return text.Length <= MaxLength && ReferenceEquals(clean, text) && text is not ("." or ".." or Overview) ? text : $"{StoredText.Fit(clean, KeptOfLong)}~{Digest(text)}";
    }

    /// <summary>
    /// The row that belongs to the key with this name: another platform that sends the same ids gets rows of its own. Null for a row from
    /// before keys were kept.
    /// </summary>
    public static string Owned(string row, string? key) => key is null ? row : $"{row}{OwnerMark}{key}";

    /// <summary>Whose row it is; null for one from before keys were kept.</summary>
    public static string? OwnerOf(string row) => row.LastIndexOf(OwnerMark, StringComparison.Ordinal) is >= 0 and var mark ? row[(mark + OwnerMark.Length)..] : null;

    /// <summary>The partition of a call, and whose it is, by its row among those of its day.</summary>
    public static (string Call, string? Key) CallOf(string dayRow) => Unowned(dayRow[CallOffset..]);

    /// <summary>Whether a row of a day, or of the runs of one, names the call of this partition.</summary>
    public static bool IsOfCall(string day, string row, string call) =>
        row.AsSpan(day.StartsWith(RunDay, StringComparison.Ordinal) ? 0 : CallOffset) is var named && named.StartsWith(call, StringComparison.Ordinal)
            && (named.Length == call.Length || named[call.Length..].StartsWith(OwnerMark, StringComparison.Ordinal));

    /// <summary>A row without whose it is, and that.</summary>
    public static (string Row, string? Key) Unowned(string row) => OwnerOf(row) is { } key ? (row[..^(OwnerMark.Length + key.Length)], key) : (row, null);

    /// <summary>The partition of the calls for which tools ran on a day; they sort as their days do.</summary>
    public static string OfRuns(DateOnly day) => RunDay + Of(day);

    /// <summary>The first of them.</summary>
    public const string FirstRuns = RunDay;

    public static bool IsRun(string row) => row.StartsWith(Run, StringComparison.Ordinal);

    public static bool IsTurn(string row) => row[0] != Other;

    public static bool IsCall(string row) => row.StartsWith(Call, StringComparison.Ordinal);

    /// <summary>
    /// The row of a turn: the same for every request about the same words with one key. Numbers come in their order; a turn that the platform does
    /// not name has the time of its start.
    /// </summary>
    public static string Of(TurnTranscript turn) => Owned(Sentence(turn), turn.Key);

    /// <summary>Whether turns with these rows stand in their order: they are all numbered, or all have their time.</summary>
    public static bool AreOrdered(IReadOnlyList<string> rows) => rows.All(row => row[0] == rows[0][0]) && !rows.Any(row => row.StartsWith('t'));

    /// <summary>The partition of a day's calls.</summary>
    public static string Of(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The row of a call among those of its day: the newest comes first.</summary>
    public static string OfDay(DateTimeOffset startedAt, string call) => $"{DateTimeOffset.MaxValue.UtcTicks - startedAt.UtcTicks:d19}-{call}";

    /// <summary>The row of what the platform told of a turn; null for what is of none.</summary>
    public static string OfEvents(string? sentence) => Owned(EventsOfTurn + (Sentence(sentence) ?? ""), CallEvent.Owner);

    /// <summary>A turn as the platform names it, with one spelling for a number; null where it does not.</summary>
    public static string? Sentence(string? sentence) =>
        sentence is not { Length: > 0 } ? null
        : long.TryParse(sentence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? $"n{number:d19}"
        : $"t{Of(sentence)}";

    private static string Sentence(TurnTranscript turn) =>
        Sentence(turn.SentenceId) ?? $"u{turn.StartedAt.UtcTicks:d19}-{Of(turn.RequestId)}";

    // Of the characters as they are: an encoding would make all halves of characters the same.
    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';
}
