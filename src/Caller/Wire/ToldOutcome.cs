using System.Text.Json;

namespace Caller.Wire;

/// <summary>What a Switchboard tells behind the end of a stream to who asks for it: the times that only the server knows, since a filler looks like an answer.</summary>
/// <param name="FirstSpeech">Its time to the first text of any kind.</param>
/// <param name="FirstAnswer">Its time to the first text of the responder, which no filler and no apology is.</param>
internal sealed record ToldOutcome(TimeSpan FirstSpeech, TimeSpan FirstAnswer)
{
    /// <summary>The header that asks for it; other servers pass over it.</summary>
    public const string Header = "X-Switchboard-Outcome";

    private const string Mark = "outcome ";

    /// <param name="comment">What stood behind the colon.</param>
    /// <returns>Null for any other comment, and where either time was none.</returns>
    public static ToldOutcome? Parse(string comment) =>
        comment.StartsWith(Mark, StringComparison.Ordinal) && JsonReading.ParseObject(comment[Mark.Length..]) is { } json
        && Time(json, "firstSpeechMs") is { } speech && Time(json, "firstAnswerMs") is { } answer && answer >= speech
            ? new ToldOutcome(speech, answer) : null;

    // A day is more than any turn takes, and less than a number that no time can hold.
    private static TimeSpan? Time(JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Number } number && number.GetDouble() is >= 0 and < 86_400_000 and var milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds) : null;
}
