namespace Benchmarks.Gateways;

/// <summary>So many callers at once, each with so many turns of so many tokens.</summary>
internal sealed record Load(int Streams, int Turns, int Tokens, TimeSpan Pace, TimeSpan Stagger)
{
    /// <summary>Puts the load on a gateway.</summary>
    public async Task<Sample> RunAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var cpu = gateway.Cpu;
        var started = TimeProvider.System.GetTimestamp();
        var callers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => CallAsync(gateway, stream, cancellationToken)));
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var tokens = (long)Streams * Turns * Tokens;
        return new Sample((gateway.Cpu - cpu) / tokens, tokens / elapsed.TotalSeconds, [.. callers.SelectMany(first => first)]);
    }

    private async Task<TimeSpan[]> CallAsync(Gateway gateway, int stream, CancellationToken cancellationToken)
    {
        // Not all in one instant: calls do not come so, and the wait in that queue would hide what a gateway adds.
        await Task.Delay(Stagger / Streams * stream, TimeProvider.System, cancellationToken);
        using var caller = await Caller.ConnectAsync(gateway, cancellationToken);
        var first = new TimeSpan[Turns];
        for (var turn = 0; turn < Turns; turn++)
        {
            first[turn] = await caller.SpeakAsync(new Ask(stream, Tokens, Pace), null, cancellationToken);
        }

        return first;
    }
}
