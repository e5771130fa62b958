namespace Caller.Load;

/// <summary>The state of a run, or its result.</summary>
internal sealed record LoadReport
{
    public TimeSpan Elapsed { get; init; }

    /// <summary>Calls begun.</summary>
    public int Calls { get; init; }

    /// <summary>Calls going on.</summary>
    public int Active { get; init; }

    /// <summary>Turns that came to an end, well or not.</summary>
    public int Turns { get; init; }

    /// <summary>Turns cut off by the end of the run.</summary>
    public int CutOff { get; init; }

    /// <summary>Calls that waited for a free line until the run was over (open loop only).</summary>
    public int NeverBegun { get; init; }

    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    public required Percentiles FirstSpeech { get; init; }

    /// <summary>To the first text that is no filler; of no turn where the server does not tell.</summary>
    public required Percentiles FirstAnswer { get; init; }

    public required Percentiles Gaps { get; init; }

    public required Percentiles Whole { get; init; }

    /// <summary>To connect, where that was needed, and to send the request. It is in none of the times of the answer.</summary>
    public required Percentiles Sending { get; init; }

    /// <summary>How late the tool itself was. It is in no other time; where it is large, the tool's own machine is too busy to judge a server.</summary>
    public required Percentiles Late { get; init; }

    public int Failed => Errors.Values.Sum();

    /// <summary>Turns were made, none failed, and every call that was due could be made.</summary>
    public bool Passes => Turns > 0 && Failed == 0 && NeverBegun == 0;
}
