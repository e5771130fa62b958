namespace Switchboard.Testing;

/// <summary>What the client got.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What the caller hears.</param>
/// <param name="FinishReason">Why it ends; null when that was not said.</param>
/// <param name="IsDone">Whether the answer says that it is whole: <c>[DONE]</c>, or an object.</param>
/// <param name="ErrorCode">The code of the error; null when there was none.</param>
/// <param name="Calls">The tool calls: name and arguments.</param>
internal sealed record Answer(int Status, string Text, string? FinishReason, bool IsDone, string? ErrorCode, IReadOnlyList<(string Name, string Arguments)> Calls)
{
    /// <summary>Asserts that it is a whole, good answer of <paramref name="text"/>.</summary>
    public void AssertSays(string text, string finishReason = "stop") => Assert.Equal((200, text, finishReason, true, null), Outcome);

    /// <summary>Asserts that it is an error: an HTTP status before the first byte, and after it (<paramref name="text"/>) an event.</summary>
    public void AssertFails(string code, string text = "") =>
        Assert.Equal((text.Length > 0 ? 200 : code == "upstream_timeout" ? 504 : 502, text, null, false, code), Outcome);

    private (int Status, string Text, string? FinishReason, bool IsDone, string? ErrorCode) Outcome => (Status, Text, FinishReason, IsDone, ErrorCode);
}
