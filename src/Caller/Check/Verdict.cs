using Caller.Platform;
using Caller.Wire;

namespace Caller.Check;

/// <summary>What a check came to, and what was seen that says so.</summary>
internal sealed record Verdict(Outcome Outcome, string Seen)
{
    private const int MaxSeen = 220;

    public static Verdict Held(string seen) => new(Outcome.Held, seen);

    public static Verdict Failed(string seen) => new(Outcome.Failed, seen);

    public static Verdict NotApplicable(string why) => new(Outcome.NotApplicable, why);

    public static Verdict NotRun(string why) => new(Outcome.NotRun, why);

    /// <summary>Failed with the failure, or held if there is none.</summary>
    public static Verdict Unless(string? failure, string held) => failure is null ? Held(held) : Failed(failure);

    /// <summary>As it may be shown: without the key, on one printable line. The key goes first, or cutting could leave half of it.</summary>
    public Verdict ToShow(Redactor redactor) => this with { Seen = Printable.Line(redactor.Clean(Seen), MaxSeen) };
}
