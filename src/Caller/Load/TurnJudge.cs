using Caller.Check;
using Caller.Wire;

namespace Caller.Load;

/// <summary>Makes a sample of an exchange.</summary>
internal static class TurnJudge
{
    /// <param name="exchange">The turn.</param>
    /// <param name="intended">When it was meant to begin, from the start of the run.</param>
    /// <param name="late">How much later it did begin.</param>
    public static TurnSample Judge(Exchange exchange, TimeSpan intended, TimeSpan late)
    {
        var pieces = exchange.Pieces.Select(frame => frame.At).ToList();
        var end = exchange.Frames.Count > 0 && exchange.SawDone ? exchange.Frames[^1].At : exchange.EndedAfter;
        return new TurnSample(
            intended,
            pieces.Count > 0 ? pieces[0] + late : null,
            end + late,
            [.. pieces.Zip(pieces.Skip(1), (before, after) => after - before)],
            Error(exchange));
    }

    private static string? Error(Exchange exchange) => exchange switch
    {
        { End: ExchangeEnd.NotConnected } => "not connected",
        { End: ExchangeEnd.TimedOut } => "timed out",
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
