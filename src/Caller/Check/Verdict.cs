namespace Caller.Check;

/// <summary>What a check came to, and what was seen that says so.</summary>
internal sealed record Verdict(Outcome Outcome, string Seen)
{
    private const int MaxSeen = 220;

    public static Verdict Held(string seen) => new(Outcome.Held, Clip(seen));

    public static Verdict Failed(string seen) => new(Outcome.Failed, Clip(seen));

    public static Verdict NotApplicable(string why) => new(Outcome.NotApplicable, Clip(why));

    public static Verdict NotRun(string why) => new(Outcome.NotRun, Clip(why));

    /// <summary>Failed with the fault, or held if there is none.</summary>
    public static Verdict Unless(string? fault, string held) => fault is null ? Held(held) : Failed(fault);

    /// <summary>One printable line: an answer may hold anything, and a terminal obeys control characters.</summary>
    private static string Clip(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= MaxSeen ? line : line[..(MaxSeen - 1)] + "…";
    }
}
