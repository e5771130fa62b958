using Caller.Check;
using Caller.Wire;

namespace Caller.Load;

/// <summary>Makes a sample of an exchange.</summary>
internal static class TurnJudge
{
    /// <param name="exchange">The turn.</param>
    /// <param name="intended">When it was meant to begin, from the start of the run.</param>
    /// <param name="waited">How long it has waited for a line that the answers to others held.</param>
    public static TurnSample Judge(Exchange exchange, TimeSpan intended, TimeSpan waited)
    {
        var pieces = exchange.Pieces.Select(frame => frame.At).ToList();
        var end = exchange.Frames.Count > 0 && exchange.SawDone ? exchange.Frames[^1].At : exchange.EndedAfter;
        return new TurnSample(
            intended,
            pieces.Count > 0 ? pieces[0] + waited : null,
            end + waited,
            [.. pieces.Zip(pieces.Skip(1), (before, after) => after - before)],
            Error(exchange))
        {
            FirstAnswer = exchange.FirstAnswer + waited,
            Sending = exchange.SentAfter,
        };
    }

    private static string? Error(Exchange exchange) => exchange switch
    {
        { End: ExchangeEnd.NotConnected } => "not connected",
        { End: ExchangeEnd.TimedOut } => "timed out",
        { LacksKey: true } => $"status {exchange.Status}, {Exchange.NoKey}",
        { Status: not (0 or 200) } => $"status {exchange.Status}",
        { End: ExchangeEnd.Broken } => "broken off",
        { End: ExchangeEnd.TooLong } => "endless",
        { IsStream: false } => "not an event stream",
        _ when Observations.HasError(exchange) => "error event",
        { SawDone: false } => "no [DONE]",
        { FirstSpeech: null } when !exchange.Chunks.Any(chunk => chunk.ToolCalls.Count > 0) => "nothing said",
        _ => null,
    };
}
