using Switchboard.Transcripts;

namespace Switchboard.Http;

/// <summary>The answer of <c>GET calls</c>.</summary>
/// <param name="Day">The day that the calls began on, by UTC.</param>
/// <param name="Calls">The calls, newest first.</param>
/// <param name="Continue">What to send as <c>continue</c> for the next page; null on the last one.</param>
internal sealed record CallList(DateOnly Day, IReadOnlyList<CallSummary> Calls, string? Continue);
